//! Terms that are looked up once: in which segments they are, and where their postings lie.

use tantivy::postings::{BlockSegmentPostings, SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Term};

use super::open::{Index, Segment};
use crate::error::Result;

/// A term of a field, as the segments have it.
#[derive(Debug, Clone)]
pub(crate) struct LookedUp {
    field: Field,
    /// For each segment of the index where its postings lie, if it has any.
    infos: Box<[Option<TermInfo>]>,
}

impl Index {
    /// Looks a term up in all segments.
    pub(crate) fn look_up(&self, term: &Term) -> Result<LookedUp> {
        let infos = self.segments().map(|segment| {
            let inverted = self.inverted(segment, term.field())?;
            inverted.get_term_info(term).map_err(|error| self.damaged(&error.to_string()))
        });
        Ok(LookedUp { field: term.field(), infos: infos.collect::<Result<_>>()? })
    }

    /// In how many documents a term occurs, those that were deleted aside.
    pub(crate) fn frequency(&self, term: &LookedUp) -> Result<u64> {
        let mut frequency = 0;
        for segment in self.segments() {
            let Some(info) = &term.infos[segment.number] else { continue };
            frequency += u64::from(info.doc_freq);
            let Some(alive) = segment.reader.alive_bitset() else { continue };
            let Some(mut postings) = self.postings(segment, term, IndexRecordOption::Basic)? else { continue };
            let deleted = self.deleted(segment, alive);
            let gone = deleted.iter().filter(|gone| postings.doc() <= **gone && postings.seek(**gone) == **gone);
            frequency -= gone.count() as u64;
        }
        Ok(frequency)
    }

    /// The documents of a segment with a term; none if it does not have the term.
    pub(crate) fn postings(
        &self,
        segment: Segment<'_>,
        term: &LookedUp,
        option: IndexRecordOption,
    ) -> Result<Option<SegmentPostings>> {
        let Some(info) = &term.infos[segment.number] else { return Ok(None) };
        let postings = self.inverted(segment, term.field)?.read_postings_from_terminfo(info, option);
        postings.map(Some).map_err(|error| self.damaged(&error.to_string()))
    }

    /// The same in blocks, without positions.
    pub(crate) fn block_postings(
        &self,
        segment: Segment<'_>,
        term: &LookedUp,
        option: IndexRecordOption,
    ) -> Result<Option<BlockSegmentPostings>> {
        let Some(info) = &term.infos[segment.number] else { return Ok(None) };
        let postings = self.inverted(segment, term.field)?.read_block_postings_from_terminfo(info, option);
        postings.map(Some).map_err(|error| self.damaged(&error.to_string()))
    }
}
