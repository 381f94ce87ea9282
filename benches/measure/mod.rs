//! Times enter, a short table leaves, and below it where a goal stands.
//!
//! Machines differ and this one has other work, too: what counts is a ratio of two contestants measured in turn, and of
//! several such the median.

#![allow(dead_code, reason = "each benchmark uses its part of it")]

pub(crate) mod agreement;
pub(crate) mod process;

use std::time::Instant;

/// Whether this is a measurement. `cargo bench` says so; `cargo test --benches` does not, and then a small corpus shows
/// that the benchmark works.
pub(crate) fn in_earnest() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// How long something takes, in seconds, and what it returns.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = Instant::now();
    let done = work();
    (begun.elapsed().as_secs_f64(), done)
}

/// The processor time that this process has used on all its threads, in seconds, as Linux counts it in hundredths; none
/// elsewhere.
pub(crate) fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field, the program's name in parentheses, may hold anything; the times are the 14th and the 15th.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut ticks = rest.split_whitespace().skip(11).map(|field| field.parse::<f64>().ok());
    Some((ticks.next()?? + ticks.next()??) / 100.0)
}

/// The median of some numbers; 0 of none.
pub(crate) fn median(numbers: &[f64]) -> f64 {
    percentile(numbers, 50.0)
}

/// The number below which `share` per cent of the numbers lie (nearest rank); 0 of none.
pub(crate) fn percentile(numbers: &[f64], share: f64) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = (share / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

/// A number as a table shows it: three figures, none of them after the point of a large one.
pub(crate) fn shown(number: f64) -> String {
    match number {
        n if n >= 100.0 => format!("{n:.0}"),
        n if n >= 10.0 => format!("{n:.1}"),
        n if n >= 1.0 => format!("{n:.2}"),
        n => format!("{n:.3}"),
    }
}

/// Prints rows below their headings: the first column to the left, figures to the right.
pub(crate) fn print_table(headings: &[&str], rows: &[Vec<String>]) {
    let mut widths: Vec<usize> = headings.iter().map(|heading| heading.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let print = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::new();
        for (place, (cell, width)) in cells.zip(&widths).enumerate() {
            line += &if place == 0 { format!("{cell:<width$}") } else { format!("  {cell:>width$}") };
        }
        println!("{}", line.trim_end());
    };
    print(&mut headings.iter().copied());
    for row in rows {
        print(&mut row.iter().map(String::as_str));
    }
}

/// A goal, and where it stands.
pub(crate) struct Goal {
    /// What is measured, such as `median`.
    pub(crate) what: &'static str,
    pub(crate) bound: Bound,
    pub(crate) is: f64,
}

/// On which side of a number a goal lies.
pub(crate) enum Bound {
    /// A ratio of times, the less the better.
    AtMost(f64),
    /// A share of what is wanted, the more the better.
    AtLeast(f64),
}

impl Goal {
    fn stands(&self) -> String {
        let Goal { what, bound, is } = self;
        // Shares near 1 are told apart by their third figure, times are not.
        let (met, missed, places) = match bound {
            Bound::AtMost(most) => (is <= most, format!("{:.0}", 100.0 * (is / most - 1.0)), [2, 1]),
            Bound::AtLeast(least) => (is >= least, format!("{:.1}", 100.0 * (1.0 - is / least)), [3, 3]),
        };
        let (Bound::AtMost(bound) | Bound::AtLeast(bound)) = bound;
        let [of_is, of_bound] = places;
        let verdict = if met { "met".to_owned() } else { format!("missed by {missed} %") };
        format!("{what} {is:.of_is$} of {bound:.of_bound$}, {verdict}")
    }
}

/// Prints the last line: what is wanted, and for each part of it where it stands.
pub(crate) fn print_goals(wanted: &str, goals: &[Goal]) {
    println!("goal: {wanted}: {}", goals.iter().map(Goal::stands).collect::<Vec<_>>().join("; "));
}
