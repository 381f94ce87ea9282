//! Answers, pages and facts to try the printers on.

use std::io::{self, Write};
use std::ops::Range;

use proptest::prelude::*;
use proptest::sample::Index;

use super::page::{Fact, Section};
use crate::article::{ArticleId, CorpusDigest, Delay, Given, Ref};
use crate::search::answer::{
    Answer, ArticleCard, Concordance, Context, Copy, Duplicates, FacetCount, FacetCounts, Hit, Holdings, Totals,
};
use crate::search::answer::{Apart, Cell, Count, Counts, Cross, Moment, OTHER, Period, Split, Timeline, Unit};
use crate::search::answer::{
    Change, CopiedGroup, Edit, History, Line, MostCopied, Page, PageParagraph, Part, Reprinter, Reprints, Version, Why,
};

/// What a printer prints.
pub(super) fn printed(print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    print(&mut out).expect("memory can be written to");
    String::from_utf8(out).expect("printers write UTF-8")
}

/// An article's card.
pub(super) fn card(title: &str) -> ArticleCard {
    ArticleCard {
        id: ArticleId::from_bits(812),
        title: title.into(),
        source: Some("Reuters".into()),
        author: None,
        date: "2025-05-28".parse().ok(),
        url: Some("https://example.org/a_b?c=1&copy=2".into()),
        lang: "en".into(),
        path: "wire/may.jsonl".into(),
        record: Some("812".into()),
    }
}

/// A hit with this text and nothing else of note.
pub(super) fn hit(rank: u64, text: &str, highlights: &[Range<usize>]) -> Hit {
    let article = card("Belgium weighs what to do with frozen assets");
    Hit {
        rank,
        score: 7.3125,
        reference: Ref { article: article.id, paragraph: 4 },
        article,
        text: text.into(),
        highlights: highlights.to_vec(),
        actors: vec!["/russia/government".into()],
        topics: vec!["/economy/sanctions/frozen-assets".into(), "/diplomacy".into()],
        evidence: None,
        duplicates: Duplicates { group: "g1".into(), copies: 1, matching: 1, outlets: 1, ..Duplicates::default() },
        novelty: None,
        context: Context::default(),
    }
}

/// An answer of two hits, one of them with copies and context.
pub(super) fn answer() -> Answer {
    let text = "The assets, frozen since 2022, lie in Brussels – “frozen assets” that nobody may touch.";
    let mut first = hit(1, text, &[4..10, 12..18, 54..60, 61..67]);
    first.duplicates.copies = 4;
    first.duplicates.matching = 2;
    first.duplicates.outlets = 2;
    first.duplicates.first = "2025-05-28".parse().ok();
    first.duplicates.others = vec![Copy {
        reference: Ref { article: ArticleId::from_bits(813), paragraph: 2 },
        source: None,
        date: None,
        title: String::new(),
        similarity: 0.93,
        matches: true,
    }];
    first.context.before = vec![(Ref { paragraph: 3, ..first.reference }, "What came before.".into())];
    let mut second = hit(2, "قال بيان مجلس الأمن إن الأصول frozen لن تعود.", &[]);
    second.article.title = "الأصول المجمدة".into();
    second.article.source = None;
    second.article.date = None;
    second.actors.clear();
    Answer {
        text: "frozen assets".into(),
        read_as: "(frozen AND assets)".into(),
        index: Holdings { generation: 3, corpus: CorpusDigest(0x5eed), articles: 120, paragraphs: 1873, groups: 1790 },
        total: Totals { paragraphs: 14, groups: 9, articles: 8, sources: 4, boilerplate: 0 },
        hits: vec![first, second],
        facets: vec![FacetCounts {
            field: "actor".into(),
            values: vec![
                FacetCount { path: "/russia".into(), groups: 7, paragraphs: 11, articles: 6 },
                FacetCount { path: "/russia/government".into(), groups: 5, paragraphs: 8, articles: 5 },
            ],
        }],
    }
}

/// An article of which a paragraph was asked for.
pub(super) fn page() -> Page {
    let paragraph = |number, text: &str| PageParagraph {
        number,
        text: text.into(),
        highlights: vec![],
        actors: vec!["/belgium".into()],
        topics: vec![],
    };
    Page {
        card: card("Belgium weighs what to do"),
        given: vec![Given { kind: "topics".into(), value: "cocoa".into() }],
        length: 23,
        asked: Some(4),
        paragraphs: vec![paragraph(3, "The one before."), paragraph(4, "The one that was asked for.")],
    }
}

/// Facts of every kind.
pub(super) fn sections() -> Vec<Section> {
    vec![Section {
        name: "index".into(),
        facts: vec![
            ("articles".into(), Fact::Count(120)),
            ("path".into(), Fact::Text("./index".into())),
            ("codebooks".into(), Fact::List(vec!["actors".into(), "topics".into()])),
            ("oldest".into(), Fact::Unknown),
        ],
    }]
}

/// Any text with any ranges of it marked, often with the characters that go wrong.
pub(super) fn marked_text() -> impl Strategy<Value = (String, Vec<Range<usize>>)> {
    let tricky = "[ a-z\\-=+@'\"<>&\\[\\]()`*_|#!\\\\;\t\n\r\x1b\u{7f}\u{9b}\u{ad}\u{200b}-\u{200f}\u{2028}-\u{202e}\
                  \u{2066}-\u{2069}\u{301}\u{5d0}-\u{5d5}\u{628}-\u{62f}\u{4e00}-\u{4e0f}\u{1100}\u{1f469}\u{1f1e6}]{0,80}";
    let text = prop_oneof![any::<String>(), tricky.prop_map(String::from)];
    (text, prop::collection::vec(any::<Index>(), 0..9)).prop_map(|(text, places)| {
        let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut places: Vec<usize> = places.iter().map(|place| *place.get(&boundaries)).collect();
        places.sort_unstable();
        places.dedup();
        let ranges = places.chunks_exact(2).map(|pair| pair[0]..pair[1]).collect();
        (text, ranges)
    })
}

/// A concordance of two lines.
pub(super) fn concordance() -> Concordance {
    let answer = answer();
    let line = |left: &str, matched: &str, highlights: &[Range<usize>], right: &str| Line {
        reference: answer.hits[0].reference,
        source: Some("Reuters".into()),
        date: None,
        left: left.into(),
        matched: matched.into(),
        highlights: highlights.to_vec(),
        right: right.into(),
    };
    Concordance {
        text: answer.text.clone(),
        read_as: answer.read_as.clone(),
        index: answer.index,
        total: answer.total,
        lines: vec![
            line("Belgium holds ", "frozen state assets", &[0..6, 13..19], ", it says"),
            line("", "制裁 \x1b[31m资产", &[0..6, 12..18], ""),
        ],
    }
}

/// Why a paragraph matches a question of two words.
pub(super) fn why() -> Why {
    let hit = hit(1, "Frozen assets", &[]);
    let part = |depth: usize, clause: &str, holds: bool, words: &[&str]| Part {
        depth,
        clause: clause.into(),
        paragraphs: if holds { vec![4] } else { vec![] },
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    Why {
        article: hit.article.id,
        reference: Some(hit.reference),
        text: Some(hit.text),
        parts: vec![
            part(0, "(frozen OR gold)", true, &["Frozen"]),
            part(1, "frozen", true, &["Frozen"]),
            part(1, "gold", false, &[]),
        ],
    }
}

/// The changes that make a text of another one.
pub(super) fn changes(changes: &[(Edit, &str)]) -> Vec<Change> {
    changes.iter().map(|(edit, text)| Change { edit: *edit, text: (*text).to_owned() }).collect()
}

/// A history of four copies, of which three are shown: the earliest, a changed one and an undated one.
pub(super) fn history() -> History {
    let version = |rank: u64, text: &str| Version {
        rank,
        reference: Ref { article: ArticleId::from_bits(811 + rank), paragraph: 4 },
        source: Some("Reuters".into()),
        date: "2025-05-28".parse().ok(),
        title: "Belgium weighs what to do with frozen assets".into(),
        delay: Some(Delay::Days(0)),
        similarity: 1.0,
        text: text.into(),
        changes: vec![],
    };
    let first = version(1, "The bank froze 300 billion euros, it says.");
    let second = Version {
        source: Some("Example | Gazette".into()),
        date: "2025-06-01".parse().ok(),
        delay: Some(Delay::Days(4)),
        similarity: 0.9375,
        changes: changes(&[
            (Edit::Equal, "The bank froze "),
            (Edit::Delete, "300"),
            (Edit::Insert, "250"),
            (Edit::Equal, " billion euros"),
            (Edit::Delete, ", it says"),
            (Edit::Equal, "."),
        ]),
        ..version(2, "The bank froze 250 billion euros.")
    };
    let third = Version { source: None, date: None, title: String::new(), delay: None, ..version(3, &first.text) };
    History {
        group: "g1".into(),
        asked: second.reference,
        copies: 4,
        articles: 4,
        outlets: 2,
        first: first.date,
        last: second.date,
        versions: vec![first, second, third],
    }
}

/// Two of seven groups of copies, one of them undated and hostile.
pub(super) fn most_copied() -> MostCopied {
    let answer = answer();
    let group = |rank: u64, text: &str| CopiedGroup {
        rank,
        group: format!("g{rank}"),
        matching: 3,
        copies: 5,
        outlets: 2,
        first: "2025-05-28".parse().ok(),
        last: "2025-06".parse().ok(),
        reference: answer.hits[0].reference,
        source: Some("Reuters".into()),
        text: text.into(),
    };
    let first = group(1, "The assets, frozen since 2022, lie in Brussels, where nobody may touch them.");
    let second = CopiedGroup {
        matching: 2,
        copies: 2,
        outlets: 0,
        first: None,
        last: None,
        reference: Ref { article: ArticleId::from_bits(813), paragraph: 1 },
        source: None,
        ..group(2, "= a |\x1b[2J text")
    };
    MostCopied {
        text: answer.text,
        read_as: answer.read_as,
        index: answer.index,
        total: answer.total,
        copied: 7,
        groups: vec![first, second],
    }
}

/// What two outlets reprinted of another, the second with a hostile name.
pub(super) fn reprints() -> Reprints {
    let answer = answer();
    let gazette = Reprinter {
        source: "Example Gazette".into(),
        groups: 5,
        paragraphs: 6,
        later: 2,
        same: 1,
        earlier: 1,
        unknown: 1,
        median_days: Some(1.5),
    };
    let post = Reprinter {
        source: "=Post|\x1b".into(),
        groups: 1,
        paragraphs: 1,
        later: 1,
        same: 0,
        earlier: 0,
        unknown: 0,
        median_days: None,
    };
    Reprints {
        text: answer.text,
        read_as: answer.read_as,
        index: answer.index,
        total: answer.total,
        of: vec!["Reuters".into()],
        groups: 7,
        paragraphs: 8,
        reprinted: 5,
        outlets: vec![gazette, post],
    }
}

/// Three months of which one is empty, and what is dated otherwise; if they are split, by actors of which one has a
/// hostile name.
pub(super) fn timeline(split: bool, share: bool) -> Timeline {
    let answer = answer();
    let count = |paragraphs: u64, groups: u64, articles: u64| Count { paragraphs, groups, articles };
    let counts = |whole: Count, parts: [Count; 3]| Counts { whole, parts: if split { parts.to_vec() } else { vec![] } };
    let none = count(0, 0, 0);
    let months = [
        (counts(count(6, 4, 3), [count(4, 3, 2), count(3, 2, 2), count(1, 1, 1)]), 48),
        (counts(none, [none; 3]), 0),
        (counts(count(3, 3, 2), [count(2, 2, 1), none, count(1, 1, 1)]), 1200),
    ];
    let first = "2024-12".parse().ok().and_then(|date| Period::of(date, Unit::Month)).expect("a month");
    let last = "2025-02".parse().ok().and_then(|date| Period::of(date, Unit::Month)).expect("a month");
    let moment = |(period, (counts, of))| Moment { period, counts, of: share.then_some(of) };
    let value =
        |path: &str, paragraphs, groups, articles| FacetCount { path: path.into(), groups, paragraphs, articles };
    Timeline {
        text: answer.text,
        read_as: answer.read_as,
        index: answer.index,
        total: answer.total,
        by: Unit::Month,
        split: split.then(|| Split {
            field: "actor".into(),
            values: vec![value("/russia", 8, 6, 4), value("/<b>|\x1b\u{202e}&\"", 4, 3, 3), value(OTHER, 4, 2, 4)],
        }),
        periods: first.through(last).zip(months).map(moment).collect(),
        apart: vec![
            (Apart::YearOnly, counts(count(4, 2, 2), [count(2, 1, 1), count(1, 1, 1), count(1, 0, 1)])),
            (Apart::Undated, counts(count(1, 0, 1), [none, none, count(1, 0, 1)])),
        ],
    }
}

/// Three actors by two topics; as pairs, of the actors alone.
pub(super) fn cross(pairs: bool) -> Cross {
    let answer = answer();
    let value =
        |path: &str, groups, paragraphs, articles| FacetCount { path: path.into(), groups, paragraphs, articles };
    let cell = |row: &str, column: &str, groups, paragraphs, articles| Cell {
        row: row.into(),
        column: column.into(),
        groups,
        paragraphs,
        articles,
    };
    let rows = vec![
        value("/russia", 7, 11, 6),
        value("/russia/government/vladimir-putin", 5, 8, 5),
        value("/=a|\x1b", 1, 1, 1),
    ];
    let columns = vec![value("/economy/sanctions/frozen-assets", 6, 9, 4), value("/diplomacy", 2, 2, 2)];
    let (by, and) = ("actor".to_owned(), if pairs { "actor" } else { "topic" }.to_owned());
    let cells = if pairs {
        vec![cell("/=a|\x1b", "/russia", 1, 1, 1), cell("/=a|\x1b", &rows[1].path, 1, 1, 1)]
    } else {
        vec![
            cell("/russia", &columns[0].path, 5, 7, 3),
            cell("/russia", "/diplomacy", 1, 1, 1),
            cell("/=a|\x1b", "/diplomacy", 1, 1, 1),
        ]
    };
    Cross {
        text: answer.text,
        read_as: answer.read_as,
        index: answer.index,
        total: answer.total,
        by,
        and,
        columns: if pairs { rows.clone() } else { columns },
        rows,
        cells,
    }
}
