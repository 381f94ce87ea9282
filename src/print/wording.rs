//! Numbers -> the sentences that tell them, for the formats that people read. Each number has its unit.

use crate::article::{Delay, PubDate};
use crate::review::{Review, Verdict};
use crate::search::answer::{Answer, ArticleCard, Duplicates, Earlier, Holdings, Novelty, Totals};

/// `1 paragraph`, `14 paragraphs`.
pub(super) fn counted(number: u64, unit: &str) -> String {
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// `1 line`, `20 lines`.
pub(super) fn lines(number: u64) -> String {
    counted(number, "line")
}

/// `14 paragraphs in 9 groups, 8 articles, 4 sources`.
pub(super) fn totals(total: &Totals) -> String {
    let boilerplate = match total.boilerplate {
        0 => String::new(),
        texts => format!(" and {} of boilerplate", counted(texts, "text")),
    };
    format!(
        "{} in {}{boilerplate}, {}, {}",
        counted(total.paragraphs, "paragraph"),
        counted(total.groups, "group"),
        counted(total.articles, "article"),
        counted(total.sources, "source"),
    )
}

/// How much matches and which of it is shown; of an answer without a match, that there is none.
pub(super) fn summary(answer: &Answer, all_copies: bool) -> String {
    let (total, index) = (&answer.total, &answer.index);
    if total.paragraphs == 0 {
        return nothing(index);
    }
    let (unit, of) = match total.boilerplate {
        _ if all_copies => ("paragraph", total.paragraphs),
        0 => ("group", total.groups),
        // Boilerplate is shown, but is no group.
        texts => ("hit", total.groups + texts),
    };
    let shown = match (answer.hits.first(), answer.hits.last()) {
        (Some(first), Some(last)) if first.rank == last.rank => format!("{unit} {} of {of}", first.rank),
        (Some(first), Some(last)) => format!("{unit}s {}–{} of {of}", first.rank, last.rank),
        _ => "none of them".to_owned(),
    };
    format!("{}; shown: {shown}", totals(total))
}

/// That nothing matches, and how much was searched.
pub(super) fn nothing(index: &Holdings) -> String {
    let searched = counted(index.paragraphs, "paragraph");
    let verb = if index.paragraphs == 1 { "was" } else { "were" };
    format!("no paragraph matches: {searched} in {} {verb} searched", counted(index.articles, "article"))
}

/// `14 paragraphs in 9 groups, 8 articles, 4 sources`, or that nothing matches.
pub(super) fn totals_or_nothing(total: &Totals, index: &Holdings) -> String {
    if total.paragraphs == 0 { nothing(index) } else { totals(total) }
}

/// `+3 copies, 1 of them matching (2 outlets, first 2025-05-28)`; none when the paragraph stands alone.
pub(super) fn copies(duplicates: &Duplicates) -> Option<String> {
    let others = duplicates.copies.saturating_sub(1);
    if others == 0 {
        return None;
    }
    if duplicates.boilerplate {
        return Some(format!("boilerplate, printed {} times", duplicates.copies));
    }
    let mut words = format!("+{}", copies_counted(others));
    let matching = duplicates.matching.saturating_sub(1);
    if matching < others {
        match (others, matching) {
            (1, _) => words.push_str(", not matching"),
            (_, 0) => words.push_str(", none of them matching"),
            _ => words.push_str(&format!(", {matching} of them matching")),
        }
    }
    let outlets = (duplicates.outlets > 0).then(|| counted(duplicates.outlets, "outlet"));
    let first = duplicates.first.map(|first| format!("first {first}"));
    let known: Vec<_> = outlets.into_iter().chain(first).collect();
    if !known.is_empty() {
        words.push_str(&format!(" ({})", known.join(", ")));
    }
    Some(words)
}

/// What was there before of a hit, and where.
pub(super) fn novelty(novelty: &Novelty) -> (&'static str, Option<&Earlier>) {
    match novelty {
        Novelty::New => ("new", None),
        Novelty::AnotherCopy(earlier) => ("another copy", Some(earlier)),
        Novelty::EditedCopy(earlier) => ("edited copy", Some(earlier)),
    }
}

/// `another copy of 0000000000sd#2 (Reuters, 2025-05-28)`.
pub(super) fn novelty_in_words(of: &Novelty) -> String {
    let (word, earlier) = novelty(of);
    let Some(earlier) = earlier else { return word.to_owned() };
    let source = earlier.source.as_ref().map(|source| format!("{source}, ")).unwrap_or_default();
    format!("{word} of {} ({source}{})", earlier.reference, date(earlier.date))
}

/// `nutgraf 0.1.0 in 120 articles (corpus 5eed…, generation 3)`: what a citation of a search needs.
pub(super) fn provenance(index: &Holdings) -> String {
    let (version, articles) = (super::shapes::VERSION, counted(index.articles, "article"));
    format!("nutgraf {version} in {articles} (corpus {}, generation {})", index.corpus, index.generation)
}

/// What was decided of a record, and where.
pub(super) fn verdict(review: &Review, verdict: &Verdict) -> String {
    let stage = |stage: &usize| review.flow.stages.get(*stage).map_or("", |stage| stage.name.as_str());
    match verdict {
        Verdict::Included => "included".to_owned(),
        Verdict::Undecided { stage: at } => format!("undecided ({})", stage(at)),
        Verdict::Excluded { stage: at, reason: None } => format!("excluded ({})", stage(at)),
        Verdict::Excluded { stage: at, reason: Some(reason) } => format!("excluded ({}): {reason}", stage(at)),
    }
}

/// An article's headline, or that it has none.
pub(super) fn headline(card: &ArticleCard) -> &str {
    title(&card.title)
}

/// A headline, or that there is none.
pub(super) fn title(title: &str) -> &str {
    if title.is_empty() { "(no headline)" } else { title }
}

/// A date, or that there is none.
pub(super) fn date(date: Option<PubDate>) -> String {
    date.map_or_else(|| "undated".to_owned(), |date| date.to_string())
}

/// `2024-06-14`, `2024-06-14 to 2024-06-16`; none where no date is known.
pub(super) fn period(first: Option<PubDate>, last: Option<PubDate>) -> Option<String> {
    let (first, last) = first.zip(last)?;
    Some(if first == last { first.to_string() } else { format!("{first} to {last}") })
}

/// `3 days later`, `the same month`.
pub(super) fn later(delay: Delay) -> String {
    let unit = delay.unit().trim_end_matches('s');
    match delay.number() {
        0 => format!("the same {unit}"),
        number => {
            let counted = counted(number.unsigned_abs().into(), unit);
            format!("{counted} {}", if number < 0 { "earlier" } else { "later" })
        }
    }
}

/// `1 copy`, `3 copies`.
pub(super) fn copies_counted(number: u64) -> String {
    format!("{number} {}", if number == 1 { "copy" } else { "copies" })
}

/// `paragraph 4 of 23`, `paragraphs 3–5 of 23`: which of an article's paragraphs are printed.
pub(super) fn extent(numbers: &[u32], length: u32) -> String {
    let body: Vec<_> = numbers.iter().filter(|number| **number > 0).collect();
    match (body.first(), body.last()) {
        (Some(first), Some(last)) if first == last => format!("paragraph {first} of {length}"),
        (Some(first), Some(last)) => format!("paragraphs {first}–{last} of {length}"),
        _ => counted(length.into(), "paragraph"),
    }
}

/// A number without an exponent, with as many digits as it takes to read the same number back.
pub(super) fn decimal(number: f64) -> String {
    let digits = number.to_string();
    if digits.contains('.') || !number.is_finite() { digits } else { format!("{digits}.0") }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn copies_are_told_in_words() {
        for (copies, matching, outlets, first, expected) in [
            (1, 1, 1, Some("2025"), None),
            (2, 2, 2, Some("2025-05-28"), Some("+1 copy (2 outlets, first 2025-05-28)")),
            (2, 1, 1, None, Some("+1 copy, not matching (1 outlet)")),
            (4, 4, 2, Some("2025-05"), Some("+3 copies (2 outlets, first 2025-05)")),
            (4, 2, 0, Some("2025"), Some("+3 copies, 1 of them matching (first 2025)")),
            (4, 1, 0, None, Some("+3 copies, none of them matching")),
        ] {
            let first = first.map(|first| first.parse().expect("a date"));
            let duplicates = Duplicates { copies, matching, outlets, first, ..Duplicates::default() };
            assert_eq!(super::copies(&duplicates).as_deref(), expected);
        }
    }

    #[test]
    fn totals_have_units_and_say_what_is_shown() {
        let mut answer = samples::answer();
        assert_eq!(summary(&answer, false), "14 paragraphs in 9 groups, 8 articles, 4 sources; shown: groups 1–2 of 9");
        answer.hits.remove(0);
        assert_eq!(
            summary(&answer, true),
            "14 paragraphs in 9 groups, 8 articles, 4 sources; shown: paragraph 2 of 14"
        );
        answer.hits.clear();
        assert!(summary(&answer, false).ends_with("; shown: none of them"));
        answer.total = Totals::default();
        answer.index.articles = 1;
        assert_eq!(summary(&answer, false), "no paragraph matches: 1873 paragraphs in 1 article were searched");
    }

    #[test]
    fn delays_and_periods_are_told_in_words() {
        for (delay, expected) in [
            (Delay::Days(0), "the same day"),
            (Delay::Days(1), "1 day later"),
            (Delay::Days(-2), "2 days earlier"),
            (Delay::Months(14), "14 months later"),
            (Delay::Years(0), "the same year"),
        ] {
            assert_eq!(later(delay), expected);
        }
        let [year, day] = ["2024", "2024-06-14"].map(|date| date.parse().ok());
        assert_eq!(period(year, day).as_deref(), Some("2024 to 2024-06-14"));
        assert_eq!(period(day, day).as_deref(), Some("2024-06-14"));
        assert_eq!(period(None, None), None);
    }

    #[test]
    fn numbers_are_plain() {
        for (number, expected) in [(7.3125, "7.3125"), (7.0, "7.0"), (0.0000001, "0.0000001"), (0.93, "0.93")] {
            assert_eq!(decimal(number), expected);
        }
    }
}
