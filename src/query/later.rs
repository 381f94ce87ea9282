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
/// `ARTICLE(`, `LIKE(`; and those of other search engines, such as `NEAR5`, `/s` and `hlead(`. An operator that stands
/// between two words counts only there, which `between` says of the side before it.
pub(super) fn operator(tokens: &[Lexeme], between: bool) -> Option<Refusal> {
    let Token::Word(raw) = tokens.first()?.token else { return None };
    let word = |place: usize| match tokens.get(place).map(|lexeme| lexeme.token) {
        Some(Token::Word(raw)) => raw,
        _ => "",
    };
    let opens = |place: usize| tokens.get(place).filter(|lexeme| lexeme.token == Token::Open);
    let itself = format!("the word itself is written \"{}\"", shown(raw));

    let stands_between =
        between && tokens.get(1).is_some_and(|next| !matches!(next.token, Token::Close)) && !is_join(word(1));
    // `AROUND(5)` takes its number in parentheses.
    if raw == "AROUND" && opens(1).is_some_and(|open| open.glued) && is_number(word(2)) {
        let cure = "write AND for both in one paragraph; the word itself is written \"AROUND\"";
        return Refusal::of(3, &format!("proximity (AROUND({}))", shown(word(2))), cure);
    }
    if is_proximity(raw) || stands_between && is_foreign_proximity(raw) {
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
    let counted = |keyword: &str| {
        let digits =
            raw.get(..keyword.len()).filter(|name| name.eq_ignore_ascii_case(keyword)).map(|name| &raw[name.len()..]);
        digits.is_some_and(is_number) && opens(1).is_some()
    };
    if is("ATLEAST") || counted("ATLEAST") {
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
    if let Some((_, what)) = SEGMENTS.iter().find(|(name, _)| name.eq_ignore_ascii_case(raw))
        && opens(1).is_some_and(|open| open.glued)
    {
        let cure = match *what {
            "title" => format!("write title:(…) to search headlines; {itself}"),
            _ => format!("leave it out: words are sought in every paragraph; {itself}"),
        };
        return Refusal::of(1, &format!("a search of one part of the text ({raw})"), cure);
    }
    None
}

/// The segments of Nexis and Factiva that are written like a function, and what they hold.
const SEGMENTS: [(&str, &str); 6] = [
    ("headline", "title"),
    ("hlead", "title"),
    ("hd", "title"),
    ("title", "title"),
    ("body", "text"),
    ("lead", "text"),
];

/// Refuses a wildcard, a fuzzy mark or a boost in a bare word; `after_quote` is for `"a b c"~3`.
pub(super) fn mark(raw: &str, after_quote: bool) -> Option<Refusal> {
    if let Some(refusal) = wildcard(raw) {
        return Some(refusal);
    }
    if truncation(raw).is_some() {
        let cure = format!("write the words with OR; in quotes it is searched for as text: \"{}\"", shown(raw));
        return Refusal::of(1, &format!("a wildcard ({})", shown(raw)), cure);
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

/// Whether nothing but digits, and at least one.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_join(word: &str) -> bool {
    ["AND", "OR", "NOT"].iter().any(|join| join.eq_ignore_ascii_case(word))
}

/// What other engines write between two words: `NEAR`, `NEAR5`, `ADJ`, `ADJ5`, `SAME` in capitals, since they are words
/// otherwise; `/5`, `+5`, `/s`, `/p`.
fn is_foreign_proximity(raw: &str) -> bool {
    let capitals = ["NEAR", "ADJ", "ONEAR", "SAME"].iter().any(|keyword| {
        raw.strip_prefix(keyword).is_some_and(|rest| rest.is_empty() || is_number(rest) && *keyword != "SAME")
    });
    let marked = raw.strip_prefix(['/', '+']).is_some_and(is_number);
    capitals || marked || raw.eq_ignore_ascii_case("/s") || raw.eq_ignore_ascii_case("/p")
}

/// `W/5`, `PRE/5`, `NEAR/5`, `ADJ/5`, `ONEAR/5`, and with S or P for a sentence or a paragraph.
fn is_proximity(raw: &str) -> bool {
    let Some(slash) = raw.find('/') else { return false };
    let (name, rest) = raw.split_at(slash);
    ["W", "PRE", "NEAR", "ADJ", "ONEAR"].iter().any(|keyword| name.eq_ignore_ascii_case(keyword))
        && (is_slash_number(rest) || rest.eq_ignore_ascii_case("/s") || rest.eq_ignore_ascii_case("/p"))
}

/// `/5`; and `/` whose number was forgotten or set apart.
fn is_slash_number(text: &str) -> bool {
    text.strip_prefix('/').is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
}
