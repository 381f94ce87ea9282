//! Answers about copies: who printed a paragraph when, and what each version changed.

use super::{Holdings, Totals};
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

/// The groups of copies of which most paragraphs match a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MostCopied {
    /// The question as it was asked.
    pub text: String,
    /// The question as it was read; empty where every paragraph was asked for.
    pub read_as: String,
    /// What the index holds.
    pub index: Holdings,
    /// How much of it matches.
    pub total: Totals,
    /// How many of the groups that match have several members.
    pub copied: u64,
    /// The groups that were asked for, in order; none has a single member.
    pub groups: Vec<CopiedGroup>,
}

/// A group of copies, counted and shown by its oldest matching member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedGroup {
    /// The place in the whole order, from 1.
    pub rank: u64,
    /// The group's id.
    pub group: String,
    /// How many of its paragraphs match.
    pub matching: u64,
    /// How many it has.
    pub copies: u64,
    /// How many outlets printed one that matches.
    pub outlets: u64,
    /// The oldest date of one that matches.
    pub first: Option<PubDate>,
    /// The newest.
    pub last: Option<PubDate>,
    /// The oldest one that matches.
    pub reference: Ref,
    /// The outlet that printed it.
    pub source: Option<String>,
    /// Its text.
    pub text: String,
}

/// Who printed copies of an outlet's paragraphs, and how late.
#[derive(Debug, Clone, PartialEq)]
pub struct Reprints {
    /// The question as it was asked.
    pub text: String,
    /// The question as it was read; empty where every paragraph was asked for.
    pub read_as: String,
    /// What the index holds.
    pub index: Holdings,
    /// How much of it matches, of whatever outlet.
    pub total: Totals,
    /// The outlets that were meant, sorted.
    pub of: Vec<String>,
    /// How many groups of several copies have a matching paragraph of theirs.
    pub groups: u64,
    /// How many matching paragraphs of theirs have copies.
    pub paragraphs: u64,
    /// How many of the groups have a copy of another outlet.
    pub reprinted: u64,
    /// The other outlets, those with most groups first, then by name.
    pub outlets: Vec<Reprinter>,
}

/// What another outlet has of those groups. Dates are compared as far as both are known, each outlet's first copy in a
/// group with the first one of the outlet that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Reprinter {
    /// The outlet.
    pub source: String,
    /// In how many of the groups it has a copy.
    pub groups: u64,
    /// How many copies it has there.
    pub paragraphs: u64,
    /// In how many groups it came later.
    pub later: u64,
    /// In how many both have the same date.
    pub same: u64,
    /// In how many it came earlier.
    pub earlier: u64,
    /// In how many one of the dates is missing.
    pub unknown: u64,
    /// The median delay of those that came later and are known to the day, in days.
    pub median_days: Option<f64>,
}
