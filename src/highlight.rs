//! Which bytes of a text to mark: the words that made a match, and nothing else.

use std::ops::Range;

use crate::meaning::{Clause, Facts, Matcher};
use crate::text::Analysis;

/// The byte ranges of the words that made a clause accept a paragraph, ascending and disjoint, one for each word; none
/// if it does not accept it.
pub fn highlights(clause: &Clause, tokens: &Analysis<'_>, facts: &Facts<'_>) -> Vec<Range<usize>> {
    let marks = Matcher::default().matches(clause, tokens, facts).unwrap_or_default();
    marks.into_iter().map(|position| tokens.tokens()[position as usize].range()).collect()
}
