//! The end of a run: from the documents on disk to the table, the copies and the manifest of the generation.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use tantivy::directory::OwnedBytes;
use tantivy::schema::Value;
use tantivy::{BitSet, DocAddress, Searcher, SegmentReader, TantivyDocument};
use xxhash_rust::xxh3::xxh3_128;

use super::build::Build;
use super::cards;
use super::copies::{Copies, Grouped, Spool, Standing};
use super::files::FileRow;
use super::generation::{self, Manifest, PROGRAM, Past as Earlier};
use super::past::Past;
use super::schema::{Fields, schema};
use super::settings;
use super::sums::Sums;
use super::table::{self, ArticleRow, DocumentRow};
use super::work::{Row, State};
use crate::article::{ArticleId, CorpusDigest};
use crate::error::{Error, Result};
use crate::groups::{Near, Normal};
use crate::text::Lang;

/// How many earlier generations a manifest remembers.
const REMEMBERED: usize = 50;

/// A generation whose documents are on disk.
pub(super) struct Finished<'a> {
    pub(super) directory: &'a Path,
    pub(super) number: u64,
    pub(super) build: &'a Build,
    pub(super) index: &'a tantivy::Index,
    pub(super) past: Option<&'a Past>,
    /// Whether documents of the past are among those on disk.
    pub(super) taken_over: bool,
    /// How near copies are found, if they are, and what was written down of the new paragraphs.
    pub(super) copies: Option<(Near, u16, Spool)>,
    /// Files and records that could not be read.
    pub(super) skipped: u64,
}

/// Writes what a generation has beside its documents.
pub(super) fn finish(finished: Finished<'_>, state: State) -> Result<Manifest> {
    let Finished { directory, number, build, index, past, taken_over, copies, skipped } = finished;
    let failed = |error: tantivy::TantivyError| generation::not_written(directory, &error);
    let searcher = index.reader().map_err(failed)?.searcher();
    let fields = schema().1;
    let documents = documents(directory, &searcher, fields, build.threads)?;
    let segments: Vec<(String, u32)> = searcher
        .segment_readers()
        .iter()
        .map(|segment| (segment.segment_id().uuid_string(), segment.max_doc()))
        .collect();
    let State { articles: mut rows, kept, files, changes, .. } = state;
    for id in kept {
        let row = past.map_or(Ok(None), |past| past.row(id))?;
        rows.push(row.ok_or_else(|| Error::index(directory, "an article that stays is not there".to_owned()))?);
    }

    let prints = table::by_print(&documents);
    let grouped = match copies {
        Some((near, bar, spool)) => {
            let before = past.filter(|_| taken_over).map(|past| Copies::read(&past.guarded)).transpose()?;
            let bodies = if taken_over { bodies(&documents, &rows, &prints) } else { Vec::new() };
            let normal = |document| normal(directory, &searcher, fields, document);
            let standing = Standing { bodies: &bodies, normal: &normal };
            let before = before.as_ref().map(|copies| (copies, standing));
            Copies::write(directory, number, spool, (near, bar), before, build.threads)?
        }
        None => Grouped::off(),
    };
    let words = documents.iter().flatten().map(|row| u64::from(row.words)).sum();
    let Listed { rows, cards, sources, langs } = list(rows);
    cards::write(directory, cards.iter())?;
    let dates = rows.iter().filter_map(|row| row.date);
    let dates = dates.clone().min().zip(dates.max());
    let undated = rows.iter().filter(|row| row.date.is_none()).count() as u64;
    let counts =
        table::write(directory, &rows, &documents, &prints, &grouped.near, (sources.len() as u32, langs.len() as u32))?;
    let mut earlier = past.map_or_else(Vec::new, |past| past.manifest.history.clone());
    earlier.push(Earlier {
        generation: number,
        at: seconds(build.now),
        added: changes.added,
        replaced: changes.replaced,
        removed: changes.removed,
        articles: u64::from(counts.articles),
    });
    let manifest = Manifest {
        generation: number,
        program: PROGRAM.to_owned(),
        corpus: corpus(&files),
        roots: build.roots.iter().map(|root| root.display().to_string()).collect(),
        articles: u64::from(counts.articles),
        paragraphs: u64::from(counts.paragraphs),
        groups: u64::from(counts.groups - counts.boilerplate),
        boilerplate: u64::from(counts.boilerplate),
        copies: grouped.mark,
        words,
        skipped,
        dates,
        undated,
        sources,
        langs,
        codebook: generation::keep_codebook(directory, &build.codebook)?,
        reading: settings::reading(&build.read),
        segments,
        history: earlier.split_off(earlier.len().saturating_sub(REMEMBERED)),
    };
    manifest.write(directory)?;
    Sums::write(directory, past.map(|past| (past.directory(), &**past.guarded.sums())), build.threads)?;
    Ok(manifest)
}

/// The documents in the order of their numbers; none for those that were deleted.
fn documents(
    directory: &Path,
    searcher: &Searcher,
    fields: Fields,
    threads: usize,
) -> Result<Vec<Option<DocumentRow>>> {
    let segments = searcher.segment_readers();
    let all = segments.iter().map(|segment| segment.max_doc() as usize).sum();
    let mut documents = vec![None; all];
    let mut rest = &mut documents[..];
    let mut to_read = Vec::with_capacity(segments.len());
    for segment in segments {
        let rows;
        (rows, rest) = rest.split_at_mut(segment.max_doc() as usize);
        to_read.push((segment, rows));
    }
    let to_read = Mutex::new(to_read);
    let next = || to_read.lock().unwrap_or_else(PoisonError::into_inner).pop();
    std::thread::scope(|scope| {
        let read = || {
            while let Some((segment, rows)) = next() {
                documents_of(directory, segment, fields, rows)?;
            }
            Result::<()>::Ok(())
        };
        let readers: Vec<_> = (0..threads.min(segments.len())).map(|_| scope.spawn(read)).collect();
        readers.into_iter().try_for_each(|reader| reader.join().expect("columns are read without a panic"))
    })?;
    Ok(documents)
}

/// The documents of a segment.
fn documents_of(
    directory: &Path,
    segment: &SegmentReader,
    fields: Fields,
    rows: &mut [Option<DocumentRow>],
) -> Result<()> {
    let failed = |error: tantivy::TantivyError| Error::index(directory, error.to_string());
    let column = |field| segment.fast_fields().u64(segment.schema().get_field_name(field)).map_err(failed);
    let (article, high, low) = (column(fields.article)?, column(fields.print_high)?, column(fields.print_low)?);
    let words = column(fields.words)?;
    for (document, row) in (0..).zip(rows).filter(|(document, _)| !segment.is_deleted(*document)) {
        let id = article.first(document).ok_or_else(|| Error::index(directory, "a document has no article"))?;
        let halves = high.first(document).zip(low.first(document));
        *row = Some(DocumentRow {
            article: ArticleId::from_bits(id),
            print: halves.map(|(high, low)| u128::from(high) << 64 | u128::from(low)),
            words: words.first(document).map_or(0, |words| words as u32),
        });
    }
    Ok(())
}

/// The fingerprints of paragraphs that are no headlines, in order, each with a document that has it.
fn bodies(documents: &[Option<DocumentRow>], rows: &[Row], prints: &[(u128, u32)]) -> Vec<(u128, u32)> {
    let mut headlined: Vec<ArticleId> = rows.iter().filter(|of| of.row.headline).map(|of| of.row.id).collect();
    headlined.sort_unstable();
    // The headline stands right after the record.
    let mut headlines = BitSet::with_max_value(documents.len().max(1) as u32);
    let mut after = None;
    for (document, row) in (0..).zip(documents) {
        let record = row.filter(|row| row.print.is_none()).map(|row| row.article);
        if row.is_some() && after.take().is_some_and(|id| headlined.binary_search(&id).is_ok()) {
            headlines.insert(document);
        }
        after = record;
    }
    let mut bodies: Vec<(u128, u32)> =
        prints.iter().copied().filter(|(_, document)| !headlines.contains(*document)).collect();
    bodies.dedup_by_key(|(print, _)| *print);
    bodies
}

/// The normal form of a document's text.
fn normal(directory: &Path, searcher: &Searcher, fields: Fields, document: u32) -> Result<String> {
    let mut place = document;
    for (segment, number) in searcher.segment_readers().iter().zip(0..) {
        if place < segment.max_doc() {
            let stored: tantivy::Result<TantivyDocument> = searcher.doc(DocAddress::new(number, place));
            let stored = stored.map_err(|error| Error::index(directory, error.to_string()))?;
            let text = stored.get_first(fields.text).and_then(|value| value.as_str().map(str::to_owned));
            let text = text.ok_or_else(|| Error::index(directory, "a paragraph has no text"))?;
            return Ok(Normal::of(&text).text().to_owned());
        }
        place -= segment.max_doc();
    }
    Err(Error::index(directory, "a paragraph that stays is not there"))
}

/// All articles in the order of their numbers, with outlets and languages numbered.
struct Listed {
    rows: Vec<ArticleRow>,
    cards: Vec<OwnedBytes>,
    sources: Vec<String>,
    langs: Vec<(Lang, u64)>,
}

fn list(mut rows: Vec<Row>) -> Listed {
    rows.sort_unstable_by_key(|of| of.row.order());
    let mut sources: Vec<String> = rows.iter().filter_map(|of| of.source.clone()).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut langs: BTreeMap<Lang, u64> = BTreeMap::new();
    for of in &rows {
        *langs.entry(of.lang).or_default() += 1;
    }
    let langs: Vec<(Lang, u64)> = langs.into_iter().collect();
    let numbered = |Row { row, source, lang, card }: Row| {
        let source = source.map_or(table::NONE, |source| place(&sources, |other| other.cmp(&source)));
        (ArticleRow { source, lang: place(&langs, |other| other.0.cmp(&lang)), ..row }, card)
    };
    let (rows, cards) = rows.into_iter().map(numbered).unzip();
    Listed { rows, cards, sources, langs }
}

/// The place of an item that is in a sorted list.
fn place<T>(sorted: &[T], compare: impl FnMut(&T) -> std::cmp::Ordering) -> u32 {
    sorted.binary_search_by(compare).expect("the list was made from these items") as u32
}

/// A hash of all articles with all that is known of them, whatever the order of the files.
pub(super) fn corpus(files: &[FileRow]) -> CorpusDigest {
    let of = |id: ArticleId, digest: u128| {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&id.bits().to_le_bytes());
        bytes[8..].copy_from_slice(&digest.to_le_bytes());
        xxh3_128(&bytes)
    };
    let all = files.iter().flat_map(|row| &row.articles);
    CorpusDigest(all.fold(0, |sum: u128, holds| sum.wrapping_add(of(holds.id(), holds.digest()))))
}

/// A time in seconds since 1970.
pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
