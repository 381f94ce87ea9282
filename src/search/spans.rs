//! Documents in which words stand in a certain way: candidates by postings, then positions.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

use super::scan::{Scan, Score, UNIT, nearest};
use crate::interval::{self, Finder, Found, Places, Tree};

/// The documents that hold one of several terms, with the positions of all of them.
pub(crate) struct SlotScan {
    terms: Vec<SegmentPostings>,
    doc: DocId,
    /// The terms that stand on the current document.
    here: Vec<usize>,
    /// The others, by document.
    ahead: BinaryHeap<Reverse<(DocId, usize)>>,
}

impl SlotScan {
    pub(crate) fn new(terms: Vec<SegmentPostings>) -> SlotScan {
        let ahead = terms.iter().enumerate().map(|(place, term)| Reverse((term.doc(), place))).collect();
        let mut slot = SlotScan { terms, doc: TERMINATED, here: Vec::new(), ahead };
        slot.gather();
        slot
    }

    pub(crate) fn doc(&self) -> DocId {
        self.doc
    }

    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        if let [only] = &mut self.terms[..] {
            self.doc = only.seek(target);
            return self.doc;
        }
        for place in self.here.drain(..) {
            self.ahead.push(Reverse((self.terms[place].seek(target), place)));
        }
        while let Some(Reverse((doc, place))) = self.ahead.peek().copied()
            && doc < target
        {
            self.ahead.pop();
            self.ahead.push(Reverse((self.terms[place].seek(target), place)));
        }
        self.gather();
        self.doc
    }

    /// Takes the terms that stand on the next document.
    fn gather(&mut self) {
        self.here.clear();
        self.doc = self.ahead.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc);
        while let Some(Reverse((doc, place))) = self.ahead.peek().copied()
            && doc == self.doc
            && doc < TERMINATED
        {
            self.ahead.pop();
            self.here.push(place);
        }
    }

    /// How often the current document holds the word at most: two terms may stand at the same position.
    fn most_frequent(&self) -> u32 {
        self.here.iter().fold(0, |sum, place| sum.saturating_add(self.terms[*place].term_freq()))
    }

    /// How often the current document holds the word. Two terms may stand at the same position.
    pub(crate) fn frequency(&mut self, positions: &mut Vec<u32>) -> u32 {
        if let [only] = self.here[..] {
            return self.terms[only].term_freq();
        }
        self.positions(positions);
        positions.len() as u32
    }

    /// The positions in the current document, ascending.
    pub(crate) fn positions(&mut self, positions: &mut Vec<u32>) {
        positions.clear();
        for place in &self.here {
            self.terms[*place].append_positions_with_offset(0, positions);
        }
        if self.here.len() > 1 {
            positions.sort_unstable();
            positions.dedup();
        }
    }

    pub(crate) fn cost(&self) -> u32 {
        self.terms.iter().fold(0, |sum, term| sum.saturating_add(term.size_hint()))
    }
}

/// A word or phrase of a tree in one segment.
pub(crate) struct LeafScan {
    /// The patterns it may be, each with the numbers of its slots.
    pub(crate) patterns: Vec<Vec<usize>>,
    /// As [`crate::meaning::Leaf::window`].
    pub(crate) window: Option<u32>,
}

/// What a document must hold to be looked at more closely.
enum Needs {
    /// The word of a slot.
    Slot(usize),
    /// The word of a slot, so many times.
    Often(usize, u32),
    /// All of these, the rarest first.
    All(Vec<Needs>),
    /// So many of these.
    Of(usize, Vec<Needs>),
}

impl Needs {
    /// What the matches of a tree need, and about how many documents have it.
    fn of(tree: &Tree, leaves: &[LeafScan], slots: &[SlotScan]) -> (Needs, u32) {
        match tree {
            Tree::Leaf(leaf) => {
                let slot = |slot: &usize| (Needs::Slot(*slot), slots[*slot].cost());
                let patterns = leaves[*leaf].patterns.iter();
                Needs::some(1, patterns.map(|pattern| Needs::all(pattern.iter().map(slot).collect())).collect())
            }
            Tree::Any(trees) => Needs::some(1, trees.iter().map(|tree| Needs::of(tree, leaves, slots)).collect()),
            Tree::Of(count, trees) => {
                Needs::some(*count as usize, trees.iter().map(|tree| Needs::of(tree, leaves, slots)).collect())
            }
            Tree::Near { left, negated: true, .. } => Needs::of(left, leaves, slots),
            Tree::Near { left, right, .. } => {
                Needs::all(vec![Needs::of(left, leaves, slots), Needs::of(right, leaves, slots)])
            }
            Tree::AtLeast(count, tree) => match Needs::of(tree, leaves, slots) {
                (Needs::All(needs), cost) if matches!(**tree, Tree::Leaf(_)) => match needs[..] {
                    [Needs::Slot(slot)] => (Needs::Often(slot, *count), cost),
                    _ => (Needs::All(needs), cost),
                },
                needs => needs,
            },
            Tree::First(_, tree) => Needs::of(tree, leaves, slots),
        }
    }

    fn all(needs: Vec<(Needs, u32)>) -> (Needs, u32) {
        let mut flat: Vec<(Needs, u32)> = Vec::new();
        for (need, cost) in needs {
            match need {
                Needs::All(inner) => flat.extend(inner.into_iter().map(|need| (need, cost))),
                need => flat.push((need, cost)),
            }
        }
        // Stable: equal costs keep the order of the rarest first inside each.
        flat.sort_by_key(|(_, cost)| *cost);
        let cost = flat.first().map_or(0, |(_, cost)| *cost);
        (Needs::All(flat.into_iter().map(|(need, _)| need).collect()), cost)
    }

    fn some(count: usize, needs: Vec<(Needs, u32)>) -> (Needs, u32) {
        let cost = needs.iter().fold(0, |sum: u32, (_, cost)| sum.saturating_add(*cost));
        let mut needs: Vec<Needs> = needs.into_iter().map(|(need, _)| need).collect();
        match (count, needs.len()) {
            (1, 1) => (needs.swap_remove(0), cost),
            _ => (Needs::Of(count, needs), cost),
        }
    }

    /// The first document at or after `target` that has it.
    fn next(&self, slots: &mut [SlotScan], target: DocId) -> DocId {
        match self {
            Needs::Slot(slot) => slots[*slot].seek(target),
            Needs::Often(slot, count) => {
                let slot = &mut slots[*slot];
                let mut doc = slot.seek(target);
                while doc < TERMINATED && slot.most_frequent() < *count {
                    doc = slot.seek(doc + 1);
                }
                doc
            }
            Needs::All(needs) => {
                let mut target = target;
                'candidates: loop {
                    for need in needs {
                        let next = need.next(slots, target);
                        if next > target {
                            target = next;
                            if target >= TERMINATED {
                                return TERMINATED;
                            }
                            continue 'candidates;
                        }
                    }
                    return if needs.is_empty() { TERMINATED } else { target };
                }
            }
            Needs::Of(1, needs) => needs.iter().map(|need| need.next(slots, target)).min().unwrap_or(TERMINATED),
            Needs::Of(count, needs) => {
                let mut target = target;
                loop {
                    let mut nexts: Vec<DocId> = needs.iter().map(|need| need.next(slots, target)).collect();
                    nexts.sort_unstable();
                    let Some(next) = nexts.get(count.saturating_sub(1)).copied() else { return TERMINATED };
                    // Fewer than `count` of them have a document before this one.
                    if next == target || next >= TERMINATED {
                        return next;
                    }
                    target = next;
                }
            }
        }
    }
}

/// Where the leaves of a tree stand in the current document of a segment.
pub(crate) struct PostingPlaces {
    leaves: Vec<LeafScan>,
    slots: Vec<SlotScan>,
    /// The postings of the marks at the beginnings of sentences.
    sentences: Option<SegmentPostings>,
    doc: DocId,
    starts: Vec<u32>,
    positions: Vec<u32>,
    windows: Vec<Vec<u32>>,
}

impl PostingPlaces {
    pub(crate) fn new(
        leaves: Vec<LeafScan>,
        slots: Vec<SlotScan>,
        sentences: Option<SegmentPostings>,
    ) -> PostingPlaces {
        let (starts, positions, windows) = (Vec::new(), Vec::new(), Vec::new());
        PostingPlaces { leaves, slots, sentences, doc: 0, starts, positions, windows }
    }

    /// Goes to a document at or after the current one.
    pub(crate) fn go_to(&mut self, doc: DocId) {
        self.doc = doc;
    }

    /// Whether a leaf stands in the current document. Of words that are alone the positions need not have been opened.
    pub(crate) fn stands_here(&mut self, leaf: usize, found: &mut Found) -> bool {
        let LeafScan { patterns, .. } = &self.leaves[leaf];
        let (slots, doc) = (&mut self.slots, self.doc);
        if patterns.iter().any(|pattern| matches!(pattern[..], [word] if slots[word].seek(doc) == doc)) {
            return true;
        }
        if patterns.iter().all(|pattern| pattern.len() == 1) {
            return false;
        }
        found.clear();
        self.leaf(leaf, found);
        !found.is_empty()
    }

    /// Whether all words of a leaf stand somewhere in these documents, of which none lies before the current one.
    pub(crate) fn stand_in(&mut self, leaf: usize, documents: &Range<DocId>) -> bool {
        let patterns = &self.leaves[leaf].patterns;
        let slots = &mut self.slots;
        patterns.iter().any(|pattern| pattern.iter().all(|slot| slots[*slot].seek(documents.start) < documents.end))
    }
}

impl Places for PostingPlaces {
    fn leaf(&mut self, leaf: usize, found: &mut Found) {
        let LeafScan { patterns, window } = &self.leaves[leaf];
        for pattern in patterns {
            if !pattern.iter().all(|slot| self.slots[*slot].seek(self.doc) == self.doc) {
                continue;
            }
            match (window, &pattern[..]) {
                (None, [word]) => {
                    self.slots[*word].positions(&mut self.positions);
                    self.positions.iter().for_each(|position| found.push(*position, *position));
                }
                (None, _) => {
                    phrase(&mut self.slots, pattern, &mut self.starts, &mut self.positions);
                    let width = pattern.len() as u32;
                    self.starts.iter().for_each(|start| found.push(*start, *start + width - 1));
                }
                (Some(others), _) => {
                    self.windows.resize_with(pattern.len(), Vec::new);
                    for (slot, positions) in pattern.iter().zip(&mut self.windows) {
                        self.slots[*slot].positions(positions);
                    }
                    interval::window(&self.windows, *others, found);
                }
            }
        }
    }

    fn sentences(&mut self, starts: &mut Vec<u32>) {
        let Some(marks) = &mut self.sentences else { return };
        if marks.doc() < self.doc {
            marks.seek(self.doc);
        }
        if marks.doc() == self.doc {
            marks.append_positions_with_offset(0, starts);
        }
    }
}

/// Where the words of these slots stand in a row in the current document, which holds them all.
pub(crate) fn phrase(slots: &mut [SlotScan], pattern: &[usize], starts: &mut Vec<u32>, positions: &mut Vec<u32>) {
    starts.clear();
    let Some((first, rest)) = pattern.split_first() else { return };
    slots[*first].positions(starts);
    for (offset, slot) in (1..).zip(rest) {
        if starts.is_empty() {
            return;
        }
        slots[*slot].positions(positions);
        let mut later = positions.iter().peekable();
        starts.retain(|start| {
            while later.next_if(|position| **position < start + offset).is_some() {}
            later.peek().is_some_and(|position| **position == start + offset)
        });
    }
}

/// How matches score: BM25 of how many there are and how tight they are.
pub(crate) struct SpanScoring {
    /// What the words weigh together.
    pub(crate) weight: f32,
    pub(crate) lengths: FieldNormReader,
    /// How many words a paragraph has on average.
    pub(crate) average: f32,
}

impl SpanScoring {
    /// The score of a document by its matches that contain no other: each counts by the share of its stretch that its
    /// words fill, so that neighbours count whole.
    fn score(&self, doc: DocId, found: &Found) -> Score {
        let tightness = |span: interval::Span| found.words(&span).count() as f32 / span.width() as f32;
        let frequency: f32 = found.shortest().map(tightness).sum();
        let (k1, b) = (1.2, 0.75);
        let length = self.lengths.fieldnorm(doc) as f32 / self.average;
        let score = self.weight * (1.0 + k1) * frequency / (frequency + k1 * (1.0 - b + b * length));
        nearest(score * UNIT)
    }
}

/// The documents in which a tree has a match.
pub(crate) struct SpanScan {
    tree: Tree,
    needs: Needs,
    cost: u32,
    places: PostingPlaces,
    finder: Finder,
    scoring: SpanScoring,
}

impl SpanScan {
    pub(crate) fn new(tree: Tree, places: PostingPlaces, scoring: SpanScoring) -> SpanScan {
        let (needs, cost) = Needs::of(&tree, &places.leaves, &places.slots);
        let mut scan = SpanScan { tree, needs, cost, places, finder: Finder::default(), scoring };
        scan.settle(0);
        scan
    }

    fn settle(&mut self, target: DocId) -> DocId {
        let mut target = target;
        loop {
            target = self.needs.next(&mut self.places.slots, target);
            self.places.doc = target;
            if target >= TERMINATED {
                return TERMINATED;
            }
            if !self.finder.find(&self.tree, &mut self.places).is_empty() {
                return target;
            }
            target += 1;
        }
    }
}

impl Scan for SpanScan {
    fn doc(&self) -> DocId {
        self.places.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target { self.settle(target) } else { self.doc() }
    }

    fn score(&mut self) -> Score {
        self.scoring.score(self.doc(), self.finder.found())
    }

    fn cost(&self) -> u32 {
        // Positions make it dearer than its rarest word.
        self.cost.saturating_mul(4)
    }
}
