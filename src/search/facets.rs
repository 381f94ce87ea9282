//! Facet counts: for each facet path, in how many groups, paragraphs and articles of an answer it occurs.

use hashbrown::HashSet;
use tantivy::Term;

use super::answer::{FacetCount, FacetCounts};
use super::codes::Codes;
use super::documents::Documents;
use crate::article::Given;
use crate::error::Result;
use crate::index::{FACETS, Index, Table, is_of_articles};

/// The facet paths of a paragraph in one field, sorted.
pub(crate) fn paths(index: &Index, document: u32, field: &str) -> Result<Vec<String>> {
    let (segment, place) = index.locate(document);
    let column = index.facets(segment, field)?;
    let paths = column.values(place).map(|value| Ok(column.path(index, value)?.to_string()));
    let mut paths = paths.collect::<Result<Vec<_>>>()?;
    paths.sort_unstable();
    Ok(paths)
}

/// The codes that its source gave a paragraph's article.
pub(crate) fn given(index: &Index, document: u32) -> Result<Vec<Given>> {
    let (segment, place) = index.locate(document);
    let column = index.facets(segment, "given")?;
    let mut given = Vec::new();
    for value in column.values(place) {
        if let [kind, value] = column.facet(index, value)?.to_path()[..] {
            given.push(Given { kind: kind.to_owned(), value: value.to_owned() });
        }
    }
    given.sort_unstable();
    Ok(given)
}

/// All facet paths of a field in the index, ancestors included.
pub(crate) fn all_paths(index: &Index, field: &str) -> Result<Vec<String>> {
    let mut paths = std::collections::BTreeSet::new();
    let of_field = index.searcher().schema().get_field(field).map_err(|error| index.damaged(&error.to_string()))?;
    for (number, segment) in index.segments().enumerate() {
        let column = index.facets(number, field)?;
        for value in 0..column.count() {
            let facet = column.facet(index, value)?;
            if !index.is_used(segment, &Term::from_facet(of_field, &facet))? {
                continue;
            }
            let path = facet.to_string();
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

/// Counts the paths of a field over the matching documents.
pub(crate) fn count(index: &Index, matching: &Documents, field: &str) -> Result<FacetCounts> {
    let mut codes = Codes::new(index, field);
    let mut tallies: Vec<Tally> = Vec::new();
    let mut of_run = Vec::new();
    let mut tally = |run: &Run, codes: &[u32]| {
        for code in codes {
            let place = *code as usize;
            tallies.resize_with(tallies.len().max(place + 1), Tally::default);
            tallies[place].take(run);
        }
    };
    let is_of_articles = is_of_articles(field);
    let mut run = Run::default();
    for document in matching.iter() {
        let article = index.table.article(document);
        // Where an article's paragraphs have the same codes, they are asked for once.
        if !is_of_articles || run.article != Some(article) {
            tally(&run, &of_run);
            run.start(article);
            codes.of(document, &mut of_run)?;
        }
        run.take(&index.table, document);
    }
    tally(&run, &of_run);
    let counts = codes.into_paths().into_iter().zip(tallies);
    Ok(FacetCounts {
        field: field.to_owned(),
        values: ranked(counts.map(|(path, tally)| tally.finish(path)).collect()),
    })
}

/// Values in the order of answers: those of most groups first, then of most paragraphs, then by path.
pub(super) fn ranked(mut values: Vec<FacetCount>) -> Vec<FacetCount> {
    values.sort_by(|a, b| (b.groups, b.paragraphs, &a.path).cmp(&(a.groups, a.paragraphs, &b.path)));
    values
}

/// Documents of one article that follow each other.
#[derive(Default)]
pub(super) struct Run {
    article: Option<u32>,
    paragraphs: u64,
    /// Groups of one member; they are met once.
    singles: u64,
    /// Groups of several members, boilerplate aside; perhaps more than once.
    shared: Vec<u32>,
}

impl Run {
    /// One document alone.
    pub(super) fn of(table: &Table, document: u32) -> Run {
        let mut run = Run { article: Some(table.article(document)), ..Run::default() };
        run.take(table, document);
        run
    }

    /// Begins anew, with documents of another article or with other codes.
    fn start(&mut self, article: u32) {
        (self.article, self.paragraphs, self.singles) = (Some(article), 0, 0);
        self.shared.clear();
    }

    /// Takes a document of the same article.
    fn take(&mut self, table: &Table, document: u32) {
        let group = table.group(document);
        self.paragraphs += 1;
        if group < table.counts.boilerplate {
            // No group.
        } else if group < table.counts.shared {
            self.shared.push(group);
        } else {
            self.singles += 1;
        }
    }
}

/// What is counted of the documents that have something in common.
#[derive(Default)]
pub(super) struct Tally {
    paragraphs: u64,
    articles: u64,
    /// Groups of one member; they are met once.
    singles: u64,
    /// Groups of several members, boilerplate aside.
    shared: HashSet<u32>,
    last_article: Option<u32>,
}

impl Tally {
    /// Counts some documents. An article's documents are taken one after the other.
    pub(super) fn take(&mut self, run: &Run) {
        self.paragraphs += run.paragraphs;
        self.singles += run.singles;
        self.shared.extend(&run.shared);
        if self.last_article != run.article {
            self.last_article = run.article;
            self.articles += 1;
        }
    }

    /// The counts under their path.
    pub(super) fn finish(self, path: String) -> FacetCount {
        let groups = self.singles + self.shared.len() as u64;
        FacetCount { path, groups, paragraphs: self.paragraphs, articles: self.articles }
    }
}

/// The paths above a path: `/a` and `/a/b` for `/a/b/c`. A divider inside a name is escaped.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let bytes = path.as_bytes();
    (1..path.len()).filter(move |at| bytes[*at] == b'/' && bytes[*at - 1] != b'\\').map(|at| &path[..at])
}
