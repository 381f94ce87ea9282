//! Counts over time -> bars of a terminal, JSON, CSV, a table of Markdown, a figure.

mod bars;
mod data;
mod figure;
mod terminal;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use super::delimited::Delimiter;
use super::style::Style;
use super::{Format, wording};
use crate::search::answer::{Apart, Count, Counts, Moment, OTHER, Timeline};

pub(super) use figure::figure;

/// Prints the periods, and what stands in none.
pub(super) fn print(timeline: &Timeline, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal::print(timeline, style, out),
        Format::Json => data::json(timeline, out),
        Format::Jsonl => data::lines(timeline, out),
        Format::Csv => data::rows(timeline, Delimiter::Comma, out),
        Format::Tsv => data::rows(timeline, Delimiter::Tab, out),
        Format::Md => data::markdown(timeline, out),
    }
}

/// What stands in a place of the periods for those that have none.
fn apart_name(apart: Apart) -> &'static str {
    match apart {
        Apart::MonthOnly => "month only",
        Apart::YearOnly => "year only",
        Apart::Undated => "undated",
    }
}

/// Whether the paragraphs of the index are told beside.
fn is_shared(timeline: &Timeline) -> bool {
    timeline.periods.iter().any(|moment| moment.of.is_some())
}

/// How much of all is matched, in per cent; none where there is nothing.
fn share(paragraphs: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| 100.0 * paragraphs as f64 / of as f64)
}

/// What a bar shows of a count: its share if there is one to tell, else its paragraphs.
fn height(count: &Count, of: Option<u64>) -> f64 {
    match of {
        Some(of) => share(count.paragraphs, of).unwrap_or(0.0),
        None => count.paragraphs as f64,
    }
}

/// The heights of the parts of a bar; one if nothing is split.
fn heights(Moment { counts: Counts { whole, parts }, of, .. }: &Moment, split: bool) -> Vec<f64> {
    let parts = if split { parts } else { std::slice::from_ref(whole) };
    parts.iter().map(|count| height(count, *of)).collect()
}

/// What has to be said of the numbers: how many there are in all, what is counted apart, and that values overlap.
fn notes(timeline: &Timeline) -> Vec<String> {
    let mut notes = vec![wording::totals_or_nothing(&timeline.total, &timeline.index)];
    let apart = timeline.apart.iter().map(|(apart, Counts { whole, .. })| {
        let how = match apart {
            Apart::MonthOnly => "of articles dated to the month only",
            Apart::YearOnly => "of articles dated to the year only",
            Apart::Undated => "of undated articles",
        };
        format!("{} {how}", wording::counted(whole.paragraphs, "paragraph"))
    });
    let apart: Vec<String> = apart.collect();
    if !apart.is_empty() {
        notes.push(format!("in no {}: {}", timeline.by.name(), apart.join(", ")));
    }
    if let Some(split) = &timeline.split {
        let field = &split.field;
        let rest = if split.values.iter().any(|value| value.path == OTHER) { "; other has none of these" } else { "" };
        notes.push(match field.as_str() {
            "source" | "lang" => format!("a paragraph has one {field} at most{rest}"),
            _ => format!("values overlap: a paragraph counts for each {field} that it has{rest}"),
        });
    }
    notes
}
