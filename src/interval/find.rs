//! From the places of the leaves to the matches of a tree.

use super::span::{self, Found, Span};
use super::{Places, Tree, near, of};

/// Finds the matches of trees, paragraph by paragraph, and keeps its buffers.
#[derive(Debug, Default)]
pub struct Finder {
    pub(super) found: Found,
    /// Lists of spans that no operator holds just now.
    free: Vec<Vec<Span>>,
    pub(super) pairs: Vec<near::Pair>,
    pub(super) thinning: near::Buffers,
    pub(super) ends: Vec<(u32, u32)>,
    pub(super) choosing: of::Choosing,
    pub(super) marked: Vec<bool>,
    /// Lists of numbers that no operator holds just now.
    free_bounds: Vec<Vec<usize>>,
    pub(super) sentences: Sentences,
}

/// Where the sentences of the current paragraph begin; asked for once an operator needs it.
#[derive(Debug, Default)]
pub(super) struct Sentences {
    starts: Vec<u32>,
    known: bool,
}

impl Sentences {
    /// Whether the words from one position to another stand in one sentence.
    pub(super) fn hold(&self, first: u32, last: u32) -> bool {
        let next = self.starts.partition_point(|start| *start <= first);
        self.starts.get(next).is_none_or(|start| last < *start)
    }
}

impl Finder {
    /// The matches of a tree in the paragraph that `places` tells of.
    pub fn find<P: Places + ?Sized>(&mut self, tree: &Tree, places: &mut P) -> &Found {
        self.found.clear();
        self.sentences.known = false;
        let spans = self.spans(tree, places);
        let emptied = std::mem::replace(&mut self.found.spans, spans);
        self.give_back(emptied);
        &self.found
    }

    /// The matches that were found last.
    pub fn found(&self) -> &Found {
        &self.found
    }

    pub(super) fn give_back(&mut self, spans: Vec<Span>) {
        self.free.push(spans);
    }

    /// An empty list of spans.
    pub(super) fn take(&mut self) -> Vec<Span> {
        let mut spans = self.free.pop().unwrap_or_default();
        spans.clear();
        spans
    }

    /// The spans of a tree, sorted, each stretch once.
    fn spans<P: Places + ?Sized>(&mut self, tree: &Tree, places: &mut P) -> Vec<Span> {
        match tree {
            Tree::Leaf(leaf) => {
                // The leaf fills a list of its own, with the one list of words.
                let fresh = self.take();
                let waiting = std::mem::replace(&mut self.found.spans, fresh);
                places.leaf(*leaf, &mut self.found);
                let mut spans = std::mem::replace(&mut self.found.spans, waiting);
                span::sort(&self.found.words, &mut spans);
                spans
            }
            Tree::Any(trees) => {
                let mut all = self.take();
                for tree in trees {
                    let spans = self.spans(tree, places);
                    all.extend_from_slice(&spans);
                    self.give_back(spans);
                }
                span::sort(&self.found.words, &mut all);
                all
            }
            Tree::Near { left, right, ordered, reach, negated } => {
                let mut left = self.spans(left, places);
                if left.is_empty() {
                    return left;
                }
                let right = self.spans(right, places);
                if *reach == super::Reach::Sentence && !self.sentences.known {
                    self.sentences.starts.clear();
                    places.sentences(&mut self.sentences.starts);
                    self.sentences.known = true;
                }
                if *negated {
                    let Finder { found, sentences, .. } = self;
                    let near = near::Near { words: &found.words, sentences, ordered: *ordered, reach: *reach };
                    left.retain(|span| !near.any(span, &right));
                } else if right.is_empty() {
                    left.clear();
                } else {
                    let mut both = self.take();
                    near::pairs(self, &left, &right, *ordered, *reach, &mut both);
                    std::mem::swap(&mut left, &mut both);
                    self.give_back(both);
                }
                self.give_back(right);
                left
            }
            Tree::AtLeast(count, tree) => {
                let spans = self.spans(tree, places);
                let mut runs = self.take();
                of::runs(self, &spans, *count as usize, &mut runs);
                self.give_back(spans);
                runs
            }
            Tree::Of(count, trees) => {
                let mut spans = self.take();
                let mut bounds = self.free_bounds.pop().unwrap_or_default();
                bounds.clear();
                for tree in trees {
                    let list = self.spans(tree, places);
                    spans.extend_from_slice(&list);
                    bounds.push(spans.len());
                    self.give_back(list);
                }
                let mut chosen = self.take();
                of::choices(self, &spans, &bounds, *count as usize, &mut chosen);
                self.give_back(spans);
                self.free_bounds.push(bounds);
                chosen
            }
            Tree::First(count, tree) => {
                let mut spans = self.spans(tree, places);
                spans.retain(|span| span.last < *count);
                spans
            }
        }
    }
}
