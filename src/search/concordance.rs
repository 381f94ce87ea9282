//! A concordance: every match on a line of its own, with the words around it.

use std::ops::Range;

use super::answer::{Concordance, Line};
use super::hits::reference;
use super::paragraph::Paragraph;
use super::{Request, find, holdings, resolve_or_all};
use crate::error::{Error, QueryError, Result};
use crate::index::Index;
use crate::meaning::{Clause, Matcher};
use crate::text::{Analyzer, fold};

/// The order of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As the hits of a search.
    #[default]
    Hits,
    /// By the words before the match, from the nearest on.
    Left,
    /// By the words after the match.
    Right,
}

/// The most paragraphs whose lines are sorted: all of them must be read for the first line to be known.
pub const MOST_SORTED: u64 = 50_000;

/// The concordance of a request, whose limit and offset count lines, with `around` words on either side of a match.
///
/// # Errors
///
/// When the question names what the index does not have, when more than [`MOST_SORTED`] paragraphs would have to be sorted,
/// or when the index is damaged.
pub fn concordance(index: &Index, request: &Request, order: Order, around: usize) -> Result<Concordance> {
    let (clause, read_as) = resolve_or_all(index, request)?;
    let needed = request.offset.saturating_add(request.limit);
    let sorted = order != Order::Hits;
    // Each hit has a line or more, unless it is one for a date or a code alone.
    let all = Request { limit: usize::MAX, offset: 0, facets: Vec::new(), ..request.clone() };
    let (collector, hits) = find(index, &clause, &all)?;
    if sorted && hits.len() as u64 > MOST_SORTED {
        let what = format!("{} paragraphs match, which are too many to sort", hits.len());
        let error = QueryError::at(&request.asked, 0..request.asked.len(), what);
        return Err(error.cure(format!("ask for less, at most {MOST_SORTED}, or leave --sort out")).into());
    }
    let mut reader =
        Reader { index, clause: &clause, analyzer: Analyzer::default(), matcher: Matcher::default(), around };
    let mut lines: Vec<Keyed> = Vec::new();
    for hit in hits {
        if !sorted && lines.len() >= needed {
            break;
        }
        reader.read(hit.document, order, &mut lines)?;
    }
    if sorted {
        // Stable: equal neighbours stay in the order of the hits.
        lines.sort_by(|(one, _), (other, _)| one.cmp(other));
    }
    let lines = lines.into_iter().skip(request.offset).take(request.limit).map(|(_, line)| line).collect();
    let total = collector.total;
    Ok(Concordance { text: request.asked.clone(), read_as, index: holdings(index), total, lines })
}

/// A line and the folded words that it is sorted by.
type Keyed = (Vec<String>, Line);

struct Reader<'a> {
    index: &'a Index,
    clause: &'a Clause,
    analyzer: Analyzer,
    matcher: Matcher,
    around: usize,
}

impl Reader<'_> {
    /// Adds the lines of a paragraph.
    fn read(&mut self, document: u32, order: Order, lines: &mut Vec<Keyed>) -> Result<(), Error> {
        let card = self.index.card(self.index.table.article(document))?;
        let paragraph = Paragraph::fetch(self.index, document, card, self.clause)?;
        let analysis = self.analyzer.analyze(&paragraph.text, paragraph.card.lang);
        let tokens = analysis.tokens();
        let marks = self.matcher.matches(self.clause, &analysis, &paragraph.facts()).unwrap_or_default();
        for (first, last) in self.matcher.stretches(self.clause, &analysis, &paragraph.facts()) {
            let (first, last) = (first as usize, last as usize);
            let before = first.saturating_sub(self.around)..first;
            let after = last + 1..(last + 1).saturating_add(self.around).min(tokens.len());
            let matched = tokens[first].range().start..tokens[last].range().end;
            // What stands between two words belongs to the sides, at the ends of the text all that is left.
            let start = if before.start == 0 { 0 } else { tokens[before.start].range().start };
            let end = if after.end == tokens.len() { paragraph.text.len() } else { tokens[after.end - 1].range().end };
            let inside = marks.iter().filter(|mark| (first..=last).contains(&(**mark as usize)));
            let highlights = inside.map(|mark| {
                let range = tokens[*mark as usize].range();
                range.start - matched.start..range.end - matched.start
            });
            let folded = |words: Range<usize>| -> Vec<String> {
                tokens[words].iter().map(|token| fold(&paragraph.text[token.range()])).collect()
            };
            let key = match order {
                Order::Hits => Vec::new(),
                Order::Left => folded(before).into_iter().rev().collect(),
                Order::Right => folded(after),
            };
            let line = Line {
                reference: reference(self.index, document),
                source: paragraph.card.source.clone(),
                date: paragraph.card.date,
                left: paragraph.text[start..matched.start].to_owned(),
                matched: paragraph.text[matched.clone()].to_owned(),
                highlights: highlights.collect(),
                right: paragraph.text[matched.end..end.max(matched.end)].to_owned(),
            };
            lines.push((key, line));
        }
        Ok(())
    }
}
