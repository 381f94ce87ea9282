//! What names and rules ask of words, numbered, so that each different word of a language is compared with it only once.

use hashbrown::HashMap;

use crate::text::{Entry, Shape, Slot};

/// Slots, each with a number from 0, found by the words that fill them.
#[derive(Debug, Default)]
pub(super) struct Slots {
    numbers: HashMap<Slot, u32>,
    /// By the stem's term.
    stems: HashMap<String, Vec<u32>>,
    /// By the folded form.
    forms: HashMap<String, Vec<(Slot, u32)>>,
    /// By the first letter of the folded form; none, if any letter may be the first.
    shapes: HashMap<Option<char>, Vec<(Shape, u32)>>,
}

impl Slots {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.numbers.len()
    }

    /// The number of a slot.
    pub(super) fn number(&mut self, slot: &Slot) -> u32 {
        let fresh = self.numbers.len() as u32;
        let number = *self.numbers.entry(slot.clone()).or_insert(fresh);
        if number != fresh {
            return number;
        }
        match slot {
            Slot::Stem(terms) => {
                terms.iter().for_each(|term| self.stems.entry(term.clone()).or_default().push(number));
            }
            Slot::Form { folded, .. } => {
                self.forms.entry(folded.clone()).or_default().push((slot.clone(), number));
            }
            Slot::Shape(shape) => {
                self.shapes.entry(shape.prefix().chars().next()).or_default().push((shape.clone(), number));
            }
        }
        number
    }

    /// The numbers of the slots that a word fills, ascending.
    pub(super) fn filled_by(&self, word: &Entry) -> Vec<u32> {
        let stems = word.stem_terms().filter_map(|term| self.stems.get(term)).flatten().copied();
        let forms = self.forms.get(word.folded()).into_iter().flatten();
        let forms = forms.filter(|(slot, _)| slot.accepts(word)).map(|(_, number)| *number);
        let shapes = [None, word.folded().chars().next()].into_iter().filter_map(|first| self.shapes.get(&first));
        let shapes = shapes.flatten().filter(|(shape, _)| shape.accepts(word)).map(|(_, number)| *number);
        let mut numbers: Vec<u32> = stems.chain(forms).chain(shapes).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}
