//! nutgraf as its programs use it: everything on.

use std::path::Path;

use nutgraf::codebook::Codebook;
use nutgraf::index::{Build, Index, Manifest, Mode, build};
use nutgraf::query::{Join, Question, dates};
use nutgraf::search::answer::Answer;
use nutgraf::search::{Request, search};

use super::MEMORY;
use crate::corpus::log::{Asked, Class};
use crate::corpus::{Corpus, options};

/// Reads the folder of a corpus and indexes it.
pub(crate) fn index(corpus: &Corpus, folder: &Path, threads: usize) -> Manifest {
    let (roots, now, today) = (vec![corpus.root.clone()], std::time::SystemTime::now(), options().today);
    let anew = Build::new(roots, Codebook::conflict(), now, today);
    let work = Build { mode: Mode::Rebuild, threads, memory: MEMORY, ..anew };
    let report = build(folder, &work, &|_| {}).expect("an index can be built");
    let manifest = report.manifest.expect("a build makes an index");
    assert_eq!(manifest.paragraphs, corpus.paragraphs.len() as u64, "the peers were given other paragraphs");
    manifest
}

/// Makes an index hold what the folders of some corpora hold now.
pub(crate) fn update(corpora: &[&Corpus], folder: &Path, threads: usize) {
    let roots = corpora.iter().map(|corpus| corpus.root.clone()).collect();
    let anew = Build::new(roots, Codebook::conflict(), std::time::SystemTime::now(), options().today);
    let report = build(folder, &Build { threads, memory: MEMORY, ..anew }, &|_| {}).expect("an index can be updated");
    let paragraphs: usize = corpora.iter().map(|corpus| corpus.paragraphs.len()).sum();
    let held = report.manifest.expect("an update makes an index or keeps it").paragraphs;
    assert_eq!(held, paragraphs as u64, "not all articles are in the index");
}

/// Opens an index.
pub(crate) fn open(folder: &Path) -> Index {
    Index::open(folder).expect("an index that was just built")
}

/// Answers a query as the program does, from its text to the hits, but prints nothing.
pub(crate) fn answer(index: &Index, asked: &Asked, all_copies: bool) -> Answer {
    let text = text(asked);
    let mut questions = vec![Question::read(&text, Join::All).expect("the log holds nothing but words")];
    let (since, until) = asked.years.map(|(since, until)| (since.to_string(), until.to_string())).unzip();
    questions.extend(dates(since.as_deref(), until.as_deref()).expect("years that are in order"));
    let question = Question::all(questions);
    let request = Request { asked: text, question, all_copies, ..Request::default() };
    search(index, &request).expect("an index that is whole")
}

/// A question as nutgraf has it.
pub(crate) fn text(asked: &Asked) -> String {
    match asked.class {
        class if class.is_phrase() => format!("\"{}\"", asked.words.join(" ")),
        Class::Either => asked.words.join(" OR "),
        _ => asked.words.join(" "),
    }
}
