//! Bytes to articles: the only room that knows file formats and encodings.
//!
//! Files enter, articles leave, and with them what could not be read and what is doubtful:
//!
//! ```text
//! walk(root) -> Source -> records(source) -> Record -> Record::read -> Article + notices
//!               a file    cuts, one thread   Send      parses, any thread
//! ```
//!
//! [`records`] only finds where one record ends and the next begins, and holds one at a time, so that a file larger
//! than the memory can be read. What costs time, parsing JSON or finding the text of a page, happens in
//! [`Record::read`], which any thread may call.
//!
//! Nothing here panics on what a file holds, reads the clock, or follows a link to the network. A record that cannot
//! be read is a [`Skipped`]; the others go on.

mod cut;
mod cut_json;
mod date;
mod delimited;
mod draft;
mod encoding;
mod fields;
mod html;
mod json;
mod kind;
mod language;
mod markdown;
mod months;
mod names;
mod page;
mod paragraphs;
mod record;
mod references;
mod sentences;
mod stream;
mod txt;
mod walk;

use std::fmt;
use std::time::Duration;

use crate::article::PubDate;

/// The name of the threads that HTML pages are read on. A panic there is caught and reported as [`Skipped`].
pub const PAGE_THREAD: &str = "page";

pub use cut::records;
pub use fields::{Mapping, NoMapping};
pub use record::Record;
pub use walk::{Source, Walk, walk};

/// What may be read, how much of it, and under which names.
#[derive(Debug, Clone)]
pub struct Options {
    /// How much one file or record may cost.
    pub limits: Limits,
    /// Which of a record's fields is which, beside the usual names.
    pub mapping: Mapping,
    /// Whether files and directories whose names begin with a dot are read.
    pub hidden: bool,
    /// Whether symbolic links are followed.
    pub follow_links: bool,
    /// The day of the run. A later date is reported and treated as unknown; this room never reads the clock.
    pub today: PubDate,
}

impl Options {
    /// The default limits, no mapping, no hidden files, no links, on the day `today`.
    pub fn new(today: PubDate) -> Options {
        Options { limits: Limits::default(), mapping: Mapping::default(), hidden: false, follow_links: false, today }
    }
}

/// How much one file or record may cost.
///
/// All but `page_time` are the same on every machine, so that two runs over the same files read the same articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The largest record, in bytes.
    pub record_bytes: u64,
    /// The most that is read of one file, in bytes after decompression.
    pub file_bytes: u64,
    /// How deep JSON and YAML may be nested; above 127 the JSON parser's own limit holds. Pages may be nested four
    /// times as deep, because their unclosed tags count.
    pub depth: usize,
    /// The largest HTML page, in bytes: its tree takes many times its size.
    pub page_bytes: u64,
    /// The most tags of an HTML page, and an eighth of the most elements that its repair may make of them.
    pub page_tags: usize,
    /// After this time a page is given up and reported. A net below the other limits, which bound what a page costs:
    /// the thread that reads it is not killed but left to end by itself.
    pub page_time: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            record_bytes: 64 << 20,
            file_bytes: 1 << 30,
            depth: 127,
            page_bytes: 16 << 20,
            page_tags: 100_000,
            page_time: Duration::from_secs(30),
        }
    }
}

/// A record or file that could not be read.
///
/// ```
/// use nutgraf::read::Skipped;
///
/// let skipped = Skipped { path: "wire/may.jsonl".into(), line: Some(812), why: "not JSON".into() };
/// assert_eq!(skipped.to_string(), "wire/may.jsonl:812: not JSON");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The file's path below the root, as in an article.
    pub path: String,
    /// The line, from 1, where the record begins, if it is known.
    pub line: Option<u64>,
    /// Why it could not be read, as a clause without a full stop.
    pub why: String,
}

/// Something doubtful in an article that was read all the same, such as an impossible date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// The file's path below the root, as in an article.
    pub path: String,
    /// The line, from 1, where the record begins, if it is known.
    pub line: Option<u64>,
    /// What is doubtful and what was done about it, as a clause without a full stop.
    pub what: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_at(f, &self.path, self.line, &self.why)
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_at(f, &self.path, self.line, &self.what)
    }
}

fn print_at(f: &mut fmt::Formatter<'_>, path: &str, line: Option<u64>, what: &str) -> fmt::Result {
    match line {
        Some(line) => write!(f, "{path}:{line}: {what}"),
        None => write!(f, "{path}: {what}"),
    }
}

/// An excerpt of outside text for a message: at most 40 code points, without control characters.
fn quoted(text: &str) -> String {
    let mut shown: String =
        text.chars().take(40).map(|c| if c.is_control() || is_bidi(c) { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

/// The marks that reorder a line of text, so that a message could read other than it is.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
