//! The boolean clauses of Lucene: what is required, what is prohibited and what is optional.
//!
//! Clauses enter in the order they were written; a tree leaves. AND and OR have no precedence in the classic parser: AND
//! makes the clauses on both sides of it required, OR says nothing (`QueryParserBase.addClause` of Lucene 9, with OR as the
//! default operator).

use std::ops::Range;

use crate::error::QueryError;

use super::super::super::lexer::one_line;
use super::super::super::tree::Node;
use super::super::super::{boolean, shown};

/// What must become of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occur {
    Optional,
    Required,
    Prohibited,
}

/// What stands between a clause and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conjunction {
    None,
    And,
    Or,
}

/// A clause.
#[derive(Debug)]
pub(super) struct Clause {
    node: Node,
    occur: Occur,
    conjunction: Conjunction,
    /// Whether a sign or NOT stands before it.
    signed: bool,
    /// Its place, with the sign.
    span: Range<usize>,
}

/// Adds a clause as the classic parser does. `sign` is what stands before it.
pub(super) fn add(
    clauses: &mut Vec<Clause>,
    conjunction: Conjunction,
    sign: Option<Occur>,
    node: Node,
    span: Range<usize>,
) {
    if conjunction == Conjunction::And
        && let Some(before) = clauses.last_mut()
        && before.occur != Occur::Prohibited
    {
        before.occur = Occur::Required;
    }
    let occur = match sign {
        Some(occur) => occur,
        None if conjunction == Conjunction::And => Occur::Required,
        None => Occur::Optional,
    };
    clauses.push(Clause { node, occur, conjunction, signed: sign.is_some(), span });
}

/// The tree of one level of clauses. `group` is the place of the parentheses around them, if they are in some.
pub(super) fn resolve(text: &str, clauses: Vec<Clause>, group: Option<Range<usize>>) -> Result<Node, QueryError> {
    let required = clauses.iter().find(|clause| clause.occur == Occur::Required);
    let optional = clauses.iter().find(|clause| clause.occur == Occur::Optional);
    if required.is_none() && optional.is_none() {
        let all = clauses.first().zip(clauses.last()).map_or(0..0, |(first, last)| first.span.start..last.span.end);
        let place = group.unwrap_or(all);
        return Err(QueryError::at(text, place, "NOT alone finds nothing in Lucene")
            .cure("write what to look for beside it, as in +assets -frozen"));
    }
    if let (Some(required), Some(optional)) = (required, optional) {
        return Err(ranking_alone(text, &clauses, required, optional));
    }
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    let any = optional.is_some();
    for Clause { node, occur, span, .. } in clauses {
        match occur {
            Occur::Prohibited => left_out.push(boolean::not(node, span)),
            Occur::Required | Occur::Optional => found.push(node),
        }
    }
    // A group that is one clause gives its own parts: the order of what is found and left out is of no account.
    let joined = if any { boolean::any(found) } else { boolean::all(found) };
    let parts = joined.into_iter().chain(left_out).collect();
    boolean::all(parts).ok_or_else(|| QueryError::at(text, 0..0, "the question is empty"))
}

/// `a AND b OR c`: what is optional beside what is required.
fn ranking_alone(text: &str, clauses: &[Clause], required: &Clause, optional: &Clause) -> QueryError {
    let written = |clause: &Clause| one_line(&text[clause.span.clone()]);
    let (needed, free) = (shown(&written(required)), shown(&written(optional)));
    let message = format!("{free} is optional beside {needed}, which is required: it changes the ranking alone");
    let error = QueryError::at(text, optional.span.clone(), message);
    let all = clauses.first().zip(clauses.last()).map_or(0, |(first, last)| last.span.end - first.span.start);
    let plain = clauses.iter().all(|clause| !clause.signed);
    let joined = clauses.iter().skip(1).all(|clause| clause.conjunction != Conjunction::None);
    if plain && joined && all <= LONGEST {
        let [tight_and, tight_or] = [Conjunction::And, Conjunction::Or].map(|tight| reading(text, clauses, tight));
        return error.cure(format!("write {tight_and}, or {tight_or}"));
    }
    if plain {
        return error
            .cure(format!("leave it out, or write AND or OR and parentheses, as in {needed} AND ({free} OR assets)"));
    }
    error.cure(format!("leave it out, or write +{free} to ask for it too"))
}

/// The longest level whose readings are written out, in bytes.
const LONGEST: usize = 200;

/// The level with parentheses around each run that `tight` joins.
fn reading(text: &str, clauses: &[Clause], tight: Conjunction) -> String {
    let joins = |place: usize| clauses.get(place).is_some_and(|clause| clause.conjunction == tight);
    let mut reading = String::new();
    for (place, clause) in clauses.iter().enumerate() {
        match clause.conjunction {
            Conjunction::And => reading.push_str(" AND "),
            Conjunction::Or => reading.push_str(" OR "),
            Conjunction::None => {}
        }
        let inside = place > 0 && joins(place);
        if !inside && joins(place + 1) {
            reading.push('(');
        }
        reading.push_str(&one_line(&text[clause.span.clone()]));
        if inside && !joins(place + 1) {
            reading.push(')');
        }
    }
    reading
}
