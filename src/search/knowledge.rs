//! What an index knows that a question may ask for: codes, the forms of words, and what a paragraph is like.

use std::cell::{OnceCell, RefCell};

use hashbrown::HashSet;
use tantivy::Term;

use super::facets;
use super::hits::locate;
use super::paragraph::group_of;
use crate::codebook::Part;
use crate::error::{Error, Result};
use crate::index::Index;
use crate::meaning::{Coding, Knowledge, Likeness, MOST_FORMS, is_at_or_below};
use crate::text::{Analyzer, Lang, Shape, folded_words};

/// The knowledge of an index; what is dear to load is loaded when it is first asked for.
pub(crate) struct Known<'a> {
    index: &'a Index,
    langs: Vec<Lang>,
    given: OnceCell<Vec<String>>,
    fault: RefCell<Option<Error>>,
}

impl<'a> Known<'a> {
    pub(crate) fn new(index: &'a Index) -> Known<'a> {
        Known { index, langs: index.langs(), given: OnceCell::new(), fault: RefCell::new(None) }
    }

    /// An error that was met while resolving, if one was.
    pub(crate) fn fault(&self) -> Result<()> {
        self.fault.borrow_mut().take().map_or(Ok(()), Err)
    }

    /// What was found, or nothing and a fault.
    fn or_fault<T: Default>(&self, found: Result<T>) -> T {
        found.unwrap_or_else(|error| {
            self.fault.replace(Some(error));
            T::default()
        })
    }

    /// Codes that sources gave are known from the index alone: a whole path, or the last part of some.
    fn given(&self, typed: &str) -> Result<Vec<String>, Vec<String>> {
        let paths = self.given.get_or_init(|| self.or_fault(facets::all_paths(self.index, "given")));
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

    /// The words that tell most about a paragraph: its rarest, but none that stands nowhere else.
    fn telling_words(&self, text: &str, lang: Lang) -> Result<Vec<String>> {
        /// How many words of a paragraph are compared.
        const MOST_WORDS: usize = 20;
        let mut analyzer = Analyzer::default();
        let analysis = analyzer.analyze(text, lang);
        let mut met = HashSet::new();
        let mut words = Vec::new();
        for token in analysis.tokens() {
            let stem = analysis.entry(token).stem_terms().next().unwrap_or_default();
            if !met.insert(stem) {
                continue;
            }
            let term = Term::from_field_text(self.index.fields.stems, stem);
            let found = self.index.frequency(&self.index.look_up(&term)?)?;
            if found > 1 {
                words.push((found, words.len(), text[token.range()].to_owned()));
            }
        }
        words.sort();
        Ok(words.into_iter().take(MOST_WORDS).map(|(_, _, word)| word).collect())
    }

    fn likeness_of(&self, document: u32) -> Result<Likeness> {
        let table = &self.index.table;
        let text = self.index.text(document)?;
        let lang = self.langs.get(table.lang(table.article(document)) as usize).copied().unwrap_or(Lang::UNKNOWN);
        let words = self.telling_words(&text, lang)?;
        Ok(Likeness { lang, words, group: group_of(self.index, document)? })
    }
}

impl Knowledge for Known<'_> {
    fn langs(&self) -> &[Lang] {
        &self.langs
    }

    fn codes(&self, coding: Coding, typed: &str) -> Result<Vec<String>, Vec<String>> {
        match coding {
            Coding::Given => self.given(typed),
            Coding::Actor | Coding::Topic => {
                let Some(codebook) = self.or_fault(self.index.codebook().map(Some)) else { return Err(Vec::new()) };
                let kind = if coding == Coding::Actor { Part::Actors } else { Part::Topics };
                Ok(codebook.resolve(kind, typed)?.into_iter().map(|id| format!("/{id}")).collect())
            }
        }
    }

    fn forms(&self, shape: &Shape) -> u64 {
        self.or_fault(self.index.forms(shape, MOST_FORMS).map(|forms| forms.folded))
    }

    fn likeness(&self, reference: &str) -> Option<Likeness> {
        let (_, document) = locate(self.index, reference).ok()?;
        let document = document?;
        self.or_fault(self.likeness_of(document).map(Some))
    }
}
