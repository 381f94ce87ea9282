//! From a clause to a plan: what must be looked for to find the paragraphs that a clause accepts.
//!
//! A plan is made once for the index, where everything that depends on all of its segments is worked out: which terms
//! there are, how rare they are, which articles a field accepts.

use std::cell::RefCell;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use tantivy::query::Bm25Weight;
use tantivy::schema::{Facet, Field};
use tantivy::{BitSet, Term};

use super::opened::{scan, word_scan};
use super::scan::Scan;
use crate::error::Result;
use crate::index::{Index, LookedUp, NONE};
use crate::interval::Tree;
use crate::meaning::{Clause, Coding, Leaf, MOST_FORMS, Meant, Placed, holds_in_a_row};
use crate::query::tree::{Boost, Compare};
use crate::text::{Pattern, Slot};

/// What a clause needs of an index.
pub(crate) enum Plan {
    /// Paragraphs with these words in a row.
    Words(Vec<Arc<PlannedSlot>>, Bm25Weight),
    All(Vec<Plan>),
    Any(Vec<Plan>),
    /// Paragraphs that so many of these accept.
    Of(usize, Vec<Plan>),
    Not(Box<Plan>),
    /// Paragraphs in which words stand in a certain way.
    Spans(PlannedSpans),
    /// What a plan accepts, raised where these words stand close together or in the headline.
    Close(Box<Plan>, Together, Vec<PlannedLeaf>),
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
pub(crate) struct PlannedSlot {
    pub(super) field: Field,
    pub(super) terms: Vec<LookedUp>,
    /// In how many paragraphs they occur, about.
    frequency: u64,
}

/// Whether all the words of a question stand in each paragraph that is found, or some.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Together {
    All,
    Some,
}

/// What a tree of words and phrases needs.
pub(crate) struct PlannedSpans {
    pub(super) tree: Tree,
    pub(super) leaves: Vec<PlannedLeaf>,
    pub(super) weight: f32,
}

/// A word or phrase of a tree: the patterns that it may be, in different languages.
#[derive(Clone)]
pub(crate) struct PlannedLeaf {
    pub(super) patterns: Vec<Vec<Arc<PlannedSlot>>>,
    pub(super) window: Option<u32>,
    /// How rare it is.
    pub(super) rarity: f32,
}

/// Plans the parts of a question. Each word is looked up once, however many parts ask for it, and what else is worked out
/// of it.
struct Planner<'a> {
    index: &'a Index,
    slots: RefCell<HashMap<Slot, Arc<PlannedSlot>>>,
}

/// Plans a question: its words raise what they stand close together in.
///
/// # Errors
///
/// When the index is damaged.
pub(crate) fn plan_question(index: &Index, clause: &Clause) -> Result<Plan> {
    let planner = &Planner { index, slots: RefCell::default() };
    let planned = plan(planner, clause)?;
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
    let leaves = words.into_iter().map(|(meant, boost)| leaf(planner, meant, None, boost)).collect::<Result<_>>()?;
    let together = if matches!(clause, Clause::Any(_)) { Together::Some } else { Together::All };
    Ok(Plan::Close(Box::new(planned), together, leaves))
}

/// Plans a clause.
///
/// # Errors
///
/// When the index is damaged.
fn plan(planner: &Planner<'_>, clause: &Clause) -> Result<Plan> {
    let index = planner.index;
    let fields = index.fields;
    let table = &index.table;
    Ok(match clause {
        Clause::Words(meant) => {
            let distinct = distinct(meant);
            let plans =
                distinct.iter().map(|pattern| words(planner, pattern, &distinct)).collect::<Result<Vec<_>>>()?;
            any(plans.into_iter().filter(|plan| !plan.is_empty()).collect())
        }
        Clause::All(clauses) => Plan::All(clauses.iter().map(|clause| plan(planner, clause)).collect::<Result<_>>()?),
        Clause::Any(clauses) => any(clauses.iter().map(|clause| plan(planner, clause)).collect::<Result<_>>()?),
        Clause::Of(count, clauses) => {
            Plan::Of(*count as usize, clauses.iter().map(|clause| plan(planner, clause)).collect::<Result<_>>()?)
        }
        Clause::Placed(placed) => Plan::Spans(spans(planner, placed)?),
        Clause::Boosted(clause, boost) => plan(planner, clause)?.boosted(boost.factor()),
        Clause::Whole(clause) => whole(planner, clause)?,
        Clause::Not(clause) => Plan::Not(Box::new(plan(planner, clause)?)),
        Clause::Title(clause) => {
            let headlines = documents(index, &plan(planner, clause)?)?.into_iter().filter(|document| {
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
fn spans(planner: &Planner<'_>, placed: &Placed) -> Result<PlannedSpans> {
    let leaves = placed.leaves.iter().map(|Leaf { meant, window, boost }| leaf(planner, meant, *window, *boost));
    let leaves = leaves.collect::<Result<Vec<_>>>()?;
    let weight = rarity(&placed.tree, &leaves);
    Ok(PlannedSpans { tree: placed.tree.clone(), leaves, weight })
}

fn leaf(planner: &Planner<'_>, meant: &Meant, window: Option<u32>, boost: Boost) -> Result<PlannedLeaf> {
    let index = planner.index;
    let distinct = distinct(meant);
    let patterns = distinct.iter().map(|pattern| slots(planner, pattern)).collect::<Result<Vec<_>>>()?;
    let mut rarity = 0.0;
    if let Some(pattern) = distinct.first() {
        for place in 0..pattern.0.len() {
            rarity += idf(found(planner, &distinct, pattern.0.len(), place)?, index.manifest().paragraphs);
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
fn whole(planner: &Planner<'_>, clause: &Clause) -> Result<Plan> {
    let mut positive = Vec::new();
    let set = articles_where(planner, clause, true, &mut positive)?;
    let base = Plan::Articles(Arc::new(set));
    Ok(if positive.is_empty() { base } else { Plan::Also(Box::new(base), Box::new(any(positive))) })
}

/// The articles over which a clause holds. The plans of its parts that are asked for go to `positive`.
fn articles_where(planner: &Planner<'_>, clause: &Clause, asked_for: bool, positive: &mut Vec<Plan>) -> Result<BitSet> {
    let index = planner.index;
    let all = index.table.counts.articles;
    let mut counts: Vec<u32> = vec![0; all as usize];
    let (parts, needed) = match clause {
        Clause::All(parts) => (&parts[..], parts.len() as u32),
        Clause::Any(parts) => (&parts[..], 1),
        Clause::Of(count, parts) => (&parts[..], *count),
        Clause::Not(part) => {
            let held = articles_where(planner, part, !asked_for, positive)?;
            return Ok(article_set(index, (0..all).filter(|article| !held.contains(*article))));
        }
        leaf => {
            let plan = plan(planner, leaf)?;
            let found = documents(index, &plan)?;
            if asked_for {
                positive.push(plan);
            }
            return Ok(article_set(index, found.into_iter().map(|document| index.table.article(document))));
        }
    };
    for part in parts {
        let held = articles_where(planner, part, asked_for, positive)?;
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
fn words(planner: &Planner<'_>, pattern: &Pattern, alternatives: &[&Pattern]) -> Result<Plan> {
    let index = planner.index;
    let slots = slots(planner, pattern)?;
    let paragraphs = index.manifest().paragraphs;
    let mut rarity = 0.0;
    let mut first = 0;
    for place in 0..slots.len() {
        let found = found(planner, alternatives, slots.len(), place)?;
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

fn slots(planner: &Planner<'_>, pattern: &Pattern) -> Result<Vec<Arc<PlannedSlot>>> {
    pattern.0.iter().map(|slot| planned(planner, slot)).collect()
}

/// In how many paragraphs the word at a place of patterns of one length stands, all of them together.
fn found(planner: &Planner<'_>, alternatives: &[&Pattern], length: usize, place: usize) -> Result<u64> {
    let mut found = 0;
    for pattern in alternatives.iter().filter(|pattern| pattern.0.len() == length) {
        found += planned(planner, &pattern.0[place])?.frequency;
    }
    Ok(found.min(planner.index.manifest().paragraphs))
}

/// How much the rarity of a word counts: the idf of BM25, as tantivy has it.
fn idf(found: u64, paragraphs: u64) -> f32 {
    let x = ((paragraphs - found) as f32 + 0.5) / (found as f32 + 0.5);
    (1.0 + x).ln()
}

fn planned(planner: &Planner<'_>, slot: &Slot) -> Result<Arc<PlannedSlot>> {
    if let Some(planned) = planner.slots.borrow().get(slot) {
        return Ok(Arc::clone(planned));
    }
    let index = planner.index;
    let (stems, forms) = (index.fields.stems, index.fields.forms);
    let look_up = |term: &Term| index.look_up(term);
    let (field, terms) = match slot {
        Slot::Stem(terms) => {
            (stems, terms.iter().map(|term| look_up(&Term::from_field_text(stems, term))).collect::<Result<Vec<_>>>()?)
        }
        Slot::Form { folded, spelling } => {
            // All spellings of a folded form are neighbours: the form itself, then the form, NUL and the spelling.
            let (from, to) = (folded.as_bytes(), [folded.as_bytes(), b"\x01"].concat());
            let mut terms = Vec::new();
            for segment in index.segments() {
                let inverted = index.inverted(segment, forms)?;
                let range = inverted.terms().range().ge(from).lt(&to);
                let mut stream = range.into_stream().map_err(|error| index.damaged(&error.to_string()))?;
                while stream.advance() {
                    let key = std::str::from_utf8(stream.key()).unwrap_or_default();
                    let written = key.strip_prefix(folded.as_str()).unwrap_or_default();
                    if spelling.accepts(written.strip_prefix('\0').unwrap_or(folded)) {
                        terms.push(Term::from_field_text(forms, key));
                    }
                }
            }
            terms.sort_unstable();
            terms.dedup();
            (forms, terms.iter().map(look_up).collect::<Result<_>>()?)
        }
        Slot::Shape(shape) => {
            (forms, index.forms(shape, MOST_FORMS)?.terms.iter().map(look_up).collect::<Result<_>>()?)
        }
    };
    let counts = terms.iter().map(|term| index.frequency(term)).collect::<Result<Vec<u64>>>()?;
    // Spellings are added up; of the two stems of a word with diacritics, which mostly stand in the same paragraphs, the more
    // frequent one counts.
    let frequency = if field == stems { counts.into_iter().max().unwrap_or(0) } else { counts.iter().sum() };
    let planned = Arc::new(PlannedSlot { field, terms, frequency });
    planner.slots.borrow_mut().insert(slot.clone(), Arc::clone(&planned));
    Ok(planned)
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
    let slot = |word: &String| -> Result<Arc<PlannedSlot>> {
        let term = index.look_up(&Term::from_field_text(field, word))?;
        Ok(Arc::new(PlannedSlot { field, terms: vec![term], frequency: 0 }))
    };
    let slots = sought.iter().map(slot).collect::<Result<Vec<_>>>()?;
    let weight = Bm25Weight::for_one_term_without_explain(0, 1, 1.0);
    let mut found = Vec::new();
    for segment in index.segments() {
        if let Some(mut scan) = word_scan(index, segment, &slots, &weight)? {
            collect(&mut *scan, index, segment.base, &mut found);
        }
    }
    Ok(articles(index, found.into_iter().map(|document| index.table.article(document))))
}

/// All documents that a plan accepts, by number.
fn documents(index: &Index, plan: &Plan) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for segment in index.segments() {
        if let Some(mut scan) = scan(index, segment, plan)? {
            collect(&mut *scan, index, segment.base, &mut found);
        }
    }
    Ok(found)
}

fn collect(scan: &mut dyn Scan, index: &Index, base: u32, found: &mut Vec<u32>) {
    while scan.doc() < tantivy::TERMINATED {
        if index.table.article(base + scan.doc()) != NONE {
            found.push(base + scan.doc());
        }
        scan.advance();
    }
}

/// The members of the group with this printed id.
fn group_members(index: &Index, id: &str) -> Result<Vec<u32>> {
    let table = &index.table;
    let Some(id) = super::read_group_id(id) else { return Ok(Vec::new()) };
    for document in index.with_print(id)? {
        let group = table.group(document);
        if table.members(group).next() == Some(document) {
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
