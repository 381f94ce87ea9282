//! The table of a generation: which article and group each document belongs to, and what order they have.
//!
//! tantivy's documents never change and know each other by addresses that depend on threads and merges. The table maps
//! those addresses to numbers that do not: articles are numbered in the order of answers (newest date first, undated
//! last, then id), groups with those of several members first. It is one file, written once and then mapped.
//!
//! Layout, all numbers little-endian `u32`: the magic, the [`Counts`], then the sections in the order of [`Section`], each
//! with the length that the counts say.

mod write;

use tantivy::directory::OwnedBytes;

use super::guarded::Guarded;
use super::sums::CURE;
use crate::article::{ArticleId, PubDate};
use crate::error::{Error, Result};

pub(crate) use write::{ArticleRow, DocumentRow, by_print, write};

/// The file's name in its generation.
pub(crate) const FILE: &str = "table";
const MAGIC: &[u8; 8] = b"nutgraf\x06";
const HEADER: usize = 8 + COUNTS * 4;
const COUNTS: usize = 8;

/// No group or source.
pub(crate) const NONE: u32 = u32::MAX;

/// How many of each thing the table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub(crate) documents: u32,
    pub(crate) articles: u32,
    pub(crate) paragraphs: u32,
    pub(crate) groups: u32,
    /// Groups of several members, boilerplate among them; they have the lowest numbers.
    pub(crate) shared: u32,
    /// Groups of boilerplate; of those of several members they have the lowest numbers.
    pub(crate) boilerplate: u32,
    pub(crate) sources: u32,
    pub(crate) langs: u32,
}

/// The sections, in order.
#[derive(Clone, Copy)]
enum Section {
    /// For each document: its article's number; [`NONE`] for one that was deleted.
    Article,
    /// For each document: its group's number; [`NONE`] for an article's record and for one that was deleted.
    Group,
    /// For each article: the upper and the lower half of its id.
    Id,
    /// For each article: the digits of its date, 0 for none.
    Date,
    /// For each article: its source's number, [`NONE`] for none.
    Source,
    /// For each article: its language's number.
    Lang,
    /// For each article: its record's document; its paragraphs are the documents after it.
    Record,
    /// For each article: twice its number of paragraphs, plus one if the first is a headline.
    Length,
    /// For each group, and once more for the end: where its members begin.
    Start,
    /// The documents of each group, oldest first.
    Member,
    /// A bit for each document: whether it is a paragraph that is alone in its group.
    Alone,
    /// A bit for each document: whether it is a paragraph that shares its group.
    Shared,
    /// For each article, in the order of documents: its record's document.
    Begin,
    /// For each article, in the order of documents: its source's number, [`NONE`] for none.
    SourceAt,
}

const SECTIONS: usize = 14;

impl Counts {
    fn lengths(&self) -> [usize; SECTIONS] {
        let [documents, articles, paragraphs, groups] =
            [self.documents, self.articles, self.paragraphs, self.groups].map(|count| count as usize);
        let mut lengths = [articles; SECTIONS];
        lengths[Section::Article as usize] = documents;
        lengths[Section::Group as usize] = documents;
        lengths[Section::Id as usize] = 2 * articles;
        lengths[Section::Start as usize] = groups + 1;
        lengths[Section::Member as usize] = paragraphs;
        lengths[Section::Alone as usize] = words_of_bits(documents);
        lengths[Section::Shared as usize] = words_of_bits(documents);
        lengths
    }

    fn array(&self) -> [u32; COUNTS] {
        [
            self.documents,
            self.articles,
            self.paragraphs,
            self.groups,
            self.shared,
            self.boilerplate,
            self.sources,
            self.langs,
        ]
    }
}

/// An open table. Numbers handed in must be below the [`Counts`]; what comes out is below them, too, or [`NONE`].
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) counts: Counts,
    sections: [OwnedBytes; SECTIONS],
}

impl Table {
    /// Maps the table of a generation, all of it verified, and checks its size.
    ///
    /// # Errors
    ///
    /// When it is missing, cut off, damaged, or not a table of this version.
    pub(crate) fn open(files: &Guarded) -> Result<Table> {
        let damaged = |what: &str| Error::index(&files.path().join(FILE), format!("{what}; {CURE}"));
        let bytes = files.read(FILE)?;
        if bytes.len() < HEADER || &bytes[..8] != MAGIC {
            return Err(damaged("this is no table of this version of nutgraf"));
        }
        let [documents, articles, paragraphs, groups, shared, boilerplate, sources, langs] =
            std::array::from_fn(|place| number(&bytes[8..], place));
        let counts = Counts { documents, articles, paragraphs, groups, shared, boilerplate, sources, langs };
        let lengths = counts.lengths();
        if bytes.len() != HEADER + 4 * lengths.iter().sum::<usize>() {
            return Err(damaged("the table is cut off"));
        }
        let mut at = HEADER;
        let sections = lengths.map(|length| {
            at += 4 * length;
            bytes.slice(at - 4 * length..at)
        });
        Ok(Table { counts, sections })
    }

    fn get(&self, section: Section, place: u32) -> u32 {
        number(&self.sections[section as usize], place as usize)
    }

    /// The article of a document; [`NONE`] for one that was deleted.
    pub(crate) fn article(&self, document: u32) -> u32 {
        self.get(Section::Article, document)
    }

    /// The group of a document; [`NONE`] for an article's record and for one that was deleted.
    pub(crate) fn group(&self, document: u32) -> u32 {
        self.get(Section::Group, document)
    }

    /// An article's id.
    pub(crate) fn id(&self, article: u32) -> ArticleId {
        let [high, low] = [0, 1].map(|half| u64::from(self.get(Section::Id, 2 * article + half)));
        ArticleId::from_bits(high << 32 | low)
    }

    /// An article's date.
    pub(crate) fn date(&self, article: u32) -> Option<PubDate> {
        PubDate::from_digits(self.get(Section::Date, article))
    }

    /// The digits of an article's date, 0 for none.
    pub(crate) fn digits(&self, article: u32) -> u32 {
        self.get(Section::Date, article)
    }

    /// An article's source, [`NONE`] for none.
    pub(crate) fn source(&self, article: u32) -> u32 {
        self.get(Section::Source, article)
    }

    /// An article's language.
    pub(crate) fn lang(&self, article: u32) -> u32 {
        self.get(Section::Lang, article)
    }

    /// The document that is an article's record.
    pub(crate) fn record(&self, article: u32) -> u32 {
        self.get(Section::Record, article)
    }

    /// Whether an article's first paragraph is its headline.
    pub(crate) fn has_headline(&self, article: u32) -> bool {
        self.get(Section::Length, article) & 1 == 1
    }

    /// The documents of an article's paragraphs, in order, the headline first.
    pub(crate) fn paragraphs(&self, article: u32) -> std::ops::Range<u32> {
        let first = self.record(article) + 1;
        first..first + self.get(Section::Length, article) / 2
    }

    /// The number of a paragraph in its article: 0 for the headline.
    pub(crate) fn paragraph(&self, document: u32) -> u32 {
        let article = self.article(document);
        document - self.record(article) - u32::from(self.has_headline(article))
    }

    /// The document of a paragraph, if the article has it.
    pub(crate) fn document(&self, article: u32, paragraph: u32) -> Option<u32> {
        let documents = self.paragraphs(article);
        let skipped = u32::from(!self.has_headline(article));
        let document = documents.start.checked_add(paragraph)?.checked_sub(skipped)?;
        documents.contains(&document).then_some(document)
    }

    /// The documents of a group, oldest first.
    pub(crate) fn members(&self, group: u32) -> impl ExactSizeIterator<Item = u32> + '_ {
        let (start, end) = (self.get(Section::Start, group), self.get(Section::Start, group + 1));
        (start..end).map(|place| self.get(Section::Member, place))
    }

    /// Whether each group begins where the one before it ends, and the last one ends with the members.
    pub(crate) fn has_sound_starts(&self) -> bool {
        let starts = || (0..=self.counts.groups).map(|group| self.get(Section::Start, group));
        starts().is_sorted() && starts().next() == Some(0) && starts().next_back() == Some(self.counts.paragraphs)
    }

    /// Whether the bits of the documents say the same as their groups.
    pub(crate) fn has_sound_kinds(&self) -> bool {
        (0..self.counts.documents).all(|document| {
            let group = self.group(document);
            let (alone, shared) = self.kinds(document / 64);
            let is_set = |bits: u64| bits >> (document % 64) & 1 == 1;
            is_set(shared) == (group < self.counts.shared)
                && is_set(alone) == (group >= self.counts.shared && group != NONE)
        })
    }

    /// Whether a group is one of several copies, and not boilerplate.
    pub(crate) fn is_copied(&self, group: u32) -> bool {
        (self.counts.boilerplate..self.counts.shared).contains(&group)
    }

    /// Which of the 64 documents from `64 * word` on are paragraphs that are alone in their group, and which are paragraphs
    /// that share it, as bits.
    #[inline]
    pub(crate) fn kinds(&self, word: u32) -> (u64, u64) {
        let half = |section: Section, place| {
            let bytes = &self.sections[section as usize];
            if 4 * (place as usize) < bytes.len() { u64::from(number(bytes, place as usize)) } else { 0 }
        };
        let of = |section| half(section, 2 * word) | half(section, 2 * word + 1) << 32;
        (of(Section::Alone), of(Section::Shared))
    }

    /// The article that a document belongs to, as its place in the order of documents, which is not before `from`.
    #[inline]
    pub(crate) fn place(&self, from: u32, document: u32) -> u32 {
        // It is mostly one of the next few.
        let (mut low, mut step) = (from, 1);
        while self.begin(low + step) <= document {
            low += step;
            step *= 2;
        }
        let mut high = low + step;
        while low + 1 < high {
            let middle = low.midpoint(high);
            if self.begin(middle) <= document { low = middle } else { high = middle }
        }
        low
    }

    /// The first document of the article at a place in the order of documents; behind the last place the end.
    #[inline]
    pub(crate) fn begin(&self, place: u32) -> u32 {
        if place < self.counts.articles { self.get(Section::Begin, place) } else { self.counts.documents }
    }

    /// The source of the article at a place in the order of documents, [`NONE`] for none.
    pub(crate) fn source_at(&self, place: u32) -> u32 {
        self.get(Section::SourceAt, place)
    }

    /// How many members a group has.
    pub(crate) fn size(&self, group: u32) -> u32 {
        self.get(Section::Start, group + 1) - self.get(Section::Start, group)
    }

    /// The articles whose ids lie in a range, by number.
    pub(crate) fn articles_within(&self, ids: &std::ops::RangeInclusive<ArticleId>) -> Vec<u32> {
        (0..self.counts.articles).filter(|article| ids.contains(&self.id(*article))).collect()
    }
}

/// How many numbers the bits of so many documents fill.
fn words_of_bits(documents: usize) -> usize {
    documents.div_ceil(32)
}

fn number(bytes: &[u8], place: usize) -> u32 {
    let at = 4 * place;
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("a slice of four bytes"))
}
