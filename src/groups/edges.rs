//! Edges between near versions, found from nothing: sorted by band, compared within each bucket, then by their texts.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::grams::Comparison;
use super::near::SHORT_BAR;
use super::signature::{BANDS, PLACES, agreement};
use super::versions::{REACH, Texts, Versions, sort_bucket};

/// Two near versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The version with the lower number.
    pub a: u32,
    /// The other one.
    pub b: u32,
    /// The Jaccard similarity of their sets of sequences of five characters, in ten-thousandths, rounded down.
    pub similarity: u16,
    /// In how many buckets the two stand within reach of each other, at least 1: when that is none, they are no candidates.
    pub support: u8,
}

/// The most support that an edge may have: in each band two versions share one bucket at most.
pub const MOST_SUPPORT: u8 = BANDS as u8;

/// A pair of versions, the lower number in the upper half.
pub(super) type Pair = u64;

pub(super) fn pair(one: u32, other: u32) -> Pair {
    u64::from(one.min(other)) << 32 | u64::from(one.max(other))
}

pub(super) fn ends(pair: Pair) -> (u32, u32) {
    ((pair >> 32) as u32, pair as u32)
}

/// Pairs that may be near and how often each was met, in memory that grows with the number of different ones.
#[derive(Debug)]
pub(super) struct Tally<F> {
    met: Vec<Pair>,
    counted: Vec<(Pair, u8)>,
    /// Whether a pair may be near. It is asked once for many times that a pair is met.
    may_be_near: F,
}

/// How many pairs are counted at once.
const MET_AT_ONCE: usize = 1 << 22;

impl<F: Fn(Pair) -> bool> Tally<F> {
    pub(super) fn new(may_be_near: F) -> Tally<F> {
        Tally { met: Vec::new(), counted: Vec::new(), may_be_near }
    }

    pub(super) fn add(&mut self, pair: Pair) {
        self.met.push(pair);
        if self.met.len() == MET_AT_ONCE.max(self.counted.len()) {
            self.count();
        }
    }

    fn count(&mut self) {
        self.met.sort_unstable();
        let met = self.met.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u8));
        self.counted = merge(&self.counted, met.filter(|(pair, _)| (self.may_be_near)(*pair)));
        self.met.clear();
    }

    /// The pairs in order, each once.
    pub(super) fn finish(mut self) -> Vec<(Pair, u8)> {
        self.count();
        self.counted
    }
}

/// Adds up two lists of counted pairs, each in order.
pub(super) fn merge(one: &[(Pair, u8)], other: impl Iterator<Item = (Pair, u8)>) -> Vec<(Pair, u8)> {
    let mut merged = Vec::with_capacity(one.len());
    let mut one = one.iter().copied().peekable();
    for (pair, count) in other {
        while let Some(before) = one.next_if(|(next, _)| *next < pair) {
            merged.push(before);
        }
        // A pair is met once for each band, of which a byte counts all.
        let same = one.next_if(|(next, _)| *next == pair).map_or(0, |(_, count)| count);
        merged.push((pair, same + count));
    }
    merged.extend(one);
    merged
}

/// In how many places signatures must at least agree for their texts to be compared: a tenth below the bar, which texts at
/// the bar hardly ever miss.
pub(super) fn least_agreement(bar: u16) -> usize {
    PLACES * usize::from(bar.saturating_sub(1_000)) / 10_000
}

/// The edges of versions: of each two that stand within reach of each other in a bucket, whose signatures agree well enough,
/// and whose texts are near. In order, and the same whatever the number of threads.
///
/// # Errors
///
/// When a text cannot be read.
pub fn edges<T: Texts>(versions: &Versions<'_>, bar: u16, texts: &T, threads: usize) -> Result<Vec<Edge>, T::Error> {
    let next = AtomicUsize::new(0);
    let tallies = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, BANDS) {
            scope.spawn(|| {
                let least = least_agreement(bar);
                let may_be_near = |pair| {
                    let (a, b) = ends(pair);
                    agreement(versions.signature(a), versions.signature(b)) >= least
                };
                let (mut tally, mut buckets) = (Tally::new(may_be_near), Buckets::default());
                loop {
                    let band = next.fetch_add(1, Ordering::Relaxed);
                    if band >= BANDS {
                        break;
                    }
                    buckets.candidates(versions, band, &mut |pair| tally.add(pair));
                }
                tallies.lock().unwrap_or_else(PoisonError::into_inner).push(tally.finish());
            });
        }
    });
    let tallies = tallies.into_inner().unwrap_or_else(PoisonError::into_inner);
    let candidates = tallies.into_iter().reduce(|one, other| merge(&one, other.into_iter())).unwrap_or_default();
    verified(&candidates, bar, texts, threads)
}

/// Room for the buckets of a band.
#[derive(Default)]
struct Buckets {
    /// What each version has in the band.
    keys: Vec<u64>,
    /// For each hash of a key two bits: that it was met, and that it was met again.
    met: Vec<u64>,
    /// The keys that more than one version may have, each with a version.
    shared: Vec<(u64, u32)>,
    bucket: Vec<u32>,
}

impl Buckets {
    /// Hands on the pairs of one band.
    fn candidates(&mut self, versions: &Versions<'_>, band: usize, add: &mut impl FnMut(Pair)) {
        let Buckets { keys, met, shared, bucket } = self;
        keys.clear();
        keys.extend((0..versions.count()).map(|version| versions.band(version, band)));
        // Most versions are alone in their bucket: only what is left of them is worth sorting.
        const EACH: usize = 2;
        const SLOTS: usize = u64::BITS as usize / EACH;
        let words = (8 * keys.len()).next_power_of_two().max(SLOTS) / SLOTS;
        met.clear();
        met.resize(words, 0);
        let place = |key: u64| {
            let hash = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize;
            (hash / SLOTS % words, hash % SLOTS * EACH)
        };
        for key in &*keys {
            let (word, bit) = place(*key);
            met[word] |= 1 << bit | (met[word] >> bit & 1) << (bit + 1);
        }
        shared.clear();
        shared.extend(keys.iter().copied().zip(0..).filter(|(key, _)| {
            let (word, bit) = place(*key);
            met[word] >> (bit + 1) & 1 == 1
        }));
        shared.sort_unstable();
        for same in shared.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            bucket.clear();
            bucket.extend(same.iter().map(|(_, version)| *version));
            if bucket.len() > REACH + 1 {
                sort_bucket(band, bucket, |version| versions.signature(version));
            }
            for (place, one) in bucket.iter().enumerate() {
                bucket[place + 1..].iter().take(REACH).for_each(|other| add(pair(*one, *other)));
            }
        }
    }
}

/// How many pairs a thread takes at once.
const PAIRS_AT_ONCE: usize = 4096;

/// The candidates whose texts are near, as edges.
pub(super) fn verified<T: Texts>(
    candidates: &[(Pair, u8)],
    bar: u16,
    texts: &T,
    threads: usize,
) -> Result<Vec<Edge>, T::Error> {
    let next = AtomicUsize::new(0);
    let found: Mutex<Result<Vec<Edge>, T::Error>> = Mutex::new(Ok(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut comparison = Comparison::default();
                loop {
                    let from = next.fetch_add(PAIRS_AT_ONCE, Ordering::Relaxed);
                    if from >= candidates.len() {
                        break;
                    }
                    let some = &candidates[from..(from + PAIRS_AT_ONCE).min(candidates.len())];
                    let edges = compare(some, bar, texts, &mut comparison);
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    match (&mut *found, edges) {
                        (Ok(found), Ok(edges)) => found.extend(edges),
                        (Ok(_), Err(error)) => *found = Err(error),
                        (Err(_), _) => break,
                    }
                }
            });
        }
    });
    let mut edges = found.into_inner().unwrap_or_else(PoisonError::into_inner)?;
    // Threads hand in runs that are in order.
    edges.sort();
    Ok(edges)
}

fn compare<T: Texts>(
    candidates: &[(Pair, u8)],
    bar: u16,
    texts: &T,
    comparison: &mut Comparison,
) -> Result<Vec<Edge>, T::Error> {
    let mut edges = Vec::new();
    let mut with = None;
    for (pair, support) in candidates {
        let (a, b) = ends(*pair);
        if with != Some(a) {
            comparison.with(&texts.normal(a)?);
            with = Some(a);
        }
        if let Some(similarity) = comparison.near(&texts.normal(b)?, bar, SHORT_BAR) {
            edges.push(Edge { a, b, similarity, support: *support });
        }
    }
    Ok(edges)
}
