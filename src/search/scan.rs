//! Scans: the documents of one segment that a part of a question accepts, in order, with their scores.
//!
//! Scores are whole numbers of 1/4096. Their sums are exact, so that a paragraph has the same score whatever the order in
//! which its words were added up, however the index is cut into segments.

use tantivy::DocId;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings};
use tantivy::query::Bm25Weight;
use tantivy::{DocSet, TERMINATED};

/// A score in units of 1/4096.
pub(crate) type Score = u32;

/// How many units make a score of one.
pub(crate) const UNIT: f32 = 4096.0;

/// The documents of a segment that something accepts, in ascending order.
pub(crate) trait Scan {
    /// The current document; [`TERMINATED`] at the end.
    fn doc(&self) -> DocId;

    /// Goes to the first document at or after `target`, which is at or after the current one.
    fn seek(&mut self, target: DocId) -> DocId;

    /// Goes to the next document.
    fn advance(&mut self) -> DocId {
        self.seek(self.doc() + 1)
    }

    /// Whether `target` is accepted: `target` itself if so, else any later document up to which none is. Between calls
    /// that answer otherwise the current document means nothing; targets ascend.
    fn probe(&mut self, target: DocId) -> DocId {
        if self.doc() >= target { self.doc() } else { self.seek(target) }
    }

    /// The score of the current document.
    fn score(&mut self) -> Score;

    /// A score that no document from the current one up to the returned one exceeds.
    fn ceiling(&mut self) -> (Score, DocId) {
        (Score::MAX, self.doc())
    }

    /// About how many documents it has to look at.
    fn cost(&self) -> u32;
}

impl Scan for Box<dyn Scan> {
    fn doc(&self) -> DocId {
        (**self).doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        (**self).seek(target)
    }

    fn advance(&mut self) -> DocId {
        (**self).advance()
    }

    fn probe(&mut self, target: DocId) -> DocId {
        (**self).probe(target)
    }

    fn score(&mut self) -> Score {
        (**self).score()
    }

    fn ceiling(&mut self) -> (Score, DocId) {
        (**self).ceiling()
    }

    fn cost(&self) -> u32 {
        (**self).cost()
    }
}

/// How words score in the paragraphs of a segment.
#[derive(Clone)]
pub(crate) struct Scoring {
    pub(crate) weight: Bm25Weight,
    pub(crate) lengths: FieldNormReader,
    /// How much the best score of a block, which tantivy found with the segment's own average length, may fall short of
    /// the best with the average of the whole index; 1 or more.
    pub(crate) slack: f32,
}

impl Scoring {
    fn score(&self, doc: DocId, frequency: u32) -> Score {
        (self.weight.score(self.lengths.fieldnorm_id(doc), frequency) * UNIT).round() as Score
    }

    fn ceiling_of(&self, best: f32) -> Score {
        (best * self.slack * UNIT).ceil() as Score + 1
    }
}

/// The documents that hold a term.
pub(crate) struct TermScan {
    postings: BlockSegmentPostings,
    /// The place in the current block.
    at: usize,
    /// None for a filter, which scores nothing.
    scoring: Option<Scoring>,
}

/// How many documents a block of postings holds.
const BLOCK: usize = 128;

impl TermScan {
    pub(crate) fn new(postings: BlockSegmentPostings, scoring: Option<Scoring>) -> TermScan {
        TermScan { postings, at: 0, scoring }
    }
}

impl Scan for TermScan {
    #[inline]
    fn doc(&self) -> DocId {
        self.postings.doc(self.at)
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        // The next few documents are the most likely ones, and cheaper to look at than to search for.
        if self.doc() < target {
            self.at = (self.at + 1).min(BLOCK - 1);
            if self.doc() < target {
                self.at = self.postings.seek(target);
            }
        }
        self.doc()
    }

    #[inline]
    fn advance(&mut self) -> DocId {
        if self.doc() == TERMINATED {
            return TERMINATED;
        }
        if self.at + 1 < BLOCK {
            self.at += 1;
        } else {
            self.postings.advance();
            self.at = 0;
        }
        self.doc()
    }

    #[inline]
    fn score(&mut self) -> Score {
        let frequency = self.postings.freq(self.at);
        self.scoring.as_ref().map_or(0, |scoring| scoring.score(self.postings.doc(self.at), frequency))
    }

    fn ceiling(&mut self) -> (Score, DocId) {
        let through = self.postings.docs().last().copied().unwrap_or(TERMINATED);
        let Some(scoring) = &self.scoring else { return (0, through) };
        let best = self.postings.block_max_score(&scoring.lengths, &scoring.weight);
        (scoring.ceiling_of(best), through)
    }

    fn cost(&self) -> u32 {
        self.postings.doc_freq()
    }
}

/// Documents that hold words next to each other; each word may be any of several terms.
pub(crate) struct PhraseScan {
    slots: Vec<SlotScan>,
    scoring: Scoring,
    doc: DocId,
    /// How often the current document holds the phrase.
    frequency: u32,
    starts: Vec<u32>,
    positions: Vec<u32>,
}

/// The documents that hold one of several terms.
struct SlotScan {
    terms: Vec<SegmentPostings>,
}

impl SlotScan {
    fn doc(&self) -> DocId {
        self.terms.iter().map(DocSet::doc).min().unwrap_or(TERMINATED)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for term in &mut self.terms {
            if term.doc() < target {
                term.seek(target);
            }
        }
        self.doc()
    }

    fn frequency(&self, doc: DocId) -> u32 {
        self.terms.iter().filter(|term| term.doc() == doc).map(Postings::term_freq).sum()
    }

    /// The positions in the current document, ascending.
    fn positions(&mut self, doc: DocId, positions: &mut Vec<u32>) {
        positions.clear();
        for term in self.terms.iter_mut().filter(|term| term.doc() == doc) {
            term.append_positions_with_offset(0, positions);
        }
        if self.terms.len() > 1 {
            positions.sort_unstable();
        }
    }

    fn cost(&self) -> u32 {
        self.terms.iter().map(DocSet::size_hint).sum()
    }
}

impl PhraseScan {
    /// One slot for each word of the phrase, in order, each with the terms it may be; one slot is a word.
    pub(crate) fn new(slots: Vec<Vec<SegmentPostings>>, scoring: Scoring) -> PhraseScan {
        let slots = slots.into_iter().map(|terms| SlotScan { terms }).collect();
        let (starts, positions) = (Vec::new(), Vec::new());
        let mut scan = PhraseScan { slots, scoring, doc: 0, frequency: 0, starts, positions };
        scan.settle(0);
        scan
    }

    /// Goes to the first document at or after `target` that holds the phrase.
    fn settle(&mut self, target: DocId) -> DocId {
        let mut target = target;
        while target < TERMINATED {
            let far = self.slots.iter_mut().map(|slot| slot.seek(target)).max().unwrap_or(TERMINATED);
            if far > target {
                target = far;
                continue;
            }
            self.frequency = self.count(target);
            if self.frequency > 0 {
                break;
            }
            target += 1;
        }
        self.doc = target.min(TERMINATED);
        self.doc
    }

    /// How often a document that holds all the words holds the phrase.
    fn count(&mut self, doc: DocId) -> u32 {
        let Some((first, rest)) = self.slots.split_first_mut() else { return 0 };
        if rest.is_empty() {
            return first.frequency(doc);
        }
        first.positions(doc, &mut self.starts);
        for (offset, slot) in (1..).zip(rest) {
            slot.positions(doc, &mut self.positions);
            let mut later = self.positions.iter().peekable();
            self.starts.retain(|start| {
                while later.next_if(|position| **position < start + offset).is_some() {}
                later.peek().is_some_and(|position| **position == start + offset)
            });
            if self.starts.is_empty() {
                break;
            }
        }
        self.starts.len() as u32
    }
}

impl Scan for PhraseScan {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target { self.settle(target) } else { self.doc }
    }

    fn score(&mut self) -> Score {
        self.scoring.score(self.doc, self.frequency)
    }

    fn cost(&self) -> u32 {
        // Positions make a phrase dearer than its rarest word.
        self.slots.iter().map(SlotScan::cost).min().unwrap_or(0).saturating_mul(4)
    }
}

/// Documents that all of several scans accept.
pub(crate) struct AllScan<S> {
    /// Cheapest first; the first leads.
    scans: Vec<S>,
}

impl<S: Scan> AllScan<S> {
    pub(crate) fn new(mut scans: Vec<S>) -> AllScan<S> {
        scans.sort_by_key(Scan::cost);
        let mut all = AllScan { scans };
        let first = all.doc();
        all.settle(first);
        all
    }

    fn settle(&mut self, target: DocId) -> DocId {
        let Some((lead, rest)) = self.scans.split_first_mut() else { return TERMINATED };
        let mut target = if lead.doc() < target { lead.seek(target) } else { lead.doc() };
        'candidates: while target < TERMINATED {
            for scan in rest.iter_mut() {
                let found = scan.probe(target);
                if found > target {
                    target = lead.seek(found.min(TERMINATED));
                    continue 'candidates;
                }
            }
            break;
        }
        target
    }
}

impl<S: Scan> Scan for AllScan<S> {
    #[inline]
    fn doc(&self) -> DocId {
        self.scans.first().map_or(TERMINATED, Scan::doc)
    }

    #[inline]
    fn seek(&mut self, target: DocId) -> DocId {
        self.settle(target)
    }

    fn advance(&mut self) -> DocId {
        let next = self.scans.first_mut().map_or(TERMINATED, Scan::advance);
        self.settle(next)
    }

    fn score(&mut self) -> Score {
        self.scans.iter_mut().fold(0, |sum, scan| sum.saturating_add(scan.score()))
    }

    fn ceiling(&mut self) -> (Score, DocId) {
        ceiling_of(&mut self.scans)
    }

    fn cost(&self) -> u32 {
        self.scans.first().map_or(0, Scan::cost)
    }
}

/// The sum of the ceilings of scans that stand on the same document, up to where all of them hold.
fn ceiling_of<S: Scan>(scans: &mut [S]) -> (Score, DocId) {
    scans.iter_mut().fold((0, TERMINATED), |(sum, through), scan| {
        let (score, until) = scan.ceiling();
        (sum.saturating_add(score), through.min(until))
    })
}

/// Documents that at least one of several scans accepts.
pub(crate) struct AnyScan<S> {
    scans: Vec<S>,
    doc: DocId,
}

impl<S: Scan> AnyScan<S> {
    pub(crate) fn new(scans: Vec<S>) -> AnyScan<S> {
        let mut any = AnyScan { scans, doc: 0 };
        any.settle();
        any
    }

    fn settle(&mut self) -> DocId {
        self.doc = self.scans.iter().map(Scan::doc).min().unwrap_or(TERMINATED);
        self.doc
    }
}

impl<S: Scan> Scan for AnyScan<S> {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for scan in &mut self.scans {
            if scan.doc() < target {
                scan.seek(target);
            }
        }
        self.settle()
    }

    fn advance(&mut self) -> DocId {
        for scan in &mut self.scans {
            if scan.doc() == self.doc {
                scan.advance();
            }
        }
        self.settle()
    }

    fn score(&mut self) -> Score {
        let here = self.scans.iter_mut().filter(|scan| scan.doc() == self.doc);
        here.fold(0, |sum, scan| sum.saturating_add(scan.score()))
    }

    fn cost(&self) -> u32 {
        self.scans.iter().fold(0, |sum, scan| sum.saturating_add(scan.cost()))
    }
}

/// Documents that one scan accepts and another does not.
pub(crate) struct ExceptScan {
    base: Box<dyn Scan>,
    minus: Box<dyn Scan>,
}

impl ExceptScan {
    pub(crate) fn new(base: Box<dyn Scan>, minus: Box<dyn Scan>) -> ExceptScan {
        let mut except = ExceptScan { base, minus };
        except.settle();
        except
    }

    fn settle(&mut self) -> DocId {
        while self.base.doc() < TERMINATED && self.minus.probe(self.base.doc()) == self.base.doc() {
            self.base.advance();
        }
        self.base.doc()
    }
}

impl Scan for ExceptScan {
    fn doc(&self) -> DocId {
        self.base.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.base.seek(target);
        self.settle()
    }

    fn score(&mut self) -> Score {
        self.base.score()
    }

    fn ceiling(&mut self) -> (Score, DocId) {
        self.base.ceiling()
    }

    fn cost(&self) -> u32 {
        self.base.cost()
    }
}

/// Documents that pass a test, out of the first `end`. Scores nothing.
pub(crate) struct TestScan {
    test: Box<dyn Fn(DocId) -> bool>,
    end: DocId,
    doc: DocId,
}

impl TestScan {
    pub(crate) fn new(end: DocId, test: Box<dyn Fn(DocId) -> bool>) -> TestScan {
        let mut scan = TestScan { test, end, doc: 0 };
        scan.seek(0);
        scan
    }
}

impl Scan for TestScan {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.doc = (target..self.end).find(|doc| (self.test)(*doc)).unwrap_or(TERMINATED);
        self.doc
    }

    fn probe(&mut self, target: DocId) -> DocId {
        // Looking at one document is cheap, looking for the next that passes is not.
        if target >= self.end {
            self.doc = TERMINATED;
        } else {
            self.doc = if (self.test)(target) { target } else { target + 1 };
        }
        self.doc
    }

    fn score(&mut self) -> Score {
        0
    }

    fn ceiling(&mut self) -> (Score, DocId) {
        (0, TERMINATED)
    }

    fn cost(&self) -> u32 {
        // A test is best asked last, of what is left.
        u32::MAX
    }
}

/// These documents, ascending. Scores nothing.
pub(crate) struct ListScan {
    docs: Vec<DocId>,
    at: usize,
}

impl ListScan {
    pub(crate) fn new(docs: Vec<DocId>) -> ListScan {
        ListScan { docs, at: 0 }
    }
}

impl Scan for ListScan {
    fn doc(&self) -> DocId {
        self.docs.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.at += self.docs[self.at..].partition_point(|doc| *doc < target);
        self.doc()
    }

    fn score(&mut self) -> Score {
        0
    }

    fn ceiling(&mut self) -> (Score, DocId) {
        (0, TERMINATED)
    }

    fn cost(&self) -> u32 {
        self.docs.len() as u32
    }
}
