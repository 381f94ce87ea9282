//! Dates as Nexis, Factiva and Lucene write them.
//!
//! A date as it was written enters; the day, month or year leaves, or the reason why it is none. What could be read in two
//! ways is refused: whether 1/2/2022 is in January depends on where it was typed.

use crate::article::PubDate;

use super::super::{number, shown, value};
use super::leaf::Wrong;

/// Reads `2022`, `2022-02-24`, `20220224`, `2/24/2022`, `24/2/2022`, `2/2022`, `February 24, 2022`, `24 Feb 2022`,
/// `Feb. 2022`.
pub(super) fn day(text: &str) -> Result<PubDate, Wrong> {
    if let Some(date) = compact(text) {
        return Ok(date);
    }
    let parts: Vec<&str> = text.split([' ', ',', '/']).filter(|part| !part.is_empty()).collect();
    let (year, rest) = match parts.split_last() {
        Some((year, rest)) if year.len() == 4 && !rest.is_empty() => (*year, rest),
        _ => return value::day(text),
    };
    let Some(year) = number(year).and_then(|year| u16::try_from(year).ok()) else { return value::day(text) };
    let small = |text: &str| number(text).filter(|_| (1..=2).contains(&text.len())).and_then(|n| u8::try_from(n).ok());
    let named = |text: &str| month(text);
    let date = match *rest {
        [only] => match (named(only), small(only)) {
            (Some(month), _) | (None, Some(month)) => PubDate::of_month(year, month),
            _ => None,
        },
        [first, second] => match (named(first), small(first), named(second), small(second)) {
            (Some(month), _, _, Some(day)) | (_, Some(day), Some(month), _) => PubDate::of_day(year, month, day),
            (_, Some(a), _, Some(b)) if a != b && a <= 12 && b <= 12 => return Err(either_way(text, year, a, b)),
            (_, Some(a), _, Some(b)) => PubDate::of_day(year, a, b).or_else(|| PubDate::of_day(year, b, a)),
            _ => None,
        },
        _ => None,
    };
    date.ok_or_else(|| {
        let message = format!("{} is no date", shown(text));
        (message, "a date is written 2022, 2022-02, 2022-02-24 or 24 February 2022".to_owned())
    })
}

/// `20220224`
pub(super) fn compact(text: &str) -> Option<PubDate> {
    let digits = number(text).filter(|_| text.len() == 8)?;
    let (month, day) = (u8::try_from(digits / 100 % 100).ok()?, u8::try_from(digits % 100).ok()?);
    PubDate::of_day(u16::try_from(digits / 10_000).ok()?, month, day)
}

fn either_way(text: &str, year: u16, a: u8, b: u8) -> Wrong {
    let message = format!("{} may be two dates", shown(text));
    (message, format!("write {year:04}-{a:02}-{b:02} or {year:04}-{b:02}-{a:02}"))
}

/// The month that a word names, in full or by three letters or more.
fn month(text: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = text.trim_end_matches('.').to_ascii_lowercase();
    if name.len() < 3 {
        return None;
    }
    (1..).zip(MONTHS).find(|(_, month)| month.starts_with(&name)).map(|(place, _)| place)
}
