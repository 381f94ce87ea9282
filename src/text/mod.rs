//! Text to tokens: the one analysis that index, queries, codebooks and highlights share.
//!
//! In comes the text of a paragraph and its language; out come [`Token`]s with position, byte range and sentence, each
//! pointing at an [`Entry`] that remembers how the word is folded and stemmed. Nothing here reads a file or knows an
//! index.
//!
//! ```
//! use nutgraf::text::{Analyzer, Lang};
//!
//! let mut analyzer = Analyzer::default();
//! let analysis = analyzer.analyze("Frozen assets: the U.S. holds few. Others hold more.", Lang::ENGLISH);
//! let words: Vec<&str> = analysis.tokens().iter().map(|token| analysis.entry(token).stem()).collect();
//! assert_eq!(words, ["frozen", "asset", "the", "us", "hold", "few", "other", "hold", "more"]);
//! assert_eq!(analysis.tokens()[6].sentence, 1);
//! ```

mod fold;
mod lang;
mod lexicon;
mod pattern;
mod sentence;
mod shape;
mod tokens;

pub use fold::fold;
pub use lang::{Lang, NoLang, detect};
pub use lexicon::{Analysis, Analyzer, Entry};
pub use pattern::{Pattern, Slot, Spelling};
pub use sentence::is_abbreviation;
pub use shape::{Letters, Shape, folded_of};
pub use tokens::{Token, sentences, words};

/// The words of a name or address as they are compared, whatever the language.
pub fn folded_words(text: &str) -> Vec<String> {
    words(text).into_iter().map(|range| fold(&text[range]).replace('.', "")).collect()
}
