//! AND and OR side by side: the error that shows both readings.
//!
//! The operands of one level and what joins them enter; an error leaves whose readings are the asker's own words, and
//! were parsed before they are offered.

use std::ops::Range;

use crate::error::QueryError;

use super::lexer::one_line;
use super::{Join, Node, parse};

/// What joins two operands.
#[derive(Debug)]
pub(super) struct Link<'t> {
    /// AND or OR.
    pub(super) join: Join,
    /// The operator as it was written; empty between words side by side.
    pub(super) text: &'t str,
    /// The place of the operator, or of the operand that follows.
    pub(super) place: Range<usize>,
}

/// The longest level whose readings are written out, in bytes; the two readings together are twice that.
const LONGEST: usize = 200;

/// The error of a level that mixes them. `shell` is the text from the beginning of the group up to its `(`, if it is in
/// parentheses; `side_by_side` is what joins bare words.
pub(super) fn error(
    text: &str,
    operands: &[Node],
    links: &[Link],
    shell: Option<Range<usize>>,
    side_by_side: Join,
) -> QueryError {
    // Words side by side have no operator to point at; the other kind has one, or a NOT beside it.
    let at = links.iter().position(|link| link.join != side_by_side).unwrap_or(0);
    let error = QueryError::at(text, links[at].place.clone(), "AND and OR are mixed without parentheses");

    let level = Level { text, operands, links, shell };
    let readings = [Join::All, Join::Any].map(|tight| level.reading(tight));
    let short = operands.last().map_or(0, |last| last.span.end) - operands[0].span.start <= LONGEST;
    let mut cure = if short && readings.iter().all(|reading| parse(reading, side_by_side).is_ok()) {
        format!("write {}, or {}", readings[0], readings[1])
    } else {
        "put parentheses around what belongs together, as in frozen (assets OR reserves)".to_owned()
    };
    // Pasted sentences are full of them.
    if let Some(link) = links.iter().find(|link| matches!(link.text, "and" | "or")) {
        cure.push_str(&format!("; the word itself is written \"{}\"", link.text));
    }
    error.cure(cure)
}

struct Level<'a> {
    text: &'a str,
    operands: &'a [Node],
    links: &'a [Link<'a>],
    shell: Option<Range<usize>>,
}

impl Level<'_> {
    /// The level with parentheses around each run that `tight` joins.
    fn reading(&self, tight: Join) -> String {
        let joins = |place: usize| self.links.get(place).is_some_and(|link| link.join == tight);
        let mut reading = String::new();
        if let Some(shell) = &self.shell {
            reading.push_str(&self.text[shell.clone()]);
        }
        for (place, operand) in self.operands.iter().enumerate() {
            let inside = place > 0 && joins(place - 1);
            if !inside && joins(place) {
                reading.push('(');
            }
            reading.push_str(&one_line(&self.text[operand.span.clone()]));
            if inside && !joins(place) {
                reading.push(')');
            }
            if let Some(link) = self.links.get(place) {
                reading.push(' ');
                reading.push_str(link.text);
                if !link.text.is_empty() {
                    reading.push(' ');
                }
            }
        }
        if self.shell.is_some() {
            reading.push(')');
        }
        reading
    }
}
