//! What is told of the sample of a timeline in each format.

use super::super::samples::{self, printed};
use super::super::wrap::columns;
use super::*;

fn shown(split: bool, share: bool, format: Format, width: usize) -> String {
    let style = Style { width, ..Style::plain() };
    printed(|out| print(&samples::timeline(split, share), format, &style, out))
}

#[test]
fn bars_read_well_on_narrow_terminals() {
    assert_eq!(
        shown(false, false, Format::Terminal, 60),
        "\
month    paragraphs  groups  articles
2024-12           6       4         3  █████████████████████
2025-01           0       0         0
2025-02           3       3         2  ██████████▌

14 paragraphs in 9 groups, 8 articles, 4 sources
in no month: 4 paragraphs of articles dated to the year
only, 1 paragraph of undated articles
"
    );
    assert_eq!(
        shown(true, true, Format::Terminal, 60),
        "\
month    paragraphs    of   share  groups
2024-12           6    48  12.50%       4  █████████▓▓▓▓▓▓··
2025-01           0     0       –       0
2025-02           3  1200   0.25%       3  █

█ /russia: 8 paragraphs in 6 groups
▓ /<b>|\u{fffd}\u{fffd}&\": 4 paragraphs in 3 groups
· other: 4 paragraphs in 2 groups

left out for want of room: articles
14 paragraphs in 9 groups, 8 articles, 4 sources
in no month: 4 paragraphs of articles dated to the year
only, 1 paragraph of undated articles
values overlap: a paragraph counts for each actor that it
has; other has none of these
"
    );
}

#[test]
fn bars_read_well_on_wide_terminals() {
    let out = shown(false, true, Format::Terminal, 200);
    assert_eq!(out, "\
month    paragraphs    of   share  groups  articles
2024-12           6    48  12.50%       4         3  ███████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████████
2025-01           0     0       –       0         0
2025-02           3  1200   0.25%       3         2  ███

14 paragraphs in 9 groups, 8 articles, 4 sources
in no month: 4 paragraphs of articles dated to the year only, 1 paragraph of undated articles
");
    let out = shown(true, false, Format::Terminal, 200);
    assert_eq!(out.lines().nth(1).map(columns), Some(200), "{out}");
}

#[test]
fn no_line_is_wider_than_asked() {
    for (split, share) in [(false, false), (false, true), (true, false), (true, true)] {
        for width in [40, 60, 79, 200] {
            let out = shown(split, share, Format::Terminal, width);
            assert!(out.lines().all(|line| columns(line) <= width && !line.ends_with(' ')), "{width}: {out}");
            assert!(!out.contains(['\x1b', '\u{202e}']), "{out}");
        }
    }
}

#[test]
fn nothing_is_told_too() {
    let mut nothing = samples::timeline(false, false);
    nothing.periods.clear();
    nothing.apart.clear();
    nothing.total = crate::search::answer::Totals::default();
    let out = printed(|out| print(&nothing, Format::Terminal, &Style::plain(), out));
    assert_eq!(out, "no paragraph matches: 1873 paragraphs in 120 articles were searched\n");
    assert!(printed(|out| figure(&nothing, out)).contains(">nothing to draw<"));
}

#[test]
fn periods_are_rows() {
    assert_eq!(
        shown(false, true, Format::Csv, 60),
        "\
period,value,paragraphs,groups,articles,of,share
2024-12,,6,4,3,48,12.5
2025-01,,0,0,0,0,
2025-02,,3,3,2,1200,0.25
year only,,4,2,2,,
undated,,1,0,1,,
"
    );
    assert_eq!(
        shown(true, false, Format::Tsv, 60),
        "\
period	value	paragraphs	groups	articles	of	share
2024-12		6	4	3		
2024-12	/russia	4	3	2		
2024-12	\"/<b>|\u{fffd}\u{fffd}&\"\"\"	3	2	2		
2024-12	other	1	1	1		
2025-01		0	0	0		
2025-01	/russia	0	0	0		
2025-01	\"/<b>|\u{fffd}\u{fffd}&\"\"\"	0	0	0		
2025-01	other	0	0	0		
2025-02		3	3	2		
2025-02	/russia	2	2	1		
2025-02	\"/<b>|\u{fffd}\u{fffd}&\"\"\"	0	0	0		
2025-02	other	1	1	1		
year only		4	2	2		
year only	/russia	2	1	1		
year only	\"/<b>|\u{fffd}\u{fffd}&\"\"\"	1	1	1		
year only	other	1	0	1		
undated		1	0	1		
undated	/russia	0	0	0		
undated	\"/<b>|\u{fffd}\u{fffd}&\"\"\"	0	0	0		
undated	other	1	0	1		
"
    );
    assert_eq!(
        shown(true, true, Format::Md, 60),
        "\
| month | paragraphs | groups | articles | of | share | /russia | /&lt;b&gt;\\|\u{fffd}\u{fffd}&amp;\" | other |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| 2024-12 | 6 | 4 | 3 | 48 | 12.50% | 4 | 3 | 1 |
| 2025-01 | 0 | 0 | 0 | 0 |  | 0 | 0 | 0 |
| 2025-02 | 3 | 3 | 2 | 1200 | 0.25% | 2 | 0 | 1 |
| year only | 4 | 2 | 2 |  |  | 2 | 1 | 1 |
| undated | 1 | 0 | 1 |  |  | 0 | 0 | 1 |

14 paragraphs in 9 groups, 8 articles, 4 sources

in no month: 4 paragraphs of articles dated to the year only, 1 paragraph of undated articles

values overlap: a paragraph counts for each actor that it has; other has none of these
"
    );
}

#[test]
fn a_timeline_has_its_shape() {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    let json = read(&shown(true, true, Format::Json, 60));
    let lines: Vec<serde_json::Value> = shown(true, true, Format::Jsonl, 60).lines().map(read).collect();
    let named: Vec<&String> = json.as_object().expect("an object").keys().collect();
    assert_eq!(named, ["nutgraf", "query", "index", "total", "by", "split", "periods", "apart"]);
    assert_eq!(lines[..3], json["periods"].as_array().expect("periods")[..]);
    assert_eq!(lines[3..], json["apart"].as_array().expect("what is apart")[..]);
    let expected = serde_json::json!({
        "period": "2025-02", "paragraphs": 3, "groups": 3, "articles": 2, "share": 0.25, "of": 1200,
        "parts": [
            {"path": "/russia", "paragraphs": 2, "groups": 2, "articles": 1, "share": 0.1667},
            {"path": "/<b>|\u{1b}\u{202e}&\"", "paragraphs": 0, "groups": 0, "articles": 0, "share": 0.0},
            {"path": "other", "paragraphs": 1, "groups": 1, "articles": 1, "share": 0.0833},
        ],
    });
    assert_eq!(json["periods"][2], expected);
    assert_eq!(json["periods"][1]["share"], serde_json::Value::Null);
    assert_eq!((&json["apart"][1]["period"], json["apart"][1].get("of")), (&"undated".into(), None));
    assert_eq!(json["split"]["values"][0]["paragraphs"], 8);
    let plain = read(&shown(false, false, Format::Json, 60));
    assert_eq!(
        (plain.get("split"), plain["periods"][0].get("parts"), plain["periods"][0].get("share")),
        (None, None, None)
    );
}

/// The texts of a figure, once it is seen that each element is closed and each reference is one that XML knows.
fn texts(svg: &str) -> Vec<String> {
    let (mut open, mut texts) = (Vec::new(), Vec::new());
    for piece in svg.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag ends");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        for reference in piece.split('&').skip(1) {
            assert!(
                ["lt;", "gt;", "amp;", "quot;", "#39;"].iter().any(|known| reference.starts_with(known)),
                "{piece}"
            );
        }
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{svg}"),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split(' ').next().unwrap_or_default()),
        }
        texts.extend(Some(text.trim().to_owned()).filter(|text| !text.is_empty()));
    }
    assert!(open.is_empty(), "{open:?}");
    texts
}

#[test]
fn a_figure_tells_what_it_shows() {
    let mut sample = samples::timeline(true, true);
    sample.read_as = "(\"</text><script>alert(1)</script>\" AND a&b\u{202e}\x1b) ".repeat(20);
    let svg = printed(|out| figure(&sample, out));
    assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"), "{svg}");
    assert!(!svg.contains(['\x1b', '\u{202e}']) && !svg.contains("<script"), "{svg}");
    let texts = texts(&svg);
    for text in ["2024-12", "per cent of all paragraphs", "/russia", "other", "2025-02 /russia: 2 paragraphs of 1200"] {
        assert!(texts.iter().any(|found| found == text), "{text}: {texts:?}");
    }
    let apart = "in no month: 4 paragraphs of articles dated to the year only, 1 paragraph of undated articles";
    assert!(texts.iter().any(|found| found == apart), "{texts:?}");
    assert!(texts.iter().any(|found| found.starts_with("/&lt;b&gt;|")), "{texts:?}");
    let title = texts.iter().filter(|text| text.contains("script") && text.len() < 400);
    assert_eq!(title.count(), 3, "a title has three lines at most: {texts:?}");
    texts_do_not_overlap(&svg);
}

/// The labels below the axis stand far enough apart, whatever the number of periods.
#[test]
fn labels_do_not_overlap() {
    let sample = samples::timeline(false, false);
    let first = |unit| crate::search::answer::Period::of("1999-11-30".parse().expect("a date"), unit).expect("a day");
    for unit in crate::search::answer::Unit::ALL {
        for length in [1, 2, 3, 5, 12, 13, 40, 99, 400, 1000, 2000] {
            let mut long = sample.clone();
            let last = (length - 1).min(2000);
            let all = first(unit).through(first_after(first(unit), last));
            let moment = |period| Moment { period, ..sample.periods[0].clone() };
            long.by = unit;
            long.periods = all.map(moment).collect();
            texts_do_not_overlap(&printed(|out| figure(&long, out)));
        }
    }
}

/// The period so many later.
fn first_after(first: crate::search::answer::Period, later: i32) -> crate::search::answer::Period {
    use crate::search::answer::{Period, Unit};
    let end = Period::of("9999-12-31".parse().expect("a date"), first.unit()).expect("a day");
    assert!(first.unit() == Unit::Year || end.number() - first.number() > later);
    first.through(end).nth(later as usize).unwrap_or(end)
}

#[track_caller]
fn texts_do_not_overlap(svg: &str) {
    let mut labels: Vec<(f64, f64)> = Vec::new();
    for line in svg.lines().filter(|line| line.starts_with("<text") && line.contains("text-anchor=\"middle\">")) {
        let x = line.split('"').nth(1).and_then(|x| x.parse::<f64>().ok()).expect("a place");
        let text = line.split(['<', '>']).nth(2).expect("a text");
        // Digits of a wide font are 0.64 em.
        let half = text.len() as f64 * 12.0 * 0.64 / 2.0;
        labels.push((x - half, x + half));
    }
    assert!(!labels.is_empty(), "{svg}");
    assert!(labels.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{labels:?}");
    assert!(labels.iter().all(|(left, right)| *left >= 0.0 && *right <= 960.0), "{labels:?}");
}
