//! Records -> a row or a line each; and how many records pairs of queries share.

use std::collections::HashSet;
use std::io::{self, Write};

use serde::Serialize;

use crate::print::delimited::{self, Delimiter, cell, list, optional};
use crate::print::notation::line;
use crate::print::shapes::HitShape;
use crate::review::{DECISION, Decided, Decisions, REASON, Record, Review};

/// What stands in a row before the cells of its hit, and behind them.
const FIRST: [&str; 3] = ["record", "queries", "found"];
const LAST: &str = "copies_listed";

/// Prints the records as comma-separated values: the columns of a hit, with the record's id, who found it and how many of
/// its paragraphs before them, and its copies by reference and the decisions of each stage behind them. With decisions
/// filled in, this file is a file of decisions.
pub fn records(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    // The article's own record has another name here.
    let hit = delimited::HIT.iter().map(|name| if *name == "record" { "article_record" } else { name });
    let stages = review.flow.stages.iter();
    let stages = stages.flat_map(|stage| [DECISION, REASON].map(|part| format!("{part}{}", stage.name)));
    let stages: Vec<String> = stages.collect();
    let header = FIRST.into_iter().chain(hit).chain([LAST]).chain(stages.iter().map(String::as_str));
    let header: Vec<&str> = header.collect();
    let rows = review.records.iter().map(|record| {
        let decided = record.decided.iter().flat_map(|decided| {
            let reason = decided.as_ref().and_then(|decided| decided.reason.as_deref());
            [word(decided.as_ref()).unwrap_or_default().to_owned(), optional(reason)]
        });
        let copies = record.hit.duplicates.others.iter().map(|copy| copy.reference.to_string());
        let copies = copies.collect::<Vec<String>>();
        let first = [cell(&record.id), list(&names(review, record)), record.paragraphs.to_string()];
        first.into_iter().chain(delimited::hit(&record.hit)).chain([list(&copies)]).chain(decided)
    });
    delimited::table(&header, rows, Delimiter::Comma, out)
}

#[derive(Serialize)]
struct RecordShape<'a> {
    record: &'a str,
    queries: Vec<String>,
    found: u64,
    decisions: Vec<DecisionShape<'a>>,
    hit: HitShape<'a>,
}

#[derive(Serialize)]
struct DecisionShape<'a> {
    stage: &'a str,
    decision: Option<&'static str>,
    reason: Option<&'a str>,
}

/// Prints the records as JSON lines.
pub fn record_lines(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    review.records.iter().try_for_each(|record| {
        let stages = review.flow.stages.iter().zip(&record.decided);
        let decisions = stages.map(|(stage, decided)| DecisionShape {
            stage: &stage.name,
            decision: word(decided.as_ref()),
            reason: decided.as_ref().and_then(|decided| decided.reason.as_deref()),
        });
        let decisions = decisions.collect();
        let queries = names(review, record);
        let (found, hit) = (record.paragraphs, HitShape::of(&record.hit));
        line(&RecordShape { record: &record.id, queries, found, decisions, hit }, out)
    })
}

/// Prints a row a query: its records, those that no other query found, and those that it shares with each query.
pub fn overlap(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<String> = review.queries.iter().map(|query| cell(&query.name)).collect();
    let header: Vec<&str> = ["query", "records", "alone"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let number = review.queries.len();
    let mut shared = vec![0_u64; number * number];
    for record in &review.records {
        for one in &record.queries {
            for other in &record.queries {
                shared[one * number + other] += 1;
            }
        }
    }
    let rows = review.queries.iter().enumerate().map(|(place, query)| {
        let first = [names[place].clone(), query.records.to_string(), query.alone.to_string()];
        let shared = shared[place * number..(place + 1) * number].iter().map(u64::to_string);
        first.into_iter().chain(shared).collect::<Vec<String>>()
    });
    delimited::table(&header, rows, Delimiter::Comma, out)
}

fn names(review: &Review, record: &Record) -> Vec<String> {
    record.queries.iter().map(|query| review.queries[*query].name.clone()).collect()
}

/// Prints all decisions that were given, those without effect among them, each once: a file of decisions for the next run.
pub fn decisions(given: &[Decisions], out: &mut dyn Write) -> io::Result<()> {
    let mut met = HashSet::new();
    let rows = given.iter().flat_map(|file| file.rows.iter().map(move |row| (file, row))).filter_map(|(file, row)| {
        let stage = row.stage.as_deref().or(file.stage.as_deref());
        let record = row.names.first().map_or("", String::as_str);
        let is_new = met.insert((record, stage, row.included, row.reason.as_deref()));
        let decision = if row.included { "include" } else { "exclude" };
        let place = [cell(&file.file), row.line.to_string()];
        let [file, line] = place;
        is_new
            .then(|| [cell(record), optional(stage), decision.to_owned(), optional(row.reason.as_deref()), file, line])
    });
    delimited::table(&["record", "stage", "decision", "reason", "file", "line"], rows, Delimiter::Comma, out)
}

/// A decision as a file of decisions has it.
fn word(decided: Option<&Decided>) -> Option<&'static str> {
    decided.map(|decided| if decided.included { "include" } else { "exclude" })
}
