//! A paragraph's tokens to its codes: which actors and topics of a codebook it names, and with which words.
//!
//! All names of a codebook make one automaton for each language. A token is looked up by the number of its word: what the
//! word is to the names and rules is worked out once, so that a word which is in none costs one look at a table. From left
//! to right the longest name counts, and the words of a name are used up by it; actors and topics are sought apart.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;

use super::file::{Codebook, Entry, Name, Part};
use super::rules::Rules;
use super::slots::Slots;
use super::words::{Meaning, Text, Word};
use crate::article::PubDate;
use crate::meaning::Matcher;
use crate::text::{Analysis, Analyzer, Lang, Pattern};

/// What a paragraph is coded with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codes {
    /// Actors, by path.
    pub actors: Vec<Code>,
    /// Topics, by path.
    pub topics: Vec<Code>,
}

/// One code of a paragraph and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The facet path, such as `/russia/government`.
    pub path: String,
    /// The names that were found: for each, its words as a range of positions. Ascending, never empty.
    pub evidence: Vec<Range<u32>>,
}

/// Codes paragraphs by a codebook. Threads share it; each brings its own [`Memory`].
#[derive(Debug)]
pub struct Coder {
    codebook: Codebook,
    /// The entries' paths, by their place in each part.
    paths: [Vec<Path>; 2],
    automata: Mutex<HashMap<Lang, Arc<Automaton>>>,
}

/// The facet path of an entry, and its place among all those of the part in order.
#[derive(Debug)]
struct Path {
    text: String,
    rank: u32,
}

/// What one thread remembers of the words it met.
#[derive(Debug, Default)]
pub struct Memory {
    known: HashMap<Lang, Known>,
}

#[derive(Debug)]
struct Known {
    automaton: Arc<Automaton>,
    /// The lexicon that the word numbers are of.
    lexicon: u64,
    /// What is known of each word number.
    words: Vec<Meaning>,
    /// What the words are that are something to the names and rules: one after the other, since each is short and a
    /// paragraph asks for many.
    lists: Vec<u32>,
    paragraph: Paragraph,
    walk: Walk,
    matcher: Matcher,
    found: Vec<Found>,
}

/// An entry by its place in its part, and words that name it.
type Found = (u32, Range<u32>);

/// What the words of one paragraph are to the names and rules.
#[derive(Debug, Default)]
struct Paragraph {
    /// What each of its words is.
    words: Vec<Meaning>,
    /// For each slot, whether a word fills it.
    filled: Vec<bool>,
    /// Where a name may begin, ascending, for each part.
    begins: [Vec<u32>; 2],
    /// Rules of which a word was met that they wait for, each once, for each part.
    rules: [Vec<u32>; 2],
    /// For each rule, whether it is among them.
    called: [Vec<bool>; 2],
}

/// Room for the way of a name through its automaton.
#[derive(Debug, Default)]
struct Walk {
    /// States reached so far; nearly always one, since a word rarely fills more than one slot of a name.
    states: Vec<u32>,
    /// The states after the next word.
    next: Vec<u32>,
    /// Where a name ends, and in which state.
    found: Vec<(u32, u32)>,
}

/// The names and rules of a codebook as they are written in one language.
#[derive(Debug, Default)]
struct Automaton {
    /// What the words of names and rules may be.
    slots: Slots,
    parts: [Names; 2],
    rules: [Rules; 2],
}

/// The names of one part. State 0 is the beginning.
#[derive(Debug, Default)]
struct Names {
    /// The slots that lead on from a state and where to, state by state and by slot.
    steps: Vec<(u32, u32)>,
    /// For each state, where its steps end.
    steps_end: Vec<u32>,
    /// For each state: the names that end there.
    ends: Vec<Vec<Ending>>,
}

/// Names as they come together.
#[derive(Debug)]
struct Draft {
    /// The next state for a state and a slot.
    next: HashMap<(u32, u32), u32>,
    ends: Vec<Vec<Ending>>,
}

/// A name that ends in a state.
#[derive(Debug)]
struct Ending {
    /// The entry, by its place in its part of the codebook.
    entry: u32,
    /// What must not touch the name, as slots that follow each other.
    unless: Vec<Box<[u32]>>,
    /// Of what something must be in the paragraph, if there is any.
    with: Vec<Box<[u32]>>,
}

impl Coder {
    /// A coder for a codebook.
    pub fn new(codebook: Codebook) -> Coder {
        let paths = [Part::Actors, Part::Topics].map(|part| paths(codebook.entries(part)));
        Coder { codebook, paths, automata: Mutex::new(HashMap::new()) }
    }

    /// The codebook.
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// The codes of a paragraph of an article of this date.
    pub fn codes(&self, memory: &mut Memory, analysis: &Analysis<'_>, date: Option<PubDate>) -> Codes {
        let mut codes = Codes::default();
        self.each_code(memory, analysis, date, |part, path, found| {
            let code = Code { path: path.to_owned(), evidence: joined(found.iter().map(|(_, words)| words.clone())) };
            match part {
                Part::Actors => codes.actors.push(code),
                Part::Topics => codes.topics.push(code),
            }
        });
        codes
    }

    /// Hands on the path of each code of a paragraph, actors first, by path: what an index needs of them.
    pub fn each_path(
        &self,
        memory: &mut Memory,
        analysis: &Analysis<'_>,
        date: Option<PubDate>,
        mut each: impl FnMut(Part, &str),
    ) {
        self.each_code(memory, analysis, date, |part, path, _| each(part, path));
    }

    fn each_code(
        &self,
        memory: &mut Memory,
        analysis: &Analysis<'_>,
        date: Option<PubDate>,
        mut each: impl FnMut(Part, &str, &[Found]),
    ) {
        let known = memory.known.entry(analysis.lang()).or_insert_with(|| Known {
            automaton: self.automaton(analysis.lang()),
            lexicon: analysis.lexicon(),
            words: Vec::new(),
            lists: Vec::new(),
            paragraph: Paragraph::default(),
            walk: Walk::default(),
            matcher: Matcher::default(),
            found: Vec::new(),
        });
        known.look_at(analysis);
        for part in [Part::Actors, Part::Topics] {
            self.each_code_of(part, known, analysis, date, &mut each);
        }
    }

    /// The codes of one part. A word may serve an actor and a topic, as NATO does in NATO enlargement.
    fn each_code_of(
        &self,
        part: Part,
        known: &mut Known,
        analysis: &Analysis<'_>,
        date: Option<PubDate>,
        each: &mut impl FnMut(Part, &str, &[Found]),
    ) {
        let Known { automaton, lists, paragraph, walk, matcher, found, .. } = known;
        let Paragraph { words, filled, begins, rules, .. } = paragraph;
        let text = Text { words, lists, filled };
        let entries = self.codebook.entries(part);
        let counts = |entry: u32| counts_on(&entries[entry as usize], date);
        found.clear();
        let mut used = 0;
        for start in &begins[part as usize] {
            if *start >= used {
                used = automaton.name_at(part, &text, *start, counts, walk, found).unwrap_or(used);
            }
        }
        let all = &automaton.rules[part as usize];
        all.code(&rules[part as usize], matcher, (analysis, &text), counts, |entry, marks| {
            found.extend(runs(marks).map(|run| (entry, run)));
        });
        let paths = &self.paths[part as usize];
        let order = |(entry, words): &Found| (paths[*entry as usize].rank, words.start, words.end);
        found.sort_unstable_by_key(order);
        for found in found.chunk_by(|(a, _), (b, _)| a == b) {
            let entry = found[0].0;
            if !all.forbids(entry, matcher, (analysis, &text)) {
                each(part, &paths[entry as usize].text, found);
            }
        }
    }

    /// The automaton of a language, made when the language is first met.
    fn automaton(&self, lang: Lang) -> Arc<Automaton> {
        let mut automata = self.automata.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(automata.entry(lang).or_insert_with(|| Arc::new(Automaton::of(&self.codebook, lang))))
    }
}

/// The paths of entries, in the order of these.
fn paths(entries: &[Entry]) -> Vec<Path> {
    let mut paths: Vec<Path> = entries.iter().map(|entry| Path { text: entry.facet(), rank: 0 }).collect();
    let mut order: Vec<usize> = (0..paths.len()).collect();
    order.sort_unstable_by(|a, b| entries[*a].id.cmp(&entries[*b].id));
    for (place, rank) in order.into_iter().zip(0..) {
        paths[place].rank = rank;
    }
    paths
}

/// Ranges in order, those that overlap as one: two rules may rest on the same words.
fn joined(ranges: impl Iterator<Item = Range<u32>>) -> Vec<Range<u32>> {
    let mut joined: Vec<Range<u32>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// Positions that follow each other, as ranges.
fn runs(positions: &[u32]) -> impl Iterator<Item = Range<u32>> + '_ {
    positions.chunk_by(|a, b| a + 1 == *b).map(|run| run[0]..run[run.len() - 1] + 1)
}

/// Whether an entry counts in an article of this date; an article whose date is not known is given the doubt.
fn counts_on(entry: &Entry, date: Option<PubDate>) -> bool {
    let Some(date) = date else { return true };
    entry.from.is_none_or(|from| date.last_day() >= from.first_day())
        && entry.until.is_none_or(|until| date.first_day() <= until.last_day())
}

impl Known {
    /// Works out what the words of a paragraph are.
    fn look_at(&mut self, analysis: &Analysis<'_>) {
        self.paragraph.clear(&self.automaton, &self.lists);
        if self.lexicon != analysis.lexicon() {
            self.lexicon = analysis.lexicon();
            self.words.clear();
            self.lists.clear();
        }
        let Known { automaton, words, lists, paragraph, .. } = self;
        for (token, at) in analysis.tokens().iter().zip(0..) {
            let number = analysis.word_number(token);
            if words.len() <= number {
                words.resize(number + 1, Meaning::UNKNOWN);
            }
            if words[number] == Meaning::UNKNOWN {
                words[number] = automaton.meaning(analysis.entry(token), lists);
            }
            let meaning = words[number];
            paragraph.words.push(meaning);
            let Some(word) = meaning.word(lists) else { continue };
            for slot in word.fills() {
                paragraph.filled[*slot as usize] = true;
            }
            for part in [Part::Actors, Part::Topics] {
                if !word.begins(part).is_empty() {
                    paragraph.begins[part as usize].push(at);
                }
                for rule in word.awaited(part) {
                    if !std::mem::replace(&mut paragraph.called[part as usize][*rule as usize], true) {
                        paragraph.rules[part as usize].push(*rule);
                    }
                }
            }
        }
    }
}

impl Paragraph {
    /// Forgets the last paragraph, whose words have these lists.
    fn clear(&mut self, automaton: &Automaton, lists: &[u32]) {
        // Words fill a few slots of thousands.
        for word in self.words.drain(..).filter_map(|meaning| meaning.word(lists)) {
            word.fills().iter().for_each(|slot| self.filled[*slot as usize] = false);
        }
        self.filled.resize(automaton.slots.count(), false);
        self.begins.iter_mut().for_each(Vec::clear);
        for ((rules, called), all) in self.rules.iter_mut().zip(&mut self.called).zip(&automaton.rules) {
            called.resize(all.count(), false);
            rules.drain(..).for_each(|rule| called[rule as usize] = false);
        }
    }
}

impl Ending {
    /// Makes one name of two: it counts where both would.
    fn join(&mut self, other: Ending) {
        self.unless.extend(other.unless);
        // A name that needs nothing beside it needs nothing.
        if self.with.is_empty() || other.with.is_empty() {
            self.with.clear();
        } else {
            self.with.extend(other.with);
        }
    }

    /// Whether the name's own rules let the words of `span` count.
    fn holds(&self, text: &Text<'_>, span: &Range<u32>) -> bool {
        let touches = |row: &[u32]| text.holds(row, span.start.saturating_sub(row.len() as u32)..span.end + 1);
        let occurs = |row: &[u32]| text.holds(row, 0..text.len());
        !self.unless.iter().any(|row| touches(row)) && (self.with.is_empty() || self.with.iter().any(|row| occurs(row)))
    }
}

impl Automaton {
    fn of(codebook: &Codebook, lang: Lang) -> Automaton {
        let mut automaton = Automaton::default();
        let mut analyzer = Analyzer::default();
        for part in [Part::Actors, Part::Topics] {
            let entries = codebook.entries(part);
            automaton.rules[part as usize] = Rules::of(entries, lang, &mut automaton.slots);
            let mut draft = Draft { next: HashMap::new(), ends: vec![Vec::new()] };
            for (entry, place) in entries.iter().zip(0..) {
                let counted = entry.names.iter().filter(|(of, _)| of.is_none_or(|of| of == lang));
                for name in counted.flat_map(|(_, names)| names) {
                    draft.add(&mut automaton.slots, &mut analyzer, name, lang, place);
                }
            }
            automaton.parts[part as usize] = draft.finish();
        }
        automaton
    }

    /// What a word is to the names and rules, its lists put down behind the others.
    fn meaning(&self, entry: &crate::text::Entry, lists: &mut Vec<u32>) -> Meaning {
        let fills = self.slots.filled_by(entry);
        if fills.is_empty() {
            return Meaning::NOTHING;
        }
        let begins = |names: &Names| fills.iter().filter_map(|slot| names.next(0, *slot)).collect();
        let [of_actors, of_topics] = self.parts.each_ref().map(begins);
        let awaited = |rules: &Rules| fills.iter().flat_map(|slot| rules.waiting_for(*slot)).copied().collect();
        let [by_actors, by_topics] = self.rules.each_ref().map(awaited);
        Word::write([fills, of_actors, of_topics, by_actors, by_topics], lists)
    }

    /// Finds the longest name that begins at a place and counts; returns where its words end.
    fn name_at(
        &self,
        part: Part,
        text: &Text<'_>,
        start: u32,
        counts: impl Fn(u32) -> bool,
        Walk { states, next, found }: &mut Walk,
        codes: &mut Vec<Found>,
    ) -> Option<u32> {
        let names = &self.parts[part as usize];
        states.clear();
        states.extend(text.word(start)?.begins(part));
        found.clear();
        for end in start + 1..=text.len() {
            found.extend(
                states.iter().filter(|state| !names.ends[**state as usize].is_empty()).map(|state| (end, *state)),
            );
            if end == text.len() {
                break;
            }
            let fills = text.fills(end);
            next.clear();
            for state in states.iter() {
                next.extend(fills.iter().filter_map(|slot| names.next(*state, *slot)));
            }
            std::mem::swap(states, next);
            if states.is_empty() {
                break;
            }
        }
        // Longest first; shorter ones only where the rules of the longer reject it.
        while let Some((end, _)) = found.last().copied() {
            let before = codes.len();
            while let Some((_, state)) = found.pop_if(|(other, _)| *other == end) {
                let ends = names.ends[state as usize].iter();
                let holding = ends.filter(|ending| counts(ending.entry) && ending.holds(text, &(start..end)));
                codes.extend(holding.map(|ending| (ending.entry, start..end)));
            }
            if codes.len() > before {
                return Some(end);
            }
        }
        None
    }
}

impl Names {
    /// The state to which a slot leads on from another.
    fn next(&self, state: u32, slot: u32) -> Option<u32> {
        let begin = state.checked_sub(1).map_or(0, |before| self.steps_end[before as usize]);
        let steps = &self.steps[begin as usize..self.steps_end[state as usize] as usize];
        let found = steps.binary_search_by_key(&slot, |(slot, _)| *slot).ok()?;
        Some(steps[found].1)
    }
}

impl Draft {
    fn finish(self) -> Names {
        let mut next: Vec<((u32, u32), u32)> = self.next.into_iter().collect();
        next.sort_unstable();
        let mut steps_end = vec![0; self.ends.len()];
        for ((state, _), _) in &next {
            steps_end[*state as usize] += 1;
        }
        let mut end = 0;
        for steps in &mut steps_end {
            end += *steps;
            *steps = end;
        }
        Names { steps: next.into_iter().map(|((_, slot), to)| (slot, to)).collect(), steps_end, ends: self.ends }
    }

    fn add(&mut self, slots: &mut Slots, analyzer: &mut Analyzer, name: &Name, lang: Lang, entry: u32) {
        let mut row = |pattern: Pattern| -> Box<[u32]> { pattern.0.iter().map(|slot| slots.number(slot)).collect() };
        let words = row(match name.case {
            true => Pattern::exact(analyzer, &name.text, true),
            false => Pattern::inflected(analyzer, &name.text, lang),
        });
        if words.is_empty() {
            return;
        }
        let mut rows = |texts: &[String]| -> Vec<Box<[u32]>> {
            let rows = texts.iter().map(|text| row(Pattern::inflected(analyzer, text, lang)));
            rows.filter(|row| !row.is_empty()).collect()
        };
        let ending = Ending { entry, unless: rows(&name.unless), with: rows(&name.with) };
        let mut state = 0;
        for slot in words {
            let fresh = self.ends.len() as u32;
            state = *self.next.entry((state, slot)).or_insert(fresh);
            if state == fresh {
                self.ends.push(Vec::new());
            }
        }
        // Names that only differ in inflection, such as Indian and Indians, are one name: what is excepted of one is of both.
        match self.ends[state as usize].iter_mut().find(|other| other.entry == entry) {
            Some(same) => same.join(ending),
            None => self.ends[state as usize].push(ending),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const BOOK: &str = r#"
name = "test"
version = "1"

[[actor]]
id = "nato"
label = "NATO"
names = ["NATO"]

[[actor]]
id = "jordan"
label = "Jordan"
names = [{ name = "Jordan", unless = ["Michael Jordan"] }]

[[actor]]
id = "united-states"
label = "United States"
names = ["United States", "US", { name = "Washington", with = ["Congress", "Pentagon"] }]

[[actor]]
id = "india"
label = "India"
names = [{ name = "Indian", unless = ["Indian Ocean"] }, { name = "Indians", unless = ["American Indians"] }]

[[actor]]
id = "states"
label = "States"
names = ["States"]
from = "2000"

[[topic]]
id = "enlargement"
label = "Enlargement"
names.any = ["NATO enlargement"]
names.de = ["Osterweiterung"]

[[topic]]
id = "frozen-assets"
label = "Frozen assets"
any.any = ['asset* W/8 (frozen OR freez*)', '"central bank" W/S reserves']
any.de = ['Vermögen AND eingefroren']
not = ['"asset freezer"']

[[topic]]
id = "summit"
label = "Summit"
names = ["Eastern summit"]
not = ["summit W/4 bank"]
"#;

    /// The codes of a text, each with the words it rests on.
    fn coded(lang: &str, date: Option<&str>, text: &str) -> String {
        let coder = Coder::new(Codebook::read(BOOK, Path::new("test.toml")).expect("a codebook"));
        let mut analyzer = Analyzer::default();
        let analysis = analyzer.analyze(text, lang.parse().expect("a language"));
        let date = date.map(|date| date.parse().expect("a date"));
        let codes = coder.codes(&mut Memory::default(), &analysis, date);
        let word = |at: u32| &text[analysis.tokens()[at as usize].range()];
        let span = |span: &Range<u32>| span.clone().map(word).collect::<Vec<_>>().join("_");
        let code =
            |code: &Code| format!("{}={}", code.path, code.evidence.iter().map(span).collect::<Vec<_>>().join(","));
        codes.actors.iter().chain(&codes.topics).map(code).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_are_found() {
        for (lang, date, text, codes) in [
            ("en", None, "NATO enlargement and NATO", "/nato=NATO,NATO /enlargement=NATO_enlargement"),
            ("en", None, "Nato and the nato", ""),
            ("en", None, "The U.S. told us", "/united-states=U.S"),
            ("en", None, "the United States", "/united-states=United_States"),
            ("en", None, "an Indian in the Indian Ocean, American Indians", "/india=Indian"),
            ("en", Some("2001-05"), "some states", "/states=states"),
            ("en", Some("1999"), "some states", ""),
            ("en", None, "Jordan met Michael Jordan", "/jordan=Jordan"),
            ("en", None, "Washington waited", ""),
            ("en", None, "Washington waited for Congress", "/united-states=Washington"),
            ("de", None, "Die Osterweiterung der NATO", "/nato=NATO /enlargement=Osterweiterung"),
            ("en", None, "Osterweiterung", ""),
            ("en", Some("1999"), "the frozen state assets", "/frozen-assets=frozen,assets"),
            ("en", None, "Assets of NATO were frozen", "/nato=NATO /frozen-assets=Assets,frozen"),
            ("en", None, "The central bank. It has reserves.", ""),
            ("en", None, "The central bank has reserves.", "/frozen-assets=central_bank,reserves"),
            ("en", None, "an asset freezer and frozen assets", ""),
            ("en", None, "The Eastern summit", "/summit=Eastern_summit"),
            ("en", None, "The Eastern summit of the bank", ""),
            ("de", None, "Das Vermögen ist eingefroren", "/frozen-assets=Vermögen,eingefroren"),
            ("en", None, "Das Vermögen ist eingefroren", ""),
            ("en", None, "", ""),
        ] {
            assert_eq!(coded(lang, date, text), codes, "{text}");
        }
    }
}
