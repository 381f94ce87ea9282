//! What a question means: which paragraphs it accepts, defined over the tokens of one paragraph.
//!
//! A query tree is resolved once against the languages and codes of an index ([`resolve`]); what comes out, a
//! [`Clause`], is what the planner turns into a search of postings and what [`Clause::matches`] decides for one
//! paragraph in memory. The two must agree on every paragraph, and what is highlighted is what this says.

use std::ops::RangeInclusive;

use crate::article::{ArticleId, PubDate};
use crate::error::QueryError;
use crate::query::tree::{Compare, DateTest, Field, Form, Kind, Node};
use crate::text::{Analysis, Analyzer, Lang, Pattern, fold, words};

/// A question resolved against an index.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// A word or phrase.
    Words(Meant),
    /// All of them.
    All(Vec<Clause>),
    /// At least one of them.
    Any(Vec<Clause>),
    /// Not this.
    Not(Box<Clause>),
    /// The article's headline matches.
    Title(Box<Clause>),
    /// A code of one of these facet paths, or below.
    Coded(Coding, Vec<String>),
    /// The outlet's name has these words in a row.
    Source(Vec<String>),
    /// The byline has these words in a row.
    Author(Vec<String>),
    /// The address has these parts in a row.
    Url(Vec<String>),
    /// The language.
    Lang(Lang),
    /// The document date.
    Date(DateTest),
    /// The paragraph's length in words.
    Length(Compare, u32),
    /// A group of copies, by its printed id.
    Group(String),
    /// An article, by the ids that begin so.
    Article(RangeInclusive<ArticleId>),
}

/// The facet fields that hold codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// Actors that the paragraph names.
    Actor,
    /// Topics that the paragraph is about.
    Topic,
    /// Codes that the source gave.
    Given,
}

/// What a word or phrase looks for, which depends on the language of the paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Meant {
    /// Its own forms, in every language.
    Exact(Pattern),
    /// Its inflections, in each language of the index.
    Inflected(Vec<(Lang, Pattern)>),
}

impl Meant {
    /// What it looks for in a paragraph of `lang`; nothing if the index holds no such paragraph.
    pub fn in_lang(&self, lang: Lang) -> Option<&Pattern> {
        match self {
            Meant::Exact(pattern) => Some(pattern),
            Meant::Inflected(patterns) => patterns.iter().find(|(of, _)| *of == lang).map(|(_, pattern)| pattern),
        }
    }
}

/// What is known of a paragraph beside its words.
#[derive(Debug, Clone, Default)]
pub struct Facts<'a> {
    /// The headline of its article, empty when there is none.
    pub title: &'a str,
    /// Facet paths of its actors.
    pub actors: &'a [String],
    /// Facet paths of its topics.
    pub topics: &'a [String],
    /// Facet paths of the codes that the source gave.
    pub given: &'a [String],
    /// The outlet.
    pub source: Option<&'a str>,
    /// The byline.
    pub author: Option<&'a str>,
    /// The address.
    pub url: Option<&'a str>,
    /// The document date.
    pub date: Option<PubDate>,
    /// Its group's printed id.
    pub group: &'a str,
    /// Its article.
    pub article: Option<ArticleId>,
}

/// Turns what was typed after `actor:`, `topic:` or `given:` into facet paths, or into the nearest names if it is none.
pub type Codes<'a> = dyn Fn(Coding, &str) -> Result<Vec<String>, Vec<String>> + 'a;

/// Resolves a question against the languages and the codes of an index.
///
/// # Errors
///
/// A [`QueryError`] at the word that holds no letter or digit, or at the value that is unknown.
pub fn resolve(text: &str, node: &Node, langs: &[Lang], codes: &Codes<'_>) -> Result<Clause, QueryError> {
    Resolver { text, langs, codes, analyzer: Analyzer::default() }.clause(node)
}

struct Resolver<'a> {
    text: &'a str,
    langs: &'a [Lang],
    codes: &'a Codes<'a>,
    analyzer: Analyzer,
}

impl Resolver<'_> {
    fn clause(&mut self, node: &Node) -> Result<Clause, QueryError> {
        Ok(match &node.kind {
            Kind::Word(word) => self.words(node, &word.text, word.form)?,
            Kind::Phrase(phrase) => self.words(node, &phrase.text, phrase.form)?,
            Kind::And(nodes) => Clause::All(self.clauses(nodes)?),
            Kind::Or(nodes) => Clause::Any(self.clauses(nodes)?),
            Kind::Not(inner) => Clause::Not(Box::new(self.clause(inner)?)),
            Kind::Title(inner) => Clause::Title(Box::new(self.clause(inner)?)),
            Kind::Field(field, value) => self.field(node, *field, value)?,
            Kind::Date(test) => Clause::Date(*test),
            Kind::Words(compare, bound) => Clause::Length(*compare, *bound),
            Kind::Near(_)
            | Kind::AtLeast(..)
            | Kind::Of(..)
            | Kind::First(..)
            | Kind::Whole(_)
            | Kind::Like(_)
            | Kind::Boosted(..) => return Err(self.refuse(node, "this is not in this version")),
        })
    }

    fn clauses(&mut self, nodes: &[Node]) -> Result<Vec<Clause>, QueryError> {
        nodes.iter().map(|node| self.clause(node)).collect()
    }

    fn words(&mut self, node: &Node, text: &str, form: Form) -> Result<Clause, QueryError> {
        let meant = match form {
            Form::Any => {
                let patterns =
                    self.langs.iter().map(|lang| (*lang, Pattern::inflected(&mut self.analyzer, text, *lang)));
                Meant::Inflected(patterns.collect())
            }
            Form::Exact => Meant::Exact(Pattern::exact(&mut self.analyzer, text, false)),
            Form::Cased => Meant::Exact(Pattern::exact(&mut self.analyzer, text, true)),
        };
        if words(text).is_empty() {
            return Err(self.refuse(node, "there is no word in this"));
        }
        Ok(Clause::Words(meant))
    }

    fn field(&mut self, node: &Node, field: Field, value: &str) -> Result<Clause, QueryError> {
        Ok(match field {
            Field::Actor => self.coded(node, Coding::Actor, field, value)?,
            Field::Topic => self.coded(node, Coding::Topic, field, value)?,
            Field::Given => self.coded(node, Coding::Given, field, value)?,
            Field::Source => Clause::Source(self.folded_words(node, value)?),
            Field::Author => Clause::Author(self.folded_words(node, value)?),
            Field::Url => Clause::Url(self.folded_words(node, value)?),
            Field::Lang => Clause::Lang(value.parse().map_err(|error| self.refuse(node, format!("{value}: {error}")))?),
            Field::Group => Clause::Group(value.to_owned()),
            Field::Article => {
                let ids = ArticleId::with_prefix(value);
                Clause::Article(ids.ok_or_else(|| self.refuse(node, format!("{value} is no article id")))?)
            }
        })
    }

    fn coded(&self, node: &Node, coding: Coding, field: Field, value: &str) -> Result<Clause, QueryError> {
        let near = match (self.codes)(coding, value) {
            Ok(paths) => return Ok(Clause::Coded(coding, paths)),
            Err(near) => near,
        };
        let noun = match coding {
            Coding::Actor => "actor",
            Coding::Topic => "topic",
            Coding::Given => "code given by a source",
        };
        let error = self.refuse(node, format!("no {noun} is called {value}"));
        let near: Vec<String> = near.iter().map(|name| format!("{}:{name}", field.name())).collect();
        Err(if near.is_empty() { error } else { error.cure(format!("write {}", near.join(" or "))) })
    }

    fn folded_words(&self, node: &Node, value: &str) -> Result<Vec<String>, QueryError> {
        let folded = folded_words(value);
        if folded.is_empty() { Err(self.refuse(node, "there is no word in this")) } else { Ok(folded) }
    }

    fn refuse(&self, node: &Node, message: impl Into<String>) -> QueryError {
        QueryError::at(self.text, node.span.clone(), message)
    }
}

/// The words of a name or address as they are compared, whatever the language.
pub fn folded_words(text: &str) -> Vec<String> {
    words(text).into_iter().map(|range| fold(&text[range]).replace('.', "")).collect()
}

/// Whether the words of `text` hold `sought` in a row.
pub fn holds_in_a_row(text: &str, sought: &[String]) -> bool {
    folded_words(text).windows(sought.len().max(1)).any(|window| window == sought)
}

impl Clause {
    /// Whether the clause accepts a paragraph; if so, the positions of the words that made it, ascending.
    ///
    /// Words of a negated clause make nothing; of alternatives, all that hold.
    pub fn matches(&self, tokens: &Analysis<'_>, facts: &Facts<'_>) -> Option<Vec<u32>> {
        let mut marks = Vec::new();
        self.holds(tokens, facts, &mut marks).then(|| {
            marks.sort_unstable();
            marks.dedup();
            marks
        })
    }

    fn holds(&self, tokens: &Analysis<'_>, facts: &Facts<'_>, marks: &mut Vec<u32>) -> bool {
        match self {
            Clause::Words(meant) => {
                let Some(pattern) = meant.in_lang(tokens.lang()) else { return false };
                let before = marks.len();
                let width = pattern.0.len() as u32;
                marks.extend(pattern.starts(tokens).flat_map(|start| start..start + width));
                marks.len() > before
            }
            Clause::All(clauses) => clauses.iter().all(|clause| clause.holds(tokens, facts, marks)),
            Clause::Any(clauses) => {
                // Every alternative is asked, so that all that hold are marked; one that fails leaves no marks.
                clauses.iter().fold(false, |any, clause| {
                    let before = marks.len();
                    let holds = clause.holds(tokens, facts, marks);
                    if !holds {
                        marks.truncate(before);
                    }
                    any | holds
                })
            }
            Clause::Not(clause) => !clause.holds(tokens, facts, &mut Vec::new()),
            Clause::Title(clause) => {
                let mut analyzer = Analyzer::default();
                !facts.title.is_empty()
                    && clause.holds(&analyzer.analyze(facts.title, tokens.lang()), facts, &mut Vec::new())
            }
            Clause::Coded(coding, paths) => {
                let codes = match coding {
                    Coding::Actor => facts.actors,
                    Coding::Topic => facts.topics,
                    Coding::Given => facts.given,
                };
                codes.iter().any(|code| paths.iter().any(|path| is_at_or_below(code, path)))
            }
            Clause::Source(sought) => facts.source.is_some_and(|source| holds_in_a_row(source, sought)),
            Clause::Author(sought) => facts.author.is_some_and(|author| holds_in_a_row(author, sought)),
            Clause::Url(sought) => facts.url.is_some_and(|url| holds_in_a_row(url, sought)),
            Clause::Lang(lang) => tokens.lang() == *lang,
            Clause::Date(test) => test.accepts(facts.date),
            Clause::Length(compare, bound) => compare.holds(tokens.tokens().len() as u64, u64::from(*bound)),
            Clause::Group(id) => facts.group == id,
            Clause::Article(ids) => facts.article.is_some_and(|id| ids.contains(&id)),
        }
    }
}

/// Whether a facet path is another one or lies below it.
pub fn is_at_or_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
