//! What does it cost to ask for words near each other?
//!
//! Queries with W/n, W/S, ATLEAST and ARTICLE are answered from text to hits and compared with bare tantivy's phrase
//! query of the same words (top 10 plus count in one search), and with the other way to the same answer: AND of the
//! words, whose paragraphs the matcher then reads one by one. That one is asked once, the others five times in turn;
//! the median counts. On the folder that `NUTGRAF_BENCH_CORPUS` names the queries are those a researcher of the United
//! Nations asks; on the articles that are made they are of their frequent words.

mod contestants;
mod corpus;
mod measure;

use ::nutgraf::index::Index;
use ::nutgraf::meaning::{Coding, Facts, Knowledge, Likeness, Matcher, resolve};
use ::nutgraf::query::{Join, Question};
use ::nutgraf::search::answer::Answer;
use ::nutgraf::search::{Request, search};
use ::nutgraf::text::{Analyzer, Lang, Shape};
use contestants::bare::{self, Bare, Counting, Stems};
use contestants::nutgraf;
use corpus::log::{Asked, Class, log};
use corpus::{Corpus, FEW, PARAGRAPHS, REPRINTS, Recipe, SEED};
use measure::{Bound, Goal, in_earnest, median, print_goals, print_table, shown, timed};

/// How often each query is answered.
const TURNS: usize = 5;

/// A query, the words of tantivy's phrase, and the question whose paragraphs the matcher reads.
struct Case {
    query: String,
    phrase: [String; 2],
    plain: String,
}

fn case(query: &str, phrase: [&str; 2], plain: &str) -> Case {
    Case { query: query.to_owned(), phrase: phrase.map(str::to_owned), plain: plain.to_owned() }
}

fn main() {
    let paragraphs = if in_earnest() { PARAGRAPHS } else { FEW };
    let corpus = Corpus::named_or(Recipe { seed: SEED, paragraphs, reprints: REPRINTS });
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a temporary folder"));
    let [ours, bares] = folders.each_ref().map(tempfile::TempDir::path);
    nutgraf::index(&corpus, ours, 2);
    bare::index(&corpus, bares, Stems::OfNutgraf, 2);
    let index = nutgraf::open(ours);
    let mut bare = Bare::open(bares, Stems::OfNutgraf);
    let cases = if corpus.made {
        made(&log(&corpus, 3, |word| bare.frequency(word)))
    } else {
        vec![
            case("united W/5 nations", ["united", "nations"], "united nations"),
            case("(peace OR security) W/10 council", ["security", "council"], "(peace OR security) council"),
            case("\"nuclear weapons\" W/S disarm*", ["nuclear", "weapons"], "\"nuclear weapons\" disarm*"),
            case("ATLEAST/3(war)", ["world", "war"], "war"),
            case("ARTICLE(ceasefire AND sanction*)", ["security", "council"], "ceasefire OR sanction*"),
        ]
    };
    let mut rows = Vec::new();
    let (mut to_phrase, mut to_matcher) = (0.0_f64, 0.0_f64);
    for Case { query, phrase, plain } in &cases {
        let asked = Asked { class: Class::PhraseOfTwo, words: phrase.to_vec(), years: None };
        let mut times = [Vec::new(), Vec::new()];
        let mut found = 0;
        for _ in 0..TURNS {
            let (seconds, answer) = timed(|| ask(&index, query, 10));
            found = answer.total.paragraphs;
            times[0].push(seconds);
            times[1].push(timed(|| bare.answer(&asked, Counting::InOneSearch)).0);
        }
        let [near, phrased] = times.each_ref().map(|times| median(times));
        let read = timed(|| read_all(&index, query, plain)).0;
        to_phrase = to_phrase.max(near / phrased);
        to_matcher = to_matcher.max(near / read);
        rows.push(vec![
            query.clone(),
            found.to_string(),
            shown(1e3 * near),
            shown(1e3 * phrased),
            shown(near / phrased),
            shown(1e3 * read),
        ]);
    }
    println!("\n{}", corpus.heading());
    print_table(&["query", "paragraphs", "nutgraf ms", "phrase ms", "ratio", "matcher ms"], &rows);
    print_goals(
        "at most 3 times tantivy's phrase of the same words, and faster than AND with the matcher behind it",
        &[
            Goal { what: "worst ratio to the phrase", bound: Bound::AtMost(3.0), is: to_phrase },
            Goal { what: "worst ratio to the matcher", bound: Bound::AtMost(1.0), is: to_matcher },
        ],
    );
}

/// Queries of frequent words that stand in one paragraph.
fn made(log: &[Asked]) -> Vec<Case> {
    let pairs = log.iter().filter(|asked| asked.class == Class::TwoFrequent);
    let cases = pairs.flat_map(|asked| {
        let [a, b] = [&asked.words[0], &asked.words[1]];
        let both = format!("\"{a}\" \"{b}\"");
        ["W/5", "PRE/5", "W/S"].map(|sign| case(&format!("\"{a}\" {sign} \"{b}\""), [a, b], &both))
    });
    cases.collect()
}

fn ask(index: &Index, query: &str, limit: usize) -> Answer {
    let question = Question::read(query, Join::All).expect("a query");
    search(index, &Request { limit, ..Request::new(question) }).expect("an index that is whole")
}

/// The slow way: every paragraph of the plain question is fetched and held against the query by the matcher.
fn read_all(index: &Index, query: &str, plain: &str) -> usize {
    let question = Question::read(query, Join::All).expect("a query");
    let resolved = resolve(&question.text, &question.tree, &English([Lang::ENGLISH])).expect("words alone");
    let (mut analyzer, mut matcher) = (Analyzer::default(), Matcher::default());
    let question = Question::read(plain, Join::All).expect("a query");
    let request = Request { limit: usize::MAX, all_copies: true, ..Request::new(question) };
    let all = search(index, &request).expect("an index that is whole");
    let matching = all.hits.iter().filter(|hit| {
        let tokens = analyzer.analyze(&hit.text, Lang::ENGLISH);
        matcher.matches(&resolved.clause, &tokens, &Facts::default()).is_some()
    });
    matching.count()
}

/// English alone, without codes.
struct English([Lang; 1]);

impl Knowledge for English {
    fn langs(&self) -> &[Lang] {
        &self.0
    }

    fn codes(&self, _: Coding, _: &str) -> Result<Vec<String>, Vec<String>> {
        Err(Vec::new())
    }

    fn forms(&self, _: &Shape) -> u64 {
        0
    }

    fn likeness(&self, _: &str) -> Option<Likeness> {
        None
    }
}
