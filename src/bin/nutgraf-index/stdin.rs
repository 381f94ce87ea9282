//! Articles from standard input, which become a file like any other for as long as they are read.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use xxhash_rust::xxh3::Xxh3Default;

/// The folder in the index directory where the file lies.
const FOLDER: &str = "stdin";

/// What was handed in, as a file that is removed when this is dropped.
pub(crate) struct HandedIn {
    file: PathBuf,
}

/// Whether an argument stands for standard input.
pub(crate) fn is_meant(path: &Path) -> bool {
    path == Path::new("-")
}

impl HandedIn {
    /// Reads standard input to its end.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or the index directory has no room for it.
    pub(crate) fn read(index: &Path) -> anyhow::Result<HandedIn> {
        let folder = index.join(FOLDER);
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let mut taken = HandedIn { file: folder.join(format!("taking-{}", std::process::id())) };
        let writing = || format!("writing {}", taken.file.display());
        let mut out = File::create(&taken.file).with_context(writing)?;
        let mut sum = Xxh3Default::new();
        let mut page = vec![0; 1 << 16];
        let mut input = io::stdin().lock();
        loop {
            let length = input.read(&mut page).context("reading standard input")?;
            if length == 0 {
                break;
            }
            sum.update(&page[..length]);
            out.write_all(&page[..length]).with_context(writing)?;
        }
        // Articles are known by their place: two batches have different ones, and the same batch again the same.
        let named = folder.join(format!("stdin-{:016x}.jsonl", sum.digest()));
        fs::rename(&taken.file, &named).with_context(|| format!("naming {}", named.display()))?;
        taken.file = named;
        Ok(taken)
    }

    /// The paths with the file in the place of `-`.
    pub(crate) fn put_in(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        paths.iter().map(|path| if is_meant(path) { self.file.clone() } else { path.clone() }).collect()
    }
}

impl Drop for HandedIn {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
        // It stays if another process has a file there.
        let _ = self.file.parent().map(fs::remove_dir);
    }
}
