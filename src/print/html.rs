//! Hits -> a page of HTML, for a mail or a browser: no script, nothing fetched.
//!
//! What comes from outside shows as itself; a headline links to its article's address, if it is one of the web.

use std::io::{self, Write};

use super::markdown::address;
use super::safe::marked;
use super::svg::escaped;
use super::wording;
use crate::search::answer::{Answer, Hit};

/// Prints an answer as a page.
pub(super) fn answer(answer: &Answer, all_copies: bool, out: &mut dyn Write) -> io::Result<()> {
    let note = wording::summary(answer, all_copies);
    page(&answer.text, &[note], answer.hits.iter(), out)
}

/// Prints hits as a page under a title and notes.
pub(super) fn page<'a>(
    title: &str,
    notes: &[String],
    hits: impl Iterator<Item = &'a Hit>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let title = escaped(title);
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n</head>\n\
         <body style=\"font-family: sans-serif; max-width: 48em; margin: 1em auto; padding: 0 1em; line-height: 1.4\">\n\
         <h1 style=\"font-size: 1.3em\">{title}</h1>"
    )?;
    notes.iter().try_for_each(|note| writeln!(out, "<p>{}</p>", escaped(note)))?;
    for hit in hits {
        self::hit(hit, out)?;
    }
    writeln!(out, "</body>\n</html>")
}

fn hit(hit: &Hit, out: &mut dyn Write) -> io::Result<()> {
    let headline = escaped(wording::headline(&hit.article));
    let headline = match hit.article.url.as_deref().and_then(address) {
        Some(address) => format!("<a href=\"{address}\">{headline}</a>"),
        None => headline,
    };
    let source = hit.article.source.as_deref().map(|source| format!("{} · ", escaped(source))).unwrap_or_default();
    writeln!(out, "<h2 style=\"font-size: 1.1em; margin-bottom: 0\">{headline}</h2>")?;
    writeln!(
        out,
        "<p style=\"color: #555; margin: 0\">{source}{} · {}</p>",
        wording::date(hit.article.date),
        hit.reference
    )?;
    let text = marked(&hit.text, &hit.highlights);
    let stretches = text.stretches(0..text.text.len()).into_iter().map(|(stretch, is_marked)| {
        // Escaping trims: the blanks at the ends of a stretch belong to the text.
        let inner = stretch.trim_matches(' ');
        let [before, after] = [stretch.starts_with(' '), stretch.ends_with(' ') && !inner.is_empty()];
        let inner = escaped(inner);
        let inner = if is_marked { format!("<mark>{inner}</mark>") } else { inner };
        format!("{}{inner}{}", if before { " " } else { "" }, if after { " " } else { "" })
    });
    writeln!(out, "<p dir=\"auto\">{}</p>", stretches.collect::<String>())?;
    let novelty = hit.novelty.as_ref().map(wording::novelty_in_words);
    for told in wording::copies(&hit.duplicates).into_iter().chain(novelty) {
        writeln!(out, "<p style=\"color: #555\">{}</p>", escaped(&told))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::safe::clean;
    use super::super::samples::{self, printed};

    /// What a browser shows of a page, its references resolved.
    fn shown(page: &str) -> String {
        let mut text = String::new();
        let mut inside = false;
        for c in page.chars() {
            match c {
                '<' => inside = true,
                '>' if inside => inside = false,
                c if !inside => text.push(c),
                _ => {}
            }
        }
        let resolved = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
        resolved.replace("&amp;", "&")
    }

    proptest! {
        #[test]
        fn texts_show_as_themselves((text, highlights) in samples::marked_text()) {
            let mut sample = samples::answer();
            sample.hits = vec![samples::hit(1, &text, &highlights)];
            sample.hits[0].article.title = text.clone();
            let page = printed(|out| super::answer(&sample, false, out));
            let expected = clean(&text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
            prop_assert!(shown(&page).contains(&expected), "{}", page);
            prop_assert!(!page.contains("<script"));
        }
    }
}
