//! Short and long texts -> lines of a terminal: set in, wrapped, painted, and kept from reordering each other.

use std::io::{self, Write};
use std::ops::Range;

use super::safe::{Marked, clean};
use super::style::{Ink, Style, paint};
use super::wrap::{columns, is_right_to_left, lines};

/// Prints a text over as many lines as it takes, set in by `indent` columns; in the first line's indent stands `lead`,
/// which is ASCII and shorter.
pub(super) fn text(
    text: &Marked,
    ink: Ink,
    lead: &str,
    indent: usize,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    inked(&text.text, lead, indent, style, out, |range, out| {
        text.stretches(range)
            .into_iter()
            .try_for_each(|(stretch, is_marked)| paint(stretch, if is_marked { Ink::Match } else { ink }, style, out))
    })
}

/// Prints a clean text as [`text`] does, each byte range of it that stands on one line by `write`.
pub(super) fn inked(
    text: &str,
    lead: &str,
    indent: usize,
    style: &Style,
    out: &mut dyn Write,
    write: impl Fn(Range<usize>, &mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let found = lines(text, style.width.saturating_sub(indent));
    if found.is_empty() && !lead.is_empty() {
        return writeln!(out, "{lead}");
    }
    let is_turned = style.isolate && text.chars().find(|c| c.is_alphabetic()).is_some_and(is_right_to_left);
    for (place, range) in found.into_iter().enumerate() {
        write!(out, "{:indent$}", if place == 0 { lead } else { "" })?;
        isolated(&text[range.clone()], style, out, |out| {
            let Some(run) = opening_run(text, &range).filter(|_| is_turned) else { return write(range, out) };
            write(range.start..run.start, out)?;
            write!(out, "{ISOLATE}")?;
            write(run.clone(), out)?;
            write!(out, "{END}")?;
            write(run.end..range.end, out)
        })?;
        writeln!(out)?;
    }
    Ok(())
}

/// Prints short texts side by side, dim, as many on a line as fit: none is broken that fits on a line of its own.
pub(super) fn fields(
    fields: impl IntoIterator<Item = String>,
    separator: &str,
    indent: usize,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let width = style.width.saturating_sub(indent);
    // How many columns of the line are taken; none before the first line.
    let mut taken = None;
    for field in fields.into_iter().map(|field| clean(&field)).filter(|field| !field.is_empty()) {
        for (place, range) in lines(&field, width).into_iter().enumerate() {
            let part = &field[range];
            let needed = columns(part);
            let beside = taken.filter(|_| place == 0).map(|taken: usize| taken + columns(separator) + needed);
            match beside.filter(|beside| *beside <= width) {
                Some(beside) => {
                    paint(separator, Ink::Dim, style, out)?;
                    taken = Some(beside);
                }
                None => {
                    if taken.is_some() {
                        writeln!(out)?;
                    }
                    write!(out, "{:indent$}", "")?;
                    taken = Some(needed);
                }
            }
            isolated(part, style, out, |out| paint(part, Ink::Dim, style, out))?;
        }
    }
    if taken.is_some() { writeln!(out) } else { Ok(()) }
}

/// Prints a key and its value, each wrapped; a key that fills its column has the value below it.
pub(super) fn two_columns(key: &str, keys: usize, value: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    const INDENT: usize = 2;
    let column = INDENT + keys + 2;
    let mut parts = lines(key, keys).into_iter().map(|range| &key[range]).peekable();
    let mut values = lines(value, style.width.saturating_sub(column)).into_iter().map(|range| &value[range]);
    while let Some(part) = parts.next() {
        write!(out, "{:INDENT$}", "")?;
        isolated(part, style, out, |out| paint(part, Ink::Dim, style, out))?;
        if parts.peek().is_none()
            && let Some(first) = values.next()
        {
            write!(out, "{:gap$}", "", gap = column - INDENT - columns(part))?;
            isolated(first, style, out, |out| paint(first, Ink::Plain, style, out))?;
        }
        writeln!(out)?;
    }
    for rest in values {
        write!(out, "{:column$}", "")?;
        isolated(rest, style, out, |out| paint(rest, Ink::Plain, style, out))?;
        writeln!(out)?;
    }
    Ok(())
}

/// The run of left-to-right words that a line of a right-to-left text begins with, if right-to-left ones follow.
///
/// A terminal takes a line's direction from its first letter outside isolates. Set in an isolate of its own, the run
/// no longer turns the line around.
fn opening_run(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    let shown = &text[line.clone()];
    let start = shown.find(char::is_alphabetic)?;
    let before = &shown[..shown.find(is_right_to_left)?];
    let end = before.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    (start < end).then(|| line.start + start..line.start + end)
}

/// First strong isolate: what follows is laid out by itself, in the direction of its first letter.
const ISOLATE: char = '\u{2068}';
/// Pop directional isolate: the end of it.
const END: char = '\u{2069}';

/// Prints `text` by `print`, in an isolate if it would reorder what stands beside it.
fn isolated(
    text: &str,
    style: &Style,
    out: &mut dyn Write,
    print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if !style.isolate || !text.contains(is_right_to_left) {
        return print(out);
    }
    write!(out, "{ISOLATE}")?;
    print(out)?;
    write!(out, "{END}")
}

#[cfg(test)]
mod tests {
    use super::super::safe::marked;
    use super::super::samples::printed;
    use super::*;

    #[test]
    fn lines_keep_the_direction_of_their_text() {
        let style = Style { width: 24, isolate: true, ..Style::plain() };
        for (paragraph, expected) in [
            ("plain words", "plain words\n"),
            ("he said שלום twice", "\u{2068}he said שלום twice\u{2069}\n"),
            (
                "الأصول المجمدة في بروكسل (Euroclear SA) لن تعود",
                "\u{2068}الأصول المجمدة في بروكسل\u{2069}\n\u{2068}(\u{2068}Euroclear SA\u{2069}) لن تعود\u{2069}\n",
            ),
        ] {
            let paragraph = marked(paragraph, &[]);
            assert_eq!(printed(|out| text(&paragraph, Ink::Plain, "", 0, &style, out)), expected);
        }
    }
}
