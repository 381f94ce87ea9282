//! What pasted questions are read as, and what is refused.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(dialect: Dialect, question: &str, printed: &str) {
    match parse_as(question, dialect, Join::All) {
        Ok(tree) => {
            assert_eq!(tree.to_string(), printed, "{question}");
            assert_eq!(parse(&tree.to_string(), Join::All).as_ref(), Ok(&tree), "{question}: {tree}");
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

#[test]
fn lucene() {
    for (question, printed) in [
        ("frozen assets", "(frozen OR assets)"),
        ("frozen AND assets", "(frozen AND assets)"),
        ("frozen && assets", "(frozen AND assets)"),
        ("frozen OR assets", "(frozen OR assets)"),
        ("frozen || assets", "(frozen OR assets)"),
        ("+frozen +assets", "(frozen AND assets)"),
        ("+frozen -gold", "(frozen AND NOT gold)"),
        ("frozen NOT gold", "(frozen AND NOT gold)"),
        ("frozen !gold", "(frozen AND NOT gold)"),
        ("frozen ! gold", "(frozen AND NOT gold)"),
        ("frozen assets -gold", "((frozen OR assets) AND NOT gold)"),
        ("a AND b AND NOT c", "(a AND b AND NOT c)"),
        ("(a OR b) AND c", "((a OR b) AND c)"),
        ("+(a b) +c", "((a OR b) AND c)"),
        ("-(a b) +c", "(c AND NOT (a OR b))"),
        ("\"frozen assets\"", "\"frozen assets\""),
        ("+\"frozen assets\" +x", "(\"frozen assets\" AND x)"),
        ("\"frozen assets\"~0", "\"frozen assets\""),
        ("\"frozen assets\"~1", "(frozen PRE/2 assets)"),
        ("\"frozen assets\"~3", "((frozen PRE/4 assets) OR (assets PRE/2 frozen))"),
        ("\"frozen assets\"^2", "\"frozen assets\"^2"),
        ("\"frozen assets\"~1^2", "(frozen^2 PRE/2 assets^2)"),
        ("title:frozen", "title:frozen"),
        ("title:\"frozen assets\"", "title:\"frozen assets\""),
        ("title:(frozen assets)", "title:(frozen OR assets)"),
        ("+title:(+a +b) -body:c", "(title:(a AND b) AND NOT c)"),
        ("source:reuters", "source:reuters"),
        ("source:\"new york times\"", "source:\"new york times\""),
        ("source:(a b)", "(source:a OR source:b)"),
        ("date:[2022 TO 2023]", "date:2022..2023"),
        ("date:[2022 TO *]", "date:>=2022"),
        ("date:{2022 TO *]", "date:>2022"),
        ("date:{2022-01 TO 2022-06}", "(date:>2022-01 AND date:<2022-06)"),
        ("date:2022", "date:2022"),
        ("words:[100 TO 200]", "(words:>=100 AND words:<=200)"),
        ("lang:en", "lang:en"),
        ("sanction*", "sanction*"),
        ("wom?n", "wom?n"),
        ("zelensky~", "zelensky~2"),
        ("zelensky~1", "zelensky~1"),
        ("zelensky~^3", "zelensky~2^3"),
        ("frozen^2 assets", "(frozen^2 OR assets)"),
        ("(a b)^2", "(a^2 OR b^2)"),
        ("(+a +b)^0.5", "(a^0.5 AND b^0.5)"),
        ("a\\:b", "\"a:b\""),
        ("\\+frozen", "\"+frozen\""),
        ("C\\+\\+", "C++"),
    ] {
        check(Dialect::Lucene, question, printed);
    }
    for (question, column, message) in [
        ("a OR b AND c", 1, "a is optional beside what is required"),
        ("+a b", 4, "write +b, or leave it out"),
        ("-a", 1, "NOT alone"),
        ("AND a", 5, "a word is missing before a"),
        ("a AND", 3, "a word is missing"),
        ("(a", 1, "never closed"),
        ("a)", 2, "closes nothing"),
        ("()", 2, "a word is missing"),
        ("\"a", 1, "never closed"),
        ("\"a b c\"~3", 8, "depends on their order"),
        ("\"a b*\"", 1, "no wildcards in a phrase"),
        ("*tion", 1, "begins with a wildcard"),
        ("/joh?n/", 1, "regular expression"),
        ("zelensky~0.8", 1, "a similarity of old"),
        ("_exists_:title", 1, "_exists_ has no equal"),
        ("*:*", 1, "*: has no equal"),
        ("nofield:x", 1, "there is no field"),
        ("title:[a TO b]", 7, "only dates and lengths have ranges"),
        ("date:[2022 2023]", 6, "not complete"),
        ("date:[* TO *]", 6, "no ends"),
        ("(a^2 b)^3", 8, "a boost stands within another"),
        ("a\\*", 1, "an escaped wildcard"),
        ("title:(source:x)", 7, "a headline holds words"),
        ("", 1, "empty"),
    ] {
        refuse(Dialect::Lucene, question, column, message);
    }
}

#[test]
fn nexis() {
    for (question, printed) in [
        ("frozen", "frozen"),
        ("frozen assets", "\"frozen assets\""),
        ("frozen AND assets", "ARTICLE(frozen AND assets)"),
        ("frozen and assets", "ARTICLE(frozen AND assets)"),
        ("frozen OR seized", "(frozen OR seized)"),
        ("frozen OR seized AND assets", "ARTICLE((frozen OR seized) AND assets)"),
        ("frozen AND NOT gold", "ARTICLE(frozen AND NOT gold)"),
        ("a AND b AND NOT c AND d", "ARTICLE(a AND b AND NOT (c AND d))"),
        ("frozen w/5 assets", "(frozen W/5 assets)"),
        ("frozen W/5 assets OR reserves", "(frozen W/5 (assets OR reserves))"),
        ("frozen /5 assets", "(frozen W/5 assets)"),
        ("frozen pre/3 assets", "(frozen PRE/3 assets)"),
        ("frozen +3 assets", "(frozen PRE/3 assets)"),
        ("frozen near/3 assets", "(frozen W/3 assets)"),
        ("frozen onear/3 assets", "(frozen PRE/3 assets)"),
        ("rico not w/5 puerto", "(rico NOT W/5 puerto)"),
        ("frozen w/s assets", "(frozen W/S assets)"),
        ("frozen /s assets", "(frozen W/S assets)"),
        ("frozen w/sent assets", "(frozen W/S assets)"),
        ("frozen w/p assets", "(frozen W/P assets)"),
        ("frozen /p assets", "(frozen W/P assets)"),
        ("frozen w/para assets", "(frozen W/P assets)"),
        ("a w/10 b w/3 c", "(a W/10 (b W/3 c))"),
        ("a w/3 b w/10 c", "((a W/3 b) W/10 c)"),
        ("a w/5 b w/5 c", "((a W/5 b) W/5 c)"),
        ("a w/s b w/5 c", "(a W/S (b W/5 c))"),
        ("a w/p b w/s c", "(a W/P (b W/S c))"),
        ("a w/p b AND c", "ARTICLE((a W/P b) AND c)"),
        ("central bank w/5 frozen assets", "(\"central bank\" W/5 \"frozen assets\")"),
        ("\"frozen assets\" w/5 russia", "(\"frozen assets\" W/5 russia)"),
        ("(frozen OR seized) w/5 (assets OR funds)", "((frozen OR seized) W/5 (assets OR funds))"),
        ("sanction!", "sanction*"),
        ("wom*n", "wom?n"),
        ("frozen asset!", "\"frozen asset*\""),
        ("atleast3(war)", "ATLEAST/3(war)"),
        ("atleast10(war OR conflict)", "ATLEAST/10(war OR conflict)"),
        ("ATLEAST5(frozen assets) AND russia", "ARTICLE(ATLEAST/5(\"frozen assets\") AND russia)"),
        ("HEADLINE(frozen OR seized)", "title:(frozen OR seized)"),
        ("headline(frozen w/5 assets) AND russia", "ARTICLE(title:(frozen W/5 assets) AND russia)"),
        ("BYLINE(jane doe) AND war", "ARTICLE(author:\"jane doe\" AND war)"),
        ("PUBLICATION(new york times) AND war", "ARTICLE(source:\"new york times\" AND war)"),
        ("body(frozen)", "frozen"),
        ("war AND DATE(>= 2022-02-24)", "ARTICLE(war AND date:>=2022-02-24)"),
        ("war AND date aft 2022", "ARTICLE(war AND date:>2022)"),
        ("war AND date bef 2022-02", "ARTICLE(war AND date:<2022-02)"),
        ("war AND date is 2022", "ARTICLE(war AND date:2022)"),
        ("allcaps(us)", "==US"),
        ("language(eng) and war", "ARTICLE(lang:en AND war)"),
    ] {
        check(Dialect::Nexis, question, printed);
    }
    for (question, column, message) in [
        ("frozen and", 8, "a word is missing after this"),
        ("and frozen", 1, "a word is missing"),
        ("(frozen", 1, "never closed"),
        ("frozen)", 7, "closes nothing"),
        ("\"a b\" c", 7, "there is no connector before this"),
        ("(a) (b)", 5, "there is no connector before this"),
        ("sanction*", 1, "write (sanction OR sanction?)"),
        ("a w/0 b", 3, "a number from 1"),
        ("a w/5 (b and c)", 7, "takes words and phrases"),
        ("atleast3(a and b)", 9, "takes words and phrases"),
        ("atleast0(a)", 1, "a number from 1"),
        ("HLEAD(frozen)", 1, "HLEAD, a segment of nexis, has no equal here"),
        ("SUBJECT(war)", 1, "topic:"),
        ("COMPANY(shell)", 1, "actor:"),
        ("LENGTH(>500)", 1, "words:>300"),
        ("singular(bank)", 1, "has no equal"),
        ("a w/seg b", 3, "has no equal"),
        ("date foo", 1, "date is not followed by a date"),
        ("headline(byline(x))", 9, "a headline holds words"),
        ("!", 1, "nothing to search for"),
    ] {
        refuse(Dialect::Nexis, question, column, message);
    }
}

#[test]
fn factiva() {
    for (question, printed) in [
        ("frozen assets", "\"frozen assets\""),
        ("frozen and assets", "ARTICLE(frozen AND assets)"),
        ("frozen or seized", "(frozen OR seized)"),
        ("(frozen or seized) and assets", "ARTICLE((frozen OR seized) AND assets)"),
        ("frozen not gold", "ARTICLE(frozen AND NOT gold)"),
        ("a and b not c", "ARTICLE(a AND b AND NOT c)"),
        ("frozen near5 assets", "(frozen W/5 assets)"),
        ("frozen near assets", "(frozen W/1 assets)"),
        ("frozen adj3 assets", "(frozen PRE/3 assets)"),
        ("frozen adj assets", "(frozen PRE/1 assets)"),
        ("frozen w/3 assets", "(frozen PRE/3 assets)"),
        ("frozen w3 assets", "(frozen PRE/3 assets)"),
        ("frozen n3 assets", "(frozen W/3 assets)"),
        ("frozen same assets", "(frozen W/P assets)"),
        ("(frozen near5 assets) same bank", "((frozen W/5 assets) W/P bank)"),
        ("frozen near5 assets and bank", "ARTICLE((frozen W/5 assets) AND bank)"),
        ("atleast3 war", "ATLEAST/3(war)"),
        ("atleast3 (war or conflict)", "ATLEAST/3(war OR conflict)"),
        ("sanction$", "sanction*"),
        ("sanction*", "sanction*"),
        ("wom?n", "wom?n"),
        ("hd=frozen", "title:frozen"),
        ("hd=(frozen or seized)", "title:(frozen OR seized)"),
        ("hd=(frozen assets) and war", "ARTICLE(title:\"frozen assets\" AND war)"),
        ("by=(jane doe) and war", "ARTICLE(author:\"jane doe\" AND war)"),
        ("sn=reuters and war", "ARTICLE(source:reuters AND war)"),
        ("la=en and war", "ARTICLE(lang:en AND war)"),
        ("war/F10/", "FIRST/10(war)"),
        ("war and date from 20220101 to 20221231", "ARTICLE(war AND date:2022-01-01..2022-12-31)"),
        ("war and date after 20220224", "ARTICLE(war AND date:>2022-02-24)"),
        ("war and date before 2022", "ARTICLE(war AND date:<2022)"),
    ] {
        check(Dialect::Factiva, question, printed);
    }
    for (question, column, message) in [
        ("a and b or c", 9, "mixed without parentheses"),
        ("a or b and c", 8, "mixed without parentheses"),
        ("a near5 b adj3 c", 11, "mixed without parentheses"),
        ("sanction$3", 1, "up to 3 letters more"),
        ("wc=500", 1, "words:>300"),
        ("re=russ", 1, "actor:"),
        ("ns=gcns", 1, "topic:"),
        ("rst=nyt", 1, "sn="),
        ("hlp=war", 1, "hd="),
        ("atleast3 (a and b)", 10, "takes words and phrases"),
        ("near5 b", 1, "a word is missing"),
        ("a near0 b", 3, "a number from 1"),
    ] {
        refuse(Dialect::Factiva, question, column, message);
    }
}

const PIECES: &[&str] = &[
    "frozen",
    "assets",
    "AND",
    "or",
    "NOT",
    "w/5",
    "near5",
    "(",
    ")",
    "\"",
    "!",
    "$",
    "*",
    "+",
    "-",
    "title:",
    "date:[",
    "2022",
    "TO",
    "]",
    "hd=",
    "headline(",
    "atleast3",
    "date",
    "after",
    "~2",
    "^2",
    "\\",
    "/F10/",
    "é",
    "同",
    "=",
    "same",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_are_read_or_refused(
        pieces in prop::collection::vec((prop::sample::select(PIECES), prop::sample::select(&["", " ", " "][..])), 0..16)
    ) {
        let question: String = pieces.into_iter().flat_map(|(piece, space)| [piece, space]).collect();
        for dialect in [Dialect::Lucene, Dialect::Nexis, Dialect::Factiva] {
            match parse_as(&question, dialect, Join::All) {
                Ok(tree) => {
                    let printed = tree.to_string();
                    let reread = parse(&printed, Join::Any);
                    prop_assert_eq!(reread.as_ref(), Ok(&tree), "{:?}: {}", question, printed);
                }
                Err(error) => prop_assert!(question.get(error.span.clone()).is_some(), "{:?}: {:?}", question, error),
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(question in ".{0,40}") {
        for dialect in [Dialect::Lucene, Dialect::Nexis, Dialect::Factiva] {
            if let Err(error) = parse_as(&question, dialect, Join::All) {
                prop_assert!(question.get(error.span.clone()).is_some(), "{:?}: {:?}", question, error);
            }
        }
    }
}
