//! Hits -> files that programs for references, screening and tables read: RIS, BibTeX, CSL-JSON and XLSX.
//!
//! A hit becomes one reference to its article, with the paragraph that was found as its abstract. Its id stands behind
//! [`MARK`] where each format keeps an accession number, so that decisions find back to it from any program. Texts are
//! [`clean`] and each format says in its file how it escapes them; nothing is cut but where a format
//! has a limit, and then it says so.

mod bibtex;
mod csl;
mod ris;
mod xlsx;

use std::io::{self, Write};

use clap::ValueEnum;

use super::safe::clean;
use super::wording;
use crate::review::{MARK, Record, Review, Verdict};
use crate::search::answer::{Answer, Hit};

/// A format of references or tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Export {
    /// RIS, for reference managers and screening programs.
    Ris,
    /// BibTeX.
    Bibtex,
    /// CSL-JSON, the format of citeproc and Zotero.
    Csl,
    /// A workbook of Excel and LibreOffice.
    Xlsx,
}

/// References, and where they come from.
pub(super) struct Sheet<'a> {
    references: Vec<Reference<'a>>,
    /// Facts about the whole, as key and value.
    about: Vec<(&'static str, String)>,
    /// The same as a sentence.
    provenance: String,
}

/// A hit as a reference.
struct Reference<'a> {
    id: String,
    hit: &'a Hit,
    /// The queries that found it, by name; none where there was but one question.
    found_by: Vec<&'a str>,
    /// What was decided of it, if anything was.
    verdict: Option<String>,
}

/// Prints the hits of an answer.
pub fn export(answer: &Answer, format: Export, out: &mut dyn Write) -> io::Result<()> {
    let references = answer.hits.iter().map(|hit| Reference {
        // A hit that was not collapsed is a paragraph; one that was is the paragraph shown for its group.
        id: hit.reference.to_string(),
        hit,
        found_by: Vec::new(),
        verdict: None,
    });
    let mut about = vec![("query", answer.text.clone()), ("read_as", answer.read_as.clone())];
    about.push(("matching", wording::totals(&answer.total)));
    about.extend(holdings(&answer.index));
    let provenance = format!("Found with {}", wording::provenance(&answer.index));
    Sheet { references: references.collect(), about, provenance }.write(format, out)
}

/// Prints the records of a review.
pub fn export_review(review: &Review, format: Export, out: &mut dyn Write) -> io::Result<()> {
    let references = review.records.iter().map(|record| reference(review, record)).collect();
    let mut about = vec![("review", review.title.clone()), ("records", review.records.len().to_string())];
    about.extend(review.queries.iter().map(|query| ("query", format!("{}: {}", query.name, query.read_as))));
    about.extend(holdings(&review.index));
    let provenance = format!("{}: found with {}", clean(&review.title), wording::provenance(&review.index));
    Sheet { references, about, provenance }.write(format, out)
}

fn reference<'a>(review: &'a Review, record: &'a Record) -> Reference<'a> {
    Reference {
        id: record.id.clone(),
        hit: &record.hit,
        found_by: record.queries.iter().map(|query| review.queries[*query].name.as_str()).collect(),
        verdict: Some(record.verdict())
            .filter(|verdict| !matches!(verdict, Verdict::Undecided { stage: 0 }))
            .map(|verdict| wording::verdict(review, &verdict)),
    }
}

fn holdings(index: &crate::search::answer::Holdings) -> [(&'static str, String); 5] {
    [
        ("nutgraf", super::shapes::VERSION.to_owned()),
        ("generation", index.generation.to_string()),
        ("corpus", index.corpus.to_string()),
        ("articles", index.articles.to_string()),
        ("paragraphs", index.paragraphs.to_string()),
    ]
}

impl Sheet<'_> {
    fn write(&self, format: Export, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Export::Ris => ris::write(self, out),
            Export::Bibtex => bibtex::write(self, out),
            Export::Csl => csl::write(self, out),
            Export::Xlsx => xlsx::write(self, out),
        }
    }
}

impl Reference<'_> {
    /// The id behind its mark.
    fn marked_id(&self) -> String {
        format!("{MARK}{}", self.id)
    }

    fn title(&self) -> String {
        clean(wording::headline(&self.hit.article))
    }

    /// The codes as keywords.
    fn keywords(&self) -> impl Iterator<Item = String> + '_ {
        self.hit.actors.iter().chain(&self.hit.topics).map(|path| clean(path))
    }

    /// What is to be told of it in words: who found it, its copies.
    fn notes(&self) -> Vec<String> {
        let found_by = (!self.found_by.is_empty()).then(|| format!("found by {}", self.found_by.join("; ")));
        let copies = wording::copies(&self.hit.duplicates);
        found_by.into_iter().chain(copies).chain(self.verdict.clone()).map(|note| clean(&note)).collect()
    }
}

/// A text that was given, clean; none where nothing is left of it.
fn known(text: Option<&str>) -> Option<String> {
    text.map(clean).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::safe::is_hostile;
    use super::super::samples;
    use super::*;

    fn exported(answer: &Answer, format: Export) -> String {
        samples::printed(|out| export(answer, format, out))
    }

    #[test]
    fn a_hit_is_a_reference() {
        let mut sample = samples::answer();
        sample.hits.truncate(1);
        let ris = exported(&sample, Export::Ris);
        assert_eq!(
            ris.lines().take(8).collect::<Vec<_>>(),
            [
                "TY  - NEWS",
                "ID  - 0000000000sc#4",
                "AN  - nutgraf:0000000000sc#4",
                "TI  - Belgium weighs what to do with frozen assets",
                "T2  - Reuters",
                "PY  - 2025",
                "DA  - 2025/05/28/",
                "LA  - en",
            ]
        );
        assert!(ris.ends_with("\r\nER  - \r\n\r\n"), "{ris:?}");
        let bibtex = exported(&sample, Export::Bibtex);
        assert!(bibtex.contains("\n@article{nutgraf-0000000000sc-4,\n  title = {{Belgium weighs"), "{bibtex}");
        assert!(bibtex.contains("\n  month = {5},\n  day = {28},\n"), "{bibtex}");
        let csl: serde_json::Value = serde_json::from_str(&exported(&sample, Export::Csl)).expect("JSON");
        assert_eq!(csl[0]["issued"]["date-parts"], serde_json::json!([[2025, 5, 28]]));
        assert_eq!(csl[0]["type"], "article-newspaper");
    }

    proptest! {
        #[test]
        fn no_text_breaks_out((text, highlights) in samples::marked_text()) {
            let mut sample = samples::answer();
            sample.hits = vec![samples::hit(1, &text, &highlights), samples::hit(2, "the second", &[])];
            sample.hits[0].article.title = text.clone();
            sample.hits[0].article.source = Some(text.clone());
            sample.hits[0].article.author = Some(text.clone());
            sample.hits[0].article.url = Some(text.clone());
            let ris = exported(&sample, Export::Ris);
            for line in ris.split("\r\n").filter(|line| !line.is_empty()) {
                prop_assert!(line.is_char_boundary(6) && &line[2..6] == "  - ", "{:?}", line);
                prop_assert!(!line.chars().any(is_hostile));
            }
            prop_assert_eq!(ris.matches("\r\nER  - ").count(), 2);
            let csl: Vec<serde_json::Value> = serde_json::from_str(&exported(&sample, Export::Csl)).expect("JSON");
            prop_assert_eq!(csl.len(), 2);
            let expected = clean(&text);
            prop_assert_eq!(csl[0]["abstract"].as_str(), Some(&*expected).filter(|text| !text.is_empty()));
            let bibtex = exported(&sample, Export::Bibtex);
            let mut depth = 0_i32;
            let mut escaped = false;
            for c in bibtex.chars() {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                prop_assert!((0..=4).contains(&depth), "{}", bibtex);
            }
            prop_assert_eq!(depth, 0);
            let mut book = Vec::new();
            prop_assert!(export(&sample, Export::Xlsx, &mut book).is_ok());
            prop_assert!(book.starts_with(b"PK"));
        }
    }
}
