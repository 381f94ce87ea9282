//! A date as the press writes it enters, a [`PubDate`] leaves, no more precise than what was written.
//!
//! A time and its zone are left aside: the date is the one that was written. No clock is read, no date is guessed: what
//! can be read in two ways is refused.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::months::{day_first, month, month_of_two};
use crate::article::PubDate;

/// Why a text gives no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is written as a date, but the calendar has no such day.
    Impossible,
    /// Its day and month may be either.
    Ambiguous,
    /// It is no date in any notation known here.
    Unknown,
}

type Reading = Result<PubDate, Fault>;

/// The years that a date without separators, or in a path, may have: others are numbers of something else.
const YEARS: std::ops::RangeInclusive<u16> = 1800..=2100;
/// A date is not looked for beyond so many code points.
const LONGEST: usize = 120;
/// In an address or path, a date is not looked for beyond so many code points.
const ADDRESS: usize = 1000;
/// A dateline stands within so many code points of a text's beginning.
const DATELINE: usize = 100;

/// Reads a date field; `lang` is the language as the metadata name it.
///
/// ISO 8601 with or without a time, RFC 2822, numbers of seconds or milliseconds since 1970 (UTC), `20250528`, a year
/// alone, months by name, and `28.05.2025` or `28/05/2025` where the day cannot be the month or the language tells.
pub(super) fn read(text: &str, lang: Option<&str>) -> Reading {
    let text: String = text.trim().chars().take(LONGEST).map(western).collect();
    let parts = Parts::of(&text);
    match parts.0.as_slice() {
        [Part::Number(digits)] => return number(digits, false),
        [Part::Sign('-'), Part::Number(digits)] => return number(digits, true),
        _ => {}
    }
    parts.iso().or_else(|| parts.figures(lang)).or_else(|| parts.named()).unwrap_or(Err(Fault::Unknown))
}

/// The date in an address or path, such as `2025/05/28`, `2025-05-28`, `2025/may/28`, `20250528`, or `2025/05` alone.
pub(super) fn in_path(path: &str) -> Option<PubDate> {
    let end = path.char_indices().nth(ADDRESS).map_or(path.len(), |(at, _)| at);
    let parts = Parts::of(&path[..end]);
    let mut best = None;
    for at in 0..parts.0.len() {
        let Some(Part::Number(first)) = parts.0.get(at) else { continue };
        let apart = |at: usize| !matches!(parts.0.get(at), Some(Part::Word(_) | Part::Number(_)));
        if !(at == 0 || apart(at - 1)) {
            continue;
        }
        if first.len() == 8 && apart(at + 1) {
            let date = number(first, false).ok().filter(|date| YEARS.contains(&date.year()));
            best = best.or(date);
            continue;
        }
        let Some(year) = year(first).filter(|year| YEARS.contains(year)) else { continue };
        let [Some(Part::Sign(a @ ('/' | '-' | '_'))), Some(second)] = [parts.0.get(at + 1), parts.0.get(at + 2)] else {
            continue;
        };
        let of_year = match second {
            Part::Number(digits) if digits.len() == 2 => small(digits),
            Part::Word(word) => month(word),
            _ => None,
        };
        let Some(of_year) = of_year else { continue };
        let day = match (parts.0.get(at + 3), parts.0.get(at + 4)) {
            (Some(Part::Sign(b)), Some(Part::Number(digits))) if a == b && digits.len() <= 2 && apart(at + 5) => {
                small(digits)
            }
            _ => None,
        };
        match day.and_then(|day| PubDate::of_day(year, of_year, day)) {
            Some(date) => return Some(date),
            // A month alone is a folder; `2024-25` in a name is more often a season.
            None if *a == '/' && parts.0.get(at + 3) == Some(&Part::Sign('/')) => {
                best = best.or(PubDate::of_month(year, of_year));
            }
            None => {}
        }
    }
    best
}

/// The date of a dateline such as `MOSCOW, May 28, 2025 (Reuters) -`; none without a year.
pub(super) fn in_dateline(text: &str) -> Option<PubDate> {
    let end = text.char_indices().nth(DATELINE).map_or(text.len(), |(at, _)| at);
    let head = &text[..end];
    let end = [" - ", " -- ", " – ", " — ", "(Reuters)", "(AP)", "(AFP)", "(Xinhua)", "(TASS)"]
        .iter()
        .filter_map(|mark| head.find(mark))
        .min();
    // A dateline that stands apart has nothing behind it and may end in its own dash.
    let head = match end {
        Some(end) => &head[..end],
        None if text.len() <= DATELINE => head.trim_end_matches([' ', '-', '–', '—']),
        None => return None,
    };
    let comma = head.find(',')?;
    let head: String = head[comma + 1..].chars().map(western).collect();
    let parts = Parts::of(&head);
    parts.named().or_else(|| parts.iso())?.ok().filter(|date| YEARS.contains(&date.year()))
}

/// A part of a written date.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Number(&'a str),
    Word(String),
    /// A sign; white space is none.
    Sign(char),
}

struct Parts<'a>(Vec<Part<'a>>);

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Parts<'a> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let run = |wanted: fn(char) -> bool| rest.find(|c| !wanted(c)).unwrap_or(rest.len());
            let end = if c.is_ascii_digit() {
                let end = run(|c| c.is_ascii_digit());
                parts.push(Part::Number(&rest[..end]));
                end
            } else if c.is_alphabetic() {
                let end = run(char::is_alphabetic);
                parts.push(Part::Word(rest[..end].to_lowercase()));
                end
            } else {
                if !c.is_whitespace() {
                    parts.push(Part::Sign(c));
                }
                c.len_utf8()
            };
            rest = &rest[end..];
        }
        Parts(parts)
    }

    /// `2025-05-28`, `2025/5/28`, `2025.05.28`, `2025年5月28日` or `2025-05`, with or without a time behind.
    fn iso(&self) -> Option<Reading> {
        let is_separator = |part: &Part<'_>| match part {
            Part::Sign(c) => "-/.".contains(*c),
            Part::Word(word) => matches!(word.as_str(), "年" | "月" | "日"),
            Part::Number(_) => false,
        };
        let [Part::Number(first), separator, Part::Number(second), rest @ ..] = self.0.as_slice() else { return None };
        let year = year(first)?;
        if !is_separator(separator) || second.len() > 2 {
            return None;
        }
        let of_year = small(second)?;
        let day = match rest {
            [next, Part::Number(third), after @ ..] if next == separator || is_separator(next) => {
                let ends = match after.first() {
                    None => true,
                    Some(Part::Word(word)) => word == "t" || word == "日",
                    Some(Part::Number(_)) => true,
                    Some(Part::Sign(c)) => matches!(c, ',' | ';' | '(' | '[' | '|' | '-' | '–' | '—' | '.'),
                };
                if third.len() > 2 || !ends {
                    return None;
                }
                Some(small(third)?)
            }
            [] => None,
            [Part::Word(word)] if word == "月" => None,
            _ => return None,
        };
        Some(match day {
            Some(day) => PubDate::of_day(year, of_year, day).ok_or(Fault::Impossible),
            None => PubDate::of_month(year, of_year).ok_or(Fault::Impossible),
        })
    }

    /// `28.05.2025`, `28/05/2025` or `05/28/2025`.
    fn figures(&self, lang: Option<&str>) -> Option<Reading> {
        let start = self.0.iter().position(|part| matches!(part, Part::Number(_)))?;
        let [Part::Number(first), Part::Sign(a), Part::Number(second), Part::Sign(b), Part::Number(third), ..] =
            &self.0[start..]
        else {
            return None;
        };
        if a != b || !matches!(a, '.' | '/' | '-') || first.len() > 2 || second.len() > 2 {
            return None;
        }
        let (first, second, year) = (small(first)?, small(second)?, year(third)?);
        let day_month = PubDate::of_day(year, second, first);
        let month_day = if *a == '.' { None } else { PubDate::of_day(year, first, second) };
        Some(match (day_month, month_day, lang.and_then(day_first)) {
            (None, None, _) => Err(Fault::Impossible),
            (Some(date), _, Some(true)) | (_, Some(date), Some(false)) => Ok(date),
            (Some(date), Some(other), None) if date == other => Ok(date),
            (Some(_), Some(_), None) => Err(Fault::Ambiguous),
            // With dots nobody writes the month first but those whose language we do not know to do so.
            (Some(date), None, _) if *a != '.' || first > 12 => Ok(date),
            (Some(_), None, _) => Err(Fault::Ambiguous),
            (None, Some(date), _) => Ok(date),
        })
    }

    /// `May 28, 2025`, `28 May 2025`, `28 de mayo de 2025`, `Wed, 28 May 2025 10:00:00 +0000`, `May 2025`.
    fn named(&self) -> Option<Reading> {
        let (from, to, of_year) = self.month()?;
        let is_day = |at: usize| match self.0.get(at) {
            // What a colon stands beside is an hour.
            Some(Part::Number(digits)) if digits.len() <= 2 && self.0.get(at + 1) != Some(&Part::Sign(':')) => {
                small(digits)
            }
            _ => None,
        };
        // Between day and month stand at most an ordinal's ending, a preposition and a full stop.
        let is_filler = |at: usize| match self.0.get(at) {
            Some(Part::Word(word)) => {
                matches!(word.as_str(), "st" | "nd" | "rd" | "th" | "de" | "of" | "the" | "er" | "го" | "ého" | "d")
            }
            Some(Part::Sign(c)) => matches!(c, '.' | '-' | '/' | 'º' | ',' | '°' | '’' | '\''),
            _ => false,
        };
        let mut before = from;
        while before > 0 && from - before < 3 && is_filler(before - 1) {
            before -= 1;
        }
        let mut after = to;
        while after - to < 2 && is_filler(after) {
            after += 1;
        }
        let day_before = before.checked_sub(1).and_then(|at| Some((at, is_day(at)?)));
        let day = day_before.or_else(|| Some((after, is_day(after)?)));
        // The year is the next number of four digits behind the month, else the one before it. A sign before it makes
        // it a zone, as in `+0000`.
        let year_at = |at: usize| match self.0.get(at) {
            Some(Part::Number(digits)) if digits.len() == 4 => {
                let zone = at > to && self.0.get(at - 1) == Some(&Part::Sign('+'));
                if zone { None } else { year(digits) }
            }
            _ => None,
        };
        let year = (to..self.0.len().min(to + 16)).find_map(year_at).or_else(|| (0..from).rev().find_map(year_at))?;
        Some(match day {
            Some((_, day)) => PubDate::of_day(year, of_year, day).ok_or(Fault::Impossible),
            None => PubDate::of_month(year, of_year).ok_or(Fault::Impossible),
        })
    }

    /// The parts that name a month, from, to and which.
    fn month(&self) -> Option<(usize, usize, u8)> {
        (0..self.0.len()).find_map(|at| match (&self.0[at], self.0.get(at + 1)) {
            (Part::Word(first), Some(Part::Word(second))) => match month_of_two(first, second) {
                Some(of_year) => Some((at, at + 2, of_year)),
                None => Some((at, at + 1, month(first)?)),
            },
            (Part::Word(word), _) => Some((at, at + 1, month(word)?)),
            _ => None,
        })
    }
}

/// A number alone: a year, `20250528`, or the time since 1970 in seconds, milliseconds or microseconds.
fn number(digits: &str, negative: bool) -> Reading {
    match (digits.len(), negative) {
        (4, false) => year(digits).ok_or(Fault::Impossible),
        (6, false) => {
            let (year_of, of_year) = digits.split_at(4);
            let year = year(year_of).filter(|year| YEARS.contains(year)).ok_or(Fault::Unknown)?;
            return PubDate::of_month(year, small(of_year).ok_or(Fault::Unknown)?).ok_or(Fault::Unknown);
        }
        (8, false) => {
            let digits: u32 = digits.parse().map_err(|_| Fault::Unknown)?;
            let written = u16::try_from(digits / 10_000).map_err(|_| Fault::Unknown)?;
            if !YEARS.contains(&written) {
                return Err(Fault::Unknown);
            }
            return match PubDate::from_digits(digits) {
                Some(date) if date.day().is_some() => Ok(date),
                _ => Err(Fault::Impossible),
            };
        }
        (9..=16, _) => {
            let number: i64 = digits.parse().map_err(|_| Fault::Unknown)?;
            let seconds = number / [1, 1000, 1_000_000][(digits.len() - 9).min(7) / 3];
            let seconds = if negative { -seconds } else { seconds };
            let time = Timestamp::from_second(seconds).map_err(|_| Fault::Impossible)?;
            let date = time.to_zoned(TimeZone::UTC).date();
            let parts = (u16::try_from(date.year()), u8::try_from(date.month()), u8::try_from(date.day()));
            let (Ok(year), Ok(of_year), Ok(day)) = parts else { return Err(Fault::Impossible) };
            return PubDate::of_day(year, of_year, day).ok_or(Fault::Impossible);
        }
        _ => Err(Fault::Unknown),
    }
    .and_then(|year| PubDate::of_year(year).ok_or(Fault::Impossible))
}

fn year(digits: &str) -> Option<u16> {
    if digits.len() == 4 { digits.parse().ok() } else { None }
}

fn small(digits: &str) -> Option<u8> {
    if digits.len() <= 2 { digits.parse().ok() } else { None }
}

/// Arabic and Persian digits as those of ASCII.
fn western(c: char) -> char {
    let from = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        _ => return c,
    };
    char::from_digit(c as u32 - from, 10).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_the_press_writes_them() {
        let check = |text: &str, expected: &str| {
            let read = read(text, None).map(|date| date.to_string());
            assert_eq!(read.as_deref(), Ok(expected), "{text}");
        };
        check("1946", "1946");
        check("1987-03", "1987-03");
        check("2025-05-28", "2025-05-28");
        check("2025-05-28T23:30:00-05:00", "2025-05-28");
        check("2025-05-28 10:00:00", "2025-05-28");
        check("2025/5/28", "2025-05-28");
        check("2025.05.28", "2025-05-28");
        check("20250528", "2025-05-28");
        check("198703", "1987-03");
        check("2025年5月28日", "2025-05-28");
        check("Wed, 28 May 2025 22:10:00 +0000", "2025-05-28");
        check("Wed May 28 10:00:00 +0000 2025", "2025-05-28");
        check("26-FEB-1987 15:01:01.79", "1987-02-26");
        check("May 28, 2025", "2025-05-28");
        check("Published on May 28th, 2025 at 10:00 EST", "2025-05-28");
        check("28 May 2025", "2025-05-28");
        check("May 2025", "2025-05");
        check("Sept. 3, 1939", "1939-09-03");
        check("28 мая 2025 г.", "2025-05-28");
        check("28 травня 2025", "2025-05-28");
        check("1er août 1914", "1914-08-01");
        check("28. Mai 2025", "2025-05-28");
        check("3. März 2022, 14:05 Uhr", "2022-03-03");
        check("28 de mayo de 2025", "2025-05-28");
        check("٢٨ مايو ٢٠٢٥", "2025-05-28");
        check("28 تشرين الثاني 2024", "2024-11-28");
        check("28 maja 2025", "2025-05-28");
        check("1748390400", "2025-05-28");
        check("1748390400000", "2025-05-28");
        check("-157766400", "1965-01-01");
        check("28.05.2025", "2025-05-28");
        check("28/05/2025", "2025-05-28");
        check("05/28/2025", "2025-05-28");
        check("05/05/2025", "2025-05-05");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        let check = |text: &str, expected| assert_eq!(read(text, None), Err(expected), "{text}");
        check("2025-02-30", Fault::Impossible);
        check("2025-13-01", Fault::Impossible);
        check("February 30, 2025", Fault::Impossible);
        check("31.02.2025", Fault::Impossible);
        check("20251301", Fault::Impossible);
        check("0000", Fault::Impossible);
        check("03/05/2025", Fault::Ambiguous);
        check("03.05.2025", Fault::Ambiguous);
        check("yesterday", Fault::Unknown);
        check("May 28", Fault::Unknown);
        check("", Fault::Unknown);
        check("12:30", Fault::Unknown);
        check("99999999999999999999", Fault::Unknown);
    }

    #[test]
    fn the_language_settles_the_order() {
        let check = |text: &str, lang: &str, expected: Result<&str, Fault>| {
            let read = read(text, Some(lang)).map(|date| date.to_string());
            assert_eq!(read.as_deref().map_err(|fault| *fault), expected, "{text} {lang}");
        };
        check("03.05.2025", "de", Ok("2025-05-03"));
        check("03.05.2025", "ru-RU", Ok("2025-05-03"));
        check("03/05/2025", "fr", Ok("2025-05-03"));
        check("03/05/2025", "en-GB", Ok("2025-05-03"));
        check("03/05/2025", "en-US", Ok("2025-03-05"));
        check("03/05/2025", "en", Err(Fault::Ambiguous));
        check("28/05/2025", "en-US", Ok("2025-05-28"));
        check("31.02.2025", "de", Err(Fault::Impossible));
    }

    #[test]
    fn paths_tell_dates() {
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(in_path(path).map(|date| date.to_string()).as_deref(), expected, "{path}");
        };
        check("https://example.org/world/2025/05/28/talks-1234/", Some("2025-05-28"));
        check("https://example.org/2025/may/28/talks", Some("2025-05-28"));
        check("wire/2025/05/a.txt", Some("2025-05"));
        check("2025-05-28-talks.md", Some("2025-05-28"));
        check("news_20250528.txt", Some("2025-05-28"));
        check("wire/2025/05/2025-05-28.txt", Some("2025-05-28"));
        check("id20250528x.txt", None);
        check("season-2024-25/a.txt", None);
        check("2025/02/30/a.txt", Some("2025-02"));
        check("a/b.txt", None);
        check("1234/56/78", None);
    }

    #[test]
    fn datelines_need_a_year() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(in_dateline(text).map(|date| date.to_string()).as_deref(), expected, "{text}");
        };
        check("MOSCOW, May 28, 2025 (Reuters) - Russia said", Some("2025-05-28"));
        check("KYIV, 28 May 2025 — Ukraine said", Some("2025-05-28"));
        check("MOSCOW, May 28 (Reuters) - Russia said", None);
        check("SALVADOR, Feb 26 -", None);
        check("In March, 1999 he said that it was", None);
        check("MOSCOW, Feb 26, 1987 -", Some("1987-02-26"));
    }
}
