//! References -> CSL-JSON: an array of items as the schema of the Citation Style Language describes them.

use std::io::{self, Write};

use serde::Serialize;

use super::{Reference, Sheet, known};
use crate::article::PubDate;
use crate::print::notation::pretty;
use crate::print::safe::clean;

#[derive(Serialize)]
struct Item {
    id: String,
    r#type: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<[Name; 1]>,
    #[serde(rename = "container-title", skip_serializing_if = "Option::is_none")]
    container_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<Issued>,
    language: String,
    #[serde(rename = "URL", skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#abstract: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keyword: Option<String>,
    archive_location: String,
    note: String,
}

/// A byline is printed as it stands: which part of it is a family name nobody knows.
#[derive(Serialize)]
struct Name {
    literal: String,
}

#[derive(Serialize)]
struct Issued {
    #[serde(rename = "date-parts")]
    parts: [Vec<u16>; 1],
}

pub(super) fn write(sheet: &Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    let items: Vec<Item> = sheet.references.iter().map(|reference| item(reference, &sheet.provenance)).collect();
    pretty(&items, out)
}

fn item(reference: &Reference<'_>, provenance: &str) -> Item {
    let article = &reference.hit.article;
    let keywords: Vec<String> = reference.keywords().collect();
    let notes: Vec<String> = reference.notes().into_iter().chain([provenance.to_owned()]).collect();
    Item {
        id: reference.id.clone(),
        r#type: "article-newspaper",
        title: reference.title(),
        author: known(article.author.as_deref()).map(|literal| [Name { literal }]),
        container_title: known(article.source.as_deref()),
        issued: article.date.map(|date| Issued { parts: [parts(date)] }),
        language: article.lang.clone(),
        url: known(article.url.as_deref()),
        r#abstract: Some(clean(&reference.hit.text)).filter(|text| !text.is_empty()),
        keyword: (!keywords.is_empty()).then(|| keywords.join(", ")),
        archive_location: reference.marked_id(),
        note: notes.join(". "),
    }
}

fn parts(date: PubDate) -> Vec<u16> {
    let more = [date.month(), date.day()];
    std::iter::once(date.year()).chain(more.into_iter().flatten().map(u16::from)).collect()
}
