//! The property that everything rests on: what a search finds, marks, counts and groups is what a plain loop over all
//! paragraphs says, asked with the one definition of what a question means.
//!
//! Articles of few words in several languages, many of them copies, and questions of every kind are drawn at random. The
//! loop knows no postings, no table and no scan: it holds each article as it was read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use nutgraf::article::{Article, ArticleId, PubDate};
use nutgraf::codebook::{Codebook, Coder, Memory, Part};
use nutgraf::groups::{Near, Normal};
use nutgraf::highlight::highlights;
use nutgraf::index::{Build, Index, Mode, build};
use nutgraf::meaning::{Clause, Coding, Facts, Knowledge, Likeness, Matcher, Sibling, resolve};
use nutgraf::query::{Join, Question};
use nutgraf::read;
use nutgraf::search::answer::{Answer, FacetCount, Hit};
use nutgraf::search::{Request, Sort, search};
use nutgraf::text::{Analyzer, Lang, Shape, detect, folded_words};
use proptest::prelude::*;

/// Everything.
const ALL: usize = 100_000;

/// Words of the texts, by language. Many share a stem, a folded form or the letters of another language's word.
const WORDS: [(&str, &[&str]); 6] = [
    (
        "en",
        &[
            "frozen",
            "Frozen",
            "asset",
            "assets",
            "ASSETS",
            "bank",
            "Banks",
            "banking",
            "US",
            "us",
            "U.S.",
            "Russia",
            "Russia's",
            "Russian",
            "Ukraine",
            "sanctions",
            "sanctioned",
            "open-door",
            "open",
            "door",
            "naïve",
            "naive",
            "2022",
            "3.5",
            "the",
            "The",
            "Die",
            "gift",
            "war",
            "NATO",
            "—",
            "troops",
        ],
    ),
    (
        "de",
        &[
            "Bank",
            "Banken",
            "Vermögen",
            "Vermögens",
            "Straße",
            "Strasse",
            "die",
            "Gift",
            "eingefroren",
            "Russland",
            "Sanktionen",
            "Ukraine",
            "2022",
            "und",
        ],
    ),
    (
        "ru",
        &[
            "санкции",
            "санкций",
            "Россия",
            "России",
            "банк",
            "банка",
            "активы",
            "Украина",
            "Ёлкин",
            "елкин",
            "2022",
            "и",
            "NATO",
        ],
    ),
    ("fr", &["avoirs", "gelés", "gelé", "l'Ukraine", "d’avoirs", "banque", "banques", "Russie", "les", "sanctions"]),
    ("zh", &["制裁", "资产", "冻结资产", "俄罗斯", "银行", "2022"]),
    ("ar", &["روسيا", "وروسيا", "العقوبات", "عقوبات", "البنك", "أوكرانيا"]),
];
const SOURCES: [&str; 4] = ["Sample Wire", "Example Gazette", "The Sample", "wire.example.org"];
const AUTHORS: [&str; 3] = ["Ann Example", "Ben O'Sample", "Ann Sample Example"];
const URLS: [&str; 3] =
    ["https://wire.example.org/2022/a", "https://gazette.example.com/a?b=frozen", "http://example.org/wire"];
const DATES: [&str; 7] = ["2021", "2022", "2022-03", "2022-03-10", "2022-03-11", "2022-12-31", "2023-01-01"];
const GIVEN: [&str; 4] = ["cocoa", "grain", "Grain trade", "a/b"];

/// An article before it is written down.
#[derive(Debug, Clone)]
struct Draft {
    /// The language of its words; stated or to be detected.
    lang: usize,
    stated: bool,
    title: Option<String>,
    paragraphs: Vec<String>,
    source: Option<&'static str>,
    author: Option<&'static str>,
    url: Option<&'static str>,
    date: Option<&'static str>,
    given: Vec<&'static str>,
}

fn text_of(lang: usize) -> impl Strategy<Value = String> {
    let words = prop::collection::vec(prop::sample::select(WORDS[lang].1), 1..16);
    let joins = prop::sample::select(&[" ", " ", " ", ", ", ". ", "; ", " “"][..]);
    (words, joins).prop_map(|(words, join)| words.join(join))
}

fn optional(values: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    prop::option::weighted(0.7, prop::sample::select(values))
}

/// Articles, some of whose paragraphs are copies of others' in another dress.
fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    let draft = (0..WORDS.len()).prop_flat_map(|lang| {
        (
            prop::bool::weighted(0.8),
            prop::option::weighted(0.8, text_of(lang)),
            prop::collection::vec(text_of(lang), 1..5),
            optional(&SOURCES),
            optional(&AUTHORS),
            optional(&URLS),
            optional(&DATES),
            prop::collection::vec(prop::sample::select(&GIVEN[..]), 0..3),
        )
            .prop_map(move |(stated, title, paragraphs, source, author, url, date, given)| Draft {
                lang,
                stated,
                title,
                paragraphs,
                source,
                author,
                url,
                date,
                given,
            })
    });
    let copies = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4_u8), 0..14);
    (prop::collection::vec(draft, 1..14), copies).prop_map(|(mut drafts, copies)| {
        for (from, to, dress) in copies {
            let text = drafts[from.index(drafts.len())].paragraphs[0].clone();
            let text = match dress {
                0 => text.to_uppercase(),
                1 => format!("KYIV, May 28 (Sample Wire) - {text}"),
                2 => format!("“{text}!”"),
                _ => text,
            };
            let to = to.index(drafts.len());
            drafts[to].paragraphs.push(text);
        }
        drafts
    })
}

/// A question before it is written down: some values depend on what the index holds.
#[derive(Debug, Clone)]
enum Ask {
    Text(String),
    /// A group or article of the index, by a number; of its id, so many characters.
    Group(prop::sample::Index),
    Article(prop::sample::Index, usize),
    /// A paragraph of the index, by a number.
    Like(prop::sample::Index),
    Title(Box<Ask>),
    /// What stands before a parenthesis, and what is in it.
    Function(String, Vec<Ask>),
    /// Two with an operator between them.
    Near(Box<Ask>, String, Box<Ask>),
    Not(Box<Ask>),
    All(Vec<Ask>),
    Any(Vec<Ask>),
}

impl Ask {
    fn text(&self, plain: &Plain) -> String {
        let join = |asks: &[Ask], operator: &str| {
            let texts: Vec<String> = asks.iter().map(|ask| ask.text(plain)).collect();
            format!("({})", texts.join(operator))
        };
        match self {
            Ask::Text(text) => text.clone(),
            Ask::Group(place) => format!("group:{}", plain.paragraphs[place.index(plain.paragraphs.len())].group),
            Ask::Article(place, length) => {
                let id = plain.paragraphs[place.index(plain.paragraphs.len())].article.id().to_string();
                format!("article:{}", &id[..*length])
            }
            Ask::Like(place) => format!("LIKE({})", plain.paragraphs[place.index(plain.paragraphs.len())].reference()),
            Ask::Function(name, asks) => format!("{name}{}", join(asks, ", ")),
            Ask::Near(left, sign, right) => format!("({} {sign} {})", left.text(plain), right.text(plain)),
            Ask::Title(inner) => format!("title:({})", inner.text(plain)),
            Ask::Not(inner) => format!("NOT {}", inner.text(plain)),
            Ask::All(asks) => join(asks, " AND "),
            Ask::Any(asks) => join(asks, " OR "),
        }
    }
}

/// Words and phrases with every mark that they may have.
fn words() -> impl Strategy<Value = Ask> {
    let all: Vec<&'static str> = WORDS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
    let word = prop::sample::select(all);
    let mark = prop::sample::select(&["", "", "", "=", "=="][..]);
    let wild = prop::sample::select(
        &[
            "sanct*",
            "ban?",
            "ba*k",
            "fro?en",
            "russ*",
            "санк*",
            "ба?к*",
            "الع*",
            "gel*",
            "Ver*n",
            "open-do*",
            "u.s*",
            "20*",
            "NA*",
        ][..],
    );
    let fuzzy = prop::sample::select(
        &["frozne~1", "asset~1", "banks~2", "russia~0", "русиа~2", "санкцыи~1", "gelle~1", "natto~1", "Straße~1"][..],
    );
    prop_oneof![
        2 => (mark.clone(), prop_oneof![wild.clone(), fuzzy]).prop_map(|(mark, word)| Ask::Text(format!("{mark}{word}"))),
        1 => (mark.clone(), word.clone(), wild, any::<bool>()).prop_map(|(mark, word, wild, first)| {
            Ask::Text(if first { format!("{mark}\"{wild} {word}\"") } else { format!("{mark}\"{word} {wild}\"") })
        }),
        1 => (mark.clone(), prop::collection::vec(word.clone(), 2..5), 0..4_u8)
            .prop_map(|(mark, words, others)| Ask::Text(format!("{mark}\"{}\"~{others}", words.join(" ")))),
        6 => (mark.clone(), word.clone()).prop_map(|(mark, word)| Ask::Text(format!("{mark}\"{word}\""))),
        // Neighbours are more likely within a language.
        4 => (mark, (0..WORDS.len()).prop_flat_map(|lang| prop::collection::vec(prop::sample::select(WORDS[lang].1), 2..4)))
            .prop_map(|(mark, words)| Ask::Text(format!("{mark}\"{}\"", words.join(" ")))),
    ]
}

fn fields() -> impl Strategy<Value = Ask> {
    let compare = prop::sample::select(&[">=", "<=", ">", "<", ""][..]);
    let date = prop::sample::select(&DATES[..]);
    let one_of = |values: &'static [&'static str]| prop::sample::select(values);
    let quoted = |field: &'static str, values: &'static [&'static str]| {
        prop::sample::select(values).prop_map(move |value| Ask::Text(format!("{field}:\"{value}\"")))
    };
    prop_oneof![
        quoted("source", &["sample", "wire", "sample wire", "SAMPLE", "gazette sample", "wire.example.org", "org"]),
        quoted("author", &["ann", "example", "sample example", "o'sample", "ann example"]),
        quoted("url", &["example.org", "gazette", "https://wire.example.org/2022/a", "frozen", "2022/a"]),
        quoted("lang", &["en", "de", "ru", "zh", "fr", "und", "sw"]),
        quoted("actor", &["russia", "/russia", "ukraine", "nato", "united-states", "/nowhere", "rusland"]),
        quoted("topic", &["/economy/sanctions", "sanctions", "/economy", "frozen assets", "/nothing"]),
        quoted("given", &["cocoa", "/topics/cocoa", "grain trade", "topics", "topics/grain", "wheat"]),
        (compare, date.clone()).prop_map(|(compare, date)| Ask::Text(format!("date:{compare}{date}"))),
        (date.clone(), date).prop_map(|(from, to)| Ask::Text(format!("date:{}..{}", from.min(to), from.max(to)))),
        Just(Ask::Text("date:undated".to_owned())),
        (one_of(&[">", "<", ">=", "<="]), 0..9_u8).prop_map(|(compare, n)| Ask::Text(format!("words:{compare}{n}"))),
        (0..4_u8, 4..9_u8).prop_map(|(from, to)| Ask::Text(format!("words:{from}..{to}"))),
        any::<prop::sample::Index>().prop_map(Ask::Group),
        (any::<prop::sample::Index>(), 1..=12_usize).prop_map(|(place, length)| Ask::Article(place, length)),
    ]
}

/// What has places in a text.
fn placed() -> impl Strategy<Value = Ask> {
    let signs = &["W/1", "W/3", "W/9", "PRE/1", "PRE/4", "W/S", "PRE/S", "W/P", "PRE/P"][..];
    words().prop_recursive(3, 8, 3, move |inner| {
        let sign = (prop::bool::weighted(0.25), prop::sample::select(signs));
        let near = (inner.clone(), sign, inner.clone());
        let some = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            5 => near.prop_map(|(left, (not, sign), right)| {
                let sign = if not { format!("NOT {sign}") } else { sign.to_owned() };
                Ask::Near(Box::new(left), sign, Box::new(right))
            }),
            2 => some.clone().prop_map(Ask::Any),
            1 => (1..4_u8, inner.clone()).prop_map(|(n, inner)| Ask::Function(format!("ATLEAST/{n}"), vec![inner])),
            1 => (1..9_u8, inner).prop_map(|(n, inner)| Ask::Function(format!("FIRST/{n}"), vec![inner])),
            1 => (1..3_u8, some).prop_map(|(n, some)| Ask::Function(format!("{n} OF "), some)),
        ]
    })
}

fn tree<S: Strategy<Value = Ask> + 'static>(leaf: S) -> impl Strategy<Value = Ask> {
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 2..4).prop_map(Ask::All),
            3 => prop::collection::vec(inner.clone(), 2..4).prop_map(Ask::Any),
            1 => (1..3_u8, prop::collection::vec(inner.clone(), 2..4))
                .prop_map(|(n, asks)| Ask::Function(format!("{n} OF "), asks)),
            1 => inner.prop_map(|inner| Ask::Not(Box::new(inner))),
        ]
    })
}

fn questions() -> impl Strategy<Value = Vec<Ask>> {
    let title = tree(prop_oneof![words(), placed()]).prop_map(|inner| Ask::Title(Box::new(inner))).boxed();
    let leaf = || prop_oneof![5 => words(), 5 => placed(), 4 => fields(), 1 => title.clone()];
    let article = tree(leaf()).prop_map(|inner| Ask::Function("ARTICLE".to_owned(), vec![inner]));
    let like = any::<prop::sample::Index>().prop_map(Ask::Like);
    prop::collection::vec(tree(prop_oneof![14 => leaf(), 2 => article, 1 => like]), 60)
}

/// A paragraph as the loop knows it.
struct Paragraph {
    article: Article,
    number: u32,
    text: String,
    lang: Lang,
    print: u128,
    group: String,
    actors: Vec<String>,
    topics: Vec<String>,
    given: Vec<String>,
}

/// All paragraphs, in the order of articles read.
struct Plain {
    paragraphs: Vec<Paragraph>,
    langs: Vec<Lang>,
    codebook: Codebook,
}

impl Plain {
    fn of(articles: Vec<Article>, codebook: Codebook) -> Plain {
        let coder = Coder::new(codebook.clone());
        let (mut analyzer, mut memory) = (Analyzer::default(), Memory::default());
        let mut paragraphs = Vec::new();
        let mut langs = BTreeSet::new();
        for article in articles {
            let headline = (!article.title.is_empty()).then(|| (0, article.title.clone()));
            let texts: Vec<(u32, String)> = headline.into_iter().chain((1..).zip(article.paragraphs.clone())).collect();
            let stated = article.lang.as_deref().and_then(|code| code.parse().ok());
            let lang = stated.unwrap_or_else(|| detect(texts.iter().map(|(_, text)| text.as_str())));
            langs.insert(lang);
            let given: BTreeSet<String> = article
                .given
                .iter()
                .map(|given| format!("/{}/{}", given.kind, given.value.replace('/', "\\/")))
                .collect();
            for (number, text) in texts {
                let codes = coder.codes(&mut memory, &analyzer.analyze(&text, lang), article.date);
                let mut paths = [codes.actors, codes.topics].map(|codes| {
                    codes.into_iter().map(|code| code.path).collect::<BTreeSet<_>>().into_iter().collect()
                });
                let print = Normal::of(&text).fingerprint();
                paragraphs.push(Paragraph {
                    article: article.clone(),
                    number,
                    lang,
                    print,
                    group: format!("g{}", ArticleId::from_bits(print as u64)),
                    actors: std::mem::take(&mut paths[0]),
                    topics: std::mem::take(&mut paths[1]),
                    given: given.iter().cloned().collect(),
                    text,
                });
            }
        }
        Plain { paragraphs, langs: langs.into_iter().collect(), codebook }
    }

    /// What a question means here.
    fn clause(&self, question: &Question) -> Option<Clause> {
        resolve(&question.text, &question.tree, self).ok().map(|resolved| resolved.clause)
    }

    /// Codes given by sources: a whole path that some paragraph has, or the last part of some.
    fn given(&self, typed: &str) -> Result<Vec<String>, Vec<String>> {
        let paths: BTreeSet<&str> = self
            .paragraphs
            .iter()
            .flat_map(|paragraph| &paragraph.given)
            .flat_map(|path| with_ancestors(path))
            .collect();
        let whole = format!("/{}", typed.trim_start_matches('/'));
        if paths.contains(whole.as_str()) {
            return Ok(vec![whole]);
        }
        let last = |path: &&str| folded_words(path.rsplit('/').next().unwrap_or_default()) == folded_words(typed);
        let found: Vec<String> = paths.into_iter().filter(last).map(str::to_owned).collect();
        if found.is_empty() { Err(Vec::new()) } else { Ok(found) }
    }

    /// The loop: each paragraph that the clause accepts, with what it marks.
    fn matching<'a>(&'a self, clause: &Clause) -> Vec<(&'a Paragraph, Vec<Range<usize>>)> {
        let (mut analyzer, mut matcher) = (Analyzer::default(), Matcher::default());
        let mut found = Vec::new();
        for paragraph in &self.paragraphs {
            let article = &paragraph.article;
            let siblings = self.paragraphs.iter().filter(|other| other.article.id() == article.id());
            let siblings: Vec<Sibling> = siblings
                .map(|other| Sibling {
                    text: other.text.clone(),
                    actors: other.actors.clone(),
                    topics: other.topics.clone(),
                    group: other.group.clone(),
                })
                .collect();
            let facts = Facts {
                title: &article.title,
                actors: &paragraph.actors,
                topics: &paragraph.topics,
                given: &paragraph.given,
                source: article.source.as_deref(),
                author: article.author.as_deref(),
                url: article.url.as_deref(),
                date: article.date,
                group: &paragraph.group,
                article: Some(article.id()),
                siblings: &siblings,
            };
            let tokens = analyzer.analyze(&paragraph.text, paragraph.lang);
            if matcher.matches(clause, &tokens, &facts).is_some() {
                found.push((paragraph, highlights(clause, &tokens, &facts)));
            }
        }
        found
    }
}

impl Knowledge for Plain {
    fn langs(&self) -> &[Lang] {
        &self.langs
    }

    fn codes(&self, coding: Coding, typed: &str) -> Result<Vec<String>, Vec<String>> {
        let part = match coding {
            Coding::Actor => Part::Actors,
            Coding::Topic => Part::Topics,
            Coding::Given => return self.given(typed),
        };
        Ok(self.codebook.resolve(part, typed)?.into_iter().map(|id| format!("/{id}")).collect())
    }

    fn forms(&self, shape: &Shape) -> u64 {
        let mut analyzer = Analyzer::default();
        let mut forms = BTreeSet::new();
        for paragraph in &self.paragraphs {
            let tokens = analyzer.analyze(&paragraph.text, paragraph.lang);
            let entries = tokens.tokens().iter().map(|token| tokens.entry(token));
            forms.extend(entries.filter(|entry| shape.accepts(entry)).map(|entry| entry.folded().to_owned()));
        }
        forms.len() as u64
    }

    fn likeness(&self, reference: &str) -> Option<Likeness> {
        let paragraph = self.paragraphs.iter().find(|paragraph| paragraph.reference() == reference)?;
        let mut analyzer = Analyzer::default();
        let mut stems = |paragraph: &Paragraph| -> Vec<Vec<String>> {
            let tokens = analyzer.analyze(&paragraph.text, paragraph.lang);
            let stems = |token| tokens.entry(token).stem_terms().map(str::to_owned).collect();
            tokens.tokens().iter().map(stems).collect()
        };
        let all: Vec<BTreeSet<String>> =
            self.paragraphs.iter().map(|other| stems(other).into_iter().flatten().collect()).collect();
        let mut met = BTreeSet::new();
        let mut words = Vec::new();
        let tokens = stems(paragraph);
        let ranges = analyzer.analyze(&paragraph.text, paragraph.lang).tokens().to_vec();
        for (place, (token, stems)) in ranges.iter().zip(&tokens).enumerate() {
            let found = all.iter().filter(|other| other.contains(&stems[0])).count();
            if met.insert(stems[0].clone()) && found > 1 {
                words.push((found, place, paragraph.text[token.range()].to_owned()));
            }
        }
        words.sort();
        words.truncate(20);
        let words = words.into_iter().map(|(_, _, word)| word).collect();
        Some(Likeness { lang: paragraph.lang, words, group: paragraph.group.clone() })
    }
}

impl Paragraph {
    fn reference(&self) -> String {
        format!("{}#{}", self.article.id(), self.number)
    }

    fn digits(&self) -> u32 {
        self.article.date.map_or(0, PubDate::digits)
    }

    /// Oldest first, undated last.
    fn age(&self) -> (bool, u32, ArticleId, u32) {
        (self.article.date.is_none(), self.digits(), self.article.id(), self.number)
    }

    fn facets(&self, field: &str) -> Vec<String> {
        match field {
            "actor" => self.actors.clone(),
            "topic" => self.topics.clone(),
            "given" => self.given.clone(),
            "date" => vec![self.article.date.map_or_else(|| "/undated".to_owned(), PubDate::facet)],
            "source" => self.article.source.iter().map(|source| format!("/{source}")).collect(),
            "lang" => vec![format!("/{}", self.lang)],
            other => panic!("no facet {other}"),
        }
    }
}

/// A path and all above it; a slash inside a name is escaped.
fn with_ancestors(path: &str) -> impl Iterator<Item = &str> {
    let cuts = path.match_indices('/').map(|(at, _)| at).filter(move |at| *at > 0 && !path[..*at].ends_with('\\'));
    cuts.chain([path.len()]).map(move |at| &path[..at])
}

/// Writes the drafts down, reads them back and builds an index of them.
fn world(drafts: &[Draft], folder: &std::path::Path) -> (Plain, Index) {
    let corpus = folder.join("corpus");
    std::fs::create_dir(&corpus).expect("a folder");
    // Three files, so that an index of two threads has more than one segment.
    let mut files = vec![String::new(); 3];
    for (place, draft) in drafts.iter().enumerate() {
        let mut record = serde_json::json!({
            "id": format!("r{place}"),
            "title": draft.title,
            "text": draft.paragraphs.join("\n\n"),
            "source": draft.source,
            "author": draft.author,
            "url": draft.url,
            "date": draft.date,
            "topics": draft.given,
        });
        if draft.stated {
            record["lang"] = WORDS[draft.lang].0.into();
        }
        files[place % 3] += &format!("{record}\n");
    }
    for (name, text) in ["a.jsonl", "b.jsonl", "c.jsonl"].iter().zip(&files) {
        if !text.is_empty() {
            std::fs::write(corpus.join(name), text).expect("a file");
        }
    }
    let options = read::Options::new(PubDate::of_day(2025, 1, 1).expect("a day"));
    let mut articles = Vec::new();
    for source in read::walk(&corpus, &options).expect("a folder").sources {
        read::records(&source, &options, &mut |record| {
            if let Ok((article, _)) = record.expect("a record").read(&options) {
                articles.push(article);
            }
            std::ops::ControlFlow::Continue(())
        });
    }
    let codebook = Codebook::conflict();
    let work = Build {
        roots: vec![corpus],
        mode: Mode::Rebuild,
        dry_run: false,
        now: std::time::SystemTime::now(),
        read: options,
        threads: 2,
        memory: 64 << 20,
        codebook: codebook.clone(),
        near: Some(Near::OFF),
    };
    build(&folder.join("index"), &work, &|_| {}).expect("a build");
    (Plain::of(articles, codebook), Index::open(&folder.join("index")).expect("an index"))
}

/// The orders of answers, each with whether all copies are shown.
const WAYS: [(Sort, bool); 6] = [
    (Sort::Relevance, false),
    (Sort::Oldest, true),
    (Sort::Newest, true),
    (Sort::Relevance, true),
    (Sort::Oldest, false),
    (Sort::Newest, false),
];

const FACETS: [&str; 6] = ["actor", "topic", "date", "source", "lang", "given"];

fn naive_facets(matching: &[&Paragraph], field: &str) -> Vec<FacetCount> {
    let mut of_path: BTreeMap<String, Vec<&Paragraph>> = BTreeMap::new();
    for paragraph in matching {
        let facets = paragraph.facets(field);
        let paths: BTreeSet<&str> = facets.iter().flat_map(|path| with_ancestors(path)).collect();
        for path in paths {
            of_path.entry(path.to_owned()).or_default().push(paragraph);
        }
    }
    let mut counts: Vec<FacetCount> = of_path
        .into_iter()
        .map(|(path, paragraphs)| FacetCount {
            path,
            groups: distinct(&paragraphs, |paragraph| paragraph.print),
            paragraphs: paragraphs.len() as u64,
            articles: distinct(&paragraphs, |paragraph| paragraph.article.id()),
        })
        .collect();
    counts.sort_by(|a, b| (b.groups, b.paragraphs).cmp(&(a.groups, a.paragraphs)).then_with(|| a.path.cmp(&b.path)));
    counts
}

fn distinct<T: Ord>(paragraphs: &[&Paragraph], key: impl Fn(&Paragraph) -> T) -> u64 {
    paragraphs.iter().map(|paragraph| key(paragraph)).collect::<BTreeSet<T>>().len() as u64
}

/// Each group once: its best score and its oldest member.
fn grouped<'a>(scores: &[(f64, &'a Paragraph)]) -> Vec<(f64, &'a Paragraph)> {
    let mut groups: BTreeMap<u128, (f64, &Paragraph)> = BTreeMap::new();
    for (score, paragraph) in scores {
        let group = groups.entry(paragraph.print).or_insert((*score, paragraph));
        let oldest = if paragraph.age() < group.1.age() { paragraph } else { group.1 };
        *group = (score.max(group.0), oldest);
    }
    groups.into_values().collect()
}

/// The order of hits: what is asked for, then the newest, then article and paragraph; what is undated comes last.
fn sorted(mut hits: Vec<(f64, &Paragraph)>, sort: Sort) -> Vec<(f64, &Paragraph)> {
    hits.sort_by(|(score, paragraph), (other_score, other)| {
        let best = other_score.total_cmp(score);
        let newest = other.digits().cmp(&paragraph.digits());
        let oldest =
            (paragraph.article.date.is_none(), paragraph.digits()).cmp(&(other.article.date.is_none(), other.digits()));
        let first = match sort {
            Sort::Relevance => best,
            Sort::Oldest => oldest.then(best),
            Sort::Newest => newest.then(best),
        };
        let place = |paragraph: &Paragraph| (paragraph.article.id(), paragraph.number);
        first.then(newest).then(place(paragraph).cmp(&place(other)))
    });
    hits
}

fn shown(hits: &[Hit]) -> Vec<(String, f64)> {
    hits.iter().map(|hit| (hit.reference.to_string(), hit.score)).collect()
}

/// Asks the index and the loop the same, and compares all that they say.
fn compare(plain: &Plain, index: &Index, text: &str, way: (Sort, bool)) -> Result<bool, TestCaseError> {
    let Ok(question) = Question::read(text, Join::All) else { return Ok(false) };
    let ask = |change: &dyn Fn(&mut Request)| {
        let mut request = Request::new(question.clone());
        request.limit = ALL;
        change(&mut request);
        search(index, &request)
    };
    let Some(clause) = plain.clause(&question) else {
        prop_assert!(ask(&|_| {}).is_err(), "{}: refused by the loop alone", text);
        return Ok(false);
    };
    let expected = plain.matching(&clause);
    let by_ref: BTreeMap<String, &Paragraph> =
        plain.paragraphs.iter().map(|paragraph| (paragraph.reference(), paragraph)).collect();

    // Which paragraphs, what is marked in them, and what is said of them.
    let all = ask(&|request| {
        request.all_copies = true;
        request.facets = FACETS.map(str::to_owned).to_vec();
    });
    let all: Answer = all.map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
    let found: BTreeMap<String, Vec<Range<usize>>> =
        all.hits.iter().map(|hit| (hit.reference.to_string(), hit.highlights.clone())).collect();
    let marks: BTreeMap<String, Vec<Range<usize>>> =
        expected.iter().map(|(paragraph, marks)| (paragraph.reference(), marks.clone())).collect();
    prop_assert_eq!(&found, &marks, "{}", text);
    prop_assert_eq!(all.hits.len(), found.len(), "{}: a paragraph is found twice", text);
    for hit in &all.hits {
        let paragraph = by_ref[&hit.reference.to_string()];
        prop_assert_eq!((&hit.text, &hit.actors, &hit.topics), (&paragraph.text, &paragraph.actors, &paragraph.topics));
        prop_assert_eq!(&hit.duplicates.group, &paragraph.group);
        prop_assert_eq!(&hit.article.lang, paragraph.lang.code());
        prop_assert!(hit.score.is_finite() && hit.score >= 0.0);
    }

    // How much.
    let matching: Vec<&Paragraph> = expected.iter().map(|(paragraph, _)| *paragraph).collect();
    let total = &all.total;
    prop_assert_eq!(total.paragraphs, matching.len() as u64, "{}", text);
    prop_assert_eq!(total.groups, distinct(&matching, |paragraph| paragraph.print), "{}", text);
    prop_assert_eq!(total.articles, distinct(&matching, |paragraph| paragraph.article.id()), "{}", text);
    let sources: BTreeSet<&String> =
        matching.iter().filter_map(|paragraph| paragraph.article.source.as_ref()).collect();
    prop_assert_eq!(total.sources, sources.len() as u64, "{}", text);
    for (counts, field) in all.facets.iter().zip(FACETS) {
        prop_assert_eq!(&counts.values, &naive_facets(&matching, field), "{} of {}", field, text);
    }

    // In which order, each group once or all of it, and in pages.
    let (sort, all_copies) = way;
    let scores: Vec<(f64, &Paragraph)> =
        all.hits.iter().map(|hit| (hit.score, by_ref[&hit.reference.to_string()])).collect();
    let naive = if all_copies { scores } else { grouped(&scores) };
    let naive: Vec<(String, f64)> =
        sorted(naive, sort).into_iter().map(|(score, paragraph)| (paragraph.reference(), score)).collect();
    let ask = |offset: usize, limit: usize| {
        let answer = ask(&|request| {
            (request.all_copies, request.sort) = (all_copies, sort);
            (request.offset, request.limit) = (offset, limit);
        });
        answer.map_err(|error| TestCaseError::fail(format!("{text}: {error}")))
    };
    let whole = ask(0, ALL)?;
    prop_assert_eq!(&shown(&whole.hits), &naive, "{} by {:?}, all copies: {}", text, sort, all_copies);
    prop_assert_eq!(whole.total, all.total);
    let of_group = |paragraphs: &[&Paragraph], print: u128| {
        paragraphs.iter().filter(|paragraph| paragraph.print == print).count() as u64
    };
    let everything: Vec<&Paragraph> = plain.paragraphs.iter().collect();
    for hit in &whole.hits {
        let print = by_ref[&hit.reference.to_string()].print;
        prop_assert_eq!(hit.duplicates.copies, of_group(&everything, print), "{}", text);
        prop_assert_eq!(hit.duplicates.matching, of_group(&matching, print), "{}", text);
        prop_assert_eq!(hit.duplicates.others.len() as u64, (hit.duplicates.copies - 1).min(20), "{}", text);
    }
    for (size, most) in [(1, 2), (3, 7)] {
        let mut pages = Vec::new();
        for offset in (0..whole.hits.len().min(most)).step_by(size) {
            let page = ask(offset, size)?;
            prop_assert_eq!(page.total, all.total);
            pages.extend(page.hits);
        }
        let whole = &whole.hits[..pages.len().min(whole.hits.len())];
        prop_assert_eq!(&pages, whole, "{} by {:?}, all copies: {}, pages of {}", text, sort, all_copies, size);
    }
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10,
        failure_persistence: None,
        max_shrink_iters: 300,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_search_says_what_a_plain_loop_says(drafts in drafts(), asks in questions()) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (plain, index) = world(&drafts, folder.path());
        prop_assume!(!plain.paragraphs.is_empty());
        let holdings = nutgraf::search::holdings(&index);
        let everything: Vec<&Paragraph> = plain.paragraphs.iter().collect();
        prop_assert_eq!(holdings.paragraphs, everything.len() as u64);
        prop_assert_eq!(holdings.groups, distinct(&everything, |paragraph| paragraph.print));
        prop_assert_eq!(holdings.articles, distinct(&everything, |paragraph| paragraph.article.id()));
        let mut answered = 0;
        for (ask, way) in asks.iter().zip(WAYS.iter().cycle()) {
            answered += u32::from(compare(&plain, &index, &ask.text(&plain), *way)?);
        }
        prop_assert!(answered > 10, "only {} questions could be asked", answered);
    }
}
