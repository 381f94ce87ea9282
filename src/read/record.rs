//! A record cut out of a file enters, an article leaves.
//!
//! Nothing here touches the disk; the work is the same on any thread and in any order.

use std::sync::Arc;

use super::delimited::Row;
use super::draft::{Draft, Place};
use super::{Notice, Options, Skipped, delimited, encoding, html, json, markdown, txt};
use crate::article::Article;

/// A piece of a file that can be read on its own, on any thread: bytes already cut out, not yet parsed.
#[derive(Debug, Clone)]
pub struct Record {
    pub(super) path: Arc<str>,
    pub(super) line: Option<u64>,
    pub(super) position: Option<u64>,
    pub(super) piece: Piece,
    pub(super) transcoded: bool,
    pub(super) disk_bytes: u64,
}

/// The bytes of a record, by format.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// Plain text, and the source that the line behind it names.
    Txt(Vec<u8>, Option<String>),
    /// A whole Markdown file.
    Markdown(Vec<u8>),
    /// A whole page.
    Html(Vec<u8>),
    /// One JSON value.
    Json(Vec<u8>),
    /// One row of a table.
    Row(Row),
}

/// How a format is read.
type Reader = fn(&str, &Place<'_>, &Options) -> Result<Draft, Skipped>;

impl Record {
    /// The file's path below the root, as in its articles.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line, from 1, where the record begins, if its format has lines.
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// How many bytes of the file had been read from the disk when this record was cut out.
    pub fn disk_bytes(&self) -> u64 {
        self.disk_bytes
    }

    /// How many bytes the record holds, after decompression.
    pub fn size(&self) -> usize {
        match &self.piece {
            Piece::Txt(bytes, _) | Piece::Markdown(bytes) | Piece::Html(bytes) | Piece::Json(bytes) => bytes.len(),
            Piece::Row(row) => row.size(),
        }
    }

    /// Reads the article, and what is doubtful in it.
    ///
    /// # Errors
    ///
    /// [`Skipped`] if it is not of its format, holds no text, or goes over a limit.
    pub fn read(&self, options: &Options) -> Result<(Article, Vec<Notice>), Skipped> {
        let place = Place { path: &self.path, line: self.line, position: self.position };
        let (draft, replaced) = self.draft(&place, options)?;
        draft.finish(&place, replaced, options)
    }

    fn draft(&self, place: &Place<'_>, options: &Options) -> Result<(Draft, bool), Skipped> {
        let (bytes, read): (&[u8], Reader) = match &self.piece {
            Piece::Row(row) => {
                let (draft, replaced) = delimited::read(row, place, options)?;
                return Ok((draft, replaced || self.transcoded && row.holds_replacement()));
            }
            Piece::Txt(bytes, source) => {
                let (text, replaced) = encoding::text_of(bytes);
                let replaced = replaced || self.transcoded && text.contains('\u{fffd}');
                return Ok((txt::read(&text, source.as_deref()), replaced));
            }
            Piece::Markdown(bytes) => (bytes, markdown::read),
            Piece::Html(bytes) => (bytes, html::read),
            Piece::Json(bytes) => (bytes, json::read),
        };
        let (text, replaced) = encoding::text_of(bytes);
        let replaced = replaced || self.transcoded && text.contains('\u{fffd}');
        Ok((read(&text, place, options)?, replaced))
    }
}
