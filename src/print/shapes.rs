//! What a program reads in our JSON: each object as a struct, its fields in the order of the output.
//!
//! docs/answer.schema.json describes the answer's, and a test holds the two together. What is not known is null; what
//! was not asked for is absent. Places in a text count Unicode code points from 0.

use std::ops::Range;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::code_points::code_points;
use super::page::{Fact, Section};
use super::wording;
use crate::article::{ArticleId, Given, PubDate, Ref};
use crate::search::answer::{
    Answer, ArticleCard, Context, Copy, Duplicates, Evidence, FacetCount, FacetCounts, Hit, Holdings, Novelty, Totals,
};
use crate::search::answer::{Page, PageParagraph};

/// The version that wrote the output, the first field of each object.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

#[derive(serde::Serialize)]
pub(super) struct AnswerShape<'a> {
    nutgraf: &'static str,
    query: QueryShape<'a>,
    index: IndexShape,
    total: TotalShape,
    hits: Vec<HitShape<'a>>,
    #[serde(skip_serializing_if = "FacetMap::is_empty")]
    facets: FacetMap<'a>,
}

impl AnswerShape<'_> {
    pub(super) fn of(answer: &Answer) -> AnswerShape<'_> {
        AnswerShape {
            nutgraf: VERSION,
            query: QueryShape { text: &answer.text, read_as: &answer.read_as },
            index: IndexShape::of(&answer.index),
            total: TotalShape::of(&answer.total),
            hits: answer.hits.iter().map(HitShape::of).collect(),
            facets: FacetMap(&answer.facets),
        }
    }
}

#[derive(serde::Serialize)]
pub(super) struct CountShape<'a> {
    nutgraf: &'static str,
    query: QueryShape<'a>,
    index: IndexShape,
    total: TotalShape,
}

impl CountShape<'_> {
    pub(super) fn of(answer: &Answer) -> CountShape<'_> {
        CountShape {
            nutgraf: VERSION,
            query: QueryShape { text: &answer.text, read_as: &answer.read_as },
            index: IndexShape::of(&answer.index),
            total: TotalShape::of(&answer.total),
        }
    }
}

#[derive(serde::Serialize)]
pub(super) struct QueryShape<'a> {
    pub(super) text: &'a str,
    pub(super) read_as: &'a str,
}

#[derive(serde::Serialize)]
pub(super) struct IndexShape {
    generation: u64,
    corpus: String,
    articles: u64,
    paragraphs: u64,
    groups: u64,
}

impl IndexShape {
    pub(super) fn of(&Holdings { generation, corpus, articles, paragraphs, groups }: &Holdings) -> IndexShape {
        IndexShape { generation, corpus: corpus.to_string(), articles, paragraphs, groups }
    }
}

#[derive(serde::Serialize)]
pub(super) struct TotalShape {
    paragraphs: u64,
    groups: u64,
    articles: u64,
    sources: u64,
    boilerplate: u64,
}

impl TotalShape {
    pub(super) fn of(&Totals { paragraphs, groups, articles, sources, boilerplate }: &Totals) -> TotalShape {
        TotalShape { paragraphs, groups, articles, sources, boilerplate }
    }
}

#[derive(serde::Serialize)]
pub(super) struct HitShape<'a> {
    rank: u64,
    score: f64,
    #[serde(rename = "ref")]
    reference: Ref,
    article: ArticleShape<'a>,
    paragraph: u32,
    text: &'a str,
    highlights: Vec<[usize; 2]>,
    actors: &'a [String],
    topics: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceShape<'a>>,
    duplicates: DuplicatesShape<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    novelty: Option<NoveltyShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<ContextShape<'a>>,
}

impl HitShape<'_> {
    pub(super) fn of(hit: &Hit) -> HitShape<'_> {
        HitShape {
            rank: hit.rank,
            score: hit.score,
            reference: hit.reference,
            article: ArticleShape::of(&hit.article),
            paragraph: hit.reference.paragraph,
            text: &hit.text,
            highlights: code_points(&hit.text, &hit.highlights),
            actors: &hit.actors,
            topics: &hit.topics,
            evidence: hit.evidence.as_ref().map(|evidence| EvidenceShape::of(evidence, &hit.text)),
            duplicates: DuplicatesShape::of(&hit.duplicates),
            novelty: hit.novelty.as_ref().map(NoveltyShape::of),
            context: (hit.context != Context::default()).then(|| ContextShape::of(&hit.context)),
        }
    }
}

#[derive(serde::Serialize)]
pub(super) struct ArticleShape<'a> {
    id: ArticleId,
    title: Option<&'a str>,
    source: Option<&'a str>,
    author: Option<&'a str>,
    date: Option<PubDate>,
    url: Option<&'a str>,
    lang: &'a str,
    path: &'a str,
    record: Option<&'a str>,
}

impl ArticleShape<'_> {
    pub(super) fn of(card: &ArticleCard) -> ArticleShape<'_> {
        ArticleShape {
            id: card.id,
            title: known(&card.title),
            source: card.source.as_deref().and_then(known),
            author: card.author.as_deref().and_then(known),
            date: card.date,
            url: card.url.as_deref().and_then(known),
            lang: &card.lang,
            path: &card.path,
            record: card.record.as_deref().and_then(known),
        }
    }
}

#[derive(serde::Serialize)]
pub(super) struct EvidenceShape<'a> {
    actors: Vec<CodeShape<'a>>,
    topics: Vec<CodeShape<'a>>,
}

#[derive(serde::Serialize)]
struct CodeShape<'a> {
    path: &'a str,
    ranges: Vec<[usize; 2]>,
}

impl EvidenceShape<'_> {
    fn of<'a>(evidence: &'a Evidence, text: &str) -> EvidenceShape<'a> {
        let codes = |codes: &'a [(String, Vec<Range<usize>>)]| {
            codes.iter().map(|(path, ranges)| CodeShape { path, ranges: code_points(text, ranges) }).collect()
        };
        EvidenceShape { actors: codes(&evidence.actors), topics: codes(&evidence.topics) }
    }
}

#[derive(serde::Serialize)]
struct NoveltyShape<'a> {
    novelty: &'static str,
    of: Option<EarlierShape<'a>>,
}

#[derive(serde::Serialize)]
struct EarlierShape<'a> {
    #[serde(rename = "ref")]
    reference: Ref,
    source: Option<&'a str>,
    date: Option<PubDate>,
}

impl NoveltyShape<'_> {
    fn of(novelty: &Novelty) -> NoveltyShape<'_> {
        let (novelty, earlier) = wording::novelty(novelty);
        let of = earlier.map(|earlier| EarlierShape {
            reference: earlier.reference,
            source: earlier.source.as_deref().and_then(known),
            date: earlier.date,
        });
        NoveltyShape { novelty, of }
    }
}

#[derive(serde::Serialize)]
pub(super) struct DuplicatesShape<'a> {
    group: &'a str,
    copies: u64,
    matching: u64,
    boilerplate: bool,
    others: Vec<CopyShape<'a>>,
}

impl DuplicatesShape<'_> {
    pub(super) fn of(duplicates: &Duplicates) -> DuplicatesShape<'_> {
        DuplicatesShape {
            group: &duplicates.group,
            copies: duplicates.copies,
            matching: duplicates.matching,
            boilerplate: duplicates.boilerplate,
            others: duplicates.others.iter().map(CopyShape::of).collect(),
        }
    }
}

#[derive(serde::Serialize)]
pub(super) struct CopyShape<'a> {
    #[serde(rename = "ref")]
    reference: Ref,
    source: Option<&'a str>,
    date: Option<PubDate>,
    title: Option<&'a str>,
    similarity: f64,
    matches: bool,
}

impl CopyShape<'_> {
    pub(super) fn of(copy: &Copy) -> CopyShape<'_> {
        CopyShape {
            reference: copy.reference,
            source: copy.source.as_deref().and_then(known),
            date: copy.date,
            title: known(&copy.title),
            similarity: copy.similarity,
            matches: copy.matches,
        }
    }
}

#[derive(serde::Serialize)]
pub(super) struct ContextShape<'a> {
    before: Vec<NeighbourShape<'a>>,
    after: Vec<NeighbourShape<'a>>,
}

#[derive(serde::Serialize)]
pub(super) struct NeighbourShape<'a> {
    #[serde(rename = "ref")]
    reference: Ref,
    text: &'a str,
}

impl ContextShape<'_> {
    pub(super) fn of(context: &Context) -> ContextShape<'_> {
        ContextShape {
            before: context.before.iter().map(NeighbourShape::of).collect(),
            after: context.after.iter().map(NeighbourShape::of).collect(),
        }
    }
}

impl NeighbourShape<'_> {
    pub(super) fn of((reference, text): &(Ref, String)) -> NeighbourShape<'_> {
        NeighbourShape { reference: *reference, text }
    }
}

#[derive(serde::Serialize)]
pub(super) struct FacetsShape<'a> {
    nutgraf: &'static str,
    total: TotalShape,
    facets: FacetMap<'a>,
}

impl<'a> FacetsShape<'a> {
    pub(super) fn of(facets: &'a [FacetCounts], total: &Totals) -> FacetsShape<'a> {
        FacetsShape { nutgraf: VERSION, total: TotalShape::of(total), facets: FacetMap(facets) }
    }
}

/// An object with an array for each field, in the order asked; a field that was asked for twice stands once.
pub(super) struct FacetMap<'a>(&'a [FacetCounts]);

impl FacetMap<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for FacetMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (place, facet) in self.0.iter().enumerate() {
            if self.0[..place].iter().all(|earlier| earlier.field != facet.field) {
                let values = facet.values.iter().map(FacetShape::of);
                map.serialize_entry(&facet.field, &values.collect::<Vec<_>>())?;
            }
        }
        map.end()
    }
}

#[derive(serde::Serialize)]
pub(super) struct FacetShape<'a> {
    path: &'a str,
    groups: u64,
    paragraphs: u64,
    articles: u64,
}

impl FacetShape<'_> {
    pub(super) fn of(count: &FacetCount) -> FacetShape<'_> {
        FacetShape { path: &count.path, groups: count.groups, paragraphs: count.paragraphs, articles: count.articles }
    }
}

#[derive(serde::Serialize)]
pub(super) struct FacetLineShape<'a> {
    field: &'a str,
    #[serde(flatten)]
    count: FacetShape<'a>,
}

impl<'a> FacetLineShape<'a> {
    pub(super) fn of(field: &'a str, count: &'a FacetCount) -> FacetLineShape<'a> {
        FacetLineShape { field, count: FacetShape::of(count) }
    }
}

#[derive(serde::Serialize)]
pub(super) struct PageShape<'a> {
    nutgraf: &'static str,
    article: ArticleShape<'a>,
    given: &'a [Given],
    length: u32,
    asked: Option<u32>,
    paragraphs: Vec<ParagraphShape<'a>>,
}

impl PageShape<'_> {
    pub(super) fn of(page: &Page) -> PageShape<'_> {
        let paragraph = |paragraph| ParagraphShape::of(paragraph, page.card.id);
        PageShape {
            nutgraf: VERSION,
            article: ArticleShape::of(&page.card),
            given: &page.given,
            length: page.length,
            asked: page.asked,
            paragraphs: page.paragraphs.iter().map(paragraph).collect(),
        }
    }
}

#[derive(serde::Serialize)]
pub(super) struct ParagraphShape<'a> {
    #[serde(rename = "ref")]
    reference: Ref,
    paragraph: u32,
    text: &'a str,
    highlights: Vec<[usize; 2]>,
    actors: &'a [String],
    topics: &'a [String],
}

impl ParagraphShape<'_> {
    pub(super) fn of(paragraph: &PageParagraph, article: ArticleId) -> ParagraphShape<'_> {
        ParagraphShape {
            reference: Ref { article, paragraph: paragraph.number },
            paragraph: paragraph.number,
            text: &paragraph.text,
            highlights: code_points(&paragraph.text, &paragraph.highlights),
            actors: &paragraph.actors,
            topics: &paragraph.topics,
        }
    }
}

pub(super) struct InfoMap<'a>(pub(super) &'a [Section]);

impl Serialize for InfoMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("nutgraf", VERSION)?;
        for section in self.0 {
            map.serialize_entry(&section.name, &FactMap(section))?;
        }
        map.end()
    }
}

#[derive(serde::Serialize)]
pub(super) struct SectionLineShape<'a> {
    section: &'a str,
    facts: FactMap<'a>,
}

impl SectionLineShape<'_> {
    pub(super) fn of(section: &Section) -> SectionLineShape<'_> {
        SectionLineShape { section: &section.name, facts: FactMap(section) }
    }
}

pub(super) struct FactMap<'a>(&'a Section);

impl Serialize for FactMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.facts.iter().map(|(key, fact)| (key, FactShape::of(fact))))
    }
}

#[derive(serde::Serialize)]
#[serde(untagged)]
pub(super) enum FactShape<'a> {
    Count(u64),
    Text(&'a str),
    List(&'a [String]),
    Unknown(()),
}

impl FactShape<'_> {
    pub(super) fn of(fact: &Fact) -> FactShape<'_> {
        match fact {
            Fact::Count(count) => FactShape::Count(*count),
            Fact::Text(text) => FactShape::Text(text),
            Fact::List(list) => FactShape::List(list),
            Fact::Unknown => FactShape::Unknown(()),
        }
    }
}

/// Text that is known: an empty one is not.
pub(super) fn known(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
