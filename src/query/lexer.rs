//! The question is cut into words, quoted stretches, parentheses and the minus of NOT.
//!
//! Text enters; tokens with their places leave. No word is looked into here: whether `AND` is an operator and what
//! `title:x` means is the parser's business. Linear in the length of the text.

use std::ops::Range;

use crate::error::QueryError;

use super::shown;

/// One piece of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// `(`
    Open,
    /// `)`
    Close,
    /// The `-` of `-word`.
    Minus,
    /// The `,` between the parts of `2 OF (a, b, c)`; elsewhere a comma is part of the word it touches.
    Comma,
    /// What stands between two quotation marks.
    Quoted(&'t str),
    /// Everything else, up to white space, a parenthesis or a quotation mark.
    Word(&'t str),
}

/// A token with its place.
#[derive(Debug, Clone)]
pub(super) struct Lexeme<'t> {
    /// The token.
    pub(super) token: Token<'t>,
    /// Its place, as a byte range, quotation marks included.
    pub(super) span: Range<usize>,
    /// Whether it follows the token before it without a space.
    pub(super) glued: bool,
}

/// Cuts the question; an error for a quotation mark without its partner.
pub(super) fn lex(text: &str) -> Result<Vec<Lexeme<'_>>, QueryError> {
    let mut lexemes: Vec<Lexeme> = Vec::new();
    // For each open parenthesis, whether commas divide what is in it.
    let mut divided: Vec<bool> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        at += c.len_utf8();
        let token = match c {
            _ if is_space(c) => continue,
            '(' => {
                divided.push(is_after_of(&lexemes));
                Token::Open
            }
            ')' => {
                divided.pop();
                Token::Close
            }
            ',' if divided.last() == Some(&true) => Token::Comma,
            '-' if is_minus(text, start, lexemes.last()) => Token::Minus,
            _ if is_quote(c) => {
                let rest = &text[at..];
                let Some((end, mark)) = rest.char_indices().find(|(_, mark)| closes(c, *mark)) else {
                    return Err(unclosed(text, start..at, rest));
                };
                at += end + mark.len_utf8();
                Token::Quoted(&rest[..end])
            }
            _ => {
                let rest = &text[start..];
                let list = divided.last() == Some(&true);
                let ends =
                    |(place, c): &(usize, char)| ends_word(*c) || list && *c == ',' && !joins_digits(rest, *place);
                let end = rest.char_indices().find(ends).map_or(rest.len(), |(place, _)| place);
                at = start + end;
                Token::Word(&rest[..end])
            }
        };
        let glued = lexemes.last().is_some_and(|before| before.span.end == start);
        lexemes.push(Lexeme { token, span: start..at, glued });
    }
    Ok(lexemes)
}

/// Whether the parenthesis that follows these tokens is that of `2 OF (…)`.
fn is_after_of(before: &[Lexeme]) -> bool {
    let [.., Lexeme { token: Token::Word(count), .. }, Lexeme { token: Token::Word(of), .. }] = before else {
        return false;
    };
    of.eq_ignore_ascii_case("of") && count.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the comma at `at` is that of a number such as 1,000.
fn joins_digits(word: &str, at: usize) -> bool {
    let digit = |at: Option<usize>| at.and_then(|at| word.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    digit(at.checked_sub(1)) && digit(Some(at + 1))
}

/// White space; and what is as invisible: control characters, marks of direction, the zero-width space and the byte order
/// mark, which pasted text brings along. So no tree holds any of them, and printing one is safe.
pub(super) fn is_space(c: char) -> bool {
    let direction = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_whitespace() || c.is_control() || direction || matches!(c, '\u{200b}' | '\u{feff}')
}

/// A double quotation mark, straight or typographic. Single ones are apostrophes (`Putin's`, `l’Ukraine`).
pub(super) fn is_quote(c: char) -> bool {
    is_comma_quote(c) || is_angle_quote(c)
}

/// The words of a quoted stretch, separated by single spaces. Quotation marks of the other family inside it
/// (`“the «frozen» assets”`) are no part of any word and leave with the spaces.
pub(super) fn words_of(quoted: &str) -> String {
    let mut words = String::with_capacity(quoted.len());
    for word in quoted.split(|c| is_space(c) || is_quote(c)).filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

/// White space made single, control characters with it: a cure is printed as it stands.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(is_space).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn is_comma_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟')
}

fn is_angle_quote(c: char) -> bool {
    matches!(c, '«' | '»')
}

/// Languages disagree on which mark opens and which closes (`„so“`, `“so”`, `«so»`, `»so«`): any of a family closes.
fn closes(opened: char, c: char) -> bool {
    if is_comma_quote(opened) { is_comma_quote(c) } else { is_angle_quote(c) }
}

fn ends_word(c: char) -> bool {
    is_space(c) || is_quote(c) || matches!(c, '(' | ')')
}

/// The minus of NOT begins a word and is glued to it. In `F-16`, in `a - b` and in `--` it is none.
fn is_minus(text: &str, at: usize, last: Option<&Lexeme>) -> bool {
    let divided = last.is_some_and(|last| last.token == Token::Comma && last.span.end == at);
    let before = text[..at].chars().next_back();
    let after = text[at + 1..].chars().next();
    (divided || before.is_none_or(|c| is_space(c) || matches!(c, '(' | ')')))
        && after.is_some_and(|c| !is_space(c) && !matches!(c, ')' | '-'))
}

fn unclosed(text: &str, mark: Range<usize>, rest: &str) -> QueryError {
    let error = QueryError::at(text, mark, "this quotation mark is never closed");
    match words_of(rest) {
        words if words.is_empty() => error.cure("leave it out"),
        words => error.cure(format!("close it, as in \"{}\"", shown(&words))),
    }
}
