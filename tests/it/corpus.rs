//! The sample corpus that comes with the project: it is read whole, and what the README promises of it holds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::world::{World, hits, marked, refs};

fn facet(answer: &Value, field: &str) -> BTreeMap<String, u64> {
    let values = answer["facets"][field].as_array().expect("a facet");
    let count = |value: &Value| value["articles"].as_u64().expect("a count");
    values.iter().map(|value| (value["path"].as_str().expect("a path").to_owned(), count(value))).collect()
}

#[test]
fn nothing_is_skipped() {
    let world = World::of(&[]);
    let corpus = crate::world::sample_corpus();
    let done = world.index_paths(&[&corpus], &["--verbose"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert!(done.text().contains("skipped 0; left out 0 files of other kinds"), "{}", done.text());
    assert!(world.json(&["info"])["holds"]["articles"].as_u64().is_some_and(|articles| articles >= 30));
}

#[test]
fn frozen_assets_are_found() {
    let world = World::sample();
    let answer = world.json(&["frozen assets"]);
    let found = hits(&answer);
    assert!(found.len() >= 3, "{} hits", found.len());
    let scores: Vec<f64> = found.iter().map(|hit| hit["score"].as_f64().expect("a score")).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b) && scores[0] > scores[found.len() - 1], "{scores:?}");
    for hit in found {
        let marks: Vec<String> = marked(hit).iter().map(|mark| mark.to_lowercase()).collect();
        assert!(marks.iter().any(|mark| mark == "frozen"), "{marks:?}");
        assert!(marks.iter().any(|mark| mark == "asset" || mark == "assets"), "{marks:?}");
        assert!(marks.iter().all(|mark| ["frozen", "asset", "assets"].contains(&mark.as_str())), "{marks:?}");
    }
    assert!(found.iter().any(|hit| hit["duplicates"]["copies"].as_u64().is_some_and(|copies| copies > 1)));
    let total = |name: &str| answer["total"][name].as_u64().expect("a total");
    assert!(total("paragraphs") > total("groups") && total("groups") >= found.len() as u64);
    // The phrase is rarer than its words, and each of its hits is one of theirs.
    let words = world.json(&["frozen assets", "--limit", "1000", "--all-copies"]);
    let phrase = world.json(&["\"frozen assets\"", "--limit", "1000", "--all-copies"]);
    assert!(refs(&phrase).len() < refs(&words).len());
    assert!(refs(&phrase).iter().all(|reference| refs(&words).contains(reference)));
}

#[test]
fn actors_and_topics_are_coded() {
    let world = World::sample();
    let answer = world.json(&["facets", "--by", "actor,topic"]);
    let (actors, topics) = (facet(&answer, "actor"), facet(&answer, "topic"));
    for actor in ["/russia", "/ukraine", "/united-states", "/eu", "/russia/central-bank"] {
        assert!(actors.contains_key(actor), "{actor}");
    }
    for topic in ["/economy/sanctions", "/economy/sanctions/frozen-assets", "/military"] {
        assert!(topics.contains_key(topic), "{topic}");
    }
    assert!(actors["/russia"] >= 10 && actors["/ukraine"] >= 10, "{actors:?}");
    // A code counts what is below it.
    assert!(topics["/economy/sanctions"] >= topics["/economy/sanctions/frozen-assets"]);
    let russian = world.json(&["actor:russia", "--all-copies", "--limit", "1000"]);
    for hit in hits(&russian) {
        let actors = hit["actors"].as_array().expect("actors");
        let below =
            |actor: &Value| actor.as_str().is_some_and(|path| path == "/russia" || path.starts_with("/russia/"));
        assert!(actors.iter().any(below), "{actors:?}");
    }
}

#[test]
fn each_language_is_told_and_searched_by_inflections() {
    let world = World::sample();
    let langs = facet(&world.json(&["facets", "--by", "lang"]), "lang");
    // A form that the texts do not hold, and one that they do; Ukrainian has no stemmer and finds its own forms.
    for (lang, word, written) in [
        ("en", "sanctioning", "sanctions"),
        ("de", "Panzern", "Panzer"),
        ("fr", "avoir", "avoirs"),
        ("es", "acuerdos", "acuerdo"),
        ("ru", "разведки", "разведка"),
        ("ar", "حرب", "الحرب"),
        ("uk", "полону", "полону"),
    ] {
        assert!(langs.get(&format!("/{lang}")).is_some_and(|articles| *articles >= 2), "{lang}: {langs:?}");
        let answer = world.json(&[word, "--lang", lang, "--limit", "100", "--all-copies"]);
        let marks: Vec<String> = hits(&answer).iter().flat_map(marked).map(|mark| mark.to_lowercase()).collect();
        assert!(marks.contains(&written.to_lowercase()), "{lang}: {word} finds {marks:?}");
        assert!(hits(&answer).iter().all(|hit| hit["article"]["lang"] == lang));
        if word != written {
            assert_eq!(world.json(&[&format!("={word}"), "--lang", lang])["total"]["paragraphs"], 0, "{lang}: {word}");
        }
    }
    assert!(!langs.contains_key("/und"), "{langs:?}");
}

#[test]
fn samples_say_that_they_are_samples() {
    let world = World::sample();
    let articles = &world.json(&["info"])["holds"]["articles"];
    let samples = world.json(&["author:\"nutgraf sample text\"", "--facets", "date,source"]);
    assert_eq!(&samples["total"]["articles"], articles);
    // No outlet of the samples is a real one: their addresses are kept for examples (RFC 2606).
    let answer = world.json(&["author:sample", "--all-copies", "--limit", "10000"]);
    for hit in hits(&answer) {
        let url = hit["article"]["url"].as_str().unwrap_or("https://example.org/");
        let host = url.split('/').nth(2).expect("a host");
        let example = ["example.org", "example.com", "example.net"].iter().any(|name| host.ends_with(name));
        assert!(example || host.ends_with(".example"), "{url}");
    }
}

/// Those of whom the parallel articles of `corpus/parallel` speak at least.
const PARALLEL: [&str; 40] = [
    "/russia",
    "/russia/government",
    "/russia/government/vladimir-putin",
    "/ukraine",
    "/ukraine/crimea",
    "/ukraine/government/volodymyr-zelensky",
    "/belarus",
    "/united-states",
    "/united-states/government",
    "/united-states/government/donald-trump",
    "/united-states/government/joe-biden",
    "/un",
    "/un/general-assembly",
    "/un/security-council",
    "/nato",
    "/eu",
    "/eu/commission",
    "/osce",
    "/g7",
    "/iaea",
    "/icc",
    "/germany",
    "/france",
    "/united-kingdom",
    "/poland",
    "/finland",
    "/sweden",
    "/hungary",
    "/turkey",
    "/china",
    "/israel",
    "/palestine/gaza",
    "/palestine/hamas",
    "/lebanon/hezbollah",
    "/iran",
    "/syria",
    "/egypt",
    "/qatar",
    "/saudi-arabia",
    "/yemen/houthis",
];

#[test]
fn a_translation_names_the_same_actors() {
    let world = World::of(&[]);
    let done = world.index_paths(&[&crate::world::sample_corpus().join("parallel")], &[]);
    assert_eq!(done.code, 0, "{}", done.err);
    let paragraphs = |lang: &str| -> BTreeMap<u64, BTreeSet<String>> {
        let answer = world.json(&["author:sample", "--lang", lang, "--all-copies", "--limit", "1000"]);
        let coded = |hit: &Value| {
            let (_, number) = hit["ref"].as_str().and_then(|at| at.rsplit_once('#')).expect("a ref has a number");
            let actors = hit["actors"].as_array().expect("actors");
            let actors = actors.iter().map(|actor| actor.as_str().expect("a path").to_owned());
            (number.parse().expect("a number"), actors.collect())
        };
        hits(&answer).iter().map(coded).collect()
    };
    let english = paragraphs("en");
    assert!(english.len() >= 10, "{} paragraphs", english.len());
    for lang in ["ru", "uk", "fr", "ar"] {
        let translated = paragraphs(lang);
        assert!(translated.keys().eq(english.keys()), "{lang}: {:?}", translated.keys());
        for (number, actors) in &english {
            assert_eq!(&translated[number], actors, "{lang}, paragraph {number}");
        }
    }
    let named: BTreeSet<&str> = english.values().flatten().map(String::as_str).collect();
    let unnamed: Vec<&str> = PARALLEL.into_iter().filter(|actor| !named.contains(actor)).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}
