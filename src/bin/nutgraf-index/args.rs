//! The arguments of `nutgraf-index`.

use std::path::PathBuf;

use clap::Parser;
use nutgraf::article::PubDate;
use nutgraf::groups::Near;
use nutgraf::read::{Limits, Mapping, Options};

/// Makes an index of the articles under the given paths.
///
/// The index then holds just these articles: new ones are added, changed ones replaced, vanished ones removed; files that
/// are as they were are not read again. A fresh generation takes the place of the old one in one step. Exit code 0: all was
/// read; 1: done, but something was skipped and is named on standard error; 2: nothing was changed.
#[derive(Debug, Parser)]
#[command(name = "nutgraf-index", version, max_term_width = 100)]
pub(crate) struct Cli {
    /// The files and folders to read.
    #[arg(value_name = "PATH", default_value = "corpus")]
    pub(crate) paths: Vec<PathBuf>,
    /// The index directory.
    #[arg(long, value_name = "DIR", env = "NUTGRAF_INDEX", default_value = "index")]
    pub(crate) index: PathBuf,
    /// Only add: articles that are not under the paths stay in the index. `-` reads JSON lines from standard input.
    #[arg(long, conflicts_with = "rebuild")]
    pub(crate) add: bool,
    /// Index all articles anew, beside the old index, which is in use until the new one is whole.
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// Only say what would be done.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Go on, and bring the index in line whenever something changes under the paths, until SIGINT or SIGTERM.
    #[arg(long, conflicts_with_all = ["rebuild", "add", "dry_run"])]
    pub(crate) watch: bool,
    /// Threads that parse and analyse articles; as many as there are cores by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) threads: Option<u16>,
    /// Memory for terms that are not yet on disk, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u32).range(32..=65_536))]
    pub(crate) memory: u32,
    /// A codebook of one's own, laid over the built-in one: entries of the same id are replaced, others added. May be given
    /// several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) codebook: Vec<PathBuf>,
    /// How alike near copies are, 0.5 to 0.9, or off: then only the same text, but for case, punctuation and dateline, is a
    /// copy. As in the index there is, or else 0.5.
    #[arg(long, value_name = "SIMILARITY")]
    pub(crate) near: Option<Near>,
    /// Names of fields in JSON and CSV files beside the usual ones, such as title=headline,body=content.
    #[arg(long, value_name = "FIELD=NAME,…", default_value = "", hide_default_value = true)]
    pub(crate) map: Mapping,
    /// Read hidden files and folders, too.
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Follow symbolic links.
    #[arg(long)]
    pub(crate) follow_links: bool,
    /// Print every doubt about an article, not the first ones.
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// The largest record, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().record_bytes >> 20, help_heading = "Limits")]
    pub(crate) max_record: u64,
    /// The most that is read of one file after decompression, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().file_bytes >> 20, help_heading = "Limits")]
    pub(crate) max_file: u64,
    /// The deepest nesting of JSON and YAML.
    #[arg(long, value_name = "N", default_value_t = Limits::default().depth, help_heading = "Limits")]
    pub(crate) max_depth: usize,
    /// The largest HTML page, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().page_bytes >> 20, help_heading = "Limits")]
    pub(crate) max_page: u64,
    /// The most tags of an HTML page.
    #[arg(long, value_name = "N", default_value_t = Limits::default().page_tags, help_heading = "Limits")]
    pub(crate) max_tags: usize,
    /// The most time for an HTML page, in seconds.
    #[arg(long, value_name = "S", default_value_t = Limits::default().page_time.as_secs(), help_heading = "Limits")]
    pub(crate) max_page_time: u64,
}

impl Cli {
    /// What may be read, on the day `today`.
    pub(crate) fn options(&self, today: PubDate) -> Options {
        let limits = Limits {
            record_bytes: self.max_record.saturating_mul(1 << 20),
            file_bytes: self.max_file.saturating_mul(1 << 20),
            depth: self.max_depth,
            page_bytes: self.max_page.saturating_mul(1 << 20),
            page_tags: self.max_tags,
            page_time: std::time::Duration::from_secs(self.max_page_time),
        };
        let (hidden, follow_links) = (self.hidden, self.follow_links);
        Options { limits, mapping: self.map.clone(), hidden, follow_links, ..Options::new(today) }
    }
}
