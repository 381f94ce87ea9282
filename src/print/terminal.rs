//! Answers, facets, pages and facts -> lines for reading, wrapped to the width of a terminal.
//!
//! Everything that comes from outside passes [`safe`](super::safe) before it is wrapped and painted. Without colour
//! the matched words are not marked: the text stays the text. Lines never end in spaces.

use std::io::{self, Write};

use super::layout::{fields, text, two_columns};
use super::page::{Fact, Section};
use super::safe::{Marked, clean, marked};
use super::style::{Ink, Style, paint};
use super::wording;
use super::wrap::columns;
use crate::article::Ref;
use crate::search::answer::Page;
use crate::search::answer::{Answer, FacetCounts, Hit, Totals};

/// Prints the hits, the facets and a last line of totals.
pub(super) fn answer(answer: &Answer, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    read_as(answer, style, out)?;
    let rank = answer.hits.iter().map(|hit| hit.rank).max().unwrap_or(0).to_string();
    for hit in &answer.hits {
        self::hit(hit, rank.len() + 2, style, out)?;
        writeln!(out)?;
    }
    facet_tables(&answer.facets, style, out)?;
    sentence(&wording::summary(answer, style.all_copies), style, out)
}

/// Prints the line of totals.
pub(super) fn count(answer: &Answer, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    read_as(answer, style, out)?;
    sentence(&wording::totals(&answer.total), style, out)
}

/// Prints a table for each facet and a line of totals.
pub(super) fn facets(facets: &[FacetCounts], total: &Totals, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    facet_tables(facets, style, out)?;
    sentence(&wording::totals(total), style, out)
}

/// Prints an article's card and paragraphs; `>` stands before the one that was asked for.
pub(super) fn page(page: &Page, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let card = &page.card;
    let headline = Marked { text: clean(wording::headline(card)), marks: vec![] };
    text(&headline, Ink::Bold, "", 0, style, out)?;
    let author = card.author.as_deref().map(|author| format!("by {author}"));
    let about = [
        card.source.clone(),
        author,
        Some(wording::date(card.date)),
        Some(card.lang.clone()),
        Some(card.id.to_string()),
    ];
    fields(about.into_iter().flatten(), " · ", 0, style, out)?;
    let record = card.record.as_deref().map(|record| format!("record {record}"));
    fields([Some(card.path.clone()), record, card.url.clone()].into_iter().flatten(), " · ", 0, style, out)?;
    let given = page.given.iter().map(|given| format!("{}: {}", given.kind, given.value));
    fields(given, "  ", 0, style, out)?;
    writeln!(out)?;
    let numbers: Vec<_> = page.paragraphs.iter().map(|paragraph| paragraph.number).collect();
    // Room for `> #23 `.
    let indent = numbers.iter().max().map_or(0, |number| number.to_string().len()) + 4;
    for paragraph in &page.paragraphs {
        let is_asked = page.asked == Some(paragraph.number);
        let lead = format!("{} #{}", if is_asked { '>' } else { ' ' }, paragraph.number);
        text(&marked(&paragraph.text, &paragraph.highlights), Ink::Plain, &lead, indent, style, out)?;
        fields(paragraph.actors.iter().chain(&paragraph.topics).cloned(), "  ", indent, style, out)?;
        writeln!(out)?;
    }
    sentence(&wording::extent(&numbers, page.length), style, out)
}

/// Prints each section under its name, keys and values in two columns.
pub(super) fn info(sections: &[Section], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (place, section) in sections.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        text(&marked(&section.name, &[]), Ink::Bold, "", 0, style, out)?;
        let widest = section.facts.iter().map(|(key, _)| columns(&clean(key))).max().unwrap_or(0);
        let keys = widest.min(style.width / 2).clamp(1, WIDEST_KEYS);
        for (key, fact) in &section.facts {
            let value = match fact {
                Fact::Count(count) => count.to_string(),
                Fact::Text(text) => clean(text),
                Fact::List(values) => clean(&values.join(", ")),
                Fact::Unknown => "not known".to_owned(),
            };
            two_columns(&clean(key), keys, &value, style, out)?;
        }
    }
    Ok(())
}

/// The most columns that the keys of facts get: a name of an outlet may be of any length.
const WIDEST_KEYS: usize = 40;

/// Prints how the question was read, if that is wanted.
fn read_as(answer: &Answer, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if !style.read_as {
        return Ok(());
    }
    let line = Marked { text: clean(&format!("read as {}", answer.read_as)), marks: vec![] };
    text(&line, Ink::Dim, "", 0, style, out)?;
    writeln!(out)
}

pub(super) fn hit(hit: &Hit, indent: usize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let rank = format!("{}.", hit.rank);
    let headline = wording::headline(&hit.article);
    // A hit in the headline is shown where the headline stands, once.
    let is_headline = hit.reference.paragraph == 0 && hit.text == hit.article.title;
    let headline = marked(headline, if is_headline { &hit.highlights } else { &[] });
    text(&headline, Ink::Bold, &rank, indent, style, out)?;
    let about = [hit.article.source.clone(), Some(wording::date(hit.article.date)), Some(hit.reference.to_string())];
    fields(about.into_iter().flatten(), " · ", indent, style, out)?;
    neighbours(&hit.context.before, indent, style, out)?;
    if !is_headline {
        text(&marked(&hit.text, &hit.highlights), Ink::Plain, "", indent, style, out)?;
    }
    neighbours(&hit.context.after, indent, style, out)?;
    fields(hit.actors.iter().chain(&hit.topics).cloned(), "  ", indent, style, out)?;
    let novelty = hit.novelty.as_ref().map(wording::novelty_in_words);
    let told = wording::copies(&hit.duplicates).into_iter().chain(novelty);
    told.into_iter().try_for_each(|told| text(&marked(&told, &[]), Ink::Plain, "", indent, style, out))
}

/// Prints the paragraphs around a hit. They are set in by their numbers, so that without colour too nobody takes them
/// for the hit.
fn neighbours(paragraphs: &[(Ref, String)], indent: usize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (reference, paragraph) in paragraphs {
        let lead = format!("{:indent$}#{}", "", reference.paragraph);
        text(&marked(paragraph, &[]), Ink::Dim, &lead, lead.len() + 1, style, out)?;
    }
    Ok(())
}

/// Prints a table for each facet, the numbers first: they are narrow, and a path may be of any length and script.
fn facet_tables(facets: &[FacetCounts], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for facet in facets {
        let head = format!("groups  paragraphs  articles  {}", clean(&facet.field));
        paint(&head, Ink::Bold, style, out)?;
        writeln!(out)?;
        for count in &facet.values {
            let lead = format!("{:>6}  {:>10}  {:>8}", count.groups, count.paragraphs, count.articles);
            text(&marked(&count.path, &[]), Ink::Plain, &lead, lead.len() + 2, style, out)?;
        }
        if facet.values.is_empty() {
            writeln!(out, "{:>6}  {:>10}  {:>8}", 0, 0, 0)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Prints a sentence of our own.
fn sentence(words: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    text(&Marked { text: words.to_owned(), marks: vec![] }, Ink::Plain, "", 0, style, out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    use super::super::safe::is_hostile;
    use super::super::samples::{self, printed};
    use super::*;

    const AT_60: Style = Style { width: 60, ..PLAIN };
    const PLAIN: Style = Style { color: false, width: 60, read_as: false, isolate: false, all_copies: false };

    /// What is left when the colours go, and the stretches that were marked.
    fn without_color(out: &str) -> (String, Vec<String>) {
        let mut plain = String::new();
        let mut marked = Vec::new();
        let mut ink = "";
        for (place, part) in out.split("\x1b[").enumerate() {
            let mut text = part;
            if place > 0 {
                (ink, text) = part.split_once('m').expect("a colour code ends");
            }
            plain.push_str(text);
            if ink == "1;33" {
                marked.push(text.to_owned());
            }
        }
        (plain, marked)
    }

    #[test]
    fn an_answer_reads_well() {
        let style = Style { read_as: true, ..AT_60 };
        assert_eq!(
            printed(|out| answer(&samples::answer(), &style, out)),
            "\
read as (frozen AND assets)

1. Belgium weighs what to do with frozen assets
   Reuters · 2025-05-28 · 0000000000sc#4
   #3 What came before.
   The assets, frozen since 2022, lie in Brussels – “frozen
   assets” that nobody may touch.
   /russia/government  /economy/sanctions/frozen-assets
   /diplomacy
   +3 copies, 1 of them matching (2 outlets, first
   2025-05-28)

2. الأصول المجمدة
   undated · 0000000000sc#4
   قال بيان مجلس الأمن إن الأصول frozen لن تعود.
   /economy/sanctions/frozen-assets  /diplomacy

groups  paragraphs  articles  actor
     7          11         6  /russia
     5           8         5  /russia/government

14 paragraphs in 9 groups, 8 articles, 4 sources; shown:
groups 1–2 of 9
"
        );
    }

    #[test]
    fn pages_and_facts_read_well() {
        assert_eq!(
            printed(|out| page(&samples::page(), &AT_60, out)),
            "\
Belgium weighs what to do
Reuters · 2025-05-28 · en · 0000000000sc
wire/may.jsonl · record 812
https://example.org/a_b?c=1&copy=2
topics: cocoa

  #3 The one before.
     /belgium

> #4 The one that was asked for.
     /belgium

paragraphs 3–4 of 23
"
        );
        assert_eq!(
            printed(|out| info(&samples::sections(), &AT_60, out)),
            "\
index
  articles   120
  path       ./index
  codebooks  actors, topics
  oldest     not known
"
        );
    }

    #[test]
    fn a_long_key_has_its_value_beside_its_end() {
        let mut sections = samples::sections();
        sections[0].facts = vec![("long ".repeat(20_000), Fact::Count(7)), ("short".into(), Fact::Count(8))];
        let out = printed(|out| info(&sections, &Style::plain(), out));
        let end = format!("{}   7\n  short{:37}8\n", " long".repeat(8), "");
        assert!(out.ends_with(&end), "{}", &out[out.len() - 200..]);
    }

    #[test]
    fn color_marks_the_matched_words_and_nothing_else() {
        let style = Style { color: true, width: 200, isolate: true, ..PLAIN };
        let mut sample = samples::answer();
        let mut third = samples::hit(3, "Frozen assets", &[0..6, 7..13]);
        third.reference.paragraph = 0;
        third.article.title = third.text.clone();
        sample.hits.push(third);
        let out = printed(|out| answer(&sample, &style, out));
        let (plain, marked) = without_color(&out);
        assert_eq!(marked, ["assets", "frozen", "frozen", "assets", "Frozen", "assets"]);
        assert!(out.contains("3. \x1b[1;33mFrozen\x1b[0m\x1b[1m \x1b[0m\x1b[1;33massets\x1b[0m\n"), "{out}");
        assert!(plain.contains("2. \u{2068}الأصول المجمدة\u{2069}\n"), "{plain}");
        assert_eq!(plain.matches("Frozen assets").count(), 1);
    }

    proptest! {
        #[test]
        fn nothing_hostile_is_sent_and_no_line_is_too_wide(
            (text, highlights) in samples::marked_text(),
            width in 40usize..210,
            isolate: bool,
        ) {
            let style = Style { color: true, width, read_as: true, isolate, all_copies: false };
            let expected = marked(&text, &highlights);
            let mut sample = samples::answer();
            sample.hits = vec![samples::hit(7, &text, &highlights)];
            let hits = printed(|out| answer(&sample, &style, out));
            let found: String = without_color(&hits).1.concat();
            let wanted: String = expected.marks.iter().map(|mark| &expected.text[mark.clone()]).collect();
            prop_assert_eq!(found.replace(' ', ""), wanted.replace(' ', ""));

            sample.hits = vec![samples::hit(1_000_000, &text, &highlights)];
            let hit = &mut sample.hits[0];
            hit.article.title = text.clone();
            hit.article.source = Some(text.clone());
            hit.actors = vec![text.clone(), text.clone()];
            hit.context.after = vec![(hit.reference, text.clone())];
            sample.read_as = text.clone();
            sample.facets[0].values[0].path = text.clone();
            let mut sheet = samples::page();
            sheet.card = sample.hits[0].article.clone();
            sheet.card.path = text.clone();
            sheet.card.record = Some(text.clone());
            sheet.given[0].value = text.clone();
            sheet.paragraphs[0].text = text.clone();
            let mut facts = samples::sections();
            facts[0].facts.push((text.clone(), Fact::List(vec![text.clone(), text.clone()])));
            for out in [
                printed(|out| answer(&sample, &style, out)),
                printed(|out| page(&sheet, &style, out)),
                printed(|out| info(&facts, &style, out)),
            ] {
                let (plain, _) = without_color(&out);
                for line in plain.lines() {
                    prop_assert!(line.width() <= width, "{:?}", line);
                    prop_assert!(!line.ends_with(' '), "{:?}", line);
                    let ours = |c| isolate && matches!(c, '\u{2068}' | '\u{2069}');
                    prop_assert!(!line.chars().any(|c| is_hostile(c) && !ours(c)), "{:?}", line);
                    prop_assert_eq!(line.matches('\u{2068}').count(), line.matches('\u{2069}').count());
                }
            }
        }
    }
}
