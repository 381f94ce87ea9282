//! A paragraph of an index with all that a question may ask of it, for the matcher.

use super::{facets, group_id};
use crate::error::Result;
use crate::groups::Normal;
use crate::index::{Card, Index};
use crate::meaning::{Clause, Coding, Facts, Sibling};

/// A paragraph fetched.
pub(crate) struct Paragraph {
    pub(crate) card: Card,
    pub(crate) text: String,
    pub(crate) actors: Vec<String>,
    pub(crate) topics: Vec<String>,
    /// The codes that the source gave; none if the clause does not ask for them.
    given: Vec<String>,
    /// Its group's printed id.
    pub(crate) group: String,
    siblings: Vec<Sibling>,
}

impl Paragraph {
    /// Fetches a document, whose article's record is `card`, as far as a clause may ask for it.
    pub(crate) fn fetch(index: &Index, document: u32, card: Card, clause: &Clause) -> Result<Paragraph> {
        let sibling = Sibling::fetch(index, document, true)?;
        let siblings = if clause.asks(&|clause| matches!(clause, Clause::Whole(_))) {
            let table = &index.table;
            let documents = table.paragraphs(table.article(document));
            // An article may have hundreds of paragraphs, and most questions are about their words alone.
            let codes = clause.asks(&|clause| matches!(clause, Clause::Coded(..) | Clause::Group(_)));
            documents.map(|document| Sibling::fetch(index, document, codes)).collect::<Result<_>>()?
        } else {
            Vec::new()
        };
        let given = if clause.asks(&|clause| matches!(clause, Clause::Coded(Coding::Given, _))) {
            facets::paths(index, document, "given")?
        } else {
            Vec::new()
        };
        let Sibling { text, actors, topics, group } = sibling;
        Ok(Paragraph { card, text, actors, topics, given, group, siblings })
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            title: &self.card.title,
            actors: &self.actors,
            topics: &self.topics,
            given: &self.given,
            source: self.card.source.as_deref(),
            author: self.card.author.as_deref(),
            url: self.card.url.as_deref(),
            date: self.card.date,
            group: &self.group,
            article: Some(self.card.id),
            siblings: &self.siblings,
        }
    }
}

impl Sibling {
    /// Fetches a paragraph; without its codes and its group if nothing asks for them.
    fn fetch(index: &Index, document: u32, codes: bool) -> Result<Sibling> {
        let text = index.text(document)?;
        if !codes {
            return Ok(Sibling { text, ..Sibling::default() });
        }
        Ok(Sibling {
            group: group_of_text(index, document, &text)?,
            text,
            actors: facets::paths(index, document, "actor")?,
            topics: facets::paths(index, document, "topic")?,
        })
    }
}

/// The printed id of a paragraph's group.
pub(crate) fn group_of(index: &Index, document: u32) -> Result<String> {
    Ok(group_id(index.fingerprint(oldest(index, document))?))
}

/// The same of a paragraph whose text is at hand.
fn group_of_text(index: &Index, document: u32, text: &str) -> Result<String> {
    match oldest(index, document) {
        oldest if oldest == document => Ok(group_id(Normal::of(text).fingerprint())),
        _ => group_of(index, document),
    }
}

/// The oldest member of a paragraph's group.
fn oldest(index: &Index, document: u32) -> u32 {
    index.table.members(index.table.group(document)).next().unwrap_or(document)
}
