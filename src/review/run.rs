//! A protocol run against an index: every query asked, what they found put together into records, decisions laid over.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use hashbrown::HashMap;

use super::decisions::Decisions;
use super::flow::{Flow, Stage, tally};
use super::protocol::{Protocol, RecordUnit};
use crate::article::ArticleId;
use crate::error::{Error, Result};
use crate::index::{Index, NONE};
use crate::meaning::Clause;
use crate::query::Dialect;
use crate::search::answer::{Hit, Holdings, Totals};
use crate::search::{
    self, Arrivals, Documents, Fetch, Found, Request, Selection, locate, read_group_id, reference, select,
};

/// A review that was run.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// What it is about.
    pub title: String,
    /// What counts as one record.
    pub unit: RecordUnit,
    /// What the index holds.
    pub index: Holdings,
    /// Its queries, in the order of the protocol.
    pub queries: Vec<QueryResult>,
    /// Its records, each once: newest article first, undated last, then by article and paragraph.
    pub records: Vec<Record>,
    /// How many there are at each step.
    pub flow: Flow,
    /// Decisions that have no effect, each with its file and line, and why.
    pub idle: Vec<String>,
}

/// What a query was and found.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryResult {
    /// Its name.
    pub name: String,
    /// The query as it is written.
    pub text: String,
    /// What it is written in.
    pub dialect: Dialect,
    /// The query as it was read, filters included, wildcards counted.
    pub read_as: String,
    /// The wildcards and fuzzy words, each with the folded forms that it stands for, sorted.
    pub forms: BTreeMap<String, Vec<String>>,
    /// How much it found.
    pub total: Totals,
    /// How many records it found.
    pub records: u64,
    /// How many of them no other query found.
    pub alone: u64,
}

/// A record: what is screened as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its id: that of the group or article, or the reference of the paragraph.
    pub id: String,
    /// The paragraph that stands for it, with the words marked that made the queries find it; ranked from 1 by place.
    pub hit: Hit,
    /// The queries that found any of it, by place, ascending.
    pub queries: Vec<usize>,
    /// How many of its paragraphs were found.
    pub paragraphs: u64,
    /// What was decided of it in each stage.
    pub decided: Vec<Option<Decided>>,
}

/// What was decided of a record in one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Whether it was included.
    pub included: bool,
    /// Why, if that was said.
    pub reason: Option<String>,
}

impl Record {
    /// What all stages together say of it: the first that does not include it, if there is one.
    pub fn verdict(&self) -> Verdict {
        let verdict = self.decided.iter().enumerate().find_map(|(stage, decided)| match decided {
            None => Some(Verdict::Undecided { stage }),
            Some(Decided { included: false, reason }) => Some(Verdict::Excluded { stage, reason: reason.clone() }),
            Some(_) => None,
        });
        verdict.unwrap_or(Verdict::Included)
    }
}

/// What all stages together say of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing yet, in this stage.
    Undecided {
        /// The stage that it has come to, by place.
        stage: usize,
    },
    /// It was excluded.
    Excluded {
        /// In which stage, by place.
        stage: usize,
        /// Why.
        reason: Option<String>,
    },
    /// Every stage included it.
    Included,
}

/// What stands for one record: the number of a group, article or document.
type Key = u32;

/// A record before its text is fetched.
struct Draft {
    key: Key,
    /// The paragraph that stands for it.
    shown: u32,
    documents: Vec<u32>,
    queries: Vec<usize>,
}

/// Runs a protocol; only over articles that came, if some are named.
///
/// # Errors
///
/// When a query names what the index does not have, when decisions contradict each other or belong to no stage, or when the
/// index is damaged.
pub fn review(
    index: &Index,
    protocol: &Protocol,
    decisions: &[Decisions],
    among: Option<Arc<Arrivals>>,
) -> Result<Review> {
    let mut selections = Vec::with_capacity(protocol.queries.len());
    for query in &protocol.queries {
        let selection = select(index, &query.question, among.as_deref());
        selections.push(selection.map_err(|error| in_query(error, &query.name))?);
    }
    let found = Union::of(&selections);
    let table = &index.table;
    let boilerplate = |document: &u32| table.group(*document) < table.counts.boilerplate;
    let drafts = drafts(index, protocol.unit, &found);

    let request = Request { among, ..Request::default() };
    let matching = found.set(table.counts.documents);
    let mut fetch = Fetch::new(index, &matching, &request)?;
    let mut records = Vec::with_capacity(drafts.len());
    // What marks the words of a paragraph: all queries that found it, and mostly it is the same ones.
    let mut clauses: HashMap<&[usize], Clause> = HashMap::new();
    for (draft, rank) in drafts.iter().zip(1..) {
        let (score, by) = &found.of[&draft.shown];
        let any = || Clause::Any(by.iter().map(|query| selections[*query].clause.clone()).collect());
        let clause = clauses.entry(by).or_insert_with(any);
        let hit = fetch.hit(Found { document: draft.shown, score: *score }, rank, clause)?;
        records.push(Record {
            id: id(index, protocol.unit, draft, &hit),
            hit,
            queries: draft.queries.clone(),
            paragraphs: draft.documents.len() as u64,
            decided: vec![None; protocol.stages.len()],
        });
    }

    let by_key: HashMap<Key, usize> = drafts.iter().map(|draft| draft.key).zip(0..).collect();
    let board = Board { index, protocol, by_key, by_id: by_id(&records) };
    let idle = board.decide(decisions, &mut records)?;

    let source = |document: &u32| {
        let source = table.source(table.article(*document));
        (source != NONE).then(|| index.manifest().sources[source as usize].clone())
    };
    let named = protocol.queries.iter().map(|query| query.name.clone());
    let by_query: Vec<(String, u64)> =
        named.zip(selections.iter().map(|selection| selection.found.len() as u64)).collect();
    let identified = by_query.iter().map(|(_, found)| found).sum();
    let paragraphs = found.of.len() as u64;
    let boilerplate = found.of.keys().filter(|document| boilerplate(document)).count() as u64;
    let stages = stages(protocol, &records);
    let flow = Flow {
        by_query,
        identified,
        found_again: identified - paragraphs,
        paragraphs,
        by_source: tally(found.of.keys().map(source)),
        boilerplate,
        merged: paragraphs - boilerplate - records.len() as u64,
        records: records.len() as u64,
        included: stages.last().map_or(0, |stage| stage.included),
        stages,
    };
    let queries = protocol.queries.iter().zip(selections).enumerate().map(|(place, (query, selection))| {
        let found = || records.iter().filter(|record| record.queries.contains(&place));
        QueryResult {
            name: query.name.clone(),
            text: query.text.clone(),
            dialect: query.dialect,
            read_as: selection.read_as,
            forms: selection.forms,
            total: selection.total,
            records: found().count() as u64,
            alone: found().filter(|record| record.queries.len() == 1).count() as u64,
        }
    });
    Ok(Review {
        title: protocol.title.clone(),
        unit: protocol.unit,
        index: search::holdings(index),
        queries: queries.collect(),
        records,
        flow,
        idle,
    })
}

/// An error that says in which query it is.
fn in_query(error: Error, name: &str) -> Error {
    match error {
        Error::Query(mut fault) => {
            fault.message = format!("in query {name}: {}", fault.message);
            Error::Query(fault)
        }
        other => other,
    }
}

/// What the queries found together: of each document its best score, and who found it, ascending.
struct Union {
    of: HashMap<u32, (u32, Vec<usize>)>,
}

impl Union {
    fn of(selections: &[Selection]) -> Union {
        let mut of: HashMap<u32, (u32, Vec<usize>)> = HashMap::new();
        for (place, selection) in selections.iter().enumerate() {
            for found in &selection.found {
                let (score, by) = of.entry(found.document).or_default();
                *score = found.score.max(*score);
                by.push(place);
            }
        }
        Union { of }
    }

    fn set(&self, documents: u32) -> Documents {
        let mut set = Documents::none_of(documents);
        for document in self.of.keys() {
            set.insert(*document);
        }
        set
    }
}

fn key(index: &Index, unit: RecordUnit, document: u32) -> Key {
    match unit {
        RecordUnit::Group => index.table.group(document),
        RecordUnit::Article => index.table.article(document),
        RecordUnit::Paragraph => document,
    }
}

/// Puts what was found together, in the order of records. Boilerplate is no record.
fn drafts(index: &Index, unit: RecordUnit, found: &Union) -> Vec<Draft> {
    let table = &index.table;
    let mut documents: Vec<(Key, u32)> = found
        .of
        .keys()
        .filter(|document| table.group(**document) >= table.counts.boilerplate)
        .map(|document| (key(index, unit, *document), *document))
        .collect();
    documents.sort_unstable();
    let mut drafts: Vec<Draft> = documents
        .chunk_by(|a, b| a.0 == b.0)
        .map(|chunk| {
            let key = chunk[0].0;
            let documents: Vec<u32> = chunk.iter().map(|(_, document)| *document).collect();
            let mut queries: Vec<usize> =
                documents.iter().flat_map(|document| &found.of[document].1).copied().collect();
            queries.sort_unstable();
            queries.dedup();
            let oldest = || table.members(key).find(|member| found.of.contains_key(member));
            let best = || {
                documents.iter().copied().max_by_key(|document| {
                    let (score, by) = &found.of[document];
                    // A headline stands for its article only where nothing else does.
                    (table.paragraph(*document) > 0, by.len(), *score, std::cmp::Reverse(*document))
                })
            };
            let shown = if unit == RecordUnit::Group { oldest() } else { best() };
            Draft { key, shown: shown.expect("a chunk has a document"), documents, queries }
        })
        .collect();
    // Articles are numbered in the order of answers.
    drafts.sort_unstable_by_key(|draft| (table.article(draft.shown), table.paragraph(draft.shown)));
    drafts
}

fn id(index: &Index, unit: RecordUnit, draft: &Draft, hit: &Hit) -> String {
    match unit {
        RecordUnit::Group => hit.duplicates.group.clone(),
        RecordUnit::Article => hit.article.id.to_string(),
        RecordUnit::Paragraph => reference(index, draft.shown).to_string(),
    }
}

fn by_id(records: &[Record]) -> HashMap<String, usize> {
    records.iter().map(|record| record.id.clone()).zip(0..).collect()
}

/// What decisions are laid on: the records, by all that may name them.
struct Board<'a> {
    index: &'a Index,
    protocol: &'a Protocol,
    by_key: HashMap<Key, usize>,
    by_id: HashMap<String, usize>,
}

impl Board<'_> {
    /// Lays decisions on the records; tells which of them have no effect.
    fn decide(&self, decisions: &[Decisions], records: &mut [Record]) -> Result<Vec<String>> {
        // Where each was decided upon, to tell of contradictions.
        let mut places: BTreeMap<(usize, usize), (&str, u64)> = BTreeMap::new();
        let mut idle = Vec::new();
        for file in decisions {
            for row in &file.rows {
                let wrong =
                    |what: String| Error::Input { path: Path::new(&file.file).into(), line: Some(row.line), what };
                let stage = self.stage(row.stage.as_deref().or(file.stage.as_deref())).map_err(wrong)?;
                let mut record = None;
                for name in &row.names {
                    record = self.record(name)?;
                    if record.is_some() {
                        break;
                    }
                }
                let Some(record) = record else {
                    let name = row.names.first().map_or("it names none", String::as_str);
                    idle.push(format!("{}:{}: no record of this review: {name}", file.file, row.line));
                    continue;
                };
                let decided = &mut records[record].decided[stage];
                if decided.as_ref().is_some_and(|known| known.included != row.included) {
                    let (file, line) = places[&(record, stage)];
                    return Err(wrong(format!("this record was decided upon otherwise in {file}:{line}")));
                }
                if let Some(known) = decided {
                    if known.reason != row.reason && row.reason.is_some() {
                        let (other, line) = places[&(record, stage)];
                        idle.push(format!("{}:{}: {other}:{line} has another reason", file.file, row.line));
                    }
                } else {
                    *decided = Some(Decided { included: row.included, reason: row.reason.clone() });
                    places.insert((record, stage), (&file.file, row.line));
                }
            }
        }
        for ((record, stage), (file, line)) in places {
            let reached = match records[record].verdict() {
                Verdict::Undecided { stage } | Verdict::Excluded { stage, .. } => stage,
                Verdict::Included => stage,
            };
            if stage > reached {
                idle.push(format!("{file}:{line}: an earlier stage has not included this record"));
            }
        }
        Ok(idle)
    }

    fn stage(&self, named: Option<&str>) -> Result<usize, String> {
        let stages = self.protocol.stages.join(", ");
        match named {
            Some(name) => self.protocol.stage(name).ok_or(format!("there is no stage {name}; there is {stages}")),
            None if self.protocol.stages.len() == 1 => Ok(0),
            None => Err(format!("in which stage? Give --decisions STAGE=FILE, or a column stage; there is {stages}")),
        }
    }

    /// The record that is meant: by its id, or by that of a paragraph that is part of it now.
    fn record(&self, name: &str) -> Result<Option<usize>> {
        if let Some(record) = self.by_id.get(name) {
            return Ok(Some(*record));
        }
        // A group is known by its oldest member, which may have an older one beside it now.
        if let Some(print) = read_group_id(name) {
            let member = self.index.with_print(print)?.first().copied();
            return Ok(member.and_then(|document| self.record_of(document)));
        }
        Ok(self.part(name))
    }

    fn record_of(&self, document: u32) -> Option<usize> {
        self.by_key.get(&key(self.index, self.protocol.unit, document)).copied()
    }

    /// The record that has the paragraph of a reference, or that is the article.
    fn part(&self, name: &str) -> Option<usize> {
        // An id that was cut short, as a search takes it, is none here.
        let article: ArticleId = name.split('#').next()?.parse().ok()?;
        match locate(self.index, name).ok()?.1 {
            Some(document) => self.record_of(document),
            None if self.protocol.unit == RecordUnit::Article => self.by_id.get(&article.to_string()).copied(),
            None => None,
        }
    }
}

/// How many records came to each stage, and what became of them.
fn stages(protocol: &Protocol, records: &[Record]) -> Vec<Stage> {
    let mut assessed = records.len() as u64;
    let count =
        |wanted: &dyn Fn(&Verdict) -> bool| records.iter().filter(|record| wanted(&record.verdict())).count() as u64;
    let stages = protocol.stages.iter().enumerate().map(|(place, name)| {
        let reasons = records.iter().filter_map(|record| match record.verdict() {
            Verdict::Excluded { stage, reason } if stage == place => Some(reason),
            _ => None,
        });
        let excluded = tally(reasons);
        let undecided = count(&|verdict| matches!(verdict, Verdict::Undecided { stage } if *stage == place));
        let included = assessed - undecided - excluded.iter().map(|(_, count)| count).sum::<u64>();
        let stage = Stage { name: name.clone(), assessed, excluded, undecided, included };
        assessed = included;
        stage
    });
    stages.collect()
}
