//! Words and phrases: the leaves of a question.
//!
//! One raw word or quoted stretch enters; a word or phrase as it was typed leaves, or the reason why it is none. Hyphens,
//! dots, apostrophes and slashes stay (`open-door`, `U.S.`, `9/11`): splitting them is the business of the analysis.

use std::ops::Range;

use crate::error::QueryError;

use unicode_normalization::char::is_combining_mark;

use super::tree::{Boost, FARTHEST, Form, Kind, MOST_SLIPS, Node, Phrase, Word};
use super::{field, foreign, lexer, number, searchable, shown};

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
    if let Some(refusal) = foreign::mark(word) {
        return refuse(refusal.message, refusal.cure);
    }
    if word.starts_with(['~', '^']) {
        let cure = "write it behind a word or phrase, without a space between".to_owned();
        return refuse(format!("{} stands behind no word", shown(raw)), cure);
    }
    let Marks { word, slips, boost } = match marks_of(word) {
        Ok(marks) => marks,
        Err((message, cure)) => return refuse(message, cure),
    };
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
    if let Err((message, cure)) = check_letters(word, slips) {
        return refuse(message, cure);
    }
    // Pasted questions end in question marks.
    let asked = word.trim_end_matches('?');
    if asked.len() < word.len() && !asked.contains(['*', '?']) && text[span.end..].chars().all(lexer::is_space) {
        let cure = format!("write {}, or ({word}) for a letter more", shown(asked));
        return refuse("this question mark may end the question or stand for a letter".to_owned(), cure);
    }
    Ok(boosted(Kind::Word(Word { text: word.to_owned(), form, slips }), boost, span))
}

/// What may stand behind a word or phrase.
struct Marks<'t> {
    word: &'t str,
    slips: Option<u8>,
    boost: Option<Boost>,
}

/// A message and its cure.
type Wrong = (String, String);

/// Splits `zelensky~1{4}^2` into the word and its marks. The number in braces is how many forms an answer said the word
/// stands for, and means nothing.
fn marks_of(word: &str) -> Result<Marks<'_>, Wrong> {
    let typed = word;
    let (word, boost) = match word.split_once('^') {
        Some((word, digits)) => (word, Some(boost(digits)?)),
        None => (word, None),
    };
    let word = without_forms(word, &['*', '?', '~']);
    let Some((word, digits)) = word.split_once('~') else { return Ok(Marks { word, slips: None, boost }) };
    match number(digits) {
        Some(slips) if slips <= u32::from(MOST_SLIPS) && digits.len() == 1 => {
            Ok(Marks { word, slips: Some(slips as u8), boost })
        }
        _ if digits.is_empty() => {
            Err(("~ needs the number of letters that may be wrong".to_owned(), format!("write {}~1", shown(word))))
        }
        _ => Err((
            format!("~ takes 0 to {MOST_SLIPS} wrong letters"),
            format!("write {}~{MOST_SLIPS}; in quotes it is text: \"{}\"", shown(word), shown(typed)),
        )),
    }
}

/// A word without the numbers of its forms in braces, which stand behind a wildcard or fuzzy word: all of them, since one
/// that stayed would be taken for such a number when the printed word is read again.
fn without_forms<'t>(word: &'t str, marks: &[char]) -> &'t str {
    let mut word = word;
    while let Some((rest, _)) = word
        .strip_suffix('}')
        .and_then(|rest| rest.rsplit_once('{'))
        .filter(|(rest, forms)| rest.contains(marks) && !forms.is_empty() && forms.bytes().all(|b| b.is_ascii_digit()))
    {
        word = rest;
    }
    word
}

/// Reads `2`, `0.5` or `1.25`.
fn boost(digits: &str) -> Result<Boost, Wrong> {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let hundredths = match (number(whole), number(part), part.len()) {
        (Some(whole), Some(part), 1) if !digits.starts_with('.') => Some((whole, part * 10)),
        (Some(whole), Some(part), 2) if !digits.starts_with('.') => Some((whole, part)),
        _ => None,
    };
    let boost = hundredths.and_then(|(whole, part)| whole.checked_mul(100)?.checked_add(part)).map(Boost);
    boost.filter(|boost| !whole.is_empty() && (Boost::LEAST..=Boost::MOST).contains(boost)).ok_or_else(|| {
        let message = format!("^{} is no boost", shown(digits));
        (
            message,
            format!("write a number from {} to {} with at most two decimals, such as ^2", Boost::LEAST, Boost::MOST),
        )
    })
}

fn boosted(kind: Kind, boost: Option<Boost>, span: Range<usize>) -> Kind {
    match boost {
        Some(boost) => Kind::Boosted(Box::new(Node { kind, span }), boost),
        None => kind,
    }
}

/// How many letters or digits a wildcard needs before it, and a fuzzy word in all: with fewer nearly every word fits.
const FEWEST: [usize; 2] = [2, 3];

/// Refuses a wildcard or fuzzy word that stands for too much.
fn check_letters(word: &str, slips: Option<u8>) -> Result<(), Wrong> {
    let [before_wildcard, in_all] = FEWEST;
    let is_letter = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let wild = word.contains(['*', '?']);
    if slips.is_some() {
        if wild {
            return Err((
                format!("{} is a wildcard and a fuzzy word at once", shown(word)),
                "leave one of the marks out".to_owned(),
            ));
        }
        if !word.chars().all(is_letter) {
            let cure = "write the words one by one, such as (open~1 PRE/1 door~1)".to_owned();
            return Err((format!("a fuzzy word is one word of letters, which {} is not", shown(word)), cure));
        }
        if word.chars().filter(|c| c.is_alphanumeric()).count() < in_all {
            return Err((
                format!("a fuzzy word has at least {in_all} letters"),
                format!("write {} without ~", shown(word)),
            ));
        }
    }
    // Whatever is no letter begins another word, as in `open-do*`.
    let runs = word.split(|c: char| !is_letter(c) && !matches!(c, '*' | '?'));
    for run in runs.filter(|run| run.contains(['*', '?'])) {
        let before = run.split(['*', '?']).next().unwrap_or_default();
        if before.chars().filter(|c| c.is_alphanumeric()).count() >= before_wildcard {
            continue;
        }
        let message = format!("{} has fewer than {before_wildcard} letters before the wildcard", shown(run));
        let cure = match searchable(run) {
            true => "write more of the word, such as sanction* or wom?n",
            false => "for any words between two write PRE/n, such as frozen PRE/3 assets",
        };
        return Err((message, cure.to_owned()));
    }
    Ok(())
}

/// The most words that a window has.
const WIDEST: usize = crate::interval::MOST_SLOTS;

/// Reads a quoted stretch: one word in it is a word, more are a phrase. `marks` stand behind it: `~3`, `^2` or both.
pub(super) fn quoted(
    text: &str,
    span: Range<usize>,
    quoted: &str,
    form: Form,
    marks: Option<(&str, Range<usize>)>,
) -> Result<Kind, QueryError> {
    let all = lexer::words_of(quoted);
    if all.is_empty() {
        return Err(QueryError::at(text, span, "these quotation marks are empty").cure("leave them out"));
    }
    if !searchable(&all) {
        let message = format!("there is nothing to search for in \"{}\"", shown(&all));
        return Err(QueryError::at(text, span, message).cure("leave it out"));
    }
    let mut words: Vec<&str> = Vec::new();
    // A ~ in quotes is text.
    for word in all.split(' ').map(|word| without_forms(word, &['*', '?'])) {
        check_letters(word, None).map_err(|(message, cure)| QueryError::at(text, span.clone(), message).cure(cure))?;
        words.push(word);
    }
    let (mut window, mut boost_of) = (None, None);
    if let Some((raw, place)) = marks {
        let refuse = |(message, cure): Wrong| QueryError::at(text, place.clone(), message).cure(cure);
        let (others, digits) = raw.split_once('^').map_or((raw, None), |(others, digits)| (others, Some(digits)));
        boost_of = digits.map(boost).transpose().map_err(refuse)?;
        if let Some(others) = others.strip_prefix('~') {
            let number = number(others).filter(|number| !others.is_empty() && *number <= FARTHEST);
            let cure = "write how many other words may stand among them, as in \"frozen assets\"~3";
            let number =
                number.ok_or_else(|| refuse((format!("~{} is no number of words", shown(others)), cure.into())))?;
            if words.len() < 2 {
                let cure = format!("a fuzzy word is written without quotes: {}~{}", shown(&all), number.min(2));
                return Err(refuse(("a window has two words or more".to_owned(), cure)));
            }
            if words.len() > WIDEST {
                let message = format!("a window has at most {WIDEST} words");
                return Err(refuse((message, "look for fewer of them, or use W/n".to_owned())));
            }
            window = Some(number);
        }
    }
    let one = words.len() == 1;
    let words = words.join(" ");
    let kind = match one {
        true => Kind::Word(Word { text: words, form, slips: None }),
        false => Kind::Phrase(Phrase { text: words, form, window }),
    };
    Ok(boosted(kind, boost_of, span))
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
