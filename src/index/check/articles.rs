//! Articles: whether each has its record, its paragraphs behind it, and one and the same id, date, outlet and language in
//! the table, on its card and in the facets of its paragraphs.

use hashbrown::HashMap;
use tantivy::schema::Facet;

use super::Part;
use crate::article::ArticleId;
use crate::error::Result;
use crate::index::open::{Index, Segment};
use crate::index::schema::FACETS;
use crate::index::table::NONE;

pub(super) fn check(index: &Index) -> Result<Part> {
    let table = &index.table;
    let counts = table.counts;
    let mut part = Part::of("articles", u64::from(counts.articles));
    // Those that were deleted are neither.
    let add_up = counts.articles.checked_add(counts.paragraphs).is_some_and(|alive| alive <= counts.documents)
        && counts.boilerplate <= counts.shared
        && counts.shared <= counts.groups;
    if !add_up {
        part.fault(|| "table: its counts do not add up".to_owned());
        return Ok(part);
    }
    let mut order: Vec<u32> = (0..counts.articles).collect();
    order.sort_unstable_by_key(|article| table.record(*article));
    let gone = |mut documents: std::ops::Range<u32>| {
        documents.all(|document| table.article(document) == NONE && table.group(document) == NONE)
    };
    let mut next = 0;
    for (place, article) in (0..).zip(order) {
        let record = table.record(article);
        let here = (next..counts.documents).contains(&record) && table.paragraphs(article).end <= counts.documents;
        let paragraphs = if here { table.paragraphs(article) } else { 0..0 };
        let own = here
            && gone(next..record)
            && table.begin(place) == record
            && table.source_at(place) == table.source(article)
            && table.article(record) == article
            && table.group(record) == NONE
            && paragraphs
                .clone()
                .all(|document| table.article(document) == article && table.group(document) < counts.groups);
        if !own {
            part.fault(|| format!("{}: its paragraphs do not follow its record", table.id(article)));
            // Where the next one may begin is not known any more.
            return Ok(part);
        }
        next = paragraphs.end;
        match index.card(article) {
            Ok(card) => {
                let source = index.manifest().sources.get(table.source(article) as usize);
                let lang = index.manifest().langs.get(table.lang(article) as usize).map(|(lang, _)| *lang);
                let agrees = (source.is_some() || table.source(article) == NONE)
                    && card.id == table.id(article)
                    && card.date == table.date(article)
                    && card.source.as_ref() == source
                    && Some(card.lang) == lang
                    && card.title.is_empty() != table.has_headline(article);
                part.expect(agrees, || format!("{}: its card says something else than the table", table.id(article)));
            }
            Err(error) => part.fault(|| format!("{}: {error}", table.id(article))),
        }
    }
    part.expect(gone(next..counts.documents), || "there are documents without an article".to_owned());
    let sorted = (1..counts.articles).all(|article| {
        let place = |article| (std::cmp::Reverse(table.digits(article)), table.id(article));
        place(article - 1) < place(article)
    });
    part.expect(sorted, || "the articles do not stand in the order of answers".to_owned());
    if part.wrong == 0 {
        for segment in index.segments() {
            ids(index, segment, &mut part)?;
            for field in &FACETS[3..] {
                facets(index, segment, field, &mut part)?;
            }
        }
    }
    Ok(part)
}

/// Compares the ids that the documents of a segment bear with those of the table.
fn ids(index: &Index, segment: Segment<'_>, part: &mut Part) -> Result<()> {
    let table = &index.table;
    let name = index.searcher().schema().get_field_name(index.fields.article);
    let column = segment.reader.fast_fields().u64(name).map_err(|error| index.damaged(&error.to_string()))?;
    for document in 0..segment.reader.max_doc() {
        let article = table.article(segment.base + document);
        part.expect(segment.reader.is_deleted(document) == (article == NONE), || {
            format!("document {}: it is deleted in the table or in its segment alone", segment.base + document)
        });
        if article == NONE {
            continue;
        }
        let id = table.id(article);
        part.expect(column.first(document).map(ArticleId::from_bits) == Some(id), || {
            format!("{id}: a document of it bears another id")
        });
    }
    Ok(())
}

/// Compares the facets that all paragraphs of an article share with the table.
fn facets(index: &Index, segment: Segment<'_>, field: &str, part: &mut Part) -> Result<()> {
    let table = &index.table;
    let manifest = index.manifest();
    let expected = |article: u32| match field {
        "date" => Some(Facet::from(&*table.date(article).map_or_else(|| "/undated".to_owned(), |date| date.facet()))),
        "source" => manifest.sources.get(table.source(article) as usize).map(|source| Facet::from_path([source])),
        _ => manifest.langs.get(table.lang(article) as usize).map(|(lang, _)| Facet::from_path([lang.code()])),
    };
    let reader = segment.reader.facet_reader(field).map_err(|error| index.damaged(&error.to_string()))?;
    let mut ords: HashMap<Option<Facet>, Option<u64>> = HashMap::new();
    for ord in 0..reader.num_facets() as u64 {
        let mut facet = Facet::default();
        reader.facet_from_ord(ord, &mut facet).map_err(|error| index.damaged(&error.to_string()))?;
        ords.insert(Some(facet), Some(ord));
    }
    ords.insert(None, None);
    let mut last = None;
    for document in 0..segment.reader.max_doc() {
        let (article, group) = (table.article(segment.base + document), table.group(segment.base + document));
        if article == NONE {
            continue;
        }
        let ord = match last {
            Some((of, ord)) if of == article => ord,
            _ => ords.get(&expected(article)).copied(),
        };
        last = Some((article, ord));
        let mut found = reader.facet_ords(document);
        let agrees = if group == NONE { true } else { ord == Some(found.next()) };
        part.expect(agrees && found.next().is_none(), || {
            format!(
                "{}: its facet {field} is not what the table says",
                super::reference(index, segment.base + document)
            )
        });
    }
    Ok(())
}
