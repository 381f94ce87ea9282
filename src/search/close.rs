//! What raises a paragraph beyond its words: words that stand close together, words in the headline, words elsewhere in the
//! article.
//!
//! Worked out only for paragraphs that may be among the best, by postings of their own that follow behind the scan.

use std::sync::Arc;

use tantivy::DocId;

use super::documents::Window;
use super::scan::{Scan, Score, UNIT, nearest};
use super::spans::PostingPlaces;
use crate::index::Table;
use crate::interval::{Found, Places};

/// How much the closeness of words counts.
const CLOSENESS: f32 = 0.3;
/// How much of its weight a word counts that stands in the headline.
const HEADLINE: f32 = 0.1;
/// How much of its weight a word counts that stands anywhere in the article.
const ARTICLE: f32 = 0.15;
/// As in BM25.
const K1: f32 = 1.2;

/// What lies around a paragraph's words and matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Around {
    /// The paragraph, in which all of them stand: how close together they are.
    Paragraph,
    /// The article: whether it has those that the paragraph lacks.
    Article,
    /// Nothing, since there is but one.
    Nothing,
}

/// What raises the paragraphs of a segment.
pub(crate) struct Close {
    around: Around,
    /// Where the words stand.
    places: PostingPlaces,
    /// How rare each word is.
    rarities: Vec<f32>,
    table: Arc<Table>,
    /// The first document of the segment.
    base: u32,
    /// The last article looked at, and what it gave.
    last: (u32, f32),
    found: Found,
    /// Where each word stands: first and last position, and its number.
    stands: Vec<(u32, u32, usize)>,
    sums: Vec<f32>,
}

impl Close {
    /// The places have the words as their leaves, whose rarities are these.
    pub(crate) fn new(
        around: Around,
        places: PostingPlaces,
        rarities: Vec<f32>,
        table: Arc<Table>,
        base: u32,
    ) -> Close {
        let sums = vec![0.0; rarities.len()];
        let (found, stands) = (Found::default(), Vec::new());
        Close { around, places, rarities, table, base, last: (u32::MAX, 0.0), found, stands, sums }
    }

    /// More than any paragraph is raised by.
    fn most(&self) -> Score {
        let all: f32 = self.rarities.iter().sum();
        let around = match self.around {
            Around::Paragraph => {
                CLOSENESS * (1.0 + K1) * self.rarities.iter().map(|rarity| rarity.min(1.0)).sum::<f32>()
            }
            Around::Article => ARTICLE * all,
            Around::Nothing => 0.0,
        };
        // Sums of the same numbers in another order may round up a little.
        ((around + HEADLINE * all) * 1.0001 * UNIT) as Score + 1
    }

    fn of(&mut self, doc: DocId) -> Score {
        // The headline stands before the paragraph, and places are only left behind.
        let in_article = self.in_article(doc);
        nearest((self.closeness(doc) + in_article) * UNIT)
    }

    /// The closeness of words as Büttcher, Clarke and Lushman (2006) have it: each two that follow each other in the text
    /// add to both, the less the farther apart, and the sum of each is saturated as in BM25. Lengths are left to BM25.
    fn closeness(&mut self, doc: DocId) -> f32 {
        if self.around != Around::Paragraph {
            return 0.0;
        }
        let places = &mut self.places;
        places.go_to(doc);
        self.stands.clear();
        for leaf in 0..self.rarities.len() {
            self.found.clear();
            places.leaf(leaf, &mut self.found);
            self.stands.extend(self.found.iter().map(|span| (span.first, span.last, leaf)));
        }
        self.stands.sort_unstable();
        self.sums.fill(0.0);
        for pair in self.stands.windows(2) {
            let ((_, last, one), (first, _, other)) = (pair[0], pair[1]);
            if one != other {
                let distance = first.saturating_sub(last).max(1) as f32;
                self.sums[one] += self.rarities[other] / (distance * distance);
                self.sums[other] += self.rarities[one] / (distance * distance);
            }
        }
        let saturated = |(sum, rarity): (&f32, &f32)| rarity.min(1.0) * sum * (1.0 + K1) / (sum + K1);
        CLOSENESS * self.sums.iter().zip(&self.rarities).map(saturated).sum::<f32>()
    }

    /// What the words in the headline and in the rest of a paragraph's article are worth.
    fn in_article(&mut self, doc: DocId) -> f32 {
        let article = self.table.article(self.base + doc);
        if self.last.0 == article {
            return self.last.1;
        }
        let documents = self.table.paragraphs(article);
        let documents = documents.start - self.base..documents.end - self.base;
        let headline = self.table.has_headline(article);
        self.places.go_to(documents.start);
        let mut worth = 0.0;
        for (leaf, rarity) in self.rarities.iter().enumerate() {
            if headline && self.places.stands_here(leaf, &mut self.found) {
                worth += HEADLINE * rarity;
            }
            if self.around == Around::Article && self.places.stand_in(leaf, &documents) {
                worth += ARTICLE * rarity;
            }
        }
        self.last = (article, worth);
        worth
    }
}

/// A scan whose documents are raised.
pub(crate) struct CloseScan<S> {
    scan: S,
    close: Close,
    most: Score,
}

impl<S: Scan> CloseScan<S> {
    pub(crate) fn new(scan: S, close: Close) -> CloseScan<S> {
        let most = close.most();
        CloseScan { scan, close, most }
    }
}

impl<S: Scan> Scan for CloseScan<S> {
    #[inline]
    fn doc(&self) -> DocId {
        self.scan.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.scan.seek(target)
    }

    #[inline]
    fn advance(&mut self) -> DocId {
        self.scan.advance()
    }

    fn probe(&mut self, target: DocId) -> DocId {
        self.scan.probe(target)
    }

    fn score(&mut self) -> Score {
        self.scan.score()
    }

    fn raise(&mut self) -> Score {
        self.close.of(self.scan.doc())
    }

    fn most_raise(&self) -> Score {
        self.most
    }

    fn ceiling(&mut self) -> (Score, DocId) {
        self.scan.ceiling()
    }

    fn mark(&mut self, end: DocId, window: &mut Window) -> DocId {
        self.scan.mark(end, window)
    }

    fn mark_below(&mut self, floor: Score, end: DocId, window: &mut Window) -> DocId {
        self.scan.mark_below(floor, end, window)
    }

    fn cost(&self) -> u32 {
        self.scan.cost()
    }
}
