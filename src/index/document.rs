//! An article to tantivy documents: its record, then its paragraphs.

use tantivy::TantivyDocument;
use tantivy::schema::Facet;

use super::generation::Card;
use super::schema::{Fields, form_terms, plain_terms, stem_terms};
use crate::article::Article;
use crate::codebook::{Coder, Memory};
use crate::groups::Normal;
use crate::text::{Analyzer, Lang, folded_words};

/// The facets that all paragraphs of an article share.
pub(super) struct Facets {
    date: Facet,
    source: Option<Facet>,
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
            lang: Facet::from_path([lang.code()]),
            given,
        }
    }
}

/// A paragraph as it is indexed.
pub(super) struct Indexed {
    pub(super) document: TantivyDocument,
    pub(super) normal: Normal,
    /// The fingerprint of its normal form.
    pub(super) print: u128,
}

/// What a worker keeps from one text to the next.
#[derive(Default)]
pub(super) struct Analyst {
    analyzer: Analyzer,
    memory: Memory,
    terms: String,
}

impl Analyst {
    /// The record of an article.
    pub(super) fn record(&self, fields: Fields, article: &Article, lang: Lang) -> TantivyDocument {
        let card = Card {
            id: article.id(),
            path: article.path.clone(),
            record: article.record.clone(),
            title: article.title.clone(),
            source: article.source.clone(),
            author: article.author.clone(),
            url: article.url.clone(),
            date: article.date,
            lang,
        };
        let mut document = TantivyDocument::default();
        document.add_u64(fields.article, article.id().bits());
        document.add_bytes(fields.card, &serde_json::to_vec(&card).expect("a card is valid JSON"));
        for (field, value) in [(fields.author, &article.author), (fields.url, &article.url)] {
            if let Some(value) = value {
                document.add_text(field, plain_terms(&folded_words(value)));
            }
        }
        document
    }

    /// A paragraph as it is indexed.
    pub(super) fn paragraph(
        &mut self,
        fields: Fields,
        coder: &Coder,
        article: &Article,
        lang: Lang,
        facets: &Facets,
        text: &str,
    ) -> Indexed {
        let analysis = self.analyzer.analyze(text, lang);
        let length = analysis.tokens().len() as u64;
        let mut document = TantivyDocument::default();
        stem_terms(&analysis, &mut self.terms);
        document.add_text(fields.stems, &self.terms);
        form_terms(&analysis, &mut self.terms);
        document.add_text(fields.forms, &self.terms);
        document.add_text(fields.text, text);
        let codes = coder.codes(&mut self.memory, &analysis, article.date);
        for (field, codes) in [(fields.actor, codes.actors), (fields.topic, codes.topics)] {
            for code in codes {
                document.add_facet(field, code.path.as_str());
            }
        }
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
        document.add_u64(fields.words, length);
        Indexed { document, normal, print }
    }
}
