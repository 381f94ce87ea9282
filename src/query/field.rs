//! The fields that a question can name.
//!
//! A name enters, the field or the nearest names leave. What a value means is read in `value.rs`.

use super::shown;
use super::tree::Field;

/// A field, as the parser tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// `title:`, which holds words and phrases.
    Title,
    /// Any other, which holds values.
    Valued(Valued),
}

/// A field that holds values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Valued {
    /// `date:`
    Date,
    /// `words:`
    Words,
    /// One whose values are names or codes.
    Named(Field),
}

const fn named(field: Field) -> Name {
    Name::Valued(Valued::Named(field))
}

const NAMES: [(&str, Name); 12] = [
    ("title", Name::Title),
    ("source", named(Field::Source)),
    ("author", named(Field::Author)),
    ("lang", named(Field::Lang)),
    ("url", named(Field::Url)),
    ("actor", named(Field::Actor)),
    ("topic", named(Field::Topic)),
    ("given", named(Field::Given)),
    ("date", Name::Valued(Valued::Date)),
    ("words", Name::Valued(Valued::Words)),
    ("group", named(Field::Group)),
    ("article", named(Field::Article)),
];

impl Field {
    /// Its name in a question, without the colon.
    pub fn name(self) -> &'static str {
        Valued::Named(self).text()
    }
}

impl Name {
    /// The name without the colon.
    pub(super) fn text(self) -> &'static str {
        NAMES.iter().find(|(_, name)| *name == self).map_or("", |(text, _)| text)
    }
}

impl Valued {
    /// The name without the colon.
    pub(super) fn text(self) -> &'static str {
        Name::Valued(self).text()
    }
}

/// Splits `title:frozen` at its first colon, if a field stands before it.
pub(super) fn split(raw: &str) -> Option<(Name, &str)> {
    let (text, rest) = raw.split_once(':')?;
    let (_, name) = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text))?;
    Some((*name, rest))
}

/// How `date>2022` and `date=2022` are written, if a word is such: with a colon.
pub(super) fn compared(raw: &str) -> Option<String> {
    let at = raw.find(['=', '<', '>'])?;
    let (text, rest) = raw.split_at(at);
    let (name, field) = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text))?;
    let ordered = matches!(field, Name::Valued(Valued::Date | Valued::Words));
    let value = if ordered && !rest.starts_with('=') { rest } else { rest.trim_start_matches(['=', '<', '>']) };
    (!value.trim_start_matches(['=', '<', '>']).is_empty()).then(|| format!("{name}:{}", shown(value)))
}

/// What is wrong with a word whose colon follows no field, and the cure.
pub(super) fn unknown(raw: &str) -> (String, String) {
    let (text, rest) = raw.split_once(':').unwrap_or((raw, ""));
    let mut itself = match raw.strip_suffix(':') {
        Some(word) if super::searchable(word) && !word.contains(':') => {
            format!("for the word itself write {}, without the colon", shown(word))
        }
        _ => format!("for the text itself write \"{}\"", shown(raw)),
    };
    if rest.starts_with("//") {
        // A quoted text may hold no wildcard, the value of a field may.
        if raw.contains(['*', '?']) {
            itself.clear();
        }
        let and = if itself.is_empty() { "" } else { "; " };
        let cure = format!("for articles published there write url:\"{}\"{and}{itself}", shown(raw));
        return ("an address needs quotes".to_owned(), cure);
    }
    if let Some((_, sign)) = DATED.iter().find(|(called, _)| called.eq_ignore_ascii_case(text))
        && !rest.is_empty()
    {
        let date = shown(rest);
        let cure = format!("write date:{sign}{date}, or date:{sign}={date} to count {date} in; {itself}");
        return (format!("there is no field \"{}:\"", shown(text)), cure);
    }
    let near: Vec<String> = nearest(text).iter().map(|name| format!("{name}:{}", shown(rest))).collect();
    let cure = match near.as_slice() {
        [] => {
            let all = NAMES.map(|(name, _)| format!("{name}:"));
            format!("{itself}; the fields are {}", all.join(" "))
        }
        near => format!("write {}; {itself}", near.join(" or ")),
    };
    (format!("there is no field \"{}:\"", shown(text)), cure)
}

/// What askers write for a comparison of dates; `after:2022` begins when 2022 has ended, as in other engines.
const DATED: [(&str, char); 4] = [("after", '>'), ("since", '>'), ("before", '<'), ("until", '<')];

/// What askers call a field that has another name here.
const CALLED: [(&str, &str); 8] = [
    ("headline", "title"),
    ("byline", "author"),
    ("outlet", "source"),
    ("newspaper", "source"),
    ("publisher", "source"),
    ("site", "url"),
    ("subject", "topic"),
    ("country", "actor"),
];

/// The fields within two slips of the pen, nearest first, or one with which the text begins (`language:`).
fn nearest(text: &str) -> Vec<&'static str> {
    // Longer than any name and two more: nothing is near, and the time stays linear.
    const LONGEST: usize = 12;
    if let Some((_, name)) = CALLED.iter().find(|(called, _)| called.eq_ignore_ascii_case(text)) {
        return vec![*name];
    }
    let text: Vec<char> = text.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    if text.len() > LONGEST {
        return Vec::new();
    }
    let mut near: Vec<(usize, &'static str)> = NAMES
        .iter()
        .filter_map(|(name, _)| {
            let letters: Vec<char> = name.chars().collect();
            let begins =
                letters.len() >= 3 && (text.starts_with(&letters) || text.len() >= 3 && letters.starts_with(&text));
            let slips = if begins { 1 } else { slips(&text, &letters) };
            (slips <= 2 && slips < letters.len().min(text.len())).then_some((slips, *name))
        })
        .collect();
    let best = near.iter().map(|(slips, _)| *slips).min().unwrap_or(0);
    near.retain(|(slips, _)| *slips == best);
    near.into_iter().map(|(_, name)| name).collect()
}

/// How many letters are wrong, missing, too many or exchanged with their neighbour (optimal string alignment).
fn slips(a: &[char], b: &[char]) -> usize {
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
