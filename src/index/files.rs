//! What a generation was read from: each file, how it looked then, and what came of it.
//!
//! The next run asks it which files need not be opened again. It is a file of its own, one JSON value a line, that only
//! the indexer reads; it belongs to its generation as the documents do, so the one commit covers it.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::guarded::Guarded;
use super::sums::CURE;
use crate::article::{ArticleId, PubDate};
use crate::error::{Error, Result};
use crate::read::{Notice, Skipped};

/// The file's name in its generation.
pub(super) const FILE: &str = "files";
/// A file that was changed so shortly before it was looked at may be changed again without its time telling: clocks of
/// file systems tick every few milliseconds, those of FAT every two seconds.
const TICK: Duration = Duration::from_millis(100);
const COARSE_TICK: Duration = Duration::from_secs(3);

/// One file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct FileRow {
    /// The root it lies under, as an absolute path.
    pub(super) root: String,
    /// Its path below the root.
    pub(super) path: String,
    /// How it looked; none when it could not be looked at or may have changed while it was.
    pub(super) stamp: Option<Stamp>,
    /// The day it was read.
    pub(super) read_on: Option<PubDate>,
    /// Its articles in order, each with its digest.
    pub(super) articles: Vec<Holds>,
    /// Whether a file before this one has articles of the same ids: if that goes, these come in.
    pub(super) contested: bool,
    /// What of it could not be read, by line.
    pub(super) skipped: Vec<(Option<u64>, String)>,
    /// What was read with a doubt, by line.
    pub(super) notices: Vec<(Option<u64>, String)>,
}

/// An article of a file: its id, the halves of its digest, and when it first came and when as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Holds(u64, u64, u64, (u64, u64), (u64, u64));

/// When something came into an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival {
    /// The first generation that held it.
    pub generation: u64,
    /// When the run began that made this generation, in seconds since 1970.
    pub at: u64,
}

impl Holds {
    /// An article that is read now, of which the index may know an earlier form.
    pub(super) fn new(id: ArticleId, digest: u128, before: Option<Holds>, now: Arrival) -> Holds {
        let now = (now.generation, now.at);
        let first = before.map_or(now, |before| before.3);
        let since = before.filter(|before| before.digest() == digest).map_or(now, |before| before.4);
        Holds(id.bits(), (digest >> 64) as u64, digest as u64, first, since)
    }

    pub(super) fn id(self) -> ArticleId {
        ArticleId::from_bits(self.0)
    }

    pub(super) fn digest(self) -> u128 {
        u128::from(self.1) << 64 | u128::from(self.2)
    }

    /// When the article first came.
    pub(super) fn first(self) -> Arrival {
        Arrival { generation: self.3.0, at: self.3.1 }
    }

    /// When it came as it is now.
    pub(super) fn since(self) -> Arrival {
        Arrival { generation: self.4.0, at: self.4.1 }
    }
}

/// How a file looks from outside. Two looks that are equal mean the same content, as git takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    size: u64,
    /// Nanoseconds since 1970 of the last change to the content.
    modified: u64,
    /// Where the system has them: nanoseconds since 1970 of the last change to the file's record, and its number. They
    /// tell a file that was put in the place of another with its time.
    changed: i64,
    number: u64,
}

impl Stamp {
    /// How a file looks now; none if its time is too fresh to tell the next change.
    pub(super) fn of(metadata: &Metadata, now: SystemTime) -> Option<Stamp> {
        let modified = metadata.modified().ok()?;
        let since = modified.duration_since(UNIX_EPOCH).ok()?;
        let tick = if since.subsec_nanos() == 0 { COARSE_TICK } else { TICK };
        if modified + tick > now {
            return None;
        }
        let (changed, number) = record(metadata);
        Some(Stamp { size: metadata.len(), modified: u64::try_from(since.as_nanos()).ok()?, changed, number })
    }
}

#[cfg(unix)]
fn record(metadata: &Metadata) -> (i64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec()), metadata.ino())
}

#[cfg(not(unix))]
fn record(_: &Metadata) -> (i64, u64) {
    (0, 0)
}

impl FileRow {
    /// What of it could not be read.
    pub(super) fn all_skipped(&self) -> impl Iterator<Item = Skipped> + '_ {
        self.skipped.iter().map(|(line, why)| Skipped { path: self.path.clone(), line: *line, why: why.clone() })
    }

    /// What was read with a doubt.
    pub(super) fn all_notices(&self) -> impl Iterator<Item = Notice> + '_ {
        self.notices.iter().map(|(line, what)| Notice { path: self.path.clone(), line: *line, what: what.clone() })
    }
}

/// The files of a generation, by root and path.
#[derive(Debug, Default)]
pub(super) struct Files {
    rows: Vec<FileRow>,
    by_path: HashMap<(String, String), usize>,
}

impl Files {
    pub(super) fn new(rows: Vec<FileRow>) -> Files {
        let by_path = rows.iter().zip(0..).map(|(row, place)| ((row.root.clone(), row.path.clone()), place)).collect();
        Files { rows, by_path }
    }

    /// Reads the files of a generation.
    ///
    /// # Errors
    ///
    /// When they cannot be read, or are not what was written.
    pub(super) fn read(files: &Guarded) -> Result<Files> {
        Files::parse(files.path(), files.read(FILE)?.as_slice())
    }

    /// Reads the list of the generation in a directory.
    ///
    /// # Errors
    ///
    /// When it is not what was written.
    pub(super) fn parse(directory: &Path, bytes: &[u8]) -> Result<Files> {
        let damaged = |error: serde_json::Error| {
            Error::index(&directory.join(FILE), format!("the list of files is damaged ({error}); {CURE}"))
        };
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let rows = lines.map(serde_json::from_slice).collect::<serde_json::Result<_>>();
        rows.map(Files::new).map_err(damaged)
    }

    pub(super) fn write(directory: &Path, rows: &[FileRow]) -> Result<()> {
        let path = directory.join(FILE);
        let doing = || Error::io(&path, "writing");
        let mut out = BufWriter::new(File::create(&path).map_err(doing())?);
        for row in rows {
            serde_json::to_writer(&mut out, row).map_err(|error| doing()(error.into()))?;
            out.write_all(b"\n").map_err(doing())?;
        }
        out.into_inner().map_err(|error| doing()(error.into_error()))?.sync_all().map_err(doing())
    }

    pub(super) fn find(&self, root: &str, path: &str) -> Option<&FileRow> {
        self.by_path.get(&(root.to_owned(), path.to_owned())).map(|place| &self.rows[*place])
    }

    pub(super) fn rows(&self) -> &[FileRow] {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::sums::Sums;

    #[test]
    fn a_fresh_file_is_in_doubt() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "x").expect("written");
        let metadata = std::fs::metadata(&path).expect("it is there");
        let modified = metadata.modified().expect("a time");
        assert_eq!(Stamp::of(&metadata, modified + Duration::from_millis(1)), None);
        let later = Stamp::of(&metadata, modified + Duration::from_secs(9));
        assert!(later.is_some());
        std::fs::write(&path, "y").expect("written");
        let metadata = std::fs::metadata(&path).expect("it is there");
        assert_ne!(Stamp::of(&metadata, modified + Duration::from_secs(99)), later, "as large, but changed");
    }

    #[test]
    fn rows_come_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let row = FileRow {
            root: "/corpus".to_owned(),
            path: "a\n.jsonl".to_owned(),
            articles: vec![Holds::new(ArticleId::of("a", None), u128::MAX - 5, None, Arrival { generation: 3, at: 9 })],
            skipped: vec![(Some(3), "not JSON".to_owned())],
            ..FileRow::default()
        };
        Files::write(folder.path(), &[row]).expect("written");
        Sums::write(folder.path(), None, 1).expect("written");
        let files = Files::read(&Guarded::open(folder.path()).expect("sums")).expect("read");
        let row = files.find("/corpus", "a\n.jsonl").expect("it is there");
        let article = row.articles[0];
        assert_eq!((article.id(), article.digest()), (ArticleId::of("a", None), u128::MAX - 5));
        assert_eq!(article.since(), Arrival { generation: 3, at: 9 });
        let same = Holds::new(article.id(), article.digest(), Some(article), Arrival { generation: 4, at: 11 });
        assert_eq!(same, article);
        let changed = Holds::new(article.id(), 5, Some(article), Arrival { generation: 4, at: 11 });
        assert_eq!((changed.first(), changed.since().generation), (article.first(), 4));
        assert_eq!(
            row.all_skipped().next().map(|skipped| skipped.to_string()),
            Some("a\n.jsonl:3: not JSON".to_owned())
        );
        assert!(files.find("/corpus", "b").is_none());
    }
}
