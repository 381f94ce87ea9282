//! How do the top 10 groups with exact totals and highlights compare with bare tantivy's top 10 plus count?
//!
//! A log of 1,000 queries, drawn from the corpus with a fixed seed, is answered from beginning to end by each
//! contestant in turn, so that no query finds the blocks of text unpacked that it will need. nutgraf does all that its
//! program does except printing; bare tantivy finds, counts and reads the ten texts, counting in the same search (what
//! the goal means) or in a second one; SQLite, which is slow at frequent words, answers every tenth query once. A
//! query's time is the median of five; its ratio is that of nutgraf's time to bare tantivy's.
//!
//! On the articles that are made, all of which say the same to both analysers, nutgraf and tantivy must find equally
//! many paragraphs. `NUTGRAF_BENCH_CORPUS` names a folder to read instead; there the two may split words differently,
//! and how often they do is printed.

mod contestants;
mod corpus;
mod measure;

use contestants::bare::{self, Bare, Counting, Stems};
use contestants::{nutgraf, sqlite};
use corpus::log::{Asked, CLASSES, Class, log};
use corpus::{Corpus, FEW, PARAGRAPHS, REPRINTS, Recipe, SEED};
use measure::{Bound, Goal, in_earnest, median, percentile, print_goals, print_table, shown, timed};

/// How often the log is answered; a first time, to compare the counts, is not measured.
const TURNS: usize = 5;
/// SQLite answers one in so many queries.
const EVERY: usize = 10;

/// What one query took each contestant, in seconds.
struct Taken {
    class: Class,
    nutgraf: f64,
    one_search: f64,
    two_searches: f64,
    sqlite: Option<f64>,
}

fn main() {
    let (paragraphs, of_each) = if in_earnest() { (PARAGRAPHS, 100) } else { (FEW, 5) };
    let corpus = Corpus::named_or(Recipe { seed: SEED, paragraphs, reprints: REPRINTS });
    let folders = [(); 3].map(|()| tempfile::tempdir().expect("a temporary folder"));
    let [ours, bares, sqlites] = folders.each_ref().map(tempfile::TempDir::path);
    let manifest = nutgraf::index(&corpus, ours, 2);
    bare::index(&corpus, bares, Stems::OfNutgraf, 2);
    sqlite::index(&corpus, sqlites);
    let (index, database) = (nutgraf::open(ours), sqlite::open(sqlites));
    let mut bare = Bare::open(bares, Stems::OfNutgraf);
    let log = log(&corpus, of_each, |word| bare.frequency(word));

    let same_words = corpus.made && manifest.langs.len() == 1;
    let otherwise = log.iter().filter(|asked| !agrees(&index, &mut bare, asked)).count();
    assert!(!same_words || otherwise == 0, "{otherwise} queries count otherwise");

    let mut times = vec![[const { Vec::new() }; 3]; log.len()];
    for turn in 0..TURNS {
        for step in 0..3 {
            // Each turn begins with another contestant.
            let contestant = (turn + step) % 3;
            for (asked, times) in log.iter().zip(&mut times) {
                let (seconds, _) = timed(|| match contestant {
                    0 => nutgraf::answer(&index, asked, false).hits.len(),
                    1 => bare.answer(asked, Counting::InOneSearch).1.len(),
                    _ => bare.answer(asked, Counting::InTwoSearches).1.len(),
                });
                times[contestant].push(seconds);
            }
        }
    }
    let taken: Vec<Taken> = log
        .iter()
        .zip(&times)
        .enumerate()
        .map(|(number, (asked, times))| {
            let [nutgraf, one_search, two_searches] = times.each_ref().map(|times| median(times));
            let sqlite = number.is_multiple_of(EVERY).then(|| timed(|| sqlite::answer(&database, asked)).0);
            Taken { class: asked.class, nutgraf, one_search, two_searches, sqlite }
        })
        .collect();

    println!("\n{}, {} queries", corpus.heading(), log.len());
    let mut rows: Vec<Vec<String>> = CLASSES
        .iter()
        .map(|(class, name)| row(name, &taken.iter().filter(|taken| taken.class == *class).collect::<Vec<_>>()))
        .collect();
    let all: Vec<&Taken> = taken.iter().collect();
    rows.push(row("all", &all));
    let headings = [
        "top 10 and totals",
        "nutgraf ms",
        "bare ms",
        "ratio median",
        "ratio p99",
        "to two searches",
        "p99",
        "SQLite to bare",
    ];
    print_table(&headings, &rows);
    println!("{} of {} queries count the same paragraphs in nutgraf and tantivy", log.len() - otherwise, log.len());
    let ratios: Vec<f64> = taken.iter().map(|taken| taken.nutgraf / taken.one_search).collect();
    print_goals(
        "at most 1.3 times bare tantivy's top 10 plus count, 99th percentile 2",
        &[
            Goal { what: "median", bound: Bound::AtMost(1.3), is: median(&ratios) },
            Goal { what: "99th percentile", bound: Bound::AtMost(2.0), is: percentile(&ratios, 99.0) },
        ],
    );
}

fn row(name: &str, taken: &[&Taken]) -> Vec<String> {
    let column = |of: &dyn Fn(&Taken) -> f64| taken.iter().map(|taken| of(taken)).collect::<Vec<_>>();
    let to_one = column(&|taken| taken.nutgraf / taken.one_search);
    let to_two = column(&|taken| taken.nutgraf / taken.two_searches);
    let sqlite: Vec<f64> =
        taken.iter().filter_map(|taken| taken.sqlite.map(|sqlite| sqlite / taken.one_search)).collect();
    vec![
        name.to_owned(),
        shown(1e3 * median(&column(&|taken| taken.nutgraf))),
        shown(1e3 * median(&column(&|taken| taken.one_search))),
        shown(median(&to_one)),
        shown(percentile(&to_one, 99.0)),
        shown(median(&to_two)),
        shown(percentile(&to_two, 99.0)),
        shown(median(&sqlite)),
    ]
}

/// Whether nutgraf and bare tantivy find equally many paragraphs; that each hit shows why it is one is checked as well.
fn agrees(index: &::nutgraf::index::Index, bare: &mut Bare, asked: &Asked) -> bool {
    let answer = nutgraf::answer(index, asked, false);
    assert!(answer.hits.iter().all(|hit| !hit.highlights.is_empty()), "a hit of {asked:?} shows no word");
    let (count, best) = bare.answer(asked, Counting::InOneSearch);
    assert_eq!(best.len(), count.min(10), "tantivy's own counts differ");
    answer.total.paragraphs == count as u64
}
