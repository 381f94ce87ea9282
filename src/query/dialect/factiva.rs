//! The free text of Factiva, as its traditional search reads it.
//!
//! Words side by side are a phrase, since adj is what stands where nothing does. The order of the operators is that of the
//! developer's help ("adj takes greater precedence than and, which takes greater precedence than or"), with not before
//! and. No order is documented among same, near, `/F10/` and atleast: where it matters they are refused without
//! parentheses.
//!
//! Some things are near what they are there, not the same: atleast and `/F10/` count in an article there and in a paragraph
//! here, and `$` without a number stands for nine letters at most there.

use crate::article::PubDate;
use crate::error::QueryError;

use super::super::tree::{Compare, DateTest, FARTHEST, Field, Kind, Node, Reach};
use super::super::{number, shown, value};
use super::connectors::{Connector, Engine, Level, check_places, level, run};
use super::pieces::{Cursor, Cut, Piece};
use super::{dates, leaf};

/// Factiva.
pub(super) struct Factiva;

impl Engine for Factiva {
    const CUT: Cut = Cut::Factiva;
    const QUOTES_JOIN: bool = true;
    const NOT: &'static str = "not";
    const STEM: &'static str = "write more of the word, such as sanction* or wom?n";

    fn connector(at: &Cursor<'_>) -> Result<Option<(Connector, usize)>, QueryError> {
        let [first, second] = [at.word(0), at.word(1)].map(str::to_ascii_lowercase);
        Ok(Some(match (first.as_str(), second.as_str()) {
            ("and/or", _) => {
                let message = "and/or may be an operator or a word";
                return Err(at.refuse(at.place(1), message, "write or, or \"and/or\" for the text itself"));
            }
            ("and", "not") => (Connector::AndNot, 2),
            ("and", _) => (Connector::And, 1),
            ("not", _) => (Connector::AndNot, 1),
            ("or", _) => (Connector::Or, 1),
            ("same", _) => (Connector::Near { ordered: false, negated: false, reach: Reach::Paragraph }, 1),
            ("w", second) if second.starts_with('/') => {
                let cure = format!("write w{}", shown(second));
                return Err(at.refuse(at.place(2), "there is a space in this operator", cure));
            }
            (first, _) if is_either(at, first) => {
                let message = format!("{first} may be near{} or a word", &first[1..]);
                let cure = format!("write near{} for the operator, \"{first}\" for the word itself", &first[1..]);
                return Err(at.refuse(at.place(1), message, cure));
            }
            (first, _) => match near(at, first)? {
                Some((ordered, words)) => (Connector::Near { ordered, negated: false, reach: Reach::Words(words) }, 1),
                None => return Ok(None),
            },
        }))
    }

    fn beside(at: &Cursor<'_>) -> Result<Connector, QueryError> {
        if Factiva::begins(at) || slash_first(at.word(0)).is_some() {
            let message = format!("there is no operator before {}", at.shown(at.place(1)));
            let cure = match after_date(at.word(0)) {
                true => "write and between the two; the word itself is written \"date\"",
                false => "write and, or, adj5 or near5 between the two",
            };
            return Err(at.refuse(at.place(1), message, cure));
        }
        Ok(Connector::Near { ordered: true, negated: false, reach: Reach::Words(1) })
    }

    fn rank(connector: Connector) -> u32 {
        match connector {
            Connector::Near { .. } => 0,
            Connector::AndNot => 1,
            Connector::And => 2,
            Connector::Or => 3,
        }
    }

    fn check(at: &Cursor<'_>, level: &Level) -> Result<(), QueryError> {
        let Some((last, place)) = level.links.last().filter(|(last, _)| last.is_near()) else { return Ok(()) };
        // Words in order are in the same order however they are grouped.
        let in_order =
            |connector: &Connector| matches!(connector, Connector::Near { ordered: true, reach: Reach::Words(_), .. });
        let before = level.links.iter().rev().nth(1).filter(|(before, _)| before.is_near());
        let chained = before.is_some_and(|(before, _)| !(in_order(before) && in_order(last)));
        let bounds = [Some(level.operand.start), level.operand.end.checked_sub(1)];
        let [begins, ends] = bounds.map(|piece| piece.map_or("", |piece| at.word_at(piece)));
        let counted = atleast(begins).is_some() || slash_first(ends).is_some();
        if chained || counted {
            let message = format!("what {} stands between is not clear without parentheses", at.shown(place.clone()));
            let cure = "put parentheses around what belongs together, as in (frozen near5 assets) same russia";
            return Err(at.refuse(place.clone(), message, cure));
        }
        Ok(())
    }

    fn begins(at: &Cursor<'_>) -> bool {
        let word = at.word(0);
        field(word).is_some()
            || atleast(word).is_some()
            || after_date(word)
            || is_count(at)
            || slash_first(word).is_some()
    }

    fn operand(at: &mut Cursor<'_>) -> Result<Node, QueryError> {
        let word = at.word(0);
        if let Some((name, _)) = field(word) {
            return in_field(at, name);
        }
        if after_date(word) {
            return date(at);
        }
        if is_count(at) {
            let message = "wc, the words of an article, has no equal here";
            let cure = "leave it out; words:>500 of nutgraf's own language asks for long paragraphs";
            return Err(at.refuse(at.place(1), message, cure));
        }
        if slash_first(word).is_some() {
            return Err(at.missing());
        }
        let counted = atleast(word);
        let name = counted.map(|_| at.take(1));
        let node = text(at)?;
        let node = match slash_first(at.word(0)) {
            Some(count) => {
                let place = at.take(1);
                let count = in_range(at, place.clone(), count, "frozen/F50/")?;
                check_places(at, &node, &at.shown(place.clone()))?;
                Node { span: node.span.start..place.end, kind: Kind::First(count, Box::new(node)) }
            }
            None => node,
        };
        let (Some(count), Some(name)) = (counted, name) else { return Ok(node) };
        if matches!(node.kind, Kind::First(..)) {
            let message = format!("what {} counts is not clear without parentheses", at.shown(name.clone()));
            return Err(at.refuse(name, message, "write atleast5 (frozen/F50/)"));
        }
        let count = in_range(at, name.clone(), count, "atleast5 oil")?;
        check_places(at, &node, &at.shown(name.clone()))?;
        Ok(Node { span: name.start..node.span.end, kind: Kind::AtLeast(count, Box::new(node)) })
    }

    fn word(word: &str) -> Result<String, leaf::Wrong> {
        if word == "%" {
            let message = "%, any one word, has no equal here".to_owned();
            return Err((message, "write adj2 for one word between at most".to_owned()));
        }
        // In front it is money.
        let money = word.len() - word.trim_start_matches('$').len();
        let Some(at) = word[money..].find(['*', '$']) else { return Ok(word.to_owned()) };
        let (stem, mark) = word.split_at(money + at);
        match mark {
            "$" if stem.chars().filter(|c| c.is_alphanumeric()).count() < 3 => {
                let message = format!("{} has fewer than 3 letters before the $", shown(word));
                Err((message, "leave the $ out if it is money, or write more of the word".to_owned()))
            }
            "*" | "$" => Ok(format!("{stem}*")),
            _ if number(&mark[1..]).is_some() && mark.len() == 2 && mark.starts_with('$') => {
                let message = format!("{}, up to {} letters more, has no equal here", shown(word), &mark[1..]);
                let stem = shown(stem);
                Err((message, format!("write {stem}$ for any ending, or {stem} or {stem}? for one letter more")))
            }
            _ => {
                let message =
                    format!("{} stands at the end of a word, which it does not in {}", &mark[..1], shown(word));
                Err((message, "inside a word write ? for one letter, as in wom?n".to_owned()))
            }
        }
    }
}

/// A group, or words side by side.
fn text(at: &mut Cursor<'_>) -> Result<Node, QueryError> {
    if !at.opens(0) {
        return run::<Factiva>(at);
    }
    let (inner, span) = at.group(level::<Factiva>)?;
    Ok(Node { span, ..inner })
}

/// `near5`, `adj5`, `w5`, `w/5`, `/N5/`, and `near` and `adj` for neighbours: whether the left side comes first, and how
/// far.
fn near(at: &Cursor<'_>, lower: &str) -> Result<Option<(bool, u32)>, QueryError> {
    let slashed = lower.strip_prefix("/n").and_then(|rest| rest.strip_suffix('/')).map(|digits| (false, digits));
    let named = [("near", false), ("adj", true), ("w/", true), ("w", true)]
        .iter()
        .find_map(|(name, ordered)| lower.strip_prefix(name).map(|digits| (*ordered, digits)));
    let Some((ordered, digits)) = slashed.or(named) else { return Ok(None) };
    match (lower, digits) {
        ("near" | "adj", _) => return Ok(Some((ordered, 1))),
        // The w of a name.
        ("w", _) => return Ok(None),
        (_, digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {}
        _ => return Ok(None),
    }
    in_range(at, at.place(1), digits, "frozen near5 assets").map(|words| Some((ordered, words)))
}

/// Whether `n5` stands between two words: cribs list it as near5, the help does not, and masks are called N95.
fn is_either(at: &Cursor<'_>, lower: &str) -> bool {
    let joins = |word: &str| ["and", "or", "not", "same"].iter().any(|join| join.eq_ignore_ascii_case(word));
    let numbered = lower.strip_prefix('n').is_some_and(|digits| !digits.is_empty() && number(digits).is_some());
    let before = at.last().is_some_and(|last| match last.piece {
        Piece::Word(word) => !joins(word),
        piece => piece != Piece::Open,
    });
    let after = at.ahead(1).is_some_and(|next| match next.piece {
        Piece::Word(word) => !joins(word),
        piece => piece != Piece::Close,
    });
    numbered && before && after
}

fn in_range(at: &Cursor<'_>, place: std::ops::Range<usize>, digits: &str, example: &str) -> Result<u32, QueryError> {
    number(digits).filter(|number| (1..=FARTHEST).contains(number)).ok_or_else(|| {
        let message = format!("{} takes a number from 1 to {FARTHEST}", at.shown(place.clone()));
        at.refuse(place, message, format!("write {example}"))
    })
}

/// The number of `atleast5`.
fn atleast(word: &str) -> Option<&str> {
    let name = word.get(..7).filter(|name| name.eq_ignore_ascii_case("atleast"))?;
    let digits = &word[name.len()..];
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// The number of `/F50/`.
fn slash_first(word: &str) -> Option<&str> {
    let digits = word.strip_prefix('/')?.strip_prefix(['f', 'F'])?.strip_suffix('/')?;
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// Whether a word begins a test of the date, as it does in Factiva whatever follows.
fn after_date(word: &str) -> bool {
    word.eq_ignore_ascii_case("date")
}

/// `wc>500`, `wc > 500`
fn is_count(at: &Cursor<'_>) -> bool {
    let signed = |text: &str| text.starts_with(['<', '>', '=']);
    let name = at.word(0).get(..2).filter(|name| name.eq_ignore_ascii_case("wc"));
    name.is_some_and(|name| signed(&at.word(0)[name.len()..]) || at.word(0) == name && signed(at.word(1)))
}

/// The name of `hd=europe` and its length with the sign; also of `hd:europe`, which is Factiva's other search.
fn field(word: &str) -> Option<(&str, usize)> {
    let at = word.find(['=', ':'])?;
    let name = &word[..at];
    let known = FIELDS.iter().any(|(called, _)| called.eq_ignore_ascii_case(name));
    let letters = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic());
    (known || letters && word[at..].starts_with('=')).then_some((name, at + 1))
}

/// What a field is here.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    Title,
    Named(Field),
    /// Nothing; and what to do about it.
    None(&'static str),
}

const TOPIC: Meaning = Meaning::None("leave it out and ask with --topic, whose codes are those of your codebook");
const ACTOR: Meaning = Meaning::None("leave it out and ask with --actor, whose codes are those of your codebook");
const HEADLINE: Meaning = Meaning::None("write hd= for headlines alone");
const SOURCE: Meaning = Meaning::None("write sn= with the outlet's name, or ask with --source");
const NONE: Meaning = Meaning::None("leave it out; fields that have an equal are hd=, by=, au=, sn= and la=");

const FIELDS: [(&str, Meaning); 24] = [
    ("hd", Meaning::Title),
    ("by", Meaning::Named(Field::Author)),
    ("au", Meaning::Named(Field::Author)),
    ("sn", Meaning::Named(Field::Source)),
    ("la", Meaning::Named(Field::Lang)),
    ("hl", HEADLINE),
    ("hlp", HEADLINE),
    ("lp", HEADLINE),
    ("td", NONE),
    ("sc", SOURCE),
    ("rst", SOURCE),
    ("pub", SOURCE),
    ("ns", TOPIC),
    ("in", TOPIC),
    ("de", TOPIC),
    ("re", ACTOR),
    ("co", ACTOR),
    ("fds", ACTOR),
    ("pe", ACTOR),
    ("ric", ACTOR),
    ("an", NONE),
    ("se", NONE),
    ("wc", Meaning::None("leave it out; words:>500 of nutgraf's own language asks for long paragraphs")),
    ("upd", Meaning::None("write date for the day of publication")),
];

fn in_field(at: &mut Cursor<'_>, name: &str) -> Result<Node, QueryError> {
    let word = at.word(0);
    let start = at.place(1).start;
    let sign = start + name.len();
    let called = format!("{}=", name.to_ascii_lowercase());
    let place = start..sign + 1;
    if word[name.len()..].starts_with(':') {
        let message = format!("{} is of Factiva's simple search", shown(word));
        return Err(at.refuse(place, message, format!("write {called}{}", shown(&word[name.len() + 1..]))));
    }
    let known = FIELDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, meaning)| *meaning);
    if let Meaning::None(cure) = known.unwrap_or(NONE) {
        return Err(at.refuse(place, format!("{} has no equal here", shown(&called)), cure));
    }
    at.trim(name.len() + 1);
    if at.word(0).is_empty() {
        at.take(1);
        if !at.peek().is_some_and(|next| next.glued && !matches!(next.piece, Piece::Close)) {
            return Err(at.refuse(
                place,
                format!("{called} has no value"),
                format!("write {called}europe, without a space"),
            ));
        }
    }
    let inner = text(at)?;
    let span = start..inner.span.end;
    let node = match known {
        Some(Meaning::Named(field)) => leaf::values(at.text, &called, field, inner)?,
        _ => leaf::title(at.text, &called, inner, span.clone())?,
    };
    Ok(Node { span, ..node })
}

/// `date from 20220101 to 20221231`, `date after 20220224`, `date before 2/24/2022`, `date 20220224`.
fn date(at: &mut Cursor<'_>) -> Result<Node, QueryError> {
    let start = at.take(1).start;
    let sign = at.word(0).to_ascii_lowercase();
    let test = match sign.as_str() {
        "after" | "before" => {
            at.take(1);
            let compare = if sign == "after" { Compare::Above } else { Compare::Below };
            DateTest::Compare(compare, day(at)?)
        }
        "from" => {
            at.take(1);
            let from = day(at)?;
            if !at.word(0).eq_ignore_ascii_case("to") {
                let cure = format!("write date from {from} to the last day, or date after the day before");
                return Err(at.refuse(at.place(1), "this range of dates has no end", cure));
            }
            at.take(1);
            let place = at.place(1);
            let to = day(at)?;
            value::between(from, to).ok_or_else(|| {
                let message = format!("this range ends before it begins: {to} is before {from}");
                at.refuse(place, message, format!("write date from {to} to {from}"))
            })?
        }
        _ => DateTest::In(day(at)?),
    };
    let span = start..at.last().map_or(start, |last| last.span.end);
    Ok(Node { kind: Kind::Date(test), span })
}

fn day(at: &mut Cursor<'_>) -> Result<PubDate, QueryError> {
    let word = at.word(0);
    let cure = "write date from 20220101 to 20221231, date after 20220101 or date 20220101; the word itself is \
                written \"date\"";
    if word.is_empty() {
        let place = at.last().map_or(at.place(1), |last| last.span.clone());
        return Err(at.refuse(place, "date is followed by no date", cure));
    }
    if word.strip_prefix(['-', '+']).is_some_and(|days| !days.is_empty() && number(days).is_some()) {
        let message = format!("{} counts days from today, which has no equal here", shown(word));
        return Err(at.refuse(at.place(1), message, "write the day, as in date after 20220224"));
    }
    let date = dates::day(word).map_err(|(message, other)| {
        let digits = word.starts_with(|c: char| c.is_ascii_digit());
        at.refuse(at.place(1), message, if digits { other } else { cure.to_owned() })
    })?;
    at.take(1);
    Ok(date)
}
