//! Analyzers that are lent out: the words that one has met it knows the next time, too.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

use super::open::Index;
use crate::text::Analyzer;

/// The analyzers that nobody uses at the moment: as many as there were users at once.
#[derive(Default)]
pub(super) struct Analyzers(Mutex<Vec<Analyzer>>);

/// An analyzer until it is dropped.
pub(crate) struct Lent<'a> {
    analyzer: Option<Analyzer>,
    back: &'a Analyzers,
}

impl Index {
    /// An analyzer, one that was used before if there is one.
    pub(crate) fn analyzer(&self) -> Lent<'_> {
        let back = &self.analyzers;
        let analyzer = back.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Lent { analyzer: Some(analyzer.unwrap_or_default()), back }
    }
}

impl Deref for Lent<'_> {
    type Target = Analyzer;

    fn deref(&self) -> &Analyzer {
        self.analyzer.as_ref().expect("it is taken when this is dropped")
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Analyzer {
        self.analyzer.as_mut().expect("it is taken when this is dropped")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        // One that was in use in a panic may be half changed.
        if let Some(analyzer) = self.analyzer.take().filter(|_| !std::thread::panicking()) {
            self.back.0.lock().unwrap_or_else(PoisonError::into_inner).push(analyzer);
        }
    }
}
