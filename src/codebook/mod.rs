//! temp
mod coder;
mod file;
pub use coder::{Code, Coder, Codes, Memory};
pub use file::{Codebook, Entry, Name, Part};
