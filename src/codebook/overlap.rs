//! Names that stand for several entries of a codebook.

use std::collections::BTreeMap;

use super::file::{Codebook, Entry, Part};
use crate::text::{Lang, folded_words};

/// A name that stands for several entries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Overlap {
    /// The name, as it is written first.
    pub name: String,
    /// Their facet paths, in the order of the file.
    pub paths: Vec<String>,
}

impl Codebook {
    /// The names that stand for several actors or several topics in one language, at one time, without a rule that could
    /// tell them apart; by name.
    pub fn overlaps(&self) -> Vec<Overlap> {
        let mut overlaps: Vec<Overlap> =
            [Part::Actors, Part::Topics].into_iter().flat_map(|part| overlaps_of(self.entries(part))).collect();
        overlaps.sort();
        overlaps
    }
}

fn overlaps_of(entries: &[Entry]) -> Vec<Overlap> {
    type Use<'a> = (&'a Entry, Option<Lang>, &'a str);
    let mut uses: BTreeMap<(Vec<String>, bool), Vec<Use<'_>>> = BTreeMap::new();
    for entry in entries {
        for (lang, names) in &entry.names {
            let plain = names.iter().filter(|name| name.unless.is_empty() && name.with.is_empty());
            for name in plain {
                uses.entry((folded_words(&name.text), name.case)).or_default().push((entry, *lang, &name.text));
            }
        }
    }
    let mut overlaps = Vec::new();
    for uses in uses.into_values() {
        let meets = |(one, lang, _): &Use<'_>, (other, other_lang, _): &Use<'_>| {
            let langs = lang.is_none() || other_lang.is_none() || lang == other_lang;
            let begins_before = |one: &Entry, other: &Entry| match (one.from, other.until) {
                (Some(from), Some(until)) => from.first_day() <= until.last_day(),
                _ => true,
            };
            one.id != other.id && langs && begins_before(one, other) && begins_before(other, one)
        };
        let meeting = uses.iter().filter(|one| uses.iter().any(|other| meets(one, other)));
        let mut paths: Vec<String> = meeting.map(|(entry, ..)| entry.facet()).collect();
        paths.dedup();
        if paths.len() > 1 {
            overlaps.push(Overlap { name: uses[0].2.to_owned(), paths });
        }
    }
    overlaps
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn names_overlap_in_a_language_and_at_a_time() {
        let book = |rest: &str| {
            let text = format!(
                "name = \"a\"\nversion = \"1\"\n[[actor]]\nid = \"a\"\nlabel = \"A\"\nnames.any = [\"Congo\"]\nuntil = \"1990\"\n[[actor]]\nid = \"b\"\nlabel = \"B\"\n{rest}"
            );
            Codebook::read(&text, Path::new("book.toml")).expect("a codebook")
        };
        let both = [Overlap { name: "Congo".to_owned(), paths: vec!["/a".to_owned(), "/b".to_owned()] }];
        assert_eq!(book("names = [\"congo\"]").overlaps(), both);
        assert_eq!(book("names.fr = [\"Congo\"]").overlaps(), both);
        assert_eq!(book("names = [\"Congo\"]\nfrom = \"1991\"").overlaps(), []);
        assert_eq!(book("names = [{ name = \"Congo\", with = [\"Brazzaville\"] }]").overlaps(), []);
        assert_eq!(book("names = [\"Congolese\"]").overlaps(), []);
    }
}
