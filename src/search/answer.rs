//! What a question is answered with: plain data that knows nothing of how it is printed.

mod copies;
mod counts;
mod period;

use std::ops::Range;

use crate::article::{ArticleId, CorpusDigest, Given, PubDate, Ref};

pub use copies::{Change, CopiedGroup, Edit, History, MostCopied, Reprinter, Reprints, Version};
pub use counts::{Apart, Cell, Count, Counts, Cross, Moment, OTHER, Split, Timeline};
pub use period::{Period, Unit};

/// A whole answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The question as it was asked.
    pub text: String,
    /// The question as it was read, in full parentheses.
    pub read_as: String,
    /// What the index holds.
    pub index: Holdings,
    /// How much of it matches.
    pub total: Totals,
    /// The hits that were asked for, best first.
    pub hits: Vec<Hit>,
    /// The facets that were asked for, in the order asked.
    pub facets: Vec<FacetCounts>,
}

/// What an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holdings {
    /// The number of the generation, from 1.
    pub generation: u64,
    /// The digest of its articles: the same in every index that holds the same.
    pub corpus: CorpusDigest,
    /// Articles.
    pub articles: u64,
    /// Paragraphs, headlines included.
    pub paragraphs: u64,
    /// Groups of copies; a paragraph without copies is a group of one.
    pub groups: u64,
}

/// Exact numbers of what matches, each in its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Paragraphs that match.
    pub paragraphs: u64,
    /// Groups with a matching member, boilerplate aside.
    pub groups: u64,
    /// Articles with a matching paragraph.
    pub articles: u64,
    /// Outlets with a matching paragraph; articles without an outlet count as none.
    pub sources: u64,
    /// Different texts with a match that are boilerplate and so no groups.
    pub boilerplate: u64,
}

/// One hit: a group of copies, shown by its oldest matching member; with all copies asked for, one paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The place in the whole order, from 1.
    pub rank: u64,
    /// The score, a multiple of 1/4096; the best of the group's matching members.
    pub score: f64,
    /// The paragraph shown.
    pub reference: Ref,
    /// The article it stands in.
    pub article: ArticleCard,
    /// The paragraph's text.
    pub text: String,
    /// The matched words, as byte ranges of `text`: ascending, disjoint, none empty.
    pub highlights: Vec<Range<usize>>,
    /// The actors that the paragraph names, as facet paths such as `/russia/government`, sorted.
    pub actors: Vec<String>,
    /// Its topics, likewise.
    pub topics: Vec<String>,
    /// What each of these codes rests on, if it was asked for.
    pub evidence: Option<Evidence>,
    /// The other copies.
    pub duplicates: Duplicates,
    /// Where only articles that came since some moment count: what of it was there before.
    pub novelty: Option<Novelty>,
    /// The paragraphs around it that were asked for.
    pub context: Context,
}

/// An article without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleCard {
    /// Its id.
    pub id: ArticleId,
    /// Its headline; empty when it has none.
    pub title: String,
    /// The outlet.
    pub source: Option<String>,
    /// The byline.
    pub author: Option<String>,
    /// The document date.
    pub date: Option<PubDate>,
    /// Where it was published.
    pub url: Option<String>,
    /// The language it was read as, an ISO 639 code; `und` where it is not known.
    pub lang: String,
    /// The file below its root.
    pub path: String,
    /// The record in that file; none in a file of one.
    pub record: Option<String>,
}

/// What the codes of a paragraph rest on: each code, and the words of it, as byte ranges of the paragraph's text, ascending.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Of its actors.
    pub actors: Vec<(String, Vec<Range<usize>>)>,
    /// Of its topics.
    pub topics: Vec<(String, Vec<Range<usize>>)>,
}

/// What was there before of a paragraph that came since some moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Novelty {
    /// Nothing like it.
    New,
    /// The same text, in this paragraph.
    AnotherCopy(Earlier),
    /// A near copy in this paragraph; or an earlier form of its own article, when it names itself.
    EditedCopy(Earlier),
}

/// A paragraph that was there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The paragraph.
    pub reference: Ref,
    /// The outlet.
    pub source: Option<String>,
    /// The document date.
    pub date: Option<PubDate>,
}

/// The copies of a hit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Duplicates {
    /// The group's id.
    pub group: String,
    /// How many paragraphs the group has, the one shown included.
    pub copies: u64,
    /// How many of them match, the one shown included.
    pub matching: u64,
    /// How many outlets printed a copy.
    pub outlets: u64,
    /// The date of the oldest copy in this index.
    pub first: Option<PubDate>,
    /// Whether it is boilerplate, such as "Read more": then it is no group, and its copies are not listed.
    pub boilerplate: bool,
    /// The other copies, oldest first; at most [`MOST_COPIES_SHOWN`], `copies` counts them all.
    pub others: Vec<Copy>,
}

/// How many copies a hit lists by name.
pub const MOST_COPIES_SHOWN: usize = 20;

/// One other copy of a hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Copy {
    /// The paragraph.
    pub reference: Ref,
    /// The outlet.
    pub source: Option<String>,
    /// The document date.
    pub date: Option<PubDate>,
    /// The headline of its article.
    pub title: String,
    /// How alike the two are, 0 to 1; 1 is the same in normal form.
    pub similarity: f64,
    /// Whether it matches, too.
    pub matches: bool,
}

/// The paragraphs before and after a hit, nearest to it last and first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// Before it, in the order of the article.
    pub before: Vec<(Ref, String)>,
    /// After it, in the order of the article.
    pub after: Vec<(Ref, String)>,
}

/// The counts of one facet field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCounts {
    /// The field: `actor`, `topic`, `date`, `source`, `lang` or `given`.
    pub field: String,
    /// Every path that a matching paragraph has, ancestors included; sorted by groups, then paragraphs, most first, then path.
    pub values: Vec<FacetCount>,
}

/// The counts of one facet path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCount {
    /// The path, such as `/russia/government` or `/1987/03`.
    pub path: String,
    /// Groups with a matching member that has it.
    pub groups: u64,
    /// Matching paragraphs that have it.
    pub paragraphs: u64,
    /// Articles with such a paragraph.
    pub articles: u64,
}

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

/// The codes of a paragraph and what they rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The paragraph.
    pub reference: Ref,
    /// Its text.
    pub text: String,
    /// Its actors: facet path, and each name that was found, as it stands in the text.
    pub actors: Vec<(String, Vec<String>)>,
    /// Its topics, likewise.
    pub topics: Vec<(String, Vec<String>)>,
}

/// What a codebook would find in an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRun {
    /// How many paragraphs were coded.
    pub paragraphs: u64,
    /// Its actors, those that are found most first.
    pub actors: Vec<EntryHits>,
    /// Its topics, likewise.
    pub topics: Vec<EntryHits>,
}

/// What one entry would find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryHits {
    /// Its facet path.
    pub path: String,
    /// How many paragraphs it would code.
    pub paragraphs: u64,
    /// The words that it is found by most often, folded, and how often.
    pub found_by: Vec<(String, u64)>,
    /// The first few of those paragraphs.
    pub examples: Vec<Ref>,
}

/// Matches, each on a line with the words around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Concordance {
    /// The question as it was asked.
    pub text: String,
    /// The question as it was read.
    pub read_as: String,
    /// What the index holds.
    pub index: Holdings,
    /// How much of it matches.
    pub total: Totals,
    /// The lines that were asked for.
    pub lines: Vec<Line>,
}

/// One match and the words around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The paragraph it stands in.
    pub reference: Ref,
    /// The outlet.
    pub source: Option<String>,
    /// The document date.
    pub date: Option<PubDate>,
    /// The text before it.
    pub left: String,
    /// The text from its first word to its last.
    pub matched: String,
    /// The words that make it, as byte ranges of `matched`: ascending, disjoint, none empty.
    pub highlights: Vec<Range<usize>>,
    /// The text after it.
    pub right: String,
}

/// Why a paragraph or an article matches a question, or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The article.
    pub article: ArticleId,
    /// The paragraph, if one was asked for.
    pub reference: Option<Ref>,
    /// Its text.
    pub text: Option<String>,
    /// The question and its parts, each before the parts in it.
    pub parts: Vec<Part>,
}

/// A part of a question held against a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// In how many other parts it stands.
    pub depth: usize,
    /// The part as it is read.
    pub clause: String,
    /// The paragraphs that it accepts; none if it does not hold.
    pub paragraphs: Vec<u32>,
    /// The words that make it hold there, as they are written, each once.
    pub words: Vec<String>,
}
