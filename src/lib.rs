//! Full-text search over coverage of conflicts, whose unit is the paragraph.
#![doc = ""]

pub mod article;
pub mod codebook;
pub mod error;
pub mod groups;
pub mod highlight;
pub mod index;
pub mod interval;
pub mod meaning;
pub mod print;
pub mod query;
pub mod read;
pub mod search;
pub mod text;

pub use error::{Error, Result};
