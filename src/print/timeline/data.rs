//! Counts over time -> JSON, JSON lines, CSV, TSV and Markdown.
//!
//! The object of JSON: `nutgraf`, `query`, `index` and `total` as in an answer; `by`, the name of the period;
//! `split`, where one was asked for, with its `field` and `values` (`path` and counts over all); `periods`, each with
//! `period`, `paragraphs`, `groups`, `articles`, where asked for `of` (all paragraphs of the index in it) and `share` (in
//! per cent, to four places, null of nothing), and `parts`, one for each value; `apart`, the same for what stands in no
//! period, whose `period` is `month only`, `year only` or `undated`. The path of the rest is `other`.
//!
//! JSON lines and CSV hold the periods and then what is apart. In CSV the row of a value follows that of its period, whose
//! own `value` is empty.

use std::io::{self, Write};

use super::super::delimited::{Delimiter, cell, table};
use super::super::markdown::escaped;
use super::super::notation;
use super::super::shapes::{IndexShape, QueryShape, TotalShape, VERSION};
use super::super::wording::decimal;
use super::{apart_name, is_shared, notes, share};
use crate::search::answer::{Count, Counts, FacetCount, Timeline};

pub(super) fn json(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    notation::pretty(&TimelineShape::of(timeline), out)
}

pub(super) fn lines(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    let TimelineShape { periods, apart, .. } = TimelineShape::of(timeline);
    periods.iter().chain(&apart).try_for_each(|moment| notation::line(moment, out))
}

/// Prints a row a period and, below it, a row a value.
pub(super) fn rows(timeline: &Timeline, delimiter: Delimiter, out: &mut dyn Write) -> io::Result<()> {
    let TimelineShape { periods, apart, .. } = TimelineShape::of(timeline);
    let row = |period: &str, path: &str, count: &CountShape, of: Option<u64>| {
        [
            period.to_owned(),
            cell(path),
            count.paragraphs.to_string(),
            count.groups.to_string(),
            count.articles.to_string(),
            of.map(|of| of.to_string()).unwrap_or_default(),
            count.share.flatten().map(decimal).unwrap_or_default(),
        ]
    };
    let rows = periods.iter().chain(&apart).flat_map(|moment| {
        let parts = moment.parts.iter().flatten();
        let parts = parts.map(|part| row(&moment.period, part.path, &part.count, moment.of));
        std::iter::once(row(&moment.period, "", &moment.count, moment.of)).chain(parts).collect::<Vec<_>>()
    });
    table(&["period", "value", "paragraphs", "groups", "articles", "of", "share"], rows, delimiter, out)
}

/// Prints a table with a row a period; of the values the paragraphs, a column each.
pub(super) fn markdown(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    let shared = is_shared(timeline);
    let TimelineShape { periods, apart, .. } = TimelineShape::of(timeline);
    let values = timeline.split.iter().flat_map(|split| &split.values);
    let mut header = vec![timeline.by.name().to_owned()];
    header.extend(["paragraphs", "groups", "articles"].map(str::to_owned));
    header.extend(["of", "share"].iter().filter(|_| shared).map(|name| (*name).to_owned()));
    header.extend(values.map(|value| escaped(&value.path)));
    writeln!(out, "| {} |", header.join(" | "))?;
    writeln!(out, "| ---{} |", " | ---:".repeat(header.len() - 1))?;
    for moment in periods.iter().chain(&apart) {
        let CountShape { paragraphs, groups, articles, share } = &moment.count;
        let mut row = vec![moment.period.clone(), paragraphs.to_string(), groups.to_string(), articles.to_string()];
        if shared {
            row.push(moment.of.map(|of| of.to_string()).unwrap_or_default());
            row.push(share.flatten().map(|share| format!("{share:.2}%")).unwrap_or_default());
        }
        row.extend(moment.parts.iter().flatten().map(|part| part.count.paragraphs.to_string()));
        writeln!(out, "| {} |", row.join(" | "))?;
    }
    notes(timeline).iter().try_for_each(|note| writeln!(out, "\n{}", escaped(note)))
}

#[derive(serde::Serialize)]
struct TimelineShape<'a> {
    nutgraf: &'static str,
    query: QueryShape<'a>,
    index: IndexShape,
    total: TotalShape,
    by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    split: Option<SplitShape<'a>>,
    periods: Vec<MomentShape<'a>>,
    apart: Vec<MomentShape<'a>>,
}

#[derive(serde::Serialize)]
struct SplitShape<'a> {
    field: &'a str,
    values: Vec<PartShape<'a>>,
}

#[derive(serde::Serialize)]
struct MomentShape<'a> {
    period: String,
    #[serde(flatten)]
    count: CountShape,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<Vec<PartShape<'a>>>,
}

#[derive(serde::Serialize)]
struct PartShape<'a> {
    path: &'a str,
    #[serde(flatten)]
    count: CountShape,
}

#[derive(serde::Serialize)]
struct CountShape {
    paragraphs: u64,
    groups: u64,
    articles: u64,
    /// Absent where it was not asked for, null where the period holds nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<Option<f64>>,
}

impl TimelineShape<'_> {
    fn of(timeline: &Timeline) -> TimelineShape<'_> {
        let values = timeline.split.as_ref().map(|split| &split.values[..]);
        let periods = timeline.periods.iter();
        TimelineShape {
            nutgraf: VERSION,
            query: QueryShape { text: &timeline.text, read_as: &timeline.read_as },
            index: IndexShape::of(&timeline.index),
            total: TotalShape::of(&timeline.total),
            by: timeline.by.name(),
            split: timeline.split.as_ref().map(|split| SplitShape {
                field: &split.field,
                values: split.values.iter().map(PartShape::of).collect(),
            }),
            periods: periods
                .map(|moment| MomentShape::of(moment.period.to_string(), &moment.counts, moment.of, values))
                .collect(),
            apart: timeline
                .apart
                .iter()
                .map(|(apart, counts)| MomentShape::of(apart_name(*apart).to_owned(), counts, None, values))
                .collect(),
        }
    }
}

impl<'a> MomentShape<'a> {
    fn of(period: String, counts: &Counts, of: Option<u64>, values: Option<&'a [FacetCount]>) -> MomentShape<'a> {
        let part = |(value, count): (&'a FacetCount, &Count)| PartShape {
            path: &value.path,
            count: CountShape::of(count, of),
        };
        let parts = values.map(|values| values.iter().zip(&counts.parts).map(part).collect());
        MomentShape { period, count: CountShape::of(&counts.whole, of), of, parts }
    }
}

impl PartShape<'_> {
    fn of(value: &FacetCount) -> PartShape<'_> {
        let FacetCount { path, paragraphs, groups, articles } = value;
        let count = Count { paragraphs: *paragraphs, groups: *groups, articles: *articles };
        PartShape { path, count: CountShape::of(&count, None) }
    }
}

impl CountShape {
    fn of(&Count { paragraphs, groups, articles }: &Count, of: Option<u64>) -> CountShape {
        let share = of.map(|of| share(paragraphs, of).map(|share| (share * 1e4).round() / 1e4));
        CountShape { paragraphs, groups, articles, share }
    }
}
