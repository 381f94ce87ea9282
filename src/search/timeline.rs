//! How much matches in each day, week, month or year.

use hashbrown::{HashMap, HashSet};

use super::answer::{Apart, Count, Counts, FacetCount, FacetCounts, Moment, OTHER, Period, Split, Timeline, Unit};
use super::codes::Codes;
use super::collect::Collector;
use super::facets::{ancestors, count};
use super::{Request, check_facet, find_all, holdings, resolve_or_all};
use crate::article::PubDate;
use crate::error::{QueryError, Result};
use crate::index::{Index, Table};

/// The most periods that one timeline has.
pub const MOST_PERIODS: usize = 2000;

/// The most values that a timeline is split by: as many as can be told apart in a bar.
pub const MOST_VALUES: usize = 8;

/// Counts what matches a request in each period; with a facet field and a number, also for so many of its most frequent
/// values, at most [`MOST_VALUES`]. With `share` the paragraphs of the index are counted beside. Of the request only the
/// question counts.
///
/// A paragraph counts in the period of its article, a group in that of its oldest matching member, so that all periods and
/// what is apart add up to the totals. A value is counted with all below it, and none that is shown is below another.
///
/// # Errors
///
/// When there are more than [`MOST_PERIODS`] periods, when the question or the split names what the index does not have,
/// or the index is damaged.
pub fn timeline(
    index: &Index,
    request: &Request,
    by: Unit,
    split: Option<(&str, usize)>,
    share: bool,
) -> Result<Timeline> {
    if let Some((field, _)) = split {
        check_facet(field)?;
    }
    let (clause, read_as) = resolve_or_all(index, request)?;
    let collector = find_all(index, &clause)?;
    let shown = match split {
        Some((field, most)) => most_frequent(count(index, &collector.matching, field)?, most.min(MOST_VALUES)),
        None => Vec::new(),
    };
    let places = tally(index, &collector, by, split.map(|(field, _)| (field, &shown[..])))?;
    // A rest that is empty is not shown.
    let kept = if split.is_none() {
        0
    } else {
        shown.len() + usize::from(places.totals.last().is_some_and(|rest| rest.paragraphs > 0))
    };
    let counts = |counts: &[Count]| Counts { whole: counts[0], parts: counts[1..=kept].to_vec() };
    let mut periods = periods(&places, by)?;
    for moment in &mut periods {
        let found = places.counts.get(&Place::In(moment.period));
        moment.counts = found.map_or_else(|| counts(&vec![Count::default(); 1 + kept]), |found| counts(found));
    }
    if share {
        count_all(&index.table, by, &mut periods);
    }
    let apart = [Apart::MonthOnly, Apart::YearOnly, Apart::Undated].into_iter();
    let apart = apart.filter_map(|apart| Some((apart, counts(places.counts.get(&Place::Apart(apart))?))));
    let names = shown.iter().map(String::as_str).chain([OTHER]);
    let values = names.zip(places.totals.iter().skip(1)).take(kept).map(|(path, count)| FacetCount {
        path: path.to_owned(),
        groups: count.groups,
        paragraphs: count.paragraphs,
        articles: count.articles,
    });
    Ok(Timeline {
        text: request.asked.clone(),
        read_as,
        index: holdings(index),
        total: collector.total,
        by,
        split: split.map(|(field, _)| Split { field: field.to_owned(), values: values.collect() }),
        periods,
        apart: apart.collect(),
    })
}

/// The values that have most groups, none of them below another.
fn most_frequent(counts: FacetCounts, most: usize) -> Vec<String> {
    // Codes of the source are named by their kind first, which is no value.
    let is_value = |path: &str| counts.field != "given" || ancestors(path).count() > 0;
    let mut shown: Vec<String> = Vec::new();
    for FacetCount { path, .. } in counts.values {
        // What is above a value has as many groups or more, and sorts before it.
        let is_below = ancestors(&path).any(|above| shown.iter().any(|shown| shown == above));
        if shown.len() < most && is_value(&path) && !is_below {
            shown.push(path);
        }
    }
    shown
}

/// Where something is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    In(Period),
    Apart(Apart),
}

impl Place {
    fn of(date: Option<PubDate>, by: Unit) -> Place {
        let Some(date) = date else { return Place::Apart(Apart::Undated) };
        match Period::of(date, by) {
            Some(period) => Place::In(period),
            None if date.month().is_some() => Place::Apart(Apart::MonthOnly),
            None => Place::Apart(Apart::YearOnly),
        }
    }
}

/// Counts at each place and in all: first the whole, then each of the values shown, then the rest.
struct Places {
    totals: Vec<Count>,
    counts: HashMap<Place, Vec<Count>>,
}

impl Places {
    /// Counts one more of something, in a part, at a place.
    fn add(&mut self, place: Place, part: usize, what: fn(&mut Count) -> &mut u64) {
        let parts = self.totals.len();
        *what(&mut self.counts.entry(place).or_insert_with(|| vec![Count::default(); parts])[part]) += 1;
        *what(&mut self.totals[part]) += 1;
    }
}

/// Counts the matching documents at their places.
fn tally(index: &Index, collector: &Collector<'_>, by: Unit, split: Option<(&str, &[String])>) -> Result<Places> {
    let table = &index.table;
    let shown = split.map_or(&[][..], |(_, shown)| shown);
    let mut codes = split.map(|(field, _)| Codes::new(index, field));
    // Which of the values shown each code is, as far as the codes were met.
    let mut shown_as: Vec<Option<usize>> = Vec::new();
    let parts = if split.is_some() { shown.len() + 2 } else { 1 };
    let mut places = Places { totals: vec![Count::default(); parts], counts: HashMap::new() };
    let mut last_articles = vec![None; parts];
    // The place of each group of several members, and which parts it was counted in.
    let mut group_places: HashMap<u32, Place> = HashMap::new();
    let mut counted: HashSet<(u32, usize)> = HashSet::new();
    let (mut of_paragraph, mut within) = (Vec::new(), Vec::new());
    let place_of = |document: u32| Place::of(table.date(table.article(document)), by);
    let mut last = None;
    for document in collector.matching.iter() {
        let article = table.article(document);
        let place = match last {
            Some((known, place)) if known == article => place,
            _ => place_of(document),
        };
        last = Some((article, place));
        within.clear();
        within.push(0);
        if let Some(codes) = &mut codes {
            codes.of(document, &mut of_paragraph)?;
            let met = shown_as.len();
            shown_as.extend(codes.paths()[met..].iter().map(|path| shown.iter().position(|shown| shown == path)));
            within.extend(of_paragraph.iter().filter_map(|code| shown_as[*code as usize]).map(|value| value + 1));
            if within.len() == 1 {
                within.push(parts - 1);
            }
        }
        let group = table.group(document);
        let group_place = if group < table.counts.boilerplate {
            None
        } else if group < table.counts.shared {
            // The document itself is a member that matches.
            let oldest = || collector.matching_members(group).next().unwrap_or(document);
            Some(*group_places.entry(group).or_insert_with(|| place_of(oldest())))
        } else {
            Some(place)
        };
        for part in &within {
            places.add(place, *part, |count| &mut count.paragraphs);
            if last_articles[*part] != Some(article) {
                last_articles[*part] = Some(article);
                places.add(place, *part, |count| &mut count.articles);
            }
            if let Some(group_place) = group_place
                && (!table.is_copied(group) || counted.insert((group, *part)))
            {
                places.add(group_place, *part, |count| &mut count.groups);
            }
        }
    }
    Ok(places)
}

/// The periods from the first one with a match to the last, nothing counted in them.
fn periods(places: &Places, by: Unit) -> Result<Vec<Moment>> {
    let met =
        || places.counts.keys().filter_map(|place| if let Place::In(period) = place { Some(*period) } else { None });
    let Some((first, last)) = met().min().zip(met().max()) else { return Ok(Vec::new()) };
    let number = last.number().abs_diff(first.number()) as usize + 1;
    if number > MOST_PERIODS {
        return Err(too_many(by, first, last, number).into());
    }
    let empty = Counts { whole: Count::default(), parts: Vec::new() };
    Ok(first.through(last).map(|period| Moment { period, counts: empty.clone(), of: None }).collect())
}

/// Refuses a timeline that nobody could read, and names a coarser one.
fn too_many(by: Unit, first: Period, last: Period, number: usize) -> QueryError {
    let flag = format!("--by {}", by.name());
    let what = format!("from {first} to {last} there are {number} {}s, and at most {MOST_PERIODS} are told", by.name());
    // The fewest and the most days of each.
    let days = |unit| match unit {
        Unit::Day => (1, 1),
        Unit::Week => (7, 7),
        Unit::Month => (28, 31),
        Unit::Year => (365, 366),
    };
    // The first and the last of the coarser ones may reach beyond.
    let fits = |unit: &Unit| number * days(by).1 / days(*unit).0 + 2 <= MOST_PERIODS;
    let narrower = "narrow the query with --since and --until";
    let cure = match Unit::ALL.into_iter().filter(|unit| *unit > by).find(fits) {
        Some(unit) => format!("ask with --by {}, or {narrower}", unit.name()),
        None => narrower.to_owned(),
    };
    QueryError::at(&flag, flag.len() - by.name().len()..flag.len(), what).cure(cure)
}

/// Counts the paragraphs of the index in each period.
fn count_all(table: &Table, by: Unit, periods: &mut [Moment]) {
    let Some(first) = periods.first().map(|moment| moment.period.number()) else { return };
    periods.iter_mut().for_each(|moment| moment.of = Some(0));
    for article in 0..table.counts.articles {
        let Place::In(period) = Place::of(table.date(article), by) else { continue };
        let place = usize::try_from(period.number() - first).ok();
        if let Some(of) = place.and_then(|place| periods.get_mut(place)).and_then(|moment| moment.of.as_mut()) {
            *of += table.paragraphs(article).len() as u64;
        }
    }
}
