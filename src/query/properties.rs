//! What holds for every question and every tree.

use proptest::prelude::*;

use super::boolean::{self, finds};
use super::tests::assert_reread;
use super::tree::{Boost, Compare, DateTest, FARTHEST, Field, Form, Kind, Near, Node, Phrase, Reach, Word};
use super::{Join, filter, parse};
use crate::article::PubDate;

/// Pieces that are operators, nearly operators, or break words.
const PIECES: &[&str] = &[
    "frozen",
    "assets",
    "AND",
    "OR",
    "NOT",
    "and",
    "or",
    "not",
    "And",
    "-",
    "--",
    "(",
    ")",
    "((",
    "))",
    "\"",
    "“",
    "”",
    "«",
    "»",
    "=",
    "==",
    "title:",
    "source:",
    "date:",
    "words:",
    "lang:",
    "url:",
    "nofield:",
    "2022",
    "..",
    ">=",
    "<",
    "2022-02-30",
    "W/5",
    "NOT W/5",
    "W/",
    "{12}",
    "san*",
    ", ",
    "PRE/S",
    "ATLEAST/3",
    "2 OF",
    "FIRST/10",
    "ARTICLE",
    "LIKE",
    "*",
    "?",
    "~",
    "~1",
    "^2",
    "&",
    "/",
    "://",
    "é",
    "\u{301}",
    "\u{200b}",
    "\u{feff}",
    "\n",
    "\0",
    "İ",
    "F-16",
    "'",
    "’",
    ",",
    "#",
    "🦀",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec((prop::sample::select(PIECES), prop::sample::select(&["", " ", " "][..])), 0..24)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, space)| [piece, space]).collect())
}

/// What may stand in quotes and be a word.
fn word_text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(
            &[
                "frozen", "and", "OR", "Not", "W/5", "2", "of", "LIKE", "title:x", "-x", "=x", "a~1", "a^2", "(x)",
                "http://x"
            ][..]
        )
        .prop_map(str::to_owned),
        "[^\"“”„‟«»*?\\s\\p{C}]{0,5}[a-zé0-9]",
    ]
}

fn form() -> impl Strategy<Value = Form> {
    prop::sample::select(&[Form::Any, Form::Exact, Form::Cased][..])
}

fn node(kind: Kind) -> Node {
    Node { kind, span: 0..0 }
}

fn text_leaf() -> BoxedStrategy<Node> {
    prop_oneof![
        (word_text(), form()).prop_map(|(text, form)| node(Kind::Word(Word { text, form, slips: None }))),
        (prop::collection::vec(word_text(), 2..4), form()).prop_map(|(words, form)| node(Kind::Phrase(Phrase {
            text: words.join(" "),
            form,
            window: None
        }))),
    ]
    .boxed()
}

fn leaf() -> BoxedStrategy<Node> {
    const FIELDS: [Field; 6] = [Field::Actor, Field::Topic, Field::Given, Field::Source, Field::Author, Field::Url];
    let compare = || prop::sample::select(&[Compare::Below, Compare::AtMost, Compare::AtLeast, Compare::Above][..]);
    let date = || {
        (1u32..=9999, 0u32..=12)
            .prop_map(|(year, month)| PubDate::from_digits(year * 10_000 + month * 100).expect("a month"))
    };
    prop_oneof![
        4 => text_leaf(),
        1 => booleans(text_leaf()).prop_filter("NOT alone", finds).prop_map(|inner| node(Kind::Title(Box::new(inner)))),
        1 => (prop::sample::select(&FIELDS[..]), prop::collection::vec(word_text(), 1..3))
            .prop_map(|(field, words)| filter(field, &words.join(" ")).expect("a value").tree),
        1 => "[a-zA-Z]{2,3}".prop_map(|code| filter(Field::Lang, &code).expect("a code").tree),
        1 => (compare(), any::<u32>()).prop_map(|(compare, bound)| node(Kind::Words(compare, bound))),
        1 => date().prop_map(|date| node(Kind::Date(DateTest::In(date)))),
        1 => (compare(), date()).prop_map(|(compare, date)| node(Kind::Date(DateTest::Compare(compare, date)))),
        1 => (date(), date()).prop_map(|(a, b)| node(Kind::Date(DateTest::Between(a.min(b), a.max(b))))),
        1 => Just(node(Kind::Date(DateTest::Undated))),
    ]
    .boxed()
}

/// Words and phrases with every mark.
fn marked_leaf() -> BoxedStrategy<Node> {
    let wild = prop::sample::select(&["sanction*", "wom?n", "open-do*", "title:xy*", "ab,cd*", "and*", "assets?"][..]);
    let fuzzy = prop::sample::select(&["zelensky", "and", "кадыров"][..]);
    let slips = prop::sample::select(&[0, 1, 2][..]);
    let words = || prop_oneof![3 => word_text(), 1 => wild.clone().prop_map(str::to_owned)];
    let marked = prop_oneof![
        (words(), form()).prop_map(|(text, form)| Kind::Word(Word { text, form, slips: None })),
        (fuzzy, form(), slips).prop_map(|(text, form, slips)| Kind::Word(Word {
            text: text.to_owned(),
            form,
            slips: Some(slips)
        })),
        (prop::collection::vec(words(), 2..4), form(), prop::option::of(0..50_u32))
            .prop_map(|(words, form, window)| Kind::Phrase(Phrase { text: words.join(" "), form, window })),
    ];
    (marked, prop::option::weighted(0.2, 1..=10_000_u32))
        .prop_map(|(kind, boost)| match boost {
            Some(boost) => node(Kind::Boosted(Box::new(node(kind)), Boost(boost))),
            None => node(kind),
        })
        .boxed()
}

fn reach() -> impl Strategy<Value = Reach> {
    prop_oneof![3 => (1..=FARTHEST).prop_map(Reach::Words), 1 => Just(Reach::Sentence), 1 => Just(Reach::Paragraph)]
}

/// Trees that have places in a text.
fn placed() -> BoxedStrategy<Node> {
    marked_leaf()
        .prop_recursive(4, 12, 3, |inner| {
            let boxed = inner.clone().prop_map(Box::new);
            let near = (boxed.clone(), boxed.clone(), any::<bool>(), reach(), any::<bool>());
            prop_oneof![
                4 => near.prop_map(|(left, right, ordered, reach, negated)| {
                    node(Kind::Near(Near { left, right, ordered, reach, negated }))
                }),
                2 => prop::collection::vec(inner.clone(), 2..4).prop_map(|nodes| boolean::any(nodes).expect("some")),
                1 => (1..9_u32, boxed.clone()).prop_map(|(count, inner)| node(Kind::AtLeast(count, inner))),
                1 => (1..9_u32, boxed).prop_map(|(count, inner)| node(Kind::First(count, inner))),
                1 => (1..3_u32, prop::collection::vec(inner, 2..4))
                    .prop_map(|(count, nodes)| node(Kind::Of(count, nodes))),
            ]
        })
        .boxed()
}

/// Trees of every kind.
fn any_tree() -> BoxedStrategy<Node> {
    let like = Just(node(Kind::Like("k3v9q2mt7x0a#4".to_owned())));
    let inner = booleans(prop_oneof![3 => leaf(), 3 => placed()].boxed()).prop_filter("NOT alone", finds);
    let parts = prop::collection::vec(inner.clone(), 2..4);
    let whole = inner.prop_map(|inner| node(Kind::Whole(Box::new(inner))));
    let of = (1..3_u32, parts).prop_map(|(count, nodes)| node(Kind::Of(count, nodes)));
    booleans(prop_oneof![3 => leaf(), 4 => placed(), 2 => whole, 2 => of, 1 => like].boxed())
}

/// Trees of these leaves that keep the promises of [`Kind`].
fn booleans(leaf: BoxedStrategy<Node>) -> BoxedStrategy<Node> {
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|nodes| boolean::all(nodes).expect("not empty")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|nodes| boolean::any(nodes).expect("not empty")),
            inner.prop_map(|inner| match inner.kind {
                Kind::Not(inner) => *inner,
                kind => node(Kind::Not(Box::new(node(kind)))),
            }),
        ]
    })
    .boxed()
}

/// Every error points into its text and both readings of a mix are questions.
fn assert_sound(question: &str) {
    for join in [Join::All, Join::Any] {
        match parse(question, join) {
            Ok(tree) => {
                assert!(question.get(tree.span.clone()).is_some());
                assert_reread(&tree);
            }
            Err(error) => {
                assert!(question.get(error.span.clone()).is_some(), "{question:?}: {error:?}");
                assert!(error.cure.is_some(), "{error}");
                assert!(!error.to_string().contains(|c: char| c.is_control() && c != '\n'), "{error:?}");
                let cure = error.cure.unwrap_or_default();
                let cure = cure.split("; the word itself").next().unwrap_or_default();
                let Some(readings) = cure.strip_prefix("write ").filter(|_| error.message.contains("mixed")) else {
                    continue;
                };
                // A comma may stand in the question too: some cut must leave two questions.
                let whole = readings.match_indices(", or ").any(|(at, cut)| {
                    parse(&readings[..at], join).is_ok() && parse(&readings[at + cut.len()..], join).is_ok()
                });
                assert!(whole, "{question:?}: {readings}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(question in ".{0,40}") {
        assert_sound(&question);
    }

    #[test]
    fn any_pieces_are_read_or_refused(question in pieces()) {
        assert_sound(&question);
    }

    #[test]
    fn words_and_operators_are_read_or_refused(
        question in prop::collection::vec(prop::sample::select(&["a", "b,", "AND", "or", "NOT", "-c", "(", ")", "\"d e\"", "title:("][..]), 1..14)
    ) {
        assert_sound(&question.join(" "));
    }

    #[test]
    fn a_printed_tree_is_the_tree(tree in any_tree().prop_filter("NOT alone", finds)) {
        assert_reread(&tree);
        prop_assert_eq!(parse(&tree.read_as(&|_, _, _| Some(7)), Join::All), Ok(tree));
    }
}
