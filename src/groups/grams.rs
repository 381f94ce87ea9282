//! Sequences of five characters, and how alike two normal forms are by them.

use super::normal::has_few_words;

/// How many characters a sequence has.
const LENGTH: usize = 5;

/// Hands on the hash of each sequence of five characters, in order; a shorter text is one sequence.
#[inline]
pub(super) fn each_gram(normal: &str, mut each: impl FnMut(u64)) {
    if normal.is_ascii() {
        let bytes = normal.as_bytes();
        if bytes.len() < LENGTH {
            return each(mix(bytes.iter().fold(0, |packed, byte| packed << 8 | u64::from(*byte))));
        }
        let (first, rest) = bytes.split_at(LENGTH - 1);
        let mut packed = first.iter().fold(0, |packed, byte| packed << 8 | u64::from(*byte));
        for byte in rest {
            packed = (packed << 8 | u64::from(*byte)) & PACKED;
            each(mix(packed));
        }
        return;
    }
    // The last five characters by their lowest bytes, which is all of them where they are ASCII; and a hash of them all.
    let (mut packed, mut held) = (0_u64, [0_u32; LENGTH]);
    let (mut length, mut since_wide) = (0_usize, LENGTH);
    let hash = |packed: u64, held: [u32; LENGTH], since_wide: usize| match since_wide {
        LENGTH.. => mix(packed & PACKED),
        _ => mix(held.iter().fold(0, |hash: u64, c| hash.wrapping_mul(FACTOR).wrapping_add(u64::from(*c)))),
    };
    for c in normal.chars() {
        let c = u32::from(c);
        packed = packed << 8 | u64::from(c & 0x7f);
        held = [held[1], held[2], held[3], held[4], c];
        since_wide = if c < 0x80 { since_wide + 1 } else { 0 };
        length += 1;
        if length >= LENGTH {
            each(hash(packed, held, since_wide));
        }
    }
    if length < LENGTH {
        each(hash(packed, held, since_wide));
    }
}

/// The bits of five packed characters.
const PACKED: u64 = (1 << (8 * LENGTH)) - 1;
/// The factor of the hash of five characters that are not all ASCII.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Spreads a sequence over all bits, so that different ones of ASCII stay different.
fn mix(packed: u64) -> u64 {
    let hash = packed.wrapping_mul(0xd6e8_feb8_6659_fd93);
    let hash = (hash ^ (hash >> 32)).wrapping_mul(FACTOR);
    hash ^ (hash >> 32)
}

/// A set of hashes, emptied in no time.
#[derive(Debug, Default)]
struct Set {
    cells: Vec<(u64, u32)>,
    /// The cells of this round are those that are in the set.
    round: u32,
    size: usize,
}

impl Set {
    /// Empties it and makes room for so many hashes.
    fn clear(&mut self, most: usize) {
        let cells = (2 * most.max(8)).next_power_of_two();
        if self.cells.len() < cells || self.round == u32::MAX {
            self.cells = vec![(0, 0); cells.max(self.cells.len())];
            self.round = 0;
        }
        self.round += 1;
        self.size = 0;
    }

    /// The cell where a hash stands or belongs.
    fn cell(&self, hash: u64) -> usize {
        let mask = self.cells.len() - 1;
        let mut at = hash as usize & mask;
        while self.cells[at].1 == self.round && self.cells[at].0 != hash {
            at = (at + 1) & mask;
        }
        at
    }

    fn contains(&self, hash: u64) -> bool {
        self.cells[self.cell(hash)].1 == self.round
    }

    /// Adds a hash; tells whether it is new.
    fn insert(&mut self, hash: u64) -> bool {
        let at = self.cell(hash);
        let new = self.cells[at].1 != self.round;
        if new {
            self.cells[at] = (hash, self.round);
            self.size += 1;
        }
        new
    }
}

/// Compares normal forms with one of them.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    grams: Set,
    others: Set,
    numbers: Vec<u64>,
    other_numbers: Vec<u64>,
    few_words: bool,
}

impl Comparison {
    /// Takes the one that others are compared with.
    pub(super) fn with(&mut self, normal: &str) {
        self.grams.clear(normal.len());
        each_gram(normal, |gram| {
            self.grams.insert(gram);
        });
        numbers(normal, &mut self.numbers);
        self.few_words = has_few_words(normal);
    }

    /// The Jaccard similarity of the two sets of sequences, in ten-thousandths, rounded down.
    pub(super) fn similarity(&mut self, other: &str) -> u16 {
        self.others.clear(other.len());
        let mut shared = 0;
        each_gram(other, |gram| {
            if self.others.insert(gram) && self.grams.contains(gram) {
                shared += 1;
            }
        });
        let all = self.grams.size + self.others.size - shared;
        (10_000 * shared as u64 / all.max(1) as u64) as u16
    }

    /// The similarity, if it is that of near copies: at least `bar`, or `short_bar` if either has few words; and with the same
    /// figures, unless so much else is the same that a figure must have been corrected.
    pub(super) fn near(&mut self, other: &str, bar: u16, short_bar: u16) -> Option<u16> {
        let few_words = self.few_words || has_few_words(other);
        let bar = if few_words { bar.max(short_bar) } else { bar };
        numbers(other, &mut self.other_numbers);
        let share = share_numbers(&self.numbers, &self.other_numbers);
        if few_words && !share {
            return None;
        }
        let least = if share { bar } else { bar.max(CORRECTED) };
        Some(self.similarity(other)).filter(|similarity| *similarity >= least)
    }
}

/// Texts that are as similar as this may differ in their figures and yet be copies.
const CORRECTED: u16 = 8_500;

/// A text with more numbers than this is a table.
const FEW_NUMBERS: usize = 40;

/// Whether two sets of numbers, sorted, may be those of copies: one has none, or more than half of the smaller set is in the
/// other. Reports that come every week or from every company differ in little else.
fn share_numbers(a: &[u64], b: &[u64]) -> bool {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    // In a table all numbers are compared as they stand, or the time would be the product of its length and another's.
    let scanned = many.len() <= FEW_NUMBERS;
    let is_in = |number: &u64| {
        many.binary_search(number).is_ok() || scanned && many.iter().any(|other| is_same_number(*number, *other))
    };
    let shared = few.iter().filter(|number| is_in(number)).count();
    few.is_empty() || 2 * shared > few.len()
}

/// Whether two numbers are the same, or one has lost or doubled a digit, as scanners do.
fn is_same_number(a: u64, b: u64) -> bool {
    let (short, long) = (a.min(b), a.max(b));
    if short == long {
        return true;
    }
    // As many bits are in front of the first digit of both where both have as many digits, four less where one has more.
    let digits = |number: u64| (u64::BITS - number.leading_zeros()).div_ceil(4);
    if digits(long) != digits(short) + 1 || digits(short) < 2 {
        return false;
    }
    (0..digits(long)).any(|digit| {
        let behind = (1_u64 << (4 * digit)) - 1;
        (long >> 4) & !behind | long & behind == short
    })
}

/// The numbers of a normal form, sorted, each once: words of digits, those that stand next to each other as one, since `1,785`
/// and `6-1/8` are written so. Each number by its last sixteen digits, four bits a digit, in which none is zero.
fn numbers(normal: &str, numbers: &mut Vec<u64>) {
    numbers.clear();
    let bytes = normal.as_bytes();
    // Most texts have none.
    if !bytes.iter().any(|byte| byte.is_ascii_digit() || !byte.is_ascii()) {
        return;
    }
    let mut number = 0;
    for word in normal.split(' ') {
        if word.chars().all(char::is_numeric) {
            // The digits of most scripts end in the bits of their value.
            number = word.chars().fold(number, |number, c| number << 4 | (u64::from(u32::from(c) & 0xf) + 1).min(0xf));
        } else if number != 0 {
            numbers.push(std::mem::take(&mut number));
        }
    }
    if number != 0 {
        numbers.push(number);
    }
    numbers.sort_unstable();
    numbers.dedup();
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn sets(text: &str) -> HashSet<Vec<char>> {
        let chars: Vec<char> = text.chars().collect();
        if chars.len() < 5 { HashSet::from([chars]) } else { chars.windows(5).map(<[char]>::to_vec).collect() }
    }

    proptest! {
        #[test]
        fn similarity_is_that_of_the_sets(a in "[abé ]{1,30}", b in "[abé ]{1,30}") {
            let (one, other) = (sets(&a), sets(&b));
            let (shared, all) = (one.intersection(&other).count(), one.union(&other).count());
            let mut comparison = Comparison::default();
            comparison.with("the bank froze the assets of the state");
            comparison.with(&a);
            comparison.similarity("the bank froze it");
            prop_assert_eq!(usize::from(comparison.similarity(&b)), 10_000 * shared / all);
        }
    }

    #[test]
    fn figures_are_guarded() {
        for (a, b, near) in [
            ("net 807 000 vs 858 000 revs 7 vs 8", "net 807 000 vs 858 000 revs 7 vs 8", true),
            ("net 807 000 vs 858 000 revs 7 vs 8", "net 117 000 vs 241 000 revs 9 vs 3", false),
            ("rose by 287 in march after 72 in february", "rose by 1 785 in april after 287 in march", false),
            ("traded at 6 1 8", "traded at 6 3 16", false),
            ("in 1987 and 1988", "in 1990 and 1991", false),
            ("in 1987 and 1988", "in l987 and l988", true),
            ("in 1987", "in 19987", true),
            ("in 1987", "in 197", true),
            ("in 1987", "in 198 7", true),
            ("in 1987", "in 1897", false),
            ("of 12", "of 1", false),
            ("1234567890123456789", "234567890123456789", true),
            ("28 may 12 were hurt", "12 were hurt", true),
            ("twelve were hurt", "12 were hurt", true),
        ] {
            let (mut one, mut other) = (Vec::new(), Vec::new());
            numbers(a, &mut one);
            numbers(b, &mut other);
            assert_eq!(share_numbers(&one, &other), near, "{a} and {b}");
            assert_eq!(share_numbers(&other, &one), near, "{b} and {a}");
        }
    }
}
