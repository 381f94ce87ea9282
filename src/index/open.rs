//! An open index: one generation, read-only, for as long as it is held.

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hashbrown::HashMap;
use tantivy::directory::OwnedBytes;
use tantivy::fastfield::AliveBitSet;
use tantivy::index::InvertedIndexReader;
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocSet, ReloadPolicy, Searcher, SegmentReader, TERMINATED, TantivyDocument, Term};

use super::analyzers::Analyzers;
use super::cards::Cards;
use super::facets::FacetColumns;
use super::files::{self, Arrival, Files};
use super::forms::Looked;
use super::generation::{self, Card, Manifest};
use super::guarded::{Guarded, HeldFile};
use super::schema::{Fields, schema};
use super::snapshot;
use super::table::Table;
use crate::article::ArticleId;
use crate::codebook::Codebook;
use crate::error::{Error, Result};
use crate::groups::Normal;
use crate::text::Lang;

/// How many blocks of stored text a segment keeps unpacked.
const BLOCKS_KEPT: usize = 8;

/// One generation of an index, open for reading.
pub struct Index {
    files: Guarded,
    manifest: Manifest,
    /// The text of the codebook, mapped at once since a writer may remove the generation.
    codebook: OwnedBytes,
    /// The list of files, held on to for the same reason.
    list: HeldFile,
    /// The codebook, once it was asked for.
    parsed: OnceLock<Codebook>,
    searcher: Searcher,
    /// The first document number of each segment, in the order of the searcher.
    bases: Vec<u32>,
    pub(crate) fields: Fields,
    pub(crate) table: Arc<Table>,
    cards: Cards,
    pub(super) looked: Looked,
    /// Of each segment of the searcher.
    pub(super) columns: Vec<FacetColumns>,
    pub(super) analyzers: Analyzers,
    /// For each segment of which documents were deleted, by its first document: which, once it has been asked for.
    deleted: Mutex<HashMap<u32, Arc<Vec<u32>>>>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("directory", &self.files.path()).finish_non_exhaustive()
    }
}

/// An article of an index, as the list of files knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Its id.
    pub id: ArticleId,
    /// Its [digest](crate::Article::digest).
    pub digest: u128,
    /// When it first came into the index.
    pub first: Arrival,
    /// When it came as it is now: later than first where it was replaced.
    pub since: Arrival,
}

/// A segment and where its documents stand among all.
#[derive(Clone, Copy)]
pub(crate) struct Segment<'a> {
    pub(crate) reader: &'a SegmentReader,
    /// Its place among the segments.
    pub(crate) number: usize,
    /// The number of its first document.
    pub(crate) base: u32,
}

impl Index {
    /// Opens the current generation of the index in a directory. What is read of it, now and later, is compared with its
    /// sums first; damage is an error that names the file.
    ///
    /// # Errors
    ///
    /// When there is no index, when it is of another format, or when a file of it is missing or damaged.
    pub fn open(path: &Path) -> Result<Index> {
        // A writer may put a new generation in place, and remove the old one, between the two steps: then look again.
        let mut last = None;
        loop {
            let Some(number) = generation::current(path)? else {
                return Err(Error::index(path, generation::NO_INDEX));
            };
            match Index::open_directory(&generation::directory(path, number)) {
                Err(_) if last != Some(number) => last = Some(number),
                opened => return opened,
            }
        }
    }

    /// Opens a snapshot of the index in a directory.
    ///
    /// # Errors
    ///
    /// When there is none of this name, when it is of another format, or when a file of it is missing or damaged.
    pub fn open_snapshot(path: &Path, name: &str) -> Result<Index> {
        let directory = snapshot::directory(path, name)?;
        if generation::is_named(&directory)? {
            return Index::open_directory(&directory);
        }
        let known = snapshot::snapshots(path)?;
        let known =
            if known.is_empty() { "there is none".to_owned() } else { format!("there is {}", known.join(", ")) };
        Err(Error::index(path, format!("there is no snapshot {name}; {known}")))
    }

    /// Opens the generation in a directory.
    pub(super) fn open_directory(directory: &Path) -> Result<Index> {
        let files = Guarded::open(directory)?;
        let failed = |error: tantivy::TantivyError| files.failed(&error);
        let manifest = Manifest::of(&files)?;
        let codebook = generation::read_codebook(&files)?;
        let list = files.hold(files::FILE)?;
        let (_, fields) = schema();
        let index = tantivy::Index::open(files.clone()).map_err(failed)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(BLOCKS_KEPT);
        let searcher = reader.try_into().map_err(failed)?.searcher();
        let table = Arc::new(Table::open(&files)?);
        let cards = Cards::open(&files, table.counts.articles)?;
        let bases = bases(&manifest, &searcher)
            .filter(|(_, documents)| *documents == table.counts.documents)
            .ok_or_else(|| files.failed(&"the manifest does not fit the segments"))?
            .0;
        if manifest.sources.len() != table.counts.sources as usize
            || manifest.langs.len() != table.counts.langs as usize
        {
            return Err(files.failed(&"the manifest does not fit the table"));
        }
        let columns = bases.iter().map(|_| FacetColumns::default()).collect();
        Ok(Index {
            files,
            manifest,
            codebook,
            list,
            parsed: OnceLock::new(),
            searcher,
            bases,
            fields,
            table,
            cards,
            looked: Looked::default(),
            columns,
            analyzers: Analyzers::default(),
            deleted: Mutex::default(),
        })
    }

    /// What the generation holds and how it was made.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The codebook that coded the index.
    ///
    /// # Errors
    ///
    /// When its text is damaged.
    pub fn codebook(&self) -> Result<&Codebook> {
        if let Some(parsed) = self.parsed.get() {
            return Ok(parsed);
        }
        let parsed = generation::parse_codebook(self.files.path(), &self.codebook)?;
        Ok(self.parsed.get_or_init(|| parsed))
    }

    /// Every article of the index, by id. The list of files is read for it, which takes longer than a search.
    ///
    /// # Errors
    ///
    /// When the list is damaged.
    pub fn held(&self) -> Result<Vec<Held>> {
        let files = Files::parse(self.files.path(), self.list.read()?.as_slice())?;
        let all = files.rows().iter().flat_map(|row| &row.articles);
        let mut held: Vec<Held> =
            all.map(|of| Held { id: of.id(), digest: of.digest(), first: of.first(), since: of.since() }).collect();
        held.sort_unstable_by_key(|held| held.id);
        Ok(held)
    }

    /// The text of the codebook.
    pub(super) fn codebook_text(&self) -> &[u8] {
        &self.codebook
    }

    /// The files of the generation.
    pub(super) fn files(&self) -> &Guarded {
        &self.files
    }

    /// The languages of the index.
    pub fn langs(&self) -> Vec<Lang> {
        self.manifest.langs.iter().map(|(lang, _)| *lang).collect()
    }

    pub(crate) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// The segments, in the order of their documents' numbers.
    pub(crate) fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        let segments = self.searcher.segment_readers().iter().zip(&self.bases).enumerate();
        segments.map(|(number, (reader, base))| Segment { reader, number, base: *base })
    }

    /// The segment of a document, and its place there.
    pub(crate) fn locate(&self, document: u32) -> (usize, u32) {
        let segment =
            self.bases.iter().enumerate().filter(|(_, base)| **base <= document).max_by_key(|(_, base)| **base);
        let (segment, base) = segment.expect("a document number lies in a segment");
        (segment, document - base)
    }

    /// The text of a paragraph.
    pub(crate) fn text(&self, document: u32) -> Result<String> {
        let stored = self.stored(document)?;
        let text = stored.get_first(self.fields.text).and_then(|value| value.as_str().map(str::to_owned));
        text.ok_or_else(|| self.damaged("a paragraph has no text"))
    }

    /// An article without its text.
    pub(crate) fn card(&self, article: u32) -> Result<Card> {
        self.cards.card(article)
    }

    fn stored(&self, document: u32) -> Result<TantivyDocument> {
        let (segment, place) = self.locate(document);
        let address = tantivy::DocAddress::new(segment as u32, place);
        self.searcher.doc(address).map_err(|error| self.damaged(&error.to_string()))
    }

    /// The fingerprint of a paragraph. It is worked out from the text, which is at hand where a fingerprint is asked for: the
    /// column of all fingerprints is long, and would have to be verified for the sake of a few.
    pub(crate) fn fingerprint(&self, document: u32) -> Result<u128> {
        Ok(Normal::of(&self.text(document)?).fingerprint())
    }

    /// The fingerprint that a paragraph is indexed with.
    pub(super) fn indexed_fingerprint(&self, document: u32) -> Result<u128> {
        let halves = [self.fields.print_high, self.fields.print_low].map(|field| self.number(field, document));
        let [high, low] = halves;
        Ok(u128::from(high?) << 64 | u128::from(low?))
    }

    /// The length of a paragraph, in words.
    pub(super) fn words(&self, document: u32) -> Result<u64> {
        self.number(self.fields.words, document)
    }

    /// The paragraphs the lower half of whose fingerprint makes this id.
    pub(crate) fn with_print(&self, id: ArticleId) -> Result<Vec<u32>> {
        let mut found = Vec::new();
        let name = self.searcher.schema().get_field_name(self.fields.print_low);
        for segment in self.segments() {
            let column = segment.reader.fast_fields().u64(name).map_err(|error| self.damaged(&error.to_string()))?;
            let documents = 0..segment.reader.max_doc();
            let documents = documents.filter(|document| !segment.reader.is_deleted(*document));
            let with = documents.filter(|document| column.first(*document).map(ArticleId::from_bits) == Some(id));
            found.extend(with.map(|document| segment.base + document));
        }
        Ok(found)
    }

    /// Whether a term that is in a segment's dictionary occurs in a document that was not deleted.
    pub(crate) fn is_used(&self, segment: Segment<'_>, term: &Term) -> Result<bool> {
        let Some(alive) = segment.reader.alive_bitset() else { return Ok(true) };
        let postings = self.inverted(segment, term.field())?.read_postings(term, IndexRecordOption::Basic);
        let postings = postings.map_err(|error| self.damaged(&error.to_string()))?;
        let Some(mut postings) = postings else { return Ok(false) };
        while postings.doc() < TERMINATED {
            if alive.is_alive(postings.doc()) {
                return Ok(true);
            }
            postings.advance();
        }
        Ok(false)
    }

    /// The dictionary and the postings of a field in a segment.
    pub(crate) fn inverted(&self, segment: Segment<'_>, field: Field) -> Result<Arc<InvertedIndexReader>> {
        segment.reader.inverted_index(field).map_err(|error| self.damaged(&error.to_string()))
    }

    /// The documents of a segment that were deleted, ascending.
    pub(super) fn deleted(&self, segment: Segment<'_>, alive: &AliveBitSet) -> Arc<Vec<u32>> {
        let mut known = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        let listed = || {
            let gone = (0..segment.reader.max_doc()).filter(|document| alive.is_deleted(*document));
            Arc::new(gone.collect::<Vec<u32>>())
        };
        Arc::clone(known.entry(segment.base).or_insert_with(listed))
    }

    fn number(&self, field: Field, document: u32) -> Result<u64> {
        let (segment, place) = self.locate(document);
        let name = self.searcher.schema().get_field_name(field);
        let column = self.searcher.segment_reader(segment as u32).fast_fields().u64(name);
        let column = column.map_err(|error| self.damaged(&error.to_string()))?;
        column.first(place).ok_or_else(|| self.damaged("a paragraph lacks a number"))
    }

    /// An error that says which file of this generation is damaged, or else what was seen of it.
    pub(crate) fn damaged(&self, what: &str) -> Error {
        self.files.failed(&what)
    }
}

/// The first document number of each segment of the searcher, and the number of all documents.
fn bases(manifest: &Manifest, searcher: &Searcher) -> Option<(Vec<u32>, u32)> {
    let mut starts = Vec::with_capacity(manifest.segments.len());
    let mut documents = 0_u32;
    for (id, size) in &manifest.segments {
        starts.push((id, documents, *size));
        documents = documents.checked_add(*size)?;
    }
    let base_of = |reader: &SegmentReader| {
        let id = reader.segment_id().uuid_string();
        starts.iter().find(|(of, _, size)| **of == id && *size == reader.max_doc()).map(|(_, base, _)| *base)
    };
    let bases: Option<Vec<u32>> = searcher.segment_readers().iter().map(base_of).collect();
    bases.filter(|bases| bases.len() == starts.len()).map(|bases| (bases, documents))
}
