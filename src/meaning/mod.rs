//! What a question means: which paragraphs it accepts, defined over the tokens of one paragraph.
//!
//! A query tree is resolved once against what an index knows ([`resolve()`]); what comes out, a [`Clause`], is what the
//! planner turns into a search of postings and what a [`Matcher`] decides for one paragraph in memory. The two must agree
//! on every paragraph, and what is marked is what the matcher says.

#[cfg(test)]
mod marks;
mod matcher;
mod resolve;
#[cfg(test)]
mod semantics;

pub(crate) use matcher::Words;
pub use matcher::{Facts, Matcher, Sibling, holds_in_a_row, is_at_or_below};
pub use resolve::{Forms, Knowledge, Likeness, MOST_FORMS, Resolved, resolve};

use std::ops::RangeInclusive;

use crate::article::ArticleId;
use crate::interval::Tree;
use crate::query::tree::{Boost, Compare, DateTest};
use crate::text::{Lang, Pattern};

/// A question resolved against an index.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// A word or phrase.
    Words(Meant),
    /// Words that stand in a certain way to each other.
    Placed(Placed),
    /// All of them.
    All(Vec<Clause>),
    /// At least one of them.
    Any(Vec<Clause>),
    /// At least so many of them.
    Of(u32, Vec<Clause>),
    /// Not this.
    Not(Box<Clause>),
    /// The article's headline matches.
    Title(Box<Clause>),
    /// It holds over the whole article: each part of it that is no `All`, `Any`, `Of` or `Not` in some paragraph.
    Whole(Box<Clause>),
    /// A `Words` or `Placed` that counts more or less in the ranking.
    Boosted(Box<Clause>, Boost),
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

impl Clause {
    /// The clauses directly inside it.
    pub fn parts(&self) -> &[Clause] {
        match self {
            Clause::All(parts) | Clause::Any(parts) | Clause::Of(_, parts) => parts,
            Clause::Not(part) | Clause::Title(part) | Clause::Whole(part) | Clause::Boosted(part, _) => {
                std::slice::from_ref(part)
            }
            _ => &[],
        }
    }

    /// Whether it, or a clause inside it, is such a one.
    pub fn asks(&self, is: &dyn Fn(&Clause) -> bool) -> bool {
        is(self) || self.parts().iter().any(|part| part.asks(is))
    }
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
    /// The same in every language: its own forms, or those that a fuzzy word accepts.
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

/// Words and phrases, and how they must stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// How they must stand; its leaves are numbers of `leaves`.
    pub tree: Tree,
    /// The words and phrases.
    pub leaves: Vec<Leaf>,
}

/// A word or phrase among others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// What it looks for.
    pub meant: Meant,
    /// Whether its words may stand in any order, with at most so many others among them; else they stand in a row.
    pub window: Option<u32>,
    /// How much it counts in the ranking.
    pub boost: Boost,
}
