//! What a search keeps of the paragraphs it meets: exact counts of all, and the best groups.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::ops::Range;

use tantivy::{BitSet, TERMINATED};

use super::Sort;
use super::answer::Totals;
use super::arrivals::Arrivals;
use super::scan::{Scan, Score};
use crate::index::{NONE, Table};

/// What a search keeps.
pub(crate) struct Collector<'a> {
    table: &'a Table,
    /// Where only some articles count: those that came.
    among: Option<&'a Arrivals>,
    sort: Sort,
    /// Whether a group of copies is one hit.
    collapse: bool,
    pub(crate) total: Totals,
    /// The groups of several members that were met.
    groups: BitSet,
    sources: BitSet,
    /// The documents of the article that was met last.
    last_article: Range<u32>,
    /// The matching documents: all of them, or those with copies only.
    pub(crate) matching: BitSet,
    keep_all: bool,
    best: Best,
}

/// A hit before its text is fetched: the paragraph to show and the score of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) document: u32,
    pub(crate) score: Score,
}

/// The place of a hit in the order of answers; the smallest comes first.
type Place = (Reverse<u64>, Reverse<u64>, u32, u32);

/// The best paragraphs without copies, and the best score of each group with copies that may be among the best.
struct Best {
    most: usize,
    singles: BinaryHeap<(Place, Found)>,
    shared: HashMap<u32, Score>,
}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Found) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Found {
    fn cmp(&self, other: &Found) -> std::cmp::Ordering {
        (self.document, self.score).cmp(&(other.document, other.score))
    }
}

impl<'a> Collector<'a> {
    /// A collector for the `most` best hits. With `keep_all`, every matching document is remembered.
    pub(crate) fn new(table: &'a Table, sort: Sort, collapse: bool, most: usize, keep_all: bool) -> Collector<'a> {
        Collector {
            table,
            among: None,
            sort,
            collapse,
            total: Totals::default(),
            groups: BitSet::with_max_value(table.counts.shared.max(1)),
            sources: BitSet::with_max_value(table.counts.sources.max(1)),
            last_article: 0..0,
            matching: BitSet::with_max_value(table.counts.documents.max(1)),
            keep_all,
            best: Best { most, singles: BinaryHeap::new(), shared: HashMap::new() },
        }
    }

    /// Only articles that came count.
    pub(crate) fn among(self, among: Option<&'a Arrivals>) -> Collector<'a> {
        Collector { among, ..self }
    }

    /// Takes all that a scan finds in the segment whose first document has the number `base`.
    pub(crate) fn take<S: Scan + ?Sized>(&mut self, scan: &mut S, base: u32) {
        // Before this document no score is worth working out; before that one there may be one that is.
        let (mut hopeless, mut hopeful) = (0, 0);
        let most_raise = scan.most_raise();
        let hopes =
            |best: Score, worst: Option<Score>| worst.is_none_or(|worst| best.saturating_add(most_raise) >= worst);
        let mut doc = scan.doc();
        while doc < TERMINATED {
            let group = self.table.group(base + doc);
            let came = |among: &Arrivals| among.contain(self.table.article(base + doc), base + doc);
            // What was deleted has no group.
            if group == NONE || !self.among.is_none_or(came) {
                doc = scan.advance();
                continue;
            }
            self.count(base + doc, group);
            if doc >= hopeless && self.best.most > 0 {
                let worst = self.worst_score();
                if doc >= hopeful && worst.is_some() {
                    let (ceiling, through) = scan.ceiling();
                    let next = through.saturating_add(1);
                    if hopes(ceiling, worst) { hopeful = next } else { hopeless = next }
                }
                if doc >= hopeless {
                    let score = scan.score();
                    if hopes(score, worst) {
                        self.offer(base + doc, group, score.saturating_add(scan.raise()));
                    }
                }
            }
            doc = scan.advance();
        }
    }

    /// Counts a matching document of a group.
    #[inline]
    fn count(&mut self, document: u32, group: u32) {
        let shared = group < self.table.counts.shared;
        self.total.paragraphs += 1;
        if !shared {
            self.total.groups += 1;
        } else if !self.groups.contains(group) {
            self.groups.insert(group);
            if group < self.table.counts.boilerplate {
                self.total.boilerplate += 1;
            } else {
                self.total.groups += 1;
            }
        }
        if shared || self.keep_all {
            self.matching.insert(document);
        }
        // An article's documents stand next to each other: only beyond the last one's can there be a new one.
        if !self.last_article.contains(&document) {
            let article = self.table.article(document);
            self.last_article = self.table.paragraphs(article);
            self.total.articles += 1;
            let source = self.table.source(article);
            if source != NONE && !self.sources.contains(source) {
                self.sources.insert(source);
                self.total.sources += 1;
            }
        }
    }

    /// The score that a paragraph must reach to be among the best, once enough better ones are known.
    fn worst_score(&self) -> Option<Score> {
        match self.sort {
            Sort::Relevance if self.best.singles.len() == self.best.most => {
                self.best.singles.peek().map(|(_, found)| found.score)
            }
            _ => None,
        }
    }

    fn offer(&mut self, document: u32, group: u32, score: Score) {
        let found = Found { document, score };
        let place = self.place(found);
        let full = self.best.singles.len() == self.best.most;
        if self.collapse && group < self.table.counts.shared {
            // A group's place is that of its oldest matching member, which may be yet to come; its score alone can tell that
            // it is not among the best.
            if self.worst_score().is_some_and(|worst| score < worst) {
                return;
            }
            let best = self.best.shared.entry(group).or_insert(score);
            *best = score.max(*best);
        } else if !full || self.best.singles.peek().is_some_and(|(worst, _)| place < *worst) {
            if full {
                self.best.singles.pop();
            }
            self.best.singles.push((place, found));
        }
    }

    fn place(&self, found: Found) -> Place {
        let article = self.table.article(found.document);
        let digits = u64::from(self.table.digits(article));
        let score = u64::from(found.score);
        let (first, second) = match self.sort {
            Sort::Relevance => (score, 0),
            Sort::Newest => (digits, score),
            // Undated articles come last either way.
            Sort::Oldest => (if digits == 0 { 0 } else { u64::from(u32::MAX) - digits }, score),
        };
        (Reverse(first), Reverse(second), article, found.document)
    }

    /// The matching members of a group of several, oldest first.
    pub(crate) fn matching_members(&self, group: u32) -> impl Iterator<Item = u32> + '_ {
        self.table.members(group).filter(|document| self.matching.contains(*document))
    }

    /// The best hits, in order.
    pub(crate) fn finish(&mut self) -> Vec<Found> {
        let mut hits: Vec<(Place, Found)> = std::mem::take(&mut self.best.singles).into_vec();
        for (group, score) in std::mem::take(&mut self.best.shared) {
            // Its members are among the matching ones, or it would not have been met.
            let Some(document) = self.matching_members(group).next() else { continue };
            let found = Found { document, score };
            hits.push((self.place(found), found));
        }
        hits.sort_unstable();
        hits.truncate(self.best.most);
        hits.into_iter().map(|(_, found)| found).collect()
    }
}
