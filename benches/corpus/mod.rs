//! What all contestants are given: a folder of articles, and the same articles as paragraphs already read.
//!
//! The folder is made from a seed, or it is the one that `NUTGRAF_BENCH_CORPUS` names. Either way the paragraphs are
//! what nutgraf's own reader finds in it, headlines included, so that every contestant indexes the same ones.

#![allow(dead_code, reason = "each benchmark uses its part of it")]

pub(crate) mod edits;
pub(crate) mod log;
mod made;

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use nutgraf::article::{Article, PubDate};
use nutgraf::read::{self, Options};

pub(crate) use made::{Random, Recipe};

/// The seed of everything that is made.
pub(crate) const SEED: u64 = 20_140_227;
/// How many paragraphs are made.
pub(crate) const PARAGRAPHS: usize = 100_000;
/// How many are made to show that a benchmark works.
pub(crate) const FEW: usize = 2_000;
/// The share of articles that are reprints, unless that is what is asked.
pub(crate) const REPRINTS: f64 = 0.1;

/// Articles on disk and in memory.
pub(crate) struct Corpus {
    /// Its name in a heading.
    pub(crate) name: String,
    /// The folder that nutgraf reads.
    pub(crate) root: PathBuf,
    pub(crate) paragraphs: Vec<Paragraph>,
    /// Whether it was made, and all analysers find the same words in it.
    pub(crate) made: bool,
    _folder: Option<tempfile::TempDir>,
}

/// What the peers index.
pub(crate) struct Paragraph {
    pub(crate) text: String,
    /// The digits of the document date, `20250528`; unknown parts are 0.
    pub(crate) date: u32,
}

impl Corpus {
    /// The folder that the environment names, or else what the recipe makes.
    pub(crate) fn named_or(recipe: Recipe) -> Corpus {
        match std::env::var_os("NUTGRAF_BENCH_CORPUS") {
            Some(folder) => Corpus::read("the given folder".to_owned(), PathBuf::from(folder), None),
            None => Corpus::made(recipe),
        }
    }

    /// What the recipe makes.
    pub(crate) fn made(recipe: Recipe) -> Corpus {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().to_owned();
        // Articles of two corpora in one index must not have the same file.
        write_made(recipe, &root.join(format!("articles-{}.jsonl", recipe.seed)));
        Corpus::read(format!("made from the seed {}", recipe.seed), root, Some(folder))
    }

    fn read(name: String, root: PathBuf, folder: Option<tempfile::TempDir>) -> Corpus {
        let mut corpus = Corpus { name, root, paragraphs: Vec::new(), made: folder.is_some(), _folder: folder };
        let mut ids = HashSet::new();
        let mut paragraphs = Vec::new();
        corpus.each_article(|article| {
            // Like the build, which indexes the first of several articles with one id.
            if ids.insert(article.id()) {
                let date = article.date.map_or(0, PubDate::digits);
                let title = Some(article.title).filter(|title| !title.is_empty());
                paragraphs.extend(title.into_iter().chain(article.paragraphs).map(|text| Paragraph { text, date }));
            }
        });
        assert!(!paragraphs.is_empty(), "there are no articles in the folder");
        corpus.paragraphs = paragraphs;
        corpus
    }

    /// Reads the folder on this thread.
    pub(crate) fn each_article(&self, mut each: impl FnMut(Article)) {
        let options = options();
        for source in read::walk(&self.root, &options).expect("a folder that can be read").sources {
            read::records(&source, &options, &mut |record| {
                // What cannot be read is left out here as it is in an index.
                if let Ok((article, _)) = record.and_then(|record| record.read(&options)) {
                    each(article);
                }
                ControlFlow::Continue(())
            });
        }
    }

    /// The bytes of all paragraphs.
    pub(crate) fn bytes(&self) -> usize {
        self.paragraphs.iter().map(|paragraph| paragraph.text.len()).sum()
    }

    /// A line that says what it is.
    pub(crate) fn heading(&self) -> String {
        format!("{} paragraphs, {:.0} MB, {}", self.paragraphs.len(), self.bytes() as f64 / 1e6, self.name)
    }
}

/// Writes what the recipe makes into a file, an article a line.
pub(crate) fn write_made(recipe: Recipe, path: &Path) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path).expect("a file in the temporary folder"));
    made::write(recipe, &mut out).expect("room for the articles");
    out.into_inner().expect("room for the articles");
}

/// How every contestant's articles are read; the day is a fixed one.
pub(crate) fn options() -> Options {
    Options::new(PubDate::of_day(2026, 6, 30).expect("a day of the calendar"))
}
