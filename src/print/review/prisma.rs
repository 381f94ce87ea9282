//! The flow of a review -> JSON, and the diagram of PRISMA 2020 (Page et al., BMJ 2021;372:n71) as SVG.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::summary::merged;
use crate::print::notation::pretty;
use crate::print::shapes::{IndexShape, VERSION};
use crate::print::svg::{EM, FONTS, LEADING, escaped, round, text, wrapped};
use crate::print::wording::provenance;
use crate::review::{Flow, Review, Stage};

/// Prints the numbers of the flow as one object.
pub fn prisma(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    let flow = &review.flow;
    let queries: Vec<Value> =
        flow.by_query.iter().map(|(name, count)| json!({"query": name, "paragraphs": count})).collect();
    let sources: Vec<Value> =
        flow.by_source.iter().map(|(name, count)| json!({"source": name, "paragraphs": count})).collect();
    let stages: Vec<Value> = flow.stages.iter().map(stage).collect();
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| drop(object.insert(key.to_owned(), value));
    put("nutgraf", json!(VERSION));
    put("title", json!(review.title));
    put("unit", json!(review.unit));
    put("index", serde_json::to_value(IndexShape::of(&review.index))?);
    put("identified_by_query", json!(queries));
    put("identified", json!(flow.identified));
    put("found_again", json!(flow.found_again));
    put("paragraphs", json!(flow.paragraphs));
    put("paragraphs_by_source", json!(sources));
    put("boilerplate", json!(flow.boilerplate));
    put("merged", json!(flow.merged));
    put("records", json!(flow.records));
    put("stages", json!(stages));
    put("included", json!(flow.included));
    pretty(&object, out)
}

fn stage(stage: &Stage) -> Value {
    let excluded: Vec<Value> =
        stage.excluded.iter().map(|(reason, count)| json!({"reason": reason, "records": count})).collect();
    json!({
        "stage": stage.name,
        "assessed": stage.assessed,
        "excluded": excluded,
        "undecided": stage.undecided,
        "included": stage.included,
    })
}

/// All lengths are in pixels.
const WIDTH: f64 = 860.0;
const MARGIN: f64 = 20.0;
/// The bar that names a phase, at the left.
const BAR: f64 = 26.0;
const LEFT: f64 = MARGIN + BAR + 16.0;
const BOX: f64 = 370.0;
const RIGHT: f64 = LEFT + BOX + 44.0;
const SIZE: f64 = 12.0;
const PAD: f64 = 9.0;
const GAP: f64 = 30.0;
/// The most lines of a list in a box; the rest is one.
const MOST_LISTED: usize = 8;

/// A row of the diagram: a box, and beside it what goes no further.
struct Row {
    phase: &'static str,
    main: Vec<String>,
    aside: Vec<String>,
}

/// Draws the flow as a diagram.
pub fn prisma_figure(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(&review.flow, review);
    let title = wrapped(&review.title, SIZE * 1.3, WIDTH - 2.0 * MARGIN);
    let top = MARGIN + title.len() as f64 * SIZE * 1.3 * LEADING + SIZE;
    // The name of a phase stands upright beside its rows.
    let upright = |row: &Row| (row.phase.len() as f64 + 1.0) * SIZE * EM;
    let alone = |row: &&Row| rows.iter().filter(|other| other.phase == row.phase).count() == 1;
    let least = |row: &Row| Some(row).filter(alone).map_or(0.0, upright);
    let heights: Vec<f64> = rows.iter().map(|row| height(&row.main).max(height(&row.aside)).max(least(row))).collect();
    let bottom = top + heights.iter().sum::<f64>() + GAP * (rows.len() - 1) as f64;
    let notes = wrapped(&provenance(&review.index), SIZE * 0.9, WIDTH - 2.0 * MARGIN);
    let total = round(bottom + (notes.len() as f64 + 1.0) * SIZE * LEADING + MARGIN / 2.0);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{total}\" viewBox=\"0 0 {WIDTH} {total}\" \
         role=\"img\" font-family=\"{FONTS}\" font-size=\"{SIZE}\" fill=\"#000\">"
    )?;
    writeln!(out, "<title>{}: PRISMA flow diagram</title>", escaped(&review.title))?;
    writeln!(
        out,
        "<defs><marker id=\"nutgraf-arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto\"><path d=\"M0,0L8,4L0,8z\"/></marker></defs>"
    )?;
    writeln!(out, "<rect width=\"{WIDTH}\" height=\"{total}\" fill=\"#fff\"/>")?;
    for (place, line) in title.iter().enumerate() {
        let y = MARGIN + (place as f64 + 0.8) * SIZE * 1.3 * LEADING;
        text(MARGIN, y, &format!(" font-size=\"{}\" font-weight=\"bold\"", SIZE * 1.3), line, out)?;
    }
    let mut y = top;
    for (place, (row, height)) in rows.iter().zip(&heights).enumerate() {
        boxed(LEFT, y, *height, &row.main, out)?;
        if !row.aside.is_empty() {
            boxed(RIGHT, y, *height, &row.aside, out)?;
            arrow(&format!("M{},{}H{}", LEFT + BOX, round(y + height / 2.0), RIGHT - 1.0), out)?;
        }
        if place + 1 < rows.len() {
            arrow(&format!("M{},{}v{}", LEFT + BOX / 2.0, round(y + height), GAP - 1.0), out)?;
        }
        y += height + GAP;
    }
    phases(&rows, &heights, top, out)?;
    for (place, note) in notes.iter().enumerate() {
        let y = bottom + (place as f64 + 1.6) * SIZE * LEADING;
        text(MARGIN, y, &format!(" font-size=\"{}\" fill=\"#444\"", SIZE * 0.9), note, out)?;
    }
    writeln!(out, "</svg>")
}

/// The rows, from what was identified to what is included.
fn rows(flow: &Flow, review: &Review) -> Vec<Row> {
    let mut main = vec![format!("Paragraphs identified (n = {})", flow.identified)];
    main.extend(listed("by query", flow.by_query.iter().map(|(name, count)| (name.clone(), *count))));
    let unnamed = |name: &Option<String>| name.clone().unwrap_or_else(|| "without a source".to_owned());
    let sources = flow.by_source.iter().map(|(name, count)| (unnamed(name), *count));
    let by = format!("different paragraphs (n = {}), by source", flow.paragraphs);
    main.extend(listed(&by, sources));
    let removed = flow.found_again + flow.boilerplate + flow.merged;
    let mut aside = vec![format!("Removed before screening (n = {removed})")];
    let kinds = [
        ("found again by another query", flow.found_again),
        ("boilerplate", flow.boilerplate),
        (merged(review.unit), flow.merged),
    ];
    aside.extend(kinds.iter().filter(|(_, count)| *count > 0).map(|(kind, count)| format!("   {kind} (n = {count})")));
    let mut rows = vec![Row { phase: "Identification", main: fitted(main), aside: fitted(aside) }];
    for (place, stage) in flow.stages.iter().enumerate() {
        let main = if place == 0 {
            vec![
                format!("Records (n = {})", flow.records),
                format!("assessed in {} (n = {})", stage.name, stage.assessed),
            ]
        } else {
            vec![format!("Records assessed in {} (n = {})", stage.name, stage.assessed)]
        };
        let excluded: u64 = stage.excluded.iter().map(|(_, count)| count).sum();
        let mut aside = vec![format!("Records excluded (n = {excluded})")];
        let unsaid = |reason: &Option<String>| reason.clone().unwrap_or_else(|| "no reason given".to_owned());
        let reasons = stage.excluded.iter().map(|(reason, count)| (unsaid(reason), *count));
        aside.extend(cut(reasons.collect()));
        if stage.undecided > 0 {
            aside.push(format!("Not decided yet (n = {})", stage.undecided));
        }
        rows.push(Row { phase: "Screening", main: fitted(main), aside: fitted(aside) });
    }
    let included = vec![format!("Records included (n = {})", flow.included)];
    rows.push(Row { phase: "Included", main: included, aside: Vec::new() });
    rows
}

/// A heading and a list below it, as lines.
fn listed(heading: &str, items: impl Iterator<Item = (String, u64)>) -> Vec<String> {
    std::iter::once(format!("{heading}:")).chain(cut(items.collect())).collect()
}

/// The first of a list as lines, and how much the others are together.
fn cut(items: Vec<(String, u64)>) -> Vec<String> {
    let shown = if items.len() > MOST_LISTED { MOST_LISTED - 1 } else { items.len() };
    let rest: u64 = items[shown..].iter().map(|(_, count)| count).sum();
    let others = items.len() - shown;
    let lines = items.into_iter().take(shown).map(|(name, count)| format!("   {name} (n = {count})"));
    lines.chain((others > 0).then(|| format!("   {others} others (n = {rest})"))).collect()
}

/// Lines that fit a box; what hangs over stands below, set in.
fn fitted(lines: Vec<String>) -> Vec<String> {
    lines
        .into_iter()
        .flat_map(|line| {
            let indent = if line.starts_with(' ') { "   " } else { "" };
            let width = BOX - 2.0 * PAD - indent.len() as f64 * SIZE * EM;
            let parts = wrapped(&line, SIZE, width);
            parts.into_iter().map(|part| format!("{indent}{part}")).collect::<Vec<_>>()
        })
        .collect()
}

fn height(lines: &[String]) -> f64 {
    if lines.is_empty() { 0.0 } else { lines.len() as f64 * SIZE * LEADING + 2.0 * PAD }
}

fn boxed(x: f64, y: f64, height: f64, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    let (y, height) = (round(y), round(height));
    writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{BOX}\" height=\"{height}\" fill=\"none\" stroke=\"#000\"/>")?;
    let first = y + (height - lines.len() as f64 * SIZE * LEADING) / 2.0;
    for (place, line) in lines.iter().enumerate() {
        let indent = (line.len() - line.trim_start().len()) as f64 * SIZE * EM * 0.6;
        text(x + PAD + indent, first + (place as f64 + 0.75) * SIZE * LEADING, "", line.trim_start(), out)?;
    }
    Ok(())
}

fn arrow(path: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<path d=\"{path}\" fill=\"none\" stroke=\"#000\" marker-end=\"url(#nutgraf-arrow)\"/>")
}

/// Draws the bars at the left, one for each phase.
fn phases(rows: &[Row], heights: &[f64], top: f64, out: &mut dyn Write) -> io::Result<()> {
    let mut y = top;
    for chunk in rows.iter().zip(heights).collect::<Vec<_>>().chunk_by(|a, b| a.0.phase == b.0.phase) {
        let height = chunk.iter().map(|(_, height)| **height).sum::<f64>() + GAP * (chunk.len() - 1) as f64;
        let phase = chunk[0].0.phase;
        let (from, length) = (round(y), round(height));
        writeln!(
            out,
            "<rect x=\"{MARGIN}\" y=\"{from}\" width=\"{BAR}\" height=\"{length}\" rx=\"5\" fill=\"#cfe2f3\" stroke=\"#000\"/>"
        )?;
        let (x, middle) = (MARGIN + BAR / 2.0 + SIZE / 3.0, round(from + length / 2.0));
        let turned = format!(" text-anchor=\"middle\" font-weight=\"bold\" transform=\"rotate(-90 {x} {middle})\"");
        text(x, middle, &turned, phase, out)?;
        y += height + GAP;
    }
    Ok(())
}
