//! A corpus enters, a log of queries leaves, drawn with a fixed seed.
//!
//! Words are told apart by how many paragraphs hold them: rare ones are in fewer than one of 2,000, frequent ones in
//! more than one of 50. All words of a query stand in one paragraph drawn at random, so that each query finds
//! something.

use super::{Corpus, Random, SEED};

/// What a query looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Rare,
    Frequent,
    TwoRare,
    RareAndFrequent,
    TwoFrequent,
    Three,
    PhraseOfTwo,
    PhraseOfThree,
    Either,
    InYears,
}

pub(crate) const CLASSES: [(Class, &str); 10] = [
    (Class::Rare, "a rare word"),
    (Class::Frequent, "a frequent word"),
    (Class::TwoRare, "two rare words"),
    (Class::RareAndFrequent, "a rare and a frequent word"),
    (Class::TwoFrequent, "two frequent words"),
    (Class::Three, "three words"),
    (Class::PhraseOfTwo, "a phrase of two words"),
    (Class::PhraseOfThree, "a phrase of three words"),
    (Class::Either, "either of two words"),
    (Class::InYears, "a word, in some years"),
];

/// A query.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) class: Class,
    /// Its words in lower case.
    pub(crate) words: Vec<String>,
    /// The first and the last year, for [`Class::InYears`].
    pub(crate) years: Option<(u32, u32)>,
}

impl Class {
    /// Whether the words of a query are looked for in a row.
    pub(crate) fn is_phrase(self) -> bool {
        matches!(self, Class::PhraseOfTwo | Class::PhraseOfThree)
    }
}

/// So many queries of each class; `frequency` tells how many paragraphs hold a word.
pub(crate) fn log(corpus: &Corpus, of_each: usize, mut frequency: impl FnMut(&str) -> u64) -> Vec<Asked> {
    let mut random = Random(SEED);
    let paragraphs = corpus.paragraphs.len() as u64;
    let years: Vec<u32> = {
        let mut years: Vec<u32> = corpus.paragraphs.iter().map(|paragraph| paragraph.date / 10_000).collect();
        years.sort_unstable();
        years.dedup();
        years.retain(|year| *year > 0);
        years
    };
    let rare = |frequency: u64| (2..=(paragraphs / 2_000).max(20)).contains(&frequency);
    let frequent = |frequency: u64| frequency > paragraphs / 50;
    let any = |frequency: u64| frequency > 1;
    let mut log = Vec::new();
    for (class, name) in CLASSES {
        let wanted: &[&dyn Fn(u64) -> bool] = match class {
            Class::Rare => &[&rare],
            Class::Frequent | Class::InYears => &[&frequent],
            Class::TwoRare => &[&rare, &rare],
            Class::RareAndFrequent => &[&rare, &frequent],
            Class::TwoFrequent => &[&frequent, &frequent],
            Class::Three | Class::PhraseOfThree => &[&any, &any, &any],
            Class::PhraseOfTwo | Class::Either => &[&any, &any],
        };
        let before = log.len();
        for _ in 0..of_each * 1_000 {
            if log.len() == before + of_each || class == Class::InYears && years.is_empty() {
                break;
            }
            let text = &random.of(&corpus.paragraphs).text;
            let words = if class.is_phrase() {
                in_a_row(&mut random, text, wanted.len())
            } else {
                apart(&mut random, text, wanted, &mut frequency)
            };
            let Some(words) = words else { continue };
            let years = (class == Class::InYears).then(|| {
                let first = random.below(years.len());
                (years[first], years[(first + random.below(years.len().div_ceil(4))).min(years.len() - 1)])
            });
            log.push(Asked { class, words, years });
        }
        assert!(log.len() > before, "no paragraph has words for {name}");
    }
    log
}

/// Words of a text that follow each other with nothing but spaces between them.
fn in_a_row(random: &mut Random, text: &str, count: usize) -> Option<Vec<String>> {
    let words: Vec<&str> = text.split(' ').collect();
    let start = random.below(words.len().checked_sub(count)? + 1);
    let words: Vec<String> = words[start..start + count].iter().filter_map(|word| plain(word)).collect();
    (words.len() == count).then_some(words)
}

/// Different words of a text with the wanted frequencies.
fn apart(
    random: &mut Random,
    text: &str,
    wanted: &[&dyn Fn(u64) -> bool],
    frequency: &mut impl FnMut(&str) -> u64,
) -> Option<Vec<String>> {
    let words: Vec<String> = text.split(' ').filter_map(plain).collect();
    let mut chosen: Vec<String> = Vec::new();
    for wanted in wanted {
        let mut fits: Vec<&String> =
            words.iter().filter(|word| !chosen.contains(word) && wanted(frequency(word))).collect();
        fits.sort_unstable();
        fits.dedup();
        if fits.is_empty() {
            return None;
        }
        chosen.push((*random.of(&fits)).clone());
    }
    Some(chosen)
}

/// Words that queries give a meaning of its own, or may give one.
const OPERATORS: [&str; 5] = ["and", "or", "not", "near", "pre"];

/// The word in lower case, if it is one of three letters or more and nothing else.
fn plain(word: &str) -> Option<String> {
    let plain = word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let word = word.to_ascii_lowercase();
    (plain && !OPERATORS.contains(&word.as_str())).then_some(word)
}
