//! The classic query parser of Lucene.
//!
//! A question enters; its tree leaves, or what has no equal here. OR stands between words side by side, as in Lucene
//! unless its user configured it otherwise. What would only change the ranking there (an optional clause beside a required
//! one) is refused: our tree has nothing for it. Linear in the length of the question; its depth has limits.

mod clause;
mod lexer;
mod term;

use std::ops::Range;

use crate::error::QueryError;

use super::super::field::{self, Name, Valued};
use super::super::lexer::{is_space, one_line};
use super::super::tree::Node;
use super::super::{DEEPEST, shown};
use clause::{Clause, Conjunction, Occur};
use lexer::{Lexeme, Token, lex};

/// Reads a question.
pub(super) fn read(text: &str) -> Result<Node, QueryError> {
    let mut parser = Parser { text, lexemes: lex(text)?, next: 0, depth: 0 };
    let tree = parser.level(Scope::Text, None)?;
    match parser.peek() {
        None => Ok(tree),
        Some(_) => Err(parser.missing()),
    }
}

/// Where a word is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Text,
    Title,
    Values(Valued),
}

struct Parser<'t> {
    text: &'t str,
    lexemes: Vec<Lexeme<'t>>,
    /// The token to be read next.
    next: usize,
    /// How many parentheses are open.
    depth: usize,
}

impl<'t> Parser<'t> {
    /// Clauses up to the end or a `)`; `open` is the place of the parenthesis before them.
    fn level(&mut self, scope: Scope, open: Option<Range<usize>>) -> Result<Node, QueryError> {
        let mut clauses: Vec<Clause> = Vec::new();
        while self.peek().is_some_and(|token| token != Token::Close) || clauses.is_empty() {
            let conjunction = match self.peek().filter(|_| !clauses.is_empty()) {
                Some(Token::And) => Conjunction::And,
                Some(Token::Or) => Conjunction::Or,
                _ => Conjunction::None,
            };
            self.next += usize::from(conjunction != Conjunction::None);
            let first = self.next;
            let sign = match self.peek() {
                Some(Token::Plus) => Some(Occur::Required),
                Some(Token::Minus | Token::Not) => Some(Occur::Prohibited),
                _ => None,
            };
            self.next += usize::from(sign.is_some());
            let node = self.clause(scope)?;
            clause::add(&mut clauses, conjunction, sign, node, self.since(first));
        }
        let group = open.map(|open| open.start..self.here().end);
        clause::resolve(self.text, clauses, group)
    }

    /// A word, a phrase, a range or a group, with the field before it.
    fn clause(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let scope = match (self.peek(), self.ahead(1)) {
            (Some(Token::Term(_) | Token::Wild(_)), Some(Token::Colon)) => self.field()?,
            _ => scope,
        };
        if self.peek() != Some(Token::Open) {
            return self.term(scope);
        }
        let open = self.take();
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("there are more than {DEEPEST} parentheses inside each other");
            return Err(self.refuse(open, message, "leave out those that are not needed"));
        }
        let inner = self.level(scope, Some(open.clone()))?;
        self.depth -= 1;
        if self.peek() != Some(Token::Close) {
            return Err(self.refuse(open, "this parenthesis is never closed", "add a ) where it ends"));
        }
        let close = self.take();
        let node = Node { span: open.start..close.end, ..inner };
        match self.peek() {
            Some(Token::Caret(digits)) => {
                let place = self.take();
                let boost = self.boost(digits, place.clone())?;
                self.boosted(node, boost, &place)
            }
            Some(Token::Tilde(_)) => {
                let cure = "write it behind a word, as in zelensky~1, or a phrase, as in \"frozen assets\"~3";
                Err(self.refuse(self.here(), "~ stands behind a word or a phrase", cure))
            }
            _ => Ok(node),
        }
    }

    /// The field before a colon; both are read.
    fn field(&mut self) -> Result<Scope, QueryError> {
        let place = self.take();
        let raw = &self.text[place.clone()];
        let colon = self.take();
        if raw == "*" || raw == "_exists_" {
            let value = self.peek().map_or("", |_| &self.text[self.here()]);
            let message = format!("{}:{} has no equal here", raw, shown(&one_line(value)));
            let cure = "leave it out; name what to look for";
            return Err(self.refuse(place.start..self.here().end.max(colon.end), message, cure));
        }
        let name = raw.replace('\\', "");
        const TEXTS: [&str; 5] = ["text", "body", "content", "contents", "_all"];
        if TEXTS.iter().any(|text| text.eq_ignore_ascii_case(&name)) {
            return Ok(Scope::Text);
        }
        match field::split(&format!("{name}:")) {
            Some((Name::Title, _)) => Ok(Scope::Title),
            Some((Name::Valued(valued), _)) => Ok(Scope::Values(valued)),
            None => {
                // What follows without a space belongs to it, as in an address.
                let rest = &self.text[colon.end..];
                let end = rest.find(|c: char| is_space(c) || matches!(c, '(' | ')' | '"')).unwrap_or(rest.len());
                let (message, cure) = field::unknown(&format!("{name}:{}", &rest[..end]));
                let cure = match cure.contains("the fields are") {
                    true => cure,
                    false => format!("{cure}; {FIELDS}"),
                };
                Err(self.refuse(place.start..colon.end, message, cure))
            }
        }
    }

    fn peek(&self) -> Option<Token<'t>> {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> Option<Token<'t>> {
        self.lexemes.get(self.next + by).map(|lexeme| lexeme.token)
    }

    /// The place of the next token; the end of the text behind the last one.
    fn here(&self) -> Range<usize> {
        self.lexemes.get(self.next).map_or(self.text.len()..self.text.len(), |lexeme| lexeme.span.clone())
    }

    /// Reads a token; its place.
    fn take(&mut self) -> Range<usize> {
        let place = self.here();
        self.next += 1;
        place
    }

    /// The place from a token to the one that was read last.
    fn since(&self, first: usize) -> Range<usize> {
        match (self.lexemes.get(first), self.next.checked_sub(1).and_then(|last| self.lexemes.get(last))) {
            (Some(first), Some(last)) => first.span.start..last.span.end,
            _ => self.here(),
        }
    }

    fn refuse(&self, place: Range<usize>, message: impl Into<String>, cure: impl Into<String>) -> QueryError {
        // A backslash brings control characters into words, and these into messages.
        QueryError::at(self.text, place, one_line(&message.into())).cure(one_line(&cure.into()))
    }

    /// The fault where a clause should begin and does not.
    fn missing(&self) -> QueryError {
        let shown = |place: Range<usize>| shown(&one_line(&self.text[place]));
        let before = self.next.checked_sub(1).and_then(|before| self.lexemes.get(before));
        let here = self.lexemes.get(self.next);
        let itself = |place: Range<usize>| format!("leave it out; in the text it is written \"{}\"", shown(place));
        let (place, message) = match (before, here) {
            (Some(Lexeme { token: Token::Open, span }), Some(Lexeme { token: Token::Close, span: close })) => {
                let place = span.start..close.end;
                return self.refuse(place, "there is nothing in these parentheses", "leave them out");
            }
            (Some(Lexeme { token: Token::Open, span }), None) => {
                return self.refuse(span.clone(), "this parenthesis is never closed", "add a ) where it ends");
            }
            (Some(Lexeme { token: Token::Colon, span }), _) => {
                let cure = "write title:assets, title:\"frozen assets\" or title:(frozen assets)";
                return self.refuse(span.clone(), "this field has no value", cure);
            }
            (_, Some(Lexeme { token: Token::Colon, span })) => {
                let cure = "leave it out, or write \\: for the colon itself";
                return self.refuse(span.clone(), "no field stands before this colon", cure);
            }
            (Some(before), Some(here)) if self.is_sign(before) && here.token != Token::Close => {
                (&here.span, format!("{} stands right after {}", shown(here.span.clone()), shown(before.span.clone())))
            }
            (Some(before), _) if self.is_sign(before) => {
                (&before.span, format!("{} has nothing after it", shown(before.span.clone())))
            }
            (_, Some(Lexeme { token: Token::Close, span })) => {
                let cure = "leave it out, or add a ( before it";
                return self.refuse(span.clone(), "this parenthesis closes nothing", cure);
            }
            (_, Some(here)) => (&here.span, format!("{} has nothing before it", shown(here.span.clone()))),
            (_, None) => return self.refuse(self.here(), "the question ends too early", "say what to look for"),
        };
        self.refuse(place.clone(), message, itself(place.clone()))
    }

    /// Whether something must follow.
    fn is_sign(&self, lexeme: &Lexeme) -> bool {
        matches!(lexeme.token, Token::And | Token::Or | Token::Not | Token::Plus | Token::Minus)
    }
}

const FIELDS: &str = "the fields are title: source: author: lang: url: actor: topic: given: date: words: group: article: \
                      and text: for the text itself";
