//! Paragraphs to groups of copies: two paragraphs are the same when their normal forms are equal.
//!
//! In comes the text of a paragraph, out comes the hash of its normal form. Nothing here knows an index.

mod dateline;

use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_128;

/// The hash of a paragraph's normal form: NFKC, case folded, anything not a letter or digit to one space, a leading
/// dateline dropped. Equal hashes mean the same paragraph.
///
/// The hash is frozen: an index made by one version is read by the next.
///
/// ```
/// use nutgraf::groups::fingerprint;
///
/// let wire = fingerprint("MOSCOW, May 28 (Sample Wire) - The bank froze the assets.");
/// assert_eq!(wire, fingerprint("The bank “froze” the assets!"));
/// assert_ne!(wire, fingerprint("The bank froze the asset."));
/// ```
pub fn fingerprint(text: &str) -> u128 {
    let mut normal = normal_form(dateline::without(text));
    if normal.is_empty() {
        // Text without letters or digits is told apart by what it is.
        normal = text.to_owned();
    }
    xxh3_128(normal.as_bytes())
}

/// The letters and digits of a text in lower case, with one space for all between them.
fn normal_form(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    // Most text is ASCII and typographic punctuation: no normalization changes which letters and digits that has.
    if text.chars().all(|c| c.is_ascii() || is_punctuation(c)) {
        fold_into(text.chars().map(|c| c.to_ascii_lowercase()), char::is_ascii_alphanumeric, &mut normal);
    } else {
        fold_into(text.nfkc().flat_map(char::to_lowercase), |c| c.is_alphanumeric(), &mut normal);
    }
    normal
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
            ("ＮＡＴＯ 2025", "nato 2025"),
            ("Санкции, да", "санкции да"),
            ("—", ""),
        ] {
            assert_eq!(normal_form(text), normal, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_short_way_agrees_with_the_long_one(text in "[ -~\u{2010}-\u{2027}]{0,60}") {
            let mut long = String::new();
            fold_into(text.nfkc().flat_map(char::to_lowercase), |c| c.is_alphanumeric(), &mut long);
            assert_eq!(normal_form(&text), long);
        }
    }

    /// The values are part of the format of every index: a change makes old groups wrong.
    #[test]
    fn frozen_hashes() {
        assert_eq!(fingerprint("Frozen assets"), xxh3_128(b"frozen assets"));
        assert_eq!(fingerprint("Frozen assets"), 256_755_782_527_005_489_001_443_955_468_962_012_713);
        assert_ne!(fingerprint("—"), fingerprint("…"));
    }
}
