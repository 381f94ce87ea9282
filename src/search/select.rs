//! All that a question accepts, paragraph by paragraph, for whoever puts several questions together.

use std::collections::BTreeMap;

use super::answer::Totals;
use super::arrivals::Arrivals;
use super::collect::{Collector, Found};
use super::{Sort, read_as, resolved, scan_all};
use crate::error::Result;
use crate::index::Index;
use crate::meaning::{Clause, Forms, MOST_FORMS, Resolved};
use crate::query::{Form, Question};
use crate::text::folded_of;

/// What a question accepts.
pub(crate) struct Selection {
    pub(crate) clause: Clause,
    /// The question as it was read, its wildcards counted.
    pub(crate) read_as: String,
    /// The wildcards and fuzzy words as they are written in a question, each with the folded forms that it stands for.
    pub(crate) forms: BTreeMap<String, Vec<String>>,
    pub(crate) total: Totals,
    /// Every paragraph, best first.
    pub(crate) found: Vec<Found>,
}

/// All that a question accepts; only of articles that came, if some are named.
///
/// # Errors
///
/// When the question names what the index does not have, or the index is damaged.
pub(crate) fn select(index: &Index, question: &Question, among: Option<&Arrivals>) -> Result<Selection> {
    let Resolved { clause, forms } = resolved(index, question)?;
    let mut collector = Collector::new(&index.table, Sort::default(), false, usize::MAX, false).among(among);
    scan_all(index, &clause, &mut collector)?;
    let found = collector.finish();
    let read_as = read_as(question, &forms);
    Ok(Selection { read_as, forms: listed(index, &forms)?, total: collector.total, found, clause })
}

/// The forms that wildcards and fuzzy words stand for, sorted.
fn listed(index: &Index, forms: &Forms) -> Result<BTreeMap<String, Vec<String>>> {
    let mut listed = BTreeMap::new();
    for ((word, form, slips), formed) in forms {
        let mark = match form {
            Form::Any => "",
            Form::Exact => "=",
            Form::Cased => "==",
        };
        let slips = slips.map_or(String::new(), |slips| format!("~{slips}"));
        let mut words = Vec::new();
        for shape in &formed.shapes {
            let found = index.forms(shape, MOST_FORMS)?;
            let terms = found.terms.iter().filter_map(|term| term.value().as_str().map(folded_of).map(str::to_owned));
            words.extend(terms);
        }
        words.sort_unstable();
        words.dedup();
        listed.insert(format!("{mark}{word}{slips}"), words);
    }
    Ok(listed)
}
