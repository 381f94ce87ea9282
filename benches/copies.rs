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

use std::collections::{HashMap, HashSet};

use corpus::edits::{self, Edit};
use corpus::{Corpus, FEW, PARAGRAPHS, REPRINTS, Random, Recipe, SEED};
use measure::agreement::{self, Agreement, agreement};
use measure::{Bound, Goal, in_earnest, print_goals, print_table, shown, timed};
use nutgraf::groups::fingerprint;

/// How many paragraphs are drawn, and how many to show that the benchmark works.
const ORIGINALS: usize = 20_000;
const FEW_ORIGINALS: usize = 500;
/// Those drawn have at least so many words and characters: shorter ones need not be found when they are edited.
const LEAST_WORDS: usize = 16;
const LEAST_CHARACTERS: usize = 80;

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
    let (alone, base) = timed(|| labels(&texts));
    let originals = texts.len();
    let copies = edit_all(&mut texts);
    let (together, found) = timed(|| labels(&texts));

    let truth: Vec<u32> = base.iter().copied().chain(copies.iter().map(|copy| base[copy.original])).collect();
    let agreement = agreement(&truth, &found);
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
    print_agreement(&agreement);
    let speed = |texts: usize, seconds: f64| shown(texts as f64 / seconds);
    println!(
        "grouped {} originals a second alone, {} texts a second with their copies",
        speed(originals, alone),
        speed(texts.len(), together)
    );
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
        long && text.chars().nth(LEAST_CHARACTERS - 1).is_some() && met.insert(fingerprint(text))
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

/// Which texts are in one group: those with equal labels.
///
/// This is the one place that knows how groups are made: equal normal forms, without near copies.
fn labels(texts: &[String]) -> Vec<u32> {
    let mut numbers = HashMap::new();
    let label = |text: &String| {
        let next = u32::try_from(numbers.len()).expect("fewer texts than labels");
        *numbers.entry(fingerprint(text)).or_insert(next)
    };
    texts.iter().map(label).collect()
}

fn print_agreement(agreement: &Agreement) {
    let Agreement { pairwise, b_cubed, false_pairs, largest, of_one_truth } = agreement;
    println!(
        "pairwise precision {:.4}, recall {:.4}; B-cubed precision {:.4}, recall {:.4}, F1 {:.4}; {false_pairs} false \
         pairs; the largest group has {largest} members, {of_one_truth} of them rightly",
        pairwise.precision,
        pairwise.recall,
        b_cubed.precision,
        b_cubed.recall,
        b_cubed.f1(),
    );
}
