//! What Nexis and Factiva write as segments and fields: headlines, bylines, outlets, dates.

use std::ops::Range;

use crate::error::QueryError;

use super::connectors::Reader;
use super::pieces::{Piece, Placed, title};
use crate::query::field::Valued;
use crate::query::shown;
use crate::query::tree::{Field, Form, Kind, Node, Word};

impl<'t> Reader<'t> {
    /// `HEADLINE(…)` and its like.
    pub(super) fn segment(&mut self, name: &str, span: Range<usize>) -> Result<Node, QueryError> {
        let lower = name.to_ascii_lowercase();
        let field = match lower.as_str() {
            "byline" | "author" => Some(Field::Author),
            "publication" | "pub" | "source" => Some(Field::Source),
            "language" | "lang" => Some(Field::Lang),
            _ => None,
        };
        self.at.next += 1;
        if let Some(field) = field {
            let (value, place) = self.inside()?;
            return self.at.named(place, field, &value);
        }
        match lower.as_str() {
            "headline" | "hdline" | "title" => {
                let inner = self.operand()?;
                title(self.at.text, inner)
            }
            "body" | "text" => self.operand(),
            "allcaps" => {
                let (value, place) = self.inside()?;
                let word = Word { text: value.to_uppercase(), form: Form::Cased, slips: None };
                match value.contains(char::is_whitespace) || value.contains(['*', '!', '?']) {
                    false => Ok(Node { kind: Kind::Word(word), span: place }),
                    true => Err(self.at.refuse(place, "ALLCAPS takes one word here", "write each word in its own")),
                }
            }
            _ => {
                let message = format!("{}, a segment of {}, has no equal here", shown(name), self.name());
                let cure = match lower.as_str() {
                    "hlead" | "lead" => "write HEADLINE(…) for headlines alone",
                    "subject" | "terms" => "write topic:… in our own language",
                    "company" | "geographic" | "person" | "country" | "city" => "write actor:… in our own language",
                    "length" => "write words:>300 in our own language, which is a paragraph's length",
                    _ => "leave it out",
                };
                Err(self.at.refuse(span, message, cure))
            }
        }
    }

    /// `hd=…` and its like.
    pub(super) fn field(&mut self, name: &str, value: &'t str, span: Range<usize>) -> Result<Node, QueryError> {
        let field = match name.to_ascii_lowercase().as_str() {
            "hd" => {
                if value.is_empty() {
                    self.at.next += 1;
                    let inner = self.operand()?;
                    return title(self.at.text, inner);
                }
                self.at.next += 1;
                let ours = self.ours(value, &span)?;
                let inner = self.at.bare(span, &ours)?;
                return title(self.at.text, inner);
            }
            "by" | "au" => Field::Author,
            "sn" => Field::Source,
            "la" => Field::Lang,
            other => {
                let message = format!("{}=, a field of factiva, has no equal here", shown(other));
                let cure = match other {
                    "re" | "co" | "fds" | "pe" => "write actor:… in our own language",
                    "ns" | "in" => "write topic:… in our own language",
                    "sc" | "rst" => "write sn= with the outlet's name",
                    "hlp" => "write hd= for headlines alone",
                    "wc" => "write words:>300 in our own language, which is a paragraph's length",
                    _ => "leave it out",
                };
                return Err(self.at.refuse(span, message, cure));
            }
        };
        self.at.next += 1;
        if !value.is_empty() {
            return self.at.named(span, field, value);
        }
        match self.at.peek().cloned() {
            Some(Placed { piece: Piece::Open, .. }) => {
                let (value, place) = self.inside()?;
                self.at.named(place, field, &value)
            }
            Some(Placed { piece: Piece::Quoted(value) | Piece::Word(value), span, .. }) => {
                self.at.next += 1;
                self.at.named(span, field, value)
            }
            _ => Err(self.at.missing()),
        }
    }

    /// The words between the parentheses that stand next.
    pub(super) fn inside(&mut self) -> Result<(String, Range<usize>), QueryError> {
        let open = self.at.open()?;
        let mut words: Vec<&str> = Vec::new();
        let mut span = open.clone();
        while let Some(Placed { piece: Piece::Word(word) | Piece::Quoted(word), span: place, .. }) = self.at.peek() {
            if ["and", "or", "not"].iter().any(|join| join.eq_ignore_ascii_case(word)) {
                let place = place.clone();
                return Err(self.at.refuse(
                    place,
                    "this field takes one value here",
                    "write the field once for each value",
                ));
            }
            words.push(word);
            span.end = place.end;
            self.at.next += 1;
        }
        if words.is_empty() {
            return Err(self.at.missing());
        }
        self.at.close(open.clone())?;
        Ok((words.join(" "), open.end..span.end))
    }

    /// `DATE(>= 2022-01-01)`, `date aft 2022`, `date from 20220101 to 20221231`.
    pub(super) fn date(&mut self, opens: bool) -> Result<Node, QueryError> {
        let first = self.at.next;
        self.at.next += 1;
        let ours = if opens {
            self.inside()?.0.replace(' ', "")
        } else {
            let word = |at: usize| self.at.word(at).unwrap_or_default();
            let sign = match word(0).to_ascii_lowercase().as_str() {
                "aft" | "after" | ">" => ">",
                "bef" | "before" | "<" => "<",
                "is" | "=" | "on" => "",
                "geq" | ">=" | "since" => ">=",
                "leq" | "<=" => "<=",
                "from" if word(2).eq_ignore_ascii_case("to") => {
                    let range = format!("{}..{}", day(word(1)), day(word(3)));
                    self.at.next += 4;
                    return self.at.value(self.at.since(first), Valued::Date, &range);
                }
                _ => {
                    let span = self.at.since(first);
                    return Err(self.at.refuse(
                        span,
                        "date is not followed by a date",
                        "write date aft 2022-02-24, date bef 2023 or date is 2022; the word itself in quotes",
                    ));
                }
            };
            let value = format!("{sign}{}", day(word(1)));
            self.at.next += 2;
            value
        };
        let last = self.at.next;
        if self.at.ahead(0).is_none() && last <= first + 1 {
            return Err(self.at.missing());
        }
        self.at.value(self.at.since(first), Valued::Date, &ours)
    }
}

/// `20220224` as `2022-02-24`; anything else as it is.
fn day(text: &str) -> String {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])
    } else {
        text.to_owned()
    }
}
