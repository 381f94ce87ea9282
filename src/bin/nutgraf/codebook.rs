//! What is asked of codebooks: what codes rest on, whether a file holds together, what a dictionary becomes.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use nutgraf::codebook::{self, Codebook, Entry};
use nutgraf::index::Index;
use nutgraf::print::{self, Fact, Section};
use nutgraf::search;
use nutgraf::search::answer::{EntryHits, Explanation};

use crate::args::Notation;

/// Codes and what they rest on, for printing.
pub(crate) fn explained(explained: Explanation) -> Vec<Section> {
    let codes = |name: &str, codes: Vec<(String, Vec<String>)>| Section {
        name: name.to_owned(),
        facts: codes.into_iter().map(|(path, words)| (path, Fact::List(words))).collect(),
    };
    let facts = [("ref", explained.reference.to_string()), ("text", explained.text)];
    let facts = facts.map(|(key, text)| (key.to_owned(), Fact::Text(text)));
    let paragraph = Section { name: "paragraph".to_owned(), facts: facts.into() };
    vec![paragraph, codes("actors", explained.actors), codes("topics", explained.topics)]
}

/// Prints a codebook made of dictionaries, and on standard error what was left out of them.
pub(crate) fn import(
    notation: Notation,
    files: &[String],
    name: &str,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let read = |file: &str| std::fs::read(file).with_context(|| format!("reading {file}"));
    // Dictionaries are old and have a byte of Latin-1 here and there.
    let text = |file: &str| read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let imported = match notation {
        Notation::Phoenix => {
            let texts = files.iter().map(|file| text(file)).collect::<anyhow::Result<Vec<_>>>()?;
            codebook::phoenix(name, &texts.join("\n\n"))
        }
        Notation::Newsmap => {
            let named = files.iter().map(|file| match file.split_once('=') {
                Some((lang, path)) => Ok((Some(lang.parse().with_context(|| format!("{file}: {lang}"))?), text(path)?)),
                None => Ok((None, text(file)?)),
            });
            let texts = named.collect::<anyhow::Result<Vec<_>>>()?;
            codebook::newsmap(name, &texts).map_err(|(place, what)| anyhow!("{}: {what}", files[place]))?
        }
    };
    out.write_all(imported.toml.as_bytes()).context("writing")?;
    for left_out in &imported.left_out {
        say(&format!("left out: {left_out}"));
    }
    say(&format!("{} entries; {} left out", imported.entries, imported.left_out.len()));
    Ok(ExitCode::from(if imported.left_out.is_empty() { 0 } else { crate::NONE }))
}

/// What is to be said of a codebook, and of what it would find in an index, for printing.
pub(crate) fn checked(codebook: Codebook, index: Option<&Index>) -> nutgraf::Result<Vec<Section>> {
    let count = |entries: &[Entry]| Fact::Count(entries.len() as u64);
    let facts = vec![
        ("name".to_owned(), Fact::Text(codebook.name.clone())),
        ("version".to_owned(), Fact::Text(codebook.version.clone())),
        ("actors".to_owned(), count(&codebook.actors)),
        ("topics".to_owned(), count(&codebook.topics)),
    ];
    let overlaps = codebook.overlaps().into_iter().map(|overlap| (overlap.name, Fact::List(overlap.paths)));
    let mut sections = vec![
        Section { name: "codebook".to_owned(), facts },
        Section { name: "names_of_several".to_owned(), facts: overlaps.collect() },
    ];
    let Some(index) = index else { return Ok(sections) };
    let run = search::dry_run(index, codebook)?;
    let common = |hits: &&EntryHits| hits.paragraphs as f64 > run.paragraphs as f64 * COMMON;
    let found_by = |hits: &EntryHits| {
        hits.found_by.iter().map(|(words, times)| format!("{words} ({times})")).collect::<Vec<_>>().join(", ")
    };
    let all = || run.actors.iter().chain(&run.topics);
    let common = all().filter(common).map(|hits| (hits.path.clone(), Fact::Text(found_by(hits))));
    sections.push(Section { name: "found_too_often".to_owned(), facts: common.collect() });
    for (name, hits) in [("actors_found", &run.actors), ("topics_found", &run.topics)] {
        let told = |hits: &EntryHits| {
            let mut told = vec![format!("{} paragraphs", hits.paragraphs)];
            if hits.paragraphs > 0 {
                told.push(format!("by {}", found_by(hits)));
                told.extend(hits.examples.iter().map(|example| example.to_string()));
            }
            (hits.path.clone(), Fact::List(told))
        };
        sections.push(Section { name: name.to_owned(), facts: hits.iter().map(told).collect() });
    }
    Ok(sections)
}

/// An entry that would code a larger share of all paragraphs than this tells little, or has a name that means more.
const COMMON: f64 = 0.1;

/// Says something on standard error; whoever closed it does not want to know.
fn say(what: &str) {
    let _ = writeln!(io::stderr(), "nutgraf: {}", print::message(what));
}
