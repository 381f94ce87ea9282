//! An article to the documents of a segment: its record, then its paragraphs.

use tantivy::TantivyDocument;
use tantivy::schema::Facet;

use super::generation::Card;
use super::schema::Fields;
use super::segment::Draft;
use crate::article::Article;
use crate::codebook::{Coder, Memory, Part};
use crate::groups::Normal;
use crate::text::{Analyzer, Lang, folded_words};

/// The facets that all paragraphs of an article share.
pub(super) struct Facets {
    date: Facet,
    source: Option<Facet>,
    /// The language, and its facet.
    of: Lang,
    lang: Facet,
    given: Vec<Facet>,
}

impl Facets {
    pub(super) fn of(article: &Article, lang: Lang) -> Facets {
        let date = article.date.map_or_else(|| "/undated".to_owned(), |date| date.facet());
        let mut given: Vec<Facet> =
            article.given.iter().map(|given| Facet::from_path([&given.kind, &given.value])).collect();
        given.sort_unstable();
        given.dedup();
        Facets {
            date: Facet::from(date.as_str()),
            source: article.source.as_ref().map(|source| Facet::from_path([source])),
            of: lang,
            lang: Facet::from_path([lang.code()]),
            given,
        }
    }
}

/// The card of an article that was read as one of a language.
pub(super) fn card(article: &Article, lang: Lang) -> Card {
    Card {
        id: article.id(),
        path: article.path.clone(),
        record: article.record.clone(),
        title: article.title.clone(),
        source: article.source.clone(),
        author: article.author.clone(),
        url: article.url.clone(),
        date: article.date,
        lang,
    }
}

/// What a worker keeps from one text to the next.
#[derive(Default)]
pub(super) struct Analyst {
    analyzer: Analyzer,
    memory: Memory,
}

impl Analyst {
    /// Adds the record of an article to a segment.
    pub(super) fn record(&self, draft: &mut Draft, fields: Fields, article: &Article) -> tantivy::Result<()> {
        let mut document = TantivyDocument::default();
        document.add_u64(fields.article, article.id().bits());
        let words = |(field, value): (_, &Option<String>)| Some((field, folded_words(value.as_ref()?)));
        let words = [(fields.author, &article.author), (fields.url, &article.url)].into_iter().filter_map(words);
        draft.add_record(article.id(), &document, &words.collect::<Vec<_>>())
    }

    /// Adds a paragraph to a segment; returns its normal form and the fingerprint of that.
    pub(super) fn paragraph(
        &mut self,
        draft: &mut Draft,
        fields: Fields,
        coder: &Coder,
        article: &Article,
        facets: &Facets,
        text: &str,
    ) -> tantivy::Result<(Normal, u128)> {
        let analysis = self.analyzer.analyze(text, facets.of);
        let mut document = TantivyDocument::default();
        document.add_text(fields.text, text);
        coder.each_path(&mut self.memory, &analysis, article.date, |part, path| {
            let field = match part {
                Part::Actors => fields.actor,
                Part::Topics => fields.topic,
            };
            document.add_facet(field, path);
        });
        for given in &facets.given {
            document.add_facet(fields.given, given.clone());
        }
        document.add_facet(fields.date, facets.date.clone());
        if let Some(source) = &facets.source {
            document.add_facet(fields.source, source.clone());
        }
        document.add_facet(fields.lang, facets.lang.clone());
        let normal = Normal::of(text);
        let print = normal.fingerprint();
        document.add_u64(fields.article, article.id().bits());
        document.add_u64(fields.print_high, (print >> 64) as u64);
        document.add_u64(fields.print_low, print as u64);
        document.add_u64(fields.words, analysis.tokens().len() as u64);
        draft.add_paragraph(article.id(), &document, &analysis)?;
        Ok((normal, print))
    }
}
