//! Answers about copies: who printed a paragraph when, and what each version changed.

use crate::article::{Delay, PubDate, Ref};

/// The history of a group of copies, as far as the index holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The group's id.
    pub group: String,
    /// The paragraph that was asked for.
    pub asked: Ref,
    /// How many paragraphs the group has.
    pub copies: u64,
    /// In how many articles they stand.
    pub articles: u64,
    /// How many outlets printed them; articles without an outlet count as none.
    pub outlets: u64,
    /// The oldest date of a copy.
    pub first: Option<PubDate>,
    /// The newest.
    pub last: Option<PubDate>,
    /// The copies that were asked for, earliest first, undated ones last.
    pub versions: Vec<Version>,
}

/// A copy and how it differs from the earliest one of its group.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its place among all copies, from 1, which is the earliest.
    pub rank: u64,
    /// The paragraph.
    pub reference: Ref,
    /// The outlet.
    pub source: Option<String>,
    /// The document date.
    pub date: Option<PubDate>,
    /// The headline of its article; empty when it has none.
    pub title: String,
    /// How long after the earliest copy it was printed; none where a date is missing.
    pub delay: Option<Delay>,
    /// How alike the two are, 0 to 1; 1 is the same in normal form.
    pub similarity: f64,
    /// Its text.
    pub text: String,
    /// What makes its text of the earliest one's; none where the texts are the same.
    pub changes: Vec<Change>,
}

/// A stretch of text that both versions have, or one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which of them have it.
    pub edit: Edit,
    /// The stretch, white space included; never empty.
    pub text: String,
}

/// What a version did with a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// It stayed.
    Equal,
    /// It was left out.
    Delete,
    /// It was put in.
    Insert,
}
