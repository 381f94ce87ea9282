//! What a tree means, by trying every choice of words: the definition that the finder is held against.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Finder, Found, Places, Reach, Tree, window};

/// A choice of words.
type Words = BTreeSet<u32>;

/// A paragraph: where the leaves stand, and where sentences begin.
#[derive(Debug, Clone)]
struct Text {
    leaves: Vec<Leaf>,
    sentences: Vec<u32>,
}

#[derive(Debug, Clone)]
enum Leaf {
    /// Runs of words: the first position, and how many.
    Runs(Vec<(u32, u32)>),
    /// A window: the positions of each word, and how many others may stand among them.
    Window(Vec<Vec<u32>>, u32),
}

impl Places for Text {
    fn leaf(&mut self, leaf: usize, found: &mut Found) {
        match &self.leaves[leaf] {
            Leaf::Runs(runs) => runs.iter().for_each(|(first, width)| found.push(*first, first + width - 1)),
            Leaf::Window(slots, others) => window(slots, *others, found),
        }
    }

    fn sentences(&mut self, starts: &mut Vec<u32>) {
        starts.extend(&self.sentences);
    }
}

fn ends(words: &Words) -> (u32, u32) {
    (*words.first().expect("a word"), *words.last().expect("a word"))
}

/// Each stretch once, with the choice whose words come first.
fn once(all: Vec<Words>) -> Vec<Words> {
    let mut once: BTreeMap<(u32, u32), Words> = BTreeMap::new();
    for words in all {
        let best = once.entry(ends(&words)).or_insert_with(|| words.clone());
        if words < *best {
            *best = words;
        }
    }
    once.into_values().collect()
}

/// Drops a match if another begins where it does and ends sooner, and another ends where it does and begins later.
fn nearest(all: Vec<Words>) -> Vec<Words> {
    let all = once(all);
    let dropped = |words: &Words| {
        let (first, last) = ends(words);
        all.iter().any(|other| ends(other).0 == first && ends(other).1 < last)
            && all.iter().any(|other| ends(other).1 == last && ends(other).0 > first)
    };
    all.iter().filter(|words| !dropped(words)).cloned().collect()
}

/// Those whose stretch contains no other.
fn shortest(all: &[Words]) -> Vec<Words> {
    let contains = |words: &Words, other: &Words| {
        let ((first, last), (f, l)) = (ends(words), ends(other));
        (first, last) != (f, l) && first <= f && l <= last
    };
    all.iter().filter(|words| !all.iter().any(|other| contains(words, other))).cloned().collect()
}

struct Definition<'a> {
    text: &'a Text,
    /// Whether operators drop what is not the nearest.
    drops: bool,
}

impl Definition<'_> {
    fn keep(&self, all: Vec<Words>) -> Vec<Words> {
        if self.drops { nearest(all) } else { all.into_iter().collect::<BTreeSet<_>>().into_iter().collect() }
    }

    fn one_sentence(&self, words: &Words) -> bool {
        let (first, last) = ends(words);
        !self.text.sentences.iter().any(|start| first < *start && *start <= last)
    }

    fn near(&self, a: &Words, b: &Words, ordered: bool, reach: Reach) -> bool {
        let ((a_first, a_last), (b_first, b_last)) = (ends(a), ends(b));
        // Those that overlap are not apart.
        let gap = b_first.saturating_sub(a_last).max(a_first.saturating_sub(b_last));
        let both: Words = a | b;
        let near = match reach {
            Reach::Words(words) => gap <= words,
            Reach::Sentence => self.one_sentence(&both),
            Reach::Paragraph => true,
        };
        a.is_disjoint(b) && near && (!ordered || a_last < b_first)
    }

    fn matches(&self, tree: &Tree) -> Vec<Words> {
        match tree {
            Tree::Leaf(leaf) => match &self.text.leaves[*leaf] {
                Leaf::Runs(runs) => once(runs.iter().map(|(first, width)| (*first..first + width).collect()).collect()),
                Leaf::Window(slots, others) => {
                    let mut all: Vec<Words> = vec![Words::new()];
                    for slot in slots {
                        let longer = all.iter().flat_map(|words| {
                            let free = slot.iter().filter(|position| !words.contains(position));
                            free.map(|position| words.iter().copied().chain([*position]).collect())
                        });
                        all = longer.collect();
                    }
                    let widest = slots.len() as u32 + others;
                    all.retain(|words| ends(words).1 - ends(words).0 < widest);
                    nearest(all)
                }
            },
            Tree::Any(trees) => {
                let all = trees.iter().flat_map(|tree| self.matches(tree)).collect();
                if self.drops { once(all) } else { all }
            }
            Tree::Near { left, right, ordered, reach, negated } => {
                let (left, right) = (self.matches(left), self.matches(right));
                let near = |a: &Words, b: &Words| self.near(a, b, *ordered, *reach);
                if *negated {
                    return left.into_iter().filter(|a| !right.iter().any(|b| near(a, b))).collect();
                }
                let partners = |a: &Words| right.iter().filter(|b| near(a, b)).map(|b| a | b).collect::<Vec<_>>();
                self.keep(left.iter().flat_map(partners).collect())
            }
            Tree::AtLeast(count, tree) => {
                let shortest = shortest(&self.matches(tree));
                let runs = shortest.windows(*count as usize);
                runs.map(|run| run.iter().flatten().copied().collect()).collect()
            }
            Tree::Of(count, trees) => {
                let lists: Vec<Vec<Words>> = trees.iter().map(|tree| self.matches(tree)).collect();
                let mut choices: Vec<(u32, Words)> = vec![(0, Words::new())];
                for list in &lists {
                    let longer: Vec<(u32, Words)> = choices
                        .iter()
                        .flat_map(|(taken, words)| list.iter().map(move |other| (taken + 1, words | other)))
                        .collect();
                    choices.extend(longer);
                }
                let all = choices.into_iter().filter(|(taken, _)| taken == count).map(|(_, words)| words);
                let kept = self.keep(all.collect());
                let fill = |words: &Words| {
                    let (first, last) = ends(words);
                    let inside = |other: &&Words| ends(other).0 >= first && ends(other).1 <= last;
                    lists.iter().flatten().filter(inside).flatten().copied().collect()
                };
                kept.iter().map(fill).collect()
            }
            Tree::First(count, tree) => {
                let mut all = self.matches(tree);
                all.retain(|words| ends(words).1 < *count);
                all
            }
        }
    }
}

/// The words of each match of a tree whose leaves are single words at these positions.
pub(crate) fn matches_of_words(tree: &Tree, leaves: Vec<Vec<u32>>, sentences: Vec<u32>) -> Vec<Vec<u32>> {
    let runs = |positions: Vec<u32>| Leaf::Runs(positions.into_iter().map(|position| (position, 1)).collect());
    let text = Text { leaves: leaves.into_iter().map(runs).collect(), sentences };
    let matches = Definition { text: &text, drops: true }.matches(tree);
    matches.into_iter().map(|words| words.into_iter().collect()).collect()
}

/// How long the paragraphs are.
const LENGTH: u32 = 14;
/// How many leaves there are.
const LEAVES: usize = 5;

fn positions(most: usize) -> impl Strategy<Value = Vec<u32>> {
    prop::collection::btree_set(0..LENGTH, 0..=most).prop_map(|set| set.into_iter().collect())
}

fn leaf() -> impl Strategy<Value = Leaf> {
    prop_oneof![
        5 => positions(4).prop_map(|all| Leaf::Runs(all.into_iter().map(|first| (first, 1)).collect())),
        2 => (positions(3), 2..4_u32)
            .prop_map(|(all, width)| Leaf::Runs(all.into_iter().map(|first| (first, width)).collect())),
        1 => (prop::collection::vec(positions(4), 1..4), 0..4_u32).prop_map(|(slots, others)| Leaf::Window(slots, others)),
    ]
}

fn texts() -> impl Strategy<Value = Text> {
    (prop::collection::vec(leaf(), LEAVES), positions(3)).prop_map(|(leaves, sentences)| Text { leaves, sentences })
}

/// Paragraphs in which no two leaves share a word.
fn texts_apart() -> impl Strategy<Value = Text> {
    (prop::collection::vec(0..=LEAVES, LENGTH as usize), positions(3)).prop_map(|(owners, sentences)| {
        let of = |leaf: usize| (0..).zip(&owners).filter(move |(_, owner)| **owner == leaf);
        let leaves = (0..LEAVES).map(|leaf| Leaf::Runs(of(leaf).map(|(position, _)| (position, 1)).collect()));
        Text { leaves: leaves.collect(), sentences }
    })
}

fn reach() -> impl Strategy<Value = Reach> {
    prop_oneof![5 => (1..7_u32).prop_map(Reach::Words), 1 => Just(Reach::Sentence), 1 => Just(Reach::Paragraph)]
}

fn near(inner: impl Strategy<Value = Tree> + Clone, negated: f64) -> impl Strategy<Value = Tree> {
    (inner.clone(), inner, any::<bool>(), reach(), prop::bool::weighted(negated)).prop_map(
        |(left, right, ordered, reach, negated)| Tree::Near {
            left: Box::new(left),
            right: Box::new(right),
            ordered,
            reach,
            negated,
        },
    )
}

fn trees() -> impl Strategy<Value = Tree> {
    (0..LEAVES).prop_map(Tree::Leaf).prop_recursive(4, 10, 3, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            5 => near(inner.clone(), 0.2),
            2 => prop::collection::vec(inner.clone(), 1..4).prop_map(Tree::Any),
            1 => (1..4_u32, boxed.clone()).prop_map(|(count, tree)| Tree::AtLeast(count, tree)),
            2 => (1..4_u32, prop::collection::vec(inner, 1..4)).prop_map(|(count, trees)| Tree::Of(count, trees)),
            1 => (0..LENGTH, boxed).prop_map(|(count, tree)| Tree::First(count, tree)),
        ]
    })
}

/// Trees of leaves that each stand in them once.
fn trees_apart() -> impl Strategy<Value = Tree> {
    (
        prop::sample::subsequence((0..LEAVES).collect::<Vec<_>>(), 2..=4),
        prop::collection::vec((0..4_u8, any::<bool>(), reach()), 3),
    )
        .prop_map(|(leaves, steps)| {
            let mut trees: Vec<Tree> = leaves.into_iter().map(Tree::Leaf).collect();
            for (kind, ordered, reach) in steps {
                if trees.len() < 2 {
                    break;
                }
                // Two of the trees become one, which goes to the other end of the line.
                let (left, right) = (trees.remove(0), trees.remove(0));
                trees.push(match kind {
                    0 => Tree::Any(vec![left, right]),
                    1 => Tree::Of(2, vec![left, right]),
                    _ => Tree::Near { left: Box::new(left), right: Box::new(right), ordered, reach, negated: false },
                });
            }
            trees.swap_remove(0)
        })
}

fn found(finder: &mut Finder, tree: &Tree, text: &Text) -> Vec<((u32, u32), Vec<u32>)> {
    let found = finder.find(tree, &mut text.clone());
    found.iter().map(|span| ((span.first, span.last), found.words(span).collect())).collect()
}

fn defined(tree: &Tree, text: &Text) -> Vec<((u32, u32), Vec<u32>)> {
    let mut all = Definition { text, drops: true }.matches(tree);
    all.sort_by_key(ends);
    all.iter().map(|words| (ends(words), words.iter().copied().collect())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_finder_finds_what_is_defined(tree in trees(), texts in prop::collection::vec(texts(), 3)) {
        let mut finder = Finder::default();
        for text in &texts {
            prop_assert_eq!(found(&mut finder, &tree, text), defined(&tree, text));
            let shortest_found: Vec<(u32, u32)> =
                finder.find(&tree, &mut text.clone()).shortest().map(|span| (span.first, span.last)).collect();
            let all = Definition { text, drops: true }.matches(&tree);
            let mut shortest: Vec<(u32, u32)> = shortest(&all).iter().map(ends).collect();
            shortest.sort_unstable();
            prop_assert_eq!(shortest_found, shortest);
        }
    }

    /// Dropping what is not the nearest loses no answer.
    #[test]
    fn nothing_is_lost(tree in trees_apart(), text in texts_apart()) {
        let all = Definition { text: &text, drops: false }.matches(&tree);
        prop_assert_eq!(Finder::default().find(&tree, &mut text.clone()).is_empty(), all.is_empty());
    }
}

#[test]
fn any_number_of_words_takes_little_time() {
    // The same word 400 times, sought by nested operators with itself.
    let all: Vec<(u32, u32)> = (0..400).map(|first| (first, 1)).collect();
    let mut text = Text { leaves: vec![Leaf::Runs(all)], sentences: Vec::new() };
    let mut tree = Tree::Leaf(0);
    for depth in 0..20 {
        tree = match depth % 3 {
            0 => Tree::near(tree, Tree::Leaf(0), Reach::Words(400)),
            1 => Tree::Of(2, vec![tree, Tree::Leaf(0), Tree::Leaf(0)]),
            _ => Tree::Any(vec![tree, Tree::Leaf(0)]),
        };
    }
    assert!(!Finder::default().find(&tree, &mut text).is_empty());
}
