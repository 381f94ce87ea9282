//! `nutgraf-index`: the only program that writes an index.

mod args;
mod check;
mod progress;
mod stdin;
mod watch;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use anyhow::Context;
use nutgraf::article::PubDate;
use nutgraf::codebook::Codebook;
use nutgraf::index::{self, Build, Changes, Mode, Report, build};
use nutgraf::{print, read};

use args::{Cli, Command};
use progress::Progress;

/// Done, but something was skipped.
const SKIPPED: u8 = 1;
/// Nothing was changed.
const FAILED: u8 = 2;
/// How many doubts are printed without --verbose.
const DOUBTS: usize = 10;

fn main() -> ExitCode {
    // A page that makes the HTML library panic is skipped and named; what the library has to say of itself is not.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().name() != Some(read::PAGE_THREAD) {
            hook(info);
        }
    }));
    match run(&Cli::read()) {
        Ok(code) => code,
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::from(FAILED)
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<ExitCode> {
    match &cli.command {
        Some(Command::Check { full }) => return check::run(cli, *full, threads(cli)),
        Some(Command::Snapshot { name }) => return snapshot(cli, name.as_deref()),
        None => {}
    }
    if !cli.watch {
        return run_once(cli);
    }
    watch::watch(&cli.paths, &cli.index, || {
        // What cannot be done now may be possible after the next change.
        if let Err(error) = run_once(cli) {
            say(&format!("{error:#}"));
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn threads(cli: &Cli) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    cli.threads.map_or_else(cores, usize::from)
}

/// Keeps the index under a name, or lists what is kept.
fn snapshot(cli: &Cli, name: Option<&str>) -> anyhow::Result<ExitCode> {
    let lines = match name {
        Some(name) => {
            let manifest = index::snapshot(&cli.index, name)?;
            let (generation, articles, corpus) = (manifest.generation, manifest.articles, manifest.corpus);
            format!("{name}: generation {generation}, {articles} articles, corpus {corpus}\n")
        }
        None => index::snapshots(&cli.index)?.iter().map(|name| format!("{name}\n")).collect(),
    };
    print_out(&lines)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes to standard output; whoever closed it has seen enough.
fn print_out(text: &str) -> anyhow::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error).context("writing"),
        _ => Ok(()),
    }
}

/// Brings the index in line with the articles as they are.
fn run_once(cli: &Cli) -> anyhow::Result<ExitCode> {
    let begun = Instant::now();
    let asked = cli.paths.iter().any(|path| stdin::is_meant(path));
    anyhow::ensure!(!asked || cli.add, "articles from standard input are added: say --add, too");
    let handed_in = asked.then(|| stdin::HandedIn::read(&cli.index)).transpose()?;
    let work = Build {
        roots: match &handed_in {
            Some(handed_in) => handed_in.put_in(&cli.paths),
            None => cli.paths.clone(),
        },
        mode: match (cli.add, cli.rebuild) {
            (true, _) => Mode::Add,
            (_, true) => Mode::Rebuild,
            _ => Mode::Sync,
        },
        dry_run: cli.dry_run,
        now: SystemTime::now(),
        read: cli.options(today().context("reading the clock")?),
        threads: threads(cli),
        memory: (cli.memory as usize) << 20,
        codebook: codebook(&cli.codebook)?,
        near: cli.near,
    };
    let progress = Progress::new();
    let report = build(&cli.index, &work, &|event| progress.tell(event));
    progress.finish();
    let report = report?;
    if let Some(why) = report.anew {
        say(&format!("all articles are indexed anew: {why}"));
    }
    complain(&report, cli.verbose);
    let line = summary(&report, cli.dry_run, begun.elapsed().as_secs_f64());
    print_out(&format!("{line}\n"))?;
    Ok(if report.skipped.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(SKIPPED) })
}

/// The last line: what was done, or would be.
fn summary(report: &Report, dry_run: bool, seconds: f64) -> String {
    let Changes { added, replaced, removed, unchanged } = report.changes;
    let mut line = if dry_run { "nothing written; would have ".to_owned() } else { String::new() };
    line += &format!("added {added}, replaced {replaced}, removed {removed}, unchanged {unchanged} articles");
    if let (Some(manifest), false) = (&report.manifest, dry_run) {
        line += &format!(
            "; holds {} articles, {} paragraphs, {} groups",
            manifest.articles, manifest.paragraphs, manifest.groups
        );
    }
    line += &format!("; skipped {}; left out {} files of other kinds", report.skipped.len(), report.unknown);
    format!("{line}; {seconds:.1} s")
}

/// The built-in codebook with those of the files laid over it.
fn codebook(files: &[PathBuf]) -> nutgraf::Result<Codebook> {
    files.iter().try_fold(Codebook::conflict(), |below, file| Ok(below.overlay(Codebook::open(file)?)))
}

/// Names what was skipped and what was read with a doubt.
fn complain(report: &Report, verbose: bool) {
    for skipped in &report.skipped {
        say(&format!("skipped {skipped}"));
    }
    let shown = if verbose { report.notices.len() } else { report.notices.len().min(DOUBTS) };
    for notice in &report.notices[..shown] {
        say(&notice.to_string());
    }
    if shown < report.notices.len() {
        say(&format!("and {} more doubts; --verbose prints them all", report.notices.len() - shown));
    }
}

/// Says something on standard error; whoever closed it does not want to know.
fn say(what: &str) {
    let _ = writeln!(io::stderr(), "nutgraf-index: {}", print::message(what));
}

/// The day of the run, in UTC.
fn today() -> anyhow::Result<PubDate> {
    let date = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = u16::try_from(date.year()).ok().zip(u8::try_from(date.month()).ok()).zip(u8::try_from(date.day()).ok());
    day.and_then(|((year, month), day)| PubDate::of_day(year, month, day)).context("the year is not of this calendar")
}
