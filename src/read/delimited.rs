//! Tables: a header row and one article a row. The cutting is the csv library's; its rows are decoded when read.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};

use super::cut::Cutter;
use super::draft::{Draft, Place};
use super::record::Piece;
use super::{Options, Skipped, encoding, fields};

/// One row, and the names of its columns.
#[derive(Debug, Clone)]
pub(super) struct Row {
    header: Arc<Vec<String>>,
    cells: ByteRecord,
}

impl Row {
    /// How many bytes its cells hold.
    pub(super) fn size(&self) -> usize {
        self.cells.as_slice().len()
    }

    /// Whether a cell holds U+FFFD.
    pub(super) fn holds_replacement(&self) -> bool {
        self.cells.as_slice().windows(3).any(|bytes| bytes == "\u{fffd}".as_bytes())
    }
}

/// Cuts a table into rows. Without a known separator, it is the one that the header has most of.
pub(super) fn cut(reader: &mut dyn BufRead, separator: Option<u8>, out: &mut Cutter<'_>) -> ControlFlow<()> {
    let declared = match declared(reader) {
        Ok(declared) => declared,
        Err(error) => return out.fail_reading(None, &error),
    };
    // The line that names the separator is no row, but it counts.
    let lines_before = u64::from(declared.is_some());
    let separator = match declared.or(separator).map_or_else(|| sniffed(reader), Ok) {
        Ok(separator) => separator,
        Err(error) => return out.fail_reading(None, &error),
    };
    let limit = out.limits.record_bytes;
    let left = Rc::new(Cell::new(limit));
    let quotes = Rc::new(Cell::new(Quotes { separator, at: At::Start, line: 1 + lines_before, opened: 0 }));
    let metered = Metered { inner: reader, left: Rc::clone(&left), quotes: Rc::clone(&quotes) };
    let mut rows = ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(metered);
    let mut cells = ByteRecord::new();
    let mut header: Option<Arc<Vec<String>>> = None;
    let (mut position, mut line) = (0, 1 + lines_before);
    loop {
        left.set(limit);
        match rows.read_byte_record(&mut cells) {
            Ok(false) if header.is_none() => return out.fail(None, "no header row"),
            Ok(false) => return ControlFlow::Continue(()),
            // The last row alone can end so, and what it swallowed is no article.
            Ok(true) if quotes.get().at == At::Unclosed => {
                return out.fail(Some(quotes.get().opened), "a quotation mark is never closed");
            }
            Ok(true) => {}
            Err(error) => {
                return match error.into_kind() {
                    csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => out.fail(
                        Some(line),
                        format!("too large: a row of more than {limit} bytes, or a quote that is never closed"),
                    ),
                    csv::ErrorKind::Io(error) => out.fail_reading(Some(line), &error),
                    _ => out.fail(Some(line), "not a table"),
                };
            }
        }
        line = cells.position().map_or(line, |at| at.line() + lines_before);
        match &header {
            None => {
                let names = cells.iter().map(|name| encoding::text_of(name).0.trim().to_owned());
                header = Some(Arc::new(names.collect()));
            }
            Some(header) => {
                position += 1;
                let row = Row { header: Arc::clone(header), cells: cells.clone() };
                out.emit(Some(line), Some(position), Piece::Row(row))?;
            }
        }
    }
}

/// Reads one row, and says whether bytes were replaced.
///
/// # Errors
///
/// [`Skipped`] if it has no text.
pub(super) fn read(row: &Row, place: &Place<'_>, options: &Options) -> Result<(Draft, bool), Skipped> {
    let mut members = Map::new();
    let mut any_replaced = false;
    for (name, cell) in row.header.iter().zip(&row.cells) {
        let (text, replaced) = encoding::text_of(cell);
        any_replaced |= replaced;
        if !name.is_empty() && !text.trim().is_empty() {
            members.entry(name.clone()).or_insert_with(|| Value::String(text.into_owned()));
        }
    }
    let mut draft = fields::draft(&members, true, place, options)?;
    if place.position == Some(1) {
        draft.doubts.extend(fields::missed(&row.header, &options.mapping));
    }
    if row.cells.len() != row.header.len() {
        let (cells, names) = (row.cells.len(), row.header.len());
        draft.doubts.push(format!("the row has {cells} cells, the header {names}"));
    }
    Ok((draft, any_replaced))
}

/// The separator that a first line such as `sep=;` names, as Excel writes and reads it; the line is read past.
fn declared(reader: &mut dyn BufRead) -> io::Result<Option<u8>> {
    let start = reader.fill_buf()?;
    let Some(end) = start.iter().take(16).position(|byte| *byte == b'\n') else { return Ok(None) };
    let line = start[..end].strip_suffix(b"\r").unwrap_or(&start[..end]);
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let separator = match line {
        [name @ .., b'=', separator] if name.eq_ignore_ascii_case(b"sep") && separator.is_ascii() => Some(*separator),
        _ => None,
    };
    if separator.is_some() {
        reader.consume(end + 1);
    }
    Ok(separator)
}

/// The separator that stands most often in the first line, outside of quotes.
fn sniffed(reader: &mut dyn BufRead) -> io::Result<u8> {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in reader.fill_buf()? {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            byte => counts.iter_mut().filter(|(separator, _)| separator == byte).for_each(|(_, count)| *count += 1),
        }
    }
    // The comma is first and wins a tie.
    Ok(counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator))
}

/// Fails once a single row has taken more than it may, and watches the quotation marks that pass.
struct Metered<'a> {
    inner: &'a mut dyn BufRead,
    left: Rc<Cell<u64>>,
    quotes: Rc<Cell<Quotes>>,
}

impl Read for Metered<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        let mut quotes = self.quotes.get();
        quotes.pass(&out[..read]);
        self.quotes.set(quotes);
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            // What is buffered for the next rows counts too, so that the limit holds to within one buffer.
            None if self.left.get() == 0 => return Err(io::ErrorKind::FileTooLarge.into()),
            None => self.left.set(0),
        }
        Ok(read)
    }
}

/// Follows the quotation marks of a table by the csv library's rules; the library itself takes the end of the file for
/// the end of a quote, and does not say so.
#[derive(Debug, Clone, Copy)]
struct Quotes {
    separator: u8,
    at: At,
    /// The line, from 1.
    line: u64,
    /// The line of the last mark that opened a cell.
    opened: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// At the beginning of a cell, where alone a mark opens one.
    Start,
    Plain,
    Quoted,
    /// Behind a mark in a quoted cell: its end, or the first half of a doubled one.
    Mark,
    /// At the end of the file, in a quoted cell.
    Unclosed,
}

impl Quotes {
    /// Takes the next bytes of the file; none are its end.
    fn pass(&mut self, bytes: &[u8]) {
        if bytes.is_empty() && self.at == At::Quoted {
            self.at = At::Unclosed;
        }
        for byte in bytes {
            self.at = match (self.at, byte) {
                (At::Quoted, b'"') => At::Mark,
                (At::Quoted, _) | (At::Mark, b'"') => At::Quoted,
                (At::Start, b'"') => {
                    self.opened = self.line;
                    At::Quoted
                }
                (_, b'\r' | b'\n') => At::Start,
                (_, byte) if *byte == self.separator => At::Start,
                _ => At::Plain,
            };
            self.line += u64::from(*byte == b'\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_seen() {
        let check = |text: &str, expected: u8| assert_eq!(sniffed(&mut text.as_bytes()).ok(), Some(expected), "{text}");
        check("title,body\na;b;c;d", b',');
        check("title;body;date\n", b';');
        check("title\tbody", b'\t');
        check("\"a;b;c\",d", b',');
        check("body", b',');
    }
}
