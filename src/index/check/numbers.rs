//! The numbers of the manifest: whether they are those of the table and of what else it tells about.

use xxhash_rust::xxh3::xxh3_64;

use super::Part;
use super::groups::Edges;
use crate::article::ArticleId;
use crate::error::Result;
use crate::index::files::Files;
use crate::index::finish::corpus;
use crate::index::open::Index;

pub(super) fn check(index: &Index, copies: &Edges) -> Result<Part> {
    let (manifest, table) = (index.manifest(), &index.table);
    let counts = table.counts;
    let mut words = 0;
    for segment in index.segments() {
        let name = index.searcher().schema().get_field_name(index.fields.words);
        let column = segment.reader.fast_fields().u64(name).map_err(|error| index.damaged(&error.to_string()))?;
        let documents = (0..segment.reader.max_doc()).filter(|document| !segment.reader.is_deleted(*document));
        words += documents.filter_map(|document| column.first(document)).sum::<u64>();
    }
    let dated = || (0..counts.articles).filter_map(|article| table.date(article));
    let undated = u64::from(counts.articles) - dated().count() as u64;
    let mut langs = vec![0; manifest.langs.len()];
    let mut sources = vec![0; manifest.sources.len()];
    for article in 0..counts.articles {
        for (counted, number) in [(&mut langs, table.lang(article)), (&mut sources, table.source(article))] {
            if let Some(articles) = counted.get_mut(number as usize) {
                *articles += 1;
            }
        }
    }
    let mark = manifest.copies;
    let hash = format!("{:016x}", xxh3_64(index.codebook_text()));
    let files = Files::read(index.files())?;
    let mut read: Vec<ArticleId> = files.rows().iter().flat_map(|row| &row.articles).map(|holds| holds.id()).collect();
    read.sort_unstable();
    let mut held: Vec<ArticleId> = (0..counts.articles).map(|article| table.id(article)).collect();
    held.sort_unstable();
    let numbers = [
        ("articles", manifest.articles == u64::from(counts.articles)),
        ("paragraphs", manifest.paragraphs == u64::from(counts.paragraphs)),
        ("groups", manifest.groups == u64::from(counts.groups - counts.boilerplate)),
        ("boilerplate", manifest.boilerplate == u64::from(counts.boilerplate)),
        ("words", manifest.words == words),
        ("dates", manifest.dates == dated().min().zip(dated().max())),
        ("undated", manifest.undated == undated),
        ("sources", manifest.sources.is_sorted() && sources.iter().all(|articles| *articles > 0)),
        ("langs", manifest.langs.iter().map(|(_, articles)| *articles).eq(langs)),
        ("copies", (mark.versions, mark.pairs, mark.bytes) == copies.numbers()),
        ("corpus", read == held && manifest.corpus == corpus(files.rows())),
        ("codebook", manifest.codebook.hash == hash),
    ];
    let mut part = Part::of("numbers", numbers.len() as u64);
    for (name, agrees) in numbers {
        part.expect(agrees, || format!("manifest.json: {name} is not what the index holds"));
    }
    Ok(part)
}
