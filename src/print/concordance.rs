//! A concordance -> lines whose matches stand below each other, JSON, CSV, Markdown.

use std::io::{self, Write};

use super::code_points::code_points;
use super::delimited::{self, Delimiter};
use super::safe::{Marked, clean, marked};
use super::shapes::{IndexShape, QueryShape, TotalShape, VERSION, known};
use super::style::{Ink, Style, paint};
use super::wording;
use super::wrap::columns;
use super::{Format, markdown, notation};
use crate::article::{PubDate, Ref};
use crate::search::answer::{Concordance, Line};

/// Prints the lines, and on a terminal the totals behind them.
pub(super) fn print(all: &Concordance, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal(all, style, out),
        Format::Json => notation::pretty(&ConcordanceShape::of(all), out),
        Format::Jsonl => ConcordanceShape::of(all).lines().iter().try_for_each(|line| notation::line(line, out)),
        Format::Csv => delimited::concordance(all, Delimiter::Comma, out),
        Format::Tsv => delimited::concordance(all, Delimiter::Tab, out),
        Format::Md => markdown::concordance(all, out),
    }
}

/// The columns of a side where no width is given.
const SIDE: usize = 50;

fn terminal(all: &Concordance, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let references: Vec<String> = all.lines.iter().map(|line| line.reference.to_string()).collect();
    let widest = references.iter().map(String::len).max().unwrap_or(0);
    // The match begins in the middle of what the reference leaves of the line.
    let left = if style.width == usize::MAX { SIDE } else { style.width.saturating_sub(widest + 2) * 2 / 5 };
    for (line, reference) in all.lines.iter().zip(&references) {
        paint(&format!("{reference:widest$}"), Ink::Dim, style, out)?;
        self::line(line, left.max(8), style.width.saturating_sub(widest + 2).max(20), style, out)?;
    }
    if !all.lines.is_empty() {
        writeln!(out)?;
    }
    let total = wording::totals(&all.total);
    let shown = format!("{} from {total}", wording::lines(all.lines.len() as u64));
    super::layout::text(&Marked { text: shown, marks: vec![] }, Ink::Plain, "", 0, style, out)
}

/// Prints a match with as much on either side as there is room for.
fn line(line: &Line, left: usize, width: usize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let before = clean(&line.left);
    let matched = marked(&line.matched, &line.highlights);
    let after = clean(&line.right);
    let before = last_columns(&before, left);
    write!(out, "  {:padding$}{before} ", "", padding = left - columns(before))?;
    let mut room = width.saturating_sub(left + 1);
    if style.width == usize::MAX {
        room = columns(&matched.text) + SIDE;
    }
    for (stretch, is_marked) in matched.stretches(0..matched.text.len()) {
        let stretch = first_columns(stretch, room);
        room -= columns(stretch);
        paint(stretch, if is_marked { Ink::Match } else { Ink::Plain }, style, out)?;
    }
    // Punctuation touches the match.
    let space = if line.right.starts_with(char::is_whitespace) { " " } else { "" };
    let after = format!("{space}{after}");
    writeln!(out, "{}", first_columns(&after, room).trim_end())
}

/// As much of the beginning of a text as fits.
fn first_columns(text: &str, most: usize) -> &str {
    let fits = |end: &usize| columns(&text[..*end]) <= most;
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    &text[..ends.take_while(fits).last().unwrap_or(0)]
}

/// As much of the end of a text as fits.
fn last_columns(text: &str, most: usize) -> &str {
    let fits = |start: &usize| columns(&text[*start..]) <= most;
    let starts = text.char_indices().rev().map(|(at, _)| at);
    &text[starts.take_while(fits).last().unwrap_or(text.len())..]
}

#[derive(serde::Serialize)]
struct ConcordanceShape<'a> {
    nutgraf: &'static str,
    query: QueryShape<'a>,
    index: IndexShape,
    total: TotalShape,
    lines: Vec<LineShape<'a>>,
}

impl<'a> ConcordanceShape<'a> {
    fn of(all: &'a Concordance) -> ConcordanceShape<'a> {
        ConcordanceShape {
            nutgraf: VERSION,
            query: QueryShape { text: &all.text, read_as: &all.read_as },
            index: IndexShape::of(&all.index),
            total: TotalShape::of(&all.total),
            lines: all.lines.iter().map(LineShape::of).collect(),
        }
    }

    fn lines(&self) -> &[LineShape<'a>] {
        &self.lines
    }
}

#[derive(serde::Serialize)]
struct LineShape<'a> {
    #[serde(rename = "ref")]
    reference: Ref,
    source: Option<&'a str>,
    date: Option<PubDate>,
    left: &'a str,
    #[serde(rename = "match")]
    matched: &'a str,
    right: &'a str,
    highlights: Vec<[usize; 2]>,
}

impl LineShape<'_> {
    fn of(line: &Line) -> LineShape<'_> {
        LineShape {
            reference: line.reference,
            source: line.source.as_deref().and_then(known),
            date: line.date,
            left: &line.left,
            matched: &line.matched,
            right: &line.right,
            highlights: code_points(&line.matched, &line.highlights),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{self, printed};
    use super::*;

    #[test]
    fn matches_stand_below_each_other() {
        let shown = printed(|out| print(&samples::concordance(), Format::Terminal, &Style::plain(), out));
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[0].find("frozen state assets, it says"), lines[1].find("制裁"), "{shown}");
        assert!(!shown.contains('\x1b'), "{shown}");
        for width in [40, 60, 200] {
            let style = Style { width, ..Style::plain() };
            let shown = printed(|out| print(&samples::concordance(), Format::Terminal, &style, out));
            assert!(shown.lines().all(|line| columns(line) <= width), "{width}: {shown}");
        }
    }
}
