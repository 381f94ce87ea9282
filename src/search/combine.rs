//! Scans made of other scans, of a test, or of a list: conjunction, alternatives, exclusion and filters.

use tantivy::{DocId, TERMINATED};

use super::documents::Window;
use super::scan::{Scan, Score};

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

    fn ceiling(&mut self) -> (Score, DocId) {
        // Before its next document a scan adds nothing.
        let next = self.scans.iter().map(Scan::doc).filter(|doc| *doc > self.doc).min().unwrap_or(TERMINATED);
        let here = self.scans.iter_mut().filter(|scan| scan.doc() == self.doc);
        here.fold((0, next.saturating_sub(1)), |(sum, through), scan| {
            let (score, until) = scan.ceiling();
            (sum.saturating_add(score), through.min(until))
        })
    }

    fn mark(&mut self, end: DocId, window: &mut Window) -> DocId {
        for scan in &mut self.scans {
            scan.mark(end, window);
        }
        self.settle()
    }

    fn cost(&self) -> u32 {
        self.scans.iter().fold(0, |sum, scan| sum.saturating_add(scan.cost()))
    }
}

/// Documents that at least so many of several scans accept.
pub(crate) struct OfScan {
    scans: Vec<Box<dyn Scan>>,
    count: usize,
    doc: DocId,
    docs: Vec<DocId>,
}

impl OfScan {
    pub(crate) fn new(scans: Vec<Box<dyn Scan>>, count: usize) -> OfScan {
        let mut of = OfScan { scans, count, doc: 0, docs: Vec::new() };
        of.settle(0);
        of
    }

    fn settle(&mut self, target: DocId) -> DocId {
        let mut target = target;
        loop {
            self.docs.clear();
            for scan in &mut self.scans {
                self.docs.push(if scan.doc() < target { scan.seek(target) } else { scan.doc() });
            }
            self.docs.sort_unstable();
            // Fewer than `count` scans accept a document before this one.
            let next = self.docs.get(self.count.saturating_sub(1)).copied().unwrap_or(TERMINATED);
            if next == target || next >= TERMINATED {
                self.doc = next.min(TERMINATED);
                return self.doc;
            }
            target = next;
        }
    }
}

impl Scan for OfScan {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target { self.settle(target) } else { self.doc }
    }

    fn score(&mut self) -> Score {
        let here = self.scans.iter_mut().filter(|scan| scan.doc() == self.doc);
        here.fold(0, |sum, scan| sum.saturating_add(scan.score()))
    }

    fn cost(&self) -> u32 {
        self.scans.iter().fold(0, |sum, scan| sum.saturating_add(scan.cost()))
    }
}

/// Documents that one scan accepts, which score by what another finds in them as well.
pub(crate) struct AlsoScan {
    base: Box<dyn Scan>,
    also: Box<dyn Scan>,
}

impl AlsoScan {
    pub(crate) fn new(base: Box<dyn Scan>, also: Box<dyn Scan>) -> AlsoScan {
        AlsoScan { base, also }
    }
}

impl Scan for AlsoScan {
    fn doc(&self) -> DocId {
        self.base.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.base.seek(target)
    }

    fn advance(&mut self) -> DocId {
        self.base.advance()
    }

    fn score(&mut self) -> Score {
        let doc = self.base.doc();
        let more = if self.also.probe(doc) == doc { self.also.score() } else { 0 };
        self.base.score().saturating_add(more)
    }

    fn cost(&self) -> u32 {
        self.base.cost()
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
