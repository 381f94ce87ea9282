//! Hostile text -> text that a terminal or a page may be sent: one line, and no character that does more than show.
//!
//! Replaced by U+FFFD: control characters (C0, DEL, C1), the marks that reorder a line, line and paragraph separators,
//! and characters that are invisible wherever they stand. Runs of white space, tabs and line breaks among them, become
//! one space. Soft hyphens and the direction marks of single characters go: what they are for is not to be seen. Joiners and zero-width spaces belong to the
//! spelling of many scripts and to emoji, and stay there; elsewhere they are a trick and are replaced.

use std::ops::Range;

/// Clean text with the marked stretches of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marked {
    /// One line, without white space at its ends.
    pub(super) text: String,
    /// Byte ranges of `text`: ascending, disjoint, none empty, none touching the next.
    pub(super) marks: Vec<Range<usize>>,
}

impl Marked {
    /// A byte range of the text as stretches, each with whether it is marked.
    pub(super) fn stretches(&self, range: Range<usize>) -> Vec<(&str, bool)> {
        let mut stretches = Vec::new();
        let mut at = range.start;
        // A long text has many lines and many marks: only those of this range are looked at.
        let first = self.marks.partition_point(|mark| mark.end <= range.start);
        for mark in self.marks[first..].iter().take_while(|mark| mark.start < range.end) {
            let (start, end) = (mark.start.max(range.start), mark.end.min(range.end));
            stretches.push((&self.text[at..start], false));
            stretches.push((&self.text[start..end], true));
            at = end;
        }
        stretches.push((&self.text[at..range.end], false));
        stretches.retain(|(text, _)| !text.is_empty());
        stretches
    }
}

/// Clean text without marks.
pub(super) fn clean(text: &str) -> String {
    marked(text, &[]).text
}

/// Clean text, and the same stretches of it marked; `marks` are ascending, disjoint byte ranges of `text`.
pub(super) fn marked(text: &str, marks: &[Range<usize>]) -> Marked {
    let mut clean = Marked { text: String::with_capacity(text.len()), marks: Vec::new() };
    let mut marks = marks.iter().peekable();
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        while marks.next_if(|mark| mark.end <= at).is_some() {}
        let is_marked = marks.peek().is_some_and(|mark| mark.contains(&at));
        let shown = match c {
            c if c == SOFT_HYPHEN || is_direction_mark(c) => continue,
            c if is_space(c) && previous == ' ' => continue,
            c if is_space(c) => ' ',
            c if is_joiner(c) && !joins_after(previous) => char::REPLACEMENT_CHARACTER,
            c if is_hostile(c) => char::REPLACEMENT_CHARACTER,
            c => c,
        };
        let start = clean.text.len();
        clean.text.push(shown);
        previous = shown;
        if is_marked {
            match clean.marks.last_mut() {
                Some(last) if last.end == start => last.end = clean.text.len(),
                _ => clean.marks.push(start..clean.text.len()),
            }
        }
    }
    if clean.text.ends_with(' ') {
        clean.text.pop();
        let end = clean.text.len();
        if let Some(last) = clean.marks.last_mut() {
            last.end = last.end.min(end);
        }
        clean.marks.retain(|mark| mark.start < mark.end);
    }
    clean
}

const SOFT_HYPHEN: char = '\u{ad}';

/// The marks that Arabic and Hebrew writers set beside punctuation. They show nothing and reorder no word.
pub(super) fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
}

/// White space at which a line may break. No-break spaces are letters to us.
fn is_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r')
        || (c.is_whitespace() && !is_hostile(c) && !matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}'))
}

/// Zero-width space, non-joiner and joiner.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}')
}

/// Whether a joiner after this character may be spelling: in Persian, the scripts of India, Khmer, emoji. All of them
/// lie beyond Latin, Greek and Cyrillic, and outside the block of general punctuation, to which the joiners belong.
fn joins_after(c: char) -> bool {
    c >= '\u{590}' && !matches!(c, '\u{1e00}'..='\u{206f}' | '\u{2c60}'..='\u{2c7f}' | '\u{3000}' | '\u{fffd}')
}

/// Whether the character does something other than show, wherever it stands. Tabs and line breaks are of these.
pub(super) fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Marks, embeddings, overrides and isolates that reorder a line, with the deprecated ones.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
            // Line and paragraph separators.
            | '\u{2028}' | '\u{2029}'
            // Invisible: joiners of graphemes and words, fillers, invisible operators, annotation marks.
            | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{2060}'..='\u{2065}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            // Format controls of shorthand and music, and tags, in which whole sentences have been hidden.
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}'
            | '\u{e01f0}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_only_shows_stays_and_the_rest_is_replaced() {
        for (text, expected) in [
            ("plain, “quoted” – naïve", "plain, “quoted” – naïve"),
            ("a\x1b[31mred\x07\u{9b}m\x7f", "a\u{fffd}[31mred\u{fffd}\u{fffd}m\u{fffd}"),
            ("evil\u{202e}txt.exe\u{2069}\u{200f}", "evil\u{fffd}txt.exe\u{fffd}"),
            ("one\u{2028}two\u{85}three", "one\u{fffd}two\u{fffd}three"),
            (" \t two \r\n lines\u{3000}", "two lines"),
            ("a\u{a0}b", "a\u{a0}b"),
            ("pay\u{200b}pal p\u{200d}\u{feff}al", "pay\u{fffd}pal p\u{fffd}\u{fffd}al"),
            ("Bundes\u{ad}regierung", "Bundesregierung"),
            ("می\u{200c}خواهم 👩\u{200d}🚀", "می\u{200c}خواهم 👩\u{200d}🚀"),
            ("می\u{200c}\u{200c}خ", "می\u{200c}\u{fffd}خ"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn marks_move_with_their_words() {
        let marked = marked("\x1b  frozen  as\u{ad}sets ", &[3..9, 11..18, 18..19]);
        assert_eq!(marked.text, "\u{fffd} frozen assets");
        assert_eq!(
            marked.stretches(0..marked.text.len()),
            [("\u{fffd} ", false), ("frozen", true), (" ", false), ("assets", true)]
        );
    }

    proptest! {
        #[test]
        fn cleaning_a_clean_text_changes_nothing(text in any::<String>()) {
            let once = clean(&text);
            prop_assert!(!once.chars().any(is_hostile));
            prop_assert_eq!(clean(&once), once);
        }
    }
}
