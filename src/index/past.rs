//! The generation in use, as far as the next one takes over from it.

use std::collections::HashMap;
use std::path::Path;

use super::cards::Cards;
use super::files::{Files, Holds};
use super::generation::Manifest;
use super::guarded::Guarded;
use super::table::{ArticleRow, NONE, Table};
use super::work::Row;
use crate::article::ArticleId;
use crate::error::{Error, Result};
use crate::text::Lang;

/// What is known of the generation in use.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) guarded: Guarded,
    pub(super) manifest: Manifest,
    pub(super) files: Files,
    table: Table,
    cards: Cards,
    /// Of each article, what the list of files says, and its number in the table.
    articles: HashMap<ArticleId, (Holds, u32)>,
}

impl Past {
    /// Reads what there is.
    ///
    /// # Errors
    ///
    /// When a file of it is missing or damaged, or they do not fit each other.
    pub(super) fn read(directory: &Path, manifest: Manifest) -> Result<Past> {
        let guarded = Guarded::open(directory)?;
        let (files, table) = (Files::read(&guarded)?, Table::open(&guarded)?);
        let listed: HashMap<ArticleId, Holds> =
            files.rows().iter().flat_map(|row| &row.articles).map(|holds| (holds.id(), *holds)).collect();
        let unfit = || Error::index(directory, "the list of files or the manifest does not fit the table".to_owned());
        let counts = table.counts;
        if listed.len() != counts.articles as usize
            || manifest.sources.len() != counts.sources as usize
            || manifest.langs.len() != counts.langs as usize
        {
            return Err(unfit());
        }
        let articles = (0..table.counts.articles).map(|number| {
            let id = table.id(number);
            listed.get(&id).map(|holds| (id, (*holds, number))).ok_or_else(unfit)
        });
        let articles = articles.collect::<Result<_>>()?;
        let cards = Cards::open(&guarded, table.counts.articles)?;
        Ok(Past { guarded, manifest, files, table, cards, articles })
    }

    /// Where it is.
    pub(super) fn directory(&self) -> &Path {
        self.guarded.path()
    }

    /// What the list of files says of an article.
    pub(super) fn holds(&self, id: ArticleId) -> Option<Holds> {
        self.articles.get(&id).map(|(holds, _)| *holds)
    }

    /// The ids of the articles.
    pub(super) fn ids(&self) -> impl Iterator<Item = ArticleId> + '_ {
        self.articles.keys().copied()
    }

    /// The row of an article that stays; none if it is not there.
    ///
    /// # Errors
    ///
    /// When its card is damaged.
    pub(super) fn row(&self, id: ArticleId) -> Result<Option<Row>> {
        let Some((_, number)) = self.articles.get(&id).copied() else { return Ok(None) };
        let table = &self.table;
        let source = Some(table.source(number)).filter(|source| *source != NONE);
        let row = ArticleRow {
            id,
            date: table.date(number),
            source: NONE,
            lang: 0,
            paragraphs: table.paragraphs(number).len() as u32,
            headline: table.has_headline(number),
        };
        let source = source.and_then(|source| self.manifest.sources.get(source as usize).cloned());
        let lang = self.manifest.langs.get(table.lang(number) as usize).map_or(Lang::UNKNOWN, |(lang, _)| *lang);
        Ok(Some(Row { row, source, lang, card: self.cards.json(number)? }))
    }
}
