//! Literature reviews: numbers that add up, decisions that come back, receipts that tell what changed, arrivals.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, SystemTime};

use nutgraf::codebook::Codebook;
use nutgraf::index::Build;
use nutgraf::review::{Decisions, Protocol, RecordUnit, Review, Verdict, review};
use nutgraf::{Index, Join, Question, Request, build, search};
use serde_json::Value;

use crate::world::{Chance, Done, World, hits};

/// A protocol of two queries with two stages.
const PROTOCOL: &str = "title = 'Reserves'\nstages = ['screening', 'full text']\n\
    [[query]]\nname = 'frozen'\ntext = 'frozen'\n\
    [[query]]\nname = 'assets'\ntext = 'asset* OR reserves'\n";

/// Articles of which some paragraphs are copies.
fn articles() -> World {
    World::of(&[
        ("a.md", &article("Frozen assets", "2024-01-05", "Gazette", &[LONG, "The reserves stay where they are."])),
        ("b.md", &article("The bank", "2024-02-05", "Courier", &[LONG, "Frozen pipes were repaired."])),
        ("c.md", &article("Talks", "2024-03-05", "Courier", &["The assets were not named at the talks."])),
    ])
}

const LONG: &str = "The ministers agreed on Monday that the assets of the central bank stay frozen until the war has \
    ended and the damage that it did has been paid for in full.";

fn article(title: &str, date: &str, source: &str, paragraphs: &[&str]) -> String {
    format!("---\ntitle: {title}\ndate: {date}\nsource: {source}\nlang: en\n---\n\n{}\n", paragraphs.join("\n\n"))
}

/// A world whose articles are indexed and whose protocol is written.
fn begun() -> World {
    let world = articles();
    std::fs::write(world.home().join("p.toml"), PROTOCOL).expect("a file");
    assert_eq!(world.index(&[]).code, 0);
    world
}

fn run(world: &World, more: &[&str]) -> Done {
    world.ask(&[&["review", "p.toml", "--out", "out"], more].concat())
}

fn file(world: &World, name: &str) -> String {
    std::fs::read_to_string(world.home().join("out").join(name)).expect(name)
}

fn records(world: &World, name: &str) -> Vec<Value> {
    file(world, name).lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
}

#[test]
fn a_review_is_written_whole() {
    let world = begun();
    let done = run(&world, &[]);
    assert_eq!(done.code, 0, "{}", done.err);
    let found = records(&world, "records.jsonl");
    // The long paragraph and its copy are one record, which both queries found.
    let told: Vec<(u64, usize, u64)> = found
        .iter()
        .map(|record| {
            let number = |value: &Value| value.as_u64().expect("a number");
            let queries = record["queries"].as_array().expect("queries").len();
            (number(&record["found"]), queries, number(&record["hit"]["duplicates"]["copies"]))
        })
        .collect();
    assert_eq!(told.iter().filter(|told| **told == (2, 2, 2)).count(), 1, "{told:?}");
    let names = ["records.csv", "records.ris", "records.bib", "records.csl.json", "records.xlsx", "overlap.csv"];
    for name in names.into_iter().chain(["prisma.json", "prisma.svg", "receipt.json"]) {
        assert!(world.home().join("out").join(name).metadata().expect(name).len() > 0);
    }
    assert_eq!(file(&world, "records.ris").matches("TY  - NEWS").count(), found.len());
    let overlap = file(&world, "overlap.csv");
    assert_eq!(overlap.lines().next(), Some("query,records,alone,frozen,assets"));
    let replay = world.ask(&["replay", "out/receipt.json"]);
    assert!(replay.code == 0 && replay.text().starts_with("same as on "), "{}", replay.text());
}

#[test]
fn the_same_articles_make_the_same_files() {
    let world = begun();
    let names = ["records.csv", "records.jsonl", "records.ris", "records.bib", "records.csl.json", "records.xlsx"];
    let files = || {
        assert_eq!(run(&world, &[]).code, 0);
        let read = |name: &str| std::fs::read(world.home().join("out").join(name)).expect(name);
        names.into_iter().chain(["overlap.csv", "prisma.json", "prisma.svg"]).map(read).collect::<Vec<Vec<u8>>>()
    };
    let first = files();
    assert!(files() == first);
}

#[test]
fn an_open_index_knows_its_articles_when_a_newer_one_has_taken_its_place() {
    let world = begun();
    let index = Index::open(&world.home().join("index")).expect("an index");
    world.write("d.md", article("More", "2024-04-05", "Gazette", &["More reserves."]).as_bytes());
    assert_eq!(world.index(&[]).code, 0);
    assert!(!world.home().join("index/g1").exists());
    assert_eq!(index.held().expect("its articles").len(), 3);
}

#[test]
fn a_template_runs() {
    let world = begun();
    assert_eq!(world.ask(&["review", "--new", "new.toml"]).code, 0);
    let done = world.ask(&["review", "new.toml", "--out", "out"]);
    assert!(done.code < 2, "{}", done.err);
    let again = world.ask(&["review", "--new", "new.toml"]);
    assert!(again.code == 2 && again.err.contains("new.toml"), "what is there stays: {}", again.err);
}

#[test]
fn decisions_come_back_and_are_never_lost() {
    let world = begun();
    assert_eq!(run(&world, &[]).code, 0);
    let path = world.home().join("out/records.csv");
    let mut table = csv::Reader::from_path(&path).expect("a table");
    let header = table.headers().expect("a header").clone();
    let place = |name: &str| header.iter().position(|column| column == name).expect(name);
    let mut rows: Vec<Vec<String>> =
        table.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
    assert!(rows.len() >= 4);
    for (at, row) in rows.iter_mut().enumerate().take(3) {
        row[place("decision: screening")] = if at == 0 { "exclude" } else { "include" }.to_owned();
        row[place("reason: screening")] = if at == 0 { "off topic" } else { "" }.to_owned();
    }
    rows[1][place("decision: full text")] = "include".to_owned();
    let write = |path: &Path, rows: &[Vec<String>]| {
        let mut out = csv::Writer::from_path(path).expect("a table");
        out.write_record(&header).expect("a header");
        rows.iter().for_each(|row| out.write_record(row).expect("a row"));
        out.flush().expect("written");
    };
    write(&path, &rows);

    let refused = run(&world, &[]);
    assert!(refused.code == 2 && refused.err.contains("records.csv:2: this decision would be lost"), "{}", refused.err);
    let done = run(&world, &["--decisions", "out/records.csv"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let prisma: Value = serde_json::from_str(&file(&world, "prisma.json")).expect("JSON");
    let numbers = |stage: usize| {
        let stage = &prisma["stages"][stage];
        ["assessed", "undecided", "included"].map(|name| stage[name].as_u64().expect(name))
    };
    let all = rows.len() as u64;
    assert_eq!(numbers(0), [all, all - 3, 2]);
    assert_eq!(prisma["stages"][0]["excluded"], serde_json::json!([{"reason": "off topic", "records": 1}]));
    assert_eq!((numbers(1), prisma["included"].as_u64()), ([2, 1, 1], Some(1)));
    assert!(file(&world, "prisma.svg").contains("off topic (n = 1)"));

    // A reason is part of a decision: one that was mended is not written over, and both are kept.
    let decided = std::fs::read_to_string(world.home().join("out/decisions.csv")).expect("decisions");
    std::fs::write(world.home().join("first.csv"), &decided).expect("a file");
    let mended = file(&world, "records.csv").replace("off topic", "another war");
    std::fs::write(&path, mended).expect("a file");
    let refused = run(&world, &["--decisions", "first.csv"]);
    assert!(refused.code == 2 && refused.err.contains("this decision would be lost"), "{}", refused.err);
    let both = run(&world, &["--decisions", "out/records.csv", "--decisions", "first.csv"]);
    assert!(both.code == 0 && both.err.contains("has another reason"), "{}", both.err);
    let kept = file(&world, "decisions.csv");
    assert!(kept.contains("another war") && kept.contains("off topic"), "{kept}");
    assert!(file(&world, "prisma.svg").contains("another war (n = 1)"));

    // What was written holds all that was decided, and so does what is written next, when the articles are gone.
    std::fs::remove_file(world.corpus().join("a.md")).expect("removed");
    assert_eq!(world.index(&[]).code, 0);
    let kept = world.home().join("kept.csv");
    std::fs::copy(world.home().join("out/decisions.csv"), &kept).expect("copied");
    let done = run(&world, &["--decisions", "kept.csv", "--decisions", "out/records.csv"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let rows_of = |text: &str| {
        text.lines().skip(1).map(|line| line.rsplitn(3, ',').last().map(str::to_owned)).collect::<BTreeSet<_>>()
    };
    assert_eq!(rows_of(&file(&world, "decisions.csv")), rows_of(&std::fs::read_to_string(&kept).expect("kept")));

    // One that contradicts another is refused.
    rows[1][place("decision: screening")] = "exclude".to_owned();
    let other = world.home().join("other.csv");
    write(&other, &rows[1..2]);
    let done = run(&world, &["--decisions", "kept.csv", "--decisions", "other.csv"]);
    let gone = done.err.contains("no record of this review");
    assert!(
        gone || done.code == 2 && done.err.contains("other.csv:2: this record was decided upon otherwise"),
        "{}",
        done.err
    );
}

#[test]
fn each_change_is_named_as_the_cause_and_nothing_else() {
    let world = begun();
    assert_eq!(run(&world, &[]).code, 0);
    let causes = |world: &World| -> Vec<String> {
        let done = world.ask(&["replay", "out/receipt.json", "--format", "json"]);
        let replay: Value = serde_json::from_slice(&done.out).expect("JSON");
        assert_eq!(done.code, i32::from(replay["same"] == false), "{}", done.err);
        let changes = replay["changes"].as_array().expect("changes");
        let told = |change: &Value| {
            format!("{} {}", change["what"].as_str().expect("what"), change["place"].as_str().unwrap_or(""))
        };
        changes.iter().map(told).collect()
    };
    assert_eq!(causes(&world), Vec::<String>::new());

    world.write("d.md", article("More", "2024-04-05", "Gazette", &["More reserves were frozen."]).as_bytes());
    assert_eq!(world.index(&[]).code, 0);
    assert_eq!(causes(&world), ["added d.md"]);
    let told = world.ask(&["replay", "out/receipt.json"]);
    assert!(told.text().contains("gained: "), "{}", told.text());
    std::fs::remove_file(world.corpus().join("d.md")).expect("removed");

    let old = std::fs::read(world.corpus().join("c.md")).expect("an article");
    world.write("c.md", article("Talks", "2024-03-05", "Courier", &["Nothing was named."]).as_bytes());
    assert_eq!(world.index(&[]).code, 0);
    assert_eq!(causes(&world), ["replaced c.md"]);

    std::fs::remove_file(world.corpus().join("c.md")).expect("removed");
    assert_eq!(world.index(&[]).code, 0);
    assert_eq!(causes(&world), ["removed "]);
    world.write("c.md", &old);

    let book = "name = 'mine'\nversion = '1'\n[[actor]]\nid = 'bank'\nlabel = 'the bank'\nnames = ['central bank']\n";
    std::fs::write(world.home().join("mine.toml"), book).expect("a file");
    let done = world.index(&["--codebook", "mine.toml"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(causes(&world), ["codebook "]);

    assert_eq!(world.index(&["--rebuild"]).code, 0);
    assert_eq!(causes(&world), Vec::<String>::new(), "the same articles again, on another way");
}

/// The novelty of each record of a review of arrivals, by its paragraph's file.
fn novelties(world: &World) -> BTreeMap<String, String> {
    let mut table = csv::Reader::from_path(world.home().join("out/arrivals.csv")).expect("a table");
    let header = table.headers().expect("a header").clone();
    let place = |name: &str| header.iter().position(|column| column == name).expect(name);
    let cells = |row: csv::StringRecord| (row[place("path")].to_owned(), row[place("novelty")].to_owned());
    table.records().map(|row| cells(row.expect("a row"))).collect()
}

#[test]
fn the_arrivals_of_a_day_are_sorted() {
    let world = World::of(&[]);
    // Every text has words of its own, so that no two are near copies.
    let text = |at: usize| {
        let mut chance = Chance(at as u64 + 1);
        let mut letters = |length| (0..length).map(|_| (b'a' + chance.below(26) as u8) as char).collect::<String>();
        let words: Vec<String> = (0..40).map(|_| letters(7)).collect();
        format!("Frozen assets: {}.", words.join(" "))
    };
    let write = |name: String, source: &str, date: &str, body: &str| {
        world.write(&name, article("A report", date, source, &[body]).as_bytes());
    };
    for at in 0..60 {
        write(format!("old/{at}.md"), "Gazette", "2024-01-05", &text(at));
    }
    std::fs::write(world.home().join("p.toml"), "title = 'Day'\n[[query]]\nname = 'q'\ntext = 'frozen'\n")
        .expect("a file");
    assert_eq!(world.index(&[]).code, 0);
    assert_eq!(run(&world, &[]).code, 0);
    let receipt = world.home().join("first.json");
    std::fs::copy(world.home().join("out/receipt.json"), &receipt).expect("copied");
    let none = run(&world, &["--since-receipt", "first.json"]);
    assert_eq!((none.code, novelties(&world).len()), (1, 0), "nothing came: {}", none.err);

    for at in 0..30 {
        write(format!("new/copy{at}.md"), "Courier", "2024-01-06", &text(at));
    }
    for at in 30..40 {
        let edited = text(at).replace("Frozen assets: ", "Frozen assets, says the ministry: ");
        write(format!("new/edited{at}.md"), "Courier", "2024-01-06", &edited);
    }
    for at in 100..160 {
        write(format!("new/new{at}.md"), "Courier", "2024-01-06", &text(at));
    }
    assert_eq!(world.index(&[]).code, 0);
    let done = run(&world, &["--since-receipt", "first.json", "--format", "md"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let summary = "100 records arrived: 60 new, 30 another copy, 10 edited copy";
    assert!(done.text().contains(summary), "{}", done.text().lines().take(5).collect::<String>());
    let check = |found: BTreeMap<String, String>| {
        assert_eq!(found.len(), 100);
        for (path, novelty) in found {
            let expected = match path.trim_start_matches("new/") {
                name if name.starts_with("copy") => "another copy",
                name if name.starts_with("edited") => "edited copy",
                _ => "new",
            };
            assert_eq!(novelty, expected, "{path}");
        }
    };
    check(novelties(&world));
    // The index itself knows, too.
    assert_eq!(run(&world, &["--arrived-since", "1"]).code, 0);
    check(novelties(&world));
    assert_eq!(run(&world, &["--arrived-since", "2000-01-01"]).code, 0);
    assert_eq!(novelties(&world).len(), 160 - 30 - 10, "a group of copies is one record");
    assert_eq!(run(&world, &["--arrived-since", "2"]).code, 1);
    assert!(run(&world, &["--arrived-since", "3"]).err.contains("the index is at generation 2"));
    assert!(run(&world, &["--arrived-since", "May"]).err.contains("May is no day"));
    let html = world.ask(&["frozen", "--arrived-since", "1", "--format", "html", "-n", "100"]);
    assert_eq!(html.text().matches("another copy of ").count(), 30);

    // A search tells the same, and an article that is corrected has only its corrected paragraph among the arrivals.
    let answer = world.json(&["frozen", "--since-receipt", "first.json", "-n", "1000"]);
    assert_eq!(hits(&answer).iter().filter(|hit| hit["novelty"]["novelty"] == "edited copy").count(), 10);
    let body = format!("{}\n\nFrozen accounts, of which nobody had written.", text(50));
    write("old/50.md".to_owned(), "Gazette", "2024-01-05", &body);
    assert_eq!(run(&world, &[]).code, 0);
    std::fs::copy(world.home().join("out/receipt.json"), &receipt).expect("copied");
    assert_eq!(world.index(&[]).code, 0);
    assert_eq!(run(&world, &["--since-receipt", "first.json"]).code, 0);
    assert_eq!(novelties(&world), BTreeMap::from([("old/50.md".to_owned(), "edited copy".to_owned())]));
}

#[test]
fn a_file_of_queries_is_answered_as_one_by_one() {
    let world = World::sample();
    let mut queries: Vec<String> = Vec::new();
    let mut chance = Chance(7);
    let words = ["frozen", "assets", "war", "ceasefire", "russia", "aid", "court", "grain", "nato", "sanction*"];
    for _ in 0..300 {
        let mut query = chance.one_of(&words).to_string();
        for _ in 0..chance.below(3) {
            query.push_str([" ", " OR ", " NOT ", " W/5 "][chance.below(4)]);
            query.push_str(words[chance.below(words.len())]);
        }
        queries.push(query);
    }
    queries[40] = "(unclosed".to_owned();
    std::fs::write(world.home().join("queries"), queries.join("\n")).expect("a file");
    let done = world.ask(&["--queries", "queries", "-n", "3"]);
    assert_eq!(done.code, 2, "one of them is wrong");
    let lines: Vec<&str> = done.text().lines().collect();
    assert_eq!(lines.len(), queries.len());
    for (query, line) in queries.iter().zip(&lines) {
        let line: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(line["query"]["text"], **query);
    }
    assert!(lines[40].contains("\"error\":"));
    for at in [0, 1, 2, 41, 150, 299] {
        let alone = world.batch(&["-n", "3"], queries[at].as_bytes());
        assert_eq!(alone.text().trim_end(), lines[at]);
    }
    let counted = world.ask(&["--queries", "queries", "--count"]);
    assert_eq!(counted.text().lines().count(), queries.len());
    assert!(!counted.text().contains("\"hits\""));
}

/// Numbers add up on random protocols and decisions, and records are what searches count.
#[test]
fn the_numbers_of_random_protocols_add_up() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let corpus = home.path().join("corpus");
    std::fs::create_dir(&corpus).expect("a folder");
    let mut chance = Chance(11);
    let words = ["war", "peace", "aid", "grain", "bank", "frozen", "asset", "court", "port", "minister"];
    let sources = ["Gazette", "Courier", "Wire"];
    let sentence = |chance: &mut Chance| {
        let words: Vec<&str> = (0..3 + chance.below(30)).map(|_| *chance.one_of(&words)).collect();
        words.join(" ")
    };
    let mut pool: Vec<String> = (0..40).map(|_| sentence(&mut chance)).collect();
    pool.push("Read more".to_owned());
    for at in 0..60 {
        let mut paragraphs: Vec<&str> = (0..1 + chance.below(5)).map(|_| chance.one_of(&pool).as_str()).collect();
        paragraphs.push("Read the peace.");
        let date = format!("2024-{:02}-{:02}", 1 + chance.below(12), 1 + chance.below(28));
        let text = article("A report", &date, sources[chance.below(3)], &paragraphs);
        std::fs::write(corpus.join(format!("{at}.md")), text).expect("a file");
    }
    let folder = home.path().join("index");
    let (now, today) = (SystemTime::UNIX_EPOCH + Duration::from_secs(9), "2025-01-01".parse().expect("a day"));
    build(&folder, &Build::new(vec![corpus], Codebook::conflict(), now, today), &|_| {}).expect("a build");
    let index = Index::open(&folder).expect("an index");
    assert!(index.manifest().boilerplate > 0, "there is boilerplate among the texts");

    for round in 0..40 {
        let unit = *chance.one_of(&[RecordUnit::Group, RecordUnit::Article, RecordUnit::Paragraph]);
        let mut text = format!("title = 'Round {round}'\nunit = '{}'\n", unit.name());
        let stages: &[&str] = if chance.below(2) == 0 { &["one"] } else { &["one", "two", "three"] };
        text.push_str(&format!("stages = {stages:?}\n"));
        let queries = 1 + chance.below(5);
        for query in 0..queries {
            let join = [" OR ", " AND ", " NOT "][chance.below(3)];
            let asked = [*chance.one_of(&words), *chance.one_of(&words)].join(join);
            text.push_str(&format!("[[query]]\nname = 'q{query}'\ntext = '{asked}'\n"));
        }
        let protocol = Protocol::read(&text, Path::new("p.toml")).expect("a protocol");
        let first = review(&index, &protocol, &[], None).expect("a review");
        let mut table = "record,stage,decision,reason\n".to_owned();
        for record in &first.records {
            for stage in stages {
                let decision = chance.one_of(&["include", "include", "exclude", ""]);
                table.push_str(&format!("{},{stage},{decision},{}\n", record.id, chance.one_of(&["", "late", "far"])));
            }
        }
        let decisions = Decisions::read(&table, None, Path::new("d.csv")).expect("decisions");
        let decided = review(&index, &protocol, &[decisions], None).expect("a review");
        for review in [&first, &decided] {
            assert!(review.flow.holds(), "{:?}", review.flow);
            check_records(&index, &protocol, review);
        }
        let ids = |review: &Review| review.records.iter().map(|record| record.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&first), ids(&decided), "nothing is ever deleted");
        let included = decided.records.iter().filter(|record| record.verdict() == Verdict::Included).count();
        assert_eq!(decided.flow.included, included as u64);
    }
}

/// Whether the records are those that searches of the same queries count.
fn check_records(index: &Index, protocol: &Protocol, review: &Review) {
    let ids: BTreeSet<&str> = review.records.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids.len(), review.records.len(), "each record stands there once");
    let all = protocol.queries.iter().map(|query| format!("({})", query.text)).collect::<Vec<_>>().join(" OR ");
    let question = Question::read(&all, Join::All).expect("a question");
    let answer =
        search(index, &Request { all_copies: true, limit: 10_000, ..Request::new(question) }).expect("an answer");
    assert_eq!(review.flow.paragraphs, answer.total.paragraphs);
    let kept = answer.hits.iter().filter(|hit| !hit.duplicates.boilerplate);
    let wanted: BTreeSet<String> = kept
        .map(|hit| match review.unit {
            RecordUnit::Group => hit.duplicates.group.clone(),
            RecordUnit::Article => hit.article.id.to_string(),
            RecordUnit::Paragraph => hit.reference.to_string(),
        })
        .collect();
    assert_eq!(ids, wanted.iter().map(String::as_str).collect());
    for (place, query) in protocol.queries.iter().enumerate() {
        let request = Request { all_copies: true, limit: 10_000, ..Request::new(query.question.clone()) };
        let answer = search(index, &request).expect("an answer");
        assert_eq!(review.flow.by_query[place].1, answer.total.paragraphs);
        let found = review.records.iter().filter(|record| record.queries.contains(&place)).count() as u64;
        assert_eq!(review.queries[place].records, found);
        if review.unit == RecordUnit::Group {
            assert_eq!(found, answer.total.groups);
        }
    }
}
