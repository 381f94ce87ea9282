//! Words, phrases, ranges and values of Lucene, with the marks behind them.
//!
//! One token and its marks enter; a leaf of the tree leaves. A phrase with a slop becomes what it means there: Lucene counts
//! how far its words are moved, we count how far they are apart.

use std::ops::Range;

use crate::error::QueryError;

use unicode_normalization::char::is_combining_mark;

use super::super::super::field::Valued;
use super::super::super::lexer::{is_quote, is_space, words_of};
use super::super::super::tree::{Boost, Compare, DateTest, FARTHEST, Form, Kind, MOST_SLIPS, Near, Node, Reach, Word};
use super::super::super::{any, number, shown, value, word};
use super::super::dates;
use super::super::leaf::Wrong;
use super::lexer::{Bounds, Token};
use super::{Parser, Scope};

/// How many letters a fuzzy word has at least: with fewer nearly every word is like it.
const FEWEST: usize = 3;

/// What stands behind a word or phrase, with its place.
#[derive(Default)]
struct Marks<'t> {
    tilde: Option<(&'t str, Range<usize>)>,
    caret: Option<(&'t str, Range<usize>)>,
}

impl<'t> Parser<'t> {
    /// A word, a phrase or a range that stands next, with its marks.
    pub(super) fn term(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let Some(token @ (Token::Term(_) | Token::Wild(_) | Token::Quoted(_) | Token::Range(_))) = self.peek() else {
            return Err(self.missing());
        };
        let first = self.next;
        let place = self.take();
        let marks = self.marks();
        let span = self.since(first);
        let tilde = marks.tilde;
        let node = match (token, scope) {
            (Token::Range(bounds), _) => self.range(bounds, scope, place)?,
            (_, Scope::Values(valued)) => self.value(token, valued, place, &tilde)?,
            (Token::Quoted(quoted), _) => self.quoted(quoted, place, tilde.clone())?,
            (Token::Wild(raw), _) => self.wild(raw, place, &tilde)?,
            (Token::Term(raw), _) => self.word(raw, place, tilde.clone())?,
            _ => return Err(self.missing()),
        };
        if let (Some((_, mark)), Token::Range(_)) = (tilde, token) {
            return Err(self.refuse(mark, "~ stands behind a word or a phrase", "leave it out"));
        }
        let node = Node { span: span.clone(), ..node };
        let node = match marks.caret {
            Some((digits, mark)) => {
                let boost = self.boost(digits, mark.clone())?;
                self.boosted(node, boost, &mark)?
            }
            None => node,
        };
        match scope {
            Scope::Title => Ok(Node { span, kind: Kind::Title(Box::new(node)) }),
            _ => Ok(node),
        }
    }

    /// `~2` and `^3`, in any order.
    fn marks(&mut self) -> Marks<'t> {
        let mut marks = Marks::default();
        loop {
            match self.peek() {
                Some(Token::Tilde(raw)) if marks.tilde.is_none() => marks.tilde = Some((raw, self.take())),
                Some(Token::Caret(raw)) if marks.caret.is_none() => marks.caret = Some((raw, self.take())),
                _ => return marks,
            }
        }
    }

    fn word(&self, raw: &str, place: Range<usize>, tilde: Option<(&str, Range<usize>)>) -> Result<Node, QueryError> {
        for (keyword, operator) in [("and", "AND"), ("or", "OR"), ("not", "NOT")] {
            if keyword.eq_ignore_ascii_case(raw) {
                let message = format!("{raw} is a word to Lucene, whose operator is {operator}");
                return Err(self.refuse(place, message, format!("write {operator}, or \"{raw}\" for the word itself")));
            }
        }
        let text = self.literal(raw, &place)?;
        let Some((digits, mark)) = tilde else {
            let kind = word::quoted(self.text, place.clone(), &text, Form::Any, None)?;
            return Ok(Node { kind, span: place });
        };
        let slips = slips(digits).map_err(|(message, cure)| {
            let cure = cure.unwrap_or_else(|| format!("write {}~1", shown(&text)));
            self.refuse(mark, message, cure)
        })?;
        let is_letter = |c: char| c.is_alphanumeric() || is_combining_mark(c);
        if !text.chars().all(is_letter) || text.chars().filter(|c| c.is_alphanumeric()).count() < FEWEST {
            let message = format!("{} is not one word of {FEWEST} letters or more, as a fuzzy word is", shown(&text));
            return Err(self.refuse(place, message, format!("write {} without ~", shown(raw))));
        }
        let kind = Kind::Word(Word { text, form: Form::Any, slips: Some(slips) });
        Ok(Node { kind, span: place })
    }

    fn wild(&self, raw: &str, place: Range<usize>, tilde: &Option<(&str, Range<usize>)>) -> Result<Node, QueryError> {
        if let Some((_, mark)) = tilde {
            let message = "a word with a wildcard is not fuzzy as well";
            return Err(self.refuse(mark.clone(), message, "leave the ~ out"));
        }
        if raw.starts_with(['*', '?']) {
            let message = format!("{} begins with a wildcard, which has no equal here", shown(raw));
            return Err(self.refuse(place, message, "write the beginning of the word, as in sanction*"));
        }
        let text = self.literal(raw, &place)?;
        let kind = word::quoted(self.text, place.clone(), &text, Form::Any, None)?;
        Ok(Node { kind, span: place })
    }

    fn quoted(
        &self,
        quoted: &str,
        place: Range<usize>,
        tilde: Option<(&str, Range<usize>)>,
    ) -> Result<Node, QueryError> {
        let (text, escaped) = unescaped(quoted).map_err(|wrong| self.wrong(&place, wrong))?;
        if escaped.contains(['*', '?']) || text.contains(['*', '?']) {
            let message = "a * or ? in quotes is no wildcard to Lucene";
            return Err(self.refuse(place, message, "leave it out, or write the words without quotes"));
        }
        let kind = word::quoted(self.text, place.clone(), &text, Form::Any, None)?;
        let Some((digits, mark)) = tilde else { return Ok(Node { kind, span: place }) };
        let slop = number(digits).filter(|slop| !digits.is_empty() && *slop < FARTHEST).ok_or_else(|| {
            let message = format!("~{} is no number of words", shown(digits));
            self.refuse(mark.clone(), message, "write how far the words may be moved, as in \"frozen assets\"~3")
        })?;
        let words = words_of(&text);
        let two = words.split_once(' ').filter(|(a, b)| is_one_word(a) && is_one_word(b));
        match two {
            _ if slop == 0 => Ok(Node { kind, span: place }),
            Some((a, b)) => self.moved(a, b, slop, place),
            None if is_one_word(&words) => Ok(Node { kind, span: place }),
            None => {
                let message = format!("~{slop} of Lucene has an equal here for two words alone");
                let cure = format!(
                    "write it in nutgraf's own language, where \"{}\"~{slop} is any order with at most {slop} other words",
                    shown(&words)
                );
                Err(self.refuse(mark, message, cure))
            }
        }
    }

    /// `"a b"~n`: in order with n words between them at most; moving one over the other takes two steps, so in the other
    /// order n - 2 words at most.
    fn moved(&self, a: &str, b: &str, slop: u32, place: Range<usize>) -> Result<Node, QueryError> {
        let near = |left: &str, right: &str, words: u32| -> Result<Node, QueryError> {
            let side = |side: &str| -> Result<Box<Node>, QueryError> {
                let kind = word::quoted(self.text, place.clone(), side, Form::Any, None)?;
                Ok(Box::new(Node { kind, span: place.clone() }))
            };
            let (left, right) = (side(left)?, side(right)?);
            let near = Near { left, right, ordered: true, reach: Reach::Words(words), negated: false };
            Ok(Node { kind: Kind::Near(near), span: place.clone() })
        };
        let mut orders = vec![near(a, b, slop + 1)?];
        if slop > 1 {
            orders.push(near(b, a, slop - 1)?);
        }
        any(orders).ok_or_else(|| self.missing())
    }

    /// The value of a field.
    fn value(
        &self,
        token: Token<'t>,
        valued: Valued,
        place: Range<usize>,
        tilde: &Option<(&str, Range<usize>)>,
    ) -> Result<Node, QueryError> {
        let name = valued.text();
        if let Some((_, mark)) = tilde {
            let message = format!("~ in the value of {name}: has no equal here");
            return Err(self.refuse(mark.clone(), message, "leave it out"));
        }
        let (raw, is_quoted) = match token {
            Token::Quoted(raw) => (raw, true),
            Token::Term(raw) => (raw, false),
            _ => {
                let message = format!("a wildcard in the value of {name}: has no equal here");
                let cure = match valued {
                    Valued::Date | Valued::Words => format!("write {}", value::example(valued)),
                    Valued::Named(_) => format!("write the whole value, as in {}", value::example(valued)),
                };
                return Err(self.refuse(place, message, cure));
            }
        };
        let (mut text, escaped) = unescaped(raw).map_err(|wrong| self.wrong(&place, wrong))?;
        if valued == Valued::Date {
            text = dated(&text);
        }
        let is_quoted = is_quoted || !escaped.is_empty();
        let kind = value::value(self.text, place.clone(), valued, &text, is_quoted)?;
        Ok(Node { kind, span: place })
    }

    fn range(&self, bounds: Bounds<'_>, scope: Scope, place: Range<usize>) -> Result<Node, QueryError> {
        let valued = match scope {
            Scope::Values(valued @ (Valued::Date | Valued::Words)) => valued,
            Scope::Values(Valued::Named(field)) => {
                let message = format!("a range of {}: has no equal here", field.name());
                return Err(self.refuse(place, message, "ranges are for date: and words:"));
            }
            Scope::Text | Scope::Title => {
                let message = "a range of words has no equal here";
                return Err(self.refuse(place, message, "ranges are for date: and words:, as in date:[2022 TO 2023]"));
            }
        };
        let ends = [
            (bounds.from, if bounds.with_from { Compare::AtLeast } else { Compare::Above }),
            (bounds.to, if bounds.with_to { Compare::AtMost } else { Compare::Below }),
        ];
        let mut tests = Vec::new();
        for (bound, compare) in ends.into_iter().filter(|(bound, _)| *bound != "*") {
            tests.push(self.bound(valued, bound, compare, &place)?);
        }
        let empty = match tests.as_slice() {
            [] => {
                let message = format!("{}:[* TO *], any value, has no equal here", valued.text());
                return Err(self.refuse(place, message, "leave it out, or name one of the ends"));
            }
            [Kind::Date(from), Kind::Date(to)] => from.days().zip(to.days()).is_some_and(|(from, to)| from.0 > to.1),
            [Kind::Words(from, least), Kind::Words(to, most)] => {
                let first = u64::from(*least) + u64::from(*from == Compare::Above);
                let last = u64::from(*most).checked_sub(u64::from(*to == Compare::Below));
                last.is_none_or(|last| first > last)
            }
            _ => false,
        };
        if empty {
            let cure = "write the earlier or smaller end first, and the ends in brackets to count them in";
            return Err(self.refuse(place, "there is nothing in this range", cure));
        }
        let kind = match tests.as_slice() {
            [
                Kind::Date(DateTest::Compare(Compare::AtLeast, from)),
                Kind::Date(DateTest::Compare(Compare::AtMost, to)),
            ] => value::between(*from, *to).map(Kind::Date),
            _ => None,
        };
        if let Some(kind) = kind {
            return Ok(Node { kind, span: place });
        }
        let nodes = tests.into_iter().map(|kind| Node { kind, span: place.clone() }).collect();
        super::super::super::all(nodes).ok_or_else(|| self.missing())
    }

    /// One end of a range.
    fn bound(&self, valued: Valued, raw: &str, compare: Compare, place: &Range<usize>) -> Result<Kind, QueryError> {
        let (bound, _) = unescaped(raw).map_err(|wrong| self.wrong(place, wrong))?;
        if valued == Valued::Date {
            let date = dates::day(&bound).map_err(|wrong| self.wrong(place, wrong))?;
            return Ok(Kind::Date(DateTest::Compare(compare, date)));
        }
        match number(&bound).filter(|_| !bound.is_empty()) {
            Some(words) => Ok(Kind::Words(compare, words)),
            None => {
                let message = format!("{} is no number of words", shown(&bound));
                Err(self.refuse(place.clone(), message, "write words:[100 TO 200]"))
            }
        }
    }

    /// The number after a `^`.
    pub(super) fn boost(&self, digits: &str, mark: Range<usize>) -> Result<Boost, QueryError> {
        hundredths(digits).map(Boost).filter(|boost| (Boost::LEAST..=Boost::MOST).contains(boost)).ok_or_else(|| {
            let message = format!("^{} is no boost that we have", shown(digits));
            let cure = format!("write a number from {} to {} with at most two decimals", Boost::LEAST, Boost::MOST);
            self.refuse(mark, message, cure)
        })
    }

    /// A boost for every word in it. Fields and dates stay: they have no part in the ranking.
    pub(super) fn boosted(&self, node: Node, boost: Boost, mark: &Range<usize>) -> Result<Node, QueryError> {
        let mut words = 0;
        let node = self.boosted_words(node, boost, mark, &mut words)?;
        match words {
            0 => Err(self.refuse(mark.clone(), "there is no word here that a boost could weigh", "leave it out")),
            _ => Ok(node),
        }
    }

    fn boosted_words(
        &self,
        Node { kind, span }: Node,
        boost: Boost,
        mark: &Range<usize>,
        words: &mut usize,
    ) -> Result<Node, QueryError> {
        let mut inner = |node: Node| self.boosted_words(node, boost, mark, words);
        let kind = match kind {
            Kind::And(nodes) => Kind::And(nodes.into_iter().map(inner).collect::<Result<_, _>>()?),
            Kind::Or(nodes) => Kind::Or(nodes.into_iter().map(inner).collect::<Result<_, _>>()?),
            Kind::Near(Near { left, right, ordered, reach, negated }) => {
                let (left, right) = (Box::new(inner(*left)?), Box::new(inner(*right)?));
                Kind::Near(Near { left, right, ordered, reach, negated })
            }
            kind @ (Kind::Word(_) | Kind::Phrase(_)) => {
                *words += 1;
                weighed(Node { kind, span: span.clone() }, boost)
            }
            Kind::Boosted(node, before) => {
                *words += 1;
                let product = u64::from(before.0) * u64::from(boost.0);
                let exact =
                    product.is_multiple_of(100).then_some(product / 100).and_then(|boost| boost.try_into().ok());
                match exact.map(Boost).filter(|boost| (Boost::LEAST..=Boost::MOST).contains(boost)) {
                    Some(boost) => weighed(*node, boost),
                    None => {
                        let message = format!("^{before} and ^{boost} together are no boost that we have");
                        return Err(self.refuse(mark.clone(), message, "write one of them"));
                    }
                }
            }
            Kind::Title(node) => Kind::Title(Box::new(inner(*node)?)),
            kind => kind,
        };
        Ok(Node { kind, span })
    }

    /// The characters of a word, without the backslashes.
    fn literal(&self, raw: &str, place: &Range<usize>) -> Result<String, QueryError> {
        let (text, escaped) = unescaped(raw).map_err(|wrong| self.wrong(place, wrong))?;
        if escaped.contains(['*', '?']) {
            let message = "a * or ? behind a backslash has no equal here: it would be a wildcard";
            return Err(self.refuse(place.clone(), message, "leave it out: signs are no part of a word"));
        }
        if escaped.contains(|c: char| is_space(c) || is_quote(c)) {
            let message = "a space or a quotation mark in a word has no equal here";
            return Err(self.refuse(place.clone(), message, "write a phrase, as in \"frozen assets\""));
        }
        Ok(text)
    }

    fn wrong(&self, place: &Range<usize>, (message, cure): Wrong) -> QueryError {
        self.refuse(place.clone(), message, cure)
    }
}

/// The node with a boost, which none is that changes nothing.
fn weighed(node: Node, boost: Boost) -> Kind {
    if boost == Boost::NONE { node.kind } else { Kind::Boosted(Box::new(node), boost) }
}

/// Text without its backslashes, and the characters that had one.
fn unescaped(raw: &str) -> Result<(String, String), Wrong> {
    let (mut text, mut escaped) = (String::with_capacity(raw.len()), String::new());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        let c = match chars.next() {
            None => return Err(("there is nothing after this backslash".into(), "leave it out".into())),
            // `\u0041`
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                let code =
                    u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4 && !digits.starts_with('+'));
                code.and_then(char::from_u32).ok_or_else(|| {
                    let message = format!("\\u{} is no character", shown(&digits));
                    (message, "write four digits, as in \\u00e9, or the character itself".to_owned())
                })?
            }
            Some(c) => c,
        };
        text.push(c);
        escaped.push(c);
    }
    Ok((text, escaped))
}

/// The number after a `~`; a cure where it is not the usual one.
fn slips(digits: &str) -> Result<u8, (String, Option<String>)> {
    match digits.parse::<u8>() {
        _ if digits.is_empty() => Ok(MOST_SLIPS),
        Ok(slips) if slips <= MOST_SLIPS && digits.len() == 1 => Ok(slips),
        _ if digits.contains('.') => {
            let message = format!("~{} is a similarity of old versions, which has no equal here", shown(digits));
            Err((message, None))
        }
        _ if digits.bytes().all(|b| b.is_ascii_digit()) => {
            Err((format!("~ takes 0 to {MOST_SLIPS} wrong letters"), None))
        }
        _ => Err((
            format!("~{} is no number of wrong letters", shown(digits)),
            Some("write ~1, with a space behind it".to_owned()),
        )),
    }
}

/// Reads `2`, `0.5` or `1.250` in hundredths.
fn hundredths(digits: &str) -> Option<u32> {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    if whole.is_empty() || part.is_empty() {
        return None;
    }
    let part = part.trim_end_matches('0');
    let tens = match part.len() {
        0 => 0,
        1 => number(part)? * 10,
        2 => number(part)?,
        _ => return None,
    };
    number(whole)?.checked_mul(100)?.checked_add(tens)
}

/// Whether Lucene's analysis finds one word in it: a sign inside it may end a word, and where no spaces are written
/// (Thai to Khmer, Chinese, Japanese) each character may be one.
fn is_one_word(text: &str) -> bool {
    let spaced = |c: char| {
        !matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
            && (c < '\u{2e80}' || matches!(c, '\u{ac00}'..='\u{d7af}'))
    };
    text.chars().all(|c| c.is_alphanumeric() && spaced(c) || matches!(c, '\'' | '’' | '.' | '_'))
}

/// `20220224` as we write it, behind a comparison or not.
fn dated(text: &str) -> String {
    let digits = text.trim_start_matches(['<', '>', '=']);
    let sign = &text[..text.len() - digits.len()];
    dates::compact(digits).map_or_else(|| text.to_owned(), |date| format!("{sign}{date}"))
}
