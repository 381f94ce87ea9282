//! From a clause to scans: what must be read of a segment's postings to find the paragraphs that a clause accepts.
//!
//! A plan is made once for the index, where everything that depends on all of its segments is worked out (which terms
//! there are, how rare they are, which articles a field accepts), and then gives a scan for each segment.

use std::sync::Arc;

use hashbrown::HashSet;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::SegmentPostings;
use tantivy::query::Bm25Weight;
use tantivy::schema::{Facet, Field, IndexRecordOption};
use tantivy::{BitSet, DocId, Term};

use super::combine::{AllScan, AnyScan, ExceptScan, ListScan, TestScan};
use super::scan::{PhraseScan, Scan, Scoring, TermScan};
use crate::error::Result;
use crate::index::{Index, NONE, Segment};
use crate::meaning::{Clause, Coding, Meant, holds_in_a_row};
use crate::query::tree::Compare;
use crate::text::{Pattern, Slot};

/// What a clause needs of an index.
pub(crate) enum Plan {
    /// Paragraphs with these words in a row.
    Words(Vec<PlannedSlot>, Bm25Weight),
    All(Vec<Plan>),
    Any(Vec<Plan>),
    Not(Box<Plan>),
    /// Paragraphs of these articles, by number.
    Articles(Arc<BitSet>),
    /// Paragraphs with one of these facets.
    Facets(Field, Vec<Facet>),
    /// Paragraphs of a length.
    Length(Compare, u32),
    /// These documents, ascending.
    Documents(Vec<u32>),
}

/// What one word of a phrase may be: terms of a field.
pub(crate) struct PlannedSlot {
    field: Field,
    terms: Vec<Term>,
}

/// Plans a clause.
///
/// # Errors
///
/// When the index is damaged.
pub(crate) fn plan(index: &Index, clause: &Clause) -> Result<Plan> {
    let fields = index.fields;
    let table = &index.table;
    Ok(match clause {
        Clause::Words(Meant::Exact(pattern)) => words(index, pattern, &[pattern])?,
        Clause::Words(Meant::Inflected(patterns)) => {
            // A character of a script without spaces looks for the same in every language: that is planned once.
            let mut distinct: Vec<&Pattern> = patterns.iter().map(|(_, pattern)| pattern).collect();
            let mut met = HashSet::new();
            distinct.retain(|pattern| met.insert(*pattern));
            let plans = distinct.iter().map(|pattern| words(index, pattern, &distinct)).collect::<Result<Vec<_>>>()?;
            any(plans.into_iter().filter(|plan| !plan.is_empty()).collect())
        }
        Clause::All(clauses) => Plan::All(clauses.iter().map(|clause| plan(index, clause)).collect::<Result<_>>()?),
        Clause::Any(clauses) => any(clauses.iter().map(|clause| plan(index, clause)).collect::<Result<_>>()?),
        Clause::Not(clause) => Plan::Not(Box::new(plan(index, clause)?)),
        Clause::Title(clause) => {
            let headlines = documents(index, &plan(index, clause)?)?.into_iter().filter(|document| {
                let article = table.article(*document);
                table.has_headline(article) && table.paragraph(*document) == 0
            });
            articles(index, headlines.map(|document| table.article(document)))
        }
        Clause::Coded(coding, paths) => {
            let field = match coding {
                Coding::Actor => fields.actor,
                Coding::Topic => fields.topic,
                Coding::Given => fields.given,
            };
            Plan::Facets(field, paths.iter().filter_map(|path| Facet::from_text(path).ok()).collect())
        }
        Clause::Source(sought) => {
            let sources = &index.manifest().sources;
            let accepted: Vec<bool> = sources.iter().map(|source| holds_in_a_row(source, sought)).collect();
            articles_that(index, |article| accepted.get(table.source(article) as usize).copied().unwrap_or(false))
        }
        Clause::Lang(lang) => {
            let accepted: Vec<bool> = index.langs().iter().map(|other| other == lang).collect();
            articles_that(index, |article| accepted.get(table.lang(article) as usize).copied().unwrap_or(false))
        }
        Clause::Date(test) => articles_that(index, |article| test.accepts(table.date(article))),
        Clause::Author(sought) => articles_named(index, fields.author, sought)?,
        Clause::Url(sought) => articles_named(index, fields.url, sought)?,
        Clause::Length(compare, bound) => Plan::Length(*compare, *bound),
        Clause::Group(id) => Plan::Documents(group_members(index, id)?),
        Clause::Article(ids) => articles(index, table.articles_within(ids).into_iter()),
    })
}

fn any(mut plans: Vec<Plan>) -> Plan {
    if plans.len() == 1 { plans.swap_remove(0) } else { Plan::Any(plans) }
}

/// Plans a pattern. A word's rarity is that of all its `alternatives` together: the same word in other languages.
fn words(index: &Index, pattern: &Pattern, alternatives: &[&Pattern]) -> Result<Plan> {
    let slots = pattern.0.iter().map(|slot| planned(index, slot)).collect::<Result<Vec<_>>>()?;
    let paragraphs = index.manifest().paragraphs;
    let mut rarity = 0.0;
    let mut first = 0;
    for place in 0..slots.len() {
        let mut found = 0;
        for pattern in alternatives.iter().filter(|pattern| pattern.0.len() == slots.len()) {
            found += frequency(index, &planned(index, &pattern.0[place])?)?;
        }
        let found = found.min(paragraphs);
        if place == 0 {
            first = found;
        }
        rarity += idf(found, paragraphs);
    }
    let average = index.manifest().words as f32 / paragraphs.max(1) as f32;
    let weight = Bm25Weight::for_one_term_without_explain(first, paragraphs, average.max(1.0));
    // A phrase weighs what its words weigh together.
    let weight = if slots.len() > 1 { weight.boost_by(rarity / idf(first, paragraphs)) } else { weight };
    Ok(Plan::Words(slots, weight))
}

/// How much the rarity of a word counts: the idf of BM25, as tantivy has it.
fn idf(found: u64, paragraphs: u64) -> f32 {
    let x = ((paragraphs - found) as f32 + 0.5) / (found as f32 + 0.5);
    (1.0 + x).ln()
}

fn planned(index: &Index, slot: &Slot) -> Result<PlannedSlot> {
    let fields = index.fields;
    Ok(match slot {
        Slot::Stem(terms) => {
            let terms = terms.iter().map(|term| Term::from_field_text(fields.stems, term)).collect();
            PlannedSlot { field: fields.stems, terms }
        }
        Slot::Form { folded, spelling } => {
            // All spellings of a folded form are neighbours: the form itself, then the form, NUL and the spelling.
            let (from, to) = (folded.as_bytes(), [folded.as_bytes(), b"\x01"].concat());
            let mut terms = Vec::new();
            for segment in index.segments() {
                let inverted = inverted(index, segment, fields.forms)?;
                let range = inverted.terms().range().ge(from).lt(&to);
                let mut stream = range.into_stream().map_err(|error| index.damaged(&error.to_string()))?;
                while stream.advance() {
                    let key = std::str::from_utf8(stream.key()).unwrap_or_default();
                    let written = key.strip_prefix(folded.as_str()).unwrap_or_default();
                    if spelling.accepts(written.strip_prefix('\0').unwrap_or(folded)) {
                        terms.push(Term::from_field_text(fields.forms, key));
                    }
                }
            }
            terms.sort_unstable();
            terms.dedup();
            PlannedSlot { field: fields.forms, terms }
        }
    })
}

/// In how many paragraphs the terms of a slot occur, about: spellings are added up; of the two stems of a word with
/// diacritics, which mostly stand in the same paragraphs, the more frequent one counts.
fn frequency(index: &Index, slot: &PlannedSlot) -> Result<u64> {
    let count = |term| index.searcher().doc_freq(term).map_err(|error| index.damaged(&error.to_string()));
    let counts = slot.terms.iter().map(count).collect::<Result<Vec<u64>>>()?;
    Ok(if slot.field == index.fields.stems { counts.into_iter().max().unwrap_or(0) } else { counts.iter().sum() })
}

fn articles_that(index: &Index, accepts: impl Fn(u32) -> bool) -> Plan {
    articles(index, (0..index.table.counts.articles).filter(|article| accepts(*article)))
}

fn articles(index: &Index, accepted: impl Iterator<Item = u32>) -> Plan {
    let mut set = BitSet::with_max_value(index.table.counts.articles.max(1));
    for article in accepted {
        set.insert(article);
    }
    Plan::Articles(Arc::new(set))
}

/// The articles whose record has these words in a row in a field.
fn articles_named(index: &Index, field: Field, sought: &[String]) -> Result<Plan> {
    let slots: Vec<PlannedSlot> =
        sought.iter().map(|word| PlannedSlot { field, terms: vec![Term::from_field_text(field, word)] }).collect();
    let weight = Bm25Weight::for_one_term_without_explain(0, 1, 1.0);
    let mut found = Vec::new();
    for segment in index.segments() {
        if let Some(mut scan) = word_scan(index, segment, &slots, &weight)? {
            collect(&mut *scan, segment.base, &mut found);
        }
    }
    Ok(articles(index, found.into_iter().map(|document| index.table.article(document))))
}

/// All documents that a plan accepts, by number.
fn documents(index: &Index, plan: &Plan) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for segment in index.segments() {
        if let Some(mut scan) = scan(index, segment, plan)? {
            collect(&mut *scan, segment.base, &mut found);
        }
    }
    Ok(found)
}

fn collect(scan: &mut dyn Scan, base: u32, found: &mut Vec<u32>) {
    while scan.doc() < tantivy::TERMINATED {
        found.push(base + scan.doc());
        scan.advance();
    }
}

/// The members of the group with this printed id.
fn group_members(index: &Index, id: &str) -> Result<Vec<u32>> {
    let table = &index.table;
    for group in 0..table.counts.groups {
        let Some(oldest) = table.members(group).next() else { continue };
        if super::group_id(index.fingerprint(oldest)?) == id {
            let mut members: Vec<u32> = table.members(group).collect();
            members.sort_unstable();
            return Ok(members);
        }
    }
    Ok(Vec::new())
}

impl Plan {
    /// Whether it is known to accept nothing.
    fn is_empty(&self) -> bool {
        matches!(self, Plan::Words(slots, _) if slots.is_empty() || slots.iter().any(|slot| slot.terms.is_empty()))
    }
}

/// What a segment is searched by: the kinds that are worth a loop of their own, and the rest.
pub(crate) enum Search {
    Word(Box<TermScan>),
    Words(AllScan<TermScan>),
    Other(Box<dyn Scan>),
}

/// The search of a segment; none if it holds nothing that is sought.
pub(crate) fn search(index: &Index, segment: Segment<'_>, plan: &Plan) -> Result<Option<Search>> {
    if let Plan::All(plans) = plan
        && !plans.is_empty()
        && plans.iter().all(Plan::is_one_term)
    {
        let scans = plans.iter().map(|plan| term_scan(index, segment, plan)).collect::<Result<Option<Vec<_>>>>()?;
        return Ok(scans.map(|scans| Search::Words(AllScan::new(scans))));
    }
    if plan.is_one_term() {
        return Ok(term_scan(index, segment, plan)?.map(|scan| Search::Word(Box::new(scan))));
    }
    Ok(scan(index, segment, plan)?.map(Search::Other))
}

impl Plan {
    fn is_one_term(&self) -> bool {
        matches!(self, Plan::Words(slots, _) if matches!(&slots[..], [slot] if slot.terms.len() == 1))
    }
}

/// The scan of a plan that is one term.
fn term_scan(index: &Index, segment: Segment<'_>, plan: &Plan) -> Result<Option<TermScan>> {
    let Plan::Words(slots, weight) = plan else { return Ok(None) };
    let Some(slot) = slots.first() else { return Ok(None) };
    let inverted = inverted(index, segment, slot.field)?;
    let postings = inverted.read_block_postings(&slot.terms[0], IndexRecordOption::WithFreqs);
    let postings = postings.map_err(|error| index.damaged(&error.to_string()))?;
    let scoring = scoring(index, segment, slot.field, weight)?;
    Ok(postings.map(|postings| TermScan::new(postings, Some(scoring))))
}

/// The scan of a plan in a segment; none if it accepts nothing there.
fn scan(index: &Index, segment: Segment<'_>, plan: &Plan) -> Result<Option<Box<dyn Scan>>> {
    Ok(match plan {
        Plan::Words(slots, weight) => {
            if plan.is_one_term() {
                return Ok(term_scan(index, segment, plan)?.map(|scan| Box::new(scan) as Box<dyn Scan>));
            }
            word_scan(index, segment, slots, weight)?
        }
        Plan::All(plans) => all(index, segment, plans)?,
        Plan::Any(plans) => {
            let mut scans = plans.iter().map(|plan| scan(index, segment, plan)).collect::<Result<Vec<_>>>()?;
            let mut scans: Vec<Box<dyn Scan>> = scans.drain(..).flatten().collect();
            match scans.len() {
                0 => None,
                1 => scans.pop(),
                _ => Some(Box::new(AnyScan::new(scans))),
            }
        }
        Plan::Not(plan) => {
            let base = paragraphs(index, segment);
            Some(match scan(index, segment, plan)? {
                Some(minus) => Box::new(ExceptScan::new(base, minus)),
                None => base,
            })
        }
        Plan::Articles(accepted) => {
            let accepted = Arc::clone(accepted);
            test(index, segment, move |table, document| {
                table.group(document) != NONE && accepted.contains(table.article(document))
            })
        }
        Plan::Facets(field, facets) => {
            let inverted = inverted(index, segment, *field)?;
            let mut scans: Vec<Box<dyn Scan>> = Vec::new();
            for facet in facets {
                let term = Term::from_facet(*field, facet);
                let postings = inverted.read_block_postings(&term, IndexRecordOption::Basic);
                if let Some(postings) = postings.map_err(|error| index.damaged(&error.to_string()))? {
                    scans.push(Box::new(TermScan::new(postings, None)));
                }
            }
            match scans.len() {
                0 => None,
                1 => scans.pop(),
                _ => Some(Box::new(AnyScan::new(scans))),
            }
        }
        Plan::Length(compare, bound) => {
            let name = index.searcher().schema().get_field_name(index.fields.words);
            let column = segment.reader.fast_fields().u64(name).map_err(|error| index.damaged(&error.to_string()))?;
            let (compare, bound) = (*compare, u64::from(*bound));
            let accepts = move |doc| column.first(doc).is_some_and(|words| compare.holds(words, bound));
            Some(Box::new(TestScan::new(segment.reader.max_doc(), Box::new(accepts))))
        }
        Plan::Documents(documents) => {
            let within = segment.base..segment.base + segment.reader.max_doc();
            let docs = documents.iter().filter(|document| within.contains(document));
            Some(Box::new(ListScan::new(docs.map(|document| document - segment.base).collect())))
        }
    })
}

/// The scan of a conjunction: what it takes away is taken from the rest, not from all paragraphs.
fn all(index: &Index, segment: Segment<'_>, plans: &[Plan]) -> Result<Option<Box<dyn Scan>>> {
    let mut scans = Vec::new();
    let mut taken_away: Vec<Box<dyn Scan>> = Vec::new();
    for plan in plans {
        if let Plan::Not(inner) = plan {
            taken_away.extend(scan(index, segment, inner)?);
        } else {
            match scan(index, segment, plan)? {
                Some(scan) => scans.push(scan),
                None => return Ok(None),
            }
        }
    }
    let base = match scans.len() {
        0 => paragraphs(index, segment),
        1 => scans.swap_remove(0),
        _ => Box::new(AllScan::new(scans)),
    };
    Ok(Some(match taken_away.len() {
        0 => base,
        1 => Box::new(ExceptScan::new(base, taken_away.swap_remove(0))),
        _ => Box::new(ExceptScan::new(base, Box::new(AnyScan::new(taken_away)))),
    }))
}

/// All paragraphs of a segment.
fn paragraphs(index: &Index, segment: Segment<'_>) -> Box<dyn Scan> {
    test(index, segment, |table, document| table.group(document) != NONE)
        .unwrap_or_else(|| Box::new(ListScan::new(Vec::new())))
}

/// The documents of a segment whose row of the table passes a test.
fn test(
    index: &Index,
    segment: Segment<'_>,
    accepts: impl Fn(&crate::index::Table, u32) -> bool + 'static,
) -> Option<Box<dyn Scan>> {
    let table = Arc::clone(&index.table);
    let base = segment.base;
    Some(Box::new(TestScan::new(segment.reader.max_doc(), Box::new(move |doc: DocId| accepts(&table, base + doc)))))
}

/// The scan of words in a row.
fn word_scan(
    index: &Index,
    segment: Segment<'_>,
    slots: &[PlannedSlot],
    weight: &Bm25Weight,
) -> Result<Option<Box<dyn Scan>>> {
    let one_term = matches!(slots, [slot] if slot.terms.len() == 1);
    let option = if one_term { IndexRecordOption::WithFreqs } else { IndexRecordOption::WithFreqsAndPositions };
    let mut opened: Vec<Vec<SegmentPostings>> = Vec::with_capacity(slots.len());
    for slot in slots {
        let inverted = inverted(index, segment, slot.field)?;
        let postings =
            slot.terms.iter().map(|term| inverted.read_postings(term, option)).collect::<Result<Vec<_>, _>>();
        let postings: Vec<SegmentPostings> =
            postings.map_err(|error| index.damaged(&error.to_string()))?.into_iter().flatten().collect();
        if postings.is_empty() {
            return Ok(None);
        }
        opened.push(postings);
    }
    if opened.is_empty() {
        return Ok(None);
    }
    Ok(Some(Box::new(PhraseScan::new(opened, scoring(index, segment, slots[0].field, weight)?))))
}

fn scoring(index: &Index, segment: Segment<'_>, field: Field, weight: &Bm25Weight) -> Result<Scoring> {
    let lengths = segment.reader.get_fieldnorms_reader(index.fields.stems);
    let lengths: FieldNormReader = lengths.map_err(|error| index.damaged(&error.to_string()))?;
    let inverted = inverted(index, segment, index.fields.stems)?;
    let manifest = index.manifest();
    let here = inverted.total_num_tokens() as f32 / segment.reader.max_doc().max(1) as f32;
    let everywhere = manifest.words as f32 / manifest.paragraphs.max(1) as f32;
    let ratio = (here / everywhere.max(1.0)).max(f32::MIN_POSITIVE);
    Ok(Scoring {
        weight: weight.clone(),
        lengths,
        slack: ratio.max(1.0 / ratio),
        has_ceilings: field == index.fields.stems,
    })
}

fn inverted(index: &Index, segment: Segment<'_>, field: Field) -> Result<Arc<InvertedIndexReader>> {
    segment.reader.inverted_index(field).map_err(|error| index.damaged(&error.to_string()))
}
