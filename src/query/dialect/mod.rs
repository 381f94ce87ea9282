//! Questions in the language of another search engine, pasted as they stand.
//!
//! The text enters; the tree that asks the same here leaves, or an error that names what has no equal. Nothing is left
//! out and nothing is guessed: the tree is printed to the asker as it was read.
//!
//! ```
//! use nutgraf::query::{Dialect, Join, parse_as};
//!
//! let tree = parse_as("frozen assets AND sanction! w/5 russia", Dialect::Nexis, Join::All)?;
//! assert_eq!(tree.to_string(), "ARTICLE(\"frozen assets\" AND (sanction* W/5 russia))");
//! let tree = parse_as("+frozen -title:gold +date:[2022 TO 2023]", Dialect::Lucene, Join::All)?;
//! assert_eq!(tree.to_string(), "(frozen AND date:2022..2023 AND NOT title:gold)");
//! # Ok::<(), nutgraf::error::QueryError>(())
//! ```

mod connectors;
mod fields;
mod lucene;
mod pieces;
#[cfg(test)]
mod tests;

use crate::error::QueryError;

use crate::query::{DEEPEST, Join, LONGEST, Node, boolean, parse};

/// The language a question is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Our own.
    #[default]
    Nutgraf,
    /// Lucene's classic query parser, also of Solr and Elasticsearch (`query_string`); between words side by side stands OR.
    Lucene,
    /// Terms and connectors of LexisNexis: AND is over the whole article, words side by side are a phrase.
    Nexis,
    /// Factiva's free text: AND is over the whole article, words side by side are a phrase.
    Factiva,
}

/// Reads a question in a dialect. `join` is for our own alone: the others say themselves what stands between words.
///
/// # Errors
///
/// As [`parse`]; and for what the dialect has and we do not.
pub fn parse_as(text: &str, dialect: Dialect, join: Join) -> Result<Node, QueryError> {
    if dialect == Dialect::Nutgraf {
        return parse(text, join);
    }
    if text.len() > LONGEST {
        // Our own parser words the fault.
        return parse(text, join);
    }
    let tree = match dialect {
        Dialect::Lucene => lucene::read(text)?,
        Dialect::Factiva => connectors::read(text, connectors::Engine::Factiva)?,
        Dialect::Nexis | Dialect::Nutgraf => connectors::read(text, connectors::Engine::Nexis)?,
    };
    if !boolean::finds(&tree) {
        return Err(QueryError::at(text, 0..text.len(), "a question of NOT alone finds everything else")
            .cure("say what to look for, then what to leave out"));
    }
    if boolean::height(&tree) > DEEPEST {
        return Err(QueryError::at(text, 0..text.len(), "this is too deep when it is written here")
            .cure("leave out parentheses that are not needed, or ask in several questions"));
    }
    Ok(tree)
}
