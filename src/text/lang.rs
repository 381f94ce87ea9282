//! Languages: their codes, how one is detected, and which have a stemmer.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use hashbrown::HashMap;
use rust_stemmers::Algorithm;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use whatlang::Detector;

/// A language, by its ISO 639 code: two letters where the standard has them, else three.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang([u8; 3]);

impl Lang {
    /// English.
    pub const ENGLISH: Lang = Lang(*b"en\0");
    /// Not known (`und`): words are folded and not stemmed.
    pub const UNKNOWN: Lang = Lang(*b"und");

    /// The code in lower case, such as `en`.
    pub fn code(&self) -> &str {
        let length = if self.0[2] == 0 { 2 } else { 3 };
        std::str::from_utf8(&self.0[..length]).expect("a code is ASCII letters")
    }

    /// Whether the language sets endings off from names with an apostrophe, as Turkish does in `Ankara'da`.
    pub(super) fn cuts_at_apostrophes(self) -> bool {
        self.code() == "tr"
    }

    /// The stemmer of rust-stemmers for this language, if it has one.
    pub(super) fn stemmer(self) -> Option<Algorithm> {
        Some(match self.code() {
            "ar" => Algorithm::Arabic,
            "da" => Algorithm::Danish,
            "de" => Algorithm::German,
            "el" => Algorithm::Greek,
            "en" => Algorithm::English,
            "es" => Algorithm::Spanish,
            "fi" => Algorithm::Finnish,
            "fr" => Algorithm::French,
            "hu" => Algorithm::Hungarian,
            "it" => Algorithm::Italian,
            "nl" => Algorithm::Dutch,
            "no" | "nb" | "nn" => Algorithm::Norwegian,
            "pt" => Algorithm::Portuguese,
            "ro" => Algorithm::Romanian,
            "ru" => Algorithm::Russian,
            "sv" => Algorithm::Swedish,
            "ta" => Algorithm::Tamil,
            "tr" => Algorithm::Turkish,
            _ => return None,
        })
    }
}

/// The text is no language code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a language is written as its ISO 639 code of two or three letters, such as en")]
pub struct NoLang;

impl FromStr for Lang {
    type Err = NoLang;

    fn from_str(text: &str) -> Result<Lang, NoLang> {
        let lower = text.to_ascii_lowercase();
        match lower.as_bytes() {
            [a, b] if lower.bytes().all(|c| c.is_ascii_lowercase()) => Ok(Lang([*a, *b, 0])),
            [a, b, c] if lower.bytes().all(|c| c.is_ascii_lowercase()) => Ok(Lang([*a, *b, *c])),
            _ => Err(NoLang),
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Lang, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// How much of an article is looked at, in bytes: enough to be sure, and the cost does not grow with the article.
const LOOKED_AT: usize = 3_000;
/// Below this many letters nothing is guessed.
const FEWEST_LETTERS: usize = 12;

/// The language that an article's text is most likely written in; [`Lang::UNKNOWN`] where there is too little to tell.
///
/// Function words decide where they can, since they tell even a market report full of figures and abbreviations from its
/// neighbours; else the trigrams of whatlang, where they are sure or the script leaves few languages to choose from.
pub fn detect<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> Lang {
    let mut sample = String::with_capacity(LOOKED_AT);
    'looking: for paragraph in paragraphs {
        for c in paragraph.chars() {
            if sample.len() >= LOOKED_AT {
                break 'looking;
            }
            // Figures say nothing of a language and dilute what does.
            sample.push(if c.is_alphabetic() || c == '\'' || c == '’' { c } else { ' ' });
        }
        sample.push(' ');
    }
    let sample = sample.to_lowercase();
    if sample.chars().filter(|c| c.is_alphabetic()).count() < FEWEST_LETTERS {
        return Lang::UNKNOWN;
    }
    let listed = by_function_words(&sample);
    // Trigrams cost a third of a build of short articles: they are asked only where they have a say.
    if let Some((lang, share)) = listed
        && share >= SURE
    {
        return lang;
    }
    let info = Detector::new().detect(&sample);
    let trigrams = info.filter(|info| info.is_reliable() || info.script() != whatlang::Script::Latin);
    let trigrams = trigrams.map(|info| two_letters(info.lang().code()));
    match (listed, trigrams) {
        // Of a language without a list, a few words look like those of another.
        (Some(_), Some(lang)) if FUNCTION_WORDS.iter().all(|(code, _)| *code != lang.code()) => lang,
        (Some((lang, _)), _) => lang,
        (None, lang) => lang.unwrap_or(Lang::UNKNOWN),
    }
}

/// From this share of a text's words on, in percent, function words are sure of its language.
const SURE: usize = 15;

/// Words that are frequent in one language and rare in others of the same script; one row a language. For English with
/// the abbreviations that company and market reports are made of.
const FUNCTION_WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the",
            "of",
            "and",
            "to",
            "said",
            "for",
            "was",
            "were",
            "is",
            "by",
            "with",
            "from",
            "its",
            "that",
            "it",
            "be",
            "has",
            "have",
            "are",
            "which",
            "this",
            "his",
            "their",
            "would",
            "been",
            "not",
            "but",
            "shr",
            "cts",
            "qtr",
            "vs",
            "mln",
            "dlrs",
            "revs",
            "mths",
            "net",
            "loss",
            "year",
            "company",
            "corp",
            "share",
            "shares",
            "earnings",
            "sets",
            "buys",
            "unit",
            "quarterly",
            "dividend",
            "pay",
            "record",
            "prior",
            "avg",
            "shrs",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "nicht", "von", "mit", "ist", "des", "für", "auf", "eine", "den", "dem", "ein",
            "zu", "sich", "werden", "wird", "nach", "über", "auch", "seit", "bei", "wurde", "wurden", "einer", "zum",
            "zur",
        ],
    ),
    (
        "es",
        &[
            "el", "los", "las", "del", "por", "una", "con", "para", "y", "como", "fue", "su", "sus", "más", "entre",
            "desde", "sobre", "al", "unos", "este", "había",
        ],
    ),
    (
        "fr",
        &[
            "les", "des", "du", "et", "dans", "une", "est", "sur", "par", "pour", "aux", "ont", "été", "qui", "leur",
            "cette", "ces", "avec", "au", "depuis", "ce", "sont", "mais", "entre",
        ],
    ),
    (
        "it",
        &[
            "il", "che", "di", "della", "per", "sono", "gli", "nel", "dei", "delle", "è", "alla", "anche", "dal",
            "degli",
        ],
    ),
    (
        "nl",
        &["het", "een", "van", "dat", "niet", "met", "voor", "zijn", "op", "ook", "aan", "werd", "naar", "maar", "bij"],
    ),
    (
        "pt",
        &[
            "os", "do", "da", "não", "uma", "com", "em", "dos", "ao", "das", "pelo", "pela", "são", "mais", "foi",
            "na", "no",
        ],
    ),
];

/// The language whose function words stand in the text at least three times, and twice as often as any other's; and their
/// share of all its words, in percent.
fn by_function_words(sample: &str) -> Option<(Lang, usize)> {
    const FEWEST: usize = 3;
    /// For each word of the lists the languages that have it, as bits.
    static LISTED: LazyLock<HashMap<&str, u8>> = LazyLock::new(|| {
        let mut listed = HashMap::new();
        for (place, (_, words)) in FUNCTION_WORDS.iter().enumerate() {
            words.iter().for_each(|word| *listed.entry(*word).or_default() |= 1 << place);
        }
        listed
    });
    let mut counts = [0_usize; FUNCTION_WORDS.len()];
    let mut all = 0;
    for word in sample.split_whitespace() {
        all += 1;
        let langs = LISTED.get(word).copied().unwrap_or(0);
        counts.iter_mut().enumerate().for_each(|(place, count)| *count += usize::from(langs >> place & 1));
    }
    let (best, most) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
    let second = counts.iter().enumerate().filter(|(place, _)| *place != best).map(|(_, count)| *count).max()?;
    let lang = FUNCTION_WORDS[best].0.parse().ok()?;
    (*most >= FEWEST && *most >= 2 * second).then_some((lang, 100 * most / all))
}

/// The ISO 639-1 code of a language that whatlang names by ISO 639-3.
fn two_letters(code: &str) -> Lang {
    let short = match code {
        "afr" => "af",
        "aka" => "ak",
        "amh" => "am",
        "ara" => "ar",
        "aze" => "az",
        "bel" => "be",
        "ben" => "bn",
        "bul" => "bg",
        "cat" => "ca",
        "ces" => "cs",
        "cmn" => "zh",
        "cym" => "cy",
        "dan" => "da",
        "deu" => "de",
        "ell" => "el",
        "eng" => "en",
        "epo" => "eo",
        "est" => "et",
        "fin" => "fi",
        "fra" => "fr",
        "guj" => "gu",
        "heb" => "he",
        "hin" => "hi",
        "hrv" => "hr",
        "hun" => "hu",
        "hye" => "hy",
        "ind" => "id",
        "ita" => "it",
        "jav" => "jv",
        "jpn" => "ja",
        "kan" => "kn",
        "kat" => "ka",
        "khm" => "km",
        "kor" => "ko",
        "lat" => "la",
        "lav" => "lv",
        "lit" => "lt",
        "mal" => "ml",
        "mar" => "mr",
        "mkd" => "mk",
        "mya" => "my",
        "nep" => "ne",
        "nld" => "nl",
        "nob" => "no",
        "ori" => "or",
        "pan" => "pa",
        "pes" => "fa",
        "pol" => "pl",
        "por" => "pt",
        "ron" => "ro",
        "rus" => "ru",
        "sin" => "si",
        "slk" => "sk",
        "slv" => "sl",
        "sna" => "sn",
        "spa" => "es",
        "srp" => "sr",
        "swe" => "sv",
        "tam" => "ta",
        "tel" => "te",
        "tgl" => "tl",
        "tha" => "th",
        "tuk" => "tk",
        "tur" => "tr",
        "ukr" => "uk",
        "urd" => "ur",
        "uzb" => "uz",
        "vie" => "vi",
        "yid" => "yi",
        "zul" => "zu",
        other => other,
    };
    short.parse().unwrap_or(Lang::UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_apart() {
        for (code, text) in [
            ("en", "The central bank said its reserves held abroad had been frozen by the partners of the group."),
            ("en", "Qtr net 1.2 mln vs 0.8 mln. Shr 12 cts vs 8 cts. Revs of the company 3.4 mln"),
            ("de", "Die Finanzminister der Europäischen Union haben über das eingefrorene Vermögen beraten."),
            ("fr", "Les ministres des finances ont discuté des avoirs gelés de la banque centrale."),
            ("es", "Los ministros de finanzas hablaron de los activos congelados del banco central."),
            ("ru", "Министры финансов обсудили замороженные активы центрального банка."),
            ("uk", "Міністри фінансів обговорили заморожені активи центрального банку та їхнє використання."),
            ("ar", "ناقش وزراء المالية الأصول المجمدة للبنك المركزي وسبل استخدامها."),
            ("he", "שרי האוצר דנו בנכסים המוקפאים של הבנק המרכזי."),
            ("zh", "财政部长们讨论了中央银行被冻结的资产。"),
            (
                "pl",
                "Ministrowie finansów rozmawiali o zamrożonych aktywach banku centralnego i o tym, na co można je przeznaczyć.",
            ),
            ("und", "12.5 - 13.0 - 14.1"),
            ("und", ""),
        ] {
            assert_eq!(detect([text]).code(), code, "{text}");
        }
    }

    #[test]
    fn every_stemmer_is_reachable() {
        let codes = "ar da de el en es fi fr hu it nl no pt ro ru sv ta tr";
        assert_eq!(codes.split(' ').count(), 18);
        for code in codes.split(' ') {
            assert!(code.parse::<Lang>().expect(code).stemmer().is_some(), "{code}");
        }
        assert!("uk".parse::<Lang>().expect("uk").stemmer().is_none());
        assert!("x".parse::<Lang>().is_err() && "e n".parse::<Lang>().is_err() && "дe".parse::<Lang>().is_err());
    }
}
