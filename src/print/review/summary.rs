//! A review -> what is told of it when it has been run: its numbers, and what is new of it. And its receipt.

use std::io::{self, Write};

use crate::print::notation::pretty;
use crate::print::style::{Ink, Style, paint};
use crate::print::wording::{counted, novelty, provenance};
use crate::print::{html, markdown, safe, terminal};
use crate::review::{Flow, Receipt, RecordUnit, Review};

/// How arrivals are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Letter {
    /// For a terminal.
    Terminal,
    /// Markdown.
    Md,
    /// HTML, as a page of its own.
    Html,
}

/// Prints the receipt.
pub fn receipt(receipt: &Receipt, out: &mut dyn Write) -> io::Result<()> {
    pretty(receipt, out)
}

/// Prints how much each query found, and the numbers from there to what is included.
pub fn review(review: &Review, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    paint(&safe::clean(&review.title), Ink::Bold, style, out)?;
    writeln!(out, "\n\nparagraphs  records  alone  query")?;
    for query in &review.queries {
        let (paragraphs, name) = (query.total.paragraphs, safe::clean(&query.name));
        writeln!(out, "{paragraphs:>10}  {:>7}  {:>5}  {name}", query.records, query.alone)?;
    }
    writeln!(out)?;
    flow(&review.flow, review.unit).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// The numbers of a flow as lines.
fn flow(flow: &Flow, unit: RecordUnit) -> Vec<String> {
    let mut lines = vec![format!(
        "identified {}; found again {}, boilerplate {}, {} {}: {}",
        flow.identified,
        flow.found_again,
        flow.boilerplate,
        merged(unit),
        flow.merged,
        counted(flow.records, "record"),
    )];
    for stage in &flow.stages {
        let excluded: u64 = stage.excluded.iter().map(|(_, count)| count).sum();
        lines.push(format!(
            "{}: assessed {}, excluded {excluded}, undecided {}, included {}",
            safe::clean(&stage.name),
            stage.assessed,
            stage.undecided,
            stage.included
        ));
    }
    lines
}

/// What becomes one record.
pub(super) fn merged(unit: RecordUnit) -> &'static str {
    match unit {
        RecordUnit::Group => "copies of others",
        RecordUnit::Article => "of the same articles",
        RecordUnit::Paragraph => "merged",
    }
}

/// Prints the records of a review of arrivals, each with what was there before of it.
pub fn arrivals(review: &Review, letter: Letter, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut kinds = [("new", 0_u64), ("another copy", 0), ("edited copy", 0)];
    for of in review.records.iter().filter_map(|record| record.hit.novelty.as_ref()) {
        let word = novelty(of).0;
        kinds.iter_mut().filter(|(kind, _)| *kind == word).for_each(|(_, count)| *count += 1);
    }
    let [new, copies, edited] = kinds.map(|(_, count)| count);
    let summary = format!(
        "{} arrived: {new} new, {copies} another copy, {edited} edited copy",
        counted(review.records.len() as u64, "record")
    );
    let hits = review.records.iter().map(|record| &record.hit);
    match letter {
        Letter::Terminal => {
            let rank = review.records.len().to_string().len();
            for hit in hits {
                terminal::hit(hit, rank + 2, style, out)?;
                writeln!(out)?;
            }
            writeln!(out, "{summary}")
        }
        Letter::Md => {
            writeln!(out, "# {}\n\n{summary}\n", markdown::escaped(&review.title))?;
            for hit in hits {
                markdown::hit(hit, out)?;
            }
            writeln!(out, "{}", markdown::escaped(&provenance(&review.index)))
        }
        Letter::Html => html::page(&review.title, &[summary, provenance(&review.index)], hits, out),
    }
}
