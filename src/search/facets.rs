//! Facet counts: for each facet path, in how many groups, paragraphs and articles of an answer it occurs.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};
use tantivy::BitSet;
use tantivy::fastfield::FacetReader;
use tantivy::schema::Facet;

use super::answer::{FacetCount, FacetCounts};
use crate::article::Given;
use crate::error::Result;
use crate::index::{FACETS, Index, Segment};

/// The facet paths of a paragraph in one field, sorted.
pub(crate) fn paths(index: &Index, document: u32, field: &str) -> Result<Vec<String>> {
    let (segment, place) = index.locate(document);
    let reader = facet_reader(index, index.searcher().segment_reader(segment as u32), field)?;
    let mut paths = reader.facet_ords(place).map(|ord| path_of(index, &reader, ord)).collect::<Result<Vec<_>>>()?;
    paths.sort_unstable();
    Ok(paths)
}

/// The codes that its source gave a paragraph's article.
pub(crate) fn given(index: &Index, document: u32) -> Result<Vec<Given>> {
    let (segment, place) = index.locate(document);
    let reader = facet_reader(index, index.searcher().segment_reader(segment as u32), "given")?;
    let mut given = Vec::new();
    for ord in reader.facet_ords(place) {
        if let [kind, value] = facet_of(index, &reader, ord)?.to_path()[..] {
            given.push(Given { kind: kind.to_owned(), value: value.to_owned() });
        }
    }
    given.sort_unstable();
    Ok(given)
}

/// All facet paths of a field in the index, ancestors included.
pub(crate) fn all_paths(index: &Index, field: &str) -> Result<Vec<String>> {
    let mut paths = std::collections::BTreeSet::new();
    for segment in index.segments() {
        let reader = facet_reader(index, segment.reader, field)?;
        for ord in 0..reader.num_facets() as u64 {
            let path = path_of(index, &reader, ord)?;
            paths.extend(ancestors(&path).map(str::to_owned));
            paths.insert(path);
        }
    }
    Ok(paths.into_iter().collect())
}

/// The fields that have facets.
pub(crate) fn fields() -> [&'static str; 6] {
    FACETS
}

#[derive(Default)]
struct Tally {
    paragraphs: u64,
    articles: u64,
    /// Groups of one member; they are met once.
    singles: u64,
    /// Groups of several members, boilerplate aside.
    shared: HashSet<u32>,
    last_article: Option<u32>,
}

/// Counts the paths of a field over the matching documents.
pub(crate) fn count(index: &Index, matching: &BitSet, field: &str) -> Result<FacetCounts> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for segment in index.segments() {
        count_segment(index, segment, matching, field, &mut tallies)?;
    }
    let mut values: Vec<FacetCount> = tallies
        .into_iter()
        .map(|(path, tally)| FacetCount {
            path,
            groups: tally.singles + tally.shared.len() as u64,
            paragraphs: tally.paragraphs,
            articles: tally.articles,
        })
        .collect();
    values.sort_by(|a, b| (b.groups, b.paragraphs, &a.path).cmp(&(a.groups, a.paragraphs, &b.path)));
    Ok(FacetCounts { field: field.to_owned(), values })
}

fn count_segment(
    index: &Index,
    segment: Segment<'_>,
    matching: &BitSet,
    field: &str,
    tallies: &mut BTreeMap<String, Tally>,
) -> Result<()> {
    let reader = facet_reader(index, segment.reader, field)?;
    let table = &index.table;
    // Which paths a facet stands for, itself and all above it, by numbers of this segment.
    let mut names: Vec<String> = Vec::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut stands_for: HashMap<u64, Vec<u32>> = HashMap::new();
    let mut here: Vec<Tally> = Vec::new();
    let mut of_paragraph: Vec<u32> = Vec::new();
    for doc in 0..segment.reader.max_doc() {
        let document = segment.base + doc;
        if !matching.contains(document) {
            continue;
        }
        of_paragraph.clear();
        for ord in reader.facet_ords(doc) {
            if !stands_for.contains_key(&ord) {
                let path = path_of(index, &reader, ord)?;
                let paths = ancestors(&path).map(str::to_owned).chain([path.clone()]);
                let paths = paths.map(|path| {
                    *numbers.entry(path).or_insert_with_key(|path| {
                        names.push(path.clone());
                        here.push(Tally::default());
                        names.len() as u32 - 1
                    })
                });
                stands_for.insert(ord, paths.collect());
            }
            of_paragraph.extend(&stands_for[&ord]);
        }
        of_paragraph.sort_unstable();
        of_paragraph.dedup();
        let (group, article) = (table.group(document), table.article(document));
        for number in &of_paragraph {
            let tally = &mut here[*number as usize];
            tally.paragraphs += 1;
            if group < table.counts.boilerplate {
                // No group.
            } else if group < table.counts.shared {
                tally.shared.insert(group);
            } else {
                tally.singles += 1;
            }
            if tally.last_article != Some(article) {
                tally.last_article = Some(article);
                tally.articles += 1;
            }
        }
    }
    for (path, tally) in names.into_iter().zip(here) {
        let sum = tallies.entry(path).or_default();
        sum.paragraphs += tally.paragraphs;
        sum.articles += tally.articles;
        sum.singles += tally.singles;
        sum.shared.extend(tally.shared);
    }
    Ok(())
}

/// The paths above a path: `/a` and `/a/b` for `/a/b/c`. A divider inside a name is escaped.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let bytes = path.as_bytes();
    (1..path.len()).filter(move |at| bytes[*at] == b'/' && bytes[*at - 1] != b'\\').map(|at| &path[..at])
}

fn facet_reader(index: &Index, segment: &tantivy::SegmentReader, field: &str) -> Result<FacetReader> {
    segment.facet_reader(field).map_err(|error| index.damaged(&error.to_string()))
}

fn path_of(index: &Index, reader: &FacetReader, ord: u64) -> Result<String> {
    Ok(facet_of(index, reader, ord)?.to_string())
}

fn facet_of(index: &Index, reader: &FacetReader, ord: u64) -> Result<Facet> {
    let mut facet = Facet::default();
    reader.facet_from_ord(ord, &mut facet).map_err(|error| index.damaged(&error.to_string()))?;
    Ok(facet)
}
