//! What a user typed after `actor:` or `topic:` to the ids it means.
//!
//! An id is taken at its word. Anything else is compared, without case and diacritics, with labels, names and the last
//! parts of ids, and may mean several things; what means nothing gets the ids that are spelled most like it.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{Codebook, Part};
use crate::text::{fold, words};

/// At most this many ids are offered for what means nothing.
const OFFERED: usize = 5;

impl Codebook {
    /// The ids that `typed` means, sorted: one where it is an id itself (`russia`, `/russia/government`), else all whose
    /// label, name or last part it is, those below another of them left out.
    ///
    /// An id stands for all below it, so that the parts above an entry are ids too, even where no entry has them.
    ///
    /// # Errors
    ///
    /// When it means nothing: at most five ids that are spelled nearly so, the nearest first.
    ///
    /// ```
    /// use nutgraf::codebook::{Codebook, Part};
    ///
    /// let book = Codebook::conflict();
    /// assert_eq!(book.resolve(Part::Actors, "State Duma"), Ok(vec!["russia/parliament"]));
    /// assert_eq!(book.resolve(Part::Actors, "Zelenzky"), Err(vec!["ukraine/government/volodymyr-zelensky".to_owned()]));
    /// ```
    pub fn resolve(&self, part: Part, typed: &str) -> Result<Vec<&str>, Vec<String>> {
        let ids = self.ids(part);
        let id = typed.trim().trim_matches('/').to_lowercase();
        if let Some(id) = ids.get(id.as_str()) {
            return Ok(vec![id]);
        }
        let sought = compared(typed);
        let mut found = BTreeSet::new();
        // A leading slash promises an id; a name would be a surprise.
        if !sought.is_empty() && !typed.trim_start().starts_with('/') {
            found.extend(self.called(part, &ids).filter(|(name, _)| *name == sought).map(|(_, id)| id));
        }
        if found.is_empty() {
            return Err(self.near(part, &ids, &sought));
        }
        let is_below_another = |id: &str| id.match_indices('/').any(|(slash, _)| found.contains(&id[..slash]));
        Ok(found.iter().copied().filter(|id| !is_below_another(id)).collect())
    }

    /// Every id and every path above one.
    fn ids(&self, part: Part) -> BTreeSet<&str> {
        let entries = self.entries(part).iter();
        entries
            .flat_map(|entry| {
                let above = entry.id.match_indices('/').map(|(slash, _)| &entry.id[..slash]);
                above.chain([entry.id.as_str()])
            })
            .collect()
    }

    /// What each id is called, as it is compared: its last part, its label, its names.
    fn called<'a>(&'a self, part: Part, ids: &BTreeSet<&'a str>) -> impl Iterator<Item = (String, &'a str)> {
        let last_parts: Vec<(String, &str)> =
            ids.iter().map(|id| (compared(id.rsplit('/').next().unwrap_or(id)), *id)).collect();
        let names = self.entries(part).iter().flat_map(|entry| {
            let names = entry.names.iter().flat_map(|(_, names)| names).map(|name| name.text.as_str());
            names.chain([entry.label.as_str()]).map(|name| (compared(name), entry.id.as_str()))
        });
        last_parts.into_iter().chain(names)
    }

    /// The ids that are called most like `sought`, or are spelled like it themselves.
    fn near(&self, part: Part, ids: &BTreeSet<&str>, sought: &str) -> Vec<String> {
        let sought: Vec<char> = sought.chars().collect();
        // A third of the letters: `puttin` is near `putin`, `mali` is not near `iran`.
        let most = (sought.len() / 3).max(1);
        let mut nearest: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, id) in self.called(part, ids).chain(ids.iter().map(|id| (compared(id), *id))) {
            let name: Vec<char> = name.chars().collect();
            // The difference in length is the least that it takes, and saves most of the work.
            if name.len().abs_diff(sought.len()) > most || sought.is_empty() {
                continue;
            }
            let steps = distance(&name, &sought);
            if steps <= most && nearest.get(id).is_none_or(|least| steps < *least) {
                nearest.insert(id, steps);
            }
        }
        let mut nearest: Vec<(usize, &str)> = nearest.into_iter().map(|(id, steps)| (steps, id)).collect();
        nearest.sort_unstable();
        nearest.into_iter().take(OFFERED).map(|(_, id)| id.to_owned()).collect()
    }
}

/// A name as it is compared: its words, folded, one space between them. Hyphens, dots and slashes do not count.
fn compared(name: &str) -> String {
    let words: Vec<String> = words(name).into_iter().map(|range| fold(&name[range]).replace('.', "")).collect();
    words.join(" ")
}

/// How many letters must be added, dropped, changed or swapped with their neighbour to make one word of the other, no
/// stretch being edited twice (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    // Three rows of the table are enough, since a swap looks back two.
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves() {
        let book = Codebook::conflict();
        for (part, typed, ids) in [
            (Part::Actors, "russia", &["russia"][..]),
            (Part::Actors, "/russia/government", &["russia/government"]),
            (Part::Actors, "Russia/Government/", &["russia/government"]),
            (Part::Actors, "putin", &["russia/government/vladimir-putin"]),
            (Part::Actors, "vladimir putin", &["russia/government/vladimir-putin"]),
            (Part::Actors, "Путин", &["russia/government/vladimir-putin"]),
            (Part::Actors, "zelensky", &["ukraine/government/volodymyr-zelensky"]),
            (Part::Actors, "ZELENSKYY", &["ukraine/government/volodymyr-zelensky"]),
            (Part::Actors, "Erdogan", &["turkey/government/recep-tayyip-erdogan"]),
            (Part::Actors, "turkiye", &["turkey"]),
            (Part::Actors, "US", &["united-states"]),
            (Part::Actors, "u.s.", &["united-states"]),
            (Part::Actors, "state-department", &["united-states/government/state-department"]),
            (Part::Actors, "idf", &["israel/military"]),
            (Part::Actors, "al shabaab", &["somalia/al-shabaab"]),
            (Part::Actors, "Houthis", &["yemen/houthis"]),
            (Part::Actors, "rutte", &["nato/secretary-general/mark-rutte", "netherlands/government/mark-rutte"]),
            (Part::Actors, "Security Council", &["un/security-council"]),
            (Part::Topics, "frozen assets", &["economy/sanctions/frozen-assets"]),
            (Part::Topics, "Eingefrorene Vermögenswerte", &["economy/sanctions/frozen-assets"]),
            (Part::Topics, "neutrality", &["security/neutrality"]),
            (Part::Topics, "security", &["security"]),
        ] {
            assert_eq!(book.resolve(part, typed), Ok(ids.to_vec()), "{typed}");
        }
        let military = book.resolve(Part::Actors, "military").expect("many");
        assert!(military.contains(&"russia/military") && military.contains(&"ukraine/military"), "{military:?}");
    }

    #[test]
    fn offers_what_is_near() {
        let book = Codebook::conflict();
        for (part, typed, nearest) in [
            (Part::Actors, "puttin", Some("russia/government/vladimir-putin")),
            (Part::Actors, "/russia/goverment", Some("russia/government")),
            (Part::Actors, "hisbolah", Some("lebanon/hezbollah")),
            (Part::Topics, "neutralty", Some("security/neutrality")),
            (Part::Topics, "putin", None),
            (Part::Actors, "", None),
            (Part::Actors, "/", None),
            (Part::Actors, "—", None),
            (Part::Actors, "quetzalcoatlus", None),
        ] {
            let near = book.resolve(part, typed).expect_err(typed);
            assert_eq!(near.first().map(String::as_str), nearest, "{typed}: {near:?}");
            assert!(near.len() <= OFFERED);
        }
        let near = book.resolve(Part::Actors, "/putin").expect_err("an id was promised");
        assert!(near.contains(&"russia/government/vladimir-putin".to_owned()), "{near:?}");
    }

    #[test]
    fn paths_above_an_entry_are_ids() {
        let entry = super::super::Entry { id: "rivers/danube/commission".into(), ..Default::default() };
        let book = Codebook { actors: vec![entry], ..Codebook::default() };
        assert_eq!(book.resolve(Part::Actors, "rivers/danube"), Ok(vec!["rivers/danube"]));
        assert_eq!(book.resolve(Part::Actors, "danube"), Ok(vec!["rivers/danube"]));
    }

    #[test]
    fn distances() {
        for (a, b, steps) in [
            ("", "", 0),
            ("", "abc", 3),
            ("putin", "puttin", 1),
            ("kyiv", "kiyv", 1),
            ("iran", "iraq", 1),
            ("ca", "abc", 3),
        ] {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            assert_eq!((distance(&a, &b), distance(&b, &a)), (steps, steps));
        }
    }
}
