//! Plain data for what is no answer to a question: an article's page, and facts about an index.
//!
//! The caller fills it in; nothing here knows how it is printed.

/// Facts that belong together, such as what an index holds of each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its name, unlike that of every other section; a key in JSON, so `snake_case`.
    pub name: String,
    /// Keys, each only once, and what is known of them, in the order of printing.
    pub facts: Vec<(String, Fact)>,
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// So many.
    Count(u64),
    /// A name, a path, a date.
    Text(String),
    /// Several of them.
    List(Vec<String>),
    /// Not known.
    Unknown,
}
