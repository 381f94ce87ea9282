//! The fields of the tantivy documents.
//!
//! A paragraph is a document; so is each article's own record, which stands right before the article's paragraphs in the
//! same segment. Words are analysed once, by [`crate::text`], for the index, the codes and the fingerprints together: no
//! tokenizer of tantivy's ever runs.

use tantivy::schema::{
    FAST, FacetOptions, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::RAW_TOKENIZER_NAME;

/// The fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Stems with positions: `en:asset`.
    pub(crate) stems: Field,
    /// Forms with positions, and [`SENTENCE`] where a sentence begins.
    pub(crate) forms: Field,
    /// Words of an article's byline, on its record.
    pub(crate) author: Field,
    /// Words of an article's address, on its record.
    pub(crate) url: Field,
    /// Facets of a paragraph.
    pub(crate) actor: Field,
    pub(crate) topic: Field,
    pub(crate) given: Field,
    pub(crate) date: Field,
    pub(crate) source: Field,
    pub(crate) lang: Field,
    /// The paragraph's text, stored.
    pub(crate) text: Field,
    /// The article's id, on all its documents.
    pub(crate) article: Field,
    /// The halves of the paragraph's fingerprint.
    pub(crate) print_high: Field,
    pub(crate) print_low: Field,
    /// The paragraph's length in words.
    pub(crate) words: Field,
}

/// The names of the facet fields, in the order of documents.
pub(crate) const FACETS: [&str; 6] = ["actor", "topic", "given", "date", "source", "lang"];

/// Whether all paragraphs of an article have the same facets in a field.
pub(crate) fn is_of_articles(field: &str) -> bool {
    !FACETS[..2].contains(&field)
}

/// The term of the field of forms that stands at the first word of every sentence but the first.
pub(crate) const SENTENCE: &str = "\u{1}";

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = |norms: bool| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(RAW_TOKENIZER_NAME)
            .set_fieldnorms(norms)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        TextOptions::default().set_indexing_options(indexing)
    };
    let fields = Fields {
        stems: builder.add_text_field("stems", words(true)),
        forms: builder.add_text_field("forms", words(false)),
        author: builder.add_text_field("author", words(false)),
        url: builder.add_text_field("url", words(false)),
        actor: builder.add_facet_field(FACETS[0], FacetOptions::default()),
        topic: builder.add_facet_field(FACETS[1], FacetOptions::default()),
        given: builder.add_facet_field(FACETS[2], FacetOptions::default()),
        date: builder.add_facet_field(FACETS[3], FacetOptions::default()),
        source: builder.add_facet_field(FACETS[4], FacetOptions::default()),
        lang: builder.add_facet_field(FACETS[5], FacetOptions::default()),
        text: builder.add_text_field("text", STORED),
        article: builder.add_u64_field("article", INDEXED | FAST),
        print_high: builder.add_u64_field("print_high", FAST),
        print_low: builder.add_u64_field("print_low", FAST),
        words: builder.add_u64_field("words", FAST),
    };
    (builder.build(), fields)
}
