//! The history of a group of copies: the earliest in the index, who printed it later, and what they changed.

use hashbrown::HashSet;

use super::answer::{History, Version};
use super::diff;
use super::hits::{locate_paragraph, reference};
use super::paragraph::group_of;
use crate::article::Delay;
use crate::error::Result;
use crate::groups::similarity;
use crate::index::{Index, NONE};

/// The history of the group that a paragraph belongs to: all of it counted, its `limit` earliest copies shown.
///
/// # Errors
///
/// When the reference names no paragraph of the index, or the index is damaged.
pub fn history(index: &Index, reference_text: &str, limit: usize) -> Result<History> {
    let (_, asked) = locate_paragraph(index, reference_text)?;
    let table = &index.table;
    let group = table.group(asked);
    let (mut articles, mut outlets) = (HashSet::new(), HashSet::new());
    for member in table.members(group) {
        let article = table.article(member);
        articles.insert(article);
        outlets.extend(Some(table.source(article)).filter(|source| *source != NONE));
    }
    let dates = || articles.iter().filter_map(|article| table.date(*article));
    let mut versions: Vec<Version> = Vec::new();
    for (member, rank) in table.members(group).zip(1..).take(limit) {
        let card = index.card(table.article(member))?;
        let text = index.text(member)?;
        // The first one is compared with itself.
        let earliest = versions.first();
        let since = earliest.map_or(card.date, |earliest| earliest.date);
        let compared = earliest.filter(|earliest| earliest.text != text);
        versions.push(Version {
            rank,
            reference: reference(index, member),
            delay: since.zip(card.date).map(|(first, then)| Delay::between(first, then)),
            source: card.source,
            date: card.date,
            title: card.title,
            similarity: compared.map_or(1.0, |earliest| similarity(&earliest.text, &text)),
            changes: compared.map(|earliest| diff::changes(&earliest.text, &text)).unwrap_or_default(),
            text,
        });
    }
    Ok(History {
        group: group_of(index, asked)?,
        asked: reference(index, asked),
        copies: u64::from(table.size(group)),
        articles: articles.len() as u64,
        outlets: outlets.len() as u64,
        first: dates().min(),
        last: dates().max(),
        versions,
    })
}
