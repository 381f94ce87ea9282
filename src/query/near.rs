//! `W/5` and its relatives: words that stand near each other.

use std::ops::Range;

use crate::error::QueryError;

use super::lexer::{Token, one_line};
use super::parser::{Parser, Scope};
use super::tree::{FARTHEST, Kind, Near, Node, Reach};
use super::{Join, number, parse, shown};

/// An operator of nearness as it was written, and how many tokens it takes.
struct Operator {
    ordered: bool,
    negated: bool,
    /// What stands behind the slash.
    rest: String,
    tokens: usize,
}

/// The names of the operators; whether the left side comes first.
const NAMES: [(&str, bool); 4] = [("W", false), ("NEAR", false), ("PRE", true), ("ADJ", true)];

/// Splits `W/5` into whether the left side comes first, and what stands behind the slash: a number, even none, S or P.
fn split(raw: &str) -> Option<(bool, &str)> {
    let (name, rest) = raw.split_once('/')?;
    let (_, ordered) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    let fits = rest.bytes().all(|b| b.is_ascii_digit()) || ["s", "p"].iter().any(|it| it.eq_ignore_ascii_case(rest));
    fits.then_some((*ordered, rest))
}

/// Whether a word is such an operator.
pub(super) fn is_operator(raw: &str) -> bool {
    split(raw).is_some()
}

impl Parser<'_> {
    /// An operand, or two with an operator of nearness between them.
    pub(super) fn near(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let first = self.next;
        let left = self.atom(scope)?;
        let left = self.with_span(left, first);
        let Some(operator) = self.near_operator() else { return Ok(left) };
        let place = self.place(self.next, operator.tokens);
        if let Scope::Values(valued) = scope {
            let message = format!("the values of {}: stand in no place of the text", valued.text());
            return Err(QueryError::at(self.text, place, message).cure("write AND or OR between them"));
        }
        let reach = self.reach(&operator, place.clone())?;
        self.next += operator.tokens;
        let second = self.next;
        self.refuse_foreign()?;
        let right = self.atom(scope)?;
        let right = self.with_span(right, second);
        let sign = one_line(&self.text[place]);
        for side in [&left, &right] {
            self.check_places(side, &sign, W_P)?;
        }
        if let Some(next) = self.near_operator() {
            return Err(self.chain(scope, [&left, &right], &sign, &next)?);
        }
        let span = left.span.start..right.span.end;
        let (left, right) = (Box::new(left), Box::new(right));
        let near = Near { left, right, ordered: operator.ordered, reach, negated: operator.negated };
        Ok(Node { kind: Kind::Near(near), span })
    }

    /// The node, with all that it was written with from the token `first` on as its place.
    fn with_span(&self, node: Node, first: usize) -> Node {
        Node { span: self.place(first, self.next - first), ..node }
    }

    /// Where so many tokens stand.
    pub(super) fn place(&self, first: usize, tokens: usize) -> Range<usize> {
        self.lexemes[first].span.start..self.lexemes[first + tokens - 1].span.end
    }

    fn near_operator(&self) -> Option<Operator> {
        let word = |ahead: usize| match self.lexemes.get(self.next + ahead).map(|lexeme| lexeme.token) {
            Some(Token::Word(raw)) => Some(raw),
            _ => None,
        };
        let negated = word(0).is_some_and(|raw| raw == "NOT" || raw == "not");
        let (ordered, rest) = split(word(usize::from(negated))?)?;
        Some(Operator { ordered, negated, rest: rest.to_owned(), tokens: 1 + usize::from(negated) })
    }

    fn reach(&self, operator: &Operator, place: Range<usize>) -> Result<Reach, QueryError> {
        if operator.rest.eq_ignore_ascii_case("s") {
            return Ok(Reach::Sentence);
        }
        if operator.rest.eq_ignore_ascii_case("p") {
            return Ok(Reach::Paragraph);
        }
        let sign = one_line(&self.text[place.clone()]);
        count(self.text, place, &operator.rest, &sign).map(Reach::Words)
    }

    /// Refuses what has no place in the text beside or inside `sign`; `joined` is the cure for AND.
    pub(super) fn check_places(&self, node: &Node, sign: &str, joined: &str) -> Result<(), QueryError> {
        if node.kind.has_places() {
            return Ok(());
        }
        let part = nowhere(node);
        let (what, cure) = match &part.kind {
            Kind::And(_) => ("AND", joined.to_owned()),
            // The side itself, as in `a W/5 (NOT b)`; within a side it is another pair that NOT parts.
            Kind::Not(_) if std::ptr::eq(part, node) && split(sign.trim_start_matches("NOT ")).is_some() => {
                ("NOT", format!("write NOT {} between the two, or NOT on its own", sign.trim_start_matches("NOT ")))
            }
            Kind::Not(_) => ("NOT", "write NOT W/P, as in frozen NOT W/P assets".to_owned()),
            Kind::Title(_) => (
                "a field",
                "put all of it inside, as in title:(frozen W/5 assets), or title: outside, with AND".to_owned(),
            ),
            Kind::Whole(_) => ("ARTICLE", "write it on its own, with AND".to_owned()),
            Kind::Like(_) => ("LIKE", "write it on its own, with AND".to_owned()),
            _ => ("a field", "write it on its own, with AND".to_owned()),
        };
        let message = format!("{sign} takes words and phrases, which stand somewhere in the text; {what} does not");
        Err(QueryError::at(self.text, part.span.clone(), message).cure(cure))
    }

    /// The error of `a W/5 b W/3 c`, with both readings if they are questions; that of its third side if it has one.
    fn chain(
        &mut self,
        scope: Scope,
        [left, right]: [&Node; 2],
        sign: &str,
        next: &Operator,
    ) -> Result<QueryError, QueryError> {
        let place = self.place(self.next, next.tokens);
        self.next += next.tokens;
        let first = self.next;
        self.refuse_foreign()?;
        let third = self.atom(scope)?;
        let third = self.with_span(third, first);
        let [a, b, c, again] =
            [&left.span, &right.span, &third.span, &place].map(|span| one_line(&self.text[span.clone()]));
        let readings = [format!("({a} {sign} {b}) {again} {c}"), format!("{a} {sign} ({b} {again} {c})")];
        let short = self.near_operator().is_none() && readings.iter().map(String::len).sum::<usize>() < 400;
        let error = QueryError::at(self.text, place, "three stand near each other without parentheses");
        Ok(error.cure(match short && readings.iter().all(|reading| parse(reading, Join::All).is_ok()) {
            true => format!("write {}, or {}", readings[0], readings[1]),
            false => "put parentheses around two of them, as in (frozen W/5 assets) W/3 bank".to_owned(),
        }))
    }
}

/// The part of a node that has no place in the text.
fn nowhere(node: &Node) -> &Node {
    let without = |nodes: &'_ [Node]| nodes.iter().position(|node| !node.kind.has_places());
    match &node.kind {
        Kind::Or(nodes) | Kind::Of(_, nodes) => without(nodes).map_or(node, |at| nowhere(&nodes[at])),
        // A NOT or a field in it is the greater hindrance.
        Kind::And(nodes) => without(nodes).map(|at| nowhere(&nodes[at])).filter(|part| !is_and(part)).unwrap_or(node),
        Kind::Boosted(inner, _) => nowhere(inner),
        _ => node,
    }
}

fn is_and(node: &Node) -> bool {
    matches!(node.kind, Kind::And(_))
}

/// What to write for an AND that has no place in the text.
pub(super) const W_P: &str = "write W/P between the two";

/// The number of an operator such as W/5, which is written `sign`.
pub(super) fn count(text: &str, place: Range<usize>, digits: &str, sign: &str) -> Result<u32, QueryError> {
    let name = sign.trim_end_matches(|c: char| c.is_ascii_digit());
    let wrong = |message: String, cure: &str| {
        Err(QueryError::at(text, place.clone(), message).cure(format!(
            "write {}{cure}; the word itself is written \"{}\"",
            shown(name),
            shown(sign)
        )))
    };
    match number(digits) {
        _ if digits.is_empty() => wrong(format!("{sign} has no number"), "5"),
        Some(0) => wrong(format!("{} takes a number from 1 on: neighbours are 1 apart", shown(sign)), "1"),
        Some(count) if count <= FARTHEST => Ok(count),
        _ => wrong(format!("{} takes a number up to {FARTHEST}", shown(sign)), "10000"),
    }
}
