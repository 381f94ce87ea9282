//! Several matches of one, and matches of several.

use super::find::Finder;
use super::span::{self, Found, Span, keep_nearest};

/// Adds the stretches of `count` matches in a row, of those that contain no other.
pub(super) fn runs(finder: &mut Finder, spans: &[Span], count: usize, runs: &mut Vec<Span>) {
    let mut shortest = finder.take();
    shortest.extend(span::shortest(spans));
    for run in shortest.windows(count.max(1)) {
        let ends = run.first().zip(run.last());
        let (first, last) = ends.map_or((0, 0), |(one, other)| (one.first, other.last));
        push_union(&mut finder.found, &mut finder.marked, first, last, run.iter(), runs);
    }
    finder.give_back(shortest);
}

/// What choosing among lists of matches needs, kept from one paragraph to the next.
#[derive(Debug, Default)]
pub(super) struct Choosing {
    /// The places where something begins.
    firsts: Vec<u32>,
    /// For each match, where the soonest to end of it and those of its list behind it ends.
    soonest: Vec<u32>,
    /// Where each list's soonest match ends, and the list.
    ends: Vec<(u32, usize)>,
    /// The place of a list in `ends`.
    rank: Vec<usize>,
    stretches: Vec<(u32, u32)>,
    mirrored: Vec<Span>,
}

/// Adds the shortest stretches that hold matches of `count` of the lists, with all matches of any list that lie in them.
///
/// `spans` has the lists one after the other, `bounds` where each ends.
pub(super) fn choices(finder: &mut Finder, spans: &[Span], bounds: &[usize], count: usize, chosen: &mut Vec<Span>) {
    let Finder { choosing, ends, .. } = finder;
    choosing.stretches.clear();
    choosing.each_shortest(spans, bounds, count, |choosing, first, last| choosing.stretches.push((first, last)));
    // From the other end the same, with positions counted from there.
    let mut mirrored = std::mem::take(&mut choosing.mirrored);
    mirrored.clear();
    let mut from = 0;
    for bound in bounds {
        mirrored.extend(spans[from..*bound].iter().map(Span::mirrored));
        mirrored[from..].sort_unstable_by_key(|span| (span.first, span.last));
        from = *bound;
    }
    choosing.each_shortest(&mirrored, bounds, count, |choosing, first, last| choosing.stretches.push((!last, !first)));
    choosing.mirrored = mirrored;
    choosing.stretches.sort_unstable();
    choosing.stretches.dedup();
    keep_nearest(&mut choosing.stretches, ends, |stretch| *stretch);
    let stretches = std::mem::take(&mut choosing.stretches);
    for (first, last) in &stretches {
        let inside = spans.iter().filter(|span| span.first >= *first && span.last <= *last);
        push_union(&mut finder.found, &mut finder.marked, *first, *last, inside, chosen);
    }
    finder.choosing.stretches = stretches;
}

impl Choosing {
    /// Calls `each` with the shortest stretch that holds `count` lists, for every place where something begins.
    fn each_shortest(
        &mut self,
        spans: &[Span],
        bounds: &[usize],
        count: usize,
        mut each: impl FnMut(&mut Choosing, u32, u32),
    ) {
        self.firsts.clear();
        self.firsts.extend(spans.iter().map(|span| span.first));
        self.firsts.sort_unstable();
        self.firsts.dedup();
        self.soonest.clear();
        self.soonest.extend(spans.iter().map(|span| span.last));
        let starts = || std::iter::once(0).chain(bounds.iter().copied());
        for (from, to) in starts().zip(bounds) {
            for at in (from..to - usize::from(*to > from)).rev() {
                self.soonest[at] = self.soonest[at].min(self.soonest[at + 1]);
            }
        }
        for place in 0..self.firsts.len() {
            let first = self.firsts[place];
            self.ends.clear();
            for (list, (from, to)) in starts().zip(bounds).enumerate() {
                let at = from + spans[from..*to].partition_point(|span| span.first < first);
                if at < *to {
                    self.ends.push((self.soonest[at], list));
                }
            }
            if self.ends.len() < count || count == 0 {
                continue;
            }
            self.ends.sort_unstable();
            self.rank.clear();
            self.rank.resize(bounds.len(), usize::MAX);
            for (rank, (_, list)) in self.ends.iter().enumerate() {
                self.rank[*list] = rank;
            }
            // One of the lists begins here, with its shortest match that does; of the others those that end soonest.
            let mut last = None;
            for (list, (from, to)) in starts().zip(bounds).enumerate() {
                let at = from + spans[from..*to].partition_point(|span| span.first < first);
                let Some(span) = spans[at..*to].first().filter(|span| span.first == first) else { continue };
                let others = match count {
                    1 => 0,
                    _ if self.rank[list] < count - 1 => self.ends[count - 1].0,
                    _ => self.ends[count - 2].0,
                };
                let end = others.max(span.last);
                last = Some(last.map_or(end, |last: u32| last.min(end)));
            }
            if let Some(last) = last {
                each(self, first, last);
            }
        }
    }
}

/// Adds a match of all the words of these, which lie between two positions. `marked` is a buffer.
fn push_union<'a>(
    found: &mut Found,
    marked: &mut Vec<bool>,
    first: u32,
    last: u32,
    parts: impl Iterator<Item = &'a Span>,
    spans: &mut Vec<Span>,
) {
    marked.clear();
    marked.resize((last - first) as usize + 1, false);
    for part in parts {
        for word in found.words(part) {
            marked[(word - first) as usize] = true;
        }
    }
    let from = found.words.len();
    found.words.extend((first..).zip(marked.iter()).filter(|(_, marked)| **marked).map(|(word, _)| word));
    spans.extend(found.close(from));
}
