//! Bare tantivy: one text field with positions, stored, under an English analyser like its own `en_stem`.
//!
//! tantivy's feature `stemmer` is off in nutgraf, and a feature that a benchmark turns on would be on in the library
//! under test, too. So its filter is rebuilt here, line by line, around the same stemmer crate. Where words are to mean
//! what they mean to nutgraf, the filter has nutgraf's stemmer. Stored text is compressed with LZ4, as tantivy does unless told
//! otherwise.

use std::borrow::Cow;
use std::ops::Bound;
use std::path::Path;

use tantivy::collector::{Count, HistogramCollector, TopDocs};
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery, TermQuery};
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::tokenizer::{
    LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer, Token, TokenFilter, TokenStream, Tokenizer,
};
use tantivy::{DocAddress, IndexWriter, Order, Searcher, TantivyDocument, Term};

use super::MEMORY;
use crate::corpus::log::{Asked, Class};
use crate::corpus::{Corpus, Paragraph};

/// What stems the words.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stems {
    /// tantivy's stemmer: as fast as it comes.
    Own,
    /// nutgraf's stemmer, so that counts can be compared; and a column for the dates.
    OfNutgraf,
}

const TEXT: &str = "text";
const DATE: &str = "date";
const ANALYZER: &str = "english";

/// Indexes paragraphs.
pub(crate) fn index(corpus: &Corpus, folder: &Path, stems: Stems, threads: usize) {
    let mut schema = Schema::builder();
    let indexing =
        TextFieldIndexing::default().set_tokenizer(ANALYZER).set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = schema.add_text_field(TEXT, TextOptions::default().set_indexing_options(indexing).set_stored());
    let date = match stems {
        Stems::Own => None,
        Stems::OfNutgraf => Some(schema.add_u64_field(DATE, FAST)),
    };
    let index = tantivy::Index::create_in_dir(folder, schema.build()).expect("an empty folder");
    index.tokenizers().register(ANALYZER, analyzer(stems));
    write(&index, corpus, text, date, threads);
}

/// Adds paragraphs to an index.
pub(crate) fn add(corpus: &Corpus, folder: &Path, stems: Stems, threads: usize) {
    let index = tantivy::Index::open_in_dir(folder).expect("an index that was just built");
    index.tokenizers().register(ANALYZER, analyzer(stems));
    let schema = index.schema();
    write(&index, corpus, schema.get_field(TEXT).expect("it was put there"), schema.get_field(DATE).ok(), threads);
}

fn write(index: &tantivy::Index, corpus: &Corpus, text: Field, date: Option<Field>, threads: usize) {
    let mut writer: IndexWriter = index.writer_with_num_threads(threads, MEMORY).expect("enough memory for a thread");
    for Paragraph { text: paragraph, date: digits } in &corpus.paragraphs {
        let mut document = TantivyDocument::default();
        document.add_text(text, paragraph);
        if let Some(date) = date {
            document.add_u64(date, u64::from(*digits));
        }
        writer.add_document(document).expect("a writer that works");
    }
    writer.commit().expect("room for the index");
    writer.wait_merging_threads().expect("room for the index");
}

/// An open index.
pub(crate) struct Bare {
    searcher: Searcher,
    text: Field,
    date: Option<Field>,
    analyzer: TextAnalyzer,
}

/// How the number of all hits is found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Counting {
    /// In the search for the best ten, which then looks at every hit.
    InOneSearch,
    /// In a search of its own, so that the other may skip what cannot be among the best.
    InTwoSearches,
}

impl Bare {
    pub(crate) fn open(folder: &Path, stems: Stems) -> Bare {
        let index = tantivy::Index::open_in_dir(folder).expect("an index that was just built");
        let schema = index.schema();
        Bare {
            searcher: index.reader().expect("an index that was just built").searcher(),
            text: schema.get_field(TEXT).expect("it was put there"),
            date: schema.get_field(DATE).ok(),
            analyzer: analyzer(stems),
        }
    }

    /// How many paragraphs hold a word.
    pub(crate) fn frequency(&mut self, word: &str) -> u64 {
        let term = self.term(word);
        self.searcher.doc_freq(&term).expect("an index that is whole")
    }

    /// How many paragraphs match, and the texts of the ten best.
    pub(crate) fn answer(&mut self, asked: &Asked, counting: Counting) -> (usize, Vec<String>) {
        let query = self.query(asked);
        self.run(&*query, counting)
    }

    /// The same of words that stand so near each other, as a phrase with slop finds them.
    pub(crate) fn near(&mut self, words: &[String], slop: u32) -> (usize, Vec<String>) {
        let mut query = PhraseQuery::new(words.iter().map(|word| self.term(word)).collect());
        query.set_slop(slop);
        self.run(&query, Counting::InOneSearch)
    }

    /// The same of words, or rather stems, that begin so.
    pub(crate) fn beginning(&self, letters: &str) -> (usize, Vec<String>) {
        let query = RegexQuery::from_pattern(&format!("{letters}.*"), self.text).expect("letters are a pattern");
        self.run(&query, Counting::InOneSearch)
    }

    /// How many paragraphs match.
    pub(crate) fn count(&mut self, asked: &Asked) -> usize {
        let query = self.query(asked);
        self.searcher.search(&query, &Count).expect("an index that is whole")
    }

    /// How many paragraphs match in each year.
    pub(crate) fn years(&mut self, asked: &Asked) -> Vec<u64> {
        let (query, years) = (self.query(asked), HistogramCollector::new::<u64>(DATE.to_owned(), 0, 10_000, 3_000));
        self.searcher.search(&query, &years).expect("an index that is whole")
    }

    /// The texts of the ten newest matching paragraphs, and how many match.
    pub(crate) fn newest(&mut self, asked: &Asked) -> (usize, Vec<String>) {
        let (query, best) = (self.query(asked), TopDocs::with_limit(10).order_by_fast_field::<u64>(DATE, Order::Desc));
        let (best, count) = self.searcher.search(&query, &(best, Count)).expect("an index that is whole");
        (count, best.into_iter().map(|(_, address)| self.text_of(address)).collect())
    }

    fn run(&self, query: &dyn Query, counting: Counting) -> (usize, Vec<String>) {
        let best = || TopDocs::with_limit(10).order_by_score();
        let (best, count): (Vec<(f32, DocAddress)>, usize) = match counting {
            Counting::InOneSearch => self.searcher.search(query, &(best(), Count)).expect("an index that is whole"),
            Counting::InTwoSearches => (
                self.searcher.search(query, &best()).expect("an index that is whole"),
                self.searcher.search(query, &Count).expect("an index that is whole"),
            ),
        };
        (count, best.into_iter().map(|(_, address)| self.text_of(address)).collect())
    }

    fn text_of(&self, address: DocAddress) -> String {
        let document: TantivyDocument = self.searcher.doc(address).expect("an index that is whole");
        document.get_first(self.text).and_then(|value| value.as_str().map(str::to_owned)).expect("it is stored")
    }

    fn term(&mut self, word: &str) -> Term {
        let mut stream = self.analyzer.token_stream(word);
        assert!(stream.advance(), "a word of letters is a token");
        Term::from_field_text(self.text, &stream.token().text)
    }

    fn query(&mut self, asked: &Asked) -> Box<dyn Query> {
        let terms: Vec<Term> = asked.words.iter().map(|word| self.term(word)).collect();
        if asked.class.is_phrase() {
            return Box::new(PhraseQuery::new(terms));
        }
        let occur = if asked.class == Class::Either { Occur::Should } else { Occur::Must };
        let word = |term| -> Box<dyn Query> { Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) };
        let mut parts: Vec<(Occur, Box<dyn Query>)> = terms.into_iter().map(|term| (occur, word(term))).collect();
        if let (Some((since, until)), Some(date)) = (asked.years, self.date) {
            let bound = |digits: u32| Bound::Included(Term::from_field_u64(date, u64::from(digits)));
            parts.push((Occur::Must, Box::new(RangeQuery::new(bound(since * 10_000), bound(until * 10_000 + 9_999)))));
        }
        if parts.len() == 1 { parts.swap_remove(0).1 } else { Box::new(BooleanQuery::new(parts)) }
    }
}

/// tantivy's `en_stem` with one stemmer or the other.
fn analyzer(stems: Stems) -> TextAnalyzer {
    let words =
        TextAnalyzer::builder(SimpleTokenizer::default()).filter(RemoveLongFilter::limit(40)).filter(LowerCaser);
    match stems {
        Stems::Own => words.filter(Filter(|| frostem::Stemmer::new(frostem::Algorithm::English))).build(),
        Stems::OfNutgraf => {
            words.filter(Filter(|| rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::English))).build()
        }
    }
}

/// Makes the stem of a word in lower case.
trait Stemmer: 'static {
    fn stem<'a>(&self, word: &'a str) -> Cow<'a, str>;
}

impl Stemmer for frostem::Stemmer {
    fn stem<'a>(&self, word: &'a str) -> Cow<'a, str> {
        frostem::Stemmer::stem(self, word)
    }
}

impl Stemmer for rust_stemmers::Stemmer {
    fn stem<'a>(&self, word: &'a str) -> Cow<'a, str> {
        rust_stemmers::Stemmer::stem(self, word)
    }
}

/// tantivy's filter, which makes a stemmer for each text and asks it about each token.
struct Filter<S>(fn() -> S);

struct Filtered<S, T> {
    make: fn() -> S,
    inner: T,
}

// Not derived, because that would ask for a stemmer that can be cloned.
impl<S, T: Clone> Clone for Filtered<S, T> {
    fn clone(&self) -> Filtered<S, T> {
        Filtered { make: self.make, inner: self.inner.clone() }
    }
}

struct Stream<S, T> {
    tail: T,
    stemmer: S,
    buffer: String,
}

impl<S: Stemmer> TokenFilter for Filter<S> {
    type Tokenizer<T: Tokenizer> = Filtered<S, T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> Filtered<S, T> {
        Filtered { make: self.0, inner: tokenizer }
    }
}

impl<S: Stemmer, T: Tokenizer> Tokenizer for Filtered<S, T> {
    type TokenStream<'a> = Stream<S, T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        Stream { tail: self.inner.token_stream(text), stemmer: (self.make)(), buffer: String::new() }
    }
}

impl<S: Stemmer, T: TokenStream> TokenStream for Stream<S, T> {
    fn advance(&mut self) -> bool {
        if !self.tail.advance() {
            return false;
        }
        let token = self.tail.token_mut();
        match self.stemmer.stem(&token.text) {
            Cow::Owned(stem) => token.text = stem,
            Cow::Borrowed(stem) => {
                self.buffer.clear();
                self.buffer.push_str(stem);
                std::mem::swap(&mut token.text, &mut self.buffer);
            }
        }
        true
    }

    fn token(&self) -> &Token {
        self.tail.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.tail.token_mut()
    }
}
