//! A paragraph's normal form: what is compared of it.

use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_128;

use super::dateline;

/// The words that a paragraph needs for near copies to be looked for.
const FEWEST_WORDS: usize = 8;
/// The characters that it needs.
const FEWEST_CHARACTERS: usize = 40;
/// With fewer words than this a near copy must be nearer.
const FEW_WORDS: usize = 16;
/// In a script without spaces so many characters make a word, about.
const WORD: usize = 6;

/// The normal form of a paragraph: NFKC, case folded, anything not a letter or digit to one space, digits kept, a leading
/// dateline dropped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Normal(String);

impl Normal {
    /// The normal form of a text.
    pub fn of(text: &str) -> Normal {
        let normal = fold(dateline::without(text));
        // Text without letters or digits is told apart by what it is.
        Normal(if normal.is_empty() { text.to_owned() } else { normal })
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Its hash; equal ones mean the same paragraph. It is frozen: an index made by one version is read by the next.
    pub fn fingerprint(&self) -> u128 {
        xxh3_128(self.0.as_bytes())
    }

    /// Whether it is long enough to have near copies, not only equal ones.
    pub fn is_long(&self) -> bool {
        words(&self.0) >= FEWEST_WORDS && self.0.chars().nth(FEWEST_CHARACTERS - 1).is_some()
    }
}

/// Whether so few words tell little, so that a near copy must be nearer.
pub(super) fn has_few_words(normal: &str) -> bool {
    words(normal) < FEW_WORDS
}

/// How many words a normal form has, about.
fn words(normal: &str) -> usize {
    let words = normal.bytes().filter(|byte| *byte == b' ').count() + 1;
    // No language that divides words has them so long throughout.
    if normal.len() <= 2 * WORD * words {
        return words;
    }
    let characters = normal.chars().count();
    if characters > 2 * WORD * words { characters / WORD } else { words }
}

/// The letters and digits of a text in lower case, with one space for all between them.
fn fold(text: &str) -> String {
    // Most text is ASCII and typographic punctuation: no normalization changes which letters and digits that has.
    if text.is_ascii() {
        return fold_ascii(text);
    }
    let mut normal = String::with_capacity(text.len());
    if text.chars().all(|c| c.is_ascii() || is_punctuation(c)) {
        fold_into(text.chars().map(|c| c.to_ascii_lowercase()), char::is_ascii_alphanumeric, &mut normal);
    } else {
        fold_into(text.nfkc().flat_map(char::to_lowercase), |c| c.is_alphanumeric(), &mut normal);
    }
    normal
}

fn fold_ascii(text: &str) -> String {
    // What a byte becomes: lower case, or a space. Without a jump that depends on the text, this is three times as fast.
    const FOLDED: [u8; 256] = {
        let mut folded = [b' '; 256];
        let mut byte = 0_u8;
        while byte < 128 {
            if byte.is_ascii_alphanumeric() {
                folded[byte as usize] = byte.to_ascii_lowercase();
            }
            byte += 1;
        }
        folded
    };
    let mut normal = vec![0; text.len()];
    let (mut length, mut last) = (0, b' ');
    for byte in text.bytes() {
        let folded = FOLDED[usize::from(byte)];
        normal[length] = folded;
        // The next one is written over a space behind a space.
        length += usize::from(folded != b' ' || last != b' ');
        last = folded;
    }
    normal.truncate(length - usize::from(length > 0 && last == b' '));
    String::from_utf8(normal).expect("letters, digits and spaces of ASCII")
}

/// Hyphens, dashes, quotation marks and dots of the block General Punctuation.
fn is_punctuation(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2027}')
}

fn fold_into(chars: impl Iterator<Item = char>, keep: impl Fn(&char) -> bool, normal: &mut String) {
    let mut between = false;
    for c in chars {
        if keep(&c) {
            if between {
                normal.push(' ');
                between = false;
            }
            normal.push(c);
        } else {
            between = !normal.is_empty();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_forms() {
        for (text, normal) in [
            ("  The “Bank”—froze\u{a0}it. ", "the bank froze it"),
            ("The bank-- froze it!", "the bank froze it"),
            ("ＮＡＴＯ 2025", "nato 2025"),
            ("Санкции, да", "санкции да"),
            ("MOSCOW, May 28 (Sample Wire) - The bank", "the bank"),
            ("—", "—"),
        ] {
            assert_eq!(Normal::of(text).text(), normal, "{text}");
        }
    }

    #[test]
    fn long_enough() {
        for (text, long) in [
            ("one two three four five six seven eight", false),
            ("first second third fourth fifth sixth seventh eighth", true),
            ("first-ranking second-ranking third-ranking", false),
            (
                "欧盟冻结了俄罗斯中央银行的资产并且决定将这些资产的收益用于支持乌克兰的重建工作因为战争仍在继续而且没有结束的迹象",
                true,
            ),
            ("欧盟冻结了俄罗斯中央银行的资产", false),
        ] {
            assert_eq!(Normal::of(text).is_long(), long, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_short_ways_agree_with_the_long_one(text in "[ -~\u{2010}-\u{2027}]{0,60}") {
            let mut long = String::new();
            fold_into(text.nfkc().flat_map(char::to_lowercase), |c| c.is_alphanumeric(), &mut long);
            assert_eq!(fold(&text), long);
            let ascii = text.replace(|c: char| !c.is_ascii(), "-");
            let mut long = String::new();
            fold_into(ascii.nfkc().flat_map(char::to_lowercase), |c| c.is_alphanumeric(), &mut long);
            assert_eq!(fold(&ascii), long);
        }
    }

    /// The values are part of the format of every index: a change makes old groups wrong.
    #[test]
    fn frozen_hashes() {
        let fingerprint = |text| Normal::of(text).fingerprint();
        assert_eq!(fingerprint("Frozen assets"), xxh3_128(b"frozen assets"));
        assert_eq!(fingerprint("Frozen assets"), 256_755_782_527_005_489_001_443_955_468_962_012_713);
        assert_ne!(fingerprint("—"), fingerprint("…"));
    }
}
