//! What was typed after `actor:`, `topic:` or `given:`, resolved to facet paths.

use std::cell::{OnceCell, RefCell};

use super::facets;
use crate::codebook::{Codebook, Part};
use crate::error::{Error, Result};
use crate::index::Index;
use crate::meaning::{Coding, folded_words, is_at_or_below};

/// The codes of an index; loaded when one is first asked for, since most questions name none.
pub(crate) struct Codes<'a> {
    index: &'a Index,
    codebook: OnceCell<Option<Codebook>>,
    given: OnceCell<Vec<String>>,
    fault: RefCell<Option<Error>>,
}

impl<'a> Codes<'a> {
    pub(crate) fn new(index: &'a Index) -> Codes<'a> {
        Codes { index, codebook: OnceCell::new(), given: OnceCell::new(), fault: RefCell::new(None) }
    }

    /// An error that was met while resolving, if one was.
    pub(crate) fn fault(&self) -> Result<()> {
        self.fault.borrow_mut().take().map_or(Ok(()), Err)
    }

    /// The facet paths that `typed` means, or the names nearest to it.
    pub(crate) fn resolve(&self, coding: Coding, typed: &str) -> Result<Vec<String>, Vec<String>> {
        match coding {
            Coding::Given => self.given(typed),
            Coding::Actor | Coding::Topic => {
                let codebook = self.codebook.get_or_init(|| match self.index.codebook() {
                    Ok(codebook) => Some(codebook),
                    Err(error) => {
                        self.fault.replace(Some(error));
                        None
                    }
                });
                let Some(codebook) = codebook else { return Err(Vec::new()) };
                let kind = if coding == Coding::Actor { Part::Actors } else { Part::Topics };
                Ok(codebook.resolve(kind, typed)?.into_iter().map(|id| format!("/{id}")).collect())
            }
        }
    }

    /// Codes that sources gave are known from the index alone: a whole path, or the last part of some.
    fn given(&self, typed: &str) -> Result<Vec<String>, Vec<String>> {
        let paths = self.given.get_or_init(|| {
            facets::all_paths(self.index, "given").unwrap_or_else(|error| {
                self.fault.replace(Some(error));
                Vec::new()
            })
        });
        let whole = format!("/{}", typed.trim_start_matches('/'));
        if paths.contains(&whole) {
            return Ok(vec![whole]);
        }
        let sought = folded_words(typed);
        let last = |path: &str| folded_words(path.rsplit('/').next().unwrap_or_default());
        let found: Vec<String> = paths.iter().filter(|path| last(path) == sought).cloned().collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let near = paths.iter().filter(|path| {
            let name = last(path).join(" ");
            let sought = sought.join(" ");
            !sought.is_empty()
                && (name.starts_with(&sought) || sought.starts_with(&name))
                && !is_at_or_below(path, &whole)
        });
        Err(near.take(5).cloned().collect())
    }
}
