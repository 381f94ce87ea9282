//! How a terminal is written to: width, colour, and what the reader wants to see besides the hits.

use std::io::{self, Write};

/// What the caller knows of the place that is written to. JSON, CSV and TSV never depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether colours and weights are sent. That NO_COLOR is obeyed is the caller's business.
    pub color: bool,
    /// The width in columns; from 40 on no line is wider. `usize::MAX` never wraps.
    pub width: usize,
    /// Whether to say how the question was read.
    pub read_as: bool,
    /// Whether right-to-left text is set between U+2068 and U+2069, so that it does not reorder what stands beside it
    /// on the line: for a terminal, not for a pipe.
    pub isolate: bool,
    /// Whether each hit is one paragraph, as all copies were asked for, and not a group of copies.
    pub all_copies: bool,
}

impl Style {
    /// For a pipe or a file: no colour, nothing wrapped, nothing added.
    pub fn plain() -> Style {
        Style { color: false, width: usize::MAX, read_as: false, isolate: false, all_copies: false }
    }
}

/// How a stretch of text is set. Only the terminal's own colours, so that each theme stays readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Bold,
    Dim,
    Match,
    /// Struck out and underlined besides, for those to whom red and green are one.
    Deleted,
    Inserted,
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Ink::Plain => "",
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Match => "1;33",
            Ink::Deleted => "9;31",
            Ink::Inserted => "4;32",
        }
    }
}

/// Writes a stretch of one line, which must be clean. Every stretch is closed at once, so that a pager that shows
/// some of the lines never carries a colour over.
pub(super) fn paint(text: &str, ink: Ink, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if style.color && ink != Ink::Plain && !text.is_empty() {
        write!(out, "\x1b[{}m{text}\x1b[0m", ink.code())
    } else {
        out.write_all(text.as_bytes())
    }
}
