//! The TOML of a codebook: its keys as they are written, and what makes them a [`Codebook`].
//!
//! TOML knows no key that is a list and a table at once, so names and rules are either a list, which counts in every
//! language, or a table of lists by language with `any` for those of every language.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::file::{ByLang, Codebook, Entry, Name};
use super::rules;
use crate::article::PubDate;
use crate::error::QueryError;
use crate::text::{Lang, words};

/// What is wrong, and the byte of the text where.
pub(super) struct Fault {
    pub(super) at: Option<usize>,
    pub(super) what: String,
}

impl Fault {
    fn at<T>(place: &Spanned<T>, what: impl Into<String>) -> Fault {
        Fault { at: Some(place.span().start), what: what.into() }
    }
}

pub(super) fn read(text: &str) -> Result<Codebook, Fault> {
    let book: Book = toml::from_str(text).map_err(|error| {
        let what = error.message().trim_end_matches('.').replace('\n', "; ");
        Fault { at: error.span().map(|span| span.start), what }
    })?;
    Ok(Codebook {
        name: line_of_text(book.name, "name")?,
        version: line_of_text(book.version, "version")?,
        actors: entries(book.actor, "actors")?,
        topics: entries(book.topic, "topics")?,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    name: Spanned<String>,
    version: Spanned<String>,
    #[serde(default)]
    actor: Vec<WrittenEntry>,
    #[serde(default)]
    topic: Vec<WrittenEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEntry {
    id: Spanned<String>,
    label: Spanned<String>,
    #[serde(default)]
    names: Lists<WrittenName>,
    #[serde(default)]
    any: Lists<String>,
    #[serde(default)]
    not: Lists<String>,
    from: Option<PubDate>,
    until: Option<Spanned<PubDate>>,
    wikidata: Option<Spanned<String>>,
    iso3: Option<Spanned<String>>,
    cow: Option<Spanned<String>>,
    cameo: Option<Spanned<String>>,
    ucdp: Option<Spanned<String>>,
}

/// Lists of names or rules by language, in the order of the file. The key of each, if it has one, keeps its place for errors.
struct Lists<T>(Vec<(Key, Vec<Spanned<T>>)>);

type Key = Option<Spanned<String>>;

impl<T> Default for Lists<T> {
    fn default() -> Lists<T> {
        Lists(Vec::new())
    }
}

struct WrittenName {
    name: String,
    case: Option<bool>,
    unless: Vec<Spanned<String>>,
    with: Vec<Spanned<String>>,
}

fn entries(written: Vec<WrittenEntry>, kind: &str) -> Result<Vec<Entry>, Fault> {
    let mut seen = HashSet::new();
    let mut entries = Vec::with_capacity(written.len());
    for written in written {
        if !is_path(written.id.get_ref()) {
            let what =
                format!("the id {:?} is no path of parts of a-z, 0-9 and -, such as a/b-c", written.id.get_ref());
            return Err(Fault::at(&written.id, what));
        }
        if !seen.insert(written.id.get_ref().clone()) {
            return Err(Fault::at(&written.id, format!("there are two {kind} with the id {:?}", written.id.get_ref())));
        }
        entries.push(entry(written)?);
    }
    Ok(entries)
}

fn entry(written: WrittenEntry) -> Result<Entry, Fault> {
    if let (Some(from), Some(until)) = (written.from, &written.until)
        && until.get_ref().last_day() < from.first_day()
    {
        return Err(Fault::at(until, format!("{} is before the entry's first date, {from}", until.get_ref())));
    }
    let mut ids = BTreeMap::new();
    for (key, id, form) in [
        ("wikidata", written.wikidata, Some((is_wikidata as fn(&str) -> bool, "Q and digits"))),
        ("iso3", written.iso3, Some((is_iso3 as fn(&str) -> bool, "three capital letters"))),
        ("cow", written.cow, None),
        ("cameo", written.cameo, None),
        ("ucdp", written.ucdp, None),
    ] {
        let Some(id) = id else { continue };
        if let Some((holds, form)) = form
            && !holds(id.get_ref())
        {
            return Err(Fault::at(&id, format!("the {key} identifier {:?} is not {form}", id.get_ref())));
        }
        ids.insert(key.to_owned(), line_of_text(id, key)?);
    }
    Ok(Entry {
        id: written.id.into_inner(),
        label: line_of_text(written.label, "label")?,
        names: names(written.names)?,
        any: rules(written.any)?,
        not: rules(written.not)?,
        from: written.from,
        until: written.until.map(Spanned::into_inner),
        ids,
    })
}

fn names(written: Lists<WrittenName>) -> Result<Vec<ByLang<Name>>, Fault> {
    let mut lists = Vec::with_capacity(written.0.len());
    let mut seen: HashSet<(Option<Lang>, String)> = HashSet::new();
    // Names of every language come first, so that those of one language are compared with them wherever they stand.
    let (any, single): (Vec<_>, Vec<_>) = written.0.into_iter().partition(|(key, _)| is_any(key.as_ref()));
    for (key, list) in any.into_iter().chain(single) {
        let lang = match &key {
            Some(key) if key.get_ref() != ANY => Some(lang(key)?),
            _ => None,
        };
        let mut names = Vec::with_capacity(list.len());
        for written in list {
            let name = name(&written)?;
            let same = if name.case { name.text.clone() } else { name.text.to_lowercase() };
            if seen.contains(&(None, same.clone())) || !seen.insert((lang, same)) {
                return Err(Fault::at(&written, format!("the name {:?} is given twice", name.text)));
            }
            names.push(name);
        }
        lists.push((lang, names));
    }
    Ok(lists)
}

/// The rules, each of which can be asked of a paragraph alone.
fn rules(written: Lists<String>) -> Result<Vec<ByLang<String>>, Fault> {
    let mut lists = Vec::with_capacity(written.0.len());
    for (key, list) in written.0 {
        let lang = match &key {
            Some(key) if key.get_ref() != ANY => Some(lang(key)?),
            _ => None,
        };
        for rule in &list {
            let wrong = |error: QueryError| {
                let cure = error.cure.iter().map(|cure| format!("; {cure}")).collect::<String>();
                let place = rule.get_ref()[..error.span.start].chars().count() + 1;
                Fault::at(rule, format!("the rule {:?}, column {place}: {}{cure}", rule.get_ref(), error.message))
            };
            rules::check(rule.get_ref()).map_err(wrong)?;
        }
        lists.push((lang, list.into_iter().map(Spanned::into_inner).collect()));
    }
    Ok(lists)
}

/// The key of the names that count in every language.
const ANY: &str = "any";

fn is_any(key: Option<&Spanned<String>>) -> bool {
    key.is_none_or(|key| key.get_ref() == ANY)
}

fn lang(key: &Spanned<String>) -> Result<Lang, Fault> {
    let unknown = || Fault::at(key, format!("{:?} is no language: write any, or a code such as uk", key.get_ref()));
    let lang: Lang = key.get_ref().parse().map_err(|_| unknown())?;
    // One spelling for one language, so that no language has two lists.
    if lang.code() == key.get_ref() { Ok(lang) } else { Err(unknown()) }
}

fn name(written: &Spanned<WrittenName>) -> Result<Name, Fault> {
    let WrittenName { name, case, unless, with } = written.get_ref();
    let no_word = |text: &str| format!("{text:?} holds no word");
    if words(name).is_empty() {
        return Err(Fault::at(written, no_word(name)));
    }
    if let Some(rule) = unless.iter().chain(with).find(|rule| words(rule.get_ref()).is_empty()) {
        return Err(Fault::at(rule, no_word(rule.get_ref())));
    }
    let texts = |rules: &[Spanned<String>]| rules.iter().map(|rule| rule.get_ref().clone()).collect();
    Ok(Name {
        text: name.clone(),
        case: case.unwrap_or_else(|| is_capitals(name)),
        unless: texts(unless),
        with: texts(with),
    })
}

/// Whether a name is written in two or more capitals and no small letter, as US and NATO are.
fn is_capitals(name: &str) -> bool {
    name.chars().filter(|c| c.is_uppercase()).count() >= 2 && !name.chars().any(char::is_lowercase)
}

fn is_path(id: &str) -> bool {
    let is_part = |part: &str| {
        part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && part.bytes().any(|b| b != b'-')
    };
    id.split('/').all(is_part)
}

fn is_wikidata(id: &str) -> bool {
    id.strip_prefix('Q').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn is_iso3(id: &str) -> bool {
    id.len() == 3 && id.bytes().all(|b| b.is_ascii_uppercase())
}

/// A text that people read: one line, not blank.
fn line_of_text(text: Spanned<String>, key: &str) -> Result<String, Fault> {
    if text.get_ref().trim().is_empty() {
        return Err(Fault::at(&text, format!("the {key} is empty")));
    }
    if text.get_ref().chars().any(char::is_control) {
        return Err(Fault::at(&text, format!("the {key} holds a line break or another control character")));
    }
    Ok(text.into_inner())
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Lists<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Lists<T>, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Lists<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list, or lists by language such as names.any and names.uk")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Lists<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = seq.next_element()? {
                    list.push(item);
                }
                Ok(Lists(vec![(None, list)]))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Lists<T>, A::Error> {
                let mut lists = Vec::new();
                while let Some(key) = map.next_key()? {
                    lists.push((Some(key), map.next_value()?));
                }
                Ok(Lists(lists))
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}

impl<'de> Deserialize<'de> for WrittenName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<WrittenName, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            name: String,
            case: Option<bool>,
            #[serde(default)]
            unless: Vec<Spanned<String>>,
            #[serde(default)]
            with: Vec<Spanned<String>>,
        }
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = WrittenName;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name, or a table { name, case, unless, with }")
            }

            fn visit_str<E>(self, name: &str) -> Result<WrittenName, E> {
                Ok(WrittenName { name: name.to_owned(), case: None, unless: Vec::new(), with: Vec::new() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WrittenName, A::Error> {
                let Table { name, case, unless, with } = Table::deserialize(MapAccessDeserializer::new(map))?;
                Ok(WrittenName { name, case, unless, with })
            }
        }
        deserializer.deserialize_any(Either)
    }
}
