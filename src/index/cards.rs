//! The articles of a generation without their texts, in the order of their numbers.
//!
//! A hit is shown with its article. So that no block of texts need be unpacked for it, cards stand beside each other in a
//! file of their own. Layout: for each article, and once more for the end, where its card begins in the file, as `u64`,
//! little-endian; then the cards as JSON.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use tantivy::directory::OwnedBytes;

use super::generation::Card;
use super::guarded::{Guarded, HeldFile};
use super::sums::CURE;
use crate::error::{Error, Result};

/// The file's name in its generation.
pub(super) const FILE: &str = "cards";
const OFFSET: usize = size_of::<u64>();

/// The cards of a generation.
#[derive(Debug)]
pub(super) struct Cards(HeldFile);

impl Cards {
    /// Those of so many articles.
    ///
    /// # Errors
    ///
    /// When the file is missing or too short.
    pub(super) fn open(files: &Guarded, articles: u32) -> Result<Cards> {
        let file = files.hold(FILE)?;
        if file.len() < OFFSET * (articles as usize + 1) {
            return Err(Error::index(&files.path().join(FILE), format!("it does not fit the table; {CURE}")));
        }
        Ok(Cards(file))
    }

    /// The card of an article, as JSON.
    ///
    /// # Errors
    ///
    /// When what is read for it is damaged.
    pub(super) fn json(&self, article: u32) -> Result<OwnedBytes> {
        let start = OFFSET * article as usize;
        let ends = self.0.read_range(start..start + 2 * OFFSET)?;
        let end = |place: usize| {
            u64::from_le_bytes(ends[OFFSET * place..OFFSET * (place + 1)].try_into().expect("eight bytes"))
        };
        let place = |place: usize| usize::try_from(end(place)).unwrap_or(usize::MAX);
        self.0.read_range(place(0)..place(1))
    }

    /// The card of an article.
    ///
    /// # Errors
    ///
    /// When what is read for it is damaged.
    pub(super) fn card(&self, article: u32) -> Result<Card> {
        serde_json::from_slice(&self.json(article)?).map_err(|_| self.0.unfit("the card of an article cannot be read"))
    }
}

/// A card as it is kept.
pub(super) fn json_of(card: &Card) -> OwnedBytes {
    // All of them are held until the end of a build: without the room that a vector leaves.
    OwnedBytes::new(serde_json::to_vec(card).expect("a card is valid JSON").into_boxed_slice())
}

/// Writes the cards of all articles, which come in the order of their numbers.
///
/// # Errors
///
/// When the disk refuses.
pub(super) fn write<'a>(directory: &Path, cards: impl ExactSizeIterator<Item = &'a OwnedBytes> + Clone) -> Result<()> {
    let path = directory.join(FILE);
    let doing = || Error::io(&path, "writing");
    let mut out = BufWriter::new(File::create(&path).map_err(doing())?);
    let mut end = (OFFSET * (cards.len() + 1)) as u64;
    let mut put = |bytes: &[u8]| out.write_all(bytes).map_err(doing());
    put(&end.to_le_bytes())?;
    for card in cards.clone() {
        end += card.len() as u64;
        put(&end.to_le_bytes())?;
    }
    cards.into_iter().try_for_each(|card| put(card))?;
    out.into_inner().map_err(|error| doing()(error.into_error()))?.sync_all().map_err(doing())
}
