//! What questions mean, row by row: a question and paragraphs, the words that make a match in brackets. A paragraph
//! without brackets is not accepted.

use super::*;
use crate::query::{Join, parse};
use crate::text::{Analyzer, Shape};

/// An index of one language that knows the words of no dictionary.
pub(super) struct One(pub(super) [Lang; 1]);

impl Knowledge for One {
    fn langs(&self) -> &[Lang] {
        &self.0
    }

    fn codes(&self, _: Coding, typed: &str) -> Result<Vec<String>, Vec<String>> {
        Ok(vec![typed.to_owned()])
    }

    fn forms(&self, _: &Shape) -> u64 {
        1
    }

    fn likeness(&self, _: &str) -> Option<Likeness> {
        None
    }
}

#[track_caller]
fn check(lang: &str, question: &str, rows: &[&str]) {
    let lang: Lang = lang.parse().expect("a language");
    let tree = parse(question, Join::All).unwrap_or_else(|error| panic!("{error}"));
    let clause = resolve(question, &tree, &One([lang])).unwrap_or_else(|error| panic!("{error}")).clause;
    let (mut analyzer, mut matcher) = (Analyzer::default(), Matcher::default());
    for row in rows {
        let text = row.replace(['[', ']'], "");
        let tokens = analyzer.analyze(&text, lang);
        let siblings = [Sibling { text: text.clone(), ..Sibling::default() }];
        let facts = Facts { title: "Frozen assets of Russia", siblings: &siblings, ..Facts::default() };
        let marks = matcher.matches(&clause, &tokens, &facts).unwrap_or_default();
        let mut shown = String::new();
        let mut at = 0;
        for mark in marks {
            let range = tokens.tokens()[mark as usize].range();
            shown += &format!("{}[{}]", &text[at..range.start], &text[range.clone()]);
            at = range.end;
        }
        shown += &text[at..];
        assert_eq!(shown, *row, "{question}");
    }
}

fn english(rows: &[(&str, &[&str])]) {
    rows.iter().for_each(|(question, rows)| check("en", question, rows));
}

#[test]
fn words_and_phrases() {
    english(&[
        ("frozen", &["[Frozen] assets", "the [FROZEN] lake", "freezing"]),
        ("sanction", &["new [sanctions]", "[sanctioned] banks", "sanctuary"]),
        ("=sanction", &["new sanctions", "a [Sanction]"]),
        ("==US", &["the [US] and us", "the [U.S]. left", "us"]),
        ("=us", &["the [US] and [us]"]),
        ("naive", &["a [naïve] view", "a [naive] view"]),
        ("\"frozen assets\"", &["[frozen] [assets]", "[frozen] [asset]", "assets frozen", "frozen state assets"]),
        ("=\"frozen assets\"", &["frozen asset", "[Frozen] [Assets]"]),
        ("\"bank of the\"", &["the [bank] [of] [the] north", "bank of a"]),
        ("\"to be or not to be\"", &["[to] [be] [or] [not] [to] [be] it is"]),
        ("open-door", &["an [open] [door]", "an [open]-[door] policy", "door open"]),
        ("\"U.S. troops\"", &["[U.S]. [troops]", "[US] [troops] left"]),
        ("a b", &["[b] and [a]", "a alone"]),
        ("frozen OR seized", &["[frozen] or [seized]", "[seized]", "none"]),
        ("frozen NOT gold", &["[frozen] money", "frozen gold"]),
        ("title:frozen bank", &["a [bank]", "frozen"]),
        ("title:gold bank", &["a bank"]),
        ("title:(frozen W/1 assets) bank", &["a [bank]"]),
        ("title:(frozen W/1 russia) bank", &["a bank"]),
        ("words:>3 frozen", &["[frozen] in all banks", "frozen it is"]),
    ]);
}

#[test]
fn nearness() {
    english(&[
        ("marvin W/5 marvin", &["marvin", "[marvin] met [marvin]", "marvin one two three four five marvin"]),
        ("a W/3 b", &["[a] x x [b]", "[b] x x [a]", "a x x x b"]),
        ("a W/1 b", &["[a] [b]", "[b] [a]", "a x b"]),
        ("a PRE/3 b", &["[a] x x [b]", "b x x a", "a x x x b"]),
        ("a PRE/1 b", &["[a] [b]", "b a"]),
        ("b W/3 a", &["[a] x x [b]"]),
        ("a NEAR/3 b", &["[a] x x [b]"]),
        ("a ADJ/3 b", &["[a] x x [b]", "b x x a"]),
        ("\"a b\" W/2 (c OR d)", &["[a] [b] x [c]", "[d] x [a] [b]", "a b x x c", "a x b c"]),
        ("\"a b\" W/2 b", &["a b", "[a] [b] x [b]", "[b] [a] [b]"]),
        ("(a OR b) W/2 (a OR b)", &["a", "[a] x [b]", "[a] [a]", "a x x a"]),
        ("a W/2 b", &["[a] [b] [a]", "[b] [a] x [b]", "[a] x [b] b"]),
        ("(a W/2 b) W/2 c", &["[a] x [b] x [c]", "[c] x [a] [b]", "[a] [c] [b]", "a b x x c"]),
        ("(a W/10 b) W/3 c", &["[a] b and other [b] of the [c]"]),
        ("(a W/5 b) W/9 (c W/5 d)", &["[a] [c] [b] [d]", "[c] [a] [d] [b]"]),
        (
            "(\"united states\" OR \"united states of america\") PRE/1 sanctions",
            &["[united] [states] [sanctions]", "[united] [states] [of] [america] [sanctions]"],
        ),
        ("(assets OR \"assets freeze\") PRE/1 bank", &["[assets] [freeze] [bank]", "[assets] [bank]"]),
        ("(a PRE/2 b) PRE/2 c", &["[a] [b] [c]", "c a b", "a c b"]),
        ("a W/3 b c", &["[c] and [a] x [b]", "a x b"]),
        ("(a OR c) W/2 b", &["[a] [b] [c]", "[c] x [b]"]),
    ]);
}

#[test]
fn nearness_refused() {
    english(&[
        (
            "RICO NOT W/5 Puerto",
            &["the [RICO] act", "Puerto Rico", "RICO in Puerto, and so far away from here the [RICO] act"],
        ),
        ("marvin NOT W/5 marvin", &["[marvin] alone", "marvin and marvin"]),
        ("a NOT PRE/2 b", &["[a] alone", "b [a]", "a x b", "[a] x x b"]),
        ("war NOT W/S peace", &["[War] came. Peace went.", "War or peace. Another [war]."]),
        ("a NOT W/P b", &["[a]", "a. x. b."]),
        ("a NOT W/1 (b OR c)", &["[a] x b", "a c", "b a"]),
        ("(a W/2 b) NOT W/2 c", &["[a] [b] x x c", "a b c"]),
        ("a W/3 (b NOT W/1 c)", &["[a] [b]", "a b c", "[a] x [b] x c"]),
    ]);
}

#[test]
fn sentences_and_paragraphs() {
    english(&[
        (
            "war W/S peace",
            &["[War] is on all sides not at all [peace].", "War came. Peace went.", "[Peace] and [war]."],
        ),
        ("war PRE/S peace", &["[War] is no [peace].", "Peace is no war."]),
        ("troops W/S left", &["The U.S. [troops] have [left].", "The troops. They left."]),
        ("us W/S troops", &["The [U.S]. [troops] left.", "In the U.S. The troops left."]),
        ("smith W/S said", &["Mr. [Smith] [said] so.", "It was Smith. He said so."]),
        ("war W/P peace", &["[War] came. It went. [Peace] came.", "war"]),
        ("war W/P war", &["war", "[War] came. [War] went."]),
        ("(war W/P peace) W/S bank", &["[War] [peace] [bank].", "War came. Peace bank."]),
        ("war W/S (peace OR bank)", &["[War] at the [bank]. Peace came."]),
    ]);
}

#[test]
fn counts_and_scope() {
    english(&[
        ("ATLEAST/3(war)", &["[war] and [war] and [wars]", "war and war"]),
        ("ATLEAST/2(war OR conflict)", &["[war] and [conflict]", "war"]),
        ("ATLEAST/2(assets OR \"frozen assets\")", &["frozen assets", "frozen [assets] and [assets]"]),
        ("ATLEAST/2(a W/2 b)", &["a b", "[a] [b] x x x [b] [a]"]),
        ("ATLEAST/1(a)", &["[a]", "b"]),
        ("ATLEAST/2(a) W/2 b", &["[a] [a] [b]", "a b", "a a x x b"]),
        ("2 OF (a, b, c)", &["[a] [c]", "a", "[a] [b] [c]", "[c] x x x x x x x [b]"]),
        ("2 OF (\"a b\", c d, e)", &["[a] [b] [e]", "[d] [e] [c]", "a b c"]),
        ("3 OF (a, b, c)", &["[c] [b] [a]", "a b"]),
        ("1 OF (a, b)", &["[b]", "c"]),
        ("2 OF (a, b, c) W/2 d", &["[a] [b] x [d]", "a d", "a b x x d", "[a] [d] [b]"]),
        ("2 OF (a NOT x, b, c)", &["[a] [b]", "a b x", "[b] [c] x"]),
        ("FIRST/2(b)", &["[b] a", "a [b]", "a a b"]),
        ("FIRST/3(a W/5 b)", &["[a] x [b]", "a x x b"]),
        ("FIRST/3(\"a b\")", &["x [a] [b]", "x x a b"]),
        ("FIRST/2(a) c", &["[a] x [c]", "x x a c"]),
        ("ARTICLE(a b)", &["[a] [b]", "a"]),
        ("ARTICLE(a NOT b)", &["[a]", "a b"]),
    ]);
}

#[test]
fn wildcards_fuzzy_words_and_windows() {
    english(&[
        ("sanction*", &["[sanctions] and [sanctioning]", "sanctity"]),
        ("wom?n", &["a [woman] and [women]", "womn"]),
        ("=sanction*", &["[Sanctions]"]),
        ("==Sanction*", &["[Sanctions] sanctions"]),
        ("\"asset* freez*\"", &["an [asset] [freeze]", "[assets] [freezing]", "freeze assets"]),
        ("\"frozen asset*\"", &["[frozen] [assets]"]),
        ("\"ministry of fin*\"", &["the [ministry] [of] [finance]"]),
        ("asset* W/2 freez*", &["[assets] to [freeze]", "[freezing] of [assets]"]),
        ("sanction* NOT W/2 un", &["[sanctions] here", "UN sanctions"]),
        ("open-do*", &["[open] [doors]", "open the door"]),
        ("ATLEAST/2(sanction*)", &["[sanctions] and [sanctioned]", "sanctions"]),
        ("zelensky~1", &["[Zelenskyy] and [Zelenksy]", "Zelinskiy"]),
        ("zelensky~2", &["[Selenskyj]"]),
        ("zelensky~0", &["[Zelensky] Zelenskyy"]),
        ("zelensky~1 W/2 kyiv", &["[Zelenskyy] in [Kyiv]"]),
        ("\"a b c\"~1", &["[c] [a] x [b]", "c a x x b", "a b", "[a] [b] [c]"]),
        ("\"a a\"~3", &["a", "[a] x [a]", "a x x x x a"]),
        ("\"a b\"~0", &["[b] [a]", "[a] [b]", "a x b"]),
        ("\"asset* freez*\"~2", &["[freezing] of the [assets]", "freezing of all these assets"]),
        ("\"a b\"~2 W/2 c", &["[a] x [b] x [c]", "a x b x x c"]),
        ("frozen^2 assets^0.5", &["[frozen] [assets]", "frozen"]),
        ("frozen^2 W/2 assets", &["[frozen] [assets]"]),
    ]);
}

#[test]
fn other_languages() {
    for (lang, question, rows) in [
        ("ru", "санкции", &["новые [санкции]", "против [санкций]", "санкт"][..]),
        ("ru", "=санкции", &["новые [санкции]", "против санкций"]),
        ("ru", "санкц*", &["[санкционный] список"]),
        (
            "ru",
            "замороженные W/2 активы",
            &["[замороженных] российских [активов]", "активы банка были давно замороженные"],
        ),
        ("ru", "\"замороженные активы\"", &["[замороженных] [активов]"]),
        ("ru", "активы W/S банк", &["[Активы] в [банке].", "Активы. Банк."]),
        ("ru", "елкин", &["[Ёлкин] [Елкин]"]),
        ("uk", "санкції W/3 росії", &["[санкції] проти [Росії]"]),
        ("de", "Sanktionen W/3 Russland", &["[Sanktionen] gegen [Russland]"]),
        ("de", "Vermögen", &["das [Vermögen] und [Vermögens]"]),
        ("de", "straße", &["die [Straße]", "die [Strasse]"]),
        ("fr", "avoirs W/2 gelés", &["les [avoirs] russes [gelés]"]),
        ("fr", "ukraine", &["pour l’[Ukraine]"]),
        ("ar", "العقوبات", &["[العقوبات] الجديدة"]),
        ("ar", "عقوبات W/3 روسيا", &["[عقوبات] جديدة على [روسيا]", "عقوبات"]),
        ("ar", "الأص*", &["[الأصول] المجمدة"]),
        ("zh", "制裁", &["对俄罗斯[制][裁]", "裁制"]),
        ("zh", "制裁 W/5 资产", &["[制][裁]和[资][产]", "制裁"]),
        ("zh", "冻结 PRE/3 资产", &["[冻][结]的[资][产]", "资产冻结"]),
        ("tr", "Ankara W/3 karar", &["[Ankara]'da [karar]"]),
        ("und", "frozen W/2 assets", &["[frozen] the [assets]", "frozen asset"]),
    ] {
        check(lang, question, rows);
    }
}
