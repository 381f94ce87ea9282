//! What questions are read as, and what is refused in which words.

mod places;

use super::*;

#[track_caller]
fn check(question: &str, printed: &str) {
    match parse(question, Join::All) {
        Ok(tree) => {
            assert_eq!(tree.to_string(), printed, "{question}");
            assert_reread(&tree);
        }
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn refuse(question: &str, column: usize, message: &str) {
    match parse(question, Join::All) {
        Ok(tree) => panic!("{question} is read as {tree}"),
        Err(error) => {
            let all = format!("{} / {}", error.message, error.cure.as_deref().unwrap_or("no cure"));
            assert!(all.contains(message), "{question}: {all}");
            assert_eq!(error.column(), column, "{error}");
        }
    }
}

/// Parsing the printed tree gives the tree, whatever words side by side mean.
#[track_caller]
pub(super) fn assert_reread(tree: &Node) {
    let printed = tree.to_string();
    for join in [Join::All, Join::Any] {
        assert_eq!(parse(&printed, join).as_ref(), Ok(tree), "{printed}");
    }
}

#[test]
fn words_are_kept_as_typed() {
    for word in [
        "frozen",
        "Frozen",
        "open-door",
        "U.S.",
        "Putin's",
        "l’Ukraine",
        "l'Ukraine",
        "F-16",
        "9/11",
        "AC/DC",
        "Kyiv,",
        "C++",
        "R&D",
        "'tis",
        "50%",
        "$300",
        "И",
        "制裁",
        "العقوبات",
        "And,",
        "nothing",
        "order",
        "NOT-x",
        "notW/5",
        "W/x",
        "W",
        "NEAR",
        "near",
        "same",
        "adj",
        "SAME",
        "AROUND",
        "body",
        "US$",
        "US$300",
        "/5",
        "of",
        "OF",
        "first",
        "FIRST",
        "like",
        "article",
        "ARTICLE",
        "@user",
        "#tag",
        "[sic]",
        "1,000",
        "e.g.",
    ] {
        check(word, word);
    }
}

#[test]
fn operators() {
    for (question, printed) in [
        ("frozen assets", "(frozen AND assets)"),
        ("  frozen\n\tassets  ", "(frozen AND assets)"),
        ("frozen\u{a0}assets\u{200b}\u{feff}", "(frozen AND assets)"),
        ("frozen\u{1b}assets", "(frozen AND assets)"),
        ("frozen AND assets", "(frozen AND assets)"),
        ("frozen and assets or-bust", "(frozen AND assets AND or-bust)"),
        ("a or b OR c", "(a OR b OR c)"),
        ("a b AND c", "(a AND b AND c)"),
        ("(a b) c", "(a AND b AND c)"),
        ("(a (b c)) (d)", "(a AND b AND c AND d)"),
        ("a OR (b OR c)", "(a OR b OR c)"),
        ("(a OR b) c", "((a OR b) AND c)"),
        ("(a OR b)c", "((a OR b) AND c)"),
        ("a(b OR c)", "(a AND (b OR c))"),
        ("a OR (b c)", "(a OR (b AND c))"),
        ("((((a))))", "a"),
        ("a NOT b", "(a AND NOT b)"),
        ("a AND NOT b", "(a AND NOT b)"),
        ("a not b", "(a AND NOT b)"),
        ("NOT a b", "(NOT a AND b)"),
        ("a OR NOT b", "(a OR NOT b)"),
        ("a -b", "(a AND NOT b)"),
        ("a -(b OR c)", "(a AND NOT (b OR c))"),
        ("(a) -b", "(a AND NOT b)"),
        ("(a)-b", "(a AND NOT b)"),
        ("(-b a)", "(NOT b AND a)"),
        ("-\"b c\" a", "(NOT \"b c\" AND a)"),
        ("-=b a", "(NOT =b AND a)"),
        ("-title:x a", "(NOT title:x AND a)"),
        ("NOT NOT a", "a"),
        ("NOT -a", "a"),
        ("-(-a)", "a"),
        ("NOT (NOT a)", "a"),
        ("NOT NOT (a b) c", "(a AND b AND c)"),
        ("-(-(a b)) c", "(a AND b AND c)"),
        ("b NOT NOT NOT a", "(b AND NOT a)"),
        ("b NOT (a AND NOT c)", "(b AND NOT (a AND NOT c))"),
        ("a NOT(b)", "(a AND NOT b)"),
        ("a AND(b)", "(a AND b)"),
        ("(a OR b) AND (c OR d)", "((a OR b) AND (c OR d))"),
        ("2 of 3 boats", "(2 AND of AND 3 AND boats)"),
        ("near same adj around headline", "(near AND same AND adj AND around AND headline)"),
        ("body (x)", "(body AND x)"),
        ("NEAR OR SAME", "(NEAR OR SAME)"),
        ("like (x OR y)", "(like AND (x OR y))"),
        ("first article (x)", "(first AND article AND x)"),
        ("\"a b\"c", "(\"a b\" AND c)"),
    ] {
        check(question, printed);
    }
}

#[test]
fn phrases_and_forms() {
    for (question, printed) in [
        ("\"frozen assets\"", "\"frozen assets\""),
        ("“frozen assets”", "\"frozen assets\""),
        ("„frozen assets“", "\"frozen assets\""),
        ("«frozen assets»", "\"frozen assets\""),
        ("»frozen assets«", "\"frozen assets\""),
        ("‟frozen assets”", "\"frozen assets\""),
        ("“the «frozen» assets”", "\"the frozen assets\""),
        ("\" frozen \n assets \"", "\"frozen assets\""),
        ("\"frozen\"", "frozen"),
        ("\"and\"", "\"and\""),
        ("\"NOT\"", "\"NOT\""),
        ("\"Not\"", "\"Not\""),
        ("\"and/or\"", "\"and/or\""),
        ("\"W/5\"", "\"W/5\""),
        ("\"ATLEAST/3\"", "\"ATLEAST/3\""),
        ("\"10:30\"", "\"10:30\""),
        ("\"title:x\"", "\"title:x\""),
        ("\"=x\"", "\"=x\""),
        ("\"-x\"", "\"-x\""),
        ("\"a~1\"", "\"a~1\""),
        ("\"(frozen)\"", "\"(frozen)\""),
        ("\"rock & roll\"", "\"rock & roll\""),
        ("\"AND (OR\"", "\"AND (OR\""),
        ("\"and\" and \"or\"", "(\"and\" AND \"or\")"),
        ("\u{200f}word\u{202c}", "word"),
        ("=word", "=word"),
        ("==US", "==US"),
        ("=\"frozen assets\"", "=\"frozen assets\""),
        ("==\"Frozen Assets\"", "==\"Frozen Assets\""),
        ("=“frozen assets”", "=\"frozen assets\""),
        ("=\"US\"", "=US"),
        ("=and", "=and"),
        ("=W/5", "=W/5"),
        ("=-x", "=-x"),
        ("=\"10:30\"", "=\"10:30\""),
    ] {
        check(question, printed);
    }
}

#[test]
fn fields() {
    for (question, printed) in [
        ("title:frozen", "title:frozen"),
        ("title:frozen assets", "(title:frozen AND assets)"),
        ("title:\"frozen assets\"", "title:\"frozen assets\""),
        ("title:=US", "title:=US"),
        ("title:==\"US Army\"", "title:==\"US Army\""),
        ("title:(frozen OR seized)", "title:(frozen OR seized)"),
        ("title:(a (b OR \"c d\") -e)", "title:(a AND (b OR \"c d\") AND NOT e)"),
        ("title:(a)", "title:a"),
        ("NOT title:(a b) c", "(NOT title:(a AND b) AND c)"),
        ("TITLE:x Lang:EN", "(title:x AND lang:en)"),
        ("source:reuters", "source:reuters"),
        ("source:\"new  york times\"", "source:\"new york times\""),
        ("source:(a OR b)", "(source:a OR source:b)"),
        ("source:(a OR b) c", "((source:a OR source:b) AND c)"),
        ("source:(a NOT \"b c\")", "(source:a AND NOT source:\"b c\")"),
        ("-source:(a b) c", "(NOT (source:a AND source:b) AND c)"),
        ("source:(\"and\")", "source:and"),
        ("source:and", "source:and"),
        ("author:o'neill", "author:o'neill"),
        ("lang:PT", "lang:pt"),
        ("lang:eng", "lang:en"),
        ("lang:(GER OR fas OR kab)", "(lang:de OR lang:fa OR lang:kab)"),
        ("url:https://example.org/a?b=c&d~e", "url:https://example.org/a?b=c&d~e"),
        ("url:\"https://example.org/War_(2022)\"", "url:\"https://example.org/War_(2022)\""),
        ("url:(http://a.b OR http://c.d)", "(url:http://a.b OR url:http://c.d)"),
        ("actor:/russia/government", "actor:/russia/government"),
        ("actor:\"rus*\"", "actor:\"rus*\""),
        ("topic:sanctions given:topics/cocoa", "(topic:sanctions AND given:topics/cocoa)"),
        ("group:k3v9 article:k3v9q2mt7x0a", "(group:k3v9 AND article:k3v9q2mt7x0a)"),
        ("date:2022", "date:2022"),
        ("date:2022-03", "date:2022-03"),
        ("date:2022-02-24", "date:2022-02-24"),
        ("date:\"2022-02-24\"", "date:2022-02-24"),
        ("date:2022-02-24..2022-12-31", "date:2022-02-24..2022-12-31"),
        ("date:2022..2022-02", "date:2022..2022-02"),
        ("date:2022-05..2022", "date:2022-05..2022"),
        ("date:2022..", "date:>=2022"),
        ("date:..2022", "date:<=2022"),
        ("date:>2022", "date:>2022"),
        ("date:>=2022-02-24", "date:>=2022-02-24"),
        ("date:<2022", "date:<2022"),
        ("date:<=2022", "date:<=2022"),
        ("date:undated", "date:undated"),
        ("date:(2022 OR undated)", "(date:2022 OR date:undated)"),
        ("words:>300", "words:>300"),
        ("words:>=300", "words:>=300"),
        ("words:<300", "words:<300"),
        ("words:<=300", "words:<=300"),
        ("words:300..", "words:>=300"),
        ("words:300", "(words:>=300 AND words:<=300)"),
        ("words:100..200 x", "(words:>=100 AND words:<=200 AND x)"),
        ("words:(<10 OR 100..200)", "(words:<10 OR (words:>=100 AND words:<=200))"),
        ("NOT words:300 x", "(NOT (words:>=300 AND words:<=300) AND x)"),
    ] {
        check(question, printed);
    }
}

#[test]
fn any_joins_words_side_by_side_with_or() {
    for (question, printed) in [
        ("frozen assets", "(frozen OR assets)"),
        ("a b OR c", "(a OR b OR c)"),
        ("a AND b", "(a AND b)"),
        ("a NOT b", "(a AND NOT b)"),
        ("a -b", "(a AND NOT b)"),
        ("-b a", "(NOT b AND a)"),
        ("NOT b OR a", "(NOT b OR a)"),
        ("(a b) -c", "((a OR b) AND NOT c)"),
        ("title:(a b)", "title:(a OR b)"),
        ("source:(a b)", "(source:a OR source:b)"),
    ] {
        let tree = parse(question, Join::Any).expect(question);
        assert_eq!(tree.to_string(), printed, "{question}");
        assert_reread(&tree);
    }
    let error = parse("a b AND c", Join::Any).unwrap_err();
    assert_eq!((error.column(), error.cure.as_deref()), (5, Some("write a (b AND c), or (a b) AND c")));
    let error = parse("a b -c", Join::Any).unwrap_err();
    assert_eq!((error.column(), error.cure.as_deref()), (5, Some("write a (b -c), or (a b) -c")));
    let error = parse("-c a b", Join::Any).unwrap_err();
    assert_eq!((error.column(), error.cure.as_deref()), (4, Some("write (-c a) b, or -c (a b)")));
}

#[test]
fn mixed_and_or() {
    for (question, column, cure) in [
        ("frozen assets OR reserves", 15, "write (frozen assets) OR reserves, or frozen (assets OR reserves)"),
        ("a OR b c", 3, "write a OR (b c), or (a OR b) c"),
        ("a AND b OR c AND d", 9, "write (a AND b) OR (c AND d), or a AND (b OR c) AND d"),
        ("a OR b AND c OR d", 3, "write a OR (b AND c) OR d, or (a OR b) AND (c OR d)"),
        ("a -b OR c", 6, "write (a -b) OR c, or a (-b OR c)"),
        ("a NOT b OR c", 9, "write (a NOT b) OR c, or a (NOT b OR c)"),
        ("\"x y\"(a\n OR  b)z OR c", 18, "write (\"x y\" (a OR b) z) OR c, or \"x y\" (a OR b) (z OR c)"),
        ("x (a b OR c)", 8, "write ((a b) OR c), or (a (b OR c))"),
        ("x title:(a b OR c)", 14, "write title:((a b) OR c), or title:(a (b OR c))"),
        ("source:(a b OR c)", 13, "write source:((a b) OR c), or source:(a (b OR c))"),
        ("one or two men", 5, "write one or (two men), or (one or two) men; the word itself is written \"or\""),
        ("2 of x OR y", 8, "put parentheses around what belongs together, as in frozen (assets OR reserves)"),
    ] {
        let error = parse(question, Join::All).unwrap_err();
        assert_eq!(error.message, "AND and OR are mixed without parentheses");
        assert_eq!(error.column(), column, "{error}");
        assert_eq!(error.cure.as_deref(), Some(cure), "{question}");
    }
    // A pasted page is not printed back twice.
    let error = parse(&"some words and others or ".repeat(500), Join::All).unwrap_err();
    assert!(error.to_string().len() < 600, "{error}");
}

#[test]
fn incomplete_questions() {
    for (question, column, message) in [
        ("", 1, "the question is empty"),
        (" \u{200b}\n", 1, "the question is empty"),
        ("a AND", 3, "AND has nothing after it"),
        ("OR b", 1, "OR has nothing before it"),
        ("and then", 1, "the word itself is written \"and\""),
        ("a AND OR b", 7, "OR stands right after AND"),
        ("a NOT", 3, "NOT has nothing after it"),
        ("a (b OR) c", 6, "OR has nothing after it"),
        ("(AND b)", 2, "AND has nothing before it"),
        ("a -AND b", 4, "AND stands right after -"),
        ("()", 1, "nothing in these parentheses"),
        ("a ( ) b", 3, "nothing in these parentheses"),
        ("title:()", 7, "nothing in these parentheses"),
        ("(a", 1, "never closed"),
        ("((a)", 1, "never closed"),
        ("(a (b c)", 1, "never closed"),
        ("(a b OR c", 1, "never closed"),
        ("a (", 3, "never closed"),
        ("title:(a", 7, "never closed"),
        ("a)", 2, "closes nothing"),
        (")", 1, "closes nothing"),
        ("(a) b) c", 6, "closes nothing"),
        ("\"frozen assets", 1, "close it, as in \"frozen assets\""),
        ("é \"a\" b\"", 8, "never closed"),
        ("«a\"", 1, "never closed"),
        ("\"\"", 1, "empty"),
        ("“ ”", 1, "empty"),
        ("=\"\"", 1, "empty"),
        ("NOT a", 1, "NOT alone"),
        ("-a", 1, "NOT alone"),
        ("NOT a NOT b", 1, "NOT alone"),
        ("NOT (a OR b)", 1, "NOT alone"),
        ("NOT a OR NOT b", 1, "NOT alone"),
        ("(NOT a) (NOT b)", 1, "assets NOT frozen"),
        ("source:(NOT a)", 1, "NOT alone"),
        ("title:(NOT a) b", 8, "title: holds NOT alone"),
        ("&", 1, "nothing to search for in &"),
        ("a && b", 3, "write AND"),
        ("a || b", 3, "write OR"),
        ("a - b", 3, "nothing to search for in -"),
        ("a -- b", 3, "nothing to search for in --"),
        ("…", 1, "nothing to search for"),
        ("\"&\"", 1, "nothing to search for"),
        ("\"& --\"", 1, "nothing to search for"),
        ("= word", 1, "= stands before no word"),
        ("=(a b)", 1, "= stands before no word"),
        ("===x", 1, "too many = signs"),
        ("=title:x", 1, "write title:=x"),
        ("source=\"x\"", 1, "a field is written with a colon"),
        ("Not frozen", 1, "write NOT, or \"Not\" for the text itself"),
        ("a And b", 3, "And may be the operator AND or a word"),
        ("a and/or b", 3, "write OR, or \"and/or\" for the text itself"),
        ("--any x", 1, "write -any"),
        ("\"a b\"-c", 6, "glued to a phrase"),
        ("+frozen", 1, "write frozen"),
        ("a !frozen", 3, "write -frozen"),
        ("a –frozen", 3, "write -frozen to leave it out"),
    ] {
        refuse(question, column, message);
    }
}

#[test]
fn fields_that_are_refused() {
    for (question, column, message) in [
        ("tilte:x", 1, "write title:x;"),
        ("a headline:x", 3, "write title:x;"),
        ("somewhere:x", 1, "the fields are title: source:"),
        ("language:en", 1, "write lang:en"),
        ("auth:en", 1, "write author:en"),
        ("10:30", 1, "write \"10:30\"; the fields are"),
        ("Update: war", 1, "for the word itself write Update, without the colon"),
        ("foo:\"bar\"", 1, "there is no field \"foo:\""),
        (":x", 1, "there is no field \":\""),
        ("http://x.y", 1, "url:\"http://x.y\"; for the text itself write \"http://x.y\""),
        ("http://x.y?z", 1, "url:\"http://x.y?z\""),
        ("title:", 1, "title: has no value"),
        ("title: frozen", 1, "write it without the space: title:frozen"),
        ("source: \"a b\"", 1, "write it without the space: source:\"a b\""),
        ("source: (a OR b)", 1, "write it without the space: source:("),
        ("source: AND", 1, "write source:reuters"),
        ("source:\"\"", 8, "source: has no value"),
        ("source:&", 8, "nothing to search for in &"),
        ("source:\"&\"", 8, "nothing to search for in &"),
        ("source:reut*", 8, "the value of a field takes no *"),
        ("source:reuters^2", 8, "takes no ^2"),
        ("source:-x", 8, "write -source:x"),
        ("source:=x", 8, "source: takes a value without ="),
        ("source:>x", 8, "source: takes a value without >"),
        ("source:title:x", 8, "is another field"),
        ("source:(a title:x)", 11, "is another field"),
        ("source:New\"York\"", 11, "put the whole value in quotes"),
        ("url:a.b/War_(2022)", 13, "put the whole value in quotes"),
        ("title:(a source:x)", 10, "title: holds words and phrases, no other field"),
        ("title:source:x", 7, "no other field"),
        ("title:-x", 7, "write -title:x"),
        ("source:(a Not b)", 11, "write NOT"),
        ("date:yesterday", 6, "yesterday is no date"),
        ("date:2022-02-30", 6, "write 2022-02-28 for the last day of that month, or 2022-02 for all of it"),
        ("date:2022-13", 6, "the months 01 to 12"),
        ("date:2022-2-4", 6, "write 2022-02-04"),
        ("date:2022/02/24", 6, "write 2022-02-24"),
        ("date:24.02.2022", 6, "24.02.2022 is no date"),
        ("date:0000", 6, "0000 is no date"),
        ("date:20220224", 6, "is no date"),
        ("date:2022-12..2022-03", 6, "write date:2022-03..2022-12"),
        ("date:..", 6, "no ends"),
        ("date:>=", 6, "write date:>=2022-02-24, without a space"),
        ("date:>= 2022", 6, "without a space"),
        ("date:2022 .. 2023", 11, "write a range without spaces"),
        ("date:(2022 -)", 12, "- is no date"),
        ("date>2022", 1, "write date:>2022; for the text itself"),
        ("date>=2022-03", 1, "write date:>=2022-03"),
        ("date=2022", 1, "write date:2022"),
        ("source=reuters", 1, "write source:reuters"),
        ("after:2022", 1, "write date:>2022, or date:>=2022 to count 2022 in"),
        ("before:2022-03", 1, "write date:<2022-03, or date:<=2022-03"),
        ("date:2022-2023", 6, "write date:2022..2023"),
        ("date:[2022 TO 2023]", 6, "write date:2022..2023"),
        ("date:\"[2021 TO 2023]\"", 6, "write date:2021..2023"),
        ("lang:english", 6, "write its code of two letters, such as lang:en"),
        ("lang:en-US", 6, "write lang:en"),
        ("words:many", 7, "many is no number of words"),
        ("words:1,000", 7, "1,000 is no number"),
        ("words:-5", 7, "-5 is no number"),
        ("words:99999999999", 7, "is no number"),
        ("words:200..100", 7, "write words:100..200"),
    ] {
        refuse(question, column, message);
    }
}

#[test]
fn errors_are_shown_with_their_place() {
    for (question, shown) in [
        (
            "frozen assets OR reserves",
            "AND and OR are mixed without parentheses\n  frozen assets OR reserves\n                ^^\n  \
             write (frozen assets) OR reserves, or frozen (assets OR reserves)",
        ),
        (
            "tilte:frozen",
            "there is no field \"tilte:\"\n  tilte:frozen\n  ^^^^^^^^^^^^\n  \
             write title:frozen; for the text itself write \"tilte:frozen\"",
        ),
        (
            "russia W/5 (frozen assets)",
            "W/5 takes words and phrases, which stand somewhere in the text; AND does not\n  russia W/5 (frozen assets)\n             \
             ^^^^^^^^^^^^^^^\n  write W/P between the two",
        ),
        (
            "((frozen OR seized) assets",
            "this parenthesis is never closed\n  ((frozen OR seized) assets\n  ^\n  add a ) where it ends",
        ),
        (
            "x date:2022-02-30",
            "2022-02-30 is not in the calendar\n  x date:2022-02-30\n         ^^^^^^^^^^\n  \
             write 2022-02-28 for the last day of that month, or 2022-02 for all of it",
        ),
    ] {
        assert_eq!(parse(question, Join::All).unwrap_err().to_string(), shown);
    }
}

#[test]
fn hostile_questions() {
    for deep in ["(", "-(", "NOT (", "title:(", "source:(", "a OR (b AND (", "NOT ", "\"", "=", "«", "a OR b AND "] {
        for times in [1_000, 10_000] {
            let error = parse(&deep.repeat(times), Join::All).unwrap_err();
            assert!(error.to_string().len() < 800, "{error}");
        }
    }
    let nested = |times: usize| format!("{}a{}", "(".repeat(times), ")".repeat(times));
    check(&nested(DEEPEST), "a");
    refuse(&nested(DEEPEST + 1), DEEPEST + 1, "more than 100 parentheses");
    refuse(&nested(1_000), DEEPEST + 1, "more than 100 parentheses");
    // As deep as the printed tree may be, and one deeper.
    let alternating = |times: usize| {
        let open: String = (0..times).map(|level| ["a OR (", "b AND ("][level % 2]).collect();
        format!("{open}x OR y{}", ")".repeat(times))
    };
    assert_reread(&parse(&alternating(DEEPEST - 2), Join::All).expect("deep enough"));
    refuse(&alternating(DEEPEST), 6 + 13 * (DEEPEST / 2 - 1) + 7, "more than 100 parentheses");
    let nots = |times: usize| format!("a {}b", "NOT ".repeat(times));
    check(&nots(DEEPEST), "(a AND b)");
    refuse(&nots(1_000), 3 + 4 * DEEPEST, "more than 100 NOTs");

    check(&"a ".repeat(LONGEST / 2).replacen("a a", "b", 1)[..2], "b");
    let long = "é ".repeat(LONGEST / 2);
    refuse(&long, long[..LONGEST - 1].chars().count() + 1, "longer than 64 KiB");
    assert!(parse(&"ab ".repeat(LONGEST / 3), Join::All).is_ok());
}

#[test]
fn spans_point_at_their_text() {
    let text = "(a OR ‘b’) title:\"c d\" -source:(e OR \"f g\")";
    let tree = parse(text, Join::All).expect(text);
    assert_eq!(&text[tree.span.clone()], text);
    let Kind::And(nodes) = &tree.kind else { panic!("{tree}") };
    let spans: Vec<&str> = nodes.iter().map(|node| &text[node.span.clone()]).collect();
    assert_eq!(spans, ["(a OR ‘b’)", "title:\"c d\"", "-source:(e OR \"f g\")"]);
    let Kind::Not(inner) = &nodes[2].kind else { panic!("{tree}") };
    let Kind::Or(values) = &inner.kind else { panic!("{tree}") };
    assert_eq!(&text[values[1].span.clone()], "\"f g\"");
}

#[test]
fn filters() {
    for (field, given, printed) in [
        (Field::Actor, "putin", "actor:putin"),
        (Field::Source, " New  York Times ", "source:\"New York Times\""),
        (Field::Source, "the \"x\" times", "source:\"the x times\""),
        (Field::Lang, "EN", "lang:en"),
        (Field::Actor, "rus*", "actor:\"rus*\""),
        (Field::Url, "https://a.b/War_(2022)", "url:\"https://a.b/War_(2022)\""),
        (Field::Author, "-x", "author:\"-x\""),
    ] {
        let question = filter(field, given).expect(given);
        assert_eq!(question.tree.to_string(), printed);
        assert_eq!(&question.text[question.tree.span.clone()], given);
        assert_reread(&question.tree);
    }
    let error = filter(Field::Actor, "").unwrap_err();
    assert_eq!(
        error.to_string(),
        "actor: has no value\n  --actor \n  ^^^^^^^^\n  write actor:putin or actor:/russia/government"
    );
    assert_eq!(filter(Field::Actor, "//").unwrap_err().column(), 9);

    for (since, until, printed) in [
        (Some("2022-02-24"), None, "date:>=2022-02-24"),
        (None, Some("2022"), "date:<=2022"),
        (Some("2022-02-24"), Some("2022-12"), "date:2022-02-24..2022-12"),
    ] {
        let question = dates(since, until).expect("dates").expect("one is given");
        assert_eq!(question.tree.to_string(), printed);
    }
    assert_eq!(dates(None, None), Ok(None));
    let error = dates(Some("2022"), Some("2021")).unwrap_err();
    assert_eq!((error.column(), error.cure.as_deref()), (22, Some("write --since 2021 --until 2022")));
    assert_eq!(dates(Some("2022"), Some("soon")).unwrap_err().column(), 22);

    assert_eq!(Question::all(vec![]), None);
    let asked = Question::read("a -b", Join::All).expect("a question");
    let all = Question::all(vec![asked, filter(Field::Topic, "x").expect("a filter")]).expect("two");
    assert_eq!(all.tree.to_string(), "(a AND NOT b AND topic:x)");
    let Kind::And(nodes) = &all.tree.kind else { panic!("{}", all.tree) };
    assert_eq!(&all.text[nodes[2].span.clone()], "x");
}
