//! A question to an index: planned, searched, counted, and the hits fetched.
//!
//! ```no_run
//! use nutgraf::index::Index;
//! use nutgraf::query::{Join, Question};
//! use nutgraf::search::{Request, search};
//!
//! let index = Index::open("index".as_ref())?;
//! let question = Question::read("frozen assets", Join::All)?;
//! let answer = search(&index, &Request::new(question))?;
//! println!("{} paragraphs in {} groups", answer.total.paragraphs, answer.total.groups);
//! # Ok::<(), nutgraf::Error>(())
//! ```

pub mod answer;
mod arrivals;
mod close;
mod codes;
mod collect;
mod combine;
mod concordance;
mod cross;
mod diff;
mod documents;
mod dry_run;
mod evidence;
mod facets;
mod history;
mod hits;
mod knowledge;
mod most_copied;
mod opened;
mod paragraph;
mod plan;
mod reprints;
mod scan;
mod select;
mod spans;
mod timeline;
mod why;

pub use arrivals::{Arrivals, Came, text_digest};
pub use concordance::{MOST_SORTED, Order, concordance};
pub use cross::cross;
pub use dry_run::dry_run;
pub use evidence::explain;
pub use history::history;
pub use hits::page;
pub use most_copied::most_copied;
pub use reprints::reprints;
pub use timeline::{MOST_PERIODS, MOST_VALUES, timeline};
pub use why::why;

pub(crate) use collect::Found;
pub(crate) use documents::Documents;
pub(crate) use hits::{Fetch, locate, reference};

pub(crate) use select::{Selection, select};

use std::sync::Arc;

use answer::{Answer, Holdings};
use collect::Collector;
use knowledge::Known;
use opened::Search;

use crate::article::ArticleId;
use crate::error::{QueryError, Result};
use crate::index::Index;
use crate::meaning::{self, Clause, Forms, Resolved};
use crate::query::Question;

/// The order of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best score first; then newest, article, paragraph.
    #[default]
    Relevance,
    /// Oldest first, undated last; then best score.
    Oldest,
    /// Newest first, undated last; then best score.
    Newest,
}

/// What is asked of an index.
#[derive(Debug, Clone)]
pub struct Request {
    /// The query as it was asked, without filters.
    pub asked: String,
    /// The query as it was read, filters included; none asks for every paragraph.
    pub question: Option<Question>,
    /// How many hits to return.
    pub limit: usize,
    /// How many of the best to leave out.
    pub offset: usize,
    /// Their order.
    pub sort: Sort,
    /// Whether every paragraph is a hit of its own, not every group of copies.
    pub all_copies: bool,
    /// The facet fields to count.
    pub facets: Vec<String>,
    /// How many paragraphs around each hit to return.
    pub context: u32,
    /// Whether to say which words the codes of each hit rest on.
    pub evidence: bool,
    /// Only these articles count, and each hit says what of it is new.
    pub among: Option<Arc<Arrivals>>,
}

impl Default for Request {
    /// The ten best groups of all paragraphs.
    fn default() -> Request {
        Request {
            asked: String::new(),
            question: None,
            limit: 10,
            offset: 0,
            sort: Sort::default(),
            all_copies: false,
            facets: Vec::new(),
            context: 0,
            evidence: false,
            among: None,
        }
    }
}

impl Request {
    /// The ten best groups that match a question.
    pub fn new(question: Question) -> Request {
        Request { asked: question.text.clone(), question: Some(question), ..Request::default() }
    }
}

/// Answers a request.
///
/// # Errors
///
/// When the question names what the index does not have, or the index is damaged.
pub fn search(index: &Index, request: &Request) -> Result<Answer> {
    request.facets.iter().try_for_each(|field| check_facet(field))?;
    let (clause, read_as) = resolve_or_all(index, request)?;
    let (collector, found) = find(index, &clause, request)?;
    let mut fetch = hits::Fetch::new(index, &collector.matching, request)?;
    let hits = found.iter().zip(1..).skip(request.offset).map(|(found, rank)| fetch.hit(*found, rank, &clause));
    let hits = hits.collect::<Result<Vec<_>>>()?;
    let facets = request.facets.iter().map(|field| facets::count(index, &collector.matching, field));
    Ok(Answer {
        text: request.asked.clone(),
        read_as,
        index: holdings(index),
        total: collector.total,
        hits,
        facets: facets.collect::<Result<Vec<_>>>()?,
    })
}

/// Refuses a field that has no facets.
fn check_facet(field: &str) -> Result<()> {
    if facets::fields().contains(&field) {
        return Ok(());
    }
    let cure = format!("facets are {}", facets::fields().join(", "));
    Err(QueryError::at(field, 0..field.len(), format!("there is no facet {field}")).cure(cure).into())
}

/// What a request asks for, every paragraph if it has no question, and how its question was read.
fn resolve_or_all(index: &Index, request: &Request) -> Result<(Clause, String)> {
    match &request.question {
        Some(question) => resolve(index, question),
        None => Ok((Clause::All(Vec::new()), String::new())),
    }
}

/// Everything that a clause accepts, counted, and the best of it in order.
fn find<'a>(index: &'a Index, clause: &Clause, request: &'a Request) -> Result<(Collector<'a>, Vec<Found>)> {
    let most = request.offset.saturating_add(request.limit);
    let collapse = !request.all_copies;
    let keep_all = !request.facets.is_empty();
    let mut collector = Collector::new(&index.table, request.sort, collapse, most, keep_all);
    collector = collector.among(request.among.as_deref());
    scan_all(index, clause, &mut collector)?;
    let found = collector.finish();
    Ok((collector, found))
}

/// Everything that a clause accepts, counted and remembered; nothing is scored.
fn find_all<'a>(index: &'a Index, clause: &Clause) -> Result<Collector<'a>> {
    let mut collector = Collector::new(&index.table, Sort::default(), false, 0, true);
    scan_all(index, clause, &mut collector)?;
    Ok(collector)
}

/// Gives a collector all that a clause accepts.
fn scan_all(index: &Index, clause: &Clause, collector: &mut Collector<'_>) -> Result<()> {
    let plan = plan::plan_question(index, clause)?;
    for segment in index.segments() {
        match opened::search(index, segment, &plan)? {
            Some(Search::Word(mut scan)) => collector.take(&mut *scan, segment.base),
            Some(Search::Words(mut scan)) => collector.take(&mut *scan, segment.base),
            Some(Search::Either(mut scan)) => collector.take(&mut *scan, segment.base),
            Some(Search::Other(mut scan)) => collector.take(&mut *scan, segment.base),
            None => {}
        }
    }
    Ok(())
}

/// What a question means here, and how it was read.
fn resolve(index: &Index, question: &Question) -> Result<(Clause, String)> {
    let Resolved { clause, forms } = resolved(index, question)?;
    Ok((clause, read_as(question, &forms)))
}

/// What a question means here, and what its wildcards stand for.
fn resolved(index: &Index, question: &Question) -> Result<Resolved> {
    let known = Known::new(index);
    let resolved = meaning::resolve(&question.text, &question.tree, &known);
    // A fault of the index met on the way matters more than what the question then seems to lack.
    known.fault()?;
    Ok(resolved?)
}

/// How a question was read, its wildcards counted.
fn read_as(question: &Question, forms: &Forms) -> String {
    let count = |word: &str, form, slips| forms.get(&(word.to_owned(), form, slips)).map(|formed| formed.count);
    question.tree.read_as(&count)
}

/// What an index holds.
pub fn holdings(index: &Index) -> Holdings {
    let manifest = index.manifest();
    Holdings {
        generation: manifest.generation,
        corpus: manifest.corpus,
        articles: manifest.articles,
        paragraphs: manifest.paragraphs,
        groups: manifest.groups,
    }
}

/// What a group's printed id says of the fingerprint of its oldest member; none if it is no such id.
pub(crate) fn read_group_id(id: &str) -> Option<ArticleId> {
    id.strip_prefix('g')?.parse().ok()
}

/// The printed id of the group whose oldest member has this fingerprint.
fn group_id(fingerprint: u128) -> String {
    format!("g{}", ArticleId::from_bits(fingerprint as u64))
}
