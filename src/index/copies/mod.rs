//! Copies on disk: the versions of a generation and the edges between them, from which the next generation's edges are
//! worked out.
//!
//! Versions stand in runs. A run is a file, `copies.` and the number of the generation that wrote it, and never changes:
//! the magic, then the versions as [`Run`] has them. A generation links the runs of the one before and writes one of its
//! own for what is new. A run that is no longer larger than all smaller ones together goes into that one, so that they
//! stay few and what is written follows from what has changed.
//!
//! The file `copies` says which runs there are, which of their versions live, and holds the edges. Layout, all numbers
//! little-endian: the magic, the bar, the numbers of runs and of edges as `u32`; for each run the number in its name as
//! `u64`, its number of versions as `u32`, and a bit for each of them, in whole bytes; then 11 bytes for each edge: its
//! ends, its similarity, its support.

mod spool;

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};

use super::generation::{self, CopiesMark};
use super::guarded::Guarded;
use super::sums::CURE;
use crate::error::{Error, Result};
use crate::groups::{Before, Edge, MOST_SUPPORT, Near, Run, Texts, Versions, changed_edges, edges, groups};

use spool::Spooled;
pub(crate) use spool::{Page, Spool};

/// The file's name in its generation, and what stands before the dot in the names of runs.
const FILE: &str = "copies";
const MAGIC: &[u8; 8] = b"nutcopy\x02";
const RUN_MAGIC: &[u8; 8] = b"nutrun\x00\x01";
const EDGE: usize = 11;
/// How much is written at once.
const PAGE: usize = 1 << 20;
/// The highest bar: equal texts.
const WHOLE: u16 = 10_000;
/// If more than one version in so many has changed, the edges are found from nothing.
const CHANGED_AT_MOST: u32 = 4;

/// Whether a generation has a file of this name because of its copies.
pub(super) fn is_own(name: &str) -> bool {
    let run = |number: &str| number.parse::<u64>().is_ok_and(|parsed| parsed.to_string() == number);
    name == FILE
        || name == spool::SPOOL
        || name.strip_prefix(FILE).and_then(|rest| rest.strip_prefix('.')).is_some_and(run)
}

fn run_name(number: u64) -> String {
    format!("{FILE}.{number}")
}

/// Paragraphs of the index that is being finished.
#[derive(Clone, Copy)]
pub(crate) struct Standing<'a> {
    /// The fingerprints of all paragraphs that may be versions, in order, each with a document that has it.
    pub(crate) bodies: &'a [(u128, u32)],
    /// The normal form of a document's text.
    pub(crate) normal: &'a (dyn Fn(u32) -> Result<String> + Sync),
}

impl Standing<'_> {
    fn document(&self, fingerprint: u128) -> Option<u32> {
        let found = self.bodies.binary_search_by_key(&fingerprint, |(print, _)| *print);
        found.ok().map(|place| self.bodies[place].1)
    }
}

/// The texts of versions: of new ones in the spool, of those that stay in the index.
struct Homes<'a> {
    spooled: &'a Spooled,
    standing: Option<Standing<'a>>,
    versions: &'a Versions<'a>,
    directory: &'a Path,
    /// For each version its record in the spool, [`NOWHERE`] if it has none.
    records: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl<'a> Homes<'a> {
    fn of(
        versions: &'a Versions<'a>,
        spooled: &'a Spooled,
        standing: Option<Standing<'a>>,
        directory: &'a Path,
    ) -> Homes<'a> {
        let mut spool = (0..spooled.count()).peekable();
        let record_of = |print: u128| {
            while spool.next_if(|record| spooled.fingerprint(*record) < print).is_some() {}
            spool.next_if(|record| spooled.fingerprint(*record) == print).unwrap_or(NOWHERE)
        };
        let records = versions.fingerprints().map(record_of).collect();
        Homes { spooled, standing, versions, directory, records }
    }
}

impl Texts for Homes<'_> {
    type Error = Error;

    fn normal(&self, version: u32) -> Result<Cow<'_, str>> {
        let record = self.records[version as usize];
        if record != NOWHERE {
            return self.spooled.text(record).map(Cow::Borrowed);
        }
        // What is not new stays, and is in the index.
        let standing = self.standing.and_then(|standing| {
            let document = standing.document(self.versions.fingerprint(version))?;
            Some((standing.normal)(document))
        });
        standing.ok_or_else(|| unfit(self.directory))?.map(Cow::Owned)
    }
}

/// A run of versions, and which of them live.
#[derive(Clone)]
struct Held {
    /// The number in its name.
    number: u64,
    bytes: OwnedBytes,
    /// A bit for each version.
    lives: Vec<u8>,
}

impl Held {
    /// A run in which these live; none if the file holds another number of versions.
    fn of(number: u64, bytes: OwnedBytes, lives: Vec<u8>, count: u32) -> Option<Held> {
        let run = bytes.strip_prefix(RUN_MAGIC).and_then(Run::of)?;
        let past_the_last = lives.last().map_or(0, |bits| bits.checked_shr(count % 8).unwrap_or(0));
        let whole = run.count() == count
            && lives.len() == (count as usize).div_ceil(8)
            && (count.is_multiple_of(8) || past_the_last == 0);
        whole.then_some(Held { number, bytes, lives })
    }

    fn run(&self) -> Run<'_> {
        Run::of(&self.bytes[RUN_MAGIC.len()..]).expect("it was one when it was opened")
    }

    fn lives(&self, entry: u32) -> bool {
        self.lives[entry as usize / 8] >> (entry % 8) & 1 == 1
    }

    fn knows(&self, fingerprint: u128) -> bool {
        self.run().find(fingerprint).is_some_and(|entry| self.lives(entry))
    }

    /// How many versions live.
    fn living(&self) -> u32 {
        self.lives.iter().map(|bits| bits.count_ones()).sum()
    }

    /// The run when only what stands in the index lives on.
    fn after(&self, standing: Standing<'_>) -> Held {
        let run = self.run();
        let mut bodies = standing.bodies.iter().peekable();
        let mut lives = vec![0; self.lives.len()];
        for entry in (0..run.count()).filter(|entry| self.lives(*entry)) {
            let print = run.fingerprint(entry);
            while bodies.next_if(|(body, _)| *body < print).is_some() {}
            let stays = bodies.peek().is_some_and(|(body, _)| *body == print);
            lives[entry as usize / 8] |= u8::from(stays) << (entry % 8);
        }
        Held { number: self.number, bytes: self.bytes.clone(), lives }
    }
}

/// The versions that live in some runs.
fn versions(runs: &[Held]) -> Option<Versions<'_>> {
    Versions::of(runs.iter().map(Held::run).collect(), |run, entry| runs[run].lives(entry))
}

/// What is known of the copies of a generation.
pub(crate) struct Copies {
    directory: PathBuf,
    bar: u16,
    runs: Vec<Held>,
    edges: Vec<Edge>,
    /// The size of all files, in bytes.
    size: u64,
}

/// The near copies of a generation.
#[derive(Debug)]
pub(crate) struct Grouped {
    /// The fingerprints that have near copies, each with one that stands for its group; in order.
    pub(crate) near: Vec<(u128, u128)>,
    pub(crate) mark: CopiesMark,
}

impl Grouped {
    /// Equal copies alone.
    pub(crate) fn off() -> Grouped {
        Grouped { near: Vec::new(), mark: CopiesMark { near: Near::OFF, versions: 0, pairs: 0, bytes: 0 } }
    }
}

impl Copies {
    /// Whether a generation has looked for near copies.
    pub(crate) fn are_in(files: &Guarded) -> bool {
        files.sums().file(FILE).is_some()
    }

    /// Reads the copies of a generation.
    ///
    /// # Errors
    ///
    /// When a file of them is missing or damaged.
    pub(crate) fn read(files: &Guarded) -> Result<Copies> {
        let damaged = || {
            Error::index(&files.path().join(FILE), format!("these are no copies of this version of nutgraf; {CURE}"))
        };
        let list = files.read(FILE)?;
        let mut size = list.len() as u64;
        let mut rest = list.as_slice();
        let mut take = |length: usize| rest.split_off(..length).ok_or_else(damaged);
        let number = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().expect("four bytes"));
        if take(MAGIC.len())? != MAGIC {
            return Err(damaged());
        }
        let [bar, runs, count] = [number(take(4)?), number(take(4)?), number(take(4)?)];
        let mut held: Vec<Held> = Vec::new();
        for _ in 0..runs {
            let name = u64::from_le_bytes(take(8)?.try_into().expect("eight bytes"));
            if held.iter().any(|held| held.number == name) {
                return Err(damaged());
            }
            let count = number(take(4)?);
            let lives = take((count as usize).div_ceil(8))?.to_vec();
            let bytes = files.read(&run_name(name))?;
            size += bytes.len() as u64;
            held.push(Held::of(name, bytes, lives, count).ok_or_else(damaged)?);
        }
        let edge = |edge: &[u8]| Edge {
            a: number(&edge[..4]),
            b: number(&edge[4..8]),
            similarity: u16::from_le_bytes([edge[8], edge[9]]),
            support: edge[10],
        };
        let edges: Vec<Edge> = take(EDGE * count as usize)?.chunks_exact(EDGE).map(edge).collect();
        // Each edge once, in order, of versions that share a band, and nothing behind them.
        let sound = edges.is_sorted_by(|one, other| (one.a, one.b) < (other.a, other.b))
            && edges.iter().all(|edge| edge.a < edge.b && (1..=MOST_SUPPORT).contains(&edge.support));
        let bar =
            u16::try_from(bar).ok().filter(|bar| *bar <= WHOLE && sound && rest.is_empty()).ok_or_else(damaged)?;
        Ok(Copies { directory: files.path().to_owned(), bar, runs: held, edges, size })
    }

    /// The fingerprints that have near copies, each with one that stands for its group; in order.
    ///
    /// # Errors
    ///
    /// When the files do not fit each other.
    pub(crate) fn near(&self) -> Result<Vec<(u128, u128)>> {
        let versions = self.versions().ok_or_else(|| unfit(&self.directory))?;
        Ok(grouped(&versions, &self.edges, self.bar))
    }

    /// How many versions and edges there are, and the size of their files in bytes.
    pub(crate) fn numbers(&self) -> (u32, u32, u64) {
        (self.runs.iter().map(Held::living).sum(), self.edges.len() as u32, self.size)
    }

    /// Whether there is a version of this fingerprint.
    pub(crate) fn knows(&self, fingerprint: u128) -> bool {
        self.runs.iter().any(|run| run.knows(fingerprint))
    }

    /// The versions, if all edges are between some of them.
    fn versions(&self) -> Option<Versions<'_>> {
        versions(&self.runs).filter(|versions| self.edges.iter().all(|edge| edge.b < versions.count()))
    }

    /// Makes the files of a generation from what a build has written down of new paragraphs and from what stays of the
    /// generation before, and the groups.
    ///
    /// # Errors
    ///
    /// When the disk refuses, or the files of the generation before do not fit each other.
    pub(crate) fn write(
        directory: &Path,
        number: u64,
        spool: Spool,
        (near, bar): (Near, u16),
        before: Option<(&Copies, Standing<'_>)>,
        threads: usize,
    ) -> Result<Grouped> {
        let spooled = spool.read()?;
        let carried = before.map_or_else(Vec::new, |(copies, standing)| {
            copies.runs.iter().map(|run| run.after(standing)).collect::<Vec<Held>>()
        });
        // A paragraph that stays may have been read again in another article.
        let is_new = |record: &u32| !carried.iter().any(|run| run.knows(spooled.fingerprint(*record)));
        let new: Vec<u32> = (0..spooled.count()).filter(is_new).collect();
        let (mut runs, merged) = divided(carried, new.len() as u32);
        if let Some((copies, _)) = before {
            for run in &runs {
                let name = run_name(run.number);
                generation::link_file(&copies.directory.join(&name), &directory.join(&name))?;
            }
        }
        runs.extend(write_run(directory, number, &spooled, &new, &merged)?);

        let versions = versions(&runs).ok_or_else(|| unfit(directory))?;
        let texts = Homes::of(&versions, &spooled, before.map(|(_, standing)| standing), directory);
        let before = before.filter(|(copies, _)| copies.bar == bar);
        let before = before
            .map(|(copies, _)| copies.versions().map(|versions| (copies, versions)).ok_or_else(|| unfit(directory)));
        let edges = match before.transpose()?.filter(|(_, before)| has_changed_little(before, &versions)) {
            Some((copies, before)) => {
                changed_edges(Before { versions: &before, edges: &copies.edges }, &versions, bar, &texts, threads)?
            }
            None => edges(&versions, bar, &texts, threads)?,
        };
        let near_prints = grouped(&versions, &edges, bar);
        let mut list = MAGIC.to_vec();
        for count in [u32::from(bar), runs.len() as u32, edges.len() as u32] {
            list.extend(count.to_le_bytes());
        }
        for run in &runs {
            list.extend(run.number.to_le_bytes());
            list.extend(run.run().count().to_le_bytes());
            list.extend(&run.lives);
        }
        for edge in &edges {
            list.extend(edge.a.to_le_bytes());
            list.extend(edge.b.to_le_bytes());
            list.extend(edge.similarity.to_le_bytes());
            list.push(edge.support);
        }
        generation::write_synced(&directory.join(FILE), &list)?;
        let mark = CopiesMark {
            near,
            versions: versions.count(),
            pairs: edges.len() as u32,
            bytes: list.len() as u64 + runs.iter().map(|run| run.bytes.len() as u64).sum::<u64>(),
        };
        spooled.remove()?;
        Ok(Grouped { near: near_prints, mark })
    }
}

/// Divides runs into those that stay as they are and those that are written anew, together with so many new versions: those
/// that are not larger than all smaller ones, and those of which more than half is gone.
fn divided(mut runs: Vec<Held>, new: u32) -> (Vec<Held>, Vec<Held>) {
    runs.retain(|run| run.living() > 0);
    runs.sort_by_key(Held::living);
    let mut smaller = u64::from(new);
    let mut merged = 0;
    for (place, run) in (1..).zip(&runs) {
        let living = u64::from(run.living());
        if living <= smaller || 2 * living < u64::from(run.run().count()) {
            merged = place;
        }
        smaller += living;
    }
    let stay = runs.split_off(merged);
    (stay, runs)
}

/// Writes a run of new versions and of those that live in other runs; none if there are none.
fn write_run(directory: &Path, number: u64, spooled: &Spooled, new: &[u32], merged: &[Held]) -> Result<Option<Held>> {
    /// Where a version comes from.
    #[derive(Clone, Copy)]
    enum From {
        Spool(u32),
        Run(u32),
    }
    let old = versions(merged).ok_or_else(|| unfit(directory))?;
    let mut sources = Vec::with_capacity(new.len() + old.count() as usize);
    let mut new = new.iter().peekable();
    for (version, print) in (0..).zip(old.fingerprints()) {
        sources.extend(
            std::iter::from_fn(|| new.next_if(|record| spooled.fingerprint(**record) < print))
                .map(|record| From::Spool(*record)),
        );
        sources.push(From::Run(version));
    }
    sources.extend(new.map(|record| From::Spool(*record)));
    if sources.is_empty() {
        return Ok(None);
    }
    let count = u32::try_from(sources.len())
        .map_err(|_| Error::index(directory, "there are more than four billion different paragraphs".to_owned()))?;

    let path = directory.join(run_name(number));
    let doing = || Error::io(&path, "writing");
    let mut out = BufWriter::with_capacity(PAGE, File::create_new(&path).map_err(doing())?);
    out.write_all(RUN_MAGIC).map_err(doing())?;
    for source in &sources {
        let print = match source {
            From::Spool(record) => spooled.fingerprint(*record),
            From::Run(version) => old.fingerprint(*version),
        };
        out.write_all(&print.to_le_bytes()).map_err(doing())?;
    }
    for source in &sources {
        let signature = match source {
            From::Spool(record) => spooled.signature(*record),
            From::Run(version) => old.signature(*version),
        };
        out.write_all(signature).map_err(doing())?;
    }
    out.into_inner().map_err(|error| doing()(error.into_error()))?.sync_all().map_err(doing())?;
    let mut lives = vec![u8::MAX; sources.len().div_ceil(8)];
    if let Some(last) = lives.last_mut().filter(|_| !count.is_multiple_of(8)) {
        *last >>= 8 - count % 8;
    }
    Held::of(number, map(&path)?, lives, count).map(Some).ok_or_else(|| unfit(directory))
}

/// An error for files that are sound each, but not together.
fn unfit(directory: &Path) -> Error {
    Error::index(directory, format!("what is kept of copies does not fit together; {CURE}"))
}

/// The fingerprints that have near copies, each with one that stands for its group; in order.
fn grouped(versions: &Versions<'_>, edges: &[Edge], bar: u16) -> Vec<(u128, u128)> {
    let groups = groups(versions, edges, bar).into_iter();
    groups.map(|(one, other)| (versions.fingerprint(one), versions.fingerprint(other))).collect()
}

/// Whether so few versions have come and gone that it is quicker to look at them alone.
fn has_changed_little(before: &Versions<'_>, after: &Versions<'_>) -> bool {
    let (mut old, mut new, mut same) = (0, 0, 0);
    while old < before.count() && new < after.count() {
        let [one, other] = [before.fingerprint(old), after.fingerprint(new)];
        old += u32::from(one <= other);
        new += u32::from(other <= one);
        same += u32::from(one == other);
    }
    before.count() - same + (after.count() - same) <= after.count() / CHANGED_AT_MOST
}

/// Maps a file that this run has written.
fn map(path: &Path) -> Result<OwnedBytes> {
    let failed = |error: &dyn std::fmt::Display| Error::index(path, error.to_string());
    let (directory, name) = (path.parent().unwrap_or(path), path.file_name().unwrap_or_default());
    let mapped = MmapDirectory::open(directory).map_err(|error| failed(&error))?;
    let slice = mapped.open_read(Path::new(name)).map_err(|error| failed(&error))?;
    slice.read_bytes().map_err(Error::io(path, "reading"))
}

#[cfg(test)]
mod tests;
