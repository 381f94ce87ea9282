//! What a run anew says of a receipt -> lines for reading, or JSON.

use std::io::{self, Write};

use crate::print::notation::pretty;
use crate::print::safe::clean;
use crate::print::wording::counted;
use crate::review::{Change, Replay};

/// How many of each kind a reader is shown; JSON has all.
const SHOWN: usize = 20;

/// Prints whether a run anew says the same, what differs, and why; as one object of JSON if that is asked for.
pub fn replay(replay: &Replay, json: bool, out: &mut dyn Write) -> io::Result<()> {
    if json {
        return pretty(replay, out);
    }
    let records = counted(replay.records, "record");
    if replay.same {
        writeln!(out, "same as on {}: {records}", clean(&replay.at))?;
        if !replay.changes.is_empty() {
            writeln!(out, "though not all is as it was:")?;
        }
    } else {
        writeln!(out, "not the same as on {}: {records} now", clean(&replay.at))?;
        for (then, now) in &replay.queries {
            let name = clean(&now.name);
            if then.read_as != now.read_as {
                writeln!(out, "query {name}: read as {}, then as {}", clean(&now.read_as), clean(&then.read_as))?;
            } else if then.forms != now.forms {
                writeln!(out, "query {name}: its wildcards stand for other forms")?;
            }
            writeln!(
                out,
                "query {name}: {} and {} now, then {} and {}",
                counted(now.paragraphs, "paragraph"),
                counted(now.records, "record"),
                then.paragraphs,
                then.records
            )?;
        }
        for (what, ids) in [("gained", &replay.gained), ("lost", &replay.lost), ("altered", &replay.altered)] {
            list(what, ids.iter().map(|id| clean(id)), ids.len(), out)?;
        }
        if replay.reordered {
            writeln!(out, "the records stand in another order")?;
        }
        if replay.changes.is_empty() {
            return writeln!(out, "nothing differs of the program or the index that would explain it");
        }
        writeln!(out, "because:")?;
    }
    list("", replay.changes.iter().map(change), replay.changes.len(), out)
}

fn list(what: &str, items: impl Iterator<Item = String>, number: usize, out: &mut dyn Write) -> io::Result<()> {
    for item in items.take(SHOWN) {
        writeln!(out, "{}{}{item}", what, if what.is_empty() { "- " } else { ": " })?;
    }
    if number > SHOWN { writeln!(out, "and {} more, all in --format json", number - SHOWN) } else { Ok(()) }
}

fn change(change: &Change) -> String {
    match change {
        Change::Program { then, now } => format!("the program was nutgraf {} and is {}", clean(then), clean(now)),
        Change::Codebook { then, now } => format!("the codebook was {} and is {}", clean(then), clean(now)),
        Change::Near { then, now } => {
            format!("near copies were those of {} and are those of {}", clean(then), clean(now))
        }
        Change::Reading => "articles are read with other limits or names of fields".to_owned(),
        Change::Added { article, place } => format!("added: article {article} ({})", clean(place)),
        Change::Replaced { article, place } => format!("replaced: article {article} ({})", clean(place)),
        Change::Removed { article } => format!("removed: article {article}"),
    }
}
