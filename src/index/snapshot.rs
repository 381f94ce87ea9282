//! Snapshots: a generation kept under a name, so that a review can cite it and search it later.
//!
//! A snapshot is a folder of hard links to the files of a generation, which never change: it costs no room until the index
//! itself has moved on.

use std::fs;
use std::path::{Path, PathBuf};

use super::generation::{self, Lock, Manifest};
use crate::error::{Error, Result};

/// The folder of snapshots in an index directory.
pub(super) const FOLDER: &str = "snapshots";
/// What the name of a snapshot that is being made ends in; no finished one's does.
const UNFINISHED: &str = ".new~";

/// Keeps the current generation under a name; returns what it holds.
///
/// # Errors
///
/// When the name is taken or no name for a folder, when another process is writing, or the disk refuses.
pub fn snapshot(index: &Path, name: &str) -> Result<Manifest> {
    let kept = directory(index, name)?;
    let _lock = Lock::take(index)?;
    let Some(number) = generation::current(index)? else {
        return Err(Error::index(index, "there is no index here to keep".to_owned()));
    };
    if kept.exists() {
        return Err(Error::index(index, format!("there is a snapshot {name} already; choose another name")));
    }
    let from = generation::directory(index, number);
    let folder = index.join(FOLDER);
    fs::create_dir_all(&folder).map_err(Error::io(&folder, "making the folder of snapshots"))?;
    clear_away(&folder)?;
    let fresh = folder.join(format!("{name}{UNFINISHED}"));
    fs::create_dir(&fresh).map_err(Error::io(&fresh, "making a snapshot"))?;
    let made = generation::link_all(&from, &fresh)
        .and_then(|()| generation::name_generation(&fresh, number))
        .and_then(|()| fs::rename(&fresh, &kept).map_err(Error::io(&kept, "naming the snapshot")))
        .and_then(|()| generation::sync_directory(&folder));
    if made.is_err() {
        let _ = fs::remove_dir_all(&fresh);
    }
    made.and_then(|()| Manifest::read(&kept))
}

/// The snapshots of an index, by name, sorted.
///
/// # Errors
///
/// When their folder cannot be read.
pub fn snapshots(index: &Path) -> Result<Vec<String>> {
    let folder = index.join(FOLDER);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io(&folder, "reading")(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(Error::io(&folder, "reading"))?.file_name();
        names.extend(name.to_str().filter(|name| is_name(name)).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// Where a snapshot is.
///
/// # Errors
///
/// When it cannot be one's name.
pub(super) fn directory(index: &Path, name: &str) -> Result<PathBuf> {
    if is_name(name) {
        Ok(index.join(FOLDER).join(name))
    } else {
        let what = format!("{name:?} is no name for a snapshot: use letters, digits, - and _, and dots within");
        Err(Error::index(index, what))
    }
}

fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && !name.starts_with('.') && name.len() <= 100 && name.chars().all(plain)
}

/// Removes what a killed run left.
fn clear_away(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::io(folder, "reading"))? {
        let entry = entry.map_err(Error::io(folder, "reading"))?;
        if entry.file_name().to_string_lossy().ends_with(UNFINISHED) {
            fs::remove_dir_all(entry.path()).map_err(Error::io(&entry.path(), "removing"))?;
        }
    }
    Ok(())
}
