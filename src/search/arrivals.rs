//! The articles that came into an index since some moment, and what of them was there before in other articles.

use hashbrown::{HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

use super::answer::{Earlier, Novelty};
use super::hits::reference;
use crate::article::{ArticleId, Ref};
use crate::error::Result;
use crate::index::{Held, Index, NONE};

/// The articles of an index that came since some moment.
#[derive(Debug, Clone)]
pub struct Arrivals {
    /// Of each article, by number.
    articles: Vec<Came>,
    /// The documents of replaced articles that are known to have been there as they are now.
    unchanged: HashSet<u32>,
}

/// Whether an article came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// It was there as it is now.
    Before,
    /// It was there in another form.
    Replaced,
    /// It was not there.
    Added,
}

impl Arrivals {
    /// The articles of an index that came, as `came` says of each. Of those that were replaced, paragraphs that were `known`
    /// by the [digest](text_digest) of their text do not count.
    ///
    /// # Errors
    ///
    /// When the index is damaged.
    pub fn of(index: &Index, came: impl Fn(&Held) -> Came, known: &HashMap<Ref, u64>) -> Result<Arrivals> {
        let held = index.held()?;
        let table = &index.table;
        let came_of = |id: ArticleId| {
            let found = held.binary_search_by_key(&id, |held| held.id);
            let unfit = |_| index.damaged("the list of files does not fit the table");
            found.map(|place| came(&held[place])).map_err(unfit)
        };
        let articles = (0..table.counts.articles).map(|number| came_of(table.id(number)));
        let articles = articles.collect::<Result<Vec<Came>>>()?;
        let mut unchanged = HashSet::new();
        for (Ref { article, paragraph }, digest) in known {
            let ids = *article..=*article;
            let replaced =
                table.articles_within(&ids).into_iter().find(|number| articles[*number as usize] == Came::Replaced);
            let Some(document) = replaced.and_then(|number| table.document(number, *paragraph)) else { continue };
            if text_digest(&index.text(document)?) == *digest {
                unchanged.insert(document);
            }
        }
        Ok(Arrivals { articles, unchanged })
    }

    /// Whether a document of an article came.
    pub(crate) fn contain(&self, article: u32, document: u32) -> bool {
        match self.articles[article as usize] {
            Came::Before => false,
            Came::Replaced => !self.unchanged.contains(&document),
            Came::Added => true,
        }
    }

    /// What was there before of a paragraph that came: the oldest of its copies with the same text, else the oldest.
    pub(super) fn novelty(&self, index: &Index, document: u32) -> Result<Novelty> {
        let table = &index.table;
        let mut before =
            table.members(table.group(document)).filter(|member| !self.contain(table.article(*member), *member));
        if let Some(oldest) = before.next() {
            let print = index.fingerprint(document)?;
            for member in std::iter::once(oldest).chain(before) {
                if index.fingerprint(member)? == print {
                    return Ok(Novelty::AnotherCopy(earlier(index, member)));
                }
            }
            return Ok(Novelty::EditedCopy(earlier(index, oldest)));
        }
        Ok(match self.articles[table.article(document) as usize] {
            Came::Replaced => Novelty::EditedCopy(earlier(index, document)),
            _ => Novelty::New,
        })
    }
}

/// A hash of a paragraph's text, by which it is known again.
pub fn text_digest(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

fn earlier(index: &Index, document: u32) -> Earlier {
    let table = &index.table;
    let article = table.article(document);
    let source = Some(table.source(article)).filter(|source| *source != NONE);
    let source = source.and_then(|source| index.manifest().sources.get(source as usize).cloned());
    Earlier { reference: reference(index, document), source, date: table.date(article) }
}
