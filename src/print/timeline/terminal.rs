//! Counts over time -> a bar a period. What does not fit beside the bars is left out, and said.

use std::io::{self, Write};

use super::super::layout::text;
use super::super::safe::{Marked, clean};
use super::super::style::{Ink, Style, paint};
use super::super::wording;
use super::bars::{REST, fill, plain, stacked};
use super::{heights, is_shared, notes, share};
use crate::search::answer::{Moment, OTHER, Split, Timeline};

/// The shortest bars that numbers are left out for.
const SHORTEST: usize = 16;
/// The width of lines that nobody limits.
const UNLIMITED: usize = 100;
/// What stands between two columns.
const GAP: usize = 2;

/// A column of numbers.
struct Column {
    header: &'static str,
    cells: Vec<String>,
}

impl Column {
    fn of(header: &'static str, timeline: &Timeline, cell: impl Fn(&Moment) -> String) -> Column {
        Column { header, cells: timeline.periods.iter().map(cell).collect() }
    }

    fn width(&self) -> usize {
        self.cells.iter().map(String::len).max().unwrap_or(0).max(self.header.len())
    }
}

pub(super) fn print(timeline: &Timeline, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut left_out = Vec::new();
    if !timeline.periods.is_empty() {
        left_out = table(timeline, style, out)?;
        writeln!(out)?;
        legend(timeline, style, out)?;
    }
    if !left_out.is_empty() {
        sentence(&format!("left out for want of room: {}", left_out.join(", ")), style, out)?;
    }
    notes(timeline).iter().try_for_each(|note| sentence(note, style, out))
}

/// Prints numbers and bars; returns the columns that were left out.
fn table(timeline: &Timeline, style: &Style, out: &mut dyn Write) -> io::Result<Vec<&'static str>> {
    let width = if style.width == Style::plain().width { UNLIMITED } else { style.width };
    let mut columns = vec![Column::of("paragraphs", timeline, |moment| moment.counts.whole.paragraphs.to_string())];
    if is_shared(timeline) {
        columns.push(Column::of("of", timeline, |moment| moment.of.unwrap_or(0).to_string()));
        columns.push(Column::of("share", timeline, |moment| {
            let share = share(moment.counts.whole.paragraphs, moment.of.unwrap_or(0));
            share.map_or_else(|| "–".to_owned(), |share| format!("{share:.2}%"))
        }));
    }
    // These go first where the terminal is narrow.
    columns.push(Column::of("groups", timeline, |moment| moment.counts.whole.groups.to_string()));
    columns.push(Column::of("articles", timeline, |moment| moment.counts.whole.articles.to_string()));
    let labels: Vec<String> = timeline.periods.iter().map(|moment| moment.period.to_string()).collect();
    let unit = timeline.by.name();
    let label = labels.iter().map(String::len).max().unwrap_or(0).max(unit.len());
    let taken = |columns: &[Column]| label + GAP + columns.iter().map(|column| column.width() + GAP).sum::<usize>();
    let mut left_out = Vec::new();
    while columns.len() > 1 && taken(&columns) + SHORTEST > width {
        left_out.extend(columns.pop().map(|column| column.header));
    }
    let bar = width.saturating_sub(taken(&columns)).max(1);

    let mut header = format!("{unit:label$}");
    for column in &columns {
        header.push_str(&format!("{:GAP$}{:>width$}", "", column.header, width = column.width()));
    }
    paint(&header, Ink::Dim, style, out)?;
    writeln!(out)?;
    let heights: Vec<Vec<f64>> =
        timeline.periods.iter().map(|moment| heights(moment, timeline.split.is_some())).collect();
    let highest = heights.iter().map(|parts| parts.iter().sum()).fold(f64::MIN_POSITIVE, f64::max);
    for (row, (label_text, parts)) in labels.iter().zip(&heights).enumerate() {
        let mut line = format!("{label_text:label$}");
        for column in &columns {
            line.push_str(&format!("{:GAP$}{:>width$}", "", column.cells[row], width = column.width()));
        }
        let drawn = match &timeline.split {
            None => plain(parts.iter().sum::<f64>() / highest, bar),
            Some(split) => {
                let parts = fills(split).zip(parts).map(|(fill, part)| (fill, part / highest));
                stacked(&parts.collect::<Vec<_>>(), bar)
            }
        };
        line.push_str(&format!("{:GAP$}{drawn}", ""));
        writeln!(out, "{}", line.trim_end())?;
    }
    left_out.reverse();
    Ok(left_out)
}

/// The fill of each value.
fn fills(split: &Split) -> impl Iterator<Item = char> {
    split.values.iter().enumerate().map(|(place, value)| if value.path == OTHER { REST } else { fill(place) })
}

/// Prints what the fills stand for, each with its total.
fn legend(timeline: &Timeline, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(split) = &timeline.split else { return Ok(()) };
    for (value, fill) in split.values.iter().zip(fills(split)) {
        let paragraphs = wording::counted(value.paragraphs, "paragraph");
        let groups = wording::counted(value.groups, "group");
        sentence(&format!("{fill} {}: {paragraphs} in {groups}", value.path), style, out)?;
    }
    writeln!(out)
}

fn sentence(words: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    text(&Marked { text: clean(words), marks: vec![] }, Ink::Plain, "", 0, style, out)
}
