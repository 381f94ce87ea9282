//! A check of an index: an index directory enters, a report leaves of what was looked at and what is wrong with it.
//!
//! First each byte of each file is compared with its sum. If they are what was written, it is asked whether what was written
//! holds together, and last, for a sample of paragraphs or for all of them, whether their texts still lead to what is
//! indexed of them. Nothing is written, and nothing is repaired: an index is built again.

mod again;
mod articles;
mod groups;
mod numbers;
#[cfg(test)]
mod tests;

use std::path::Path;

use super::generation;
use super::guarded::Guarded;
use super::open::Index;
use super::snapshot;
use super::sums;
use crate::article::Ref;
use crate::error::{Error, Result};

/// How to check.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Whether to read the text of every paragraph again, not of [`SAMPLED`] ones.
    pub full: bool,
    /// Threads that read texts again; 1 or more.
    pub threads: usize,
}

/// How many paragraphs are read again, if not all are.
pub const SAMPLED: usize = 1_000;

/// How many faults of one part are told in words.
pub const MOST_TOLD: usize = 20;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    /// What was looked at, in order. What rests on files that are damaged was not.
    pub parts: Vec<Part>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What, in the plural, such as `files`.
    pub what: &'static str,
    /// How many were looked at.
    pub looked_at: u64,
    /// How many there are.
    pub all: u64,
    /// How many faults were found.
    pub wrong: u64,
    /// The first [`MOST_TOLD`] of them, as clauses that name the file or the paragraph.
    pub faults: Vec<String>,
}

impl Checkup {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.parts.iter().all(|part| part.wrong == 0)
    }
}

impl Part {
    /// A part of so many things, all of which will be looked at.
    fn of(what: &'static str, all: u64) -> Part {
        Part { what, looked_at: all, all, wrong: 0, faults: Vec::new() }
    }

    fn fault(&mut self, fault: impl FnOnce() -> String) {
        self.wrong += 1;
        if self.faults.len() < MOST_TOLD {
            self.faults.push(fault());
        }
    }

    fn expect(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.fault(fault);
        }
    }
}

/// Checks the index in a directory. A writer may be at work there: the generation that is then current is checked.
///
/// # Errors
///
/// When there is no index, or one of another format. What is damaged is no error: it is in the
/// [`Checkup`].
pub fn check(path: &Path, check: Check) -> Result<Checkup> {
    let mut last = None;
    loop {
        let current = match generation::current(path) {
            Ok(Some(number)) => number,
            Ok(None) => return Err(Error::index(path, generation::NO_INDEX)),
            Err(error) if generation::is_of_another_format(path) => return Err(error),
            Err(error) => {
                let mut files = Part::of("files", 1);
                files.fault(|| error.to_string());
                return Ok(Checkup { parts: vec![files] });
            }
        };
        let mut checkup = generation(&generation::directory(path, current), check);
        checkup.parts.extend(snapshots(path)?);
        // A writer may have put a new generation in place and removed this one: then look again.
        if checkup.is_sound() || last == Some(current) {
            return Ok(checkup);
        }
        last = Some(current);
    }
}

/// Checks a generation.
fn generation(directory: &Path, check: Check) -> Checkup {
    let (files, readable) = files(directory);
    let mut parts = vec![files];
    if !readable {
        return Checkup { parts };
    }
    match Index::open_directory(directory).and_then(|index| meaning(&index, check)) {
        Ok(found) => parts.extend(found),
        Err(error) => {
            let mut opened = Part::of("generations", 1);
            opened.fault(|| error.to_string());
            parts.push(opened);
        }
    }
    Checkup { parts }
}

/// What an index holds, whose files are what was written.
fn meaning(index: &Index, check: Check) -> Result<Vec<Part>> {
    let articles = articles::check(index)?;
    // What follows walks from articles to paragraphs and back, and trusts that it arrives.
    if articles.wrong > 0 {
        return Ok(vec![articles]);
    }
    let copies = groups::Edges::read(index)?;
    let mut parts = vec![articles, numbers::check(index, &copies)?, groups::check(index, &copies)?];
    parts.extend(again::check(index, &copies, check)?);
    Ok(parts)
}

/// Compares all files of each snapshot with their sums.
fn snapshots(path: &Path) -> Result<Option<Part>> {
    let names = snapshot::snapshots(path)?;
    let mut part = Part::of("snapshots", names.len() as u64);
    for name in &names {
        let directory = snapshot::directory(path, name)?;
        if let Err(error) = generation::is_named(&directory) {
            part.fault(|| error.to_string());
        }
        let (files, _) = files(&directory);
        files.faults.into_iter().for_each(|fault| part.fault(|| fault));
    }
    Ok(Some(part).filter(|part| part.all > 0))
}

/// Compares all files of a generation with their sums; also says whether all that are needed are sound.
fn files(directory: &Path) -> (Part, bool) {
    let mut part = Part::of("files", 0);
    let guarded = match Guarded::open(directory) {
        Ok(guarded) => guarded,
        Err(error) => {
            part.fault(|| error.to_string());
            return (part, false);
        }
    };
    let listed = guarded.sums().files();
    // The sums are a file, too, and have been looked at.
    part = Part::of("files", listed.len() as u64 + 1);
    for file in listed {
        if let Err(fault) = guarded.verify(&file.name) {
            part.fault(|| fault);
        }
    }
    let readable = part.wrong == 0;
    match sums::names(directory) {
        Ok(names) => {
            for name in names.iter().filter(|name| guarded.sums().file(name).is_none()) {
                let path = directory.join(name);
                part.fault(|| format!("{}: this is no file of the index; move it away", path.display()));
            }
        }
        Err(error) => part.fault(|| error.to_string()),
    }
    (part, readable)
}

/// The printed name of a paragraph.
fn reference(index: &Index, document: u32) -> Ref {
    let table = &index.table;
    Ref { article: table.id(table.article(document)), paragraph: table.paragraph(document) }
}
