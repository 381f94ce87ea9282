//! From tokens to a tree, by recursive descent.
//!
//! A question enters; its tree or the first fault in it leaves. No precedence between AND and OR is ever assumed, no
//! operator is dropped. Linear in the length of the question; its depth and length have limits.

use std::ops::Range;

use crate::error::QueryError;

use super::field::{self, Name, Valued};
use super::lexer::{self, Lexeme, Token};
use super::mix::{self, Link};
use super::tree::{Form, Kind, Node};
use super::{Join, boolean, foreign, near, shown, value, word};

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
    if boolean::height(&tree) > DEEPEST {
        return Err(parser.too_deep(parser.deepest.clone()));
    }
    if !boolean::finds(&tree) {
        return Err(QueryError::at(text, tree.span, "a question of NOT alone finds everything else")
            .cure("say what to look for, then what to leave out: assets NOT frozen"));
    }
    Ok(tree)
}

/// What a word means where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// A word of the paragraph.
    Paragraph,
    /// A word of the headline.
    Title,
    /// A value of this field.
    Values(Valued),
}

/// A place in a question, between two tokens.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) lexemes: Vec<Lexeme<'t>>,
    /// The token to be read next.
    pub(super) next: usize,
    join: Join,
    /// How many parentheses are open.
    depth: usize,
    /// The first parenthesis that was as deep as can be.
    deepest: Range<usize>,
}

impl<'t> Parser<'t> {
    /// Operands and the operators between them, up to the end or a `)`. `shell` is the text from the beginning of the
    /// group up to its `(`.
    pub(super) fn level(&mut self, scope: Scope, shell: Option<Range<usize>>) -> Result<Node, QueryError> {
        let mut operands = vec![self.operand(scope)?];
        let mut links = Vec::new();
        while let Some(lexeme) = self.peek().filter(|lexeme| !matches!(lexeme.token, Token::Close | Token::Comma)) {
            let (place, text) = (lexeme.span.clone(), self.raw(lexeme));
            let link = match operator(lexeme.token) {
                Some(Operator::And) => Link { join: Join::All, text, place },
                Some(Operator::Or) => Link { join: Join::Any, text, place },
                // `a NOT b` and `NOT b a` leave b out whatever side by side means.
                Some(Operator::Not) => Link { join: Join::All, text: "", place },
                Some(Operator::Near) => return Err(self.missing()),
                None if matches!(operands.last(), Some(Node { kind: Kind::Not(_), .. })) => {
                    Link { join: Join::All, text: "", place }
                }
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
            Some(Join::Any) => boolean::any(operands),
            _ => boolean::all(operands),
        };
        Ok(joined.expect("a level has an operand"))
    }

    /// One operand with the NOTs before it. Its span is all that it was written with.
    fn operand(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let first = self.next;
        self.refuse_foreign()?;
        while self.peek().is_some_and(|lexeme| operator(lexeme.token) == Some(Operator::Not)) {
            if self.next - first == DEEPEST {
                return Err(self.too_many_nots(self.lexemes[self.next].span.clone()));
            }
            self.next += 1;
            self.refuse_foreign()?;
        }
        let nots = self.next - first;
        let inner = self.next;
        let mut node = self.near(scope)?;
        let end = self.lexemes[self.next - 1].span.end;
        node.span = self.lexemes[inner].span.start..end;
        let span = self.lexemes[first].span.start..end;
        Ok(match nots % 2 {
            0 => Node { span, ..node },
            _ => boolean::not(node, span),
        })
    }

    pub(super) fn atom(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let Some(Lexeme { token, span, glued }) = self.peek().cloned() else { return Err(self.missing()) };
        let after_quote = glued && matches!(self.lexemes[self.next - 1].token, Token::Quoted(_));
        let kind = match (token, scope) {
            _ if operator(token).is_some() => return Err(self.missing()),
            (Token::Close | Token::Minus | Token::Comma, _) => return Err(self.missing()),
            (Token::Open, _) => {
                self.next += 1;
                let group = self.group(scope, span)?;
                self.refuse_boost()?;
                return Ok(group);
            }
            (Token::Quoted(quoted), _) => {
                self.next += 1;
                self.quoted(scope, quoted, span.clone())?
            }
            (Token::Word(raw), _) => {
                if let Some(function) = self.function(scope)? {
                    self.refuse_boost()?;
                    return Ok(function);
                }
                self.next += 1;
                word::refuse_half_operator(self.text, span.clone(), raw)?;
                match (scope, field::split(raw)) {
                    (Scope::Paragraph, Some((name, rest))) => return self.field(name, rest, span),
                    (Scope::Values(valued), _) => self.value(valued, raw, span.clone())?,
                    _ => self.word(raw, span.clone(), after_quote)?,
                }
            }
        };
        Ok(Node { kind, span })
    }

    /// What stands between parentheses, the first of which has just been read.
    pub(super) fn group(&mut self, scope: Scope, shell: Range<usize>) -> Result<Node, QueryError> {
        self.enter(shell.end - 1..shell.end)?;
        let node = self.level(scope, Some(shell))?;
        self.leave();
        // A level ends at its `)`: it has refused the end of the question, and commas divide only what OF holds.
        self.next += 1;
        Ok(node)
    }

    /// Counts a parenthesis that opens.
    pub(super) fn enter(&mut self, open: Range<usize>) -> Result<(), QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.too_deep(open));
        }
        if self.depth == DEEPEST && self.deepest.is_empty() {
            self.deepest = open;
        }
        Ok(())
    }

    /// Counts a parenthesis that closes.
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// `(a OR b)^2`
    fn refuse_boost(&self) -> Result<(), QueryError> {
        match self.peek() {
            Some(Lexeme { token: Token::Word(raw), span, glued: true }) if raw.starts_with(['^', '~']) => {
                let message = format!("{} stands behind a parenthesis", shown(raw));
                Err(QueryError::at(self.text, span.clone(), message).cure("write it behind a word or phrase"))
            }
            _ => Ok(()),
        }
    }

    /// `name:rest`, which has just been read, with the parentheses or quotation marks glued to it.
    fn field(&mut self, name: Name, rest: &'t str, span: Range<usize>) -> Result<Node, QueryError> {
        let scope = match name {
            Name::Title => Scope::Title,
            Name::Valued(valued) => Scope::Values(valued),
        };
        let glued = self.peek().filter(|next| next.glued).map(|next| (next.token, next.span.clone()));
        let node = if !rest.is_empty() {
            let place = span.end - rest.len()..span.end;
            let kind = match scope {
                Scope::Values(valued) => self.value(valued, rest, place.clone())?,
                _ if rest.starts_with('-') => {
                    return Err(self.minus_inside(name, rest, place));
                }
                _ if self.is_function(rest) => {
                    let message = format!("title: stands right before {rest}");
                    return Err(QueryError::at(self.text, place, message)
                        .cure(format!("write title:({rest} …), or title:\"{rest}\" for the text itself")));
                }
                _ => self.word(rest, place.clone(), false)?,
            };
            Node { kind, span: place }
        } else if let Some((Token::Open, open)) = glued {
            self.next += 1;
            self.group(scope, span.start..open.end)?
        } else if let Some((Token::Quoted(quoted), quotes)) = glued {
            self.next += 1;
            Node { kind: self.quoted(scope, quoted, quotes.clone())?, span: quotes }
        } else {
            return Err(self.no_value(name, span));
        };
        if name != Name::Title {
            return Ok(node);
        }
        if !boolean::finds(&node) {
            return Err(QueryError::at(self.text, node.span, "title: holds NOT alone")
                .cure("write NOT before title: instead, as in NOT title:gold"));
        }
        Ok(Node { span: node.span.clone(), kind: Kind::Title(Box::new(node)) })
    }

    fn quoted(&mut self, scope: Scope, quoted: &str, span: Range<usize>) -> Result<Kind, QueryError> {
        match scope {
            Scope::Values(valued) => value::value(self.text, span, valued, quoted, true),
            Scope::Paragraph | Scope::Title => self.phrase(span, quoted, Form::Any),
        }
    }

    /// A quoted stretch with the marks glued to its end: `"a b c"~3`, `"a b"^2`.
    fn phrase(&mut self, span: Range<usize>, quoted: &str, form: Form) -> Result<Kind, QueryError> {
        let marks = match self.peek() {
            Some(Lexeme { token: Token::Word(raw), span, glued: true }) if raw.starts_with(['~', '^']) => {
                Some((*raw, span.clone()))
            }
            _ => None,
        };
        self.next += usize::from(marks.is_some());
        word::quoted(self.text, span, quoted, form, marks)
    }

    /// A bare word of the text, or `=` with the quotation marks glued to it.
    fn word(&mut self, raw: &'t str, span: Range<usize>, after_quote: bool) -> Result<Kind, QueryError> {
        if let Some(Lexeme { token: Token::Quoted(quoted), span: quotes, glued: true }) = self.peek().cloned()
            && raw.ends_with('=')
        {
            return match word::form(raw) {
                (form, "") => {
                    self.next += 1;
                    self.phrase(span.start..quotes.end, quoted, form)
                }
                _ => Err(QueryError::at(self.text, span, "= stands only in front of a word or a phrase")
                    .cure("a field is written with a colon, as in source:\"new york times\"")),
            };
        }
        word::bare(self.text, span, raw, after_quote)
    }

    /// A bare value, which must end where the word ends.
    fn value(&self, valued: Valued, raw: &str, span: Range<usize>) -> Result<Kind, QueryError> {
        if let Some(next) = self.peek().filter(|next| next.glued && !matches!(next.token, Token::Close | Token::Comma))
        {
            let name = valued.text();
            let mark = if next.token == Token::Open { "parenthesis" } else { "quotation mark" };
            let at = next.span.start..next.span.start;
            return Err(QueryError::at(self.text, at, format!("a {mark} is glued to the value of {name}:"))
                .cure(format!("put the whole value in quotes, as in {name}:\"…\", or a space behind it")));
        }
        value::value(self.text, span, valued, raw, false)
    }

    pub(super) fn peek(&self) -> Option<&Lexeme<'t>> {
        self.lexemes.get(self.next)
    }

    pub(super) fn raw(&self, lexeme: &Lexeme<'t>) -> &'t str {
        &self.text[lexeme.span.clone()]
    }

    pub(super) fn refuse_foreign(&self) -> Result<(), QueryError> {
        // What stands behind a word or a parenthesis that is closed may be an operator between two.
        let between = self.next.checked_sub(1).is_some_and(|before| {
            let token = self.lexemes[before].token;
            operator(token).is_none() && !matches!(token, Token::Open | Token::Comma)
        });
        let Some(refusal) = foreign::operator(&self.lexemes[self.next..], between) else { return Ok(()) };
        let span = self.lexemes[self.next].span.start..self.lexemes[self.next + refusal.tokens - 1].span.end;
        Err(QueryError::at(self.text, span, refusal.message).cure(refusal.cure))
    }
}

/// The operators between and before operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
    Near,
}

pub(super) fn operator(token: Token) -> Option<Operator> {
    match token {
        Token::Word("AND" | "and") => Some(Operator::And),
        Token::Word("OR" | "or") => Some(Operator::Or),
        Token::Word("NOT" | "not") | Token::Minus => Some(Operator::Not),
        Token::Word(raw) if near::is_operator(raw) => Some(Operator::Near),
        _ => None,
    }
}
