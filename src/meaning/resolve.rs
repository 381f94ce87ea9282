//! From a query tree to a clause: names become codes, words become patterns, wildcards are counted.

use std::collections::BTreeMap;

use super::{Clause, Coding, Leaf, Meant, Placed};
use crate::article::ArticleId;
use crate::error::QueryError;
use crate::interval::{MOST_SLOTS, Tree};
use crate::query::tree::{Boost, Field, Form, Kind, Node, Phrase, Word};
use crate::text::{Analyzer, Lang, Letters, Pattern, Shape, folded_words, words};

/// The most forms that a wildcard or fuzzy word may stand for.
pub const MOST_FORMS: u64 = 10_000;

/// What must be known of an index to say what a question means there.
pub trait Knowledge {
    /// The languages of its paragraphs.
    fn langs(&self) -> &[Lang];

    /// The facet paths that are meant by what was typed after `actor:`, `topic:` or `given:`, or the nearest names if it
    /// is none.
    fn codes(&self, coding: Coding, typed: &str) -> Result<Vec<String>, Vec<String>>;

    /// How many different forms, case and ignored marks aside, the shape of a word stands for; counted as far as one more
    /// than [`MOST_FORMS`].
    fn forms(&self, shape: &Shape) -> u64;

    /// What the paragraph of a reference is like, if there is just one such paragraph.
    fn likeness(&self, reference: &str) -> Option<Likeness>;
}

/// What makes a paragraph like another one.
#[derive(Debug, Clone)]
pub struct Likeness {
    /// Its language.
    pub lang: Lang,
    /// The words that tell most about it, as they are written there.
    pub words: Vec<String>,
    /// Its group's printed id: a paragraph is not like its copies, it is the same.
    pub group: String,
}

/// What each wildcard or fuzzy word of a question stands for, by the word as it was typed.
pub type Forms = BTreeMap<(String, Form, Option<u8>), Formed>;

/// What a wildcard or fuzzy word stands for.
#[derive(Debug, Clone)]
pub struct Formed {
    /// How many different forms, counted for each of its parts.
    pub count: u64,
    /// What the forms look like.
    pub shapes: Vec<Shape>,
}

/// A question resolved.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// What it means.
    pub clause: Clause,
    /// What its wildcards stand for.
    pub forms: Forms,
}

/// Resolves a question, whose tree was read from `text`, against an index.
///
/// # Errors
///
/// A [`QueryError`] at the word that holds no letter or digit, at the wildcard that stands for more than [`MOST_FORMS`]
/// forms, or at the value that is unknown.
pub fn resolve(text: &str, node: &Node, knowledge: &dyn Knowledge) -> Result<Resolved, QueryError> {
    let mut resolver = Resolver { text, knowledge, analyzer: Analyzer::default(), forms: Forms::new() };
    let clause = resolver.clause(node)?;
    Ok(Resolved { clause, forms: resolver.forms })
}

struct Resolver<'a> {
    text: &'a str,
    knowledge: &'a dyn Knowledge,
    analyzer: Analyzer,
    forms: Forms,
}

impl Resolver<'_> {
    fn clause(&mut self, node: &Node) -> Result<Clause, QueryError> {
        Ok(match &node.kind {
            Kind::Word(word) => Clause::Words(self.word(node, word)?),
            Kind::Phrase(phrase) if phrase.window.is_none() => Clause::Words(self.phrase(node, phrase)?),
            Kind::Phrase(_) | Kind::Near(_) | Kind::AtLeast(..) | Kind::First(..) => {
                let mut leaves = Vec::new();
                let tree = self.tree(node, Boost::NONE, &mut leaves)?;
                Clause::Placed(Placed { tree, leaves })
            }
            Kind::And(nodes) => Clause::All(self.clauses(nodes)?),
            Kind::Or(nodes) => Clause::Any(self.clauses(nodes)?),
            Kind::Of(count, nodes) => Clause::Of(*count, self.clauses(nodes)?),
            Kind::Not(inner) => Clause::Not(Box::new(self.clause(inner)?)),
            Kind::Title(inner) => Clause::Title(Box::new(self.clause(inner)?)),
            Kind::Whole(inner) => Clause::Whole(Box::new(self.clause(inner)?)),
            Kind::Boosted(inner, boost) => Clause::Boosted(Box::new(self.clause(inner)?), *boost),
            Kind::Like(reference) => self.like(node, reference)?,
            Kind::Field(field, value) => self.field(node, *field, value)?,
            Kind::Date(test) => Clause::Date(*test),
            Kind::Words(compare, bound) => Clause::Length(*compare, *bound),
        })
    }

    fn clauses(&mut self, nodes: &[Node]) -> Result<Vec<Clause>, QueryError> {
        nodes.iter().map(|node| self.clause(node)).collect()
    }

    /// How the words of a node that has places must stand.
    fn tree(&mut self, node: &Node, boost: Boost, leaves: &mut Vec<Leaf>) -> Result<Tree, QueryError> {
        let mut leaf = |meant, window| {
            leaves.push(Leaf { meant, window, boost });
            Tree::Leaf(leaves.len() - 1)
        };
        Ok(match &node.kind {
            Kind::Word(word) => leaf(self.word(node, word)?, None),
            Kind::Phrase(phrase) => leaf(self.phrase(node, phrase)?, phrase.window),
            Kind::Or(nodes) => Tree::Any(self.trees(nodes, boost, leaves)?),
            Kind::Of(count, nodes) => Tree::Of(*count, self.trees(nodes, boost, leaves)?),
            Kind::AtLeast(count, inner) => Tree::AtLeast(*count, Box::new(self.tree(inner, boost, leaves)?)),
            Kind::First(count, inner) => Tree::First(*count, Box::new(self.tree(inner, boost, leaves)?)),
            Kind::Boosted(inner, boost) => self.tree(inner, *boost, leaves)?,
            Kind::Near(near) => Tree::Near {
                left: Box::new(self.tree(&near.left, boost, leaves)?),
                right: Box::new(self.tree(&near.right, boost, leaves)?),
                ordered: near.ordered,
                reach: near.reach,
                negated: near.negated,
            },
            _ => return Err(self.refuse(node, "this has no place in a text")),
        })
    }

    fn trees(&mut self, nodes: &[Node], boost: Boost, leaves: &mut Vec<Leaf>) -> Result<Vec<Tree>, QueryError> {
        nodes.iter().map(|node| self.tree(node, boost, leaves)).collect()
    }

    fn word(&mut self, node: &Node, word: &Word) -> Result<Meant, QueryError> {
        self.count_forms(node, &word.text, word.form, word.slips)?;
        match word.slips {
            Some(slips) => {
                let pattern = Pattern::fuzzy(&word.text, letters(word.form), slips);
                match pattern.0.len() {
                    1 => Ok(Meant::Exact(pattern)),
                    _ => Err(self.refuse(node, "a fuzzy word is one word, which this is not")),
                }
            }
            None => self.phrase_of(node, &word.text, word.form),
        }
    }

    fn phrase(&mut self, node: &Node, phrase: &Phrase) -> Result<Meant, QueryError> {
        let Phrase { text, form, window } = phrase;
        if window.is_some() && words(text).len() > MOST_SLOTS {
            return Err(self.refuse(node, format!("a window has at most {MOST_SLOTS} words")));
        }
        for word in text.split(' ') {
            self.count_forms(node, word, *form, None)?;
        }
        self.phrase_of(node, text, *form)
    }

    fn phrase_of(&mut self, node: &Node, text: &str, form: Form) -> Result<Meant, QueryError> {
        if folded_words(text).is_empty() {
            return Err(self.refuse(node, "there is no word in this"));
        }
        let analyzer = &mut self.analyzer;
        Ok(match form {
            Form::Any => {
                let langs = self.knowledge.langs().iter();
                Meant::Inflected(langs.map(|lang| (*lang, Pattern::inflected(analyzer, text, *lang))).collect())
            }
            Form::Exact => Meant::Exact(Pattern::exact(analyzer, text, false)),
            Form::Cased => Meant::Exact(Pattern::exact(analyzer, text, true)),
        })
    }

    /// Notes how many forms a word stands for, if it is a wildcard or a fuzzy word.
    fn count_forms(&mut self, node: &Node, word: &str, form: Form, slips: Option<u8>) -> Result<(), QueryError> {
        let key = (word.to_owned(), form, slips);
        if slips.is_none() && !word.contains(['*', '?']) || self.forms.contains_key(&key) {
            return Ok(());
        }
        let pattern = match (slips, form) {
            (Some(slips), _) => Pattern::fuzzy(word, letters(form), slips),
            (None, Form::Any) => Pattern::inflected(&mut self.analyzer, word, Lang::UNKNOWN),
            (None, _) => Pattern::exact(&mut self.analyzer, word, form == Form::Cased),
        };
        let mut count = 0;
        for shape in pattern.shapes() {
            if shape.letters_in_front() == Some(0) {
                let cure = "a script without spaces between words needs no wildcard";
                return Err(self.refuse(node, format!("{word} has no letter before the wildcard")).cure(cure));
            }
            let some = self.knowledge.forms(shape);
            if some > MOST_FORMS {
                let what = format!("{word} stands for more than {MOST_FORMS} forms");
                return Err(self.refuse(node, what).cure("write more of its letters"));
            }
            count += some;
        }
        self.forms.insert(key, Formed { count, shapes: pattern.shapes().cloned().collect() });
        Ok(())
    }

    fn like(&mut self, node: &Node, reference: &str) -> Result<Clause, QueryError> {
        // Of ten words that tell a paragraph apart, three are found in paragraphs on the same matter, seldom in others.
        const SHARE: f64 = 0.3;
        let likeness = self.knowledge.likeness(reference);
        let Some(likeness) = likeness else {
            return Err(self.refuse(node, format!("there is no paragraph {reference} in this index")));
        };
        let words = likeness.words.iter().map(|word| {
            Clause::Words(Meant::Inflected(vec![(
                likeness.lang,
                Pattern::inflected(&mut self.analyzer, word, likeness.lang),
            )]))
        });
        let words: Vec<Clause> = words.collect();
        let enough = (words.len() as f64 * SHARE).ceil().max(1.0) as u32;
        Ok(Clause::All(vec![
            Clause::Of(enough, words),
            // A character of a script without spaces is the same word in other languages.
            Clause::Lang(likeness.lang),
            Clause::Not(Box::new(Clause::Group(likeness.group))),
        ]))
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
        let near = match self.knowledge.codes(coding, value) {
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

/// The letters that count at a form.
fn letters(form: Form) -> Letters {
    match form {
        Form::Any => Letters::Folded,
        Form::Exact => Letters::Lower,
        Form::Cased => Letters::Written,
    }
}
