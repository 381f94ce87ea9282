//! Is building with everything on slower than bare tantivy with its own English stemmer?
//!
//! Everything: reading files, languages, exact forms, codes, groups. nutgraf reads its articles from the disk; the
//! peers get the same paragraphs in memory, already read. tantivy and nutgraf have as many threads for indexing and the
//! same memory; nutgraf's threads that read and analyse come on top, and the column of processor time shows what they
//! take. Contestants take turns, and of three times the median counts; a ratio is to bare tantivy on the same threads,
//! in the same turn.
//!
//! The articles are made from a fixed seed; `NUTGRAF_BENCH_CORPUS` names a folder to read instead.

mod contestants;
mod corpus;
mod measure;

use contestants::{bare, nutgraf, sqlite};
use corpus::{Corpus, FEW, PARAGRAPHS, REPRINTS, Recipe, SEED};
use measure::process::size_of;
use measure::{Bound, Goal, in_earnest, median, print_goals, print_table, processor_seconds, shown, timed};

/// A contestant and the threads that it has for indexing.
#[derive(Clone, Copy, PartialEq)]
enum Contestant {
    Nutgraf(usize),
    Bare(usize),
    Sqlite,
    /// The part of nutgraf's build that no peer does, alone on one thread.
    Reading,
}

use Contestant::{Bare, Nutgraf, Reading, Sqlite};

const CONTESTANTS: [(Contestant, &str); 6] = [
    (Nutgraf(1), "nutgraf, 1 thread"),
    (Bare(1), "bare tantivy, 1 thread"),
    (Nutgraf(2), "nutgraf, 2 threads"),
    (Bare(2), "bare tantivy, 2 threads"),
    (Sqlite, "SQLite FTS5"),
    (Reading, "nutgraf's reading alone"),
];

/// What a contestant took, in the order of turns.
#[derive(Default)]
struct Taken {
    seconds: Vec<f64>,
    processor: Vec<f64>,
    size: u64,
}

fn main() {
    let paragraphs = if in_earnest() { PARAGRAPHS } else { FEW };
    let corpus = Corpus::named_or(Recipe { seed: SEED, paragraphs, reprints: REPRINTS });
    let turns = if in_earnest() { 3 } else { 1 };

    let mut taken = CONTESTANTS.map(|_| Taken::default());
    for turn in 0..turns {
        for step in 0..CONTESTANTS.len() {
            // Each turn begins with another contestant.
            let place = (turn * 2 + step) % CONTESTANTS.len();
            build(&corpus, CONTESTANTS[place].0, &mut taken[place]);
        }
    }

    let megabytes = corpus.bytes() as f64 / 1e6;
    let of = |sought| {
        let place = CONTESTANTS.iter().position(|(contestant, _)| *contestant == sought);
        &taken[place.expect("every contestant is in the list")]
    };
    let ratio = |a: &[f64], b: &[f64]| median(&a.iter().zip(b).map(|(a, b)| a / b).collect::<Vec<_>>());
    let ratios = |contestant, to| ratio(&of(contestant).seconds, &of(to).seconds);
    let rows = CONTESTANTS.iter().zip(&taken).map(|((contestant, name), taken)| {
        let seconds = median(&taken.seconds);
        let peer = match contestant {
            Nutgraf(threads) | Bare(threads) => Bare(*threads),
            Sqlite | Reading => Bare(1),
        };
        let size = taken.size as f64 / 1e6;
        let known = |number: f64| if number == 0.0 { String::new() } else { shown(number) };
        vec![
            (*name).to_owned(),
            shown(seconds),
            shown(megabytes / seconds),
            known(median(&taken.processor)),
            known(size),
            known(size / megabytes),
            shown(ratios(*contestant, peer)),
            known(ratio(&taken.processor, &of(peer).processor)),
        ]
    });
    println!("\n{}", corpus.heading());
    let headings =
        ["building", "s", "MB/s", "processor s", "index MB", "index to text", "s to bare", "processor to bare"];
    print_table(&headings, &rows.collect::<Vec<_>>());
    print_goals(
        "no slower than bare tantivy on the same threads",
        &[
            Goal { what: "1 thread", bound: Bound::AtMost(1.0), is: ratios(Nutgraf(1), Bare(1)) },
            Goal { what: "2 threads", bound: Bound::AtMost(1.0), is: ratios(Nutgraf(2), Bare(2)) },
        ],
    );
}

fn build(corpus: &Corpus, contestant: Contestant, taken: &mut Taken) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let before = processor_seconds();
    let (seconds, ()) = timed(|| match contestant {
        Nutgraf(threads) => drop(nutgraf::index(corpus, folder.path(), threads)),
        Bare(threads) => bare::index(corpus, folder.path(), bare::Stems::Own, threads),
        Sqlite => sqlite::index(corpus, folder.path()),
        Reading => corpus.each_article(|article| drop(std::hint::black_box(article))),
    });
    taken.seconds.push(seconds);
    taken.processor.extend(processor_seconds().zip(before).map(|(after, before)| after - before));
    taken.size = size_of(folder.path());
}
