//! The arguments of `nutgraf-index`.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use nutgraf::article::PubDate;
use nutgraf::groups::Near;
use nutgraf::read::{Limits, Mapping, Options};

/// Makes an index of the articles under the given paths.
///
/// The index then holds just these articles: new ones are added, changed ones replaced, vanished ones removed; files that
/// are as they were are not read again. A fresh generation takes the place of the old one in one step. Exit code 0: all was
/// read; 1: done, but something was skipped and is named on standard error; 2: nothing was changed.
#[derive(Debug, Parser)]
#[command(name = "nutgraf-index", version, max_term_width = 100, override_usage = USAGE, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// The files and folders to read.
    #[arg(value_name = "PATH", default_value = "corpus")]
    pub(crate) paths: Vec<PathBuf>,
    /// The index directory.
    #[arg(long, global = true, value_name = "DIR", env = "NUTGRAF_INDEX", default_value = "index")]
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
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
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

const USAGE: &str = "nutgraf-index [OPTIONS] [PATH]...\n       nutgraf-index check [--full] [--index DIR]\n       nutgraf-index snapshot [NAME] [--index DIR]";

/// What else there is to do with an index; a folder that is called like one of these is named with `./` before it.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look for damage in the index: every byte of its files, whether what they hold fits together, and whether the texts
    /// lead to what is indexed of them. Exit code 0: all is right; 1: something is damaged and is named; 2: there is no
    /// index.
    #[command(override_usage = "nutgraf-index check [OPTIONS]")]
    Check {
        /// Read the text of every paragraph again, not of a sample.
        #[arg(long)]
        full: bool,
    },
    /// Keep the index as it is under a name, for nutgraf --at NAME; without a name, list what is kept. It costs no room until
    /// the index has changed. To let go of one, remove its folder.
    #[command(override_usage = "nutgraf-index snapshot [OPTIONS] [NAME]")]
    Snapshot {
        /// Letters, digits, - and _, and dots within.
        name: Option<String>,
    },
}

impl Cli {
    /// The arguments of this run; ends the program if they are wrong.
    pub(crate) fn read() -> Cli {
        let mut command = Cli::command();
        let matches = command.get_matches_mut();
        let given = |argument: &&clap::Arg| {
            !argument.is_global_set()
                && matches.value_source(argument.get_id().as_str()) == Some(ValueSource::CommandLine)
        };
        let other = command.get_arguments().find(given).map(ToString::to_string);
        if let (Some((name, _)), Some(other)) = (matches.subcommand(), other) {
            let what = format!("{other} has no meaning for {name}");
            command.error(ErrorKind::ArgumentConflict, what).exit();
        }
        Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

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
