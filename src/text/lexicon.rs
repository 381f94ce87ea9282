//! Words looked up: each different word of a language is folded and stemmed once and remembered.

use std::borrow::Cow;
use std::ops::Range;

use hashbrown::HashMap;
use rust_stemmers::Stemmer;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::xxh3_64;

use super::fold::{fold, lower};
use super::lang::Lang;
use super::tokens::{Token, each_word, is_apostrophe, is_format};

/// Words longer than this, in code points, are cut and told apart by a hash: no index holds a page of base 64 as a word.
const LONGEST: usize = 100;
/// A lexicon that has grown to this many words is begun anew, so that no input makes it grow without bound.
const MOST_WORDS: usize = 1 << 20;

/// What the analysis knows of one word of one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// [`stem_term`] of the word.
    stem_term: Box<str>,
    /// [`stem_term`] of the word written without diacritics, where that is another.
    plain_stem_term: Option<Box<str>>,
    /// [`form_term`] of the word.
    form_term: Box<str>,
    /// How long the language's part of `stem_term` is, in bytes.
    prefix: u8,
    /// How long the folded part of `form_term` is, in bytes.
    folded: u16,
}

impl Entry {
    /// The stem, folded; for a character of a script without spaces, that and the next one.
    pub fn stem(&self) -> &str {
        &self.stem_term[self.prefix as usize..]
    }

    /// The terms of the field of stems, language and stem: that of the word as it is written and, where a stemmer takes the
    /// word without its diacritics for another, that one, too.
    pub fn stem_terms(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.stem_term).chain(self.plain_stem_term.as_deref())
    }

    /// The term of the field of forms: the folded word and, where it differs, the word as written.
    pub fn form_term(&self) -> &str {
        &self.form_term
    }

    /// The word, folded.
    pub fn folded(&self) -> &str {
        &self.form_term[..self.folded as usize]
    }

    /// The word as written, without what is not seen: `US` for `U.S.`
    pub fn written(&self) -> &str {
        self.form_term.get(self.folded as usize + 1..).unwrap_or(self.folded())
    }
}

/// The term that stands for a stem of a language.
fn stem_term(lang: Lang, stem: &str) -> String {
    format!("{lang}:{stem}")
}

/// The term that stands for a written form: its folded form and, after a NUL, the form itself where that differs.
///
/// So all spellings of a folded word are neighbours in the dictionary.
fn form_term(folded: &str, written: &str) -> String {
    if folded == written { folded.to_owned() } else { format!("{folded}\0{written}") }
}

/// The words of one language that were met.
pub(super) struct Lexicon {
    /// Its number among those of the analyzer.
    number: u64,
    prefix: String,
    stemmer: Option<Stemmer>,
    /// Numbers of entries, found by the word as it stands in the text: nearly all words are so short that they are compared
    /// as one number, where the table has them.
    short: HashMap<Short, u32>,
    long: HashMap<Box<str>, u32>,
    entries: Vec<Entry>,
}

/// The bytes of a word that has at most fifteen of them, then zeros, then how many they are.
type Short = u128;

/// The word in this range of a text, if it is short.
fn short(text: &str, range: &Range<usize>) -> Option<Short> {
    const SIZE: usize = size_of::<Short>();
    let length = range.len();
    if length >= SIZE {
        return None;
    }
    let window = text.as_bytes()[range.start..].first_chunk().copied().unwrap_or_else(|| {
        let mut padded = [0; SIZE];
        padded[..length].copy_from_slice(&text.as_bytes()[range.clone()]);
        padded
    });
    let word = Short::from_le_bytes(window) & ((1 << (8 * length)) - 1);
    Some(word | (length as Short) << (8 * (SIZE - 1)))
}

impl Lexicon {
    fn new(lang: Lang, number: u64) -> Lexicon {
        Lexicon {
            number,
            prefix: stem_term(lang, ""),
            stemmer: lang.stemmer().map(Stemmer::create),
            short: HashMap::new(),
            long: HashMap::new(),
            entries: Vec::new(),
        }
    }

    /// The number of the entry of a word of a text; `make` builds it the first time.
    fn number(&mut self, text: &str, range: Range<usize>, make: impl FnOnce(&Lexicon, &str) -> Entry) -> u32 {
        let (raw, short) = (&text[range.clone()], short(text, &range));
        let next = self.entries.len() as u32;
        if let Some(short) = short {
            if let Some(number) = self.short.get(&short) {
                return *number;
            }
            let entry = make(self, raw);
            self.short.insert(short, next);
            self.entries.push(entry);
        } else {
            let bounded = if raw.len() > LONGEST { Cow::Owned(bounded(raw)) } else { Cow::Borrowed(raw) };
            if let Some(number) = self.long.get(&*bounded) {
                return *number;
            }
            let entry = make(self, raw);
            self.long.insert((&*bounded).into(), next);
            self.entries.push(entry);
        }
        next
    }

    /// The entry of a word of letters and digits.
    fn word(&self, raw: &str) -> Entry {
        let written = bounded(&written(raw));
        let folded = folded(&written);
        // The Russian stemmer knows no ё, and writers mostly leave it out.
        let stem = self.stem(&lower(&written).replace('ё', "е"), &folded);
        let plain = self.stem(&folded, &folded);
        let mut entry = self.entry(&stem, &folded, &written);
        entry.plain_stem_term = (plain != stem).then(|| format!("{}{plain}", self.prefix).into());
        entry
    }

    /// The stem of a word in lower case, folded.
    fn stem(&self, word: &str, folded: &str) -> String {
        match &self.stemmer {
            Some(stemmer) if word.chars().all(|c| c.is_alphabetic() || is_apostrophe(c) || is_combining_mark(c)) => {
                let stem = fold(&stemmer.stem(word));
                // A stemmer may leave nothing of a word that looks like an ending.
                if stem.is_empty() { folded.to_owned() } else { stem }
            }
            _ => folded.to_owned(),
        }
    }

    /// The entry of a character of a script without spaces, with the one after it.
    fn pair(&self, raw: &str) -> Entry {
        let first: String = raw.chars().take(1).collect();
        self.entry(&folded(raw), &folded(&first), &first)
    }

    fn entry(&self, stem: &str, folded: &str, written: &str) -> Entry {
        Entry {
            stem_term: format!("{}{stem}", self.prefix).into(),
            plain_stem_term: None,
            form_term: form_term(folded, written).into(),
            prefix: self.prefix.len() as u8,
            folded: folded.len() as u16,
        }
    }
}

/// A word folded; as it is, if folding leaves nothing of it, as of a lone vowel sign.
fn folded(written: &str) -> String {
    let folded = fold(written);
    if folded.is_empty() { written.to_owned() } else { folded }
}

/// A word as written, without what is not seen and without the full stops of an acronym; apostrophes made one.
pub(super) fn written(raw: &str) -> String {
    if raw.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return raw.to_owned();
    }
    let acronym = raw.starts_with(char::is_alphabetic);
    raw.chars()
        .filter(|c| !is_format(*c) && (*c != '.' || !acronym))
        .map(|c| if is_apostrophe(c) { '\'' } else { c })
        .nfc()
        .collect()
}

/// The word, cut and told apart by a hash if it is longer than any word is.
fn bounded(word: &str) -> String {
    match word.char_indices().nth(LONGEST) {
        None => word.to_owned(),
        Some((cut, _)) => format!("{}{:016x}", &word[..cut], xxh3_64(word.as_bytes())),
    }
}

/// Analyses texts and remembers their words. One for each thread.
#[derive(Default)]
pub struct Analyzer {
    lexicons: HashMap<Lang, Lexicon>,
    /// How many lexicons were begun.
    begun: u64,
    tokens: Vec<Token>,
}

impl std::fmt::Debug for Analyzer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Analyzer").field("languages", &self.lexicons.len()).finish_non_exhaustive()
    }
}

impl Analyzer {
    /// The tokens of a text in a language. Texts are at most 4 GiB.
    pub fn analyze(&mut self, text: &str, lang: Lang) -> Analysis<'_> {
        let begun = &mut self.begun;
        let mut begin = || {
            *begun += 1;
            Lexicon::new(lang, *begun)
        };
        let lexicon = self.lexicons.entry(lang).or_insert_with(&mut begin);
        if lexicon.entries.len() > MOST_WORDS {
            *lexicon = begin();
        }
        let tokens = &mut self.tokens;
        tokens.clear();
        // A character of a script without spaces waits here for the one after it.
        let mut waiting: Option<Token> = None;
        each_word(text, lang.cuts_at_apostrophes(), |raw| {
            let mut token = Token { start: raw.start as u32, end: raw.end as u32, sentence: raw.sentence, entry: 0 };
            if let Some(mut first) = waiting.take() {
                // Characters of different sentences or with anything between them make no pair.
                let joined = raw.continuous && first.end == token.start;
                let end = if joined { raw.end } else { first.end as usize };
                first.entry = lexicon.number(text, first.start as usize..end, Lexicon::pair);
                tokens.push(first);
            }
            if raw.continuous {
                waiting = Some(token);
            } else {
                token.entry = lexicon.number(text, raw.start..raw.end, Lexicon::word);
                tokens.push(token);
            }
        });
        if let Some(mut last) = waiting {
            last.entry = lexicon.number(text, last.range(), Lexicon::pair);
            tokens.push(last);
        }
        Analysis { tokens: &self.tokens, lexicon: &*lexicon, lang }
    }
}

/// The tokens of one text.
#[derive(Clone, Copy)]
pub struct Analysis<'a> {
    tokens: &'a [Token],
    lexicon: &'a Lexicon,
    lang: Lang,
}

impl<'a> Analysis<'a> {
    /// The tokens, in order; a token's index is its position.
    pub fn tokens(&self) -> &'a [Token] {
        self.tokens
    }

    /// What is known of a token's word.
    pub fn entry(&self, token: &Token) -> &'a Entry {
        &self.lexicon.entries[token.entry as usize]
    }

    /// The language the text was analysed in.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A number for a token's word, dense from 0. What is worked out for a word can be remembered by it for as long as
    /// [`Analysis::lexicon`] stays the same.
    pub fn word_number(&self, token: &Token) -> usize {
        token.entry as usize
    }

    /// Which lexicon the word numbers are of.
    pub fn lexicon(&self) -> u64 {
        self.lexicon.number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries(text: &str, lang: &str) -> Vec<Entry> {
        let mut analyzer = Analyzer::default();
        let analysis = analyzer.analyze(text, lang.parse().expect("a language"));
        analysis.tokens().iter().map(|token| analysis.entry(token).clone()).collect()
    }

    #[test]
    fn words_are_stemmed_and_folded() {
        for (lang, text, stem, folded, written) in [
            ("en", "Sanctions", "sanction", "sanctions", "Sanctions"),
            ("en", "U.S", "us", "us", "US"),
            ("en", "don’t", "don't", "don't", "don't"),
            ("en", "3.5", "3.5", "3.5", "3.5"),
            ("en", "Erdoğan", "erdogan", "erdogan", "Erdoğan"),
            ("de", "Vermögenswerte", "vermogenswert", "vermogenswerte", "Vermögenswerte"),
            ("fr", "gelés", "gel", "geles", "gelés"),
            ("ru", "активов", "актив", "активов", "активов"),
            ("ru", "Ещё", "ещ", "еще", "Ещё"),
            ("uk", "активів", "активів", "активів", "активів"),
            ("und", "assets", "assets", "assets", "assets"),
            ("en", "so\u{ad}ft", "soft", "soft", "soft"),
        ] {
            let entries = entries(text, lang);
            assert_eq!(entries.len(), 1, "{text}");
            let entry = &entries[0];
            assert_eq!((entry.stem(), entry.folded(), entry.written()), (stem, folded, written), "{text}");
        }
    }

    #[test]
    fn chinese_is_taken_in_pairs() {
        let entries = entries("制裁资, 产", "zh");
        let stems: Vec<&str> = entries.iter().map(Entry::stem).collect();
        let forms: Vec<&str> = entries.iter().map(Entry::folded).collect();
        assert_eq!(stems, ["制裁", "裁资", "资", "产"]);
        assert_eq!(forms, ["制", "裁", "资", "产"]);
    }

    #[test]
    fn long_words_stay_apart() {
        let (a, b) = (format!("{}a", "x".repeat(500)), format!("{}b", "x".repeat(500)));
        let entries = entries(&format!("{a} {b}"), "en");
        assert_ne!(entries[0].stem(), entries[1].stem());
        assert!(entries[0].form_term().len() < 300);
    }

    proptest! {
        #[test]
        fn no_text_breaks_a_stemmer(text in "\\PC{0,40}", lang in 0..18_usize) {
            let codes = ["ar", "da", "de", "el", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ro", "ru", "sv", "ta", "tr"];
            for entry in entries(&text, codes[lang]) {
                assert!(!entry.stem().is_empty() && !entry.folded().is_empty());
                assert!(!entry.form_term().contains('\n') && entry.stem_terms().all(|term| !term.contains('\n')));
            }
        }
    }
}
