//! A codebook as plain data: its entries, how it is read from TOML and laid over another.
//!
//! What does not hold together is refused with its line; nothing is corrected in silence. Nothing here looks at a text.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::written;
use crate::article::PubDate;
use crate::error::{Error, Result};
use crate::text::Lang;

/// Actors and topics with their names.
///
/// ```
/// use std::path::Path;
/// use nutgraf::codebook::{Codebook, Part};
///
/// let text = r#"
/// name = "rivers"
/// version = "1"
///
/// [[actor]]
/// id = "danube-commission"
/// label = "Danube Commission"
/// names.any = ["Danube Commission", { name = "DC", with = ["Danube"] }]
/// names.de = ["Donaukommission"]
/// "#;
/// let rivers = Codebook::read(text, Path::new("rivers.toml"))?;
/// assert_eq!(rivers.actors[0].facet(), "/danube-commission");
///
/// let both = Codebook::conflict().overlay(rivers);
/// assert_eq!(both.name, "conflict+rivers");
/// assert_eq!(both.resolve(Part::Actors, "Donaukommission"), Ok(vec!["danube-commission"]));
/// assert_eq!(both.resolve(Part::Actors, "Putin"), Ok(vec!["russia/government/vladimir-putin"]));
/// # Ok::<(), nutgraf::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Codebook {
    /// What it is called; those laid over one another are joined by `+`.
    pub name: String,
    /// Its version, joined likewise.
    pub version: String,
    /// Who: in the order of the file, with unique ids.
    pub actors: Vec<Entry>,
    /// What about: likewise.
    pub topics: Vec<Entry>,
}

/// One of the two lists of a codebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The actors.
    Actors,
    /// The topics.
    Topics,
}

/// An actor or a topic.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entry {
    /// The path, such as `russia/government`: parts of `a-z`, `0-9` and `-`.
    pub id: String,
    /// What people read, such as `Government of Russia`.
    pub label: String,
    /// The names that count in texts of any language (none) and in those of one; empty for an entry that only heads others.
    pub names: Vec<ByLang<Name>>,
    /// Queries of which one must match a paragraph that is coded without a name, by language likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<ByLang<String>>,
    /// Queries that must not match a paragraph that is coded, by language likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not: Vec<ByLang<String>>,
    /// The names count only for articles of this date or later.
    pub from: Option<PubDate>,
    /// The names count only for articles of this date or earlier.
    pub until: Option<PubDate>,
    /// Identifiers elsewhere: `wikidata`, `iso3`, `cow`, `cameo`, `ucdp`.
    pub ids: BTreeMap<String, String>,
}

/// What counts in texts of one language, or of any.
pub type ByLang<T> = (Option<Lang>, Vec<T>);

/// How a text may name an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Name {
    /// The words of the name; never without one.
    pub text: String,
    /// Whether the text must have the name's own case; so it is for a name in capitals alone unless the file says otherwise.
    pub case: bool,
    /// Words or phrases of which none may overlap the name or stand directly beside it.
    pub unless: Vec<String>,
    /// Words or phrases of which at least one must stand in the same paragraph, if there are any.
    pub with: Vec<String>,
}

/// The files of the built-in codebook, which are one when they stand behind each other.
const CONFLICT: [&str; 9] = [
    include_str!("conflict/head.toml"),
    include_str!("conflict/russia-and-its-neighbours.toml"),
    include_str!("conflict/europe-and-north-america.toml"),
    include_str!("conflict/middle-east-and-north-africa.toml"),
    include_str!("conflict/africa.toml"),
    include_str!("conflict/asia-and-the-pacific.toml"),
    include_str!("conflict/latin-america.toml"),
    include_str!("conflict/organisations.toml"),
    include_str!("conflict/topics.toml"),
];

impl Codebook {
    /// The codebook that is compiled into the program.
    pub fn conflict() -> Codebook {
        Codebook::read(&CONFLICT.concat(), Path::new("conflict.toml")).expect("a test reads the built-in codebook")
    }

    /// Reads a codebook from the TOML text of the file at `path`, which is only named in errors.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] with the line for what is no TOML, for keys that a codebook does not have, ids that are no path or
    /// not unique, names without a word or given twice, and dates or identifiers that are none.
    pub fn read(text: &str, path: &Path) -> Result<Codebook> {
        written::read(text).map_err(|fault| {
            let before = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() as u64;
            Error::Input { path: path.to_path_buf(), line: fault.at.map(|at| before(at) + 1), what: fault.what }
        })
    }

    /// Reads the codebook file at `path`.
    ///
    /// # Errors
    ///
    /// As [`Codebook::read`], and [`Error::Io`] when the file cannot be read or is not UTF-8.
    pub fn open(path: &Path) -> Result<Codebook> {
        let text = std::fs::read_to_string(path).map_err(Error::io(path, "reading the codebook"))?;
        Codebook::read(&text, path)
    }

    /// This codebook with another laid over it: entries of the same id are replaced where they stand, others added behind.
    #[must_use]
    pub fn overlay(self, other: Codebook) -> Codebook {
        Codebook {
            name: format!("{}+{}", self.name, other.name),
            version: format!("{}+{}", self.version, other.version),
            actors: overlaid(self.actors, other.actors),
            topics: overlaid(self.topics, other.topics),
        }
    }

    /// The entries of one of the two lists.
    pub fn entries(&self, part: Part) -> &[Entry] {
        match part {
            Part::Actors => &self.actors,
            Part::Topics => &self.topics,
        }
    }
}

impl Entry {
    /// The facet path: `/` and the id.
    pub fn facet(&self) -> String {
        format!("/{}", self.id)
    }
}

fn overlaid(mut below: Vec<Entry>, above: Vec<Entry>) -> Vec<Entry> {
    let places: HashMap<String, usize> = below.iter().enumerate().map(|(at, entry)| (entry.id.clone(), at)).collect();
    for entry in above {
        match places.get(&entry.id) {
            Some(at) => below[*at] = entry,
            None => below.push(entry),
        }
    }
    below
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::text::fold;

    fn read(text: &str) -> Result<Codebook> {
        Codebook::read(text, Path::new("book.toml"))
    }

    #[test]
    fn the_built_in_codebook_holds_together() {
        let book = Codebook::conflict();
        assert_eq!(book.name, "conflict");
        assert!(book.actors.len() >= 200, "{} actors", book.actors.len());
        assert!(book.topics.len() >= 50, "{} topics", book.topics.len());
        for part in [Part::Actors, Part::Topics] {
            let ids: BTreeSet<&str> = book.entries(part).iter().map(|entry| entry.id.as_str()).collect();
            assert_eq!(ids.len(), book.entries(part).len());
            for id in &ids {
                if let Some((above, _)) = id.rsplit_once('/') {
                    assert!(ids.contains(above), "{id} hangs in the air: there is no {above}");
                }
            }
        }
    }

    /// The member states of the United Nations by their codes of ISO 3166.
    const MEMBERS: &str = "\
        AFG ALB DZA AND AGO ATG ARG ARM AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BTN BOL BIH BWA BRA BRN BGR BFA \
        BDI CPV KHM CMR CAN CAF TCD CHL CHN COL COM COG CRI CIV HRV CUB CYP CZE PRK COD DNK DJI DMA DOM ECU EGY SLV \
        GNQ ERI EST SWZ ETH FJI FIN FRA GAB GMB GEO DEU GHA GRC GRD GTM GIN GNB GUY HTI HND HUN ISL IND IDN IRN IRQ \
        IRL ISR ITA JAM JPN JOR KAZ KEN KIR KWT KGZ LAO LVA LBN LSO LBR LBY LIE LTU LUX MDG MWI MYS MDV MLI MLT MHL \
        MRT MUS MEX FSM MCO MNG MNE MAR MOZ MMR NAM NRU NPL NLD NZL NIC NER NGA MKD NOR OMN PAK PLW PAN PNG PRY PER \
        PHL POL PRT QAT KOR MDA ROU RUS RWA KNA LCA VCT WSM SMR STP SAU SEN SRB SYC SLE SGP SVK SVN SLB SOM ZAF SSD \
        ESP LKA SDN SUR SWE CHE SYR TJK TZA THA TLS TGO TON TTO TUN TUR TKM TUV UGA UKR ARE GBR USA URY UZB VUT VEN \
        VNM YEM ZMB ZWE";

    #[test]
    fn every_member_of_the_united_nations_is_an_actor() {
        let book = Codebook::conflict();
        let states = book.actors.iter().filter(|entry| !entry.id.contains('/') && !entry.names.is_empty());
        let coded: BTreeSet<&str> = states.filter_map(|entry| entry.ids.get("iso3")).map(String::as_str).collect();
        let missing: Vec<&str> = MEMBERS.split(' ').filter(|member| !coded.contains(member)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    /// Two entries may share a name only where a rule, the dates or the languages keep them apart.
    #[test]
    fn no_name_of_the_built_in_codebook_means_two_things() {
        type Use<'a> = (&'a Entry, Option<Lang>, &'a Name);
        let book = Codebook::conflict();
        let mut offenders = Vec::new();
        for part in [Part::Actors, Part::Topics] {
            let mut named: HashMap<String, Vec<Use<'_>>> = HashMap::new();
            for entry in book.entries(part) {
                for (lang, names) in &entry.names {
                    for name in names {
                        named.entry(fold(&name.text)).or_default().push((entry, *lang, name));
                    }
                }
            }
            for (text, uses) in &named {
                for (at, (one, lang, name)) in uses.iter().enumerate() {
                    for (other, other_lang, other_name) in &uses[at + 1..] {
                        let ruled = |name: &Name| !name.unless.is_empty() || !name.with.is_empty();
                        let after =
                            |a: &Entry, b: &Entry| a.from.zip(b.until).is_some_and(|(from, until)| from > until);
                        let apart = lang.zip(*other_lang).is_some_and(|(a, b)| a != b)
                            || (ruled(name) && ruled(other_name))
                            || after(one, other)
                            || after(other, one);
                        if one.id != other.id && !apart {
                            offenders.push(format!("{text}: {} and {}", one.id, other.id));
                        }
                    }
                }
            }
        }
        offenders.sort();
        assert!(offenders.is_empty(), "{}", offenders.join("\n"));
    }

    #[test]
    fn reads_every_key() {
        let book = read(
            r#"name = "b"
               version = "2"
               [[actor]]
               id = "a-1/b"
               label = "A, B"
               names.any = ["Anna", "UN", { name = "Jordan", case = true, unless = ["Michael Jordan"], with = ["river"] }]
               names.ru = ["Анна"]
               from = "1999-08"
               until = "2003"
               wikidata = "Q1"
               iso3 = "ABC"
               cow = "2"
               [[topic]]
               id = "t"
               label = "T"
               names = [{ name = "UN", case = false }]
               [[topic]]
               id = "t/u"
               label = "only a heading""#,
        )
        .expect("a codebook");
        let [actor] = book.actors.as_slice() else { panic!("{:?}", book.actors) };
        let (any, ru) = (&actor.names[0], &actor.names[1]);
        assert_eq!((any.0, ru.0), (None, Some("ru".parse().expect("a language"))));
        assert_eq!(any.1.iter().map(|name| name.case).collect::<Vec<_>>(), [false, true, true]);
        assert_eq!(
            (any.1[2].unless.as_slice(), any.1[2].with.as_slice()),
            (&["Michael Jordan".into()][..], &["river".into()][..])
        );
        assert_eq!(
            (actor.from.map(PubDate::digits), actor.until.map(PubDate::digits)),
            (Some(19_990_800), Some(20_030_000))
        );
        assert_eq!(actor.ids.keys().collect::<Vec<_>>(), ["cow", "iso3", "wikidata"]);
        assert!(!book.topics[0].names[0].1[0].case);
        assert_eq!(book.topics[1].names, []);
        assert_eq!(actor.facet(), "/a-1/b");
    }

    #[test]
    fn errors_carry_their_line() {
        // Line 1 is the name, line 2 the version, line 3 `[[actor]]`, line 4 the id, line 5 the label.
        let head = "name = \"b\"\nversion = \"1\"\n[[actor]]\nid = \"a\"\nlabel = \"A\"\n";
        let then = |rest: &str| format!("{head}{rest}");
        for (text, line, what) in [
            ("name = \"b\"\nversion = 1\n".to_owned(), 2, "invalid type"),
            ("name = \"b\"\nversion = \"1\"\nnmae = \"c\"".to_owned(), 3, "unknown field"),
            ("name = \" \"\nversion = \"1\"".to_owned(), 1, "is empty"),
            (then("names = [\"A\"\n\n[[topic]]\n"), 8, "array"),
            (then("anny = [\"frozen\"]"), 6, "unknown field"),
            (then("any = [\n\"frozen W/\"]"), 7, "column 8"),
            (then("any = [\n\"date:2022\"]"), 7, "asks for something else"),
            (then("any = [\n\"(NOT frozen)\"]"), 7, "NOT alone"),
            (then("any = [\n\"ARTICLE(frozen)\"]"), 7, "not the article"),
            (then("not.russian = [\n\"frozen\"]"), 6, "language"),
            (then("names = [\n\"A\",\n\"!?\"]"), 8, "holds no word"),
            (then("names = [\n\"Anna\",\n\"anna\"]"), 8, "twice"),
            (then("names.any = [\"Anna\"]\nnames.ru = [\"Anna\"]"), 7, "twice"),
            (then("names.any = [\"Anna\"]\nnames.russian = [\"Anna\"]"), 7, "language"),
            (then("names = [\n{ name = \"A\", unles = [\"B\"] }]"), 7, "unknown field"),
            (then("names = [\n{ name = \"A\",\n unless = [\"\"] }]"), 8, "holds no word"),
            (then("names = [\n5]"), 7, "a name"),
            (then("names = [\n{ case = true }]"), 7, "missing field"),
            (then("from = \"2003-02-30\""), 6, "a date is written"),
            (then("from = \"2003\"\nuntil = \"2002-12-31\""), 7, "before"),
            (then("wikidata = \"7747\""), 6, "wikidata"),
            (then("iso3 = \"Rus\""), 6, "iso3"),
            (then("[[actor]]\nid = \"a\"\nlabel = \"B\""), 7, "two actors"),
            (then("[[actor]]\nid = \"a/\"\nlabel = \"B\""), 7, "path"),
            (then("[[actor]]\nid = \"Russia\"\nlabel = \"B\""), 7, "path"),
            (then("[[topic]]\nid = \"b\""), 6, "missing field"),
        ] {
            match read(&text) {
                Err(Error::Input { path, line: at, what: said }) => {
                    assert_eq!((path.to_str(), at), (Some("book.toml"), Some(line)), "{text}\n{said}");
                    assert!(said.contains(what), "{text}\n{said}");
                    assert!(!said.contains('\n') && !said.ends_with('.'), "{said}");
                }
                other => panic!("{text}\n{other:?}"),
            }
        }
    }

    #[test]
    fn overlay_replaces_and_adds() {
        let entry = |id: &str, label: &str| Entry { id: id.into(), label: label.into(), ..Entry::default() };
        let book = |name: &str, actors: &[Entry]| Codebook {
            name: name.into(),
            version: "1".into(),
            actors: actors.to_vec(),
            topics: Vec::new(),
        };
        let below = book("below", &[entry("a", "A"), entry("b", "B")]);
        let above = book("above", &[entry("c", "C"), entry("a", "other")]);
        let both = below.overlay(above);
        assert_eq!((both.name.as_str(), both.version.as_str()), ("below+above", "1+1"));
        assert_eq!(both.actors, [entry("a", "other"), entry("b", "B"), entry("c", "C")]);
    }

    #[test]
    fn json_keeps_it_whole() {
        let book = Codebook::conflict();
        let json = serde_json::to_string(&book).expect("a codebook is valid JSON");
        assert_eq!(serde_json::from_str::<Codebook>(&json).expect("the same"), book);
    }
}
