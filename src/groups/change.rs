//! Edges after a change: what was added and removed, worked out from the edges before it.
//!
//! Only buckets that hold a changed version can change, and their members are found in one pass over the signatures. The
//! outcome is that of [`super::edges()`], found from nothing, for the versions after the change.

use hashbrown::HashMap;

use super::edges::{Edge, Tally, ends, least_agreement, pair, verified};
use super::signature::{BANDS, agreement};
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
        let support = edge.support + more - less;
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

/// Buckets by band and key.
type Buckets = HashMap<u64, u32>;

/// A small map of what the buckets have in one band: most signatures have something else there, and are told so by a bit.
struct Sieve {
    bits: Vec<u64>,
    /// By how much a hash is shifted to be the place of a bit.
    shift: u32,
}

impl Sieve {
    /// How many bits there are for each bucket, as long as the map fits the nearest memory of a processor.
    const EACH: usize = 16;
    const SIZES: std::ops::RangeInclusive<u32> = 6..=18;

    /// A map for so many buckets.
    fn of(buckets: usize) -> Sieve {
        let size = (buckets * Sieve::EACH).max(1).ilog2().clamp(*Sieve::SIZES.start(), *Sieve::SIZES.end());
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

/// How many versions are looked at together, band by band: their signatures fit the second nearest memory of a processor.
const AT_ONCE: usize = 1024;

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

    /// The key of a band of a signature among those of all bands.
    fn key(signature: &[u8], band: usize) -> u64 {
        Change::key_of(super::signature::band(signature, band), band)
    }

    fn key_of(shared: u64, band: usize) -> u64 {
        (band as u64) << 40 | shared
    }

    /// The pairs that come within reach in a bucket and those that go out of reach, by their numbers after the change.
    fn pairs(&self, least: usize, threads: usize) -> (Counted, Counted) {
        let changed = || self.all.iter().filter(|either| either.has_changed());
        let mut buckets = Buckets::with_capacity(BANDS * changed().count());
        for either in changed() {
            let signature = self.signature(*either);
            for band in 0..BANDS {
                let number = buckets.len() as u32;
                buckets.entry(Change::key(signature, band)).or_insert(number);
            }
        }
        let mut members = self.members(&buckets, threads);
        members.sort_unstable();
        let mut band_of = vec![0; buckets.len()];
        buckets.iter().for_each(|(key, bucket)| band_of[*bucket as usize] = (key >> 40) as usize);
        let may_be_near = |pair| {
            let (a, b) = ends(pair);
            agreement(self.after.signature(a), self.after.signature(b)) >= least
        };
        let (mut come, mut gone) = (Tally::new(may_be_near), Tally::new(may_be_near));
        let mut bucket = Vec::new();
        for same in members.chunk_by(|a, b| a.0 == b.0) {
            bucket.clear();
            bucket.extend(same.iter().map(|(_, place)| *place));
            self.sort_bucket(band_of[same[0].0 as usize], &mut bucket);
            self.compare(&bucket, &mut |pair| come.add(pair), &mut |pair| gone.add(pair));
        }
        (come.finish(), gone.finish())
    }

    /// The members of these buckets: bucket and place among all versions.
    fn members(&self, buckets: &Buckets, threads: usize) -> Vec<(u32, u32)> {
        let mut sieves: Vec<Sieve> = (0..BANDS).map(|_| Sieve::of(buckets.len() / BANDS)).collect();
        buckets.keys().for_each(|key| sieves[(key >> 40) as usize].insert(key & ((1 << 40) - 1)));
        let sieves = &sieves;
        let share = self.all.len().div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            let shares = self.all.chunks(share).zip((0..).step_by(share)).map(|(some, first)| {
                scope.spawn(move || {
                    let (mut members, mut signatures) = (Vec::new(), Vec::with_capacity(AT_ONCE));
                    for (some, first) in some.chunks(AT_ONCE).zip((first..).step_by(AT_ONCE)) {
                        signatures.clear();
                        signatures.extend(some.iter().map(|either| self.signature(*either)));
                        for (band, sieve) in sieves.iter().enumerate() {
                            for (signature, place) in signatures.iter().zip(first as u32..) {
                                let shared = super::signature::band(signature, band);
                                if sieve.may_hold(shared)
                                    && let Some(bucket) = buckets.get(&Change::key_of(shared, band))
                                {
                                    members.push((*bucket, place));
                                }
                            }
                        }
                    }
                    members
                })
            });
            let shares: Vec<_> = shares.collect();
            shares.into_iter().flat_map(|share| share.join().expect("a pass over signatures does not fail")).collect()
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
