//! A question with the text it was asked in, and the filters of a command line, which are questions too.
//!
//! Flags and texts enter; one question leaves whose places all lie in one text, so that whoever finds a fault in it later
//! (a name that no codebook knows) can point at it.

use std::ops::Range;

use crate::article::PubDate;
use crate::error::QueryError;

use super::field::Valued;
use super::tree::{Compare, DateTest, Field, Kind, Node};
use super::{Dialect, Join, all, any, parse, parse_as, value};

/// A question: its text and its tree, whose spans are byte ranges of that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The text.
    pub text: String,
    /// The tree.
    pub tree: Node,
}

impl Question {
    /// Reads a question; see [`parse`].
    ///
    /// # Errors
    ///
    /// Those of [`parse`].
    pub fn read(text: &str, join: Join) -> Result<Question, QueryError> {
        Ok(Question { text: text.to_owned(), tree: parse(text, join)? })
    }

    /// Reads a question in a dialect; see [`parse_as`].
    ///
    /// # Errors
    ///
    /// Those of [`parse_as`].
    pub fn read_in(text: &str, dialect: Dialect, join: Join) -> Result<Question, QueryError> {
        Ok(Question { text: text.to_owned(), tree: parse_as(text, dialect, join)? })
    }

    /// All of these questions at once, their texts one behind the other; none for no questions.
    ///
    /// ```
    /// use nutgraf::query::{Field, Join, Question, filter};
    ///
    /// let asked = Question::read("frozen OR seized", Join::All)?;
    /// let actor = filter(Field::Actor, "putin")?;
    /// let both = Question::all(vec![asked, actor]).expect("two questions");
    /// assert_eq!(both.text, "frozen OR seized --actor putin");
    /// assert_eq!(both.tree.to_string(), "((frozen OR seized) AND actor:putin)");
    /// # Ok::<(), nutgraf::error::QueryError>(())
    /// ```
    pub fn all(questions: Vec<Question>) -> Option<Question> {
        Question::joined(questions, all)
    }

    /// Any of these questions; none for no questions. The texts are put together as those of [`Question::all`].
    pub fn any(questions: Vec<Question>) -> Option<Question> {
        Question::joined(questions, any)
    }

    fn joined(questions: Vec<Question>, join: impl Fn(Vec<Node>) -> Option<Node>) -> Option<Question> {
        let mut text = String::new();
        let mut trees = Vec::with_capacity(questions.len());
        for question in questions {
            if !text.is_empty() {
                text.push(' ');
            }
            let mut tree = question.tree;
            shift(&mut tree, text.len());
            text.push_str(&question.text);
            trees.push(tree);
        }
        join(trees).map(|tree| Question { text, tree })
    }
}

/// The filter of a flag such as `--actor putin`: what `actor:"putin"` asks, in the text `--actor putin`.
///
/// # Errors
///
/// When the value is empty or has neither letter nor digit.
pub fn filter(field: Field, value: &str) -> Result<Question, QueryError> {
    let (text, place) = flag("", field.name(), value);
    let kind = value::value(&text, place.clone(), Valued::Named(field), value, true)?;
    Ok(Question { text, tree: Node { kind, span: place } })
}

/// The filter of `--since` and `--until`, both days included; none without either.
///
/// # Errors
///
/// When one is no date, or the second is before the first.
pub fn dates(since: Option<&str>, until: Option<&str>) -> Result<Option<Question>, QueryError> {
    let mut text = String::new();
    let mut bound = |name: &str, value: Option<&str>| -> Result<Option<(PubDate, Range<usize>)>, QueryError> {
        let Some(value) = value else { return Ok(None) };
        let place;
        (text, place) = flag(&text, name, value);
        match value::day(value.trim()) {
            Ok(date) => Ok(Some((date, place))),
            Err((message, cure)) => Err(QueryError::at(&text, place, message).cure(cure)),
        }
    };
    let (since, until) = (bound("since", since)?, bound("until", until)?);
    let (test, span) = match (since, until) {
        (None, None) => return Ok(None),
        (Some((from, place)), None) => (DateTest::Compare(Compare::AtLeast, from), place),
        (None, Some((to, place))) => (DateTest::Compare(Compare::AtMost, to), place),
        (Some((from, start)), Some((to, end))) => match value::between(from, to) {
            Some(test) => (test, start.start..end.end),
            None => {
                let message = format!("this is before the beginning, {from}");
                return Err(QueryError::at(&text, end, message).cure(format!("write --since {to} --until {from}")));
            }
        },
    };
    Ok(Some(Question { text, tree: Node { kind: Kind::Date(test), span } }))
}

/// The text with the flag behind it, and the place of its value; of the flag, when the value is empty.
fn flag(text: &str, name: &str, value: &str) -> (String, Range<usize>) {
    let space = if text.is_empty() { "" } else { " " };
    let whole = format!("{text}{space}--{name} {value}");
    let start = if value.is_empty() { text.len() + space.len() } else { whole.len() - value.len() };
    let place = start..whole.len();
    (whole, place)
}

fn shift(node: &mut Node, by: usize) {
    node.span = node.span.start + by..node.span.end + by;
    match &mut node.kind {
        Kind::And(nodes) | Kind::Or(nodes) | Kind::Of(_, nodes) => nodes.iter_mut().for_each(|node| shift(node, by)),
        Kind::Not(inner)
        | Kind::Title(inner)
        | Kind::AtLeast(_, inner)
        | Kind::First(_, inner)
        | Kind::Whole(inner)
        | Kind::Boosted(inner, _) => shift(inner, by),
        Kind::Near(near) => {
            shift(&mut near.left, by);
            shift(&mut near.right, by);
        }
        Kind::Word(_) | Kind::Phrase(_) | Kind::Field(..) | Kind::Date(_) | Kind::Words(..) | Kind::Like(_) => {}
    }
}
