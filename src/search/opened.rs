//! From a plan to the scans of a segment: which postings are opened, and how they are put together.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::SegmentPostings;
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, TERMINATED, Term};

use super::close::{Around, Close, CloseScan};
use super::combine::{AllScan, AlsoScan, AnyScan, ExceptScan, ListScan, OfScan, TestScan};
use super::plan::{Plan, PlannedLeaf, PlannedSlot, PlannedSpans, Together};
use super::scan::{PhraseScan, Scan, Scoring, TermScan};
use super::spans::{LeafScan, PostingPlaces, SlotScan, SpanScan, SpanScoring};
use crate::error::Result;
use crate::index::{Index, NONE, SENTENCE, Segment, Table};

/// What a segment is searched by: the kinds that are worth a loop of their own, and the rest.
pub(crate) enum Search {
    Word(Box<CloseScan<TermScan>>),
    Words(Box<CloseScan<AllScan<TermScan>>>),
    Either(Box<CloseScan<AnyScan<TermScan>>>),
    Other(Box<dyn Scan>),
}

/// The search of a segment; none if it holds nothing that is sought.
pub(crate) fn search(index: &Index, segment: Segment<'_>, plan: &Plan) -> Result<Option<Search>> {
    if let Plan::Close(inner, together, leaves) = plan {
        match &**inner {
            Plan::All(plans) if !plans.is_empty() && plans.iter().all(Plan::is_one_term) => {
                let scans = plans.iter().map(|plan| term_scan(index, segment, plan));
                let Some(scans) = scans.collect::<Result<Option<Vec<_>>>>()? else { return Ok(None) };
                let scan = AllScan::new(scans);
                // What raises is not opened where there is nothing to raise.
                if scan.doc() == TERMINATED {
                    return Ok(None);
                }
                let scan = CloseScan::new(scan, close(index, segment, *together, leaves)?);
                return Ok(Some(Search::Words(Box::new(scan))));
            }
            Plan::Any(plans) if !plans.is_empty() && plans.iter().all(Plan::is_one_term) => {
                let scans = plans.iter().map(|plan| term_scan(index, segment, plan)).collect::<Result<Vec<_>>>()?;
                let scan = AnyScan::new(scans.into_iter().flatten().collect());
                let scan = CloseScan::new(scan, close(index, segment, *together, leaves)?);
                return Ok(Some(Search::Either(Box::new(scan))));
            }
            word if word.is_one_term() => {
                let Some(scan) = term_scan(index, segment, word)? else { return Ok(None) };
                return Ok(Some(Search::Word(Box::new(CloseScan::new(
                    scan,
                    close(index, segment, *together, leaves)?,
                )))));
            }
            _ => {}
        }
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
    let Some(postings) = index.block_postings(segment, &slot.terms[0], IndexRecordOption::WithFreqs)? else {
        return Ok(None);
    };
    Ok(Some(TermScan::new(postings, Some(scoring(index, segment, slot.field, weight)?))))
}

/// The scan of a plan in a segment; none if it accepts nothing there.
pub(super) fn scan(index: &Index, segment: Segment<'_>, plan: &Plan) -> Result<Option<Box<dyn Scan>>> {
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
        Plan::Of(count, plans) => {
            let scans = plans.iter().map(|plan| scan(index, segment, plan)).collect::<Result<Vec<_>>>()?;
            let scans: Vec<Box<dyn Scan>> = scans.into_iter().flatten().collect();
            (scans.len() >= *count).then(|| Box::new(OfScan::new(scans, *count)) as Box<dyn Scan>)
        }
        Plan::Spans(spans) => span_scan(index, segment, spans)?,
        Plan::Close(plan, together, leaves) => match scan(index, segment, plan)? {
            Some(scan) => Some(Box::new(CloseScan::new(scan, close(index, segment, *together, leaves)?))),
            None => None,
        },
        Plan::Also(base, also) => match (scan(index, segment, base)?, scan(index, segment, also)?) {
            (Some(base), Some(also)) => Some(Box::new(AlsoScan::new(base, also))),
            (base, _) => base,
        },
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
            let inverted = index.inverted(segment, *field)?;
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
fn test(index: &Index, segment: Segment<'_>, accepts: impl Fn(&Table, u32) -> bool + 'static) -> Option<Box<dyn Scan>> {
    let table = Arc::clone(&index.table);
    let base = segment.base;
    Some(Box::new(TestScan::new(segment.reader.max_doc(), Box::new(move |doc: DocId| accepts(&table, base + doc)))))
}

/// The scan of words in a row.
pub(super) fn word_scan(
    index: &Index,
    segment: Segment<'_>,
    slots: &[Arc<PlannedSlot>],
    weight: &Bm25Weight,
) -> Result<Option<Box<dyn Scan>>> {
    let mut opened = Vec::with_capacity(slots.len());
    for slot in slots {
        let postings = postings(index, segment, slot, slots.len() > 1 || slot.terms.len() > 1)?;
        if postings.is_empty() {
            return Ok(None);
        }
        opened.push(SlotScan::new(postings));
    }
    if opened.is_empty() {
        return Ok(None);
    }
    Ok(Some(Box::new(PhraseScan::new(opened, scoring(index, segment, slots[0].field, weight)?))))
}

/// The postings of the terms of a slot that a segment has, with the positions if they are needed.
fn postings(
    index: &Index,
    segment: Segment<'_>,
    slot: &PlannedSlot,
    with_positions: bool,
) -> Result<Vec<SegmentPostings>> {
    let option = if with_positions { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
    let mut postings = Vec::with_capacity(slot.terms.len());
    for term in &slot.terms {
        postings.extend(index.postings(segment, term, option)?);
    }
    Ok(postings)
}

/// Where words stand in the documents of a segment. If not `exactly`, a word that is no part of a phrase has no positions:
/// only in which documents it stands is known.
fn places(
    index: &Index,
    segment: Segment<'_>,
    planned: &[PlannedLeaf],
    sentences: Option<SegmentPostings>,
    exactly: bool,
) -> Result<PostingPlaces> {
    let mut slots = Vec::new();
    let mut leaves = Vec::with_capacity(planned.len());
    for leaf in planned {
        let mut patterns = Vec::with_capacity(leaf.patterns.len());
        for pattern in &leaf.patterns {
            let from = slots.len();
            for slot in pattern {
                slots.push(SlotScan::new(postings(index, segment, slot, exactly || pattern.len() > 1)?));
            }
            // A pattern whose words the segment does not have all is none.
            if slots[from..].iter().any(|slot: &SlotScan| slot.doc() >= TERMINATED) || pattern.is_empty() {
                slots.truncate(from);
            } else {
                patterns.push((from..slots.len()).collect());
            }
        }
        leaves.push(LeafScan { patterns, window: leaf.window });
    }
    Ok(PostingPlaces::new(leaves, slots, sentences))
}

/// What raises the documents of a segment.
fn close(index: &Index, segment: Segment<'_>, together: Together, leaves: &[PlannedLeaf]) -> Result<Close> {
    let rarities = leaves.iter().map(|leaf| leaf.rarity).collect();
    let around = match together {
        _ if leaves.len() < 2 => Around::Nothing,
        Together::All => Around::Paragraph,
        Together::Some => Around::Article,
    };
    let places = places(index, segment, leaves, None, around == Around::Paragraph)?;
    Ok(Close::new(around, places, rarities, Arc::clone(&index.table), segment.base))
}

/// The scan of words that stand in a certain way; none if no document has the words.
fn span_scan(index: &Index, segment: Segment<'_>, spans: &PlannedSpans) -> Result<Option<Box<dyn Scan>>> {
    let sentences = if spans.tree.asks_for_sentences() {
        let marks = index.look_up(&Term::from_field_text(index.fields.forms, SENTENCE))?;
        index.postings(segment, &marks, IndexRecordOption::WithFreqsAndPositions)?
    } else {
        None
    };
    let lengths = segment.reader.get_fieldnorms_reader(index.fields.stems);
    let lengths: FieldNormReader = lengths.map_err(|error| index.damaged(&error.to_string()))?;
    let manifest = index.manifest();
    let average = (manifest.words as f32 / manifest.paragraphs.max(1) as f32).max(1.0);
    let scoring = SpanScoring { weight: spans.weight, lengths, average };
    let scan = SpanScan::new(spans.tree.clone(), places(index, segment, &spans.leaves, sentences, true)?, scoring);
    Ok((scan.doc() < TERMINATED).then(|| Box::new(scan) as Box<dyn Scan>))
}

fn scoring(index: &Index, segment: Segment<'_>, field: Field, weight: &Bm25Weight) -> Result<Scoring> {
    let lengths = segment.reader.get_fieldnorms_reader(index.fields.stems);
    let lengths: FieldNormReader = lengths.map_err(|error| index.damaged(&error.to_string()))?;
    let inverted = index.inverted(segment, index.fields.stems)?;
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
