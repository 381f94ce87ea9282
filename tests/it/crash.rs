//! Runs of the indexer that are killed, refused by the disk, or watched by readers: the index is the old one or the new one,
//! and the next run completes what was begun.

use std::collections::HashMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::sync::{answers, change, copy, rounds, write};
use crate::world::{Chance, World, run, sample_corpus};

/// The sample corpus and some files of the model, indexed.
fn begun(chance: &mut Chance) -> World {
    let world = World::of(&[]);
    copy(&sample_corpus(), &world.corpus());
    for name in ["0.jsonl", "1.jsonl", "2.txt"] {
        write(&world, chance, name);
    }
    assert!(world.index(&[]).code < 2);
    world
}

/// The answers of a fresh index of the files of a world.
fn wanted(world: &World) -> Vec<String> {
    let fresh = World::of(&[]);
    let done = fresh.index_paths(&[&world.corpus()], &[]);
    assert!(done.code < 2, "{}", done.err);
    answers(&fresh)
}

/// Fails if the index of a world answers neither as before nor as it should, or if the next run does not complete it.
#[track_caller]
fn check(world: &World, before: &[String], what: &str) -> Vec<String> {
    let wanted = wanted(world);
    let now = answers(world);
    assert!(now == before || now == wanted, "{what}: neither the old answers nor the new ones");
    let checked = world.index(&["check"]);
    assert_eq!(checked.code, 0, "{what}: {}{}", checked.text(), checked.err);
    let done = world.index(&[]);
    assert!(done.code < 2, "{what}: {}", done.err);
    assert!(answers(world) == wanted, "{what}: the next run does not complete what was begun");
    let left: Vec<_> = std::fs::read_dir(world.home().join("index")).expect("an index").collect();
    assert_eq!(left.len(), 3, "{what}: {left:?}");
    wanted
}

#[test]
fn a_killed_run_changes_nothing_or_all() {
    let mut chance = Chance(41);
    let world = begun(&mut chance);
    let mut before = answers(&world);
    let mut removed = Vec::new();
    let mut longest = Duration::from_millis(1);
    for round in 0..rounds(6) {
        (0..2).for_each(|_| change(&world, &mut chance, &mut removed));
        let rebuild: &[&str] = if round % 3 == 0 { &["--rebuild"] } else { &[] };
        if round < 2 {
            // How long such a run takes.
            let begun = Instant::now();
            assert!(world.index(rebuild).code < 2);
            longest = longest.max(begun.elapsed());
            before = answers(&world);
            continue;
        }
        let mut child =
            world.indexer().args(rebuild).stderr(Stdio::null()).stdout(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(longest.mul_f64(chance.below(1000) as f64 / 1000.0));
        let _ = child.kill();
        child.wait().expect("it ends");
        before = check(&world, &before, &format!("round {round}"));
    }
}

#[cfg(unix)]
#[test]
fn a_disk_that_refuses_changes_nothing() {
    let mut chance = Chance(43);
    let world = begun(&mut chance);
    let mut before = answers(&world);
    let mut removed = Vec::new();
    let indexer = env!("CARGO_BIN_EXE_nutgraf-index");
    for round in 0..rounds(5) {
        (0..2).for_each(|_| change(&world, &mut chance, &mut removed));
        write(&world, &mut chance, "9.jsonl");
        // No file may grow beyond so many blocks: the write that goes over fails.
        let blocks = [0, 1, 2, 8, 32, 100][round % 6] + chance.below(4);
        let script = format!("trap \"\" XFSZ; ulimit -f {blocks}; exec {indexer}");
        let done = run(world.program("sh").args(["-c", &script]));
        if done.code == 2 {
            assert!(!done.err.contains("panicked"), "{blocks} blocks: {}", done.err);
            assert!(answers(&world) == before, "{blocks} blocks");
        }
        before = check(&world, &before, &format!("{blocks} blocks: {}", done.err));
    }
}

#[test]
fn readers_see_whole_generations() {
    let mut chance = Chance(47);
    let world = begun(&mut chance);
    let mut removed = Vec::new();
    let ask = || {
        let answer = world.json(&["bank OR frozen OR the", "--limit", "5", "--facets", "actor,date"]);
        (answer["index"]["generation"].as_u64().expect("a number"), answer.to_string())
    };
    let ended = AtomicBool::new(false);
    let (known, seen) = std::thread::scope(|scope| {
        let read = || {
            let mut seen = Vec::new();
            while !ended.load(Ordering::Relaxed) {
                seen.push(ask());
            }
            seen
        };
        let readers = [scope.spawn(read), scope.spawn(read)];
        let mut known = HashMap::from([ask()]);
        for _ in 0..rounds(6) {
            change(&world, &mut chance, &mut removed);
            let done = world.index(&["--threads", "1"]);
            assert!(done.code < 2, "{}", done.err);
            known.extend([ask()]);
        }
        ended.store(true, Ordering::Relaxed);
        (known, readers.map(|reader| reader.join().expect("no reader fails")).concat())
    });
    assert!(seen.len() > 10);
    for (generation, answer) in seen {
        assert_eq!(known.get(&generation), Some(&answer), "generation {generation}");
    }
}
