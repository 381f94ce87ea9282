//! The history of a group of copies: the earliest in the index, who printed it later, and what they changed.

use hashbrown::HashSet;

use super::answer::{History, Version};
use super::diff;
use super::hits::{locate_paragraph, reference};
use super::paragraph::group_of;
use crate::article::Delay;
use crate::error::Result;
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
            similarity: compared.map_or(1.0, |earliest| groups_similarity(&earliest.text, &text)),
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

/// How alike two texts are, 0 to 1: of the runs of five characters that either has, the share that both have (Jaccard),
/// case aside and everything that is no letter or digit.
fn groups_similarity(one: &str, other: &str) -> f64 {
    let (one, other) = (runs(one), runs(other));
    let both = one.intersection(&other).count();
    let either = one.len() + other.len() - both;
    if either == 0 { 1.0 } else { both as f64 / either as f64 }
}

/// The runs of five letters and digits of a text; a shorter text is one run.
fn runs(text: &str) -> HashSet<Vec<char>> {
    const LENGTH: usize = 5;
    let chars: Vec<char> = text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect();
    chars.windows(LENGTH.min(chars.len()).max(1)).map(<[char]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarities() {
        for (one, other, expected) in [
            ("", "", 1.0),
            ("—", "…", 1.0),
            ("", "a", 0.0),
            ("No.", "no", 1.0),
            ("The bank, “frozen”", "the BANK frozen", 1.0),
            ("abcdef", "abcdeg", 1.0 / 3.0),
            ("abcdef", "ghijkl", 0.0),
        ] {
            assert_eq!(groups_similarity(one, other), expected, "{one} / {other}");
            assert_eq!(groups_similarity(other, one), expected, "{other} / {one}");
        }
    }
}
