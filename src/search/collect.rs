//! What a search keeps of the paragraphs it meets: exact counts of all, and the best groups.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use tantivy::{BitSet, TERMINATED};

use super::Sort;
use super::answer::Totals;
use super::arrivals::Arrivals;
use super::documents::{Documents, Window, from, of_word};
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
    next_article: NextArticle,
    /// The matching documents: all of them, or those with copies only.
    pub(crate) matching: Documents,
    keep_all: bool,
    best: Best,
}

/// The article behind the one that was met last.
struct NextArticle {
    /// Its place in the order of documents.
    place: u32,
    /// Its first document.
    begin: u32,
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
            next_article: NextArticle { place: 0, begin: 0 },
            matching: Documents::none_of(table.counts.documents),
            keep_all,
            best: Best { most, singles: BinaryHeap::new(), shared: HashMap::new() },
        }
    }

    /// Only articles that came count.
    pub(crate) fn among(self, among: Option<&'a Arrivals>) -> Collector<'a> {
        Collector { among, ..self }
    }

    /// Takes all that a scan finds in the segment whose first document has the number `base`; segments come in order.
    pub(crate) fn take<S: Scan + ?Sized>(&mut self, scan: &mut S, base: u32) {
        let most_raise = scan.most_raise();
        let mut doc = scan.doc();
        while doc < TERMINATED {
            let mut window = Window::around(base, doc);
            let end = window.end();
            while doc < end {
                if self.best.most == 0 {
                    doc = scan.mark(end, &mut window);
                    continue;
                }
                let worst = self.worst_score();
                let floor = worst.map_or(0, |worst| worst.saturating_sub(most_raise));
                if floor > 0 {
                    doc = scan.mark_below(floor, end, &mut window);
                    if doc >= end {
                        break;
                    }
                }
                window.mark(doc);
                if self.date_may_do(base + doc) {
                    let score = scan.score();
                    if score >= floor && self.counts(base + doc) {
                        self.offer(base + doc, score.saturating_add(scan.raise()));
                    }
                }
                doc = scan.advance();
            }
            self.count(&window);
        }
    }

    /// Whether a document is a paragraph of an article that counts: what was deleted has no group.
    fn counts(&self, document: u32) -> bool {
        self.table.group(document) != NONE
            && self.among.is_none_or(|among| among.contain(self.table.article(document), document))
    }

    /// Counts what is marked in a window.
    fn count(&mut self, window: &Window) {
        for (number, bits) in window.words() {
            let (alone, shared) = self.table.kinds(number);
            let mut bits = bits & (alone | shared);
            if self.among.is_some() {
                let counting = of_word(number, bits).filter(|document| self.counts(*document));
                bits = counting.fold(0, |bits, document| bits | 1 << (document % u64::BITS));
            }
            self.total.paragraphs += u64::from(bits.count_ones());
            self.total.groups += u64::from((bits & alone).count_ones());
            of_word(number, bits & shared).for_each(|document| self.count_group(self.table.group(document)));
            self.matching.insert_word(number, if self.keep_all { bits } else { bits & shared });
            // An article's documents stand next to each other: only behind the last one's can there be a new one.
            let mut bits = from(number, bits, self.next_article.begin);
            while let Some(document) = of_word(number, bits).next() {
                self.count_article(document);
                bits = from(number, bits, self.next_article.begin);
            }
        }
    }

    /// Counts a group of several members, if it was not met before.
    fn count_group(&mut self, group: u32) {
        if !self.groups.contains(group) {
            self.groups.insert(group);
            if group < self.table.counts.boilerplate {
                self.total.boilerplate += 1;
            } else {
                self.total.groups += 1;
            }
        }
    }

    /// Counts the article of a document that is not before the next article.
    fn count_article(&mut self, document: u32) {
        let place = self.table.place(self.next_article.place, document);
        // Behind this document in any case, whatever a table says that is not whole.
        let begin = self.table.begin(place + 1).max(document + 1);
        self.next_article = NextArticle { place: place + 1, begin };
        self.total.articles += 1;
        let source = self.table.source_at(place);
        if source != NONE && !self.sources.contains(source) {
            self.sources.insert(source);
            self.total.sources += 1;
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

    /// Whether a document may be among the best, as far as its date tells. Where dates order the hits, most documents need
    /// no score.
    fn date_may_do(&self, document: u32) -> bool {
        let best = &self.best;
        let worst = best.singles.peek().filter(|_| best.singles.len() == best.most);
        let (true, Some((worst, _))) = (self.sort != Sort::Relevance, worst) else { return true };
        let group = self.table.group(document);
        if group == NONE {
            return false;
        }
        let article = self.table.article(document);
        // A group stands where the oldest of its members does that match: not later than this one, if this one has a date.
        let shared = self.collapse && group < self.table.counts.shared;
        let elsewhere = shared && (self.sort == Sort::Oldest || self.table.digits(article) == 0);
        elsewhere || self.by_date(article) >= worst.0.0
    }

    /// The place of an article in an order by date; the greatest comes first. Undated ones come last either way.
    fn by_date(&self, article: u32) -> u64 {
        match (self.sort, self.table.digits(article)) {
            (Sort::Relevance, _) | (Sort::Oldest, 0) => 0,
            (Sort::Newest, digits) => u64::from(digits),
            (Sort::Oldest, digits) => u64::from(u32::MAX - digits),
        }
    }

    fn offer(&mut self, document: u32, score: Score) {
        let group = self.table.group(document);
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
        let score = u64::from(found.score);
        let (first, second) = match self.sort {
            Sort::Relevance => (score, 0),
            Sort::Newest | Sort::Oldest => (self.by_date(article), score),
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
