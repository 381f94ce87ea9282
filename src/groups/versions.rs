//! Versions: the different normal forms that are long enough for near copies, each with its signature.
//!
//! They are numbered in the order of their fingerprints, and stand in one piece of memory, mapped or not: 16 bytes of
//! fingerprint, little-endian, and the signature. So a merge of two lists of versions keeps the order of both.

use std::borrow::Cow;

use super::signature::{self, BANDS, PLACES, Signature};

/// How many bytes a version takes.
pub const ENTRY: usize = 16 + PLACES;

/// Versions in the order of their fingerprints, each fingerprint once.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'a> {
    bytes: &'a [u8],
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

impl<'a> Versions<'a> {
    /// The versions that these bytes hold; none if they are no whole number of entries or more than a `u32` counts.
    pub fn of(bytes: &'a [u8]) -> Option<Versions<'a>> {
        let whole = bytes.len().is_multiple_of(ENTRY) && u32::try_from(bytes.len() / ENTRY).is_ok();
        whole.then_some(Versions { bytes })
    }

    /// Appends a version to bytes that will be versions.
    pub fn push(bytes: &mut Vec<u8>, fingerprint: u128, signature: &Signature) {
        bytes.extend_from_slice(&fingerprint.to_le_bytes());
        bytes.extend_from_slice(signature);
    }

    /// How many there are.
    pub fn count(self) -> u32 {
        (self.bytes.len() / ENTRY) as u32
    }

    fn entry(self, version: u32) -> &'a [u8] {
        &self.bytes[ENTRY * version as usize..ENTRY * (version as usize + 1)]
    }

    /// The fingerprint of a version.
    pub fn fingerprint(self, version: u32) -> u128 {
        u128::from_le_bytes(self.entry(version)[..16].try_into().expect("sixteen bytes"))
    }

    /// The version with a fingerprint.
    pub fn find(self, fingerprint: u128) -> Option<u32> {
        let (mut from, mut to) = (0, self.count());
        while from < to {
            let middle = from + (to - from) / 2;
            match self.fingerprint(middle).cmp(&fingerprint) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    pub(super) fn signature(self, version: u32) -> &'a [u8] {
        &self.entry(version)[16..]
    }

    pub(super) fn band(self, version: u32, band: usize) -> u64 {
        signature::band(self.signature(version), band)
    }
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
