//! Matches as stretches of words: where a query stands in a paragraph, by position.
//!
//! A [`Tree`] of operators and, for one paragraph, the [`Places`] of its leaves enter; the [`Span`]s of its matches leave.
//! Places may come from postings or from tokens: nothing here knows either, nor words, nor languages. A [`Finder`] keeps
//! its buffers from one paragraph to the next, so that a search of a million paragraphs allocates for the first few.
//!
//! # What a match is
//!
//! A match is a choice of words; its span goes from the first to the last of them. Clarke, Cormack and Burkowski ("An
//! algebra for structured text search", 1995) keep only the spans that contain no other. That loses answers as soon as
//! operators nest: in *frozen assets and other assets of the bank* the shortest match of `frozen W/10 assets` ends at the
//! first *assets*, and nothing is left that stands within three words of *bank*. Here an operator drops a match only if
//! another begins at the same word and ends sooner, **and** another ends at the same word and begins later. So there are
//! at most two matches for each word of a paragraph, every word that has a partner is found with its nearest one, and
//! whatever begins or ends somewhere is still there for the operators outside. Of several choices with the same first and
//! last word the one whose words come first is kept. Alternatives (`OR`) drop nothing, so that `(a OR b) W/5 c` is the
//! same as `(a W/5 c) OR (b W/5 c)`.
//!
//! Two operands of an operator never share a word: `marvin W/5 marvin` needs two.
//!
//! ```
//! use nutgraf::interval::{Finder, Found, Places, Reach, Tree};
//!
//! // frozen assets and other assets of the bank
//! struct Text;
//! impl Places for Text {
//!     fn leaf(&mut self, leaf: usize, found: &mut Found) {
//!         let positions: &[u32] = match leaf {
//!             0 => &[0],
//!             1 => &[1, 4],
//!             _ => &[7],
//!         };
//!         positions.iter().for_each(|position| found.push(*position, *position));
//!     }
//!     fn sentences(&mut self, _: &mut Vec<u32>) {}
//! }
//!
//! let near = |left, right, words| Tree::near(left, right, Reach::Words(words));
//! let tree = near(near(Tree::Leaf(0), Tree::Leaf(1), 10), Tree::Leaf(2), 3);
//! let mut finder = Finder::default();
//! let spans: Vec<(u32, u32)> = finder.find(&tree, &mut Text).iter().map(|span| (span.first, span.last)).collect();
//! assert_eq!(spans, [(0, 7)]);
//! ```

#[cfg(test)]
pub(crate) mod brute;
mod find;
mod near;
mod of;
mod span;
mod window;

pub use find::Finder;
pub use span::{Found, Span};
pub use window::{MOST_SLOTS, window};

/// How far apart two matches may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// At most so many words apart; neighbours are 1 apart.
    Words(u32),
    /// In one sentence.
    Sentence,
    /// In one paragraph.
    Paragraph,
}

/// What is sought, by position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    /// What [`Places::leaf`] tells of this number.
    Leaf(usize),
    /// The matches of all of them.
    Any(Vec<Tree>),
    /// Two that stand near each other, or one that has no other near it.
    Near {
        /// One of the two; the one that matches, if the other must not stand near.
        left: Box<Tree>,
        /// The other.
        right: Box<Tree>,
        /// Whether `left` must end before `right` begins.
        ordered: bool,
        /// How near. Matches that are woven into each other are as near as can be.
        reach: Reach,
        /// Whether a match is one of `left` that has none of `right` so near.
        negated: bool,
    },
    /// So many matches, one after the other; of matches that contain each other the shortest count.
    AtLeast(u32, Box<Tree>),
    /// Matches of at least so many of these, which may share words; all that stand between the first and the last of
    /// them belong to it.
    Of(u32, Vec<Tree>),
    /// Matches that end within the first so many words.
    First(u32, Box<Tree>),
}

impl Tree {
    /// The two near each other, in either order.
    pub fn near(left: Tree, right: Tree, reach: Reach) -> Tree {
        Tree::Near { left: Box::new(left), right: Box::new(right), ordered: false, reach, negated: false }
    }

    /// Whether it must be known where sentences begin.
    pub fn asks_for_sentences(&self) -> bool {
        match self {
            Tree::Leaf(_) => false,
            Tree::Any(trees) | Tree::Of(_, trees) => trees.iter().any(Tree::asks_for_sentences),
            Tree::Near { left, right, reach, .. } => {
                *reach == Reach::Sentence || left.asks_for_sentences() || right.asks_for_sentences()
            }
            Tree::AtLeast(_, tree) | Tree::First(_, tree) => tree.asks_for_sentences(),
        }
    }
}

/// Where the leaves of a tree stand in one paragraph.
pub trait Places {
    /// Adds the matches of a leaf, each once, in any order.
    fn leaf(&mut self, leaf: usize, found: &mut Found);

    /// Adds the position of the first word of each sentence but the first, ascending.
    fn sentences(&mut self, starts: &mut Vec<u32>);
}
