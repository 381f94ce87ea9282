//! The most copied paragraphs -> a ranked list, JSON, CSV, a table of Markdown.

use std::io::{self, Write};

use super::delimited::{Delimiter, cell, date, optional, table};
use super::layout::{fields, text};
use super::markdown::escaped;
use super::safe::{Marked, clean};
use super::shapes::{IndexShape, QueryShape, TotalShape, VERSION, known};
use super::style::{Ink, Style};
use super::{Format, notation, wording};
use crate::article::{PubDate, Ref};
use crate::search::answer::{CopiedGroup, MostCopied};

/// Prints each group by its oldest matching copy, and behind them how many there are.
pub(super) fn print(most: &MostCopied, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal(most, style, out),
        Format::Json => notation::pretty(&MostCopiedShape::of(most), out),
        Format::Jsonl => MostCopiedShape::of(most).groups.iter().try_for_each(|group| notation::line(group, out)),
        Format::Csv => rows(most, Delimiter::Comma, out),
        Format::Tsv => rows(most, Delimiter::Tab, out),
        Format::Md => markdown(most, out),
    }
}

fn terminal(most: &MostCopied, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let indent = most.groups.last().map_or(0, |group| group.rank.to_string().len()) + 2;
    for group in &most.groups {
        let head = Marked { text: extent(group), marks: vec![] };
        text(&head, Ink::Bold, &format!("{}.", group.rank), indent, style, out)?;
        let about = [group.source.clone(), Some(wording::date(group.first)), Some(group.reference.to_string())];
        fields(about.into_iter().flatten(), " · ", indent, style, out)?;
        text(&Marked { text: clean(&group.text), marks: vec![] }, Ink::Plain, "", indent, style, out)?;
        writeln!(out)?;
    }
    text(&Marked { text: summary(most), marks: vec![] }, Ink::Plain, "", 0, style, out)
}

/// `2 of 3 copies, 2 outlets, 2024-06-14 to 2024-06-15`.
fn extent(group: &CopiedGroup) -> String {
    let copies = wording::copies_counted(group.copies);
    let copies = if group.matching < group.copies { format!("{} of {copies}", group.matching) } else { copies };
    let period = wording::period(group.first, group.last);
    [copies, wording::counted(group.outlets, "outlet")].into_iter().chain(period).collect::<Vec<_>>().join(", ")
}

/// How many groups of copies match, and which of them are shown.
fn summary(most: &MostCopied) -> String {
    let total = wording::totals(&most.total);
    if most.copied == 0 {
        return format!("no copies among {total}");
    }
    let shown = match (most.groups.first(), most.groups.last()) {
        (Some(first), Some(last)) if first.rank == last.rank => format!("group {} of {}", first.rank, most.copied),
        (Some(first), Some(last)) => format!("groups {}–{} of {}", first.rank, last.rank, most.copied),
        _ => "none of them".to_owned(),
    };
    let groups = if most.copied == 1 { "1 group".to_owned() } else { format!("{} groups", most.copied) };
    format!("{groups} of several copies among {total}; shown: {shown}")
}

fn markdown(most: &MostCopied, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| matching | copies | outlets | first | last | | |")?;
    writeln!(out, "| ---: | ---: | ---: | --- | --- | --- | --- |")?;
    for group in &most.groups {
        let CopiedGroup { matching, copies, outlets, reference, .. } = group;
        let [first, last] = [group.first, group.last].map(wording::date);
        let text = escaped(&group.text);
        writeln!(out, "| {matching} | {copies} | {outlets} | {first} | {last} | `{reference}` | {text} |")?;
    }
    writeln!(out, "\n{}", summary(most))
}

/// Prints a row a group.
fn rows(most: &MostCopied, delimiter: Delimiter, out: &mut dyn Write) -> io::Result<()> {
    let header = ["rank", "group", "matching", "copies", "outlets", "first", "last", "ref", "source", "text"];
    let rows = most.groups.iter().map(|group| {
        [
            group.rank.to_string(),
            cell(&group.group),
            group.matching.to_string(),
            group.copies.to_string(),
            group.outlets.to_string(),
            date(group.first),
            date(group.last),
            group.reference.to_string(),
            optional(group.source.as_deref()),
            cell(&group.text),
        ]
    });
    table(&header, rows, delimiter, out)
}

#[derive(serde::Serialize)]
struct MostCopiedShape<'a> {
    nutgraf: &'static str,
    query: QueryShape<'a>,
    index: IndexShape,
    total: TotalShape,
    copied: u64,
    groups: Vec<GroupShape<'a>>,
}

impl MostCopiedShape<'_> {
    fn of(most: &MostCopied) -> MostCopiedShape<'_> {
        MostCopiedShape {
            nutgraf: VERSION,
            query: QueryShape { text: &most.text, read_as: &most.read_as },
            index: IndexShape::of(&most.index),
            total: TotalShape::of(&most.total),
            copied: most.copied,
            groups: most.groups.iter().map(GroupShape::of).collect(),
        }
    }
}

#[derive(serde::Serialize)]
struct GroupShape<'a> {
    rank: u64,
    group: &'a str,
    matching: u64,
    copies: u64,
    outlets: u64,
    first: Option<PubDate>,
    last: Option<PubDate>,
    #[serde(rename = "ref")]
    reference: Ref,
    source: Option<&'a str>,
    text: &'a str,
}

impl GroupShape<'_> {
    fn of(group: &CopiedGroup) -> GroupShape<'_> {
        GroupShape {
            rank: group.rank,
            group: &group.group,
            matching: group.matching,
            copies: group.copies,
            outlets: group.outlets,
            first: group.first,
            last: group.last,
            reference: group.reference,
            source: group.source.as_deref().and_then(known),
            text: &group.text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{self, printed};
    use super::*;

    fn shown(format: Format) -> String {
        let style = Style { width: 60, ..Style::plain() };
        printed(|out| print(&samples::most_copied(), format, &style, out))
    }

    #[test]
    fn a_list_reads_well() {
        assert_eq!(
            shown(Format::Terminal),
            "\
1. 3 of 5 copies, 2 outlets, 2025-05-28 to 2025-06
   Reuters · 2025-05-28 · 0000000000sc#4
   The assets, frozen since 2022, lie in Brussels, where
   nobody may touch them.

2. 2 copies, 0 outlets
   undated · 0000000000sd#1
   = a |\u{fffd}[2J text

7 groups of several copies among 14 paragraphs in 9 groups,
8 articles, 4 sources; shown: groups 1–2 of 7
"
        );
        let mut none = samples::most_copied();
        none.groups.clear();
        assert!(summary(&none).ends_with("; shown: none of them"));
        none.copied = 0;
        assert_eq!(summary(&none), "no copies among 14 paragraphs in 9 groups, 8 articles, 4 sources");
    }

    #[test]
    fn a_list_is_a_table() {
        assert_eq!(
            shown(Format::Md),
            "\
| matching | copies | outlets | first | last | | |
| ---: | ---: | ---: | --- | --- | --- | --- |
| 3 | 5 | 2 | 2025-05-28 | 2025-06 | `0000000000sc#4` | The assets, frozen since 2022, lie in Brussels, where nobody may touch them. |
| 2 | 2 | 0 | undated | undated | `0000000000sd#1` | \\= a \\|\u{fffd}\\[2J text |

7 groups of several copies among 14 paragraphs in 9 groups, 8 articles, 4 sources; shown: groups 1–2 of 7
"
        );
        assert_eq!(
            shown(Format::Csv),
            "\
rank,group,matching,copies,outlets,first,last,ref,source,text
1,g1,3,5,2,2025-05-28,2025-06,0000000000sc#4,Reuters,\"The assets, frozen since 2022, lie in Brussels, where nobody may touch them.\"
2,g2,2,2,0,,,0000000000sd#1,,'= a |\u{fffd}[2J text
"
        );
        assert_eq!(shown(Format::Tsv).lines().count(), 3);
    }

    #[test]
    fn a_list_has_its_shape() {
        let json: serde_json::Value = serde_json::from_str(&shown(Format::Json)).expect("JSON");
        let lines = shown(Format::Jsonl);
        let lines: Vec<serde_json::Value> =
            lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(json["groups"], serde_json::Value::Array(lines));
        assert_eq!((&json["copied"], &json["total"]["groups"]), (&7.into(), &9.into()));
        let expected = serde_json::json!({
            "rank": 2, "group": "g2", "matching": 2, "copies": 2, "outlets": 0, "first": null, "last": null,
            "ref": "0000000000sd#1", "source": null, "text": "= a |\u{1b}[2J text",
        });
        assert_eq!(json["groups"][1], expected);
    }
}
