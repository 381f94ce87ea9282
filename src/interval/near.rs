//! Two matches near each other.

use super::Reach;
use super::find::{Finder, Sentences};
use super::span::{self, Found, Span, append_words, share_a_word};

/// How near, and what must be known of the paragraph to tell.
pub(super) struct Near<'a> {
    pub(super) words: &'a [u32],
    pub(super) sentences: &'a Sentences,
    pub(super) ordered: bool,
    pub(super) reach: Reach,
}

impl Near<'_> {
    /// Whether one of `others` is so near to a match.
    pub(super) fn any(&self, span: &Span, others: &[Span]) -> bool {
        others.iter().any(|other| self.holds(span, other))
    }

    fn holds(&self, left: &Span, right: &Span) -> bool {
        if left.last < right.first {
            self.reaches(left, right)
        } else if self.ordered {
            false
        } else if right.last < left.first {
            self.reaches(right, left)
        } else {
            self.woven(left, right)
        }
    }

    /// Whether a match is near one that begins behind its end.
    fn reaches(&self, before: &Span, behind: &Span) -> bool {
        match self.reach {
            Reach::Words(words) => behind.first - before.last <= words,
            Reach::Sentence => self.sentences.hold(before.first, behind.last),
            Reach::Paragraph => true,
        }
    }

    /// Whether two matches that overlap are two: they have no word in common. Then they are as near as can be.
    fn woven(&self, left: &Span, right: &Span) -> bool {
        let one_sentence = || self.sentences.hold(left.first.min(right.first), left.last.max(right.last));
        (self.reach != Reach::Sentence || one_sentence()) && !share_a_word(self.words, left, right)
    }
}

/// A match of two, before its words are put together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    first: u32,
    last: u32,
    left: u32,
    right: u32,
}

/// Pairs are thinned out whenever there are so many, so that no text makes them many more.
const MOST_PAIRS: usize = 4096;

/// Adds the matches of two that are near each other, sorted, each stretch once.
pub(super) fn pairs(
    finder: &mut Finder,
    left: &[Span],
    right: &[Span],
    ordered: bool,
    reach: Reach,
    both: &mut Vec<Span>,
) {
    let Finder { found, pairs, thinning, sentences, .. } = finder;
    let near = Near { words: &found.words, sentences, ordered, reach };
    pairs.clear();
    // Mostly each of the two stands in a paragraph once.
    if let ([a], [b]) = (left, right) {
        if near.holds(a, b) {
            both.extend(joined(found, *a, *b));
        }
        return;
    }
    let mut thinned = 0;
    let mut add = |pairs: &mut Vec<Pair>, l: usize, r: usize| {
        let (a, b) = (&left[l], &right[r]);
        pairs.push(Pair { first: a.first.min(b.first), last: a.last.max(b.last), left: l as u32, right: r as u32 });
        if pairs.len() >= thinned + MOST_PAIRS {
            thin(near.words, left, right, pairs, thinning);
            thinned = pairs.len();
        }
    };
    each_apart(&near, left, right, |l, r| add(pairs, l, r));
    if !ordered {
        each_apart(&near, right, left, |r, l| add(pairs, l, r));
        for (l, a) in left.iter().enumerate() {
            // Those that begin behind its end are apart.
            let end = right.partition_point(|b| b.first <= a.last);
            for (r, b) in right[..end].iter().enumerate() {
                if b.last >= a.first && near.woven(a, b) {
                    add(pairs, l, r);
                }
            }
        }
    }
    thin(near.words, left, right, pairs, thinning);
    for pair in pairs.iter() {
        both.extend(joined(found, left[pair.left as usize], right[pair.right as usize]));
    }
}

/// The match of the words of two.
fn joined(found: &mut Found, mut a: Span, mut b: Span) -> Option<Span> {
    let from = found.words.len();
    if b.first < a.first {
        std::mem::swap(&mut a, &mut b);
    }
    append_words(&mut found.words, &a);
    append_words(&mut found.words, &b);
    if b.first < a.last {
        found.words[from..].sort_unstable();
    }
    found.close(from)
}

/// Calls `each` with pairs of which the one of `before` ends where the one of `behind` has not begun: for each of them the
/// partners that make the shortest match.
fn each_apart(near: &Near<'_>, before: &[Span], behind: &[Span], mut each: impl FnMut(usize, usize)) {
    for (b, span) in before.iter().enumerate() {
        let from = behind.partition_point(|other| other.first <= span.last);
        let mut soonest = u32::MAX;
        let mut end = from;
        for other in &behind[from..] {
            let too_far = matches!(near.reach, Reach::Words(words) if other.first - span.last > words);
            // What begins behind the end of the soonest to end cannot end sooner.
            if too_far || other.first > soonest {
                break;
            }
            soonest = soonest.min(other.last);
            end += 1;
        }
        let best = |o: &usize| behind[*o].last == soonest && near.reaches(span, &behind[*o]);
        (from..end).filter(best).for_each(|o| each(b, o));
    }
    for (o, span) in behind.iter().enumerate() {
        let end = before.partition_point(|other| other.first < span.first);
        let fits = |other: &Span| other.last < span.first && near.reaches(other, span);
        let Some(latest) = before[..end].iter().rposition(fits) else { continue };
        let begins_there = |b: &usize| before[*b].first == before[latest].first;
        (0..=latest).rev().take_while(begins_there).filter(|b| fits(&before[*b])).for_each(|b| each(b, o));
    }
}

/// Sorts pairs, drops those that are not the shortest from either end, and keeps each stretch once: the pair whose words
/// come first. Words are looked at last, and only of stretches that stay.
fn thin(list: &[u32], left: &[Span], right: &[Span], pairs: &mut Vec<Pair>, buffers: &mut Buffers) {
    let Buffers { stretches, ends } = buffers;
    pairs.sort_unstable_by_key(|pair| (pair.first, pair.last, pair.left, pair.right));
    stretches.clear();
    stretches.extend(pairs.iter().map(|pair| (pair.first, pair.last)));
    stretches.dedup();
    span::keep_nearest(stretches, ends, |stretch| *stretch);
    let mut stretches = stretches.iter().peekable();
    pairs.retain(|pair| {
        while stretches.next_if(|stretch| **stretch < (pair.first, pair.last)).is_some() {}
        stretches.peek() == Some(&&(pair.first, pair.last))
    });
    let words = |pair: &Pair| union(list, &left[pair.left as usize], &right[pair.right as usize]);
    pairs.dedup_by(|later, earlier| {
        let same = (later.first, later.last) == (earlier.first, earlier.last);
        // The same two are met from either side.
        let one = (later.left, later.right) == (earlier.left, earlier.right);
        if same && !one && words(later).lt(words(earlier)) {
            *earlier = *later;
        }
        same
    });
}

/// Lists that thinning out fills anew each time.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    stretches: Vec<(u32, u32)>,
    ends: Vec<(u32, u32)>,
}

/// The words of two matches without a word in common, ascending.
fn union<'a>(list: &'a [u32], a: &Span, b: &Span) -> impl Iterator<Item = u32> + 'a {
    let (mut a, mut b) = (span::words(list, a).peekable(), span::words(list, b).peekable());
    std::iter::from_fn(move || match (a.peek(), b.peek()) {
        (Some(one), Some(other)) if one < other => a.next(),
        (_, Some(_)) => b.next(),
        (_, None) => a.next(),
    })
}
