//! What is written like a function: `ATLEAST/3(…)`, `2 OF (…)`, `FIRST/10(…)`, `ARTICLE(…)`, `LIKE(…)`.

use std::ops::Range;

use crate::article::ArticleId;
use crate::error::QueryError;

use super::lexer::{Lexeme, Token};
use super::near::{W_P, count};
use super::parser::{Parser, Scope};
use super::tree::{Kind, Node};
use super::{boolean, number, shown};

/// The functions by their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    AtLeast,
    First,
    Article,
    Like,
}

const NAMES: [(&str, Function); 4] = [
    ("ATLEAST", Function::AtLeast),
    ("FIRST", Function::First),
    ("ARTICLE", Function::Article),
    ("LIKE", Function::Like),
];

impl Parser<'_> {
    /// The function that begins here, if one does.
    pub(super) fn function(&mut self, scope: Scope) -> Result<Option<Node>, QueryError> {
        let Some(Token::Word(raw)) = self.peek().map(|lexeme| lexeme.token) else { return Ok(None) };
        if self.is_of(raw) {
            return self.of(scope, raw).map(Some);
        }
        let (name, digits) = raw.split_once('/').map_or((raw, None), |(name, digits)| (name, Some(digits)));
        let Some((_, function)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let counts = matches!(function, Function::AtLeast | Function::First);
        let place = self.lexemes[self.next].span.clone();
        let open = self.lexemes.get(self.next + 1).filter(|lexeme| lexeme.token == Token::Open);
        match (digits, open) {
            // `like (…)` with a space and in lower case is a word before a parenthesis; `LIKE (…)` is the function.
            (None, Some(open)) if open.glued || raw.bytes().all(|b| b.is_ascii_uppercase()) => {}
            (Some(digits), _) if counts && digits.bytes().all(|b| b.is_ascii_digit()) => {}
            _ => return Ok(None),
        }
        if let Scope::Values(valued) = scope {
            let message = format!("{raw} has no place among the values of {}:", valued.text());
            return Err(QueryError::at(self.text, place, message)
                .cure(format!("write it on its own; the word itself is written \"{raw}\"")));
        }
        let count = if counts { count(self.text, place.clone(), digits.unwrap_or(""), &with_slash(raw))? } else { 0 };
        let Some(open) = open.map(|open| open.span.clone()) else {
            let message = format!("{raw} needs parentheses");
            return Err(QueryError::at(self.text, place, message)
                .cure(format!("write {raw}(frozen OR seized); the word itself is written \"{raw}\"")));
        };
        if scope == Scope::Title && !counts {
            let message = format!("title: holds no {}", name.to_ascii_uppercase());
            return Err(QueryError::at(self.text, place, message).cure("write it on its own, outside title:"));
        }
        self.next += 2;
        let shell = place.start..open.end;
        let kind = match function {
            Function::Like => self.like(&shell)?,
            Function::Article => {
                let inner = self.group(scope, shell)?;
                self.check_article(&inner)?;
                Kind::Whole(Box::new(inner))
            }
            Function::AtLeast | Function::First => {
                let inner = self.group(scope, shell)?;
                let sign = raw.to_ascii_uppercase();
                let joined = match function {
                    Function::First => format!("write it for each, as in {sign}(frozen) AND {sign}(assets)"),
                    _ => W_P.to_owned(),
                };
                self.check_places(&inner, &sign, &joined)?;
                match function {
                    Function::AtLeast => Kind::AtLeast(count, Box::new(inner)),
                    _ => Kind::First(count, Box::new(inner)),
                }
            }
        };
        Ok(Some(Node { kind, span: place }))
    }

    /// Whether `2 OF (` begins here, whose number is `raw`.
    fn is_of(&self, raw: &str) -> bool {
        let token = |ahead: usize| self.lexemes.get(self.next + ahead).map(|lexeme| lexeme.token);
        raw.bytes().all(|b| b.is_ascii_digit())
            && matches!(token(1), Some(Token::Word(of)) if of.eq_ignore_ascii_case("of"))
            && token(2) == Some(Token::Open)
    }

    /// Whether `rest`, which stands glued to a field and has just been read, is a function with what follows it.
    pub(super) fn is_function(&self, rest: &str) -> bool {
        let token = |ahead: usize| self.lexemes.get(self.next + ahead).map(|lexeme| lexeme.token);
        if token(0) == Some(Token::Open) {
            let name = rest.split('/').next().unwrap_or(rest);
            let counted = rest.contains('/') && rest[name.len() + 1..].bytes().all(|b| b.is_ascii_digit());
            let called = name == rest && self.lexemes[self.next].glued;
            return (counted || called) && NAMES.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        }
        rest.bytes().all(|b| b.is_ascii_digit())
            && matches!(token(0), Some(Token::Word(of)) if of.eq_ignore_ascii_case("of"))
            && token(1) == Some(Token::Open)
    }

    fn of(&mut self, scope: Scope, raw: &str) -> Result<Node, QueryError> {
        let sign = self.place(self.next, 2);
        if let Scope::Values(valued) = scope {
            let message = format!("{raw} OF has no place among the values of {}:", valued.text());
            return Err(QueryError::at(self.text, sign, message).cure("write AND or OR between the values"));
        }
        let shell = self.place(self.next, 3);
        self.next += 3;
        self.enter(shell.end - 1..shell.end)?;
        let mut nodes = Vec::new();
        loop {
            if let Some(Lexeme { token: Token::Comma | Token::Close, span, .. }) = self.peek() {
                let message = "a part is missing here";
                return Err(QueryError::at(self.text, span.clone(), message).cure("write 2 OF (a, b, c)"));
            }
            let node = self.level(scope, Some(shell.clone()))?;
            if !boolean::finds(&node) {
                return Err(QueryError::at(self.text, node.span, format!("a part of {raw} OF is NOT alone"))
                    .cure("say what to look for, then what to leave out: 2 OF (a NOT x, b, c)"));
            }
            nodes.push(node);
            self.next += 1;
            // A level ends at a comma or at its `)`: it has refused the end of the question.
            if self.lexemes[self.next - 1].token == Token::Close {
                break;
            }
        }
        self.leave();
        if nodes.len() < 2 {
            return Err(QueryError::at(
                self.text,
                shell.start..self.lexemes[self.next - 1].span.end,
                "there is only one part",
            )
            .cure("write 2 OF (a, b, c), with commas between the parts"));
        }
        let count = match number(raw) {
            Some(count) if count >= 1 && count as usize <= nodes.len() => count,
            _ => {
                let message = format!("there are {} parts, of which {} cannot be", nodes.len(), shown(raw));
                return Err(
                    QueryError::at(self.text, sign, message).cure(format!("write a number from 1 to {}", nodes.len()))
                );
            }
        };
        Ok(Node { kind: Kind::Of(count, nodes), span: shell })
    }

    /// The reference between the parentheses of LIKE.
    fn like(&mut self, shell: &Range<usize>) -> Result<Kind, QueryError> {
        let wrong = |place: Range<usize>, message: String| {
            QueryError::at(self.text, place, message)
                .cure("write LIKE(k3v9q2mt7x0a#4), with the reference that is printed with a hit")
        };
        let (place, reference) = match self.peek() {
            Some(Lexeme { token: Token::Word(reference), span, .. }) => (span.clone(), *reference),
            Some(lexeme) => return Err(wrong(lexeme.span.clone(), "LIKE takes a reference".to_owned())),
            None => return Err(self.never_closed(shell.end - 1..shell.end)),
        };
        let paragraph = reference.split_once('#').filter(|(article, paragraph)| {
            ArticleId::with_prefix(article).is_some() && number(paragraph).is_some() && !paragraph.is_empty()
        });
        if paragraph.is_none() {
            return Err(wrong(place, format!("{} is no reference to a paragraph", shown(reference))));
        }
        self.next += 1;
        match self.peek() {
            Some(Lexeme { token: Token::Close, .. }) => self.next += 1,
            Some(lexeme) => return Err(wrong(lexeme.span.clone(), "LIKE takes one reference".to_owned())),
            None => return Err(self.never_closed(shell.end - 1..shell.end)),
        }
        Ok(Kind::Like(reference.to_owned()))
    }

    /// Refuses in ARTICLE(…) what cannot be asked of a whole article.
    fn check_article(&self, inner: &Node) -> Result<(), QueryError> {
        if let Some(part) = boolean::find(inner, &|kind| matches!(kind, Kind::Whole(_) | Kind::Like(_))) {
            return Err(QueryError::at(self.text, part.span.clone(), "ARTICLE holds no other ARTICLE and no LIKE")
                .cure("write it on its own, with AND"));
        }
        if !boolean::finds(inner) {
            return Err(QueryError::at(self.text, inner.span.clone(), "ARTICLE holds NOT alone")
                .cure("write NOT before it instead, as in assets NOT ARTICLE(gold)"));
        }
        Ok(())
    }
}

/// The name of a function that counts, with its slash.
fn with_slash(raw: &str) -> String {
    if raw.contains('/') { raw.to_owned() } else { format!("{raw}/") }
}
