//! Two facets at once -> a table of groups and paragraphs, or a list of pairs; JSON, CSV; a table of Markdown.
//!
//! The object of JSON: `nutgraf`, `query`, `index` and `total` as in an answer; `by` and `and`, the fields; `rows` and
//! `columns`, their values as in a facet; `cells`, each with `row`, `column`, `groups`, `paragraphs` and `articles`. JSON
//! lines and CSV hold the cells. Cells that are empty are left out.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use super::delimited::{Delimiter, cell, table};
use super::layout::text;
use super::markdown::escaped;
use super::safe::{Marked, clean};
use super::shapes::{FacetShape, IndexShape, QueryShape, TotalShape, VERSION};
use super::style::{Ink, Style, paint};
use super::wrap::{columns, lines};
use super::{Format, notation, wording};
use crate::search::answer::{Cell, Cross, FacetCount};

/// How much is shown to readers who ask for no number; programs are given all.
const ROWS: usize = 20;
const COLUMNS: usize = 8;
/// The widest column of numbers: a path is broken to fit above it.
const WIDEST: usize = 14;
/// What stands between two columns.
const GAP: usize = 2;

/// Prints a table, of each side the `top` first values, or, of one field with itself, the `top` first pairs.
pub(super) fn print(
    cross: &Cross,
    top: Option<usize>,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let for_readers = matches!(format, Format::Terminal | Format::Md);
    let shown = Shown::of(cross, top, for_readers);
    match format {
        Format::Terminal if shown.pairs => pairs(&shown, style, out),
        Format::Terminal => grid(&shown, style, out),
        Format::Json => notation::pretty(&CrossShape::of(&shown), out),
        Format::Jsonl => shown.cells.iter().try_for_each(|cell| notation::line(&CellShape::of(cell), out)),
        Format::Csv => rows(&shown, Delimiter::Comma, out),
        Format::Tsv => rows(&shown, Delimiter::Tab, out),
        Format::Md if shown.pairs => markdown_pairs(&shown, out),
        Format::Md => markdown(&shown, out),
    }
}

/// The part of a table that is printed.
struct Shown<'a> {
    cross: &'a Cross,
    pairs: bool,
    rows: &'a [FacetCount],
    columns: &'a [FacetCount],
    cells: Vec<&'a Cell>,
}

impl<'a> Shown<'a> {
    fn of(cross: &'a Cross, top: Option<usize>, for_readers: bool) -> Shown<'a> {
        let most = |usual: usize| top.unwrap_or(if for_readers { usual } else { usize::MAX });
        if cross.by == cross.and {
            let cells = cross.cells.iter().take(most(ROWS)).collect();
            return Shown { cross, pairs: true, rows: &cross.rows, columns: &cross.columns, cells };
        }
        let rows = &cross.rows[..most(ROWS).min(cross.rows.len())];
        let columns = &cross.columns[..most(COLUMNS).min(cross.columns.len())];
        let [of_rows, of_columns] =
            [rows, columns].map(|values| values.iter().map(|value| &*value.path).collect::<HashSet<_>>());
        let is_shown = |cell: &&Cell| of_rows.contains(&*cell.row) && of_columns.contains(&*cell.column);
        Shown { cross, pairs: false, rows, columns, cells: cross.cells.iter().filter(is_shown).collect() }
    }

    /// The rows as texts: path, the counts of the row itself, and its cells in the order of the columns.
    fn texts(&self) -> Vec<(&'a str, Vec<String>)> {
        let cells: HashMap<(&str, &str), &Cell> =
            self.cells.iter().map(|cell| ((&*cell.row, &*cell.column), *cell)).collect();
        let text = |row: &'a FacetCount| {
            let cells = self.columns.iter().map(|column| match cells.get(&(&*row.path, &*column.path)) {
                Some(cell) => format!("{}/{}", cell.groups, cell.paragraphs),
                None => "·".to_owned(),
            });
            (&*row.path, [format!("{}/{}", row.groups, row.paragraphs)].into_iter().chain(cells).collect())
        };
        self.rows.iter().map(text).collect()
    }

    /// How much there is, and how much of it is shown if so many of the columns are.
    fn notes(&self, columns: usize) -> Vec<String> {
        let Cross { by, and, total, index, .. } = self.cross;
        let mut notes = Vec::new();
        if self.pairs {
            if self.cells.len() < self.cross.cells.len() {
                notes.push(format!("shown: {} of {} pairs", self.cells.len(), self.cross.cells.len()));
            }
        } else if !self.rows.is_empty() {
            notes.push("a cell: groups/paragraphs that have both".to_owned());
            let (all_rows, all_columns) = (self.cross.rows.len(), self.cross.columns.len());
            if self.rows.len() < all_rows || columns < all_columns {
                let rows = self.rows.len();
                notes.push(format!(
                    "shown: {rows} of {all_rows} rows ({by}), {columns} of {all_columns} columns ({and})"
                ));
            }
        }
        notes.push(wording::totals_or_nothing(total, index));
        notes
    }
}

/// Prints as many columns as fit. A path that does not fit is broken over several lines.
fn grid(shown: &Shown<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let texts = shown.texts();
    let headers: Vec<String> =
        ["all".to_owned()].into_iter().chain(shown.columns.iter().map(|column| clean(&column.path))).collect();
    let widest_label = texts.iter().map(|(path, _)| columns(&clean(path))).max().unwrap_or(0);
    let label = widest_label.max(columns(&shown.cross.by)).min((style.width / 4).max(16));
    let width = |place: usize| {
        let cells = texts.iter().map(|(_, cells)| columns(&cells[place])).max().unwrap_or(0);
        let pieces = lines(&headers[place], WIDEST).into_iter().map(|range| columns(&headers[place][range]));
        cells.max(pieces.max().unwrap_or(0))
    };
    let mut widths: Vec<usize> = Vec::new();
    let mut taken = label;
    for place in 0..headers.len() {
        let width = width(place);
        taken = taken.saturating_add(GAP + width);
        // One column is shown whatever the width.
        if taken > style.width && widths.len() > 1 {
            break;
        }
        widths.push(width);
    }
    if !texts.is_empty() {
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        wide_row(&shown.cross.by, &headers, label, &widths, Ink::Dim, style, out)?;
        for (path, cells) in &texts {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            wide_row(&clean(path), &cells, label, &widths, Ink::Plain, style, out)?;
        }
        writeln!(out)?;
    }
    sentences(&shown.notes(widths.len().saturating_sub(1)), style, out)
}

/// Prints a label and cells, each over as many lines as it takes. The last line of each cell stands on one line, and so does
/// that of the label unless it is longer.
fn wide_row(
    label: &str,
    cells: &[&str],
    label_width: usize,
    widths: &[usize],
    ink: Ink,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let label_lines: Vec<&str> = lines(label, label_width).into_iter().map(|range| &label[range]).collect();
    let cell_lines: Vec<Vec<&str>> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| lines(cell, *width).into_iter().map(|range| &cell[range]).collect())
        .collect();
    let cells_height = cell_lines.iter().map(Vec::len).max().unwrap_or(0);
    for row in 0..label_lines.len().max(cells_height) {
        let above = cells_height.saturating_sub(label_lines.len());
        let piece = row.checked_sub(above).and_then(|row| label_lines.get(row)).copied().unwrap_or_default();
        let mut line = format!("{piece}{:gap$}", "", gap = label_width.saturating_sub(columns(piece)));
        for (pieces, width) in cell_lines.iter().zip(widths) {
            let above = cells_height - pieces.len();
            let piece = row.checked_sub(above).and_then(|row| pieces.get(row)).copied().unwrap_or_default();
            line.push_str(&format!("{:gap$}{piece}", "", gap = GAP + width.saturating_sub(columns(piece))));
        }
        paint(line.trim_end(), ink, style, out)?;
        writeln!(out)?;
    }
    Ok(())
}

fn pairs(shown: &Shown<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    const HEADERS: [&str; 3] = ["groups", "paragraphs", "articles"];
    let numbers = |cell: &Cell| [cell.groups, cell.paragraphs, cell.articles].map(|number| number.to_string());
    if !shown.cells.is_empty() {
        let [groups, paragraphs, articles] = std::array::from_fn(|place| {
            let widest = shown.cells.iter().map(|cell| numbers(cell)[place].len()).max().unwrap_or(0);
            widest.max(HEADERS[place].len())
        });
        let [first, second, third] = HEADERS;
        let lead = |first: &str, second: &str, third: &str| {
            format!("{first:>groups$}  {second:>paragraphs$}  {third:>articles$}")
        };
        let indent = lead(first, second, third).len() + GAP;
        let field = &shown.cross.by;
        let header = Marked { text: format!("{field} + {field}"), marks: vec![] };
        text(&header, Ink::Dim, &lead(first, second, third), indent, style, out)?;
        for cell in &shown.cells {
            let [first, second, third] = numbers(cell);
            let pair = Marked { text: clean(&format!("{} + {}", cell.row, cell.column)), marks: vec![] };
            text(&pair, Ink::Plain, &lead(&first, &second, &third), indent, style, out)?;
        }
        writeln!(out)?;
    }
    sentences(&shown.notes(0), style, out)
}

fn sentences(notes: &[String], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    notes.iter().try_for_each(|note| text(&Marked { text: clean(note), marks: vec![] }, Ink::Plain, "", 0, style, out))
}

fn markdown(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let headers: Vec<String> = shown.columns.iter().map(|column| format!(" {} |", escaped(&column.path))).collect();
    writeln!(out, "| {} | all |{}", escaped(&shown.cross.by), headers.concat())?;
    writeln!(out, "| --- |{}", " ---: |".repeat(1 + shown.columns.len()))?;
    for (path, cells) in shown.texts() {
        writeln!(out, "| {} | {} |", escaped(path), cells.join(" | "))?;
    }
    shown.notes(shown.columns.len()).iter().try_for_each(|note| writeln!(out, "\n{}", escaped(note)))
}

fn markdown_pairs(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let field = escaped(&shown.cross.by);
    writeln!(out, "| {field} | {field} | groups | paragraphs | articles |\n| --- | --- | ---: | ---: | ---: |")?;
    for Cell { row, column, groups, paragraphs, articles } in &shown.cells {
        writeln!(out, "| {} | {} | {groups} | {paragraphs} | {articles} |", escaped(row), escaped(column))?;
    }
    shown.notes(0).iter().try_for_each(|note| writeln!(out, "\n{}", escaped(note)))
}

/// Prints a row a cell.
fn rows(shown: &Shown<'_>, delimiter: Delimiter, out: &mut dyn Write) -> io::Result<()> {
    let rows = shown.cells.iter().map(|each| {
        let numbers = [each.groups, each.paragraphs, each.articles].map(|number| number.to_string());
        let [groups, paragraphs, articles] = numbers;
        [cell(&each.row), cell(&each.column), groups, paragraphs, articles]
    });
    table(&["row", "column", "groups", "paragraphs", "articles"], rows, delimiter, out)
}

#[derive(serde::Serialize)]
struct CrossShape<'a> {
    nutgraf: &'static str,
    query: QueryShape<'a>,
    index: IndexShape,
    total: TotalShape,
    by: &'a str,
    and: &'a str,
    rows: Vec<FacetShape<'a>>,
    columns: Vec<FacetShape<'a>>,
    cells: Vec<CellShape<'a>>,
}

impl CrossShape<'_> {
    fn of<'a>(shown: &Shown<'a>) -> CrossShape<'a> {
        let cross = shown.cross;
        CrossShape {
            nutgraf: VERSION,
            query: QueryShape { text: &cross.text, read_as: &cross.read_as },
            index: IndexShape::of(&cross.index),
            total: TotalShape::of(&cross.total),
            by: &cross.by,
            and: &cross.and,
            rows: shown.rows.iter().map(FacetShape::of).collect(),
            columns: shown.columns.iter().map(FacetShape::of).collect(),
            cells: shown.cells.iter().map(|cell| CellShape::of(cell)).collect(),
        }
    }
}

#[derive(serde::Serialize)]
struct CellShape<'a> {
    row: &'a str,
    column: &'a str,
    groups: u64,
    paragraphs: u64,
    articles: u64,
}

impl CellShape<'_> {
    fn of(&Cell { ref row, ref column, groups, paragraphs, articles }: &Cell) -> CellShape<'_> {
        CellShape { row, column, groups, paragraphs, articles }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{self, printed};
    use super::*;

    fn shown(pairs: bool, top: Option<usize>, format: Format, width: usize) -> String {
        let style = Style { width, ..Style::plain() };
        printed(|out| print(&samples::cross(pairs), top, format, &style, out))
    }

    #[test]
    fn tables_read_well() {
        assert_eq!(
            shown(false, None, Format::Terminal, 60),
            "                            /economy/
                           sanctions/
actor              all  frozen-assets  /diplomacy
/russia           7/11            5/7         1/1
/russia/           5/8              ·           ·
government/
vladimir-putin
/=a|\u{fffd}              1/1              ·         1/1

a cell: groups/paragraphs that have both
14 paragraphs in 9 groups, 8 articles, 4 sources
"
        );
        assert_eq!(
            shown(false, None, Format::Terminal, 40),
            "                            /economy/
                           sanctions/
actor              all  frozen-assets
/russia           7/11            5/7
/russia/           5/8              ·
government/
vladimir-putin
/=a|\u{fffd}              1/1              ·

a cell: groups/paragraphs that have both
shown: 3 of 3 rows (actor), 1 of 2
columns (topic)
14 paragraphs in 9 groups, 8 articles, 4
sources
"
        );
        assert_eq!(
            shown(false, Some(1), Format::Terminal, 200),
            "                   /economy/
                  sanctions/
actor     all  frozen-assets
/russia  7/11            5/7

a cell: groups/paragraphs that have both
shown: 1 of 3 rows (actor), 1 of 2 columns (topic)
14 paragraphs in 9 groups, 8 articles, 4 sources
"
        );
    }

    #[test]
    fn pairs_read_well() {
        assert_eq!(
            shown(true, None, Format::Terminal, 60),
            "\
groups  paragraphs  articles  actor + actor
     1           1         1  /=a|\u{fffd} + /russia
     1           1         1  /=a|\u{fffd} + /russia/government/
                              vladimir-putin

14 paragraphs in 9 groups, 8 articles, 4 sources
"
        );
        assert_eq!(
            shown(true, Some(1), Format::Terminal, 200),
            "\
groups  paragraphs  articles  actor + actor
     1           1         1  /=a|\u{fffd} + /russia

shown: 1 of 2 pairs
14 paragraphs in 9 groups, 8 articles, 4 sources
"
        );
    }

    #[test]
    fn tables_fit() {
        let mut wide = samples::cross(false);
        let column = wide.columns[0].clone();
        wide.columns = (0..30).map(|n| FacetCount { path: format!("{}/{n}", column.path), ..column.clone() }).collect();
        for width in [40, 60, 100, 200] {
            let style = Style { width, ..Style::plain() };
            let out = printed(|out| print(&wide, Some(30), Format::Terminal, &style, out));
            assert!(out.lines().all(|line| columns(line) <= width && !line.ends_with(' ')), "{width}: {out}");
            let found = out.lines().find_map(|line| line.strip_prefix("shown: 3 of 3 rows (actor), "));
            assert!(found.is_some(), "{width}: {out}");
        }
    }

    #[test]
    fn cells_are_rows() {
        assert_eq!(
            shown(false, None, Format::Csv, 60),
            "\
row,column,groups,paragraphs,articles
/russia,/economy/sanctions/frozen-assets,5,7,3
/russia,/diplomacy,1,1,1
/=a|\u{fffd},/diplomacy,1,1,1
"
        );
        assert_eq!(
            shown(true, None, Format::Tsv, 60),
            "\
row	column	groups	paragraphs	articles
/=a|\u{fffd}	/russia	1	1	1
/=a|\u{fffd}	/russia/government/vladimir-putin	1	1	1
"
        );
        assert_eq!(
            shown(false, None, Format::Md, 60),
            "\
| actor | all | /economy/sanctions/frozen-assets | /diplomacy |
| --- | ---: | ---: | ---: |
| /russia | 7/11 | 5/7 | 1/1 |
| /russia/government/vladimir-putin | 5/8 | · | · |
| /=a\\|\u{fffd} | 1/1 | · | 1/1 |

a cell: groups/paragraphs that have both

14 paragraphs in 9 groups, 8 articles, 4 sources
"
        );
        assert_eq!(
            shown(true, Some(1), Format::Md, 60),
            "\
| actor | actor | groups | paragraphs | articles |
| --- | --- | ---: | ---: | ---: |
| /=a\\|\u{fffd} | /russia | 1 | 1 | 1 |

shown: 1 of 2 pairs

14 paragraphs in 9 groups, 8 articles, 4 sources
"
        );
    }

    #[test]
    fn a_table_has_its_shape() {
        let json: serde_json::Value = serde_json::from_str(&shown(false, None, Format::Json, 60)).expect("JSON");
        let lines = shown(false, None, Format::Jsonl, 60);
        let lines: Vec<serde_json::Value> =
            lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(json["cells"], serde_json::Value::Array(lines));
        let named: Vec<&String> = json.as_object().expect("an object").keys().collect();
        assert_eq!(named, ["nutgraf", "query", "index", "total", "by", "and", "rows", "columns", "cells"]);
        let expected = serde_json::json!({
            "row": "/=a|\u{1b}", "column": "/diplomacy", "groups": 1, "paragraphs": 1, "articles": 1,
        });
        assert_eq!((&json["cells"][2], &json["columns"][1]["groups"]), (&expected, &2.into()));
        let few: serde_json::Value = serde_json::from_str(&shown(false, Some(1), Format::Json, 60)).expect("JSON");
        assert_eq!((few["rows"].as_array().map(Vec::len), few["cells"].as_array().map(Vec::len)), (Some(1), Some(1)));
    }
}
