//! Words in any order in a window: each of them a different word of the text.

use super::span::{Found, keep_nearest};

/// The most words of a window.
pub const MOST_SLOTS: usize = 32;

/// Adds the matches of words that stand in any order with at most `others` other words among them.
///
/// `slots` has the positions of each sought word, ascending, at most [`MOST_SLOTS`] of them. Several may be sought at one
/// position, but each takes a position of its own: which choices of positions allow that is a matching of two sides, found
/// by augmenting paths (Kuhn 1955); positions that can be taken together make a matroid, so that taking whatever still
/// fits, in any order, never takes too few.
pub fn window(slots: &[Vec<u32>], others: u32, found: &mut Found) {
    if slots.is_empty() || slots.len() > MOST_SLOTS || slots.iter().any(Vec::is_empty) {
        return;
    }
    let mut places: Vec<(u32, u32)> = Vec::new();
    for (slot, positions) in slots.iter().enumerate() {
        places.extend(positions.iter().map(|position| (*position, 1 << slot)));
    }
    places.sort_unstable();
    places.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            earlier.1 |= later.1;
        }
        same
    });
    let widest = (slots.len() as u32).saturating_add(others);
    let mut stretches: Vec<(u32, u32)> = Vec::new();
    for (at, (position, _)) in places.iter().enumerate() {
        let fits = |other: &u32| other.abs_diff(*position) < widest;
        let mut taken = Taken::default();
        let behind = places[at..].iter().take_while(|(other, _)| fits(other));
        if let Some((last, _)) = behind.into_iter().find(|place| taken.take(place, slots.len())) {
            stretches.push((*position, *last));
        }
        let mut taken = Taken::default();
        let before = places[..=at].iter().rev().take_while(|(other, _)| fits(other));
        if let Some((first, _)) = before.into_iter().find(|place| taken.take(place, slots.len())) {
            stretches.push((*first, *position));
        }
    }
    stretches.sort_unstable();
    stretches.dedup();
    keep_nearest(&mut stretches, &mut Vec::new(), |stretch| *stretch);
    for (first, last) in stretches {
        let inside = places.iter().filter(|(position, _)| (first..=last).contains(position));
        // The last word belongs to it; of the others those that come first.
        let mut taken = Taken::default();
        let ends = inside.clone().filter(|(position, _)| *position == last);
        let _ = ends.chain(inside).any(|place| taken.take(place, slots.len()));
        let mut words: Vec<u32> = taken.by.iter().flatten().map(|(position, _)| *position).collect();
        words.sort_unstable();
        found.push_words(words);
    }
}

/// Which position each sought word has taken.
#[derive(Default)]
struct Taken {
    /// For each slot the position, and all slots that are sought there.
    by: [Option<(u32, u32)>; MOST_SLOTS],
    count: usize,
}

impl Taken {
    /// Takes a position if that fits; tells whether every one of `slots` words has one.
    fn take(&mut self, place: &(u32, u32), slots: usize) -> bool {
        let there = self.by.iter().flatten().any(|(position, _)| *position == place.0);
        if !there && self.fit(*place, &mut 0) {
            self.count += 1;
        }
        self.count == slots
    }

    /// Finds a slot for a position, moving others where they fit as well; `tried` has the slots already asked.
    fn fit(&mut self, place: (u32, u32), tried: &mut u32) -> bool {
        loop {
            let open = place.1 & !*tried;
            if open == 0 {
                return false;
            }
            let slot = open.trailing_zeros() as usize;
            *tried |= 1 << slot;
            if self.by[slot].is_none_or(|sitting| self.fit(sitting, tried)) {
                self.by[slot] = Some(place);
                return true;
            }
        }
    }
}
