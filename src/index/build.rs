//! A run of the indexer: what changed under the roots since the last one makes a fresh generation.
//!
//! The new generation lies beside the one in use. It takes over the files of tantivy's segments as hard links, since they
//! never change; what is new is added, what is gone deleted, and the table, the copies and the manifest are written anew.
//! If anything that reads or codes articles is other than it was, all of them are indexed anew. Both ways lead to the same
//! answers.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex};
use std::time::SystemTime;

use tantivy::indexer::LogMergePolicy;
use tantivy::{IndexSettings, IndexWriter};

use super::copies::Spool;
use super::files::{Arrival, FileRow, Stamp};
use super::finish::{Finished, finish, seconds};
use super::generation::{self, Lock, Manifest};
use super::guarded::Grown;
use super::past::Past;
use super::schema::schema;
use super::work::{Into, Task, Work};
use super::{files, settings};
use crate::article::PubDate;
use crate::codebook::{Codebook, Coder};
use crate::error::{Error, Result};
use crate::groups::Near;
use crate::read::{self, Notice, Skipped};

/// How to build.
#[derive(Debug, Clone)]
pub struct Build {
    /// The files and folders to read.
    pub roots: Vec<PathBuf>,
    /// What becomes of the articles that the index holds.
    pub mode: Mode,
    /// Whether it is only found out what would be done.
    pub dry_run: bool,
    /// What may be read.
    pub read: read::Options,
    /// Threads that parse, analyse and write segments; 1 or more.
    pub threads: usize,
    /// Memory for the words of documents not yet on disk, in bytes.
    pub memory: usize,
    /// Who and what to code.
    pub codebook: Codebook,
    /// How alike near copies are; as in the index there is, if nothing is said.
    pub near: Option<Near>,
    /// The time of the run: this room never reads the clock.
    pub now: SystemTime,
}

impl Build {
    /// A run at a time, on its day, that makes an index hold what is now under the roots: one thread, 64 MiB.
    pub fn new(roots: Vec<PathBuf>, codebook: Codebook, now: SystemTime, today: PubDate) -> Build {
        Build {
            roots,
            mode: Mode::Sync,
            dry_run: false,
            read: read::Options::new(today),
            threads: 1,
            memory: 64 << 20,
            codebook,
            near: None,
            now,
        }
    }
}

/// What becomes of the articles that an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Those that are no longer under the roots go; those that are as they were are not read again.
    Sync,
    /// All stay, but for those of files under the roots that have changed or vanished from a file.
    Add,
    /// All go, and everything under the roots is read.
    Rebuild,
}

/// What happened to articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changes {
    /// New in the index.
    pub added: u64,
    /// In the index with another text or other metadata.
    pub replaced: u64,
    /// No longer in the index.
    pub removed: u64,
    /// As they were.
    pub unchanged: u64,
}

impl Changes {
    /// Whether the articles are others than before.
    pub fn any(&self) -> bool {
        self.added + self.replaced + self.removed > 0
    }
}

/// What a build did.
#[derive(Debug, Clone)]
pub struct Report {
    /// What the index now holds; after a dry run, what it holds still. None if there is no index then.
    pub manifest: Option<Manifest>,
    /// What happened to articles.
    pub changes: Changes,
    /// Why all articles were indexed anew, although the index was there.
    pub anew: Option<&'static str>,
    /// What could not be read, by path and line.
    pub skipped: Vec<Skipped>,
    /// What was read with a doubt, by path and line.
    pub notices: Vec<Notice>,
    /// Files of kinds that are not read.
    pub unknown: u64,
}

/// What a build tells while it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// So many files of so many bytes are to be read.
    Found {
        /// Files.
        files: u64,
        /// Bytes on disk.
        bytes: u64,
    },
    /// So many bytes on disk have been read since the last such event.
    Bytes(u64),
    /// An article has been indexed.
    Article,
    /// All is read; the index is being finished.
    Finishing,
}

/// tantivy wants at least this much memory for its thread, and takes none of it before that has a document.
const LEAST_MEMORY: usize = 15_000_000;
/// How much memory a thread has for its segment, in bytes, whatever is asked for: an empty one takes 7 MiB of its own, and
/// tantivy's columns end at 4 GiB.
const SEGMENT_MEMORY: RangeInclusive<usize> = 16 << 20..=3 << 30;
/// How much stored text is compressed as one, in bytes. A hit costs the unpacking of one of them.
const BLOCK: usize = 8192;
/// A segment of which more than this share has been deleted is written anew.
const DELETED_AT_MOST: f32 = 0.2;

/// Brings the index in line with the articles under the roots: makes a fresh generation and then, in one step, makes that
/// the current one. If nothing has changed, the index is left alone.
///
/// # Errors
///
/// When another process is writing, or the disk refuses. The old generation is then still the current one. What cannot be
/// read is no error: it is in the [`Report`].
pub fn build(index: &Path, build: &Build, tell: &(dyn Fn(Event) + Sync)) -> Result<Report> {
    for root in &build.roots {
        std::fs::metadata(root).map_err(Error::io(root, "reading"))?;
    }
    let _lock = (!build.dry_run).then(|| Lock::take(index)).transpose()?;
    let current = generation::number(index)?;
    if !build.dry_run {
        generation::clear_away(index, current)?;
    }
    let mut number = current.unwrap_or(0) + 1;
    // What is left under such a name is a folder of the user's.
    while generation::directory(index, number).exists() {
        number += 1;
    }
    let (past, anew) = past(index, current, build)?;
    let plan = plan(index, build, past.as_ref(), anew.is_none())?;
    if anew.is_none()
        && let Some(past) = past.as_ref().filter(|past| plan.changes_nothing(past))
    {
        return Ok(plan.report_of(past));
    }
    tell(plan.found());
    let run = Run { index, number, build, past: past.as_ref(), reuse: past.is_some() && anew.is_none(), tell };
    let mut report = if build.dry_run { run.try_out(plan)? } else { run.fill(plan)? };
    report.anew = anew.filter(|_| build.mode != Mode::Rebuild);
    Ok(report)
}

/// The generation in use, if it can be read, and why nothing of it can be taken over.
fn past(index: &Path, current: Option<u64>, build: &Build) -> Result<(Option<Past>, Option<&'static str>)> {
    let Some(current) = current else { return Ok((None, None)) };
    let directory = generation::directory(index, current);
    // An index of another format, or a damaged one, is there to be replaced.
    let readable = generation::current(index).is_ok();
    let past = readable.then(|| Manifest::read(&directory).and_then(|manifest| Past::read(&directory, manifest)));
    let Some(Ok(past)) = past else {
        return match build.mode {
            // What is not under the roots would be lost.
            Mode::Add => Err(Error::index(
                index,
                "this index is damaged or of another format, and --add cannot know what it holds; build it again from all its articles".to_owned(),
            )),
            _ => Ok((None, Some("the index is damaged or of another format"))),
        };
    };
    let anew = match build.mode {
        Mode::Rebuild => Some("it was asked for"),
        mode => match settings::differ(build, &past.manifest) {
            Some(what) if mode == Mode::Add => {
                let what = format!(
                    "{what}: with --add the articles that are not under the paths cannot be indexed anew; run nutgraf-index with all paths first"
                );
                return Err(Error::index(index, what));
            }
            what => what,
        },
    };
    Ok((Some(past), anew))
}

/// What is to be done.
struct Plan {
    tasks: Vec<Task>,
    /// Files and folders that could not be looked at.
    skipped: Vec<Skipped>,
    unknown: u64,
    /// How many files are to be read, and of how many bytes.
    to_read: (u64, u64),
    /// Whether a file has vanished.
    vanished: bool,
}

/// Finds the files under the roots, and which of them must be read.
fn plan(index: &Path, build: &Build, past: Option<&Past>, reuse: bool) -> Result<Plan> {
    let mut plan = Plan { tasks: Vec::new(), skipped: Vec::new(), unknown: 0, to_read: (0, 0), vanished: false };
    let mut found: Vec<(read::Source, FileRow)> = Vec::new();
    for root in &build.roots {
        let walk = read::walk(root, &build.read)?;
        let below = root.canonicalize().map_err(Error::io(root, "reading"))?.to_string_lossy().into_owned();
        for source in walk.sources.into_iter().filter(|source| !lies_in(&source.file, root, index)) {
            let metadata = std::fs::metadata(&source.file).ok();
            let stamp = metadata.as_ref().and_then(|metadata| Stamp::of(metadata, build.now));
            let (root, path, read_on) = (below.clone(), source.path.clone(), Some(build.read.today));
            let row = FileRow { root, path, stamp, read_on, ..FileRow::default() };
            found.push((source, row));
        }
        plan.skipped.extend(walk.skipped);
        plan.unknown += walk.unknown;
    }
    let as_it_was = |row: &FileRow| -> Option<FileRow> {
        let past = past.filter(|_| reuse)?;
        let before = past.files.find(&row.root, &row.path)?;
        // What is doubtful today, such as a date that lies ahead, need not be tomorrow.
        let same = row.stamp.is_some()
            && before.stamp == row.stamp
            && !before.contested
            && (before.notices.is_empty() || before.read_on == row.read_on);
        same.then(|| before.clone())
    };
    let kept: Vec<Option<FileRow>> = found.iter().map(|(_, row)| as_it_was(row)).collect();
    // Files that share a path are read together or not at all, since the first one has the articles.
    let mut read_too: HashMap<String, bool> = HashMap::new();
    for ((_, row), kept) in found.iter().zip(&kept) {
        *read_too.entry(row.path.clone()).or_default() |= kept.is_none();
    }
    let mut there: HashMap<(String, String), ()> = HashMap::new();
    let mut tasks = Vec::with_capacity(found.len());
    for ((source, row), kept) in found.into_iter().zip(kept) {
        if there.insert((row.root.clone(), row.path.clone()), ()).is_some() {
            // The same root was given twice.
            continue;
        }
        tasks.push(match kept {
            Some(kept) if !read_too[&kept.path] => Task::Keep(kept),
            _ => {
                let size = std::fs::metadata(&source.file).map_or(0, |metadata| metadata.len());
                plan.to_read = (plan.to_read.0 + 1, plan.to_read.1 + size);
                Task::Read(source, row)
            }
        });
    }
    let elsewhere = past.into_iter().flat_map(|past| past.files.rows());
    let elsewhere = elsewhere.filter(|row| !there.contains_key(&(row.root.clone(), row.path.clone())));
    if build.mode == Mode::Add {
        // What is in the index has the first claim.
        plan.tasks.extend(elsewhere.map(|row| Task::Keep(row.clone())));
    } else {
        plan.vanished = elsewhere.count() > 0;
    }
    plan.tasks.append(&mut tasks);
    Ok(plan)
}

impl Plan {
    fn found(&self) -> Event {
        let (files, bytes) = self.to_read;
        Event::Found { files, bytes }
    }

    /// Whether all is as it was, down to what could not be read.
    fn changes_nothing(&self, past: &Past) -> bool {
        let rows = self.tasks.iter().filter_map(|task| if let Task::Keep(row) = task { Some(row) } else { None });
        let skipped = self.skipped.len() + rows.map(|row| row.skipped.len()).sum::<usize>();
        self.to_read.0 == 0 && !self.vanished && past.manifest.skipped == skipped as u64
    }

    /// The report of a run that changes nothing.
    fn report_of(self, past: &Past) -> Report {
        let rows = self.tasks.into_iter().map(|task| match task {
            Task::Keep(row) | Task::Read(_, row) => row,
        });
        let changes = Changes { unchanged: past.manifest.articles, ..Changes::default() };
        let (skipped, notices) = doubts(self.skipped, &rows.collect::<Vec<_>>());
        Report { manifest: Some(past.manifest.clone()), changes, anew: None, skipped, notices, unknown: self.unknown }
    }
}

/// All that could not be read or was read with a doubt, by path and line.
pub(super) fn doubts(mut skipped: Vec<Skipped>, rows: &[FileRow]) -> (Vec<Skipped>, Vec<Notice>) {
    skipped.extend(rows.iter().flat_map(FileRow::all_skipped));
    let mut notices: Vec<Notice> = rows.iter().flat_map(FileRow::all_notices).collect();
    skipped.sort();
    notices.sort();
    (skipped, notices)
}

/// Whether a file below a root is one of the index's own.
fn lies_in(file: &Path, root: &Path, index: &Path) -> bool {
    // Canonical names cost a look at the disk each: they are asked for only where the index lies below the root.
    let index = index.canonicalize().ok();
    let below = index.zip(root.canonicalize().ok()).filter(|(index, root)| index.starts_with(root));
    below.is_some_and(|(index, _)| {
        let file = file.canonicalize().unwrap_or_default();
        file.strip_prefix(index).is_ok_and(generation::is_own)
    })
}

/// A run that has something to do.
struct Run<'a> {
    index: &'a Path,
    /// The number of the generation it makes.
    number: u64,
    build: &'a Build,
    past: Option<&'a Past>,
    /// Whether articles that are as they were stay in the index.
    reuse: bool,
    tell: &'a (dyn Fn(Event) + Sync),
}

impl Run<'_> {
    /// Finds out what would be done.
    fn try_out(&self, plan: Plan) -> Result<Report> {
        let Plan { tasks, skipped, unknown, .. } = plan;
        let state = self.work(None, tasks)?;
        let (skipped, notices) = doubts(skipped, &state.files);
        let manifest = self.past.map(|past| past.manifest.clone());
        Ok(Report { manifest, changes: state.changes, anew: None, skipped, notices, unknown })
    }

    /// Makes a generation, and makes it the current one.
    fn fill(&self, plan: Plan) -> Result<Report> {
        let directory = generation::directory(self.index, self.number);
        std::fs::create_dir(&directory).map_err(Error::io(&directory, "making a generation"))?;
        let report = self.fill_directory(&directory, plan).and_then(|report| {
            let holds = |manifest: Option<&Manifest>| manifest.map_or(0, |manifest| manifest.articles);
            let before = holds(self.past.map(|past| &past.manifest));
            // A folder that is not mounted looks like one whose articles are all gone.
            if before > 0 && holds(report.manifest.as_ref()) == 0 {
                let what = format!("no article was found, and the index, which holds {before}, is left as it is; remove its folder to begin anew");
                return Err(Error::index(self.index, what));
            }
            generation::make_current(self.index, self.number)?;
            Ok(report)
        });
        match report {
            Ok(report) => {
                // From here on the new generation is the index; old files that cannot be removed now are removed by the
                // next run.
                let _ = generation::clear_away(self.index, Some(self.number));
                Ok(report)
            }
            Err(error) => {
                let _ = std::fs::remove_dir_all(&directory);
                Err(error)
            }
        }
    }

    fn fill_directory(&self, directory: &Path, plan: Plan) -> Result<Report> {
        let Run { build, past, .. } = *self;
        let taken_over = past.filter(|_| self.reuse);
        // What is taken over is compared with its sums, so that no damage of it gets into what is written of it anew.
        let grown = taken_over.map(|past| Grown::open(directory, past.guarded.sums())).transpose()?;
        let failed = |error: tantivy::TantivyError| match &grown {
            Some(grown) => grown.failed(&error),
            None => generation::not_written(directory, &error),
        };
        let index = match taken_over.zip(grown.clone()) {
            Some((past, grown)) => {
                generation::link(past.directory(), directory)?;
                tantivy::Index::open(grown)
            }
            None => {
                let settings = IndexSettings { docstore_blocksize: BLOCK, ..IndexSettings::default() };
                tantivy::Index::builder().schema(schema().0).settings(settings).create_in_dir(directory)
            }
        };
        let index = index.map_err(failed)?;
        // Our own threads write the segments; tantivy's one gets no document.
        let mut writer: IndexWriter = index.writer_with_num_threads(1, LEAST_MEMORY).map_err(failed)?;
        let mut merging = LogMergePolicy::default();
        merging.set_del_docs_ratio_before_merge(DELETED_AT_MOST);
        writer.set_merge_policy(Box::new(merging));

        let near = settings::near(build, past.map(|past| &past.manifest));
        let spool = near.bar().map(|_| Spool::create(directory)).transpose()?;
        let coder = Coder::new(build.codebook.clone());
        let fields = schema().1;
        let memory = (build.memory / build.threads).clamp(*SEGMENT_MEMORY.start(), *SEGMENT_MEMORY.end());
        let into = Into { writer: &writer, fields, coder: &coder, directory, memory, spool: spool.as_ref() };
        let Plan { tasks, skipped, unknown, .. } = plan;
        let mut state = self.work(Some(into), tasks)?;
        for id in taken_over.into_iter().flat_map(Past::ids).filter(|id| !state.claimed.contains_key(id)) {
            into.delete(id);
        }
        (self.tell)(Event::Finishing);
        if taken_over.is_some() {
            writer.commit().map_err(failed)?;
        }
        let segments = std::mem::take(&mut state.segments);
        segments.into_iter().try_for_each(|segment| writer.add_segment(segment)).map_err(failed)?;
        writer.commit().map_err(failed)?;
        writer.wait_merging_threads().map_err(failed)?;
        // tantivy leaves segments as they are which it cannot merge, and does not say so.
        grown.iter().try_for_each(Grown::damage)?;
        let (skipped, notices) = doubts(skipped, &state.files);
        files::Files::write(directory, &state.files)?;
        let changes = state.changes;
        let finished = Finished {
            directory,
            number: self.number,
            build,
            index: &index,
            past,
            taken_over: taken_over.is_some(),
            copies: near.bar().zip(spool).map(|(bar, spool)| (near, bar, spool)),
            skipped: skipped.len() as u64,
        };
        let manifest = finish(finished, state)?;
        Ok(Report { manifest: Some(manifest), changes, anew: None, skipped, notices, unknown })
    }

    /// Reads what is to be read and hands what is new `into` the index.
    fn work(&self, into: Option<Into<'_>>, tasks: Vec<Task>) -> Result<super::work::State> {
        let work = Work {
            options: &self.build.read,
            into,
            past: self.past,
            reuse: self.reuse,
            arrival: Arrival { generation: self.number, at: seconds(self.build.now) },
            tell: self.tell,
            state: Mutex::default(),
            turn: Condvar::new(),
        };
        let mut state = work.run(tasks, self.build.threads);
        if let Some(error) = state.failed.take() {
            return Err(error);
        }
        let gone = self.past.into_iter().flat_map(Past::ids).filter(|id| !state.claimed.contains_key(id)).count();
        state.changes.removed = gone as u64;
        Ok(state)
    }
}
