//! Questions in the language of another search engine, pasted as they stand.
//!
//! The text enters; the tree that asks the same here leaves, or an error at its place in the pasted text. What has no
//! equal here is refused by its name: nothing is dropped and nothing is guessed. What was read is printed to the asker in
//! our own language, which is what these trees print as.
//!
//! ```
//! use nutgraf::query::{Dialect, Join, parse, parse_as};
//!
//! let tree = parse_as("frozen assets AND sanction! W/5 russia", Dialect::Nexis, Join::All)?;
//! assert_eq!(tree.to_string(), "ARTICLE(\"frozen assets\" AND (sanction* W/5 russia))");
//! assert_eq!(parse(&tree.to_string(), Join::All)?, tree);
//!
//! let tree = parse_as("+frozen +date:[2022 TO 2023] -title:gold", Dialect::Lucene, Join::All)?;
//! assert_eq!(tree.to_string(), "(frozen AND date:2022..2023 AND NOT title:gold)");
//!
//! let error = parse_as("frozen AND hlead(assets)", Dialect::Nexis, Join::All).unwrap_err();
//! assert_eq!(error.column(), 12);
//! # Ok::<(), nutgraf::error::QueryError>(())
//! ```

mod connectors;
mod dates;
mod factiva;
mod leaf;
mod lucene;
mod nexis;
mod pieces;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::error::QueryError;

use super::lexer::is_space;
use super::{DEEPEST, Join, LONGEST, Node, boolean, parse};

/// The language that a question is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    /// Our own.
    #[default]
    Nutgraf,
    /// The classic query parser of Lucene, which Solr and Elasticsearch have too. OR stands between words side by side.
    Lucene,
    /// Terms and connectors of LexisNexis. AND holds over an article, words side by side are a phrase.
    Nexis,
    /// The free text of Factiva (its traditional search). AND holds over an article, words side by side are a phrase.
    Factiva,
}

impl Dialect {
    /// All of them, our own first.
    pub const ALL: [Dialect; 4] = [Dialect::Nutgraf, Dialect::Lucene, Dialect::Nexis, Dialect::Factiva];

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Nutgraf => "nutgraf",
            Dialect::Lucene => "lucene",
            Dialect::Nexis => "nexis",
            Dialect::Factiva => "factiva",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no dialect has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no dialect of this name: they are nutgraf, lucene, nexis and factiva")]
pub struct NoDialect;

impl FromStr for Dialect {
    type Err = NoDialect;

    /// Reads a name, whatever its case.
    fn from_str(name: &str) -> Result<Dialect, NoDialect> {
        Dialect::ALL.into_iter().find(|dialect| dialect.name().eq_ignore_ascii_case(name)).ok_or(NoDialect)
    }
}

/// Reads a question in a dialect. `join` is for our own alone: the others say themselves what stands between words side
/// by side, OR in Lucene whatever was configured elsewhere, nothing at all (they are a phrase) in Nexis and Factiva.
///
/// # Errors
///
/// Those of [`parse`]; and for what the dialect has and our language has not. Their places are in the pasted text.
pub fn parse_as(text: &str, dialect: Dialect, join: Join) -> Result<Node, QueryError> {
    // Too long or empty is the same fault in every language.
    if text.len() > LONGEST || text.chars().all(is_space) {
        return parse(text, join);
    }
    let tree = match dialect {
        Dialect::Nutgraf => return parse(text, join),
        Dialect::Lucene => lucene::read(text)?,
        Dialect::Nexis => connectors::read::<nexis::Nexis>(text)?,
        Dialect::Factiva => connectors::read::<factiva::Factiva>(text)?,
    };
    if !boolean::finds(&tree) {
        return Err(QueryError::at(text, tree.span, "a question of NOT alone finds everything else")
            .cure("say what to look for, then what to leave out"));
    }
    // Our own writing has parentheses where others have none.
    if boolean::height(&tree) > DEEPEST {
        let message = format!("written out, this has more than {DEEPEST} parentheses inside each other");
        return Err(QueryError::at(text, tree.span, message).cure("ask for less, or in several questions"));
    }
    Ok(tree)
}
