//! The periods of a timeline: days, ISO weeks, months or years of the calendar.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::article::{Delay, PubDate};

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A day.
    Day,
    /// A week of ISO 8601: from Monday to Sunday, in the year in which its Thursday lies.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Unit {
    /// All of them, the shortest first.
    pub const ALL: [Unit; 4] = [Unit::Day, Unit::Week, Unit::Month, Unit::Year];

    /// Its name: `day`, `week`, `month` or `year`.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Year => "year",
        }
    }
}

/// A day, week, month or year, printed as `2022-02-28`, `2022-W09`, `2022-02` or `2022`.
///
/// ```
/// use nutgraf::search::answer::{Period, Unit};
///
/// let period = |date: &str, unit| Ok(Period::of(date.parse::<nutgraf::article::PubDate>()?, unit));
/// let week = period("2022-02-28", Unit::Week)?.expect("the day is known");
/// assert_eq!(week.to_string(), "2022-W09");
/// assert_eq!(period("2022-02", Unit::Week)?, None);
/// # Ok::<(), nutgraf::article::NoDate>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    unit: Unit,
    number: i32,
}

impl Period {
    /// The period that a date lies in; none if the date is not known so precisely.
    pub fn of(date: PubDate, unit: Unit) -> Option<Period> {
        let number = match unit {
            Unit::Year => i32::from(date.year()),
            Unit::Month => 12 * i32::from(date.year()) + i32::from(date.month()?) - 1,
            Unit::Day => days(date)?,
            // The first day of all is a Monday.
            Unit::Week => days(date)? / 7,
        };
        Some(Period { unit, number })
    }

    /// How long it is.
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// Its number among those of its unit: the next one has one more. Months of January are multiples of 12.
    pub fn number(self) -> i32 {
        self.number
    }

    /// The periods from this one to a later one of the same unit, both included.
    pub fn through(self, last: Period) -> impl Iterator<Item = Period> {
        (self.number..=last.number).map(move |number| Period { number, ..self })
    }
}

/// The days from 0001-01-01 to a date that is known to the day.
fn days(date: PubDate) -> Option<i32> {
    date.day()?;
    Some(Delay::between(PubDate::of_day(1, 1, 1)?, date).number())
}

/// The day so many days after 0001-01-01.
fn day(days: i32) -> Date {
    Date::constant(1, 1, 1).saturating_add(days.days())
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number;
        match self.unit {
            Unit::Year => write!(f, "{number:04}"),
            Unit::Month => write!(f, "{:04}-{:02}", number.div_euclid(12), number.rem_euclid(12) + 1),
            Unit::Day => write!(f, "{}", day(number)),
            Unit::Week => {
                let week = day(number.saturating_mul(7)).iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(date: &str, unit: Unit) -> Option<Period> {
        Period::of(date.parse().expect("a date"), unit)
    }

    #[test]
    fn dates_lie_in_periods() {
        for (date, expected) in [
            ("2022-02-28", ["2022-02-28", "2022-W09", "2022-02", "2022"]),
            ("2021-01-03", ["2021-01-03", "2020-W53", "2021-01", "2021"]),
            ("2024-12-30", ["2024-12-30", "2025-W01", "2024-12", "2024"]),
            ("0001-01-01", ["0001-01-01", "0001-W01", "0001-01", "0001"]),
            ("9999-12-31", ["9999-12-31", "9999-W52", "9999-12", "9999"]),
            ("2022-02", ["", "", "2022-02", "2022"]),
            ("2022", ["", "", "", "2022"]),
        ] {
            let found = Unit::ALL.map(|unit| period(date, unit).map(|period| period.to_string()).unwrap_or_default());
            assert_eq!(found, expected, "{date}");
        }
    }

    #[test]
    fn periods_follow_each_other() {
        for (unit, first, last, expected) in [
            (Unit::Day, "2024-02-28", "2024-03-01", vec!["2024-02-28", "2024-02-29", "2024-03-01"]),
            (Unit::Week, "2020-12-27", "2021-01-04", vec!["2020-W52", "2020-W53", "2021-W01"]),
            (Unit::Month, "2023-12", "2024-01", vec!["2023-12", "2024-01"]),
            (Unit::Year, "1999", "2001-05", vec!["1999", "2000", "2001"]),
        ] {
            let [first, last] = [first, last].map(|date| period(date, unit).expect("known so precisely"));
            let found: Vec<String> = first.through(last).map(|period| period.to_string()).collect();
            assert_eq!(found, expected);
        }
    }
}
