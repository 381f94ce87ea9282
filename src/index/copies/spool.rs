//! What a build writes down of each new paragraph that may have near copies: fingerprint, signature and normal form.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tantivy::directory::OwnedBytes;

use super::map;
use crate::error::{Error, Result};
use crate::groups::{ENTRY, Normal, PRINT, Sketcher};

/// The name of the file; it does not outlive the build.
pub(in crate::index) const SPOOL: &str = "copies.spool";
/// What stands before a text: fingerprint, signature, and its length as `u32`.
const SPOOLED: usize = ENTRY + 4;
/// How much a thread keeps before it writes.
const PAGE: usize = 1 << 20;

/// The file while it is written.
#[derive(Debug)]
pub(crate) struct Spool {
    path: PathBuf,
    file: Mutex<File>,
}

/// What one thread is about to write to it.
#[derive(Debug, Default)]
pub(crate) struct Page {
    sketcher: Sketcher,
    bytes: Vec<u8>,
}

impl Spool {
    pub(crate) fn create(directory: &Path) -> Result<Spool> {
        let path = directory.join(SPOOL);
        let file = File::create_new(&path).map_err(Error::io(&path, "writing"))?;
        Ok(Spool { path, file: Mutex::new(file) })
    }

    /// Writes down a paragraph that may have near copies.
    pub(crate) fn add(&self, page: &mut Page, fingerprint: u128, normal: &Normal) -> Result<()> {
        page.bytes.extend_from_slice(&fingerprint.to_le_bytes());
        page.bytes.extend_from_slice(&page.sketcher.sketch(normal.text()));
        page.bytes.extend_from_slice(&(normal.text().len() as u32).to_le_bytes());
        page.bytes.extend_from_slice(normal.text().as_bytes());
        if page.bytes.len() >= PAGE { self.write(page) } else { Ok(()) }
    }

    /// Writes what a thread has kept.
    pub(crate) fn write(&self, page: &mut Page) -> Result<()> {
        let written = self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(&page.bytes);
        page.bytes.clear();
        written.map_err(Error::io(&self.path, "writing"))
    }

    /// What was written down, when all threads have written.
    pub(super) fn read(self) -> Result<Spooled> {
        let bytes = map(&self.path)?;
        let mut records: Vec<(u128, u64)> = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            records.push((fingerprint(&bytes[at..]), at as u64));
            at += SPOOLED + length(&bytes, at);
        }
        records.sort_unstable();
        records.dedup_by_key(|(fingerprint, _)| *fingerprint);
        Ok(Spooled { path: self.path, starts: records.into_iter().map(|(_, start)| start).collect(), bytes })
    }
}

/// What was written down: a record for each fingerprint, numbered in their order.
pub(super) struct Spooled {
    path: PathBuf,
    bytes: OwnedBytes,
    /// Where each record begins.
    starts: Vec<u64>,
}

impl Spooled {
    /// How many records there are.
    pub(super) fn count(&self) -> u32 {
        self.starts.len() as u32
    }

    pub(super) fn fingerprint(&self, record: u32) -> u128 {
        fingerprint(&self.bytes[self.start(record)..])
    }

    pub(super) fn signature(&self, record: u32) -> &[u8] {
        &self.bytes[self.start(record)..][PRINT..ENTRY]
    }

    /// The normal form.
    pub(super) fn text(&self, record: u32) -> Result<&str> {
        let start = self.start(record);
        let text = &self.bytes[start + SPOOLED..start + SPOOLED + length(&self.bytes, start)];
        let damaged = |_| Error::index(&self.path, "what was written down has changed under the program".to_owned());
        std::str::from_utf8(text).map_err(damaged)
    }

    fn start(&self, record: u32) -> usize {
        self.starts[record as usize] as usize
    }

    /// Removes the file.
    pub(super) fn remove(self) -> Result<()> {
        std::fs::remove_file(&self.path).map_err(Error::io(&self.path, "removing"))
    }
}

fn fingerprint(record: &[u8]) -> u128 {
    u128::from_le_bytes(record[..PRINT].try_into().expect("sixteen bytes"))
}

/// The length of the text of the record that begins at a place.
fn length(bytes: &[u8], start: usize) -> usize {
    u32::from_le_bytes(bytes[start + ENTRY..start + SPOOLED].try_into().expect("four bytes")) as usize
}
