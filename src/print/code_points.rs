//! Byte ranges of a text -> ranges of its Unicode code points, for readers whose strings are not bytes.

use std::ops::Range;

/// Ascending, disjoint byte ranges of `text` as half-open ranges of its code points.
pub(super) fn code_points(text: &str, ranges: &[Range<usize>]) -> Vec<[usize; 2]> {
    let (mut at, mut counted) = (0, 0);
    let mut count_to = |place: usize| {
        counted += text[at..place].chars().count();
        at = place;
        counted
    };
    ranges.iter().map(|range| [count_to(range.start), count_to(range.end)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_counts_once() {
        assert_eq!(code_points("né 🚀 制裁", &[0..1, 1..3, 4..8, 9..15]), [[0, 1], [1, 2], [3, 4], [5, 7]]);
    }
}
