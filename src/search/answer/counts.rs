//! Answers that count over time, and by two facets at once.

use super::{FacetCount, Holdings, Period, Totals, Unit};

/// How much matches in each period, from the first with a match to the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The question as it was asked.
    pub text: String,
    /// The question as it was read; empty where every paragraph was asked for.
    pub read_as: String,
    /// What the index holds.
    pub index: Holdings,
    /// How much of it matches: the sum of `periods` and `apart`, in paragraphs, groups and articles.
    pub total: Totals,
    /// How long a period is.
    pub by: Unit,
    /// What each count is split by, if it is.
    pub split: Option<Split>,
    /// The periods in order, those without a match among them.
    pub periods: Vec<Moment>,
    /// What is dated too roughly for a period, or not at all: only where there is any.
    pub apart: Vec<(Apart, Counts)>,
}

/// The values that a timeline is split by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The facet field.
    pub field: String,
    /// The values with most groups, none below another, and last [`OTHER`] if there is any; each with its counts over all
    /// periods and what is apart.
    pub values: Vec<FacetCount>,
}

/// What stands for a path where a paragraph has none of the values shown. A path begins with a slash.
pub const OTHER: &str = "other";

/// One period of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The period.
    pub period: Period,
    /// What matches in it.
    pub counts: Counts,
    /// How many paragraphs the index holds of it, whether they match or not; none if that was not asked for.
    pub of: Option<u64>,
}

/// What matches in one period, as a whole and for each value of the split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// As a whole.
    pub whole: Count,
    /// For each value of the split, in its order; empty where there is none.
    pub parts: Vec<Count>,
}

/// How much there is of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Paragraphs.
    pub paragraphs: u64,
    /// Groups of copies whose oldest matching member stands here, boilerplate aside.
    pub groups: u64,
    /// Articles.
    pub articles: u64,
}

/// Why something stands in no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Apart {
    /// Of the date only month and year are known.
    MonthOnly,
    /// Of the date only the year is known.
    YearOnly,
    /// There is no date.
    Undated,
}

/// How often values of two facet fields stand in one paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cross {
    /// The question as it was asked.
    pub text: String,
    /// The question as it was read; empty where every paragraph was asked for.
    pub read_as: String,
    /// What the index holds.
    pub index: Holdings,
    /// How much of it matches.
    pub total: Totals,
    /// The field of the rows.
    pub by: String,
    /// The field of the columns. If it is the same, the cells are pairs.
    pub and: String,
    /// The values of the rows, in the order of facet counts.
    pub rows: Vec<FacetCount>,
    /// The values of the columns, likewise.
    pub columns: Vec<FacetCount>,
    /// The cells that are not empty: those with most groups first, then most paragraphs, then by row and column. Pairs
    /// stand once, with the path that sorts first as their row, and neither is above the other.
    pub cells: Vec<Cell>,
}

/// A cell of a cross table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The path of its row.
    pub row: String,
    /// The path of its column.
    pub column: String,
    /// Groups with a matching member that has both.
    pub groups: u64,
    /// Matching paragraphs that have both.
    pub paragraphs: u64,
    /// Articles with such a paragraph.
    pub articles: u64,
}
