//! How well do the actors that paragraphs are coded with agree with the places that editors gave their articles?
//!
//! `NUTGRAF_BENCH_CORPUS` names a folder of articles that bring codes of places with them (a field `places`, as the Reuters
//! collection of 1987 has); without it a few made articles show that the benchmark works. For the states among the most
//! frequent places, an article counts as coded with a state if one of its paragraphs names it or anything below it.
//!
//! Editors code what an article is about, a codebook codes what it names. So articles are told apart in which a state is
//! coded and not given: those that name it once, and those that name it more often. `NUTGRAF_BENCH_SAMPLE=N` prints N of
//! these, drawn by a seed, with the words that the code rests on, for whoever wants to read how many name the state.

mod corpus;
mod measure;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use corpus::{Corpus, FEW, REPRINTS, Random, Recipe, SEED};
use measure::{Bound, Goal, print_goals, print_table};
use nutgraf::codebook::{Codebook, Coder, Memory, Part};
use nutgraf::text::{Analysis, Analyzer, Lang, detect};

/// How many places are compared.
const PLACES: usize = 60;
/// The kind of the codes that are places.
const KIND: &str = "places";

/// Places that editors call otherwise than the codebook, and the entries that they are.
const CALLED: [(&str, &[&str]); 10] = [
    ("usa", &["united-states"]),
    ("uk", &["united-kingdom"]),
    ("ussr", &["soviet-union", "russia"]),
    ("west-germany", &["west-germany", "germany"]),
    ("east-germany", &["east-germany", "germany"]),
    ("ivory-coast", &["cote-divoire"]),
    ("burma", &["myanmar"]),
    ("zaire", &["democratic-republic-of-the-congo"]),
    ("uae", &["united-arab-emirates"]),
    ("holland", &["netherlands"]),
];

/// The states that an article names: how often, and the first time.
type Named = BTreeMap<String, (u64, String)>;

/// How a place was met.
#[derive(Default, Clone)]
struct Tally {
    given: u64,
    coded: u64,
    both: u64,
    /// Coded and not given, named once in the article.
    once: u64,
}

fn main() {
    let corpus = Corpus::named_or(Recipe { seed: SEED, paragraphs: FEW, reprints: REPRINTS });
    let book = Codebook::conflict();
    let coder = Coder::new(book.clone());
    let (mut analyzer, mut memory) = (Analyzer::default(), Memory::default());
    // For each article: the places that it was given, and how often each state is named in it, with the first time.
    let mut articles: Vec<(BTreeSet<String>, Named)> = Vec::new();
    corpus.each_article(|article| {
        let texts = || std::iter::once(&article.title).chain(&article.paragraphs);
        let lang: Lang = article
            .lang
            .as_deref()
            .and_then(|code| code.parse().ok())
            .unwrap_or_else(|| detect(texts().map(String::as_str)));
        let mut named: Named = BTreeMap::new();
        for text in texts() {
            let analysis = analyzer.analyze(text, lang);
            for code in coder.codes(&mut memory, &analysis, article.date).actors {
                let state = code.path.split('/').nth(1).unwrap_or_default().to_owned();
                let first = || (0, context(text, &analysis, &code.evidence[0]));
                named.entry(state).or_insert_with(first).0 += code.evidence.len() as u64;
            }
        }
        let given = article.given.iter().filter(|given| given.kind == KIND).map(|given| given.value.clone());
        articles.push((given.collect(), named));
    });
    let entries = |place: &str| -> Vec<String> {
        let called = CALLED.iter().find(|(called, _)| *called == place).map(|(_, ids)| ids.to_vec());
        let ids = called.unwrap_or_else(|| vec![place]);
        let known = ids.into_iter().filter(|id| book.entries(Part::Actors).iter().any(|entry| entry.id == *id));
        known.map(str::to_owned).collect()
    };
    let mut frequency: BTreeMap<&str, u64> = BTreeMap::new();
    for (given, _) in &articles {
        given.iter().for_each(|place| *frequency.entry(place).or_default() += 1);
    }
    let mut places: Vec<(&str, u64)> = frequency.into_iter().collect();
    places.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let unknown: Vec<String> = places
        .iter()
        .take(PLACES)
        .filter(|(place, _)| entries(place).is_empty())
        .map(|(place, count)| format!("{place} ({count})"))
        .collect();
    let compared: Vec<(&str, Vec<String>)> = places
        .iter()
        .map(|(place, _)| (*place, entries(place)))
        .filter(|(_, ids)| !ids.is_empty())
        .take(PLACES)
        .collect();

    let mut rows = Vec::new();
    let mut doubtful: Vec<(&str, &str)> = Vec::new();
    let mut sum = Tally::default();
    for (place, ids) in &compared {
        let mut tally = Tally::default();
        for (given, named) in &articles {
            let is_given = given.contains(*place);
            let times: u64 = ids.iter().filter_map(|id| named.get(id)).map(|(times, _)| times).sum();
            if times > 0 && !is_given {
                let first = ids.iter().find_map(|id| named.get(id)).map(|(_, first)| first.as_str());
                doubtful.push((place, first.unwrap_or_default()));
            }
            tally.given += u64::from(is_given);
            tally.coded += u64::from(times > 0);
            tally.both += u64::from(is_given && times > 0);
            tally.once += u64::from(!is_given && times == 1);
        }
        rows.push(row(place, &tally));
        for (total, part) in [
            (&mut sum.given, tally.given),
            (&mut sum.coded, tally.coded),
            (&mut sum.both, tally.both),
            (&mut sum.once, tally.once),
        ] {
            *total += part;
        }
    }
    rows.push(row("all", &sum));
    println!("\n{} articles, {}", articles.len(), corpus.heading());
    print_table(&["place", "given", "coded", "recall", "precision", "F1", "not given, named once"], &rows);
    if !unknown.is_empty() {
        println!("frequent places without an entry: {}", unknown.join(", "));
    }
    let wanted = std::env::var("NUTGRAF_BENCH_SAMPLE").ok().and_then(|count| count.parse().ok()).unwrap_or(0);
    let mut random = Random(SEED);
    for _ in 0..wanted.min(doubtful.len()) {
        let (place, first) = doubtful.swap_remove(random.below(doubtful.len()));
        println!("{place}: {first}");
    }
    let [recall, precision] = ratios(&sum);
    print_goals(
        "recall at least 0.90, precision at least 0.75, of all pairs of article and state",
        &[
            Goal { what: "recall", bound: Bound::AtLeast(0.90), is: recall },
            Goal { what: "precision", bound: Bound::AtLeast(0.75), is: precision },
        ],
    );
}

/// Words of a text with those around them.
fn context(text: &str, analysis: &Analysis<'_>, words: &Range<u32>) -> String {
    const AROUND: u32 = 12;
    let tokens = analysis.tokens();
    let byte = |at: u32| tokens[at as usize].range();
    let [from, to] = [words.start.saturating_sub(AROUND), (words.end + AROUND).min(tokens.len() as u32)];
    let (start, end) = (byte(words.start).start, byte(words.end - 1).end);
    format!("{}[{}]{}", &text[byte(from).start..start], &text[start..end], &text[end..byte(to - 1).end])
}

/// Recall and precision.
fn ratios(tally: &Tally) -> [f64; 2] {
    [tally.given, tally.coded].map(|of| tally.both as f64 / of as f64)
}

fn row(place: &str, tally: &Tally) -> Vec<String> {
    let [recall, precision] = ratios(tally);
    let f1 = 2.0 * recall * precision / (recall + precision);
    let mut row = vec![place.to_owned(), tally.given.to_string(), tally.coded.to_string()];
    row.extend([recall, precision, f1].map(|ratio| format!("{ratio:.3}")));
    row.push(tally.once.to_string());
    row
}
