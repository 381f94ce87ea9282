//! Generations whose files are what was written, but do not hold together: only a fault of the program makes them.

use std::path::{Path, PathBuf};

use super::*;
use crate::article::PubDate;
use crate::codebook::Codebook;
use crate::index::generation::{Manifest, keep_codebook};
use crate::index::sums::Sums;
use crate::index::{Build, build};

const TEXTS: [(&str, &str); 4] = [
    (
        "a.txt",
        "Assets frozen\nDate: 2022-03-10\nSource: Sample Wire\n\nThe bank has frozen the assets of Russia.\n\nNothing else is known.",
    ),
    ("b.txt", "Date: 2022-03-11\nSource: Sample Post\n\nThe bank has frozen the assets of Russia."),
    (
        "c.txt",
        "The central bank of the state froze all assets on Monday and said that the measure would stay in force.",
    ),
    (
        "d.txt",
        "The central bank of the state froze all assets on Friday and said that the measure would stay in force.",
    ),
];

/// A small codebook, which is soon read.
fn codebook() -> Codebook {
    let Codebook { mut actors, .. } = Codebook::conflict();
    actors.retain(|actor| actor.id == "russia");
    Codebook { actors, topics: Vec::new(), ..Codebook::conflict() }
}

/// An index of the texts.
fn index() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let corpus = home.path().join("corpus");
    std::fs::create_dir(&corpus).expect("a folder");
    for (name, text) in TEXTS {
        std::fs::write(corpus.join(name), text).expect("a file");
    }
    let today = PubDate::of_day(2025, 1, 1).expect("a day");
    let work = Build::new(vec![corpus], codebook(), std::time::SystemTime::UNIX_EPOCH, today);
    let index = home.path().join("index");
    build(&index, &work, &|_| {}).expect("a build");
    (home, index)
}

/// The faults that are found after a change of the generation.
fn faults(change: impl FnOnce(&Path)) -> Vec<(&'static str, Vec<String>)> {
    let (_home, index) = index();
    let generation = index.join("g1");
    change(&generation);
    Sums::write(&generation, None, 1).expect("room on the disk");
    let checkup = check(&index, Check { full: true, threads: 2 }).expect("there is an index");
    let wrong = checkup.parts.into_iter().filter(|part| part.wrong > 0);
    wrong.map(|part| (part.what, part.faults)).collect()
}

#[test]
fn a_sound_index_has_no_faults() {
    let (_home, index) = index();
    let checkup = check(&index, Check { full: false, threads: 2 }).expect("there is an index");
    assert!(checkup.is_sound(), "{checkup:?}");
    let looked_at: Vec<_> = checkup.parts.iter().map(|part| (part.what, part.looked_at, part.all)).collect();
    assert_eq!(
        looked_at[1..],
        [("articles", 4, 4), ("numbers", 12, 12), ("groups", 4, 4), ("fingerprints", 6, 6), ("codes", 6, 6)]
    );
}

#[test]
fn a_number_that_is_another_is_named() {
    let found = faults(|generation| {
        let manifest = Manifest::read(generation).expect("a manifest");
        let oldest = PubDate::of_day(2021, 1, 1).zip(manifest.dates.map(|(_, newest)| newest));
        Manifest { words: manifest.words + 1, dates: oldest, ..manifest }.write(generation).expect("room on the disk");
    });
    let named = ["words", "dates"].map(|name| format!("manifest.json: {name} is not what the index holds"));
    assert_eq!(found, [("numbers", named.to_vec())]);
}

#[test]
fn a_codebook_that_codes_otherwise_is_named() {
    let found = faults(|generation| {
        let codebook = keep_codebook(generation, &Codebook { actors: Vec::new(), ..codebook() });
        let manifest = Manifest::read(generation).expect("a manifest");
        let codebook = codebook.expect("room on the disk");
        Manifest { codebook, ..manifest }.write(generation).expect("room on the disk");
    });
    let [("codes", faults)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults.iter().all(|fault| fault.ends_with("#1: the codebook codes its text otherwise")), "{faults:?}");
}

/// Changes a number of the table, counted from the end of the file.
fn change_table(generation: &Path, from_end: usize, change: impl Fn(u32) -> u32) {
    let path = generation.join("table");
    let mut bytes = std::fs::read(&path).expect("a table");
    let place = bytes.len() - 4 * from_end;
    let number = u32::from_le_bytes(bytes[place..place + 4].try_into().expect("four bytes"));
    bytes[place..place + 4].copy_from_slice(&change(number).to_le_bytes());
    std::fs::write(path, bytes).expect("a writable folder");
}

#[test]
fn a_table_that_does_not_hold_together_is_named() {
    // At the end stand the sources of the four articles and where they begin, before them which of the documents share a
    // group and which are alone, then the six members of the groups, where those of the four groups begin, and the
    // lengths of the articles.
    let groups = [9, 10, 11, 16, 19].map(|from_end| (from_end, "groups"));
    let articles = [1, 4, 5, 8, 23, 27, 35].map(|from_end| (from_end, "articles"));
    for (from_end, part) in groups.into_iter().chain(articles) {
        let found = faults(|generation| change_table(generation, from_end, |number| number ^ 1));
        assert!(found.iter().any(|(what, _)| *what == part), "{from_end}: {found:?}");
    }
}

#[test]
fn no_number_of_a_table_makes_it_panic() {
    let (_home, index) = index();
    let generation = index.join("g1");
    let whole = std::fs::read(generation.join("table")).expect("a table");
    for from_end in 1..=78 {
        for change in [|_| u32::MAX, |number: u32| number.wrapping_add(1), |_| 0] {
            change_table(&generation, from_end, change);
            Sums::write(&generation, None, 1).expect("room on the disk");
            check(&index, Check { full: false, threads: 1 }).expect("there is an index");
            std::fs::write(generation.join("table"), &whole).expect("a writable folder");
        }
    }
}

#[test]
fn copies_that_do_not_make_the_groups_are_named() {
    let found = faults(|generation| std::fs::remove_file(generation.join("copies")).expect("a file"));
    let parts: Vec<_> = found.iter().map(|(what, _)| *what).collect();
    assert_eq!(parts, ["numbers", "groups"], "{found:?}");
}
