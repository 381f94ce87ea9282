//! Words that stand in a certain way to each other, wildcards, counts, whole articles; and the operators of others.

use super::{assert_reread, check, refuse};
use crate::query::{Form, Join, parse};

#[test]
fn words_near_each_other() {
    for (question, printed) in [
        ("a W/5 b", "(a W/5 b)"),
        ("a w/5 b", "(a W/5 b)"),
        ("a PRE/3 b", "(a PRE/3 b)"),
        ("a NEAR/10 b", "(a W/10 b)"),
        ("a near/s b", "(a W/S b)"),
        ("a ADJ/2 b", "(a PRE/2 b)"),
        ("a W/S b", "(a W/S b)"),
        ("a pre/s b", "(a PRE/S b)"),
        ("a W/P b", "(a W/P b)"),
        ("a PRE/P b", "(a PRE/P b)"),
        ("a NOT W/5 b", "(a NOT W/5 b)"),
        ("a not pre/s b", "(a NOT PRE/S b)"),
        ("a NOT W/P b", "(a NOT W/P b)"),
        ("frozen assets W/5 bank", "(frozen AND (assets W/5 bank))"),
        ("a W/5 b c", "((a W/5 b) AND c)"),
        ("a OR b W/5 c", "(a OR (b W/5 c))"),
        ("a W/5 b OR c", "((a W/5 b) OR c)"),
        ("NOT a W/5 b c", "(NOT (a W/5 b) AND c)"),
        ("c -(a W/5 b)", "(c AND NOT (a W/5 b))"),
        ("a NOT b W/5 c", "(a AND NOT (b W/5 c))"),
        ("(a OR \"b c\") W/5 (d OR e)", "((a OR \"b c\") W/5 (d OR e))"),
        ("(a W/5 b) W/3 c", "((a W/5 b) W/3 c)"),
        ("a W/5 (b PRE/3 c)", "(a W/5 (b PRE/3 c))"),
        ("\"a b\" W/2 (c OR d)", "(\"a b\" W/2 (c OR d))"),
        ("title:(a W/5 b)", "title:(a W/5 b)"),
        ("title:(a W/S b) c", "(title:(a W/S b) AND c)"),
        ("=a W/5 ==B", "(=a W/5 ==B)"),
        ("\"W/5\" W/5 \"NOT\"", "(\"W/5\" W/5 \"NOT\")"),
        ("a W/10000 b", "(a W/10000 b)"),
        ("a W/005 b", "(a W/5 b)"),
        ("a^2 W/5 b", "(a^2 W/5 b)"),
    ] {
        check(question, printed);
    }
    for (question, column, message) in [
        ("a W/ 5 b", 3, "W/ has no number"),
        ("a W/0 b", 3, "neighbours are 1 apart"),
        ("a W/10001 b", 3, "a number up to 10000"),
        ("a W/99999999999 b", 3, "a number up to 10000"),
        ("W/5", 1, "W/5 has nothing"),
        ("a W/5", 3, "W/5 has nothing after it"),
        ("W/5 b", 1, "W/5 has nothing before it"),
        ("a NOT W/5", 7, "W/5 has nothing after it"),
        ("a AND W/5 b", 7, "W/5 stands right after AND"),
        ("a W/5 AND b", 7, "AND stands right after W/5"),
        ("a W/5 W/3 b", 7, "W/3 stands right after W/5"),
        ("a W/5 b W/3 c", 9, "write (a W/5 b) W/3 c, or a W/5 (b W/3 c)"),
        ("a W/5 b NOT PRE/3 (c OR d)", 9, "write (a W/5 b) NOT PRE/3 (c OR d)"),
        ("(a b) W/5 c", 1, "AND does not / write W/P"),
        ("a W/5 (b AND c)", 7, "AND does not"),
        ("a W/5 (b OR (c d))", 13, "AND does not"),
        ("a W/5 (b OR NOT c)", 13, "NOT does not"),
        ("a NOT W/5 (NOT c)", 11, "write NOT W/5 between the two"),
        ("a W/5 source:x", 7, "a field does not"),
        ("a W/5 title:x", 7, "a field does not"),
        ("a W/5 ARTICLE(x)", 7, "ARTICLE does not"),
        ("source:(a W/5 b)", 11, "the values of source:"),
    ] {
        refuse(question, column, message);
    }
}

#[test]
fn functions() {
    for (question, printed) in [
        ("ATLEAST/3(a OR b)", "ATLEAST/3(a OR b)"),
        ("x atleast/3 (a)", "(x AND ATLEAST/3(a))"),
        ("ATLEAST/2(a W/5 b) W/9 c", "(ATLEAST/2(a W/5 b) W/9 c)"),
        ("2 OF (a, b, c)", "2 OF (a, b, c)"),
        ("2 OF (a,b,c)", "2 OF (a, b, c)"),
        ("x 2 of(a, b)", "(x AND 2 OF (a, b))"),
        ("2 OF (a b, c OR d, -x e)", "2 OF ((a AND b), (c OR d), (NOT x AND e))"),
        ("2 OF (1,000, b, \"c, d\")", "2 OF (\"1,000\", b, \"c, d\")"),
        ("2 OF ((a, b), c)", "2 OF ((a, AND b), c)"),
        ("2 OF (source:\"a,b\", c)", "2 OF (source:\"a,b\", c)"),
        ("2 OF (a, b, c) W/5 d", "(2 OF (a, b, c) W/5 d)"),
        ("2 OF (1 OF (a, b), c)", "2 OF (1 OF (a, b), c)"),
        ("FIRST/10(a)", "FIRST/10(a)"),
        ("first/10 (a W/2 b)", "FIRST/10(a W/2 b)"),
        ("ARTICLE(a b)", "ARTICLE(a AND b)"),
        ("x ARTICLE (a b)", "(x AND ARTICLE(a AND b))"),
        ("x article(a NOT b)", "(x AND ARTICLE(a AND NOT b))"),
        ("x NOT ARTICLE(a)", "(x AND NOT ARTICLE(a))"),
        ("ARTICLE(a W/5 b AND source:x)", "ARTICLE((a W/5 b) AND source:x)"),
        ("LIKE(k3v9q2mt7x0a#4)", "LIKE(k3v9q2mt7x0a#4)"),
        ("like(k3v9#12) date:2022", "(LIKE(k3v9#12) AND date:2022)"),
        ("title:(ATLEAST/2(a))", "title:(ATLEAST/2(a))"),
        ("title:(2 OF (a, b) c)", "title:(2 OF (a, b) AND c)"),
    ] {
        check(question, printed);
    }
    for (question, column, message) in [
        ("ATLEAST(a)", 1, "ATLEAST/ has no number"),
        ("ATLEAST/3", 1, "ATLEAST/3 needs parentheses"),
        ("ATLEAST/3 a", 1, "ATLEAST/3 needs parentheses"),
        ("ATLEAST/0(a)", 1, "takes a number from 1 on"),
        ("ATLEAST/3(a b)", 11, "ATLEAST/3 takes words and phrases"),
        ("ATLEAST/3(source:x)", 11, "a field does not"),
        ("ATLEAST/3()", 10, "nothing in these parentheses"),
        ("ATLEAST/3(a", 10, "never closed"),
        ("FIRST/10(a b)", 10, "FIRST/10 takes words"),
        ("FIRST/10(NOT a)", 10, "NOT does not"),
        ("0 OF (a, b)", 1, "write a number from 1 to 2"),
        ("3 OF (a, b)", 1, "write a number from 1 to 2"),
        ("99999999999 OF (a, b)", 1, "write a number from 1 to 2"),
        ("2 OF (a)", 1, "there is only one part"),
        ("2 OF (a b c)", 1, "there is only one part"),
        ("2 OF (a,, b)", 9, "a part is missing"),
        ("2 OF (a, b,)", 12, "a part is missing"),
        ("2 OF ()", 7, "a part is missing"),
        ("2 OF (a, NOT b)", 10, "a part of 2 OF is NOT alone"),
        ("2 OF (a, b", 6, "never closed"),
        ("2 OF (a b OR c, d)", 11, "mixed without parentheses"),
        ("ARTICLE(NOT a)", 9, "ARTICLE holds NOT alone"),
        ("ARTICLE(a ARTICLE(b))", 11, "no other ARTICLE"),
        ("ARTICLE(a LIKE(k3v9#1))", 11, "no LIKE"),
        ("title:(ARTICLE(a))", 8, "title: holds no ARTICLE"),
        ("LIKE(a b)", 6, "no reference to a paragraph"),
        ("LIKE(k3v9)", 6, "no reference to a paragraph"),
        ("LIKE(k3v9#x)", 6, "no reference to a paragraph"),
        ("LIKE(k3v9#1 b)", 13, "LIKE takes one reference"),
        ("LIKE(", 5, "never closed"),
        ("LIKE(k3v9#1", 5, "never closed"),
        ("source:(ATLEAST/3(a))", 9, "no place among the values"),
        ("source:(2 OF (a, b))", 9, "no place among the values"),
        ("(a b)^2", 6, "write it behind a word or phrase"),
        ("ATLEAST/3(a)^2", 13, "write it behind a word or phrase"),
    ] {
        refuse(question, column, message);
    }
}

#[test]
fn wildcards_fuzzy_words_windows_and_boosts() {
    for (question, printed) in [
        ("sanction*", "sanction*"),
        ("wom?n rights", "(wom?n AND rights)"),
        ("=froz*", "=froz*"),
        ("==Froz*", "==Froz*"),
        ("title:froz*", "title:froz*"),
        ("\"asset* freez*\"", "\"asset* freez*\""),
        ("\"froz*\"", "froz*"),
        ("=\"asset* freez*\"", "=\"asset* freez*\""),
        ("open-do*", "open-do*"),
        ("(assets?)", "\"assets?\""),
        ("assets? frozen", "(\"assets?\" AND frozen)"),
        ("sanction*{12} x", "(sanction* AND x)"),
        ("zelensky~1{4}^2", "zelensky~1^2"),
        ("\"asset*{3} freez*{2}\"", "\"asset* freez*\""),
        ("frozen{12}", "frozen{12}"),
        ("zelensky~1", "zelensky~1"),
        ("zelensky~0", "zelensky~0"),
        ("=zelensky~2", "=zelensky~2"),
        ("and~1", "and~1"),
        ("\"a b c\"~3", "\"a b c\"~3"),
        ("=\"a b\"~0", "=\"a b\"~0"),
        ("\"a* b\"~3", "XX"),
        ("\"asset* b\"~3^0.5", "\"asset* b\"~3^0.5"),
        ("frozen^2", "frozen^2"),
        ("frozen^1", "frozen^1"),
        ("frozen^0.5", "frozen^0.5"),
        ("frozen^1.25", "frozen^1.25"),
        ("frozen^2.50", "frozen^2.5"),
        ("\"a b\"^2", "\"a b\"^2"),
        ("\"and\"^2", "\"and\"^2"),
        ("=word^3 x", "(=word^3 AND x)"),
        ("-x^2 y", "(NOT x^2 AND y)"),
    ] {
        if printed == "XX" {
            refuse(question, 1, "fewer than 2 letters before the wildcard");
            continue;
        }
        check(question, printed);
    }
    for (question, column, message) in [
        ("who froze assets?", 11, "write assets, or (assets?) for a letter more"),
        ("*", 1, "nothing to search for"),
        ("s*", 1, "fewer than 2 letters before the wildcard"),
        ("*tion", 1, "fewer than 2 letters"),
        ("o'n*", 1, "fewer than 2 letters"),
        ("open-d*", 1, "d* has fewer than 2 letters"),
        ("\"frozen * assets\"", 1, "frozen PRE/3 assets"),
        ("\"a b\"*", 6, "nothing to search for"),
        ("zelensky~", 1, "write zelensky~1"),
        ("zelensky~3", 1, "~ takes 0 to 2 wrong letters"),
        ("zelensky~0.8", 1, "~ takes 0 to 2"),
        ("zelen*~1", 1, "a wildcard and a fuzzy word at once"),
        ("open-door~1", 1, "a fuzzy word is one word"),
        ("ab~1", 1, "at least 3 letters"),
        ("\"a\"~2", 4, "a window has two words or more"),
        ("\"a b\"~", 6, "no number of words"),
        ("\"a b\"~x", 6, "no number of words"),
        ("\"a b\"~10001", 6, "no number of words"),
        ("\"a b c\" ~3", 9, "~3 stands behind no word"),
        ("frozen^", 1, "^ is no boost"),
        ("frozen^x", 1, "^x is no boost"),
        ("frozen^0", 1, "^0 is no boost"),
        ("frozen^101", 1, "^101 is no boost"),
        ("frozen^1.234", 1, "^1.234 is no boost"),
        ("frozen^-1", 1, "^-1 is no boost"),
        ("frozen ^2", 8, "^2 stands behind no word"),
    ] {
        refuse(question, column, message);
    }
    let wide = format!("\"{}\"~3", "a ".repeat(33));
    refuse(&wide, wide.len() - 1, "at most 32 words");
}

#[test]
fn numbers_of_forms_are_printed_and_skipped() {
    let forms =
        |word: &str, form: Form, slips: Option<u8>| Some(word.len() as u64 + slips.map_or(0, u64::from) + form as u64);
    for (question, printed) in [
        ("sanction* x", "(sanction*{9} AND x)"),
        ("=\"asset* b freez*\"~2^2", "=\"asset*{7} b freez*{7}\"~2^2"),
        ("zelensky~1^2 W/5 (wom?n OR \"x\")", "(zelensky~1{9}^2 W/5 (wom?n{5} OR x))"),
        ("ARTICLE(a 2 OF (\"and*\", b))", "ARTICLE(a AND 2 OF (and*{4}, b))"),
    ] {
        let tree = parse(question, Join::All).expect(question);
        let read_as = tree.read_as(&forms);
        assert_eq!(read_as, printed);
        assert_eq!(parse(&read_as, Join::Any).as_ref(), Ok(&tree));
        assert_reread(&tree);
    }
}

#[test]
fn operators_of_others_are_refused_by_name() {
    for (question, column, message) in [
        ("a NEAR b", 3, "write W/1; the word itself is written \"NEAR\", or ask with --dialect factiva"),
        ("a NEAR5 b", 3, "write W/5"),
        ("a ADJ b", 3, "write PRE/1"),
        ("a ADJ5 b", 3, "write PRE/5"),
        ("a ONEAR/5 b", 3, "write PRE/5"),
        ("a SAME b", 3, "write W/P"),
        ("(a OR b) SAME (c)", 10, "write W/P"),
        ("a AROUND(5) b", 3, "write W/5"),
        ("a /5 b", 3, "write W/5; the word itself is written \"/5\", or ask with --dialect nexis"),
        ("a /s b", 3, "write W/S"),
        ("a /P b", 3, "write W/P"),
        ("\"a b\" +5 c", 7, "write PRE/5"),
        ("ATLEAST5(a)", 1, "write ATLEAST/5(…)"),
        ("x atleast5(a)", 3, "write ATLEAST/5(…)"),
        ("headline(a)", 1, "write title:(…)"),
        ("x HLEAD(a)", 3, "write title:(…)"),
        ("body(a)", 1, "leave it out: words are sought in every paragraph"),
        ("wom!n", 1, "write wom*n"),
        ("sanction!", 1, "sanction! is how nexis writes it / write sanction*"),
        ("Stop!!", 1, "write Stop*; in quotes it is searched for as text: \"Stop!!\""),
        ("froz$", 1, "froz$ is how factiva writes it / write froz*"),
    ] {
        refuse(question, column, message);
    }
}

#[test]
fn printed_numbers_never_stay_in_the_tree() {
    for (question, printed) in [
        ("sanction*{1}{2}", "sanction*"),
        ("\"sanction*{1}{2} b\"", "\"sanction* b\""),
        ("zelensky~1{4}{5}", "zelensky~1"),
        // A ~ in quotes is text, and so is what stands behind it.
        ("\"abc~1{4} b\"", "\"abc~1{4} b\""),
        ("\"abc~1{4}{5} b\"", "\"abc~1{4}{5} b\""),
    ] {
        check(question, printed);
    }
}

#[test]
fn lists_and_titles_are_not_misread() {
    for (question, printed) in [
        ("2 OF (a,-b c)", "2 OF (a, (NOT b AND c))"),
        ("2 OF (a, NEAR, b)", "2 OF (a, NEAR, b)"),
        ("2 OF (a, /5, b)", "2 OF (a, /5, b)"),
        ("2 OF (a, NEAR (b OR c))", "2 OF (a, (NEAR AND (b OR c)))"),
        ("title:2 of", "(title:2 AND of)"),
        ("title:like (x)", "(title:like AND x)"),
    ] {
        check(question, printed);
    }
    for (question, column, message) in [
        ("title:ATLEAST/3(a)", 7, "write title:(ATLEAST/3 …)"),
        ("title:ARTICLE(a)", 7, "title: stands right before ARTICLE"),
        ("title:2 OF (a, b)", 7, "title: stands right before 2"),
        ("2 OF (a AND, b)", 9, "AND has nothing after it"),
        ("a W/5 NOT b", 7, "as in frozen NOT W/5 assets"),
        ("a W/5 b W/3 (c OR d)", 9, "write (a W/5 b) W/3 (c OR d), or a W/5 (b W/3 (c OR d))"),
        ("a W/5 b W/3 title:c", 9, "put parentheses around two of them"),
        ("a W/5 b W/3 c W/2 d", 9, "put parentheses around two of them"),
        ("a W/5 b W/3", 9, "W/3 has nothing after it"),
        ("(a NOT b) W/5 c", 4, "write NOT W/P"),
        ("(a source:x) W/5 c", 4, "a field does not"),
        ("title:a W/5 b", 1, "as in title:(frozen W/5 assets)"),
        ("FIRST/10(a b)", 10, "FIRST/10(frozen) AND FIRST/10(assets)"),
        ("first10(a)", 1, "write FIRST/10(…)"),
        ("a onear/5 b", 3, "write PRE/5"),
        ("zelensky~3", 1, "in quotes it is text: \"zelensky~3\""),
    ] {
        refuse(question, column, message);
    }
}

#[test]
fn a_long_list_is_cut_in_one_pass() {
    // Looking from each comma to the end of the text took ten seconds for this.
    let list = format!("2 OF ({}b)", "a,".repeat(super::super::LONGEST / 2 - 8));
    assert!(parse(&list, Join::All).is_ok());
}
