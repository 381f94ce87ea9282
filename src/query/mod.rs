//! A question becomes a tree: text enters, a [`Node`] or a [`QueryError`](crate::error::QueryError) with its column and
//! cure leaves.
//!
//! Nothing here knows an index, a schema or the analysis of words: a word leaves as it was typed. Nothing is guessed and
//! nothing is dropped: what this version cannot do is refused by its name.
//!
//! ```
//! use nutgraf::query::{Join, parse};
//!
//! let tree = parse("frozen assets", Join::All)?;
//! assert_eq!(tree.to_string(), "(frozen AND assets)");
//! assert_eq!(parse(&tree.to_string(), Join::Any)?, tree);
//!
//! let error = parse("frozen assets OR reserves", Join::All).unwrap_err();
//! assert_eq!(error.column(), 15);
//! assert_eq!(error.cure.as_deref(), Some("write (frozen assets) OR reserves, or frozen (assets OR reserves)"));
//! # Ok::<(), nutgraf::error::QueryError>(())
//! ```

mod boolean;
mod dialect;
mod fault;
mod field;
mod foreign;
mod function;
mod lexer;
mod mix;
mod near;
mod parser;
mod print;
#[cfg(test)]
mod properties;
mod question;
#[cfg(test)]
mod tests;
pub mod tree;
mod value;
mod word;

pub use boolean::{all, any};
pub use dialect::{Dialect, NoDialect, parse_as};
pub use parser::{DEEPEST, LONGEST, parse};
pub use print::FormsOf;
pub use question::{Question, dates, filter};
pub use tree::{Boost, Compare, DateTest, Field, Form, Kind, Near, Node, Phrase, Reach, Word};

/// What words that stand side by side mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Join {
    /// `a b` is `a AND b`.
    #[default]
    All,
    /// `a b` is `a OR b`, as `--any` asks; beside a NOT it is still AND, so that `a NOT b` leaves b out.
    Any,
}

/// The beginning of a piece of the question, short enough for a message.
fn shown(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

/// Whether there is anything in it that a search could find.
fn searchable(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// A number of ASCII digits only: no sign, no space, no separator.
fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}
