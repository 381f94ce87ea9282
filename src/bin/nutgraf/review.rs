//! `nutgraf review` and `nutgraf replay`: files in, files out.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use nutgraf::index::Index;
use nutgraf::print::{self, Export, Letter, Style, message};
use nutgraf::review::{Decision, Decisions, Protocol, Receipt, TEMPLATE, replay, review};

use crate::args::Review;
use crate::form::Form;
use crate::{arrivals, whole};

/// Writes a protocol to start from.
pub(crate) fn template(path: &Path) -> anyhow::Result<()> {
    let writing = || format!("writing {}", path.display());
    let mut file = fs::File::create_new(path).with_context(writing)?;
    file.write_all(TEMPLATE.as_bytes()).with_context(writing)
}

/// Runs a review and writes its files; tells whether there is a record, or, where it is asked for arrivals, whether one came.
pub(crate) fn run(
    index: &Index,
    asked: &Review,
    form: Form,
    style: &Style,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let (Some(path), Some(folder)) = (&asked.protocol, &asked.out) else {
        bail!("name a protocol, and --out a folder")
    };
    let is_since = asked.since.arrived_since.is_some() || asked.since.since_receipt.is_some();
    let letter = match (form, is_since) {
        (Form::Terminal, true) => Some(Letter::Terminal),
        (Form::Md, true) => Some(Letter::Md),
        (Form::Html, true) => Some(Letter::Html),
        (Form::Terminal | Form::Json, false) => None,
        (_, true) => bail!("--format: arrivals are told on a terminal, as md or as html; all formats lie in --out"),
        (_, false) => {
            bail!("--format: a review is told on a terminal or as json; all formats of its records lie in --out")
        }
    };
    let protocol = Protocol::read(&text(path)?, path)?;
    let decisions = asked.decisions.iter().map(|named| decisions(named, &protocol));
    let decisions = decisions.collect::<anyhow::Result<Vec<Decisions>>>()?;
    // The receipt may be the one that is written anew below.
    let among = arrivals::among(index, &asked.since)?;
    let whole = review(index, &protocol, &decisions, None)?;
    let new = among.map(|among| review(index, &protocol, &decisions, Some(among))).transpose()?;
    let receipt = Receipt::of(index, &protocol, &whole, jiff::Timestamp::now().to_string())?;

    fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    for name in ["records.csv", "decisions.csv"] {
        spare_decisions(&folder.join(name), &decisions)?;
    }
    let mut written: Vec<&str> = Vec::new();
    let mut write = |name: &'static str, print: &dyn Fn(&mut dyn Write) -> io::Result<()>| {
        written.push(name);
        whole::write(&folder.join(name), |out| print(out))
    };
    write("records.csv", &|out| print::records(&whole, out))?;
    write("records.jsonl", &|out| print::record_lines(&whole, out))?;
    write("records.ris", &|out| print::export_review(&whole, Export::Ris, out))?;
    write("records.bib", &|out| print::export_review(&whole, Export::Bibtex, out))?;
    write("records.csl.json", &|out| print::export_review(&whole, Export::Csl, out))?;
    write("records.xlsx", &|out| print::export_review(&whole, Export::Xlsx, out))?;
    write("overlap.csv", &|out| print::overlap(&whole, out))?;
    if !decisions.is_empty() {
        write("decisions.csv", &|out| print::decisions(&decisions, out))?;
    }
    write("prisma.json", &|out| print::prisma(&whole, out))?;
    write("prisma.svg", &|out| print::prisma_figure(&whole, out))?;
    if let Some(new) = &new {
        write("arrivals.csv", &|out| print::records(new, out))?;
        write("arrivals.ris", &|out| print::export_review(new, Export::Ris, out))?;
    }
    // Last, since it says that the others are whole.
    write("receipt.json", &|out| print::receipt(&receipt, out))?;

    for idle in &whole.idle {
        writeln!(io::stderr(), "nutgraf: no effect: {}", message(idle)).context("writing")?;
    }
    match new.as_ref().zip(letter) {
        Some((new, letter)) => print::arrivals(new, letter, style, out)?,
        None if form == Form::Json => print::prisma(&whole, out)?,
        None => {
            print::review(&whole, style, out)?;
            writeln!(out, "\n{} written to {}", written.join(", "), message(&folder.display().to_string()))?;
        }
    }
    Ok(!new.as_ref().unwrap_or(&whole).records.is_empty())
}

/// Runs the review of a receipt anew; tells whether it says the same.
pub(crate) fn rerun(index: &Index, path: &Path, form: Form, out: &mut dyn Write) -> anyhow::Result<bool> {
    let json = match form {
        Form::Terminal => false,
        Form::Json => true,
        _ => bail!("--format: what differs is told on a terminal or as json"),
    };
    // A line of the protocol is no line of the receipt that it stands in.
    let protocol = PathBuf::from(format!("{}, its protocol", path.display()));
    let found = replay(index, &arrivals::read(path)?, &protocol)?;
    print::replay(&found, json, out)?;
    Ok(found.same)
}

/// Reads a file of decisions that is named as `FILE` or `STAGE=FILE`.
fn decisions(named: &str, protocol: &Protocol) -> anyhow::Result<Decisions> {
    let (stage, path) = match named.split_once('=') {
        Some((stage, path)) if protocol.stage(stage).is_some() => (Some(stage), PathBuf::from(path)),
        _ => (None, PathBuf::from(named)),
    };
    Ok(Decisions::read(&text(&path)?, stage, &path)?)
}

/// Refuses to put a new file in the place of one in which somebody has decided what the decisions that were given do not say.
fn spare_decisions(path: &Path, given: &[Decisions]) -> anyhow::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let moved = || format!("{} would be replaced, and cannot be read: move it away", path.display());
    let there = text(path).and_then(|text| Ok(Decisions::read(&text, None, path)?)).with_context(moved)?;
    let stage = |stage: &Option<String>, file: &Decisions| stage.clone().or_else(|| file.stage.clone());
    let mut known: HashSet<(&str, Option<String>, bool, Option<&str>)> = HashSet::new();
    for file in given {
        for row in &file.rows {
            let reason = row.reason.as_deref();
            known.extend(row.names.iter().map(|name| (name.as_str(), stage(&row.stage, file), row.included, reason)));
        }
    }
    // Where a protocol has one stage, a row need not name it.
    let is_known = |row: &Decision| {
        row.names.iter().any(|name| {
            let said = |stage| (name.as_str(), stage, row.included, row.reason.as_deref());
            [row.stage.clone(), None].into_iter().any(|stage| known.contains(&said(stage)))
        })
    };
    match there.rows.iter().find(|row| !is_known(row)) {
        None => Ok(()),
        Some(row) => bail!(
            "{}:{}: this decision would be lost: give the file with --decisions, or move it away",
            path.display(),
            row.line
        ),
    }
}

fn text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}
