//! Groups against their definition, compared pair by pair.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use proptest::prelude::*;

use super::edges::least_agreement;
use super::grams::Comparison;
use super::near::SHORT_BAR;
use super::signature::{BANDS, agreement};
use super::versions::{REACH, sort_bucket};
use super::*;

const BAR: u16 = 5_000;

/// Versions of some texts, in memory.
struct Held {
    bytes: Vec<u8>,
    normals: Vec<Normal>,
}

impl Held {
    fn of<'a>(texts: impl IntoIterator<Item = &'a String>) -> Held {
        let normals = texts.into_iter().map(|text| Normal::of(text)).filter(Normal::is_long);
        let by_fingerprint: BTreeMap<u128, Normal> = normals.map(|normal| (normal.fingerprint(), normal)).collect();
        let mut sketcher = Sketcher::default();
        let mut bytes: Vec<u8> = by_fingerprint.keys().flat_map(|print| print.to_le_bytes()).collect();
        by_fingerprint.values().for_each(|normal| bytes.extend(sketcher.sketch(normal.text())));
        Held { bytes, normals: by_fingerprint.into_values().collect() }
    }

    fn versions(&self) -> Versions<'_> {
        // Three runs have each version, and it lives in one of them.
        let runs = vec![Run::of(&self.bytes).expect("whole entries"); 3];
        Versions::of(runs, |run, entry| entry % 3 == run as u32).expect("each version once")
    }

    fn edges(&self, threads: usize) -> Vec<Edge> {
        edges(&self.versions(), BAR, self, threads).expect("nothing is read")
    }

    /// The edges by their definition.
    fn plain_edges(&self) -> Vec<Edge> {
        let versions = self.versions();
        let count = versions.count();
        let mut support = BTreeMap::new();
        for band in 0..BANDS {
            let keys: BTreeSet<u64> = (0..count).map(|version| versions.band(version, band)).collect();
            for key in keys {
                let mut bucket: Vec<u32> = (0..count).filter(|version| versions.band(*version, band) == key).collect();
                sort_bucket(band, &mut bucket, |version| versions.signature(version));
                for (place, one) in bucket.iter().enumerate() {
                    for (other_place, other) in bucket.iter().enumerate() {
                        if one < other && place.abs_diff(other_place) <= REACH {
                            *support.entry((*one, *other)).or_insert(0) += 1;
                        }
                    }
                }
            }
        }
        let mut comparison = Comparison::default();
        let mut edges = Vec::new();
        for ((a, b), support) in support {
            comparison.with(self.normals[a as usize].text());
            let near = comparison.near(self.normals[b as usize].text(), BAR, SHORT_BAR);
            if let Some(similarity) = near
                && agreement(versions.signature(a), versions.signature(b)) >= least_agreement(BAR)
            {
                edges.push(Edge { a, b, similarity, support });
            }
        }
        edges
    }

    fn groups(&self) -> Vec<(u128, u128)> {
        let versions = self.versions();
        let groups = groups(&versions, &self.edges(1), BAR);
        groups.into_iter().map(|(a, b)| (versions.fingerprint(a), versions.fingerprint(b))).collect()
    }
}

impl Texts for Held {
    type Error = Infallible;

    fn normal(&self, version: u32) -> Result<Cow<'_, str>, Infallible> {
        Ok(Cow::Borrowed(self.normals[version as usize].text()))
    }
}

/// The edges after a change, from those before it.
fn changed(before: &Held, edges: &[Edge], after: &Held, threads: usize) -> Vec<Edge> {
    let before = Before { versions: &before.versions(), edges };
    changed_edges(before, &after.versions(), BAR, after, threads).expect("nothing is read")
}

/// Groups by their definition: reachable by edges, then tightened, each step as the text of the definition has it.
fn plain_groups(held: &Held, edges: &[Edge], members: &BTreeSet<u32>, bar: u16) -> BTreeSet<BTreeSet<u32>> {
    let mut groups = BTreeSet::new();
    let mut left = members.clone();
    while let Some(first) = left.pop_first() {
        let mut component = BTreeSet::from([first]);
        loop {
            let joins = |edge: &&Edge| component.contains(&edge.a) != component.contains(&edge.b);
            let inside =
                |edge: &&Edge| members.contains(&edge.a) && members.contains(&edge.b) && edge.similarity >= bar;
            let Some(edge) = edges.iter().filter(inside).find(joins) else { break };
            component.extend([edge.a, edge.b]);
        }
        left = left.difference(&component).copied().collect();
        let of = |version: u32| {
            let inside = edges.iter().filter(|edge| component.contains(&edge.a) && component.contains(&edge.b));
            let ends = inside.filter(move |edge| edge.similarity >= bar && (edge.a == version || edge.b == version));
            ends.map(|edge| edge.similarity).collect::<Vec<u16>>()
        };
        let mut nearest: Vec<u16> = component.iter().filter_map(|version| of(*version).into_iter().max()).collect();
        nearest.sort_unstable();
        if component.len() > 8 && nearest[(nearest.len() - 1) / 2] < 7_200 && bar + 1_000 <= 8_000 {
            groups.extend(plain_groups(held, edges, &component, bar + 1_000));
            continue;
        }
        let sum = |version: &u32| of(*version).into_iter().map(u64::from).sum::<u64>();
        let best = component.iter().map(sum).max().unwrap_or(0);
        let middle = *component.iter().find(|version| sum(version) == best).expect("one of them");
        let versions = held.versions();
        let far = |version: &u32| 4 * agreement(versions.signature(middle), versions.signature(*version)) < 248;
        let (far, stay): (BTreeSet<u32>, BTreeSet<u32>) = component.iter().partition(|version| far(version));
        groups.insert(stay);
        groups.extend(plain_groups(held, edges, &far, bar));
    }
    groups
}

const BASES: [&str; 5] = [
    "the central bank froze the assets of the state on wednesday and said that the measure would stay in force until the end of the war",
    "ministers of the alliance met in the capital to speak about the defence of the eastern border and about what each of them would pay for it",
    "grain ships left the port again after the two sides had agreed to a corridor that neither of them would shell for as long as a month",
    "shr 34 cts vs 19 dlrs net 807 000 vs 858 000 revs 772 000 vs 443 000 year shr 91 cts vs 27 cts net 250 000 vs 313 000",
    "weather for the region tomorrow cloudy in the north with rain later in the day sunny in the south with light winds from the west",
];

/// A version of one of the bases: some words replaced by others.
fn version() -> impl Strategy<Value = String> {
    let changes = prop::collection::vec((0..40_usize, 0..30_usize), 0..8);
    (0..BASES.len(), changes, 0..3_usize).prop_map(|(base, changes, cut)| {
        let mut words: Vec<String> = BASES[base].split(' ').map(str::to_owned).collect();
        for (place, word) in changes {
            let place = place % words.len();
            words[place] =
                ["kyiv", "missile", "12", "treaty", "9", "sanctions"][word % 6].to_owned() + &"x".repeat(word / 6);
        }
        words.truncate(words.len() - cut * 5);
        words.join(" ")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn edges_and_groups_are_those_of_the_definition(texts in prop::collection::vec(version(), 1..60)) {
        let held = Held::of(&texts);
        let edges = held.edges(1);
        prop_assert_eq!(&edges, &held.plain_edges());
        prop_assert_eq!(&edges, &held.edges(2));
        let mut found: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for (version, first) in groups(&held.versions(), &edges, BAR) {
            found.entry(first).or_default().insert(version);
        }
        let members = (0..held.versions().count()).collect();
        let plain = plain_groups(&held, &edges, &members, BAR);
        let plain: BTreeSet<_> = plain.into_iter().filter(|group| group.len() > 1).collect();
        prop_assert_eq!(found.into_values().filter(|group| group.len() > 1).collect::<BTreeSet<_>>(), plain);
    }

    #[test]
    fn any_way_leads_to_the_same_edges(
        texts in prop::collection::vec(version(), 1..80),
        steps in prop::collection::vec(prop::collection::vec(any::<bool>(), 80), 1..5),
        threads in 1..=2_usize,
    ) {
        let mut before = Held::of([]);
        let mut edges = Vec::new();
        for step in steps {
            let after = Held::of(texts.iter().zip(step).filter(|(_, stays)| *stays).map(|(text, _)| text));
            edges = changed(&before, &edges, &after, threads);
            prop_assert_eq!(&edges, &after.edges(1));
            before = after;
        }
    }

    #[test]
    fn removing_what_was_added_restores_what_was(
        texts in prop::collection::vec(version(), 1..60),
        added in prop::collection::vec(version(), 1..20),
    ) {
        let (was, with) = (Held::of(&texts), Held::of(texts.iter().chain(&added)));
        let edges = was.edges(1);
        let there = changed(&was, &edges, &with, 1);
        prop_assert_eq!(changed(&with, &there, &was, 1), edges);
    }
}

/// So many different paragraphs that are all near copies of each other.
fn flood(count: usize) -> Vec<String> {
    let word = |number: usize| format!("{}{}", ["ka", "lo", "mi", "ne"][number % 4], number);
    (0..count)
        .map(|number| BASES[number % 2].replace("wednesday", &word(number)).replace("capital", &word(number)))
        .collect()
}

#[test]
fn many_paragraphs_are_grouped_by_the_definition() {
    let held = Held::of(&flood(2_000));
    assert_eq!(held.edges(2), held.plain_edges());
    let groups: BTreeSet<u128> = held.groups().into_iter().map(|(_, first)| first).collect();
    assert_eq!(groups.len(), 2);
}

/// Each version is compared with a fixed number of others, however many copies there are.
#[test]
fn a_flood_has_linearly_many_edges() {
    let held = Held::of(&flood(4_000));
    let edges = held.edges(2);
    assert!(edges.len() <= 4_000 * 5 * 3 * REACH, "{}", edges.len());
    let all = groups(&held.versions(), &edges, BAR);
    assert_eq!(all.len(), 4_000);
    assert_eq!(all.iter().map(|(_, first)| first).collect::<BTreeSet<_>>().len(), 2);
    let with = Held::of(&flood(4_010));
    assert_eq!(changed(&held, &edges, &with, 2), with.edges(2));
}

#[test]
fn what_counts_as_near() {
    let check = |one: &str, other: &str, near: bool| {
        let held = Held::of([&one.to_owned(), &other.to_owned()]);
        assert_eq!(held.edges(1).len() == 1, near, "{one} and {other}");
    };
    check(BASES[0], &BASES[0].replace("wednesday", "thursday"), true);
    check(BASES[0], &format!("KYIV, May 28 (Sample Wire) - {} as the ministry added", BASES[0]), true);
    check(BASES[0], BASES[1], false);
    // Under sixteen words more must be the same.
    let short = "the bank froze the assets of the ministry on monday";
    check(short, &format!("{short} it said"), true);
    check(short, &short.replace("monday", "friday").replace("ministry", "minister"), false);
    // Other figures are another report, unless all else is the same.
    check(BASES[3], &BASES[3].replace("34", "35"), true);
    check(BASES[3], &BASES[3].replace(['3', '8'], "6").replace('7', "1").replace('2', "5"), false);
    let killed = |toll: &str| {
        format!(
            "{toll} people were killed when shells hit a village near the front, the governor of the region said on {toll} march and spoke of many who were hurt"
        )
    };
    check(&killed("12"), &killed("14"), true);
    check(
        &killed("12"),
        &killed("14").replace("village", "station").replace("the governor of the region", "officials"),
        false,
    );
}
