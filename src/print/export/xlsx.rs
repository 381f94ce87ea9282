//! References -> a workbook: a sheet of records, a row each, and a sheet that says where they come from.
//!
//! Every cell is a text or a number, none a formula or a link, so that nothing in a text is ever run.

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{Reference, Sheet};
use crate::print::safe::clean;

/// The most characters of a cell, as UTF-16 units.
const MOST_UNITS: usize = 32_767;
/// What ends a text that was cut.
const CUT: &str = " […]";
/// The most rows of a sheet, the header among them.
const MOST_ROWS: usize = 1_048_576;

const COLUMNS: [(&str, f64); 16] = [
    ("record", 17.0),
    ("ref", 17.0),
    ("title", 50.0),
    ("source", 20.0),
    ("author", 20.0),
    ("date", 11.0),
    ("url", 30.0),
    ("lang", 6.0),
    ("paragraph", 10.0),
    ("text", 90.0),
    ("actors", 30.0),
    ("topics", 30.0),
    ("copies", 8.0),
    ("score", 8.0),
    ("found_by", 20.0),
    ("decision", 20.0),
];

pub(super) fn write(sheet: &Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    if sheet.references.len() >= MOST_ROWS {
        let what = format!("a sheet of xlsx has at most {MOST_ROWS} rows; export as csv");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    let bytes = book(sheet).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn book(sheet: &Sheet<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same records make the same bytes: a workbook would else tell when it was written.
    let never = ExcelDateTime::from_ymd(1980, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&never));
    let bold = Format::new().set_bold();
    let records = book.add_worksheet().set_name("records")?;
    for (column, (name, width)) in (0..).zip(COLUMNS) {
        records.write_string_with_format(0, column, name, &bold)?;
        records.set_column_width(column, width)?;
    }
    records.set_freeze_panes(1, 0)?;
    for (row, reference) in (1..).zip(&sheet.references) {
        self::row(records, row, reference)?;
    }
    if !sheet.references.is_empty() {
        records.autofilter(0, 0, sheet.references.len() as u32, COLUMNS.len() as u16 - 1)?;
    }
    let about = book.add_worksheet().set_name("about")?;
    about.set_column_width(0, 14)?.set_column_width(1, 100)?;
    let provenance = ("provenance", sheet.provenance.clone());
    for (row, (key, value)) in (0..).zip(sheet.about.iter().chain([&provenance])) {
        about.write_string_with_format(row, 0, *key, &bold)?;
        about.write_string(row, 1, cell(value))?;
    }
    book.save_to_buffer()
}

/// What stands in a cell.
enum Cell {
    Text(String),
    Number(f64),
}

fn row(records: &mut Worksheet, row: u32, reference: &Reference<'_>) -> Result<(), XlsxError> {
    let hit = reference.hit;
    let article = &hit.article;
    let text = |text: &str| Cell::Text(cell(text));
    let known = |value: Option<&str>| text(value.unwrap_or_default());
    let cells: [Cell; COLUMNS.len()] = [
        text(&reference.id),
        text(&hit.reference.to_string()),
        text(&article.title),
        known(article.source.as_deref()),
        known(article.author.as_deref()),
        text(&article.date.map(|date| date.to_string()).unwrap_or_default()),
        known(article.url.as_deref()),
        text(&article.lang),
        Cell::Number(hit.reference.paragraph.into()),
        text(&hit.text),
        text(&hit.actors.join("; ")),
        text(&hit.topics.join("; ")),
        Cell::Number(hit.duplicates.copies as f64),
        Cell::Number(hit.score),
        text(&reference.found_by.join("; ")),
        known(reference.verdict.as_deref()),
    ];
    for (column, cell) in (0..).zip(cells) {
        match cell {
            // A cell without anything is left out, or filters would list it as a value.
            Cell::Text(text) if text.is_empty() => {}
            Cell::Text(text) => drop(records.write_string(row, column, text)?),
            Cell::Number(number) => drop(records.write_number(row, column, number)?),
        }
    }
    Ok(())
}

/// A text as a cell takes it: clean, and cut with a mark where it is longer than a cell can be.
fn cell(text: &str) -> String {
    let text = clean(text);
    if text.len() <= MOST_UNITS || text.encode_utf16().count() <= MOST_UNITS {
        return text;
    }
    let mut units = CUT.len();
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= MOST_UNITS
    });
    kept.chain(CUT.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_with_a_mark() {
        let long = "😀".repeat(20_000);
        let cut = cell(&long);
        assert!(cut.ends_with(" […]") && cut.encode_utf16().count() <= MOST_UNITS);
        assert_eq!(cell("short"), "short");
    }
}
