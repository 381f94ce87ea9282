//! AND, OR and NOT of trees, and what can be said of a tree by them alone.
//!
//! Trees enter and leave in the one shape that [`Kind`] promises: no `And` in an `And`, no `Or` in an `Or`, no `Not` of a
//! `Not`.

use std::ops::Range;

use super::tree::{Kind, Node};

/// All of these at once, as one flat `And`; none for no nodes.
pub fn all(nodes: Vec<Node>) -> Option<Node> {
    joined(nodes, Kind::And, |kind| match kind {
        Kind::And(inner) => Ok(inner),
        other => Err(other),
    })
}

/// At least one of these, as one flat `Or`; none for no nodes.
pub fn any(nodes: Vec<Node>) -> Option<Node> {
    joined(nodes, Kind::Or, |kind| match kind {
        Kind::Or(inner) => Ok(inner),
        other => Err(other),
    })
}

fn joined(nodes: Vec<Node>, join: fn(Vec<Node>) -> Kind, open: fn(Kind) -> Result<Vec<Node>, Kind>) -> Option<Node> {
    let mut span = nodes.first()?.span.clone();
    let mut flat = Vec::with_capacity(nodes.len());
    for node in nodes {
        span = span.start.min(node.span.start)..span.end.max(node.span.end);
        match open(node.kind) {
            Ok(inner) => flat.extend(inner),
            Err(kind) => flat.push(Node { kind, span: node.span }),
        }
    }
    match flat.len() {
        1 => flat.pop(),
        _ => Some(Node { kind: join(flat), span }),
    }
}

/// Not this; a double NOT is none. `span` is the place with the NOT.
pub(super) fn not(node: Node, span: Range<usize>) -> Node {
    let kind = match node.kind {
        Kind::Not(inner) => inner.kind,
        kind => Kind::Not(Box::new(Node { kind, span: node.span })),
    };
    Node { kind, span }
}

/// How many parentheses stand inside each other in the printed tree.
pub(super) fn height(node: &Node) -> usize {
    match &node.kind {
        Kind::And(nodes) | Kind::Or(nodes) | Kind::Of(_, nodes) => 1 + nodes.iter().map(height).max().unwrap_or(0),
        Kind::Near(near) => 1 + height(&near.left).max(height(&near.right)),
        Kind::AtLeast(_, inner) | Kind::First(_, inner) | Kind::Whole(inner) | Kind::Title(inner) => 1 + height(inner),
        Kind::Not(inner) | Kind::Boosted(inner, _) => height(inner),
        _ => 0,
    }
}

/// Whether it says what to look for, not only what to leave out.
pub(super) fn finds(node: &Node) -> bool {
    match &node.kind {
        Kind::Not(_) => false,
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().any(finds),
        Kind::Whole(inner) => finds(inner),
        // Some of what is asked for may hold where the rest does not.
        Kind::Of(_, nodes) => nodes.iter().all(finds),
        _ => true,
    }
}

/// The first part of a tree of this kind, itself included.
pub(super) fn find<'a>(node: &'a Node, is: &dyn Fn(&Kind) -> bool) -> Option<&'a Node> {
    if is(&node.kind) {
        return Some(node);
    }
    match &node.kind {
        Kind::And(nodes) | Kind::Or(nodes) | Kind::Of(_, nodes) => nodes.iter().find_map(|node| find(node, is)),
        Kind::Near(near) => find(&near.left, is).or_else(|| find(&near.right, is)),
        Kind::Not(inner)
        | Kind::Title(inner)
        | Kind::AtLeast(_, inner)
        | Kind::First(_, inner)
        | Kind::Whole(inner)
        | Kind::Boosted(inner, _) => find(inner, is),
        _ => None,
    }
}
