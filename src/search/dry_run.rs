//! What a codebook would find in an index, were it coded by it.

use std::collections::BTreeMap;

use super::answer::{DryRun, EntryHits};
use super::hits::reference;
use crate::codebook::{Code, Codebook, Coder, Memory};
use crate::error::Result;
use crate::index::Index;
use crate::text::{Analyzer, fold};

/// How many paragraphs stand as examples of an entry.
const EXAMPLES: usize = 3;
/// How many of the words that an entry was found by are told.
const FOUND_BY: usize = 3;

/// What is counted of an entry.
#[derive(Default)]
struct Tally {
    paragraphs: u64,
    examples: Vec<u32>,
    found_by: BTreeMap<String, u64>,
}

/// Codes every paragraph of an index by a codebook, and counts what each entry finds.
///
/// # Errors
///
/// When the index is damaged.
pub fn dry_run(index: &Index, codebook: Codebook) -> Result<DryRun> {
    let coder = Coder::new(codebook);
    let (mut analyzer, mut memory) = (Analyzer::default(), Memory::default());
    let mut tallies: [BTreeMap<String, Tally>; 2] = Default::default();
    for article in 0..index.table.counts.articles {
        let card = index.card(article)?;
        for document in index.table.paragraphs(article) {
            let text = index.text(document)?;
            let analysis = analyzer.analyze(&text, card.lang);
            let codes = coder.codes(&mut memory, &analysis, card.date);
            for (codes, tallies) in [codes.actors, codes.topics].into_iter().zip(&mut tallies) {
                for Code { path, evidence } in codes {
                    let tally = tallies.entry(path).or_default();
                    tally.paragraphs += 1;
                    if tally.examples.len() < EXAMPLES {
                        tally.examples.push(document);
                    }
                    for span in evidence {
                        let tokens = &analysis.tokens()[span.start as usize..span.end as usize];
                        let words = tokens.iter().map(|token| fold(&text[token.range()]));
                        *tally.found_by.entry(words.collect::<Vec<_>>().join(" ")).or_default() += 1;
                    }
                }
            }
        }
    }
    let codebook = coder.codebook();
    let hits = |tallies: &mut BTreeMap<String, Tally>, paths: Vec<String>| -> Vec<EntryHits> {
        let hits = paths.into_iter().map(|path| {
            let Tally { paragraphs, examples, found_by } = tallies.remove(&path).unwrap_or_default();
            let mut found_by: Vec<(String, u64)> = found_by.into_iter().collect();
            found_by.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            found_by.truncate(FOUND_BY);
            let examples = examples.into_iter().map(|document| reference(index, document)).collect();
            EntryHits { path, paragraphs, found_by, examples }
        });
        let mut hits: Vec<EntryHits> = hits.collect();
        hits.sort_by(|a, b| b.paragraphs.cmp(&a.paragraphs).then_with(|| a.path.cmp(&b.path)));
        hits
    };
    let [actors, topics] = &mut tallies;
    let paths = |entries: &[crate::codebook::Entry]| entries.iter().map(crate::codebook::Entry::facet).collect();
    Ok(DryRun {
        paragraphs: u64::from(index.table.counts.paragraphs),
        actors: hits(actors, paths(&codebook.actors)),
        topics: hits(topics, paths(&codebook.topics)),
    })
}
