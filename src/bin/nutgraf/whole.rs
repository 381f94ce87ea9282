//! Files that are written whole or not at all: what stood in one stays there until all that comes in its place is written.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;

/// Writes what `print` prints into a file, which is replaced in one step if it exists.
pub(crate) fn write(path: &Path, print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    replace(path, print).with_context(|| format!("writing {}", path.display()))
}

fn replace(path: &Path, print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link stays one, and what it leads to is replaced.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    // A pipe or a device has no content to keep, and must not become a file.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return printed(File::options().write(true).open(path)?, print).map(drop);
    }
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(temporary);
    let file = File::create_new(&temporary)?;
    let written = printed(file, print).and_then(|file| file.sync_all()).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first error says more than one from clearing up would.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn printed(file: File, print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<File> {
    let mut out = BufWriter::new(file);
    print(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)
}
