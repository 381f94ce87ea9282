//! The progress bar: drawn on a terminal, nothing when piped.

use indicatif::{ProgressBar, ProgressStyle};
use nutgraf::index::Event;
use std::sync::atomic::{AtomicU64, Ordering};

/// A bar of bytes read, with the number of articles so far.
pub(crate) struct Progress {
    bar: ProgressBar,
    articles: AtomicU64,
}

const TEMPLATE: &str = "{bar:30} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left {msg}";

impl Progress {
    pub(crate) fn new() -> Progress {
        // indicatif draws on standard error, and only if that is a terminal.
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        Progress { bar, articles: AtomicU64::new(0) }
    }

    pub(crate) fn tell(&self, event: Event) {
        match event {
            Event::Found { bytes, .. } => self.bar.set_length(bytes),
            Event::Bytes(bytes) => self.bar.inc(bytes),
            Event::Article => {
                let articles = self.articles.fetch_add(1, Ordering::Relaxed) + 1;
                if articles.is_multiple_of(100) {
                    self.bar.set_message(format!("{articles} articles"));
                }
            }
            Event::Finishing => self.bar.set_message("finishing the index"),
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
