//! Where does nutgraf stand against bare tantivy and SQLite FTS5, whatever one does with it?
//!
//! One table: building, adding 1 % more, the size on disk, the ten best with exact totals for every kind of query, and a
//! process of its own from start to end, once with the index in the memory of the system and once without. The peers do
//! what they can of it: neither has codes, groups of copies, exact forms or marks. Building takes turns and each figure is
//! the median of three; queries are the median over a log drawn with a fixed seed, each answered in turn five times, by
//! SQLite, which is slow at frequent words, every tenth once. Memory is nutgraf's alone, in a process of its own, mapped
//! files included.
//!
//! The articles are made from a fixed seed; `NUTGRAF_BENCH_CORPUS` names a folder to read instead.

mod contestants;
mod corpus;
mod measure;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use ::nutgraf::index::Index;
use ::nutgraf::search::answer::{Answer, Unit};
use ::nutgraf::search::{Sort, timeline};
use ::nutgraf::{Join, Question, Request, search};
use contestants::bare::{self, Bare, Counting, Stems};
use contestants::{nutgraf, sqlite};
use corpus::log::{Asked, CLASSES, Class, log};
use corpus::{Corpus, FEW, PARAGRAPHS, REPRINTS, Recipe, SEED};
use measure::process::{Quiet, forget_files, size_of, watched};
use measure::{in_earnest, median, print_table, shown, timed};
use rusqlite::Connection;

/// Threads for indexing.
const THREADS: usize = 2;
/// How often a query is answered, and a process started.
const TURNS: usize = 5;
/// SQLite answers one query in so many.
const EVERY: usize = 10;
/// One paragraph of so many is new in an update.
const NEW: usize = 100;

/// What one thing takes: milliseconds or megabytes; none where a contestant cannot do it.
struct Row {
    what: String,
    nutgraf: f64,
    bare: Option<f64>,
    sqlite: Option<f64>,
}

fn main() {
    let paragraphs = if in_earnest() { PARAGRAPHS } else { FEW };
    let corpus = Corpus::named_or(Recipe { seed: SEED, paragraphs, reprints: REPRINTS });
    let new = (corpus.paragraphs.len() / NEW).max(20);
    let more = Corpus::made(Recipe { seed: SEED + 1, paragraphs: new, reprints: 0.0 });
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = |name: &str| {
        let folder = home.path().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    };
    let [ours, bares, sqlites] = ["nutgraf", "bare", "sqlite"].map(folder);
    let mut rows = built(&corpus, &more, home.path());
    nutgraf::index(&corpus, &ours, THREADS);
    bare::index(&corpus, &bares, Stems::OfNutgraf, THREADS);
    sqlite::index(&corpus, &sqlites);
    let [size, bare, sqlite] = [&ours, &bares, &sqlites].map(|folder| size_of(folder) as f64 / 1e6);
    rows.push(Row { what: "index, MB".to_owned(), nutgraf: size, bare: Some(bare), sqlite: Some(sqlite) });
    let (index, database) = (nutgraf::open(&ours), sqlite::open(&sqlites));
    let mut bare = Bare::open(&bares, Stems::OfNutgraf);
    let log = log(&corpus, if in_earnest() { 50 } else { 3 }, |word| bare.frequency(word));
    rows.extend(answered(&log, &index, &mut bare, &database));
    rows.extend(processes(&log, &ours, &sqlites));

    println!("\n{}; {THREADS} threads; {} queries", corpus.heading(), log.len());
    let optional = |number: Option<f64>| number.map_or_else(String::new, shown);
    let cells = rows.iter().map(|row| {
        let ratio = |peer: Option<f64>| optional(peer.filter(|peer| *peer > 0.0).map(|peer| row.nutgraf / peer));
        vec![
            row.what.clone(),
            shown(row.nutgraf),
            optional(row.bare),
            optional(row.sqlite),
            ratio(row.bare),
            ratio(row.sqlite),
        ]
    });
    let headings = ["", "nutgraf", "bare tantivy", "SQLite FTS5", "to tantivy", "to SQLite"];
    print_table(&headings, &cells.collect::<Vec<_>>());
    println!("\nnutgraf's index by part");
    let parts = parts(&ours);
    let all: f64 = parts.values().sum();
    let mut parts: Vec<(&str, f64)> = parts.into_iter().collect();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let cells = parts.iter().map(|(part, size)| vec![(*part).to_owned(), shown(*size), shown(100.0 * size / all)]);
    print_table(&["", "MB", "per cent"], &cells.collect::<Vec<_>>());
}

/// Builds and adds, each contestant in a folder of its own below `home`.
fn built(corpus: &Corpus, more: &Corpus, home: &Path) -> Vec<Row> {
    let turns = if in_earnest() { 3 } else { 1 };
    let [mut building, mut adding] = [const { [const { Vec::new() }; 3] }; 2];
    let (mut nothing, mut memory) = (Vec::new(), Vec::new());
    for turn in 0..turns {
        for step in 0..3 {
            let contestant = (turn + step) % 3;
            let folder = tempfile::tempdir_in(home).expect("a folder");
            let folder = folder.path();
            building[contestant].push(timed(|| match contestant {
                0 => drop(nutgraf::index(corpus, folder, THREADS)),
                1 => bare::index(corpus, folder, Stems::Own, THREADS),
                _ => sqlite::index(corpus, folder),
            }));
            adding[contestant].push(timed(|| match contestant {
                0 => nutgraf::update(&[corpus, more], folder, THREADS),
                1 => bare::add(more, folder, Stems::Own, THREADS),
                _ => sqlite::add(more, folder),
            }));
            if contestant == 0 {
                nothing.push(timed(|| nutgraf::update(&[corpus, more], folder, THREADS)));
            }
        }
        let folder = tempfile::tempdir_in(home).expect("a folder");
        let mut program = Command::new(env!("CARGO_BIN_EXE_nutgraf-index"));
        memory.push(watched(program.arg("--index").arg(folder.path()).arg(&corpus.root).spawn_quiet()).1);
    }
    let ms = |times: &[(f64, ())]| 1e3 * median(&times.iter().map(|(seconds, ())| *seconds).collect::<Vec<_>>());
    let row = |what: &str, [ours, bare, sqlite]: &[Vec<(f64, ())>; 3]| Row {
        what: what.to_owned(),
        nutgraf: ms(ours),
        bare: Some(ms(bare)),
        sqlite: Some(ms(sqlite)),
    };
    let alone = |what: &str, nutgraf| Row { what: what.to_owned(), nutgraf, bare: None, sqlite: None };
    vec![
        row("build, ms", &building),
        row("1 % more, ms", &adding),
        alone("nothing new, ms", ms(&nothing)),
        alone("memory of a build, MB", median(&memory)),
    ]
}

/// How one contestant answers a question.
type Way<'a> = Box<dyn FnMut(&Asked) + 'a>;

/// Answers the log in every way there is.
fn answered(log: &[Asked], index: &Index, bare: &mut Bare, database: &Connection) -> Vec<Row> {
    let mut rows: Vec<Row> = CLASSES
        .iter()
        .map(|(class, name)| {
            let asked: Vec<&Asked> = log.iter().filter(|asked| asked.class == *class).collect();
            let ways: [Option<Way<'_>>; 3] = [
                Some(Box::new(|asked| drop(nutgraf::answer(index, asked, false)))),
                Some(Box::new(|asked| drop(bare.answer(asked, Counting::InOneSearch)))),
                Some(Box::new(|asked| drop(sqlite::answer(database, asked)))),
            ];
            row(&format!("{name}, ms"), &asked, ways)
        })
        .collect();
    let frequent: Vec<&Asked> = log.iter().filter(|asked| asked.class == Class::Frequent).collect();
    let pairs: Vec<&Asked> = log.iter().filter(|asked| asked.class == Class::TwoFrequent).collect();
    let ours = |text: String, change: &dyn Fn(Request) -> Request| -> Answer {
        let question = Question::read(&text, Join::All).expect("a query");
        search(index, &change(Request::new(question))).expect("an index that is whole")
    };
    rows.push(row(
        "two words near each other, ms",
        &pairs,
        [
            Some(Box::new(|asked| drop(ours(asked.words.join(" W/5 "), &|request| request)))),
            Some(Box::new(|asked| drop(bare.near(&asked.words, 5)))),
            Some(Box::new(|asked| {
                let near = format!("NEAR({}, 5)", asked.words.join(" "));
                drop((sqlite::count(database, &near, None), sqlite::texts(database, &near, None, "rank")));
            })),
        ],
    ));
    rows.push(row(
        "words that begin so, ms",
        &pairs,
        [
            Some(Box::new(|asked| drop(ours(format!("{}*", beginning(asked)), &|request| request)))),
            Some(Box::new(|asked| drop(bare.beginning(beginning(asked))))),
            Some(Box::new(|asked| {
                let wanted = format!("{}*", beginning(asked));
                drop((sqlite::count(database, &wanted, None), sqlite::texts(database, &wanted, None, "rank")));
            })),
        ],
    ));
    rows.push(row(
        "the newest with a frequent word, ms",
        &frequent,
        [
            Some(Box::new(|asked| {
                drop(ours(nutgraf::text(asked), &|request| Request { sort: Sort::Newest, ..request }));
            })),
            Some(Box::new(|asked| drop(bare.newest(asked)))),
            Some(Box::new(|asked| drop(sqlite::newest(database, asked)))),
        ],
    ));
    let by_year = |asked: &Asked| {
        let question = Question::read(&nutgraf::text(asked), Join::All).expect("a query");
        timeline(index, &Request::new(question), Unit::Year, None, false).expect("an index that is whole")
    };
    rows.push(row(
        "a frequent word by year, ms",
        &frequent,
        [
            Some(Box::new(|asked| drop(by_year(asked)))),
            Some(Box::new(|asked| drop(bare.years(asked)))),
            Some(Box::new(|asked| drop(sqlite::years(database, asked)))),
        ],
    ));
    rows.push(row(
        "totals of a frequent word alone, ms",
        &frequent,
        [
            Some(Box::new(|asked| drop(ours(nutgraf::text(asked), &|request| Request { limit: 0, ..request })))),
            Some(Box::new(|asked| {
                bare.count(asked);
            })),
            Some(Box::new(|asked| {
                sqlite::count(database, &sqlite::wanted(asked), None);
            })),
        ],
    ));
    rows
}

/// The first letters of the first word of a query.
fn beginning(asked: &Asked) -> &str {
    asked.words[0].get(..4).unwrap_or(&asked.words[0])
}

/// The median over some queries of the median of several times.
fn row(what: &str, queries: &[&Asked], mut ways: [Option<Way<'_>>; 3]) -> Row {
    let mut times = ways.each_ref().map(|_| vec![Vec::new(); queries.len()]);
    for turn in 0..TURNS {
        for step in 0..3 {
            let contestant = (turn + step) % 3;
            let Some(way) = &mut ways[contestant] else { continue };
            for (number, asked) in queries.iter().enumerate() {
                if contestant < 2 || turn == 0 && number.is_multiple_of(EVERY) {
                    times[contestant][number].push(timed(|| way(asked)).0);
                }
            }
        }
    }
    let ms = |times: &[Vec<f64>]| {
        let times: Vec<f64> = times.iter().filter(|times| !times.is_empty()).map(|times| median(times)).collect();
        Some(1e3 * median(&times)).filter(|_| !times.is_empty())
    };
    let [nutgraf, bare, sqlite] = times.each_ref().map(|times| ms(times));
    Row { what: what.to_owned(), nutgraf: nutgraf.unwrap_or_default(), bare, sqlite }
}

/// Starts the programs: nutgraf's, and SQLite's where it is installed.
fn processes(log: &[Asked], index: &Path, database: &Path) -> Vec<Row> {
    let Some(asked) = log.iter().find(|asked| asked.class == Class::TwoFrequent) else { return Vec::new() };
    let ours = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_nutgraf"));
        program.arg("--index").arg(index).arg("search").arg(nutgraf::text(asked));
        program
    };
    let sql =
        format!("SELECT text FROM paragraph WHERE paragraph MATCH '{}' ORDER BY rank LIMIT 10", sqlite::wanted(asked));
    let theirs = || {
        let mut program = Command::new("sqlite3");
        program.arg(database.join("paragraphs.sqlite")).arg(&sql);
        program
    };
    let has_sqlite = Command::new("sqlite3").arg("--version").output().is_ok();
    let time = |program: &dyn Fn() -> Command| timed(|| program().spawn_quiet().wait().expect("a process")).0;
    let warm = |program: &dyn Fn() -> Command| {
        time(program);
        1e3 * median(&(0..10 * TURNS).map(|_| time(program)).collect::<Vec<_>>())
    };
    let cold = |program: &dyn Fn() -> Command| {
        let times: Vec<f64> = (0..TURNS).filter(|_| forget_files()).map(|_| time(program)).collect();
        Some(1e3 * median(&times)).filter(|_| !times.is_empty())
    };
    let mut rows = vec![Row {
        what: "a process for two frequent words, ms".to_owned(),
        nutgraf: warm(&ours),
        bare: None,
        sqlite: has_sqlite.then(|| warm(&theirs)),
    }];
    // Only the system's administrator may make it forget.
    if let Some(nutgraf) = cold(&ours) {
        let sqlite = has_sqlite.then(|| cold(&theirs)).flatten();
        rows.push(Row { what: "the same, all read from the disk, ms".to_owned(), nutgraf, bare: None, sqlite });
    }
    rows
}

/// The megabytes of an index by what they are for.
fn parts(index: &Path) -> BTreeMap<&'static str, f64> {
    let mut parts = BTreeMap::new();
    for entry in walkdir::WalkDir::new(index).into_iter().map(|entry| entry.expect("the index is still there")) {
        let part = match entry.path().extension().and_then(|extension| extension.to_str()) {
            _ if entry.path().file_stem().is_some_and(|stem| stem == "copies") => "copies",
            Some("pos") => "positions",
            Some("idx") => "postings",
            Some("term") => "words",
            Some("store") => "texts",
            Some("fast") => "columns: facets, fingerprints, lengths",
            Some("fieldnorm") => "lengths for scores",
            _ => match entry.file_name().to_str() {
                Some("table") => "the table of articles and groups",
                Some("cards") => "articles without their texts",
                _ => "the rest",
            },
        };
        if entry.file_type().is_file() {
            *parts.entry(part).or_default() += entry.metadata().map_or(0, |file| file.len()) as f64 / 1e6;
        }
    }
    parts
}
