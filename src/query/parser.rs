//! From tokens to a tree, by recursive descent.
//!
//! A question enters; its tree or the first fault in it leaves. No precedence between AND and OR is ever assumed, no
//! operator is dropped. Linear in the length of the question; its depth and length have limits.

use std::ops::Range;

use crate::error::QueryError;

use super::field::{self, Name};
use super::lexer::{self, Lexeme, Token};
use super::mix::{self, Link};
use super::tree::{Form, Kind, Node};
use super::{Join, all, any, later, shown, value, word};

/// The longest question, in bytes.
pub const LONGEST: usize = 64 * 1024;

/// How many parentheses, or how many NOTs in a row, may stand around a word.
pub const DEEPEST: usize = 100;

/// Reads a question.
///
/// ```
/// use nutgraf::query::{Join, parse};
///
/// let tree = parse("(frozen OR seized) assets -title:gold source:\"new york times\"", Join::All)?;
/// assert_eq!(
///     tree.to_string(),
///     "((frozen OR seized) AND assets AND NOT title:gold AND source:\"new york times\")"
/// );
/// assert_eq!(parse("frozen assets", Join::Any)?.to_string(), "(frozen OR assets)");
/// # Ok::<(), nutgraf::error::QueryError>(())
/// ```
///
/// # Errors
///
/// With the place and, where there is one, the cure, when the question is empty, longer than [`LONGEST`] or deeper than
/// [`DEEPEST`], ambiguous, incomplete, of NOT alone, or asks for what this version does not have.
pub fn parse(text: &str, join: Join) -> Result<Node, QueryError> {
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        let message = format!("the question is longer than {} KiB", LONGEST / 1024);
        return Err(QueryError::at(&text[..end], end..end, message).cure("ask for less, or in several questions"));
    }
    let lexemes = lexer::lex(text)?;
    if lexemes.is_empty() {
        return Err(QueryError::at(text, 0..0, "the question is empty").cure("write what to look for: frozen assets"));
    }
    let mut parser = Parser { text, lexemes, next: 0, join, depth: 0, deepest: 0..0 };
    let tree = parser.level(Scope::Paragraph, None)?;
    if let Some(close) = parser.peek() {
        return Err(parser.closes_nothing(close.span.clone()));
    }
    // The printed tree has parentheses around the whole, and must not be too deep to be read again.
    if height(&tree) > DEEPEST {
        return Err(parser.too_deep(parser.deepest.clone()));
    }
    if !finds(&tree) {
        return Err(QueryError::at(text, tree.span, "a question of NOT alone finds everything else")
            .cure("say what to look for, then what to leave out: assets NOT frozen"));
    }
    Ok(tree)
}

/// What a word means where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// A word of the paragraph.
    Paragraph,
    /// A word of the headline.
    Title,
    /// A value of this field.
    Values(Name),
}

struct Parser<'t> {
    text: &'t str,
    lexemes: Vec<Lexeme<'t>>,
    /// The token to be read next.
    next: usize,
    join: Join,
    /// How many parentheses are open.
    depth: usize,
    /// The first parenthesis that was as deep as can be.
    deepest: Range<usize>,
}

impl<'t> Parser<'t> {
    /// Operands and the operators between them, up to the end or a `)`. `shell` is the text from the beginning of the
    /// group up to its `(`.
    fn level(&mut self, scope: Scope, shell: Option<Range<usize>>) -> Result<Node, QueryError> {
        let mut operands = vec![self.operand(scope)?];
        let mut links = Vec::new();
        while let Some(lexeme) = self.peek() {
            let (place, text) = (lexeme.span.clone(), self.raw(lexeme));
            let link = match operator(lexeme.token) {
                _ if lexeme.token == Token::Close => break,
                Some(Operator::And) => Link { join: Join::All, text, place },
                Some(Operator::Or) => Link { join: Join::Any, text, place },
                // `a NOT b` leaves b out whatever side by side means.
                Some(Operator::Not) => Link { join: Join::All, text: "", place },
                None => Link { join: self.join, text: "", place },
            };
            if !link.text.is_empty() {
                self.next += 1;
            }
            links.push(link);
            operands.push(self.operand(scope)?);
        }
        if let Some(shell) = &shell
            && self.peek().is_none()
        {
            return Err(self.never_closed(shell.end - 1..shell.end));
        }
        if let Some(first) = links.first()
            && links.iter().any(|link| link.join != first.join)
        {
            return Err(mix::error(self.text, &operands, &links, shell, self.join));
        }
        let joined = match links.first().map(|link| link.join) {
            Some(Join::Any) => any(operands),
            _ => all(operands),
        };
        Ok(joined.expect("a level has an operand"))
    }

    /// One operand with the NOTs before it. Its span is all that it was written with.
    fn operand(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let first = self.next;
        self.refuse_later()?;
        while self.peek().is_some_and(|lexeme| operator(lexeme.token) == Some(Operator::Not)) {
            if self.next - first == DEEPEST {
                let at = self.lexemes[self.next].span.clone();
                return Err(QueryError::at(self.text, at, format!("there are more than {DEEPEST} NOTs in a row"))
                    .cure("write one, or none"));
            }
            self.next += 1;
            self.refuse_later()?;
        }
        let nots = self.next - first;
        let inner = self.next;
        let mut node = self.atom(scope)?;
        let end = self.lexemes[self.next - 1].span.end;
        node.span = self.lexemes[inner].span.start..end;
        let span = self.lexemes[first].span.start..end;
        Ok(match (nots % 2, node.kind) {
            (0, kind) => Node { kind, span },
            (_, Kind::Not(inner)) => Node { kind: inner.kind, span },
            (_, kind) => Node { kind: Kind::Not(Box::new(Node { kind, span: node.span })), span },
        })
    }

    fn atom(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let Some(Lexeme { token, span, glued }) = self.peek().cloned() else { return Err(self.missing()) };
        if token == Token::Close || operator(token).is_some() {
            return Err(self.missing());
        }
        let after_quote = glued && matches!(self.lexemes[self.next - 1].token, Token::Quoted(_));
        self.next += 1;
        let kind = match (token, scope) {
            (Token::Open, _) => return self.group(scope, span.start..span.end),
            (Token::Quoted(quoted), Scope::Values(name)) => value::value(self.text, span.clone(), name, quoted, true)?,
            (Token::Quoted(quoted), _) => word::quoted(self.text, span.clone(), quoted, Form::Any)?,
            (Token::Word(raw), Scope::Values(name)) => self.value(name, raw, span.clone())?,
            (Token::Word(raw), scope) => match field::split(raw) {
                Some((name, rest)) if scope == Scope::Paragraph => return self.field(name, rest, span),
                Some(_) => {
                    return Err(QueryError::at(self.text, span, "title: holds words and phrases, no other field")
                        .cure(format!("write {} outside the parentheses of title:", shown(raw))));
                }
                None => self.word(raw, span.clone(), after_quote)?,
            },
            (Token::Close | Token::Minus, _) => return Err(self.missing()),
        };
        Ok(Node { kind, span })
    }

    /// What stands between parentheses, the first of which has just been read.
    fn group(&mut self, scope: Scope, shell: Range<usize>) -> Result<Node, QueryError> {
        let open = shell.end - 1..shell.end;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.too_deep(open));
        }
        if self.depth == DEEPEST && self.deepest.is_empty() {
            self.deepest = open;
        }
        let node = self.level(scope, Some(shell))?;
        self.depth -= 1;
        // A level ends at its `)`: it has refused the end of the question.
        self.next += 1;
        Ok(node)
    }

    /// `name:rest`, which has just been read, with the parentheses or quotation marks glued to it.
    fn field(&mut self, name: Name, rest: &'t str, span: Range<usize>) -> Result<Node, QueryError> {
        let place = span.end - rest.len()..span.end;
        let glued = self.peek().filter(|lexeme| lexeme.glued).map(|lexeme| (lexeme.token, lexeme.span.clone()));
        let node = match glued {
            Some((Token::Open, open)) if rest.is_empty() => {
                self.next += 1;
                let scope = if name == Name::Title { Scope::Title } else { Scope::Values(name) };
                self.group(scope, span.start..open.end)?
            }
            Some((Token::Quoted(quoted), quotes)) if rest.is_empty() => {
                self.next += 1;
                let kind = match name {
                    Name::Title => word::quoted(self.text, quotes.clone(), quoted, Form::Any)?,
                    _ => value::value(self.text, quotes.clone(), name, quoted, true)?,
                };
                Node { kind, span: quotes }
            }
            _ if rest.is_empty() => return Err(self.no_value(name, span)),
            _ => {
                let kind = match name {
                    Name::Title => self.word(rest, place.clone(), false)?,
                    _ => self.value(name, rest, place.clone())?,
                };
                Node { kind, span: place }
            }
        };
        if name != Name::Title {
            return Ok(node);
        }
        if !finds(&node) {
            return Err(QueryError::at(self.text, node.span, "title: holds NOT alone")
                .cure("write NOT before title: instead, as in NOT title:gold"));
        }
        Ok(Node { span: node.span.clone(), kind: Kind::Title(Box::new(node)) })
    }

    /// A bare word of the text, or `=` with the quotation marks glued to it.
    fn word(&mut self, raw: &'t str, span: Range<usize>, after_quote: bool) -> Result<Kind, QueryError> {
        if let Some(Lexeme { token: Token::Quoted(quoted), span: quotes, glued: true }) = self.peek().cloned()
            && raw.ends_with('=')
        {
            return match word::form(raw) {
                (form, "") => {
                    self.next += 1;
                    word::quoted(self.text, span.start..quotes.end, quoted, form)
                }
                _ => Err(QueryError::at(self.text, span, "= stands only in front of a word or a phrase")
                    .cure("a field is written with a colon, as in source:\"new york times\"")),
            };
        }
        word::bare(self.text, span, raw, after_quote)
    }

    /// A bare value, which must end where the word ends.
    fn value(&self, name: Name, raw: &str, span: Range<usize>) -> Result<Kind, QueryError> {
        if let Some(next) = self.peek().filter(|next| next.glued && next.token != Token::Close) {
            let message = format!(
                "the value of {}: goes on with {}",
                name.text(),
                &self.text[next.span.start..next.span.start + self.first_char(next)]
            );
            return Err(QueryError::at(self.text, next.span.clone(), message)
                .cure(format!("put the whole value in quotes, as in {}:\"…\", or a space behind it", name.text())));
        }
        value::value(self.text, span, name, raw, false)
    }

    fn peek(&self) -> Option<&Lexeme<'t>> {
        self.lexemes.get(self.next)
    }

    fn raw(&self, lexeme: &Lexeme<'t>) -> &'t str {
        &self.text[lexeme.span.clone()]
    }

    fn first_char(&self, lexeme: &Lexeme<'t>) -> usize {
        self.raw(lexeme).chars().next().map_or(0, char::len_utf8)
    }

    fn refuse_later(&self) -> Result<(), QueryError> {
        let Some(refusal) = later::operator(&self.lexemes[self.next..]) else { return Ok(()) };
        let span = self.lexemes[self.next].span.start..self.lexemes[self.next + refusal.tokens - 1].span.end;
        Err(QueryError::at(self.text, span, refusal.message).cure(refusal.cure))
    }

    /// The fault where an operand should begin and does not.
    fn missing(&self) -> QueryError {
        let before = self.next.checked_sub(1).map(|before| &self.lexemes[before]);
        let here = self.peek().filter(|lexeme| lexeme.token != Token::Close);
        let dangling = |lexeme: &Lexeme<'t>, message: String| {
            let cure = format!("leave it out; the word itself is written \"{}\"", self.raw(lexeme));
            QueryError::at(self.text, lexeme.span.clone(), message).cure(cure)
        };
        match (before.filter(|lexeme| operator(lexeme.token).is_some()), here) {
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

    fn no_value(&self, name: Name, span: Range<usize>) -> QueryError {
        let error = QueryError::at(self.text, span, format!("{}: has no value", name.text()));
        let cure = match self.peek() {
            Some(next) if matches!(next.token, Token::Word(_) | Token::Quoted(_)) && operator(next.token).is_none() => {
                format!("write it without the space: {}:{}", name.text(), shown(&one_line(self.raw(next))))
            }
            Some(Lexeme { token: Token::Open, .. }) => format!("write it without the space: {}:(", name.text()),
            _ => format!("write {}", value::example(name)),
        };
        error.cure(format!("{cure}; the word itself is written \"{}\"", name.text()))
    }

    fn never_closed(&self, open: Range<usize>) -> QueryError {
        QueryError::at(self.text, open, "this parenthesis is never closed").cure("add a ) where it ends")
    }

    fn closes_nothing(&self, close: Range<usize>) -> QueryError {
        QueryError::at(self.text, close, "this parenthesis closes nothing").cure("leave it out, or add a ( before it")
    }

    fn too_deep(&self, open: Range<usize>) -> QueryError {
        QueryError::at(self.text, open, format!("there are more than {DEEPEST} parentheses inside each other"))
            .cure("leave out those that are not needed")
    }
}

/// The operators between and before operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    And,
    Or,
    Not,
}

fn operator(token: Token) -> Option<Operator> {
    match token {
        Token::Word("AND" | "and") => Some(Operator::And),
        Token::Word("OR" | "or") => Some(Operator::Or),
        Token::Word("NOT" | "not") | Token::Minus => Some(Operator::Not),
        _ => None,
    }
}

/// White space made single, control characters with it: a cure is printed as it stands.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(lexer::is_space).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// How many parentheses stand inside each other in the printed tree.
fn height(node: &Node) -> usize {
    match &node.kind {
        Kind::And(nodes) | Kind::Or(nodes) => 1 + nodes.iter().map(height).max().unwrap_or(0),
        Kind::Not(inner) | Kind::Title(inner) => height(inner),
        _ => 0,
    }
}

/// Whether it says what to look for, not only what to leave out.
pub(super) fn finds(node: &Node) -> bool {
    match &node.kind {
        Kind::Not(_) => false,
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter().any(finds),
        _ => true,
    }
}
