//! `nutgraf`: asks an index. It opens the index read-only and can never harm it.

mod args;
mod arrivals;
mod ask;
mod batch;
mod codebook;
mod form;
mod review;
mod whole;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, Parser};
use nutgraf::index::Index;
use nutgraf::print::{self, Style};

use args::{Cli, Codebook, Command, Common, When};

/// There is no hit.
const NONE: u8 = 1;
/// Something went wrong.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse_from(args::with_command(std::env::args_os()));
    let mut out = io::BufWriter::new(io::stdout().lock());
    match run(&cli, &mut out).and_then(|code| out.flush().map(|()| code).context("writing")) {
        Ok(code) => code,
        // Whoever reads the answer has seen enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = out.flush();
            // Whoever closed standard error does not want to know.
            let _ = writeln!(io::stderr(), "nutgraf: {}", print::message(&format!("{error:#}")));
            ExitCode::from(FAILED)
        }
    }
}

fn run(cli: &Cli, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let common = &cli.common;
    if let Command::Completions(asked) = &cli.command {
        // Written to memory first: clap_complete panics where a pipe is closed.
        let mut script = Vec::new();
        clap_complete::generate(asked.shell, &mut Cli::command(), "nutgraf", &mut script);
        out.write_all(&script).context("writing")?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Codebook { command: Codebook::Import { notation, files, name } } = &cli.command {
        return codebook::import(*notation, files, name, out);
    }
    if let Command::Codebook { command: Codebook::Check { file, alone } } = &cli.command {
        let book = nutgraf::codebook::Codebook::open(file)?;
        let index = if *alone { None } else { Some(open(common)?) };
        print::info(&codebook::checked(book, index.as_ref())?, common.format.general()?, &style(common), out)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Review(args::Review { new: Some(path), .. }) = &cli.command {
        review::template(path)?;
        return Ok(ExitCode::SUCCESS);
    }
    let (index, style, form) = (open(common)?, style(common), common.format);
    if let Command::Search(asked) = &cli.command
        && (asked.query.query == ["-"] || asked.queries.is_some())
    {
        return batch::answer(index, asked, form, out);
    }
    let found = match &cli.command {
        Command::Search(asked) => ask::search(&index, asked, form, &style, out)?,
        Command::Kwic(asked) => ask::kwic(&index, asked, form.general()?, &style, out)?,
        Command::Why(asked) => ask::why(&index, asked, form.general()?, &style, out)?,
        Command::Facets(asked) => ask::facets(&index, asked, form.general()?, &style, out)?,
        Command::Timeline(asked) => ask::timeline(&index, asked, form.general()?, &style, out)?,
        Command::Copies(asked) => ask::copies(&index, asked, form.general()?, &style, out)?,
        Command::Show(asked) => {
            let page = nutgraf::search::page(&index, &asked.reference, asked.context)?;
            print::page(&page, form.general()?, &style, out)?;
            true
        }
        Command::Codebook { command: Codebook::Explain { reference } } => {
            let explained = nutgraf::search::explain(&index, reference)?;
            print::info(&codebook::explained(explained), form.general()?, &style, out)?;
            true
        }
        Command::Review(asked) => review::run(&index, asked, form, &style, out)?,
        Command::Replay { receipt } => review::rerun(&index, receipt, form, out)?,
        Command::Info => {
            print::info(&ask::info(&index), form.general()?, &style, out)?;
            true
        }
        // These need no index and are done.
        Command::Codebook { .. } | Command::Completions(_) => true,
    };
    Ok(if found { ExitCode::SUCCESS } else { ExitCode::from(NONE) })
}

/// The index that is asked.
fn open(common: &Common) -> nutgraf::Result<Index> {
    match &common.at {
        Some(snapshot) => Index::open_snapshot(&common.index, snapshot),
        None => Index::open(&common.index),
    }
}

/// How to print where standard output goes.
fn style(common: &Common) -> Style {
    let terminal = io::stdout().is_terminal();
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let color = match common.color {
        When::Auto => terminal && !plain,
        When::Always => true,
        When::Never => false,
    };
    let seen = terminal_size::terminal_size().filter(|_| terminal).map(|(width, _)| width.0);
    let width = common.width.or(seen).map_or(Style::plain().width, usize::from);
    Style { color, width, isolate: terminal, ..Style::plain() }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}
