//! Where a sentence ends, told from what stands around a full stop.

/// Words that a full stop follows without ending the sentence, folded; in the languages of the stemmers that use them.
const ABBREVIATIONS: &[&str] = &[
    "adm", "al", "amb", "approx", "apr", "art", "aug", "av", "bln", "bn", "bzw", "ca", "capt", "cf", "cmdr", "co",
    "col", "corp", "dec", "dept", "dr", "dra", "ed", "eg", "etc", "feb", "fig", "fr", "ft", "gen", "gov", "hon", "ie",
    "inc", "jan", "jr", "jul", "jun", "lt", "ltd", "maj", "mar", "messrs", "mlle", "mln", "mm", "mme", "mr", "mrs",
    "ms", "mt", "no", "nos", "nov", "nr", "oct", "op", "pct", "pp", "pres", "prof", "rep", "rev", "sec", "sen", "sep",
    "sept", "sgt", "sr", "sra", "st", "usw", "vol", "vs", "г", "гг", "д", "др", "им", "млн", "млрд", "рр", "руб",
    "стр", "тыс", "ул",
];

/// Words that begin a sentence far more often than a name, folded: after `the U.S. The …` a sentence has ended.
const STARTERS: &[&str] = &[
    "a", "after", "an", "and", "as", "at", "but", "by", "for", "he", "his", "however", "i", "if", "in", "it", "its",
    "many", "mr", "on", "our", "she", "since", "so", "that", "the", "their", "there", "these", "they", "this", "those",
    "we", "when", "while", "with", "you",
];

/// Whether a full stop behind this word does not end a sentence, as in `Gen. Smith`.
pub fn is_abbreviation(word: &str) -> bool {
    is(word, ABBREVIATIONS)
}

/// What stood before the mark that may end a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// A word of several letters, folded elsewhere.
    Word {
        /// Whether it is an abbreviation.
        abbreviation: bool,
    },
    /// One letter, as in an initial, or an acronym with full stops, as in `U.S.`
    Initials,
}

/// Whether a sentence ends between two words.
///
/// `mark` is the last sentence mark between them, `spaced` tells whether white space follows it, `next` is the word after.
pub(super) fn ends(before: Before, mark: char, spaced: bool, next: &str) -> bool {
    match mark {
        '。' | '！' | '？' | '．' => true,
        '!' | '?' | '…' | '؟' | '۔' | '।' => spaced && !starts_lower(next),
        _ => {
            spaced
                && !starts_lower(next)
                && match before {
                    Before::Word { abbreviation } => !abbreviation,
                    Before::Initials => is(next, STARTERS),
                }
        }
    }
}

/// Whether a character may end a sentence.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '．' | '؟' | '۔' | '।')
}

/// Whether a word, as it stands in the text, is in a sorted list of folded words.
pub(super) fn is(word: &str, list: &[&str]) -> bool {
    // No listed word is longer than this many bytes, and most words of a text are: they need no folding.
    const LONGEST: usize = 16;
    word.len() <= LONGEST && list.binary_search(&super::fold(word).as_str()).is_ok()
}

fn starts_lower(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        assert!(ABBREVIATIONS.is_sorted());
        assert!(STARTERS.is_sorted());
    }
}
