//! The contestants: nutgraf, bare tantivy, SQLite.

#![allow(dead_code, reason = "each benchmark uses its part of it")]

pub(crate) mod bare;
pub(crate) mod nutgraf;
pub(crate) mod sqlite;

use std::path::Path;

/// What every writer may keep in memory, in bytes: the default of `nutgraf-index`.
pub(crate) const MEMORY: usize = 256 << 20;

/// The bytes of all files below a folder.
pub(crate) fn size_of(folder: &Path) -> u64 {
    let files = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("the index is still there"));
    files.filter(|entry| entry.file_type().is_file()).map(|entry| entry.metadata().map_or(0, |file| file.len())).sum()
}
