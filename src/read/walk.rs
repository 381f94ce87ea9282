//! A directory enters, the files to read leave, in the order of their article paths.
//!
//! Nothing is opened here, and nothing that is no regular file is ever handed on: a pipe would block its reader.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::kind::named_kind;
use super::{Options, Skipped};
use crate::error::{Error, Result};

/// One file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it lies on disk.
    pub file: PathBuf,
    /// Its path below the root, `/` between the parts. Bytes that are no UTF-8, control characters, and a `%` that two
    /// hexadecimal digits follow, are written as `%` and two upper-case hexadecimal digits, so that no two files of a
    /// tree share a path.
    pub path: String,
}

/// What a walk found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Walk {
    /// The files of known kinds, sorted by the bytes of their article paths.
    pub sources: Vec<Source>,
    /// What could not be looked at: directories without permission, loops of links.
    pub skipped: Vec<Skipped>,
    /// How many files were left out because their names end in no known extension.
    pub unknown: u64,
}

/// Finds the files to read below `root`, which may be a file itself; that one is read whatever its name.
///
/// # Errors
///
/// [`Error::Io`] if `root` cannot be read at all.
pub fn walk(root: &Path, options: &Options) -> Result<Walk> {
    let metadata = std::fs::metadata(root).map_err(Error::io(root, "reading"))?;
    let mut walk = Walk::default();
    if !metadata.is_dir() {
        if !metadata.is_file() {
            let why = std::io::Error::other("neither a file nor a directory");
            return Err(Error::io(root, "reading")(why));
        }
        let name = root.file_name().unwrap_or(root.as_os_str());
        walk.sources.push(Source { file: root.to_path_buf(), path: escaped(name) });
        return Ok(walk);
    }
    let entries = WalkDir::new(root).follow_links(options.follow_links).sort_by_file_name();
    let shown = |name: &OsStr| options.hidden || !name.as_encoded_bytes().starts_with(b".");
    for entry in entries.into_iter().filter_entry(|entry| entry.depth() == 0 || shown(entry.file_name())) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                if named_kind(entry.file_name()).is_none() {
                    walk.unknown += 1;
                } else {
                    walk.sources.push(Source { path: path_below(root, entry.path()), file: entry.into_path() });
                }
            }
            Ok(_) => {}
            Err(error) if error.depth() == 0 => {
                let why = error.into_io_error().unwrap_or_else(|| std::io::Error::other("it cannot be read"));
                return Err(Error::io(root, "reading")(why));
            }
            Err(error) => walk.skipped.push(unreadable(root, &error)),
        }
    }
    walk.sources.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
    Ok(walk)
}

fn unreadable(root: &Path, error: &walkdir::Error) -> Skipped {
    let path = error.path().map_or_else(String::new, |path| path_below(root, path));
    let why = match (error.loop_ancestor(), error.io_error()) {
        (Some(ancestor), _) => format!("a link that leads back to {}", path_below(root, ancestor)),
        (None, Some(error)) => error.to_string(),
        (None, None) => "it cannot be read".to_owned(),
    };
    Skipped { path, line: None, why }
}

fn path_below(root: &Path, file: &Path) -> String {
    let below = file.strip_prefix(root).unwrap_or(file);
    if below.as_os_str().is_empty() {
        return ".".to_owned();
    }
    below.iter().map(escaped).collect::<Vec<_>>().join("/")
}

/// A file name as text, from which its bytes can be had back.
fn escaped(name: &OsStr) -> String {
    let bytes = name.as_encoded_bytes();
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let end = at + c.len_utf8();
            let reads_as_escape = c == '%' && bytes.get(end..end + 2).is_some_and(is_hex);
            if c.is_control() || reads_as_escape {
                bytes[at..end].iter().for_each(|byte| text.push_str(&format!("%{byte:02X}")));
            } else {
                text.push(c);
            }
            at = end;
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("%{byte:02X}"));
        }
        at += chunk.invalid().len();
    }
    text
}

fn is_hex(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Options {
        Options::new("2025-06-01".parse().expect("a date"))
    }

    fn paths(walk: &Walk) -> Vec<&str> {
        walk.sources.iter().map(|source| source.path.as_str()).collect()
    }

    #[test]
    fn files_are_sorted_and_the_unknown_counted() {
        let root = tempfile::tempdir().expect("a directory");
        for name in ["b/c.txt", "b.txt", "a/x.JSONL.gz", "a/photo.jpg", ".git/y.txt", "b/.z.txt", "b-1.txt", "c.tar.gz"]
        {
            let file = root.path().join(name);
            std::fs::create_dir_all(file.parent().expect("a parent")).expect("made");
            std::fs::write(file, "x").expect("written");
        }
        let found = walk(root.path(), &options()).expect("a walk");
        assert_eq!(paths(&found), ["a/x.JSONL.gz", "b-1.txt", "b.txt", "b/c.txt"]);
        assert_eq!(found.unknown, 2);
        assert_eq!(found.skipped, []);
        let all = walk(root.path(), &Options { hidden: true, ..options() }).expect("a walk");
        assert_eq!(all.sources.len(), 6);
        let one = walk(&root.path().join("a/photo.jpg"), &options()).expect("a walk");
        assert_eq!(paths(&one), ["photo.jpg"], "a file named by the user is read whatever its name");
        assert!(walk(&root.path().join("absent"), &options()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_left_out_and_loops_end() {
        let root = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(root.path().join("a")).expect("made");
        std::fs::write(root.path().join("a/x.txt"), "x").expect("written");
        std::os::unix::fs::symlink(root.path(), root.path().join("a/up")).expect("linked");
        std::os::unix::fs::symlink("x.txt", root.path().join("a/y.txt")).expect("linked");
        assert_eq!(paths(&walk(root.path(), &options()).expect("a walk")), ["a/x.txt"]);
        let followed = walk(root.path(), &Options { follow_links: true, ..options() }).expect("a walk");
        assert_eq!(paths(&followed), ["a/x.txt", "a/y.txt"]);
        assert_eq!(followed.skipped[0].to_string(), "a/up: a link that leads back to .");
    }

    #[cfg(unix)]
    #[test]
    fn names_are_told_apart() {
        use std::os::unix::ffi::OsStrExt;
        let check = |name: &[u8], expected: &str| assert_eq!(escaped(OsStr::from_bytes(name)), expected);
        check(b"plain 100%.txt", "plain 100%.txt");
        check(b"a\xff.txt", "a%FF.txt");
        check(b"a%FF.txt", "a%25FF.txt");
        check("мир\n.txt".as_bytes(), "мир%0A.txt");
        check(b"%\xff0", "%%FF0");
        check("\u{85}".as_bytes(), "%C2%85");
    }
}
