//! What a version changed -> brackets, colours, Markdown, JSON.
//!
//! On a terminal with colour what was left out is red and struck out, what was put in green and underlined; without
//! it they stand in `[-…-]` and `{+…+}`, as `git diff --word-diff` writes them. A text may hold such brackets of its
//! own: a program reads the JSON.

use std::io::{self, Write};
use std::ops::Range;

use super::layout::{inked, text};
use super::markdown::{escape, may_bound_bold};
use super::safe::{Marked, clean, marked};
use super::style::{Ink, Style, paint};
use crate::search::answer::{Change, Edit};

/// The changes with their brackets, not cleaned.
pub(super) fn bracketed(changes: &[Change]) -> String {
    let write = |change: &Change| match change.edit {
        Edit::Equal => change.text.clone(),
        Edit::Delete => format!("[-{}-]", change.text),
        Edit::Insert => format!("{{+{}+}}", change.text),
    };
    changes.iter().map(write).collect()
}

/// Prints the changes over as many lines as they take, set in by `indent` columns.
pub(super) fn terminal(changes: &[Change], indent: usize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if !style.color {
        let plain = Marked { text: clean(&bracketed(changes)), marks: vec![] };
        return text(&plain, Ink::Plain, "", indent, style, out);
    }
    let both: String = changes.iter().map(|change| change.text.as_str()).collect();
    // What is clean does not depend on what is marked, so both are marks of one text.
    let deleted = marked(&both, &ranges(changes, Edit::Delete));
    let inserted = marked(&both, &ranges(changes, Edit::Insert));
    inked(&deleted.text, "", indent, style, out, |range, out| {
        let mut at = range.start;
        for (stretch, is_deleted) in deleted.stretches(range) {
            let within = at..at + stretch.len();
            at = within.end;
            if is_deleted {
                paint(stretch, Ink::Deleted, style, out)?;
                continue;
            }
            for (stretch, is_inserted) in inserted.stretches(within) {
                paint(stretch, if is_inserted { Ink::Inserted } else { Ink::Plain }, style, out)?;
            }
        }
        Ok(())
    })
}

/// Where the changes of a kind stand when all of them are written one behind the other.
fn ranges(changes: &[Change], edit: Edit) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut ranges = Vec::new();
    for change in changes {
        let range = at..at + change.text.len();
        at = range.end;
        if change.edit == edit {
            ranges.push(range);
        }
    }
    ranges
}

/// The changes as Markdown: ~~left out~~ **put in**. White space that came or went cannot be marked.
pub(super) fn markdown(changes: &[Change]) -> String {
    let bounds = |c: Option<char>| c.is_some_and(may_bound_bold);
    let mut shown = String::new();
    // Whether a space must stand before what comes next, and what kind of stretch came last.
    let (mut owed, mut last) = (false, Edit::Equal);
    for change in changes {
        let text = within(&change.text);
        let core = text.trim();
        let sign = match change.edit {
            Edit::Delete => "~~",
            Edit::Insert => "**",
            Edit::Equal => "",
        };
        if core.is_empty() {
            owed |= change.edit != Edit::Delete;
            continue;
        }
        // A sign beside punctuation opens or closes only where space stands on its other side (CommonMark 0.31); and a
        // word is easier to tell from the one in whose place it stands with a space between them.
        let beside = change.edit != Edit::Equal && (last == Edit::Delete || !bounds(core.chars().next()));
        if (owed || beside || text.starts_with(char::is_whitespace)) && !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(sign);
        shown.push_str(&escape(core, shown.is_empty()));
        shown.push_str(sign);
        owed = text.ends_with(char::is_whitespace) || (change.edit != Edit::Equal && !bounds(core.chars().next_back()));
        last = change.edit;
    }
    shown
}

/// Clean text that keeps a space at each end where white space stands: it is a part of a longer text.
fn within(text: &str) -> String {
    let end = |is: bool| if is { " " } else { "" };
    let cleaned = clean(text);
    if cleaned.is_empty() {
        return end(!text.is_empty()).to_owned();
    }
    format!("{}{cleaned}{}", end(text.starts_with(char::is_whitespace)), end(text.ends_with(char::is_whitespace)))
}

#[derive(serde::Serialize)]
pub(super) struct ChangeShape<'a> {
    op: &'static str,
    text: &'a str,
}

impl ChangeShape<'_> {
    pub(super) fn of(change: &Change) -> ChangeShape<'_> {
        let op = match change.edit {
            Edit::Equal => "equal",
            Edit::Delete => "delete",
            Edit::Insert => "insert",
        };
        ChangeShape { op, text: &change.text }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    use unicode_width::UnicodeWidthStr;

    use super::super::safe::is_hostile;
    use super::super::samples::{self, printed};
    use super::*;

    /// What a reader of Markdown makes of it: the text of all, of what is struck out, of what is bold.
    fn read(out: &str) -> [String; 3] {
        let mut texts = <[String; 3]>::default();
        let (mut struck, mut strong) = (false, false);
        for event in Parser::new_ext(out, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
            match event {
                Event::Start(Tag::Strikethrough) => struck = true,
                Event::End(TagEnd::Strikethrough) => struck = false,
                Event::Start(Tag::Strong) => strong = true,
                Event::End(TagEnd::Strong) => strong = false,
                Event::Text(text) => {
                    texts[0].push_str(&text);
                    if struck {
                        texts[1].push_str(&text);
                    }
                    if strong {
                        texts[2].push_str(&text);
                    }
                }
                _ => {}
            }
        }
        texts.map(|text| text.replace(char::is_whitespace, ""))
    }

    #[test]
    fn a_change_is_marked_in_each_format() {
        let changes = samples::changes(&[
            (Edit::Equal, "The bank froze "),
            (Edit::Delete, "300"),
            (Edit::Insert, "*250*"),
            (Edit::Equal, " billion"),
            (Edit::Delete, ", it says"),
            (Edit::Equal, "."),
            (Edit::Insert, " \x1b[2JMore."),
        ]);
        let plain = "The bank froze [-300-]{+*250*+} billion[-, it says-].{+ \u{fffd}[2JMore.+}\n";
        assert_eq!(printed(|out| terminal(&changes, 0, &Style::plain(), out)), plain);
        let color = Style { color: true, ..Style::plain() };
        assert_eq!(
            printed(|out| terminal(&changes, 0, &color, out)),
            "The bank froze \x1b[9;31m300\x1b[0m\x1b[4;32m*250*\x1b[0m billion\x1b[9;31m, it says\x1b[0m.\x1b[4;32m \
             \u{fffd}[2JMore.\x1b[0m\n"
        );
        assert_eq!(
            markdown(&changes),
            "The bank froze ~~300~~ **\\*250\\*** billion ~~, it says~~. **\u{fffd}\\[2JMore.**"
        );
    }

    proptest! {
        #[test]
        fn markdown_is_read_as_it_is_meant((text, ranges) in samples::marked_text()) {
            let mut changes = Vec::new();
            let mut at = 0;
            for (place, range) in ranges.iter().enumerate() {
                let edit = if place % 3 == 0 { Edit::Delete } else { Edit::Insert };
                changes.push((Edit::Equal, &text[at..range.start]));
                changes.push((edit, &text[range.clone()]));
                at = range.end;
            }
            changes.push((Edit::Equal, &text[at..]));
            changes.retain(|(_, text)| !text.is_empty());
            let shown = markdown(&samples::changes(&changes));
            let all = |edits: &[Edit]| -> String {
                let of = changes.iter().filter(|(edit, _)| edits.contains(edit));
                of.map(|(_, text)| within(text)).collect::<String>().replace(char::is_whitespace, "")
            };
            let expected = [
                all(&[Edit::Equal, Edit::Delete, Edit::Insert]),
                all(&[Edit::Delete]),
                all(&[Edit::Insert]),
            ];
            prop_assert_eq!(read(&shown), expected, "{}", shown);
        }

        #[test]
        fn lines_are_clean_and_narrow((text, ranges) in samples::marked_text(), width in 40usize..90, color: bool) {
            let mut changes = vec![(Edit::Equal, "before ")];
            changes.extend(ranges.iter().map(|range| (Edit::Delete, &text[range.clone()])));
            changes.push((Edit::Insert, &text));
            let style = Style { color, width, ..Style::plain() };
            let out = printed(|out| terminal(&samples::changes(&changes), 3, &style, out));
            for line in out.lines() {
                let mut plain = line.replace("\x1b[0m", "");
                for code in ["\x1b[9;31m", "\x1b[4;32m"] {
                    plain = plain.replace(code, "");
                }
                prop_assert!(plain.width() <= width && !plain.chars().any(is_hostile), "{:?}", line);
            }
        }
    }
}
