//! Who printed copies of an outlet's paragraphs, and how late.

use std::cmp::{Ordering, Reverse};

use hashbrown::{HashMap, HashSet};

use super::answer::{Reprinter, Reprints};
use super::{Request, find, holdings, resolve_or_all};
use crate::article::{Delay, PubDate};
use crate::error::{QueryError, Result};
use crate::index::{Index, NONE};
use crate::meaning::holds_in_a_row;
use crate::text::{Letters, Pattern, folded_words};

/// Which other outlets have copies of the paragraphs of `source`, named as after `source:`. The question says which of its
/// paragraphs count; of the groups these belong to, all copies do.
///
/// # Errors
///
/// When no outlet is called so, when the question names what the index does not have, or the index is damaged.
pub fn reprints(index: &Index, request: &Request, source: &str) -> Result<Reprints> {
    let own = outlets(index, source)?;
    let (clause, read_as) = resolve_or_all(index, request)?;
    // Nothing is scored, everything is counted.
    let counted = Request { limit: 0, offset: 0, facets: Vec::new(), ..request.clone() };
    let (collector, _) = find(index, &clause, &counted)?;
    let table = &index.table;
    let mut groups = HashSet::new();
    let mut paragraphs = 0;
    for document in collector.matching.iter() {
        let group = table.group(document);
        if table.is_copied(group) && own.contains(&table.source(table.article(document))) {
            groups.insert(group);
            paragraphs += 1;
        }
    }
    let mut tallies: HashMap<u32, Tally> = HashMap::new();
    let reprinted = groups.iter().filter(|group| tally(index, **group, &own, &mut tallies)).count();
    let name = |source: u32| index.manifest().sources.get(source as usize).cloned().unwrap_or_default();
    let mut outlets: Vec<Reprinter> = tallies.into_iter().map(|(source, tally)| tally.finish(name(source))).collect();
    outlets.sort_by(|a, b| (Reverse(a.groups), &a.source).cmp(&(Reverse(b.groups), &b.source)));
    let mut own: Vec<u32> = own.into_iter().collect();
    own.sort_unstable();
    Ok(Reprints {
        text: request.asked.clone(),
        read_as,
        index: holdings(index),
        total: collector.total,
        of: own.into_iter().map(name).collect(),
        groups: groups.len() as u64,
        paragraphs,
        reprinted: reprinted as u64,
        outlets,
    })
}

/// The outlets that a name means, by number.
fn outlets(index: &Index, name: &str) -> Result<HashSet<u32>> {
    /// How many outlets are offered in place of an unknown one.
    const OFFERED: usize = 5;
    let flag = format!("--copies-of {name}");
    let refuse = |what: String| QueryError::at(&flag, flag.len() - name.len()..flag.len(), what);
    let sought = folded_words(name);
    if sought.is_empty() {
        return Err(refuse("there is no word in this".to_owned()).into());
    }
    let sources = &index.manifest().sources;
    let named = sources.iter().zip(0..).filter(|(source, _)| holds_in_a_row(source, &sought));
    let found: HashSet<u32> = named.map(|(_, number)| number).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let error = refuse(format!("no outlet of this index is called {name}"));
    let near: Vec<String> = sources.iter().filter(|source| is_near(source, &sought)).take(OFFERED).cloned().collect();
    Err(match sources.len() {
        0 => error,
        _ if !near.is_empty() => error.cure(format!("write {}", near.join(" or "))),
        count if count <= OFFERED => error.cure(format!("outlets are {}", sources.join(", "))),
        _ => error.cure("nutgraf facets --by source lists the outlets"),
    }
    .into())
}

/// Whether a word of an outlet's name is spelled nearly like one that was sought.
fn is_near(source: &str, sought: &[String]) -> bool {
    let words = folded_words(source);
    sought.iter().any(|sought| {
        // A third of the letters, as for actors: `rueters` is near `reuters`, `post` is not near `wire`.
        let slips = u8::try_from(sought.chars().count() / 3).unwrap_or(u8::MAX).clamp(1, 3);
        let pattern = Pattern::fuzzy(sought, Letters::Folded, slips);
        pattern.shapes().any(|shape| words.iter().any(|word| shape.accepts_term(word)))
    })
}

/// What is counted of another outlet.
#[derive(Default)]
struct Tally {
    groups: u64,
    paragraphs: u64,
    later: u64,
    same: u64,
    earlier: u64,
    unknown: u64,
    /// The days of those delays that are known to the day.
    days: Vec<i32>,
}

/// Counts the other outlets of a group; tells whether there is one.
fn tally(index: &Index, group: u32, own: &HashSet<u32>, tallies: &mut HashMap<u32, Tally>) -> bool {
    let table = &index.table;
    let mut first: Option<PubDate> = None;
    // The earliest date and the number of copies of each other outlet.
    let mut others: HashMap<u32, (Option<PubDate>, u64)> = HashMap::new();
    for member in table.members(group) {
        let article = table.article(member);
        let source = table.source(article);
        // Members come oldest first, undated ones last.
        if own.contains(&source) {
            first = first.or(table.date(article));
        } else if source != NONE {
            others.entry(source).or_insert((table.date(article), 0)).1 += 1;
        }
    }
    for (source, (date, paragraphs)) in &others {
        let tally = tallies.entry(*source).or_default();
        tally.groups += 1;
        tally.paragraphs += paragraphs;
        let delay = first.zip(*date).map(|(first, then)| Delay::between(first, then));
        match delay.map(|delay| delay.number().cmp(&0)) {
            None => tally.unknown += 1,
            Some(Ordering::Less) => tally.earlier += 1,
            Some(Ordering::Equal) => tally.same += 1,
            Some(Ordering::Greater) => {
                tally.later += 1;
                tally
                    .days
                    .extend(delay.and_then(|delay| if let Delay::Days(days) = delay { Some(days) } else { None }));
            }
        }
    }
    !others.is_empty()
}

impl Tally {
    fn finish(mut self, source: String) -> Reprinter {
        Reprinter {
            source,
            groups: self.groups,
            paragraphs: self.paragraphs,
            later: self.later,
            same: self.same,
            earlier: self.earlier,
            unknown: self.unknown,
            median_days: median(&mut self.days),
        }
    }
}

/// The middle of some numbers; of an even number of them, halfway between the two in the middle.
fn median(numbers: &mut [i32]) -> Option<f64> {
    numbers.sort_unstable();
    let [low, high] = [numbers.len().checked_sub(1)? / 2, numbers.len() / 2].map(|place| f64::from(numbers[place]));
    Some((low + high) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        for (numbers, expected) in
            [(&mut [][..], None), (&mut [3], Some(3.0)), (&mut [9, 1, 2], Some(2.0)), (&mut [4, 1], Some(2.5))]
        {
            assert_eq!(median(numbers), expected);
        }
    }

    #[test]
    fn names_that_are_near() {
        for (source, sought, expected) in [
            ("Reuters", "rueters", true),
            ("Example Gazette", "gazete", true),
            ("Example Gazette", "wire", false),
            ("AP", "afp", true),
            ("Placeholder Post", "wire", false),
        ] {
            assert_eq!(is_near(source, &folded_words(sought)), expected, "{source} {sought}");
        }
    }
}
