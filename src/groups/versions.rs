//! Versions: the different normal forms that are long enough for near copies, each with its signature.
//!
//! They stand in runs, each in one piece of memory, mapped or not: 16 bytes for each fingerprint, little-endian and in
//! order, then the signatures. Versions that come later are a run of their own, so that those before need not be written
//! again. Over all runs they are numbered in the order of their fingerprints.

use std::borrow::Cow;

use super::signature::{self, BANDS, PLACES};

/// How many bytes of a run a fingerprint takes.
pub const PRINT: usize = 16;
/// How many bytes of a run a version takes.
pub const ENTRY: usize = PRINT + PLACES;

/// Some versions in the order of their fingerprints, each fingerprint once.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    prints: &'a [u8],
    signatures: &'a [u8],
}

/// Versions in the order of their fingerprints, each fingerprint once, wherever they stand.
#[derive(Debug)]
pub struct Versions<'a> {
    runs: Vec<Run<'a>>,
    places: Vec<Place>,
}

/// Where a version stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    run: u32,
    entry: u32,
}

/// Where the normal forms of versions are read.
pub trait Texts: Sync {
    /// What goes wrong in reading.
    type Error: Send;

    /// The text of a version's normal form.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn normal(&self, version: u32) -> Result<Cow<'_, str>, Self::Error>;
}

impl<'a> Run<'a> {
    /// The versions that these bytes hold; none if they are no whole number of entries or more than a `u32` counts.
    pub fn of(bytes: &'a [u8]) -> Option<Run<'a>> {
        let count = bytes.len() / ENTRY;
        let whole = bytes.len().is_multiple_of(ENTRY) && u32::try_from(count).is_ok();
        let (prints, signatures) = bytes.split_at(PRINT * count);
        whole.then_some(Run { prints, signatures })
    }

    /// How many there are.
    pub fn count(self) -> u32 {
        (self.prints.len() / PRINT) as u32
    }

    /// The fingerprint of an entry.
    pub fn fingerprint(self, entry: u32) -> u128 {
        let start = PRINT * entry as usize;
        u128::from_le_bytes(self.prints[start..start + PRINT].try_into().expect("sixteen bytes"))
    }

    /// The signature of an entry.
    pub fn signature(self, entry: u32) -> &'a [u8] {
        &self.signatures[PLACES * entry as usize..PLACES * (entry as usize + 1)]
    }

    /// The entry with a fingerprint.
    pub fn find(self, fingerprint: u128) -> Option<u32> {
        find(self.count(), fingerprint, |entry| self.fingerprint(entry))
    }
}

impl<'a> Versions<'a> {
    /// The versions of some runs, as far as they `live`, which is said by run and entry. None if two runs have the same
    /// one, if a run is not in order, or if they are more than a `u32` counts.
    pub fn of(runs: Vec<Run<'a>>, lives: impl Fn(usize, u32) -> bool) -> Option<Versions<'a>> {
        let all: u64 = runs.iter().map(|run| u64::from(run.count())).sum();
        let mut places = Vec::with_capacity(usize::try_from(all).ok()?);
        let next_of = |number: usize, from: u32| {
            let run = runs[number];
            let entry = (from..run.count()).find(|entry| lives(number, *entry))?;
            Some((run.fingerprint(entry), Place { run: number as u32, entry }))
        };
        let mut heads: Vec<_> = (0..runs.len()).filter_map(|number| next_of(number, 0)).collect();
        while let Some(least) = (0..heads.len()).min_by_key(|head| heads[*head].0) {
            let (mut fingerprint, mut place) = heads.swap_remove(least);
            let others = heads.iter().map(|(fingerprint, _)| *fingerprint).min();
            // Of one run as much as stands before what the others have.
            loop {
                if others == Some(fingerprint) {
                    return None;
                }
                places.push(place);
                let Some(next) = next_of(place.run as usize, place.entry + 1) else { break };
                if next.0 <= fingerprint {
                    return None;
                }
                (fingerprint, place) = next;
                if others.is_some_and(|others| others < fingerprint) {
                    heads.push(next);
                    break;
                }
            }
        }
        u32::try_from(places.len()).ok()?;
        Some(Versions { runs, places })
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.places.len() as u32
    }

    fn at(&self, version: u32) -> (Run<'a>, u32) {
        let Place { run, entry } = self.places[version as usize];
        (self.runs[run as usize], entry)
    }

    /// The fingerprint of a version.
    pub fn fingerprint(&self, version: u32) -> u128 {
        let (run, entry) = self.at(version);
        run.fingerprint(entry)
    }

    /// The fingerprints, in order.
    pub fn fingerprints(&self) -> impl Iterator<Item = u128> + '_ {
        (0..self.count()).map(|version| self.fingerprint(version))
    }

    /// The signature of a version.
    pub fn signature(&self, version: u32) -> &'a [u8] {
        let (run, entry) = self.at(version);
        run.signature(entry)
    }

    pub(super) fn band(&self, version: u32, band: usize) -> u64 {
        signature::band(self.signature(version), band)
    }
}

/// The place of a fingerprint among so many that stand in order.
fn find(count: u32, fingerprint: u128, at: impl Fn(u32) -> u128) -> Option<u32> {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = from + (to - from) / 2;
        match at(middle).cmp(&fingerprint) {
            std::cmp::Ordering::Less => from = middle + 1,
            std::cmp::Ordering::Greater => to = middle,
            std::cmp::Ordering::Equal => return Some(middle),
        }
    }
    None
}

/// The order in which the versions of a crowded bucket of a band stand: that of their signatures, read from one of five
/// places on, so that each order brings others together and yet 50 bands do not make 50 orders; then of the versions
/// themselves.
pub(super) fn sort_bucket<'a>(band: usize, bucket: &mut [u32], signature: impl Fn(u32) -> &'a [u8]) {
    let turn = PLACES / ORDERS * (band % ORDERS);
    bucket.sort_unstable_by(|a, b| {
        let [one, other] = [a, b].map(|version| signature(*version).split_at(turn));
        one.1.cmp(other.1).then_with(|| one.0.cmp(other.0)).then(a.cmp(b))
    });
}

const ORDERS: usize = 5;
const _: () = assert!(BANDS.is_multiple_of(ORDERS) && PLACES.is_multiple_of(ORDERS));

/// In a bucket, the versions that share a band, each is compared with so many before and behind it.
pub(super) const REACH: usize = 4;
