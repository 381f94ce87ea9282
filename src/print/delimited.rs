//! Answers, facets, pages and facts -> comma- and tab-separated values: a header row, then a row a hit, value,
//! paragraph or fact.
//!
//! Both are quoted as RFC 4180 says, tabs, quotes and line breaks inside a cell too; rows end with a line feed. So one
//! rule reads both, in spreadsheets, R, pandas and any CSV library; JSON lines suit line tools better. What is not
//! known is an empty cell. A list is joined by `; `. `highlights` are half-open ranges of code points of `text`,
//! written `12..18; 37..43` since a spreadsheet would make `12-18` a date.
//!
//! A cell is the whole text but for two things. A control character (tab and line feed aside) or a mark that reorders
//! the line is U+FFFD, one for one. And a cell that a spreadsheet would take for a formula, one that begins with `=`,
//! `+`, `-`, `@`, their full-width forms, a tab or a line break, has an apostrophe before it; so has one that begins
//! with apostrophes and then one of those, so that taking one apostrophe away always gives the text back.

use std::io::{self, Write};

use super::code_points::code_points;
use super::page::{Fact, Section};
use super::safe::{is_direction_mark, is_hostile};
use crate::search::answer::Page;

use super::wording::{self, decimal};
use crate::article::{PubDate, Ref};
use crate::search::answer::{Answer, Concordance, FacetCounts, Hit, Why};

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    Comma,
    Tab,
}

/// The columns of a hit.
pub(super) const HIT: [&str; 22] = [
    "rank",
    "score",
    "ref",
    "article",
    "title",
    "source",
    "author",
    "date",
    "url",
    "lang",
    "path",
    "record",
    "paragraph",
    "text",
    "highlights",
    "actors",
    "topics",
    "group",
    "copies",
    "matching",
    "novelty",
    "earlier",
];

/// Prints a row a hit.
pub(super) fn answer(answer: &Answer, delimiter: Delimiter, out: &mut dyn Write) -> io::Result<()> {
    table(&HIT, answer.hits.iter().map(hit), delimiter, out)
}

/// The cells of a hit.
pub(super) fn hit(hit: &Hit) -> [String; HIT.len()] {
    let (article, duplicates) = (&hit.article, &hit.duplicates);
    let (novelty, earlier) = hit.novelty.as_ref().map_or(("", None), wording::novelty);
    [
        hit.rank.to_string(),
        decimal(hit.score),
        hit.reference.to_string(),
        article.id.to_string(),
        cell(&article.title),
        optional(article.source.as_deref()),
        optional(article.author.as_deref()),
        date(article.date),
        optional(article.url.as_deref()),
        cell(&article.lang),
        cell(&article.path),
        optional(article.record.as_deref()),
        hit.reference.paragraph.to_string(),
        cell(&hit.text),
        ranges(&code_points(&hit.text, &hit.highlights)),
        list(&hit.actors),
        list(&hit.topics),
        cell(&duplicates.group),
        duplicates.copies.to_string(),
        duplicates.matching.to_string(),
        novelty.to_owned(),
        earlier.map(|earlier| earlier.reference.to_string()).unwrap_or_default(),
    ]
}

/// Prints one row of totals.
pub(super) fn count(answer: &Answer, delimiter: Delimiter, out: &mut dyn Write) -> io::Result<()> {
    let total = &answer.total;
    let row = [
        cell(&answer.text),
        total.paragraphs.to_string(),
        total.groups.to_string(),
        total.articles.to_string(),
        total.sources.to_string(),
        total.boilerplate.to_string(),
    ];
    table(&["query", "paragraphs", "groups", "articles", "sources", "boilerplate"], [row], delimiter, out)
}

/// Prints a row a value.
pub(super) fn facets(facets: &[FacetCounts], delimiter: Delimiter, out: &mut dyn Write) -> io::Result<()> {
    let rows = facets.iter().flat_map(|facet| {
        facet.values.iter().map(|count| {
            [
                cell(&facet.field),
                cell(&count.path),
                count.groups.to_string(),
                count.paragraphs.to_string(),
                count.articles.to_string(),
            ]
        })
    });
    table(&["field", "path", "groups", "paragraphs", "articles"], rows, delimiter, out)
}

/// Prints a row a paragraph; `asked` is 1 for the one that was asked for.
pub(super) fn page(page: &Page, delimiter: Delimiter, out: &mut dyn Write) -> io::Result<()> {
    let card = &page.card;
    let header = [
        "ref",
        "article",
        "title",
        "source",
        "author",
        "date",
        "url",
        "lang",
        "path",
        "record",
        "paragraph",
        "asked",
        "text",
        "highlights",
        "actors",
        "topics",
    ];
    let rows = page.paragraphs.iter().map(|paragraph| {
        [
            Ref { article: card.id, paragraph: paragraph.number }.to_string(),
            card.id.to_string(),
            cell(&card.title),
            optional(card.source.as_deref()),
            optional(card.author.as_deref()),
            date(card.date),
            optional(card.url.as_deref()),
            cell(&card.lang),
            cell(&card.path),
            optional(card.record.as_deref()),
            paragraph.number.to_string(),
            u8::from(page.asked == Some(paragraph.number)).to_string(),
            cell(&paragraph.text),
            ranges(&code_points(&paragraph.text, &paragraph.highlights)),
            list(&paragraph.actors),
            list(&paragraph.topics),
        ]
    });
    table(&header, rows, delimiter, out)
}

/// Prints a row a match.
pub(super) fn concordance(all: &Concordance, delimiter: Delimiter, out: &mut dyn Write) -> io::Result<()> {
    let rows = all.lines.iter().map(|line| {
        [
            line.reference.to_string(),
            optional(line.source.as_deref()),
            date(line.date),
            cell(&line.left),
            cell(&line.matched),
            cell(&line.right),
            ranges(&code_points(&line.matched, &line.highlights)),
        ]
    });
    table(&["ref", "source", "date", "left", "match", "right", "highlights"], rows, delimiter, out)
}

/// Prints a row a part of the question.
pub(super) fn why(why: &Why, delimiter: Delimiter, out: &mut dyn Write) -> io::Result<()> {
    let rows = why.parts.iter().map(|part| {
        let numbers: Vec<String> = part.paragraphs.iter().map(u32::to_string).collect();
        let holds = !part.paragraphs.is_empty();
        [part.depth.to_string(), cell(&part.clause), holds.to_string(), numbers.join("; "), list(&part.words)]
    });
    table(&["depth", "clause", "holds", "paragraphs", "words"], rows, delimiter, out)
}

/// Prints a row a fact.
pub(super) fn info(sections: &[Section], delimiter: Delimiter, out: &mut dyn Write) -> io::Result<()> {
    let rows = sections.iter().flat_map(|section| {
        section.facts.iter().map(|(key, fact)| {
            let value = match fact {
                Fact::Count(count) => count.to_string(),
                Fact::Text(text) => cell(text),
                Fact::List(values) => list(values),
                Fact::Unknown => String::new(),
            };
            [cell(&section.name), cell(key), value]
        })
    });
    table(&["section", "key", "value"], rows, delimiter, out)
}

/// Writes a header and rows of as many cells.
pub(super) fn table<Row: IntoIterator<Item = String>>(
    header: &[&str],
    rows: impl IntoIterator<Item = Row>,
    delimiter: Delimiter,
    out: &mut dyn Write,
) -> io::Result<()> {
    let delimiter = match delimiter {
        Delimiter::Comma => b',',
        Delimiter::Tab => b'\t',
    };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
    writer.write_record(header).map_err(as_io)?;
    for row in rows {
        writer.write_record(row.into_iter().collect::<Vec<String>>()).map_err(as_io)?;
    }
    writer.flush()
}

/// The system's own error: csv's own conversion would hide that a pipe was closed.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A text as a cell.
pub(super) fn cell(text: &str) -> String {
    let shown = text.chars().map(|c| match c {
        // Direction marks are part of a text in Arabic or Hebrew and harmless in a cell.
        c if c == '\t' || c == '\n' || is_direction_mark(c) => c,
        c if is_hostile(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    });
    let apostrophe = is_formula(text).then_some('\'');
    apostrophe.into_iter().chain(shown).collect()
}

/// Whether a spreadsheet might run the text, or would if an apostrophe were taken away. The list is that of OWASP's
/// page on CSV injection.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

pub(super) fn optional(text: Option<&str>) -> String {
    text.map(cell).unwrap_or_default()
}

pub(super) fn date(date: Option<PubDate>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

pub(super) fn list(values: &[String]) -> String {
    cell(&values.join("; "))
}

fn ranges(ranges: &[[usize; 2]]) -> String {
    ranges.iter().map(|[start, end]| format!("{start}..{end}")).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{self, printed};
    use super::*;

    #[test]
    fn hits_are_rows() {
        let mut answer = samples::answer();
        answer.hits[0].text = "=HYPERLINK(\"x\")".into();
        answer.hits[0].highlights = vec![1..10, 12..13];
        let out = printed(|out| super::answer(&answer, Delimiter::Comma, out));
        let rows: Vec<_> = out.lines().take(2).collect();
        assert_eq!(
            rows,
            [
                "rank,score,ref,article,title,source,author,date,url,lang,path,record,paragraph,text,highlights,actors,\
                 topics,group,copies,matching,novelty,earlier",
                "1,7.3125,0000000000sc#4,0000000000sc,Belgium weighs what to do with frozen assets,Reuters,,2025-05-28,\
                 https://example.org/a_b?c=1&copy=2,en,wire/may.jsonl,812,4,\"'=HYPERLINK(\"\"x\"\")\",1..10; 12..13,\
                 /russia/government,/economy/sanctions/frozen-assets; /diplomacy,g1,4,2,,",
            ]
        );
    }

    #[test]
    fn formulas_are_quoted_and_come_back() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-5 degrees", "'-5 degrees"),
            ("\tx", "'\tx"),
            ("\rx", "'\u{fffd}x"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("'We will', he said", "'We will', he said"),
            ("a\x1b[31m=b", "a\u{fffd}[31m=b"),
        ] {
            assert_eq!(cell(text), expected);
        }
    }

    fn stays(c: char) -> bool {
        "\t\n".contains(c) || is_direction_mark(c)
    }

    proptest! {
        #[test]
        fn cells_are_read_back_whole((text, highlights) in samples::marked_text()) {
            let mut answer = samples::answer();
            answer.hits[1] = samples::hit(2, &text, &highlights);
            answer.hits[1].article.title = text.clone();
            let whole: String =
                text.chars().map(|c| if is_hostile(c) && !stays(c) { '\u{fffd}' } else { c }).collect();
            for (delimiter, byte) in [(Delimiter::Comma, b','), (Delimiter::Tab, b'\t')] {
                let out = printed(|out| super::answer(&answer, delimiter, out));
                prop_assert!(!out.chars().any(|c| is_hostile(c) && !stays(c)));
                let mut reader = csv::ReaderBuilder::new().delimiter(byte).from_reader(out.as_bytes());
                let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
                prop_assert_eq!(rows.len(), 2);
                for column in [4, 13] {
                    let cell = &rows[1][column];
                    prop_assert!(cell == whole || cell.strip_prefix('\'') == Some(&whole), "{:?}", cell);
                    prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
                }
            }
        }
    }
}
