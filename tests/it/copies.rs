//! What the programs tell of copies: their history, the most copied, and who reprinted whom.

use serde_json::{Value, json};

use crate::world::World;

/// A wire story in four outlets, one of which has it twice, with dates known to the day, the month, or not at all; a
/// shorter one that a gazette had first; a paragraph of the wire that it printed twice itself; and one without copies.
const WIRE: &str = r#"{"id":"w","title":"Bank freezes assets","source":"Sample Wire","date":"2022-03-10","lang":"en","text":"The bank has frozen the assets of Russia.\n\nUkraine asks for more weapons from its allies.\n\nNothing else is known about it."}
{"id":"g","title":"Reserves blocked","source":"Example Gazette","date":"2022-03-13","lang":"en","text":"MOSCOW, March 11 (Sample Wire) - The bank has “frozen” the assets of Russia.\n\nUkraine asks for more weapons from its allies.\n\nA paragraph that stands alone."}
{"id":"g2","title":"Reserves blocked again","source":"Example Gazette","date":"2022-03-20","lang":"en","text":"The bank has frozen the assets of Russia."}
{"id":"p","title":"","source":"Placeholder Post","date":"2022-04","lang":"en","text":"THE BANK HAS FROZEN THE ASSETS OF RUSSIA"}
{"id":"n","title":"Undated","source":"Nameless Note","lang":"en","text":"The bank has frozen the assets of Russia."}
{"id":"u","title":"Without an outlet","date":"2023","lang":"en","text":"The bank has frozen the assets of Russia."}
{"id":"e","title":"Weapons wanted","source":"Early Example","date":"2022-03-01","lang":"en","text":"Ukraine asks for more weapons from its allies."}
{"id":"t","title":"It is known","source":"Sample Wire","date":"2022-03-12","lang":"en","text":"Nothing else is known about it."}
"#;

fn world() -> World {
    World::indexed(&[("wire.jsonl", WIRE)])
}

/// The ref of the only paragraph that matches, of all copies the first by date.
fn reference(world: &World, query: &str) -> String {
    let answer = world.json(&[query, "--sort", "date", "--limit", "1"]);
    answer["hits"][0]["ref"].as_str().expect("a hit").to_owned()
}

#[test]
fn a_history_begins_with_the_earliest() {
    let world = world();
    let asked = reference(&world, "frozen source:placeholder");
    let history = world.json(&["copies", &asked]);
    assert_eq!(history["asked"], asked.as_str());
    assert_eq!(history["total"], json!({"copies": 6, "articles": 6, "outlets": 4}));
    assert_eq!((&history["first"], &history["last"]), (&"2022-03-10".into(), &"2023".into()));
    let copies = history["copies"].as_array().expect("copies");
    let column = |name: &str| -> Vec<Value> { copies.iter().map(|copy| copy[name].clone()).collect() };
    assert_eq!(
        column("source"),
        [
            json!("Sample Wire"),
            json!("Example Gazette"),
            json!("Example Gazette"),
            json!("Placeholder Post"),
            json!(null),
            json!("Nameless Note")
        ]
    );
    assert_eq!(
        column("later"),
        [
            json!({"days": 0}),
            json!({"days": 3}),
            json!({"days": 10}),
            json!({"months": 1}),
            json!({"years": 1}),
            json!(null)
        ]
    );
    assert_eq!(column("identical"), [true, false, true, false, true, true]);
    assert_eq!(column("title")[3], Value::Null);
    assert!(
        column("similarity").iter().all(|similarity| similarity.as_f64().is_some_and(|s| (0.5..=1.0).contains(&s)))
    );
    for copy in copies {
        let changes = copy["changes"].as_array().expect("changes");
        let without = |op: &str| -> String {
            changes.iter().filter(|change| change["op"] != op).filter_map(|change| change["text"].as_str()).collect()
        };
        if copy["identical"] == true {
            assert!(changes.is_empty() && copy["text"] == copies[0]["text"], "{copy}");
        } else {
            assert_eq!((without("insert"), without("delete")), (text(&copies[0]), text(copy)));
        }
    }
    for copy in copies {
        let same = world.json(&["copies", copy["ref"].as_str().expect("a ref")]);
        assert_eq!(same["copies"], history["copies"], "each member tells the same history");
    }
}

fn text(copy: &Value) -> String {
    copy["text"].as_str().expect("a text").to_owned()
}

#[test]
fn a_history_shows_some_and_counts_all() {
    let world = world();
    let asked = reference(&world, "frozen");
    let few = world.ask(&["copies", &asked, "--limit", "2"]);
    assert_eq!(few.code, 0, "{}", few.err);
    let marks = "{+MOSCOW, March 11 (Sample Wire) - +}The bank has {+“+}frozen{+”+} the assets of Russia.";
    for part in ["> 1. Bank freezes assets", "earliest in this corpus", "3 days later · similarity 1.00", marks] {
        assert!(few.text().contains(part), "{part}: {}", few.text());
    }
    let total = "6 copies in 6 articles, 4 outlets, 2022-03-10 to 2023; shown: copies 1–2 of 6\n";
    assert!(few.text().ends_with(total), "{}", few.text());
    assert!(!few.text().contains("original"));
    assert_eq!(world.json(&["copies", &asked, "-n", "0"])["copies"], json!([]));
    let colored = world.ask(&["copies", &asked, "--color", "always"]);
    assert!(colored.text().contains("\x1b[4;32mMOSCOW") && !colored.text().contains("{+"), "{}", colored.text());
}

#[test]
fn a_paragraph_without_copies_has_no_history() {
    let world = world();
    let asked = reference(&world, "alone");
    let done = world.ask(&["copies", &asked]);
    assert_eq!(done.code, 1);
    assert!(done.text().ends_with("\nno other copy in this corpus\n"), "{}", done.text());
    let article = &asked[..asked.len() - 2];
    for (reference, message) in [
        (article, "this names an article; name one of its paragraphs"),
        ("zzzzzzzzzzzz#1", "no article of this index is called so"),
        ("what is this", "a reference is written like"),
    ] {
        assert_refused(&world, &["copies", reference], message);
    }
    assert_refused(&world, &["copies"], "copies: name one paragraph, such as k3v9q2mt7x0a#4");
    assert_refused(&world, &["copies", &asked, &asked], "for those that are copied most ask with --top N");
    assert_refused(&world, &["copies", &asked, "--since", "2022"], "a query with filters is asked with --top N");
}

#[track_caller]
fn assert_refused(world: &World, arguments: &[&str], message: &str) {
    let done = world.ask(arguments);
    assert_eq!(done.code, 2, "{arguments:?}: {}{}", done.text(), done.err);
    assert!(done.out.is_empty() && done.err.contains(message), "{arguments:?}: {}", done.err);
}

/// Asks in every format and reads each answer back.
#[track_caller]
fn assert_formats(world: &World, arguments: &[&str], rows: usize) {
    for format in ["terminal", "json", "jsonl", "csv", "tsv", "md"] {
        let done = world.ask(&[arguments, &["--format", format]].concat());
        assert_eq!(done.code, 0, "{arguments:?} {format}: {}", done.err);
        let text = done.text();
        assert!(text.ends_with('\n') && !text.contains('\x1b'), "{arguments:?} {format}: {text}");
        let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        match format {
            "json" => drop(read(text)),
            "jsonl" => assert_eq!(text.lines().map(read).collect::<Vec<_>>().len(), rows),
            "csv" | "tsv" => {
                let delimiter = if format == "csv" { b',' } else { b'\t' };
                let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
                let found = reader.records().collect::<Result<Vec<_>, _>>().expect("rows as long as the header").len();
                assert_eq!(found, rows, "{arguments:?} {format}: {text}");
            }
            _ => {}
        }
    }
}

#[test]
fn histories_can_be_read_back() {
    let world = world();
    let asked = reference(&world, "frozen");
    assert_formats(&world, &["copies", &asked], 6);
    assert_formats(&world, &["copies", &asked, "--limit", "3"], 3);
}

/// What a search says of the groups of several members, in the order of the most copied: matching copies, all copies,
/// outlets, the dates of the oldest and the newest, and the oldest one's ref.
fn most_copied(world: &World, query: &[&str]) -> Vec<Value> {
    let search = world.json(&[query, &["--all-copies", "--limit", "1000", "--sort", "date"]].concat());
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    for hit in crate::world::hits(&search) {
        let id = hit["duplicates"]["group"].as_str().expect("a group").to_owned();
        match groups.iter_mut().find(|(known, _)| *known == id) {
            Some((_, members)) => members.push(hit.clone()),
            None => groups.push((id, vec![hit.clone()])),
        }
    }
    groups.retain(|(_, members)| members[0]["duplicates"]["copies"].as_u64() > Some(1));
    let mut rows: Vec<(usize, usize, Value, String, Value)> = Vec::new();
    for (id, mut members) in groups {
        // Hits of one date come best first, members of a group by article.
        members.sort_by_key(|hit| (date(hit), hit["ref"].as_str().map(str::to_owned)));
        let mut outlets: Vec<&str> = members.iter().filter_map(|hit| hit["article"]["source"].as_str()).collect();
        outlets.sort_unstable();
        outlets.dedup();
        let first = &members[0];
        let dates: Vec<&Value> =
            members.iter().map(|hit| &hit["article"]["date"]).filter(|date| !date.is_null()).collect();
        let row = json!({
            "group": id, "matching": members.len(), "copies": first["duplicates"]["copies"], "outlets": outlets.len(),
            "first": dates.first(), "last": dates.last(), "ref": first["ref"], "source": first["article"]["source"],
            "text": first["text"],
        });
        rows.push((members.len(), outlets.len(), json!(date(first)), first["ref"].to_string(), row));
    }
    rows.sort_by_key(|(matching, outlets, date, reference, _)| {
        (usize::MAX - matching, usize::MAX - outlets, date.to_string(), reference.clone())
    });
    rows.into_iter().map(|(.., row)| row).collect()
}

/// A date that sorts undated articles last.
fn date(hit: &Value) -> String {
    hit["article"]["date"].as_str().unwrap_or("undated").to_owned()
}

#[test]
fn the_most_copied_are_those_of_a_search() {
    for (world, queries) in [
        (
            world(),
            [&["frozen OR weapons OR known"][..], &["known", "--source", "wire"], &["date:>=1900 OR date:undated"]],
        ),
        (
            World::sample(),
            [&["russia"], &["frozen OR reserves", "--since", "2024-06"], &["date:>=1900 OR date:undated"]],
        ),
    ] {
        for query in queries {
            let expected = most_copied(&world, query);
            assert!(!expected.is_empty(), "{query:?}");
            let answer = world.json(&[&["copies", "--top", "1000"], query].concat());
            let mut found = answer["groups"].as_array().expect("groups").clone();
            for (group, rank) in found.iter_mut().zip(1..) {
                assert_eq!(group.as_object_mut().and_then(|group| group.shift_remove("rank")), Some(json!(rank)));
            }
            assert_eq!(found, expected, "{query:?}");
            assert_eq!(answer["copied"], expected.len());
            for size in 1..expected.len() {
                let few = world.json(&[&["copies", "--top", &size.to_string()], query].concat());
                assert_eq!(few["groups"], json!(answer["groups"].as_array().expect("groups")[..size]), "{query:?}");
            }
        }
        let (all, named) = (
            world.json(&["copies", "--top", "9"]),
            world.json(&["copies", "--top", "9", "date:>=1900 OR date:undated"]),
        );
        assert_eq!(all["groups"], named["groups"], "without a query all paragraphs");
    }
}

#[test]
fn the_most_copied_are_listed() {
    let world = world();
    let done = world.ask(&["copies", "--top", "2", "--until", "2022-12", "--width", "60"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.text().starts_with("1. 4 of 6 copies, 3 outlets, 2022-03-10 to 2022-04\n"), "{}", done.text());
    assert!(done.text().contains("\n\n2. 3 copies, 3 outlets, 2022-03-01 to 2022-03-13\n"), "{}", done.text());
    assert!(done.text().contains("\n\n3 groups of several copies among "), "{}", done.text());
    assert_eq!(world.ask(&["copies", "--top", "2", "alone"]).code, 1, "it has no copies");
    assert_eq!(world.ask(&["copies", "--top", "2", "nowhere"]).code, 1);
    assert_eq!(world.ask(&["copies", "--top", "0"]).code, 0);
    assert_refused(&world, &["copies", "--top", "2", "\"frozen"], "never closed");
    assert_refused(&world, &["copies", "--top", "2", "--limit", "3"], "cannot be used with");
    assert_formats(&world, &["copies", "--top", "2"], 2);
    assert_formats(&world, &["copies", "--top", "9", "frozen OR weapons"], 2);
}

#[test]
fn who_reprints_whom_and_how_late() {
    let world = world();
    let ask = |arguments: &[&str]| world.json(&[&["facets", "--by", "source", "--copies-of"], arguments].concat());
    let outlet = |source: &str, counts: [u64; 6], median: Option<f64>| {
        let [groups, paragraphs, later, same, earlier, unknown] = counts;
        json!({
            "source": source, "groups": groups, "paragraphs": paragraphs, "later": later, "same_date": same,
            "earlier": earlier, "unknown": unknown, "median_days": median,
        })
    };
    let answer = ask(&["sample wire"]);
    assert_eq!(answer["copies_of"], json!({"sources": ["Sample Wire"], "paragraphs": 4, "groups": 3, "reprinted": 2}));
    let expected = [
        outlet("Example Gazette", [2, 3, 2, 0, 0, 0], Some(3.0)),
        outlet("Early Example", [1, 1, 0, 0, 1, 0], None),
        outlet("Nameless Note", [1, 1, 0, 0, 0, 1], None),
        outlet("Placeholder Post", [1, 1, 1, 0, 0, 0], None),
    ];
    assert_eq!(answer["outlets"], json!(expected));
    assert_eq!(ask(&["WIRE"])["outlets"], answer["outlets"], "a word of the name is enough, as after source:");

    let answer = ask(&["wire", "weapons"]);
    let expected =
        [outlet("Early Example", [1, 1, 0, 0, 1, 0], None), outlet("Example Gazette", [1, 1, 1, 0, 0, 0], Some(3.0))];
    assert_eq!(answer["outlets"], json!(expected));
    // A query says which paragraphs count; the first copy is the first one whatever is asked.
    let late = ask(&["gazette", "--since", "2022-03-20"]);
    assert_eq!(late["copies_of"]["paragraphs"], 1);
    let gazette = ask(&["gazette", "frozen"]);
    assert_eq!(late["outlets"], gazette["outlets"]);
    assert_eq!(late["outlets"][2], outlet("Sample Wire", [1, 1, 0, 0, 1, 0], None));

    // Two outlets are meant at once: neither reprints the other.
    let both = ask(&["example"]);
    assert_eq!(both["copies_of"]["sources"], json!(["Early Example", "Example Gazette"]));
    assert_eq!(both["outlets"][0], outlet("Sample Wire", [2, 2, 1, 0, 1, 0], Some(9.0)));
    assert_formats(&world, &["facets", "--by", "source", "--copies-of", "wire"], 4);
}

#[test]
fn dates_are_compared_as_far_as_they_are_known() {
    let record = |id: &str, source: &str, date: &str| {
        let date = if date.is_empty() { String::new() } else { format!("\"date\":\"{date}\",") };
        format!(
            "{{\"id\":\"{id}\",\"source\":\"{source}\",{date}\"lang\":\"en\",\"text\":\"The same sentence for all.\"}}\n"
        )
    };
    for (one, other, expected) in [
        ("2022-03-05", "2022-03", ["same_date", "0"]),
        ("2022", "2022-03-05", ["same_date", "0"]),
        ("2022-03", "2022-04-01", ["later", "0"]),
        ("2022-03-31", "2022-04-01", ["later", "1"]),
        ("2022-03-31", "2021", ["earlier", "0"]),
        ("2022-03-31", "", ["unknown", "0"]),
        ("", "2022-03-31", ["unknown", "0"]),
        ("", "", ["unknown", "0"]),
    ] {
        let world = World::indexed(&[("a.jsonl", &(record("a", "Wire", one) + &record("b", "Post", other)))]);
        let answer = world.json(&["facets", "--by", "source", "--copies-of", "wire"]);
        let [column, days] = expected;
        assert_eq!(answer["outlets"][0][column], 1, "{one} {other}: {answer}");
        let days = days.parse().ok().filter(|days| *days > 0.0);
        assert_eq!(answer["outlets"][0]["median_days"].as_f64(), days, "{one} {other}");
    }
}

#[test]
fn reprints_of_nothing_and_of_nobody() {
    let world = world();
    let ask = ["facets", "--by", "source", "--copies-of"];
    for arguments in [&["wire", "nowhere"][..], &["wire", "--since", "2022-03-12"]] {
        let done = world.ask(&[&ask[..], arguments].concat());
        assert_eq!(done.code, 1, "{arguments:?}: {}{}", done.text(), done.err);
        assert!(done.text().contains("of Sample Wire "), "{}", done.text());
    }
    for (source, message) in [
        (
            "gazete",
            "no outlet of this index is called gazete\n  --copies-of gazete\n              ^^^^^^\n  write Example Gazette\n",
        ),
        (
            "zzzzzz",
            "no outlet of this index is called zzzzzz\n  --copies-of zzzzzz\n              ^^^^^^\n  outlets are Early Example, ",
        ),
        ("—", "there is no word in this"),
        ("", "there is no word in this"),
    ] {
        assert_refused(&world, &[&ask[..], &[source]].concat(), message);
    }
    for by in ["actor", "source,actor"] {
        let message = "--copies-of: copies are counted by outlet; ask with --by source";
        assert_refused(&world, &["facets", "--by", by, "--copies-of", "wire"], message);
    }
    assert_refused(&world, &["facets", "--copies-of", "wire"], "--by");
}
