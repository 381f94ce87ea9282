//! Who reprinted an outlet, and how late -> lines for reading, JSON, CSV, a table of Markdown.

use std::io::{self, Write};

use super::delimited::{Delimiter, cell, table};
use super::layout::text;
use super::markdown::escaped;
use super::safe::{Marked, clean};
use super::shapes::{IndexShape, QueryShape, TotalShape, VERSION};
use super::style::{Ink, Style};
use super::{Format, notation, wording};
use crate::search::answer::{Reprinter, Reprints};

/// Prints what each outlet reprinted, and behind them of how much.
pub(super) fn print(reprints: &Reprints, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal(reprints, style, out),
        Format::Json => notation::pretty(&ReprintsShape::of(reprints), out),
        Format::Jsonl => ReprintsShape::of(reprints).outlets.iter().try_for_each(|outlet| notation::line(outlet, out)),
        Format::Csv => rows(reprints, Delimiter::Comma, out),
        Format::Tsv => rows(reprints, Delimiter::Tab, out),
        Format::Md => markdown(reprints, out),
    }
}

/// Prints each outlet's numbers as a sentence below its name: a table of so many columns fits few terminals.
fn terminal(reprints: &Reprints, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for outlet in &reprints.outlets {
        text(&Marked { text: clean(&outlet.source), marks: vec![] }, Ink::Bold, "", 0, style, out)?;
        text(&Marked { text: sentence(outlet), marks: vec![] }, Ink::Plain, "", 2, style, out)?;
    }
    if !reprints.outlets.is_empty() {
        writeln!(out)?;
    }
    text(&Marked { text: clean(&summary(reprints)), marks: vec![] }, Ink::Plain, "", 0, style, out)
}

/// `5 groups, 6 paragraphs: 3 later (median 1 day), 1 on the same date, 1 earlier`.
fn sentence(outlet: &Reprinter) -> String {
    let median = outlet.median_days.map(|days| {
        let unit = if days == 1.0 { "day" } else { "days" };
        format!(" (median {days} {unit})")
    });
    let parts = [
        (outlet.later, format!("later{}", median.unwrap_or_default())),
        (outlet.same, "on the same date".to_owned()),
        (outlet.earlier, "earlier".to_owned()),
        (outlet.unknown, "at an unknown date".to_owned()),
    ];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0).map(|(number, how)| format!("{number} {how}"));
    let counts =
        [wording::counted(outlet.groups, "group"), wording::counted(outlet.paragraphs, "paragraph")].join(", ");
    format!("{counts}: {}", parts.collect::<Vec<_>>().join(", "))
}

/// Whose paragraphs they are, how many have copies, and how many of these other outlets have.
fn summary(reprints: &Reprints) -> String {
    let of = reprints.of.join(", ");
    if reprints.groups == 0 {
        return format!("no paragraph of {of} has copies among {}", wording::totals(&reprints.total));
    }
    let paragraphs = wording::counted(reprints.paragraphs, "paragraph");
    let groups = wording::counted(reprints.groups, "group");
    format!("{paragraphs} of {of} in {groups} of several copies, {} of them in other outlets", reprints.reprinted)
}

fn markdown(reprints: &Reprints, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| source | groups | paragraphs | later | same date | earlier | unknown | median days |")?;
    writeln!(out, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")?;
    for outlet in &reprints.outlets {
        let Reprinter { groups, paragraphs, later, same, earlier, unknown, .. } = outlet;
        let (source, median) = (escaped(&outlet.source), median(outlet));
        writeln!(out, "| {source} | {groups} | {paragraphs} | {later} | {same} | {earlier} | {unknown} | {median} |")?;
    }
    writeln!(out, "\n{}", escaped(&summary(reprints)))
}

fn median(outlet: &Reprinter) -> String {
    outlet.median_days.map(wording::decimal).unwrap_or_default()
}

/// Prints a row an outlet.
fn rows(reprints: &Reprints, delimiter: Delimiter, out: &mut dyn Write) -> io::Result<()> {
    let header = ["source", "groups", "paragraphs", "later", "same_date", "earlier", "unknown", "median_days"];
    let rows = reprints.outlets.iter().map(|outlet| {
        [
            cell(&outlet.source),
            outlet.groups.to_string(),
            outlet.paragraphs.to_string(),
            outlet.later.to_string(),
            outlet.same.to_string(),
            outlet.earlier.to_string(),
            outlet.unknown.to_string(),
            median(outlet),
        ]
    });
    table(&header, rows, delimiter, out)
}

#[derive(serde::Serialize)]
struct ReprintsShape<'a> {
    nutgraf: &'static str,
    query: QueryShape<'a>,
    index: IndexShape,
    total: TotalShape,
    copies_of: CopiedShape<'a>,
    outlets: Vec<OutletShape<'a>>,
}

#[derive(serde::Serialize)]
struct CopiedShape<'a> {
    sources: &'a [String],
    paragraphs: u64,
    groups: u64,
    reprinted: u64,
}

impl ReprintsShape<'_> {
    fn of(reprints: &Reprints) -> ReprintsShape<'_> {
        let Reprints { paragraphs, groups, reprinted, .. } = *reprints;
        ReprintsShape {
            nutgraf: VERSION,
            query: QueryShape { text: &reprints.text, read_as: &reprints.read_as },
            index: IndexShape::of(&reprints.index),
            total: TotalShape::of(&reprints.total),
            copies_of: CopiedShape { sources: &reprints.of, paragraphs, groups, reprinted },
            outlets: reprints.outlets.iter().map(OutletShape::of).collect(),
        }
    }
}

#[derive(serde::Serialize)]
struct OutletShape<'a> {
    source: &'a str,
    groups: u64,
    paragraphs: u64,
    later: u64,
    same_date: u64,
    earlier: u64,
    unknown: u64,
    median_days: Option<f64>,
}

impl OutletShape<'_> {
    fn of(outlet: &Reprinter) -> OutletShape<'_> {
        OutletShape {
            source: &outlet.source,
            groups: outlet.groups,
            paragraphs: outlet.paragraphs,
            later: outlet.later,
            same_date: outlet.same,
            earlier: outlet.earlier,
            unknown: outlet.unknown,
            median_days: outlet.median_days,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{self, printed};
    use super::*;

    fn shown(format: Format) -> String {
        let style = Style { width: 60, ..Style::plain() };
        printed(|out| print(&samples::reprints(), format, &style, out))
    }

    #[test]
    fn outlets_read_well() {
        assert_eq!(
            shown(Format::Terminal),
            "\
Example Gazette
  5 groups, 6 paragraphs: 2 later (median 1.5 days), 1 on
  the same date, 1 earlier, 1 at an unknown date
=Post|\u{fffd}
  1 group, 1 paragraph: 1 later

8 paragraphs of Reuters in 7 groups of several copies, 5 of
them in other outlets
"
        );
        let mut none = samples::reprints();
        none.groups = 0;
        let expected = "no paragraph of Reuters has copies among 14 paragraphs in 9 groups, 8 articles, 4 sources";
        assert_eq!(summary(&none), expected);
        none.outlets[1].median_days = Some(1.0);
        assert_eq!(sentence(&none.outlets[1]), "1 group, 1 paragraph: 1 later (median 1 day)");
    }

    #[test]
    fn outlets_are_rows() {
        assert_eq!(
            shown(Format::Md),
            "\
| source | groups | paragraphs | later | same date | earlier | unknown | median days |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| Example Gazette | 5 | 6 | 2 | 1 | 1 | 1 | 1.5 |
| \\=Post\\|\u{fffd} | 1 | 1 | 1 | 0 | 0 | 0 |  |

8 paragraphs of Reuters in 7 groups of several copies, 5 of them in other outlets
"
        );
        assert_eq!(
            shown(Format::Csv),
            "\
source,groups,paragraphs,later,same_date,earlier,unknown,median_days
Example Gazette,5,6,2,1,1,1,1.5
'=Post|\u{fffd},1,1,1,0,0,0,
"
        );
        assert_eq!(shown(Format::Tsv), shown(Format::Csv).replace(',', "\t"));
    }

    #[test]
    fn outlets_have_their_shape() {
        let json: serde_json::Value = serde_json::from_str(&shown(Format::Json)).expect("JSON");
        let lines = shown(Format::Jsonl);
        let lines: Vec<serde_json::Value> =
            lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(json["outlets"], serde_json::Value::Array(lines));
        let expected = serde_json::json!({"sources": ["Reuters"], "paragraphs": 8, "groups": 7, "reprinted": 5});
        assert_eq!(json["copies_of"], expected);
        let expected = serde_json::json!({
            "source": "Example Gazette", "groups": 5, "paragraphs": 6, "later": 2, "same_date": 1, "earlier": 1,
            "unknown": 1, "median_days": 1.5,
        });
        assert_eq!((&json["outlets"][0], &json["outlets"][1]["median_days"]), (&expected, &serde_json::Value::Null));
    }
}
