//! The same articles give the same answers, byte for byte, however the index came about.
//!
//! Files are given in another order, written in another order, read by one thread or two, again and again, and indexed
//! over an index that is there already; the generation's number is all that may differ, and here it does not.

use std::path::{Path, PathBuf};

use crate::world::{Chance, Done, World, sample_corpus};

/// Questions of all kinds. Each is asked in each of the [`WAYS`].
const QUERIES: [&str; 50] = [
    "frozen",
    "assets",
    "bank",
    "frozen assets",
    "reserves",
    "russia",
    "ukraine",
    "the",
    "sanctions loan",
    "prisoners",
    "\"frozen assets\"",
    "\"central bank\"",
    "\"the european union\"",
    "\"frozen assets\" loan",
    "=frozen",
    "==Frozen",
    "=\"frozen assets\"",
    "==\"Sample Wire\"",
    "frozen OR seized",
    "frozen OR reserves OR assets OR bank",
    "(frozen OR blocked) AND (assets OR reserves)",
    "assets NOT frozen",
    "bank NOT (russia OR ukraine)",
    "bank NOT \"central bank\"",
    "санкции OR россии OR обмен",
    "vermögenswerte",
    "avoirs gelés",
    "الحرب",
    "title:frozen",
    "title:(frozen OR reserves)",
    "bank title:loan",
    "source:wire",
    "source:\"example gazette\" frozen",
    "author:sample assets",
    "url:example.org russia",
    "lang:ru",
    "lang:en assets",
    "actor:russia",
    "actor:/russia/central-bank reserves",
    "topic:sanctions",
    "topic:/economy/sanctions/frozen-assets NOT actor:russia",
    "date:2024",
    "date:2024-06..2024-12 bank",
    "date:<=2023",
    "date:undated",
    "words:>40 russia",
    "words:..8",
    "given:grain",
    "bank OR date:2023-05",
    "nowhere-to-be-found",
];

const WAYS: [&[&str]; 6] = [
    &[],
    &["--all-copies", "--limit", "25"],
    &["--sort", "date", "--limit", "5"],
    &["--sort", "-date", "--all-copies", "--limit", "4", "--offset", "3"],
    &["--context", "1", "--limit", "3", "--offset", "2"],
    &["--limit", "0", "--facets", "actor,topic,date,source,lang,given"],
];

/// What every question is answered in every way.
fn answers(world: &World) -> Vec<Vec<u8>> {
    let queries = QUERIES.join("\n");
    let ask = |way: &&[&str]| {
        let done: Done = world.batch(way, queries.as_bytes());
        assert_eq!((done.code, done.text().lines().count()), (0, QUERIES.len()), "{way:?}: {}", done.err);
        assert!(!done.text().contains("\"error\""), "{way:?}");
        done.out
    };
    WAYS.iter().map(ask).collect()
}

fn assert_same(one: &[Vec<u8>], other: &[Vec<u8>], how: &str) {
    for (way, (one, other)) in WAYS.iter().zip(one.iter().zip(other)) {
        let lines = one.split(|byte| *byte == b'\n').zip(other.split(|byte| *byte == b'\n'));
        for (query, (one, other)) in QUERIES.iter().zip(lines) {
            let text = String::from_utf8_lossy;
            assert_eq!(text(one), text(other), "{query} {way:?}: {how}");
        }
    }
}

/// Files of made-up dispatches, many of them alike in score, date or text: enough for several batches and segments.
fn dispatches() -> Vec<(String, String)> {
    const WORDS: [&str; 20] = [
        "frozen",
        "assets",
        "bank",
        "the",
        "central",
        "reserves",
        "Russia",
        "Ukraine",
        "loan",
        "sanctions",
        "seized",
        "prisoners",
        "Frozen",
        "European",
        "Union",
        "war",
        "grain",
        "troops",
        "blocked",
        "of",
    ];
    let mut chance = Chance(1987);
    let mut sentence = move || {
        let length = 3 + chance.below(12);
        let words: Vec<&str> = (0..length).map(|_| *chance.one_of(&WORDS)).collect();
        format!("{}.", words.join(" "))
    };
    let pool: Vec<String> = (0..60).map(|_| sentence()).collect();
    let mut chance = Chance(2022);
    (0..5)
        .map(|file| {
            let lines: String = (0..60)
                .map(|number| {
                    let paragraphs: Vec<&str> =
                        (0..1 + chance.below(4)).map(|_| chance.one_of(&pool).as_str()).collect();
                    let record = serde_json::json!({
                        "id": format!("{file}-{number}"),
                        "title": if chance.below(3) > 0 { chance.one_of(&pool).clone() } else { String::new() },
                        "source": chance.one_of(&["Sample Wire", "Example Gazette", "Placeholder Post"]),
                        "date": chance.one_of(&["2022", "2023-05", "2023-05-01", "2024-06-14", ""]),
                        "lang": chance.one_of(&["en", "en", "en", "de"]),
                        "topics": [chance.one_of(&["grain", "cocoa", "gold"])],
                        "text": paragraphs.join("\n\n"),
                    });
                    format!("{record}\n")
                })
                .collect();
            (format!("dispatches-{file}.jsonl"), lines)
        })
        .collect()
}

#[test]
fn the_order_of_files_and_threads_do_not_show() {
    let dispatches = dispatches();
    let files: Vec<(&str, &str)> = dispatches.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let world = World::of(&files);
    let mut paths: Vec<PathBuf> = vec![sample_corpus()];
    paths.extend(files.iter().map(|(name, _)| world.corpus().join(name)));
    let backwards: Vec<PathBuf> = paths.iter().rev().cloned().collect();
    let mut first: Option<Vec<Vec<u8>>> = None;
    for (paths, threads, how) in [
        (&paths, "1", "one thread"),
        (&paths, "2", "two threads"),
        (&backwards, "1", "backwards"),
        (&backwards, "8", "backwards, eight threads"),
    ] {
        std::fs::remove_dir_all(world.home().join("index")).unwrap_or_default();
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let done = world.index_paths(&paths, &["--threads", threads]);
        assert_eq!(done.code, 0, "{}", done.err);
        let answers = answers(&world);
        match &first {
            Some(first) => assert_same(first, &answers, how),
            None => first = Some(answers),
        }
    }
}

#[test]
fn the_order_of_writing_and_a_second_build_do_not_show() {
    let dispatches = dispatches();
    let files: Vec<(&str, &str)> = dispatches.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (world, backwards) = (World::indexed(&files), World::of(&[]));
    for (name, text) in files.iter().rev() {
        backwards.write(name, text.as_bytes());
    }
    assert_eq!(backwards.index(&[]).code, 0);
    let ask = |world: &World| world.ask(&["frozen OR bank", "--format", "json", "--limit", "100"]).out;
    let before = ask(&world);
    assert_eq!(before, ask(&backwards));
    // Built over an index of something else, then of the same: only the generation is another.
    backwards.write("more.txt", b"More\n\nMore of the frozen bank.");
    assert_eq!(backwards.index(&[]).code, 0);
    assert_ne!(before, ask(&backwards));
    std::fs::remove_file(backwards.corpus().join("more.txt")).expect("the file just written");
    assert_eq!(backwards.index(&["--threads", "1"]).code, 0);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let renumbered = text(&ask(&backwards)).replace("\"generation\": 3", "\"generation\": 1");
    assert_eq!(text(&before), renumbered);
}

#[test]
fn the_same_question_has_the_same_answer_alone_and_among_others() {
    let world = World::sample();
    let batch = world.batch(&[], QUERIES.join("\n").as_bytes());
    for (query, line) in QUERIES.iter().zip(batch.text().lines()).step_by(5) {
        let alone = world.json(&[query]);
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        if line.get("error").is_none() {
            assert_eq!(alone, line, "{query}");
        }
    }
}
