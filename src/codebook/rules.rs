//! Rules: queries that code a paragraph, run by the same matcher that searches and marks.
//!
//! A rule waits for a word that every match of it holds, likely to be a rare one. Where that occurs, it is asked whether
//! the paragraph holds the other words that it needs, anywhere; only then whether they stand as the rule wants them.

use hashbrown::HashMap;

use super::file::{ByLang, Entry};
use super::slots::Slots;
use super::words::Text;
use crate::error::QueryError;
use crate::interval::Tree;
use crate::meaning::{self, Clause, Coding, Facts, Knowledge, Likeness, Matcher, Meant, Placed, Words};
use crate::query::tree::{Kind, Node};
use crate::query::{Join, parse};
use crate::text::{Analysis, Lang, Pattern, Shape, Slot};

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
    /// What must not match, by the entry's place, for those that have any.
    vetoes: HashMap<u32, Vec<Rule>>,
    /// Which rules wait for a word, by the number of its slot.
    waiting: Vec<Vec<u32>>,
}

#[derive(Debug)]
struct Rule {
    /// The entry, by its place in its part of the codebook.
    entry: u32,
    clause: Clause,
    needs: Row,
    /// For each leaf of a [`Clause::Placed`], the numbers of the slots of its pattern; nothing of another clause.
    leaves: Vec<Vec<u32>>,
}

/// What a paragraph must hold, wherever it stands, for a clause to accept it.
#[derive(Debug)]
enum Needs {
    Nothing,
    /// A word that fills the slot of this number.
    Word(u32),
    All(Vec<Needs>),
    Of(u32, Vec<Needs>),
}

/// [`Needs`] in one row, since most rules that are called are asked no more than these: a word is the number of its
/// slot; of several, there stand [`Row::SEVERAL`] and how many are needed, how many there are, how long all this is, and
/// they themselves.
#[derive(Debug)]
struct Row(Box<[u32]>);

impl Rules {
    /// The rules of these entries in a language; the words that they ask for are numbered in `slots`.
    pub(super) fn of(entries: &[Entry], lang: Lang, slots: &mut Slots) -> Rules {
        let mut all = Rules::default();
        for (entry, place) in entries.iter().zip(0..) {
            let mut rule = |clause| Rule::of(place, clause, slots);
            let vetoes: Vec<Rule> = clauses(&entry.not, lang).map(&mut rule).collect();
            if !vetoes.is_empty() {
                all.vetoes.insert(place, vetoes);
            }
            for clause in clauses(&entry.any, lang) {
                let Some(waits_for) = waits_for(&clause) else { continue };
                let number = all.rules.len() as u32;
                for slot in waits_for {
                    let slot = slots.number(&slot) as usize;
                    all.waiting.resize_with(all.waiting.len().max(slot + 1), Vec::new);
                    all.waiting[slot].push(number);
                }
                all.rules.push(Rule::of(place, clause, slots));
            }
        }
        all
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.rules.len()
    }

    /// The rules that wait for a word that fills a slot.
    pub(super) fn waiting_for(&self, slot: u32) -> &[u32] {
        self.waiting.get(slot as usize).map_or(&[], Vec::as_slice)
    }

    /// Hands on each entry that one of these rules codes, by its place, with the words that the rule rests on, by position.
    pub(super) fn code(
        &self,
        rules: &[u32],
        matcher: &mut Matcher,
        (analysis, text): (&Analysis<'_>, &Text<'_>),
        counts: impl Fn(u32) -> bool,
        mut each: impl FnMut(u32, &[u32]),
    ) {
        for rule in rules.iter().map(|rule| &self.rules[*rule as usize]) {
            if counts(rule.entry)
                && let Some(marks) = rule.matches(matcher, analysis, text)
            {
                each(rule.entry, &marks);
            }
        }
    }

    /// Whether the code of an entry must not be given to a paragraph.
    pub(super) fn forbids(
        &self,
        entry: u32,
        matcher: &mut Matcher,
        (analysis, text): (&Analysis<'_>, &Text<'_>),
    ) -> bool {
        let mut vetoes = self.vetoes.get(&entry).into_iter().flatten();
        vetoes.any(|veto| veto.matches(matcher, analysis, text).is_some())
    }
}

impl Rule {
    fn of(entry: u32, clause: Clause, slots: &mut Slots) -> Rule {
        let leaves = match &clause {
            // A rule is resolved for one language, and its leaves have one pattern each.
            Clause::Placed(placed) => {
                let patterns = placed.leaves.iter().map(|leaf| patterns(&leaf.meant).into_iter().flat_map(|of| &of.0));
                patterns.map(|slots_of| slots_of.map(|slot| slots.number(slot)).collect()).collect()
            }
            _ => Vec::new(),
        };
        Rule { entry, needs: Row::of(&Needs::of(&clause, slots)), clause, leaves }
    }

    /// The positions of the words that make the rule accept a paragraph whose words fill these slots.
    fn matches(&self, matcher: &mut Matcher, analysis: &Analysis<'_>, text: &Text<'_>) -> Option<Vec<u32>> {
        if !self.needs.are_met(text.filled) {
            return None;
        }
        match &self.clause {
            Clause::Placed(placed) => matcher.matches_placed(placed, analysis, &Leaves { of: &self.leaves, text }),
            clause => matcher.matches(clause, analysis, &Facts::default()),
        }
    }
}

/// The words of a paragraph as the leaves of a rule see them.
struct Leaves<'a> {
    of: &'a [Vec<u32>],
    text: &'a Text<'a>,
}

impl Words for Leaves<'_> {
    fn may_be_there(&self, leaf: usize) -> bool {
        self.of[leaf].iter().all(|slot| self.text.filled[*slot as usize])
    }

    fn fits(&self, leaf: usize, slot: usize, place: usize) -> bool {
        self.text.fills(place as u32).contains(&self.of[leaf][slot])
    }
}

impl Needs {
    fn of(clause: &Clause, slots: &mut Slots) -> Needs {
        let mut all = |clauses: &[Clause]| clauses.iter().map(|clause| Needs::of(clause, slots)).collect();
        match clause {
            Clause::Words(meant) => Needs::of_meant(meant, slots),
            Clause::Placed(placed) => Needs::of_tree(&placed.tree, placed, slots),
            Clause::All(clauses) => Needs::All(all(clauses)),
            Clause::Any(clauses) => Needs::Of(1, all(clauses)),
            Clause::Of(count, clauses) => Needs::Of(*count, all(clauses)),
            Clause::Boosted(clause, _) => Needs::of(clause, slots),
            _ => Needs::Nothing,
        }
    }

    fn of_tree(tree: &Tree, placed: &Placed, slots: &mut Slots) -> Needs {
        let mut all = |trees: &[Tree]| trees.iter().map(|tree| Needs::of_tree(tree, placed, slots)).collect();
        match tree {
            Tree::Leaf(number) => Needs::of_meant(&placed.leaves[*number].meant, slots),
            Tree::Any(trees) => Needs::Of(1, all(trees)),
            Tree::Of(count, trees) => Needs::Of(*count, all(trees)),
            Tree::AtLeast(_, tree) | Tree::First(_, tree) => Needs::of_tree(tree, placed, slots),
            Tree::Near { left, negated: true, .. } => Needs::of_tree(left, placed, slots),
            Tree::Near { left, right, .. } => {
                Needs::All([left, right].map(|tree| Needs::of_tree(tree, placed, slots)).into())
            }
        }
    }

    fn of_meant(meant: &Meant, slots: &mut Slots) -> Needs {
        let mut words =
            |pattern: &Pattern| Needs::All(pattern.0.iter().map(|slot| Needs::Word(slots.number(slot))).collect());
        Needs::Of(1, patterns(meant).into_iter().map(&mut words).collect())
    }
}

impl Row {
    /// Marks what is not a word.
    const SEVERAL: u32 = 1 << 31;

    fn of(needs: &Needs) -> Row {
        let mut row = Vec::new();
        Row::write(needs, &mut row);
        Row(row.into())
    }

    fn write(needs: &Needs, row: &mut Vec<u32>) {
        let (count, needs) = match needs {
            Needs::Word(slot) => return row.push(*slot),
            Needs::Nothing => (0, &[][..]),
            Needs::All(needs) => (needs.len() as u32, &needs[..]),
            Needs::Of(count, needs) => (*count, &needs[..]),
        };
        // One of one is that one.
        if let (1, [needs]) = (count, needs) {
            return Row::write(needs, row);
        }
        let begin = row.len();
        row.extend([Row::SEVERAL | count, needs.len() as u32, 0]);
        needs.iter().for_each(|needs| Row::write(needs, row));
        row[begin + 2] = (row.len() - begin) as u32;
    }

    fn are_met(&self, filled: &[bool]) -> bool {
        Row::begins_met(&self.0, filled)
    }

    /// Whether the needs are met with which a row begins.
    fn begins_met(row: &[u32], filled: &[bool]) -> bool {
        if row[0] & Row::SEVERAL == 0 {
            return filled[row[0] as usize];
        }
        let (mut wanted, mut left, mut rest) = (row[0] & !Row::SEVERAL, row[1], &row[3..]);
        while 0 < wanted && wanted <= left {
            wanted -= u32::from(Row::begins_met(rest, filled));
            left -= 1;
            rest = &rest[if rest[0] & Row::SEVERAL == 0 { 1 } else { rest[2] as usize }..];
        }
        wanted == 0
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
    all(patterns(meant).into_iter().map(|pattern| rarest(pattern.0.iter().map(|slot| vec![slot.clone()]))))
}

fn patterns(meant: &Meant) -> Vec<&Pattern> {
    match meant {
        Meant::Exact(pattern) => vec![pattern],
        Meant::Inflected(patterns) => patterns.iter().map(|(_, pattern)| pattern).collect(),
    }
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
