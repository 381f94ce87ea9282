//! What pasted questions are read as, and what is refused in which words.

mod factiva;
mod lucene;
mod nexis;

use proptest::prelude::*;

use super::super::tests::assert_reread;
use super::super::*;

/// The question is read as the tree that prints so; and that text, in our own language, is this tree again.
#[track_caller]
fn check(dialect: Dialect, question: &str, printed: &str) {
    match parse_as(question, dialect, Join::All) {
        Ok(tree) => {
            assert_eq!(tree.to_string(), printed, "{question}");
            assert_eq!(parse_as(question, dialect, Join::Any).as_ref(), Ok(&tree), "{question}");
            assert_reread(&tree);
        }
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn refuse(dialect: Dialect, question: &str, column: usize, message: &str) {
    match parse_as(question, dialect, Join::All) {
        Ok(tree) => panic!("{question} is read as {tree}"),
        Err(error) => {
            let all = format!("{} / {}", error.message, error.cure.as_deref().unwrap_or("no cure"));
            assert!(all.contains(message), "{question}: {all}");
            assert_eq!(error.column(), column, "{error}");
        }
    }
}

#[track_caller]
fn cures(dialect: Dialect, question: &str, cure: &str) {
    match parse_as(question, dialect, Join::All) {
        Ok(tree) => panic!("{question} is read as {tree}"),
        Err(error) => assert_eq!(error.cure.as_deref(), Some(cure), "{error}"),
    }
}

#[test]
fn cures_are_in_the_dialect() {
    for (dialect, question, cure) in [
        (Dialect::Lucene, "a OR b AND c", "write a OR (b AND c), or (a OR b) AND c"),
        (Dialect::Lucene, "+a b", "leave it out, or write +b to ask for it too"),
        (Dialect::Lucene, "9/11", "for the text itself write \"9/11\"; for endings write froz*"),
        (Dialect::Lucene, "http://x.org/a", "for articles published there write url:\"http://x.org/a\""),
        (Dialect::Nexis, "bank*", "write bank! for any ending, or bank OR bank? for one letter more"),
        (Dialect::Nexis, "s!", "write more of the word, such as sanction! or wom?n"),
        (Dialect::Nexis, "oil -gas", "write AND NOT to leave it out, gas to find it"),
        (Dialect::Factiva, "oil -gas", "write not to leave it out, gas to find it"),
        (Dialect::Factiva, "s*", "write more of the word, such as sanction* or wom?n"),
    ] {
        cures(dialect, question, cure);
    }
}

#[test]
fn our_own_language_is_one_of_them() {
    assert_eq!(parse_as("frozen assets", Dialect::Nutgraf, Join::All), parse("frozen assets", Join::All));
    assert_eq!(parse_as("frozen assets", Dialect::default(), Join::Any), parse("frozen assets", Join::Any));
    for dialect in Dialect::ALL {
        assert_eq!(dialect.to_string().to_uppercase().parse(), Ok(dialect));
        for empty in ["", " \t\n"] {
            let error = parse_as(empty, dialect, Join::All).expect_err("an empty question");
            assert_eq!(error.message, "the question is empty");
        }
    }
    assert_eq!("westlaw".parse::<Dialect>(), Err(NoDialect));
}

#[test]
fn long_and_deep_questions_have_limits() {
    for dialect in Dialect::ALL {
        let long = "frozen OR ".repeat(LONGEST / 10) + "assets!";
        let error = parse_as(&long, dialect, Join::All).expect_err("too long");
        assert!(error.message.contains("longer than"), "{error}");
        let deep = "(".repeat(DEEPEST + 1) + "frozen" + &")".repeat(DEEPEST + 1);
        let error = parse_as(&deep, dialect, Join::All).expect_err("too deep");
        assert_eq!(error.span, DEEPEST..DEEPEST + 1, "{error}");
        let most = "(".repeat(DEEPEST) + "frozen" + &")".repeat(DEEPEST);
        assert!(parse_as(&most, dialect, Join::All).is_ok());
    }
    // What makes no parentheses there makes some here.
    for (dialect, link) in [(Dialect::Nexis, " W/5 b"), (Dialect::Nexis, " OR b W/5 c"), (Dialect::Factiva, " adj5 b")]
    {
        let chain = "a".to_owned() + &link.repeat(5_000);
        let error = parse_as(&chain, dialect, Join::All).expect_err("too deep");
        assert!(error.message.contains("connectors in a chain"), "{error}");
    }
    let nested = "(+a +(b ".repeat(DEEPEST / 2) + "c" + &"))".repeat(DEEPEST / 2);
    assert!(parse_as(&nested, Dialect::Lucene, Join::All).is_ok());
    // Long and flat is no fault.
    for (dialect, link) in [
        (Dialect::Lucene, " frozen"),
        (Dialect::Lucene, " -frozen"),
        (Dialect::Nexis, " AND frozen"),
        (Dialect::Nexis, " AND NOT frozen"),
        (Dialect::Factiva, " or frozen"),
        (Dialect::Factiva, " frozen"),
    ] {
        let flat = "assets".to_owned() + &link.repeat(4_000);
        assert!(parse_as(&flat, dialect, Join::All).is_ok(), "{dialect}{link}");
    }
}

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
    "&&",
    "||",
    "!",
    "+",
    "-",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "“",
    "”",
    "«",
    "»",
    "\\",
    "/",
    ":",
    "title:",
    "source:",
    "date:",
    "words:",
    "body:",
    "lang:en",
    "_exists_",
    "*",
    "?",
    "~",
    "~1",
    "~0.8",
    "^2",
    "^",
    "TO",
    "2022",
    "2022-02-30",
    ">=",
    "W/5",
    "/5",
    "+5",
    "PRE/3",
    "NOT W/5",
    "W/S",
    "/p",
    "W/SEG",
    "ATLEAST5",
    "ATLEAST5(",
    "HEADLINE(",
    "BYLINE",
    "DATE(",
    "date",
    "aft",
    "is",
    "geq",
    "ALLCAPS(",
    "!",
    "hd=",
    "by=",
    "la=en",
    "sc=",
    "wc>5",
    "near5",
    "adj",
    "w5",
    "same",
    "/F10/",
    "/N3/",
    "atleast5",
    "from",
    "to",
    "after",
    "$",
    "$3",
    "%",
    "20220224",
    "2/24/2022",
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
    "🦀",
    "\\u0041",
    "\\*",
    "a.b",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec((prop::sample::select(PIECES), prop::sample::select(&["", " ", " "][..])), 0..16)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, space)| [piece, space]).collect())
}

/// Whatever is read is a tree of our own language, and every error points into its text and has a cure.
fn assert_sound(question: &str) {
    for dialect in [Dialect::Lucene, Dialect::Nexis, Dialect::Factiva] {
        match parse_as(question, dialect, Join::All) {
            Ok(tree) => {
                assert!(question.get(tree.span.clone()).is_some(), "{question:?}: {:?}", tree.span);
                assert_reread(&tree);
            }
            Err(error) => {
                assert!(question.get(error.span.clone()).is_some(), "{dialect}: {question:?}: {error:?}");
                assert!(!error.message.is_empty());
                assert!(!error.to_string().contains(|c: char| c.is_control() && c != '\n'), "{dialect}: {error:?}");
                // The empty question is our own parser's to refuse.
                assert!(error.cure.is_some(), "{dialect}: {error}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused_in_a_dialect(question in ".{0,40}") {
        assert_sound(&question);
    }

    #[test]
    fn any_pieces_are_read_or_refused_in_a_dialect(question in pieces()) {
        assert_sound(&question);
    }
}
