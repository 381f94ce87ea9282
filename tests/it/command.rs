//! The two programs at their command lines: exit codes, options, formats, messages.

use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::world::{Done, World, hits, marked, refs, run};

/// Five articles: one is copied by another outlet, one is French, one has no date, one is about something else.
const WIRE: &str = r#"{"id":"a","title":"Bank freezes assets","source":"Sample Wire","author":"Ann Example","date":"2022-03-10","url":"https://wire.example.org/a","lang":"en","text":"The bank has frozen the assets of Russia.\n\nUkraine asks for more weapons.\n\nThe frozen money stays where it is."}
{"id":"b","title":"Reserves blocked","source":"Example Gazette","date":"2022-03-11","lang":"en","text":"MOSCOW, March 11 (Sample Wire) - The bank has frozen the assets of Russia.\n\nNothing else is known."}
{"id":"c","title":"Avoirs gelés","source":"Le Journal exemple","date":"2023-05","lang":"fr","text":"Les avoirs gelés de la Russie restent bloqués en Belgique."}
{"id":"d","title":"Undated note","source":"Example Gazette","lang":"en","text":"An asset may be frozen by law."}
{"id":"e","title":"Grain","source":"Placeholder Post","date":"2024-01-02","lang":"en","topics":["cocoa","grain"],"text":"Ships carry grain from Odesa."}
"#;

fn world() -> World {
    World::indexed(&[("wire.jsonl", WIRE)])
}

#[track_caller]
fn assert_code(done: &Done, code: i32) {
    assert_eq!(done.code, code, "{}{}", done.text(), done.err);
}

#[test]
fn exit_codes_of_the_query_program() {
    let world = world();
    for (arguments, code) in [
        (&["frozen"][..], 0),
        (&["nowhere-to-be-found"], 1),
        (&["frozen", "--count"], 0),
        (&["nowhere", "--count"], 1),
        (&["nowhere", "--format", "json"], 1),
        (&["frozen", "--limit", "0"], 0),
        (&["frozen", "--offset", "99"], 0),
        (&["facets", "--by", "lang"], 0),
        (&["facets", "nowhere", "--by", "lang"], 1),
        (&["info"], 0),
        (&["completions", "bash"], 0),
        (&["--help"], 0),
        (&["--version"], 0),
        (&["help"], 0),
        (&["\"frozen"], 2),
        (&[""], 2),
        (&["search"], 2),
        (&["show", "nothing"], 2),
        (&["show"], 2),
        (&["facets"], 2),
        (&["facets", "--by", "colour"], 2),
        (&["frozen", "--facets", "colour"], 2),
        (&["frozen", "--format", "xml"], 2),
        (&["frozen", "--limit", "many"], 2),
        (&["frozen", "--limit", "-1"], 2),
        (&["frozen", "--sort", "colour"], 2),
        (&["frozen", "--since", "yesterday"], 2),
        (&["frozen", "--lang", "english!"], 2),
        (&["frozen", "--bogus"], 2),
        (&["completions", "edlin"], 2),
    ] {
        let done = world.ask(arguments);
        assert_eq!(done.code, code, "{arguments:?}: {}{}", done.text(), done.err);
        if code == 2 {
            assert!(done.out.is_empty(), "{arguments:?}: {}", done.text());
            assert!(!done.err.is_empty() && !done.err.contains("panicked"), "{arguments:?}: {}", done.err);
        }
    }
}

#[test]
fn exit_codes_of_the_indexer() {
    let world = World::of(&[("a.txt", "A headline\n\nA text about frozen assets.")]);
    let done = world.index(&[]);
    assert_code(&done, 0);
    assert!(done.text().contains("; holds 1 articles, 2 paragraphs, 2 groups; skipped 0;"), "{}", done.text());

    world.write("b.json", b"{\"text\": ");
    let done = world.index(&[]);
    assert_code(&done, 1);
    assert!(done.err.starts_with("nutgraf-index: skipped b.json"), "{}", done.err);
    assert!(done.text().contains("skipped 1;"), "{}", done.text());

    let before = world.ask(&["frozen", "--format", "json"]).out;
    for arguments in [&["nowhere"][..], &["--bogus"], &["--threads", "0"], &["--memory", "1"], &["--map", "colour=red"]]
    {
        let done = world.index(arguments);
        assert_eq!(done.code, 2, "{arguments:?}: {}{}", done.text(), done.err);
        assert!(done.out.is_empty() && !done.err.is_empty());
    }
    assert_eq!(world.ask(&["frozen", "--format", "json"]).out, before, "a run that fails leaves the index as it was");
    assert_code(&world.index(&["--help"]), 0);
    assert_code(&world.index(&["--version"]), 0);
}

#[test]
fn a_query_is_a_search() {
    let world = world();
    for arguments in [
        &["frozen", "assets"][..],
        &["frozen assets"],
        &["\"frozen assets\""],
        &["--limit", "1", "frozen"],
        &["frozen", "--limit", "1"],
        &["-n", "1", "frozen", "assets"],
        &["--format", "json", "frozen"],
        &["--count", "frozen"],
        &["--", "frozen"],
        &["frozen", "search"],
    ] {
        let (short, long) = (world.ask(arguments), world.ask(&[&["search"], arguments].concat()));
        assert_eq!((short.code, short.text(), &short.err), (long.code, long.text(), &long.err), "{arguments:?}");
    }
    assert_eq!(world.json(&["frozen", "assets"])["query"]["text"], "frozen assets");
    assert_eq!(world.json(&["frozen", "assets"])["query"]["read_as"], "(frozen AND assets)");
    assert_eq!(world.json(&["search", "info"])["query"]["read_as"], "info", "a word that is also a command");
    let (before, after) =
        (world.ask(&["--sort", "-date", "-n", "2", "frozen"]), world.ask(&["frozen", "-n", "2", "--sort=-date"]));
    assert_eq!(before.text(), after.text());
    assert_eq!(world.ask(&["--format", "csv", "info"]).text(), world.ask(&["info", "--format", "csv"]).text());
}

#[test]
fn where_the_index_is() {
    let world = world();
    let elsewhere = world.home().join("elsewhere");
    std::fs::create_dir(&elsewhere).expect("a folder");
    let index = world.home().join("index");
    let asked = |set_up: &dyn Fn(&mut std::process::Command)| {
        let mut command = world.nutgraf();
        set_up(command.args(["frozen", "--count"]));
        run(&mut command).code
    };
    assert_eq!(asked(&|_| {}), 0, "./index");
    assert_eq!(asked(&|command| _ = command.current_dir(&elsewhere)), 2);
    assert_eq!(asked(&|command| _ = command.current_dir(&elsewhere).env("NUTGRAF_INDEX", &index)), 0);
    assert_eq!(asked(&|command| _ = command.current_dir(&elsewhere).arg("--index").arg(&index)), 0);
    assert_eq!(asked(&|command| _ = command.env("NUTGRAF_INDEX", &index).arg("--index").arg(&elsewhere)), 2);
    assert_eq!(asked(&|command| _ = command.env("NUTGRAF_INDEX", &elsewhere).arg("--index").arg(&index)), 0);

    let made = world.home().join("made");
    assert_code(&run(world.indexer().env("NUTGRAF_INDEX", &made)), 0);
    assert!(made.join("current").exists());
}

#[test]
fn without_an_index_it_says_what_to_do() {
    let world = World::of(&[]);
    for arguments in [&["frozen"][..], &["info"], &["show", "k3v9q2mt7x0a"], &["facets", "--by", "lang"], &["-"]] {
        let done = world.ask(arguments);
        assert_code(&done, 2);
        assert_eq!(
            done.err,
            "nutgraf: index: there is no index here; make one with nutgraf-index, or name another with --index\n"
        );
    }
    assert!(!world.home().join("index").exists(), "asking makes no folder");
    assert_code(&world.ask(&["completions", "zsh"]), 0);
}

#[test]
fn each_format_can_be_read_back() {
    let world = world();
    let query = ["frozen", "OR", "grain", "--all-copies"];
    let ask = |format: &str| {
        let done = world.ask(&[&query[..], &["--format", format]].concat());
        assert_code(&done, 0);
        done
    };
    let json: Value = serde_json::from_slice(&ask("json").out).expect("JSON");
    let lines = ask("jsonl");
    let lines: Vec<Value> = lines.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(hits(&json), lines);
    assert_eq!(lines.len(), 6);
    for (format, delimiter) in [("csv", b','), ("tsv", b'\t')] {
        let done = ask(format);
        let mut rows = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(&done.out[..]);
        let columns: Vec<String> = rows.headers().expect("a header row").iter().map(str::to_owned).collect();
        let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), lines.len());
        for (row, hit) in rows.iter().zip(&lines) {
            let cell = |name: &str| &row[columns.iter().position(|column| column == name).expect("a column")];
            assert_eq!(cell("ref"), hit["ref"]);
            assert_eq!(cell("text"), hit["text"]);
            assert_eq!(cell("source"), hit["article"]["source"]);
            assert_eq!(cell("date"), hit["article"]["date"].as_str().unwrap_or_default());
            assert_eq!(cell("score").parse::<f64>().ok(), hit["score"].as_f64());
        }
    }
    let (terminal, markdown) = (ask("terminal"), ask("md"));
    for hit in &lines {
        let reference = hit["ref"].as_str().expect("a ref");
        assert!(terminal.text().contains(reference) && markdown.text().contains(reference), "{reference}");
    }
    assert!(markdown.text().contains("**frozen**"), "{}", markdown.text());
    assert!(
        terminal.text().ends_with("6 paragraphs in 5 groups, 4 articles, 3 sources; shown: paragraphs 1–6 of 6\n"),
        "{}",
        terminal.text()
    );
}

#[test]
fn other_answers_can_be_read_back_too() {
    let world = world();
    let article = world.json(&["frozen"])["hits"][0]["article"]["id"].as_str().expect("an id").to_owned();
    let reference = format!("{article}#1");
    for arguments in [
        &["frozen", "--count"][..],
        &["info"],
        &["show", &article],
        &["show", &reference],
        &["facets", "frozen", "--by", "actor,topic,date,source,lang,given"],
        &["facets", "--by", "source"],
        &["codebook", "explain", &reference],
    ] {
        for format in ["terminal", "json", "jsonl", "csv", "tsv", "md"] {
            let done = world.ask(&[arguments, &["--format", format]].concat());
            assert_code(&done, 0);
            let text = done.text();
            assert!(text.ends_with('\n') && !text.contains('\x1b'), "{arguments:?} {format}: {text}");
            let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
            match format {
                "json" => drop(read(text)),
                "jsonl" => text.lines().for_each(|line| drop(read(line))),
                "csv" | "tsv" => {
                    let delimiter = if format == "csv" { b',' } else { b'\t' };
                    let mut rows = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
                    let rows = rows.records().collect::<Result<Vec<_>, _>>().expect("rows as long as the header").len();
                    assert!(rows > 0, "{arguments:?} {format}: {text}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn json_is_what_the_schema_says() {
    let world = world();
    let schema = include_str!("../../docs/answer.schema.json");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let answer = jsonschema::validator_for(&schema).expect("a schema");
    let mut of_hit = schema.clone();
    let defs = of_hit["$defs"].take();
    let mut of_hit = defs["hit"].clone();
    of_hit["$defs"] = defs;
    let hit = jsonschema::validator_for(&of_hit).expect("a schema");
    for arguments in [
        &["frozen"][..],
        &["nowhere"],
        &["frozen", "--all-copies", "--context", "2"],
        &["frozen", "--facets", "actor,topic,date,source,lang,given"],
        &["nowhere", "--facets", "actor"],
        &["grain", "--facets", "given", "--sort", "date"],
        &["frozen", "--limit", "0"],
        &["date:undated"],
        &["date:2023"],
    ] {
        let json = world.json(arguments);
        let errors: Vec<String> = answer.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{arguments:?}: {errors:?}");
        let lines = world.ask(&[&arguments[..1], &["--format", "jsonl"]].concat());
        for line in lines.text().lines() {
            assert!(hit.is_valid(&serde_json::from_str(line).expect("JSON")), "{line}");
        }
    }
    let lines = world.batch(&["--facets", "lang"], b"frozen\nnowhere\ngrain OR assets\n");
    assert_eq!(lines.text().lines().count(), 3);
    for line in lines.text().lines() {
        assert!(answer.is_valid(&serde_json::from_str(line).expect("JSON")), "{line}");
    }
}

#[test]
fn pages_and_orders() {
    let world = world();
    let all = world.json(&["frozen", "--all-copies", "--limit", "100"]);
    let all = refs(&all);
    assert_eq!(all.len(), 4);
    for size in 1..=3_usize {
        let mut pages = Vec::new();
        for offset in (0..all.len() + 1).step_by(size) {
            let page =
                world.json(&["frozen", "--all-copies", "-n", &size.to_string(), "--offset", &offset.to_string()]);
            for (rank, hit) in (offset as u64 + 1..).zip(hits(&page)) {
                assert_eq!(hit["rank"], rank);
            }
            pages.extend(refs(&page).into_iter().map(str::to_owned));
        }
        assert_eq!(pages, all);
    }
    let dates = |sort: &str| {
        let answer = world.json(&["frozen", "OR", "gelés", "--sort", sort]);
        let date = |hit: &Value| hit["article"]["date"].as_str().unwrap_or("undated").to_owned();
        hits(&answer).iter().map(date).collect::<Vec<String>>()
    };
    assert_eq!(dates("date"), ["2022-03-10", "2022-03-10", "2023-05", "2023-05", "undated"]);
    assert_eq!(dates("-date"), ["2023-05", "2023-05", "2022-03-10", "2022-03-10", "undated"]);
    let scores: Vec<f64> =
        hits(&world.json(&["frozen"])).iter().map(|hit| hit["score"].as_f64().expect("a score")).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
}

#[test]
fn copies_are_shown_once_or_all() {
    let world = world();
    let answer = world.json(&["\"the bank has frozen\""]);
    let total = serde_json::json!({"paragraphs": 2, "groups": 1, "articles": 2, "sources": 2, "boilerplate": 0});
    assert_eq!(answer["total"], total);
    let [hit] = hits(&answer) else { panic!("one hit") };
    assert_eq!(hit["article"]["date"], "2022-03-10", "the oldest member is shown");
    assert_eq!(hit["duplicates"]["copies"], 2);
    assert_eq!(hit["duplicates"]["others"][0]["source"], "Example Gazette");
    let all = world.json(&["\"the bank has frozen\"", "--all-copies"]);
    assert_eq!(hits(&all).len(), 2);
    assert_eq!(all["total"], answer["total"]);
    let group = hit["duplicates"]["group"].as_str().expect("a group");
    assert_eq!(refs(&world.json(&[&format!("group:{group}"), "--all-copies"])).len(), 2);
}

#[test]
fn flags_are_the_fields_of_the_query() {
    let world = world();
    for (flags, field) in [
        (&["--actor", "russia"][..], "actor:russia"),
        (&["--topic", "/economy/sanctions"], "topic:/economy/sanctions"),
        (&["--source", "gazette"], "source:gazette"),
        (&["--source", "example gazette"], "source:\"example gazette\""),
        (&["--lang", "fr"], "lang:fr"),
        (&["--since", "2022-03-11"], "date:>=2022-03-11"),
        (&["--until", "2022"], "date:<=2022"),
        (&["--since", "2022-03-10", "--until", "2022-03-10"], "date:2022-03-10"),
        (&["--actor", "russia", "--source", "sample wire"], "actor:russia source:\"sample wire\""),
    ] {
        let by_flag = world.json(&[&["--all-copies", "frozen OR grain OR gelés"][..], flags].concat());
        let by_field = world.json(&["--all-copies", &format!("(frozen OR grain OR gelés) {field}")]);
        assert_eq!(by_flag["hits"], by_field["hits"], "{flags:?}");
        assert_eq!(by_flag["total"], by_field["total"], "{flags:?}");
        assert!(!hits(&by_flag).is_empty(), "{flags:?}");
        // Without words the flags are the question.
        let flags_alone = world.json(&[&["--all-copies"][..], flags].concat());
        assert_eq!(flags_alone["hits"], world.json(&["--all-copies", field])["hits"], "{flags:?}");
    }
    assert_eq!(world.json(&["frozen", "grain"])["total"]["paragraphs"], 0);
    assert_eq!(world.json(&["frozen", "grain", "--any"])["hits"], world.json(&["frozen OR grain"])["hits"]);
}

#[test]
fn facets_count_what_matches() {
    let world = world();
    let answer = world.json(&["frozen", "--facets", "lang,source,date,actor"]);
    let named: Vec<&String> = answer["facets"].as_object().expect("facets").keys().collect();
    assert_eq!(named, ["lang", "source", "date", "actor"], "in the order asked");
    assert_eq!(
        answer["facets"]["lang"],
        serde_json::json!([{"path": "/en", "groups": 3, "paragraphs": 4, "articles": 3}])
    );
    let dates = answer["facets"]["date"].as_array().expect("dates");
    for path in ["/2022", "/2022/03", "/2022/03/10", "/2022/03/11", "/undated"] {
        assert!(dates.iter().any(|date| date["path"] == path), "{path}");
    }
    let russia = &answer["facets"]["actor"][0];
    assert_eq!((&russia["path"], &russia["groups"], &russia["paragraphs"]), (&"/russia".into(), &1.into(), &2.into()));
    assert_eq!(world.json(&["facets", "frozen", "--by", "lang,source,date,actor"])["facets"], answer["facets"]);
    let given = world.json(&["facets", "--by", "given"]);
    assert_eq!(given["facets"]["given"][1]["path"], "/topics/cocoa");
    assert_eq!(world.json(&["given:cocoa"])["total"]["articles"], 1);
}

#[test]
fn context_is_the_article_around() {
    let world = world();
    let answer = world.json(&["weapons", "--context", "1"]);
    let context = &answer["hits"][0]["context"];
    assert_eq!(context["before"][0]["text"], "The bank has frozen the assets of Russia.");
    assert_eq!(context["after"][0]["text"], "The frozen money stays where it is.");
    let wide = world.json(&["weapons", "-C", "9"]);
    assert_eq!(wide["hits"][0]["context"]["before"][0]["text"], "Bank freezes assets");
    assert_eq!(wide["hits"][0]["context"]["before"].as_array().map(Vec::len), Some(2));
    assert_eq!(world.ask(&["weapons", "-C", "4294967295"]).code, 0);
    assert!(world.ask(&["weapons", "-C", "1"]).text().contains("The frozen money stays where it is."));
}

#[test]
fn count_says_how_much() {
    let world = world();
    assert_eq!(world.ask(&["frozen", "--count"]).text(), "4 paragraphs in 3 groups, 3 articles, 2 sources\n");
    assert_eq!(
        world.ask(&["frozen", "--count", "--format", "csv"]).text(),
        "query,paragraphs,groups,articles,sources,boilerplate\nfrozen,4,3,3,2,0\n"
    );
    let json = world.json(&["frozen", "--count"]);
    assert_eq!(json["total"]["paragraphs"], 4);
    assert!(json.get("hits").is_none());
}

#[test]
fn queries_from_standard_input() {
    let world = world();
    let done = world.batch(&["-n", "1"], b"frozen\n\n  \"frozen\r\nnowhere\n\xff\xfe\ngrain");
    assert_code(&done, 2);
    let lines: Vec<Value> = done.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["hits"].as_array().map(Vec::len), Some(1));
    assert!(lines[1]["error"].as_str().is_some_and(|error| error.contains("never closed")), "{}", lines[1]);
    assert_eq!(lines[2]["total"]["paragraphs"], 0);
    assert!(lines[3]["error"].is_string(), "{}", lines[3]);
    assert_eq!(lines[4]["hits"][0]["text"], "Grain");
    assert_eq!(world.batch(&[], b"frozen\nnowhere\n").code, 0);
    assert_eq!(world.batch(&[], b"nowhere\n").code, 1);
    assert_eq!(world.batch(&[], b"").code, 1);
}

#[test]
fn colours_are_for_terminals() {
    let world = world();
    let asked = |arguments: &[&str], no_color: Option<&str>| {
        let mut command = world.nutgraf();
        command.arg("frozen").args(arguments);
        if let Some(value) = no_color {
            command.env("NO_COLOR", value);
        }
        run(&mut command).text().contains('\x1b')
    };
    assert!(!asked(&[], None), "plain into a pipe");
    assert!(!asked(&["--color", "never"], None));
    assert!(!asked(&["--color", "auto"], Some("1")));
    assert!(asked(&["--color", "always"], None));
    assert!(asked(&["--color", "always"], Some("1")), "what is asked for wins over NO_COLOR");
    let done = world.ask(&["frozen", "--color", "always", "-n", "1"]);
    assert!(done.text().contains("\x1b[1;33mfrozen\x1b[0m"), "{:?}", done.text());
}

#[test]
fn lines_fit_the_width() {
    let world = world();
    for width in [20, 40, 60] {
        let done = world.ask(&["frozen", "OR", "gelés", "--width", &width.to_string()]);
        for line in done.text().lines() {
            // A ref or an address has no place to break.
            assert!(line.chars().count() <= width || !line.trim().contains(' '), "{width}: {line}");
        }
    }
}

#[test]
fn articles_and_paragraphs_are_shown() {
    let world = world();
    let answer = world.json(&["weapons"]);
    let reference = answer["hits"][0]["ref"].as_str().expect("a ref");
    let article = answer["hits"][0]["article"]["id"].as_str().expect("an id");
    let whole = world.ask(&["show", article]);
    assert_code(&whole, 0);
    for text in
        ["Bank freezes assets", "Ann Example", "https://wire.example.org/a", "2022-03-10", "The frozen money stays"]
    {
        assert!(whole.text().contains(text), "{text}: {}", whole.text());
    }
    assert_eq!(world.ask(&["show", &article[..8]]).text(), whole.text(), "the beginning of an id is enough");
    assert_eq!(world.ask(&["show", &article.to_uppercase()]).text(), whole.text());
    let around = world.json(&["show", reference, "--context", "0"]);
    assert!(around.to_string().contains("more weapons") && !around.to_string().contains("frozen money"), "{around}");
    for (reference, message) in [
        ("zzzzzzzzzzzz", "no article of this index is called so"),
        (&format!("{article}#9"), "the article has no paragraph 9"),
        ("what is this", "a reference is written like"),
        (&format!("{article}#x"), "a reference is written like"),
    ] {
        let done = world.ask(&["show", reference]);
        assert_code(&done, 2);
        assert!(done.err.contains(message), "{reference}: {}", done.err);
    }
}

#[test]
fn codes_are_explained() {
    let world = world();
    let answer = world.json(&["\"the bank has frozen\""]);
    let reference = answer["hits"][0]["ref"].as_str().expect("a ref");
    let explained = world.json(&["codebook", "explain", reference]);
    assert_eq!(explained["actors"]["/russia"], serde_json::json!(["Russia"]), "{explained}");
}

#[test]
fn info_says_what_the_index_holds() {
    let world = world();
    let info = world.json(&["info"]);
    assert_eq!(info["holds"]["articles"], 5);
    assert_eq!(info["holds"]["paragraphs"], 13);
    assert_eq!(info["holds"]["groups"], 12);
    assert_eq!(
        info["dates"],
        serde_json::json!({"oldest": "2022-03-10", "newest": "2024-01-02", "undated_articles": 1})
    );
    assert_eq!(info["articles_by_language"], serde_json::json!({"en": 4, "fr": 1}));
    assert_eq!(info["index"]["generation"], 1);
    world.index(&[]);
    assert_eq!(world.json(&["info"])["index"]["generation"], 2);
}

#[test]
fn completions_for_each_shell() {
    let world = World::of(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let done = world.ask(&["completions", shell]);
        assert_code(&done, 0);
        assert!(done.text().contains("nutgraf") && done.text().contains("all-copies"), "{shell}");
    }
}

#[test]
fn errors_point_at_the_place_and_say_the_cure() {
    let world = world();
    for (query, message) in [
        (
            "frozen assets OR reserves",
            "nutgraf: query: AND and OR are mixed without parentheses\n  frozen assets OR reserves\n                ^^\n  \
             write (frozen assets) OR reserves, or frozen (assets OR reserves)\n",
        ),
        (
            "bank \"frozen assets",
            "nutgraf: query: this quotation mark is never closed\n  bank \"frozen assets\n       ^\n  close it, as in \
             \"frozen assets\"\n",
        ),
        (
            "actor:zelenzky",
            "nutgraf: query: no actor is called zelenzky\n  actor:zelenzky\n  ^^^^^^^^^^^^^^\n  write \
             actor:ukraine/government/volodymyr-zelensky\n",
        ),
        (
            "NOT frozen",
            "nutgraf: query: a question of NOT alone finds everything else\n  NOT frozen\n  ^^^^^^^^^^\n  say what to \
             look for, then what to leave out: assets NOT frozen\n",
        ),
    ] {
        let done = world.ask(&[query]);
        assert_code(&done, 2);
        assert_eq!(done.err, message);
        assert!(done.out.is_empty());
    }
    for (arguments, parts) in [
        (&["bank autor:doe"][..], &["there is no field \"autor:\"", "\n       ^", "write author:doe"][..]),
        (&["(frozen"], &["\n  ^", "parenthesis"]),
        (&["frozen)"], &["\n        ^", "parenthesis"]),
        (&["f*"], &["f* has fewer than 2 letters before the wildcard", "\n  ^"]),
        (&["frozen NEAR5 assets"], &["NEAR5 is how factiva writes it", "\n         ^^^^^"]),
        (&["date:2022-02-30"], &["2022-02-30 is not in the calendar", "write 2022-02-28"]),
        (&["frozen", "--actor", "rusland"], &["--actor rusland", "^^^^^^^", "write actor:russia"]),
        (&["frozen", "--since", "2023", "--until", "2022"], &["write --since 2022 --until 2023"]),
        (&["frozen", "--topic", "sanctoin"], &["no topic is called sanctoin", "write topic:economy/sanctions"]),
        (&["frozen", "--lang", "english"], &["ISO 639"]),
        (&["frozen", "--facets", "actors"], &["there is no facet actors", "facets are actor, topic"]),
        (&["frozen", "--format", "csv", "--facets", "actor"], &["--facets: this format holds the hits alone"]),
        (&["frozen", "--format", "csv", "--context", "1"], &["--context: a row or reference holds one paragraph"]),
    ] {
        let done = world.ask(arguments);
        assert_eq!(done.code, 2, "{arguments:?}: {}{}", done.text(), done.err);
        assert!(done.err.starts_with("nutgraf: "), "{}", done.err);
        for part in parts {
            assert!(done.err.contains(part), "{arguments:?}: {part:?} is not in\n{}", done.err);
        }
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let texts: Vec<String> = (0..2_000).map(|n| format!("Paragraph {n} tells of frozen assets.")).collect();
    let world = World::indexed(&[("long.txt", &texts.join("\n\n"))]);
    for arguments in [
        &["frozen", "--limit", "2000", "--format", "json"][..],
        &["frozen", "--limit", "2000"],
        &["frozen", "--limit", "2000", "--format", "csv"],
        &["facets", "--by", "date"],
        &["info"],
    ] {
        let mut child =
            world.nutgraf().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("UTF-8");
        let status = child.wait().expect("it ends");
        assert_eq!((status.code(), err.as_str()), (Some(0), ""), "{arguments:?}");
    }
    let mut child = world.indexer().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_word_marks_its_inflections() {
    let world = world();
    let answer = world.json(&["freeze"]);
    let marks: Vec<String> = hits(&answer).iter().flat_map(marked).collect();
    assert_eq!(marks, ["freezes"], "frozen is another stem");
    let answer = world.json(&["asset"]);
    let marks: Vec<String> = hits(&answer).iter().flat_map(marked).collect();
    assert!(marks.contains(&"assets".to_owned()) && marks.contains(&"asset".to_owned()), "{marks:?}");
    assert_eq!(world.json(&["=asset"])["total"]["paragraphs"], 1);
}

#[test]
fn a_short_list_of_exact_forms_misses_none_of_the_best() {
    // More paragraphs than a block of postings holds; the best ones stand in the last block and have many sentences.
    let record = |number: usize| {
        let text = if number < 250 { "Frozen one two three four five" } else { "Frozen. One. Two. Three." };
        format!("{{\"id\": \"{number}\", \"lang\": \"en\", \"text\": \"{text}\"}}\n")
    };
    let world = World::of(&[("a.jsonl", &(0..300).map(record).collect::<String>())]);
    assert_eq!(world.index(&["--threads", "1"]).code, 0);
    for query in ["==Frozen", "=frozen", "frozen", "=\"frozen one\"", "frozen OR nothing", "==Frozen AND one"] {
        let all = world.json(&[query, "--all-copies", "--limit", "300"]);
        let few = world.json(&[query, "--all-copies", "--limit", "3"]);
        assert_eq!(hits(&few), &hits(&all)[..3], "{query}");
    }
}

#[test]
fn a_group_has_its_place_by_its_best_member_on_every_page() {
    // The oldest member of the group scores less than the river, the youngest more.
    let world = World::indexed(&[(
        "a.jsonl",
        r#"{"id":"s","date":"2022-01-01","lang":"en","text":"Bank of the river bank"}
{"id":"g1","date":"2022-01-01","lang":"en","text":"Bank us"}
{"id":"g2","date":"2023-01-01","lang":"en","text":"Bank US"}
"#,
    )]);
    for sort in ["relevance", "date", "-date"] {
        let whole = world.json(&["bank OR ==US", "--sort", sort]);
        let pages = ["0", "1"].map(|offset| {
            world.json(&["bank OR ==US", "--sort", sort, "--limit", "1", "--offset", offset])["hits"][0].clone()
        });
        assert_eq!(hits(&whole), pages, "{sort}");
        assert_eq!(whole["hits"][0]["text"], "Bank us", "{sort}: the oldest member is shown");
    }
}
