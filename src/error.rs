//! What can go wrong, sorted by whose fault it is.
//!
//! Nothing here knows another room. File errors carry the path and, where there is one, the line; query errors carry
//! the place in the question and, where there is one, the cure.

use std::fmt;
use std::path::{Path, PathBuf};

/// A result whose error is nutgraf's own.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, by fault.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The question cannot be read or means nothing in this index.
    #[error("query: {0}")]
    Query(Box<QueryError>),
    /// A file that the user wrote for nutgraf (a codebook, a mapping) is wrong.
    #[error("{}{}: {what}", path.display(), Line(*line))]
    Input {
        /// The file.
        path: PathBuf,
        /// The line, from 1, where it is known.
        line: Option<u64>,
        /// What is wrong, as a clause without a full stop.
        what: String,
    },
    /// The index is absent, damaged, in use or of another format.
    #[error("{}: {what}", path.display())]
    Index {
        /// The index directory or the file in it.
        path: PathBuf,
        /// What is wrong and what to do about it.
        what: String,
    },
    /// The operating system refused.
    #[error("{}: {doing}: {error}{}", path.display(), cure(error.kind()))]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What was being done, such as "reading".
        doing: &'static str,
        /// The system's own words.
        error: std::io::Error,
    },
}

impl Error {
    /// For `map_err`: `Error::io(path, "reading")` makes the closure that wraps a system error.
    pub fn io(path: &Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_path_buf();
        move |error| Error::Io { path, doing, error }
    }

    /// An error of the index at `path`.
    pub fn index(path: &Path, what: impl Into<String>) -> Error {
        Error::Index { path: path.to_path_buf(), what: what.into() }
    }
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Error {
        Error::Query(Box::new(error))
    }
}

/// What to do about what the operating system refuses, where that is known.
fn cure(kind: std::io::ErrorKind) -> &'static str {
    use std::io::ErrorKind;
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "; make room there, or choose another place"
        }
        ErrorKind::ReadOnlyFilesystem => "; nothing can be written there: choose another place",
        ErrorKind::PermissionDenied => "; change its permissions, or choose another place",
        _ => "",
    }
}

/// A question that is refused, with its place pointed at.
///
/// `Display` prints the message, then the question with the place underlined, then the cure:
///
/// ```
/// use nutgraf::error::QueryError;
///
/// let error = QueryError::at("\"frozen assets", 0..1, "this quote is never closed").cure("write \"frozen assets\"");
/// assert_eq!(
///     error.to_string(),
///     "this quote is never closed\n  \"frozen assets\n  ^\n  write \"frozen assets\""
/// );
/// assert_eq!(error.column(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// The question as it was asked.
    pub text: String,
    /// The place, as a byte range of `text`.
    pub span: std::ops::Range<usize>,
    /// What is wrong, as a clause without a full stop.
    pub message: String,
    /// What to write instead, where that is known.
    pub cure: Option<String>,
}

impl QueryError {
    /// An error at a byte range of the question.
    pub fn at(text: &str, span: std::ops::Range<usize>, message: impl Into<String>) -> QueryError {
        QueryError { text: text.to_owned(), span, message: message.into(), cure: None }
    }

    /// The same error with a cure.
    #[must_use]
    pub fn cure(mut self, cure: impl Into<String>) -> QueryError {
        self.cure = Some(cure.into());
        self
    }

    /// The column where the fault begins, in code points from 1.
    pub fn column(&self) -> usize {
        self.before().chars().count() + 1
    }

    fn before(&self) -> &str {
        let mut start = self.span.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        &self.text[..start]
    }
}

/// The widest excerpt of a question that an error shows, in code points.
const SHOWN: usize = 72;

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A question may be a pasted page: show the stretch around the fault, and never a raw control character.
        let column = self.column() - 1;
        let skipped = if column > SHOWN { column - SHOWN / 2 } else { 0 };
        let shown: String = self.text.chars().skip(skipped).take(SHOWN).map(visible).collect();
        let length = self.text.get(self.span.clone()).map_or(1, |at| at.chars().count());
        let marks = length.clamp(1, SHOWN.saturating_sub(column - skipped).max(1));
        write!(f, "{}\n  {shown}\n  {:indent$}{}", self.message, "", "^".repeat(marks), indent = column - skipped)?;
        if skipped > 0 || marks < length {
            write!(f, "  (column {})", column + 1)?;
        }
        match &self.cure {
            Some(cure) => write!(f, "\n  {cure}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for QueryError {}

/// Control characters and the marks that reorder a line are shown as a replacement character.
fn visible(c: char) -> char {
    match c {
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

/// Prints `:812` for a known line and nothing for an unknown one.
struct Line(Option<u64>);

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(line) => write!(f, ":{line}"),
            None => Ok(()),
        }
    }
}
