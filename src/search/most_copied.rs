//! The groups of which most paragraphs match a question.

use std::cmp::Reverse;

use hashbrown::{HashMap, HashSet};

use super::answer::{CopiedGroup, MostCopied};
use super::documents::Documents;
use super::hits::reference;
use super::paragraph::group_of;
use super::{Request, find, holdings, resolve_or_all};
use crate::article::{PubDate, Ref};
use crate::error::Result;
use crate::index::{Index, NONE};

/// The groups of several copies that match a request, those with most matching copies first; then those of more outlets,
/// the older, and by the reference of the copy shown. Of the request only the question, limit and offset count.
///
/// # Errors
///
/// When the question names what the index does not have, or the index is damaged.
pub fn most_copied(index: &Index, request: &Request) -> Result<MostCopied> {
    let (clause, read_as) = resolve_or_all(index, request)?;
    // Nothing is scored, everything is counted.
    let counted = Request { limit: 0, offset: 0, facets: Vec::new(), ..request.clone() };
    let (collector, _) = find(index, &clause, &counted)?;
    let mut tallies: Vec<(u32, Tally)> = tally(index, &collector.matching).into_iter().collect();
    let most = request.offset.saturating_add(request.limit);
    let copied = tallies.len() as u64;
    if most < tallies.len() {
        tallies.select_nth_unstable_by_key(most, |(_, tally)| tally.place(index));
        tallies.truncate(most);
    }
    tallies.sort_unstable_by_key(|(_, tally)| tally.place(index));
    let groups = tallies.iter().zip(1..).skip(request.offset).map(|((group, tally), rank)| {
        let table = &index.table;
        let source = index.manifest().sources.get(table.source(table.article(tally.oldest)) as usize);
        Ok(CopiedGroup {
            rank,
            group: group_of(index, tally.oldest)?,
            matching: tally.matching,
            copies: u64::from(table.size(*group)),
            outlets: tally.outlets,
            first: table.date(table.article(tally.oldest)),
            last: PubDate::from_digits(tally.newest),
            reference: reference(index, tally.oldest),
            source: source.cloned(),
            text: index.text(tally.oldest)?,
        })
    });
    Ok(MostCopied {
        text: request.asked.clone(),
        read_as,
        index: holdings(index),
        total: collector.total,
        copied,
        groups: groups.collect::<Result<_>>()?,
    })
}

/// What is counted of the matching members of a group.
struct Tally {
    matching: u64,
    outlets: u64,
    /// The document of the oldest one.
    oldest: u32,
    /// The digits of the newest date, 0 for none.
    newest: u32,
}

impl Tally {
    /// The place in the order of the answer; the smallest comes first.
    fn place(&self, index: &Index) -> (Reverse<u64>, Reverse<u64>, (bool, u32), Ref) {
        let digits = index.table.digits(index.table.article(self.oldest));
        (Reverse(self.matching), Reverse(self.outlets), (digits == 0, digits), reference(index, self.oldest))
    }
}

/// Counts the matching members of each group of several, in time linear in the matches.
fn tally(index: &Index, matching: &Documents) -> HashMap<u32, Tally> {
    let table = &index.table;
    let mut tallies: HashMap<u32, Tally> = HashMap::new();
    let mut printed: HashSet<(u32, u32)> = HashSet::new();
    for document in matching.iter() {
        let group = table.group(document);
        if !table.is_copied(group) {
            continue;
        }
        let article = table.article(document);
        let tally = tallies.entry(group).or_insert(Tally { matching: 0, outlets: 0, oldest: document, newest: 0 });
        tally.matching += 1;
        tally.newest = tally.newest.max(table.digits(article));
        let source = table.source(article);
        if source != NONE && printed.insert((group, source)) {
            tally.outlets += 1;
        }
    }
    for (group, tally) in &mut tallies {
        // Members stand oldest first.
        tally.oldest = table.members(*group).find(|member| matching.contains(*member)).unwrap_or(tally.oldest);
    }
    tallies
}
