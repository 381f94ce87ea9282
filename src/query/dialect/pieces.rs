//! A question of Nexis or Factiva is cut into words, quoted stretches and parentheses.
//!
//! Text enters; a cursor over its pieces leaves. No word is looked into here, but for the `/F10/` of Factiva, which needs
//! no space around it. Linear in the length of the text.

use std::ops::Range;

use crate::error::QueryError;

use super::super::lexer::{is_quote, is_space, one_line};
use super::super::{DEEPEST, shown};

/// A piece of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Open,
    Close,
    /// What stands between two quotation marks.
    Quoted(&'t str),
    /// Everything else, up to white space, a parenthesis or a quotation mark.
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

/// Whose way of cutting it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Words end at spaces, parentheses and quotation marks.
    Plain,
    /// Brackets are parentheses as well, and `/F10/` and `/N10/` are words of their own.
    Factiva,
}

/// A place in a question, between two pieces.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pieces: Vec<Placed<'t>>,
    /// The piece to be read next.
    pub(super) next: usize,
    /// How many parentheses are open.
    depth: usize,
}

impl<'t> Cursor<'t> {
    /// Cuts a question; an error for a quotation mark without its partner.
    pub(super) fn new(text: &'t str, cut: Cut) -> Result<Cursor<'t>, QueryError> {
        let brackets = cut == Cut::Factiva;
        let opens = |c: char| c == '(' || brackets && c == '[';
        let closes = |c: char| c == ')' || brackets && c == ']';
        let mut pieces: Vec<Placed> = Vec::new();
        let mut at = 0;
        let mut word_end = 0;
        while let Some(c) = text[at..].chars().next() {
            let start = at;
            at += c.len_utf8();
            let piece = match c {
                _ if is_space(c) => continue,
                _ if opens(c) => Piece::Open,
                _ if closes(c) => Piece::Close,
                _ if is_quote(c) => {
                    let rest = &text[at..];
                    let Some((end, mark)) = rest.char_indices().find(|(_, mark)| is_partner(c, *mark)) else {
                        return Err(QueryError::at(text, start..at, "this quotation mark is never closed")
                            .cure("close it, or leave it out"));
                    };
                    at += end + mark.len_utf8();
                    Piece::Quoted(&rest[..end])
                }
                _ => {
                    // A word that is cut at its slashes is measured once.
                    if word_end <= start {
                        let ends = |c: char| is_space(c) || is_quote(c) || opens(c) || closes(c);
                        word_end = text[start..].find(ends).map_or(text.len(), |end| start + end);
                    }
                    let word = &text[start..word_end];
                    let word = match slashed(word).filter(|_| cut == Cut::Factiva) {
                        Some(marker) if marker.start == 0 => &word[..marker.end],
                        Some(marker) => &word[..marker.start],
                        None => word,
                    };
                    at = start + word.len();
                    Piece::Word(word)
                }
            };
            let glued = pieces.last().is_some_and(|before| before.span.end == start);
            pieces.push(Placed { piece, span: start..at, glued });
        }
        Ok(Cursor { text, pieces, next: 0, depth: 0 })
    }

    pub(super) fn peek(&self) -> Option<&Placed<'t>> {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, by: usize) -> Option<&Placed<'t>> {
        self.pieces.get(self.next + by)
    }

    /// The word that is this piece of the question, counted from its beginning; empty if it is none.
    pub(super) fn word_at(&self, piece: usize) -> &'t str {
        match self.pieces.get(piece).map(|placed| placed.piece) {
            Some(Piece::Word(word)) => word,
            _ => "",
        }
    }

    /// The piece that was read last.
    pub(super) fn last(&self) -> Option<&Placed<'t>> {
        self.next.checked_sub(1).and_then(|last| self.pieces.get(last))
    }

    /// The word so many pieces ahead; empty if something else stands there.
    pub(super) fn word(&self, by: usize) -> &'t str {
        self.word_at(self.next + by)
    }

    /// Whether a parenthesis opens so many pieces ahead.
    pub(super) fn opens(&self, by: usize) -> bool {
        self.ahead(by).is_some_and(|placed| placed.piece == Piece::Open)
    }

    /// The place of as many pieces, from the next one on; the end of the text where there is none.
    pub(super) fn place(&self, pieces: usize) -> Range<usize> {
        match (self.peek(), pieces.checked_sub(1).and_then(|last| self.ahead(last))) {
            (Some(first), Some(last)) => first.span.start..last.span.end,
            (Some(first), None) => first.span.clone(),
            (None, _) => self.text.len()..self.text.len(),
        }
    }

    /// Reads as many pieces; their place.
    pub(super) fn take(&mut self, pieces: usize) -> Range<usize> {
        let place = self.place(pieces);
        self.next = (self.next + pieces).min(self.pieces.len());
        place
    }

    /// The place from a piece to the one that was read last.
    pub(super) fn since(&self, first: usize) -> Range<usize> {
        let start = self.pieces.get(first).map_or(self.text.len(), |placed| placed.span.start);
        start..self.last().map_or(start, |last| last.span.end.max(start))
    }

    /// Cuts the first bytes off the word that stands next.
    pub(super) fn trim(&mut self, bytes: usize) {
        if let Some(Placed { piece: Piece::Word(word), span, .. }) = self.pieces.get_mut(self.next) {
            *word = &word[bytes..];
            span.start += bytes;
        }
    }

    /// What stands between the parenthesis that opens next and the one that closes it, and the place of it all.
    pub(super) fn group<T>(
        &mut self,
        inside: impl FnOnce(&mut Self) -> Result<T, QueryError>,
    ) -> Result<(T, Range<usize>), QueryError> {
        let open = self.take(1);
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("there are more than {DEEPEST} parentheses inside each other");
            return Err(self.refuse(open, message, "leave out those that are not needed"));
        }
        if let Some(Placed { piece: Piece::Close, span, .. }) = self.peek() {
            let place = open.start..span.end;
            return Err(self.refuse(place, "there is nothing in these parentheses", "leave them out"));
        }
        if self.peek().is_none() {
            return Err(self.refuse(open, "this parenthesis is never closed", "add a ) where it ends"));
        }
        let inner = inside(self)?;
        self.depth -= 1;
        match self.peek().map(|placed| placed.piece) {
            Some(Piece::Close) => {
                let close = self.take(1);
                Ok((inner, open.start..close.end))
            }
            Some(_) => Err(self.refuse(self.place(1), "this does not fit in these parentheses", "write it outside")),
            None => Err(self.refuse(open, "this parenthesis is never closed", "add a ) where it ends")),
        }
    }

    pub(super) fn refuse(
        &self,
        place: Range<usize>,
        message: impl Into<String>,
        cure: impl Into<String>,
    ) -> QueryError {
        QueryError::at(self.text, place, message).cure(cure)
    }

    /// A piece of the question, short enough for a message.
    pub(super) fn shown(&self, place: Range<usize>) -> String {
        shown(&one_line(&self.text[place]))
    }

    /// The fault where words should stand and do not.
    pub(super) fn missing(&self) -> QueryError {
        let before = self.last().filter(|last| last.piece != Piece::Open).map(|last| last.span.clone());
        let here = self.peek().filter(|here| here.piece != Piece::Close).map(|here| here.span.clone());
        let (place, message) = match (before, here) {
            (Some(before), Some(here)) => {
                let message = format!("{} stands right after {}", self.shown(here.clone()), self.shown(before));
                (here, message)
            }
            (Some(before), None) => (before.clone(), format!("{} has nothing after it", self.shown(before))),
            (None, Some(here)) => (here.clone(), format!("{} has nothing before it", self.shown(here))),
            (None, None) => (self.place(1), "this parenthesis closes nothing".to_owned()),
        };
        let itself = self.shown(place.clone());
        self.refuse(place, message, format!("leave it out; the word itself is written \"{itself}\""))
    }
}

/// Languages disagree on which mark opens and which closes: any of a family closes.
fn is_partner(opened: char, c: char) -> bool {
    let angled = |c: char| matches!(c, '«' | '»');
    is_quote(c) && angled(opened) == angled(c)
}

/// Where the first `/F10/` or `/N10/` of a word stands.
fn slashed(word: &str) -> Option<Range<usize>> {
    word.match_indices('/').find_map(|(start, _)| {
        let rest = word[start + 1..].strip_prefix(['f', 'F', 'n', 'N'])?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let end = start + 2 + digits;
        (digits > 0 && rest[digits..].starts_with('/')).then_some(start..end + 1)
    })
}
