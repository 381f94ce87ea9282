//! Sets of documents as bits, and the windows through which a search sees them.
//!
//! What a scan finds is marked in a window and then counted by the word: how many paragraphs, groups and articles there
//! are is known without a look at each document.

use tantivy::DocId;

/// How many documents a word of bits covers.
const WORD: u32 = u64::BITS;
/// How many words a window has: enough to make the most of frequent words, few enough to be cheap for rare ones; and as many
/// as a word has bits.
const WORDS: u32 = WORD;
/// How many documents a window covers.
const SPAN: u32 = WORD * WORDS;

/// A set of documents of an index.
#[derive(Debug, Clone)]
pub(crate) struct Documents {
    words: Vec<u64>,
}

impl Documents {
    /// None of so many documents.
    pub(crate) fn none_of(count: u32) -> Documents {
        Documents { words: vec![0; count.div_ceil(WORD) as usize] }
    }

    pub(crate) fn contains(&self, document: u32) -> bool {
        self.words.get((document / WORD) as usize).is_some_and(|word| word >> (document % WORD) & 1 == 1)
    }

    /// Adds one of the documents.
    pub(crate) fn insert(&mut self, document: u32) {
        self.words[(document / WORD) as usize] |= 1 << (document % WORD);
    }

    /// Adds the documents of a word.
    #[inline]
    pub(crate) fn insert_word(&mut self, number: u32, bits: u64) {
        self.words[number as usize] |= bits;
    }

    /// The documents, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().zip(0..).flat_map(|(word, number)| of_word(number, *word))
    }
}

/// The documents of a word of bits, ascending.
#[inline]
pub(crate) fn of_word(number: u32, bits: u64) -> impl Iterator<Item = u32> {
    let mut rest = bits;
    std::iter::from_fn(move || {
        let document = (rest != 0).then(|| number * WORD + rest.trailing_zeros())?;
        rest &= rest - 1;
        Some(document)
    })
}

/// Those of a word's bits that stand for a document from `first` on.
#[inline]
pub(crate) fn from(number: u32, bits: u64, first: u32) -> u64 {
    match first.saturating_sub(number * WORD) {
        skipped if skipped < WORD => bits & (u64::MAX << skipped),
        _ => 0,
    }
}

/// Some documents of a segment that follow each other, and which of them are marked.
pub(crate) struct Window {
    /// The number of its first word among those of the whole index.
    first: u32,
    /// The number of the segment's first document.
    base: u32,
    words: [u64; WORDS as usize],
    /// In which words something is marked, as bits.
    touched: u64,
}

impl Window {
    /// The window that a document of a segment lies in; nothing is marked.
    pub(crate) fn around(base: u32, doc: DocId) -> Window {
        Window { first: (base + doc) / SPAN * WORDS, base, words: [0; WORDS as usize], touched: 0 }
    }

    /// The first document of the segment behind it.
    pub(crate) fn end(&self) -> DocId {
        (self.first * WORD + SPAN).saturating_sub(self.base)
    }

    /// Marks a document that lies in it.
    #[inline]
    pub(crate) fn mark(&mut self, doc: DocId) {
        let place = self.base + doc - self.first * WORD;
        // The remainder spares a check: a document that lies in the window has none.
        let word = place / WORD % WORDS;
        self.words[word as usize] |= 1 << (place % WORD);
        self.touched |= 1 << word;
    }

    /// The words in which something is marked, with their numbers among those of the whole index.
    pub(crate) fn words(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        of_word(0, self.touched).map(|word| (self.first + word, self.words[word as usize]))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn documents_are_those_of_the_set(sought in prop::collection::btree_set(0_u32..1000, 0..100)) {
            let mut set = Documents::none_of(1000);
            sought.iter().for_each(|document| set.insert(*document));
            prop_assert!(set.iter().eq(sought.iter().copied()));
            prop_assert!((0..1100).all(|document| set.contains(document) == sought.contains(&document)));
        }

        #[test]
        fn windows_hold_what_was_marked(base in 0_u32..20_000, docs in prop::collection::btree_set(0_u32..20_000, 1..200)) {
            let mut met = BTreeSet::new();
            let mut docs_left = docs.iter().copied().peekable();
            while let Some(doc) = docs_left.peek().copied() {
                let mut window = Window::around(base, doc);
                prop_assert!(doc < window.end());
                while let Some(doc) = docs_left.next_if(|doc| *doc < window.end()) {
                    window.mark(doc);
                }
                met.extend(window.words().flat_map(|(number, bits)| of_word(number, bits)));
            }
            prop_assert!(met.into_iter().eq(docs.into_iter().map(|doc| base + doc)));
        }

        #[test]
        fn bits_from_a_document_on(number in 0_u32..100, bits: u64, first in 0_u32..7_000) {
            let kept = of_word(number, from(number, bits, first)).collect::<Vec<_>>();
            prop_assert_eq!(kept, of_word(number, bits).filter(|document| *document >= first).collect::<Vec<_>>());
        }
    }
}
