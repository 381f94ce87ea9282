//! The table as it is written.

use std::cmp::Reverse;
use std::io::Write;
use std::path::Path;

use hashbrown::HashSet;

use super::{Counts, FILE, MAGIC, NONE, SECTIONS, words_of_bits};
use crate::article::{ArticleId, PubDate};
use crate::error::{Error, Result};
use crate::groups;

/// How many numbers are written at once.
const PAGE: usize = 1 << 16;

/// What the table is made of: an article, as the build came to know it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ArticleRow {
    pub(crate) id: ArticleId,
    pub(crate) date: Option<PubDate>,
    pub(crate) source: u32,
    pub(crate) lang: u32,
    pub(crate) paragraphs: u32,
    pub(crate) headline: bool,
}

impl ArticleRow {
    /// The digits of its date, 0 for none.
    fn digits(&self) -> u32 {
        self.date.map_or(0, PubDate::digits)
    }

    /// Its place in the order of articles: newest first, undated last, then by id.
    pub(crate) fn order(&self) -> (Reverse<u32>, ArticleId) {
        (Reverse(self.digits()), self.id)
    }
}

/// What the table is made of: a document, in the order of addresses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DocumentRow {
    pub(crate) article: ArticleId,
    /// The fingerprint; none for an article's record.
    pub(crate) print: Option<u128>,
    /// The length in words.
    pub(crate) words: u32,
}

/// The fingerprints of all paragraphs, in order, and of each the documents.
pub(crate) fn by_print(documents: &[Option<DocumentRow>]) -> Vec<(u128, u32)> {
    let prints = || {
        let rows = (0..).zip(documents);
        rows.filter_map(|(document, row)| Some((row.as_ref()?.print?, document)))
    };
    // Fingerprints are hashes: what shares its first bits is few, and soon sorted.
    let bits = (documents.len() / 8).max(1).ilog2();
    let bucket = |print: u128| (print >> (u128::BITS - 1 - bits)) as usize >> 1;
    let mut ends = vec![0_usize; 1 << bits];
    prints().for_each(|(print, _)| ends[bucket(print)] += 1);
    let mut count = 0;
    for end in &mut ends {
        count += std::mem::replace(end, count);
    }
    // From here on each bucket's number is where its next fingerprint goes.
    let mut sorted = vec![(0, 0); count];
    for (print, document) in prints() {
        let end = &mut ends[bucket(print)];
        sorted[*end] = (print, document);
        *end += 1;
    }
    let mut start = 0;
    for end in ends {
        sorted[start..end].sort_unstable();
        start = end;
    }
    sorted
}

/// Writes the table of these articles, in their order, and documents, of which those that were deleted are none, into `directory`. The
/// documents stand in the order of their fingerprints in `prints`. Fingerprints that have near copies stand in `near`, in
/// order, each with one that stands for its group; the others are groups of their own. Last, how many outlets and
/// languages there are.
///
/// # Errors
///
/// When a document's article is not among the articles, or the disk refuses.
pub(crate) fn write(
    directory: &Path,
    articles: &[ArticleRow],
    documents: &[Option<DocumentRow>],
    prints: &[(u128, u32)],
    near: &[(u128, u128)],
    (sources, langs): (u32, u32),
) -> Result<Counts> {
    let path = directory.join(FILE);
    let mut by_id: Vec<(ArticleId, u32)> = articles.iter().map(|row| row.id).zip(0..).collect();
    by_id.sort_unstable();

    let mut article_of = vec![NONE; documents.len()];
    let mut record_of = vec![NONE; articles.len()];
    let mut last = None;
    for ((row, article), document) in documents.iter().zip(&mut article_of).zip(0..) {
        let Some(row) = row else { continue };
        // An article's documents follow each other.
        let number = match last {
            Some((id, number)) if id == row.article => number,
            _ => {
                let found = by_id.binary_search_by_key(&row.article, |(id, _)| *id);
                by_id[found.map_err(|_| Error::index(&path, "a document has no article"))?].1
            }
        };
        last = Some((row.article, number));
        *article = number;
        if row.print.is_none() {
            record_of[number as usize] = document;
        }
    }
    let groups = Groups::of(prints, near, |members| {
        // Members of a group, oldest first: by date, undated last, then by content, article and paragraph.
        members.sort_unstable_by_key(|document| {
            let row = &articles[article_of[*document as usize] as usize];
            (
                row.date.is_none(),
                row.digits(),
                documents[*document as usize].and_then(|row| row.print),
                row.id,
                *document,
            )
        });
        let words = members.iter().filter_map(|document| documents[*document as usize]).map(|row| row.words).max();
        let words = words.unwrap_or(0);
        let articles_of: HashSet<u32> = members.iter().map(|document| article_of[*document as usize]).collect();
        let dates: HashSet<u32> = articles_of.iter().map(|number| articles[*number as usize].digits()).collect();
        groups::is_boilerplate(u64::from(words), articles_of.len(), dates.len())
    });

    let counts = Counts {
        documents: documents.len() as u32,
        articles: articles.len() as u32,
        paragraphs: prints.len() as u32,
        groups: (groups.starts.len() - 1) as u32,
        shared: groups.shared,
        boilerplate: groups.boilerplate,
        sources,
        langs,
    };
    let Groups { starts, members, .. } = groups;
    let mut group_of = vec![NONE; documents.len()];
    for (group, ends) in (0..).zip(starts.windows(2)) {
        members[ends[0] as usize..ends[1] as usize].iter().for_each(|document| group_of[*document as usize] = group);
    }

    let bits = |of: std::ops::Range<u32>| {
        let mut bits = vec![0; words_of_bits(documents.len())];
        for (document, group) in group_of.iter().enumerate() {
            bits[document / 32] |= u32::from(of.contains(group)) << (document % 32);
        }
        bits
    };
    let (alone, shared) = (bits(counts.shared..NONE), bits(0..counts.shared));
    let mut ordered: Vec<u32> = (0..counts.articles).collect();
    ordered.sort_unstable_by_key(|article| record_of[*article as usize]);
    let begins = ordered.iter().map(|article| record_of[*article as usize]).collect();
    let sources_at = ordered.iter().map(|article| articles[*article as usize].source).collect();
    let ids = articles.iter().flat_map(|row| [(row.id.bits() >> 32) as u32, row.id.bits() as u32]).collect();
    let sections: [Vec<u32>; SECTIONS] = [
        article_of,
        group_of,
        ids,
        articles.iter().map(ArticleRow::digits).collect(),
        articles.iter().map(|row| row.source).collect(),
        articles.iter().map(|row| row.lang).collect(),
        record_of,
        articles.iter().map(|row| 2 * row.paragraphs + u32::from(row.headline)).collect(),
        starts,
        members,
        alone,
        shared,
        begins,
        sources_at,
    ];
    let doing = || Error::io(&path, "writing");
    let mut file = std::fs::File::create(&path).map_err(doing())?;
    let mut put = |bytes: &[u8]| file.write_all(bytes).map_err(doing());
    put(MAGIC)?;
    put(counts.array().map(u32::to_le_bytes).as_flattened())?;
    let mut bytes = Vec::new();
    for numbers in sections.iter().flat_map(|section| section.chunks(PAGE)) {
        bytes.resize(4 * numbers.len(), 0);
        let places = bytes.as_chunks_mut().0;
        places.iter_mut().zip(numbers).for_each(|(place, number)| *place = number.to_le_bytes());
        put(&bytes)?;
    }
    file.sync_all().map_err(doing())?;
    Ok(counts)
}

/// Groups in the order of their numbers: boilerplate first, then groups of several members, then single ones; in each by
/// the fingerprint that stands for them.
struct Groups {
    /// Where the members of each group begin, and where those of the last end.
    starts: Vec<u32>,
    members: Vec<u32>,
    boilerplate: u32,
    shared: u32,
}

impl Groups {
    /// The groups of documents in the order of their fingerprints. `sort` brings the members of a group into order, and
    /// says whether they are boilerplate.
    fn of(prints: &[(u128, u32)], near: &[(u128, u128)], sort: impl Fn(&mut [u32]) -> bool) -> Groups {
        let mut several: Vec<(u128, Vec<u32>)> = Vec::new();
        let mut joined: Vec<(u128, u32)> = Vec::new();
        let mut singles = Vec::new();
        let mut near = near.iter().peekable();
        for same in prints.chunk_by(|a, b| a.0 == b.0) {
            let print = same[0].0;
            while near.next_if(|(other, _)| *other < print).is_some() {}
            let documents = same.iter().map(|(_, document)| *document);
            match near.next_if(|(other, _)| *other == print) {
                Some((_, stands_for)) => joined.extend(documents.map(|document| (*stands_for, document))),
                None if same.len() > 1 => several.push((print, documents.collect())),
                None => singles.extend(documents),
            }
        }
        joined.sort_unstable();
        let documents = |same: &[(u128, u32)]| same.iter().map(|(_, document)| *document).collect();
        several.extend(joined.chunk_by(|a, b| a.0 == b.0).map(|same| (same[0].0, documents(same))));
        several.sort_unstable();
        let (mut boilerplate, mut shared) = (Vec::new(), Vec::new());
        for (_, mut members) in several {
            if sort(&mut members) { &mut boilerplate } else { &mut shared }.push(members);
        }
        let mut groups = Groups {
            starts: Vec::with_capacity(boilerplate.len() + shared.len() + singles.len() + 1),
            members: Vec::with_capacity(prints.len()),
            boilerplate: boilerplate.len() as u32,
            shared: (boilerplate.len() + shared.len()) as u32,
        };
        for members in boilerplate.into_iter().chain(shared) {
            groups.starts.push(groups.members.len() as u32);
            groups.members.extend(members);
        }
        let first = groups.members.len() as u32;
        groups.starts.extend(first..=first + singles.len() as u32);
        groups.members.append(&mut singles);
        groups
    }
}
