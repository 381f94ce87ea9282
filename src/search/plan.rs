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

use super::close::{Close, CloseScan};
use super::combine::{AllScan, AlsoScan, AnyScan, ExceptScan, ListScan, OfScan, TestScan};
use super::scan::{PhraseScan, Scan, Scoring, TermScan};
use super::spans::{LeafScan, PostingPlaces, SlotScan, SpanScan, SpanScoring};
use crate::error::Result;
use crate::index::{Index, NONE, SENTENCE, Segment};
use crate::interval::Tree;
use crate::meaning::{Clause, Coding, Leaf, Meant, Placed, holds_in_a_row};
use crate::query::tree::{Boost, Compare};
use crate::text::{Pattern, Shape, Slot};

/// What a clause needs of an index.
pub(crate) enum Plan {
    /// Paragraphs with these words in a row.
    Words(Vec<PlannedSlot>, Bm25Weight),
    All(Vec<Plan>),
    Any(Vec<Plan>),
    /// Paragraphs that so many of these accept.
    Of(usize, Vec<Plan>),
    Not(Box<Plan>),
    /// Paragraphs in which words stand in a certain way.
    Spans(PlannedSpans),
    /// What a plan accepts, raised where these words stand close together or in the headline.
    Close(Box<Plan>, Vec<PlannedLeaf>),
    /// What the first accepts; the second adds to the score where it accepts it too.
    Also(Box<Plan>, Box<Plan>),
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
#[derive(Clone)]
pub(crate) struct PlannedSlot {
    field: Field,
    terms: Vec<Term>,
}

/// What a tree of words and phrases needs.
pub(crate) struct PlannedSpans {
    tree: Tree,
    leaves: Vec<PlannedLeaf>,
    weight: f32,
}

/// A word or phrase of a tree: the patterns that it may be, in different languages.
#[derive(Clone)]
pub(crate) struct PlannedLeaf {
    patterns: Vec<Vec<PlannedSlot>>,
    window: Option<u32>,
    /// How rare it is.
    rarity: f32,
}

/// Plans a question: its words raise what they stand close together in.
///
/// # Errors
///
/// When the index is damaged.
pub(crate) fn plan_question(index: &Index, clause: &Clause) -> Result<Plan> {
    let planned = plan(index, clause)?;
    let parts = match clause {
        Clause::All(parts) | Clause::Any(parts) => &parts[..],
        part => std::slice::from_ref(part),
    };
    let mut words: Vec<(&Meant, Boost)> = Vec::new();
    for part in parts {
        let word = match part {
            Clause::Words(meant) => (meant, Boost::NONE),
            Clause::Boosted(part, boost) => match &**part {
                Clause::Words(meant) => (meant, *boost),
                _ => continue,
            },
            _ => continue,
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    if words.is_empty() {
        return Ok(planned);
    }
    let leaves = words.into_iter().map(|(meant, boost)| leaf(index, meant, None, boost)).collect::<Result<_>>()?;
    Ok(Plan::Close(Box::new(planned), leaves))
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
        Clause::Words(meant) => {
            let distinct = distinct(meant);
            let plans = distinct.iter().map(|pattern| words(index, pattern, &distinct)).collect::<Result<Vec<_>>>()?;
            any(plans.into_iter().filter(|plan| !plan.is_empty()).collect())
        }
        Clause::All(clauses) => Plan::All(clauses.iter().map(|clause| plan(index, clause)).collect::<Result<_>>()?),
        Clause::Any(clauses) => any(clauses.iter().map(|clause| plan(index, clause)).collect::<Result<_>>()?),
        Clause::Of(count, clauses) => {
            Plan::Of(*count as usize, clauses.iter().map(|clause| plan(index, clause)).collect::<Result<_>>()?)
        }
        Clause::Placed(placed) => Plan::Spans(spans(index, placed)?),
        Clause::Boosted(clause, boost) => plan(index, clause)?.boosted(boost.factor()),
        Clause::Whole(clause) => whole(index, clause)?,
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

/// The patterns of a word or phrase. A character of a script without spaces looks for the same in every language: that is
/// planned once.
fn distinct(meant: &Meant) -> Vec<&Pattern> {
    match meant {
        Meant::Exact(pattern) => vec![pattern],
        Meant::Inflected(patterns) => {
            let mut met = HashSet::new();
            patterns.iter().map(|(_, pattern)| pattern).filter(|pattern| met.insert(*pattern)).collect()
        }
    }
}

/// Plans words that stand in a certain way.
fn spans(index: &Index, placed: &Placed) -> Result<PlannedSpans> {
    let leaves = placed.leaves.iter().map(|Leaf { meant, window, boost }| leaf(index, meant, *window, *boost));
    let leaves = leaves.collect::<Result<Vec<_>>>()?;
    let weight = rarity(&placed.tree, &leaves);
    Ok(PlannedSpans { tree: placed.tree.clone(), leaves, weight })
}

fn leaf(index: &Index, meant: &Meant, window: Option<u32>, boost: Boost) -> Result<PlannedLeaf> {
    let distinct = distinct(meant);
    let patterns = distinct.iter().map(|pattern| slots(index, pattern)).collect::<Result<Vec<_>>>()?;
    let mut rarity = 0.0;
    if let Some(pattern) = distinct.first() {
        for place in 0..pattern.0.len() {
            rarity += idf(found(index, &distinct, pattern.0.len(), place)?, index.manifest().paragraphs);
        }
    }
    Ok(PlannedLeaf { patterns, window, rarity: rarity * boost.factor() })
}

/// What the words of a tree weigh together: those of a match, of alternatives the rarest.
fn rarity(tree: &Tree, leaves: &[PlannedLeaf]) -> f32 {
    match tree {
        Tree::Leaf(leaf) => leaves[*leaf].rarity,
        Tree::Any(trees) => trees.iter().map(|tree| rarity(tree, leaves)).fold(0.0, f32::max),
        Tree::Of(count, trees) => {
            let mut rarities: Vec<f32> = trees.iter().map(|tree| rarity(tree, leaves)).collect();
            rarities.sort_by(|a, b| b.total_cmp(a));
            rarities.iter().take(*count as usize).sum()
        }
        Tree::Near { left, negated: true, .. } => rarity(left, leaves),
        Tree::Near { left, right, .. } => rarity(left, leaves) + rarity(right, leaves),
        Tree::AtLeast(_, tree) | Tree::First(_, tree) => rarity(tree, leaves),
    }
}

/// Plans a clause over whole articles: all their paragraphs, the better the more of the clause stands in them.
fn whole(index: &Index, clause: &Clause) -> Result<Plan> {
    let mut positive = Vec::new();
    let set = articles_where(index, clause, true, &mut positive)?;
    let base = Plan::Articles(Arc::new(set));
    Ok(if positive.is_empty() { base } else { Plan::Also(Box::new(base), Box::new(any(positive))) })
}

/// The articles over which a clause holds. The plans of its parts that are asked for go to `positive`.
fn articles_where(index: &Index, clause: &Clause, asked_for: bool, positive: &mut Vec<Plan>) -> Result<BitSet> {
    let all = index.table.counts.articles;
    let mut counts: Vec<u32> = vec![0; all as usize];
    let (parts, needed) = match clause {
        Clause::All(parts) => (&parts[..], parts.len() as u32),
        Clause::Any(parts) => (&parts[..], 1),
        Clause::Of(count, parts) => (&parts[..], *count),
        Clause::Not(part) => {
            let held = articles_where(index, part, !asked_for, positive)?;
            return Ok(article_set(index, (0..all).filter(|article| !held.contains(*article))));
        }
        leaf => {
            let plan = plan(index, leaf)?;
            let found = documents(index, &plan)?;
            if asked_for {
                positive.push(plan);
            }
            return Ok(article_set(index, found.into_iter().map(|document| index.table.article(document))));
        }
    };
    for part in parts {
        let held = articles_where(index, part, asked_for, positive)?;
        for (article, count) in (0..).zip(&mut counts) {
            *count += u32::from(held.contains(article));
        }
    }
    Ok(article_set(index, (0..all).filter(|article| counts[*article as usize] >= needed)))
}

fn any(mut plans: Vec<Plan>) -> Plan {
    if plans.len() == 1 { plans.swap_remove(0) } else { Plan::Any(plans) }
}

/// Plans a pattern. A word's rarity is that of all its `alternatives` together: the same word in other languages.
fn words(index: &Index, pattern: &Pattern, alternatives: &[&Pattern]) -> Result<Plan> {
    let slots = slots(index, pattern)?;
    let paragraphs = index.manifest().paragraphs;
    let mut rarity = 0.0;
    let mut first = 0;
    for place in 0..slots.len() {
        let found = found(index, alternatives, slots.len(), place)?;
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

fn slots(index: &Index, pattern: &Pattern) -> Result<Vec<PlannedSlot>> {
    pattern.0.iter().map(|slot| planned(index, slot)).collect()
}

/// In how many paragraphs the word at a place of patterns of one length stands, all of them together.
fn found(index: &Index, alternatives: &[&Pattern], length: usize, place: usize) -> Result<u64> {
    let mut found = 0;
    for pattern in alternatives.iter().filter(|pattern| pattern.0.len() == length) {
        found += frequency(index, &planned(index, &pattern.0[place])?)?;
    }
    Ok(found.min(index.manifest().paragraphs))
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
        Slot::Shape(shape) => {
            let mut terms = Vec::new();
            each_form(index, shape, |term| {
                terms.push(Term::from_field_text(fields.forms, term));
                true
            })?;
            terms.sort_unstable();
            terms.dedup();
            PlannedSlot { field: fields.forms, terms }
        }
    })
}

/// Calls `each` with the terms of the field of forms that a shape stands for, segment by segment, until it is enough.
pub(crate) fn each_form(index: &Index, shape: &Shape, mut each: impl FnMut(&str) -> bool) -> Result<()> {
    let (prefix, lengths) = (shape.prefix(), shape.lengths());
    for segment in index.segments() {
        let inverted = inverted(index, segment, index.fields.forms)?;
        let stream = inverted.terms().range().ge(prefix.as_bytes()).into_stream();
        let mut stream = stream.map_err(|error| index.damaged(&error.to_string()))?;
        while stream.advance() {
            let key = stream.key();
            if !key.starts_with(prefix.as_bytes()) {
                break;
            }
            let folded = key.iter().position(|byte| *byte == 0).unwrap_or(key.len());
            if !lengths.contains(&folded) || key == SENTENCE.as_bytes() {
                continue;
            }
            let term = std::str::from_utf8(key).unwrap_or_default();
            if shape.accepts_term(term) && !each(term) {
                return Ok(());
            }
        }
    }
    Ok(())
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
    Plan::Articles(Arc::new(article_set(index, accepted)))
}

fn article_set(index: &Index, accepted: impl Iterator<Item = u32>) -> BitSet {
    let mut set = BitSet::with_max_value(index.table.counts.articles.max(1));
    for article in accepted {
        set.insert(article);
    }
    set
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
    /// The plan whose words count `factor` times as much.
    fn boosted(self, factor: f32) -> Plan {
        match self {
            Plan::Words(slots, weight) => Plan::Words(slots, weight.boost_by(factor)),
            Plan::Spans(spans) => Plan::Spans(PlannedSpans { weight: spans.weight * factor, ..spans }),
            Plan::Any(plans) => Plan::Any(plans.into_iter().map(|plan| plan.boosted(factor)).collect()),
            other => other,
        }
    }

    /// Whether it is known to accept nothing.
    fn is_empty(&self) -> bool {
        matches!(self, Plan::Words(slots, _) if slots.is_empty() || slots.iter().any(|slot| slot.terms.is_empty()))
    }
}

/// What a segment is searched by: the kinds that are worth a loop of their own, and the rest.
pub(crate) enum Search {
    Word(Box<CloseScan<TermScan>>),
    Words(Box<CloseScan<AllScan<TermScan>>>),
    Other(Box<dyn Scan>),
}

/// The search of a segment; none if it holds nothing that is sought.
pub(crate) fn search(index: &Index, segment: Segment<'_>, plan: &Plan) -> Result<Option<Search>> {
    if let Plan::Close(inner, leaves) = plan {
        match &**inner {
            Plan::All(plans) if !plans.is_empty() && plans.iter().all(Plan::is_one_term) => {
                let scans = plans.iter().map(|plan| term_scan(index, segment, plan));
                let Some(scans) = scans.collect::<Result<Option<Vec<_>>>>()? else { return Ok(None) };
                let scan = CloseScan::new(AllScan::new(scans), close(index, segment, leaves)?);
                return Ok(Some(Search::Words(Box::new(scan))));
            }
            word if word.is_one_term() => {
                let Some(scan) = term_scan(index, segment, word)? else { return Ok(None) };
                return Ok(Some(Search::Word(Box::new(CloseScan::new(scan, close(index, segment, leaves)?)))));
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
        Plan::Of(count, plans) => {
            let scans = plans.iter().map(|plan| scan(index, segment, plan)).collect::<Result<Vec<_>>>()?;
            let scans: Vec<Box<dyn Scan>> = scans.into_iter().flatten().collect();
            (scans.len() >= *count).then(|| Box::new(OfScan::new(scans, *count)) as Box<dyn Scan>)
        }
        Plan::Spans(spans) => span_scan(index, segment, spans)?,
        Plan::Close(plan, leaves) => match scan(index, segment, plan)? {
            Some(scan) => Some(Box::new(CloseScan::new(scan, close(index, segment, leaves)?))),
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
    let inverted = inverted(index, segment, slot.field)?;
    let postings = slot.terms.iter().map(|term| inverted.read_postings(term, option)).collect::<Result<Vec<_>, _>>();
    Ok(postings.map_err(|error| index.damaged(&error.to_string()))?.into_iter().flatten().collect())
}

/// Where words stand in the documents of a segment.
fn places(
    index: &Index,
    segment: Segment<'_>,
    planned: &[PlannedLeaf],
    sentences: Option<SegmentPostings>,
) -> Result<PostingPlaces> {
    let mut slots = Vec::new();
    let mut leaves = Vec::with_capacity(planned.len());
    for leaf in planned {
        let mut patterns = Vec::with_capacity(leaf.patterns.len());
        for pattern in &leaf.patterns {
            let from = slots.len();
            for slot in pattern {
                slots.push(SlotScan::new(postings(index, segment, slot, true)?));
            }
            // A pattern whose words the segment does not have all is none.
            if slots[from..].iter().any(|slot: &SlotScan| slot.doc() >= tantivy::TERMINATED) || pattern.is_empty() {
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
fn close(index: &Index, segment: Segment<'_>, leaves: &[PlannedLeaf]) -> Result<Close> {
    let rarities = leaves.iter().map(|leaf| leaf.rarity).collect();
    let opened = || places(index, segment, leaves, None);
    Ok(Close::new([opened()?, opened()?, opened()?], rarities, Arc::clone(&index.table), segment.base))
}

/// The scan of words that stand in a certain way; none if no document has the words.
fn span_scan(index: &Index, segment: Segment<'_>, spans: &PlannedSpans) -> Result<Option<Box<dyn Scan>>> {
    let sentences = if spans.tree.asks_for_sentences() {
        let marks =
            PlannedSlot { field: index.fields.forms, terms: vec![Term::from_field_text(index.fields.forms, SENTENCE)] };
        postings(index, segment, &marks, true)?.pop()
    } else {
        None
    };
    let lengths = segment.reader.get_fieldnorms_reader(index.fields.stems);
    let lengths: FieldNormReader = lengths.map_err(|error| index.damaged(&error.to_string()))?;
    let manifest = index.manifest();
    let average = (manifest.words as f32 / manifest.paragraphs.max(1) as f32).max(1.0);
    let scoring = SpanScoring { weight: spans.weight, lengths, average };
    let scan = SpanScan::new(spans.tree.clone(), places(index, segment, &spans.leaves, sentences)?, scoring);
    Ok((scan.doc() < tantivy::TERMINATED).then(|| Box::new(scan) as Box<dyn Scan>))
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
