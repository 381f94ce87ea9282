//! A tree as text, in full parentheses.
//!
//! Parsing the text gives the tree again, whatever words side by side mean: every operator is written out, and what
//! would be read otherwise stands in quotes. This holds for every tree that the parser makes.

use std::fmt;

use super::tree::{Boost, Compare, DateTest, Field, Form, Kind, Near, Node, Phrase, Reach, Word};
use super::{Join, parse, value};

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Word(word) => write!(f, "{word}"),
            Kind::Phrase(phrase) => write!(f, "{phrase}"),
            Kind::And(nodes) => join(f, nodes, " AND "),
            Kind::Or(nodes) => join(f, nodes, " OR "),
            Kind::Not(inner) => write!(f, "NOT {inner}"),
            Kind::Title(inner) => write!(f, "title:{inner}"),
            Kind::Field(field, value) => print_field(f, *field, value),
            Kind::Date(test) => write!(f, "date:{test}"),
            Kind::Words(compare, bound) => write!(f, "words:{compare}{bound}"),
            Kind::Near(near) => write!(f, "({}{near}{})", near.left, near.right),
            Kind::AtLeast(count, inner) => write!(f, "ATLEAST/{count}({inner})"),
            Kind::Of(count, nodes) => {
                write!(f, "{count} OF ")?;
                join(f, nodes, ", ")
            }
            Kind::First(count, inner) => write!(f, "FIRST/{count}({inner})"),
            Kind::Whole(inner) => write!(f, "ARTICLE({inner})"),
            Kind::Like(reference) => write!(f, "LIKE({reference})"),
            Kind::Boosted(inner, boost) => write!(f, "{inner}^{boost}"),
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = format!("{}{}", self.form, self.text);
        match parse(&bare, Join::All) {
            Ok(Node { kind: Kind::Word(word), .. }) if word == *self => f.write_str(&bare),
            _ => write!(f, "{}\"{}\"", self.form, self.text),
        }
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\"{}\"", self.form, self.text)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Any => "",
            Form::Exact => "=",
            Form::Cased => "==",
        })
    }
}

impl fmt::Display for Near {
    /// The operator alone, with the spaces around it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.negated { "NOT " } else { "" };
        let name = if self.ordered { "PRE" } else { "W" };
        match self.reach {
            Reach::Words(words) => write!(f, " {not}{name}/{words} "),
            Reach::Sentence => write!(f, " {not}{name}/S "),
            Reach::Paragraph => write!(f, " {not}{name}/P "),
        }
    }
}

impl fmt::Display for Boost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02}"),
        }
    }
}

impl fmt::Display for DateTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateTest::In(date) => write!(f, "{date}"),
            DateTest::Between(from, to) => write!(f, "{from}..{to}"),
            DateTest::Compare(compare, date) => write!(f, "{compare}{date}"),
            DateTest::Undated => f.write_str("undated"),
        }
    }
}

impl fmt::Display for Compare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = value::COMPARISONS.iter().find(|(_, compare)| compare == self).map_or("", |(sign, _)| sign);
        f.write_str(sign)
    }
}

fn join(f: &mut fmt::Formatter<'_>, nodes: &[Node], operator: &str) -> fmt::Result {
    f.write_str("(")?;
    for (place, node) in nodes.iter().enumerate() {
        if place > 0 {
            f.write_str(operator)?;
        }
        write!(f, "{node}")?;
    }
    f.write_str(")")
}

fn print_field(f: &mut fmt::Formatter<'_>, field: Field, value: &str) -> fmt::Result {
    let bare = format!("{}:{value}", field.name());
    match parse(&bare, Join::All) {
        Ok(Node { kind: Kind::Field(read, text), .. }) if read == field && text == value => f.write_str(&bare),
        _ => write!(f, "{}:\"{value}\"", field.name()),
    }
}
