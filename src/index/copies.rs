//! Copies on disk: what a build writes down of each paragraph that may have near copies, and the file of versions and
//! edges that this becomes, from which the next generation's edges are worked out.
//!
//! Layout of the file, all numbers little-endian: the magic, a `u64` xxh3 of all that follows it, the bar as `u32`, the
//! numbers of versions and of edges as `u32`; then the versions as [`Versions`] has them, and 11 bytes for each edge: its
//! ends, its similarity, its support.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};
use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, Searcher, TantivyDocument};
use xxhash_rust::xxh3::Xxh3Default;

use super::generation::CopiesMark;
use crate::error::{Error, Result};
use crate::groups::{
    Before, ENTRY, Edge, Near, Normal, Signature, Sketcher, Texts, Versions, changed_edges, edges, groups,
};

/// The file's name in its generation.
pub(super) const FILE: &str = "copies";
/// The name of what is written down while a build reads; it does not outlive the build.
pub(super) const SPOOL: &str = "copies.spool";
const MAGIC: &[u8; 8] = b"nutcopy\x01";
/// Magic and sum.
const SUMMED_FROM: usize = 16;
const HEADER: usize = SUMMED_FROM + 12;
const EDGE: usize = 11;
/// What stands before a text in the spool: fingerprint and signature, and its length as `u32`.
const SPOOLED: usize = ENTRY + 4;
/// How much a thread keeps before it writes.
const PAGE: usize = 1 << 20;
/// If more than one version in so many has changed, the edges are found from nothing.
const CHANGED_AT_MOST: u32 = 4;

/// What a build writes down of its paragraphs.
#[derive(Debug)]
pub(crate) struct Spool {
    path: PathBuf,
    file: Mutex<File>,
}

/// What one thread is about to write to the spool.
#[derive(Debug, Default)]
pub(crate) struct Page {
    sketcher: Sketcher,
    bytes: Vec<u8>,
}

impl Spool {
    pub(crate) fn create(directory: &Path) -> Result<Spool> {
        let path = directory.join(SPOOL);
        let file = File::create_new(&path).map_err(Error::io(&path, "writing"))?;
        Ok(Spool { path, file: Mutex::new(file) })
    }

    /// Writes down a paragraph that may have near copies.
    pub(crate) fn add(&self, page: &mut Page, fingerprint: u128, normal: &Normal) -> Result<()> {
        let signature: Signature = page.sketcher.sketch(normal.text());
        Versions::push(&mut page.bytes, fingerprint, &signature);
        page.bytes.extend_from_slice(&(normal.text().len() as u32).to_le_bytes());
        page.bytes.extend_from_slice(normal.text().as_bytes());
        if page.bytes.len() >= PAGE { self.write(page) } else { Ok(()) }
    }

    /// Writes what a thread has kept.
    pub(crate) fn write(&self, page: &mut Page) -> Result<()> {
        let written = self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(&page.bytes);
        page.bytes.clear();
        written.map_err(Error::io(&self.path, "writing"))
    }
}

/// The texts of versions, in the spool.
struct Spooled {
    bytes: OwnedBytes,
    /// Where the record of each version begins.
    starts: Vec<u64>,
}

impl Spooled {
    /// The records of a spool: one for each fingerprint, in order.
    fn read(directory: &Path) -> Result<Spooled> {
        let bytes = map(directory, SPOOL)?;
        let mut records: Vec<(u128, u64)> = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let fingerprint = u128::from_le_bytes(bytes[at..at + 16].try_into().expect("sixteen bytes"));
            records.push((fingerprint, at as u64));
            at += SPOOLED + length(&bytes, at);
        }
        records.sort_unstable();
        records.dedup_by_key(|(fingerprint, _)| *fingerprint);
        Ok(Spooled { starts: records.into_iter().map(|(_, start)| start).collect(), bytes })
    }

    fn fingerprint(&self, version: usize) -> u128 {
        u128::from_le_bytes(self.entry(version)[..16].try_into().expect("sixteen bytes"))
    }

    fn entry(&self, version: usize) -> &[u8] {
        let start = self.starts[version] as usize;
        &self.bytes[start..start + ENTRY]
    }

    fn text(&self, version: usize) -> Result<&str> {
        let start = self.starts[version] as usize;
        let text = &self.bytes[start + SPOOLED..start + SPOOLED + length(&self.bytes, start)];
        let damaged =
            |_| Error::index(Path::new(SPOOL), "what was written down has changed under the program".to_owned());
        std::str::from_utf8(text).map_err(damaged)
    }
}

/// Paragraphs that stay from the generation before, in the index that is being finished.
#[derive(Clone, Copy)]
pub(crate) struct Standing<'a> {
    pub(crate) searcher: &'a Searcher,
    /// The field of stored text.
    pub(crate) text: Field,
    /// The fingerprints of all paragraphs that may be versions, in order, each with a document that has it.
    pub(crate) bodies: &'a [(u128, u32)],
}

impl Standing<'_> {
    fn document(&self, fingerprint: u128) -> Option<u32> {
        let found = self.bodies.binary_search_by_key(&fingerprint, |(print, _)| *print);
        found.ok().map(|place| self.bodies[place].1)
    }

    /// The normal form of a document's text.
    fn normal(&self, document: u32) -> Result<String> {
        let mut place = document;
        let segments = self.searcher.segment_readers().iter().zip(0..);
        for (segment, number) in segments {
            if place < segment.max_doc() {
                let stored: TantivyDocument = self
                    .searcher
                    .doc(DocAddress::new(number, place))
                    .map_err(|error| Error::index(Path::new(FILE), error.to_string()))?;
                let text = stored.get_first(self.text).and_then(|value| value.as_str().map(str::to_owned));
                return Ok(Normal::of(&text.unwrap_or_default()).text().to_owned());
            }
            place -= segment.max_doc();
        }
        Err(Error::index(Path::new(FILE), "a paragraph that stays is not there".to_owned()))
    }
}

/// Where the text of a version is.
#[derive(Debug, Clone, Copy)]
enum Home {
    /// In the spool, by its number there.
    Spool(usize),
    /// In the index, by document.
    Index(u32),
}

/// The texts of versions: of new ones in the spool, of those that stay in the index.
struct Homes<'a> {
    spooled: &'a Spooled,
    standing: Option<Standing<'a>>,
    homes: Vec<Home>,
}

impl Texts for Homes<'_> {
    type Error = Error;

    fn normal(&self, version: u32) -> Result<Cow<'_, str>> {
        match (self.homes[version as usize], &self.standing) {
            (Home::Spool(number), _) => self.spooled.text(number).map(Cow::Borrowed),
            (Home::Index(document), Some(standing)) => standing.normal(document).map(Cow::Owned),
            (Home::Index(_), None) => Ok(Cow::Borrowed("")),
        }
    }
}

/// The length of the text of the record that begins at a place of the spool.
fn length(spool: &[u8], start: usize) -> usize {
    number(&spool[start + ENTRY..]) as usize
}

fn number(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes[..4].try_into().expect("four bytes"))
}

/// What is known of the copies of a generation.
pub(crate) struct Copies {
    bar: u16,
    bytes: OwnedBytes,
    edges: Vec<Edge>,
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
    /// Reads the copies of a generation; none if it has no whole file of this version.
    pub(crate) fn read(directory: &Path) -> Option<Copies> {
        let bytes = map(directory, FILE).ok()?;
        if bytes.len() < HEADER || &bytes[..8] != MAGIC {
            return None;
        }
        let sum = u64::from_le_bytes(bytes[8..SUMMED_FROM].try_into().expect("eight bytes"));
        let [bar, versions, count] = [0, 4, 8].map(|at| number(&bytes[SUMMED_FROM + at..]) as usize);
        let end = HEADER.checked_add(ENTRY.checked_mul(versions)?)?;
        if bytes.len() != end.checked_add(EDGE.checked_mul(count)?)?
            || xxhash_rust::xxh3::xxh3_64(&bytes[SUMMED_FROM..]) != sum
        {
            return None;
        }
        let edge = |edge: &[u8]| Edge {
            a: number(edge),
            b: number(&edge[4..]),
            similarity: u16::from_le_bytes([edge[8], edge[9]]),
            support: edge[10],
        };
        let edges = bytes[end..].chunks_exact(EDGE).map(edge).collect();
        Some(Copies { bar: u16::try_from(bar).ok()?, bytes: bytes.slice(HEADER..end), edges })
    }

    /// The fingerprints that have near copies, each with one that stands for its group; in order.
    pub(crate) fn near(&self) -> Vec<(u128, u128)> {
        grouped(self.versions(), &self.edges, self.bar)
    }

    /// How many versions and edges there are, and the size of their file in bytes.
    pub(crate) fn numbers(&self) -> (u32, u32, u64) {
        let size = HEADER + self.bytes.len() + EDGE * self.edges.len();
        (self.versions().count(), self.edges.len() as u32, size as u64)
    }

    /// Whether there is a version of this fingerprint.
    pub(crate) fn knows(&self, fingerprint: u128) -> bool {
        self.versions().find(fingerprint).is_some()
    }

    fn versions(&self) -> Versions<'_> {
        Versions::of(&self.bytes).expect("the numbers were compared with the length of the file")
    }

    /// The versions that stay: fingerprint, entry, and a document that has it.
    fn staying(&self, standing: Standing<'_>) -> Vec<(u128, &[u8], u32)> {
        let versions = (0..self.versions().count()).zip(self.bytes.chunks_exact(ENTRY));
        let staying = versions.filter_map(|(version, entry)| {
            let print = self.versions().fingerprint(version);
            standing.document(print).map(|document| (print, entry, document))
        });
        staying.collect()
    }

    /// Makes the file of a generation from what a build has written down of new paragraphs and from those that stay of the
    /// generation before, and the groups.
    ///
    /// # Errors
    ///
    /// When the disk refuses, or paragraphs stay and the file of the generation before is damaged.
    pub(crate) fn write(
        directory: &Path,
        spool: Spool,
        (near, bar): (Near, u16),
        before: Option<&Copies>,
        standing: Option<Standing<'_>>,
        threads: usize,
    ) -> Result<Grouped> {
        drop(spool.file);
        let spooled = Spooled::read(directory)?;
        let path = directory.join(FILE);
        let doing = || Error::io(&path, "writing");
        let mut file = File::options().read(true).write(true).create_new(true).open(&path).map_err(doing())?;
        let mut out = BufWriter::with_capacity(PAGE, &mut file);
        out.write_all(&[0; HEADER]).map_err(doing())?;
        let mut homes = Vec::new();
        let staying = match (standing, before) {
            (Some(standing), Some(before)) => before.staying(standing),
            (None, _) => Vec::new(),
            (Some(_), None) => {
                let what = "the file of copies of the generation before is damaged; run nutgraf-index --rebuild";
                return Err(Error::index(directory, what.to_owned()));
            }
        };
        let (mut new, mut old) = ((0..spooled.starts.len()).peekable(), staying.iter().peekable());
        loop {
            // A paragraph that stays may have been read again in another article.
            let entry = match (new.peek().map(|new| spooled.fingerprint(*new)), old.peek().map(|(print, ..)| *print)) {
                (None, None) => break,
                (Some(one), other) if other.is_none_or(|other| one <= other) => {
                    old.next_if(|(print, ..)| *print == one);
                    let number = new.next().unwrap_or_default();
                    homes.push(Home::Spool(number));
                    spooled.entry(number)
                }
                _ => {
                    let Some((_, entry, document)) = old.next() else { break };
                    homes.push(Home::Index(*document));
                    entry
                }
            };
            out.write_all(entry).map_err(doing())?;
        }
        out.flush().map_err(doing())?;
        drop(out);

        let bytes = map(directory, FILE)?;
        let versions = Versions::of(&bytes[HEADER..]).ok_or_else(|| {
            Error::index(directory, "there are more than four billion different paragraphs".to_owned())
        })?;
        let texts = Homes { spooled: &spooled, standing, homes };
        let before = before.filter(|before| before.bar == bar && has_changed_little(before.versions(), versions));
        let edges = match before {
            Some(before) => {
                let before = Before { versions: before.versions(), edges: &before.edges };
                changed_edges(before, versions, bar, &texts, threads)?
            }
            None => edges(versions, bar, &texts, threads)?,
        };
        let groups = grouped(versions, &edges, bar);

        let mut out = BufWriter::with_capacity(PAGE, &mut file);
        for edge in &edges {
            let mut bytes = [0; EDGE];
            bytes[..4].copy_from_slice(&edge.a.to_le_bytes());
            bytes[4..8].copy_from_slice(&edge.b.to_le_bytes());
            bytes[8..10].copy_from_slice(&edge.similarity.to_le_bytes());
            bytes[10] = edge.support;
            out.write_all(&bytes).map_err(doing())?;
        }
        out.flush().map_err(doing())?;
        drop(out);
        let counts = [u32::from(bar), versions.count(), edges.len() as u32];
        seal(&mut file, counts).map_err(doing())?;
        let size = file.metadata().map_err(doing())?.len();
        std::fs::remove_file(&spool.path).map_err(Error::io(&spool.path, "removing"))?;
        let [_, versions, pairs] = counts;
        Ok(Grouped { near: groups, mark: CopiesMark { near, versions, pairs, bytes: size } })
    }
}

/// The fingerprints that have near copies, each with one that stands for its group; in order.
fn grouped(versions: Versions<'_>, edges: &[Edge], bar: u16) -> Vec<(u128, u128)> {
    let groups = groups(versions, edges, bar).into_iter();
    groups.map(|(one, other)| (versions.fingerprint(one), versions.fingerprint(other))).collect()
}

/// Writes the head of the file, whose other parts are there.
fn seal(file: &mut File, counts: [u32; 3]) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(SUMMED_FROM as u64))?;
    file.write_all(&counts.map(u32::to_le_bytes).concat())?;
    file.seek(SeekFrom::Start(SUMMED_FROM as u64))?;
    let mut sum = Xxh3Default::new();
    let mut page = vec![0; PAGE];
    loop {
        let length = file.read(&mut page)?;
        if length == 0 {
            break;
        }
        sum.update(&page[..length]);
    }
    file.rewind()?;
    file.write_all(MAGIC)?;
    file.write_all(&sum.digest().to_le_bytes())?;
    file.sync_all()
}

/// Whether so few versions have come and gone that it is quicker to look at them alone.
fn has_changed_little(before: Versions<'_>, after: Versions<'_>) -> bool {
    let (mut old, mut new, mut same) = (0, 0, 0);
    while old < before.count() && new < after.count() {
        let [one, other] = [before.fingerprint(old), after.fingerprint(new)];
        old += u32::from(one <= other);
        new += u32::from(other <= one);
        same += u32::from(one == other);
    }
    before.count() - same + (after.count() - same) <= after.count() / CHANGED_AT_MOST
}

fn map(directory: &Path, name: &str) -> Result<OwnedBytes> {
    let path = directory.join(name);
    let failed = |error: &dyn std::fmt::Display| Error::index(&path, error.to_string());
    let mapped = MmapDirectory::open(directory).map_err(|error| failed(&error))?;
    let slice = mapped.open_read(Path::new(name)).map_err(|error| failed(&error))?;
    slice.read_bytes().map_err(Error::io(&path, "reading"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str =
        "the central bank froze the assets of the state on wednesday and said that the measure would stay in force";

    /// Builds a generation's file of some texts.
    fn build(texts: &[String], before: Option<&Path>) -> (tempfile::TempDir, Grouped) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let spool = Spool::create(folder.path()).expect("a writable folder");
        let mut page = Page::default();
        for normal in texts.iter().map(|text| Normal::of(text)) {
            spool.add(&mut page, normal.fingerprint(), &normal).expect("room on the disk");
        }
        spool.write(&mut page).expect("room on the disk");
        let before = before.and_then(Copies::read);
        let grouped = Copies::write(folder.path(), spool, (Near::default(), 5_000), before.as_ref(), None, 2)
            .expect("room on the disk");
        (folder, grouped)
    }

    #[test]
    fn the_file_does_not_tell_how_it_was_reached() {
        let texts: Vec<String> = (0..40).map(|number| WORDS.replace("wednesday", &format!("day {number}"))).collect();
        let (first, _) = build(&texts[..38], None);
        let (updated, one) = build(&texts, Some(first.path()));
        let (fresh, other) = build(&texts, None);
        let read = |folder: &tempfile::TempDir| std::fs::read(folder.path().join(FILE)).expect("the file is there");
        assert!(read(&updated) == read(&fresh));
        assert_eq!(one.near, other.near);
        assert_eq!((one.near.len(), one.mark.versions), (40, 40));
        assert!(!fresh.path().join(SPOOL).exists());
    }

    #[test]
    fn a_damaged_file_is_none() {
        let texts = [WORDS.to_owned(), WORDS.replace("wednesday", "monday")];
        let (folder, grouped) = build(&texts, None);
        assert_eq!(grouped.mark.pairs, 1);
        assert!(Copies::read(folder.path()).is_some());
        let path = folder.path().join(FILE);
        let whole = std::fs::read(&path).expect("the file is there");
        for damage in [whole.len() - 1, HEADER + 3, SUMMED_FROM + 5, 9, 2] {
            let mut bytes = whole.clone();
            bytes[damage] ^= 1;
            std::fs::write(&path, &bytes).expect("a writable folder");
            assert!(Copies::read(folder.path()).is_none(), "{damage}");
            std::fs::write(&path, &whole[..damage]).expect("a writable folder");
            assert!(Copies::read(folder.path()).is_none(), "{damage}");
        }
    }
}
