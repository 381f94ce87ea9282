//! What stands higher than what, and that it does not depend on how many hits are asked for.

use serde_json::Value;

use crate::world::{World, hits};

/// Articles of one paragraph each, all of the same length: a headline and a text.
fn world(articles: &[(&str, &str)]) -> World {
    let records = articles.iter().map(|(title, text)| {
        let lines = text.split('|').collect::<Vec<_>>().join("\n\n");
        format!("{}\n", serde_json::json!({"title": title, "text": lines, "lang": "en"}))
    });
    World::indexed(&[("articles.jsonl", &records.collect::<String>())])
}

fn texts(answer: &Value) -> Vec<&str> {
    hits(answer).iter().map(|hit| hit["text"].as_str().expect("a text")).collect()
}

#[test]
fn words_that_stand_close_together_come_first() {
    let world = world(&[
        ("", "The frozen lake was far from all of the old bank assets"),
        ("", "The bank was far from all of the old frozen assets"),
        ("", "The assets of the old bank was far from frozen over"),
    ]);
    let answer = world.json(&["frozen assets"]);
    assert!(texts(&answer)[0].ends_with("frozen assets"), "{answer}");
    assert_eq!(texts(&answer).len(), 3, "{answer}");
    // Matches of nested operators, too: the tighter the better.
    let answer = world.json(&["frozen W/30 assets"]);
    assert!(texts(&answer)[0].ends_with("frozen assets"), "{answer}");
}

#[test]
fn the_headline_raises_and_does_not_match() {
    let world = world(&[
        ("Weather report", "A ceasefire was signed here"),
        ("Ceasefire in force", "A ceasefire was signed there|Nothing else was known then"),
    ]);
    let answer = world.json(&["ceasefire NOT force"]);
    assert_eq!(texts(&answer), ["A ceasefire was signed there", "A ceasefire was signed here"], "{answer}");
}

#[test]
fn other_words_of_the_article_raise_where_one_is_enough() {
    let world = world(&[
        ("", "The drought went on all year|The harvest was good"),
        ("", "The drought went on for weeks|There was famine in the north"),
    ]);
    let answer = world.json(&["--any", "drought famine"]);
    let drought: Vec<&str> = texts(&answer).into_iter().filter(|text| text.contains("drought")).collect();
    assert_eq!(drought, ["The drought went on for weeks", "The drought went on all year"], "{answer}");
}

#[test]
fn scores_do_not_depend_on_the_limit() {
    let world = World::sample();
    for query in ["frozen assets", "the bank", "frozen OR bank OR russia", "frozen W/5 (assets OR reserve*)", "russia"]
    {
        let scores = |limit: &str| -> Vec<(String, f64)> {
            let answer = world.json(&["--limit", limit, query]);
            let of = |hit: &Value| (hit["ref"].to_string(), hit["score"].as_f64().expect("a score"));
            hits(&answer).iter().map(of).collect()
        };
        let all = scores("1000");
        for limit in ["1", "3", "10"] {
            let some = scores(limit);
            assert_eq!(some[..], all[..some.len()], "{query}");
        }
    }
}
