//! A file enters, its records leave in order, one at a time, not yet parsed.
//!
//! Nothing here holds more of a file than its largest record, and nothing is decoded or parsed further than to see
//! where a record ends.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

use super::kind::Kind;
use super::record::Piece;
use super::{Limits, Options, Record, Skipped, Source, cut_json, delimited, stream, txt};

/// Cuts a file into records and calls `each` with them in order, until it breaks off; returns how many bytes were read
/// from the disk (compressed ones as they lie there).
///
/// An `Err` is a record that cannot be cut, such as one that is too large, or the file that cannot be opened; after an
/// error of the disk or the compression it is the last call, and what was whole before it has been handed on.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use nutgraf::read::{Options, records, walk};
///
/// # let root = tempfile::tempdir()?;
/// std::fs::write(root.path().join("may.txt"), "Aid convoy reaches Gaza\n\nTrucks crossed on Friday.\n")?;
/// let options = Options::new("2025-06-01".parse()?);
/// let mut articles = Vec::new();
/// for source in walk(root.path(), &options)?.sources {
///     records(&source, &options, &mut |record| {
///         match record.and_then(|record| record.read(&options)) {
///             Ok((article, _)) => articles.push(article),
///             Err(skipped) => eprintln!("{skipped}"),
///         }
///         ControlFlow::Continue(())
///     });
/// }
/// assert_eq!(articles[0].title, "Aid convoy reaches Gaza");
/// assert_eq!(articles[0].paragraphs, ["Trucks crossed on Friday."]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn records(
    source: &Source,
    options: &Options,
    each: &mut dyn FnMut(Result<Record, Skipped>) -> ControlFlow<()>,
) -> u64 {
    let mut opened = match stream::open(source, options) {
        Ok(opened) => opened,
        Err(why) => {
            let _ = each(Err(Skipped { path: source.path.clone(), line: None, why }));
            return 0;
        }
    };
    let disk = Rc::clone(&opened.disk);
    let mut out = Cutter {
        path: source.path.as_str().into(),
        transcoded: opened.transcoded,
        disk: opened.disk,
        limits: &options.limits,
        each,
    };
    let reader = &mut *opened.reader;
    let _ = match opened.kind {
        Kind::Txt => txt::cut(reader, &mut out),
        Kind::Markdown => cut_whole(reader, &mut out, options.limits.record_bytes, Piece::Markdown),
        Kind::Html => {
            let limit = options.limits.page_bytes.min(options.limits.record_bytes);
            cut_whole(reader, &mut out, limit, Piece::Html)
        }
        Kind::JsonLines => cut_lines(reader, &mut out),
        Kind::Json => cut_json::cut(reader, &mut out),
        Kind::Delimited(separator) => delimited::cut(reader, separator, &mut out),
    };
    disk.get()
}

/// Where the records of one file go.
pub(super) struct Cutter<'a> {
    path: Arc<str>,
    transcoded: bool,
    disk: Rc<Cell<u64>>,
    /// The limits of the run.
    pub(super) limits: &'a Limits,
    each: &'a mut dyn FnMut(Result<Record, Skipped>) -> ControlFlow<()>,
}

impl Cutter<'_> {
    /// Hands on a record that begins in `line`; `position` is its place among the file's records, if it holds many.
    pub(super) fn emit(&mut self, line: Option<u64>, position: Option<u64>, piece: Piece) -> ControlFlow<()> {
        let record = Record {
            path: Arc::clone(&self.path),
            line,
            position,
            piece,
            transcoded: self.transcoded,
            disk_bytes: self.disk.get(),
        };
        (self.each)(Ok(record))
    }

    /// Reports what cannot be cut.
    pub(super) fn fail(&mut self, line: Option<u64>, why: impl Into<String>) -> ControlFlow<()> {
        (self.each)(Err(Skipped { path: self.path.to_string(), line, why: why.into() }))
    }

    /// Reports a record over the limit.
    pub(super) fn fail_too_large(&mut self, line: Option<u64>, limit: u64) -> ControlFlow<()> {
        self.fail(line, format!("too large: more than {limit} bytes in one record"))
    }

    /// Reports that the file cannot be read on.
    pub(super) fn fail_reading(&mut self, line: Option<u64>, error: &io::Error) -> ControlFlow<()> {
        let why = match error.kind() {
            io::ErrorKind::UnexpectedEof => "the compressed file ends too early".to_owned(),
            _ => error.to_string(),
        };
        self.fail(line, format!("cannot be read further: {why}"))
    }
}

/// What [`read_line`] found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line, with its line break if it has one.
    Whole,
    /// A line longer than the limit, read past.
    TooLarge,
    /// The end of the file.
    End,
}

/// Appends the next line to `line`, or reads past it if it is longer than `limit` bytes.
pub(super) fn read_line(reader: &mut dyn BufRead, line: &mut Vec<u8>, limit: u64) -> io::Result<Line> {
    let start = line.len();
    let read = (&mut *reader).take(limit.saturating_add(1)).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(Line::End);
    }
    if read as u64 > limit && line.last() != Some(&b'\n') {
        line.truncate(start);
        reader.skip_until(b'\n')?;
        return Ok(Line::TooLarge);
    }
    Ok(Line::Whole)
}

/// One record for each line that is not blank.
fn cut_lines(reader: &mut dyn BufRead, out: &mut Cutter<'_>) -> ControlFlow<()> {
    let limit = out.limits.record_bytes;
    let (mut number, mut position) = (0, 0);
    loop {
        number += 1;
        let mut line = Vec::new();
        match read_line(reader, &mut line, limit) {
            Ok(Line::End) => return ControlFlow::Continue(()),
            Ok(Line::TooLarge) => {
                position += 1;
                out.fail_too_large(Some(number), limit)?;
            }
            Ok(Line::Whole) => {
                line.truncate(line.trim_ascii_end().len());
                if !line.is_empty() {
                    position += 1;
                    out.emit(Some(number), Some(position), Piece::Json(line))?;
                }
            }
            Err(error) => return out.fail_reading(Some(number), &error),
        }
    }
}

/// The whole file as one record.
fn cut_whole(
    reader: &mut dyn BufRead,
    out: &mut Cutter<'_>,
    limit: u64,
    piece: fn(Vec<u8>) -> Piece,
) -> ControlFlow<()> {
    let mut bytes = Vec::new();
    match reader.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
        Err(error) => out.fail_reading(None, &error),
        Ok(_) if bytes.len() as u64 > limit => out.fail_too_large(None, limit),
        Ok(_) => out.emit(None, None, piece(bytes)),
    }
}
