//! What the words of a paragraph are to names and rules.

use std::ops::Range;

use super::file::Part;

/// What is known of a word: where its lists begin, unless it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning(u32);

/// What a word is to the names and rules: five lists, led by where each of them ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a>(&'a [u32]);

/// A paragraph and what is known of its words.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    /// What each of its words is.
    pub(super) words: &'a [Meaning],
    /// The lists of those that are something.
    pub(super) lists: &'a [u32],
    /// For each slot, whether a word fills it.
    pub(super) filled: &'a [bool],
}

impl Meaning {
    /// Not asked for yet.
    pub(super) const UNKNOWN: Meaning = Meaning(u32::MAX);
    /// The word is nothing to the names and rules, as most words are.
    pub(super) const NOTHING: Meaning = Meaning(u32::MAX - 1);

    pub(super) fn word(self, lists: &[u32]) -> Option<Word<'_>> {
        (self.0 < Meaning::NOTHING.0).then(|| Word(&lists[self.0 as usize..]))
    }
}

impl<'a> Word<'a> {
    /// How many lists there are.
    const LISTS: usize = 5;

    /// Puts a word's lists down and says where.
    pub(super) fn write(lists: [Vec<u32>; Word::LISTS], to: &mut Vec<u32>) -> Meaning {
        let meaning = Meaning(to.len() as u32);
        let mut end = Word::LISTS as u32;
        to.extend(lists.iter().map(|list| {
            end += list.len() as u32;
            end
        }));
        to.extend(lists.iter().flatten());
        meaning
    }

    fn list(self, number: usize) -> &'a [u32] {
        let begin = if number == 0 { Word::LISTS } else { self.0[number - 1] as usize };
        &self.0[begin..self.0[number] as usize]
    }

    /// The slots that it fills.
    pub(super) fn fills(self) -> &'a [u32] {
        self.list(0)
    }

    /// The states that it leads to from the beginning.
    pub(super) fn begins(self, part: Part) -> &'a [u32] {
        self.list(1 + part as usize)
    }

    /// The rules that wait for it.
    pub(super) fn awaited(self, part: Part) -> &'a [u32] {
        self.list(3 + part as usize)
    }
}

impl<'a> Text<'a> {
    pub(super) fn word(&self, at: u32) -> Option<Word<'a>> {
        self.words[at as usize].word(self.lists)
    }

    /// The slots that the word at a place fills.
    pub(super) fn fills(&self, at: u32) -> &'a [u32] {
        self.word(at).map_or(&[], Word::fills)
    }

    pub(super) fn len(&self) -> u32 {
        self.words.len() as u32
    }

    /// Whether a row of slots is filled from one of these places on.
    pub(super) fn holds(&self, row: &[u32], starts: Range<u32>) -> bool {
        let end = starts.end.min((self.len() + 1).saturating_sub(row.len() as u32));
        row.iter().all(|slot| self.filled[*slot as usize])
            && (starts.start..end).any(|start| row.iter().zip(start..).all(|(slot, at)| self.fills(at).contains(slot)))
    }
}
