//! The sums of a generation: for each of its files the length, and a checksum of each page of it.
//!
//! A question reads a few pages of files that have hundreds of megabytes. So that no damaged byte is ever taken for a
//! sound one, and no file has to be read as a whole for that, pages are summed one by one; [`super::guarded`] compares
//! those that are read. The sums of a file that the generation before has, too, as a hard link, are taken over from there.
//!
//! Layout, all numbers little-endian: the magic, a `u64` xxh3 of all that follows it, the number of files as `u32`; for
//! each file, by name, the length of its name as `u16`, its name, and its length as `u64`; then the xxh3 of each page of
//! each file as `u64`.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use super::generation::{CURRENT, write_synced};
use crate::error::{Error, Result};

/// The file's name in its generation.
pub(crate) const FILE: &str = "sums";
/// How many bytes are summed together. A larger page would be dearer to verify for the few bytes of it that a question
/// reads, a smaller one would make the sums longer, which every question reads.
pub(crate) const PAGE: usize = 1 << 16;
/// What to do about a damaged index.
pub(crate) const CURE: &str =
    "run nutgraf-index check to see what else is, or build the index again with nutgraf-index --rebuild";
const MAGIC: &[u8; 8] = b"nutsums\x01";
/// Magic and sum.
const SUMMED_FROM: usize = 16;

/// The sums of a generation.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// By name.
    files: Vec<Listed>,
    pages: Vec<u64>,
}

/// A file as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) name: String,
    /// In bytes.
    pub(crate) length: u64,
    /// Where the sums of its pages stand.
    pages: Range<usize>,
}

impl Sums {
    /// Sums all files of a finished generation, on so many threads, and writes the sums beside them. `before` is another
    /// generation and its sums: what is the same file there is not read again.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub(crate) fn write(directory: &Path, before: Option<(&Path, &Sums)>, threads: usize) -> Result<()> {
        let names = names(directory)?;
        let sum = |name: &String| -> Result<(u64, Vec<u64>)> {
            let path = directory.join(name);
            let same =
                before.and_then(|(other, before)| Some((before, before.same_file(&path, &other.join(name), name)?)));
            match same {
                Some((before, listed)) => Ok((listed.length, before.pages[listed.pages.clone()].to_vec())),
                None => sum(&path).map_err(Error::io(&path, "reading")),
            }
        };
        let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(names.len())));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let summed = sum(name);
                        done.lock().unwrap_or_else(PoisonError::into_inner).push((name, summed));
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_unstable_by_key(|(name, _)| *name);
        let mut sums = Sums::default();
        for (name, summed) in done {
            let (length, pages) = summed?;
            let from = sums.pages.len();
            sums.pages.extend(pages);
            sums.files.push(Listed { name: name.clone(), length, pages: from..sums.pages.len() });
        }
        write_synced(&directory.join(FILE), &sums.to_bytes())
    }

    /// Reads the sums of a generation.
    ///
    /// # Errors
    ///
    /// When they are missing, damaged, or not of this version.
    pub(crate) fn read(directory: &Path) -> Result<Sums> {
        let path = directory.join(FILE);
        let bytes = fs::read(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::index(&path, format!("the file is missing; {CURE}")),
            _ => Error::io(&path, "reading")(error),
        })?;
        Sums::of_bytes(&bytes).ok_or_else(|| Error::index(&path, format!("the file is damaged; {CURE}")))
    }

    /// All files, by name.
    pub(crate) fn files(&self) -> &[Listed] {
        &self.files
    }

    /// The file of this name, if the generation has it.
    pub(crate) fn file(&self, name: &str) -> Option<&Listed> {
        self.files.binary_search_by(|file| file.name.as_str().cmp(name)).ok().map(|place| &self.files[place])
    }

    /// Whether these are the bytes of a page, counted from 0, of a file.
    pub(crate) fn fits(&self, file: &Listed, page: usize, bytes: &[u8]) -> bool {
        self.pages[file.pages.clone()].get(page) == Some(&xxh3_64(bytes))
    }

    /// The entry of a file that is the same one, under two names, as it was when it was summed.
    fn same_file(&self, one: &Path, other: &Path, name: &str) -> Option<&Listed> {
        let (one, other) = (fs::metadata(one).ok()?, fs::metadata(other).ok()?);
        self.file(name).filter(|file| is_same(&one, &other) && file.length == one.len())
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = [MAGIC.as_slice(), &[0; 8], &(self.files.len() as u32).to_le_bytes()].concat();
        for file in &self.files {
            bytes.extend_from_slice(&(file.name.len() as u16).to_le_bytes());
            bytes.extend_from_slice(file.name.as_bytes());
            bytes.extend_from_slice(&file.length.to_le_bytes());
        }
        bytes.extend(self.pages.iter().flat_map(|sum| sum.to_le_bytes()));
        let sum = xxh3_64(&bytes[SUMMED_FROM..]);
        bytes[MAGIC.len()..SUMMED_FROM].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// The sums of these bytes; none unless they are whole.
    fn of_bytes(bytes: &[u8]) -> Option<Sums> {
        let (head, mut rest) = bytes.split_at_checked(SUMMED_FROM)?;
        if !head.starts_with(MAGIC) || head[MAGIC.len()..] != xxh3_64(rest).to_le_bytes() {
            return None;
        }
        let mut sums = Sums::default();
        let mut from: usize = 0;
        for _ in 0..u32::from_le_bytes(take(&mut rest)?) {
            let length = usize::from(u16::from_le_bytes(take(&mut rest)?));
            let (name, after) = rest.split_at_checked(length)?;
            rest = after;
            let name = std::str::from_utf8(name).ok()?.to_owned();
            let length = u64::from_le_bytes(take(&mut rest)?);
            let until = from.checked_add(usize::try_from(length.div_ceil(PAGE as u64)).ok()?)?;
            sums.files.push(Listed { name, length, pages: from..until });
            from = until;
        }
        let (pages, odd) = rest.as_chunks();
        sums.pages = pages.iter().map(|sum| u64::from_le_bytes(*sum)).collect();
        (odd.is_empty() && sums.pages.len() == from).then_some(sums)
    }
}

/// The names of what a generation's directory holds that is to be summed, in order. Locks hold nothing, the sums
/// themselves have their own, and `current` names the generation in a snapshot.
pub(crate) fn names(directory: &Path) -> Result<Vec<String>> {
    let doing = || Error::io(directory, "reading");
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(doing())? {
        let name = entry.map_err(doing())?.file_name().to_string_lossy().into_owned();
        if name != FILE && name != CURRENT && !(name.starts_with(".tantivy-") && name.ends_with(".lock")) {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// The length of a file, and the sums of its pages.
fn sum(path: &Path) -> std::io::Result<(u64, Vec<u64>)> {
    /// How many pages are read at once.
    const AT_ONCE: usize = 16;
    let mut file = File::open(path)?;
    let mut bytes = vec![0; AT_ONCE * PAGE];
    let (mut length, mut pages) = (0, Vec::new());
    loop {
        let mut read = 0;
        while read < bytes.len() {
            match file.read(&mut bytes[read..]) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        length += read as u64;
        pages.extend(bytes[..read].chunks(PAGE).map(xxh3_64));
        if read < bytes.len() {
            return Ok((length, pages));
        }
    }
}

/// The first bytes of `rest`, which then begins after them.
fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*taken)
}

#[cfg(unix)]
fn is_same(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Where files have no numbers, each is read again.
#[cfg(not(unix))]
fn is_same(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a file of two pages and a bit, an empty one and a lock.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("a writable folder");
        write("long", &(0..2 * PAGE + 5).map(|place| place as u8).collect::<Vec<u8>>());
        write("empty", b"");
        write(".tantivy-meta.lock", b"");
        folder
    }

    #[test]
    fn sums_are_read_as_they_were_written() {
        let folder = folder();
        Sums::write(folder.path(), None, 2).expect("room on the disk");
        let sums = Sums::read(folder.path()).expect("sums");
        let files: Vec<_> = sums.files().iter().map(|file| (file.name.as_str(), file.length)).collect();
        assert_eq!(files, [("empty", 0), ("long", 2 * PAGE as u64 + 5)]);
        let long = sums.file("long").expect("a file");
        let bytes = fs::read(folder.path().join("long")).expect("a file");
        for (page, bytes) in bytes.chunks(PAGE).enumerate() {
            assert!(sums.fits(long, page, bytes));
            assert!(!sums.fits(long, page, &bytes[1..]));
        }
        assert!(!sums.fits(long, 3, b"") && !sums.fits(sums.file("empty").expect("a file"), 0, b""));
    }

    #[test]
    fn damaged_sums_are_none() {
        let folder = folder();
        Sums::write(folder.path(), None, 2).expect("room on the disk");
        let bytes = fs::read(folder.path().join(FILE)).expect("a file");
        for place in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1 << (place % 8);
            assert!(Sums::of_bytes(&damaged).is_none(), "{place}");
            assert!(Sums::of_bytes(&bytes[..place]).is_none(), "{place}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_file_is_not_read_again() {
        let (before, after) = (folder(), folder());
        Sums::write(before.path(), None, 1).expect("room on the disk");
        let sums = Sums::read(before.path()).expect("sums");
        let [old, new] = [before.path().join("long"), after.path().join("long")];
        fs::remove_file(&new).expect("a writable folder");
        fs::hard_link(&old, &new).expect("a file system with links");
        // What it would be summed to now tells whether it is.
        let bytes = vec![7; 2 * PAGE + 5];
        fs::write(&old, &bytes).expect("a writable folder");
        Sums::write(after.path(), Some((before.path(), &sums)), 2).expect("room on the disk");
        let taken_over = Sums::read(after.path()).expect("sums");
        assert!(!taken_over.fits(taken_over.file("long").expect("a file"), 0, &bytes[..PAGE]));
        fs::write(&old, &bytes[1..]).expect("a writable folder");
        Sums::write(after.path(), Some((before.path(), &sums)), 2).expect("room on the disk");
        let summed = Sums::read(after.path()).expect("sums");
        assert!(summed.fits(summed.file("long").expect("a file"), 0, &bytes[..PAGE]), "its length is another");
    }
}
