//! A segment of tantivy's, written by the thread that analyses its articles.
//!
//! The words of a paragraph are numbered when they come, since [`crate::text`] knows each different word once. So a
//! paragraph is kept as the numbers of its words, four bytes each, and both fields of words are made of them when the
//! segment is full. tantivy's own serializers write the files: they are, byte for byte, those that tantivy's writer makes
//! of the same documents, which a test holds it to.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::{Field, Value};
use tantivy::store::StoreWriter;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{IndexWriter, Segment, SegmentMeta, TantivyDocument};

use super::inverted::{self, Log, Place, Places, SORTING, Terms};
use super::schema::{Fields, SENTENCE};
use crate::article::ArticleId;
use crate::text::{Analysis, Entry};

/// What stands for no number.
const NONE: u32 = u32::MAX;

/// A segment that documents are still added to.
pub(super) struct Draft {
    segment: Segment,
    fields: Fields,
    /// How many documents it has.
    documents: u32,
    words: Words,
    /// The indexed fields that are not words of paragraphs, in the order of their numbers.
    logs: BTreeMap<Field, Log>,
    norms: FieldNormsWriter,
    columns: FastFieldsWriter,
    store: StoreWriter,
}

impl Draft {
    /// Begins a segment of an index.
    pub(super) fn begin(writer: &IndexWriter, fields: Fields) -> tantivy::Result<Draft> {
        let segment = writer.new_segment();
        let (schema, settings) = (segment.schema(), segment.index().settings());
        let store = segment.open_write(SegmentComponent::Store)?;
        Ok(Draft {
            fields,
            documents: 0,
            words: Words::new(),
            logs: BTreeMap::new(),
            norms: FieldNormsWriter::for_schema(&schema),
            columns: FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, TokenizerManager::new())?,
            store: StoreWriter::new(store, settings.docstore_compression, settings.docstore_blocksize, false)?,
            segment,
        })
    }

    /// Adds an article's record: what of it is stored, and the words of its fields.
    pub(super) fn add_record(
        &mut self,
        id: ArticleId,
        stored: &TantivyDocument,
        words: &[(Field, Vec<String>)],
    ) -> tantivy::Result<()> {
        for (field, words) in words {
            let log = self.logs.entry(*field).or_default();
            for (word, position) in words.iter().zip(0..) {
                log.add(word.as_bytes(), Place::new(self.documents, position));
            }
        }
        self.add(id, stored)
    }

    /// Adds a paragraph: what of it is stored, facets among it, and its words.
    pub(super) fn add_paragraph(
        &mut self,
        id: ArticleId,
        stored: &TantivyDocument,
        analysis: &Analysis<'_>,
    ) -> tantivy::Result<()> {
        let length = self.words.add(self.documents, analysis);
        self.norms.record(self.documents, self.fields.stems, length);
        for (field, value) in stored.field_values() {
            if let Some(facet) = value.as_facet() {
                self.logs.entry(field).or_default().add_facet(facet, self.documents);
            }
        }
        self.add(id, stored)
    }

    fn add(&mut self, id: ArticleId, stored: &TantivyDocument) -> tantivy::Result<()> {
        let field = self.fields.article;
        self.logs.entry(field).or_default().add(&id.bits().to_be_bytes(), Place::new(self.documents, 0));
        self.norms.record(self.documents, field, 1);
        self.columns.add_document(stored)?;
        self.store.store(stored, &self.segment.schema())?;
        self.documents += 1;
        Ok(())
    }

    /// Whether it should be finished: it takes this much memory, in bytes, or its words can hardly be numbered any more.
    pub(super) fn is_full(&self, memory: usize) -> bool {
        self.size() >= memory || self.words.text.len() > u32::MAX as usize / 2
    }

    /// Memory in bytes that it takes by the end, about.
    fn size(&self) -> usize {
        self.words.size()
            + self.logs.values().map(Log::size).sum::<usize>()
            + self.norms.mem_usage()
            + self.columns.mem_usage()
            + self.store.mem_usage()
    }

    /// Writes the segment, which is part of the index when [`IndexWriter::add_segment`] has added it.
    pub(super) fn finish(mut self) -> tantivy::Result<SegmentMeta> {
        let segment = self.segment.with_max_doc(self.documents);
        self.store.close()?;
        let mut columns = segment.open_write(SegmentComponent::FastFields)?;
        self.columns.serialize(&mut columns, None)?;
        columns.terminate()?;
        self.norms.fill_up_to_max_doc(self.documents);
        let norms = FieldNormsSerializer::from_write(segment.open_write(SegmentComponent::FieldNorms)?)?;
        self.norms.serialize(norms, None)?;

        let norms = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
        let mut serializer = InvertedIndexSerializer::open(&segment)?;
        let Fields { stems, forms, author, url, .. } = self.fields;
        inverted::write(&mut serializer, stems, &Stems(&self.words), true, norms.get_field(stems)?)?;
        inverted::write(&mut serializer, forms, &Forms(&self.words), true, norms.get_field(forms)?)?;
        for (field, log) in self.logs {
            let positions = field == author || field == url;
            inverted::write(&mut serializer, field, &log, positions, norms.get_field(field)?)?;
        }
        serializer.close()?;
        segment.meta().untrack_temp_docstore();
        Ok(segment.meta().clone())
    }
}

/// The words of a segment's paragraphs.
struct Words {
    stems: Terms,
    forms: Terms,
    words: Vec<Word>,
    /// For each lexicon the numbers here of its words, by their numbers there.
    known: HashMap<u64, Vec<u32>>,
    /// The words of all paragraphs, one after another.
    text: Vec<u32>,
    /// The document of each paragraph, and where its words end.
    paragraphs: Vec<(u32, u32)>,
    /// For each so many words, the paragraph of the first of them.
    marks: Vec<u32>,
    /// With which words sentences begin that are not the first of their paragraph.
    sentences: Vec<u32>,
    /// How many words have a second stem.
    plain: usize,
}

/// The numbers of a word's terms.
#[derive(Clone, Copy)]
struct Word {
    stem: u32,
    /// The stem of the word without diacritics, or [`NONE`].
    plain: u32,
    form: u32,
}

impl Words {
    /// The number of the term of forms that marks a sentence.
    const SENTENCE: u32 = 0;
    /// From one mark to the next there are so many words: about two paragraphs.
    const MARKED: usize = 128;

    fn new() -> Words {
        let mut forms = Terms::default();
        assert_eq!(forms.number(SENTENCE.as_bytes()), Words::SENTENCE, "the first term has the first number");
        Words {
            stems: Terms::default(),
            forms,
            words: Vec::new(),
            known: HashMap::new(),
            text: Vec::new(),
            paragraphs: Vec::new(),
            marks: Vec::new(),
            sentences: Vec::new(),
            plain: 0,
        }
    }

    /// Adds a paragraph; returns how many terms of stems it has.
    fn add(&mut self, document: u32, analysis: &Analysis<'_>) -> u32 {
        let known = self.known.entry(analysis.lexicon()).or_default();
        let (mut sentence, mut plain) = (0, 0);
        for token in analysis.tokens() {
            if token.sentence != sentence {
                sentence = token.sentence;
                self.sentences.push(self.text.len() as u32);
            }
            if self.text.len().is_multiple_of(Words::MARKED) {
                self.marks.push(self.paragraphs.len() as u32);
            }
            let number = analysis.word_number(token);
            if known.len() <= number {
                known.resize(number + 1, NONE);
            }
            if known[number] == NONE {
                known[number] = self.words.len() as u32;
                self.words.push(Word::new(analysis.entry(token), &mut self.stems, &mut self.forms));
            }
            plain += u32::from(self.words[known[number] as usize].plain != NONE);
            self.text.push(known[number]);
        }
        self.paragraphs.push((document, self.text.len() as u32));
        self.plain += plain as usize;
        analysis.tokens().len() as u32 + plain
    }

    /// Visits each word of the text with its number in it.
    fn each(&self, mut visit: impl FnMut(Word, u32)) {
        self.text.iter().zip(0..).for_each(|(word, number)| visit(self.words[*word as usize], number));
    }

    /// Where the word with this number in the text stands.
    fn place(&self, number: u32) -> Place {
        let mut paragraph = self.marks[number as usize / Words::MARKED] as usize;
        while self.paragraphs[paragraph].1 <= number {
            paragraph += 1;
        }
        let start = paragraph.checked_sub(1).map_or(0, |before| self.paragraphs[before].1);
        Place::new(self.paragraphs[paragraph].0, number - start)
    }

    fn size(&self) -> usize {
        let known = self.known.values().map(Vec::capacity).sum::<usize>();
        self.stems.size()
            + self.forms.size()
            + self.words.capacity() * size_of::<Word>()
            + (known + self.text.capacity() + self.marks.capacity() + self.sentences.capacity()) * size_of::<u32>()
            + self.paragraphs.capacity() * size_of::<(u32, u32)>()
            + (self.text.len() + self.sentences.len().max(self.plain)) * SORTING
    }
}

impl Word {
    fn new(entry: &Entry, stems: &mut Terms, forms: &mut Terms) -> Word {
        let mut numbers = entry.stem_terms().map(|term| stems.number(term.as_bytes()));
        let stem = numbers.next().unwrap_or(NONE);
        let plain = numbers.next().unwrap_or(NONE);
        Word { stem, plain, form: forms.number(entry.form_term().as_bytes()) }
    }
}

/// The field of stems.
struct Stems<'a>(&'a Words);

impl Places for Stems<'_> {
    fn terms(&self) -> &Terms {
        &self.0.stems
    }

    fn each(&self, mut visit: impl FnMut(u32, u32)) {
        self.0.each(|word, number| {
            visit(word.stem, number);
            if word.plain != NONE {
                visit(word.plain, number);
            }
        });
    }

    fn place(&self, number: u32) -> Place {
        self.0.place(number)
    }
}

/// The field of forms, with its marks where sentences begin.
struct Forms<'a>(&'a Words);

impl Places for Forms<'_> {
    fn terms(&self) -> &Terms {
        &self.0.forms
    }

    fn each(&self, mut visit: impl FnMut(u32, u32)) {
        self.0.sentences.iter().for_each(|number| visit(Words::SENTENCE, *number));
        self.0.each(|word, number| visit(word.form, number));
    }

    fn place(&self, number: u32) -> Place {
        self.0.place(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::schema::schema;
    use crate::text::Analyzer;
    use proptest::prelude::*;
    use tantivy::Index;
    use tantivy::tokenizer::{PreTokenizedString, Token};

    /// A paragraph: its language, its text, and whom it names.
    type Paragraph = (usize, String, Vec<usize>);

    const LANGS: [&str; 4] = ["en", "fr", "zh", "und"];
    const ACTORS: [&str; 4] = ["/russia", "/russia/government", "/un/general-assembly", "/"];

    /// Words that share a form, a stem or a second stem, within a language and across; Chinese, and ends of sentences.
    fn paragraphs() -> impl Strategy<Value = Vec<Paragraph>> {
        let word = prop::sample::select(vec![
            "assets",
            "asset",
            "Assets",
            "gelés",
            "geles",
            "GELÉS",
            "U.S.",
            "US",
            "u.s",
            "peace. The",
            "war! We",
            "制裁资产",
            "—",
            "don’t",
            "été",
        ]);
        let text = prop::collection::vec(word, 0..30).prop_map(|words| words.join(" "));
        prop::collection::vec((0..LANGS.len(), text, prop::collection::vec(0..ACTORS.len(), 0..3)), 0..40)
    }

    /// What an article's record and a paragraph have stored and as columns.
    fn stored(fields: Fields, id: u64, paragraph: Option<&Paragraph>) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(fields.article, id);
        if let Some((_, text, actors)) = paragraph {
            document.add_text(fields.text, text);
            actors.iter().for_each(|actor| document.add_facet(fields.actor, ACTORS[*actor]));
            document.add_facet(fields.date, "/2025/05/28");
            document.add_u64(fields.words, text.len() as u64);
        }
        document
    }

    /// Terms with their positions, as tantivy's own writer takes them.
    fn tokens<'a>(terms: impl Iterator<Item = (&'a str, usize)>) -> PreTokenizedString {
        let token = |(text, position): (&str, usize)| Token { text: text.to_owned(), position, ..Token::default() };
        PreTokenizedString { text: String::new(), tokens: terms.map(token).collect() }
    }

    fn index() -> (Index, IndexWriter) {
        let index = Index::create_in_ram(schema().0);
        let writer = index.writer_with_num_threads(1, 15_000_000).expect("a writer");
        (index, writer)
    }

    /// The files of the one segment of an index.
    fn files(index: &Index, mut writer: IndexWriter) -> Vec<(&'static str, Vec<u8>)> {
        writer.commit().expect("a commit");
        writer.wait_merging_threads().expect("an end");
        let segments = index.searchable_segments().expect("segments");
        let [segment] = segments.as_slice() else { panic!("{} segments", segments.len()) };
        let parts = ["term", "idx", "pos", "fieldnorm", "fast", "store"];
        let read = |part: &'static str| {
            let file = segment.open_read(SegmentComponent::Custom(part.to_owned())).expect("a file");
            (part, file.read_bytes().expect("bytes").to_vec())
        };
        parts.into_iter().map(read).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn the_files_are_those_that_tantivy_makes(articles in prop::collection::vec((0..1_u64 << 50, paragraphs()), 1..8)) {
            let fields = schema().1;
            let (ours, our_writer) = index();
            let (theirs, their_writer) = index();
            let mut draft = Draft::begin(&our_writer, fields).expect("a segment");
            let mut analyzer = Analyzer::default();
            for (id, paragraphs) in &articles {
                let words = vec!["sample".to_owned(), "x".repeat(70_000), "wire".to_owned(), "sample".to_owned()];
                let mut record = stored(fields, *id, None);
                draft.add_record(ArticleId::from_bits(*id), &record, &[(fields.author, words.clone())]).expect("added");
                record.add_pre_tokenized_text(fields.author, tokens(words.iter().map(String::as_str).zip(0..)));
                their_writer.add_document(record).expect("added");
                for paragraph in paragraphs {
                    let (lang, text, _) = paragraph;
                    let analysis = analyzer.analyze(text, LANGS[*lang].parse().expect("a language"));
                    let mut document = stored(fields, *id, Some(paragraph));
                    draft.add_paragraph(ArticleId::from_bits(*id), &document, &analysis).expect("added");
                    let (mut stems, mut forms, mut sentence) = (Vec::new(), Vec::new(), 0);
                    for (position, token) in analysis.tokens().iter().enumerate() {
                        stems.extend(analysis.entry(token).stem_terms().map(|term| (term, position)));
                        if token.sentence != sentence {
                            sentence = token.sentence;
                            forms.push((SENTENCE, position));
                        }
                        forms.push((analysis.entry(token).form_term(), position));
                    }
                    document.add_pre_tokenized_text(fields.stems, tokens(stems.into_iter()));
                    document.add_pre_tokenized_text(fields.forms, tokens(forms.into_iter()));
                    their_writer.add_document(document).expect("added");
                }
            }
            our_writer.add_segment(draft.finish().expect("written")).expect("added");
            for (ours, theirs) in files(&ours, our_writer).into_iter().zip(files(&theirs, their_writer)) {
                prop_assert_eq!(ours, theirs);
            }
        }
    }
}
