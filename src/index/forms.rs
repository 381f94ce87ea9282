//! The forms of words that an index holds, looked up by their shape.

use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashSet;
use tantivy::Term;

use super::open::Index;
use super::schema::SENTENCE;
use crate::error::Result;
use crate::text::{Shape, folded_of};

/// The forms that a shape stands for.
#[derive(Debug)]
pub(crate) struct Forms {
    /// The terms of the field of forms, ascending; all of them, if there are not too many forms.
    pub(crate) terms: Vec<Term>,
    /// How many different folded forms they have, counted as far as one more than was asked for.
    pub(crate) folded: u64,
}

/// The shapes looked up last: a question asks for each several times, and the next question often for the same.
#[derive(Default)]
pub(super) struct Looked(Mutex<Vec<(Shape, Arc<Forms>)>>);

/// How many shapes are remembered.
const REMEMBERED: usize = 16;

impl Index {
    /// The forms of a shape; no more of them are looked up once there are more than `most` different ones.
    pub(crate) fn forms(&self, shape: &Shape, most: u64) -> Result<Arc<Forms>> {
        let lock = || self.looked.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, forms)) = lock().iter().find(|(known, _)| known == shape) {
            return Ok(Arc::clone(forms));
        }
        let forms = Arc::new(self.forms_of(shape, most)?);
        let mut looked = lock();
        if looked.len() == REMEMBERED {
            looked.remove(0);
        }
        looked.push((shape.clone(), Arc::clone(&forms)));
        Ok(forms)
    }

    fn forms_of(&self, shape: &Shape, most: u64) -> Result<Forms> {
        let (prefix, lengths) = (shape.prefix(), shape.lengths());
        let mut terms = Vec::new();
        let mut folded: HashSet<String> = HashSet::new();
        'segments: for segment in self.segments() {
            let inverted = self.inverted(segment, self.fields.forms)?;
            let stream = inverted.terms().range().ge(prefix.as_bytes()).into_stream();
            let mut stream = stream.map_err(|error| self.damaged(&error.to_string()))?;
            while stream.advance() {
                let key = stream.key();
                if !key.starts_with(prefix.as_bytes()) {
                    break;
                }
                let end = key.iter().position(|byte| *byte == 0).unwrap_or(key.len());
                if !lengths.contains(&end) || key == SENTENCE.as_bytes() {
                    continue;
                }
                let term = std::str::from_utf8(key).unwrap_or_default();
                if shape.accepts_term(term) {
                    let form = Term::from_field_text(self.fields.forms, term);
                    if !self.is_used(segment, &form)? {
                        continue;
                    }
                    terms.push(form);
                    if !folded.contains(folded_of(term)) {
                        folded.insert(folded_of(term).to_owned());
                    }
                    if folded.len() as u64 > most {
                        break 'segments;
                    }
                }
            }
        }
        terms.sort_unstable();
        terms.dedup();
        Ok(Forms { terms, folded: folded.len() as u64 })
    }
}
