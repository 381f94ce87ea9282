//! Figures into files. What stood in a file stays there until the whole figure is written.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;

/// Writes what `draw` draws into a file, which is replaced in one step if it exists.
pub(crate) fn write(path: &Path, draw: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    replace(path, draw).with_context(|| format!("writing {}", path.display()))
}

fn replace(path: &Path, draw: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link stays one, and what it leads to is replaced.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    // A pipe or a device has no content to keep, and must not become a file.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return drawn(File::options().write(true).open(path)?, draw).map(drop);
    }
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(temporary);
    let file = File::create_new(&temporary)?;
    let written = drawn(file, draw).and_then(|file| file.sync_all()).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first error says more than one from clearing up would.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn drawn(file: File, draw: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<File> {
    let mut out = BufWriter::new(file);
    draw(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)
}
