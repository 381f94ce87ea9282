//! A paragraph's tokens to its codes: which actors and topics of a codebook it names, and with which words.
//!
//! All names of a codebook make one automaton for each language; a token is looked up in it by the number of its word, so
//! that a word which is in no name costs one look at a table. From left to right the longest name counts, and the words of
//! a name are used up by it; actors and topics are sought apart.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;

use super::file::{Codebook, Entry, Name, Part};
use super::rules::{Rules, Waiting};
use crate::article::PubDate;
use crate::text::{Analysis, Analyzer, Lang, Pattern, Shape, Slot, fold};

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
    automata: Mutex<HashMap<(Lang, Part), Arc<Automaton>>>,
}

/// What one thread remembers of the words it met: which symbols of the automaton each of them is.
#[derive(Debug, Default)]
pub struct Memory {
    known: HashMap<(Lang, Part), Known>,
}

#[derive(Debug)]
struct Known {
    automaton: Arc<Automaton>,
    rules: Waiting,
    /// The lexicon that the word numbers are of.
    lexicon: u64,
    /// For each word number, once it is worked out: whether a name begins with the word.
    begins: Vec<Option<bool>>,
}

/// The names and rules of a codebook as they are written in one language.
#[derive(Debug, Default)]
struct Automaton {
    /// What a token can be, numbered: by the stem's term, and by the folded form where the case counts.
    stems: HashMap<String, u32>,
    forms: HashMap<String, Vec<(Slot, u32)>>,
    shapes: Vec<(Shape, u32)>,
    /// How many symbols there are.
    count: u32,
    /// The next state for a state and a symbol. State 0 is the beginning.
    next: HashMap<(u32, u32), u32>,
    /// For each state: the names that end there.
    ends: Vec<Vec<Ending>>,
    rules: Rules,
}

/// A name that ends in a state.
#[derive(Debug)]
struct Ending {
    /// The entry, by its place in its part of the codebook.
    entry: (Part, usize),
    unless: Vec<Pattern>,
    with: Vec<Pattern>,
}

/// The symbols that one token is: of its one or two stems, and of its form with any case and with its own.
type Symbols = ([u32; 4], usize);

impl Coder {
    /// A coder for a codebook.
    pub fn new(codebook: Codebook) -> Coder {
        Coder { codebook, automata: Mutex::new(HashMap::new()) }
    }

    /// The codebook.
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// The codes of a paragraph of an article of this date.
    pub fn codes(&self, memory: &mut Memory, analysis: &Analysis<'_>, date: Option<PubDate>) -> Codes {
        let mut codes_of = |part| self.codes_of(part, memory, analysis, date);
        Codes { actors: codes_of(Part::Actors), topics: codes_of(Part::Topics) }
    }

    /// The codes of one part, by path. A word may serve an actor and a topic, as NATO does in NATO enlargement.
    fn codes_of(&self, part: Part, memory: &mut Memory, analysis: &Analysis<'_>, date: Option<PubDate>) -> Vec<Code> {
        let known = memory.known.entry((analysis.lang(), part)).or_insert_with(|| {
            let automaton = self.automaton(analysis.lang(), part);
            Known { automaton, rules: Waiting::default(), lexicon: analysis.lexicon(), begins: Vec::new() }
        });
        if known.lexicon != analysis.lexicon() {
            known.lexicon = analysis.lexicon();
            known.begins.clear();
            known.rules.forget();
        }
        let Known { automaton, begins, rules, .. } = known;
        let mut codes = Vec::new();
        let mut at = 0;
        while at < analysis.tokens().len() {
            at = match automaton.begins(begins, analysis, at) {
                true => self.name_at(automaton, analysis, date, at, &mut codes),
                false => at + 1,
            };
        }
        let entries = self.codebook.entries(part);
        let counts = |entry: u32| counts_on(&entries[entry as usize], date);
        automaton.rules.code(rules, analysis, counts, |entry, marks| {
            let path = entries[entry as usize].facet();
            runs(marks).for_each(|run| add(&mut codes, &path, run));
        });
        codes.retain(|code| !automaton.rules.forbids(rules, analysis, &code.path));
        codes.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        codes.iter_mut().for_each(|code| join(&mut code.evidence));
        codes
    }

    /// Codes the longest name that begins at a token; returns where to go on.
    fn name_at(
        &self,
        automaton: &Automaton,
        analysis: &Analysis<'_>,
        date: Option<PubDate>,
        start: usize,
        codes: &mut Vec<Code>,
    ) -> usize {
        let tokens = analysis.tokens();
        // States reached so far; nearly always one, since a token is rarely more than one symbol of a name.
        let mut states = vec![0];
        let mut found: Vec<(usize, u32)> = Vec::new();
        for (end, token) in (start + 1..).zip(&tokens[start..]) {
            let (symbols, count) = automaton.symbols(analysis.entry(token));
            let step = |state: &u32| {
                symbols[..count]
                    .iter()
                    .filter_map(|symbol| automaton.next.get(&(*state, *symbol)).copied())
                    .collect::<Vec<_>>()
            };
            states = states.iter().flat_map(step).collect();
            if states.is_empty() {
                break;
            }
            found.extend(
                states.iter().filter(|state| !automaton.ends[**state as usize].is_empty()).map(|state| (end, *state)),
            );
        }
        // Longest first; shorter ones only where the rules of the longer reject it.
        while let Some((end, _)) = found.last().copied() {
            let mut used = false;
            while let Some((_, state)) = found.pop_if(|(other, _)| *other == end) {
                for ending in &automaton.ends[state as usize] {
                    used |= self.code(ending, analysis, date, start..end, codes);
                }
            }
            if used {
                return end;
            }
        }
        start + 1
    }

    /// Adds a name's code if its rules allow.
    fn code(
        &self,
        ending: &Ending,
        analysis: &Analysis<'_>,
        date: Option<PubDate>,
        span: Range<usize>,
        codes: &mut Vec<Code>,
    ) -> bool {
        let entry = &self.codebook.entries(ending.entry.0)[ending.entry.1];
        if !counts_on(entry, date) || !ending.holds(analysis, &span) {
            return false;
        }
        add(codes, &entry.facet(), span.start as u32..span.end as u32);
        true
    }

    /// The automaton of a language and part, made when the language is first met.
    fn automaton(&self, lang: Lang, part: Part) -> Arc<Automaton> {
        let mut automata = self.automata.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(automata.entry((lang, part)).or_insert_with(|| {
            let rules = Rules::of(self.codebook.entries(part), lang);
            let mut automaton = Automaton { ends: vec![Vec::new()], rules, ..Automaton::default() };
            let mut analyzer = Analyzer::default();
            for (place, entry) in self.codebook.entries(part).iter().enumerate() {
                let counted = entry.names.iter().filter(|(of, _)| of.is_none_or(|of| of == lang));
                for name in counted.flat_map(|(_, names)| names) {
                    automaton.add(&mut analyzer, name, lang, (part, place));
                }
            }
            Arc::new(automaton)
        }))
    }
}

/// Adds what a code rests on.
fn add(codes: &mut Vec<Code>, path: &str, evidence: Range<u32>) {
    match codes.iter_mut().find(|code| code.path == path) {
        Some(code) if code.evidence.contains(&evidence) => {}
        Some(code) => code.evidence.push(evidence),
        None => codes.push(Code { path: path.to_owned(), evidence: vec![evidence] }),
    }
}

/// Puts ranges in order, those that overlap as one: two rules may rest on the same words.
fn join(ranges: &mut Vec<Range<u32>>) {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, last| {
        let overlap = next.start < last.end;
        if overlap {
            last.end = last.end.max(next.end);
        }
        overlap
    });
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

impl Ending {
    /// Whether the name's own rules let the words of `span` count.
    fn holds(&self, analysis: &Analysis<'_>, span: &Range<usize>) -> bool {
        let touches = |pattern: &Pattern| {
            pattern.starts(analysis).any(|start| {
                let (start, end) = (start as usize, start as usize + pattern.0.len());
                start <= span.end && end >= span.start
            })
        };
        let occurs = |pattern: &Pattern| pattern.starts(analysis).next().is_some();
        !self.unless.iter().any(touches) && (self.with.is_empty() || self.with.iter().any(occurs))
    }
}

impl Automaton {
    fn add(&mut self, analyzer: &mut Analyzer, name: &Name, lang: Lang, entry: (Part, usize)) {
        if name.case {
            let pattern = Pattern::exact(analyzer, &name.text, true);
            return self.add_pattern(analyzer, pattern, name, lang, entry);
        }
        // A name may be written with its diacritics or without: each is a way through the automaton.
        let plain = Pattern::inflected(analyzer, &fold(&name.text), lang);
        let pattern = Pattern::inflected(analyzer, &name.text, lang);
        if pattern != plain {
            self.add_pattern(analyzer, plain, name, lang, entry);
        }
        self.add_pattern(analyzer, pattern, name, lang, entry);
    }

    fn add_pattern(
        &mut self,
        analyzer: &mut Analyzer,
        pattern: Pattern,
        name: &Name,
        lang: Lang,
        entry: (Part, usize),
    ) {
        if pattern.0.is_empty() {
            return;
        }
        let mut state = 0;
        for slot in pattern.0 {
            let symbol = self.symbol(slot);
            let fresh = self.ends.len() as u32;
            state = *self.next.entry((state, symbol)).or_insert(fresh);
            if state == fresh {
                self.ends.push(Vec::new());
            }
        }
        let mut patterns = |texts: &[String]| -> Vec<Pattern> {
            let patterns = texts.iter().map(|text| Pattern::inflected(analyzer, text, lang));
            patterns.filter(|pattern| !pattern.0.is_empty()).collect()
        };
        let (unless, with) = (patterns(&name.unless), patterns(&name.with));
        self.ends[state as usize].push(Ending { entry, unless, with });
    }

    fn symbol(&mut self, slot: Slot) -> u32 {
        let fresh = self.count;
        let symbol = match slot {
            // The first stem is that of the name as it is written here.
            Slot::Stem(mut terms) => *self.stems.entry(terms.swap_remove(0)).or_insert(fresh),
            Slot::Form { ref folded, .. } => {
                let forms = self.forms.entry(folded.clone()).or_default();
                let known = forms.iter().find(|(other, _)| *other == slot).map(|(_, symbol)| *symbol);
                known.unwrap_or_else(|| {
                    forms.push((slot, fresh));
                    fresh
                })
            }
            Slot::Shape(shape) => {
                let known = self.shapes.iter().find(|(other, _)| *other == shape).map(|(_, symbol)| *symbol);
                known.unwrap_or_else(|| {
                    self.shapes.push((shape, fresh));
                    fresh
                })
            }
        };
        self.count += u32::from(symbol == fresh);
        symbol
    }

    /// The symbols that a word is.
    fn symbols(&self, entry: &crate::text::Entry) -> Symbols {
        let mut symbols = [0; 4];
        let stems = entry.stem_terms().filter_map(|term| self.stems.get(term).copied());
        let forms = self.forms.get(entry.folded()).into_iter().flatten();
        let forms = forms.filter(|(slot, _)| slot.accepts(entry)).map(|(_, symbol)| *symbol);
        let shapes = self.shapes.iter().filter(|(shape, _)| shape.accepts(entry)).map(|(_, symbol)| *symbol);
        let mut count = 0;
        for symbol in stems.chain(forms).chain(shapes).take(symbols.len()) {
            symbols[count] = symbol;
            count += 1;
        }
        (symbols, count)
    }

    /// Whether a name begins with the word of a token.
    fn begins(&self, known: &mut Vec<Option<bool>>, analysis: &Analysis<'_>, at: usize) -> bool {
        let token = &analysis.tokens()[at];
        let word = analysis.word_number(token);
        if known.len() <= word {
            known.resize(word + 1, None);
        }
        *known[word].get_or_insert_with(|| {
            let (symbols, count) = self.symbols(analysis.entry(token));
            symbols[..count].iter().any(|symbol| self.next.contains_key(&(0, *symbol)))
        })
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
