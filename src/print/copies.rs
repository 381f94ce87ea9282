//! The history of a group of copies -> versions one below the other, JSON, CSV, Markdown.

use std::io::{self, Write};

use super::changes::{self, ChangeShape, bracketed};
use super::delimited::{Delimiter, cell, date, optional, table};
use super::layout::{fields, text};
use super::markdown::{escaped, joined};
use super::safe::{Marked, clean};
use super::shapes::{VERSION, known};
use super::style::{Ink, Style};
use super::{Format, notation, wording};
use crate::article::{Delay, PubDate, Ref};
use crate::search::answer::{History, Version};

/// Prints each version with what it changed, and behind them how many copies there are.
pub(super) fn print(history: &History, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal(history, style, out),
        Format::Json => notation::pretty(&HistoryShape::of(history), out),
        Format::Jsonl => HistoryShape::of(history).copies.iter().try_for_each(|copy| notation::line(copy, out)),
        Format::Csv => rows(history, Delimiter::Comma, out),
        Format::Tsv => rows(history, Delimiter::Tab, out),
        Format::Md => markdown(history, out),
    }
}

fn terminal(history: &History, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let widest = history.versions.last().map_or(0, |version| version.rank.to_string().len());
    // Room for `> 23. `.
    let indent = widest + 4;
    for version in &history.versions {
        let sign = if version.reference == history.asked { '>' } else { ' ' };
        let lead = format!("{sign} {}.", version.rank);
        let headline = Marked { text: clean(wording::title(&version.title)), marks: vec![] };
        text(&headline, Ink::Bold, &lead, indent, style, out)?;
        let about = [version.source.clone(), Some(wording::date(version.date)), Some(version.reference.to_string())];
        fields(about.into_iter().flatten(), " · ", indent, style, out)?;
        fields(difference(version), " · ", indent, style, out)?;
        if version.rank == 1 {
            text(&Marked { text: clean(&version.text), marks: vec![] }, Ink::Plain, "", indent, style, out)?;
        } else {
            changes::terminal(&version.changes, indent, style, out)?;
        }
        writeln!(out)?;
    }
    text(&Marked { text: summary(history), marks: vec![] }, Ink::Plain, "", 0, style, out)
}

/// How a version differs from the earliest one, in words.
fn difference(version: &Version) -> Vec<String> {
    if version.rank == 1 {
        return vec!["earliest in this corpus".to_owned()];
    }
    let alike = if version.changes.is_empty() {
        "the same text".to_owned()
    } else {
        // Cut off, not rounded: what is not quite the same is not shown as 1.00.
        format!("similarity {:.2}", (version.similarity * 100.0).floor() / 100.0)
    };
    version.delay.map(wording::later).into_iter().chain([alike]).collect()
}

/// How many copies there are, where and when, and which of them are shown.
fn summary(history: &History) -> String {
    if history.copies == 1 {
        return "no other copy in this corpus".to_owned();
    }
    let counts = [
        format!("{} in {}", wording::copies_counted(history.copies), wording::counted(history.articles, "article")),
        wording::counted(history.outlets, "outlet"),
    ];
    let all: Vec<String> = counts.into_iter().chain(wording::period(history.first, history.last)).collect();
    let shown = match history.versions.len() {
        0 => "none of them".to_owned(),
        1 => format!("copy 1 of {}", history.copies),
        shown => format!("copies 1–{shown} of {}", history.copies),
    };
    format!("{}; shown: {shown}", all.join(", "))
}

fn markdown(history: &History, out: &mut dyn Write) -> io::Result<()> {
    for version in &history.versions {
        writeln!(out, "## {}. {}\n", version.rank, escaped(wording::title(&version.title)))?;
        let about = [version.source.clone(), Some(wording::date(version.date))];
        let difference = joined(difference(version), " · ");
        let about = joined(about.into_iter().flatten(), " · ");
        writeln!(out, "{about} · `{}` · {difference}\n", version.reference)?;
        if version.rank == 1 {
            writeln!(out, "> {}\n", escaped(&version.text))?;
        } else if !version.changes.is_empty() {
            writeln!(out, "> {}\n", changes::markdown(&version.changes))?;
        }
    }
    writeln!(out, "{}", summary(history))
}

/// Prints a row a copy; `asked` is 1 for the one that was asked for. `later` counts the unit beside it.
fn rows(history: &History, delimiter: Delimiter, out: &mut dyn Write) -> io::Result<()> {
    let header = [
        "rank",
        "group",
        "ref",
        "asked",
        "source",
        "date",
        "title",
        "later",
        "unit",
        "similarity",
        "identical",
        "text",
        "changes",
    ];
    let rows = history.versions.iter().map(|version| {
        [
            version.rank.to_string(),
            cell(&history.group),
            version.reference.to_string(),
            u8::from(version.reference == history.asked).to_string(),
            optional(version.source.as_deref()),
            date(version.date),
            cell(&version.title),
            version.delay.map(|delay| delay.number().to_string()).unwrap_or_default(),
            version.delay.map(|delay| delay.unit().to_owned()).unwrap_or_default(),
            wording::decimal(version.similarity),
            u8::from(version.changes.is_empty()).to_string(),
            cell(&version.text),
            cell(&bracketed(&version.changes)),
        ]
    });
    table(&header, rows, delimiter, out)
}

#[derive(serde::Serialize)]
struct HistoryShape<'a> {
    nutgraf: &'static str,
    group: &'a str,
    asked: Ref,
    total: TotalShape,
    first: Option<PubDate>,
    last: Option<PubDate>,
    copies: Vec<VersionShape<'a>>,
}

#[derive(serde::Serialize)]
struct TotalShape {
    copies: u64,
    articles: u64,
    outlets: u64,
}

impl HistoryShape<'_> {
    fn of(history: &History) -> HistoryShape<'_> {
        HistoryShape {
            nutgraf: VERSION,
            group: &history.group,
            asked: history.asked,
            total: TotalShape { copies: history.copies, articles: history.articles, outlets: history.outlets },
            first: history.first,
            last: history.last,
            copies: history.versions.iter().map(VersionShape::of).collect(),
        }
    }
}

#[derive(serde::Serialize)]
struct VersionShape<'a> {
    rank: u64,
    #[serde(rename = "ref")]
    reference: Ref,
    source: Option<&'a str>,
    date: Option<PubDate>,
    title: Option<&'a str>,
    later: Option<DelayShape>,
    similarity: f64,
    identical: bool,
    text: &'a str,
    changes: Vec<ChangeShape<'a>>,
}

impl VersionShape<'_> {
    fn of(version: &Version) -> VersionShape<'_> {
        VersionShape {
            rank: version.rank,
            reference: version.reference,
            source: version.source.as_deref().and_then(known),
            date: version.date,
            title: known(&version.title),
            later: version.delay.map(DelayShape::of),
            similarity: version.similarity,
            identical: version.changes.is_empty(),
            text: &version.text,
            changes: version.changes.iter().map(ChangeShape::of).collect(),
        }
    }
}

/// An object with one field, the unit: `{"days": 3}`.
#[derive(serde::Serialize)]
#[serde(rename_all = "lowercase")]
enum DelayShape {
    Days(i32),
    Months(i32),
    Years(i32),
}

impl DelayShape {
    fn of(delay: Delay) -> DelayShape {
        match delay {
            Delay::Days(number) => DelayShape::Days(number),
            Delay::Months(number) => DelayShape::Months(number),
            Delay::Years(number) => DelayShape::Years(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{self, printed};
    use super::*;

    fn shown(format: Format) -> String {
        let style = Style { width: 60, ..Style::plain() };
        printed(|out| print(&samples::history(), format, &style, out))
    }

    #[test]
    fn a_history_reads_well() {
        assert_eq!(
            shown(Format::Terminal),
            "  1. Belgium weighs what to do with frozen assets
     Reuters · 2025-05-28 · 0000000000sc#4
     earliest in this corpus
     The bank froze 300 billion euros, it says.

> 2. Belgium weighs what to do with frozen assets
     Example | Gazette · 2025-06-01 · 0000000000sd#4
     4 days later · similarity 0.93
     The bank froze [-300-]{+250+} billion euros[-, it
     says-].

  3. (no headline)
     undated · 0000000000se#4
     the same text

4 copies in 4 articles, 2 outlets, 2025-05-28 to 2025-06-01;
shown: copies 1–3 of 4
"
        );
        let mut alone = samples::history();
        alone.copies = 1;
        alone.versions.truncate(1);
        let out = printed(|out| print(&alone, Format::Terminal, &Style::plain(), out));
        assert!(out.ends_with("\n\nno other copy in this corpus\n"), "{out}");
    }

    #[test]
    fn a_history_is_a_report() {
        assert_eq!(
            shown(Format::Md),
            "\
## 1. Belgium weighs what to do with frozen assets

Reuters · 2025-05-28 · `0000000000sc#4` · earliest in this corpus

> The bank froze 300 billion euros, it says.

## 2. Belgium weighs what to do with frozen assets

Example \\| Gazette · 2025-06-01 · `0000000000sd#4` · 4 days later · similarity 0.93

> The bank froze ~~300~~ **250** billion euros ~~, it says~~.

## 3. (no headline)

undated · `0000000000se#4` · the same text

4 copies in 4 articles, 2 outlets, 2025-05-28 to 2025-06-01; shown: copies 1–3 of 4
"
        );
    }

    #[test]
    fn copies_are_rows() {
        let expected = "\
rank,group,ref,asked,source,date,title,later,unit,similarity,identical,text,changes
1,g1,0000000000sc#4,0,Reuters,2025-05-28,Belgium weighs what to do with frozen assets,0,days,1.0,1,\"The bank froze 300 billion euros, it says.\",
2,g1,0000000000sd#4,1,Example | Gazette,2025-06-01,Belgium weighs what to do with frozen assets,4,days,0.9375,0,The bank froze 250 billion euros.,\"The bank froze [-300-]{+250+} billion euros[-, it says-].\"
3,g1,0000000000se#4,0,,,,,,1.0,1,\"The bank froze 300 billion euros, it says.\",
";
        assert_eq!(shown(Format::Csv), expected);
        assert_eq!(shown(Format::Tsv).lines().count(), 4);
    }

    #[test]
    fn a_history_has_its_shape() {
        let json: serde_json::Value = serde_json::from_str(&shown(Format::Json)).expect("JSON");
        let lines = shown(Format::Jsonl);
        let lines: Vec<serde_json::Value> =
            lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(json["copies"], serde_json::Value::Array(lines));
        assert_eq!(json["total"], serde_json::json!({"copies": 4, "articles": 4, "outlets": 2}));
        let expected = serde_json::json!({
            "rank": 2, "ref": "0000000000sd#4", "source": "Example | Gazette", "date": "2025-06-01",
            "title": "Belgium weighs what to do with frozen assets", "later": {"days": 4}, "similarity": 0.9375,
            "identical": false, "text": "The bank froze 250 billion euros.",
            "changes": [
                {"op": "equal", "text": "The bank froze "}, {"op": "delete", "text": "300"},
                {"op": "insert", "text": "250"}, {"op": "equal", "text": " billion euros"},
                {"op": "delete", "text": ", it says"}, {"op": "equal", "text": "."},
            ],
        });
        assert_eq!(json["copies"][1], expected);
        assert_eq!((&json["copies"][2]["later"], &json["asked"]), (&serde_json::Value::Null, &"0000000000sd#4".into()));
    }
}
