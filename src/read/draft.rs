//! What a format found enters, the article leaves: texts cleaned, body cut into paragraphs, one date chosen.
//!
//! This is the only place where articles are made, so that every format cleans, cuts and dates alike.

use std::collections::BTreeSet;

use super::date::{self, Fault};
use super::{Notice, Options, Skipped, language, paragraphs, quoted};
use crate::article::{Article, Given, PubDate};

/// The longest headline, in code points.
const HEADLINE: usize = 1000;

/// What a dateline ends in, or is given.
const DASHES: [char; 4] = ['-', '–', '—', ' '];

/// Where a record lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The file's article path.
    pub(super) path: &'a str,
    /// The line where it begins, from 1.
    pub(super) line: Option<u64>,
    /// Its place among the file's records, from 1, if the file holds many.
    pub(super) position: Option<u64>,
}

impl Place<'_> {
    /// The report that this record cannot be read.
    pub(super) fn skipped(&self, why: impl Into<String>) -> Skipped {
        Skipped { path: self.path.to_owned(), line: self.line, why: why.into() }
    }
}

/// An article as a format found it, nothing cleaned.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The record's own id.
    pub(super) id: Option<String>,
    /// The headline.
    pub(super) title: String,
    /// The body.
    pub(super) body: Body,
    /// The outlet.
    pub(super) source: Option<String>,
    /// The byline.
    pub(super) author: Option<String>,
    /// The address.
    pub(super) url: Option<String>,
    /// The language, as it was named.
    pub(super) lang: Option<String>,
    /// The metadata's dates, the best first.
    pub(super) dates: Vec<String>,
    /// A dateline that stands apart from the body.
    pub(super) dateline: Option<String>,
    /// The source's own codes.
    pub(super) given: Vec<Given>,
    /// The names of the fields that are nothing to an article, told where the body is missed.
    pub(super) unused: Vec<String>,
    /// What the format found doubtful.
    pub(super) doubts: Vec<String>,
}

/// A body before it is cut.
#[derive(Debug)]
pub(super) enum Body {
    /// Text whose line breaks tell its paragraphs.
    Text(String),
    /// Paragraphs that the format kept apart.
    Paragraphs(Vec<String>),
}

impl Default for Body {
    fn default() -> Body {
        Body::Paragraphs(Vec::new())
    }
}

impl Draft {
    /// Makes the article.
    ///
    /// # Errors
    ///
    /// [`Skipped`] if there is neither a headline nor a body.
    pub(super) fn finish(
        mut self,
        place: &Place<'_>,
        replaced: bool,
        options: &Options,
    ) -> Result<(Article, Vec<Notice>), Skipped> {
        let mut title = paragraphs::clean(&self.title);
        let mut body = match std::mem::take(&mut self.body) {
            Body::Text(text) => paragraphs::split(&text),
            Body::Paragraphs(parts) => paragraphs::fitted(parts.iter().map(|part| paragraphs::clean(part))),
        };
        // Pages and Markdown often repeat the headline as the first line of the body.
        if !title.is_empty() && body.len() > 1 && body[0] == title {
            body.remove(0);
        }
        let mut doubts = std::mem::take(&mut self.doubts);
        if title.chars().nth(HEADLINE).is_some() {
            doubts.push(format!("a headline of more than {HEADLINE} characters was read as text"));
            body.splice(0..0, paragraphs::fitted(std::iter::once(std::mem::take(&mut title))));
        }
        if title.is_empty() && body.is_empty() {
            return Err(place.skipped("no text"));
        }
        if body.is_empty() {
            let unused = if self.unused.is_empty() { "" } else { "; fields not used: " };
            doubts.push(format!("a headline without a body{unused}{}", self.unused.join(", ")));
        }
        if replaced {
            doubts.push("bytes that its encoding does not know were replaced by U+FFFD".to_owned());
        }
        let date = self.date(place, &body, options, &mut doubts);
        // Where the story was filed belongs to its text, as it is printed.
        if let Some(dateline) = cleaned(self.dateline.take())
            && let Some(first) = body.first_mut()
            && !first.starts_with(dateline.trim_end_matches(DASHES))
        {
            let dash = if dateline.ends_with(DASHES) { "" } else { " -" };
            *first = format!("{dateline}{dash} {first}");
        }
        let lang = self.lang.as_deref().map(str::trim).filter(|lang| !lang.is_empty()).and_then(|named| {
            let code = language::code(named);
            if code.is_none() {
                doubts.push(format!("the language {} is not known", quoted(named)));
            }
            code
        });
        let url = self.url.map(|url| paragraphs::clean(&url)).filter(|url| !url.is_empty());
        let source = cleaned(self.source).or_else(|| url.as_deref().and_then(host));
        let record = place.position.map(|position| match cleaned(self.id) {
            Some(id) => id,
            None => position.to_string(),
        });
        let mut seen = BTreeSet::new();
        let clean = |code: Given| Given { kind: paragraphs::clean(&code.kind), value: paragraphs::clean(&code.value) };
        let given =
            self.given.into_iter().map(clean).filter(|code| !code.value.is_empty() && seen.insert(code.clone()));
        let given: Vec<Given> = given.collect();
        let article = Article {
            path: place.path.to_owned(),
            record,
            title,
            source,
            author: cleaned(self.author),
            url,
            date,
            lang: lang.map(str::to_owned),
            given,
            paragraphs: body,
        };
        let notice = |what| Notice { path: place.path.to_owned(), line: place.line, what };
        Ok((article, doubts.into_iter().map(notice).collect()))
    }

    /// The document date: metadata before the address and path, these before the dateline.
    fn date(&self, place: &Place<'_>, body: &[String], options: &Options, doubts: &mut Vec<String>) -> Option<PubDate> {
        let lang = self.lang.as_deref();
        let mut past = |date: PubDate, from: &str| {
            if date.first_day() <= options.today.last_day() {
                return Some(date);
            }
            doubts.push(format!("the date {date} {from} lies in the future: treated as unknown"));
            None
        };
        let mut faults = Vec::new();
        for text in &self.dates {
            match date::read(text, lang) {
                Ok(date) => {
                    if let Some(date) = past(date, "of the metadata") {
                        doubts.extend(faults);
                        return Some(date);
                    }
                }
                Err(fault) => {
                    let why = match fault {
                        Fault::Impossible => "is impossible",
                        Fault::Ambiguous => "can be read in two ways",
                        Fault::Unknown => "is not understood",
                    };
                    faults.push(format!("the date {} {why}: treated as unknown", quoted(text.trim())));
                }
            }
        }
        let found = self
            .url
            .as_deref()
            .and_then(date::in_path)
            .and_then(|date| past(date, "of the address"))
            .or_else(|| date::in_path(place.path).and_then(|date| past(date, "of the path")))
            .or_else(|| {
                let dateline = self.dateline.as_deref().and_then(date::in_dateline);
                dateline.or_else(|| date::in_dateline(body.first()?)).and_then(|date| past(date, "of the dateline"))
            });
        doubts.extend(faults);
        found
    }
}

fn cleaned(text: Option<String>) -> Option<String> {
    text.map(|text| paragraphs::clean(&text)).filter(|text| !text.is_empty())
}

/// The host of an address, such as `www.reuters.com`.
fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://").map(|(_, rest)| rest).or_else(|| url.strip_prefix("//"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?.to_lowercase();
    (host.contains('.') && !host.contains(char::is_whitespace)).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_taken_from_addresses() {
        let check = |url: &str, expected: Option<&str>| assert_eq!(host(url).as_deref(), expected, "{url}");
        check("https://www.Reuters.com/world/x?y#z", Some("www.reuters.com"));
        check("http://user:pw@example.org:8080", Some("example.org"));
        check("//cdn.example.org/x", Some("cdn.example.org"));
        check("/world/x", None);
        check("tel:123", None);
    }
}
