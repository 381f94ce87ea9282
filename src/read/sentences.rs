//! Text on one line enters, its sentences leave, white space behind them included, so that they join to the same text.
//!
//! They are the sentences of the text room, and where that finds none for long, as in text without capitals, what ends
//! with a full stop.

use crate::text::{is_abbreviation, sentences};

/// A sentence with more words than this is looked at again: text without capitals shows no ends.
const SUSPECT: usize = 60;

/// The sentences of a text; one of more than `most` words is cut at a space.
pub(super) fn split(text: &str, most: usize) -> Vec<&str> {
    let mut cut = Vec::new();
    for sentence in sentences(text).into_iter().map(|range| &text[range]) {
        if sentence.split(' ').nth(SUSPECT).is_some() {
            split_plainly(sentence, most, &mut cut);
        } else {
            cut.push(sentence);
        }
    }
    cut
}

/// Cuts behind each full stop, question or exclamation mark that a space follows.
fn split_plainly<'a>(text: &'a str, most: usize, sentences: &mut Vec<&'a str>) {
    let (mut start, mut words) = (0, 0);
    for (space, _) in text.match_indices(' ') {
        words += 1;
        let before = &text[start..space];
        let ended = before.trim_end_matches(['"', '\'', ')', '”', '’']).ends_with(['.', '?', '!']);
        if words >= most || ended && !ends_in_abbreviation(before) {
            sentences.push(&text[start..=space]);
            (start, words) = (space + 1, 0);
        }
    }
    if start < text.len() {
        sentences.push(&text[start..]);
    }
}

/// Whether a text ends in an abbreviation such as `Mr.` or in initials such as `U.S.`.
fn ends_in_abbreviation(text: &str) -> bool {
    let Some(text) = text.trim_end().strip_suffix('.') else { return false };
    let word = text.rsplit(|c: char| !c.is_alphanumeric() && c != '.').next().unwrap_or_default();
    let last = word.rsplit('.').next().unwrap_or_default();
    let initial = last.chars().count() == 1 && last.chars().all(char::is_alphabetic);
    initial || is_abbreviation(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_whole() {
        let check = |text: &str, expected: &[&str]| assert_eq!(split(text, 400), expected, "{text}");
        check("One. Two? Three!", &["One. ", "Two? ", "Three!"]);
        check(
            "The U.S. Army and Gen. Smith left. They came on Feb. 26.",
            &["The U.S. Army and Gen. Smith left. ", "They came on Feb. 26."],
        );
        check("", &[]);
        check("Mr.", &["Mr."]);
        check("Он сказал. Она ушла.", &["Он сказал. ", "Она ушла."]);
    }

    #[test]
    fn text_without_capitals_has_ends() {
        let text = "europe made no plan. last week mr. wilson of the u.s. saw it. ".repeat(10);
        let sentences = split(&text, 400);
        assert_eq!(sentences.concat(), text);
        assert_eq!(sentences.len(), 20);
    }

    #[test]
    fn a_sentence_without_end_is_cut() {
        let text = "word ".repeat(1000);
        let sentences = split(&text, 400);
        assert_eq!(sentences.concat(), text);
        assert_eq!(sentences.len(), 3);
    }
}
