//! Programs as their users meet them: from start to end, in processes of their own.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::timed;

/// Programs whose output nobody reads.
pub(crate) trait Quiet {
    fn spawn_quiet(&mut self) -> Child;
}

impl Quiet for Command {
    fn spawn_quiet(&mut self) -> Child {
        self.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs")
    }
}

/// Waits for a process: its time in seconds, and its greatest memory in MB as Linux tells it, files that it has mapped
/// included; 0 elsewhere.
pub(crate) fn watched(mut child: Child) -> (f64, f64) {
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0.0_f64;
    let (seconds, ()) = timed(|| {
        while child.try_wait().expect("a process of ours").is_none() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
            most = most.max(kilobytes.unwrap_or(0.0) / 1e3);
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    (seconds, most)
}

/// Makes the system forget what it remembers of files, so that they are read from the disk; false where this is not
/// allowed.
pub(crate) fn forget_files() -> bool {
    let synced = Command::new("sync").status().is_ok_and(|status| status.success());
    synced && std::fs::write(Path::new("/proc/sys/vm/drop_caches"), "3").is_ok()
}

/// The bytes of all files below a folder.
pub(crate) fn size_of(folder: &Path) -> u64 {
    let files = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("the index is still there"));
    files.filter(|entry| entry.file_type().is_file()).map(|entry| entry.metadata().map_or(0, |file| file.len())).sum()
}
