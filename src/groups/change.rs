//! Edges after a change: what was added and removed, worked out from the edges before it.
//!
//! Only buckets that hold a changed version can change, and their members are found in one pass over the signatures. The
//! outcome is that of [`super::edges()`], found from nothing, for the versions after the change.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::edges::{Edge, Pair, Tally, ends, least_agreement, merge, pair, verified};
use super::signature::{self, BANDS, agreement};
use super::versions::{REACH, Texts, Versions, sort_bucket};

/// The edges of some versions before a change.
#[derive(Debug, Clone, Copy)]
pub struct Before<'a> {
    /// The versions.
    pub versions: &'a Versions<'a>,
    /// Their edges, in order.
    pub edges: &'a [Edge],
}

/// A version before the change, after it, or both.
#[derive(Debug, Clone, Copy)]
struct Either {
    before: Option<u32>,
    after: Option<u32>,
}

impl Either {
    fn has_changed(self) -> bool {
        self.before.is_none() || self.after.is_none()
    }
}

/// The edges of the versions after a change, in order.
///
/// # Errors
///
/// When a text cannot be read.
pub fn changed_edges<T: Texts>(
    before: Before<'_>,
    after: &Versions<'_>,
    bar: u16,
    texts: &T,
    threads: usize,
) -> Result<Vec<Edge>, T::Error> {
    let all = merged(before.versions, after);
    let change = Change { before: before.versions, after, all: &all };
    let (come, gone) = change.pairs(least_agreement(bar), threads);

    let mut number = vec![None; before.versions.count() as usize];
    for either in &all {
        if let Some(old) = either.before {
            number[old as usize] = either.after;
        }
    }
    // Numbers keep their order, so the edges do.
    let kept = before.edges.iter().filter_map(|edge| {
        let [a, b] = [edge.a, edge.b].map(|version| number[version as usize]);
        Some(Edge { a: a?, b: b?, ..*edge })
    });
    let mut edges = Vec::with_capacity(before.edges.len());
    let mut new = Vec::new();
    let (mut come, mut gone) = (come.into_iter().peekable(), gone.into_iter().peekable());
    for edge in kept {
        let of = pair(edge.a, edge.b);
        new.extend(std::iter::from_fn(|| come.next_if(|(pair, _)| *pair < of)));
        while gone.next_if(|(pair, _)| *pair < of).is_some() {}
        let more = come.next_if(|(pair, _)| *pair == of).map_or(0, |(_, count)| count);
        let less = gone.next_if(|(pair, _)| *pair == of).map_or(0, |(_, count)| count);
        // Each counts bands, of which there are few.
        let support = (edge.support + more).saturating_sub(less);
        if support > 0 {
            edges.push(Edge { support, ..edge });
        }
    }
    new.extend(come);
    edges.extend(verified(&new, bar, texts, threads)?);
    // Two lists, each in order.
    edges.sort();
    Ok(edges)
}

/// The versions of both, in the order of their fingerprints.
fn merged(before: &Versions<'_>, after: &Versions<'_>) -> Vec<Either> {
    let mut all = Vec::with_capacity(after.count() as usize);
    let (mut old, mut new) = (0, 0);
    while old < before.count() || new < after.count() {
        let fingerprint = |versions: &Versions<'_>, at: u32| (at < versions.count()).then(|| versions.fingerprint(at));
        let either = match (fingerprint(before, old), fingerprint(after, new)) {
            (Some(one), Some(other)) if one == other => Either { before: Some(old), after: Some(new) },
            (Some(one), other) if other.is_none_or(|other| one < other) => Either { before: Some(old), after: None },
            _ => Either { before: None, after: Some(new) },
        };
        old += u32::from(either.before.is_some());
        new += u32::from(either.after.is_some());
        all.push(either);
    }
    all
}

/// A small map of what the changed versions have in one band: most others have something else there, and are told so by a
/// bit.
struct Sieve {
    bits: Vec<u64>,
    /// By how much a hash is shifted to be the place of a bit.
    shift: u32,
}

impl Sieve {
    /// How many bits there are for each changed version.
    const EACH: usize = 32;
    const SMALLEST: u32 = 6;

    /// A map for so many versions.
    fn of(versions: usize) -> Sieve {
        let size = (versions * Sieve::EACH).max(1).ilog2().max(Sieve::SMALLEST);
        Sieve { bits: vec![0; 1 << (size - 6)], shift: u64::BITS - size }
    }

    fn place(&self, band: u64) -> (usize, u64) {
        let place = band.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        ((place >> 6) as usize, 1 << (place & 63))
    }

    fn insert(&mut self, band: u64) {
        let (word, bit) = self.place(band);
        self.bits[word] |= bit;
    }

    #[inline]
    fn may_hold(&self, band: u64) -> bool {
        let (word, bit) = self.place(band);
        self.bits[word] & bit != 0
    }
}

/// How many versions are looked at together, band by band: their signatures fit the nearest memory of a processor.
const AT_ONCE: usize = 128;

/// How many hits are kept at once, about: 64 MiB.
const MOST_HITS: usize = 1 << 22;

/// What versions have in a band, and their places among all.
type Hits = Vec<(u64, u32)>;

struct Change<'a> {
    before: &'a Versions<'a>,
    after: &'a Versions<'a>,
    all: &'a [Either],
}

/// Pairs and in how many buckets each stands.
type Counted = Vec<(u64, u8)>;

impl<'a> Change<'a> {
    fn signature(&self, either: Either) -> &'a [u8] {
        match (either.after, either.before) {
            (Some(after), _) => self.after.signature(after),
            (None, before) => self.before.signature(before.expect("a version is in one of the two")),
        }
    }

    /// The pairs that come within reach in a bucket and those that go out of reach, by their numbers after the change.
    fn pairs(&self, least: usize, threads: usize) -> (Counted, Counted) {
        let may_be_near = |pair| {
            let (a, b) = ends(pair);
            agreement(self.after.signature(a), self.after.signature(b)) >= least
        };
        let changed = self.all.iter().filter(|either| either.has_changed()).count();
        let at_once = (MOST_HITS / (changed + self.all.len() / Sieve::EACH).max(1)).clamp(1, BANDS);
        let mut pairs = (Counted::new(), Counted::new());
        for bands in (0..BANDS).step_by(at_once).map(|first| first..(first + at_once).min(BANDS)) {
            let hits = self.hits(bands.clone(), changed, threads);
            for (come, gone) in self.compared(bands, &hits, may_be_near, threads) {
                pairs = (merge(&pairs.0, come.into_iter()), merge(&pairs.1, gone.into_iter()));
            }
        }
        pairs
    }

    /// The pairs of some bands, from each thread.
    fn compared(
        &self,
        bands: Range<usize>,
        hits: &[Vec<Hits>],
        may_be_near: impl Fn(Pair) -> bool + Copy + Send + Sync,
        threads: usize,
    ) -> Vec<(Counted, Counted)> {
        let next = &AtomicUsize::new(bands.start);
        std::thread::scope(|scope| {
            let compare = || {
                let (mut come, mut gone) = (Tally::new(may_be_near), Tally::new(may_be_near));
                let (mut in_band, mut bucket) = (Hits::new(), Vec::new());
                loop {
                    let band = next.fetch_add(1, Ordering::Relaxed);
                    if band >= bands.end {
                        return (come.finish(), gone.finish());
                    }
                    in_band.clear();
                    hits.iter().for_each(|hits| in_band.extend(&hits[band - bands.start]));
                    in_band.sort_unstable();
                    // Nothing is another where nothing of a bucket has changed.
                    let buckets = in_band.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1);
                    for same in
                        buckets.filter(|same| same.iter().any(|(_, place)| self.all[*place as usize].has_changed()))
                    {
                        bucket.clear();
                        bucket.extend(same.iter().map(|(_, place)| *place));
                        self.sort_bucket(band, &mut bucket);
                        self.compare(&bucket, &mut |pair| come.add(pair), &mut |pair| gone.add(pair));
                    }
                }
            };
            let compared: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(compare)).collect();
            compared.into_iter().map(|thread| thread.join().expect("a comparison does not fail")).collect()
        })
    }

    /// For each share of the versions and each of the bands: what may be in a bucket with one of the `changed` versions,
    /// those themselves among it.
    fn hits(&self, bands: Range<usize>, changed: usize, threads: usize) -> Vec<Vec<Hits>> {
        let mut sieves: Vec<(usize, Sieve)> = bands.map(|band| (band, Sieve::of(changed))).collect();
        for either in self.all.iter().filter(|either| either.has_changed()) {
            let signature = self.signature(*either);
            sieves.iter_mut().for_each(|(band, sieve)| sieve.insert(signature::band(signature, *band)));
        }
        let sieves = &sieves;
        let share = self.all.len().div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            let shares = self.all.chunks(share).zip((0..).step_by(share)).map(|(some, first)| {
                scope.spawn(move || {
                    let mut hits = vec![Hits::new(); sieves.len()];
                    let mut signatures = Vec::with_capacity(AT_ONCE);
                    for (some, first) in some.chunks(AT_ONCE).zip((first..).step_by(AT_ONCE)) {
                        signatures.clear();
                        signatures.extend(some.iter().map(|either| self.signature(*either)));
                        for ((band, sieve), hits) in sieves.iter().zip(&mut hits) {
                            let shared = signatures.iter().map(|signature| signature::band(signature, *band));
                            hits.extend(shared.zip(first as u32..).filter(|(shared, _)| sieve.may_hold(*shared)));
                        }
                    }
                    hits
                })
            });
            let shares: Vec<_> = shares.collect();
            shares.into_iter().map(|share| share.join().expect("a pass over signatures does not fail")).collect()
        })
    }

    /// The order of [`sort_bucket()`], over places among all versions.
    fn sort_bucket(&self, band: usize, bucket: &mut [u32]) {
        if bucket.len() > REACH + 1 {
            let signature = |place: u32| self.signature(self.all[place as usize]);
            sort_bucket(band, bucket, signature);
        }
    }

    /// Hands on the pairs of a bucket that have come and gone. What is removed takes its edges along, so that only pairs of
    /// versions that are there after the change count.
    fn compare(&self, bucket: &[u32], come: &mut impl FnMut(u64), gone: &mut impl FnMut(u64)) {
        // Each version that is there, and how many of those before the change stand in front of it.
        let mut before = 0;
        let mut there: Vec<(Either, u32, usize)> = Vec::with_capacity(bucket.len());
        for either in bucket.iter().map(|place| self.all[*place as usize]) {
            there.extend(either.after.map(|after| (either, after, before)));
            before += usize::from(either.before.is_some());
        }
        for (place, (one, a, rank)) in there.iter().enumerate() {
            for (distance, (other, b, other_rank)) in (1..).zip(&there[place + 1..]) {
                let is = distance <= REACH;
                // Added versions stand between those that were there, and had no neighbour.
                let may_have_been = one.before.is_some() && other_rank - rank <= REACH;
                if !is && !may_have_been {
                    break;
                }
                match (may_have_been && other.before.is_some(), is) {
                    (false, true) => come(pair(*a, *b)),
                    (true, false) => gone(pair(*a, *b)),
                    _ => {}
                }
            }
        }
    }
}
