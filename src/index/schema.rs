//! The fields of the tantivy documents, and the tokenizer that replays an analysis made elsewhere.
//!
//! A paragraph is a document; so is each article's own record, which stands right before the article's paragraphs in the
//! same segment. Words are analysed once, by [`crate::text`], for the index, the codes and the fingerprints together;
//! what tantivy gets is a list of finished terms, one a line.

use tantivy::schema::{
    FAST, FacetOptions, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::Analysis;

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
    /// An article's [`super::Card`] as JSON, stored on its record.
    pub(crate) card: Field,
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

/// The name of [`Replay`] in an index.
pub(crate) const REPLAY: &str = "replay";

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = |norms: bool| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(REPLAY)
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
        card: builder.add_bytes_field("card", STORED),
        article: builder.add_u64_field("article", INDEXED | FAST),
        print_high: builder.add_u64_field("print_high", FAST),
        print_low: builder.add_u64_field("print_low", FAST),
        words: builder.add_u64_field("words", FAST),
    };
    (builder.build(), fields)
}

/// What divides terms in the text of a replayed field; no term holds it.
const DIVIDER: char = '\n';

/// What a term begins with that stands at the position of the one after it; no term begins so.
const STAYS: char = '\u{2}';

/// The stems of an analysis, for the field `stems`.
pub(crate) fn stem_terms(analysis: &Analysis<'_>, terms: &mut String) {
    terms.clear();
    for token in analysis.tokens() {
        let mut stems = analysis.entry(token).stem_terms();
        let first = stems.next().unwrap_or_default();
        for other in stems {
            terms.push(STAYS);
            terms.push_str(other);
            terms.push(DIVIDER);
        }
        terms.push_str(first);
        terms.push(DIVIDER);
    }
}

/// The forms of an analysis and its sentence marks, for the field `forms`.
pub(crate) fn form_terms(analysis: &Analysis<'_>, terms: &mut String) {
    terms.clear();
    let mut sentence = 0;
    for token in analysis.tokens() {
        if token.sentence != sentence {
            sentence = token.sentence;
            terms.push(STAYS);
            terms.push_str(SENTENCE);
            terms.push(DIVIDER);
        }
        terms.push_str(analysis.entry(token).form_term());
        terms.push(DIVIDER);
    }
}

/// Folded words, for the fields `author` and `url`.
pub(crate) fn plain_terms(words: &[String]) -> String {
    words.iter().flat_map(|word| [word.as_str(), "\n"]).collect()
}

/// The tokenizer that gives back the terms it is handed, one a line.
#[derive(Clone, Default)]
pub(crate) struct Replay {
    token: Token,
}

impl Tokenizer for Replay {
    type TokenStream<'a> = ReplayStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ReplayStream<'a> {
        self.token.reset();
        ReplayStream { rest: text, next_position: 0, token: &mut self.token }
    }
}

/// The terms of one document.
pub(crate) struct ReplayStream<'a> {
    rest: &'a str,
    next_position: usize,
    token: &'a mut Token,
}

impl TokenStream for ReplayStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(end) = self.rest.bytes().position(|byte| byte == DIVIDER as u8) else { return false };
        let term = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        let stays = term.strip_prefix(STAYS);
        self.token.text.clear();
        self.token.text.push_str(stays.unwrap_or(term));
        self.token.position = self.next_position;
        self.next_position += usize::from(stays.is_none());
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
