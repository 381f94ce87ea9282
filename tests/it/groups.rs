//! Groups of copies in an index: the same however the index was reached, found whole by every question, counted honestly.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use nutgraf::groups::similarity;
use serde_json::{Value, json};

use crate::world::{Chance, World, hits};

const STORIES: [&str; 4] = [
    "The central bank froze the assets of the state on Wednesday and said that the measure would stay in force until the \
     end of the war, which nobody expects to come soon.",
    "Ministers of the alliance met in the capital to speak about the defence of the eastern border and about what each of \
     them would have to pay for it in the years to come.",
    "Grain ships left the port again after the two sides had agreed to a corridor that neither of them would shell for as \
     long as the harvest is being brought in.",
    "Prisoners of war were exchanged at the border on Friday, the first such exchange since the talks had broken down in \
     the spring over the fate of the wounded.",
];
const WORDS: [&str; 8] = ["however", "Kyiv", "officials", "sanctions", "early", "missiles", "reported", "treaty"];
const SOURCES: [&str; 3] = ["Sample Wire", "Example Gazette", "Placeholder Post"];

/// A story as an outlet prints it: some words replaced, perhaps a sentence added.
fn version(chance: &mut Chance) -> String {
    let mut words: Vec<&str> = chance.one_of(&STORIES).split(' ').collect();
    for _ in 0..chance.below(5) {
        let place = chance.below(words.len());
        words[place] = *chance.one_of(&WORDS);
    }
    let added = if chance.below(4) == 0 { " It was the third time this year." } else { "" };
    words.join(" ") + added
}

/// An article of one or two paragraphs.
fn article(chance: &mut Chance) -> String {
    let paragraphs: Vec<String> = (0..=chance.below(2)).map(|_| version(chance)).collect();
    let date = format!("2022-0{}-1{}", 1 + chance.below(9), chance.below(10));
    json!({"id": "a", "source": chance.one_of(&SOURCES), "date": date, "lang": "en", "text": paragraphs.join("\n\n")})
        .to_string()
}

const QUESTIONS: [&str; 6] =
    ["war", "border OR port", "(frozen OR froze) NOT Kyiv", "sanctions", "\"the two sides\"", "date:2022"];

/// What is answered, without the number of the generation.
fn answers(world: &World) -> Vec<Value> {
    let ways: [&[&str]; 3] =
        [&["--limit", "20"], &["--all-copies", "--sort", "date"], &["--limit", "0", "--facets", "source,date"]];
    let asked = QUESTIONS.iter().flat_map(|question| ways.iter().map(move |way| [&[*question], *way].concat()));
    let answers = asked.map(|arguments| {
        let mut answer = world.json(&arguments);
        answer["index"]["generation"] = Value::Null;
        answer
    });
    answers.collect()
}

/// A fresh index of the articles of a world.
fn fresh(world: &World, arguments: &[&str]) -> World {
    let fresh = World::of(&[]);
    let done = fresh.index_paths(&[&world.corpus()], arguments);
    assert_eq!(done.code, 0, "{}", done.err);
    fresh
}

#[test]
fn groups_do_not_tell_how_they_were_reached() {
    let mut chance = Chance(7);
    let world = World::of(&[]);
    for number in 0..60 {
        world.write(&format!("{number}.json"), article(&mut chance).as_bytes());
    }
    for turn in 0..6 {
        let threads = ["--threads", if turn % 2 == 0 { "1" } else { "2" }];
        let done = world.index(&threads);
        assert_eq!(done.code, 0, "{}", done.err);
        assert_eq!(answers(&world), answers(&fresh(&world, &[])), "turn {turn}");
        // A few articles come, go and are corrected, so that the groups before can be built upon.
        for _ in 0..4 {
            let name = format!("{}.json", chance.below(66));
            match chance.below(3) {
                0 => drop(std::fs::remove_file(world.corpus().join(name))),
                _ => world.write(&name, article(&mut chance).as_bytes()),
            }
        }
    }
}

#[test]
fn a_killed_run_leaves_the_groups_there_were() {
    let mut chance = Chance(11);
    let articles =
        |chance: &mut Chance| (0..80).map(|_| article(chance) + "\n").collect::<String>().replace("\"a\"", "null");
    let world = World::of(&[("a.jsonl", &articles(&mut chance))]);
    assert_eq!(world.index(&[]).code, 0);
    for turn in 0..10 {
        let before = answers(&world);
        world.write(&format!("{turn}.jsonl"), articles(&mut chance).as_bytes());
        let mut child = world.indexer().stderr(std::process::Stdio::null()).spawn().expect("the indexer starts");
        std::thread::sleep(Duration::from_millis(chance.below(120) as u64));
        let _ = child.kill();
        let finished = child.wait().expect("the indexer ends").success();
        let after = answers(&fresh(&world, &[]));
        let now = answers(&world);
        assert!(now == after || (!finished && now == before), "turn {turn}: neither the old groups nor the new ones");
        assert_eq!(world.index(&[]).code, 0);
        assert_eq!(answers(&world), after, "turn {turn}: the next run completes what was begun");
    }
}

/// Each paragraph's group, by its ref, as the program tells it.
fn groups(world: &World) -> BTreeMap<String, (String, String)> {
    let all = world.json(&["date:2022", "--all-copies", "--limit", "1000"]);
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let group = |hit: &Value| (text(&hit["ref"]), (text(&hit["duplicates"]["group"]), text(&hit["text"])));
    hits(&all).iter().map(group).collect()
}

#[test]
fn every_question_finds_groups_whole() {
    let mut chance = Chance(23);
    let world = World::of(&[]);
    (0..70).for_each(|number| world.write(&format!("{number}.json"), article(&mut chance).as_bytes()));
    assert_eq!(world.index(&[]).code, 0);
    let of = groups(&world);
    let sizes = of.values().fold(BTreeMap::new(), |mut sizes: BTreeMap<&str, u64>, (group, _)| {
        *sizes.entry(group).or_default() += 1;
        sizes
    });
    assert!(sizes.len() < of.len() / 2, "the articles have copies: {sizes:?}");
    for question in QUESTIONS {
        let all = world.json(&[question, "--all-copies", "--limit", "1000"]);
        let matching: BTreeSet<&str> = hits(&all).iter().filter_map(|hit| hit["ref"].as_str()).collect();
        for sort in ["relevance", "date", "-date"] {
            let answer = world.json(&[question, "--limit", "1000", "--sort", sort]);
            let shown: Vec<&str> = hits(&answer).iter().filter_map(|hit| hit["duplicates"]["group"].as_str()).collect();
            let met: BTreeSet<&str> = matching.iter().map(|reference| of[*reference].0.as_str()).collect();
            assert_eq!(shown.iter().copied().collect::<BTreeSet<_>>(), met, "{question}");
            assert_eq!((shown.len(), &answer["total"]["groups"]), (met.len(), &json!(met.len())), "{question}");
            for hit in hits(&answer) {
                let duplicates = &hit["duplicates"];
                let group = duplicates["group"].as_str().expect("a group");
                assert_eq!(duplicates["copies"], sizes[group], "{question}");
                let members = matching.iter().filter(|reference| of[**reference].0 == group);
                assert_eq!(duplicates["matching"], members.count(), "{question}");
                let others = duplicates["others"].as_array().expect("copies");
                assert_eq!(others.len() as u64, (sizes[group] - 1).min(20));
                for other in others {
                    let reference = other["ref"].as_str().expect("a ref");
                    assert_eq!(other["matches"], matching.contains(reference), "{question}: {reference}");
                    let alike = similarity(hit["text"].as_str().expect("a text"), &of[reference].1);
                    assert_eq!(other["similarity"], alike, "{question}: {reference}");
                }
                let asked = world.json(&[&format!("group:{group}"), "--limit", "0"]);
                assert_eq!(asked["total"]["paragraphs"], sizes[group], "{group}");
            }
        }
    }
}

#[test]
fn the_bar_is_fixed_when_the_index_is_made() {
    let [one, other] = [STORIES[0].to_owned(), STORIES[0].replace("Wednesday", "Thursday")];
    let files = [("a.txt", one.as_str()), ("b.txt", other.as_str())];
    let world = World::indexed(&files);
    let total = |world: &World| world.json(&["assets"])["total"]["groups"].clone();
    let near = |world: &World| world.json(&["info"])["copies"]["near"].clone();
    assert_eq!((total(&world), near(&world)), (json!(1), json!("0.5")));
    assert_eq!(world.index(&["--near", "off"]).code, 0);
    assert_eq!((total(&world), near(&world)), (json!(2), json!("off")));
    assert_eq!(world.index(&[]).code, 0);
    assert_eq!((total(&world), near(&world)), (json!(2), json!("off")), "it stays as it was made");
    assert_eq!(world.index(&["--near", "0.8"]).code, 0);
    assert_eq!((total(&world), near(&world)), (json!(1), json!("0.8")));
    let refused = world.index(&["--near", "0.3"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("0.5 to 0.9"), "{}", refused.err);
}

/// Two printings in one file, the second without its first paragraph, as a researcher's notes may hold them.
#[test]
fn printings_come_and_go() {
    let printing = |paragraphs: &[&str]| paragraphs.join("\n\n") + "\n\n(Source: Sample Wire)\n\n";
    let [first, second] = [printing(&STORIES), printing(&STORIES[1..])];
    let world = World::indexed(&[("notes.txt", &(first.clone() + &second))]);
    let copies = |world: &World| -> Vec<u64> {
        let of = |story: &str| {
            let words: Vec<&str> = story.split(' ').take(4).collect();
            let answer = world.json(&[&format!("\"{}\"", words.join(" "))]);
            hits(&answer)[0]["duplicates"]["copies"].as_u64().expect("a number")
        };
        STORIES.iter().map(|story| of(story)).collect()
    };
    assert_eq!(copies(&world), [1, 2, 2, 2]);
    world.write("notes.txt", first.as_bytes());
    assert_eq!(world.index(&[]).code, 0);
    assert_eq!(copies(&world), [1, 1, 1, 1]);
    let fresh = World::indexed(&[("notes.txt", &first)]);
    let asked = |world: &World| {
        let mut answer = world.json(&["the", "--limit", "50"]);
        answer["index"]["generation"] = Value::Null;
        answer
    };
    assert_eq!(asked(&world), asked(&fresh));
}

#[test]
fn boilerplate_is_no_group() {
    let article = |number: usize| {
        let date = format!("2023-{:02}-{:02}", 1 + number / 28, 1 + number % 28);
        let text = format!("Report number {number} of the observers.\n\nRead more about this war.");
        json!({"id": format!("{number}"), "date": date, "lang": "en", "text": text}).to_string() + "\n"
    };
    let world = World::indexed(&[("a.jsonl", &(0..60).map(article).collect::<String>())]);
    let answer = world.json(&["war OR \"number 7\""]);
    let total = json!({"paragraphs": 61, "groups": 1, "articles": 60, "sources": 0, "boilerplate": 1});
    assert_eq!(answer["total"], total);
    let marks: Vec<&Value> = hits(&answer).iter().map(|hit| &hit["duplicates"]["boilerplate"]).collect();
    assert_eq!(marks.iter().filter(|mark| **mark == &json!(true)).count(), 1, "{marks:?}");
    let shown = world.ask(&["war"]);
    assert!(
        shown.text().contains("boilerplate, printed 60 times") && !shown.text().contains("copies"),
        "{}",
        shown.text()
    );
    assert!(shown.text().contains("0 groups and 1 text of boilerplate"), "{}", shown.text());
    assert_eq!(world.ask(&["copies", "--top", "3"]).code, 1, "boilerplate is not copied");
    let few = World::indexed(&[("a.jsonl", &(0..40).map(article).collect::<String>())]);
    assert_eq!(few.json(&["war"])["total"]["boilerplate"], 0);
}
