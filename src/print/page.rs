//! Plain data for what is no answer to a question: an article's page, and facts about an index.
//!
//! The caller fills it in; nothing here knows how it is printed.

use std::ops::Range;

use crate::article::Given;
use crate::search::answer::ArticleCard;

/// An article, whole or the part of it around one paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What is known of the article.
    pub card: ArticleCard,
    /// The codes that its source gave it.
    pub given: Vec<Given>,
    /// How many paragraphs the article has, the headline not counted.
    pub length: u32,
    /// The paragraph that was asked for, 0 being the headline; none if the article as a whole was.
    pub asked: Option<u32>,
    /// The paragraphs to print, in the order of the article. The headline need not be among them.
    pub paragraphs: Vec<PageParagraph>,
}

/// A paragraph of a [`Page`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageParagraph {
    /// Its number, from 1; 0 is the headline.
    pub number: u32,
    /// Its text.
    pub text: String,
    /// What to mark in it, as byte ranges of `text`: ascending, disjoint, none empty.
    pub highlights: Vec<Range<usize>>,
    /// The actors that it names, as facet paths, sorted.
    pub actors: Vec<String>,
    /// Its topics, likewise.
    pub topics: Vec<String>,
}

/// Facts that belong together, such as what an index holds of each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its name, unlike that of every other section; a key in JSON, so `snake_case`.
    pub name: String,
    /// Keys, each only once, and what is known of them, in the order of printing.
    pub facts: Vec<(String, Fact)>,
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// So many.
    Count(u64),
    /// A name, a path, a date.
    Text(String),
    /// Several of them.
    List(Vec<String>),
    /// Not known.
    Unknown,
}
