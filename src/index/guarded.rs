//! The files of a generation, read-only, each page compared with its sum before the first byte of it is handed out.
//!
//! What is damaged is an error that names the file, and never a byte: so tantivy, which trusts what it reads, is never
//! handed something to stumble over. What has been compared once is not compared again, so a file that is cut off or
//! overwritten under a running program is not noticed; nothing of nutgraf does that.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
};

use super::generation;
use super::sums::{CURE, PAGE, Sums};
use crate::error::{Error, Result};

/// The files of a generation.
#[derive(Debug, Clone)]
pub(crate) struct Guarded(Arc<Files>);

#[derive(Debug)]
struct Files {
    path: PathBuf,
    below: MmapDirectory,
    sums: Arc<Sums>,
    /// The damage that was met first.
    fault: OnceLock<Fault>,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The file's name in its generation.
    name: String,
    what: String,
}

/// A file that is held on to; nothing of it has been read.
pub(super) struct HeldFile(GuardedFile);

impl std::fmt::Debug for HeldFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl HeldFile {
    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        self.0.bytes.len()
    }

    /// Some bytes of it.
    ///
    /// # Errors
    ///
    /// When they are damaged, or it has no such bytes.
    pub(super) fn read_range(&self, range: Range<usize>) -> Result<OwnedBytes> {
        self.0.verified(range).map_err(|fault| self.0.guarded.error(&fault))
    }

    /// An error for sound bytes of it that do not say what they should.
    pub(super) fn unfit(&self, what: &str) -> Error {
        let name = &self.0.guarded.sums().files()[self.0.place].name;
        self.0.guarded.error(&self.0.guarded.fault(name, what.to_owned()))
    }

    /// All of it.
    ///
    /// # Errors
    ///
    /// When it is damaged.
    pub(super) fn read(&self) -> Result<OwnedBytes> {
        let GuardedFile { guarded, bytes, .. } = &self.0;
        self.0.verified(0..bytes.len()).map_err(|fault| guarded.error(&fault))
    }
}

impl Guarded {
    /// The files of the generation in a directory.
    ///
    /// # Errors
    ///
    /// When there are no sums of them, or damaged ones.
    pub(crate) fn open(path: &Path) -> Result<Guarded> {
        Guarded::of(path, Arc::new(Sums::read(path)?))
    }

    /// Files in a directory that should have these sums.
    fn of(path: &Path, sums: Arc<Sums>) -> Result<Guarded> {
        let below = MmapDirectory::open(path).map_err(|error| Error::index(path, error.to_string()))?;
        Ok(Guarded(Arc::new(Files { path: path.to_path_buf(), below, sums, fault: OnceLock::new() })))
    }

    /// The directory.
    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    /// What the files should be.
    pub(crate) fn sums(&self) -> &Arc<Sums> {
        &self.0.sums
    }

    /// A whole file.
    ///
    /// # Errors
    ///
    /// When it is missing or damaged.
    pub(crate) fn read(&self, name: &str) -> Result<OwnedBytes> {
        let read = self.file(name).and_then(|file| file.verified(0..file.bytes.len()));
        read.map_err(|fault| self.error(&fault))
    }

    /// Holds on to a file, so that it can be read when its generation has been removed.
    ///
    /// # Errors
    ///
    /// When it is missing or has another length.
    pub(super) fn hold(&self, name: &str) -> Result<HeldFile> {
        self.file(name).map(HeldFile).map_err(|fault| self.error(&fault))
    }

    /// Compares a whole file with its sums; what is wrong is told in words.
    pub(crate) fn verify(&self, name: &str) -> Result<(), String> {
        let read = self.file(name).and_then(|file| file.verified(0..file.bytes.len()));
        read.map(drop).map_err(|fault| format!("{}: {}", self.path().join(&fault.name).display(), fault.what))
    }

    /// An error for what went wrong while these files were read: damage, if some was met, or else what was seen of it.
    pub(crate) fn failed(&self, what: &dyn std::fmt::Display) -> Error {
        match self.0.fault.get() {
            Some(fault) => self.error(fault),
            None => Error::index(self.path(), format!("the index is damaged ({what}); {CURE}")),
        }
    }

    fn error(&self, fault: &Fault) -> Error {
        Error::index(&self.path().join(&fault.name), format!("{}; {CURE}", fault.what))
    }

    /// Notes a fault.
    fn fault(&self, name: &str, what: String) -> Fault {
        let fault = Fault { name: name.to_owned(), what };
        self.0.fault.get_or_init(|| fault.clone());
        fault
    }

    /// Maps a file; nothing of it is looked at yet but its length.
    fn file(&self, name: &str) -> Result<GuardedFile, Fault> {
        let fault = |what: String| self.fault(name, what);
        let Some(place) = self.sums().files().binary_search_by(|file| file.name.as_str().cmp(name)).ok() else {
            return Err(fault("the file is not part of this generation".to_owned()));
        };
        let map = || {
            let handle = self.0.below.get_file_handle(Path::new(name))?;
            let bytes = handle.read_bytes(0..handle.len());
            bytes.map_err(|error| OpenReadError::wrap_io_error(error, PathBuf::from(name)))
        };
        let bytes = map().map_err(|error| match error {
            OpenReadError::FileDoesNotExist(_) => fault("the file is missing".to_owned()),
            OpenReadError::IoError { io_error, .. } => fault(io_error.to_string()),
            other => fault(other.to_string()),
        })?;
        let length = self.sums().files()[place].length;
        if bytes.len() as u64 != length {
            return Err(fault(format!("the file is damaged: it has {} bytes, not {length}", bytes.len())));
        }
        let words = bytes.len().div_ceil(PAGE).div_ceil(u64::BITS as usize);
        let sound = std::iter::repeat_with(AtomicU64::default).take(words).collect();
        Ok(GuardedFile { guarded: self.clone(), place, bytes, sound })
    }
}

/// A mapped file.
struct GuardedFile {
    guarded: Guarded,
    /// Its place among the sums.
    place: usize,
    bytes: OwnedBytes,
    /// For each page a bit: whether it was compared and found sound.
    sound: Box<[AtomicU64]>,
}

impl GuardedFile {
    /// These bytes, once their pages are known to be sound.
    fn verified(&self, range: Range<usize>) -> Result<OwnedBytes, Fault> {
        let listed = &self.guarded.sums().files()[self.place];
        if range.start > range.end || range.end > self.bytes.len() {
            return Err(self.guarded.fault(&listed.name, format!("the file has no bytes {range:?}")));
        }
        for page in range.start / PAGE..range.end.div_ceil(PAGE) {
            let (word, bit) = (&self.sound[page / u64::BITS as usize], 1 << (page % u64::BITS as usize));
            // Whoever compares a page twice finds the same: nothing else hangs on the order.
            if word.load(Ordering::Relaxed) & bit == 0 {
                let start = page * PAGE;
                let bytes = &self.bytes[start..self.bytes.len().min(start + PAGE)];
                if !self.guarded.sums().fits(listed, page, bytes) {
                    let last = start + bytes.len() - 1;
                    let what = format!("the file is damaged somewhere in its bytes {start} to {last}");
                    return Err(self.guarded.fault(&listed.name, what));
                }
                word.fetch_or(bit, Ordering::Relaxed);
            }
        }
        Ok(self.bytes.slice(range))
    }
}

impl std::fmt::Debug for GuardedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = &self.guarded.sums().files()[self.place].name;
        f.debug_struct("GuardedFile").field("name", name).finish_non_exhaustive()
    }
}

impl HasLen for GuardedFile {
    fn len(&self) -> usize {
        self.bytes.len()
    }
}

impl FileHandle for GuardedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.verified(range).map_err(Fault::into_io)
    }
}

impl Fault {
    fn into_io(self) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, format!("{}: {}", self.name, self.what))
    }
}

/// What would write.
fn read_only() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "a generation that is read is never written to")
}

impl Directory for Guarded {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        // A missing file is no missing file to tantivy: it would take some of them for empty ones.
        let file = self.file(&path.to_string_lossy());
        file.map(|file| Arc::new(file) as Arc<dyn FileHandle>)
            .map_err(|fault| OpenReadError::wrap_io_error(fault.into_io(), path.to_path_buf()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let whole = self.file(&path.to_string_lossy()).and_then(|file| file.verified(0..file.bytes.len()));
        whole
            .map(|bytes| bytes.to_vec())
            .map_err(|fault| OpenReadError::wrap_io_error(fault.into_io(), path.to_path_buf()))
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        Ok(self.sums().file(&path.to_string_lossy()).is_some())
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(read_only()), filepath: path.to_path_buf() })
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(read_only(), path.to_path_buf()))
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(read_only())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    /// tantivy locks out those who remove segments. Here nobody does, and a lock would have to be written.
    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    /// A generation does not change.
    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

/// A generation that is being written: files of segments that are taken over from another are guarded as that one's, and
/// all else is read and written as it is.
#[derive(Debug, Clone)]
pub(crate) struct Grown(Guarded);

impl Grown {
    /// The directory of a generation that takes over from one with these sums.
    pub(crate) fn open(path: &Path, sums: &Arc<Sums>) -> Result<Grown> {
        Guarded::of(path, Arc::clone(sums)).map(Grown)
    }

    /// An error for what went wrong: damage, if some was met, or else what could not be written.
    pub(crate) fn failed(&self, error: &tantivy::TantivyError) -> Error {
        self.damage().err().unwrap_or_else(|| generation::not_written(self.0.path(), error))
    }

    /// Fails if damage was met.
    pub(crate) fn damage(&self) -> Result<()> {
        self.0.0.fault.get().map_or(Ok(()), |fault| Err(self.0.error(fault)))
    }

    fn below(&self) -> &MmapDirectory {
        &self.0.0.below
    }
}

impl Directory for Grown {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let name = path.to_string_lossy();
        // Other files of the same name are written anew.
        if generation::is_of_segment(&name) && self.0.sums().file(&name).is_some() {
            self.0.get_file_handle(path)
        } else {
            self.below().get_file_handle(path)
        }
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.below().atomic_read(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.below().exists(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.below().delete(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.below().open_write(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.below().atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.below().sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.below().acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.below().watch(callback)
    }
}
