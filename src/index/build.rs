//! A build: articles from files into a fresh generation.
//!
//! One thread cuts files into records; workers parse and analyse them and hand finished documents to tantivy's own
//! threads. What they do does not depend on which of them does it: ids are claimed in the order of the files.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use hashbrown::HashSet;
use tantivy::IndexWriter;
use tantivy::indexer::UserOperation;

use super::copies::{Copies, Grouped, Page, Spool};
use super::document::{Analyst, Facets};
use super::generation::{self, Lock, Manifest};
use super::schema::{Fields, REPLAY, Replay, schema};
use super::table::{self, ArticleRow, DocumentRow};
use crate::article::{Article, ArticleId};
use crate::codebook::{Codebook, Coder};
use crate::error::{Error, Result};
use crate::groups::Near;
use crate::read::{self, Notice, Record, Skipped};
use crate::text::{Lang, detect};

/// How to build.
#[derive(Debug, Clone)]
pub struct Build {
    /// The files and folders to read.
    pub roots: Vec<PathBuf>,
    /// What may be read.
    pub read: read::Options,
    /// Threads that parse and analyse, and as many of tantivy's; 1 or more.
    pub threads: usize,
    /// Memory for the terms of documents not yet on disk, in bytes.
    pub memory: usize,
    /// Who and what to code.
    pub codebook: Codebook,
    /// How alike near copies are; as in the index there is, if nothing is said.
    pub near: Option<Near>,
}

/// What a build did.
#[derive(Debug, Clone)]
pub struct Report {
    /// What the new generation holds.
    pub manifest: Manifest,
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

/// How many bytes of records are handed to a worker at once, about.
const BATCH_BYTES: usize = 256 << 10;
/// How many records are handed to a worker at once at most.
const BATCH_RECORDS: usize = 256;
/// tantivy wants at least this much memory for a thread.
const LEAST_MEMORY: usize = 15_000_000;

/// Builds a fresh generation of the index from the articles under the roots and makes it the current one.
///
/// # Errors
///
/// When another process is writing, or the disk refuses. The old generation is then still the current one. What cannot be
/// read is no error: it is in the [`Report`].
pub fn build(index: &Path, build: &Build, tell: &(dyn Fn(Event) + Sync)) -> Result<Report> {
    for root in &build.roots {
        std::fs::metadata(root).map_err(Error::io(root, "reading"))?;
    }
    let _lock = Lock::take(index)?;
    let current = generation::number(index)?;
    generation::clear_away(index, current)?;
    let mut number = current.unwrap_or(0) + 1;
    // What is left under such a name is a folder of the user's.
    while generation::directory(index, number).exists() {
        number += 1;
    }
    let directory = generation::directory(index, number);
    std::fs::create_dir(&directory).map_err(Error::io(&directory, "making a generation"))?;
    // An index of another format, or a damaged one, is there to be replaced.
    let before = current.map(|current| generation::directory(index, current));
    let before = before.and_then(|before| Manifest::read(&before).ok().map(|manifest| (manifest, before)));
    let report = fill(&directory, number, build, before.as_ref(), tell).and_then(|report| {
        // A folder that is not mounted looks like one whose articles are all gone.
        match &before {
            Some((before, _)) if before.articles > 0 && report.manifest.articles == 0 => Err(Error::index(
                index,
                format!("no article was found, and the index, which holds {}, is left as it is; remove its folder to begin anew", before.articles),
            )),
            _ => Ok(report),
        }
    });
    match report {
        Ok(report) => {
            generation::make_current(index, number)?;
            // From here on the new generation is the index; old files that cannot be removed now are removed by the next run.
            let _ = generation::clear_away(index, Some(number));
            Ok(report)
        }
        Err(error) => {
            let _ = std::fs::remove_dir_all(&directory);
            Err(error)
        }
    }
}

/// Fills a generation; `before` is the one in use, if there is one that can be read.
fn fill(
    directory: &Path,
    number: u64,
    build: &Build,
    before: Option<&(Manifest, PathBuf)>,
    tell: &(dyn Fn(Event) + Sync),
) -> Result<Report> {
    let mut sources = Vec::new();
    let mut skipped = Vec::new();
    let mut unknown = 0;
    for root in &build.roots {
        let walk = read::walk(root, &build.read)?;
        sources.extend(walk.sources.into_iter().filter(|source| !lies_in(&source.file, root, directory)));
        skipped.extend(walk.skipped);
        unknown += walk.unknown;
    }
    let size = |source: &read::Source| std::fs::metadata(&source.file).map_or(0, |metadata| metadata.len());
    tell(Event::Found { files: sources.len() as u64, bytes: sources.iter().map(size).sum() });

    let failed = |error: tantivy::TantivyError| Error::index(directory, error.to_string());
    let (schema, fields) = schema();
    let index = tantivy::Index::create_in_dir(directory, schema).map_err(failed)?;
    index.tokenizers().register(REPLAY, Replay::default());
    let memory = (build.memory / build.threads).max(LEAST_MEMORY);
    let writer: IndexWriter = index.writer_with_num_threads(build.threads, memory * build.threads).map_err(failed)?;

    let near = build.near.or(before.map(|(before, _)| before.copies.near)).unwrap_or_default();
    let spool = near.bar().map(|_| Spool::create(directory)).transpose()?;
    let state = {
        let work = Work {
            options: &build.read,
            writer: &writer,
            fields,
            coder: &Coder::new(build.codebook.clone()),
            directory,
            spool: spool.as_ref(),
            state: Mutex::new(State { skipped, ..State::default() }),
            turn: Condvar::new(),
            tell,
        };
        let (send, receive) = sync_channel(build.threads);
        let receive = Mutex::new(receive);
        std::thread::scope(|scope| {
            for _ in 0..build.threads {
                scope.spawn(|| work.analyse(&receive));
            }
            work.cut(&sources, &send);
            drop(send);
        });
        work.state.into_inner().unwrap_or_else(PoisonError::into_inner)
    };
    if let Some(error) = state.failed {
        return Err(error);
    }
    tell(Event::Finishing);
    let mut writer = writer;
    writer.commit().map_err(failed)?;
    writer.wait_merging_threads().map_err(failed)?;
    let grouped = match near.bar().zip(spool) {
        Some((bar, spool)) => {
            let before = before.and_then(|(_, directory)| Copies::read(directory));
            Copies::write(directory, spool, (near, bar), before.as_ref(), build.threads)?
        }
        None => Grouped::off(),
    };
    finish(directory, number, build, &index, state, unknown, grouped)
}

/// Whether a file below a root is one of the index's own, whose generation is being made in `directory`.
fn lies_in(file: &Path, root: &Path, directory: &Path) -> bool {
    // Canonical names cost a look at the disk each: they are asked for only where the index lies below the root.
    let index = directory.parent().and_then(|index| index.canonicalize().ok());
    let below = index.zip(root.canonicalize().ok()).filter(|(index, root)| index.starts_with(root));
    below.is_some_and(|(index, _)| {
        let file = file.canonicalize().unwrap_or_default();
        file.strip_prefix(index).is_ok_and(generation::is_own)
    })
}

/// Records on their way to a worker.
struct Batch {
    /// Its place in the order of the files, from 0.
    number: u64,
    records: Vec<Record>,
}

/// What came of reading a record.
type Reading = Result<(Article, Vec<Notice>), Skipped>;

/// What the threads of a build share.
struct Work<'a> {
    options: &'a read::Options,
    writer: &'a IndexWriter,
    fields: Fields,
    coder: &'a Coder,
    directory: &'a Path,
    /// Where near copies are looked for, if they are.
    spool: Option<&'a Spool>,
    state: Mutex<State>,
    /// Tells that `State::next` has moved on.
    turn: Condvar,
    tell: &'a (dyn Fn(Event) + Sync),
}

/// What has been found out so far.
#[derive(Default)]
struct State {
    /// The batch whose articles may claim their ids.
    next: u64,
    claimed: HashSet<ArticleId>,
    articles: Vec<(ArticleRow, Option<String>, Lang)>,
    words: u64,
    skipped: Vec<Skipped>,
    notices: Vec<Notice>,
    failed: Option<Error>,
}

impl Work<'_> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cuts the files into records and sends them off in batches.
    fn cut(&self, sources: &[read::Source], send: &SyncSender<Batch>) {
        let mut batch = Batch { number: 0, records: Vec::new() };
        let mut bytes = 0;
        let dispatch = |batch: &mut Batch| {
            let number = batch.number + 1;
            let full = std::mem::replace(batch, Batch { number, records: Vec::new() });
            send.send(full).is_ok()
        };
        for source in sources {
            let mut told = 0;
            let mut each = |record: Result<Record, Skipped>| {
                match record {
                    Ok(record) => {
                        (self.tell)(Event::Bytes(record.disk_bytes().saturating_sub(told)));
                        told = told.max(record.disk_bytes());
                        bytes += record.size();
                        batch.records.push(record);
                    }
                    Err(skipped) => self.state().skipped.push(skipped),
                }
                if bytes >= BATCH_BYTES || batch.records.len() >= BATCH_RECORDS {
                    bytes = 0;
                    if !dispatch(&mut batch) || self.state().failed.is_some() {
                        return ControlFlow::Break(());
                    }
                }
                ControlFlow::Continue(())
            };
            let read = read::records(source, self.options, &mut each);
            (self.tell)(Event::Bytes(read.saturating_sub(told)));
            if self.state().failed.is_some() {
                return;
            }
        }
        if !batch.records.is_empty() {
            dispatch(&mut batch);
        }
    }

    /// Parses, analyses and indexes batches until there are no more.
    fn analyse(&self, receive: &Mutex<Receiver<Batch>>) {
        let (mut analyst, mut page) = (Analyst::default(), Page::default());
        loop {
            let batch = receive.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(batch) = batch else { break };
            let read: Vec<_> = batch.records.iter().map(|record| (record, self.read(record))).collect();
            for article in self.claim(batch.number, read) {
                let added = catch_unwind(AssertUnwindSafe(|| self.add(&mut analyst, &mut page, &article)));
                let fault = || format!("a fault of the program in indexing {}", article.path);
                if let Err(error) = added.unwrap_or_else(|_| Err(Error::index(self.directory, fault()))) {
                    self.state().failed.get_or_insert(error);
                }
            }
        }
        if let Some(Err(error)) = self.spool.map(|spool| spool.write(&mut page)) {
            self.state().failed.get_or_insert(error);
        }
    }

    /// Reads a record. A fault of the program or of a library that reads for it costs one record, not the build, and above all
    /// not the turn that the other threads wait for.
    fn read(&self, record: &Record) -> Reading {
        catch_unwind(AssertUnwindSafe(|| record.read(self.options))).unwrap_or_else(|_| {
            let why = "a fault of the program in reading it".to_owned();
            Err(Skipped { path: record.path().to_owned(), line: record.line(), why })
        })
    }

    /// Waits for the batch's turn and claims its articles' ids; returns the articles whose ids were free.
    fn claim(&self, number: u64, read: Vec<(&Record, Reading)>) -> Vec<Article> {
        let mut state = self.state();
        while state.next != number {
            state = self.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let mut articles = Vec::with_capacity(read.len());
        for (record, read) in read {
            match read {
                Ok((article, notices)) => {
                    state.notices.extend(notices);
                    if state.claimed.insert(article.id()) {
                        articles.push(article);
                    } else {
                        let why = match &article.record {
                            Some(id) => format!("an earlier record has the id {id} too"),
                            None => "an earlier file has the same path below its root".to_owned(),
                        };
                        state.skipped.push(Skipped { path: record.path().to_owned(), line: record.line(), why });
                    }
                }
                Err(skipped) => state.skipped.push(skipped),
            }
        }
        state.next += 1;
        self.turn.notify_all();
        articles
    }

    /// Indexes an article: its record, then its paragraphs, one after the other in the same segment.
    fn add(&self, analyst: &mut Analyst, page: &mut Page, article: &Article) -> Result<()> {
        let texts = || {
            std::iter::once(article.title.as_str())
                .filter(|title| !title.is_empty())
                .chain(article.paragraphs.iter().map(String::as_str))
        };
        let stated = article.lang.as_deref().and_then(|code| code.parse().ok());
        let lang = stated.unwrap_or_else(|| detect(texts()));
        let facets = Facets::of(article, lang);
        let mut documents = vec![UserOperation::Add(analyst.record(self.fields, article, lang))];
        let mut words = 0;
        for (text, number) in texts().zip(u32::from(article.title.is_empty())..) {
            let indexed = analyst.paragraph(self.fields, self.coder, article, lang, &facets, text);
            documents.push(UserOperation::Add(indexed.document));
            words += indexed.words;
            // Headlines that differ in a word or two are those of different articles.
            if let Some(spool) = self.spool
                && number > 0
                && indexed.normal.is_long()
            {
                spool.add(page, indexed.print, &indexed.normal)?;
            }
        }
        let row = ArticleRow {
            id: article.id(),
            date: article.date,
            source: table::NONE,
            lang: 0,
            paragraphs: documents.len() as u32 - 1,
            headline: !article.title.is_empty(),
        };
        self.writer.run(documents).map_err(|error| Error::index(self.directory, error.to_string()))?;
        let mut state = self.state();
        state.articles.push((row, article.source.clone(), lang));
        state.words += words;
        drop(state);
        (self.tell)(Event::Article);
        Ok(())
    }
}

/// Writes the table and the manifest of a generation whose documents are on disk.
fn finish(
    directory: &Path,
    number: u64,
    build: &Build,
    index: &tantivy::Index,
    state: State,
    unknown: u64,
    grouped: Grouped,
) -> Result<Report> {
    let failed = |error: tantivy::TantivyError| Error::index(directory, error.to_string());
    let (_, fields) = schema();
    let searcher = index.reader().map_err(failed)?.searcher();
    let mut documents = Vec::with_capacity(searcher.num_docs() as usize);
    let mut segments = Vec::new();
    for segment in searcher.segment_readers() {
        segments.push((segment.segment_id().uuid_string(), segment.max_doc()));
        let column = |field| segment.fast_fields().u64(index.schema().get_field_name(field)).map_err(failed);
        let (article, high, low) = (column(fields.article)?, column(fields.print_high)?, column(fields.print_low)?);
        let words = column(fields.words)?;
        for document in 0..segment.max_doc() {
            let id = article.first(document).ok_or_else(|| Error::index(directory, "a document has no article"))?;
            let halves = high.first(document).zip(low.first(document));
            documents.push(DocumentRow {
                article: ArticleId::from_bits(id),
                print: halves.map(|(high, low)| u128::from(high) << 64 | u128::from(low)),
                words: words.first(document).map_or(0, |words| words as u32),
            });
        }
    }
    let State { articles, mut skipped, mut notices, words, .. } = state;
    let mut sources: Vec<String> = articles.iter().filter_map(|(_, source, _)| source.clone()).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut langs: BTreeMap<Lang, u64> = BTreeMap::new();
    for (_, _, lang) in &articles {
        *langs.entry(*lang).or_default() += 1;
    }
    let langs: Vec<(Lang, u64)> = langs.into_iter().collect();
    let rows: Vec<ArticleRow> = articles
        .into_iter()
        .map(|(row, source, lang)| ArticleRow {
            source: source.map_or(table::NONE, |source| place(&sources, |other| other.cmp(&source))),
            lang: place(&langs, |other| other.0.cmp(&lang)),
            ..row
        })
        .collect();
    let dates = rows.iter().filter_map(|row| row.date);
    let dates = dates.clone().min().zip(dates.max());
    let undated = rows.iter().filter(|row| row.date.is_none()).count() as u64;
    let counts = table::write(directory, rows, &documents, &grouped.near, sources.len() as u32, langs.len() as u32)?;
    skipped.sort();
    notices.sort();
    let manifest = Manifest {
        generation: number,
        program: concat!("nutgraf ", env!("CARGO_PKG_VERSION")).to_owned(),
        roots: build.roots.iter().map(|root| root.display().to_string()).collect(),
        articles: u64::from(counts.articles),
        paragraphs: u64::from(counts.paragraphs),
        groups: u64::from(counts.groups - counts.boilerplate),
        boilerplate: u64::from(counts.boilerplate),
        copies: grouped.mark,
        words,
        skipped: skipped.len() as u64,
        dates,
        undated,
        sources,
        langs,
        codebook: generation::keep_codebook(directory, &build.codebook)?,
        segments,
    };
    manifest.write(directory)?;
    Ok(Report { manifest, skipped, notices, unknown })
}

/// The place of an item that is in a sorted list.
fn place<T>(sorted: &[T], compare: impl FnMut(&T) -> std::cmp::Ordering) -> u32 {
    sorted.binary_search_by(compare).expect("the list was made from these items") as u32
}
