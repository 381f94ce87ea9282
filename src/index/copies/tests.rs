//! Copies of a generation against those of one that was made from nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::groups::Normal;
use crate::index::sums::Sums;

const WORDS: &str =
    "the central bank froze the assets of the state on wednesday and said that the measure would stay in force";

fn text(number: u32) -> String {
    // Some are near each other, and some are not.
    WORDS
        .replace("wednesday", &format!("day {number}"))
        .replace("bank", ["bank", "treasury of them", "x"][number as usize % 3])
}

/// A generation of these texts, made from another one that held others.
struct Made {
    folder: tempfile::TempDir,
    grouped: Grouped,
}

impl Made {
    fn of(number: u64, texts: &[u32], before: Option<(&Made, &[u32])>) -> Made {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let spool = Spool::create(folder.path()).expect("a writable folder");
        let mut page = Page::default();
        let stays = |text: &u32| before.is_some_and(|(_, texts)| texts.contains(text));
        // One that stays is read again.
        let read = texts.iter().enumerate().filter(|(place, number)| *place == 0 || !stays(number));
        for normal in read.map(|(_, number)| Normal::of(&text(*number))) {
            spool.add(&mut page, normal.fingerprint(), &normal).expect("room on the disk");
        }
        spool.write(&mut page).expect("room on the disk");
        let bodies: BTreeMap<u128, u32> =
            texts.iter().map(|number| (Normal::of(&text(*number)).fingerprint(), *number)).collect();
        let bodies: Vec<(u128, u32)> = bodies.into_iter().collect();
        let normal = |number| Ok(Normal::of(&text(number)).text().to_owned());
        let standing = Standing { bodies: &bodies, normal: &normal };
        let copies = before.map(|(made, _)| made.copies().expect("whole files"));
        let before = copies.as_ref().map(|copies| (copies, standing));
        let grouped = Copies::write(folder.path(), number, spool, (Near::default(), 5_000), before, 2);
        Sums::write(folder.path(), None, 1).expect("room on the disk");
        Made { folder, grouped: grouped.expect("room on the disk") }
    }

    fn copies(&self) -> Result<Copies> {
        Copies::read(&Guarded::open(self.folder.path())?)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// However a generation was reached, it has the same versions, edges and groups; and its runs stay few.
    #[test]
    fn nothing_tells_how_it_was_reached(
        steps in prop::collection::vec(prop::collection::btree_set(0_u32..60, 1..60), 1..8),
    ) {
        let mut made: Option<(Made, Vec<u32>)> = None;
        for (number, texts) in (1..).zip(&steps) {
            let texts: Vec<u32> = texts.iter().copied().collect();
            let next = Made::of(number, &texts, made.as_ref().map(|(made, texts)| (made, &texts[..])));
            let fresh = Made::of(1, &texts, None);
            prop_assert_eq!(&next.grouped.near, &fresh.grouped.near);
            let (updated, anew) = (next.copies().expect("whole files"), fresh.copies().expect("whole files"));
            prop_assert_eq!(&updated.edges, &anew.edges);
            let [one, other] = [&updated, &anew].map(|copies| {
                let versions = copies.versions().expect("each once");
                (0..versions.count()).map(|version| (versions.fingerprint(version), versions.signature(version).to_vec())).collect::<Vec<_>>()
            });
            prop_assert_eq!(one, other);
            prop_assert_eq!(updated.numbers().0 as usize, texts.len());
            prop_assert!(updated.runs.len() <= 7, "{} runs of {} versions", updated.runs.len(), texts.len());
            let mark = next.grouped.mark;
            prop_assert_eq!((mark.versions, mark.pairs, mark.bytes), updated.numbers());
            prop_assert!(!next.folder.path().join(spool::SPOOL).exists());
            made = Some((next, texts));
        }
    }
}

#[test]
fn what_stays_is_not_written_again() {
    let all: Vec<u32> = (0..40).collect();
    let first = Made::of(1, &all[..39], None);
    let second = Made::of(2, &all, Some((&first, &all[..39])));
    let copies = second.copies().expect("whole files");
    assert_eq!(copies.runs.iter().map(|run| (run.number, run.living())).collect::<Vec<_>>(), [(1, 39), (2, 1)]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let file =
            |made: &Made| std::fs::metadata(made.folder.path().join(run_name(1))).expect("the file is there").ino();
        assert_eq!(file(&first), file(&second));
    }
    let third = Made::of(3, &all[..20], Some((&second, &all)));
    let copies = third.copies().expect("whole files");
    assert_eq!(copies.runs.iter().map(|run| (run.number, run.living())).collect::<Vec<_>>(), [(1, 20)]);
    let fourth = Made::of(4, &all[1..20], Some((&third, &all[..20])));
    let copies = fourth.copies().expect("whole files");
    assert_eq!(copies.runs.iter().map(|run| (run.number, run.living())).collect::<Vec<_>>(), [(4, 19)]);
}

#[test]
fn runs_that_are_not_larger_than_all_smaller_ones_are_merged() {
    let all: Vec<u32> = (0..64).collect();
    let mut made = Made::of(1, &all[..32], None);
    for count in 33..=64 {
        let numbers = made.copies().expect("whole files").runs.len();
        assert!(numbers <= 6, "{numbers} runs");
        made = Made::of(count as u64, &all[..count], Some((&made, &all[..count - 1])));
    }
    assert_eq!(made.copies().expect("whole files").runs.len(), 1);
}

#[test]
fn damage_is_told() {
    let made = Made::of(1, &[0, 3], None);
    assert_eq!(made.grouped.mark.pairs, 1);
    assert!(made.copies().is_ok());
    for name in [FILE.to_owned(), run_name(1)] {
        let path = made.folder.path().join(&name);
        let whole = std::fs::read(&path).expect("the file is there");
        for damage in [whole.len() - 1, 20, 9, 2] {
            let mut bytes = whole.clone();
            bytes[damage] ^= 1;
            for damaged in [&bytes[..], &whole[..damage]] {
                std::fs::write(&path, damaged).expect("a writable folder");
                let error = made.copies().err().expect("it is damaged").to_string();
                assert!(error.contains(&name), "{error}");
            }
        }
        std::fs::write(&path, &whole).expect("a writable folder");
    }
}

#[test]
fn files_that_do_not_fit_each_other_are_told() {
    let made = Made::of(1, &[0, 3], None);
    let path = made.folder.path().join(FILE);
    let whole = std::fs::read(&path).expect("the file is there");
    for cut in 0..whole.len() {
        std::fs::write(&path, &whole[..cut]).expect("a writable folder");
        Sums::write(made.folder.path(), None, 1).expect("room on the disk");
        assert!(made.copies().is_err(), "{cut}");
    }
}

/// A list that has sums of its own and does not say what it should.
#[test]
fn numbers_that_cannot_be_are_told() {
    let made = Made::of(1, &[0, 3, 1], None);
    let path = made.folder.path().join(FILE);
    let whole = std::fs::read(&path).expect("the file is there");
    let (bar, runs, run, edges) = (8, 12, 20, whole.len() - EDGE);
    let lives = run + 12;
    assert_eq!((whole[runs], whole[lives], edges), (1, 0b111, lives + 1));
    let put = |at: usize, bytes: &[u8]| [&whole[..at], bytes, &whole[at + bytes.len()..]].concat();
    let refused = [
        ("a bar above all", put(bar, &u32::from(u16::MAX).to_le_bytes())),
        ("a version behind the last lives", put(lives, &[0b1111])),
        ("no version lives", put(lives, &[0])),
        ("another run", put(run, &9_u64.to_le_bytes())),
        ("another number of versions", put(run + 8, &4_u32.to_le_bytes())),
        ("a run twice", [&put(runs, &[2])[..edges], &whole[run..edges], &whole[edges..]].concat()),
        ("ends in no order", put(edges, &[2, 0, 0, 0, 1, 0, 0, 0])),
        ("an end that is not there", put(edges + 4, &[3, 0, 0, 0])),
        ("no support", put(edges + EDGE - 1, &[0])),
        ("support of more than all bands", put(edges + EDGE - 1, &[51])),
        ("an edge twice", [&put(runs + 4, &[2])[..], &whole[edges..]].concat()),
        ("something behind the last edge", [&whole[..], &[0]].concat()),
    ];
    for (what, bytes) in refused {
        std::fs::write(&path, bytes).expect("a writable folder");
        Sums::write(made.folder.path(), None, 1).expect("room on the disk");
        assert!(made.copies().and_then(|copies| copies.near()).is_err(), "{what}");
    }
}

#[test]
fn a_run_out_of_order_is_told() {
    let made = Made::of(1, &[0, 3], None);
    let path = made.folder.path().join(run_name(1));
    let mut bytes = std::fs::read(&path).expect("the file is there");
    let (one, other) = bytes[RUN_MAGIC.len()..].split_at_mut(16);
    one.swap_with_slice(&mut other[..16]);
    std::fs::write(&path, bytes).expect("a writable folder");
    Sums::write(made.folder.path(), None, 1).expect("room on the disk");
    assert!(made.copies().and_then(|copies| copies.near()).is_err());
}

#[test]
fn names_of_files() {
    for (name, own) in [
        ("copies", true),
        ("copies.spool", true),
        ("copies.12", true),
        ("copies.", false),
        ("copies.012", false),
        ("copies.12.bak", false),
        ("copiesx", false),
        ("copies.+1", false),
    ] {
        assert_eq!(is_own(name), own, "{name}");
    }
}
