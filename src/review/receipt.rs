//! What a review was run over and what came of it, small enough to publish, exact enough to compare a run anew with.

use std::collections::BTreeMap;
use std::path::Path;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use super::protocol::{Protocol, RecordUnit};
use super::run::{Record, Review};
use crate::article::{ArticleId, CorpusDigest, Ref};
use crate::error::{Error, Result};
use crate::index::{CodebookMark, Held, Index};
use crate::search::{Arrivals, Came, text_digest};

/// A receipt; its JSON is this, field by field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The version of the program.
    pub nutgraf: String,
    /// When the review was run, as RFC 3339.
    pub at: String,
    /// The protocol as it is written.
    pub protocol: String,
    /// What counts as one record.
    pub unit: RecordUnit,
    /// The number of the generation, which tells nothing to another index.
    pub generation: u64,
    /// A hash of all articles: the same in every index that holds the same.
    pub corpus: CorpusDigest,
    /// The codebook that coded the index.
    pub codebook: CodebookMark,
    /// How alike near copies are.
    pub near: String,
    /// A hash of the limits and names of fields that the articles were read with.
    pub reading: String,
    /// The queries.
    pub queries: Vec<QueryReceipt>,
    /// A hash of the ids of the records, in order.
    pub records_digest: String,
    /// The records, in order.
    pub records: Vec<RecordMark>,
    /// Every article of the index: its id, a blank, its digest in hexadecimal; sorted.
    pub articles: Vec<String>,
}

/// A query, how it was read, and how much it found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryReceipt {
    /// Its name.
    pub name: String,
    /// The query as it is written.
    pub text: String,
    /// What it is written in.
    pub dialect: String,
    /// The query as it was read.
    pub read_as: String,
    /// The wildcards and fuzzy words, each with the forms that it stands for.
    pub forms: BTreeMap<String, Vec<String>>,
    /// Paragraphs that it found.
    pub paragraphs: u64,
    /// Groups of copies of these.
    pub groups: u64,
    /// Articles of these.
    pub articles: u64,
    /// Records that it found.
    pub records: u64,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordMark {
    /// Its id.
    pub id: String,
    /// The paragraph that stands for it.
    #[serde(rename = "ref")]
    pub reference: String,
    /// A hash of this paragraph's text, in hexadecimal.
    pub text: String,
}

impl RecordMark {
    fn of(record: &Record) -> RecordMark {
        RecordMark {
            id: record.id.clone(),
            reference: record.hit.reference.to_string(),
            text: format!("{:016x}", text_digest(&record.hit.text)),
        }
    }
}

impl Receipt {
    /// The receipt of a review of an index, run at a time that the caller tells.
    ///
    /// # Errors
    ///
    /// When the index is damaged.
    pub fn of(index: &Index, protocol: &Protocol, review: &Review, at: String) -> Result<Receipt> {
        let manifest = index.manifest();
        let queries = review.queries.iter().map(|query| QueryReceipt {
            name: query.name.clone(),
            text: query.text.clone(),
            dialect: query.dialect.name().to_owned(),
            read_as: query.read_as.clone(),
            forms: query.forms.clone(),
            paragraphs: query.total.paragraphs,
            groups: query.total.groups,
            articles: query.total.articles,
            records: query.records,
        });
        let ids = review.records.iter().flat_map(|record| [record.id.as_str(), "\n"]).collect::<String>();
        let listed = |held: &Held| format!("{} {:032x}", held.id, held.digest);
        Ok(Receipt {
            nutgraf: env!("CARGO_PKG_VERSION").to_owned(),
            at,
            protocol: protocol.text.clone(),
            unit: review.unit,
            generation: manifest.generation,
            corpus: manifest.corpus,
            codebook: manifest.codebook.clone(),
            near: manifest.copies.near.to_string(),
            reading: manifest.reading.clone(),
            queries: queries.collect(),
            records_digest: format!("{:032x}", xxh3_128(ids.as_bytes())),
            records: review.records.iter().map(RecordMark::of).collect(),
            articles: index.held()?.iter().map(listed).collect(),
        })
    }

    /// Reads the JSON of a receipt; `path` is where it stands, for errors.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] with the line where it is no receipt.
    pub fn read(text: &str, path: &Path) -> Result<Receipt> {
        let wrong = |line, what: String| Error::Input { path: path.to_path_buf(), line, what };
        let receipt: Receipt = serde_json::from_str(text)
            .map_err(|error| wrong(Some(error.line() as u64), format!("this is no receipt of nutgraf: {error}")))?;
        receipt.held().ok_or_else(|| wrong(None, "an article of this receipt has no id and digest".to_owned()))?;
        Ok(receipt)
    }

    /// Every article that was there and its digest; none where the list is not such a list.
    pub(super) fn held(&self) -> Option<HashMap<ArticleId, u128>> {
        let read = |line: &String| {
            let (id, digest) = line.split_once(' ')?;
            Some((id.parse().ok()?, u128::from_str_radix(digest, 16).ok()?))
        };
        self.articles.iter().map(read).collect()
    }

    /// The articles of an index that came since.
    ///
    /// # Errors
    ///
    /// When the index is damaged.
    pub fn arrivals(&self, index: &Index) -> Result<Arrivals> {
        let before = self.held().unwrap_or_default();
        let came = |held: &Held| match before.get(&held.id) {
            None => Came::Added,
            Some(digest) if *digest == held.digest => Came::Before,
            Some(_) => Came::Replaced,
        };
        let known = self.records.iter().filter_map(|mark| {
            let (article, paragraph) = mark.reference.split_once('#')?;
            let reference = Ref { article: article.parse().ok()?, paragraph: paragraph.parse().ok()? };
            Some((reference, u64::from_str_radix(&mark.text, 16).ok()?))
        });
        Arrivals::of(index, came, &known.collect())
    }
}
