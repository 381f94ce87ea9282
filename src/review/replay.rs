//! A review run anew and held against its receipt: what differs, and what of the index or the program differs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::protocol::Protocol;
use super::receipt::{QueryReceipt, Receipt, RecordMark};
use super::run::review;
use crate::article::ArticleId;
use crate::error::Result;
use crate::index::Index;
use crate::search::locate;

/// What a run anew says of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replay {
    /// Whether every query found as much and the records are the same, in the same order, with the same texts.
    pub same: bool,
    /// When the receipt was made, as RFC 3339.
    pub at: String,
    /// How many records there are now.
    pub records: u64,
    /// What differs of the program and the index: where the answers differ, their causes.
    pub changes: Vec<Change>,
    /// The queries that were read otherwise or found another number of paragraphs: then and now.
    pub queries: Vec<(QueryReceipt, QueryReceipt)>,
    /// Records that are new, as ids in order.
    pub gained: Vec<String>,
    /// Records that are gone, likewise.
    pub lost: Vec<String>,
    /// Records that another paragraph or another text stands for, likewise.
    pub altered: Vec<String>,
    /// Whether the records that stayed stand in another order.
    pub reordered: bool,
}

/// Something that differs of the program or the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Change {
    /// The version of the program.
    Program {
        /// That of the receipt.
        then: String,
        /// That of this run.
        now: String,
    },
    /// The codebook.
    Codebook {
        /// Its name, version and hash in the receipt.
        then: String,
        /// Its name, version and hash now.
        now: String,
    },
    /// How alike near copies are.
    Near {
        /// That of the receipt.
        then: String,
        /// That of the index.
        now: String,
    },
    /// The limits, or the names of fields, that articles are read with.
    Reading,
    /// An article that was not there.
    Added {
        /// Its id.
        article: ArticleId,
        /// Its file below its root, with the record in it.
        place: String,
    },
    /// An article that was there in another form.
    Replaced {
        /// Its id.
        article: ArticleId,
        /// Its file below its root, with the record in it.
        place: String,
    },
    /// An article that is gone.
    Removed {
        /// Its id.
        article: ArticleId,
    },
}

/// Runs the review of a receipt anew.
///
/// # Errors
///
/// When its protocol cannot be read by this version, or names what the index does not have, or the index is damaged.
pub fn replay(index: &Index, receipt: &Receipt, path: &Path) -> Result<Replay> {
    let protocol = Protocol::read(&receipt.protocol, path)?;
    let run = review(index, &protocol, &[], None)?;
    let now = Receipt::of(index, &protocol, &run, receipt.at.clone())?;
    let queries: Vec<(QueryReceipt, QueryReceipt)> = receipt
        .queries
        .iter()
        .zip(&now.queries)
        .filter(|(then, now)| then != now)
        .map(|(then, now)| (then.clone(), now.clone()))
        .collect();
    let ids = |marks: &[RecordMark]| marks.iter().map(|mark| mark.id.clone()).collect::<BTreeSet<String>>();
    let (then_ids, now_ids) = (ids(&receipt.records), ids(&now.records));
    let only = |marks: &[RecordMark], others: &BTreeSet<String>| {
        marks.iter().map(|mark| mark.id.clone()).filter(|id| !others.contains(id)).collect::<Vec<String>>()
    };
    let stayed = |marks: &[RecordMark]| -> Vec<RecordMark> {
        marks.iter().filter(|mark| then_ids.contains(&mark.id) && now_ids.contains(&mark.id)).cloned().collect()
    };
    let (then_stayed, now_stayed) = (stayed(&receipt.records), stayed(&now.records));
    let then_marks: BTreeMap<&str, &RecordMark> = then_stayed.iter().map(|mark| (mark.id.as_str(), mark)).collect();
    let altered = now_stayed.iter().filter(|mark| then_marks.get(mark.id.as_str()) != Some(mark));
    let order = |marks: &[RecordMark]| marks.iter().map(|mark| mark.id.clone()).collect::<Vec<String>>();
    Ok(Replay {
        same: found(receipt) == found(&now) && receipt.records == now.records,
        at: receipt.at.clone(),
        records: now.records.len() as u64,
        changes: changes(index, receipt, &now)?,
        queries,
        gained: only(&now.records, &then_ids),
        lost: only(&receipt.records, &now_ids),
        altered: altered.map(|mark| mark.id.clone()).collect(),
        reordered: order(&then_stayed) != order(&now_stayed),
    })
}

/// How much each query found.
fn found(receipt: &Receipt) -> Vec<[u64; 4]> {
    let of = |query: &QueryReceipt| [query.paragraphs, query.groups, query.articles, query.records];
    receipt.queries.iter().map(of).collect()
}

/// What differs of the program and the index.
fn changes(index: &Index, then: &Receipt, now: &Receipt) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    if then.nutgraf != now.nutgraf {
        changes.push(Change::Program { then: then.nutgraf.clone(), now: now.nutgraf.clone() });
    }
    if then.codebook != now.codebook {
        let told = |receipt: &Receipt| {
            let mark = &receipt.codebook;
            format!("{} {} ({})", mark.name, mark.version, mark.hash)
        };
        changes.push(Change::Codebook { then: told(then), now: told(now) });
    }
    if then.near != now.near {
        changes.push(Change::Near { then: then.near.clone(), now: now.near.clone() });
    }
    if then.reading != now.reading {
        changes.push(Change::Reading);
    }
    if then.corpus == now.corpus {
        return Ok(changes);
    }
    let (before, after) = (then.held().unwrap_or_default(), now.held().unwrap_or_default());
    let sorted = |articles: &mut dyn Iterator<Item = ArticleId>| articles.collect::<BTreeSet<ArticleId>>();
    for article in sorted(&mut after.keys().copied()) {
        let place = || place(index, article);
        match before.get(&article) {
            None => changes.push(Change::Added { article, place: place()? }),
            Some(digest) if *digest != after[&article] => changes.push(Change::Replaced { article, place: place()? }),
            Some(_) => {}
        }
    }
    let gone = sorted(&mut before.keys().copied().filter(|article| !after.contains_key(article)));
    changes.extend(gone.into_iter().map(|article| Change::Removed { article }));
    Ok(changes)
}

/// The file of an article below its root, with the record in it.
fn place(index: &Index, article: ArticleId) -> Result<String> {
    let card = index.card(locate(index, &article.to_string())?.0)?;
    Ok(card.record.map_or_else(|| card.path.clone(), |record| format!("{}, record {record}", card.path)))
}
