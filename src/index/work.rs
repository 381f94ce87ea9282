//! The threads of a build: one cuts files into records, the others parse them, tell what is new and index that.
//!
//! What they do does not depend on which of them does it: ids are claimed in the order of the files.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tantivy::directory::OwnedBytes;
use tantivy::{IndexWriter, SegmentMeta, TantivyError, Term};

use super::build::{Changes, Event};
use super::cards;
use super::copies::{Page, Spool};
use super::document::{Analyst, Facets, card};
use super::files::{Arrival, FileRow, Holds};
use super::generation;
use super::past::Past;
use super::schema::Fields;
use super::segment::Draft;
use super::table::{self, ArticleRow};
use crate::article::{Article, ArticleId};
use crate::codebook::Coder;
use crate::error::{Error, Result};
use crate::read::{self, Notice, Record, Skipped};
use crate::text::{Lang, detect};

/// How many bytes of records are handed to a worker at once, about.
const BATCH_BYTES: usize = 256 << 10;
/// How many records are handed to a worker at once at most.
const BATCH_RECORDS: usize = 256;

/// What is to be done with a file.
pub(super) enum Task {
    /// It is as it was: its articles are those of this row.
    Keep(FileRow),
    /// It is read, and what comes of it noted in this row.
    Read(read::Source, FileRow),
}

/// Records on their way to a worker.
struct Batch {
    /// Its place in the order of the files, from 0.
    number: u64,
    items: Vec<Item>,
}

/// Something on its way to a worker, and the number of its file.
enum Item {
    /// A file whose articles are in the index.
    Kept(usize),
    /// A record.
    Record(usize, Record),
    /// A record that could not be cut.
    Failed(usize, Skipped),
}

/// What came of reading a record: the article, its digest, and what is doubtful in it.
type Reading = Result<(Article, u128, Vec<Notice>), Skipped>;

/// What the threads of a build share.
pub(super) struct Work<'a> {
    pub(super) options: &'a read::Options,
    /// Where new articles go; without, it is only found out what is new.
    pub(super) into: Option<Into<'a>>,
    /// What there was, if it can be compared.
    pub(super) past: Option<&'a Past>,
    /// Whether articles that are as they were stay in the index.
    pub(super) reuse: bool,
    /// When what is new now came.
    pub(super) arrival: Arrival,
    pub(super) tell: &'a (dyn Fn(Event) + Sync),
    pub(super) state: Mutex<State>,
    /// Tells that `State::next` has moved on.
    pub(super) turn: Condvar,
}

/// The index that articles are written into.
#[derive(Clone, Copy)]
pub(super) struct Into<'a> {
    pub(super) writer: &'a IndexWriter,
    pub(super) fields: Fields,
    pub(super) coder: &'a Coder,
    pub(super) directory: &'a Path,
    /// Memory for the segment that a thread is writing, in bytes.
    pub(super) memory: usize,
    /// Where near copies are looked for, if they are.
    pub(super) spool: Option<&'a Spool>,
}

/// An article that was indexed.
pub(super) struct Row {
    pub(super) row: ArticleRow,
    /// Its outlet and its language, which are numbered when all are known.
    pub(super) source: Option<String>,
    pub(super) lang: Lang,
    /// Its card, as JSON.
    pub(super) card: OwnedBytes,
}

/// What has been found out so far.
#[derive(Default)]
pub(super) struct State {
    /// The batch whose articles may claim their ids.
    next: u64,
    /// The ids that are taken, each with the number of its file.
    pub(super) claimed: HashMap<ArticleId, usize>,
    pub(super) files: Vec<FileRow>,
    /// Articles that were indexed.
    pub(super) articles: Vec<Row>,
    /// The segments that hold them. They may be added only when what is deleted has been committed: tantivy would delete the
    /// new article of an id with the old one.
    pub(super) segments: Vec<SegmentMeta>,
    /// Articles that stay as they are.
    pub(super) kept: Vec<ArticleId>,
    pub(super) changes: Changes,
    pub(super) failed: Option<Error>,
}

/// What a thread keeps from one article to the next.
#[derive(Default)]
struct Desk {
    analyst: Analyst,
    page: Page,
    /// The segment that it writes, if it has begun one.
    draft: Option<Draft>,
}

/// An article to index.
struct New {
    article: Article,
    /// Whether it takes the place of an older one.
    replaces: bool,
}

impl Work<'_> {
    /// Does the tasks, on this thread and so many others; returns what came of them.
    pub(super) fn run(self, tasks: Vec<Task>, threads: usize) -> State {
        let (send, receive) = sync_channel(threads);
        let receive = Mutex::new(receive);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| self.analyse(&receive));
            }
            self.cut(tasks, &send);
            drop(send);
        });
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cuts the files into records and sends them off in batches.
    fn cut(&self, tasks: Vec<Task>, send: &SyncSender<Batch>) {
        let mut batch = Batch { number: 0, items: Vec::new() };
        let mut bytes = 0;
        // Sends a full batch off; whether there is any use in going on.
        let mut put = |item: Option<Item>| {
            let last = item.is_none();
            if let Some(Item::Record(_, record)) = &item {
                bytes += record.size();
            }
            batch.items.extend(item);
            if !last && bytes < BATCH_BYTES && batch.items.len() < BATCH_RECORDS {
                return true;
            }
            bytes = 0;
            let number = batch.number + 1;
            let full = std::mem::replace(&mut batch, Batch { number, items: Vec::new() });
            send.send(full).is_ok() && self.state().failed.is_none()
        };
        for (number, task) in tasks.into_iter().enumerate() {
            let (source, row) = match task {
                Task::Keep(row) => {
                    self.state().files.push(row);
                    if !put(Some(Item::Kept(number))) {
                        return;
                    }
                    continue;
                }
                Task::Read(source, row) => (source, row),
            };
            self.state().files.push(row);
            let (mut told, mut go_on) = (0, true);
            let mut each = |record: Result<Record, Skipped>| {
                let item = match record {
                    Ok(record) => {
                        (self.tell)(Event::Bytes(record.disk_bytes().saturating_sub(told)));
                        told = told.max(record.disk_bytes());
                        Item::Record(number, record)
                    }
                    Err(skipped) => Item::Failed(number, skipped),
                };
                go_on = put(Some(item));
                if go_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            };
            let read = read::records(&source, self.options, &mut each);
            (self.tell)(Event::Bytes(read.saturating_sub(told)));
            if !go_on {
                return;
            }
        }
        put(None);
    }

    /// Parses, analyses and indexes batches until there are no more.
    fn analyse(&self, receive: &Mutex<Receiver<Batch>>) {
        let mut desk = Desk::default();
        loop {
            let batch = receive.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Batch { number, items }) = batch else { break };
            let read = items.into_iter().map(|item| {
                let reading = if let Item::Record(_, record) = &item { Some(self.read(record)) } else { None };
                (item, reading)
            });
            let read = read.collect();
            for new in self.claim(number, read) {
                let Some(into) = self.into else { continue };
                let added = catch_unwind(AssertUnwindSafe(|| self.add(into, &mut desk, &new)));
                let fault = || format!("a fault of the program in indexing {}", new.article.path);
                if let Err(error) = added.unwrap_or_else(|_| Err(Error::index(into.directory, fault()))) {
                    self.state().failed.get_or_insert(error);
                }
            }
        }
        let Some(into) = self.into.filter(|_| self.state().failed.is_none()) else { return };
        let finished = catch_unwind(AssertUnwindSafe(|| self.finish(into, desk)));
        let fault = || "a fault of the program in writing a segment".to_owned();
        if let Err(error) = finished.unwrap_or_else(|_| Err(Error::index(into.directory, fault()))) {
            self.state().failed.get_or_insert(error);
        }
    }

    /// Reads a record. A fault of the program or of a library that reads for it costs one record, not the build, and above all
    /// not the turn that the other threads wait for.
    fn read(&self, record: &Record) -> Reading {
        let read = catch_unwind(AssertUnwindSafe(|| {
            let (article, notices) = record.read(self.options)?;
            let digest = article.digest();
            Ok((article, digest, notices))
        }));
        read.unwrap_or_else(|_| {
            let why = "a fault of the program in reading it".to_owned();
            Err(Skipped { path: record.path().to_owned(), line: record.line(), why })
        })
    }

    /// Waits for the batch's turn and claims its articles' ids; returns those that are to be indexed.
    fn claim(&self, number: u64, read: Vec<(Item, Option<Reading>)>) -> Vec<New> {
        let mut state = self.state();
        while state.next != number {
            state = self.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let mut new = Vec::with_capacity(read.len());
        for (item, reading) in read {
            match (item, reading) {
                (Item::Kept(file), _) => state.keep(file),
                (Item::Failed(file, skipped), _) => state.files[file].skipped.push((skipped.line, skipped.why)),
                (Item::Record(file, _), Some(Err(skipped))) => {
                    state.files[file].skipped.push((skipped.line, skipped.why));
                }
                (Item::Record(file, record), Some(Ok((article, digest, notices)))) => {
                    let notices = notices.into_iter().map(|notice| (notice.line, notice.what));
                    state.files[file].notices.extend(notices);
                    if !state.claim(file, article.id(), article.record.as_deref(), record.line()) {
                        continue;
                    }
                    let before = self.past.and_then(|past| past.holds(article.id()));
                    state.files[file].articles.push(Holds::new(article.id(), digest, before, self.arrival));
                    let before = before.map(Holds::digest);
                    match before {
                        None => state.changes.added += 1,
                        Some(before) if before == digest => state.changes.unchanged += 1,
                        Some(_) => state.changes.replaced += 1,
                    }
                    if self.reuse && before == Some(digest) {
                        state.kept.push(article.id());
                    } else {
                        new.push(New { article, replaces: self.reuse && before.is_some() });
                    }
                }
                (Item::Record(..), None) => {}
            }
        }
        state.next += 1;
        self.turn.notify_all();
        new
    }

    fn add(&self, into: Into<'_>, desk: &mut Desk, new: &New) -> Result<()> {
        let (Into { fields, .. }, article) = (into, &new.article);
        let failed = |error: TantivyError| into.failed(&error);
        let texts = || {
            std::iter::once(article.title.as_str())
                .filter(|title| !title.is_empty())
                .chain(article.paragraphs.iter().map(String::as_str))
        };
        let stated = article.lang.as_deref().and_then(|code| code.parse().ok());
        let lang = stated.unwrap_or_else(|| detect(texts()));
        let facets = Facets::of(article, lang);
        if new.replaces {
            into.delete(article.id());
        }
        let Desk { analyst, page, draft } = desk;
        let mut drafted = draft.take().map_or_else(|| Draft::begin(into.writer, fields), Ok).map_err(failed)?;
        analyst.record(&mut drafted, fields, article).map_err(failed)?;
        let mut paragraphs = 0;
        for (text, number) in texts().zip(u32::from(article.title.is_empty())..) {
            let added = analyst.paragraph(&mut drafted, fields, into.coder, article, &facets, text);
            let (normal, print) = added.map_err(failed)?;
            paragraphs += 1;
            // Headlines that differ in a word or two are those of different articles.
            if let Some(spool) = into.spool
                && number > 0
                && normal.is_long()
            {
                spool.add(page, print, &normal)?;
            }
        }
        if drafted.is_full(into.memory) {
            let segment = drafted.finish().map_err(failed)?;
            self.state().segments.push(segment);
        } else {
            *draft = Some(drafted);
        }
        let row = ArticleRow {
            id: article.id(),
            date: article.date,
            source: table::NONE,
            lang: 0,
            paragraphs,
            headline: !article.title.is_empty(),
        };
        let card = cards::json_of(&card(article, lang));
        self.state().articles.push(Row { row, source: article.source.clone(), lang, card });
        (self.tell)(Event::Article);
        Ok(())
    }

    /// Writes what a thread has begun.
    fn finish(&self, into: Into<'_>, mut desk: Desk) -> Result<()> {
        if let Some(draft) = desk.draft {
            let segment = draft.finish().map_err(|error| into.failed(&error))?;
            self.state().segments.push(segment);
        }
        into.spool.map_or(Ok(()), |spool| spool.write(&mut desk.page))
    }
}

impl Into<'_> {
    /// Deletes an article.
    pub(super) fn delete(&self, id: ArticleId) {
        self.writer.delete_term(Term::from_field_u64(self.fields.article, id.bits()));
    }

    fn failed(&self, error: &TantivyError) -> Error {
        generation::not_written(self.directory, error)
    }
}

impl State {
    /// Claims the ids of a file that is as it was.
    fn keep(&mut self, file: usize) {
        for holds in std::mem::take(&mut self.files[file].articles) {
            if self.claim(file, holds.id(), None, None) {
                self.files[file].articles.push(holds);
                self.kept.push(holds.id());
                self.changes.unchanged += 1;
            }
        }
    }

    /// Claims an article's id for a file; whether it was free.
    fn claim(&mut self, file: usize, id: ArticleId, record: Option<&str>, line: Option<u64>) -> bool {
        let holder = match self.claimed.entry(id) {
            Entry::Vacant(free) => {
                free.insert(file);
                return true;
            }
            Entry::Occupied(taken) => *taken.get(),
        };
        let why = match record {
            Some(record) if holder == file => format!("an earlier record has the id {record} too"),
            _ => "an earlier file has the same path below its root".to_owned(),
        };
        let row = &mut self.files[file];
        row.contested |= holder != file;
        row.skipped.push((line, why));
        false
    }
}
