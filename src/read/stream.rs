//! A file enters, its text leaves as a stream of UTF-8 bytes, with the compression taken off and its growth bounded.
//!
//! UTF-8 passes through as it is, bad bytes included, so that each record can say whether its own bytes are sound.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use encoding_rs::UTF_8;
use flate2::bufread::MultiGzDecoder;

use super::encoding::{Transcoded, encoding_of};
use super::kind::{Kind, binary_kind, kind_of, named_kind};
use super::{Options, Source};

/// How much of a file is looked at to tell its kind and encoding, in bytes.
const PREFIX: usize = 64 << 10;
/// How much is read at once, in bytes.
const BUFFER: usize = 128 << 10;

/// An opened file.
pub(super) struct Stream {
    /// Its text, without a byte order mark.
    pub(super) reader: Box<dyn BufRead>,
    /// What it holds.
    pub(super) kind: Kind,
    /// Whether the text was decoded from another encoding than UTF-8.
    pub(super) transcoded: bool,
    /// How many bytes were read from the disk so far.
    pub(super) disk: Rc<Cell<u64>>,
}

/// Opens a file, takes off one layer of compression and finds out what it holds.
///
/// # Errors
///
/// A clause that says why it cannot be read.
pub(super) fn open(source: &Source, options: &Options) -> Result<Stream, String> {
    let file = File::open(&source.file).map_err(|error| error.to_string())?;
    if !file.metadata().map_err(|error| error.to_string())?.is_file() {
        return Err("not a regular file".to_owned());
    }
    let disk = Rc::new(Cell::new(0));
    let mut raw = BufReader::with_capacity(BUFFER, Counted { inner: file, count: Rc::clone(&disk) });
    let magic = raw.fill_buf().map_err(|error| error.to_string())?;
    let plain: Box<dyn Read> = if magic.starts_with(b"\x1f\x8b") {
        Box::new(MultiGzDecoder::new(raw))
    } else if magic.starts_with(b"\x28\xb5\x2f\xfd") {
        Box::new(zstd::Decoder::with_buffer(raw).map_err(|error| error.to_string())?)
    } else {
        Box::new(raw)
    };
    let limit = options.limits.file_bytes;
    let (prefix, mut text) = Prefixed::new(Grown { inner: plain, left: limit, limit });
    if prefix.is_empty() {
        return Err(text.failed.take().map_or_else(|| "empty".to_owned(), |error| error.to_string()));
    }
    let encoding = encoding_of(&prefix);
    let wide = !encoding.is_ascii_compatible();
    if let Some(name) = binary_kind(&prefix, wide) {
        return Err(format!("looks like {name}"));
    }
    let named = source.file.file_name().and_then(named_kind).flatten();
    let (start, _) = encoding.decode_with_bom_removal(&prefix);
    let kind = kind_of(named, &start)?;
    let transcoded = encoding != UTF_8;
    let mut text = BufReader::with_capacity(BUFFER, text);
    let reader: Box<dyn BufRead> = if transcoded {
        Box::new(Transcoded::new(text, encoding))
    } else {
        if prefix.starts_with(b"\xef\xbb\xbf") {
            let mut mark = [0; 3];
            text.read_exact(&mut mark).map_err(|error| error.to_string())?;
        }
        Box::new(text)
    };
    Ok(Stream { reader, kind, transcoded, disk })
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

/// Fails once more than a limit has been read.
struct Grown<R> {
    inner: R,
    left: u64,
    limit: u64,
}

impl<R: Read> Read for Grown<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            // Only a file that goes on is over the limit.
            return match self.inner.read(&mut [0])? {
                0 => Ok(0),
                _ => Err(io::Error::other(format!("more than {} bytes in one file", self.limit))),
            };
        }
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(out.len());
        let read = self.inner.read(&mut out[..wanted])?;
        self.left -= read as u64;
        Ok(read)
    }
}

/// A stream whose first bytes were looked at and are read again.
struct Prefixed<R> {
    prefix: io::Cursor<Vec<u8>>,
    inner: R,
    /// What went wrong behind the prefix, told when a reader comes there.
    failed: Option<io::Error>,
}

impl<R: Read> Prefixed<R> {
    fn new(mut inner: R) -> (Vec<u8>, Prefixed<R>) {
        let mut prefix = Vec::new();
        let failed = (&mut inner).take(PREFIX as u64).read_to_end(&mut prefix).err();
        (prefix.clone(), Prefixed { prefix: io::Cursor::new(prefix), inner, failed })
    }
}

impl<R: Read> Read for Prefixed<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.prefix.read(out)? {
            0 => match self.failed.take() {
                Some(error) => Err(error),
                None => self.inner.read(out),
            },
            read => Ok(read),
        }
    }
}
