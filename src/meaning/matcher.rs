//! The definition: whether a clause accepts a paragraph, and the words that make it.

use std::fmt;

use super::{Clause, Coding, Leaf, Placed};
use crate::article::{ArticleId, PubDate};
use crate::interval::{self, Finder, Found, Places};
use crate::text::{Analysis, Analyzer, folded_words};

/// What is known of a paragraph beside its words.
#[derive(Debug, Clone, Copy, Default)]
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
    /// All paragraphs of its article, itself and the headline among them; only a [`Clause::Whole`] asks for them.
    pub siblings: &'a [Sibling],
}

/// A paragraph of the same article.
#[derive(Debug, Clone, Default)]
pub struct Sibling {
    /// Its text.
    pub text: String,
    /// Facet paths of its actors.
    pub actors: Vec<String>,
    /// Facet paths of its topics.
    pub topics: Vec<String>,
    /// Its group's printed id.
    pub group: String,
}

/// Decides which paragraphs clauses accept, and keeps its buffers from one to the next.
#[derive(Default)]
pub struct Matcher {
    finder: Finder,
    /// For headlines and siblings, whose tokens nobody hands over.
    analyzer: Analyzer,
    slots: Vec<Vec<u32>>,
}

impl fmt::Debug for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matcher").finish_non_exhaustive()
    }
}

impl Matcher {
    /// Whether the clause accepts a paragraph; if so, the positions of the words that made it, ascending.
    ///
    /// Words of a negated clause make nothing; of alternatives, all that hold.
    pub fn matches(&mut self, clause: &Clause, tokens: &Analysis<'_>, facts: &Facts<'_>) -> Option<Vec<u32>> {
        let mut marks = Vec::new();
        self.holds(clause, tokens, facts, &mut Marks::Words(&mut marks)).then(|| {
            marks.sort_unstable();
            marks.dedup();
            marks
        })
    }

    /// The same of words that stand in a certain way, for who knows the words of the paragraph already.
    pub(crate) fn matches_placed(
        &mut self,
        placed: &Placed,
        tokens: &Analysis<'_>,
        words: &impl Words,
    ) -> Option<Vec<u32>> {
        let found = self.find(placed, tokens, words);
        let mut marks: Vec<u32> = found.iter().flat_map(|span| found.words(span)).collect();
        marks.sort_unstable();
        marks.dedup();
        Some(marks).filter(|marks| !marks.is_empty())
    }

    /// The stretches of words that made a clause accept a paragraph, ascending, each once: first and last position. Of
    /// stretches that contain each other the shortest. Empty if it does not accept it, or not for its words.
    pub fn stretches(&mut self, clause: &Clause, tokens: &Analysis<'_>, facts: &Facts<'_>) -> Vec<(u32, u32)> {
        let mut stretches = Vec::new();
        if !self.holds(clause, tokens, facts, &mut Marks::Stretches(&mut stretches)) {
            return Vec::new();
        }
        let mut found = Found::default();
        stretches.sort_unstable();
        stretches.dedup();
        stretches.iter().for_each(|(first, last)| found.push(*first, *last));
        found.shortest().map(|span| (span.first, span.last)).collect()
    }

    fn holds(&mut self, clause: &Clause, tokens: &Analysis<'_>, facts: &Facts<'_>, marks: &mut Marks<'_>) -> bool {
        match clause {
            Clause::Words(meant) => {
                let Some(pattern) = meant.in_lang(tokens.lang()) else { return false };
                let width = pattern.0.len() as u32;
                let mut any = false;
                for start in pattern.starts(tokens) {
                    any = true;
                    marks.add(start, start + width - 1, start..start + width);
                }
                any
            }
            Clause::Placed(placed) => {
                let found = self.find(placed, tokens, &Entries { tokens, leaves: &placed.leaves });
                for span in found.iter() {
                    marks.add(span.first, span.last, found.words(span));
                }
                !found.is_empty()
            }
            Clause::All(clauses) => clauses.iter().all(|clause| self.holds(clause, tokens, facts, marks)),
            Clause::Any(clauses) => self.count(clauses, tokens, facts, marks) >= 1,
            Clause::Of(count, clauses) => self.count(clauses, tokens, facts, marks) >= *count,
            Clause::Not(clause) => !self.holds(clause, tokens, facts, &mut Marks::None),
            Clause::Boosted(clause, _) => self.holds(clause, tokens, facts, marks),
            Clause::Title(clause) => {
                !facts.title.is_empty() && self.holds_in(clause, facts.title, tokens, facts, &mut Marks::None)
            }
            Clause::Whole(clause) => {
                let holds = self.holds_over(clause, tokens, facts);
                if holds {
                    self.mark_here(clause, tokens, facts, marks);
                }
                holds
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

    /// How many of several clauses hold. Every one is asked, so that all that hold are marked; one that fails leaves no
    /// marks.
    fn count(&mut self, clauses: &[Clause], tokens: &Analysis<'_>, facts: &Facts<'_>, marks: &mut Marks<'_>) -> u32 {
        clauses.iter().fold(0, |count, clause| {
            let before = marks.len();
            let holds = self.holds(clause, tokens, facts, marks);
            if !holds {
                marks.truncate(before);
            }
            count + u32::from(holds)
        })
    }

    /// Whether a clause holds for another text of the same article.
    fn holds_in(
        &mut self,
        clause: &Clause,
        text: &str,
        tokens: &Analysis<'_>,
        facts: &Facts<'_>,
        marks: &mut Marks<'_>,
    ) -> bool {
        // The analyzer is lent for as long as its tokens are looked at.
        let mut analyzer = std::mem::take(&mut self.analyzer);
        let holds = self.holds(clause, &analyzer.analyze(text, tokens.lang()), facts, marks);
        self.analyzer = analyzer;
        holds
    }

    /// Whether a clause holds over the article of a paragraph.
    fn holds_over(&mut self, clause: &Clause, tokens: &Analysis<'_>, facts: &Facts<'_>) -> bool {
        match clause {
            Clause::All(clauses) => clauses.iter().all(|clause| self.holds_over(clause, tokens, facts)),
            Clause::Any(clauses) => clauses.iter().any(|clause| self.holds_over(clause, tokens, facts)),
            Clause::Of(count, clauses) => {
                let held = clauses.iter().filter(|clause| self.holds_over(clause, tokens, facts)).count();
                held >= *count as usize
            }
            Clause::Not(clause) => !self.holds_over(clause, tokens, facts),
            leaf => facts.siblings.iter().any(|sibling| {
                let facts = Facts { actors: &sibling.actors, topics: &sibling.topics, group: &sibling.group, ..*facts };
                self.holds_in(leaf, &sibling.text, tokens, &facts, &mut Marks::None)
            }),
        }
    }

    /// Marks what of a clause that holds over the article stands in this paragraph.
    fn mark_here(&mut self, clause: &Clause, tokens: &Analysis<'_>, facts: &Facts<'_>, marks: &mut Marks<'_>) {
        match clause {
            Clause::All(clauses) | Clause::Any(clauses) | Clause::Of(_, clauses) => {
                clauses.iter().for_each(|clause| self.mark_here(clause, tokens, facts, marks));
            }
            Clause::Not(_) => {}
            leaf => {
                self.count(std::slice::from_ref(leaf), tokens, facts, marks);
            }
        }
    }

    /// The matches of words that stand in a certain way.
    fn find(&mut self, placed: &Placed, tokens: &Analysis<'_>, words: &impl Words) -> &Found {
        let mut places = TokenPlaces { tokens, leaves: &placed.leaves, words, slots: &mut self.slots };
        self.finder.find(&placed.tree, &mut places)
    }
}

/// What is noted of the words that make a match.
enum Marks<'a> {
    /// Nothing.
    None,
    /// Their positions, in any order.
    Words(&'a mut Vec<u32>),
    /// The first and last of each match.
    Stretches(&'a mut Vec<(u32, u32)>),
}

impl Marks<'_> {
    fn add(&mut self, first: u32, last: u32, words: impl Iterator<Item = u32>) {
        match self {
            Marks::None => {}
            Marks::Words(marks) => marks.extend(words),
            Marks::Stretches(marks) => marks.push((first, last)),
        }
    }

    fn len(&self) -> usize {
        match self {
            Marks::None => 0,
            Marks::Words(marks) => marks.len(),
            Marks::Stretches(marks) => marks.len(),
        }
    }

    fn truncate(&mut self, len: usize) {
        match self {
            Marks::None => {}
            Marks::Words(marks) => marks.truncate(len),
            Marks::Stretches(marks) => marks.truncate(len),
        }
    }
}

/// Tells what the words of a paragraph are to the leaves of a tree.
pub(crate) trait Words {
    /// Whether the words that a leaf asks for may all be there.
    fn may_be_there(&self, leaf: usize) -> bool;
    /// Whether a word is what a leaf asks for in a slot of its pattern.
    fn fits(&self, leaf: usize, slot: usize, place: usize) -> bool;
}

/// Words that nobody has looked at yet.
struct Entries<'a> {
    tokens: &'a Analysis<'a>,
    leaves: &'a [Leaf],
}

impl Words for Entries<'_> {
    fn may_be_there(&self, _: usize) -> bool {
        true
    }

    fn fits(&self, leaf: usize, slot: usize, place: usize) -> bool {
        let pattern = self.leaves[leaf].meant.in_lang(self.tokens.lang());
        pattern.is_some_and(|pattern| pattern.0[slot].accepts(self.tokens.entry(&self.tokens.tokens()[place])))
    }
}

/// The places of words in a text that was analysed.
struct TokenPlaces<'a, W> {
    tokens: &'a Analysis<'a>,
    leaves: &'a [Leaf],
    words: &'a W,
    slots: &'a mut Vec<Vec<u32>>,
}

impl<W: Words> Places for TokenPlaces<'_, W> {
    fn leaf(&mut self, number: usize, found: &mut Found) {
        let leaf = &self.leaves[number];
        let Some(pattern) = leaf.meant.in_lang(self.tokens.lang()) else { return };
        if pattern.0.is_empty() || !self.words.may_be_there(number) {
            return;
        }
        let (width, len) = (pattern.0.len(), self.tokens.tokens().len());
        let fits = |slot, place| self.words.fits(number, slot, place);
        let Some(others) = leaf.window else {
            let starts =
                (0..(len + 1).saturating_sub(width)).filter(|start| (0..width).all(|slot| fits(slot, start + slot)));
            return starts.for_each(|start| found.push(start as u32, (start + width - 1) as u32));
        };
        self.slots.resize_with(width, Vec::new);
        for (slot, positions) in self.slots.iter_mut().enumerate() {
            positions.clear();
            positions.extend((0..len).filter(|place| fits(slot, *place)).map(|place| place as u32));
        }
        interval::window(self.slots, others, found);
    }

    fn sentences(&mut self, starts: &mut Vec<u32>) {
        let tokens = self.tokens.tokens();
        let begins = |pair: &[crate::text::Token]| pair[0].sentence != pair[1].sentence;
        starts.extend((1..).zip(tokens.windows(2)).filter(|(_, pair)| begins(pair)).map(|(place, _)| place));
    }
}

/// Whether the words of `text` hold `sought` in a row.
pub fn holds_in_a_row(text: &str, sought: &[String]) -> bool {
    folded_words(text).windows(sought.len().max(1)).any(|window| window == sought)
}

/// Whether a facet path is another one or lies below it.
pub fn is_at_or_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
