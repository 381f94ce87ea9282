//! Scans: the documents of one segment that a part of a question accepts, in order, with their scores.
//!
//! Scores are whole numbers of 1/4096. Their sums are exact, so that a paragraph has the same score whatever the order in
//! which its words were added up, however the index is cut into segments.

use tantivy::DocId;
use tantivy::TERMINATED;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::Bm25Weight;

use super::documents::Window;
use super::spans::{SlotScan, phrase};

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

    /// The score of the current document, for its words alone.
    fn score(&mut self) -> Score;

    /// By how much the current document is raised beyond its score.
    fn raise(&mut self) -> Score {
        0
    }

    /// More than which no document is raised.
    fn most_raise(&self) -> Score {
        0
    }

    /// A score that no document from the current one up to the returned one exceeds.
    fn ceiling(&mut self) -> (Score, DocId) {
        (Score::MAX, self.doc())
    }

    /// Marks the documents before `end`, from the current one on, and goes to the first after them.
    fn mark(&mut self, end: DocId, window: &mut Window) -> DocId {
        while self.doc() < end {
            window.mark(self.doc());
            self.advance();
        }
        self.doc()
    }

    /// Marks the documents before `end`, from the current one on, as long as none can have a score of `floor`, and goes to
    /// the first after them.
    fn mark_below(&mut self, floor: Score, end: DocId, window: &mut Window) -> DocId {
        while self.doc() < end {
            let (ceiling, through) = self.ceiling();
            if ceiling >= floor {
                break;
            }
            self.mark(end.min(through.saturating_add(1)), window);
        }
        self.doc()
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

    fn raise(&mut self) -> Score {
        (**self).raise()
    }

    fn most_raise(&self) -> Score {
        (**self).most_raise()
    }

    fn ceiling(&mut self) -> (Score, DocId) {
        (**self).ceiling()
    }

    fn mark(&mut self, end: DocId, window: &mut Window) -> DocId {
        (**self).mark(end, window)
    }

    fn mark_below(&mut self, floor: Score, end: DocId, window: &mut Window) -> DocId {
        (**self).mark_below(floor, end, window)
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
    /// Whether tantivy kept the best scores of blocks with the lengths of paragraphs: it did for stems, whose field has
    /// lengths, and not for forms.
    pub(crate) has_ceilings: bool,
}

impl Scoring {
    fn score(&self, doc: DocId, frequency: u32) -> Score {
        self.score_of(self.lengths.fieldnorm_id(doc), frequency)
    }

    /// The score of a paragraph whose length is this step of tantivy's.
    fn score_of(&self, step: u8, frequency: u32) -> Score {
        nearest(self.weight.score(step, frequency) * UNIT)
    }

    fn ceiling_of(&self, best: f32) -> Score {
        // One more than rounded up is never less.
        ((best * self.slack * UNIT) as Score).saturating_add(2)
    }
}

/// The nearest whole number to one that is not negative; from the middle the one above. What `f32::round` says, without
/// the call of a library that it is on processors without an instruction for it.
pub(crate) fn nearest(number: f32) -> Score {
    let whole = number as Score;
    whole.saturating_add(Score::from(number - whole as f32 >= 0.5))
}

/// How long a paragraph may be for a score.
///
/// A score falls with the length. tantivy keeps lengths as one of 256 steps, so that those which reach a score are found
/// once for each frequency, and no score is worked out of a paragraph that is too long.
#[derive(Debug, Default, Clone)]
struct Reach {
    floor: Score,
    /// For the frequencies from 1 on, how many of the steps reach the floor.
    steps: [u16; 4],
}

impl Reach {
    fn of(scoring: &Scoring, floor: Score) -> Reach {
        let mut steps = [0; 4];
        for (steps, frequency) in steps.iter_mut().zip(1..) {
            let mut high = 256;
            while *steps < high {
                let middle = u16::midpoint(*steps, high);
                if scoring.score_of(middle as u8, frequency) >= floor { *steps = middle + 1 } else { high = middle }
            }
        }
        Reach { floor, steps }
    }

    /// Whether a paragraph that holds a term so often may reach the floor. With higher frequencies, which are rare, it
    /// always may.
    #[inline]
    fn may_hold(&self, step: u8, frequency: u32) -> bool {
        self.steps.get(frequency.wrapping_sub(1) as usize).is_none_or(|steps| u16::from(step) < *steps)
    }
}

/// The documents that hold a term.
pub(crate) struct TermScan {
    postings: BlockSegmentPostings,
    /// The place in the current block.
    at: usize,
    /// None for a filter, which scores nothing.
    scoring: Option<Scoring>,
    reach: Reach,
}

/// How many documents a block of postings holds.
const BLOCK: usize = 128;

impl TermScan {
    pub(crate) fn new(postings: BlockSegmentPostings, scoring: Option<Scoring>) -> TermScan {
        TermScan { postings, at: 0, scoring, reach: Reach::default() }
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
        if self.doc() == TERMINATED {
            return (0, TERMINATED);
        }
        let through = self.postings.docs().last().copied().unwrap_or(TERMINATED);
        let Some(scoring) = &self.scoring else { return (0, through) };
        if !scoring.has_ceilings {
            return (Score::MAX, through);
        }
        let best = self.postings.block_max_score(&scoring.lengths, &scoring.weight);
        (scoring.ceiling_of(best), through)
    }

    fn mark(&mut self, end: DocId, window: &mut Window) -> DocId {
        while self.doc() < end {
            let docs = self.postings.docs().get(self.at..).unwrap_or_default();
            let before = docs.partition_point(|doc| *doc < end);
            docs[..before].iter().for_each(|doc| window.mark(*doc));
            self.at += before;
            if before == docs.len() {
                self.postings.advance();
                self.at = 0;
            }
        }
        self.doc()
    }

    fn mark_below(&mut self, floor: Score, end: DocId, window: &mut Window) -> DocId {
        while self.doc() < end {
            let (ceiling, through) = self.ceiling();
            let end_here = end.min(through.saturating_add(1));
            if ceiling < floor {
                self.mark(end_here, window);
                continue;
            }
            let Some(scoring) = &self.scoring else { break };
            // Few documents are sooner scored than their lengths compared.
            if self.postings.doc_freq() <= BLOCK as u32 {
                break;
            }
            if self.reach.floor != floor {
                self.reach = Reach::of(scoring, floor);
            }
            let (docs, frequencies) = (self.postings.docs(), self.postings.freqs());
            let rest = docs.iter().zip(frequencies).skip(self.at).take_while(|(doc, _)| **doc < end_here);
            for (doc, frequency) in rest {
                if self.reach.may_hold(scoring.lengths.fieldnorm_id(*doc), *frequency) {
                    return *doc;
                }
                window.mark(*doc);
                self.at += 1;
            }
            if self.at == BLOCK {
                self.postings.advance();
                self.at = 0;
            }
        }
        self.doc()
    }

    fn cost(&self) -> u32 {
        self.postings.doc_freq()
    }
}

/// Documents that hold words next to each other; each word may be any of several terms.
pub(crate) struct PhraseScan {
    slots: Vec<SlotScan>,
    /// The numbers of the slots, in order.
    pattern: Vec<usize>,
    scoring: Scoring,
    doc: DocId,
    /// How often the current document holds the phrase.
    frequency: u32,
    starts: Vec<u32>,
    positions: Vec<u32>,
}

impl PhraseScan {
    /// One slot for each word of the phrase, in order; one slot is a word.
    pub(crate) fn new(slots: Vec<SlotScan>, scoring: Scoring) -> PhraseScan {
        let (starts, positions) = (Vec::new(), Vec::new());
        let pattern = (0..slots.len()).collect();
        let mut scan = PhraseScan { slots, pattern, scoring, doc: 0, frequency: 0, starts, positions };
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
            self.frequency = self.count();
            if self.frequency > 0 {
                break;
            }
            target += 1;
        }
        self.doc = target.min(TERMINATED);
        self.doc
    }

    /// How often a document that holds all the words holds the phrase.
    fn count(&mut self) -> u32 {
        if let [only] = &mut self.slots[..] {
            return only.frequency(&mut self.positions);
        }
        phrase(&mut self.slots, &self.pattern, &mut self.starts, &mut self.positions);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::nearest;

    proptest! {
        #[test]
        fn nearest_is_what_round_says(number in prop_oneof![0.0_f32..4.0, 0.0_f32..3e9]) {
            prop_assert_eq!(nearest(number), number.round() as u32);
        }
    }

    #[test]
    fn from_the_middle_it_is_the_one_above() {
        for number in [0.0, 0.49999997, 0.5, 1.5, 8388607.5, 16777216.0, f32::MAX] {
            assert_eq!(nearest(number), number.round() as u32, "{number}");
        }
    }
}
