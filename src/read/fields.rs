//! Named fields enter, from whatever format, a draft of an article leaves.
//!
//! The user's own names of each field go before the usual ones.

use std::borrow::Cow;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::draft::{Body, Draft, Place};
use super::names::{CODES, HOLDERS, INNER, Role, USUAL, plain_name};
use super::references::decoded;
use super::{Options, Skipped, page, paragraphs, quoted};
use crate::article::Given;

/// A value longer than this is no code, in code points.
const CODE: usize = 100;
/// The tags that make a text markup.
const MARKUP: [&str; 13] =
    ["p", "br", "div", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote", "table", "section", "article"];
/// The most names of fields in one report.
const NAMED: usize = 8;
/// The most codes that are taken from one field.
pub(super) const CODES_OF_FIELD: usize = 1000;

/// Which of a record's fields is which, in the user's words, beside the usual names.
///
/// ```
/// use nutgraf::read::Mapping;
///
/// let mapping: Mapping = "title=headline,body=content.plain".parse()?;
/// assert!("headline".parse::<Mapping>().is_err());
/// # Ok::<(), nutgraf::read::NoMapping>(())
/// ```
///
/// On the left stands what a field is: `id`, `title`, `body`, `date`, `source`, `author`, `url`, `lang`, `dateline`, or
/// `given` for a code that the source gives itself; on the right its name in the file, with dots between the names of
/// nested ones. A name of the mapping goes before the usual ones, an earlier before a later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping(Vec<(Role, String)>);

/// The text is no mapping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} is no mapping: write FIELD=NAME, where FIELD is id, title, body, date, source, author, url, lang, dateline or given"
)]
pub struct NoMapping(String);

impl FromStr for Mapping {
    type Err = NoMapping;

    fn from_str(text: &str) -> Result<Mapping, NoMapping> {
        let mut pairs = Vec::new();
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            let no_mapping = || NoMapping(quoted(part.trim()));
            let (role, name) = part.split_once('=').ok_or_else(no_mapping)?;
            let (role, name) = (role.trim(), name.trim());
            let (role, ..) = USUAL.iter().find(|(_, written, _)| *written == role).ok_or_else(no_mapping)?;
            if name.is_empty() {
                return Err(no_mapping());
            }
            pairs.push((*role, name.to_owned()));
        }
        Ok(Mapping(pairs))
    }
}

/// Makes a draft of named fields. `table` says whether they come from a table, where lists are written in one cell.
///
/// # Errors
///
/// [`Skipped`] if no field is a headline or body, or if a body is a page over the limits.
pub(super) fn draft(
    members: &Map<String, Value>,
    table: bool,
    place: &Place<'_>,
    options: &Options,
) -> Result<Draft, Skipped> {
    let fields = Fields::of(members, &options.mapping);
    let mut draft = fields.metadata(table);
    let parts = fields.find(Role::Body).map(body_parts).unwrap_or_default();
    if parts.is_empty() {
        draft.unused = fields.unused();
    }
    // Whether no record of a file has a field is not known before its end; its first one stands for them.
    if !table && place.position.is_none_or(|position| position == 1) {
        draft.doubts.extend(fields.missed());
    }
    if parts.is_empty() && draft.title.trim().is_empty() {
        let names: Vec<String> = fields.entries.iter().take(12).map(|entry| quoted(entry.name)).collect();
        return Err(place.skipped(match names.is_empty() {
            true => "no text".to_owned(),
            false => format!("no text in any of its fields {}", names.join(", ")),
        }));
    }
    let stripped = |html: &str| page::fragment_paragraphs(html, &options.limits).map_err(|why| place.skipped(why));
    let is_page = parts.iter().any(|part| is_markup(part));
    draft.title = match is_page && draft.title.contains("</") {
        true => stripped(&draft.title)?.join(" "),
        false => decoded(&draft.title).into_owned(),
    };
    draft.body = match parts.as_slice() {
        _ if is_page => {
            let parts: Vec<_> = parts.iter().map(|part| with_marked_breaks(part)).collect();
            Body::Paragraphs(stripped(&parts.join("\n<br>\n"))?)
        }
        [part] => Body::Text(decoded(part).into_owned()),
        parts => Body::Paragraphs(parts.iter().flat_map(|part| paragraphs::split(&decoded(part))).collect()),
    };
    Ok(draft)
}

/// What a mapping names and the header of a table does not have.
pub(super) fn missed(header: &[String], mapping: &Mapping) -> Option<String> {
    let members = header.iter().map(|name| (name.clone(), Value::Null)).collect();
    Fields::of(&members, mapping).missed()
}

/// The metadata among named fields, for a text that stands elsewhere.
pub(super) fn metadata(members: &Map<String, Value>, mapping: &Mapping) -> Draft {
    Fields::of(members, mapping).metadata(false)
}

struct Fields<'a> {
    members: &'a Map<String, Value>,
    /// The members in their order, those of a [holder](HOLDERS) behind its neighbours.
    entries: Vec<Entry<'a>>,
    mapping: &'a [(Role, String)],
}

struct Entry<'a> {
    name: &'a str,
    plain: String,
    value: &'a Value,
}

impl<'a> Fields<'a> {
    fn of(members: &'a Map<String, Value>, mapping: &'a Mapping) -> Fields<'a> {
        let held = |name: &&str| members.get(*name).and_then(Value::as_object);
        let is_holder = |name: &str| held(&name).is_some() && HOLDERS.contains(&name);
        let own = members.iter().filter(|(name, _)| !is_holder(name));
        let entries = own.chain(HOLDERS.iter().filter_map(held).flatten());
        let entries = entries.map(|(name, value)| Entry { name, plain: plain_name(name), value });
        Fields { members, entries: entries.collect(), mapping: &mapping.0 }
    }

    fn named(&self, plain: &str) -> Option<&'a Value> {
        self.entries.iter().find(|entry| entry.plain == plain).map(|entry| entry.value)
    }

    /// The names of the fields that have no role here, the first few.
    fn unused(&self) -> Vec<String> {
        let used = |entry: &&Entry<'_>| {
            USUAL.iter().any(|(_, _, names)| names.contains(&entry.plain.as_str()))
                || CODES.contains(&entry.plain.as_str())
                || self.mapping.iter().any(|(_, name)| name == entry.name)
        };
        self.entries.iter().filter(|entry| !used(entry)).take(NAMED).map(|entry| quoted(entry.name)).collect()
    }

    /// The mapping's names of a role none of whose names is here, in a report.
    fn missed(&self) -> Option<String> {
        let met = |role: Role| self.mapping.iter().any(|(of, name)| *of == role && self.at(name).is_some());
        let missed: Vec<String> =
            self.mapping.iter().filter(|(role, _)| !met(*role)).take(NAMED).map(|(_, name)| quoted(name)).collect();
        let unused = self.unused();
        let instead = if unused.is_empty() { "" } else { "; fields not used: " };
        (!missed.is_empty()).then(|| format!("no field {}, as mapped{instead}{}", missed.join(", "), unused.join(", ")))
    }

    /// Everything but the body.
    fn metadata(&self, table: bool) -> Draft {
        Draft {
            id: self.text(Role::Id),
            title: self.text(Role::Title).unwrap_or_default(),
            source: self.all(Role::Source).find_map(|value| text_of(value).or_else(|| outlet_of(value))),
            author: self.find(Role::Author).and_then(names_of),
            url: self.text(Role::Url),
            lang: self.text(Role::Lang),
            dateline: self.text(Role::Dateline),
            dates: self.all(Role::Date).filter_map(text_of).chain(self.date_in_parts()).collect(),
            given: self.codes(table),
            ..Draft::default()
        }
    }

    /// The date of a table that has a column for the year, and perhaps for the month and day.
    fn date_in_parts(&self) -> Option<String> {
        let number = |name: &str| text_of(self.named(name)?)?.trim().parse::<u16>().ok();
        Some(match (number("year")?, number("month"), number("day")) {
            (year, Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
            (year, Some(month), None) => format!("{year:04}-{month:02}"),
            (year, None, _) => format!("{year:04}"),
        })
    }

    /// The fields of a role that are not empty, the best first.
    fn all(&self, role: Role) -> impl Iterator<Item = &'a Value> {
        let mapped = self.mapping.iter().filter(move |(of, _)| *of == role).filter_map(|(_, name)| self.at(name));
        let usual = USUAL.iter().filter(move |(of, ..)| *of == role).flat_map(|(_, _, names)| names.iter());
        let usual = usual
            .flat_map(|usual| self.entries.iter().filter(move |entry| entry.plain == *usual).map(|entry| entry.value));
        mapped.chain(usual).filter(|value| !is_empty(value))
    }

    fn find(&self, role: Role) -> Option<&'a Value> {
        self.all(role).next()
    }

    fn text(&self, role: Role) -> Option<String> {
        self.all(role).find_map(text_of)
    }

    /// The field that a mapping names: as it is written, else by dots, else by its plain name.
    fn at(&self, name: &str) -> Option<&'a Value> {
        let nested = || {
            let mut names = name.split('.');
            let first = self.members.get(names.next()?)?;
            names.try_fold(first, |value, name| value.get(name))
        };
        let written = || self.entries.iter().find(|entry| entry.name == name).map(|entry| entry.value);
        written().or_else(nested).or_else(|| self.named(&plain_name(name)))
    }

    /// The codes that the source gives itself: lists of short strings, and the usual fields of one.
    fn codes(&self, table: bool) -> Vec<Given> {
        let mut given = Vec::new();
        for Entry { name, plain, value } in &self.entries {
            let mapped = self.mapping.iter().find(|(_, mapped)| mapped == name).map(|(role, _)| *role);
            let has_role = USUAL.iter().any(|(_, _, names)| names.contains(&plain.as_str()));
            let is_code = mapped == Some(Role::Given) || CODES.contains(&plain.as_str());
            let values: Vec<&str> = match value {
                _ if mapped.is_some_and(|role| role != Role::Given) => continue,
                _ if has_role && !is_code => continue,
                Value::Array(values) => values
                    .iter()
                    .filter_map(|value| match value {
                        Value::String(text) => Some(text.as_str()),
                        Value::Object(inner) if is_code => {
                            ["name", "value"].iter().find_map(|key| inner.get(*key)?.as_str())
                        }
                        _ => None,
                    })
                    .collect(),
                Value::String(text) if is_code => {
                    let lists = matches!(plain.as_str(), "keywords" | "tags");
                    let split = |c| c == ';' || c == '|' || (lists && c == ',');
                    if table || lists { text.split(split).collect() } else { vec![text] }
                }
                _ => continue,
            };
            let short = |text: &&str| text.chars().nth(CODE).is_none() && !text.contains("://");
            let codes = values.into_iter().filter(short).take(CODES_OF_FIELD);
            given.extend(codes.map(|text| Given { kind: (*name).to_owned(), value: text.to_owned() }));
        }
        given
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::Number(_) => false,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.iter().all(is_empty),
        Value::Object(members) => members.is_empty(),
    }
}

/// The text of a value: a string or number, or what an object or list holds first.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.iter().find_map(text_of),
        Value::Object(members) => INNER.iter().find_map(|name| members.get(*name).and_then(text_of)),
        Value::Null | Value::Bool(_) => None,
    }
}

/// The outlet that an object describes by its title or, failing that, its address.
fn outlet_of(value: &Value) -> Option<String> {
    ["title", "uri"].iter().find_map(|name| value.get(*name).and_then(text_of))
}

/// The names in a value, a list of them joined by commas.
fn names_of(value: &Value) -> Option<String> {
    match value {
        Value::Array(values) => {
            let names: Vec<String> = values.iter().filter_map(text_of).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        value => text_of(value),
    }
}

/// The texts of a body: one, or a list of them.
fn body_parts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(text_of).collect(),
        Value::Number(_) => Vec::new(),
        value => text_of(value).into_iter().collect(),
    }
}

/// Whether a text is plainly HTML: it opens a block somewhere.
fn is_markup(text: &str) -> bool {
    text.contains('<') && MARKUP.iter().any(|name| opens(text, name))
}

/// Whether a tag of this name opens in a text.
fn opens(text: &str, name: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let bytes = &text.as_bytes()[at + 1..];
        let is_named = bytes.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
        let ends = |byte: &u8| matches!(byte, b'>' | b'/') || byte.is_ascii_whitespace();
        // A tag has an end, and no other begins before it.
        let closed = || bytes.iter().find(|byte| matches!(byte, b'<' | b'>')) == Some(&b'>');
        is_named && bytes.get(name.len()).is_some_and(ends) && closed()
    })
}

/// Markup whose paragraphs are told by blank lines as in plain text, with those lines made breaks. Such are the posts of
/// blogs, which have some tags but none for paragraphs.
fn with_marked_breaks(html: &str) -> Cow<'_, str> {
    if opens(html, "p") || !html.contains('\n') {
        return Cow::Borrowed(html);
    }
    Cow::Owned(html.replace("\r\n", "\n").replace("\n\n", "\n<br>\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_are_read() {
        let mapping: Mapping = "title=headline, body=content.text ,".parse().expect("a mapping");
        assert_eq!(mapping.0, [(Role::Title, "headline".to_owned()), (Role::Body, "content.text".to_owned())]);
        for wrong in ["title", "heading=x", "title=", "=x"] {
            assert!(wrong.parse::<Mapping>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn markup_is_told_from_text() {
        let check = |text: &str, expected| assert_eq!(is_markup(text), expected, "{text}");
        check(" <p>One.</p>", true);
        check("<DIV>One.</DIV>", true);
        check("<b>One</b> and more", false);
        check("One <p>two</p>", true);
        check("One<br/>two<BR\n>", true);
        check("One <h2 class=x>two", true);
        check("< 5 </p>", false);
        check("a <p b, c <pre> d <b", false);
        check("one <br", false);
    }
}
