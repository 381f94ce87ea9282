//! Rules: queries that code a paragraph, run by the same matcher that searches and marks.
//!
//! A rule is looked at only where a word occurs that every match of it holds. Of the words that it could wait for, those
//! are taken that are likely to be rare.

use hashbrown::{HashMap, HashSet};

use super::file::{ByLang, Entry};
use crate::error::QueryError;
use crate::interval::Tree;
use crate::meaning::{self, Clause, Coding, Facts, Knowledge, Likeness, Matcher, Meant};
use crate::query::tree::{Kind, Node};
use crate::query::{Join, parse};
use crate::text::{self, Analysis, Lang, Pattern, Shape, Slot};

/// Whether a rule can be asked of a paragraph by itself.
///
/// # Errors
///
/// When it is no query, or asks for what only an index knows.
pub(super) fn check(rule: &str) -> Result<(), QueryError> {
    let node = parse(rule, Join::All)?;
    only_words(rule, &node)?;
    let clause = clause(rule, &node, Lang::ENGLISH)?;
    if waits_for(&clause).is_none() {
        let error = QueryError::at(rule, 0..rule.len(), "this accepts paragraphs without any of its words");
        return Err(error.cure("a rule needs a word that is not negated"));
    }
    Ok(())
}

fn only_words(rule: &str, node: &Node) -> Result<(), QueryError> {
    let refuse = |what: &str| Err(QueryError::at(rule, node.span.clone(), format!("a rule asks for words; {what}")));
    match &node.kind {
        Kind::Field(..) | Kind::Date(_) | Kind::Words(..) | Kind::Title(_) => refuse("this asks for something else"),
        Kind::Whole(_) => refuse("it knows one paragraph, not the article"),
        Kind::Like(_) => refuse("it knows no other paragraph"),
        Kind::And(nodes) | Kind::Or(nodes) | Kind::Of(_, nodes) => {
            nodes.iter().try_for_each(|node| only_words(rule, node))
        }
        Kind::Not(node) | Kind::Boosted(node, _) => only_words(rule, node),
        // What stands inside these has a place in the text.
        Kind::Word(_) | Kind::Phrase(_) | Kind::Near(_) | Kind::AtLeast(..) | Kind::First(..) => Ok(()),
    }
}

/// What is known where there is no index: one language.
struct OneLanguage([Lang; 1]);

impl Knowledge for OneLanguage {
    fn langs(&self) -> &[Lang] {
        &self.0
    }

    fn codes(&self, _: Coding, _: &str) -> Result<Vec<String>, Vec<String>> {
        Err(Vec::new())
    }

    fn forms(&self, _: &Shape) -> u64 {
        0
    }

    fn likeness(&self, _: &str) -> Option<Likeness> {
        None
    }
}

fn clause(rule: &str, node: &Node, lang: Lang) -> Result<Clause, QueryError> {
    Ok(meaning::resolve(rule, node, &OneLanguage([lang]))?.clause)
}

/// The rules of a codebook's entries in one language.
#[derive(Debug, Default)]
pub(super) struct Rules {
    rules: Vec<Rule>,
    /// For each entry that has any: what must not match, by the entry's path.
    vetoes: Vec<(String, Vec<Clause>)>,
    /// Which rules wait for a word: by the stem's term, by the folded form, by its shape.
    stems: HashMap<String, Vec<u32>>,
    forms: HashMap<String, Vec<(Slot, u32)>>,
    shapes: Vec<(Shape, u32)>,
}

#[derive(Debug)]
struct Rule {
    /// The entry, by its place in its part of the codebook.
    entry: u32,
    clause: Clause,
}

/// What one thread keeps from one paragraph to the next.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// For each word number, once it is worked out: the rules that wait for the word.
    of_word: Vec<Option<Box<[u32]>>>,
    met: HashSet<u32>,
    matcher: Matcher,
}

impl Waiting {
    /// Forgets the words, when their numbers are no longer those of the same lexicon.
    pub(super) fn forget(&mut self) {
        self.of_word.clear();
    }
}

impl Rules {
    /// The rules of these entries in a language.
    pub(super) fn of(entries: &[Entry], lang: Lang) -> Rules {
        let mut all = Rules::default();
        for (entry, place) in entries.iter().zip(0..) {
            let vetoes: Vec<Clause> = clauses(&entry.not, lang).collect();
            if !vetoes.is_empty() {
                all.vetoes.push((entry.facet(), vetoes));
            }
            for clause in clauses(&entry.any, lang) {
                let number = all.rules.len() as u32;
                let Some(slots) = waits_for(&clause) else { continue };
                slots.into_iter().for_each(|slot| all.wait(slot, number));
                all.rules.push(Rule { entry: place, clause });
            }
        }
        all
    }

    fn wait(&mut self, slot: Slot, rule: u32) {
        match slot {
            Slot::Stem(terms) => terms.into_iter().for_each(|term| self.stems.entry(term).or_default().push(rule)),
            Slot::Form { ref folded, .. } => self.forms.entry(folded.clone()).or_default().push((slot, rule)),
            Slot::Shape(shape) => self.shapes.push((shape, rule)),
        }
    }

    /// The rules that wait for a word.
    fn waiting(&self, word: &text::Entry) -> Box<[u32]> {
        let stems = word.stem_terms().filter_map(|term| self.stems.get(term)).flatten().copied();
        let forms = self.forms.get(word.folded()).into_iter().flatten();
        let forms = forms.filter(|(slot, _)| slot.accepts(word)).map(|(_, rule)| *rule);
        let shapes = self.shapes.iter().filter(|(shape, _)| shape.accepts(word)).map(|(_, rule)| *rule);
        stems.chain(forms).chain(shapes).collect()
    }

    /// Hands on each entry that a rule codes, by its place, with the words that the rule rests on, by position.
    pub(super) fn code(
        &self,
        waiting: &mut Waiting,
        analysis: &Analysis<'_>,
        counts: impl Fn(u32) -> bool,
        mut each: impl FnMut(u32, &[u32]),
    ) {
        if self.rules.is_empty() {
            return;
        }
        let Waiting { of_word, met, matcher } = waiting;
        met.clear();
        for token in analysis.tokens() {
            let word = analysis.word_number(token);
            if of_word.len() <= word {
                of_word.resize(word + 1, None);
            }
            met.extend(of_word[word].get_or_insert_with(|| self.waiting(analysis.entry(token))).iter());
        }
        for rule in met.iter().map(|rule| &self.rules[*rule as usize]) {
            if !counts(rule.entry) {
                continue;
            }
            if let Some(marks) = matcher.matches(&rule.clause, analysis, &Facts::default()) {
                each(rule.entry, &marks);
            }
        }
    }

    /// Whether a code must not be given to a paragraph.
    pub(super) fn forbids(&self, waiting: &mut Waiting, analysis: &Analysis<'_>, path: &str) -> bool {
        let mut vetoes = self.vetoes.iter().filter(|(of, _)| of == path).flat_map(|(_, vetoes)| vetoes);
        vetoes.any(|veto| waiting.matcher.matches(veto, analysis, &Facts::default()).is_some())
    }
}

/// The rules of a list that count in a language.
fn clauses(lists: &[ByLang<String>], lang: Lang) -> impl Iterator<Item = Clause> {
    let counted = lists.iter().filter(move |(of, _)| of.is_none_or(|of| of == lang)).flat_map(|(_, rules)| rules);
    // A rule that says nothing in this language, as a word without a letter of it may, codes nothing.
    counted.filter_map(move |rule| clause(rule, &parse(rule, Join::All).ok()?, lang).ok())
}

/// Words of which every match of a clause has at least one; none if it may match without.
fn waits_for(clause: &Clause) -> Option<Vec<Slot>> {
    match clause {
        Clause::Words(meant) => of_meant(meant),
        Clause::Placed(placed) => of_tree(&placed.tree, &|leaf| of_meant(&placed.leaves[leaf].meant)),
        Clause::All(clauses) => rarest(clauses.iter().filter_map(waits_for)),
        Clause::Any(clauses) | Clause::Of(_, clauses) => all(clauses.iter().map(waits_for)),
        Clause::Boosted(clause, _) => waits_for(clause),
        _ => None,
    }
}

fn of_tree(tree: &Tree, leaf: &dyn Fn(usize) -> Option<Vec<Slot>>) -> Option<Vec<Slot>> {
    match tree {
        Tree::Leaf(number) => leaf(*number),
        Tree::Any(trees) | Tree::Of(_, trees) => all(trees.iter().map(|tree| of_tree(tree, leaf))),
        Tree::AtLeast(_, tree) | Tree::First(_, tree) => of_tree(tree, leaf),
        Tree::Near { left, negated: true, .. } => of_tree(left, leaf),
        Tree::Near { left, right, .. } => rarest([left, right].into_iter().filter_map(|tree| of_tree(tree, leaf))),
    }
}

fn of_meant(meant: &Meant) -> Option<Vec<Slot>> {
    let patterns: Vec<&Pattern> = match meant {
        Meant::Exact(pattern) => vec![pattern],
        Meant::Inflected(patterns) => patterns.iter().map(|(_, pattern)| pattern).collect(),
    };
    all(patterns.into_iter().map(|pattern| rarest(pattern.0.iter().map(|slot| vec![slot.clone()]))))
}

fn all(sets: impl Iterator<Item = Option<Vec<Slot>>>) -> Option<Vec<Slot>> {
    let sets: Option<Vec<Vec<Slot>>> = sets.collect();
    sets.map(|sets| sets.concat())
}

/// Of several sets, each of which will do, the one whose words are likely to be rarest.
fn rarest(sets: impl Iterator<Item = Vec<Slot>>) -> Option<Vec<Slot>> {
    // Long words are rare, and the rarer the longer, about as the square of their length.
    let frequency = |slot: &Slot| {
        let length = match slot {
            Slot::Stem(terms) => terms.iter().map(String::len).min().unwrap_or(1),
            Slot::Form { folded, .. } => folded.len(),
            Slot::Shape(shape) => shape.letters_in_front().unwrap_or(1),
        };
        1.0 / (length.max(1) * length.max(1)) as f64
    };
    let cost = |set: &Vec<Slot>| set.iter().map(frequency).sum::<f64>();
    sets.min_by(|a, b| cost(a).total_cmp(&cost(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codebook::{Codebook, Part};

    /// A rule that says nothing in a language that it counts in is never met.
    #[test]
    fn no_rule_of_the_built_in_codebook_is_dead() {
        let book = Codebook::conflict();
        for part in [Part::Actors, Part::Topics] {
            for entry in book.entries(part) {
                for (lang, rules) in entry.any.iter().chain(&entry.not) {
                    let lang = lang.unwrap_or(Lang::ENGLISH);
                    let rules_of_any = [(None, rules.clone())];
                    let alive = clauses(&rules_of_any, lang).filter(|clause| waits_for(clause).is_some());
                    assert_eq!(alive.count(), rules.len(), "{} in {lang}", entry.id);
                }
            }
        }
    }
}
