//! The pieces of a pasted question, and what all dialects make of them.

use std::ops::Range;

use crate::error::QueryError;

use crate::query::field::Valued;
use crate::query::lexer::{is_quote, is_space};
use crate::query::tree::{Field, Form, Kind, Node};
use crate::query::value;
use crate::query::{DEEPEST, shown, word};

/// A piece of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Open,
    Close,
    /// What stands between two quotation marks.
    Quoted(&'t str),
    /// Up to white space, a parenthesis or a quotation mark.
    Word(&'t str),
}

/// A piece and its place.
#[derive(Debug, Clone)]
pub(super) struct Placed<'t> {
    pub(super) piece: Piece<'t>,
    pub(super) span: Range<usize>,
    /// Whether it follows the piece before it without a space.
    pub(super) glued: bool,
}

/// Where a reader stands in a question.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pieces: Vec<Placed<'t>>,
    pub(super) next: usize,
    depth: usize,
}

impl<'t> Cursor<'t> {
    /// Cuts a question into pieces; where `escapes`, a backslash makes the next character a letter.
    pub(super) fn new(text: &'t str, escapes: bool) -> Result<Cursor<'t>, QueryError> {
        let mut pieces: Vec<Placed> = Vec::new();
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let start = at;
            at += c.len_utf8();
            let piece = match c {
                _ if is_space(c) => continue,
                '(' => Piece::Open,
                ')' => Piece::Close,
                _ if is_quote(c) => {
                    let rest = &text[at..];
                    let Some((end, mark)) = rest.char_indices().find(|(_, mark)| is_quote(*mark)) else {
                        return Err(QueryError::at(text, start..at, "this quotation mark is never closed")
                            .cure("close it, or leave it out"));
                    };
                    at += end + mark.len_utf8();
                    Piece::Quoted(&rest[..end])
                }
                _ => {
                    let mut escaped = escapes && c == '\\';
                    while let Some(c) = text[at..].chars().next() {
                        if !escaped && (is_space(c) || is_quote(c) || matches!(c, '(' | ')')) {
                            break;
                        }
                        escaped = escapes && c == '\\' && !escaped;
                        at += c.len_utf8();
                    }
                    Piece::Word(&text[start..at])
                }
            };
            let glued = pieces.last().is_some_and(|before| before.span.end == start);
            pieces.push(Placed { piece, span: start..at, glued });
        }
        if pieces.is_empty() {
            return Err(QueryError::at(text, 0..0, "the question is empty").cure("write what to look for"));
        }
        Ok(Cursor { text, pieces, next: 0, depth: 0 })
    }

    pub(super) fn peek(&self) -> Option<&Placed<'t>> {
        self.pieces.get(self.next)
    }

    pub(super) fn ahead(&self, by: usize) -> Option<&Placed<'t>> {
        self.pieces.get(self.next + by)
    }

    /// The word that stands so many pieces ahead.
    pub(super) fn word(&self, by: usize) -> Option<&'t str> {
        match self.ahead(by)?.piece {
            Piece::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Enters the parenthesis that stands next.
    pub(super) fn open(&mut self) -> Result<Range<usize>, QueryError> {
        let span = self.pieces[self.next].span.clone();
        self.next += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.refuse(span, "there are too many parentheses inside each other", "leave some out"));
        }
        Ok(span)
    }

    /// Leaves the parenthesis that was opened at `open`.
    pub(super) fn close(&mut self, open: Range<usize>) -> Result<(), QueryError> {
        match self.peek() {
            Some(Placed { piece: Piece::Close, .. }) => {
                self.next += 1;
                self.depth -= 1;
                Ok(())
            }
            Some(other) => Err(self.refuse(other.span.clone(), "this does not fit here", "put an operator before it")),
            None => Err(self.refuse(open, "this parenthesis is never closed", "add a ) where it ends")),
        }
    }

    /// The place from a piece to the one read last.
    pub(super) fn since(&self, first: usize) -> Range<usize> {
        let last = self.next.max(first + 1).min(self.pieces.len()) - 1;
        self.pieces[first.min(last)].span.start..self.pieces[last].span.end
    }

    pub(super) fn end(&self) -> Range<usize> {
        self.text.len()..self.text.len()
    }

    pub(super) fn refuse(&self, span: Range<usize>, message: impl Into<String>, cure: impl Into<String>) -> QueryError {
        QueryError::at(self.text, span, message).cure(cure)
    }

    /// What stands where a word should.
    pub(super) fn missing(&self) -> QueryError {
        match self.peek() {
            Some(piece) => {
                let what = &self.text[piece.span.clone()];
                self.refuse(
                    piece.span.clone(),
                    format!("a word is missing before {}", shown(what)),
                    "write one, or leave it out",
                )
            }
            None => {
                let span = self.pieces.last().map_or(0..0, |piece| piece.span.clone());
                self.refuse(span, "a word is missing after this", "write one, or leave it out")
            }
        }
    }

    /// A bare word in our own writing.
    pub(super) fn bare(&self, span: Range<usize>, ours: &str) -> Result<Node, QueryError> {
        let kind = word::bare(self.text, span.clone(), ours, false)?;
        Ok(Node { kind, span })
    }

    /// A phrase or, of one word, a word; `marks` as in our own writing.
    pub(super) fn quoted(&self, span: Range<usize>, quoted: &str, marks: Option<&str>) -> Result<Node, QueryError> {
        let marks = marks.map(|marks| (marks, span.clone()));
        let kind = word::quoted(self.text, span.clone(), quoted, Form::Any, marks)?;
        Ok(Node { kind, span })
    }

    /// A field with a value.
    pub(super) fn value(&self, span: Range<usize>, valued: Valued, value: &str) -> Result<Node, QueryError> {
        let kind = value::value(self.text, span.clone(), valued, value, true)?;
        Ok(Node { kind, span })
    }

    /// A field that is asked for by a name.
    pub(super) fn named(&self, span: Range<usize>, field: Field, value: &str) -> Result<Node, QueryError> {
        self.value(span, Valued::Named(field), value)
    }
}

/// Refuses what has no place beside `sign`.
pub(super) fn check_places(text: &str, node: &Node, sign: &str) -> Result<(), QueryError> {
    if node.kind.has_places() {
        return Ok(());
    }
    let message = format!("{sign} takes words and phrases, which stand somewhere in the text");
    Err(QueryError::at(text, node.span.clone(), message).cure("write AND, NOT and fields outside it"))
}

/// A headline that holds this.
pub(super) fn title(text: &str, inner: Node) -> Result<Node, QueryError> {
    let field = |kind: &Kind| {
        matches!(
            kind,
            Kind::Field(..) | Kind::Date(_) | Kind::Words(..) | Kind::Title(_) | Kind::Whole(_) | Kind::Like(_)
        )
    };
    if let Some(part) = crate::query::boolean::find(&inner, &field) {
        return Err(QueryError::at(text, part.span.clone(), "a headline holds words and phrases alone")
            .cure("write other fields outside it"));
    }
    if !crate::query::boolean::finds(&inner) {
        return Err(QueryError::at(text, inner.span.clone(), "a headline is sought by NOT alone")
            .cure("write NOT before the field instead"));
    }
    Ok(Node { span: inner.span.clone(), kind: Kind::Title(Box::new(inner)) })
}
