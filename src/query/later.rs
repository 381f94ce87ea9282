//! Operators of the query language that this version does not have yet.
//!
//! Tokens enter; a refusal that names the operator in the user's terms leaves. Nothing is read as an ordinary word here
//! that a later version would read as an operator: the same question must never change its meaning.

use super::lexer::{Lexeme, Token};
use super::shown;

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
    fn of(tokens: usize, what: &str, cure: impl Into<String>) -> Option<Refusal> {
        Some(Refusal { tokens, message: format!("{what} is not in this version"), cure: cure.into() })
    }
}

/// Refuses an operator that begins at the first of these tokens: `NOT W/5`, `W/5`, `ATLEAST/3`, `2 OF (`, `FIRST/10`,
/// `ARTICLE(`, `LIKE(`.
pub(super) fn operator(tokens: &[Lexeme]) -> Option<Refusal> {
    let Token::Word(raw) = tokens.first()?.token else { return None };
    let word = |place: usize| match tokens.get(place).map(|lexeme| lexeme.token) {
        Some(Token::Word(raw)) => raw,
        _ => "",
    };
    let opens = |place: usize| tokens.get(place).filter(|lexeme| lexeme.token == Token::Open);
    let itself = format!("the word itself is written \"{}\"", shown(raw));

    if is_proximity(raw) {
        let cure =
            format!("write AND for both in one paragraph, or a phrase in quotes for words side by side; {itself}");
        return Refusal::of(1, &format!("proximity ({raw})"), cure);
    }
    if raw.eq_ignore_ascii_case("not") && is_proximity(word(1)) {
        let cure = "write NOT for words that the paragraph must not hold at all";
        return Refusal::of(2, &format!("proximity ({raw} {})", word(1)), cure);
    }
    if raw.bytes().all(|b| b.is_ascii_digit()) && word(1).eq_ignore_ascii_case("of") && opens(2).is_some() {
        let cure = "write the combinations out, such as (a AND b) OR (a AND c) OR (b AND c)";
        return Refusal::of(2, &format!("a search for some of several ({} {})", shown(raw), word(1)), cure);
    }
    let name = raw.split('/').next().unwrap_or(raw);
    let numbered = raw.strip_prefix(name).is_some_and(is_slash_number);
    // `like (…)` with a space and in lower case is a word before a parenthesis; `LIKE (…)` is the operator.
    let called = opens(1).is_some_and(|open| open.glued || raw.chars().all(|c| c.is_ascii_uppercase()));
    let is = |keyword: &str| name.eq_ignore_ascii_case(keyword) && (called && name == raw || numbered);
    if is("ATLEAST") {
        return Refusal::of(
            1,
            &format!("a count ({raw})"),
            format!("leave it out to find one match or more; {itself}"),
        );
    }
    if is("FIRST") {
        return Refusal::of(1, &format!("a search of the first words ({raw})"), format!("leave it out; {itself}"));
    }
    if is("ARTICLE") && called {
        let cure = format!("leave it out to search within one paragraph; {itself}");
        return Refusal::of(1, &format!("a search over whole articles ({raw})"), cure);
    }
    if is("LIKE") && called {
        return Refusal::of(1, &format!("a search for similar paragraphs ({raw})"), itself);
    }
    None
}

/// Refuses a wildcard, a fuzzy mark or a boost in a bare word; `after_quote` is for `"a b c"~3`.
pub(super) fn mark(raw: &str, after_quote: bool) -> Option<Refusal> {
    if let Some(refusal) = wildcard(raw) {
        return Some(refusal);
    }
    let at = raw.find(['~', '^'])?;
    let (word, mark) = raw.split_at(at);
    let mark = shown(mark);
    let quoted = format!("in quotes it is searched for as text: \"{}\"", shown(raw));
    match mark.starts_with('^') {
        true if word.is_empty() => Refusal::of(1, &format!("a boost ({mark})"), "leave it out"),
        true => Refusal::of(1, &format!("a boost ({mark})"), format!("write {}; {quoted}", shown(word))),
        false if after_quote => {
            Refusal::of(1, &format!("a window of words (\"…\"{mark})"), "write AND for the words in one paragraph")
        }
        false => {
            let cure = format!("write the spellings with OR, such as (zelensky OR zelenskyy); {quoted}");
            Refusal::of(1, &format!("fuzzy search ({mark})"), cure)
        }
    }
}

/// Refuses a wildcard in a word, bare or of a phrase.
pub(super) fn wildcard(word: &str) -> Option<Refusal> {
    let at = word.find(['*', '?'])?;
    let what = format!("a wildcard ({})", shown(word));
    let bare = word.trim_end_matches('?');
    // Pasted sentences end in question marks.
    if bare.len() == at && super::searchable(bare) {
        return Refusal::of(1, &what, format!("leave the question mark out: {}", shown(bare)));
    }
    Refusal::of(1, &what, "write the words with OR; a word finds its inflections without a wildcard")
}

/// `W/5`, `PRE/5`, `NEAR/5`, `ADJ/5`, and with S or P for a sentence or a paragraph.
fn is_proximity(raw: &str) -> bool {
    let Some(slash) = raw.find('/') else { return false };
    let (name, rest) = raw.split_at(slash);
    ["W", "PRE", "NEAR", "ADJ"].iter().any(|keyword| name.eq_ignore_ascii_case(keyword))
        && (is_slash_number(rest) || rest.eq_ignore_ascii_case("/s") || rest.eq_ignore_ascii_case("/p"))
}

/// `/5`; and `/` whose number was forgotten or set apart.
fn is_slash_number(text: &str) -> bool {
    text.strip_prefix('/').is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
}
