//! Terms and connectors: what Nexis and Factiva have in common.
//!
//! Pieces enter, and an engine that knows its own words; a tree leaves. Which connector binds first is the engine's
//! business; that they are joined so is done here. Linear in the length of the question; its depth has limits.

use std::ops::Range;

use crate::error::QueryError;

use super::super::lexer::words_of;
use super::super::tree::{Kind, Near, Node, Reach};
use super::super::{DEEPEST, boolean};
use super::leaf::{self, Wrong};
use super::pieces::{Cursor, Cut, Piece, Placed};

/// What stands between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connector {
    Or,
    And,
    AndNot,
    Near { ordered: bool, negated: bool, reach: Reach },
}

impl Connector {
    pub(super) fn is_near(self) -> bool {
        matches!(self, Connector::Near { .. })
    }
}

/// A search engine of this family.
pub(super) trait Engine {
    /// How its questions are cut.
    const CUT: Cut;

    /// Whether a quoted stretch makes one phrase with the words beside it.
    const QUOTES_JOIN: bool;

    /// How it leaves a word out, as in "AND NOT".
    const NOT: &'static str;

    /// The cure for a wildcard with too few letters before it.
    const STEM: &'static str;

    /// The connector that begins at the next piece and how many pieces it takes.
    fn connector(at: &Cursor<'_>) -> Result<Option<(Connector, usize)>, QueryError>;

    /// What stands between two operands with nothing between them, or why nothing may.
    fn beside(at: &Cursor<'_>) -> Result<Connector, QueryError>;

    /// Which binds first: the lower; those alike from left to right.
    fn rank(connector: Connector) -> u32;

    /// Refuses a connector beside another or beside an operand of the same level, where no order is documented.
    fn check(at: &Cursor<'_>, level: &Level) -> Result<(), QueryError>;

    /// Whether an operand with a name of its own begins here, such as `HEADLINE(`.
    fn begins(at: &Cursor<'_>) -> bool;

    /// One operand.
    fn operand(at: &mut Cursor<'_>) -> Result<Node, QueryError>;

    /// A word with our own wildcards.
    fn word(word: &str) -> Result<String, Wrong>;
}

/// A connector and its place.
pub(super) type Link = (Connector, Range<usize>);

/// What was read of a level so far.
#[derive(Debug)]
pub(super) struct Level {
    /// The connectors.
    pub(super) links: Vec<Link>,
    /// The pieces of the operand that was read last.
    pub(super) operand: Range<usize>,
}

/// Reads a question.
pub(super) fn read<E: Engine>(text: &str) -> Result<Node, QueryError> {
    let mut at = Cursor::new(text, E::CUT)?;
    let tree = level::<E>(&mut at)?;
    match at.peek() {
        None => Ok(leaf::over_articles(tree)),
        Some(close) => {
            let message = "this parenthesis closes nothing";
            Err(at.refuse(close.span.clone(), message, "leave it out, or add a ( before it"))
        }
    }
}

/// Operands and the connectors between them, up to the end or a `)`, by the shunting-yard method (Dijkstra 1961).
pub(super) fn level<E: Engine>(at: &mut Cursor<'_>) -> Result<Node, QueryError> {
    let first = at.next;
    let mut operands = vec![E::operand(at)?];
    let mut read = Level { links: Vec::new(), operand: first..at.next };
    let mut waiting: Vec<Link> = Vec::new();
    while at.peek().is_some_and(|placed| placed.piece != Piece::Close) {
        let (connector, pieces) = match E::connector(at)? {
            Some(found) => found,
            None => (E::beside(at)?, 0),
        };
        let place = at.place(pieces.max(1));
        at.take(pieces);
        read.links.push((connector, place.clone()));
        E::check(at, &read)?;
        while let Some(before) = waiting.pop_if(|(before, _)| E::rank(*before) <= E::rank(connector)) {
            join(at, &mut operands, before)?;
        }
        waiting.push((connector, place));
        let first = at.next;
        operands.push(E::operand(at)?);
        read.operand = first..at.next;
        E::check(at, &read)?;
    }
    while let Some(last) = waiting.pop() {
        join(at, &mut operands, last)?;
    }
    operands.pop().ok_or_else(|| at.missing())
}

/// Puts the last two operands together.
fn join(at: &Cursor<'_>, operands: &mut Vec<Node>, (connector, place): Link) -> Result<(), QueryError> {
    let (Some(right), Some(left)) = (operands.pop(), operands.pop()) else { return Err(at.missing()) };
    let span = left.span.start..right.span.end;
    let kind = match connector {
        Connector::Or => Kind::Or(flat(left, right, |kind| match kind {
            Kind::Or(nodes) => Ok(nodes),
            kind => Err(kind),
        })),
        Connector::And | Connector::AndNot => {
            let right = match connector {
                Connector::AndNot => {
                    let span = place.start..right.span.end;
                    boolean::not(right, span)
                }
                _ => right,
            };
            Kind::And(flat(left, right, |kind| match kind {
                Kind::And(nodes) => Ok(nodes),
                kind => Err(kind),
            }))
        }
        Connector::Near { ordered, negated, reach } => {
            let sign = at.shown(place);
            check_places(at, &left, &sign)?;
            check_places(at, &right, &sign)?;
            Kind::Near(Near { left: Box::new(left), right: Box::new(right), ordered, reach, negated })
        }
    };
    let node = Node { kind, span };
    // Whatever walks a tree goes as deep as this one is.
    if connector.is_near() && boolean::height(&node) > DEEPEST {
        let message = format!("there are more than {DEEPEST} connectors in a chain");
        return Err(at.refuse(node.span, message, "ask for fewer words at once"));
    }
    operands.push(node);
    Ok(())
}

/// Both as the parts of one list; a side that is such a list already gives its parts. Long chains stay linear.
fn flat(left: Node, right: Node, open: fn(Kind) -> Result<Vec<Node>, Kind>) -> Vec<Node> {
    let [mut parts, more] = [left, right].map(|Node { kind, span }| match open(kind) {
        Ok(nodes) => nodes,
        Err(kind) => vec![Node { kind, span }],
    });
    parts.extend(more);
    parts
}

/// Refuses what has no place in the text beside `sign`.
pub(super) fn check_places(at: &Cursor<'_>, node: &Node, sign: &str) -> Result<(), QueryError> {
    if node.kind.has_places() {
        return Ok(());
    }
    let (what, cure) = match &node.kind {
        Kind::And(_) | Kind::Not(_) => ("AND", "write it once for each word, and AND between them"),
        Kind::Or(_) => ("only some of this", "write the rest outside, with OR"),
        _ => ("a field", "write AND between the two"),
    };
    let message = format!("{sign} takes words and phrases, and {what} has no place in the text");
    Err(at.refuse(node.span.clone(), message, cure))
}

/// Words and quoted stretches side by side, which are one phrase.
pub(super) fn run<E: Engine>(at: &mut Cursor<'_>) -> Result<Node, QueryError> {
    let first = at.next;
    let mut words: Vec<(String, Range<usize>)> = Vec::new();
    while let Some(Placed { piece, span, .. }) = at.peek().cloned() {
        let quoted = |piece: Option<Piece>| matches!(piece, Some(Piece::Quoted(_)));
        let beside_quotes = quoted(Some(piece)) || quoted(at.last().map(|last| last.piece));
        let taken = match piece {
            Piece::Open | Piece::Close => break,
            _ if at.next > first && beside_quotes && !E::QUOTES_JOIN => break,
            Piece::Word(_) if E::connector(at)?.is_some() => break,
            Piece::Word(_) if at.next > first && E::begins(at) => break,
            Piece::Word(word) => match leaf::signed(word, E::NOT) {
                Some((message, cure)) => return Err(at.refuse(span, message, cure)),
                None => vec![word.to_owned()],
            },
            Piece::Quoted(quoted) => words_of(quoted).split(' ').map(str::to_owned).collect(),
        };
        for word in taken {
            match E::word(&word) {
                Ok(word) => words.push((word, span.clone())),
                Err((message, cure)) => return Err(at.refuse(span, message, cure)),
            }
        }
        at.next += 1;
    }
    if at.next == first {
        return Err(at.missing());
    }
    leaf::words(at.text, at.since(first), &words, E::STEM)
}
