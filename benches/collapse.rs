//! What does collapsing copies cost?
//!
//! The same log of queries, drawn with a fixed seed, is answered with a hit for each group of copies, with a hit for
//! each copy, and by bare tantivy's plain top 10 plus count, in turn; a query's time is the median of five. The
//! articles are made with no, some and many reprints among them; or they are those of the folder that
//! `NUTGRAF_BENCH_CORPUS` names.

mod contestants;
mod corpus;
mod measure;

use contestants::bare::{self, Bare, Counting, Stems};
use contestants::nutgraf;
use corpus::log::log;
use corpus::{Corpus, FEW, PARAGRAPHS, Recipe, SEED};
use measure::{Bound, Goal, in_earnest, median, percentile, print_goals, print_table, shown, timed};

/// The shares of articles that are reprints.
const REPRINTS: [f64; 3] = [0.0, 0.1, 0.4];
/// How often the log is answered.
const TURNS: usize = 5;

/// What one query took, in seconds.
struct Taken {
    groups: f64,
    copies: f64,
    bare: f64,
}

fn main() {
    let (paragraphs, of_each) = if in_earnest() { (PARAGRAPHS, 50) } else { (FEW, 5) };
    let recipe = |reprints| Recipe { seed: SEED, paragraphs, reprints };
    let corpora: Vec<Corpus> = match std::env::var_os("NUTGRAF_BENCH_CORPUS") {
        Some(_) => vec![Corpus::named_or(recipe(0.0))],
        None => REPRINTS.map(|reprints| Corpus::made(recipe(reprints))).into(),
    };
    let mut rows = Vec::new();
    let mut last = Vec::new();
    println!();
    for corpus in &corpora {
        let (share, taken) = measure(corpus, of_each);
        let ratios = |of: fn(&Taken) -> f64| taken.iter().map(of).collect::<Vec<f64>>();
        let collapsing = ratios(|taken| taken.groups / taken.copies);
        let copies = ratios(|taken| taken.copies / taken.bare);
        let groups = ratios(|taken| taken.groups / taken.bare);
        let mut row = vec![format!("{:.0} %", 100.0 * share)];
        for ratios in [&collapsing, &copies, &groups] {
            row.extend([shown(median(ratios)), shown(percentile(ratios, 99.0))]);
        }
        rows.push(row);
        println!("{}, {} queries", corpus.heading(), taken.len());
        last = groups;
    }
    let headings = ["copies", "groups to copies", "p99", "copies to bare", "p99", "groups to bare", "p99"];
    print_table(&headings, &rows);
    print_goals(
        "at most 1.3 times bare tantivy's top 10 plus count, 99th percentile 2, with copies as in the last row",
        &[
            Goal { what: "median", bound: Bound::AtMost(1.3), is: median(&last) },
            Goal { what: "99th percentile", bound: Bound::AtMost(2.0), is: percentile(&last, 99.0) },
        ],
    );
}

/// The share of paragraphs that have an earlier copy, and what the queries took.
fn measure(corpus: &Corpus, of_each: usize) -> (f64, Vec<Taken>) {
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a temporary folder"));
    let [ours, bares] = folders.each_ref().map(tempfile::TempDir::path);
    let manifest = nutgraf::index(corpus, ours, 2);
    bare::index(corpus, bares, Stems::OfNutgraf, 2);
    let index = nutgraf::open(ours);
    let mut bare = Bare::open(bares, Stems::OfNutgraf);
    let log = log(corpus, of_each, |word| bare.frequency(word));
    let same_words = corpus.made && manifest.langs.len() == 1;
    for asked in &log {
        let [groups, copies] = [false, true].map(|all_copies| nutgraf::answer(&index, asked, all_copies));
        assert_eq!(groups.total, copies.total, "the totals do not depend on what is shown");
        let (count, _) = bare.answer(asked, Counting::InOneSearch);
        assert!(!same_words || groups.total.paragraphs == count as u64, "{asked:?} counts otherwise");
    }
    let mut times = vec![[const { Vec::new() }; 3]; log.len()];
    for turn in 0..TURNS {
        for step in 0..3 {
            // Each turn begins with another contestant.
            let contestant = (turn + step) % 3;
            for (asked, times) in log.iter().zip(&mut times) {
                let (seconds, _) = timed(|| match contestant {
                    0 => nutgraf::answer(&index, asked, false).hits.len(),
                    1 => nutgraf::answer(&index, asked, true).hits.len(),
                    _ => bare.answer(asked, Counting::InOneSearch).1.len(),
                });
                times[contestant].push(seconds);
            }
        }
    }
    let taken = times.iter().map(|times| {
        let [groups, copies, bare] = times.each_ref().map(|times| median(times));
        Taken { groups, copies, bare }
    });
    (1.0 - manifest.groups as f64 / manifest.paragraphs as f64, taken.collect())
}
