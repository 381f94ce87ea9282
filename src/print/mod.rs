//! Answers -> terminal, JSON, JSON lines, CSV, TSV, Markdown; counts over time also -> figures.
//!
//! What enters is plain data: an [`Answer`], [`FacetCounts`], a [`Page`], [`Section`]s. What leaves is bytes in one of
//! the [`Format`]s, one file each. Nothing here searches, opens a file, exits, or asks whether it writes to a
//! terminal: the caller does and says so in the [`Style`]. A closed pipe comes back as the `io::Error` that it is. What is written
//! to should be buffered: printers write in small pieces.
//!
//! Texts are hostile. No format sends a control character of a text raw, nor a mark that reorders a line; each format
//! says in its file what it sends instead.
//!
//! ```
//! use nutgraf::article::CorpusDigest;
//! use nutgraf::print::{Format, Style, answer};
//! use nutgraf::search::answer::{Answer, Holdings, Totals};
//!
//! let nothing = Answer {
//!     text: "frozen assets".into(),
//!     read_as: "(frozen AND assets)".into(),
//!     index: Holdings { generation: 3, corpus: CorpusDigest(0x5eed), articles: 120, paragraphs: 1873, groups: 1790 },
//!     total: Totals::default(),
//!     hits: vec![],
//!     facets: vec![],
//! };
//! let mut out = Vec::new();
//! answer(&nothing, Format::Terminal, &Style::plain(), &mut out)?;
//! assert_eq!(out, b"no paragraph matches: 1873 paragraphs in 120 articles were searched\n");
//! # Ok::<(), std::io::Error>(())
//! ```

mod changes;
mod code_points;
mod concordance;
mod copies;
mod cross;
mod delimited;
mod export;
mod html;
mod json;
mod layout;
mod markdown;
mod most_copied;
mod notation;
mod page;
mod reprints;
mod review;
mod safe;
mod shapes;
mod style;
mod svg;
mod terminal;
mod timeline;
mod why;
mod wording;
mod wrap;

#[cfg(test)]
mod samples;

use std::io::{self, Write};

use clap::ValueEnum;

use crate::search::answer::{Answer, Concordance, Cross, FacetCounts, History, MostCopied};
use crate::search::answer::{Page, Reprints, Timeline, Totals, Why};
use delimited::Delimiter;

pub use export::{Export, export, export_review};
pub use page::{Fact, Section};
pub use review::{
    Letter, arrivals, decisions, overlap, prisma, prisma_figure, receipt, record_lines, records, replay, review,
};
pub use style::Style;

/// How something is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For reading: wrapped, with the matched words marked where there is colour.
    #[default]
    Terminal,
    /// One JSON object; docs/answer.schema.json describes the one of an answer.
    Json,
    /// JSON lines: the hits alone, one a line.
    Jsonl,
    /// Comma-separated values with a header row.
    Csv,
    /// Tab-separated values with a header row.
    Tsv,
    /// Markdown, for notes and reports.
    Md,
}

/// Prints an answer: its hits, the facets that were asked for, the totals. JSON lines and CSV hold the hits alone.
pub fn answer(answer: &Answer, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal::answer(answer, style, out),
        Format::Json => json::answer(answer, out),
        Format::Jsonl => json::hits(answer, out),
        Format::Csv => delimited::answer(answer, Delimiter::Comma, out),
        Format::Tsv => delimited::answer(answer, Delimiter::Tab, out),
        Format::Md => markdown::answer(answer, style, out),
    }
}

/// Prints an answer as a page of HTML. `all_copies` says that each hit is a paragraph, not a group of copies.
pub fn answer_page(answer: &Answer, all_copies: bool, out: &mut dyn Write) -> io::Result<()> {
    html::answer(answer, all_copies, out)
}

/// Prints a whole answer as one line of JSON, the same object as [`Format::Json`]: for a stream of questions, where
/// each answer, an empty one too, must stay a line of its own.
pub fn answer_line(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    json::answer_line(answer, out)
}

/// Prints one line of JSON that says why a question of a stream has no answer.
pub fn failure_line(question: &str, why: &str, out: &mut dyn Write) -> io::Result<()> {
    json::failure_line(question, why, out)
}

/// A text without anything that a terminal would obey, its lines and columns kept: for messages that quote files and
/// questions.
pub fn message(text: &str) -> String {
    text.chars().map(|c| if c != '\n' && safe::is_hostile(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Prints how much matches, without the hits.
pub fn count(answer: &Answer, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal::count(answer, style, out),
        Format::Json => json::count(answer, out),
        Format::Jsonl => json::count_line(answer, out),
        Format::Csv => delimited::count(answer, Delimiter::Comma, out),
        Format::Tsv => delimited::count(answer, Delimiter::Tab, out),
        Format::Md => markdown::count(answer, style, out),
    }
}

/// Prints facets alone, with the totals that they are parts of.
pub fn facets(
    facets: &[FacetCounts],
    total: &Totals,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Terminal => terminal::facets(facets, total, style, out),
        Format::Json => json::facets(facets, total, out),
        Format::Jsonl => json::facet_lines(facets, out),
        Format::Csv => delimited::facets(facets, Delimiter::Comma, out),
        Format::Tsv => delimited::facets(facets, Delimiter::Tab, out),
        Format::Md => markdown::facets(facets, total, out),
    }
}

/// Prints an article, or a paragraph in its surroundings. JSON lines and CSV hold a paragraph each line or row.
pub fn page(page: &Page, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal::page(page, style, out),
        Format::Json => json::page(page, out),
        Format::Jsonl => json::page_lines(page, out),
        Format::Csv => delimited::page(page, Delimiter::Comma, out),
        Format::Tsv => delimited::page(page, Delimiter::Tab, out),
        Format::Md => markdown::page(page, out),
    }
}

/// Prints a concordance. JSON lines and CSV hold a match each line or row.
pub fn concordance(all: &Concordance, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    concordance::print(all, format, style, out)
}

/// Prints why something matches a question, or does not. JSON lines and CSV hold a part of the question each line or row.
pub fn why(why: &Why, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    why::print(why, format, style, out)
}

/// Prints the history of a group of copies. JSON lines and CSV hold a copy each line or row.
pub fn history(history: &History, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    copies::print(history, format, style, out)
}

/// Prints the groups of copies that are copied most. JSON lines and CSV hold a group each line or row.
pub fn most_copied(most: &MostCopied, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    most_copied::print(most, format, style, out)
}

/// Prints who reprinted an outlet, and how late. JSON lines and CSV hold an outlet each line or row.
pub fn reprints(reprints: &Reprints, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    reprints::print(reprints, format, style, out)
}

/// Prints counts over time. JSON lines and CSV hold a period each line, or a row for it and for each value it is split by.
pub fn timeline(timeline: &Timeline, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    timeline::print(timeline, format, style, out)
}

/// Draws counts over time as a figure in SVG.
pub fn timeline_figure(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    timeline::figure(timeline, out)
}

/// Prints a cross table of two facets, of each side the `top` first values; of one with itself the `top` first pairs.
/// Where no number is given, readers are shown as much as is easily read, and programs all. JSON lines and CSV hold a cell
/// each line or row.
pub fn cross(cross: &Cross, top: Option<usize>, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    cross::print(cross, top, format, style, out)
}

/// Prints facts about an index.
pub fn info(sections: &[Section], format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal::info(sections, style, out),
        Format::Json => json::info(sections, out),
        Format::Jsonl => json::info_lines(sections, out),
        Format::Csv => delimited::info(sections, Delimiter::Comma, out),
        Format::Tsv => delimited::info(sections, Delimiter::Tab, out),
        Format::Md => markdown::info(sections, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pipe whose reader has gone.
    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_comes_back_as_one() {
        for format in Format::value_variants() {
            let error = answer(&samples::answer(), *format, &Style::plain(), &mut Closed).expect_err("it is closed");
            assert_eq!(error.kind(), io::ErrorKind::BrokenPipe, "{format:?}");
        }
    }

    #[test]
    fn every_format_prints_everything() {
        for format in Format::value_variants() {
            let (sample, style) = (samples::answer(), Style::plain());
            for out in [
                samples::printed(|out| answer(&sample, *format, &style, out)),
                samples::printed(|out| count(&sample, *format, &style, out)),
                samples::printed(|out| facets(&sample.facets, &sample.total, *format, &style, out)),
                samples::printed(|out| page(&samples::page(), *format, &style, out)),
                samples::printed(|out| info(&samples::sections(), *format, &style, out)),
                samples::printed(|out| concordance(&samples::concordance(), *format, &style, out)),
                samples::printed(|out| why(&samples::why(), *format, &style, out)),
                samples::printed(|out| history(&samples::history(), *format, &style, out)),
                samples::printed(|out| most_copied(&samples::most_copied(), *format, &style, out)),
                samples::printed(|out| reprints(&samples::reprints(), *format, &style, out)),
                samples::printed(|out| timeline(&samples::timeline(true, true), *format, &style, out)),
                samples::printed(|out| cross(&samples::cross(false), None, *format, &style, out)),
                samples::printed(|out| cross(&samples::cross(true), None, *format, &style, out)),
            ] {
                assert!(out.ends_with('\n'), "{format:?}: {out}");
                assert!(!out.contains(['\x1b', '\r']), "{format:?}: {out}");
            }
        }
    }
}
