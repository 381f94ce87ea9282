//! The values of fields: names and codes, dates, lengths.
//!
//! A value enters as it was typed; the test it asks for leaves. Whether an index has such a value is not known here.

use std::ops::Range;

use crate::article::PubDate;
use crate::error::QueryError;

use super::field::{self, Valued};
use super::tree::{Compare, DateTest, Field, Kind, Node};
use super::{lexer, number, searchable, shown};

/// What is wrong with a value, and the cure.
type Wrong = (String, String);

/// Reads the value of any field but `title:`; what is quoted is taken as it stands.
pub(super) fn value(
    text: &str,
    span: Range<usize>,
    valued: Valued,
    raw: &str,
    quoted: bool,
) -> Result<Kind, QueryError> {
    let words = if quoted { lexer::words_of(raw) } else { raw.to_owned() };
    let read = if words.is_empty() {
        Err((format!("{}: has no value", valued.text()), format!("write {}", example(valued))))
    } else {
        match valued {
            Valued::Date => {
                let rest = if quoted { raw } else { text.get(span.start..).unwrap_or(raw) };
                let bracketed = rest.starts_with(['[', '{']).then(|| rest.find([']', '}'])).flatten();
                bracketed
                    .map_or(Ok(()), |end| bracketed_range(&rest[1..end]))
                    .and_then(|()| date(&words))
                    .map(Kind::Date)
            }
            Valued::Words => length(&words, &span),
            Valued::Named(field) => named(field, words, quoted),
        }
    };
    read.map_err(|(message, cure)| QueryError::at(text, span, message).cure(cure))
}

/// A value that shows how the field is written.
pub(super) fn example(valued: Valued) -> &'static str {
    match valued {
        Valued::Date => "date:2022, date:2022-02-24, date:2022-02-24..2022-12-31, date:>=2022-03 or date:undated",
        Valued::Words => "words:>300, words:<=500 or words:100..200",
        Valued::Named(Field::Actor) => "actor:putin or actor:/russia/government",
        Valued::Named(Field::Topic) => "topic:sanctions",
        Valued::Named(Field::Given) => "given:topics/cocoa",
        Valued::Named(Field::Source) => "source:reuters or source:\"new york times\"",
        Valued::Named(Field::Author) => "author:\"jane doe\"",
        Valued::Named(Field::Lang) => "lang:en",
        Valued::Named(Field::Url) => "url:example.org",
        Valued::Named(Field::Group) => "group: and the id of a group",
        Valued::Named(Field::Article) => "article: and the id of an article",
    }
}

fn named(field: Field, value: String, quoted: bool) -> Result<Kind, Wrong> {
    let name = field.name();
    let in_quotes = || format!("in quotes it is part of the value: {name}:\"{}\"", shown(&value));
    if !quoted {
        // In an address ~ and ? are letters like others.
        let marks: &[char] = if field == Field::Url { &['*', '^'] } else { &['*', '?', '~', '^'] };
        if let Some(at) = value.find(marks) {
            let mark = &value[at..];
            return Err((format!("the value of a field takes no {}", shown(mark)), in_quotes()));
        }
        if value.starts_with(['=', '<', '>', '-', '+', '!']) {
            let rest = shown(value.trim_start_matches(['=', '<', '>', '-', '+', '!']));
            let cure = match value.starts_with(['-', '!']) {
                true => format!("to leave it out write -{name}:{rest}; {}", in_quotes()),
                false => format!("write {name}:{rest}; {}", in_quotes()),
            };
            return Err((format!("{name}: takes a value without {}", &value[..1]), cure));
        }
        if field::split(&value).is_some() {
            let message = format!("the value of {name}: is another field");
            return Err((message, format!("write {} on its own; {}", shown(&value), in_quotes())));
        }
    }
    if !searchable(&value) {
        return Err((
            format!("there is nothing to search for in {}", shown(&value)),
            format!("write {}", example(Valued::Named(field))),
        ));
    }
    Ok(Kind::Field(field, if field == Field::Lang { language(&value)? } else { value }))
}

/// The two-letter code of a language that is given by two or three letters; codes are ASCII and have no case. A code of
/// three letters without one of two stays, as it may be the only one the language has.
fn language(value: &str) -> Result<String, Wrong> {
    let code = value.to_ascii_lowercase();
    if let Some((_, short)) = LANGUAGES.iter().find(|(long, _)| *long == code) {
        return Ok((*short).to_owned());
    }
    let primary = code.split(['-', '_']).next().unwrap_or(&code);
    if (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase()) {
        return Ok(code);
    }
    let cure = match primary.len() {
        2 => format!("write lang:{primary}"),
        _ => "write its code of two letters, such as lang:en".to_owned(),
    };
    Err((format!("{} is no ISO 639 code of a language", shown(value)), cure))
}

/// ISO 639-2 codes, bibliographic and terminological, of the languages that news is mostly in, with their ISO 639-1 codes.
const LANGUAGES: [(&str, &str); 19] = [
    ("eng", "en"),
    ("rus", "ru"),
    ("ukr", "uk"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("deu", "de"),
    ("ger", "de"),
    ("spa", "es"),
    ("ara", "ar"),
    ("zho", "zh"),
    ("chi", "zh"),
    ("por", "pt"),
    ("ita", "it"),
    ("nld", "nl"),
    ("pol", "pl"),
    ("tur", "tr"),
    ("heb", "he"),
    ("fas", "fa"),
    ("per", "fa"),
];

/// The four comparisons, the longer ones first.
pub(super) const COMPARISONS: [(&str, Compare); 4] =
    [(">=", Compare::AtLeast), ("<=", Compare::AtMost), (">", Compare::Above), ("<", Compare::Below)];

/// What a value of `date:` and `words:` has in common: one point, a comparison, or a range that may be open.
enum Span<T> {
    At(T),
    Compare(Compare, T),
    Range(T, T),
}

fn span_of<T>(valued: Valued, value: &str, read: impl Fn(&str) -> Result<T, Wrong>) -> Result<Span<T>, Wrong> {
    let name = valued.text();
    for (sign, compare) in COMPARISONS {
        match value.strip_prefix(sign) {
            None => continue,
            Some("") => {
                let bound = if valued == Valued::Date { "2022-02-24" } else { "300" };
                return Err((format!("{sign} has no bound"), format!("write {name}:{sign}{bound}, without a space")));
            }
            Some(bound) => return Ok(Span::Compare(compare, read(bound)?)),
        }
    }
    match value.split_once("..") {
        None => read(value).map(Span::At),
        Some(("", "")) => Err(("this range has no ends".into(), format!("leave {name}: out"))),
        Some((from, "")) => Ok(Span::Compare(Compare::AtLeast, read(from)?)),
        Some(("", to)) => Ok(Span::Compare(Compare::AtMost, read(to)?)),
        Some((from, to)) => Ok(Span::Range(read(from)?, read(to)?)),
    }
}

fn date(value: &str) -> Result<DateTest, Wrong> {
    if value.eq_ignore_ascii_case("undated") {
        return Ok(DateTest::Undated);
    }
    if let Some(range) = hyphened_range(value) {
        return Err((format!("{} is no range of dates", shown(value)), format!("write date:{range}")));
    }
    Ok(match span_of(Valued::Date, value, day)? {
        Span::At(date) => DateTest::In(date),
        Span::Compare(compare, date) => DateTest::Compare(compare, date),
        Span::Range(from, to) => between(from, to).ok_or_else(|| {
            (format!("this range ends before it begins: {to} is before {from}"), format!("write date:{to}..{from}"))
        })?,
    })
}

/// `2022-2023`, as it is written here.
fn hyphened_range(value: &str) -> Option<String> {
    // Years have four digits, months two: two years side by side are no month.
    let (from, to) = value.split_once('-').filter(|(from, to)| from.len() == 4 && to.len() == 4)?;
    two_dots(from, to)
}

/// Refuses `2022 TO 2023`, which stands in the brackets of Lucene's ranges.
fn bracketed_range(inner: &str) -> Result<(), Wrong> {
    let words: Vec<&str> = inner.split_whitespace().collect();
    let [from, to, until] = words.as_slice() else { return Ok(()) };
    match two_dots(from, until).filter(|_| to.eq_ignore_ascii_case("to")) {
        Some(range) => Err((format!("[{inner}] is no range of dates"), format!("write date:{range}"))),
        None => Ok(()),
    }
}

fn two_dots(from: &str, to: &str) -> Option<String> {
    let is_date = |text: &str| text.parse::<PubDate>().is_ok();
    (is_date(from) && is_date(to)).then(|| format!("{from}..{to}"))
}

/// The range from one date to the other; none if it ends before it begins.
pub(super) fn between(from: PubDate, to: PubDate) -> Option<DateTest> {
    (from.first_day() <= to.last_day()).then_some(DateTest::Between(from, to))
}

/// Reads a date, and tells a date that the calendar does not have from one that is written otherwise.
pub(super) fn day(text: &str) -> Result<PubDate, Wrong> {
    if let Ok(date) = text.parse() {
        return Ok(date);
    }
    let unread = || (format!("{} is no date", shown(text)), "a date is written 2022, 2022-02 or 2022-02-24".to_owned());
    let parts: Vec<&str> = text.splitn(4, ['-', '/', '.']).collect();
    let numbers: Option<Vec<u16>> = parts.iter().map(|part| number(part).and_then(|n| n.try_into().ok())).collect();
    let numbers = numbers.ok_or_else(unread)?;
    let (&[year] | &[year, _] | &[year, _, _]) = numbers.as_slice() else { return Err(unread()) };
    if parts[0].len() != 4 || year == 0 {
        return Err(unread());
    }
    match numbers.get(1) {
        Some(month) if !(1..=12).contains(month) => {
            return Err((
                format!("{} is no date: a year has the months 01 to 12", shown(text)),
                format!("write {year:04} for the whole year"),
            ));
        }
        _ => {}
    }
    let padded: Vec<String> = numbers[1..].iter().map(|number| format!("-{number:02}")).collect();
    let padded = format!("{year:04}{}", padded.concat());
    if padded.parse::<PubDate>().is_ok() {
        return Err((format!("{} is not written as a date", shown(text)), format!("write {padded}")));
    }
    let month = numbers.get(1).and_then(|month| PubDate::of_month(year, (*month).try_into().ok()?));
    match month {
        Some(month) => {
            let last = month.last_day();
            let cure = format!("write {last} for the last day of that month, or {month} for all of it");
            Err((format!("{} is not in the calendar", shown(text)), cure))
        }
        None => Err(unread()),
    }
}

fn length(value: &str, place: &Range<usize>) -> Result<Kind, Wrong> {
    let read = |text: &str| {
        number(text).ok_or_else(|| {
            (format!("{} is no number of words", shown(text)), format!("write {}", example(Valued::Words)))
        })
    };
    let (from, to) = match span_of(Valued::Words, value, read)? {
        Span::Compare(compare, bound) => return Ok(Kind::Words(compare, bound)),
        Span::At(length) => (length, length),
        Span::Range(from, to) if from > to => {
            return Err((
                format!("this range ends before it begins: {to} is less than {from}"),
                format!("write words:{to}..{from}"),
            ));
        }
        Span::Range(from, to) => (from, to),
    };
    let test = |compare, bound| Node { kind: Kind::Words(compare, bound), span: place.clone() };
    Ok(Kind::And(vec![test(Compare::AtLeast, from), test(Compare::AtMost, to)]))
}
