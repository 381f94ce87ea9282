//! `--watch`: the index follows its articles until the program is told to stop.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::Context;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Files are read once nothing has happened to them for so long, since they are written in pieces …
const SETTLED: Duration = Duration::from_secs(1);
/// … but no later than this after the first change.
const LATEST: Duration = Duration::from_secs(15);
/// So often the files are looked at even if nothing was heard: network file systems do not tell of changes made elsewhere.
const ANYWAY: Duration = Duration::from_secs(300);

/// What wakes the program up.
enum Call {
    /// Something happened to a file.
    Changed,
    /// The program is to end.
    Stop,
}

/// Calls `sync` now and whenever something has changed under the roots, until SIGINT or SIGTERM. A sync that has begun is
/// finished, unless the signal comes again.
///
/// # Errors
///
/// When the roots cannot be watched.
pub(crate) fn watch(roots: &[PathBuf], index: &Path, mut sync: impl FnMut()) -> anyhow::Result<()> {
    let (call, calls) = channel();
    stop_on_signal(call.clone())?;
    // Kept until the end: a watcher that is dropped watches nothing.
    let _watcher = watcher(roots, index, call)?;
    loop {
        sync();
        match calls.recv_timeout(ANYWAY) {
            Ok(Call::Stop) => return Ok(()),
            Ok(Call::Changed) => {
                if settle(&calls) {
                    return Ok(());
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => anyhow::bail!("the watcher has ended"),
        }
    }
}

/// Waits until nothing happens any more; whether the program is to end.
fn settle(calls: &Receiver<Call>) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < LATEST {
        match calls.recv_timeout(SETTLED) {
            Ok(Call::Changed) => {}
            Ok(Call::Stop) => return true,
            Err(_) => return false,
        }
    }
    false
}

fn stop_on_signal(call: Sender<Call>) -> anyhow::Result<()> {
    let mut again = false;
    let handler = move || {
        if again || call.send(Call::Stop).is_err() {
            // What was begun is cleared away by the next run.
            std::process::exit(130);
        }
        again = true;
    };
    ctrlc::set_handler(handler).context("waiting for signals")
}

fn watcher(roots: &[PathBuf], index: &Path, call: Sender<Call>) -> anyhow::Result<RecommendedWatcher> {
    // Writing the index is no news of the articles beside it.
    let index = index.canonicalize().unwrap_or_else(|_| index.to_owned());
    let heard = move |event: notify::Result<notify::Event>| {
        let is_news = match event {
            Ok(event) => {
                let touches = !matches!(event.kind, EventKind::Access(_));
                touches && (event.paths.is_empty() || event.paths.iter().any(|path| !path.starts_with(&index)))
            }
            // Something was missed: all is looked at.
            Err(_) => true,
        };
        if is_news {
            let _ = call.send(Call::Changed);
        }
    };
    let mut watcher = notify::recommended_watcher(heard).context("watching for changes")?;
    for root in roots {
        let root = root.canonicalize().with_context(|| format!("watching {}", root.display()))?;
        watcher.watch(&root, RecursiveMode::Recursive).with_context(|| format!("watching {}", root.display()))?;
    }
    Ok(watcher)
}
