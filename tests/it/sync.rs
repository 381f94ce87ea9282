//! An index that follows its articles: whatever was done to the files, the answers are those of a fresh index.

use std::path::Path;

use serde_json::json;

use crate::world::{Chance, Done, World, run, sample_corpus};

/// Questions of all kinds.
const QUERIES: [&str; 34] = [
    "frozen assets",
    "\"frozen assets\"",
    "the",
    "sanctions loan",
    "frozen OR seized OR bank",
    "assets NOT frozen",
    "words:>3 NOT russia",
    "sanction* bank",
    "=frozen",
    "==Bank",
    "zelensky~1",
    "se*d",
    "(bank OR reserves) W/5 (russia OR central)",
    "assets W/S frozen",
    "ATLEAST/2(bank)",
    "ARTICLE(bank AND loan) russia",
    "FIRST/5(the)",
    "title:frozen",
    "title:(talks OR bank)",
    "source:wire",
    "author:sample assets",
    "url:example.org russia",
    "lang:ru",
    "actor:russia",
    "actor:ukraine topic:sanctions",
    "topic:/economy/sanctions/frozen-assets",
    "date:2024",
    "date:<=2023 bank",
    "date:undated",
    "words:>40 russia",
    "given:grain",
    "bank^3 loan",
    "санкции OR россии OR обмен",
    "nowhere-to-be-found",
];

const WAYS: [&[&str]; 4] = [
    &["--limit", "8"],
    &["--all-copies", "--limit", "12"],
    &["--sort", "date", "--limit", "5"],
    &["--limit", "0", "--facets", "actor,topic,date,source,lang,given"],
];

/// What every question is answered in every way, without the number of the generation.
pub(crate) fn answers(world: &World) -> Vec<String> {
    let queries = QUERIES.join("\n");
    let ask = |way: &&[&str]| -> Vec<String> {
        let done: Done = world.batch(way, queries.as_bytes());
        assert_eq!(done.text().lines().count(), QUERIES.len(), "{way:?}: {}", done.err);
        done.text().lines().map(without_generation).collect()
    };
    WAYS.iter().flat_map(ask).collect()
}

fn without_generation(line: &str) -> String {
    // A code that no article has any more is refused: that must be so in both.
    let Some((before, after)) = line.split_once("\"generation\":") else { return line.to_owned() };
    before.to_owned() + after.trim_start_matches(|c: char| c.is_ascii_digit())
}

/// Fails if the index of a world answers otherwise than a fresh one of the same articles.
#[track_caller]
fn check(world: &World, when: &str) {
    let fresh = World::of(&[]);
    let done = fresh.index_paths(&[&world.corpus()], &[]);
    assert!(done.code < 2, "{when}: {}", done.err);
    for (one, other) in answers(world).iter().zip(answers(&fresh)) {
        assert_eq!(*one, other, "{when}");
    }
    let corpus = |world: &World| world.json(&["info"])["index"]["corpus"].clone();
    assert_eq!(corpus(world), corpus(&fresh), "{when}");
}

/// What a sentence may be about.
const WORDS: [&str; 24] = [
    "the",
    "bank",
    "frozen",
    "assets",
    "russia",
    "ukraine",
    "sanctions",
    "loan",
    "reserves",
    "central",
    "ministers",
    "said",
    "on",
    "Kyiv",
    "talks",
    "ceasefire",
    "of",
    "Zelenskyy",
    "Germany",
    "seized",
    "nation",
    "agreed",
    "war",
    "Bank",
];

fn text(chance: &mut Chance) -> String {
    let sentence = |chance: &mut Chance| {
        let words: Vec<&str> = (0..3 + chance.below(25)).map(|_| *chance.one_of(&WORDS)).collect();
        words.join(" ") + "."
    };
    let paragraphs: Vec<String> = (0..1 + chance.below(3)).map(|_| sentence(chance)).collect();
    paragraphs.join("\n\n")
}

/// A record of a file of many.
fn record(chance: &mut Chance, id: usize) -> String {
    let mut record = json!({"id": format!("r{id}"), "title": text(chance).split(".").next(), "text": text(chance)});
    if chance.below(3) > 0 {
        record["date"] = json!(format!("202{}-0{}-1{}", chance.below(6), 1 + chance.below(9), chance.below(10)));
    }
    if chance.below(2) == 0 {
        record["source"] = json!(chance.one_of(&["Model Wire", "Example Gazette", "Placeholder Post"]));
        record["topics"] = json!([chance.one_of(&["model topic", "grain", "oil"])]);
    }
    record.to_string()
}

/// Puts a fresh file under a name, of a kind that fits it.
pub(crate) fn write(world: &World, chance: &mut Chance, name: &str) {
    let bytes = if name.ends_with(".jsonl") {
        let mut another = || {
            let id = chance.below(9);
            record(chance, id)
        };
        let records: Vec<String> = (0..3).map(|_| another()).collect();
        records.join("\n")
    } else {
        text(chance)
    };
    world.write(name, bytes.as_bytes());
}

fn names(world: &World) -> Vec<String> {
    let entries = std::fs::read_dir(world.corpus()).expect("a folder");
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.expect("an entry").file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// How many rounds a test goes: so many, or as many as are asked for.
pub(crate) fn rounds(usual: usize) -> usize {
    std::env::var("NUTGRAF_TEST_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

/// Copies the files of a folder and of those below it into one.
pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.file_name() {
            Some(name) if path.is_file() => drop(std::fs::copy(&path, to.join(name)).expect("copied")),
            _ => copy(&path, to),
        }
    }
}

/// Does something to the files.
pub(crate) fn change(world: &World, chance: &mut Chance, removed: &mut Vec<(String, Vec<u8>)>) {
    let names = names(world);
    let path = |name: &str| world.corpus().join(name);
    let fresh = format!("{}.{}", chance.below(30), chance.one_of(&["txt", "jsonl", "md"]));
    if names.is_empty() {
        return write(world, chance, &fresh);
    }
    let name = chance.one_of(&names).clone();
    match chance.below(9) {
        0 | 1 => write(world, chance, &fresh),
        2 => write(world, chance, &name),
        3 => std::fs::rename(path(&name), path(&fresh)).expect("renamed"),
        4 if names.len() > 4 => {
            removed.push((name.clone(), std::fs::read(path(&name)).expect("a file")));
            std::fs::remove_file(path(&name)).expect("removed");
        }
        5 => std::fs::write(path(&name), b"\0\x01\x02\x03 no text \0\0\0\0").expect("a file"),
        6 if !removed.is_empty() => {
            let (name, bytes) = removed.swap_remove(chance.below(removed.len()));
            world.write(&name, &bytes);
        }
        // A record is corrected, moved or taken out.
        7 if name.ends_with(".jsonl") => {
            let text = std::fs::read_to_string(path(&name)).unwrap_or_default();
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            if lines.len() > 1 {
                let line = lines.remove(chance.below(lines.len()));
                match chance.below(3) {
                    0 => lines.push(line),
                    1 => lines.insert(0, record(chance, 3)),
                    _ => {}
                }
            }
            world.write(&name, lines.join("\n").as_bytes());
        }
        // Only its time changes.
        _ => {
            let bytes = std::fs::read(path(&name)).expect("a file");
            world.write(&name, &bytes);
        }
    }
}

#[test]
fn an_index_does_not_tell_what_was_done_to_its_files() {
    let mut chance = Chance(23);
    let rounds = rounds(2);
    for round in 0..rounds {
        let world = World::of(&[]);
        if round % 2 == 0 {
            // Of many documents few are deleted, so that segments live on with gaps.
            copy(&sample_corpus(), &world.corpus());
        }
        for (number, kind) in ["txt", "jsonl", "md", "txt", "jsonl"].iter().enumerate() {
            write(&world, &mut chance, &format!("{number}.{kind}"));
        }
        let mut removed = Vec::new();
        for turn in 0..5 {
            let threads = ["--threads", if chance.below(2) == 0 { "1" } else { "2" }];
            let done = world.index(&threads);
            assert!(done.code < 2, "{}", done.err);
            check(&world, &format!("turn {turn}: {}", done.text()));
            (0..1 + chance.below(4)).for_each(|_| change(&world, &mut chance, &mut removed));
        }
    }
}

#[test]
fn the_last_line_tells_what_happened() {
    let world = World::of(&[("a.txt", "The bank froze the assets."), ("b.jsonl", "")]);
    world.write(
        "b.jsonl",
        b"{\"id\": 1, \"text\": \"one\"}\n{\"id\": 2, \"text\": \"two\"}\n{\"id\": 3, \"text\": \"three\"}",
    );
    let line = |arguments: &[&str]| {
        let done = world.index(arguments);
        assert_eq!((done.code, done.err.as_str()), (0, ""));
        done.text().split(';').next().expect("a first part").to_owned()
    };
    let generation = || world.json(&["info"])["index"]["generation"].as_u64().expect("a number");
    assert_eq!(line(&["--dry-run"]), "nothing written");
    assert!(!world.home().join("index").exists());
    assert_eq!(line(&[]), "added 4, replaced 0, removed 0, unchanged 0 articles");
    world.write(
        "b.jsonl",
        b"{\"id\": 3, \"text\": \"three\"}\n{\"id\": 1, \"text\": \"once\"}\n{\"id\": 4, \"text\": \"four\"}",
    );
    let dry = world.index(&["--dry-run"]);
    assert!(dry.text().contains("would have added 1, replaced 1, removed 1, unchanged 2 articles"), "{}", dry.text());
    assert_eq!(generation(), 1);
    assert_eq!(line(&[]), "added 1, replaced 1, removed 1, unchanged 2 articles");
    // Once the files are old enough for their times to be trusted, nothing is left to do.
    std::thread::sleep(std::time::Duration::from_millis(150));
    assert_eq!(line(&[]), "added 0, replaced 0, removed 0, unchanged 4 articles");
    let settled = generation();
    assert_eq!(line(&[]), "added 0, replaced 0, removed 0, unchanged 4 articles");
    assert_eq!(generation(), settled);
    std::fs::remove_file(world.corpus().join("a.txt")).expect("removed");
    assert_eq!(line(&[]), "added 0, replaced 0, removed 1, unchanged 3 articles");
    assert_eq!(line(&["--rebuild"]), "added 0, replaced 0, removed 0, unchanged 3 articles");
    let history = &world.json(&["info"])["history"];
    assert!(history.to_string().contains("removed 1"), "{history}");
}

#[test]
fn adding_only_adds() {
    let world = World::indexed(&[("a.txt", "The bank froze the assets."), ("day.txt", "Monday in Kyiv.")]);
    let day = world.home().join("day");
    std::fs::create_dir(&day).expect("a folder");
    std::fs::write(day.join("b.txt"), "Ministers met.").expect("a file");
    let add = |paths: &[&Path]| world.index_paths(paths, &["--add"]);
    let done = add(&[&day]);
    assert!(
        done.text().starts_with("added 1, replaced 0, removed 0, unchanged 2 articles"),
        "{}{}",
        done.text(),
        done.err
    );
    // A file whose path the index has from elsewhere is named, and takes nothing's place.
    std::fs::write(day.join("day.txt"), "Tuesday in Kyiv.").expect("a file");
    let done = add(&[&day]);
    assert_eq!(done.code, 1);
    assert!(done.err.contains("skipped day.txt:1: an earlier file has the same path"), "{}", done.err);
    assert_eq!(world.json(&["monday"])["total"]["paragraphs"], 1);
    assert_eq!(world.json(&["tuesday"])["total"]["paragraphs"], 0);
    // Sync brings the index in line with the paths again.
    let done = world.index(&[]);
    assert!(
        done.text().starts_with("added 0, replaced 0, removed 1, unchanged 2 articles"),
        "{}{}",
        done.text(),
        done.err
    );
}

#[test]
fn other_settings_index_all_anew() {
    let world =
        World::indexed(&[("a.txt", "The bank froze the assets."), ("b.json", r#"{"headline2": "x", "text": "y"}"#)]);
    for (arguments, why) in [
        (&["--near", "0.7"][..], "what counts as a near copy has changed"),
        (&["--map", "title=headline2"], "the limits or the names of fields have changed"),
    ] {
        let done = world.index(arguments);
        assert!(done.err.contains(&format!("all articles are indexed anew: {why}")), "{}", done.err);
        let done = world.index_paths(&[&world.corpus()], &["--add", "--near", "0.6"]);
        assert_eq!(done.code, 2);
    }
    std::fs::write(world.home().join("mine.toml"), "name = \"mine\"\nversion = \"1\"\n").expect("a file");
    let done = world.index(&["--codebook", "mine.toml", "--map", "title=headline2"]);
    assert!(done.err.contains("the codebook has changed"), "{}", done.err);
}

#[test]
fn articles_come_from_standard_input() {
    let world = World::indexed(&[("a.txt", "The bank froze the assets.")]);
    let add = |records: &str| {
        let file = world.home().join("records");
        std::fs::write(&file, records).expect("a file");
        let stdin = std::fs::File::open(file).expect("the file just written");
        run(world.indexer().args(["--add", "-"]).stdin(stdin))
    };
    let (monday, tuesday) = ("{\"text\": \"Monday in Kyiv.\"}\n", "{\"text\": \"Tuesday in Kyiv.\"}\n{oops}\n");
    assert!(add(monday).text().starts_with("added 1, replaced 0, removed 0, unchanged 1 articles"));
    let done = add(tuesday);
    assert!(done.text().starts_with("added 1, replaced 0, removed 0, unchanged 2 articles"), "{}", done.err);
    assert!(done.err.contains(".jsonl:2: ") && done.code == 1, "{}", done.err);
    assert!(add(monday).text().starts_with("added 0, replaced 0, removed 0, unchanged 3 articles"), "the same batch");
    assert_eq!(world.json(&["kyiv"])["total"]["paragraphs"], 2);
    assert!(!world.home().join("index/stdin").exists());
    assert!(run(world.indexer().arg("-")).err.contains("--add"));
}

#[cfg(unix)]
#[test]
fn a_watched_index_follows_its_articles() {
    let world = World::of(&[("a.txt", "The bank froze the assets.")]);
    let out = std::fs::File::create(world.home().join("said")).expect("a file");
    let mut child = world.indexer().arg("--watch").stdout(out).spawn().expect("the indexer starts");
    let until = |holds: &dyn Fn() -> bool, what: &str| {
        let begun = std::time::Instant::now();
        while !holds() {
            assert!(begun.elapsed().as_secs() < 60, "{what}");
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    };
    let found = |word: &str| world.ask(&[word]).code == 0;
    until(&|| found("froze"), "the first build");
    world.write("b.txt", b"Ministers met in Kyiv.");
    until(&|| found("ministers"), "an article that was added");
    // A file that cannot be read stops nothing.
    world.write("c.json", b"{broken");
    std::fs::remove_file(world.corpus().join("a.txt")).expect("removed");
    until(&|| !found("froze"), "an article that was removed");
    let stopped = run(std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]));
    assert_eq!(stopped.code, 0, "{}", stopped.err);
    assert!(child.wait().expect("the indexer ends").success());
    let said = std::fs::read_to_string(world.home().join("said")).expect("what it said");
    assert!(said.lines().count() <= 6, "writing the index is no news: {said}");
}

#[test]
fn a_snapshot_answers_as_it_did() {
    let world = World::indexed(&[("a.txt", "The bank froze the assets.")]);
    let done = world.index(&["snapshot", "review-1"]);
    assert!(done.code == 0 && done.text().starts_with("review-1: generation 1, 1 articles, corpus "), "{}", done.err);
    let before = world.json(&["bank", "--at", "review-1"]);
    assert_eq!(before, world.json(&["bank"]));
    world.write("a.txt", b"The bank of the river.");
    world.write("b.txt", b"Another bank.");
    assert_eq!(world.index(&[]).code, 0);
    assert_eq!(world.json(&["bank", "--at", "review-1"]), before);
    assert_eq!(world.json(&["bank"])["total"]["paragraphs"], 2);
    assert_ne!(world.json(&["bank"])["index"]["corpus"], before["index"]["corpus"]);
    assert_eq!(world.index(&["snapshot"]).text(), "review-1\n");
    for (arguments, message) in [
        (&["snapshot", "review-1"][..], "there is a snapshot review-1 already"),
        (&["snapshot", "../x"], "no name for a snapshot"),
    ] {
        let done = world.index(arguments);
        assert!(done.code == 2 && done.err.contains(message), "{}", done.err);
    }
    let done = world.ask(&["bank", "--at", "review-2"]);
    assert!(done.code == 2 && done.err.contains("no snapshot review-2; there is review-1"), "{}", done.err);
}
