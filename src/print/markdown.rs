//! Answers, facets, pages and facts -> Markdown (CommonMark, with GitHub's tables), for notes and reports.
//!
//! What comes from outside shows as itself: it passes [`safe`](super::safe), and every character that Markdown or HTML
//! could read as its own is escaped, so that no text makes a tag, a heading, a formula, or a link that hides where it
//! leads (a bare address may still be made one, by the program that shows the page). Headlines link to their article's
//! address, if it is one of the web. Matched words are **bold**.

use std::io::{self, Write};

use unicode_width::UnicodeWidthChar;

use super::page::{Fact, Section};
use super::safe::{Marked, clean, marked};
use super::style::Style;
use super::why::verdict;
use super::wording;
use crate::article::Ref;
use crate::search::answer::{Answer, ArticleCard, Concordance, FacetCounts, Hit, Page, Totals, Why};

/// Prints a section a hit, the facets as tables and a last line of totals.
pub(super) fn answer(answer: &Answer, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    read_as(answer, style, out)?;
    for hit in &answer.hits {
        self::hit(hit, out)?;
    }
    facet_tables(&answer.facets, out)?;
    writeln!(out, "{}", wording::summary(answer, style.all_copies))
}

/// Prints the line of totals.
pub(super) fn count(answer: &Answer, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    read_as(answer, style, out)?;
    writeln!(out, "{}", wording::totals(&answer.total))
}

/// Prints a table for each facet and a line of totals.
pub(super) fn facets(facets: &[FacetCounts], total: &Totals, out: &mut dyn Write) -> io::Result<()> {
    facet_tables(facets, out)?;
    writeln!(out, "{}", wording::totals(total))
}

/// Prints an article's card and paragraphs; the one that was asked for is a quotation.
pub(super) fn page(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let card = &page.card;
    writeln!(out, "# {}\n", headline(card))?;
    let author = card.author.as_deref().map(|author| format!("by {author}"));
    let record = card.record.as_deref().map(|record| format!("record {record}"));
    let about = [
        card.source.clone(),
        author,
        Some(wording::date(card.date)),
        Some(card.lang.clone()),
        Some(card.id.to_string()),
        Some(card.path.clone()),
        record,
    ];
    writeln!(out, "{}\n", joined(about.into_iter().flatten(), " · "))?;
    if !page.given.is_empty() {
        writeln!(out, "{}\n", joined(page.given.iter().map(|given| format!("{}: {}", given.kind, given.value)), "; "))?;
    }
    for paragraph in &page.paragraphs {
        let quote = if page.asked == Some(paragraph.number) { "> " } else { "" };
        let text = bold(&marked(&paragraph.text, &paragraph.highlights));
        writeln!(out, "{quote}`#{}` {text}\n", paragraph.number)?;
        codes(&paragraph.actors, &paragraph.topics, out)?;
    }
    let numbers: Vec<_> = page.paragraphs.iter().map(|paragraph| paragraph.number).collect();
    writeln!(out, "{}", wording::extent(&numbers, page.length))
}

/// Prints a table of matches.
pub(super) fn concordance(all: &Concordance, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| | | | |\n| ---: | --- | --- | --- |")?;
    for line in &all.lines {
        let matched = bold(&marked(&line.matched, &line.highlights));
        writeln!(out, "| {} | {matched} | {} | `{}` |", escaped(&line.left), escaped(&line.right), line.reference)?;
    }
    writeln!(out, "\n{}", wording::totals(&all.total))
}

/// Prints the parts of a question as a list in lists.
pub(super) fn why(why: &Why, out: &mut dyn Write) -> io::Result<()> {
    if let Some(text) = &why.text {
        writeln!(out, "> {}\n", escaped(text))?;
    }
    for part in &why.parts {
        let indent = 2 * part.depth;
        writeln!(out, "{:indent$}- {}: {}", "", escaped(&part.clause), escaped(&verdict(why, part)))?;
    }
    Ok(())
}

/// Prints a table for each section.
pub(super) fn info(sections: &[Section], out: &mut dyn Write) -> io::Result<()> {
    for (place, section) in sections.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        writeln!(out, "| {} | |\n| --- | --- |", escaped(&section.name))?;
        for (key, fact) in &section.facts {
            let value = match fact {
                Fact::Count(count) => count.to_string(),
                Fact::Text(text) => escaped(text),
                Fact::List(values) => escaped(&values.join(", ")),
                Fact::Unknown => "not known".to_owned(),
            };
            writeln!(out, "| {} | {value} |", escaped(key))?;
        }
    }
    Ok(())
}

/// Prints how the question was read, if that is wanted.
fn read_as(answer: &Answer, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if style.read_as {
        writeln!(out, "read as {}\n", escaped(&answer.read_as))?;
    }
    Ok(())
}

pub(super) fn hit(hit: &Hit, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}. {}\n", hit.rank, headline(&hit.article))?;
    let about = [hit.article.source.clone(), Some(wording::date(hit.article.date))];
    writeln!(out, "{} · `{}`\n", joined(about.into_iter().flatten(), " · "), hit.reference)?;
    neighbours(&hit.context.before, out)?;
    writeln!(out, "> {}\n", bold(&marked(&hit.text, &hit.highlights)))?;
    neighbours(&hit.context.after, out)?;
    codes(&hit.actors, &hit.topics, out)?;
    let novelty = hit.novelty.as_ref().map(wording::novelty_in_words);
    let told = wording::copies(&hit.duplicates).into_iter().chain(novelty);
    told.into_iter().try_for_each(|told| writeln!(out, "{}\n", escaped(&told)))
}

/// Prints the paragraphs around a hit, with their numbers and outside its quotation.
fn neighbours(paragraphs: &[(Ref, String)], out: &mut dyn Write) -> io::Result<()> {
    paragraphs.iter().try_for_each(|(reference, text)| writeln!(out, "`#{}` {}\n", reference.paragraph, escaped(text)))
}

/// Prints what a paragraph is coded as.
fn codes(actors: &[String], topics: &[String], out: &mut dyn Write) -> io::Result<()> {
    let kinds = [("actors", actors), ("topics", topics)].into_iter().filter(|(_, paths)| !paths.is_empty());
    let words: Vec<_> = kinds.map(|(kind, paths)| format!("{kind}: {}", joined(paths.iter().cloned(), ", "))).collect();
    if words.is_empty() { Ok(()) } else { writeln!(out, "{}\n", words.join(" · ")) }
}

fn facet_tables(facets: &[FacetCounts], out: &mut dyn Write) -> io::Result<()> {
    for facet in facets {
        writeln!(out, "| {} | groups | paragraphs | articles |\n| --- | ---: | ---: | ---: |", escaped(&facet.field))?;
        for count in &facet.values {
            let path = escaped(&count.path);
            writeln!(out, "| {path} | {} | {} | {} |", count.groups, count.paragraphs, count.articles)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The headline, as a link if the article has an address on the web.
fn headline(card: &ArticleCard) -> String {
    let title = escaped(wording::headline(card));
    match card.url.as_deref().and_then(address) {
        Some(address) => format!("[{title}]({address})"),
        None => title,
    }
}

/// A web address as the target of a link: whatever could end it or be read as Markdown is percent-encoded.
pub(super) fn address(url: &str) -> Option<String> {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    if !lower.starts_with("https://") && !lower.starts_with("http://") {
        return None;
    }
    let mut address = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            // Ampersands begin character references in a target too.
            b'&' => address.push_str("&amp;"),
            b if b.is_ascii_alphanumeric() || b"-._~:/?#@!$'*+,;=%".contains(&b) => address.push(b.into()),
            b => address.push_str(&format!("%{b:02X}")),
        }
    }
    Some(address)
}

/// Texts that show as themselves, with a separator of our own between them.
pub(super) fn joined(texts: impl IntoIterator<Item = String>, separator: &str) -> String {
    texts.into_iter().map(|text| escaped(&text)).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(separator)
}

/// A text that shows as itself.
pub(super) fn escaped(text: &str) -> String {
    escape(&clean(text), true)
}

/// A text that shows as itself, with its marked words in bold.
fn bold(text: &Marked) -> String {
    let mut bold = String::new();
    for (stretch, is_marked) in text.stretches(0..text.text.len()) {
        let core = if is_marked { stretch.trim_matches(|c| !may_bound_bold(c)) } else { "" };
        if core.is_empty() {
            bold.push_str(&escape(stretch, bold.is_empty()));
            continue;
        }
        let start = core.as_ptr() as usize - stretch.as_ptr() as usize;
        bold.push_str(&escape(&stretch[..start], bold.is_empty()));
        bold.push_str("**");
        bold.push_str(&escape(core, false));
        bold.push_str("**");
        bold.push_str(&escape(&stretch[start + core.len()..], false));
    }
    bold
}

/// Whether `**` beside this character begins or ends bold text whatever stands on the other side: not beside space,
/// punctuation or a symbol (CommonMark 0.31, "left-flanking delimiter run"), and letters in circles are symbols.
pub(super) fn may_bound_bold(c: char) -> bool {
    let is_circled = matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}');
    (c.is_alphanumeric() && !is_circled) || (c.width() == Some(0) && !c.is_ascii())
}

/// Escapes clean text; `begins` says whether it stands where a line or a cell begins.
pub(super) fn escape(text: &str, begins: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    for (at, c) in text.char_indices() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' | '#' | '$' | '^' | '{' | '}' => escaped.extend(['\\', c]),
            // What makes a list, a heading or a rule, but only where a line begins.
            '-' | '+' | '=' | ':' if begins && at == 0 => escaped.extend(['\\', c]),
            '.' | ')' if begins && digits > 0 && at == digits => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::super::samples::{self, printed};
    use super::*;

    /// What a reader of Markdown makes of it: the text of each quotation, the bold parts in it, and whether anything
    /// in the whole is a link or HTML.
    fn read(out: &str) -> (String, String, bool) {
        let (mut quoted, mut strong, mut is_active) = (String::new(), String::new(), false);
        let (mut in_quote, mut in_strong) = (false, false);
        for event in Parser::new_ext(out, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
            match event {
                Event::Start(Tag::BlockQuote(_)) => in_quote = true,
                Event::End(TagEnd::BlockQuote(_)) => in_quote = false,
                Event::Start(Tag::Strong) => in_strong = true,
                Event::End(TagEnd::Strong) => in_strong = false,
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                Event::Text(text) if in_quote => {
                    quoted.push_str(&text);
                    if in_strong {
                        strong.push_str(&text);
                    }
                }
                _ if in_quote => is_active = true,
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => is_active = true,
                Event::Html(_) | Event::InlineHtml(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                    is_active = true
                }
                _ => {}
            }
        }
        (quoted, strong, is_active)
    }

    #[test]
    fn an_answer_is_a_report() {
        let mut sample = samples::answer();
        sample.hits.truncate(1);
        sample.hits[0].article.title = "<script> [x](javascript:1) `a|b`".into();
        let style = Style { read_as: true, ..Style::plain() };
        assert_eq!(
            printed(|out| answer(&sample, &style, out)),
            "\
read as (frozen AND assets)

## 1. [&lt;script&gt; \\[x\\](javascript:1) \\`a\\|b\\`](https://example.org/a_b?c=1&amp;copy=2)

Reuters · 2025-05-28 · `0000000000sc#4`

`#3` What came before.

> The **assets**, **frozen** since 2022, lie in Brussels – “**frozen** **assets**” that nobody may touch.

actors: /russia/government · topics: /economy/sanctions/frozen-assets, /diplomacy

\\+3 copies, 1 of them matching (2 outlets, first 2025-05-28)

| actor | groups | paragraphs | articles |
| --- | ---: | ---: | ---: |
| /russia | 7 | 11 | 6 |
| /russia/government | 5 | 8 | 5 |

14 paragraphs in 9 groups, 8 articles, 4 sources; shown: group 1 of 9
"
        );
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        for (url, expected) in [
            ("https://example.org/a(b) c", Some("https://example.org/a%28b%29%20c")),
            ("HTTP://x/\"<>\\é", Some("HTTP://x/%22%3C%3E%5C%C3%A9")),
            ("javascript:alert(1)", None),
            ("//example.org", None),
            ("é", None),
        ] {
            assert_eq!(address(url).as_deref(), expected);
        }
    }

    #[test]
    fn texts_show_as_themselves_where_a_line_begins() {
        for text in
            ["- a", "+ a", "1. a", "2) a", "# a", "=== a", "| a | b |", "> a", "```", "---", "[a]: /b", "~~~", "***"]
        {
            let mut sample = samples::answer();
            sample.hits = vec![samples::hit(1, text, &[])];
            sample.hits[0].article.url = None;
            let out = printed(|out| answer(&sample, &Style::plain(), out));
            assert_eq!(read(&out), (text.to_owned(), String::new(), false), "{out}");
        }
    }

    proptest! {
        #[test]
        fn texts_show_as_themselves((text, highlights) in samples::marked_text()) {
            let mut sample = samples::answer();
            sample.hits = vec![samples::hit(1, &text, &highlights)];
            let hit = &mut sample.hits[0];
            hit.article.url = None;
            hit.article.title = text.clone();
            hit.article.source = Some(text.clone());
            hit.actors = vec![text.clone()];
            hit.context.before = vec![(hit.reference, text.clone())];
            sample.facets[0].values[0].path = text.clone();
            let out = printed(|out| answer(&sample, &Style::plain(), out));
            prop_assert!(!out.contains('<'));
            let clean = marked(&text, &highlights);
            let strong: String = clean
                .marks
                .iter()
                .map(|mark| clean.text[mark.clone()].trim_matches(|c| !may_bound_bold(c)))
                .collect();
            prop_assert_eq!(read(&out), (clean.text, strong, false), "{}", out);
        }
    }
}
