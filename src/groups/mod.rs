//! Paragraphs to groups of copies.
//!
//! In comes the text of a paragraph, out come its normal form, the fingerprint of that, and a signature; from all
//! signatures come the edges between versions that are near each other, and from the edges the groups. What a group is
//! depends on the set of paragraphs alone: never on the order in which they came, nor on threads. Nothing here knows an
//! index or a file.
//!
//! - Paragraphs whose normal forms are equal are copies, of any length.
//! - A *version* is a normal form that is long enough for near copies. Two versions are near when they stand within reach of
//!   each other in a bucket (the versions that share a band of their signatures), their signatures agree well enough,
//!   their sets of sequences of five characters overlap by the bar (by more where they have few words), and, where both
//!   have figures, they share figures.
//! - A group is a connected component of that, tightened.
//!
//! ```
//! use nutgraf::groups::{Normal, similarity};
//!
//! let wire = Normal::of("MOSCOW, May 28 (Sample Wire) - The bank froze the assets.");
//! assert_eq!(wire.text(), "the bank froze the assets");
//! assert_eq!(wire.fingerprint(), Normal::of("The bank “froze” the assets!").fingerprint());
//! assert!(similarity("The bank froze the assets.", "The banks froze the assets.") > 0.6);
//! ```

mod change;
mod components;
mod dateline;
mod edges;
mod grams;
mod near;
mod normal;
mod signature;
mod versions;

#[cfg(test)]
mod tests;

pub use change::{Before, changed_edges};
pub use components::groups;
pub use edges::{Edge, MOST_SUPPORT, edges};
pub use near::{Near, NoNear};
pub use normal::Normal;
pub use signature::{Signature, Sketcher};
pub use versions::{ENTRY, PRINT, Run, Texts, Versions};

/// How alike two texts are: the Jaccard similarity of the sequences of five characters in their normal forms, 0 to 1.
pub fn similarity(one: &str, other: &str) -> f64 {
    let mut comparison = grams::Comparison::default();
    comparison.with(Normal::of(one).text());
    f64::from(comparison.similarity(Normal::of(other).text())) / 10_000.0
}

/// So many articles make a short text that they all have boilerplate,
const BOILERPLATE_ARTICLES: usize = 50;
/// if it is that of so many dates.
const BOILERPLATE_DATES: usize = 20;
/// So many words are not short any more.
const BOILERPLATE_WORDS: u64 = 8;

/// Whether a paragraph of so many words, the same in so many articles of so many different dates, is boilerplate, such as
/// "Read more", and not a group of copies.
pub fn is_boilerplate(words: u64, articles: usize, dates: usize) -> bool {
    words < BOILERPLATE_WORDS && articles >= BOILERPLATE_ARTICLES && dates >= BOILERPLATE_DATES
}
