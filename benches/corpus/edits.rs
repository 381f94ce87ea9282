//! A paragraph enters, the copy of it that a newsroom or a scanner would make leaves: the same one for the same seed.
//!
//! What is put in comes from another paragraph, so that copies differ by real words and sentences. Nothing here knows
//! how nutgraf tells copies: datelines, words and sentences are found by rules of this file.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::made::{Random, capitalized};

/// What is done to a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Typographic quotation marks and dashes, doubled spaces, the first words in capitals.
    CaseAndPunctuation,
    DatelineAdded,
    DatelineChanged,
    OneWord,
    /// So many of a hundred words are replaced.
    Words5,
    Words10,
    Words20,
    Words30,
    FirstSentenceCut,
    LastSentenceCut,
    SentenceAdded,
    SecondHalfCut,
    SentencesSwapped,
    /// One character in a hundred is read wrongly.
    Scanned,
    /// Five in a hundred.
    ScannedBadly,
    OneNumber,
    /// British and American spelling, names written another way, numbers as words: one word in fifteen.
    Spelling,
}

impl Edit {
    pub(crate) const ALL: [Edit; 17] = [
        Edit::CaseAndPunctuation,
        Edit::DatelineAdded,
        Edit::DatelineChanged,
        Edit::OneWord,
        Edit::Words5,
        Edit::Words10,
        Edit::Words20,
        Edit::Words30,
        Edit::FirstSentenceCut,
        Edit::LastSentenceCut,
        Edit::SentenceAdded,
        Edit::SecondHalfCut,
        Edit::SentencesSwapped,
        Edit::Scanned,
        Edit::ScannedBadly,
        Edit::OneNumber,
        Edit::Spelling,
    ];

    /// Its name in a table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Edit::CaseAndPunctuation => "case and punctuation",
            Edit::DatelineAdded => "dateline added",
            Edit::DatelineChanged => "dateline changed",
            Edit::OneWord => "one word replaced",
            Edit::Words5 => "5 % of words replaced",
            Edit::Words10 => "10 % of words replaced",
            Edit::Words20 => "20 % of words replaced",
            Edit::Words30 => "30 % of words replaced",
            Edit::FirstSentenceCut => "first sentence cut",
            Edit::LastSentenceCut => "last sentence cut",
            Edit::SentenceAdded => "sentence added",
            Edit::SecondHalfCut => "second half cut",
            Edit::SentencesSwapped => "sentences swapped",
            Edit::Scanned => "1 % scanning errors",
            Edit::ScannedBadly => "5 % scanning errors",
            Edit::OneNumber => "one number changed",
            Edit::Spelling => "spelling",
        }
    }

    /// The text after the edit, with words or a sentence of the donor where it takes any; none if the edit cannot be
    /// made of this text, as where there is no number to change. The result is never the text itself.
    pub(crate) fn apply(self, text: &str, donor: &str, random: &mut Random) -> Option<String> {
        let edited = match self {
            Edit::CaseAndPunctuation => typeset(text, random),
            Edit::DatelineAdded if dateline_end(text) > 0 => return None,
            Edit::DatelineAdded | Edit::DatelineChanged => datelined(text, random),
            Edit::OneWord => replaced(text, donor, 0.0, random)?,
            Edit::Words5 => replaced(text, donor, 0.05, random)?,
            Edit::Words10 => replaced(text, donor, 0.1, random)?,
            Edit::Words20 => replaced(text, donor, 0.2, random)?,
            Edit::Words30 => replaced(text, donor, 0.3, random)?,
            Edit::FirstSentenceCut => left(sentences(text).get(1..)?)?,
            Edit::LastSentenceCut => left(sentences(text).split_last()?.1)?,
            Edit::SentenceAdded => extended(text, donor, random)?,
            Edit::SecondHalfCut => {
                let words = words(text);
                let last = words.len().div_ceil(2).checked_sub(1)?;
                left(&[&text[..words[last].end]])?
            }
            Edit::SentencesSwapped => swapped(text, random)?,
            Edit::Scanned => scanned(text, 0.01, random),
            Edit::ScannedBadly => scanned(text, 0.05, random),
            Edit::OneNumber => renumbered(text, random)?,
            Edit::Spelling => respelled(text, random)?,
        };
        (edited != text).then_some(edited)
    }
}

/// What a cut leaves has so many words at least: fewer are a phrase that any paragraph may hold, and no copy.
const LEAST_LEFT: usize = 8;
/// A piece of fewer words is no sentence of its own but an abbreviation's end, as in `Mr. Smith`.
const LEAST_OF_SENTENCE: usize = 3;
/// One word in so many is spelled otherwise.
const SPELLED_ONE_IN: usize = 15;
/// A dateline is no longer than this, in bytes and in words.
const LONGEST_DATELINE: (usize, usize) = (90, 9);

const DASHES: [&str; 3] = [" - ", " – ", " — "];
const PLACES: &[&str] = &[
    "Geneva",
    "Moscow",
    "Kyiv",
    "Nairobi",
    "New York",
    "Beirut",
    "Brussels",
    "Ankara",
    "Khartoum",
    "The Hague",
    "Baku",
    "Seoul",
];
const MONTHS: &[&str] =
    &["Jan", "February", "March", "April", "May", "June", "July", "Aug", "September", "October", "Nov", "Dec"];
const AGENCIES: &[&str] = &["Sample Wire", "Example Press", "SNA"];

/// What stands in print, and what is read instead.
const LOOK_ALIKES: &[(&str, &str)] = &[
    ("rn", "m"),
    ("m", "rn"),
    ("l", "1"),
    ("1", "l"),
    ("e", "c"),
    ("c", "e"),
    ("o", "0"),
    ("0", "o"),
    ("O", "0"),
    ("cl", "d"),
    ("d", "cl"),
    ("w", "vv"),
    ("h", "b"),
    ("a", "o"),
    ("i", "l"),
    ("t", "f"),
    ("u", "n"),
    ("S", "5"),
    ("5", "S"),
    ("B", "8"),
    ("8", "B"),
    ("I", "l"),
    ("и", "н"),
    ("н", "п"),
    ("ш", "щ"),
    ("о", "0"),
    ("е", "с"),
];

/// Two ways to write a word, in lower case.
const TWO_WAYS: &[(&str, &str)] = &[
    ("kiev", "kyiv"),
    ("odessa", "odesa"),
    ("kharkov", "kharkiv"),
    ("gaddafi", "qaddafi"),
    ("koran", "quran"),
    ("moslem", "muslim"),
    ("hezbollah", "hizbullah"),
    ("mohammed", "muhammad"),
    ("qaida", "qaeda"),
    ("assad", "asad"),
    ("zelensky", "zelenskyy"),
    ("programme", "program"),
    ("grey", "gray"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("twelve", "12"),
    ("twenty", "20"),
];
/// Two ways to end one; the longer endings stand before those that end them.
const ENDINGS: &[(&str, &str)] = &[
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("ises", "izes"),
    ("ise", "ize"),
    ("yse", "yze"),
    ("ours", "ors"),
    ("our", "or"),
    ("tre", "ter"),
    ("ogue", "og"),
    ("lling", "ling"),
    ("lled", "led"),
    ("fence", "fense"),
];

/// The words of a text, in bytes.
fn words(text: &str) -> Vec<Range<usize>> {
    text.unicode_word_indices().map(|(at, word)| at..at + word.len()).collect()
}

/// The words that are no numbers.
fn lettered(text: &str) -> Vec<Range<usize>> {
    let mut words = words(text);
    words.retain(|word| text[word.clone()].contains(char::is_alphabetic));
    words
}

/// The sentences of a text, with the white space behind them.
fn sentences(text: &str) -> Vec<&str> {
    let counts = |piece: &str| piece.unicode_words().nth(LEAST_OF_SENTENCE - 1).is_some();
    let mut ends: Vec<usize> = Vec::new();
    let mut begin = 0;
    for (at, piece) in text.split_sentence_bound_indices() {
        let end = at + piece.len();
        if counts(&text[begin..end]) {
            ends.push(end);
            begin = end;
        }
    }
    // What follows the last sentence is part of it.
    if let Some(last) = ends.last_mut() {
        *last = text.len();
    }
    let begins = std::iter::once(0).chain(ends.iter().copied());
    begins.zip(&ends).map(|(begin, end)| &text[begin..*end]).collect()
}

fn joined(sentences: &[&str]) -> String {
    sentences.iter().map(|sentence| sentence.trim()).collect::<Vec<_>>().join(" ")
}

/// What a cut leaves, if that is enough.
fn left(sentences: &[&str]) -> Option<String> {
    let left = joined(sentences);
    left.unicode_words().nth(LEAST_LEFT - 1).is_some().then_some(left)
}

/// The text with a sentence of the donor before, among or behind its own: one that is no longer than the text, which
/// otherwise would be a quotation in another paragraph.
fn extended(text: &str, donor: &str, random: &mut Random) -> Option<String> {
    let longest = words(text).len();
    let mut others = sentences(donor);
    others.retain(|sentence| sentence.unicode_words().count() <= longest);
    if others.is_empty() {
        return None;
    }
    let mut sentences = sentences(text);
    sentences.insert(random.below(sentences.len() + 1), *random.of(&others));
    Some(joined(&sentences))
}

/// The text with two neighbouring sentences in the other order.
fn swapped(text: &str, random: &mut Random) -> Option<String> {
    let mut sentences = sentences(text);
    let pairs = sentences.len().checked_sub(1).filter(|pairs| *pairs > 0)?;
    let at = random.below(pairs);
    sentences.swap(at, at + 1);
    Some(joined(&sentences))
}

/// So many of `total` things as the share says, one at least.
fn share_of(total: usize, share: f64) -> usize {
    ((share * total as f64).round() as usize).clamp(1, total.max(1))
}

/// `count` different numbers below `end`, in order; all of them if there are no more.
fn drawn(end: usize, count: usize, random: &mut Random) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..end).collect();
    let count = count.min(end);
    for at in 0..count {
        numbers.swap(at, at + random.below(end - at));
    }
    numbers.truncate(count);
    numbers.sort_unstable();
    numbers
}

/// The text with something else in some places, which are in order and apart.
fn spliced(text: &str, changes: &[(Range<usize>, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (place, change) in changes {
        out.push_str(&text[done..place.start]);
        out.push_str(change);
        done = place.end;
    }
    out.push_str(&text[done..]);
    out
}

/// A word in lower case as it is written where the old one stands.
fn cased_like(old: &str, word: &str) -> String {
    if old.starts_with(char::is_uppercase) { capitalized(word) } else { word.to_owned() }
}

/// The text with a share of its words, one at least, replaced by others of the donor.
fn replaced(text: &str, donor: &str, share: f64, random: &mut Random) -> Option<String> {
    let words = lettered(text);
    if words.is_empty() {
        return None;
    }
    let others: Vec<String> = lettered(donor).into_iter().map(|word| donor[word].to_lowercase()).collect();
    let mut changes = Vec::new();
    for at in drawn(words.len(), share_of(words.len(), share), random) {
        let old = &text[words[at].clone()];
        let lower = old.to_lowercase();
        let others: Vec<&str> = others.iter().map(String::as_str).filter(|other| *other != lower).collect();
        if others.is_empty() {
            return None;
        }
        changes.push((words[at].clone(), cased_like(old, random.of::<&str>(&others))));
    }
    Some(spliced(text, &changes))
}

/// The text as another desk sets it: the same letters and digits in the same words.
fn typeset(text: &str, random: &mut Random) -> String {
    let capitals = words(text).get(1 + random.below(3)).map_or(text.len(), |word| word.start);
    let mut out = String::with_capacity(text.len() + 16);
    let mut opened = false;
    let mut gaps = 0;
    for (at, c) in text.char_indices() {
        match c {
            '"' => {
                opened = !opened;
                out.push(if opened { '“' } else { '”' });
            }
            '“' | '”' => out.push('"'),
            '\'' => out.push('’'),
            '’' => out.push('\''),
            '-' => out.push('–'),
            '–' | '—' => out.push('-'),
            ' ' => {
                // The first gap is always doubled, so that a text without any punctuation changes as well.
                out.push_str(if gaps == 0 || random.chance(0.1) { "  " } else { " " });
                gaps += 1;
            }
            _ if at < capitals => out.push(capital(c)),
            _ => out.push(c),
        }
    }
    out
}

/// The capital of a letter that is lower case again as this letter; else the letter itself.
fn capital(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) if upper.to_lowercase().eq([c]) => upper,
        _ => c,
    }
}

/// Where the text begins behind its dateline, in bytes; 0 if it has none.
fn dateline_end(text: &str) -> usize {
    let Some((at, dash)) = DASHES.iter().filter_map(|dash| Some((text.find(dash)?, dash))).min() else { return 0 };
    let head = &text[..at];
    let place = head.split([',', ' ', '/', '(']).next().unwrap_or_default();
    let capitals = place.chars().filter(|c| c.is_uppercase()).count() >= 3 && !place.contains(char::is_lowercase);
    let dated =
        head.contains(',') && head.contains(|c: char| c.is_ascii_digit()) && place.starts_with(char::is_uppercase);
    let (bytes, words) = LONGEST_DATELINE;
    let short = at <= bytes && head.split_whitespace().count() <= words;
    if short && (capitals || dated) { at + dash.len() } else { 0 }
}

/// The text with a dateline of a place that its own, if it has any, does not name.
fn datelined(text: &str, random: &mut Random) -> String {
    let (old, rest) = text.split_at(dateline_end(text));
    let old = old.to_lowercase();
    let places: Vec<&str> = PLACES.iter().copied().filter(|place| !old.contains(&place.to_lowercase())).collect();
    let place = *random.of(&places);
    let capitals = place.to_uppercase();
    let (day, month, agency) = (1 + random.below(28), random.of(MONTHS), random.of(AGENCIES));
    match random.below(5) {
        0 => format!("{capitals}, {month} {day} ({agency}) - {rest}"),
        1 => format!("{capitals} ({agency}) — {rest}"),
        2 => format!("{capitals}, {day} {month} – {rest}"),
        3 => format!("{capitals} — {rest}"),
        _ => format!("{place}, {day} {month} – {rest}"),
    }
}

/// The text as a scanner reads it, with a share of its characters, one at least, read wrongly.
fn scanned(text: &str, share: f64, random: &mut Random) -> String {
    let chars: Vec<char> = text.chars().collect();
    // Punctuation is left alone: to lose it is no error of a copy.
    let places: Vec<usize> = (0..chars.len()).filter(|at| !is_mark(chars[*at])).collect();
    let mut wrong = vec![false; chars.len()];
    for place in drawn(places.len(), share_of(chars.len(), share), random) {
        wrong[places[place]] = true;
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        if wrong[at] {
            at += misread(&chars[at..], &mut out, random);
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

fn is_mark(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace()
}

/// Reads what comes next wrongly; returns how many characters that were.
fn misread(rest: &[char], out: &mut String, random: &mut Random) -> usize {
    let c = rest[0];
    if c.is_whitespace() {
        return 1;
    }
    let begins = |print: &str| print.chars().eq(rest.iter().copied().take(print.chars().count()));
    let alike: Vec<&(&str, &str)> = LOOK_ALIKES.iter().filter(|(print, _)| begins(print)).collect();
    if !alike.is_empty() && random.chance(0.6) {
        let (print, read) = random.of(&alike);
        out.push_str(read);
        return print.chars().count();
    }
    match random.below(3) {
        0 => {}
        1 => out.extend([c, c]),
        _ => out.extend([c, ' ']),
    }
    1
}

/// The text with another digit in one of its numbers.
fn renumbered(text: &str, random: &mut Random) -> Option<String> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let starts: Vec<usize> = (0..bytes.len()).filter(|at| is_digit(*at) && (*at == 0 || !is_digit(at - 1))).collect();
    if starts.is_empty() {
        return None;
    }
    let start = *random.of(&starts);
    let length = (start..).take_while(|at| is_digit(*at)).count();
    let at = start + random.below(length);
    // No number begins with 0 that did not.
    let digits: Vec<u8> = (b'0'..=b'9').filter(|digit| *digit != bytes[at] && (at > start || *digit != b'0')).collect();
    Some(spliced(text, &[(at..at + 1, char::from(*random.of(&digits)).to_string())]))
}

/// The text with one word in fifteen, one at least, spelled another way; where too few words have two spellings, others
/// gain or lose the ending of the plural.
fn respelled(text: &str, random: &mut Random) -> Option<String> {
    let words = words(text);
    let wanted = words.len().div_ceil(SPELLED_ONE_IN);
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for way in [another_spelling, another_number] {
        let mut open: Vec<(Range<usize>, String)> = Vec::new();
        for word in &words {
            let old = &text[word.clone()];
            if changes.iter().all(|(place, _)| place != word)
                && let Some(new) = way(&old.to_lowercase())
            {
                open.push((word.clone(), cased_like(old, &new)));
            }
        }
        let chosen = drawn(open.len(), wanted - changes.len(), random);
        changes.extend(chosen.into_iter().map(|at| open[at].clone()));
    }
    changes.sort_unstable_by_key(|(place, _)| place.start);
    (!changes.is_empty()).then(|| spliced(text, &changes))
}

/// A word in lower case as others spell it.
fn another_spelling(word: &str) -> Option<String> {
    for (one, other) in TWO_WAYS {
        if word == *one || word == *other {
            return Some((if word == *one { other } else { one }).to_string());
        }
    }
    for (one, other) in ENDINGS {
        for (ending, instead) in [(one, other), (other, one)] {
            // A short word, such as `for`, has no ending.
            if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.chars().count() >= 3) {
                return Some(format!("{stem}{instead}"));
            }
        }
    }
    let letters: Vec<char> = word.chars().collect();
    let doubled = (1..letters.len()).find(|at| letters[*at].is_alphabetic() && letters[*at] == letters[at - 1])?;
    (letters.len() > 4).then(|| letters[..doubled].iter().chain(&letters[doubled + 1..]).collect())
}

/// A longer word in the plural, or no longer in it.
fn another_number(word: &str) -> Option<String> {
    let long = word.chars().all(char::is_alphabetic) && word.chars().count() > 4;
    long.then(|| word.strip_suffix('s').map_or_else(|| format!("{word}s"), str::to_owned))
}

/// Shows that the edits are what they are called.
pub(crate) fn check() {
    let text = "Mr. Smith told the council on 3 May that \"all of the 27 members\" had organised the transfer of the \
        frozen assets. The bank's board - the largest in the region - said it could not confirm it. Talks in Kiev go on.";
    let donor = "Heavy rain fell over northern villages yesterday. Farmers had waited months for such weather, and some \
        were dancing.";
    assert_eq!(sentences(text).len(), 3);
    assert_eq!(sentences(text).concat(), text);
    assert_eq!(sentences("No end"), [""; 0]);

    let words_of = |text: &str| text.unicode_words().map(str::to_lowercase).collect::<Vec<_>>();
    let old = words_of(text);
    for seed in 0..50 {
        let made = |edit: Edit, text: &str| edit.apply(text, donor, &mut Random(seed));
        let of_text = |edit: Edit| made(edit, text).unwrap_or_else(|| panic!("{} cannot be made", edit.name()));
        for edit in Edit::ALL {
            let edited = of_text(edit);
            assert_ne!(edited, text, "{}", edit.name());
            assert_eq!(edited, of_text(edit), "{} is the same for one seed", edit.name());
        }

        let letters = |text: &str| {
            let lower = text.to_lowercase();
            lower
                .split(|c: char| !c.is_alphanumeric())
                .filter(|run| !run.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(letters(&of_text(Edit::CaseAndPunctuation)), letters(text));

        let dated = of_text(Edit::DatelineAdded);
        assert_eq!(&dated[dateline_end(&dated)..], text, "{dated}");
        assert_eq!(made(Edit::DatelineAdded, &dated), None);
        let otherwise =
            Edit::DatelineChanged.apply(&dated, donor, &mut Random(seed + 1)).expect("any text has a dateline");
        assert_eq!(&otherwise[dateline_end(&otherwise)..], text);
        assert_ne!(otherwise, dated);

        for (edit, count) in
            [(Edit::OneWord, 1), (Edit::Words5, 2), (Edit::Words10, 4), (Edit::Words20, 8), (Edit::Words30, 12)]
        {
            let new = words_of(&of_text(edit));
            assert_eq!(new.len(), old.len());
            let differing: Vec<_> = new.iter().zip(&old).filter(|(new, old)| new != old).collect();
            assert_eq!(differing.len(), count, "{}", edit.name());
            assert!(differing.iter().all(|(new, _)| donor.to_lowercase().contains(*new)));
        }

        assert!(of_text(Edit::FirstSentenceCut).starts_with("The bank's"));
        assert!(of_text(Edit::LastSentenceCut).ends_with("confirm it."));
        assert_eq!(words_of(&of_text(Edit::SecondHalfCut)), old[..old.len().div_ceil(2)]);
        let added = of_text(Edit::SentenceAdded);
        assert!(sentences(donor).iter().any(|sentence| added.contains(sentence.trim())));
        assert!(sentences(text).iter().all(|sentence| added.contains(sentence.trim())));
        let [mut was, mut is] = [old.clone(), words_of(&of_text(Edit::SentencesSwapped))];
        assert_ne!(was, is);
        was.sort_unstable();
        is.sort_unstable();
        assert_eq!(was, is);

        let [fair, bad] = [Edit::Scanned, Edit::ScannedBadly].map(|edit| words_of(&of_text(edit)));
        let kept = |new: &[String]| old.iter().filter(|word| new.contains(word)).count();
        assert!(kept(&fair) > kept(&bad), "{fair:?} {bad:?}");

        let numbers =
            |text: &str| words_of(text).into_iter().filter(|word| word.parse::<u32>().is_ok()).collect::<Vec<_>>();
        let number = numbers(&of_text(Edit::OneNumber));
        assert_eq!(number.iter().zip(["3", "27"]).filter(|(new, old)| new != old).count(), 1);
        assert_eq!(words_of(&of_text(Edit::Spelling)).iter().zip(&old).filter(|(new, old)| new != old).count(), 3);
    }
    for (edit, text) in [
        (Edit::FirstSentenceCut, "A single sentence of no more than the eleven words it has."),
        (Edit::LastSentenceCut, "Too little is left. A cut of the last sentence leaves four words here."),
        (Edit::SentencesSwapped, "A single sentence."),
        (Edit::OneNumber, "No number stands here."),
    ] {
        assert_eq!(edit.apply(text, donor, &mut Random(1)), None, "{}", edit.name());
    }
    for (word, spelled) in [
        ("organise", Some("organize")),
        ("labor", Some("labour")),
        ("kiev", Some("kyiv")),
        ("five", Some("5")),
        ("for", None),
        ("committee", Some("comittee")),
    ] {
        assert_eq!(another_spelling(word).as_deref(), spelled, "{word}");
    }
}
