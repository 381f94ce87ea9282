//! A recipe with a seed enters, articles as lines of JSON leave: the same ones on every machine.
//!
//! The words are made up but spread as in a language: function words are real and take their real share, the others
//! follow Zipf's law in a vocabulary of lemmas and endings, and each article comes back to words of its own. Names of
//! states and persons stand among them, so that there is something to code. There is no apostrophe, accent or acronym
//! in it, about which analysers differ: whoever splits at what is no letter or digit, lowers the case and stems English
//! finds the same words in the same places.

use std::collections::{HashSet, VecDeque};
use std::io::{self, Write};

use serde_json::json;

/// What to make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipe {
    pub(crate) seed: u64,
    /// How many paragraphs, headlines included, about.
    pub(crate) paragraphs: usize,
    /// The share of articles that reprint an earlier one, whole or without its end, under another headline.
    pub(crate) reprints: f64,
}

/// Writes the articles.
pub(crate) fn write(recipe: Recipe, out: &mut dyn Write) -> io::Result<()> {
    let mut random = Random(recipe.seed);
    let vocabulary = Vocabulary::of(&mut random);
    let sources: Vec<String> =
        (0..SOURCES).map(|_| format!("The {} Courier", capitalized(vocabulary.lemma(&mut random)))).collect();
    // What the wire sent lately, with its date: the text of the reprints.
    let mut wire: VecDeque<(String, Vec<String>)> = VecDeque::new();
    let (mut made, mut number) = (0, 0);
    while made < recipe.paragraphs {
        number += 1;
        let topic: Vec<String> = (0..TOPIC).map(|_| vocabulary.lemma(&mut random).to_owned()).collect();
        let title = vocabulary.headline(&mut random, &topic);
        let source = random.of(&sources).clone();
        let (date, body) = if !wire.is_empty() && random.chance(recipe.reprints) {
            let (date, body) = wire[random.below(wire.len())].clone();
            (date, reprinted(&mut random, body))
        } else {
            let date =
                format!("{}-{:02}-{:02}", FIRST_YEAR + random.below(YEARS), 1 + random.below(12), 1 + random.below(28));
            let length = 3 + random.below(14);
            let body: Vec<String> = (0..length).map(|_| vocabulary.paragraph(&mut random, &topic)).collect();
            wire.push_back((date.clone(), body.clone()));
            if wire.len() > ON_THE_WIRE {
                wire.pop_front();
            }
            (date, body)
        };
        made += 1 + body.len();
        let article =
            json!({ "id": number, "title": title, "source": source, "date": date, "body": body.join("\n\n") });
        writeln!(out, "{article}")?;
    }
    Ok(())
}

const SOURCES: usize = 40;
const FIRST_YEAR: usize = 2014;
const YEARS: usize = 12;
/// An article has so many lemmas of its own.
const TOPIC: usize = 12;
/// So many articles may be reprinted at a time.
const ON_THE_WIRE: usize = 30;

/// The body as another outlet prints it: at least half of it, one in two with a dateline.
fn reprinted(random: &mut Random, mut body: Vec<String>) -> Vec<String> {
    let least = body.len().div_ceil(2);
    body.truncate(least + random.below(body.len() - least + 1));
    if random.chance(0.5)
        && let Some(first) = body.first_mut()
    {
        *first = format!("GENEVA, May {} (Sample Wire) - {first}", 1 + random.below(28));
    }
    body
}

/// A generator of numbers: splitmix64 (Steele, Lea and Flood, 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1, without 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 to `end`, without it.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }

    pub(crate) fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    pub(crate) fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Lemmas by rank, and how often a word of each rank or a lower one is drawn.
struct Vocabulary {
    lemmas: Vec<String>,
    shares: Vec<f64>,
}

const FUNCTION_WORDS: &str = "the of to and a in that for on is was with by as at from it he said be has are an have \
    were not which will but his they their its or been this who had more after would about also when one than there \
    into up out some could other over all if what no can we two may against under between before during while since";
const NAMES: &[&str] = &[
    "Russia",
    "Ukraine",
    "United Nations",
    "Israel",
    "China",
    "United States",
    "European Union",
    "Syria",
    "Iran",
    "Gaza",
    "Putin",
    "NATO",
    "Turkey",
    "Sudan",
    "Germany",
    "Yemen",
    "Kremlin",
    "France",
    "Hamas",
    "Lebanon",
    "Poland",
    "Mali",
    "Somalia",
    "Armenia",
];
const LEMMAS: usize = 30_000;
const ONSETS: &[&str] = &[
    "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "st", "tr", "pr", "cl", "br", "gr",
    "sh", "ch", "fl", "", "", "",
];
const VOWELS: &[&str] = &["a", "e", "i", "o", "u", "e", "a", "i", "ea", "ou", "ai"];
const CODAS: &[&str] = &["", "", "", "n", "r", "l", "t", "s", "nd", "ck", "m", "st", "nt", "rd"];
/// The endings of the forms of a lemma; most are bare.
const ENDINGS: &[&str] = &["", "", "", "", "", "", "", "s", "s", "ed", "ing", "er", "ly", "ation"];

impl Vocabulary {
    fn of(random: &mut Random) -> Vocabulary {
        let mut lemmas: Vec<String> = FUNCTION_WORDS.split_whitespace().map(str::to_owned).collect();
        let mut met: HashSet<String> = lemmas.iter().cloned().collect();
        while lemmas.len() < LEMMAS {
            // Frequent words are short.
            let least = if lemmas.len() < 2_000 { 1 } else { 2 };
            let syllables = least + random.below(3);
            let lemma: String =
                (0..syllables).flat_map(|_| [*random.of(ONSETS), *random.of(VOWELS), *random.of(CODAS)]).collect();
            if (3..=14).contains(&lemma.len()) && met.insert(lemma.clone()) {
                lemmas.push(lemma);
            }
        }
        let mut sum = 0.0;
        let mut shares: Vec<f64> = (0..lemmas.len())
            .map(|rank| {
                // Zipf's law with Mandelbrot's correction.
                sum += 1.0 / (rank as f64 + 2.7).powf(1.05);
                sum
            })
            .collect();
        shares.iter_mut().for_each(|share| *share /= sum);
        Vocabulary { lemmas, shares }
    }

    /// A lemma that is no function word, whatever its rank.
    fn lemma(&self, random: &mut Random) -> &str {
        let function_words = FUNCTION_WORDS.split_whitespace().count();
        loop {
            let rank = self.rank(random);
            if rank >= function_words {
                return &self.lemmas[rank];
            }
        }
    }

    fn rank(&self, random: &mut Random) -> usize {
        let drawn = random.unit();
        self.shares.partition_point(|share| *share <= drawn).min(self.lemmas.len() - 1)
    }

    fn word(&self, random: &mut Random, topic: &[String]) -> String {
        if random.chance(0.025) {
            // The first names are the most frequent ones.
            let place = random.unit() * random.unit();
            return NAMES[(place * NAMES.len() as f64) as usize].to_owned();
        }
        if random.chance(0.015) {
            return (1 + random.below(3_000)).to_string();
        }
        let function_words = FUNCTION_WORDS.split_whitespace().count();
        let rank = self.rank(random);
        if rank < function_words {
            return self.lemmas[rank].clone();
        }
        let lemma = if random.chance(0.2) { random.of(topic) } else { &self.lemmas[rank] };
        format!("{lemma}{}", random.of(ENDINGS))
    }

    fn sentence(&self, random: &mut Random, topic: &[String]) -> String {
        let length = 9 + random.below(20);
        let mut sentence = capitalized(&self.word(random, topic));
        for _ in 1..length {
            sentence.push_str(if random.chance(0.06) { ", " } else { " " });
            sentence.push_str(&self.word(random, topic));
        }
        sentence.push('.');
        sentence
    }

    fn paragraph(&self, random: &mut Random, topic: &[String]) -> String {
        let sentences: Vec<String> = (0..1 + random.below(4)).map(|_| self.sentence(random, topic)).collect();
        sentences.join(" ")
    }

    fn headline(&self, random: &mut Random, topic: &[String]) -> String {
        let words: Vec<String> = (0..6 + random.below(4)).map(|_| self.word(random, topic)).collect();
        capitalized(&words.join(" "))
    }
}

pub(super) fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
