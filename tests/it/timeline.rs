//! Counts over time and cross tables, held against a plain count over every hit of a search.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::world::{Chance, World};

/// What a search without a query asks for.
const ALL: &str = "date:>=1900 OR date:undated";

/// Sentences that name actors and topics; printed by many articles, they are groups of copies.
const SENTENCES: [&str; 12] = [
    "Russia and Ukraine accused each other of shelling the power plant during the night.",
    "The European Union prolonged its sanctions against Russia by another six months on Monday.",
    "Germany and France called for a ceasefire after the talks in Turkey had failed again.",
    "The Security Council of the United Nations met in New York without a resolution.",
    "NATO said that it would send more weapons to Ukraine before the winter begins.",
    "The central bank of Russia said that its frozen assets must be returned after a ceasefire.",
    "Vladimir Putin met the president of Turkey to speak about the export of grain.",
    "Nobody was hurt when the old bridge fell into the river after weeks of rain.",
    "Israel and the United States agreed on a further delivery of ammunition last week.",
    "The government of Afghanistan asked for humanitarian aid after the earthquake in the west.",
    "Prisoners were exchanged at the border between Belarus and Ukraine early in the morning.",
    "The harvest was good this year, and the farmers expect better prices than before.",
];

const DATES: [&str; 5] = ["2019", "2020-02", "2021-11", "2022", "1990-05-17"];

/// Articles with dates of every precision and without, some of which share paragraphs; "Read more" stands in all of them.
fn world() -> World {
    let mut chance = Chance(7);
    let mut lines = String::new();
    for article in 0..160 {
        let date = match article % 8 {
            0 => json!(chance.one_of(&DATES)),
            1 => json!(null),
            _ => {
                let (year, month, day) = (2019 + chance.below(4), 1 + chance.below(12), 1 + chance.below(28));
                // The turns of years, where weeks and years part.
                json!(if chance.below(5) == 0 {
                    format!("{year}-12-{}", 26 + chance.below(6))
                } else {
                    format!("{year}-{month:02}-{day:02}")
                })
            }
        };
        let mut text: Vec<String> = (0..1 + chance.below(4)).map(|_| (*chance.one_of(&SENTENCES)).to_owned()).collect();
        if chance.below(3) == 0 {
            text.push(format!("Case number {} of Ukraine against Russia stays open.", chance.next()));
        }
        text.push("Read more".to_owned());
        let source = chance.one_of(&["Sample Wire", "Example Gazette", "Placeholder Post"]);
        let mut record =
            json!({"id": format!("a{article}"), "source": source, "lang": "en", "text": text.join("\n\n")});
        if article % 9 == 0 {
            record.as_object_mut().expect("an object").remove("source");
        }
        if !date.is_null() {
            record["date"] = date;
        }
        if let Some(topics) = given(&format!("a{article}")) {
            record["topics"] = json!([topics]);
        }
        lines.push_str(&format!("{record}\n"));
    }
    World::indexed(&[("all.jsonl", &lines)])
}

/// The code that the source gave an article itself.
fn given(record: &str) -> Option<&'static str> {
    let number: usize = record[1..].parse().expect("a number");
    ["grain", "oil"].get(number % 3).copied()
}

/// Every paragraph that matches.
fn hits(world: &World, query: &[&str]) -> Vec<Value> {
    let done = world.ask(&[query, &["--all-copies", "--limit", "100000", "--format", "jsonl"]].concat());
    assert!(done.code < 2, "{}", done.err);
    done.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The values of a hit in a facet, with all above them.
fn values(hit: &Value, field: &str) -> BTreeSet<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = |value: &Value| value.as_array().expect("a list").iter().filter_map(text).collect::<Vec<_>>();
    let article = &hit["article"];
    let paths = match field {
        "actor" => list(&hit["actors"]),
        "topic" => list(&hit["topics"]),
        "source" => text(&article["source"]).map(|source| format!("/{source}")).into_iter().collect(),
        "lang" => vec![format!("/{}", article["lang"].as_str().expect("a language"))],
        "given" => {
            let given = given(article["record"].as_str().expect("a record"));
            given.map(|given| format!("/topics/{given}")).into_iter().collect()
        }
        _ => vec![format!("/{}", article["date"].as_str().unwrap_or("undated").replace('-', "/"))],
    };
    let above = |path: &String| {
        let ends = path.match_indices('/').map(|(at, _)| at).skip(1).chain([path.len()]);
        ends.map(|end| path[..end].to_owned()).collect::<Vec<_>>()
    };
    paths.iter().flat_map(above).collect()
}

/// Paragraphs, groups and articles.
#[derive(Default)]
struct Tally {
    paragraphs: u64,
    groups: BTreeSet<String>,
    articles: BTreeSet<String>,
}

impl Tally {
    fn take(&mut self, hit: &Value) {
        self.paragraphs += 1;
        self.articles.insert(hit["article"]["id"].to_string());
        self.groups.extend(group(hit));
    }

    fn counts(&self) -> [u64; 3] {
        [self.paragraphs, self.groups.len() as u64, self.articles.len() as u64]
    }
}

/// The group of a hit, if it is one.
fn group(hit: &Value) -> Option<String> {
    let duplicates = &hit["duplicates"];
    (duplicates["boilerplate"] == false).then(|| duplicates["group"].to_string())
}

fn counts(value: &Value) -> [u64; 3] {
    ["paragraphs", "groups", "articles"].map(|unit| value[unit].as_u64().expect("a count"))
}

/// The period of a hit, or why it has none.
fn period(hit: &Value, by: &str) -> String {
    let Some(date) = hit["article"]["date"].as_str() else { return "undated".to_owned() };
    match (by, date.len()) {
        ("year", _) => date[..4].to_owned(),
        (_, 4) => "year only".to_owned(),
        ("month", _) => date[..7].to_owned(),
        (_, 7) => "month only".to_owned(),
        ("day", _) => date.to_owned(),
        _ => iso_week(date),
    }
}

/// The week of a day, by the definition: the one whose Thursday lies in the year.
fn iso_week(date: &str) -> String {
    let [year, month, day] = [&date[..4], &date[5..7], &date[8..]].map(|part| part.parse::<i64>().expect("a number"));
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = |year| [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = |year: i64| 365 * (year - 1) + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
    let ordinal = lengths(year)[..month as usize - 1].iter().sum::<i64>() + day;
    // The first day of the year 1 was a Monday.
    let weekday = (before(year) + ordinal - 1) % 7;
    let thursday = ordinal - weekday + 3;
    let length = |year| lengths(year).iter().sum::<i64>();
    let (year, thursday) = match thursday {
        early if early < 1 => (year - 1, early + length(year - 1)),
        late if late > length(year) => (year + 1, late - length(year)),
        within => (year, within),
    };
    format!("{year:04}-W{:02}", (thursday + 6) / 7)
}

/// Each period and what is apart, counted one hit after the other; of hits for which `is_part` holds, whose groups count
/// where the oldest of all their matching members does.
fn counted(hits: &[Value], by: &str, is_part: impl Fn(&Value) -> bool) -> BTreeMap<String, [u64; 3]> {
    let date = |hit: &Value| hit["article"]["date"].as_str().unwrap_or("undated").to_owned();
    let mut oldest: BTreeMap<String, &Value> = BTreeMap::new();
    for hit in hits {
        let Some(group) = group(hit) else { continue };
        let known = oldest.entry(group).or_insert(hit);
        if date(hit) < date(known) {
            *known = hit;
        }
    }
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for hit in hits.iter().filter(|hit| is_part(hit)) {
        let tally = tallies.entry(period(hit, by)).or_default();
        tally.paragraphs += 1;
        tally.articles.insert(hit["article"]["id"].to_string());
        if let Some(group) = group(hit) {
            tallies.entry(period(oldest[&group], by)).or_default().groups.insert(group);
        }
    }
    tallies.into_iter().map(|(period, tally)| (period, tally.counts())).collect()
}

/// The rows of an answer that are not empty.
fn told(answer: &Value, counts_of: impl Fn(&Value) -> Value) -> BTreeMap<String, [u64; 3]> {
    let rows = ["periods", "apart"].map(|name| answer[name].as_array().expect("rows"));
    let rows = rows.into_iter().flatten().map(|row| {
        let period = row["period"].as_str().expect("a period").to_owned();
        (period, counts(&counts_of(row)))
    });
    rows.filter(|(_, counts)| *counts != [0; 3]).collect()
}

#[test]
fn periods_are_counted_one_by_one() {
    let world = world();
    for (query, by) in [
        (&[][..], "year"),
        (&[], "month"),
        (&[], "week"),
        (&["--since", "2019"], "day"),
        (&["russia"], "month"),
        (&["ukraine OR grain", "--source", "wire"], "week"),
        (&["read more"], "month"),
        (&["russia", "--until", "2020"], "year"),
    ] {
        let answer = world.json(&[&["timeline", "--by", by], query].concat());
        let hits = hits(&world, if query.is_empty() { &[ALL] } else { query });
        assert!(!hits.is_empty(), "{query:?}");
        let whole = told(&answer, Value::clone);
        assert_eq!(whole, counted(&hits, by, |_| true), "{query:?} {by}");
        let sum = whole.values().fold([0; 3], |sum, counts| std::array::from_fn(|unit| sum[unit] + counts[unit]));
        assert_eq!(sum, counts(&answer["total"]), "{query:?} {by}");
        // Every period from the first to the last stands there once.
        let periods = answer["periods"].as_array().expect("periods");
        let names: Vec<&str> = periods.iter().filter_map(|row| row["period"].as_str()).collect();
        assert!(names.is_sorted() && names.iter().collect::<BTreeSet<_>>().len() == names.len());
        assert!([&periods[0], &periods[periods.len() - 1]].iter().all(|end| end["paragraphs"] != 0));
        let number = |name: &str| match by {
            "year" => name.parse::<i64>().expect("a year"),
            "month" => 12 * name[..4].parse::<i64>().expect("a year") + name[5..].parse::<i64>().expect("a month"),
            _ => 0,
        };
        if ["year", "month"].contains(&by) {
            assert!(names.windows(2).all(|pair| number(pair[1]) == number(pair[0]) + 1), "{names:?}");
        }
    }
    let boilerplate = hits(&world, &["read more"]);
    assert!(boilerplate.iter().all(|hit| group(hit).is_none()), "it is no group and yet counted");
    assert_eq!(["2021-01-03", "2022-02-28", "2024-12-30"].map(iso_week), ["2020-W53", "2022-W09", "2025-W01"]);
}

#[test]
fn splits_are_counted_one_by_one() {
    let world = world();
    for (query, by, field, top) in [
        (&["russia OR ukraine OR bridge"][..], "month", "actor", 3),
        (&[], "year", "actor", 8),
        (&[], "year", "topic", 2),
        (&["russia"], "week", "source", 2),
        (&[], "month", "source", 5),
        (&[], "year", "lang", 5),
        (&[], "month", "given", 5),
        (&[], "year", "given", 1),
    ] {
        let top_text = top.to_string();
        let asked = ["timeline", "--by", by, "--split", field, "--top", &top_text];
        let answer = world.json(&[&asked, query].concat());
        let hits = hits(&world, if query.is_empty() { &[ALL] } else { query });
        let shown: Vec<&Value> = answer["split"]["values"].as_array().expect("values").iter().collect();
        let paths: Vec<&str> = shown.iter().filter_map(|value| value["path"].as_str()).collect();
        // The most frequent values of a facet count, without those below them and without the kinds of given codes.
        let depth = if field == "given" { 2 } else { 1 };
        let facets = world.json(&[&["facets", "--by", field], query].concat());
        let facets = facets["facets"][field].as_array().expect("values").clone();
        let is_value = |path: &&str| path.matches('/').count() == depth;
        let frequent: Vec<&str> =
            facets.iter().filter_map(|value| value["path"].as_str()).filter(is_value).take(top).collect();
        assert_eq!(paths.iter().filter(|path| **path != "other").copied().collect::<Vec<_>>(), frequent, "{field}");
        for (place, path) in paths.iter().enumerate() {
            let is_part = |hit: &Value| {
                let values = values(hit, field);
                if *path == "other" {
                    frequent.iter().all(|path| !values.contains(*path))
                } else {
                    values.contains(*path)
                }
            };
            let expected = counted(&hits, by, is_part);
            assert_eq!(told(&answer, |row| row["parts"][place].clone()), expected, "{query:?} {by} {path}");
            if let Some(facet) = facets.iter().find(|value| value["path"] == *path) {
                assert_eq!(counts(facet), counts(shown[place]), "{path}");
            }
        }
        assert_eq!(told(&answer, Value::clone), counted(&hits, by, |_| true));
    }
}

#[test]
fn shares_are_those_of_all_paragraphs() {
    let world = world();
    for by in ["year", "month", "week"] {
        let answer = world.json(&["timeline", "--by", by, "--share", "russia"]);
        let all = counted(&hits(&world, &[ALL]), by, |_| true);
        for row in answer["periods"].as_array().expect("periods") {
            let of = all.get(row["period"].as_str().expect("a period")).map_or(0, |counts| counts[0]);
            assert_eq!(row["of"], of, "{row}");
            match of {
                0 => assert_eq!(row["share"], Value::Null),
                _ => {
                    let share = 100.0 * counts(row)[0] as f64 / of as f64;
                    assert!(row["share"].as_f64().is_some_and(|told| (told - share).abs() <= 0.5e-4), "{row}");
                }
            }
        }
        assert!(answer["apart"].as_array().is_some_and(|apart| apart.iter().all(|row| row.get("of").is_none())));
    }
}

#[test]
fn timelines_are_printed() {
    let world = world();
    for format in ["terminal", "json", "jsonl", "csv", "tsv", "md"] {
        for more in [&[][..], &["--share"], &["--split", "actor"], &["--split", "topic", "--share", "--width", "60"]] {
            let done = world.ask(&[&["timeline", "--by", "month", "--format", format], more].concat());
            assert_eq!(done.code, 0, "{}", done.err);
            assert!(done.text().ends_with('\n') && !done.text().contains('\x1b'), "{}", done.text());
        }
    }
    let done = world.ask(&["timeline", "--by", "month", "--format", "csv", "--split", "source"]);
    let mut reader = csv::Reader::from_reader(done.text().as_bytes());
    let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
    let answer = world.json(&["timeline", "--by", "month", "--split", "source"]);
    let periods =
        answer["periods"].as_array().expect("periods").len() + answer["apart"].as_array().expect("rows").len();
    assert_eq!(rows.len(), periods * (1 + answer["split"]["values"].as_array().expect("values").len()));
    let done = world.ask(&["timeline", "--by", "month"]);
    let apart = "in no month: ";
    assert!(done.text().lines().any(|line| line.starts_with(apart) && line.contains(" dated to the year only, ")));

    for (arguments, code) in [
        (&["--by", "year", "nowhere"][..], 1),
        (&["--by", "week", "date:undated"], 0),
        (&["--by", "decade"], 2),
        (&["russia"], 2),
        (&["--by", "year", "--top", "3"], 2),
        (&["--by", "year", "--split", "actor", "--top", "9"], 2),
        (&["--by", "year", "--split", "date"], 2),
        (&["--by", "year", "\"russia"], 2),
    ] {
        let done = world.ask(&[&["timeline"], arguments].concat());
        assert_eq!(done.code, code, "{arguments:?}: {}{}", done.text(), done.err);
    }
    let done = world.ask(&["timeline", "--by", "day"]);
    assert_eq!(done.code, 2);
    let message = "from 1990-05-17 to ";
    assert!(done.err.contains(message) && done.err.contains("ask with --by week, or narrow"), "{}", done.err);
}

#[test]
fn figures_replace_what_stood_there() {
    let world = world();
    let path = world.home().join("figures");
    std::fs::create_dir(&path).expect("a folder");
    let file = path.join("f.svg");
    let name = file.to_str().expect("a name in UTF-8");
    std::fs::write(&file, "an older one").expect("a file");
    let asked = ["timeline", "--by", "year", "--split", "actor", "--svg", name, "russia OR \"<script>\""];
    let done = world.ask(&asked);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.text().starts_with("year  "), "the answer is printed besides");
    let first = std::fs::read_to_string(&file).expect("a figure");
    assert!(first.starts_with("<svg ") && first.ends_with("</svg>\n") && !first.contains("<script"), "{first}");
    assert_eq!(world.ask(&asked).code, 0);
    assert_eq!(std::fs::read_to_string(&file).expect("a figure"), first, "the same question draws the same figure");
    assert_eq!(std::fs::read_dir(&path).expect("a folder").count(), 1, "nothing else is left");

    let nowhere = world.home().join("nowhere").join("f.svg");
    let done = world.ask(&["timeline", "--by", "year", "--svg", nowhere.to_str().expect("a name in UTF-8")]);
    assert!(done.code == 2 && done.out.is_empty() && done.err.contains("writing "), "{}", done.err);
    let done = world.ask(&["timeline", "--by", "day", "--svg", name]);
    assert_eq!(
        (done.code, std::fs::read_to_string(&file).expect("a figure")),
        (2, first),
        "what is refused draws nothing"
    );
}

#[test]
fn cross_tables_are_counted_one_by_one() {
    let world = world();
    for (query, by, and) in [
        (&[][..], "actor", "topic"),
        (&["russia"], "topic", "source"),
        (&[], "date", "given"),
        (&["ukraine OR read"], "lang", "actor"),
        (&[], "actor", "actor"),
        (&["russia", "--since", "2020"], "actor", "actor"),
        (&[], "topic", "topic"),
    ] {
        let mut tallies: BTreeMap<(String, String), Tally> = BTreeMap::new();
        for hit in hits(&world, if query.is_empty() { &[ALL] } else { query }) {
            for row in values(&hit, by) {
                for column in values(&hit, and) {
                    let is_above = column.starts_with(&format!("{row}/")) || row.starts_with(&format!("{column}/"));
                    if by != and || (row < column && !is_above) {
                        tallies.entry((row.clone(), column)).or_default().take(&hit);
                    }
                }
            }
        }
        let expected: BTreeMap<_, _> = tallies.into_iter().map(|(pair, tally)| (pair, tally.counts())).collect();
        assert!(!expected.is_empty(), "{query:?}");
        let asked = [&["facets", "--by", by, "--and", and], query].concat();
        let answer = world.json(&asked);
        let cells = answer["cells"].as_array().expect("cells");
        let path = |cell: &Value, name: &str| cell[name].as_str().expect("a path").to_owned();
        let found: BTreeMap<_, _> =
            cells.iter().map(|cell| ((path(cell, "row"), path(cell, "column")), counts(cell))).collect();
        assert_eq!(found, expected, "{query:?} {by} {and}");
        assert_eq!(found.len(), cells.len(), "each cell stands once");
        let facets = world.json(&[&["facets", "--by", by], query].concat());
        assert_eq!(answer["rows"], facets["facets"][by]);

        let done = world.ask(&[&asked[..], &["--format", "csv"]].concat());
        let mut reader = csv::Reader::from_reader(done.text().as_bytes());
        let number = |text: &str| text.parse::<u64>().expect("a number");
        let rows = reader.records().map(|row| {
            let row = row.expect("a row");
            ((row[0].to_owned(), row[1].to_owned()), [number(&row[3]), number(&row[2]), number(&row[4])])
        });
        assert_eq!(rows.collect::<BTreeMap<_, _>>(), expected, "{query:?} {by} {and}");
    }
}

#[test]
fn cross_tables_are_printed() {
    let world = world();
    for format in ["terminal", "json", "jsonl", "csv", "tsv", "md"] {
        for arguments in
            [&["--and", "topic"][..], &["--and", "actor"], &["--and", "date", "--top", "2", "--width", "60"]]
        {
            let done = world.ask(&[&["facets", "--by", "actor", "--format", format], arguments].concat());
            assert_eq!(done.code, 0, "{}", done.err);
            assert!(done.text().ends_with('\n') && !done.text().contains('\x1b'), "{}", done.text());
        }
    }
    for (arguments, code) in [
        (&["--by", "actor", "--and", "topic", "nowhere"][..], 1),
        (&["--by", "source", "--and", "source"], 1),
        (&["--by", "actor,topic", "--and", "topic"], 2),
        (&["--by", "actor", "--and", "colour"], 2),
        (&["--by", "actor", "--top", "3"], 2),
        (&["--by", "source", "--and", "topic", "--copies-of", "wire"], 2),
    ] {
        let done = world.ask(&[&["facets"], arguments].concat());
        assert_eq!(done.code, code, "{arguments:?}: {}{}", done.text(), done.err);
    }
}
