//! The tree of a question: what was asked, with the place in the text that each part came from.
//!
//! Plain data. It knows neither an index nor an analysis: a [`Word`] holds the word as it was typed.

use std::ops::Range;

use crate::article::PubDate;
pub use crate::interval::Reach;

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
    /// Words next to each other in order, or in a window.
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
    /// Two that stand near each other in the text, or one that has no other near it.
    Near(Near),
    /// `ATLEAST/3(q)`: so many matches of it in a paragraph, one or more.
    AtLeast(u32, Box<Node>),
    /// `2 OF (a, b, c)`: at least so many of them hold; from one to as many as there are, of two or more.
    Of(u32, Vec<Node>),
    /// `FIRST/10(q)`: it stands within the first words of the paragraph.
    First(u32, Box<Node>),
    /// `ARTICLE(q)`: it holds over a whole article; inside stands no other `Whole` and no `Like`.
    Whole(Box<Node>),
    /// `LIKE(ref)`: paragraphs like the one that a reference names.
    Like(String),
    /// `word^2`: a word or phrase, or a fuzzy word or window, that counts more or less in the ranking.
    Boosted(Box<Node>, Boost),
}

impl Kind {
    /// Whether it has places in the text of a paragraph, so that it can stand beside W/n and inside ATLEAST and FIRST:
    /// words, phrases, what is made of them by OR, and what stands near.
    pub fn has_places(&self) -> bool {
        match self {
            Kind::Word(_) | Kind::Phrase(_) | Kind::Near(_) | Kind::AtLeast(..) | Kind::First(..) => true,
            Kind::Or(nodes) | Kind::Of(_, nodes) => nodes.iter().all(|node| node.kind.has_places()),
            Kind::Boosted(inner, _) => inner.kind.has_places(),
            _ => false,
        }
    }
}

/// `A W/5 B` and its relatives; both sides have places ([`Kind::has_places`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// The side that is written first.
    pub left: Box<Node>,
    /// The other side.
    pub right: Box<Node>,
    /// `PRE`: the left side ends before the right one begins.
    pub ordered: bool,
    /// How far apart they may be: from 1 to [`FARTHEST`] words, or in one sentence or paragraph.
    pub reach: Reach,
    /// `NOT W/5`: a match of the left side that has none of the right side so near.
    pub negated: bool,
}

/// The largest number that an operator takes, such as the 5 of W/5: far more words than a paragraph has.
pub const FARTHEST: u32 = 10_000;

/// How much more a word counts than another, in hundredths; from [`Boost::LEAST`] to [`Boost::MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Boost(pub u32);

impl Boost {
    /// As much as any other.
    pub const NONE: Boost = Boost(100);
    /// A hundredth.
    pub const LEAST: Boost = Boost(1);
    /// A hundred times.
    pub const MOST: Boost = Boost(10_000);

    /// The number to multiply by.
    pub fn factor(self) -> f32 {
        self.0 as f32 / 100.0
    }
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
    /// The word. A `*` in it stands for any letters, a `?` for one.
    pub text: String,
    /// How far it may differ.
    pub form: Form,
    /// `word~1`: how many letters may be wrong, missing, too many or exchanged with their neighbour, at most
    /// [`MOST_SLIPS`]; then it holds no `*` or `?`.
    pub slips: Option<u8>,
}

/// The most slips of the pen that a fuzzy word forgives.
pub const MOST_SLIPS: u8 = 2;

/// A phrase as it was typed, without its quotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phrase {
    /// The words, two or more, separated by single spaces; each may hold `*` and `?`.
    pub text: String,
    /// How far each of them may differ.
    pub form: Form,
    /// `"a b c"~3`: in any order, with at most so many other words among them.
    pub window: Option<u32>,
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
