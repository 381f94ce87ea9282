//! Many queries in one process: as many threads as there are cores answer them, and the answers come in their order.

use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, bail};
use nutgraf::index::Index;
use nutgraf::print::{self, Format, Style};
use nutgraf::search::Arrivals;

use crate::args::Search;
use crate::form::Form;
use crate::{arrivals, ask};

/// How many queries may wait for each thread: as many answers are held in memory at most.
const WAITING: usize = 8;

/// A line that was answered.
struct Line {
    bytes: Vec<u8>,
    failed: bool,
    found: bool,
}

/// A query and where its answer goes.
type Task = (String, Sender<Line>);

/// Answers the queries of standard input, or of a file, a line of JSON each. A query that cannot be answered gives a line that
/// says why, and the others go on.
pub(crate) fn answer(index: Index, asked: &Search, form: Form, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    if !matches!(form, Form::Terminal | Form::Json | Form::Jsonl) {
        bail!("--format: the answers to many queries are lines of JSON");
    }
    let among = arrivals::among(&index, &asked.since)?;
    let queries: Box<dyn BufRead + Send> = match &asked.queries {
        Some(path) => {
            let file = std::fs::File::open(path).with_context(|| format!("reading {}", path.display()))?;
            Box::new(io::BufReader::new(file))
        }
        None => Box::new(io::BufReader::new(io::stdin())),
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (tasks, given) = sync_channel::<Task>(threads * WAITING);
    let (order, answers) = sync_channel::<io::Result<Receiver<Line>>>(threads * WAITING);
    let shared = Arc::new((index, asked.clone(), among));
    let given = Arc::new(Mutex::new(given));
    // The threads are not waited for: one may stand at a terminal's next line when the reader of the answers has gone.
    for _ in 0..threads {
        let (shared, given) = (Arc::clone(&shared), Arc::clone(&given));
        thread::spawn(move || work(&shared.0, &shared.1, shared.2.as_ref(), &given));
    }
    thread::spawn(move || read(queries, &tasks, &order));

    let (mut failed, mut found) = (false, false);
    loop {
        let next = match answers.try_recv() {
            Ok(next) => next,
            Err(_) => {
                // Nothing is waiting: whoever asked reads what there is.
                out.flush().context("writing")?;
                let Ok(next) = answers.recv() else { break };
                next
            }
        };
        let line = next.context("reading queries")?.recv().context("answering a query")?;
        out.write_all(&line.bytes).context("writing")?;
        failed |= line.failed;
        found |= line.found;
    }
    Ok(ExitCode::from(match (failed, found) {
        (true, _) => crate::FAILED,
        (false, true) => 0,
        (false, false) => crate::NONE,
    }))
}

/// Hands the lines out, and for each of them where its answer will come from.
fn read(queries: Box<dyn BufRead + Send>, tasks: &SyncSender<Task>, order: &SyncSender<io::Result<Receiver<Line>>>) {
    for line in queries.split(b'\n') {
        let line = match line {
            Ok(line) => line,
            Err(error) => {
                let _ = order.send(Err(error));
                return;
            }
        };
        let text = String::from_utf8_lossy(&line).trim().to_owned();
        if text.is_empty() {
            continue;
        }
        let (answer, place) = channel();
        if order.send(Ok(place)).is_err() || tasks.send((text, answer)).is_err() {
            // Nobody reads the answers any more.
            return;
        }
    }
}

/// Answers queries as long as there are any.
fn work(index: &Index, asked: &Search, among: Option<&Arc<Arrivals>>, given: &Mutex<Receiver<Task>>) {
    loop {
        let task = given.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((text, place)) = task else { return };
        let mut line = Line { bytes: Vec::new(), failed: false, found: false };
        let written = match ask::answer(index, asked, among.cloned(), &text) {
            Ok(answer) => {
                line.found = answer.total.paragraphs > 0;
                match asked.count {
                    true => print::count(&answer, Format::Jsonl, &Style::plain(), &mut line.bytes),
                    false => print::answer_line(&answer, &mut line.bytes),
                }
            }
            Err(error) => {
                line.failed = true;
                print::failure_line(&text, &error.to_string(), &mut line.bytes)
            }
        };
        // Memory can be written to; and if nobody waits for the line, nobody needs it.
        let _ = written.map(|()| place.send(line));
    }
}
