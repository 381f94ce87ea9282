//! From arguments to requests, and from answers to what is printed.

use std::io::{IsTerminal, Write};
use std::sync::Arc;

use anyhow::bail;
use nutgraf::index::{Index, Past};
use nutgraf::print::{self, Fact, Format, Section, Style};
use nutgraf::query::{Dialect, Field, Join, Question, dates, filter};
use nutgraf::search::answer::Answer;
use nutgraf::search::{self, Arrivals, Request};

use crate::args::{Copies, Facets, Kwic, Query, Search, Timeline, Why};
use crate::form::{Form, OfHits};
use crate::{arrivals, whole};

/// Answers a query; tells whether there is a hit.
pub(crate) fn search(
    index: &Index,
    asked: &Search,
    form: Form,
    style: &Style,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let rows = matches!(form, Form::Csv | Form::Tsv);
    let hits_alone = rows || !matches!(form, Form::Terminal | Form::Json | Form::Md);
    if !asked.facets.is_empty() && !asked.count && hits_alone {
        bail!("--facets: this format holds the hits alone; ask with --format json, or with nutgraf facets");
    }
    if asked.context > 0 && (rows || form.general().is_err()) {
        bail!("--context: a row or reference holds one paragraph; ask with another --format");
    }
    if asked.evidence && !matches!(form, Form::Json | Form::Jsonl) {
        bail!("--evidence: ranges are told in JSON; ask with --format json, or with nutgraf codebook explain");
    }
    if form == Form::Xlsx && std::io::stdout().is_terminal() {
        bail!("--format: a workbook is nothing for a terminal; write it into a file with > hits.xlsx");
    }
    let among = arrivals::among(index, &asked.since)?;
    let answer = answer(index, asked, among, &asked.query.query.join(" "))?;
    let translated = asked.query.dialect != Dialect::Nutgraf;
    let style = Style { read_as: asked.read_as || translated, all_copies: asked.all_copies, ..*style };
    if asked.count {
        print::count(&answer, form.general()?, &style, out)?;
    } else {
        match form.of_hits() {
            OfHits::General(format) => print::answer(&answer, format, &style, out)?,
            OfHits::Export(format) => print::export(&answer, format, out)?,
            OfHits::Page => print::answer_page(&answer, asked.all_copies, out)?,
        }
    }
    Ok(answer.total.paragraphs > 0)
}

/// Answers one query as the arguments ask.
pub(crate) fn answer(
    index: &Index,
    asked: &Search,
    among: Option<Arc<Arrivals>>,
    text: &str,
) -> nutgraf::Result<Answer> {
    let question = question(&asked.query, text)?;
    let request = Request {
        // Whoever only counts is shown nothing.
        limit: if asked.count { 0 } else { asked.limit },
        offset: asked.offset,
        sort: asked.sort,
        all_copies: asked.all_copies,
        facets: asked.facets.clone(),
        context: asked.context,
        evidence: asked.evidence,
        among,
        asked: text.to_owned(),
        question: Some(question),
    };
    search::search(index, &request)
}

/// Prints a line for each match; tells whether there is one.
pub(crate) fn kwic(
    index: &Index,
    asked: &Kwic,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let text = asked.query.query.join(" ");
    let request = Request {
        question: Some(question(&asked.query, &text)?),
        asked: text,
        limit: asked.limit,
        offset: asked.offset,
        all_copies: asked.all_copies,
        ..Request::default()
    };
    let all = search::concordance(index, &request, asked.sort, asked.context)?;
    print::concordance(&all, format, style, out)?;
    Ok(all.total.paragraphs > 0)
}

/// Prints why something matches; tells whether it does.
pub(crate) fn why(
    index: &Index,
    asked: &Why,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let question = question(&asked.query, &asked.query.query.join(" "))?;
    let why = search::why(index, &asked.reference, &question)?;
    print::why(&why, format, style, out)?;
    Ok(why.parts.first().is_some_and(|part| !part.paragraphs.is_empty()))
}

/// Prints the history of a paragraph, or what is copied most; tells whether there are copies.
pub(crate) fn copies(
    index: &Index,
    asked: &Copies,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let query = &asked.query;
    if let Some(limit) = asked.top {
        let most = search::most_copied(index, &Request { limit, ..request_or_all(query)? })?;
        print::most_copied(&most, format, style, out)?;
        return Ok(most.copied > 0);
    }
    let [reference] = &query.query[..] else {
        bail!("copies: name one paragraph, such as k3v9q2mt7x0a#4; for those that are copied most ask with --top N");
    };
    if query.any || query.dialect != Dialect::Nutgraf || !is_unfiltered(query) {
        bail!(
            "copies: a paragraph has all its copies, whatever the filters; a query with filters is asked with --top N"
        );
    }
    let history = search::history(index, reference, asked.limit)?;
    print::history(&history, format, style, out)?;
    Ok(history.copies > 1)
}

/// Counts by facets, by two at once, or who reprinted an outlet; tells whether there is anything to count.
pub(crate) fn facets(
    index: &Index,
    asked: &Facets,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    if let Some(source) = &asked.copies_of {
        if asked.by != ["source"] {
            bail!("--copies-of: copies are counted by outlet; ask with --by source");
        }
        let reprints = search::reprints(index, &request_or_all(&asked.query)?, source)?;
        print::reprints(&reprints, format, style, out)?;
        return Ok(!reprints.outlets.is_empty());
    }
    if let Some(and) = &asked.and {
        let [by] = &asked.by[..] else {
            bail!("--and: a table has one facet for its rows; name one with --by");
        };
        let cross = search::cross(index, &request_or_all(&asked.query)?, by, and)?;
        print::cross(&cross, asked.top, format, style, out)?;
        return Ok(!cross.cells.is_empty());
    }
    let request = Request { limit: 0, facets: asked.by.clone(), ..request_or_all(&asked.query)? };
    let answer = search::search(index, &request)?;
    print::facets(&answer.facets, &answer.total, format, style, out)?;
    Ok(answer.total.paragraphs > 0)
}

/// Counts by period; tells whether there is anything to count.
pub(crate) fn timeline(
    index: &Index,
    asked: &Timeline,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let split = asked.split.as_deref().map(|field| (field, asked.top));
    let timeline = search::timeline(index, &request_or_all(&asked.query)?, asked.by, split, asked.share)?;
    // The figure first: if it cannot be written, nothing is said.
    if let Some(path) = &asked.svg {
        whole::write(path, |out| print::timeline_figure(&timeline, out))?;
    }
    print::timeline(&timeline, format, style, out)?;
    Ok(timeline.total.paragraphs > 0)
}

/// A request for what a query asks for; without a query and a filter, for every paragraph.
fn request_or_all(asked: &Query) -> nutgraf::Result<Request> {
    let text = asked.query.join(" ");
    let all = text.trim().is_empty() && is_unfiltered(asked);
    let question = if all { None } else { Some(question(asked, &text)?) };
    Ok(Request { asked: text, question, ..Request::default() })
}

/// Whether no flag narrows the query.
fn is_unfiltered(asked: &Query) -> bool {
    let filters = [&asked.actor, &asked.topic, &asked.source];
    filters.iter().all(|values| values.is_empty())
        && asked.lang.is_none()
        && asked.since.is_none()
        && asked.until.is_none()
}

/// The query and the filters of the command line, as one question.
fn question(asked: &Query, text: &str) -> nutgraf::Result<Question> {
    let mut questions = Vec::new();
    let join = if asked.any { Join::Any } else { Join::All };
    // Without words the filters are the question; with neither, the parser says what is missing.
    if !text.trim().is_empty() || is_unfiltered(asked) {
        questions.push(Question::read_in(text, asked.dialect, join)?);
    }
    let fields = [(Field::Actor, &asked.actor), (Field::Topic, &asked.topic), (Field::Source, &asked.source)];
    for (field, values) in fields {
        for value in values {
            questions.push(filter(field, value)?);
        }
    }
    if let Some(lang) = &asked.lang {
        questions.push(filter(Field::Lang, lang)?);
    }
    questions.extend(dates(asked.since.as_deref(), asked.until.as_deref())?);
    Ok(Question::all(questions).expect("the query itself is read where there is no filter"))
}

/// What a run did, under the number of its generation.
fn ran(past: &Past) -> (String, Fact) {
    let at = i64::try_from(past.at).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    let at = at.map_or_else(|| "at an unknown time".to_owned(), |at| at.to_string());
    let Past { added, replaced, removed, articles, .. } = past;
    let what = format!("{at}: added {added}, replaced {replaced}, removed {removed}; held {articles} articles");
    (format!("generation {}", past.generation), Fact::Text(what))
}

/// What an index holds, for printing.
pub(crate) fn info(index: &Index) -> Vec<Section> {
    let manifest = index.manifest();
    let text = |text: &str| Fact::Text(text.to_owned());
    let date =
        |date: Option<nutgraf::article::PubDate>| date.map_or(Fact::Unknown, |date| Fact::Text(date.to_string()));
    let section = |name: &str, facts: Vec<(&str, Fact)>| Section {
        name: name.to_owned(),
        facts: facts.into_iter().map(|(key, fact)| (key.to_owned(), fact)).collect(),
    };
    let langs = manifest.langs.iter().map(|(lang, articles)| (lang.code(), Fact::Count(*articles)));
    vec![
        section(
            "index",
            vec![
                ("generation", Fact::Count(manifest.generation)),
                ("corpus", text(&manifest.corpus.to_string())),
                ("made_by", text(&manifest.program)),
                ("roots", Fact::List(manifest.roots.clone())),
            ],
        ),
        section(
            "holds",
            vec![
                ("articles", Fact::Count(manifest.articles)),
                ("paragraphs", Fact::Count(manifest.paragraphs)),
                ("groups", Fact::Count(manifest.groups)),
                ("boilerplate", Fact::Count(manifest.boilerplate)),
                ("words", Fact::Count(manifest.words)),
                ("sources", Fact::Count(manifest.sources.len() as u64)),
                ("skipped", Fact::Count(manifest.skipped)),
            ],
        ),
        section(
            "dates",
            vec![
                ("oldest", date(manifest.dates.map(|(oldest, _)| oldest))),
                ("newest", date(manifest.dates.map(|(_, newest)| newest))),
                ("undated_articles", Fact::Count(manifest.undated)),
            ],
        ),
        section(
            "copies",
            vec![
                ("near", text(&manifest.copies.near.to_string())),
                ("versions", Fact::Count(manifest.copies.versions.into())),
                ("near_pairs", Fact::Count(manifest.copies.pairs.into())),
                ("bytes", Fact::Count(manifest.copies.bytes)),
            ],
        ),
        section("articles_by_language", langs.collect()),
        section(
            "codebook",
            vec![
                ("name", text(&manifest.codebook.name)),
                ("version", text(&manifest.codebook.version)),
                ("hash", text(&manifest.codebook.hash)),
            ],
        ),
        Section { name: "history".to_owned(), facts: manifest.history.iter().rev().map(ran).collect() },
    ]
}
