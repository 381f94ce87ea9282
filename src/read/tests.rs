//! Files of every kind through the whole room, and hostile ones.

mod fields;

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::article::Article;

fn options() -> Options {
    Options::new("2025-06-01".parse().expect("a date"))
}

/// What a file gives: its articles, and the reports as they are printed.
struct Given {
    articles: Vec<Article>,
    notices: Vec<String>,
    skipped: Vec<String>,
}

fn read_with(name: &str, bytes: &[u8], options: &Options) -> Given {
    let root = tempfile::tempdir().expect("a directory");
    let file = root.path().join(Path::new(name).file_name().expect("a name"));
    std::fs::write(&file, bytes).expect("written");
    let source = Source { file, path: name.to_owned() };
    let mut given = Given { articles: Vec::new(), notices: Vec::new(), skipped: Vec::new() };
    let disk = records(&source, options, &mut |record| {
        match record.and_then(|record| record.read(options)) {
            Ok((article, notices)) => {
                given.articles.push(article);
                given.notices.extend(notices.iter().map(Notice::to_string));
            }
            Err(skipped) => given.skipped.push(skipped.to_string()),
        }
        ControlFlow::Continue(())
    });
    assert!(disk <= bytes.len() as u64);
    given
}

fn read(name: &str, bytes: impl AsRef<[u8]>) -> Given {
    read_with(name, bytes.as_ref(), &options())
}

/// Reads a file that must give articles and nothing to report.
fn articles(name: &str, bytes: impl AsRef<[u8]>) -> Vec<Article> {
    let given = read(name, bytes);
    assert_eq!((given.notices, given.skipped), (vec![], vec![]), "{name}");
    given.articles
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(bytes).expect("in memory");
    gz.finish().expect("in memory")
}

#[test]
fn a_text_of_two_articles() {
    let text = "\nThe first stands here, and it is a sentence.\nIts second.\n(Source:www.a.example)\nThe other.\n\
                (Source: b.example)\n";
    let read = articles("x/a.txt", text);
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].record.as_deref(), Some("1"));
    assert_eq!(read[0].title, "");
    assert_eq!(read[0].source.as_deref(), Some("www.a.example"));
    assert_eq!(read[0].paragraphs, ["The first stands here, and it is a sentence.", "Its second."]);
    assert_eq!(read[1].record.as_deref(), Some("2"));
    assert_eq!(read[1].source.as_deref(), Some("b.example"));
    assert_eq!(read[1].paragraphs, ["The other."]);
}

#[test]
fn a_text_of_one_article_has_no_record() {
    let read = articles("wire/2025/05/28/a.txt", "Talks open\n\nThey began.\n(Source: AP)\n\n");
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].record, None);
    assert_eq!(read[0].title, "Talks open");
    assert_eq!(read[0].date.map(|date| date.to_string()).as_deref(), Some("2025-05-28"));
    assert_eq!(read[0].id(), crate::article::ArticleId::of("wire/2025/05/28/a.txt", None));
}

#[test]
fn lines_of_json() {
    let lines = "{\"id\": \"r-1\", \"title\": \"Talks\", \"source\": \"Reuters\", \"date\": \"1987-02-26\", \
                 \"places\": [\"usa\", \"uruguay\"], \"orgs\": [], \"country\": \"ARG\", \"lang\": \"en-US\", \
                 \"body\": \"One\\nwrapped.\\n\\nTwo.\"}\n\n\
                 {\"headline\": {\"main\": \"Second\"}, \"pubDate\": 1748390400, \"maintext\": \"<p>One &amp; a.</p><p>Two.</p>\", \
                 \"authors\": [\"A B\", {\"name\": \"C D\"}], \"url\": \"https://www.wire.example/x\"}\n";
    let read = articles("a.jsonl", lines);
    assert_eq!(read.len(), 2);
    let first = &read[0];
    assert_eq!((first.record.as_deref(), first.title.as_str()), (Some("r-1"), "Talks"));
    assert_eq!((first.source.as_deref(), first.lang.as_deref()), (Some("Reuters"), Some("en")));
    assert_eq!(first.date.map(|date| date.to_string()).as_deref(), Some("1987-02-26"));
    let given: Vec<(&str, &str)> = first.given.iter().map(|code| (code.kind.as_str(), code.value.as_str())).collect();
    assert_eq!(given, [("places", "usa"), ("places", "uruguay"), ("country", "ARG")]);
    assert_eq!(first.paragraphs, ["One wrapped.", "Two."]);
    let second = &read[1];
    assert_eq!((second.record.as_deref(), second.title.as_str()), (Some("2"), "Second"));
    assert_eq!(second.paragraphs, ["One & a.", "Two."]);
    assert_eq!(second.author.as_deref(), Some("A B, C D"));
    assert_eq!(second.source.as_deref(), Some("www.wire.example"));
    assert_eq!(second.date.map(|date| date.to_string()).as_deref(), Some("2025-05-28"));
}

#[test]
fn one_bad_line_is_reported_and_the_others_go_on() {
    let given =
        read("may.jsonl", "{\"body\": \"one\"}\n{\"body\": \"tw\n[3]\n{\"title\": \"\"}\n\n{\"body\": \"six\"}");
    let bodies: Vec<&str> = given.articles.iter().map(|article| article.paragraphs[0].as_str()).collect();
    assert_eq!(bodies, ["one", "six"]);
    assert_eq!(given.articles[1].record.as_deref(), Some("5"), "a mended line must not change the ids behind it");
    assert_eq!(
        given.skipped,
        [
            "may.jsonl:2: not JSON: EOF while parsing a string (column 12)",
            "may.jsonl:3: not an article: the value is no JSON object",
            "may.jsonl:4: no text in any of its fields \"title\"",
        ]
    );
}

#[test]
fn documents_of_json() {
    let check = |text: &str, expected: &[(Option<&str>, &str)]| {
        for name in ["a.json", "a.jsonl"] {
            let read = articles(name, text);
            let found: Vec<_> = read.iter().map(|a| (a.record.as_deref(), a.paragraphs[0].as_str())).collect();
            assert_eq!(found, expected, "{text}");
        }
    };
    let two = [(Some("1"), "one"), (Some("2"), "two")];
    check("[{\"body\": \"one\"}, {\"body\": \"two\"}]", &two);
    check("[\n{\"body\": \"one\"},\n{\"body\": \"two\"}\n]\n", &two);
    check("{\n\"total\": 2, \"articles\": [{\"body\": \"one\"}, {\"body\": \"two\"}]}", &two);
    check("{\n\"status\": \"ok\",\n\"response\": {\"docs\": [{\"body\": \"one\"}, {\"body\": \"two\"}]}}", &two);
    check(
        "{\n \"hits\": {\"total\": 1, \"hits\": [\n{\"_source\": {\"body\": \"one\"}},{\"body\": \"two\"}]}\n}",
        &two,
    );
    check("{\n\"body\": \"one\"\n}\n{\n\"body\": \"two\"\n}", &two);
    check("{\n\"body\": [\"one\", \"more\"],\n\"items\": [{\"x\": 1}]\n}", &[(None, "one")]);
    check("{\n\"items\": [\"x\"], \"body\": \"one \\\"]}\"\n}", &[(None, "one \"]}")]);
    assert_eq!(read("a.json", "[]").articles, []);
    assert_eq!(read("a.json", "[1, 2]").skipped, ["a.json:1: an array that holds no articles"]);
    assert_eq!(read("a.json", "words").skipped, ["a.json:1: not JSON: neither an object nor an array"]);
    let broken = read("a.json", "[{\"body\": \"one\"},\n{\"body\": tw},\n{\"body\": \"three\"},\n{\"body\": ");
    assert_eq!(broken.articles.len(), 2);
    assert_eq!(
        broken.skipped,
        ["a.json:2: not JSON: expected ident (column 11)", "a.json:4: not JSON: the file ends within a value",]
    );
    check(
        "{\n\"title\": \"Feed\", \"description\": \"Of talks\",\n\"items\": [{\"body\": \"one\"}, {\"body\": \"two\"}]}",
        &two,
    );
    // A document of one object on one line is a file of one line.
    assert_eq!(articles("a.json", "{\"articles\": [{\"body\": \"one\"}]}").len(), 1);
    assert_eq!(articles("a.json", "{\"body\": \"one\"}")[0].record, None);
}

#[test]
fn tables() {
    let check = |name: &str, text: &str| {
        let read = articles(name, text);
        let found: Vec<_> = read.iter().map(|a| (a.title.as_str(), a.paragraphs.clone(), a.given.len())).collect();
        let expected = [("One", vec!["a, \"b\"".to_owned(), "c".to_owned()], 2), ("Two", vec!["d".to_owned()], 0)];
        assert_eq!(found, expected, "{name}");
        assert_eq!(read[1].record.as_deref(), Some("2"));
    };
    check("a.csv", "\u{feff}Title,Body,topics\r\nOne,\"a, \"\"b\"\"\nc\",x;y\r\nTwo,d,\r\n");
    check("a.csv", "Title;Body;topics\nOne;\"a, \"\"b\"\"\nc\";\"x;y\"\nTwo;d;\n");
    check("a.csv", "\u{feff}sep=;\r\nTitle;Body;topics\r\nOne;\"a, \"\"b\"\"\nc\";x|y\r\nTwo;d;\r\n");
    check("a.tsv", "\"SEP=,\"\nTitle,Body,topics\nOne,\"a, \"\"b\"\"\nc\",x;y\nTwo,d,\n");
    check("a.tsv", "Title\tBody\ttopics\nOne\t\"a, \"\"b\"\"\nc\"\tx|y\nTwo\td\t\n");
    let given = read("a.csv", "title,body\nOne,\"a\nb\"\nTwo,,\nThree,c,d\n,\n");
    assert_eq!(
        given.notices,
        [
            "a.csv:4: the row has 3 cells, the header 2",
            "a.csv:4: a headline without a body",
            "a.csv:5: the row has 3 cells, the header 2",
        ]
    );
    assert_eq!(given.skipped, ["a.csv:6: no text"]);
}

#[test]
fn an_unclosed_quote_is_reported() {
    let check = |text: &str, articles: usize, skipped: &[&str]| {
        let given = read("a.csv", text);
        assert_eq!(
            (given.articles.len(), given.skipped),
            (articles, skipped.iter().map(|s| (*s).to_owned()).collect())
        );
    };
    let rows: String = (0..94).map(|n| format!("t{n},b{n}\n")).collect();
    check(&format!("title,body\na,b\nc,\"d\ne\"\nf,\"g\n{rows}"), 2, &["a.csv:5: a quotation mark is never closed"]);
    check("title,body\n\"a\nb\",\"c\nd\n", 0, &["a.csv:3: a quotation mark is never closed"]);
    check("\"title,body\na,b\n", 0, &["a.csv:1: a quotation mark is never closed"]);
    check("title,body\na,\"b \"\"c\"\"", 0, &["a.csv:2: a quotation mark is never closed"]);
    check("sep=;\ntitle;body\na;b\nc;\"d\n", 1, &["a.csv:4: a quotation mark is never closed"]);
    check("sep=,\ntitle,body\na,b\n,\n", 1, &["a.csv:4: no text"]);
    check("title,body\na,\"b\"", 1, &[]);
    check("title,body\na,5\" gun\nb,\"c\" d\" e\n", 2, &[]);
}

#[test]
fn a_table_of_events() {
    let table = "event_date,country,actor1,notes,source\n28 May 2025,Sudan,Army,Shells hit a market.,Radio Dabanga\n";
    let read = articles("events.csv", table);
    assert_eq!(read[0].date.map(|date| date.to_string()).as_deref(), Some("2025-05-28"));
    assert_eq!((read[0].paragraphs[0].as_str(), read[0].given.len()), ("Shells hit a market.", 2));
    let read = articles("events.csv", "year;month;day;text\n1999;4;12;A bridge was hit.\n");
    assert_eq!(read[0].date.map(|date| date.to_string()).as_deref(), Some("1999-04-12"));
}

#[test]
fn records_go_from_thread_to_thread() {
    fn check<T: Send + Sync>() {}
    check::<Record>();
    check::<Options>();
}

#[test]
fn compressed_files() {
    let lines = b"{\"body\": \"one\"}\n{\"body\": \"two\"}\n";
    assert_eq!(articles("a.jsonl.gz", gz(lines)).len(), 2);
    assert_eq!(articles("a.jsonl", gz(lines)).len(), 2, "the content tells, not the name");
    assert_eq!(articles("dump.gz", gz(lines)).len(), 2);
    assert_eq!(articles("a.jsonl.zst", zstd::encode_all(&lines[..], 1).expect("in memory")).len(), 2);
    let members: Vec<u8> = [gz(lines), gz(lines)].concat();
    assert_eq!(articles("a.jsonl.gz", members).len(), 4, "several members after one another");
    let twice = read("a.jsonl.gz", gz(&gz(lines)));
    assert_eq!(twice.skipped, ["a.jsonl.gz: looks like gzip inside compression"]);
}

#[test]
fn a_truncated_file_gives_what_was_whole() {
    let lines: String = (0..20_000).map(|n| format!("{{\"body\": \"number {n} of many\"}}\n")).collect();
    let whole = gz(lines.as_bytes());
    let given = read("a.jsonl.gz", &whole[..whole.len() / 2]);
    assert!((5_000..15_000).contains(&given.articles.len()), "{}", given.articles.len());
    assert_eq!(given.skipped.len(), 1);
    assert!(
        given.skipped[0].ends_with("cannot be read further: the compressed file ends too early"),
        "{:?}",
        given.skipped
    );
}

#[test]
fn limits_hold() {
    let limits = Limits { record_bytes: 100, file_bytes: 1000, ..Limits::default() };
    let small = Options { limits, ..options() };
    let long = "x".repeat(200);
    let line = format!("{{\"body\": \"{long}\"}}\n{{\"body\": \"two\"}}\n");
    let given = read_with("a.jsonl", line.as_bytes(), &small);
    assert_eq!((given.articles.len(), given.articles[0].record.as_deref()), (1, Some("2")));
    assert_eq!(given.skipped, ["a.jsonl:1: too large: more than 100 bytes in one record"]);
    let given = read_with("a.json", format!("[{{\"body\": \"{long}\"}},\n{{\"body\": \"two\"}}]").as_bytes(), &small);
    assert_eq!((given.articles.len(), given.skipped.len()), (1, 1));
    let given = read_with("a.txt", format!("{long}\nmore\n(Source: a)\nshort\n(Source: b)\n").as_bytes(), &small);
    assert_eq!((given.articles[0].record.as_deref(), given.skipped.len()), (Some("2"), 1));
    assert_eq!(given.articles[0].paragraphs, ["short"]);
    let bomb = gz("{\"body\": \"again\"}\n".repeat(100_000).as_bytes());
    let given = read_with("a.jsonl.gz", &bomb, &small);
    assert!(given.articles.len() < 60);
    assert!(given.skipped[0].ends_with("more than 1000 bytes in one file"), "{:?}", given.skipped);
    let quote = format!("title,body\n\"{}", "x\n".repeat(200_000));
    let unclosed = Options { limits: Limits { record_bytes: 1000, ..Limits::default() }, ..options() };
    let given = read_with("a.csv", quote.as_bytes(), &unclosed);
    assert!(given.skipped[0].contains("a quote that is never closed"), "{:?}", given.skipped);
    let deep = format!("{{\"body\": \"x\", \"y\": {}1{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let given = read("a.jsonl", format!("{deep}{{\"body\": \"two\"}}\n"));
    assert_eq!((given.articles.len(), given.skipped.len()), (1, 1));
    let shallow = Options { limits: Limits { depth: 3, ..Limits::default() }, ..options() };
    let given = read_with("a.jsonl", b"{\"body\": \"x\", \"y\": [[[1]]]}\n{\"body\": \"x\", \"y\": [[1]]}\n", &shallow);
    assert_eq!((given.articles.len(), given.skipped), (1, vec!["a.jsonl:1: JSON nested more than 3 deep".to_owned()]));
    let deep = "<div>".repeat(100_000);
    assert_eq!(read("a.html", deep).skipped, ["a.html: a page nested more than 508 deep"]);
}

#[test]
fn content_is_told_from_names() {
    let page = "<!DOCTYPE html><html><head><title>Talks open</title></head><body><article>\
                <p>Delegations met in Oslo on Wednesday for talks about the truce, officials said.</p>\
                <p>The mediators put the exchange of prisoners first on the agenda.</p></article></body></html>";
    let read_page = articles("a.txt", page);
    assert_eq!(read_page[0].paragraphs.len(), 2, "{:?}", read_page[0].paragraphs);
    assert_eq!(read("a.txt", b"%PDF-1.7 \x00\x01").skipped, ["a.txt: looks like a PDF document"]);
    assert_eq!(read("a.txt", b"a\x00\x01\x02\x03b").skipped, ["a.txt: looks like binary data"]);
    assert_eq!(read("a.txt", "").skipped, ["a.txt: empty"]);
    assert_eq!(read("a.txt", "\n \n").skipped, ["a.txt: no text"]);
    assert_eq!(articles("a.txt", "{\"body\": \"one\"}\n{\"body\": \"two\"}\n").len(), 2);
}

#[test]
fn encodings_of_files() {
    let utf16: Vec<u8> =
        "\u{feff}{\"body\": \"Київ\"}\n{\"body\": \"мир\"}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let read_wide = articles("a.jsonl", utf16);
    assert_eq!((read_wide[0].paragraphs[0].as_str(), read_wide[1].paragraphs[0].as_str()), ("Київ", "мир"));
    let (cyrillic, ..) = encoding_rs::WINDOWS_1251.encode("Переговоры начались в среду.\nСтороны встретились снова.");
    assert_eq!(articles("a.txt", cyrillic)[0].paragraphs[0], "Переговоры начались в среду.");
    let given =
        read("a.jsonl", b"{\"body\": \"caf\xc3\xa9 \xc3\xa8\xc3\xa9\xc3\xa0\xc3\xa0 \xff\"}\n{\"body\": \"two\"}\n");
    assert_eq!(given.articles[0].paragraphs[0], "café èéàà \u{fffd}");
    assert_eq!(given.notices, ["a.jsonl:1: bytes that its encoding does not know were replaced by U+FFFD"]);
}

#[test]
fn doubtful_dates_are_reported() {
    let check = |date: &str, expected: Option<&str>, notice: Option<&str>| {
        let given = read("a.jsonl", format!("{{\"date\": \"{date}\", \"body\": \"x\"}}\n"));
        let found = given.articles[0].date.map(|date| date.to_string());
        assert_eq!((found.as_deref(), given.notices.first().map(String::as_str)), (expected, notice));
    };
    check("1946", Some("1946"), None);
    check("2025", Some("2025"), None);
    check("2025-06-01", Some("2025-06-01"), None);
    check(
        "2025-06-02",
        None,
        Some("a.jsonl:1: the date 2025-06-02 of the metadata lies in the future: treated as unknown"),
    );
    check("2025-02-30", None, Some("a.jsonl:1: the date \"2025-02-30\" is impossible: treated as unknown"));
    check("03/05/2025", None, Some("a.jsonl:1: the date \"03/05/2025\" can be read in two ways: treated as unknown"));
    let path = "2024/01/02/a.jsonl";
    let given =
        read(path, "{\"date\": \"1999-01-01\", \"body\": \"x\"}\n{\"body\": \"KYIV, May 28, 2023 (AP) - x\"}\n");
    let dates: Vec<String> = given.articles.iter().filter_map(|article| Some(article.date?.to_string())).collect();
    assert_eq!(dates, ["1999-01-01", "2024-01-02"], "metadata, path, dateline: in this order");
    let read = articles("a.jsonl", "{\"body\": \"KYIV, May 28, 2023 (AP) - x\"}\n");
    assert_eq!(read[0].date.map(|date| date.to_string()).as_deref(), Some("2023-05-28"));
}

#[test]
fn the_caller_may_stop() {
    let root = tempfile::tempdir().expect("a directory");
    for (name, text) in [
        ("a.jsonl", "{\"body\": \"1\"}\n{\"body\": \"2\"}\n"),
        ("a.json", "[{\"body\": \"1\"},{\"body\": \"2\"}]"),
        ("a.csv", "body\n1\n2\n"),
        ("a.txt", "One.\n(Source: a)\nTwo.\n(Source: b)\n"),
    ] {
        let file = root.path().join(name);
        std::fs::write(&file, text).expect("written");
        let mut calls = 0;
        records(&Source { file, path: name.to_owned() }, &options(), &mut |_| {
            calls += 1;
            ControlFlow::Break(())
        });
        assert_eq!(calls, 1, "{name}");
    }
}

#[test]
fn reports_hold_no_control_characters() {
    let given = read(
        "a.jsonl",
        "{\"\\u001b[2J\": 1, \"date\": \"\\u001b[31m\"}\n{\"date\": \"\\u001b[31m\", \"body\": \"x\"}\n",
    );
    let all = given.skipped.concat() + &given.notices.concat();
    assert_eq!((given.skipped.len(), given.notices.len()), (1, 1));
    assert!(!all.contains(char::is_control), "{all:?}");
}

const NAMES: [&str; 10] =
    ["a.txt", "a.md", "a.html", "a.json", "a.jsonl", "a.csv", "a.tsv", "a.txt.gz", "a.json.zst", "dump.gz"];

/// Every paragraph is what the article promises.
fn is_sound(article: &Article) -> bool {
    article
        .paragraphs
        .iter()
        .all(|text| !text.is_empty() && text.trim() == text && !text.contains("  ") && !text.contains(char::is_control))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), name in 0..NAMES.len()) {
        let given = read(NAMES[name], bytes);
        prop_assert!(given.articles.iter().all(is_sound));
    }

    #[test]
    fn random_pieces_never_panic(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", "\"", ":", ",", "\\", "\n", "\r\n", "\n\n", "body", "\"body\"", "\"title\": ", "\"articles\": [",
            "null", "1e999", "---\n", "+++\n", "# ", "a: &a [*a]\n", "<p>", "</p>", "<div", "<b>", "<!--", "-->", "<script>",
            "<table><tr><td>", "&amp;", "&#0;", "(Source: x)\n", "Title: x\n", "Date: 30.02.2025\n", "é", "\u{feff}", "\u{202e}",
            "\0", "word ", "U.S. ", "28 May 2025", "2025/05/28", "|", "```\n", "> ", "- ", "![x](y)", "[x]: y\n", "<html lang=en>",
        ]), 0..40),
        name in 0..NAMES.len(),
        packed in any::<bool>(),
    ) {
        let text = pieces.concat();
        let bytes = if packed { gz(text.as_bytes()) } else { text.into_bytes() };
        let given = read(NAMES[name], &bytes);
        prop_assert!(given.articles.iter().all(is_sound));
        prop_assert!(!(given.skipped.concat() + &given.notices.concat()).contains(char::is_control));
    }

    #[test]
    fn dates_never_panic(text in "[0-9a-zA-Zмая年月日 ./,:+T-]{0,40}", path in "[0-9a-z/_-]{0,30}") {
        let _ = date::read(&text, Some("de"));
        let _ = date::in_path(&path);
        let _ = date::in_dateline(&text);
    }

    #[test]
    fn no_word_of_a_body_is_lost(words in prop::collection::vec(prop::sample::select(vec![
        "word", "Word", "é", ".", "?", "U.S.", "Mr.", " ", "\n", "\n\n", "\u{2029}", "\t", "word word word word word ", "中",
    ]), 0..600)) {
        let body = words.concat();
        let strip = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        prop_assert_eq!(strip(&paragraphs::split(&body).concat()), strip(&body));
    }
}
