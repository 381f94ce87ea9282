//! Words and phrases: the leaves of a question.
//!
//! One raw word or quoted stretch enters; a word or phrase as it was typed leaves, or the reason why it is none. Hyphens,
//! dots, apostrophes and slashes stay (`open-door`, `U.S.`, `9/11`): splitting them is the business of the analysis.

use std::ops::Range;

use crate::error::QueryError;

use super::tree::{Form, Kind, Phrase, Word};
use super::{field, later, lexer, searchable, shown};

/// Splits off the `=` or `==` in front.
pub(super) fn form(raw: &str) -> (Form, &str) {
    match (raw.strip_prefix("=="), raw.strip_prefix('=')) {
        (Some(rest), _) => (Form::Cased, rest),
        (_, Some(rest)) => (Form::Exact, rest),
        _ => (Form::Any, raw),
    }
}

/// Reads a bare word with its form; `after_quote` when it is glued to a quoted stretch before it.
pub(super) fn bare(text: &str, span: Range<usize>, raw: &str, after_quote: bool) -> Result<Kind, QueryError> {
    let refuse = |message: String, cure: String| Err(QueryError::at(text, span.clone(), message).cure(cure));
    let (form, word) = form(raw);
    let marks = &raw[..raw.len() - word.len()];

    if word.starts_with('=') {
        return refuse(
            "there are too many = signs".into(),
            "write =word for this form, ==Word for this case too".into(),
        );
    }
    if word.is_empty() {
        let cure = format!("write {marks}frozen or {marks}\"frozen assets\", without a space or a parenthesis between");
        return refuse(format!("{marks} stands before no word"), cure);
    }
    if word.contains("://") {
        let (message, cure) = field::unknown(word);
        return refuse(message, cure);
    }
    if let Some(refusal) = later::mark(word, after_quote) {
        return refuse(refusal.message, refusal.cure);
    }
    if word.contains(':') {
        return match field::split(word) {
            Some(_) if form == Form::Any => {
                let message = "title: holds words and phrases, no other field".to_owned();
                refuse(message, format!("write {} on its own, outside title:", shown(word)))
            }
            Some((name, rest)) => {
                let cure = format!("write {}:{marks}{}", name.text(), shown(rest));
                refuse(format!("{marks} stands before a field"), cure)
            }
            None => {
                let (message, cure) = field::unknown(word);
                refuse(message, cure)
            }
        };
    }
    if let Some(cure) = field::compared(word) {
        return refuse(
            "a field is written with a colon".into(),
            format!("write {cure}; for the text itself write \"{}\"", shown(word)),
        );
    }
    if !searchable(word) {
        let cure = match word {
            "&" | "&&" => "write AND",
            "|" | "||" => "write OR",
            "!" => "write NOT",
            ".." => "write a range without spaces, such as date:2022-02..2022-12",
            _ => "leave it out",
        };
        return refuse(format!("there is nothing to search for in {}", shown(word)), cure.into());
    }
    if form == Form::Any
        && let Some((message, cure)) = misleading(word, after_quote)
    {
        return refuse(message, cure);
    }
    Ok(Kind::Word(Word { text: word.to_owned(), form, slips: None }))
}

/// Reads a quoted stretch: one word in it is a word, more are a phrase.
pub(super) fn quoted(text: &str, span: Range<usize>, quoted: &str, form: Form) -> Result<Kind, QueryError> {
    let words = lexer::words_of(quoted);
    if words.is_empty() {
        return Err(QueryError::at(text, span, "these quotation marks are empty").cure("leave them out"));
    }
    if let Some(refusal) = words.split(' ').find_map(later::wildcard) {
        let mark = text[span.clone()].find(['*', '?']).map_or(span.clone(), |at| span.start + at..span.start + at + 1);
        return Err(QueryError::at(text, mark, refusal.message).cure(refusal.cure));
    }
    if !searchable(&words) {
        let message = format!("there is nothing to search for in \"{}\"", shown(&words));
        return Err(QueryError::at(text, span, message).cure("leave it out"));
    }
    Ok(match words.contains(' ') {
        true => Kind::Phrase(Phrase { text: words, form, window: None }),
        false => Kind::Word(Word { text: words, form, slips: None }),
    })
}

/// Refuses `Not`, `And`, `Or` and `and/or`: to read `Not frozen` as two words would answer the opposite of the question.
pub(super) fn refuse_half_operator(text: &str, span: Range<usize>, raw: &str) -> Result<(), QueryError> {
    let Some(keyword) = [("and", "AND"), ("or", "OR"), ("and/or", "OR"), ("not", "NOT")]
        .into_iter()
        .find_map(|(word, keyword)| word.eq_ignore_ascii_case(raw).then_some(keyword))
    else {
        return Ok(());
    };
    Err(QueryError::at(text, span, format!("{raw} may be the operator {keyword} or a word"))
        .cure(format!("write {keyword}, or \"{raw}\" for the text itself")))
}

/// Words that begin with what is an operator in another search engine or after a space: to read `!frozen` as the word
/// would answer the opposite of the question.
fn misleading(word: &str, after_quote: bool) -> Option<(String, String)> {
    let either = |right: String| format!("write {right}, or \"{}\" for the text itself", shown(word));
    let first = word.chars().next()?;
    let rest = shown(word.trim_start_matches(['-', '+', '!', '‐', '‑', '‒', '–', '—', '―', '−']));
    match first {
        '-' if after_quote => Some(("this minus is glued to a phrase".into(), either(format!("a space and -{rest}")))),
        '-' => Some(("one minus is enough".into(), either(format!("-{rest}")))),
        '+' => Some(("+ is no operator".into(), either(rest))),
        '!' => Some(("! is no operator".into(), either(format!("-{rest}")))),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => {
            let message = format!("this dash ({first}) is not the minus of NOT");
            Some((message, format!("write -{rest} to leave it out, or {rest} to find it")))
        }
        _ => None,
    }
}
