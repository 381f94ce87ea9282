//! References -> BibTeX: an entry of the kind `article` for each, in UTF-8.
//!
//! What TeX would take for a command is written as one that prints it, so that braces always close.

use std::io::{self, Write};

use super::{Reference, Sheet, known};
use crate::print::safe::clean;

pub(super) fn write(sheet: &Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "@comment{{{}}}", escaped(&sheet.provenance))?;
    sheet.references.iter().try_for_each(|reference| entry(reference, out))
}

fn entry(reference: &Reference<'_>, out: &mut dyn Write) -> io::Result<()> {
    let article = &reference.hit.article;
    let number = |number: Option<u8>| number.map(|number| number.to_string());
    let keywords: Vec<String> = reference.keywords().collect();
    let fields = [
        // Double braces keep the case of a headline.
        ("title", Some(format!("{{{}}}", escaped(&reference.title())))),
        ("author", known(article.author.as_deref()).map(|author| format!("{{{}}}", escaped(&author)))),
        ("journal", known(article.source.as_deref()).map(|source| escaped(&source))),
        ("year", article.date.map(|date| format!("{:04}", date.year()))),
        ("month", number(article.date.and_then(|date| date.month()))),
        ("day", number(article.date.and_then(|date| date.day()))),
        ("language", Some(escaped(&article.lang))),
        ("url", known(article.url.as_deref()).map(|url| address(&url))),
        ("abstract", Some(escaped(&clean(&reference.hit.text)))),
        ("keywords", (!keywords.is_empty()).then(|| escaped(&keywords.join(", ")))),
        ("note", Some(escaped(&reference.notes().join(". "))).filter(|note| !note.is_empty())),
        ("annote", Some(escaped(&reference.marked_id()))),
    ];
    write!(out, "\n@article{{nutgraf-{}", reference.id.replace('#', "-"))?;
    for (name, value) in fields {
        if let Some(value) = value {
            write!(out, ",\n  {name} = {{{value}}}")?;
        }
    }
    writeln!(out, "\n}}")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '{' | '}' | '#' | '$' | '%' | '&' | '_' => escaped.extend(['\\', c]),
            // An entry may not hold it outside braces, and programs look for it inside, too.
            '@' => escaped.push_str("{@}"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// An address is read as it stands; what would end it early is written as a browser would.
fn address(url: &str) -> String {
    let coded = |c: char| match c {
        '{' => "%7B".to_owned(),
        '}' => "%7D".to_owned(),
        '\\' => "%5C".to_owned(),
        ' ' => "%20".to_owned(),
        c => c.to_string(),
    };
    url.chars().map(coded).collect()
}
