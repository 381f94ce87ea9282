//! The codes of one facet field, paragraph by paragraph: each path gets a number, and a code stands for itself and all
//! above it.

use std::ops::Range;

use hashbrown::HashMap;

use super::facets::ancestors;
use crate::error::Result;
use crate::index::{FacetColumn, Index};

/// A reader of codes. Documents are best asked for in their order: one segment is open at a time.
pub(super) struct Codes<'a> {
    index: &'a Index,
    field: &'a str,
    paths: Vec<String>,
    numbers: HashMap<String, u32>,
    open: Option<Open<'a>>,
}

/// The segment that is open.
struct Open<'a> {
    documents: Range<u32>,
    column: &'a FacetColumn,
    /// For each facet of the segment the place of what it stands for, plus one; zero until it is met.
    places: Vec<u32>,
    /// For each facet that was met: the numbers of its path and of all above it, ascending.
    stands_for: Vec<Vec<u32>>,
}

impl<'a> Codes<'a> {
    /// The codes of a field that has facets.
    pub(super) fn new(index: &'a Index, field: &'a str) -> Codes<'a> {
        Codes { index, field, paths: Vec::new(), numbers: HashMap::new(), open: None }
    }

    /// The paths that were met, by number.
    pub(super) fn paths(&self) -> &[String] {
        &self.paths
    }

    /// The same, for good.
    pub(super) fn into_paths(self) -> Vec<String> {
        self.paths
    }

    /// Puts the codes of a document in place of what `codes` holds: ancestors included, ascending, each once.
    pub(super) fn of(&mut self, document: u32, codes: &mut Vec<u32>) -> Result<()> {
        codes.clear();
        let Codes { index, field, paths, numbers, open } = self;
        let open = match open {
            Some(open) if open.documents.contains(&document) => open,
            open => open.insert(Open::holding(index, document, field)?),
        };
        let mut met = 0;
        for ord in open.column.values(document - open.documents.start) {
            let place = open.places.get_mut(ord as usize).ok_or_else(|| index.damaged("a facet without a name"))?;
            if *place == 0 {
                let path = open.column.path(index, ord)?;
                let named = ancestors(&path).chain([&*path]).map(|path| {
                    *numbers.entry_ref(path).or_insert_with(|| {
                        paths.push(path.to_owned());
                        paths.len() as u32 - 1
                    })
                });
                let mut stands_for: Vec<u32> = named.collect();
                stands_for.sort_unstable();
                open.stands_for.push(stands_for);
                *place = open.stands_for.len() as u32;
            }
            codes.extend_from_slice(&open.stands_for[*place as usize - 1]);
            met += 1;
        }
        if met > 1 {
            codes.sort_unstable();
            codes.dedup();
        }
        Ok(())
    }
}

impl<'a> Open<'a> {
    /// Opens the segment that holds a document.
    fn holding(index: &'a Index, document: u32, field: &str) -> Result<Open<'a>> {
        let (segment, place) = index.locate(document);
        let base = document - place;
        let documents = base..base + index.searcher().segment_reader(segment as u32).max_doc();
        let column = index.facets(segment, field)?;
        Ok(Open { documents, column, places: vec![0; column.count() as usize], stands_for: Vec::new() })
    }
}
