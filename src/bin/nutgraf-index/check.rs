//! `nutgraf-index check`: a line for each thing that was looked at, and under it what is wrong.

use std::process::ExitCode;

use nutgraf::index::{Check, Part, check};
use nutgraf::print;

use crate::args::Cli;

/// Something is wrong with the index.
const DAMAGED: u8 = 1;

pub(crate) fn run(cli: &Cli, full: bool, threads: usize) -> anyhow::Result<ExitCode> {
    let checkup = check(&cli.index, Check { full, threads })?;
    let lines: String = checkup.parts.iter().map(lines).collect();
    crate::print_out(&print::message(&lines))?;
    if checkup.is_sound() {
        return Ok(ExitCode::SUCCESS);
    }
    crate::say("the index is damaged; build it again with nutgraf-index --rebuild");
    Ok(ExitCode::from(DAMAGED))
}

/// What to print of a part.
fn lines(part: &Part) -> String {
    let count = match (part.looked_at, part.all) {
        (looked_at, all) if looked_at == all => format!("{all}"),
        (looked_at, all) => format!("{looked_at} of {all}"),
    };
    let found = if part.wrong == 0 { "ok".to_owned() } else { format!("{} damaged", part.wrong) };
    let mut lines = format!("{}: {count}, {found}\n", part.what);
    for fault in &part.faults {
        lines.push_str(&format!("  {fault}\n"));
    }
    let more = part.wrong - part.faults.len() as u64;
    if more > 0 {
        lines.push_str(&format!("  and {more} more\n"));
    }
    lines
}
