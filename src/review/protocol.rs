//! The TOML of a protocol: its text enters, a [`Protocol`] leaves, or what is wrong with the line where.

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::error::{Error, QueryError, Result};
use crate::query::{Dialect, Field, Join, Question, dates, filter};

/// The most queries of a protocol.
pub const MOST_QUERIES: usize = 1000;

/// What a review asks, and of what.
#[derive(Debug, Clone)]
pub struct Protocol {
    /// What the review is about, a line.
    pub title: String,
    /// What counts as one record.
    pub unit: RecordUnit,
    /// The stages in which records are decided upon, in order; at least one.
    pub stages: Vec<String>,
    /// The queries, in order; at least one.
    pub queries: Vec<ProtocolQuery>,
    /// The protocol as it is written.
    pub text: String,
}

/// A query of a protocol.
#[derive(Debug, Clone)]
pub struct ProtocolQuery {
    /// Its name, which no other one has.
    pub name: String,
    /// The query as it is written.
    pub text: String,
    /// What it is written in.
    pub dialect: Dialect,
    /// The query with all filters that count for it.
    pub question: Question,
}

/// What counts as one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordUnit {
    /// A group of copies, shown by its oldest matching one.
    #[default]
    Group,
    /// An article, shown by the paragraph that most queries found.
    Article,
    /// A paragraph.
    Paragraph,
}

impl RecordUnit {
    /// Its name in a protocol.
    pub fn name(self) -> &'static str {
        match self {
            RecordUnit::Group => "group",
            RecordUnit::Article => "article",
            RecordUnit::Paragraph => "paragraph",
        }
    }
}

/// A protocol to start from, with a comment on each of its keys.
pub const TEMPLATE: &str = include_str!("template.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    title: Spanned<String>,
    #[serde(default)]
    unit: RecordUnit,
    stages: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    filter: Filter,
    query: Vec<Spanned<WrittenQuery>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenQuery {
    name: Spanned<String>,
    text: Spanned<String>,
    dialect: Option<Spanned<String>>,
    #[serde(default)]
    any: bool,
    #[serde(default)]
    filter: Filter,
}

/// What narrows a query: of each list one is enough.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Filter {
    since: Option<Spanned<String>>,
    until: Option<Spanned<String>>,
    actors: Vec<Spanned<String>>,
    topics: Vec<Spanned<String>>,
    sources: Vec<Spanned<String>>,
    langs: Vec<Spanned<String>>,
}

/// What is wrong, and the byte of the text where.
struct Fault {
    at: usize,
    what: String,
}

impl Fault {
    fn at<T>(place: &Spanned<T>, what: impl Into<String>) -> Fault {
        Fault { at: place.span().start, what: what.into() }
    }

    fn query<T>(place: &Spanned<T>, error: &QueryError) -> Fault {
        let cure = error.cure.as_ref().map(|cure| format!("; {cure}")).unwrap_or_default();
        Fault::at(place, format!("column {} of this: {}{cure}", error.column(), error.message))
    }
}

impl Protocol {
    /// Reads a protocol; `path` is where it stands, for errors.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] with the line for what is no TOML, for keys that a protocol does not have, for names that are missing
    /// or given twice, and for queries and filters that cannot be read.
    ///
    /// ```
    /// use nutgraf::review::{Protocol, RecordUnit};
    ///
    /// let text = "title = 'Reserves'\n[[query]]\nname = 'assets'\ntext = 'frozen assets'\n";
    /// let protocol = Protocol::read(text, "reserves.toml".as_ref())?;
    /// assert_eq!((protocol.unit, protocol.queries.len()), (RecordUnit::Group, 1));
    ///
    /// let error = Protocol::read(&text.replace("frozen", "(frozen"), "reserves.toml".as_ref()).unwrap_err();
    /// assert!(error.to_string().starts_with("reserves.toml:4: column 1 of this: "));
    /// # Ok::<(), nutgraf::Error>(())
    /// ```
    pub fn read(text: &str, path: &Path) -> Result<Protocol> {
        read(text).map_err(|fault| {
            let line = text.bytes().take(fault.at).filter(|byte| *byte == b'\n').count() as u64 + 1;
            Error::Input { path: path.to_path_buf(), line: Some(line), what: fault.what }
        })
    }

    /// The place of a stage, by its name.
    pub fn stage(&self, name: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage == name.trim())
    }
}

fn read(text: &str) -> Result<Protocol, Fault> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let what = error.message().trim_end_matches('.').replace('\n', "; ");
        Fault { at: error.span().map_or(text.len(), |span| span.start), what }
    })?;
    let title = name(&written.title, "title")?;
    let mut stages = Vec::new();
    for stage in written.stages.iter().flatten() {
        let name = name(stage, "stage")?;
        if stages.contains(&name) {
            return Err(Fault::at(stage, format!("there is a stage {name} already")));
        }
        stages.push(name);
    }
    if stages.is_empty() {
        stages.push("screening".to_owned());
    }
    let general = written.filter.questions()?;
    let mut names = BTreeSet::new();
    let mut queries = Vec::with_capacity(written.query.len());
    for place in &written.query {
        let query = place.get_ref();
        if queries.len() == MOST_QUERIES {
            return Err(Fault::at(place, format!("a protocol has at most {MOST_QUERIES} queries")));
        }
        let name = name(&query.name, "name")?;
        if !names.insert(name.clone()) {
            return Err(Fault::at(&query.name, format!("there is a query {name} already")));
        }
        let dialect = query.dialect.as_ref().map_or(Ok(Dialect::default()), |dialect| {
            dialect.get_ref().parse().map_err(|error| Fault::at(dialect, format!("{error}")))
        })?;
        let join = if query.any { Join::Any } else { Join::All };
        let asked = Question::read_in(query.text.get_ref(), dialect, join);
        let mut parts = vec![asked.map_err(|error| Fault::query(&query.text, &error))?];
        parts.extend(query.filter.questions()?);
        parts.extend(general.iter().cloned());
        let question = Question::all(parts).expect("there is the query itself");
        queries.push(ProtocolQuery { name, text: query.text.get_ref().clone(), dialect, question });
    }
    if queries.is_empty() {
        return Err(Fault { at: text.len(), what: "a protocol has at least one [[query]]".to_owned() });
    }
    Ok(Protocol { title, unit: written.unit, stages, queries, text: text.to_owned() })
}

/// A name: one line with a letter or digit, without blanks at its ends.
fn name(written: &Spanned<String>, what: &str) -> Result<String, Fault> {
    const LONGEST: usize = 200;
    let name = written.get_ref().trim();
    if !name.chars().any(char::is_alphanumeric) || name.chars().any(char::is_control) {
        return Err(Fault::at(written, format!("a {what} is one line with a letter or digit")));
    }
    if name.chars().count() > LONGEST {
        return Err(Fault::at(written, format!("a {what} has at most {LONGEST} characters")));
    }
    Ok(name.to_owned())
}

impl Filter {
    /// The filters as questions, all of which must hold.
    fn questions(&self) -> Result<Vec<Question>, Fault> {
        let mut all = Vec::new();
        let lists = [
            (Field::Actor, &self.actors),
            (Field::Topic, &self.topics),
            (Field::Source, &self.sources),
            (Field::Lang, &self.langs),
        ];
        for (field, values) in lists {
            let one =
                |value: &Spanned<String>| filter(field, value.get_ref()).map_err(|error| Fault::query(value, &error));
            all.extend(Question::any(values.iter().map(one).collect::<Result<_, _>>()?));
        }
        let written = |date: &Option<Spanned<String>>| date.as_ref().map(|date| date.get_ref().clone());
        if let Some(first) = self.since.as_ref().or(self.until.as_ref()) {
            let period = dates(written(&self.since).as_deref(), written(&self.until).as_deref());
            all.extend(period.map_err(|error| Fault::query(first, &error))?);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_a_protocol() {
        let protocol = Protocol::read(TEMPLATE, Path::new("template.toml")).expect("it reads");
        assert!(protocol.queries.len() >= 2);
        assert_eq!(protocol.stages, ["screening", "full text"]);
    }

    #[test]
    fn faults_name_their_line() {
        let check = |text: &str, expected: &str| {
            let error = Protocol::read(text, Path::new("p.toml")).expect_err(text).to_string();
            assert!(error.starts_with(expected), "{error}");
        };
        check("title = 1\n", "p.toml:1: invalid type");
        check("title = 'a'\nqueries = 3\n", "p.toml:2: unknown field `queries`");
        check("title = 'a'\nquery = []\n", "p.toml:3: a protocol has at least one [[query]]");
        check("title = ' '\nquery = []\n", "p.toml:1: a title is one line");
        let query = "[[query]]\nname = 'q'\ntext = 'war'\n";
        check(&format!("title = 'a'\n{query}{query}"), "p.toml:6: there is a query q already");
        check(&format!("title = 'a'\nstages = ['x', 'x']\n{query}"), "p.toml:2: there is a stage x already");
        check(&format!("title = 'a'\n{query}dialect = 'lexis'\n"), "p.toml:5: ");
        check(&format!("title = 'a'\n[filter]\nsince = '2024-13'\n{query}"), "p.toml:3: column 9 of this: ");
        check(&format!("title = 'a'\n[filter]\nactor = ['x']\n{query}"), "p.toml:3: unknown field `actor`");
        check("title = 'a'\nunit = 'page'\n", "p.toml:2: unknown variant `page`");
    }

    #[test]
    fn filters_are_part_of_each_query() {
        let text = "title = 'a'\n[filter]\nsources = ['Reuters', 'AP']\nuntil = '2024'\n[[query]]\nname = 'q'\n\
                    text = 'war OR peace'\nfilter = { langs = ['en'] }\n";
        let protocol = Protocol::read(text, Path::new("p.toml")).expect("it reads");
        assert_eq!(
            protocol.queries[0].question.tree.to_string(),
            "((war OR peace) AND lang:en AND (source:Reuters OR source:AP) AND date:<=2024)"
        );
    }
}
