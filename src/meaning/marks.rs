//! Every word that is marked belongs to a match, and every match is marked: held against the definition by enumeration, from
//! the text of a question and of a paragraph on.

use proptest::prelude::*;

use super::semantics::One;
use super::*;
use crate::interval::brute::matches_of_words;
use crate::query::{Join, Kind, Node, parse};
use crate::text::Analyzer;

const WORDS: [&str; 4] = ["Alpha", "Beta", "Gamma", "Delta"];

/// Questions of nested operators.
fn questions() -> impl Strategy<Value = String> {
    let signs = &["W/1", "W/3", "PRE/2", "PRE/5", "W/S", "PRE/S", "W/P", "NOT W/2", "NOT W/S"][..];
    prop::sample::select(&WORDS[..]).prop_map(str::to_owned).prop_recursive(3, 8, 3, move |inner| {
        let some = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            5 => (inner.clone(), prop::sample::select(signs), inner.clone())
                .prop_map(|(left, sign, right)| format!("({left} {sign} {right})")),
            2 => some.clone().prop_map(|some| format!("({})", some.join(" OR "))),
            1 => (1..4_u8, inner.clone()).prop_map(|(count, inner)| format!("ATLEAST/{count}({inner})")),
            1 => (1..9_u8, inner).prop_map(|(count, inner)| format!("FIRST/{count}({inner})")),
            1 => (1..3_u8, some).prop_map(|(count, some)| format!("({count} OF ({}) W/P Alpha)", some.join(", "))),
        ]
    })
}

/// Words, each with whether a sentence ends behind it.
fn paragraphs() -> impl Strategy<Value = Vec<(usize, bool)>> {
    prop::collection::vec((0..WORDS.len(), prop::bool::weighted(0.15)), 1..12)
}

/// The tree of a question, whose leaves are the numbers of the words.
fn tree(node: &Node) -> Tree {
    let boxed = |node: &Node| Box::new(tree(node));
    match &node.kind {
        Kind::Word(word) => Tree::Leaf(WORDS.iter().position(|known| *known == word.text).expect("one of the words")),
        Kind::Or(nodes) => Tree::Any(nodes.iter().map(tree).collect()),
        Kind::Of(count, nodes) => Tree::Of(*count, nodes.iter().map(tree).collect()),
        Kind::AtLeast(count, inner) => Tree::AtLeast(*count, boxed(inner)),
        Kind::First(count, inner) => Tree::First(*count, boxed(inner)),
        Kind::Near(near) => Tree::Near {
            left: boxed(&near.left),
            right: boxed(&near.right),
            ordered: near.ordered,
            reach: near.reach,
            negated: near.negated,
        },
        other => panic!("{other:?} has no place"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn marks_are_the_words_of_the_matches(question in questions(), paragraph in paragraphs()) {
        let text: String = paragraph.iter().map(|(word, ends)| format!("{}{} ", WORDS[*word], if *ends { "." } else { "" })).collect();
        let positions = |leaf: usize| (0..).zip(&paragraph).filter(move |(_, (word, _))| *word == leaf).map(|(at, _)| at);
        let leaves = (0..WORDS.len()).map(|leaf| positions(leaf).collect()).collect();
        let sentences = (1..).zip(&paragraph).filter(|(_, (_, ends))| *ends).map(|(at, _)| at).collect();

        let node = parse(&question, Join::All).expect("a question");
        let mut expected: Vec<u32> = matches_of_words(&tree(&node), leaves, sentences).into_iter().flatten().collect();
        expected.sort_unstable();
        expected.dedup();

        let clause = resolve(&question, &node, &One([Lang::ENGLISH])).expect("words alone").clause;
        let mut analyzer = Analyzer::default();
        let tokens = analyzer.analyze(&text, Lang::ENGLISH);
        let marks = Matcher::default().matches(&clause, &tokens, &Facts::default());
        prop_assert_eq!(marks, (!expected.is_empty()).then_some(expected), "{} in {}", question, text);
    }
}
