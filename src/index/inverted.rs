//! Lists of places, sorted by counting and written in tantivy's format.
//!
//! tantivy's own writer keeps a growing list for each term, found by the term's bytes for each word of each text. Here
//! terms have numbers before they come, places are noted in the order of the texts, and sorted once, when all are known.
//! What is sorted is four bytes for each: the place's number in the order of the texts, from which it is found again.

use std::hash::BuildHasher;
use std::io;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::Field;
use tantivy::tokenizer::MAX_TOKEN_LEN;

/// The different terms of a field, numbered from 0 as they are met.
#[derive(Default)]
pub(super) struct Terms {
    hash: DefaultHashBuilder,
    numbers: HashTable<u32>,
    /// All terms, one after another, and where each ends.
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Terms {
    /// The number of a term.
    pub(super) fn number(&mut self, term: &[u8]) -> u32 {
        let hash = self.hash.hash_one(term);
        if let Some(number) = self.numbers.find(hash, |number| self.term(*number) == term) {
            return *number;
        }
        let number = self.ends.len() as u32;
        self.bytes.extend_from_slice(term);
        self.ends.push(self.bytes.len());
        let (bytes, ends, hasher) = (&self.bytes, &self.ends, &self.hash);
        self.numbers.insert_unique(hash, number, |number| hasher.hash_one(term_of(bytes, ends, *number)));
        number
    }

    fn term(&self, number: u32) -> &[u8] {
        term_of(&self.bytes, &self.ends, number)
    }

    /// How many there are.
    fn len(&self) -> usize {
        self.ends.len()
    }

    /// Memory in bytes, about.
    pub(super) fn size(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<usize>() + self.numbers.capacity() * size_of::<u32>()
    }
}

fn term_of<'a>(bytes: &'a [u8], ends: &[usize], number: u32) -> &'a [u8] {
    let number = number as usize;
    let start = number.checked_sub(1).map_or(0, |before| ends[before]);
    &bytes[start..ends[number]]
}

/// A document and a position in it, in one number whose order is that of the postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u64);

impl Place {
    pub(super) fn new(document: u32, position: u32) -> Place {
        Place(u64::from(document) << 32 | u64::from(position))
    }

    fn document(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn position(self) -> u32 {
        self.0 as u32
    }
}

/// Where the terms of a field stand. Places have numbers in their order, which need not be dense.
pub(super) trait Places {
    /// The terms.
    fn terms(&self) -> &Terms;

    /// Visits each occurrence: the number of the term, and that of its place. Those of one term ascend.
    fn each(&self, visit: impl FnMut(u32, u32));

    /// The place with a number that was visited.
    fn place(&self, number: u32) -> Place;
}

/// Places that are noted one by one.
#[derive(Default)]
pub(super) struct Log {
    terms: Terms,
    places: Vec<(u32, Place)>,
    /// For each facet met so far the terms that it is found by: its own and those of all above it.
    facets: HashMap<String, Box<[u32]>>,
}

impl Log {
    /// Notes that a term stands at a place, which is not before any other of its. A term longer than tantivy's
    /// dictionaries take is left out, as tantivy does.
    pub(super) fn add(&mut self, term: &[u8], place: Place) {
        if term.len() <= MAX_TOKEN_LEN {
            self.places.push((self.terms.number(term), place));
        }
    }

    /// Notes that a document has a facet, in tantivy's spelling.
    pub(super) fn add_facet(&mut self, facet: &str, document: u32) {
        let terms = self.facets.entry_ref(facet).or_insert_with(|| {
            let ends = facet.match_indices('\0').map(|(at, _)| at).chain([facet.len()]);
            let ends = [0].into_iter().chain(ends.filter(|end| *end > 0));
            let terms = ends.map(|end| &facet.as_bytes()[..end]).filter(|term| term.len() <= MAX_TOKEN_LEN);
            terms.map(|term| self.terms.number(term)).collect()
        });
        self.places.extend(terms.iter().map(|term| (*term, Place::new(document, 0))));
    }

    /// Memory in bytes, about.
    pub(super) fn size(&self) -> usize {
        self.terms.size() + self.places.capacity() * size_of::<(u32, Place)>()
    }
}

impl Places for Log {
    fn terms(&self) -> &Terms {
        &self.terms
    }

    fn each(&self, mut visit: impl FnMut(u32, u32)) {
        self.places.iter().zip(0..).for_each(|((term, _), number)| visit(*term, number));
    }

    fn place(&self, number: u32) -> Place {
        self.places[number as usize].1
    }
}

/// Memory that sorting the places of a field takes, in bytes for each.
pub(super) const SORTING: usize = size_of::<u32>();

/// Writes a field, if it has any terms.
pub(super) fn write(
    serializer: &mut InvertedIndexSerializer,
    field: Field,
    places: &impl Places,
    positions: bool,
    norms: Option<FieldNormReader>,
) -> io::Result<()> {
    let terms = places.terms();
    let mut counts = vec![0_usize; terms.len()];
    places.each(|term, _| counts[term as usize] += 1);
    let mut order: Vec<u32> = (0..terms.len() as u32).filter(|term| counts[*term as usize] > 0).collect();
    if order.is_empty() {
        return Ok(());
    }
    order.sort_unstable_by(|a, b| terms.term(*a).cmp(terms.term(*b)));
    // From here on each term's count is where its next place goes.
    let mut total = 0;
    for term in &order {
        total += std::mem::replace(&mut counts[*term as usize], total);
    }
    let mut sorted = vec![0_u32; total];
    places.each(|term, number| {
        let next = &mut counts[term as usize];
        sorted[*next] = number;
        *next += 1;
    });
    let mut field = serializer.new_field(field, total as u64, norms)?;
    let mut start = 0;
    let (mut of_term, mut deltas) = (Vec::new(), Vec::new());
    for term in order {
        let end = counts[term as usize];
        of_term.clear();
        of_term.extend(sorted[start..end].iter().map(|number| places.place(*number)));
        let of_documents = || of_term.chunk_by(|a, b| a.document() == b.document());
        let bytes = terms.term(term);
        if positions {
            field.new_term(bytes, of_documents().count() as u32, true)?;
            for places in of_documents() {
                deltas.clear();
                let mut before = 0;
                deltas.extend(
                    places.iter().map(|place| place.position() - std::mem::replace(&mut before, place.position())),
                );
                field.write_doc(places[0].document(), places.len() as u32, &deltas);
            }
        } else {
            field.new_term_without_freq(bytes)?;
            of_documents().for_each(|places| field.write_doc(places[0].document(), 0, &[]));
        }
        field.close_term()?;
        start = end;
    }
    field.close()
}
