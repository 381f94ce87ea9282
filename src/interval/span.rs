//! Spans, the words that made them, and which of them are kept.

use std::cmp::Ordering;
use std::ops::Range;

/// The stretch of words of a match, from the first of its words to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The position of the first word.
    pub first: u32,
    /// The position of the last word.
    pub last: u32,
    /// Its words in the list of [`Found`]; an empty range stands for all positions from the first to the last.
    words: (u32, u32),
}

impl Span {
    /// How many positions it covers.
    pub fn width(&self) -> u32 {
        self.last - self.first + 1
    }

    /// The span with positions counted from the other end of all numbers; its words are no longer known.
    pub(super) fn mirrored(&self) -> Span {
        Span { first: !self.last, last: !self.first, words: (0, 0) }
    }

    /// Where its words stand in the list, if there are gaps between them.
    pub(super) fn listed(&self) -> Option<Range<usize>> {
        (self.words.0 < self.words.1).then_some(self.words.0 as usize..self.words.1 as usize)
    }
}

/// Matches in one paragraph, ascending by first and then last word, each stretch once.
#[derive(Debug, Default)]
pub struct Found {
    pub(super) spans: Vec<Span>,
    /// The words of spans with gaps, ascending for each.
    pub(super) words: Vec<u32>,
}

impl Found {
    /// Adds a match whose words are all those from one position to another, both included.
    pub fn push(&mut self, first: u32, last: u32) {
        self.spans.push(Span { first, last, words: (0, 0) });
    }

    /// Adds a match of these words, ascending and at least one.
    pub fn push_words(&mut self, words: impl IntoIterator<Item = u32>) {
        let from = self.words.len();
        self.words.extend(words);
        let span = self.close(from);
        self.spans.extend(span);
    }

    /// The span of the words from `from` on, if there are any; without gaps between them it needs no list.
    pub(super) fn close(&mut self, from: usize) -> Option<Span> {
        let words = &self.words[from..];
        let (first, last) = (*words.first()?, *words.last()?);
        if words.len() as u32 == last - first + 1 {
            self.words.truncate(from);
            return Some(Span { first, last, words: (0, 0) });
        }
        Some(Span { first, last, words: (from as u32, self.words.len() as u32) })
    }

    /// The matches, ascending by first and then last word.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Span> + Clone {
        self.spans.iter()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The words that made a match, ascending.
    pub fn words(&self, span: &Span) -> impl Iterator<Item = u32> + Clone + '_ {
        words(&self.words, span)
    }

    /// The matches that contain no other, ascending.
    pub fn shortest(&self) -> impl Iterator<Item = Span> + Clone + '_ {
        shortest(&self.spans)
    }

    /// Forgets all matches.
    pub fn clear(&mut self) {
        self.spans.clear();
        self.words.clear();
    }
}

/// Of sorted matches those that contain no other, ascending.
pub(super) fn shortest(spans: &[Span]) -> impl Iterator<Item = Span> + Clone + '_ {
    spans.iter().enumerate().filter_map(|(at, span)| {
        let shorter = at.checked_sub(1).is_some_and(|before| spans[before].first == span.first);
        // Whatever lies in it begins before its end.
        let mut within = spans[at + 1..].iter().take_while(|other| other.first <= span.last);
        let contains = within.any(|other| other.first > span.first && other.last <= span.last);
        (!shorter && !contains).then_some(*span)
    })
}

/// The words of a span, which stand in a list if there are gaps between them.
pub(super) fn words<'a>(list: &'a [u32], span: &Span) -> impl Iterator<Item = u32> + Clone + 'a {
    let (solid, listed): (Range<u32>, &[u32]) = match span.listed() {
        None => (span.first..span.last + 1, &[]),
        Some(range) => (0..0, &list[range]),
    };
    solid.chain(listed.iter().copied())
}

/// Whether two matches have a word in common.
pub(super) fn share_a_word(list: &[u32], a: &Span, b: &Span) -> bool {
    // Where both are, both included.
    let (from, to) = (a.first.max(b.first), a.last.min(b.last));
    if from > to {
        return false;
    }
    // The first and the last position of a match are words of it.
    if a.first == b.first || a.last == b.last {
        return true;
    }
    let within = |span: &Span| {
        let words = span.listed().map_or(&[][..], |range| &list[range]);
        let start = words.partition_point(|word| *word < from);
        &words[start..start + words[start..].partition_point(|word| *word <= to)]
    };
    match (a.listed(), b.listed()) {
        (None, None) => true,
        (None, Some(_)) => !within(b).is_empty(),
        (Some(_), None) => !within(a).is_empty(),
        (Some(_), Some(_)) => {
            let (mut left, mut right) = (within(a).iter().peekable(), within(b).iter().peekable());
            while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
                match one.cmp(other) {
                    Ordering::Less => left.next(),
                    Ordering::Greater => right.next(),
                    Ordering::Equal => return true,
                };
            }
            false
        }
    }
}

/// Sorts matches, and keeps each stretch once: the choice whose words come first.
pub(super) fn sort(list: &[u32], spans: &mut Vec<Span>) {
    if spans.is_sorted_by(|a, b| (a.first, a.last) < (b.first, b.last)) {
        return;
    }
    spans.sort_unstable_by(|a, b| {
        (a.first, a.last).cmp(&(b.first, b.last)).then_with(|| words(list, a).cmp(words(list, b)))
    });
    spans.dedup_by_key(|span| (span.first, span.last));
}

/// Of stretches that are sorted, each once, keeps those that are the shortest of all that begin, or of all that end, where
/// they do. `ends` is a buffer.
pub(super) fn keep_nearest<T>(list: &mut Vec<T>, ends: &mut Vec<(u32, u32)>, span: impl Fn(&T) -> (u32, u32)) {
    // Mostly no two share an end.
    if list.is_sorted_by(|a, b| span(a).0 < span(b).0 && span(a).1 < span(b).1) {
        return;
    }
    ends.clear();
    ends.extend(list.iter().map(|item| (span(item).1, span(item).0)));
    ends.sort_unstable();
    let mut before = None;
    list.retain(|item| {
        let (first, last) = span(item);
        let begins = before != Some(first);
        before = Some(first);
        // The latest beginning of those that end here.
        let latest = ends.partition_point(|(end, _)| *end <= last) - 1;
        begins || ends[latest].1 == first
    });
}

/// Adds the words of a span to the list they may stand in.
pub(super) fn append_words(list: &mut Vec<u32>, span: &Span) {
    match span.listed() {
        None => list.extend(span.first..=span.last),
        Some(range) => list.extend_from_within(range),
    }
}
