//! Two partitions of the same items enter, true and found; how well the one agrees with the other leaves.
//!
//! Pairs are counted from the contingency table, never listed: time and memory are linear in the items.

use std::collections::HashMap;

/// How a found partition agrees with the true one; every share is from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Agreement {
    pub(crate) pairwise: Quality,
    /// Each item's own precision and recall, averaged over the items (Bagga and Baldwin, 1998).
    pub(crate) b_cubed: Quality,
    /// Pairs that were found together and are not.
    pub(crate) false_pairs: u64,
    /// The members of the largest group that was found, and how many of them at most truly belong together.
    pub(crate) largest: u64,
    pub(crate) of_one_truth: u64,
}

/// What share of the found is true, and what share of the true is found; 1 of nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Quality {
    pub(crate) precision: f64,
    pub(crate) recall: f64,
}

impl Quality {
    /// The harmonic mean of both.
    pub(crate) fn f1(self) -> f64 {
        let sum = self.precision + self.recall;
        if sum == 0.0 { 0.0 } else { 2.0 * self.precision * self.recall / sum }
    }
}

/// Compares partitions given by each item's label, where equal labels mean one group.
pub(crate) fn agreement(truth: &[u32], found: &[u32]) -> Agreement {
    assert_eq!(truth.len(), found.len(), "both partitions are of the same items");
    let mut cells: HashMap<(u32, u32), u64> = HashMap::new();
    let mut true_sizes: HashMap<u32, u64> = HashMap::new();
    let mut found_sizes: HashMap<u32, u64> = HashMap::new();
    for (truth, found) in truth.iter().zip(found) {
        *cells.entry((*truth, *found)).or_default() += 1;
        *true_sizes.entry(*truth).or_default() += 1;
        *found_sizes.entry(*found).or_default() += 1;
    }
    let both: u64 = cells.values().map(|size| pairs(*size)).sum();
    let [of_truth, of_found] =
        [&true_sizes, &found_sizes].map(|sizes| sizes.values().map(|size| pairs(*size)).sum::<u64>());

    // Each of a cell's items has the cell as what is right of its group.
    let (mut precision, mut recall) = (0.0, 0.0);
    for ((truth, found), size) in &cells {
        let square = (*size as f64).powi(2);
        precision += square / found_sizes[found] as f64;
        recall += square / true_sizes[truth] as f64;
    }
    let items = truth.len() as f64;
    let mean = |sum: f64| if truth.is_empty() { 1.0 } else { sum / items };

    // Of several largest groups the one with the least label, so that a run says what the last one said.
    let largest = found_sizes.iter().max_by_key(|(label, size)| (**size, u32::MAX - **label));
    let within = |label: u32| cells.iter().filter(move |((_, found), _)| *found == label).map(|(_, size)| *size);
    Agreement {
        pairwise: Quality { precision: share(both, of_found), recall: share(both, of_truth) },
        b_cubed: Quality { precision: mean(precision), recall: mean(recall) },
        false_pairs: of_found - both,
        largest: largest.map_or(0, |(_, size)| *size),
        of_one_truth: largest.and_then(|(label, _)| within(*label).max()).unwrap_or(0),
    }
}

fn pairs(items: u64) -> u64 {
    items * items.saturating_sub(1) / 2
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Shows on small cases that the measures are what they are called.
pub(crate) fn check() {
    let quality = |precision, recall| Quality { precision, recall };
    for (truth, found, pairwise, b_cubed, false_pairs, largest) in [
        (&[][..], &[][..], quality(1.0, 1.0), quality(1.0, 1.0), 0, (0, 0)),
        // The labels themselves mean nothing.
        (&[1, 1, 2, 3], &[9, 9, 0, 4], quality(1.0, 1.0), quality(1.0, 1.0), 0, (2, 2)),
        (&[1, 1, 1, 1], &[0, 1, 2, 3], quality(1.0, 0.0), quality(1.0, 0.25), 0, (1, 1)),
        (&[0, 1, 2, 3], &[7, 7, 7, 7], quality(0.0, 1.0), quality(0.25, 1.0), 6, (4, 1)),
        // One of five is in the wrong group: of 4 found pairs 2 are true, as are 2 of the 4 true ones.
        (&[0, 0, 0, 1, 1], &[0, 0, 1, 1, 1], quality(0.5, 0.5), quality(11.0 / 15.0, 11.0 / 15.0), 2, (3, 2)),
    ] {
        let is = agreement(truth, found);
        assert_eq!((is.pairwise, is.false_pairs), (pairwise, false_pairs), "{truth:?} {found:?}");
        assert_eq!((is.largest, is.of_one_truth), largest, "{truth:?} {found:?}");
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(close(is.b_cubed.precision, b_cubed.precision), "{truth:?} {found:?} {is:?}");
        assert!(close(is.b_cubed.recall, b_cubed.recall), "{truth:?} {found:?} {is:?}");
    }
    assert_eq!(quality(0.0, 0.0).f1(), 0.0);
    assert_eq!(quality(0.5, 1.0).f1(), 2.0 / 3.0);

    // Against all pairs of a larger case.
    let [truth, found]: [Vec<u32>; 2] = [7, 11].map(|step| (0..200).map(|item| item * item % step).collect());
    let (mut both, mut of_found) = (0, 0);
    for a in 0..truth.len() {
        for b in 0..a {
            of_found += u64::from(found[a] == found[b]);
            both += u64::from(found[a] == found[b] && truth[a] == truth[b]);
        }
    }
    let is = agreement(&truth, &found);
    assert_eq!(is.false_pairs, of_found - both);
    assert_eq!(is.pairwise.precision, both as f64 / of_found as f64);
}
