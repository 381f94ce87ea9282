//! Two texts -> the words that one has and the other has not, in the order of reading.
//!
//! Words and marks of punctuation are what is compared; white space goes with the words around it, so that several
//! changed words in a row are one change, and it differs only where words on both sides stay. What is deleted and what
//! stays is the first text, byte for byte; what is inserted and what stays, the second.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

use super::answer::{Change, Edit};

/// What makes `new` of `old`. A deletion stands before the insertion that takes its place.
pub(super) fn changes(old: &str, new: &str) -> Vec<Change> {
    let (old_words, new_words) = (words(old), words(new));
    let old_texts: Vec<&str> = old_words.iter().map(|word| &old[word.clone()]).collect();
    let new_texts: Vec<&str> = new_words.iter().map(|word| &new[word.clone()]).collect();
    let ops = capture_diff_slices(Algorithm::Patience, &old_texts, &new_texts);
    let mut changes = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    for op in ops {
        let DiffOp::Equal { old_index, new_index, len } = op else { continue };
        for (old_word, new_word) in old_words[old_index..old_index + len].iter().zip(&new_words[new_index..]) {
            between(&old[old_at..old_word.start], &new[new_at..new_word.start], &mut changes);
            push(Edit::Equal, &old[old_word.clone()], &mut changes);
            (old_at, new_at) = (old_word.end, new_word.end);
        }
    }
    between(&old[old_at..], &new[new_at..], &mut changes);
    changes
}

/// The words and marks of punctuation of a text.
fn words(text: &str) -> Vec<Range<usize>> {
    let pieces = text.split_word_bound_indices().filter(|(_, piece)| !piece.trim().is_empty());
    pieces.map(|(start, piece)| start..start + piece.len()).collect()
}

/// Adds what stands between two words that stay: white space that both have at an end is no part of the change.
fn between(old: &str, new: &str, changes: &mut Vec<Change>) {
    let both = |(one, other): &(char, char)| one == other && one.is_whitespace();
    let length = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(both).map(|(c, _)| c.len_utf8()).sum()
    };
    let front = length(&mut old.chars().zip(new.chars()));
    push(Edit::Equal, &old[..front], changes);
    let (old, new) = (&old[front..], &new[front..]);
    let back = length(&mut old.chars().rev().zip(new.chars().rev()));
    push(Edit::Delete, &old[..old.len() - back], changes);
    push(Edit::Insert, &new[..new.len() - back], changes);
    push(Edit::Equal, &old[old.len() - back..], changes);
}

/// Adds a stretch, to the last one if that is of its kind.
fn push(edit: Edit, text: &str, changes: &mut Vec<Change>) {
    match changes.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.edit == edit => last.text.push_str(text),
        _ => changes.push(Change { edit, text: text.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The changes as `git diff --word-diff=plain` writes them.
    fn written(old: &str, new: &str) -> String {
        let write = |change: Change| match change.edit {
            Edit::Equal => change.text,
            Edit::Delete => format!("[-{}-]", change.text),
            Edit::Insert => format!("{{+{}+}}", change.text),
        };
        changes(old, new).into_iter().map(write).collect()
    }

    #[test]
    fn changes_read_well() {
        for (old, new, expected) in [
            ("", "", ""),
            ("the same", "the same", "the same"),
            ("", "all new", "{+all new+}"),
            ("The bank froze 300 billion.", "The bank froze 250 billion.", "The bank froze [-300-]{+250+} billion."),
            ("The big bank", "The bank", "The [-big -]bank"),
            ("The bank", "The big old bank", "The {+big old +}bank"),
            (
                "It froze the assets today",
                "It seized these funds today",
                "It [-froze the assets-]{+seized these funds+} today",
            ),
            ("the bank, it says", "the bank it says", "the bank[-,-] it says"),
            ("It ended.", "It ended. Nothing more.", "It ended.{+ Nothing more.+}"),
            ("KYIV (Wire) - The bank", "The bank", "[-KYIV (Wire) - -]The bank"),
            ("one  two", "one two", "one [- -]two"),
            ("3,000 euros", "3.000 euros", "[-3,000-]{+3.000+} euros"),
            ("Bank", "bank", "[-Bank-]{+bank+}"),
            ("制裁资产", "制裁了资产", "制裁{+了+}资产"),
        ] {
            assert_eq!(written(old, new), expected, "{old} / {new}");
        }
    }

    proptest! {
        #[test]
        fn both_texts_come_back(
            (old, new) in prop_oneof![
                (any::<String>(), any::<String>()),
                ("[ab .,\u{301}\u{a0}\n\r\t]{0,40}", "[ab .,\u{301}\u{a0}\n\r\t]{0,40}"),
                ("([a-d] ?){0,40}", "([a-d] ?){0,40}"),
            ]
        ) {
            let changes = changes(&old, &new);
            let without = |edit: Edit| -> String {
                changes.iter().filter(|change| change.edit != edit).map(|change| change.text.as_str()).collect()
            };
            prop_assert_eq!(without(Edit::Insert), &*old);
            prop_assert_eq!(without(Edit::Delete), &*new);
            prop_assert!(changes.iter().all(|change| !change.text.is_empty()));
            for pair in changes.windows(2) {
                prop_assert!(pair[0].edit != pair[1].edit);
                prop_assert!((pair[0].edit, pair[1].edit) != (Edit::Insert, Edit::Delete));
            }
            prop_assert_eq!(changes.iter().all(|change| change.edit == Edit::Equal), old == new);
        }
    }
}
