//! Operators of other search engines, refused by name and with our own in their place.
//!
//! Tokens enter; a refusal in the user's terms leaves. Nothing is read as an ordinary word here that stands for an
//! operator where the question came from: it would answer another question.

use super::lexer::{Lexeme, Token};
use super::{number, shown};

/// What is refused, and what to write instead.
#[derive(Debug)]
pub(super) struct Refusal {
    /// How many tokens the operator takes.
    pub(super) tokens: usize,
    /// The message.
    pub(super) message: String,
    /// The cure.
    pub(super) cure: String,
}

impl Refusal {
    fn of(tokens: usize, what: &str, dialect: &str, cure: impl Into<String>) -> Option<Refusal> {
        let cure = format!("{}, or ask with --dialect {dialect}", cure.into());
        Some(Refusal { tokens, message: format!("{what} is how {dialect} writes it"), cure })
    }
}

/// Refuses an operator of another search engine that begins at the first of these tokens, such as `NEAR5`, `/s` and
/// `hlead(`. One that stands between two words counts only there, which `between` says of the side before it.
pub(super) fn operator(tokens: &[Lexeme], between: bool) -> Option<Refusal> {
    let Token::Word(raw) = tokens.first()?.token else { return None };
    let word = |place: usize| match tokens.get(place).map(|lexeme| lexeme.token) {
        Some(Token::Word(raw)) => raw,
        _ => "",
    };
    let opens = |place: usize| tokens.get(place).filter(|lexeme| lexeme.token == Token::Open);
    let itself = format!("the word itself is written \"{}\"", shown(raw));

    // `AROUND(5)` takes its number in parentheses.
    if raw == "AROUND" && opens(1).is_some_and(|open| open.glued) && is_number(word(2)) {
        return Some(Refusal {
            tokens: 3,
            message: format!("AROUND({}) is no operator here", shown(word(2))),
            cure: format!("write W/{}; {itself}", shown(word(2))),
        });
    }
    let stands_between =
        between && tokens.get(1).is_some_and(|next| !matches!(next.token, Token::Close)) && !is_join(word(1));
    if let Some((dialect, ours)) = proximity(raw).filter(|_| stands_between) {
        return Refusal::of(1, raw, dialect, format!("write {ours}; {itself}"));
    }
    let counted = |keyword: &str| {
        let name = raw.get(..keyword.len()).filter(|name| name.eq_ignore_ascii_case(keyword));
        name.map(|name| &raw[name.len()..]).filter(|digits| is_number(digits) && opens(1).is_some())
    };
    if let Some(count) = counted("ATLEAST") {
        return Refusal::of(1, raw, "nexis", format!("write ATLEAST/{}(…); {itself}", shown(count)));
    }
    if let Some(count) = counted("FIRST").filter(|_| opens(1).is_some_and(|open| open.glued)) {
        return Some(Refusal {
            tokens: 1,
            message: format!("{} is no operator here", shown(raw)),
            cure: format!("write FIRST/{}(…); {itself}", shown(count)),
        });
    }
    if let Some((_, what, dialect)) = SEGMENTS.iter().find(|(name, _, _)| name.eq_ignore_ascii_case(raw))
        && opens(1).is_some_and(|open| open.glued)
    {
        let cure = match *what {
            "title" => format!("write title:(…) to search headlines; {itself}"),
            _ => format!("leave it out: words are sought in every paragraph; {itself}"),
        };
        return Refusal::of(1, raw, dialect, cure);
    }
    None
}

/// The segments of Nexis and Factiva that are written like a function, and what they hold.
const SEGMENTS: [(&str, &str, &str); 6] = [
    ("headline", "title", "nexis"),
    ("hlead", "title", "nexis"),
    ("hd", "title", "factiva"),
    ("title", "title", "nexis"),
    ("body", "text", "nexis"),
    ("lead", "text", "nexis"),
];

/// Refuses a word cut short by the sign of another engine.
pub(super) fn mark(raw: &str) -> Option<Refusal> {
    let at = truncation(raw)?;
    let (word, rest) = raw.split_at(at);
    let dialect = if rest.starts_with('!') { "nexis" } else { "factiva" };
    let rest: String = rest.replace(['!', '$'], "*");
    let rest = if rest.chars().all(|c| c == '*') { "*" } else { &rest };
    let cure =
        format!("write {}{}; in quotes it is searched for as text: \"{}\"", shown(word), shown(rest), shown(raw));
    Refusal::of(1, &shown(raw), dialect, cure)
}

/// Where a `!` or a `$` stands for letters, as in Nexis (`sanction!`, `wom!n`) and Factiva (`froz$`): after a letter, and
/// at the end or before another. `Stop!!` and `A$AP` are refused with them, since nobody can tell them apart.
fn truncation(word: &str) -> Option<usize> {
    let (at, mark) = word.char_indices().find(|(_, c)| matches!(c, '!' | '$'))?;
    let before = word[..at].chars().next_back().is_some_and(char::is_alphabetic);
    let after = word[at + mark.len_utf8()..].chars().next();
    // `US$300` is money.
    let after_fits = after.is_none_or(|c| c.is_alphabetic() || c == mark);
    (before && after_fits && !is_money(word)).then_some(at)
}

/// `US$`, `A$`, `C$`: a currency, in capitals.
fn is_money(word: &str) -> bool {
    word.strip_suffix('$').is_some_and(|name| name.len() <= 3 && name.bytes().all(|b| b.is_ascii_uppercase()))
}

/// Whether nothing but digits, at least one, and a number that can be told.
fn is_number(text: &str) -> bool {
    !text.is_empty() && number(text).is_some()
}

fn is_join(word: &str) -> bool {
    ["AND", "OR", "NOT"].iter().any(|join| join.eq_ignore_ascii_case(word))
}

/// What other engines write between two words, and what is written here: `NEAR`, `NEAR5`, `ADJ`, `ADJ5`, `SAME` in capitals,
/// since they are words otherwise; `/5`, `+5`, `/s`, `/p`; `ONEAR/5`.
fn proximity(raw: &str) -> Option<(&'static str, String)> {
    let numbered = |keyword: &str| raw.strip_prefix(keyword).filter(|rest| rest.is_empty() || is_number(rest));
    let reach = |name: &str, digits: &str| format!("{name}/{}", if digits.is_empty() { "1" } else { digits });
    if let Some(digits) = numbered("NEAR") {
        return Some(("factiva", reach("W", digits)));
    }
    if let Some(digits) = numbered("ADJ") {
        return Some(("factiva", reach("PRE", digits)));
    }
    if raw == "SAME" {
        return Some(("factiva", "W/P".to_owned()));
    }
    if let Some((_, digits)) =
        raw.split_once('/').filter(|(name, digits)| name.eq_ignore_ascii_case("ONEAR") && is_number(digits))
    {
        return Some(("nexis", reach("PRE", digits)));
    }
    let signs = [('/', "W"), ('+', "PRE")];
    signs.into_iter().find_map(|(sign, name)| {
        let rest = raw.strip_prefix(sign)?;
        let letter = ["s", "p"].iter().any(|letter| letter.eq_ignore_ascii_case(rest)) && sign == '/';
        (is_number(rest) || letter).then(|| ("nexis", format!("{name}/{}", rest.to_ascii_uppercase())))
    })
}
