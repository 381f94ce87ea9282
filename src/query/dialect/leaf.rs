//! What Nexis and Factiva share below their connectors: words, headlines and the values of fields.
//!
//! What was read in parentheses enters; what our tree has for it leaves, or what it has nothing for, at its place.

use std::ops::Range;

use crate::error::QueryError;

use super::super::field::Valued;
use super::super::tree::{Field, Form, Kind, Node};
use super::super::{boolean, searchable, value, word};

/// What is wrong, and the cure.
pub(super) type Wrong = (String, String);

/// Words side by side in our own writing: one is a word, more are a phrase. `stem` is the cure for a wildcard with too few
/// letters before it.
pub(super) fn words(
    text: &str,
    place: Range<usize>,
    words: &[(String, Range<usize>)],
    stem: &str,
) -> Result<Node, QueryError> {
    // A wildcard that stands for too much is pointed at in its word.
    for (word, place) in words.iter().filter(|(word, _)| word.contains(['*', '?'])) {
        word::quoted(text, place.clone(), word, Form::Any, None)
            .map_err(|error| if searchable(word) { error.cure(stem) } else { error })?;
    }
    let joined: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    let kind = word::quoted(text, place.clone(), &joined.join(" "), Form::Any, None)?;
    Ok(Node { kind, span: place })
}

/// A word begins with a sign that is an operator elsewhere: to read it as the word would answer the opposite.
pub(super) fn signed(word: &str, not: &str) -> Option<Wrong> {
    let rest = word.trim_start_matches(['-', '+', '‐', '‑', '‒', '–', '—', '―', '−']);
    if rest.len() == word.len() || !rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    let sign = &word[..word.len() - rest.len()];
    let cure = format!("write {not} to leave it out, {rest} to find it");
    Some((format!("{sign} before a word is no operator here"), cure))
}

/// A search of the headline for this. `name` is what the segment or field is called there.
pub(super) fn title(text: &str, name: &str, inner: Node, place: Range<usize>) -> Result<Node, QueryError> {
    let is_other = |kind: &Kind| matches!(kind, Kind::Title(_) | Kind::Field(..) | Kind::Date(_));
    if let Some(part) = boolean::find(&inner, &is_other) {
        let message = format!("{name} holds another field");
        return Err(QueryError::at(text, part.span.clone(), message).cure("write it outside, with AND between the two"));
    }
    if !boolean::finds(&inner) {
        return Err(QueryError::at(text, inner.span, format!("{name} holds NOT alone")).cure("write NOT outside it"));
    }
    Ok(Node { kind: Kind::Title(Box::new(inner)), span: place })
}

/// Values of a field for words of the text: each word or phrase is a value of its own.
pub(super) fn values(text: &str, name: &str, field: Field, node: Node) -> Result<Node, QueryError> {
    let Node { kind, span } = node;
    let value = match kind {
        Kind::Word(word) => word.text,
        Kind::Phrase(phrase) => phrase.text,
        Kind::And(nodes) => return each(text, name, field, nodes).map(|nodes| Node { kind: Kind::And(nodes), span }),
        Kind::Or(nodes) => return each(text, name, field, nodes).map(|nodes| Node { kind: Kind::Or(nodes), span }),
        Kind::Not(inner) => {
            return values(text, name, field, *inner).map(|inner| boolean::not(inner, span));
        }
        _ => {
            let message = format!("{name} takes names with AND, OR and NOT");
            return Err(QueryError::at(text, span, message).cure("write AND in its place, or write it outside"));
        }
    };
    if value.contains(['*', '?']) {
        let message = format!("{name} takes a name without a wildcard");
        return Err(QueryError::at(text, span, message).cure("write the name out, or its first words alone"));
    }
    let value = match field {
        Field::Lang => language(&value).map_or(value, str::to_owned),
        _ => value,
    };
    let kind = value::value(text, span.clone(), Valued::Named(field), &value, true)
        .map_err(|error| error.cure(format!("write {name} with {}", example(field))))?;
    Ok(Node { kind, span })
}

fn each(text: &str, name: &str, field: Field, nodes: Vec<Node>) -> Result<Vec<Node>, QueryError> {
    nodes.into_iter().map(|node| values(text, name, field, node)).collect()
}

fn example(field: Field) -> &'static str {
    match field {
        Field::Lang => "a language, such as english or en",
        Field::Author => "a name, such as jane doe",
        _ => "a name, such as new york times",
    }
}

/// The code of a language by its English name.
fn language(name: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|(called, _)| called.eq_ignore_ascii_case(name)).map(|(_, code)| *code)
}

const LANGUAGES: [(&str, &str); 16] = [
    ("english", "en"),
    ("russian", "ru"),
    ("ukrainian", "uk"),
    ("french", "fr"),
    ("german", "de"),
    ("spanish", "es"),
    ("arabic", "ar"),
    ("chinese", "zh"),
    ("portuguese", "pt"),
    ("italian", "it"),
    ("dutch", "nl"),
    ("polish", "pl"),
    ("turkish", "tr"),
    ("hebrew", "he"),
    ("persian", "fa"),
    ("farsi", "fa"),
];

/// The tree over whole articles, as AND and NOT are meant there.
///
/// A paragraph stands for its article where the answer is the same: when words are asked for in one place of the text
/// alone, beside conditions that are the same for all paragraphs (headline, outlet, byline, language, date).
pub(super) fn over_articles(tree: Node) -> Node {
    if stands_alone(&tree) {
        return tree;
    }
    Node { span: tree.span.clone(), kind: Kind::Whole(Box::new(tree)) }
}

fn stands_alone(node: &Node) -> bool {
    match &node.kind {
        Kind::And(nodes) => {
            let mut of_text = nodes.iter().filter(|node| !is_of_article(node));
            of_text.next().is_none_or(stands_alone) && of_text.next().is_none()
        }
        Kind::Or(nodes) => nodes.iter().all(stands_alone),
        Kind::Not(inner) => is_of_article(inner),
        _ => true,
    }
}

/// Whether it holds for all paragraphs of an article or for none.
fn is_of_article(node: &Node) -> bool {
    match &node.kind {
        Kind::Title(_) | Kind::Field(..) | Kind::Date(_) => true,
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().all(is_of_article),
        Kind::Not(inner) => is_of_article(inner),
        _ => false,
    }
}
