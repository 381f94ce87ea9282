//! The tree of a question: what was asked, with the place in the text that each part came from.
//!
//! Plain data. It knows neither an index nor an analysis: a [`Word`] holds the word as it was typed.

use std::ops::Range;

use crate::article::PubDate;

/// A part of a question and the place it came from.
///
/// Two nodes are equal when they ask the same, wherever they stood.
#[derive(Debug, Clone)]
pub struct Node {
    /// What is asked.
    pub kind: Kind,
    /// The place, as a byte range of the question's text.
    pub span: Range<usize>,
}

impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Node {}

/// What a node asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One word.
    Word(Word),
    /// Words next to each other, in order.
    Phrase(Phrase),
    /// All of them, two or more, none itself an `And`.
    And(Vec<Node>),
    /// At least one of them, two or more, none itself an `Or`.
    Or(Vec<Node>),
    /// Not this; never around another `Not`.
    Not(Box<Node>),
    /// The article's headline matches; inside stand only words, phrases, `And`, `Or` and `Not`.
    Title(Box<Node>),
    /// A field has this value.
    Field(Field, String),
    /// The document date.
    Date(DateTest),
    /// The paragraph's length in words.
    Words(Compare, u32),
}

/// How far a word may differ from what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// Any inflection: same stem in the paragraph's language; case and Latin diacritics ignored.
    Any,
    /// `=word`: this form, case ignored.
    Exact,
    /// `==word`: this form and case.
    Cased,
}

/// One word as it was typed. The analysis may find several words in it, as in `open-door`: they must then stand next to
/// each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Word {
    /// The word.
    pub text: String,
    /// How far it may differ.
    pub form: Form,
}

/// A phrase as it was typed, without its quotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phrase {
    /// The words, separated by single spaces.
    pub text: String,
    /// How far each of them may differ.
    pub form: Form,
}

/// A field that is asked for by a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// `actor:`: a code or anything below it, by path or by a name of the codebook.
    Actor,
    /// `topic:`: the same for topics.
    Topic,
    /// `given:`: a code that the source gave itself, such as `given:topics/cocoa`.
    Given,
    /// `source:`: the outlet, by consecutive words of its name.
    Source,
    /// `author:`: the byline, by consecutive words.
    Author,
    /// `lang:`: the paragraph's language, an ISO 639 code.
    Lang,
    /// `url:`: where it was published, by consecutive parts.
    Url,
    /// `group:`: a group of copies, by its id.
    Group,
    /// `article:`: an article, by its id or the beginning of it.
    Article,
}

/// A test of the document date. A date known to the month or year passes a test that any of its days passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateTest {
    /// `date:2022-03`: within this year, month or day.
    In(PubDate),
    /// `date:2022-02-24..2022-12-31`: from the first day of one to the last day of the other.
    Between(PubDate, PubDate),
    /// `date:>=2022-02-24` and its like.
    Compare(Compare, PubDate),
    /// `date:undated`.
    Undated,
}

impl DateTest {
    /// The days that pass, both included, as [`PubDate::digits`]; none for `undated`.
    ///
    /// The bounds are numbers to compare with, not always days of the calendar: the day after 2022-12-31 is 20221232.
    pub fn days(self) -> Option<(u32, u32)> {
        match self {
            DateTest::In(date) => Some((date.first_day().digits(), date.last_day().digits())),
            DateTest::Between(from, to) => Some((from.first_day().digits(), to.last_day().digits())),
            DateTest::Compare(Compare::AtLeast, date) => Some((date.first_day().digits(), u32::MAX)),
            DateTest::Compare(Compare::Above, date) => Some((date.last_day().digits() + 1, u32::MAX)),
            DateTest::Compare(Compare::AtMost, date) => Some((0, date.last_day().digits())),
            DateTest::Compare(Compare::Below, date) => Some((0, date.first_day().digits() - 1)),
            DateTest::Undated => None,
        }
    }

    /// Whether a document date passes.
    pub fn accepts(self, date: Option<PubDate>) -> bool {
        match (self.days(), date) {
            (Some((from, to)), Some(date)) => date.last_day().digits() >= from && date.first_day().digits() <= to,
            (None, None) => true,
            _ => false,
        }
    }
}

/// A comparison with a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
}

impl Compare {
    /// Whether `value` compares so with `bound`.
    pub fn holds(self, value: u64, bound: u64) -> bool {
        match self {
            Compare::Below => value < bound,
            Compare::AtMost => value <= bound,
            Compare::AtLeast => value >= bound,
            Compare::Above => value > bound,
        }
    }
}
