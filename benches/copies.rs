//! How well, and how fast, are copies found?
//!
//! Of paragraphs drawn with a fixed seed, one of each normal form, copies are made as newsrooms and scanners make them,
//! and all are grouped. What the originals are grouped into without their copies is taken as true, and a copy belongs
//! to its original: so copies that the corpus holds already count neither for nor against. For each edit the table says
//! what share of its copies is in the group of the original; then the found groups are compared with the true ones as
//! a whole.
//!
//! The articles are made from a fixed seed, which knows no templates such as weather reports; `NUTGRAF_BENCH_CORPUS`
//! names a folder to read instead.

mod corpus;
mod measure;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use corpus::edits::{self, Edit};
use corpus::{Corpus, FEW, PARAGRAPHS, REPRINTS, Random, Recipe, SEED};
use measure::agreement::{self, Agreement, agreement};
use measure::{Bound, Goal, in_earnest, print_goals, print_table, shown, timed};
use nutgraf::groups::{Before, Edge, Near, Normal, Run, Sketcher, Texts, Versions, changed_edges, edges, groups};

/// How many paragraphs are drawn, and how many to show that the benchmark works.
const ORIGINALS: usize = 20_000;
const FEW_ORIGINALS: usize = 500;
/// Those drawn have at least so many words and characters: shorter ones need not be found when they are edited.
const LEAST_WORDS: usize = 16;
const LEAST_CHARACTERS: usize = 80;

/// The threads that compare; signatures are made on one.
const THREADS: usize = 2;

/// How many copies a flood has.
const FLOOD: usize = 100_000;
/// What they all say.
const COPIED: &str = "the central bank froze the assets of the state and the ministry of finance asked all other banks of \
                      the country to do the same before the end of the week";

/// The edits whose copies must be found.
const REQUIRED: [Edit; 6] =
    [Edit::OneWord, Edit::Words5, Edit::Words10, Edit::SentenceAdded, Edit::DatelineChanged, Edit::ScannedBadly];

/// A copy: the number of its original and what was done to it.
struct Copy {
    original: usize,
    edit: Edit,
}

fn main() {
    edits::check();
    agreement::check();
    let (paragraphs, limit) = if in_earnest() { (PARAGRAPHS, ORIGINALS) } else { (FEW, FEW_ORIGINALS) };
    let corpus = Corpus::named_or(Recipe { seed: SEED, paragraphs, reprints: REPRINTS });
    let mut texts = draw(&corpus, limit);
    let base = Grouping::of(&texts, None).labels();
    let originals = texts.len();
    let copies = edit_all(&mut texts);
    let grouping = Grouping::of(&texts, None);
    let (tying, found) = timed(|| grouping.labels());
    let truth: Vec<u32> = base.iter().copied().chain(copies.iter().map(|copy| base[copy.original])).collect();

    let mut recalls = Vec::new();
    let mut rows = Vec::new();
    for edit in Edit::ALL {
        let of_edit = copies.iter().zip(&found[originals..]).filter(|(copy, _)| copy.edit == edit);
        let (made, met) = of_edit
            .fold((0, 0), |(made, met), (copy, label)| (made + 1, met + usize::from(*label == found[copy.original])));
        // No copy, no measurement: it is not a number, and meets no goal.
        let recall = met as f64 / f64::from(made);
        rows.push(vec![edit.name().to_owned(), made.to_string(), format!("{recall:.3}")]);
        recalls.push((edit, recall));
    }
    println!("\n{}, {originals} of them edited", corpus.heading());
    print_table(&["edit", "copies", "recall"], &rows);
    print_agreement("all edits", &agreement(&truth, &found));
    // Those that keep less than half are not meant to be found: how much of the whole is right is asked without them.
    let kept: Vec<usize> = (0..texts.len())
        .filter(|at| at.checked_sub(originals).is_none_or(|at| REQUIRED.contains(&copies[at].edit)))
        .collect();
    let required: Vec<String> = kept.iter().map(|at| texts[*at].clone()).collect();
    let truth: Vec<u32> = kept.iter().map(|at| truth[*at]).collect();
    let agreement = agreement(&truth, &Grouping::of(&required, None).labels());
    print_agreement("required edits", &agreement);
    print_speed(&texts, &grouping, tying);
    print_flood(if in_earnest() { FLOOD } else { FEW });
    let mut goals: Vec<Goal> = recalls
        .into_iter()
        .filter(|(edit, _)| REQUIRED.contains(edit))
        .map(|(edit, recall)| Goal { what: edit.name(), bound: Bound::AtLeast(0.95), is: recall })
        .collect();
    goals.push(Goal { what: "precision", bound: Bound::AtLeast(0.95), is: agreement.pairwise.precision });
    goals.push(Goal { what: "B-cubed F1", bound: Bound::AtLeast(0.985), is: agreement.b_cubed.f1() });
    print_goals(
        "of copies with such edits at least 95 % are found, and of 20 pairs that are found at most one is false",
        &goals,
    );
}

/// Paragraphs that are long enough, each of another normal form, in an order that the seed decides.
fn draw(corpus: &Corpus, limit: usize) -> Vec<String> {
    let mut met = HashSet::new();
    let mut texts: Vec<&String> = corpus.paragraphs.iter().map(|paragraph| &paragraph.text).collect();
    texts.retain(|text| {
        let long = text.split_whitespace().nth(LEAST_WORDS - 1).is_some();
        long && text.chars().nth(LEAST_CHARACTERS - 1).is_some() && met.insert(Normal::of(text).fingerprint())
    });
    assert!(texts.len() > 1, "a copy needs a paragraph to be made of and another that gives the words");
    let mut random = Random(SEED);
    for at in 0..texts.len().min(limit) {
        let drawn = at + random.below(texts.len() - at);
        texts.swap(at, drawn);
    }
    texts.truncate(limit);
    texts.into_iter().cloned().collect()
}

/// Appends the copies to their originals, edit by edit.
fn edit_all(texts: &mut Vec<String>) -> Vec<Copy> {
    let originals = texts.len();
    let mut copies = Vec::new();
    for (place, edit) in (1..).zip(Edit::ALL) {
        // Each edit has numbers of its own, so that a change to one leaves the copies of the others as they are.
        let mut random = Random(SEED + place);
        for original in 0..originals {
            let donor = (original + 1 + random.below(originals - 1)) % originals;
            if let Some(text) = edit.apply(&texts[original], &texts[donor], &mut random) {
                texts.push(text);
                copies.push(Copy { original, edit });
            }
        }
    }
    copies
}

/// Texts on their way to groups, as an index makes them, but in memory.
struct Grouping {
    /// Of each text, its normal form's fingerprint.
    prints: Vec<u128>,
    /// The versions, and their texts.
    versions: Vec<u8>,
    normals: Vec<Normal>,
    edges: Vec<Edge>,
    /// How long the normal forms and signatures took on one thread, and the edges on two, in seconds.
    signing: f64,
    comparing: f64,
}

impl Texts for Grouping {
    type Error = std::convert::Infallible;

    fn normal(&self, version: u32) -> Result<Cow<'_, str>, Self::Error> {
        Ok(Cow::Borrowed(self.normals[version as usize].text()))
    }
}

impl Grouping {
    /// Groups texts, from nothing or from those of an earlier grouping.
    fn of(texts: &[String], before: Option<&Grouping>) -> Grouping {
        let mut sketcher = Sketcher::default();
        let sign = |text: &String| {
            let normal = Normal::of(text);
            let (fingerprint, long) = (normal.fingerprint(), normal.is_long());
            let signature = long.then(|| sketcher.sketch(normal.text()));
            (fingerprint, signature.map(|signature| (signature, normal)))
        };
        let (signing, signed) = timed(|| texts.iter().map(sign).collect::<Vec<_>>());
        let prints: Vec<u128> = signed.iter().map(|(print, _)| *print).collect();
        let mut long: Vec<_> = signed.into_iter().filter_map(|(print, long)| Some((print, long?))).collect();
        long.sort_unstable_by_key(|(print, _)| *print);
        long.dedup_by_key(|(print, _)| *print);
        let mut versions: Vec<u8> = long.iter().flat_map(|(print, _)| print.to_le_bytes()).collect();
        long.iter().for_each(|(_, (signature, _))| versions.extend(signature));
        let normals = long.into_iter().map(|(_, (_, normal))| normal).collect();
        let mut grouping = Grouping { prints, versions, normals, edges: Vec::new(), signing, comparing: 0.0 };
        let (comparing, found) = timed(|| match before {
            None => edges(&grouping.versions(), bar(), &grouping, THREADS),
            Some(before) => {
                let before = Before { versions: &before.versions(), edges: &before.edges };
                changed_edges(before, &grouping.versions(), bar(), &grouping, THREADS)
            }
        });
        let Ok(found) = found;
        (grouping.edges, grouping.comparing) = (found, comparing);
        grouping
    }

    fn versions(&self) -> Versions<'_> {
        let run = Run::of(&self.versions).expect("whole versions");
        Versions::of(vec![run], |_, _| true).expect("one run")
    }

    /// Which texts are in one group: those with equal labels.
    fn labels(&self) -> Vec<u32> {
        let versions = self.versions();
        let near = groups(&versions, &self.edges, bar());
        let near = near.into_iter().map(|(one, other)| (versions.fingerprint(one), versions.fingerprint(other)));
        let stands_for: HashMap<u128, u128> = near.collect();
        let mut numbers = HashMap::new();
        let label = |print: &u128| {
            let next = u32::try_from(numbers.len()).expect("fewer texts than labels");
            *numbers.entry(*stands_for.get(print).unwrap_or(print)).or_insert(next)
        };
        self.prints.iter().map(label).collect()
    }
}

fn bar() -> u16 {
    Near::default().bar().expect("near copies are looked for unless they are turned off")
}

/// Prints how many texts a second each step takes.
fn print_speed(texts: &[String], grouping: &Grouping, tying: f64) {
    let speed = |texts: usize, seconds: f64| shown(texts as f64 / seconds);
    println!(
        "{} texts: {} signatures a second on one thread; {} texts a second compared and {} tied to groups on {THREADS} \
         threads; {} edges",
        texts.len(),
        speed(texts.len(), grouping.signing),
        speed(texts.len(), grouping.comparing),
        speed(texts.len(), tying),
        grouping.edges.len(),
    );
    // One in a hundred is added to the others, from all parts of the corpus.
    let before: Vec<String> =
        texts.iter().enumerate().filter(|(at, _)| at % 100 != 0).map(|(_, text)| text.clone()).collect();
    let before = Grouping::of(&before, None);
    let after = Grouping::of(texts, Some(&before));
    assert!(after.edges == grouping.edges, "an update leads elsewhere than a rebuild");
    let added = texts.len().div_ceil(100);
    println!(
        "{added} of them added to the others: {} texts a second, {:.3} of the time of comparing all",
        speed(added, after.comparing),
        after.comparing / grouping.comparing
    );
}

/// Prints how long it takes where all texts are copies of each other, half as many and all of them.
fn print_flood(texts: usize) {
    let word = |number: usize| format!("{}{number}", ["ka", "lo", "mi", "ne"][number % 4]);
    let near = |number: usize| format!("{COPIED} and said on {} that it would not be the last time", word(number));
    let same = |_: usize| COPIED.to_owned();
    let floods: [(&str, &dyn Fn(usize) -> String); 2] = [("the same", &same), ("near", &near)];
    for (what, text) in floods {
        let times = [texts / 2, texts].map(|texts| {
            let texts: Vec<String> = (0..texts).map(text).collect();
            let (seconds, labels) = timed(|| Grouping::of(&texts, None).labels());
            assert!(labels.iter().all(|label| *label == 0), "they are one group");
            seconds
        });
        println!(
            "{texts} texts, all {what}: {:.2} s, {:.2} times as long as half of them",
            times[1],
            times[1] / times[0]
        );
    }
}

fn print_agreement(what: &str, agreement: &Agreement) {
    let Agreement { pairwise, b_cubed, false_pairs, largest, of_one_truth } = agreement;
    println!(
        "{what}: pairwise precision {:.4}, recall {:.4}; B-cubed precision {:.4}, recall {:.4}, F1 {:.4}; {false_pairs} false \
         pairs; the largest group has {largest} members, {of_one_truth} of them rightly",
        pairwise.precision,
        pairwise.recall,
        b_cubed.precision,
        b_cubed.recall,
        b_cubed.f1(),
    );
}
