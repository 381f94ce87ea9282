//! Terms and connectors of LexisNexis.
//!
//! The order of the connectors is that of its help pages ("Connectors operate in the following order of priority"): OR,
//! then W/n and PRE/n with the smaller number first, W/S, W/P, AND, and AND NOT last; those alike from left to right.
//! Where the older service and Nexis Uni read a sign differently, it is refused (a `*` at the end of a word).
//!
//! Two things are near what they are there, not the same: ATLEAST counts in an article there and in a paragraph here, and
//! BODY leaves the headline out there, which is a paragraph here.

use crate::article::PubDate;
use crate::error::QueryError;

use super::super::tree::{Compare, DateTest, FARTHEST, Field, Form, Kind, Node, Phrase, Reach, Word};
use super::super::{all, number, shown};
use super::connectors::{Connector, Engine, Level, check_places, level, run};
use super::pieces::{Cursor, Cut, Piece};
use super::{dates, leaf};

/// LexisNexis.
pub(super) struct Nexis;

impl Engine for Nexis {
    const CUT: Cut = Cut::Plain;
    const QUOTES_JOIN: bool = false;
    const NOT: &'static str = "AND NOT";
    const STEM: &'static str = "write more of the word, such as sanction! or wom?n";

    fn connector(at: &Cursor<'_>) -> Result<Option<(Connector, usize)>, QueryError> {
        let [first, second] = [at.word(0), at.word(1)].map(str::to_ascii_lowercase);
        Ok(Some(match (first.as_str(), second.as_str()) {
            ("and/or", _) => {
                let message = "and/or may be a connector or a word";
                return Err(at.refuse(at.place(1), message, "write OR, or \"and/or\" for the text itself"));
            }
            ("and" | "but", "not") => (Connector::AndNot, 2),
            ("andnot" | "butnot", _) => (Connector::AndNot, 1),
            ("and" | "&", _) => (Connector::And, 1),
            ("or", _) => (Connector::Or, 1),
            ("not", second) => match near(at, second, 2)? {
                Some((ordered, reach)) => (Connector::Near { ordered, negated: true, reach }, 2),
                None => (Connector::AndNot, 1),
            },
            (first, second) => match first.strip_prefix("not/") {
                Some(rest) => match near(at, &format!("/{rest}"), 1)? {
                    Some((ordered, reach)) => (Connector::Near { ordered, negated: true, reach }, 1),
                    None => return Ok(None),
                },
                None => match near(at, first, 1)? {
                    Some((ordered, reach)) => (Connector::Near { ordered, negated: false, reach }, 1),
                    None if matches!(first, "w" | "pre" | "near" | "onear") && second.starts_with('/') => {
                        let cure = format!("write {first}{}", shown(second));
                        return Err(at.refuse(at.place(2), "there is a space in this connector", cure));
                    }
                    None => return Ok(None),
                },
            },
        }))
    }

    fn beside(at: &Cursor<'_>) -> Result<Connector, QueryError> {
        let message = format!("there is no connector before {}", at.shown(at.place(1)));
        Err(at.refuse(at.place(1), message, "write AND, OR, PRE/1 or W/5 between the two"))
    }

    fn rank(connector: Connector) -> u32 {
        match connector {
            Connector::Or => 0,
            Connector::Near { reach: Reach::Words(words), .. } => words,
            Connector::Near { reach: Reach::Sentence, .. } => FARTHEST + 1,
            Connector::Near { reach: Reach::Paragraph, .. } => FARTHEST + 2,
            Connector::And => FARTHEST + 3,
            Connector::AndNot => FARTHEST + 4,
        }
    }

    fn check(_: &Cursor<'_>, _: &Level) -> Result<(), QueryError> {
        Ok(())
    }

    fn begins(at: &Cursor<'_>) -> bool {
        let glued = at.ahead(1).is_some_and(|next| next.piece == Piece::Open && next.glued);
        glued || at.opens(1) && (segment(at.word(0)).is_some() || atleast(at.word(0)).is_some()) || is_date(at)
    }

    fn operand(at: &mut Cursor<'_>) -> Result<Node, QueryError> {
        if at.opens(0) {
            let (inner, span) = at.group(level::<Nexis>)?;
            return Ok(Node { span, ..inner });
        }
        let word = at.word(0);
        if is_date(at) {
            return date(at);
        }
        if ["aft", "bef", "geq", "leq"].iter().any(|sign| sign.eq_ignore_ascii_case(word)) {
            let message = format!("{} stands without DATE", shown(word));
            let cure = format!("write DATE {}, or \"{}\" for the word itself", shown(word), shown(word));
            return Err(at.refuse(at.place(1), message, cure));
        }
        if at.opens(1) {
            if let Some(count) = atleast(word) {
                return at_least(at, count);
            }
            if let Some(segment) = segment(word) {
                return in_segment(at, segment);
            }
            if at.ahead(1).is_some_and(|open| open.glued) && Nexis::connector(at)?.is_none() {
                let message = format!("{}(…) has no equal here", shown(word));
                let cure = "leave it out; what has one is HEADLINE, BODY, BYLINE, PUBLICATION, LANGUAGE, DATE, ALLCAPS \
                            and ATLEAST5, and a word before a parenthesis needs a connector";
                return Err(at.refuse(at.place(1), message, cure));
            }
        }
        run::<Nexis>(at)
    }

    fn word(word: &str) -> Result<String, leaf::Wrong> {
        let stem = word.strip_suffix('!').unwrap_or(word);
        if stem.contains('!') {
            let message = format!("! stands at the end of a word, which it does not in {}", shown(word));
            return Err((message, "inside a word write ? for one letter, as in wom?n".to_owned()));
        }
        let root = stem.trim_end_matches('*');
        if stem.len() == word.len() && !root.is_empty() && root.len() < stem.len() {
            let root = shown(root);
            let message = format!("{} is one letter more at most, or any ending in newer versions", shown(word));
            return Err((message, format!("write {root}! for any ending, or {root} OR {root}? for one letter more")));
        }
        Ok(match stem.len() == word.len() {
            true => stem.replace('*', "?"),
            false => format!("{}*", stem.replace('*', "?")),
        })
    }
}

/// `W/5`, `/5`, `NEAR/5`, `PRE/5`, `+5`, `ONEAR/5`, and with S or P for a sentence or a paragraph: whether the left side
/// comes first, and how far. `pieces` is how many the connector takes.
fn near(at: &Cursor<'_>, lower: &str, pieces: usize) -> Result<Option<(bool, Reach)>, QueryError> {
    const SIGNS: [(&str, bool); 6] =
        [("w/", false), ("/", false), ("near/", false), ("pre/", true), ("+", true), ("onear/", true)];
    let found = SIGNS.iter().find_map(|(sign, ordered)| lower.strip_prefix(sign).map(|reach| (*ordered, reach)));
    let Some((ordered, reach)) = found else { return Ok(None) };
    let reach = match reach {
        "s" | "sent" => Reach::Sentence,
        "p" | "para" => Reach::Paragraph,
        "seg" => {
            let message = format!("{}, in one segment, has no equal here", at.shown(at.place(pieces)));
            return Err(at.refuse(at.place(pieces), message, "write W/P for one paragraph, or AND for one article"));
        }
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
            match number(digits).filter(|words| (1..=FARTHEST).contains(words)) {
                Some(words) => Reach::Words(words),
                // A plus or a slash alone is no connector.
                None if digits.is_empty() && matches!(lower, "/" | "+") => return Ok(None),
                None => {
                    let message =
                        format!("{} takes a number of words from 1 to {FARTHEST}", at.shown(at.place(pieces)));
                    return Err(at.refuse(at.place(pieces), message, "write W/5, or AND for both in one article"));
                }
            }
        }
        _ => return Ok(None),
    };
    Ok(Some((ordered, reach)))
}

/// The number of `ATLEAST5`.
fn atleast(word: &str) -> Option<&str> {
    let name = word.get(..7).filter(|name| name.eq_ignore_ascii_case("atleast"))?;
    let digits = &word[name.len()..];
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

fn at_least(at: &mut Cursor<'_>, count: &str) -> Result<Node, QueryError> {
    let name = at.take(1);
    let Some(count) = number(count).filter(|count| (1..=FARTHEST).contains(count)) else {
        let message = format!("{} takes a number from 1 to {FARTHEST}", at.shown(name.clone()));
        return Err(at.refuse(name, message, "write ATLEAST5(oil)"));
    };
    let (inner, place) = at.group(level::<Nexis>)?;
    check_places(at, &inner, &at.shown(name.clone()))?;
    Ok(Node { kind: Kind::AtLeast(count, Box::new(inner)), span: name.start..place.end })
}

/// What a segment or another word before a parenthesis is here.
#[derive(Debug, Clone, Copy)]
enum Segment {
    Title,
    Text,
    Named(Field),
    Capitals,
    /// Nothing; and what to do about it.
    None(&'static str),
}

fn segment(name: &str) -> Option<Segment> {
    SEGMENTS.iter().find(|(called, _)| called.eq_ignore_ascii_case(name)).map(|(_, segment)| *segment)
}

const TOPIC: Segment = Segment::None("leave it out and ask with --topic, whose codes are those of your codebook");
const ACTOR: Segment = Segment::None("leave it out and ask with --actor, whose codes are those of your codebook");
const LEAD: Segment = Segment::None("write HEADLINE(…) for headlines alone, or BODY(…) for every paragraph");

const SEGMENTS: [(&str, Segment); 33] = [
    ("headline", Segment::Title),
    ("title", Segment::Title),
    ("body", Segment::Text),
    ("text", Segment::Text),
    ("byline", Segment::Named(Field::Author)),
    ("author", Segment::Named(Field::Author)),
    ("publication", Segment::Named(Field::Source)),
    ("pub", Segment::Named(Field::Source)),
    ("source", Segment::Named(Field::Source)),
    ("language", Segment::Named(Field::Lang)),
    ("allcaps", Segment::Capitals),
    ("hlead", LEAD),
    ("lead", LEAD),
    ("subject", TOPIC),
    ("term", TOPIC),
    ("terms", TOPIC),
    ("industry", TOPIC),
    ("company", ACTOR),
    ("person", ACTOR),
    ("organization", ACTOR),
    ("ticker", ACTOR),
    ("geographic", ACTOR),
    ("country", ACTOR),
    ("state", ACTOR),
    ("city", ACTOR),
    ("length", Segment::None("leave it out; words:>500 of nutgraf's own language asks for long paragraphs")),
    ("singular", Segment::None("leave it out; =asset of nutgraf's own language finds this form alone")),
    ("plural", Segment::None("leave it out; =assets of nutgraf's own language finds this form alone")),
    (
        "caps",
        Segment::None("write ALLCAPS(us) for capitals throughout; ==Us of nutgraf's own language finds this case"),
    ),
    ("nocaps", Segment::None("leave it out; ==us of nutgraf's own language finds this case")),
    ("section", Segment::None("leave it out")),
    ("dateline", Segment::None("leave it out, or ask for the place with AND")),
    ("load-date", Segment::None("write DATE for the day of publication")),
];

fn in_segment(at: &mut Cursor<'_>, segment: Segment) -> Result<Node, QueryError> {
    let name = at.take(1);
    let called = at.shown(name.clone());
    if let Segment::None(cure) = segment {
        return Err(at.refuse(name, format!("{called}(…) has no equal here"), cure));
    }
    let (inner, place) = at.group(level::<Nexis>)?;
    let span = name.start..place.end;
    let inner = match segment {
        Segment::Title => leaf::title(at.text, &called, inner, span.clone())?,
        Segment::Named(field) => leaf::values(at.text, &called, field, inner)?,
        Segment::Capitals => capitals(at, &called, inner)?,
        Segment::Text | Segment::None(_) => inner,
    };
    Ok(Node { span, ..inner })
}

/// `ALLCAPS(us)`: this form in capitals alone.
fn capitals(at: &Cursor<'_>, called: &str, Node { kind, span }: Node) -> Result<Node, QueryError> {
    let kind = match kind {
        Kind::Word(word) if !word.text.contains(['*', '?']) => {
            Kind::Word(Word { text: word.text.to_uppercase(), form: Form::Cased, slips: None })
        }
        Kind::Phrase(phrase) if !phrase.text.contains(['*', '?']) => {
            Kind::Phrase(Phrase { text: phrase.text.to_uppercase(), form: Form::Cased, window: None })
        }
        Kind::Or(nodes) => {
            let nodes: Result<Vec<Node>, QueryError> =
                nodes.into_iter().map(|node| capitals(at, called, node)).collect();
            Kind::Or(nodes?)
        }
        _ => {
            let message = format!("{called} takes words without wildcards, and OR between them");
            return Err(at.refuse(span, message, "write it once for each word"));
        }
    };
    Ok(Node { kind, span })
}

/// How a date is compared, and what follows the sign in the same word.
fn comparison(word: &str) -> Option<(Option<Compare>, &str)> {
    const WORDS: [(&str, Option<Compare>); 7] = [
        ("is", None),
        ("aft", Some(Compare::Above)),
        ("after", Some(Compare::Above)),
        ("bef", Some(Compare::Below)),
        ("before", Some(Compare::Below)),
        ("geq", Some(Compare::AtLeast)),
        ("leq", Some(Compare::AtMost)),
    ];
    const SIGNS: [(&str, Option<Compare>); 5] = [
        (">=", Some(Compare::AtLeast)),
        ("<=", Some(Compare::AtMost)),
        (">", Some(Compare::Above)),
        ("<", Some(Compare::Below)),
        ("=", None),
    ];
    let named = WORDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, compare)| (*compare, ""));
    named.or_else(|| SIGNS.iter().find_map(|(sign, compare)| word.strip_prefix(sign).map(|rest| (*compare, rest))))
}

/// What follows `DATE` in the same word, as in `date>2022`.
fn after_date(word: &str) -> Option<&str> {
    word.get(..4).filter(|name| name.eq_ignore_ascii_case("date")).map(|name| &word[name.len()..])
}

/// Whether a test of the date begins here; else `date` is a word.
fn is_date(at: &Cursor<'_>) -> bool {
    match after_date(at.word(0)) {
        Some("") => at.opens(1) || comparison(at.word(1)).is_some(),
        Some(rest) => comparison(rest).is_some(),
        None => false,
    }
}

/// `DATE(>= 2022-02-24)`, `DATE(geq (2/24/2022) and leq (12/31/2022))`, `date aft 2022`, `date=2022`.
fn date(at: &mut Cursor<'_>) -> Result<Node, QueryError> {
    let start = at.place(1).start;
    at.trim("date".len());
    if at.word(0).is_empty() {
        at.take(1);
    }
    let tests = match at.opens(0) {
        true => at.group(tests)?.0,
        false => vec![test(at)?],
    };
    let span = start..at.last().map_or(start, |last| last.span.end);
    let nodes = tests.into_iter().map(|test| Node { kind: Kind::Date(test), span: span.clone() }).collect();
    let node = all(nodes).ok_or_else(|| at.missing())?;
    Ok(Node { span, ..node })
}

fn tests(at: &mut Cursor<'_>) -> Result<Vec<DateTest>, QueryError> {
    let mut tests = vec![test(at)?];
    while matches!(Nexis::connector(at)?, Some((Connector::And, _))) {
        at.take(1);
        tests.push(test(at)?);
    }
    Ok(tests)
}

fn test(at: &mut Cursor<'_>) -> Result<DateTest, QueryError> {
    let compare = match comparison(at.word(0)) {
        Some((compare, "")) => {
            at.take(1);
            compare
        }
        Some((compare, rest)) => {
            at.trim(at.word(0).len() - rest.len());
            compare
        }
        None => None,
    };
    let date = match at.opens(0) {
        true => at.group(day)?.0,
        false => day(at)?,
    };
    Ok(match compare {
        Some(compare) => DateTest::Compare(compare, date),
        None => DateTest::In(date),
    })
}

/// The date that begins here, of as many words as make one.
fn day(at: &mut Cursor<'_>) -> Result<PubDate, QueryError> {
    const MOST: usize = 3;
    let words: Vec<&str> = (0..MOST).map(|by| at.word(by)).take_while(|word| !word.is_empty()).collect();
    for taken in (1..=words.len()).rev() {
        if let Ok(date) = dates::day(&words[..taken].join(" ")) {
            at.take(taken);
            return Ok(date);
        }
    }
    match words.first() {
        Some(word) => Err(match dates::day(word) {
            Err((message, cure)) => at.refuse(at.place(1), message, cure),
            Ok(_) => at.missing(),
        }),
        None => Err(at.refuse(at.place(1), "DATE is followed by no date", "write DATE aft 2022-02-24 or DATE is 2022")),
    }
}
