//! Plain data: an article, its paragraphs, its date, and how one refers to them.
//!
//! Nothing here reads a file, knows a format or does any search.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

/// An article as it was read: metadata as far as it is known, and text cut into paragraphs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Article {
    /// The file's path below the root that was indexed, with `/` between its parts.
    pub path: String,
    /// In a file of many records, the record's own id, else its position from 1; none in a file of one.
    pub record: Option<String>,
    /// The headline, one line; empty when there is none.
    pub title: String,
    /// The outlet that published it, such as `Reuters` or `www.reuters.com`.
    pub source: Option<String>,
    /// The byline.
    pub author: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// The document date, as precisely as it is known.
    pub date: Option<PubDate>,
    /// The language that the metadata names, as an ISO 639-1 code in lower case; none when it names none.
    pub lang: Option<String>,
    /// Codes that the source gives itself, such as kind `topics`, value `cocoa`; in the order of the file.
    pub given: Vec<Given>,
    /// The body: one string a paragraph, none empty, each without line breaks.
    pub paragraphs: Vec<String>,
}

impl Article {
    /// The id that this article has in every index: see [`ArticleId::of`].
    pub fn id(&self) -> ArticleId {
        ArticleId::of(&self.path, self.record.as_deref())
    }

    /// An xxh3 hash of all that is known of the article: two articles with the same one are the same.
    ///
    /// ```
    /// use nutgraf::article::Article;
    ///
    /// let article = Article { title: "Aid convoy".into(), ..Article::default() };
    /// let other = Article { source: Some("Aid convoy".into()), ..Article::default() };
    /// assert_ne!(article.digest(), other.digest());
    /// ```
    pub fn digest(&self) -> u128 {
        // What each field is called is part of what is hashed, and so is each string's length.
        let Article { path, record, title, source, author, url, date, lang, given, paragraphs } = self;
        let mut hash = Xxh3Default::new();
        let mut add = |name: u8, text: &str| {
            hash.update(&[name]);
            hash.update(&(text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        add(b'p', path);
        add(b't', title);
        for (name, text) in [(b'r', record), (b's', source), (b'a', author), (b'u', url), (b'l', lang)] {
            text.iter().for_each(|text| add(name, text));
        }
        date.iter().for_each(|date| add(b'd', &date.to_string()));
        given.iter().for_each(|given| {
            add(b'k', &given.kind);
            add(b'v', &given.value);
        });
        paragraphs.iter().for_each(|paragraph| add(b'b', paragraph));
        hash.digest128()
    }
}

/// A code that the source gave itself, kept beside ours and never mixed with them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Given {
    /// The name of the source's field, such as `topics` or `places`.
    pub kind: String,
    /// One of its values.
    pub value: String,
}

/// The id of an article: 60 bits, printed as 12 characters of Crockford's base 32 in lower case.
///
/// It is made from where the article lies, so that it stays when other articles come or go and when its own text is
/// corrected.
///
/// ```
/// use nutgraf::article::ArticleId;
///
/// let id = ArticleId::of("wire/may.jsonl", Some("812"));
/// assert_eq!(id.to_string().len(), 12);
/// assert_eq!(id.to_string().parse(), Ok(id));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(u64);

/// Crockford's base 32: no i, l, o or u, so that an id can be read aloud.
const BASE32: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// How many characters an id has.
const ID_CHARS: u32 = 12;

impl ArticleId {
    /// The id of the article at `path`, and at `record` in it where the file holds many.
    pub fn of(path: &str, record: Option<&str>) -> ArticleId {
        let mut key = Vec::with_capacity(path.len() + 1 + record.map_or(0, str::len));
        key.extend_from_slice(path.as_bytes());
        if let Some(record) = record {
            key.push(0);
            key.extend_from_slice(record.as_bytes());
        }
        ArticleId::from_bits(xxh3_64(&key))
    }

    /// The id with these bits; the uppermost four are ignored.
    pub fn from_bits(bits: u64) -> ArticleId {
        ArticleId(bits & ((1 << (5 * ID_CHARS)) - 1))
    }

    /// The id's 60 bits, in the order of its printed form.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// The ids whose printed form begins with `prefix`, as an inclusive range; none if it is no prefix of an id.
    pub fn with_prefix(prefix: &str) -> Option<std::ops::RangeInclusive<ArticleId>> {
        let length = u32::try_from(prefix.len()).ok()?;
        if length == 0 || length > ID_CHARS {
            return None;
        }
        let mut bits = 0;
        for byte in prefix.bytes() {
            let digit = BASE32.iter().position(|b| *b == byte.to_ascii_lowercase())?;
            bits = bits << 5 | digit as u64;
        }
        let open = 5 * (ID_CHARS - length);
        let first = bits << open;
        Some(ArticleId(first)..=ArticleId(first | ((1 << open) - 1)))
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in (0..ID_CHARS).rev() {
            let digit = (self.0 >> (5 * place)) & 31;
            write!(f, "{}", BASE32[digit as usize] as char)?;
        }
        Ok(())
    }
}

impl FromStr for ArticleId {
    type Err = NoRef;

    fn from_str(text: &str) -> Result<ArticleId, NoRef> {
        match ArticleId::with_prefix(text) {
            Some(ids) if ids.start() == ids.end() => Ok(*ids.start()),
            _ => Err(NoRef),
        }
    }
}

/// A hash of all articles of a corpus and of what is known of them, printed as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CorpusDigest(pub u128);

impl fmt::Display for CorpusDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl Serialize for CorpusDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CorpusDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CorpusDigest, D::Error> {
        let text = String::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16).map(CorpusDigest).map_err(serde::de::Error::custom)
    }
}

/// How one refers to a paragraph: `ARTICLE#PARAGRAPH`, where paragraph 0 is the headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ref {
    /// The article.
    pub article: ArticleId,
    /// The paragraph, from 1; 0 is the headline.
    pub paragraph: u32,
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.article, self.paragraph)
    }
}

/// The text is no article id or paragraph reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reference is written like k3v9q2mt7x0a (an article) or k3v9q2mt7x0a#4 (its fourth paragraph)")]
pub struct NoRef;

/// A date of the proleptic Gregorian calendar, known to the year, the month or the day.
///
/// The order is by what is known, unknown parts first: `2025 < 2025-01 < 2025-01-01`.
///
/// ```
/// use nutgraf::article::PubDate;
///
/// let date: PubDate = "2025-05-28".parse()?;
/// assert_eq!(date.facet(), "/2025/05/28");
/// let month: PubDate = "2024-02".parse()?;
/// assert_eq!(month.last_day().to_string(), "2024-02-29");
/// assert!("2025-02-30".parse::<PubDate>().is_err());
/// # Ok::<(), nutgraf::article::NoDate>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PubDate {
    year: u16,
    month: u8,
    day: u8,
}

impl PubDate {
    /// A whole year, 1 to 9999.
    pub fn of_year(year: u16) -> Option<PubDate> {
        (1..=9999).contains(&year).then_some(PubDate { year, month: 0, day: 0 })
    }

    /// A whole month, 1 to 12.
    pub fn of_month(year: u16, month: u8) -> Option<PubDate> {
        let date = PubDate::of_year(year)?;
        (1..=12).contains(&month).then_some(PubDate { month, ..date })
    }

    /// A day that the calendar has.
    pub fn of_day(year: u16, month: u8, day: u8) -> Option<PubDate> {
        let date = PubDate::of_month(year, month)?;
        (1..=days_in(year, month)).contains(&day).then_some(PubDate { day, ..date })
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12, if it is known.
    pub fn month(self) -> Option<u8> {
        (self.month != 0).then_some(self.month)
    }

    /// The day of the month, from 1, if it is known.
    pub fn day(self) -> Option<u8> {
        (self.day != 0).then_some(self.day)
    }

    /// The first day that the date may mean.
    pub fn first_day(self) -> PubDate {
        PubDate { year: self.year, month: self.month.max(1), day: self.day.max(1) }
    }

    /// The last day that the date may mean.
    pub fn last_day(self) -> PubDate {
        let month = if self.month == 0 { 12 } else { self.month };
        let day = if self.day == 0 { days_in(self.year, month) } else { self.day };
        PubDate { year: self.year, month, day }
    }

    /// The date as a facet: `/2025/05/28`, as far as it is known.
    pub fn facet(self) -> String {
        format!("/{}", self.to_string().replace('-', "/"))
    }

    /// The digits of the date as a number, `20250528`; unknown parts are 0. The order is that of the dates.
    pub fn digits(self) -> u32 {
        u32::from(self.year) * 10_000 + u32::from(self.month) * 100 + u32::from(self.day)
    }

    /// The date with these digits, if it is one.
    pub fn from_digits(digits: u32) -> Option<PubDate> {
        let year = u16::try_from(digits / 10_000).ok()?;
        let (month, day) = ((digits / 100 % 100) as u8, (digits % 100) as u8);
        match (month, day) {
            (0, 0) => PubDate::of_year(year),
            (_, 0) => PubDate::of_month(year, month),
            _ => PubDate::of_day(year, month, day),
        }
    }
}

/// The time from one date to another, in the finest unit to which both are known; negative where the second is earlier.
///
/// ```
/// use nutgraf::article::{Delay, PubDate};
///
/// let between = |first: &str, second: &str| Ok(Delay::between(first.parse::<PubDate>()?, second.parse()?));
/// assert_eq!(between("2024-02-28", "2024-03-01")?, Delay::Days(2));
/// assert_eq!(between("2024-02-28", "2025-01")?, Delay::Months(11));
/// assert_eq!(between("2024", "2023-12-31")?, Delay::Years(-1));
/// # Ok::<(), nutgraf::article::NoDate>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delay {
    /// Both are known to the day.
    Days(i32),
    /// Both are known to the month, one of them no better: calendar months, whatever the day.
    Months(i32),
    /// One of them is a year: calendar years.
    Years(i32),
}

impl Delay {
    /// The time from the first date to the second.
    pub fn between(first: PubDate, second: PubDate) -> Delay {
        let months = |date: PubDate| 12 * i32::from(date.year) + i32::from(date.month);
        if first.month == 0 || second.month == 0 {
            Delay::Years(i32::from(second.year) - i32::from(first.year))
        } else if first.day == 0 || second.day == 0 {
            Delay::Months(months(second) - months(first))
        } else {
            Delay::Days(days(second) - days(first))
        }
    }

    /// How many of its unit.
    pub fn number(self) -> i32 {
        match self {
            Delay::Days(number) | Delay::Months(number) | Delay::Years(number) => number,
        }
    }

    /// Its unit: `days`, `months` or `years`.
    pub fn unit(self) -> &'static str {
        match self {
            Delay::Days(_) => "days",
            Delay::Months(_) => "months",
            Delay::Years(_) => "years",
        }
    }
}

/// The days up to a day, from a beginning that is the same for all.
fn days(date: PubDate) -> i32 {
    // Where years begin in March, the day that not every year has is the last (Howard Hinnant, days_from_civil).
    let (year, month) = (i32::from(date.year), i32::from(date.month));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + i32::from(date.day)
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for PubDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month != 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day != 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

/// The text is no date of the form `2025`, `2025-05` or `2025-05-28`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a date is written 2025, 2025-05 or 2025-05-28")]
pub struct NoDate;

impl FromStr for PubDate {
    type Err = NoDate;

    /// Reads `2025`, `2025-05` or `2025-05-28`, with all its digits; other notations are the reader's business.
    fn from_str(text: &str) -> Result<PubDate, NoDate> {
        let mut parts = text.split('-');
        let year = number(parts.next(), 4)?.ok_or(NoDate)?;
        let month = number(parts.next(), 2)?;
        let day = number(parts.next(), 2)?;
        if parts.next().is_some() {
            return Err(NoDate);
        }
        let date = match (month, day) {
            (None, _) => PubDate::of_year(year),
            (Some(month), None) => PubDate::of_month(year, month as u8),
            (Some(month), Some(day)) => PubDate::of_day(year, month as u8, day as u8),
        };
        date.ok_or(NoDate)
    }
}

/// A number of exactly `digits` ASCII digits.
fn number(part: Option<&str>, digits: usize) -> Result<Option<u16>, NoDate> {
    match part {
        None => Ok(None),
        Some(part) if part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()) => {
            part.parse().map(Some).map_err(|_| NoDate)
        }
        Some(_) => Err(NoDate),
    }
}

/// Serializes as the printed form, for ids, references and dates alike.
macro_rules! serialize_as_printed {
    ($($kind:ty),*) => {$(
        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )*};
}

serialize_as_printed!(ArticleId, Ref, PubDate);

/// Deserializes from the printed form.
macro_rules! deserialize_as_printed {
    ($($kind:ty),*) => {$(
        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$kind, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

deserialize_as_printed!(ArticleId, PubDate);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_and_printed() {
        for (text, facet, first, last) in [
            ("2025", "/2025", "2025-01-01", "2025-12-31"),
            ("2023-02", "/2023/02", "2023-02-01", "2023-02-28"),
            ("2000-02", "/2000/02", "2000-02-01", "2000-02-29"),
            ("1900-02", "/1900/02", "1900-02-01", "1900-02-28"),
            ("1987-03-19", "/1987/03/19", "1987-03-19", "1987-03-19"),
        ] {
            let date: PubDate = text.parse().expect(text);
            assert_eq!(date.to_string(), text);
            assert_eq!(date.facet(), facet);
            assert_eq!(date.first_day().to_string(), first);
            assert_eq!(date.last_day().to_string(), last);
            assert_eq!(PubDate::from_digits(date.digits()), Some(date));
        }
        for text in ["", "25", "2025-5", "2025-13", "2025-00", "2025-04-31", "2025-05-28-1", "+025", "２０２５", "0000"]
        {
            assert_eq!(text.parse::<PubDate>(), Err(NoDate), "{text}");
        }
    }

    #[test]
    fn each_day_is_one_after_the_day_before() {
        let years = [1, 4, 99, 100, 400, 1899, 1900, 1999, 2000, 2023, 2024, 9999];
        for year in years {
            let mut before = PubDate::of_day(year, 1, 1).expect("a day");
            for (month, day) in
                (1..=12).flat_map(|month| (1..=days_in(year, month)).map(move |day| (month, day))).skip(1)
            {
                let next = PubDate::of_day(year, month, day).expect("a day");
                assert_eq!(Delay::between(before, next), Delay::Days(1), "{before} {next}");
                before = next;
            }
            if let Some(next) = PubDate::of_day(year + 1, 1, 1) {
                assert_eq!(Delay::between(before, next), Delay::Days(1), "{before} {next}");
            }
        }
    }

    #[test]
    fn ids_have_prefixes() {
        let id = ArticleId::of("a.txt", None);
        let printed = id.to_string();
        for length in 1..=12 {
            let ids = ArticleId::with_prefix(&printed[..length]).expect("a prefix");
            assert!(ids.contains(&id), "{length}");
        }
        assert_eq!(ArticleId::with_prefix(""), None);
        assert_eq!(ArticleId::with_prefix("illegible"), None);
        assert_eq!(ArticleId::with_prefix(&"0".repeat(13)), None);
        assert_ne!(ArticleId::of("a", Some("b")), ArticleId::of("ab", None));
    }
}
