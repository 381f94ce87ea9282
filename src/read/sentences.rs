//! Text on one line enters, its sentences leave, white space behind them included, so that they join to the same text.
//!
//! Only passages are cut here, so a missed end costs nothing; an end within `U.S.` or behind `Mr.` would tear a name.
//! Sentences as the search knows them are the business of the text room.

use unicode_segmentation::UnicodeSegmentation;

/// Abbreviations that a name or number follows, in lower case and without their full stop.
const ABBREVIATIONS: [&str; 52] = [
    "mr", "mrs", "ms", "dr", "prof", "gen", "col", "lt", "sgt", "capt", "maj", "cmdr", "adm", "sen", "rep", "gov",
    "pres", "amb", "rev", "hon", "st", "jr", "sr", "no", "nos", "vs", "vol", "fig", "approx", "inc", "ltd", "co",
    "corp", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "mln", "bln", "pct",
    "mt", "ft", "art", "г",
];
/// A sentence with more words than this is looked at again: text without capitals shows no ends to the standard rules.
const SUSPECT: usize = 60;

/// The sentences of a text; one of more than `most` words is cut at a space.
pub(super) fn split(text: &str, most: usize) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, piece) in text.split_sentence_bound_indices() {
        let end = at + piece.len();
        if end < text.len() && ends_in_abbreviation(&text[start..end]) {
            continue;
        }
        let sentence = &text[start..end];
        start = end;
        if sentence.split(' ').nth(SUSPECT).is_some() {
            split_plainly(sentence, most, &mut sentences);
        } else {
            sentences.push(sentence);
        }
    }
    if start < text.len() {
        sentences.push(&text[start..]);
    }
    sentences
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
    initial || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
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
