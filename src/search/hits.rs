//! Hits fetched: text, marks, codes, copies and surroundings of the few paragraphs that are shown.

use hashbrown::{HashMap, HashSet};

use super::answer::{ArticleCard, Context, Copy, Duplicates, Hit, MOST_COPIES_SHOWN, Page, PageParagraph};
use super::collect::Found;
use super::documents::Documents;
use super::evidence::Witness;
use super::paragraph::Paragraph;
use super::scan::UNIT;
use super::{Request, facets};
use crate::article::{ArticleId, NoRef, Ref};
use crate::error::{Error, QueryError, Result};
use crate::groups::{Normal, similarity};
use crate::highlight::highlights;
use crate::index::{Card, Index, Lent, NONE};
use crate::meaning::Clause;

/// Fetches the hits of one answer.
pub(crate) struct Fetch<'a> {
    index: &'a Index,
    /// All matching documents, or those of them that have copies.
    matching: &'a Documents,
    request: &'a Request,
    /// Says what codes rest on, if that is asked.
    witness: Option<Witness>,
    analyzer: Lent<'a>,
    /// Articles already read: copies and neighbours often share one.
    cards: HashMap<u32, Card>,
}

impl<'a> Fetch<'a> {
    pub(crate) fn new(index: &'a Index, matching: &'a Documents, request: &'a Request) -> Result<Fetch<'a>> {
        let witness = request.evidence.then(|| Witness::new(index)).transpose()?;
        Ok(Fetch { index, matching, request, witness, analyzer: index.analyzer(), cards: HashMap::new() })
    }

    /// The hit that a clause found at a rank.
    pub(crate) fn hit(&mut self, found: Found, rank: u64, clause: &Clause) -> Result<Hit> {
        let card = self.card(self.index.table.article(found.document))?;
        let paragraph = Paragraph::fetch(self.index, found.document, card, clause)?;
        let duplicates = self.duplicates(found.document, &paragraph.text, &paragraph.group)?;
        let tokens = self.analyzer.analyze(&paragraph.text, paragraph.card.lang);
        let highlights = highlights(clause, &tokens, &paragraph.facts());
        let date = paragraph.card.date;
        let evidence = self.witness.as_mut().map(|witness| witness.evidence(&tokens, date));
        let arrived = self.request.among.as_deref();
        let novelty = arrived.map(|arrived| arrived.novelty(self.index, found.document)).transpose()?;
        let Paragraph { card, text, actors, topics, .. } = paragraph;
        Ok(Hit {
            rank,
            score: f64::from(found.score) / f64::from(UNIT),
            reference: self.reference(found.document),
            article: show(card),
            text,
            highlights,
            actors,
            topics,
            evidence,
            duplicates,
            novelty,
            context: self.context(found.document)?,
        })
    }

    fn card(&mut self, article: u32) -> Result<Card> {
        if let Some(card) = self.cards.get(&article) {
            return Ok(card.clone());
        }
        let card = self.index.card(article)?;
        self.cards.insert(article, card.clone());
        Ok(card)
    }

    fn reference(&self, document: u32) -> Ref {
        reference(self.index, document)
    }

    /// The copies of a document with this text, whose group has this printed id.
    fn duplicates(&mut self, document: u32, text: &str, id: &str) -> Result<Duplicates> {
        let table = &self.index.table;
        let group = table.group(document);
        let boilerplate = group < table.counts.boilerplate;
        let most = if boilerplate { 0 } else { MOST_COPIES_SHOWN };
        let print = (table.size(group) > 1).then(|| Normal::of(text).fingerprint());
        let mut sources = HashSet::new();
        let mut first = None;
        let mut others = Vec::new();
        for member in table.members(group) {
            let article = table.article(member);
            let source = table.source(article);
            if source != NONE {
                sources.insert(source);
            }
            // Members come oldest first, undated ones last.
            first = first.or(table.date(article));
            if member != document && others.len() < most {
                let card = self.card(article)?;
                let reference = self.reference(member);
                let same = Some(self.index.fingerprint(member)?) == print;
                others.push(Copy {
                    reference,
                    source: card.source,
                    date: card.date,
                    title: card.title,
                    similarity: if same { 1.0 } else { similarity(text, &self.index.text(member)?) },
                    matches: self.matching.contains(member),
                });
            }
        }
        let copies = u64::from(table.size(group));
        let matching = || table.members(group).filter(|member| self.matching.contains(*member)).count() as u64;
        let matching = if copies == 1 { 1 } else { matching() };
        let outlets = sources.len() as u64;
        Ok(Duplicates { group: id.to_owned(), copies, matching, outlets, first, boilerplate, others })
    }

    fn context(&self, document: u32) -> Result<Context> {
        let around = self.request.context;
        if around == 0 {
            return Ok(Context::default());
        }
        let documents = self.index.table.paragraphs(self.index.table.article(document));
        let before = document.saturating_sub(around).max(documents.start)..document;
        let after = document + 1..document.saturating_add(around).saturating_add(1).min(documents.end);
        let fetch = |document| Ok((self.reference(document), self.index.text(document)?));
        Ok(Context {
            before: before.map(fetch).collect::<Result<_>>()?,
            after: after.map(fetch).collect::<Result<_>>()?,
        })
    }
}

pub(crate) fn reference(index: &Index, document: u32) -> Ref {
    let table = &index.table;
    Ref { article: table.id(table.article(document)), paragraph: table.paragraph(document) }
}

fn show(card: Card) -> ArticleCard {
    ArticleCard {
        id: card.id,
        title: card.title,
        source: card.source,
        author: card.author,
        date: card.date,
        url: card.url,
        lang: card.lang.to_string(),
        path: card.path,
        record: card.record,
    }
}

/// Reads what a reference names: `ARTICLE` or the beginning of it, or `ARTICLE#PARAGRAPH`, then with `around` paragraphs
/// before and after it.
///
/// # Errors
///
/// When the text is no reference, or the index has nothing or several things that it names.
pub fn page(index: &Index, reference: &str, around: u32) -> Result<Page> {
    let table = &index.table;
    let (article, asked) = locate(index, reference)?;
    let documents = table.paragraphs(article);
    let shown = match asked {
        None => documents.clone(),
        Some(document) => {
            let end = document.saturating_add(around).saturating_add(1);
            document.saturating_sub(around).max(documents.start)..end.min(documents.end)
        }
    };
    let paragraph_of = |document| {
        Ok(PageParagraph {
            number: table.paragraph(document),
            text: index.text(document)?,
            highlights: Vec::new(),
            actors: facets::paths(index, document, "actor")?,
            topics: facets::paths(index, document, "topic")?,
        })
    };
    let first = documents.start;
    let given = if documents.is_empty() { Vec::new() } else { facets::given(index, first)? };
    Ok(Page {
        card: show(index.card(article)?),
        given,
        length: (documents.end - first) - u32::from(table.has_headline(article)),
        asked: asked.map(|document| table.paragraph(document)),
        paragraphs: shown.map(paragraph_of).collect::<Result<_>>()?,
    })
}

/// The article that a reference names, by number, and the document of the paragraph if it names one.
pub(crate) fn locate(index: &Index, reference: &str) -> Result<(u32, Option<u32>)> {
    let table = &index.table;
    let wrong = |what: String| Error::from(QueryError::at(reference, 0..reference.len(), what));
    let (prefix, paragraph) = match reference.split_once('#') {
        Some((prefix, number)) => (prefix, Some(number.parse().map_err(|_| wrong(NoRef.to_string()))?)),
        None => (reference, None),
    };
    let ids = ArticleId::with_prefix(prefix).ok_or_else(|| wrong(NoRef.to_string()))?;
    let article = match table.articles_within(&ids)[..] {
        [article] => article,
        [] => return Err(wrong("no article of this index is called so".to_owned())),
        [..] => return Err(wrong("several articles of this index begin so: give more of the id".to_owned())),
    };
    let document =
        |number| table.document(article, number).ok_or_else(|| wrong(format!("the article has no paragraph {number}")));
    Ok((article, paragraph.map(document).transpose()?))
}

/// The article and the document of the paragraph that a reference names.
pub(super) fn locate_paragraph(index: &Index, reference: &str) -> Result<(u32, u32)> {
    let (article, asked) = locate(index, reference)?;
    let document = asked.ok_or_else(|| {
        let what = "this names an article; name one of its paragraphs";
        QueryError::at(reference, 0..reference.len(), what).cure(format!("such as {reference}#1"))
    })?;
    Ok((article, document))
}
