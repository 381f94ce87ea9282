//! Codebooks: which actors and topics there are, how texts name them, and which of them a paragraph names.
//!
//! In comes a TOML file that a researcher wrote, or the built-in [`Codebook::conflict`], and then the tokens of paragraphs;
//! out come codes such as `/russia/government` with the words that they rest on. Nothing here knows an index.

mod coder;
mod file;
mod import;
mod overlap;
mod resolve;
mod rules;
mod slots;
mod words;
mod written;

pub use coder::{Code, Coder, Codes, Memory};
pub use file::{ByLang, Codebook, Entry, Name, Part};
pub use import::{Imported, newsmap, phoenix};
pub use overlap::Overlap;
