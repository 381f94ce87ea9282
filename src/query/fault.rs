//! Faults in how a question is put together: what is missing, unclosed or too deep.
//!
//! The parser's place in the question enters; the error that points at the fault leaves.

use std::ops::Range;

use crate::error::QueryError;

use super::field::Name;
use super::lexer::{Lexeme, Token, one_line};
use super::parser::{DEEPEST, Operator, Parser, operator};
use super::{shown, value};

impl Parser<'_> {
    /// The fault where an operand should begin and does not.
    pub(super) fn missing(&self) -> QueryError {
        let before = self.next.checked_sub(1).map(|before| &self.lexemes[before]);
        let here = self.peek().filter(|lexeme| !matches!(lexeme.token, Token::Close | Token::Comma));
        let dangling = |lexeme: &Lexeme, message: String| {
            let cure = format!("leave it out; the word itself is written \"{}\"", self.raw(lexeme));
            QueryError::at(self.text, lexeme.span.clone(), message).cure(cure)
        };
        match (before.filter(|lexeme| operator(lexeme.token).is_some()), here) {
            (Some(near), Some(not))
                if operator(near.token) == Some(Operator::Near) && operator(not.token) == Some(Operator::Not) =>
            {
                let (near, not) = (self.raw(near), self.raw(not));
                QueryError::at(
                    self.text,
                    self.lexemes[self.next].span.clone(),
                    format!("{not} stands right after {near}"),
                )
                .cure(format!("write it before {near}, as in frozen NOT {near} assets"))
            }
            (Some(before), Some(here)) => {
                dangling(here, format!("{} stands right after {}", self.raw(here), self.raw(before)))
            }
            (Some(before), None) => dangling(before, format!("{} has nothing after it", self.raw(before))),
            (None, Some(here)) => dangling(here, format!("{} has nothing before it", self.raw(here))),
            (None, None) => match (before, self.peek()) {
                (Some(open), Some(close)) => {
                    QueryError::at(self.text, open.span.start..close.span.end, "there is nothing in these parentheses")
                        .cure("leave them out")
                }
                (Some(open), None) => self.never_closed(open.span.clone()),
                (None, Some(close)) => self.closes_nothing(close.span.clone()),
                (None, None) => QueryError::at(self.text, 0..0, "the question is empty"),
            },
        }
    }

    pub(super) fn no_value(&self, name: Name, span: Range<usize>) -> QueryError {
        let error = QueryError::at(self.text, span, format!("{}: has no value", name.text()));
        let cure = match self.peek() {
            Some(next) if matches!(next.token, Token::Word(_) | Token::Quoted(_)) && operator(next.token).is_none() => {
                format!("write it without the space: {}:{}", name.text(), shown(&one_line(self.raw(next))))
            }
            Some(Lexeme { token: Token::Open, .. }) => format!("write it without the space: {}:(", name.text()),
            _ => match name {
                Name::Title => "write title:assets or title:\"frozen assets\"".to_owned(),
                Name::Valued(valued) => format!("write {}", value::example(valued)),
            },
        };
        error.cure(format!("{cure}; the word itself is written \"{}\"", name.text()))
    }

    pub(super) fn never_closed(&self, open: Range<usize>) -> QueryError {
        QueryError::at(self.text, open, "this parenthesis is never closed").cure("add a ) where it ends")
    }

    pub(super) fn closes_nothing(&self, close: Range<usize>) -> QueryError {
        QueryError::at(self.text, close, "this parenthesis closes nothing").cure("leave it out, or add a ( before it")
    }

    /// `title:-x`
    pub(super) fn minus_inside(&self, name: Name, rest: &str, place: Range<usize>) -> QueryError {
        let name = name.text();
        let cure = format!("to leave it out write -{name}:{}", shown(rest.trim_start_matches('-')));
        QueryError::at(self.text, place, format!("{name}: takes a word without -")).cure(cure)
    }

    pub(super) fn too_many_nots(&self, place: Range<usize>) -> QueryError {
        QueryError::at(self.text, place, format!("there are more than {DEEPEST} NOTs in a row"))
            .cure("write one, or none")
    }

    pub(super) fn too_deep(&self, open: Range<usize>) -> QueryError {
        QueryError::at(self.text, open, format!("there are more than {DEEPEST} parentheses inside each other"))
            .cure("leave out those that are not needed")
    }
}
