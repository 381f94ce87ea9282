//! Generations on disk: the writer's lock, the manifest, and the one step that makes a new generation current.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::TantivyError;
use tantivy::directory::OwnedBytes;
use tantivy::directory::error::OpenWriteError;
use xxhash_rust::xxh3::xxh3_64;

use super::guarded::Guarded;
use super::{cards, copies, files, snapshot, sums, table};
use crate::article::{ArticleId, CorpusDigest, PubDate};
use crate::codebook::Codebook;
use crate::error::{Error, Result};
use crate::groups::Near;
use crate::text::Lang;

/// The format of the index on disk. An index of another format is refused.
pub(crate) const FORMAT: u32 = 7;
/// Where there is no index.
pub(crate) const NO_INDEX: &str = "there is no index here; make one with nutgraf-index, or name another with --index";
pub(super) const CURRENT: &str = "current";
const FRESH: &str = "current.new";
const LOCK: &str = "lock";
/// What the lock file begins with, before the number of the process that holds it.
const HOLDER: &str = "process ";
const MANIFEST: &str = "manifest.json";
/// The program, as manifests name it.
pub(super) const PROGRAM: &str = concat!("nutgraf ", env!("CARGO_PKG_VERSION"));
const CODEBOOK: &str = "codebook.json";
/// tantivy's list of segments, and its list of files.
const META: &str = "meta.json";
const MANAGED: &str = ".managed.json";
/// The files of a generation beside those of segments and copies.
const FILES: [&str; 8] = [MANIFEST, CODEBOOK, META, MANAGED, table::FILE, cards::FILE, files::FILE, sums::FILE];
/// What the names of tantivy's locks and of files that are being written begin with.
const OTHERS: [&str; 2] = [".tantivy-", ".tmp"];

/// What `current` says.
#[derive(Debug, Serialize, Deserialize)]
struct Current {
    format: u32,
    generation: u64,
}

/// What a generation holds and how it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The generation's number, from 1.
    pub generation: u64,
    /// The program that made it, such as `nutgraf 0.1.0`.
    pub program: String,
    /// A hash of all articles and what is known of them, in hexadecimal: two indexes with the same one hold the same.
    pub corpus: CorpusDigest,
    /// The folders and files that were indexed, as they were given.
    pub roots: Vec<String>,
    /// Articles.
    pub articles: u64,
    /// Paragraphs, headlines included.
    pub paragraphs: u64,
    /// Groups of copies, boilerplate aside; a paragraph without copies is a group of one.
    pub groups: u64,
    /// Texts that are boilerplate.
    pub boilerplate: u64,
    /// What the groups rest on.
    pub copies: CopiesMark,
    /// Words of all paragraphs.
    pub words: u64,
    /// Files and records that could not be read.
    pub skipped: u64,
    /// The oldest and the newest document date.
    pub dates: Option<(PubDate, PubDate)>,
    /// Articles without a date.
    pub undated: u64,
    /// The outlets, sorted; numbered in this order.
    pub sources: Vec<String>,
    /// The languages and how many articles each has, sorted; numbered in this order.
    pub langs: Vec<(Lang, u64)>,
    /// The codebook: its name, version, and the hash of its text.
    pub codebook: CodebookMark,
    /// A hash of the limits and the names of fields that the articles were read with, in hexadecimal.
    pub reading: String,
    /// The segments in the order of document numbers: their ids and sizes.
    pub segments: Vec<(String, u32)>,
    /// What the last runs did, this one last.
    pub history: Vec<Past>,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// The generation that it made.
    pub generation: u64,
    /// When it began, in seconds since 1970.
    pub at: u64,
    /// Articles that were new.
    pub added: u64,
    /// Articles that had changed.
    pub replaced: u64,
    /// Articles that were gone.
    pub removed: u64,
    /// Articles that the generation holds.
    pub articles: u64,
}

/// What the groups of an index rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiesMark {
    /// How alike near copies are.
    pub near: Near,
    /// Different paragraphs that are long enough for near copies.
    pub versions: u32,
    /// Pairs of near ones.
    pub pairs: u32,
    /// The size of the files of both, in bytes.
    pub bytes: u64,
}

/// Which codebook coded an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodebookMark {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The xxh3 hash of what it says, in hexadecimal.
    pub hash: String,
}

/// An article without its text, as the index keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The id.
    pub id: ArticleId,
    /// The file below its root.
    pub path: String,
    /// The record in that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The headline; empty when there is none.
    pub title: String,
    /// The outlet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The byline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Where it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The document date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<PubDate>,
    /// The language it was read as.
    pub lang: Lang,
}

/// The directory of a generation.
pub(crate) fn directory(index: &Path, generation: u64) -> PathBuf {
    index.join(format!("g{generation}"))
}

/// The number of the current generation, if the directory holds an index that this program can read.
///
/// # Errors
///
/// When `current` cannot be read, or names another format or a generation that is not there.
pub(crate) fn current(index: &Path) -> Result<Option<u64>> {
    let Some(current) = read_current(&index.join(CURRENT))? else { return Ok(None) };
    check(index, &current)?;
    let number = current.generation;
    if !directory(index, number).is_dir() {
        let what =
            format!("the file names generation {number}, which is not there; build the index again with nutgraf-index");
        return Err(Error::index(&index.join(CURRENT), what));
    }
    Ok(Some(number))
}

/// Whether there is an index that only another version of this program can read.
pub(crate) fn is_of_another_format(index: &Path) -> bool {
    read_current(&index.join(CURRENT)).is_ok_and(|current| current.is_some_and(|current| current.format != FORMAT))
}

/// Fails if what is there is of another format than this program reads.
fn check(index: &Path, current: &Current) -> Result<()> {
    let format = current.format;
    if format == FORMAT {
        return Ok(());
    }
    let what = if format < FORMAT {
        format!(
            "the index has the older format {format}, this program reads format {FORMAT}: build it again with nutgraf-index"
        )
    } else {
        format!(
            "the index has the newer format {format}, this program reads format {FORMAT}: ask it with the nutgraf that \
             belongs to it, or build it again with nutgraf-index"
        )
    };
    Err(Error::index(index, what))
}

/// Writes into a folder that holds the files of a generation which one it is, and of which format.
pub(super) fn name_generation(directory: &Path, generation: u64) -> Result<()> {
    let text = serde_json::to_string(&Current { format: FORMAT, generation }).expect("two numbers are valid JSON");
    write_synced(&directory.join(CURRENT), text.as_bytes())?;
    sync_directory(directory)
}

/// Whether a folder holds the files of a generation that this program can read, and says so.
pub(super) fn is_named(directory: &Path) -> Result<bool> {
    let current = read_current(&directory.join(CURRENT))?;
    current.map_or(Ok(false), |current| check(directory, &current).map(|()| true))
}

/// The number of the current generation, whatever its format: the next build replaces it.
pub(crate) fn number(index: &Path) -> Result<Option<u64>> {
    Ok(read_current(&index.join(CURRENT))?.map(|current| current.generation))
}

fn read_current(path: &Path) -> Result<Option<Current>> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io(path, "reading")(error)),
    };
    // The indexer does not dare to choose a generation either.
    serde_json::from_slice(&text).map(Some).map_err(|_| {
        let cure = "remove it and build the index again with nutgraf-index";
        Error::index(path, format!("the file is damaged, or not one of nutgraf's; {cure}"))
    })
}

/// Makes a finished generation the current one. This is the commit point: before it the old index is in use, after it the
/// new one.
pub(crate) fn make_current(index: &Path, generation: u64) -> Result<()> {
    let (path, fresh) = (index.join(CURRENT), index.join(FRESH));
    let text = serde_json::to_string(&Current { format: FORMAT, generation }).expect("two numbers are valid JSON");
    sync_directory(&directory(index, generation))?;
    sync_directory(index)?;
    write_synced(&fresh, text.as_bytes())?;
    fs::rename(&fresh, &path).map_err(Error::io(&path, "replacing"))?;
    sync_directory(index)
}

/// Whether a path below an index directory is one that this module gives.
pub(crate) fn is_own(path: &Path) -> bool {
    let first = path.components().next().and_then(|first| first.as_os_str().to_str());
    first.is_some_and(|name| [CURRENT, FRESH, LOCK, snapshot::FOLDER].contains(&name) || number_of(name).is_some())
}

/// The number of a generation whose directory has this name.
fn number_of(name: &str) -> Option<u64> {
    let number = name.strip_prefix('g')?.parse().ok()?;
    (name == format!("g{number}")).then_some(number)
}

/// Whether a directory is a generation, finished or not or half removed, and not a folder of the user's that is called
/// like one: whether it holds nothing but files of names that a generation has.
fn is_generation(directory: &Path) -> bool {
    let is_file_of_one = |entry: std::io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            FILES.contains(&&*name)
                || copies::is_own(&name)
                || is_of_segment(&name)
                || OTHERS.iter().any(|start| name.starts_with(start))
        })
    };
    fs::read_dir(directory).is_ok_and(|mut entries| entries.all(is_file_of_one))
}

/// Removes what is not part of the current generation: older ones, and what a killed run left. Only names that this
/// module gives are touched.
pub(crate) fn clear_away(index: &Path, keep: Option<u64>) -> Result<()> {
    let doing = || Error::io(index, "clearing away old generations");
    for entry in fs::read_dir(index).map_err(doing())? {
        let entry = entry.map_err(doing())?;
        let name = entry.file_name();
        if let Some(number) = name.to_str().and_then(number_of)
            && Some(number) != keep
            && is_generation(&entry.path())
        {
            fs::remove_dir_all(entry.path()).map_err(Error::io(&entry.path(), "removing"))?;
        }
    }
    // A run that was killed in its last step has written it and not put it in place.
    match fs::remove_file(index.join(FRESH)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(doing()(error)),
        _ => Ok(()),
    }
}

impl Manifest {
    /// Writes the manifest of a generation.
    pub(crate) fn write(&self, directory: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self).expect("a manifest is valid JSON");
        write_synced(&directory.join(MANIFEST), &text)
    }

    /// Reads the manifest of the generation in a directory.
    pub(crate) fn read(directory: &Path) -> Result<Manifest> {
        Manifest::of(&Guarded::open(directory)?)
    }

    /// Reads the manifest among the files of a generation.
    pub(crate) fn of(files: &Guarded) -> Result<Manifest> {
        serde_json::from_slice(&files.read(MANIFEST)?).map_err(|error| {
            let what = format!("the manifest is damaged ({error}); build the index again with nutgraf-index");
            Error::index(&files.path().join(MANIFEST), what)
        })
    }
}

/// Writes the codebook that codes a generation beside it, so that later questions and explanations rest on the same one.
pub(crate) fn keep_codebook(directory: &Path, codebook: &Codebook) -> Result<CodebookMark> {
    let (mark, text) = mark(codebook);
    write_synced(&directory.join(CODEBOOK), &text)?;
    Ok(mark)
}

/// Which codebook it is, and its text as a generation keeps it.
pub(super) fn mark(codebook: &Codebook) -> (CodebookMark, Vec<u8>) {
    let text = serde_json::to_vec(codebook).expect("a codebook is valid JSON");
    let hash = format!("{:016x}", xxh3_64(&text));
    (CodebookMark { name: codebook.name.clone(), version: codebook.version.clone(), hash }, text)
}

/// Takes over tantivy's files of a generation into another: those of segments, which never change, as links; those that
/// say which there are as copies.
pub(super) fn link(from: &Path, to: &Path) -> Result<()> {
    let doing = || Error::io(from, "taking over the files of a generation");
    for entry in fs::read_dir(from).map_err(doing())? {
        let name = entry.map_err(doing())?.file_name();
        let (old, new) = (from.join(&name), to.join(&name));
        let text = name.to_string_lossy();
        if [META, MANAGED].contains(&&*text) {
            fs::copy(&old, &new).map_err(Error::io(&new, "writing"))?;
        } else if is_of_segment(&text) {
            link_file(&old, &new)?;
        }
    }
    Ok(())
}

/// Links all files of a generation into another folder.
pub(super) fn link_all(from: &Path, to: &Path) -> Result<()> {
    let doing = || Error::io(from, "linking the files of a generation");
    for entry in fs::read_dir(from).map_err(doing())? {
        let name = entry.map_err(doing())?.file_name();
        link_file(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}

/// Takes over a file that never changes.
pub(super) fn link_file(from: &Path, to: &Path) -> Result<()> {
    let linked = fs::hard_link(from, to).or_else(|error| match error.kind() {
        // What is there may be the very same file: a copy would cut it off.
        io::ErrorKind::AlreadyExists => Err(error),
        // Not every file system has links.
        _ => fs::copy(from, to).and_then(|_| OpenOptions::new().write(true).open(to)?.sync_all()),
    });
    linked.map_err(Error::io(to, "writing"))
}

/// Whether a file of this name belongs to a segment, and so never changes: the segment's id, 32 hexadecimal digits, stands before the first dot.
pub(super) fn is_of_segment(name: &str) -> bool {
    name.split_once('.').is_some_and(|(id, _)| id.len() == 32 && id.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// The text of the codebook that coded a generation.
pub(crate) fn read_codebook(files: &Guarded) -> Result<OwnedBytes> {
    files.read(CODEBOOK)
}

/// The codebook of this text, which stood in a generation.
pub(crate) fn parse_codebook(directory: &Path, text: &[u8]) -> Result<Codebook> {
    serde_json::from_slice(text).map_err(|error| {
        let what = format!("the codebook is damaged ({error}); build the index again with nutgraf-index");
        Error::index(&directory.join(CODEBOOK), what)
    })
}

/// The right to write an index; given up when it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of an index directory, which is made if there is none.
    ///
    /// # Errors
    ///
    /// At once, without waiting, when another process holds it: the message says which.
    pub fn take(index: &Path) -> Result<Lock> {
        fs::create_dir_all(index).map_err(Error::io(index, "making the index directory"))?;
        let path = index.join(LOCK);
        let doing = || Error::io(&path, "taking the writer's lock");
        let mut file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path).map_err(doing())?;
        let mut holder = String::new();
        // Who holds the lock may be just about to write it; then the message is shorter.
        let _ = file.read_to_string(&mut holder);
        if !(holder.is_empty() || holder.starts_with(HOLDER)) {
            return Err(Error::index(&path, "this file is not nutgraf's; choose another folder for the index"));
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let who =
                    if holder.trim().is_empty() { "another process".to_owned() } else { holder.trim().to_owned() };
                let since = since(&file).map(|since| format!(" since {since}")).unwrap_or_default();
                let what = format!("{who} has been writing this index{since}; try again when it has finished");
                return Err(Error::index(index, what));
            }
            Err(TryLockError::Error(error)) => return Err(doing()(error)),
        }
        file.set_len(0).and_then(|()| file.rewind()).map_err(doing())?;
        writeln!(file, "{HOLDER}{}", std::process::id()).map_err(doing())?;
        Ok(Lock { _file: file })
    }
}

/// Since when a lock is held: its holder wrote to the file when it took it.
fn since(file: &File) -> Option<String> {
    let taken = jiff::Timestamp::try_from(file.metadata().ok()?.modified().ok()?).ok()?;
    Some(taken.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// An error for what tantivy could not write into a generation.
pub(super) fn not_written(directory: &Path, error: &TantivyError) -> Error {
    let refused = |path: &Path, error: &io::Error| {
        let error = error
            .raw_os_error()
            .map_or_else(|| io::Error::new(error.kind(), error.to_string()), io::Error::from_raw_os_error);
        Error::io(path, "writing")(error)
    };
    let broken_off = |what: &str| {
        let cure = "most likely because the disk is full: make room there, or choose another place";
        Error::index(directory, format!("writing was broken off{what}, {cure}"))
    };
    match error {
        TantivyError::IoError(error) => refused(directory, error),
        TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, filepath }) => {
            refused(&directory.join(filepath), io_error)
        }
        // What stopped it, tantivy does not always tell.
        TantivyError::ErrorInThread(_) => broken_off(""),
        TantivyError::InternalError(what) => broken_off(&format!(" ({what})")),
        other => Error::index(directory, other.to_string()),
    }
}

/// Writes a file and waits until it is on the disk.
pub(super) fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(Error::io(path, "writing"))
}

pub(super) fn sync_directory(path: &Path) -> Result<()> {
    File::open(path).and_then(|directory| directory.sync_all()).map_err(Error::io(path, "syncing"))
}
