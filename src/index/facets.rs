//! The facets of documents: each column is opened once, and the path of each value looked up once.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hashbrown::HashMap;
use tantivy::fastfield::FacetReader;
use tantivy::schema::Facet;

use super::open::Index;
use super::schema::FACETS;
use crate::error::Result;

/// The columns of a segment's facets, as far as they were asked for.
#[derive(Default)]
pub(super) struct FacetColumns([OnceLock<FacetColumn>; FACETS.len()]);

/// The facets of the documents of a segment in one field.
pub(crate) struct FacetColumn {
    reader: FacetReader,
    /// The paths that were looked up, by the number of their value.
    paths: Mutex<HashMap<u64, Arc<str>>>,
}

impl Index {
    /// The facets of a segment in a field, which is one of [`FACETS`].
    pub(crate) fn facets(&self, segment: usize, field: &str) -> Result<&FacetColumn> {
        let place = FACETS.iter().position(|name| *name == field);
        let place = place.ok_or_else(|| self.damaged(&format!("there is no facet {field}")))?;
        let column = &self.columns[segment].0[place];
        if let Some(column) = column.get() {
            return Ok(column);
        }
        let reader = self.searcher().segment_reader(segment as u32).facet_reader(field);
        let reader = reader.map_err(|error| self.damaged(&error.to_string()))?;
        Ok(column.get_or_init(|| FacetColumn { reader, paths: Mutex::default() }))
    }
}

impl FacetColumn {
    /// The numbers of the values that a document of the segment has.
    pub(crate) fn values(&self, place: u32) -> impl Iterator<Item = u64> + '_ {
        self.reader.facet_ords(place)
    }

    /// How many values there are; their numbers are those below.
    pub(crate) fn count(&self) -> u64 {
        self.reader.num_facets() as u64
    }

    /// A value as a facet.
    pub(crate) fn facet(&self, index: &Index, value: u64) -> Result<Facet> {
        let mut facet = Facet::default();
        self.reader.facet_from_ord(value, &mut facet).map_err(|error| index.damaged(&error.to_string()))?;
        Ok(facet)
    }

    /// A value as a path, such as `/russia/government`.
    pub(crate) fn path(&self, index: &Index, value: u64) -> Result<Arc<str>> {
        let paths = || self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = paths().get(&value) {
            return Ok(Arc::clone(path));
        }
        let path: Arc<str> = self.facet(index, value)?.to_string().into();
        paths().insert(value, Arc::clone(&path));
        Ok(path)
    }
}
