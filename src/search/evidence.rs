//! What the codes of a paragraph rest on, found again by the codebook that gave them.

use std::ops::Range;

use super::answer::{Evidence, Explanation};
use super::hits::{locate_paragraph, reference};
use crate::article::PubDate;
use crate::codebook::{Code, Coder, Memory};
use crate::error::Result;
use crate::index::Index;
use crate::text::{Analysis, Analyzer};

/// Codes paragraphs of an index once more.
pub(super) struct Witness {
    coder: Coder,
    memory: Memory,
}

impl Witness {
    pub(super) fn new(index: &Index) -> Result<Witness> {
        Ok(Witness { coder: Coder::new(index.codebook()?.clone()), memory: Memory::default() })
    }

    /// What the codes of a text, of an article of this date, rest on.
    pub(super) fn evidence(&mut self, analysis: &Analysis<'_>, date: Option<PubDate>) -> Evidence {
        let codes = self.coder.codes(&mut self.memory, analysis, date);
        let ranges = |codes: Vec<Code>| {
            let range = |span: &Range<u32>| {
                let tokens = &analysis.tokens()[span.start as usize..span.end as usize];
                let ends = tokens.first().zip(tokens.last());
                ends.map(|(first, last)| first.range().start..last.range().end)
            };
            codes.into_iter().map(|code| (code.path, code.evidence.iter().filter_map(range).collect())).collect()
        };
        Evidence { actors: ranges(codes.actors), topics: ranges(codes.topics) }
    }
}

/// What a paragraph is coded with, and the words that each code rests on.
///
/// # Errors
///
/// When the reference names no paragraph of the index, or the index is damaged.
pub fn explain(index: &Index, reference_text: &str) -> Result<Explanation> {
    let (article, document) = locate_paragraph(index, reference_text)?;
    let (card, text) = (index.card(article)?, index.text(document)?);
    let mut analyzer = Analyzer::default();
    let analysis = analyzer.analyze(&text, card.lang);
    let Evidence { actors, topics } = Witness::new(index)?.evidence(&analysis, card.date);
    let words = |codes: Vec<(String, Vec<Range<usize>>)>| {
        let words = |ranges: Vec<Range<usize>>| ranges.into_iter().map(|range| text[range].to_owned()).collect();
        codes.into_iter().map(|(path, ranges)| (path, words(ranges))).collect()
    };
    let (actors, topics) = (words(actors), words(topics));
    Ok(Explanation { reference: reference(index, document), text, actors, topics })
}
