//! A question of Lucene is cut into the tokens of its classic parser.
//!
//! Text enters; tokens with their places leave. The tokens are those of `QueryParser.jj` of Lucene 9: the longest one wins,
//! a backslash makes any character one of a word, and white space stands between them. Linear in the length of the text.

use std::ops::Range;

use crate::error::QueryError;

use super::super::super::lexer::{is_quote, is_space};
use super::super::super::shown;

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    And,
    Or,
    /// `NOT` or `!`.
    Not,
    Plus,
    Minus,
    Open,
    Close,
    Colon,
    /// A word, its backslashes included.
    Term(&'t str),
    /// A word with a wildcard, or a wildcard alone.
    Wild(&'t str),
    /// What stands between two quotation marks, its backslashes included.
    Quoted(&'t str),
    /// What follows a `~`.
    Tilde(&'t str),
    /// The number after a `^`.
    Caret(&'t str),
    /// `[from TO to}`
    Range(Bounds<'t>),
}

/// The two ends of a range, and whether each is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds<'t> {
    pub(super) from: &'t str,
    pub(super) with_from: bool,
    pub(super) to: &'t str,
    pub(super) with_to: bool,
}

/// A token with its place.
#[derive(Debug, Clone)]
pub(super) struct Lexeme<'t> {
    pub(super) token: Token<'t>,
    pub(super) span: Range<usize>,
}

/// Cuts the question; an error for what the classic parser cannot cut, or cuts as no asker means it.
pub(super) fn lex(text: &str) -> Result<Vec<Lexeme<'_>>, QueryError> {
    let mut lexemes = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        at += c.len_utf8();
        let rest = &text[at..];
        let token = match c {
            _ if is_space(c) => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            ':' => Token::Colon,
            '+' | '-' | '!' if rest.starts_with(is_space) => return Err(apart(text, start..at)),
            '+' => Token::Plus,
            '-' => Token::Minus,
            '!' => Token::Not,
            '"' => {
                let end = quote_end(rest).ok_or_else(|| {
                    let error = QueryError::at(text, start..at, "this quotation mark is never closed");
                    error.cure("close it; a quotation mark in the text is written \\\"")
                })?;
                at += end + 1;
                Token::Quoted(&rest[..end])
            }
            _ if is_quote(c) => {
                return Err(QueryError::at(text, start..at, format!("{c} is no quotation mark to Lucene"))
                    .cure("write \"frozen assets\" with straight quotation marks"));
            }
            '~' => {
                at += rest.find(|c: char| !is_inside(c)).unwrap_or(rest.len());
                Token::Tilde(&text[start + 1..at])
            }
            '^' => {
                at += rest.find(|c: char| !matches!(c, '0'..='9' | '.')).unwrap_or(rest.len());
                Token::Caret(&text[start + 1..at])
            }
            '[' | '{' => {
                let (bounds, length) = range(text, start)?;
                at += length;
                Token::Range(bounds)
            }
            ']' | '}' => {
                return Err(QueryError::at(text, start..at, format!("this {c} closes no range"))
                    .cure(format!("a range is written date:[2022 TO 2023]; in the text it is written \\{c}")));
            }
            '/' => return Err(slash(text, start)),
            _ => {
                at = start + word_end(text, start)?;
                word(&text[start..at])
            }
        };
        lexemes.push(Lexeme { token, span: start..at });
    }
    Ok(lexemes)
}

/// Whether a character can stand in a word behind its first one, without a backslash.
fn is_inside(c: char) -> bool {
    !is_space(c)
        && !is_quote(c)
        && !matches!(c, '!' | '(' | ')' | ':' | '^' | '[' | ']' | '{' | '}' | '~' | '*' | '?' | '\\' | '/')
}

/// The length of the word that begins here, wildcards and characters behind a backslash included.
fn word_end(text: &str, start: usize) -> Result<usize, QueryError> {
    let mut chars = text[start..].char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            if chars.next().is_none() {
                return Err(QueryError::at(text, start + at..start + at + 1, "there is nothing after this backslash")
                    .cure("leave it out, or write \\\\ for the backslash itself"));
            }
        } else if !is_inside(c) && !matches!(c, '*' | '?') {
            return Ok(at);
        }
    }
    Ok(text.len() - start)
}

fn word(raw: &str) -> Token<'_> {
    match raw {
        "AND" | "&&" => Token::And,
        "OR" | "||" => Token::Or,
        "NOT" => Token::Not,
        _ if has_wildcard(raw) => Token::Wild(raw),
        _ => Token::Term(raw),
    }
}

/// Whether a `*` or `?` stands in it without a backslash.
pub(super) fn has_wildcard(raw: &str) -> bool {
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '*' | '?' => return true,
            _ => {}
        }
    }
    false
}

/// Where the quotation mark stands that closes.
fn quote_end(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '"' => return Some(at),
            _ => {}
        }
    }
    None
}

/// The range that begins here, and its length behind the bracket.
fn range(text: &str, start: usize) -> Result<(Bounds<'_>, usize), QueryError> {
    let inside = &text[start + 1..];
    let unread = |end: usize| {
        QueryError::at(text, start..end, "this is no range")
            .cure(format!("write [2022 TO 2023]; in the text it is written \\{}", &text[start..=start]))
    };
    let Some(end) = inside.find([']', '}']) else { return Err(unread(start + 1)) };
    let whole = start + 1 + end + 1;
    let parts: Vec<&str> = inside[..end].split(is_space).filter(|part| !part.is_empty()).take(4).collect();
    let [from, "TO", to] = parts.as_slice() else { return Err(unread(whole)) };
    let unquoted = |bound: &'_ str| -> bool { bound.len() > 2 && bound.starts_with('"') && bound.ends_with('"') };
    let bare = |bound| if unquoted(bound) { &bound[1..bound.len() - 1] } else { bound };
    let bounds = Bounds {
        from: bare(from),
        with_from: text[start..].starts_with('['),
        to: bare(to),
        with_to: inside[end..].starts_with(']'),
    };
    Ok((bounds, end + 1))
}

/// `a - b`: a sign with a space behind it is a word to the classic parser, which no asker means.
fn apart(text: &str, span: Range<usize>) -> QueryError {
    let sign = &text[span.clone()];
    let cure = match sign {
        "+" => "write +assets without a space; leave it out for the sign itself",
        _ => "write -assets without a space, or NOT assets; leave it out for the sign itself",
    };
    QueryError::at(text, span, format!("{sign} before a space is a word to Lucene")).cure(cure)
}

/// `9/11` and `/froz.*/`
fn slash(text: &str, start: usize) -> QueryError {
    let is_edge = |c: char| is_space(c) || is_quote(c) || matches!(c, '(' | ')' | ':');
    let word_start = text[..start].rfind(is_edge).map_or(0, |at| {
        let edge = text[at..].chars().next().map_or(1, char::len_utf8);
        at + edge
    });
    let word_end = text[start..].find(is_edge).map_or(text.len(), |end| start + end);
    let colon = text[..start].ends_with(':') && text[start..].starts_with("//");
    if colon {
        let scheme = text[..start - 1].rfind(is_edge).map_or(0, |at| at + 1);
        if let Some(address) = text.get(scheme..word_end) {
            return QueryError::at(text, scheme..word_end, "an address needs quotes")
                .cure(format!("for articles published there write url:\"{}\"", shown(address)));
        }
    }
    let word = shown(&text[word_start..word_end].replace('\\', ""));
    QueryError::at(text, start..start + 1, "this / begins a regular expression, which has no equal here")
        .cure(format!("for the text itself write \"{word}\"; for endings write froz*"))
}
