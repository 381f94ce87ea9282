//! Paragraphs read again: whether their stored texts lead to the fingerprints, the lengths and the codes that are indexed.

use std::collections::BTreeSet;

use tantivy::schema::Facet;

use super::groups::Edges;
use super::{Check, Part, SAMPLED, reference};
use crate::article::PubDate;
use crate::codebook::{Code, Coder, Memory};
use crate::error::Result;
use crate::groups::Normal;
use crate::index::open::Index;
use crate::index::table::NONE;
use crate::text::{Analyzer, Lang};

/// What is wrong with a paragraph, as clauses without its name.
#[derive(Default)]
struct Faults {
    fingerprint: Option<&'static str>,
    codes: Option<&'static str>,
}

pub(super) fn check(index: &Index, copies: &Edges, check: Check) -> Result<[Part; 2]> {
    let documents = if check.full { all(index) } else { sample(index) };
    let coder = Coder::new(index.codebook()?.clone());
    let most = documents.len().div_ceil(check.threads.max(1)).max(1);
    let read = |documents: &[u32]| -> Result<Vec<(u32, Faults)>> {
        let mut reader = Reader::new(index, copies, &coder);
        documents.iter().map(|document| Ok((*document, reader.read(*document)?))).collect()
    };
    let found = std::thread::scope(|scope| {
        let threads: Vec<_> = documents.chunks(most).map(|chunk| scope.spawn(|| read(chunk))).collect();
        let joined = threads.into_iter().map(|thread| thread.join().expect("reading a paragraph does not panic"));
        joined.collect::<Result<Vec<_>>>()
    })?;
    let all = u64::from(index.table.counts.paragraphs);
    let [mut prints, mut codes] =
        ["fingerprints", "codes"].map(|what| Part { looked_at: documents.len() as u64, ..Part::of(what, all) });
    for (document, faults) in found.into_iter().flatten() {
        for (part, fault) in [(&mut prints, faults.fingerprint), (&mut codes, faults.codes)] {
            if let Some(fault) = fault {
                part.fault(|| format!("{}: {fault}", reference(index, document)));
            }
        }
    }
    Ok([prints, codes])
}

/// All paragraphs, in the order of their documents.
fn all(index: &Index) -> Vec<u32> {
    (0..index.table.counts.documents).filter(|document| index.table.group(*document) != NONE).collect()
}

/// Some paragraphs, in the order of their documents: of each generation other ones, but always the same.
fn sample(index: &Index) -> Vec<u32> {
    let mut all = all(index);
    // splitmix64 (Steele, Lea and Flood 2014).
    let mut state = index.manifest().generation;
    let mut below = |end: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    };
    let chosen = all.len().min(SAMPLED);
    for place in 0..chosen {
        let other = place + below(all.len() - place);
        all.swap(place, other);
    }
    all.truncate(chosen);
    all.sort_unstable();
    all
}

/// Reads paragraphs again, those of an article best one after the other.
struct Reader<'a> {
    index: &'a Index,
    copies: &'a Edges,
    coder: &'a Coder,
    analyzer: Analyzer,
    memory: Memory,
    /// The article that was read last, with its language and date.
    article: Option<(u32, Lang, Option<PubDate>)>,
}

impl<'a> Reader<'a> {
    fn new(index: &'a Index, copies: &'a Edges, coder: &'a Coder) -> Reader<'a> {
        Reader { index, copies, coder, analyzer: Analyzer::default(), memory: Memory::default(), article: None }
    }

    fn read(&mut self, document: u32) -> Result<Faults> {
        let (index, table) = (self.index, &self.index.table);
        let article = table.article(document);
        let (lang, date) = match self.article {
            Some((last, lang, date)) if last == article => (lang, date),
            _ => {
                let card = index.card(article)?;
                self.article = Some((article, card.lang, card.date));
                (card.lang, card.date)
            }
        };
        let text = index.text(document)?;
        let mut faults = Faults::default();
        let normal = Normal::of(&text);
        let print = normal.fingerprint();
        let analysis = self.analyzer.analyze(&text, lang);
        // Headlines have equal copies only.
        let has_near = normal.is_long() && table.paragraph(document) > 0;
        if print != index.indexed_fingerprint(document)? {
            faults.fingerprint = Some("its text has another fingerprint");
        } else if has_near && !self.copies.knows(print) {
            faults.fingerprint = Some("its near copies were not looked for");
        } else if analysis.tokens().len() as u64 != index.words(document)? {
            faults.fingerprint = Some("its text has another length");
        }
        let codes = self.coder.codes(&mut self.memory, &analysis, date);
        let paths = |codes: Vec<Code>| codes.into_iter().map(|code| Facet::from(code.path.as_str())).collect();
        let [actors, topics]: [BTreeSet<Facet>; 2] = [paths(codes.actors), paths(codes.topics)];
        if actors != indexed(index, document, "actor")? || topics != indexed(index, document, "topic")? {
            faults.codes = Some("the codebook codes its text otherwise");
        }
        Ok(faults)
    }
}

/// The codes that a paragraph is indexed with.
fn indexed(index: &Index, document: u32, field: &str) -> Result<BTreeSet<Facet>> {
    let damaged = |error: tantivy::TantivyError| index.damaged(&error.to_string());
    let (segment, place) = index.locate(document);
    let reader = index.searcher().segment_reader(segment as u32).facet_reader(field).map_err(damaged)?;
    let facet = |ord| {
        let mut facet = Facet::default();
        reader.facet_from_ord(ord, &mut facet).map_err(damaged)?;
        Ok(facet)
    };
    reader.facet_ords(place).map(facet).collect()
}
