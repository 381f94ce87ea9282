//! A tree as text, in full parentheses.
//!
//! Parsing the text gives the tree again, whatever words side by side mean: every operator is written out, and what
//! would be read otherwise stands in quotes. This holds for every tree that the parser makes.

use std::fmt;

use super::tree::{Boost, Compare, DateTest, Field, Form, Kind, Near, Node, Phrase, Reach, Word};
use super::{Join, parse, value};

/// Tells of a word as it was typed, its form and its slips how many forms it stands for, if that is known.
pub type FormsOf<'a> = dyn Fn(&str, Form, Option<u8>) -> Option<u64> + 'a;

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Printer { forms: &|_, _, _| None, divided: false }.node(f, self)
    }
}

impl Node {
    /// The tree as text, with the number of forms behind each wildcard and fuzzy word that `forms` knows: `sanction*{7}`.
    /// Parsing that text gives the tree, too.
    ///
    /// ```
    /// use nutgraf::query::{Join, parse};
    ///
    /// let tree = parse("frozen W/5 asset*", Join::All)?;
    /// assert_eq!(tree.read_as(&|_, _, _| Some(3)), "(frozen W/5 asset*{3})");
    /// assert_eq!(parse("(frozen W/5 asset*{3})", Join::All)?, tree);
    /// # Ok::<(), nutgraf::error::QueryError>(())
    /// ```
    pub fn read_as(&self, forms: &FormsOf<'_>) -> String {
        struct ReadAs<'a>(&'a Node, &'a FormsOf<'a>);
        impl fmt::Display for ReadAs<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Printer { forms: self.1, divided: false }.node(f, self.0)
            }
        }
        ReadAs(self, forms).to_string()
    }
}

#[derive(Clone, Copy)]
struct Printer<'a> {
    forms: &'a FormsOf<'a>,
    /// Whether it is within parentheses in which commas divide.
    divided: bool,
}

impl Printer<'_> {
    fn node(&self, f: &mut fmt::Formatter<'_>, node: &Node) -> fmt::Result {
        match &node.kind {
            Kind::Word(word) => self.word(f, word),
            Kind::Phrase(phrase) => self.phrase(f, phrase),
            Kind::And(nodes) => self.join(f, nodes, " AND "),
            Kind::Or(nodes) => self.join(f, nodes, " OR "),
            Kind::Not(inner) => self.behind(f, "NOT ", inner),
            Kind::Title(inner) => match inner.kind {
                Kind::AtLeast(..) | Kind::First(..) | Kind::Of(..) => self.function(f, format_args!("title:"), inner),
                _ => self.behind(f, "title:", inner),
            },
            Kind::Field(field, value) => self.field(f, *field, value),
            Kind::Date(test) => write!(f, "date:{test}"),
            Kind::Words(compare, bound) => write!(f, "words:{compare}{bound}"),
            Kind::Near(near) => {
                let inside = Printer { divided: false, ..*self };
                f.write_str("(")?;
                inside.node(f, &near.left)?;
                write!(f, " {} ", Sign(near))?;
                inside.node(f, &near.right)?;
                f.write_str(")")
            }
            Kind::AtLeast(count, inner) => self.function(f, format_args!("ATLEAST/{count}"), inner),
            Kind::First(count, inner) => self.function(f, format_args!("FIRST/{count}"), inner),
            Kind::Whole(inner) => self.function(f, format_args!("ARTICLE"), inner),
            Kind::Of(count, nodes) => {
                write!(f, "{count} OF ")?;
                self.join(f, nodes, COMMA)
            }
            Kind::Like(reference) => write!(f, "LIKE({reference})"),
            Kind::Boosted(inner, boost) => {
                self.node(f, inner)?;
                write!(f, "^{boost}")
            }
        }
    }

    fn behind(&self, f: &mut fmt::Formatter<'_>, sign: &str, inner: &Node) -> fmt::Result {
        f.write_str(sign)?;
        self.node(f, inner)
    }

    fn function(&self, f: &mut fmt::Formatter<'_>, name: fmt::Arguments<'_>, inner: &Node) -> fmt::Result {
        f.write_fmt(name)?;
        // What prints with parentheses of its own needs no others.
        match inner.kind {
            Kind::And(_) | Kind::Or(_) | Kind::Near(_) => self.node(f, inner),
            _ => {
                f.write_str("(")?;
                Printer { divided: false, ..*self }.node(f, inner)?;
                f.write_str(")")
            }
        }
    }

    fn join(&self, f: &mut fmt::Formatter<'_>, nodes: &[Node], operator: &str) -> fmt::Result {
        let inside = Printer { divided: operator == COMMA, ..*self };
        f.write_str("(")?;
        for (place, node) in nodes.iter().enumerate() {
            if place > 0 {
                f.write_str(operator)?;
            }
            inside.node(f, node)?;
        }
        f.write_str(")")
    }

    fn word(&self, f: &mut fmt::Formatter<'_>, word: &Word) -> fmt::Result {
        let slips = word.slips.map(|slips| format!("~{slips}")).unwrap_or_default();
        let bare = format!("{}{}{slips}", word.form, word.text);
        let forms = self.forms_of(&word.text, word.form, word.slips);
        match parse(&bare, Join::All) {
            Ok(Node { kind: Kind::Word(read), .. }) if read == *word && !self.is_divided(&bare) => {
                write!(f, "{bare}{forms}")
            }
            _ => write!(f, "{}\"{}{forms}\"", word.form, word.text),
        }
    }

    fn field(&self, f: &mut fmt::Formatter<'_>, field: Field, value: &str) -> fmt::Result {
        let bare = format!("{}:{value}", field.name());
        match parse(&bare, Join::All) {
            Ok(Node { kind: Kind::Field(read, text), .. })
                if read == field && text == value && !self.is_divided(&bare) =>
            {
                f.write_str(&bare)
            }
            _ => write!(f, "{}:\"{value}\"", field.name()),
        }
    }

    /// Whether a comma would divide a bare word here.
    fn is_divided(&self, bare: &str) -> bool {
        self.divided && bare.contains(',')
    }

    fn phrase(&self, f: &mut fmt::Formatter<'_>, phrase: &Phrase) -> fmt::Result {
        write!(f, "{}\"", phrase.form)?;
        for (place, word) in phrase.text.split(' ').enumerate() {
            let space = if place > 0 { " " } else { "" };
            write!(f, "{space}{word}{}", self.forms_of(word, phrase.form, None))?;
        }
        f.write_str("\"")?;
        phrase.window.map_or(Ok(()), |others| write!(f, "~{others}"))
    }

    fn forms_of(&self, word: &str, form: Form, slips: Option<u8>) -> String {
        if slips.is_none() && !word.contains(['*', '?']) {
            return String::new();
        }
        (self.forms)(word, form, slips).map(|forms| format!("{{{forms}}}")).unwrap_or_default()
    }
}

/// What stands between the parts of OF.
const COMMA: &str = ", ";

/// The sign of nearness alone.
struct Sign<'a>(&'a Near);

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Any => "",
            Form::Exact => "=",
            Form::Cased => "==",
        })
    }
}

impl fmt::Display for Sign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.0.negated { "NOT " } else { "" };
        let name = if self.0.ordered { "PRE" } else { "W" };
        match self.0.reach {
            Reach::Words(words) => write!(f, "{not}{name}/{words}"),
            Reach::Sentence => write!(f, "{not}{name}/S"),
            Reach::Paragraph => write!(f, "{not}{name}/P"),
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
