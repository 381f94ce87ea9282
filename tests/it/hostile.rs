//! Texts, files and questions that mean harm or are broken: nothing raw gets out, nothing panics, the rest is read.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use pulldown_cmark::{Event, Tag};
use serde_json::{Value, json};

use crate::world::{Chance, Done, World, hits, refs, run};

/// What a terminal would obey or a reader be deceived by: escape sequences, bells, C1 controls, bidi marks, line
/// separators.
const TRICKS: &str =
    "\u{1b}[31mred\u{1b}]0;owned\u{7} \u{202e}live\u{202c} \u{2066}x\u{2069} \u{9b}31m\u{200b} a\u{8}b\u{7f}";

/// An article all of whose parts mean harm.
fn hostile_record() -> Value {
    json!({
        "id": format!("=1+1{TRICKS}"),
        "title": format!("=cmd|' /C calc'!A0 hostile {TRICKS}"),
        "source": format!("@SUM(1+1) <b>{TRICKS}"),
        "author": format!("+1 [x](javascript:alert(1)) {TRICKS}"),
        "url": format!("javascript:alert(1)//{TRICKS}"),
        "date": "2022-03-10",
        "lang": "en",
        "topics": [format!("-1{TRICKS}")],
        "text": format!(
            "Hostile <script>alert(1)</script> **bold** [link](http://evil.example) ![img](x) `code` | cell | {TRICKS}\n\n\
             \thostile tab\tand\ttabs\u{2028}line\u{2029}para\r\rhostile returns\n\n# hostile heading\n\n- hostile list\n\n\
             1. hostile item\n\n> hostile quote\n\n-1+hostile\n\n=hostile()\n\n\"hostile, quoted\",\"=1\"\n\n<!-- hostile -->"
        ),
    })
}

fn hostile_world() -> World {
    let world = World::of(&[]);
    // The folder's and the file's names mean harm, too.
    let name = "=a\u{1b}[31m\u{202e}\n,\"b/\u{1b}]0;x\u{7}.jsonl";
    world.write(name, format!("{}\n", hostile_record()).as_bytes());
    let done = world.index(&["--verbose"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert_harmless(&done.err, "indexing");
    assert_harmless(done.text(), "indexing");
    world
}

#[track_caller]
fn assert_harmless(text: &str, what: &str) {
    let hostile = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if let Some(at) = text.find(hostile) {
        panic!("{what}: {:?} in {:?}", text[at..].chars().next(), text.lines().find(|line| line.contains(hostile)));
    }
}

#[test]
fn nothing_raw_reaches_a_terminal_or_a_page() {
    let world = hostile_world();
    let answer = world.json(&["hostile", "--all-copies", "--limit", "100"]);
    let reference = refs(&answer)[1];
    let article = answer["hits"][0]["article"]["id"].as_str().expect("an id");
    assert!(hits(&answer).len() >= 9, "{}", hits(&answer).len());
    for arguments in [
        &["hostile", "--all-copies", "--limit", "100"][..],
        &["hostile", "--context", "3", "--read-as"],
        &["hostile", "--facets", "actor,topic,date,source,lang,given"],
        &["hostile", "--width", "30"],
        &["hostile", "--count"],
        &["hostile \u{1b}[31m \u{202e}x", "--read-as"],
        &["facets", "hostile", "--by", "source,given,date"],
        &["show", reference],
        &["show", article],
        &["codebook", "explain", reference],
        &["info"],
    ] {
        for format in ["terminal", "md"] {
            let done = world.ask(&[arguments, &["--format", format]].concat());
            assert_harmless(done.text(), &format!("{arguments:?} {format}"));
            assert_harmless(&done.err, &format!("{arguments:?} {format}"));
        }
        let colored = world.ask(&[arguments, &["--color", "always"]].concat());
        let mut plain = colored.text().to_owned();
        for code in ["0", "1", "2", "1;33"] {
            plain = plain.replace(&format!("\u{1b}[{code}m"), "");
        }
        assert_harmless(&plain, &format!("{arguments:?} in colour"));
    }
}

#[test]
fn messages_hold_nothing_raw() {
    let world = hostile_world();
    for arguments in [
        &[TRICKS, "AND"][..],
        &["actor:\"\u{1b}[31m\u{202e}x\""],
        &["\u{1b}[31m:\u{202e}"],
        &["show", TRICKS],
        &["facets", "--by", TRICKS],
        &["hostile", "--since", TRICKS],
        &["--index", TRICKS, "hostile"],
    ] {
        let done = world.ask(arguments);
        assert_eq!(done.code, 2, "{arguments:?}");
        assert_harmless(&done.err, &format!("{arguments:?}"));
    }
    world.write("\u{1b}[31m\u{202e}\n.json", b"{");
    let done = world.index(&[]);
    assert_eq!(done.code, 1);
    assert_harmless(&done.err, "a file that is skipped");
    assert_eq!(done.err.lines().count(), 1, "a name with a line break stays on its line: {}", done.err);
}

#[test]
fn pages_hold_no_markup_of_an_article() {
    let world = hostile_world();
    for arguments in
        [&["hostile", "--all-copies", "--limit", "100", "--context", "9"][..], &["facets", "--by", "source,given"]]
    {
        let done = world.ask(&[arguments, &["--format", "md"]].concat());
        for event in pulldown_cmark::Parser::new_ext(done.text(), pulldown_cmark::Options::all()) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => panic!("{html}"),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => panic!("{dest_url}"),
                Event::Start(Tag::List(_) | Tag::CodeBlock(_) | Tag::HtmlBlock) => {
                    panic!("a block of the article's own")
                }
                Event::Start(Tag::Heading { level, .. }) => assert_eq!(level as u8, 2),
                _ => {}
            }
        }
    }
}

#[test]
fn tables_hold_no_formula_and_are_read_back_whole() {
    let world = hostile_world();
    let answer = world.json(&["hostile", "--all-copies", "--limit", "100"]);
    for (format, delimiter) in [("csv", b','), ("tsv", b'\t')] {
        let done = world.ask(&["hostile", "--all-copies", "--limit", "100", "--format", format]);
        let mut rows = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(&done.out[..]);
        let text = rows.headers().expect("a header row").iter().position(|name| name == "text").expect("a column");
        let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("rows of one length")).collect();
        assert_eq!(rows.len(), hits(&answer).len());
        for (row, hit) in rows.iter().zip(hits(&answer)) {
            let written = row[text].strip_prefix('\'').unwrap_or(&row[text]);
            let expected: String = hit["text"].as_str().expect("a text").to_owned();
            assert_eq!(written.chars().count(), expected.chars().count(), "{written:?} {expected:?}");
            for cell in row {
                assert!(!cell.starts_with(['=', '+', '@', '\t', '\r']), "{cell}");
                let number = cell.parse::<f64>().is_ok();
                assert!(number || !cell.starts_with('-') || cell.starts_with("- "), "{cell}");
                assert_harmless(cell, format);
            }
        }
    }
    for arguments in [&["facets", "--by", "source,given"][..], &["info"]] {
        let done = world.ask(&[arguments, &["--format", "csv"]].concat());
        let mut rows = csv::Reader::from_reader(&done.out[..]);
        for row in rows.records() {
            assert!(row.expect("a row").iter().all(|cell| !cell.starts_with(['=', '+', '@'])), "{arguments:?}");
        }
    }
}

#[test]
fn a_bad_line_is_named_and_the_others_are_read() {
    let lines: Vec<String> = (1..=900)
        .map(|line| match line {
            812 => "{\"text\": \"never closed\n".to_owned(),
            _ => format!("{{\"id\": \"{line}\", \"text\": \"Dispatch number{line} of the war.\"}}\n"),
        })
        .collect();
    let world = World::of(&[("wire/may.jsonl", &lines.concat())]);
    let done = world.index(&[]);
    assert_eq!(done.code, 1);
    assert!(done.err.starts_with("nutgraf-index: skipped wire/may.jsonl:812: "), "{}", done.err);
    assert_eq!(done.err.lines().count(), 1, "{}", done.err);
    assert_eq!(world.json(&["info"])["holds"]["articles"], 899);
    assert_eq!(world.json(&["info"])["holds"]["skipped"], 1);
    for line in [811, 813, 900] {
        assert_eq!(world.json(&[&format!("number{line}")])["total"]["paragraphs"], 1, "{line}");
    }
}

#[test]
fn an_empty_corpus_is_an_empty_index() {
    let world = World::of(&[]);
    let done = world.index(&[]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.text().contains("; holds 0 articles, 0 paragraphs, 0 groups; skipped 0;"), "{}", done.text());
    for (arguments, code) in [
        (&["frozen"][..], 1),
        (&["date:undated OR words:>0"], 1),
        (&["\"frozen assets\" NOT title:x"], 1),
        (&["actor:russia"], 1),
        (&["frozen", "--facets", "actor"], 1),
        (&["facets", "--by", "actor"], 1),
        (&["info"], 0),
    ] {
        for format in ["terminal", "json", "md"] {
            let done = world.ask(&[arguments, &["--format", format]].concat());
            assert_eq!(done.code, code, "{arguments:?}: {}{}", done.text(), done.err);
        }
    }
}

#[test]
fn empty_and_strange_files_are_named() {
    let world =
        World::of(&[("good.txt", "A good text about frozen assets."), ("picture.jpg", "x"), (".hidden.txt", "hidden")]);
    let kinds = ["txt", "md", "html", "json", "jsonl", "csv", "tsv", "txt.gz", "jsonl.zst"];
    for kind in kinds {
        world.write(&format!("empty.{kind}"), b"");
    }
    let done = world.index(&[]);
    assert_eq!(done.code, 1);
    for kind in kinds {
        assert!(done.err.contains(&format!("skipped empty.{kind}: ")), "{kind}: {}", done.err);
    }
    assert!(done.text().starts_with("added 1,") && done.text().contains("left out 1 files"), "{}", done.text());
    assert!(world.index(&["--hidden"]).text().starts_with("added 1, replaced 0, removed 0, unchanged 1 articles"));
}

#[test]
fn what_is_too_large_is_named() {
    let huge = "frozen ".repeat(200_000);
    let world = World::of(&[
        ("a.jsonl", &format!("{{\"text\": \"first\"}}\n{{\"text\": \"{huge}\"}}\n{{\"text\": \"third\"}}\n")),
        ("b.txt", &huge),
        ("c.json", &format!("[{{\"text\": \"fourth\"}}, {{\"text\": \"{huge}\"}}, {{\"text\": \"fifth\"}}]")),
        ("d.csv", &format!("title,text\nt,sixth\nt,{huge}\n")),
    ]);
    let done = world.index(&["--max-record", "1"]);
    assert_eq!(done.code, 1);
    for place in ["a.jsonl:2: ", "b.txt:1: ", "c.json:1: ", "d.csv:"] {
        assert!(done.err.contains(&format!("skipped {place}")), "{place}: {}", done.err);
    }
    for word in ["first", "third", "fourth", "sixth"] {
        assert_eq!(world.json(&[word])["total"]["paragraphs"], 1, "{word}: {}", done.err);
    }
    assert_eq!(world.json(&["frozen"])["total"]["paragraphs"], 0);
    assert_eq!(world.index(&[]).code, 0, "within the usual limits");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes).and_then(|()| packed.finish()).expect("packed")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("packed")
}

#[test]
fn a_bomb_is_not_unpacked() {
    let world = World::of(&[("good.txt", "A good text about frozen assets.")]);
    let zeros = vec![b' '; 8 << 20];
    let lines = format!("{{\"text\": \"{}\"}}\n", "a line of the bomb ".repeat(5_000)).repeat(40);
    world.write("bomb.txt.gz", &gzip(&zeros));
    world.write("bomb.txt.zst", &zstd(&zeros));
    world.write("bomb.json.gz", &gzip(&zeros));
    world.write("twice.txt.gz", &gzip(&gzip(&zeros)));
    world.write("lines.jsonl.gz", &gzip(lines.as_bytes()));
    let done = world.index(&["--max-file", "1"]);
    assert_eq!(done.code, 1, "{}{}", done.text(), done.err);
    for name in ["bomb.txt.gz", "bomb.txt.zst", "bomb.json.gz", "lines.jsonl.gz"] {
        assert!(done.err.contains(name), "{name}: {}", done.err);
    }
    assert_eq!(world.json(&["good"])["total"]["paragraphs"], 1);
}

#[test]
fn deep_nesting_is_named() {
    let deep = 100_000;
    let world = World::of(&[
        ("array.json", &format!("{{\"text\": {}{}}}", "[".repeat(deep), "]".repeat(deep))),
        ("object.jsonl", &format!("{{\"text\": \"ok\"}}\n{}1{}\n", "{\"a\":".repeat(deep), "}".repeat(deep))),
        ("open.json", &"[".repeat(deep)),
        (
            "page.html",
            &format!("<p>Deep words of a page.</p>{}deep{}", "<div>".repeat(20_000), "</div>".repeat(20_000)),
        ),
        ("front.md", &format!("---\ntitle: {}x{}\n---\n\nA text.\n", "[".repeat(10_000), "]".repeat(10_000))),
        ("quotes.md", &format!("{} A text in quotes.\n", ">".repeat(20_000))),
        ("stars.md", &format!("{}A text.\n", "*a **b ".repeat(5_000))),
    ]);
    let done = world.index(&[]);
    assert_eq!(done.code, 1, "{}", done.err);
    for name in ["array.json", "object.jsonl:2", "open.json", "page.html"] {
        assert!(done.err.contains(&format!("skipped {name}")), "{name}: {}", done.err);
    }
    assert_eq!(world.json(&["ok"])["total"]["paragraphs"], 1);
}

/// Random bytes, random letters, and pieces of some language put together at random.
fn random_text(chance: &mut Chance, pieces: &[&str], longest: usize) -> Vec<u8> {
    let length = chance.below(longest) + 1;
    match chance.below(4) {
        0 => (0..length).map(|_| chance.next() as u8).collect(),
        1 => {
            let letters = (0..length).filter_map(|_| char::from_u32(chance.below(0x3_0000) as u32));
            letters.collect::<String>().into_bytes()
        }
        _ => {
            let mut text = Vec::new();
            while text.len() < length {
                text.extend_from_slice(chance.one_of(pieces).as_bytes());
            }
            text
        }
    }
}

/// A text with some of its bytes changed, doubled, left out or cut off.
fn damaged(chance: &mut Chance, text: &[u8]) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for _ in 0..1 + chance.below(8) {
        if bytes.is_empty() {
            break;
        }
        let at = chance.below(bytes.len());
        let until = (at + 1 + chance.below(20)).min(bytes.len());
        match chance.below(5) {
            0 => bytes[at] = chance.next() as u8,
            1 => drop(bytes.drain(at..until)),
            2 => {
                let again = bytes[at..until].to_vec();
                bytes.splice(at..at, again);
            }
            3 => bytes[at] = *chance.one_of(b"\"'{}[]<>&;:,\\\n\r\t\0-#\xff\xc3"),
            _ => bytes.truncate(at.max(1)),
        }
    }
    bytes
}

/// Pieces of the query language.
const QUERY: [&str; 60] = [
    "frozen",
    "assets",
    " ",
    " ",
    " ",
    " AND ",
    " OR ",
    " NOT ",
    "and",
    "or",
    "not",
    "(",
    ")",
    "\"",
    "“",
    "”",
    "'",
    "=",
    "==",
    "-",
    "–",
    "~",
    "~2",
    "^2",
    "*",
    "?",
    "W/5",
    "PRE/3",
    "W/S",
    "ATLEAST/3(",
    "2 OF (",
    ",",
    "FIRST/",
    "ARTICLE(",
    "LIKE(",
    "title:",
    "source:",
    "author:",
    "lang:en",
    "url:",
    "actor:russia",
    "topic:",
    "given:",
    "date:2022",
    "date:",
    "..",
    ">=",
    "<",
    "words:>3",
    "group:g",
    "article:",
    "0",
    "2022-02-30",
    "\u{202e}",
    "\u{0}",
    "é",
    "制裁",
    "عقوبات",
    "\\",
    "://",
];

fn assert_no_panic(done: &Done, asked: &[u8]) {
    let asked = String::from_utf8_lossy(asked);
    assert!((0..=2).contains(&done.code), "{asked:?}: {}: {}", done.code, done.err);
    assert!(!done.err.contains("panicked") && !done.err.contains("RUST_BACKTRACE"), "{asked:?}: {}", done.err);
}

#[test]
fn no_question_makes_it_panic() {
    let world = World::sample();
    let mut chance = Chance(812);
    let mut lines = Vec::new();
    let mut asked = 0;
    for _ in 0..2_000 {
        let mut question = random_text(&mut chance, &QUERY, 60);
        question.retain(|byte| *byte != b'\n');
        asked += usize::from(!String::from_utf8_lossy(&question).trim().is_empty());
        lines.extend_from_slice(&question);
        lines.push(b'\n');
    }
    lines.extend_from_slice(&[b"(".repeat(20_000), b"\n".to_vec(), b"NOT ".repeat(20_000), b"a\n".to_vec()].concat());
    lines.extend_from_slice(
        &[b"(a OR ".repeat(5_000), b"\n".to_vec(), b"a OR ".repeat(5_000), b"a\n".to_vec()].concat(),
    );
    let done = world.batch(&["--limit", "2", "--facets", "lang"], &lines);
    assert_no_panic(&done, b"2000 questions");
    assert_eq!(done.text().lines().count(), asked + 4);
    for line in done.text().lines() {
        let answer: Value = serde_json::from_str(line).expect("JSON");
        assert!(answer["error"].is_string() != answer["hits"].is_array(), "{line}");
    }
}

#[test]
fn no_argument_makes_it_panic() {
    let world = World::of(&[("a.txt", "The frozen assets.")]);
    assert_eq!(world.index(&[]).code, 0);
    let mut chance = Chance(813);
    for _ in 0..300 {
        let mut question = random_text(&mut chance, &QUERY, 40);
        question.retain(|byte| *byte != 0);
        let done = run(world.nutgraf().arg(OsStr::from_bytes(&question)));
        assert_no_panic(&done, &question);
    }
}

/// A good file of each kind, and pieces to make bad ones of.
const KINDS: [(&str, &str, &[&str]); 9] = [
    (
        "txt",
        "Frozen assets\nDate: 2024-06-14\nSource: Sample Wire\n\nThe bank has frozen them.\n\nMore text follows here.\n(Source: example.org)\nNext one\n",
        &["Title:", "Date: ", "2024-13-45", "\n", "\n\n", "(Source: ", ")", "A word. ", "URL:", "\u{feff}", "\t"],
    ),
    (
        "md",
        "---\ntitle: Frozen\ndate: 2024-06-14\ntags: [a, b]\n---\n\n# Heading\n\nA [link](x) and *more* text.\n\n- item\n",
        &[
            "---\n",
            "+++\n",
            "title: ",
            "[",
            "](",
            "*",
            "_",
            "`",
            "```\n",
            "# ",
            "> ",
            "- ",
            "| a | b |\n",
            "\n\n",
            "&amp;",
            "<b>",
            "text ",
        ],
    ),
    (
        "html",
        "<!doctype html><html lang=en><head><title>Frozen</title><meta property=\"og:title\" content=\"Frozen\"><script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"datePublished\":\"2024-06-14\"}</script></head><body><article><h1>Frozen</h1><p>The bank has frozen the assets of others.</p><p>More text of the page.</p></article></body></html>",
        &[
            "<p>",
            "</p>",
            "<div>",
            "<table>",
            "<td>",
            "<script>",
            "</script>",
            "<style>",
            "<svg>",
            "<template>",
            "<!--",
            "-->",
            "<![CDATA[",
            "&#x110000;",
            "&amp",
            "<meta charset=utf-16>",
            "<a href='",
            "text ",
            "<article>",
            "<form>",
            "<select>",
        ],
    ),
    (
        "json",
        "[{\"title\":\"Frozen\",\"text\":\"The bank.\\n\\nMore.\",\"date\":\"2024-06-14\",\"topics\":[\"a\"]},{\"body\":[\"x\",\"y\"],\"published\":1718323200}]",
        &[
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "\"text\":",
            "\"date\":",
            "1e999",
            "-",
            "null",
            "true",
            "\\ud800",
            "\\u0000",
            "\\",
            "\"x\"",
        ],
    ),
    (
        "jsonl",
        "{\"id\":\"a\",\"title\":\"Frozen\",\"text\":\"The bank.\"}\n{\"text\":\"More.\",\"date\":\"14.06.2024\",\"lang\":\"de\"}\n",
        &[
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "\n",
            "\"text\":\"a\"",
            "\"date\":",
            "\"id\":",
            "99999999999999999999",
            "\\ud800",
            "\r\n",
        ],
    ),
    (
        "csv",
        "id,title,source,date,body\na,Frozen,Sample Wire,2024-06-14,\"The bank,\n\nand \"\"more\"\".\"\nb,,,,x\n",
        &["text", "title", ",", ";", "\"", "\n", "\r", "date", "\"\"", "x y z", "\t"],
    ),
    (
        "tsv",
        "id\ttitle\tbody\na\tFrozen\t\"The bank\n\nand more.\"\nb\t\tx\n",
        &["text", "title", "\t", "\"", "\n", "\r", "date", "x y z", ","],
    ),
    ("txt.gz", "Frozen assets\n\nThe bank has frozen them.\n", &["\u{1f}", "\n", "word "]),
    ("jsonl.zst", "{\"text\":\"The bank.\"}\n{\"text\":\"More.\"}\n", &["{\"text\":\"", "\"}\n", "\n", "word "]),
];

#[test]
fn no_file_makes_the_indexer_panic() {
    let world = World::of(&[("good/good.txt", "A good text about frozen assets.")]);
    let mut chance = Chance(814);
    for (kind, good, pieces) in KINDS {
        for number in 0..300 {
            let mut bytes = match chance.below(3) {
                0 => random_text(&mut chance, pieces, 400),
                _ => damaged(&mut chance, good.as_bytes()),
            };
            let packed = match Path::new(kind).extension().and_then(OsStr::to_str) {
                Some("gz") => Some(gzip(&bytes)),
                Some("zst") => Some(zstd(&bytes)),
                _ => None,
            };
            if let Some(packed) = packed {
                bytes = if chance.below(2) == 0 { packed } else { damaged(&mut chance, &packed) };
            }
            world.write(&format!("{kind}/{number}.{kind}"), &bytes);
        }
    }
    let done = world.index(&["--verbose"]);
    assert!(done.code == 0 || done.code == 1, "{}: {}", done.code, done.err);
    assert!(!done.err.contains("panicked") && !done.err.contains("a fault of the program"), "{}", done.err);
    assert_harmless(&done.err, "what was skipped");
    assert_eq!(world.json(&["\"good text\" frozen"])["total"]["articles"], 1);
    for format in ["terminal", "md"] {
        let done = world.ask(&["words:>0", "--all-copies", "--limit", "5000", "--format", format]);
        assert_eq!(done.code, 0);
        assert_harmless(done.text(), format);
    }
}

#[test]
fn a_second_indexer_is_refused_at_once() {
    let world = World::indexed(&[("a.txt", "The frozen assets.")]);
    let index = world.home().join("index");
    let before = world.ask(&["frozen", "--format", "json"]).out;
    let lock = nutgraf::index::Lock::take(&index).expect("nobody else writes here");
    let done = world.index(&[]);
    assert_eq!(done.code, 2);
    let who = format!("nutgraf-index: index: process {} has been writing this index since 2", std::process::id());
    assert!(done.err.starts_with(&who), "{}", done.err);
    assert!(done.err.ends_with(" UTC; try again when it has finished\n"), "{}", done.err);
    assert_eq!(world.ask(&["frozen", "--format", "json"]).out, before, "a writer keeps no reader out");
    drop(lock);
    assert_eq!(world.index(&[]).code, 0);
}

#[test]
fn what_a_killed_build_left_is_cleared_away() {
    let world = World::indexed(&[("a.txt", "The frozen assets.")]);
    let index = world.home().join("index");
    let before = world.ask(&["frozen", "--format", "json"]).out;
    for stray in ["g999", "g2", "g0"] {
        std::fs::create_dir(index.join(stray)).expect("a folder");
        let segment = "0123456789abcdef0123456789abcdef.store";
        std::fs::write(index.join(stray).join(segment), "half of a segment").expect("a file");
    }
    // Of one that was being removed less is left than of one that was being made.
    std::fs::write(index.join("g2").join("meta.json"), "{").expect("a file");
    std::fs::write(index.join("current.new"), "{\"format\":1,\"gener").expect("a file");
    std::fs::write(index.join("notes.txt"), "not nutgraf's").expect("a file");
    std::fs::create_dir(index.join("g20")).expect("a folder");
    std::fs::write(index.join("g20").join("summit.txt"), "the user's own").expect("a file");
    assert_eq!(world.ask(&["frozen", "--format", "json"]).out, before);
    assert_eq!(world.index(&[]).code, 0);
    assert_eq!(world.json(&["info"])["index"]["generation"], 2);
    let mut names: Vec<String> = std::fs::read_dir(&index)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    assert_eq!(names, ["current", "g2", "g20", "lock", "notes.txt"], "what is not nutgraf's stays");
}

#[test]
fn a_build_that_is_killed_leaves_the_old_index_or_the_new() {
    let world = World::indexed(&[("a.txt", "The frozen assets.")]);
    world.write("b.txt", b"The frozen reserves.");
    let index = world.home().join("index");
    for moment in 0..6 {
        let mut child = world.indexer().stdout(std::process::Stdio::null()).spawn().expect("it runs");
        // At once, when the new generation appears, and at several stages of it.
        let next = || {
            let entries = std::fs::read_dir(&index).expect("a folder").filter_map(Result::ok);
            entries.filter(|entry| entry.file_name().to_string_lossy().starts_with('g')).map(|entry| entry.path()).max()
        };
        let stage = || next().and_then(|path| std::fs::read_dir(path).ok()).map_or(0, |files| files.count());
        while moment > 0 && stage() < moment * 2 && child.try_wait().expect("a process").is_none() {
            std::thread::yield_now();
        }
        child.kill().expect("a process");
        child.wait().expect("a process");
        let answer = world.json(&["frozen"]);
        let generation = answer["index"]["generation"].as_u64().expect("a number");
        let articles = if generation == 1 { 1 } else { 2 };
        assert_eq!(
            (&answer["index"]["articles"], hits(&answer).len()),
            (&articles.into(), articles),
            "moment {moment}"
        );
    }
    assert_eq!(world.index(&[]).code, 0);
    assert_eq!(world.json(&["frozen"])["index"]["articles"], 2);
}
