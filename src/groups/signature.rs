//! Signatures: what is kept of a normal form so that near ones can be found without comparing all with all.
//!
//! One-permutation hashing (Li, Owen and Zhang 2012): a hash for each sequence of five characters, each falling into a
//! place by its upper byte; the least lower half of each place counts, and of that its last byte. A place
//! that stays empty borrows from another (Shrivastava and Li 2014). Two signatures agree in a place about as often as
//! their texts' sets of sequences overlap.

use super::grams::each_gram;

/// How many places a signature has.
pub(super) const PLACES: usize = BANDS * ROWS;
/// How many bands it is divided into.
pub(super) const BANDS: usize = 50;
/// How many places a band has.
pub(super) const ROWS: usize = 5;

/// A signature.
pub type Signature = [u8; PLACES];

/// How many places sequences fall into: as many as a byte counts, so that it says the place. The last few are not looked at.
const CELLS: usize = 256;

/// Makes signatures.
#[derive(Debug)]
pub struct Sketcher {
    least: [u32; CELLS],
}

impl Default for Sketcher {
    fn default() -> Sketcher {
        Sketcher { least: [EMPTY; CELLS] }
    }
}

const EMPTY: u32 = u32::MAX;

/// How many places are looked at together.
const CHUNK: usize = u64::BITS as usize;

/// How far on each place looks when it borrows: steps without a common divisor with the number of places, so that each
/// place comes to every other.
const STRIDES: [u8; 16] = [1, 249, 77, 91, 103, 119, 131, 143, 157, 169, 181, 193, 207, 219, 231, 243];

impl Sketcher {
    /// The signature of a normal form. It is frozen, like the fingerprint.
    pub fn sketch(&mut self, normal: &str) -> Signature {
        self.least.fill(EMPTY);
        each_gram(normal, |gram| {
            let least = &mut self.least[usize::from((gram >> 56) as u8)];
            *least = (gram as u32).min(*least);
        });
        let mut signature: Signature = std::array::from_fn(|place| self.least[place] as u8);
        for (chunk, least) in (0..PLACES).step_by(CHUNK).zip(self.least[..PLACES].chunks(CHUNK)) {
            // The places that are empty, as bits: in a short text they are many, in no order that a processor could guess.
            let mut empty = least.iter().rev().fold(0_u64, |bits, least| bits << 1 | u64::from(*least == EMPTY));
            while empty != 0 {
                let place = chunk + empty.trailing_zeros() as usize;
                empty &= empty - 1;
                signature[place] = self.borrowed(place);
            }
        }
        signature
    }

    /// What a place that is empty takes from another.
    fn borrowed(&self, place: usize) -> u8 {
        let stride = usize::from(STRIDES[(place * 7) % STRIDES.len()]);
        let mut from = place;
        // Were there nothing to borrow from, the round would end where it began.
        for _ in 0..PLACES {
            from = if from + stride < PLACES { from + stride } else { from + stride - PLACES };
            if self.least[from] != EMPTY {
                break;
            }
        }
        self.least[from] as u8
    }
}

/// In how many places two signatures agree.
pub(super) fn agreement(a: &[u8], b: &[u8]) -> usize {
    debug_assert!(a.len() == PLACES && b.len() == PLACES);
    // Sums of 250 fit a byte, which the compiler adds many at a time.
    let agree = a.iter().zip(b).fold(0_u8, |sum, (a, b)| sum.wrapping_add(u8::from(a == b)));
    usize::from(agree)
}

/// What two signatures have in common if they share this band.
#[inline]
pub(super) fn band(signature: &[u8], band: usize) -> u64 {
    // Eight bytes are read at once, of which five count; the last bands have not so many behind them.
    let first = ROWS * band;
    let start = first.min(PLACES - size_of::<u64>());
    let bytes = signature[start..start + size_of::<u64>()].try_into().expect("eight bytes");
    u64::from_le_bytes(bytes) >> (8 * (first - start)) & ((1 << (8 * ROWS)) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "the bank froze the assets of the central bank on wednesday the ministry said in a statement";

    #[test]
    fn strides_come_to_every_place() {
        for stride in STRIDES {
            let mut seen = [false; PLACES];
            (0..PLACES).for_each(|step| seen[step * usize::from(stride) % PLACES] = true);
            assert!(seen.iter().all(|seen| *seen), "{stride}");
        }
    }

    #[test]
    fn bands_are_the_bytes_of_their_places() {
        let signature: Signature = std::array::from_fn(|place| place as u8);
        for number in 0..BANDS {
            let mut key = [0; 8];
            key[..ROWS].copy_from_slice(&signature[ROWS * number..ROWS * (number + 1)]);
            assert_eq!(band(&signature, number), u64::from_le_bytes(key), "{number}");
        }
    }

    #[test]
    fn agreement_follows_similarity() {
        let mut sketcher = Sketcher::default();
        let words = |from: usize| (from..from + 200).map(|word| format!("word{} ", word * 7919)).collect::<String>();
        for (shift, similarity) in [(0, 1.0), (20, 0.82), (50, 0.6), (67, 0.5), (100, 0.33), (200, 0.0)] {
            let signatures = [words(0), words(shift)].map(|text| sketcher.sketch(&text));
            let share = agreement(&signatures[0], &signatures[1]) as f64 / PLACES as f64;
            assert!((share - similarity).abs() < 0.12, "{shift}: {share}");
        }
    }

    /// The values are part of the format of every index.
    #[test]
    fn frozen_signatures() {
        let mut sketcher = Sketcher::default();
        let sum = |text| xxhash_rust::xxh3::xxh3_64(&sketcher.sketch(text));
        assert_eq!(
            [TEXT, "санкции против банка", "a"].map(sum),
            [12_112_796_383_004_918_483, 4_110_601_799_819_282_293, 10_485_474_552_869_930_104]
        );
    }
}
