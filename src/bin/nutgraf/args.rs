//! The arguments of `nutgraf`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use nutgraf::query::Dialect;
use nutgraf::search::answer::Unit;
use nutgraf::search::{MOST_VALUES, Order, Sort};

use crate::form::Form;

/// Searches coverage of conflicts: ranked, highlighted paragraphs, each shown once.
///
/// nutgraf QUERY is short for nutgraf search QUERY.
#[derive(Debug, Parser)]
#[command(name = "nutgraf", version, max_term_width = 100, override_usage = USAGE)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const USAGE: &str = "nutgraf [OPTIONS] QUERY...\n       nutgraf [OPTIONS] COMMAND";

const COPIES_USAGE: &str = "nutgraf copies [OPTIONS] REF\n       nutgraf copies [OPTIONS] --top N [QUERY]...";
const COPIES_OF: &str = "A paragraph such as k3v9q2mt7x0a#4; with --top a query, or nothing for all paragraphs";

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The index directory.
    #[arg(long, global = true, value_name = "DIR", env = "NUTGRAF_INDEX", default_value = "index")]
    pub(crate) index: PathBuf,
    /// A snapshot of it, as nutgraf-index snapshot made it.
    #[arg(long, global = true, value_name = "SNAPSHOT")]
    pub(crate) at: Option<String>,
    /// How to print.
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) format: Form,
    /// Whether to use colours. NO_COLOR is obeyed where this is auto.
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: When,
    /// How many columns to print at most; by default as many as the terminal has, and no limit into a pipe.
    #[arg(long, global = true, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(20..))]
    pub(crate) width: Option<u16>,
}

/// When to do what depends on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum When {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Paragraphs that match a query, best first. Also without the word: nutgraf QUERY.
    Search(Search),
    /// Every match of a query on a line, with the words around it.
    Kwic(Kwic),
    /// Why a paragraph or an article matches a query, or does not.
    Why(Why),
    /// An article, or a paragraph in its surroundings.
    Show(Show),
    /// Counts by actor, topic, date, source, language or given code.
    Facets(Facets),
    /// How much matches in each day, week, month or year.
    Timeline(Timeline),
    /// Who printed a paragraph when, and what each version changed; or the paragraphs that are copied most.
    #[command(override_usage = COPIES_USAGE, mut_arg("query", |query| query.help(COPIES_OF).long_help(COPIES_OF)))]
    Copies(Copies),
    /// The codebook that coded the index.
    Codebook {
        #[command(subcommand)]
        command: Codebook,
    },
    /// A literature review: the queries of a protocol, run as a whole.
    Review(Review),
    /// Whether a review that is run anew says the same as its receipt, and why not.
    Replay {
        /// The receipt.json of a review.
        #[arg(value_name = "RECEIPT")]
        receipt: PathBuf,
    },
    /// What the index holds.
    Info,
    /// A completion script for a shell.
    Completions(Completions),
}

/// What is sought.
#[derive(Debug, Clone, Args)]
pub(crate) struct Query {
    /// The query; several arguments are joined by spaces. A lone - reads queries from standard input, one a line, and
    /// answers each with a line of JSON.
    #[arg(value_name = "QUERY")]
    pub(crate) query: Vec<String>,
    /// Any of the words is enough.
    #[arg(long)]
    pub(crate) any: bool,
    /// The language of the query: nutgraf, or lucene, nexis or factiva for one that is pasted from there. It is shown as it
    /// was read.
    #[arg(long, value_name = "DIALECT", default_value_t)]
    pub(crate) dialect: Dialect,
    /// Only paragraphs that name this actor.
    #[arg(long, value_name = "ACTOR")]
    pub(crate) actor: Vec<String>,
    /// Only paragraphs on this topic.
    #[arg(long, value_name = "TOPIC")]
    pub(crate) topic: Vec<String>,
    /// Only what this outlet published.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) source: Vec<String>,
    /// Only this language, an ISO 639 code.
    #[arg(long, value_name = "LANG")]
    pub(crate) lang: Option<String>,
    /// Only articles of this date and later: a year, month or day.
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// Only articles of this date and earlier: a year, month or day.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Search {
    #[command(flatten)]
    pub(crate) query: Query,
    /// How many hits to show.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,
    /// How many of the best hits to leave out.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: usize,
    /// The order: relevance, date (oldest first) or -date (newest first).
    #[arg(long, value_name = "ORDER", allow_hyphen_values = true, value_parser = sort, default_value = "relevance")]
    pub(crate) sort: Sort,
    /// Show every paragraph, not one of each group of copies.
    #[arg(long)]
    pub(crate) all_copies: bool,
    /// Count the matching paragraphs by these facets: actor, topic, date, source, lang, given.
    #[arg(long, value_name = "FACET,…", value_delimiter = ',')]
    pub(crate) facets: Vec<String>,
    /// Show so many paragraphs before and after each hit.
    #[arg(long, short = 'C', value_name = "N", default_value_t = 0)]
    pub(crate) context: u32,
    /// Say which words the codes of each hit rest on, as ranges of its text; in JSON and JSON lines.
    #[arg(long)]
    pub(crate) evidence: bool,
    /// Only say how much matches.
    #[arg(long)]
    pub(crate) count: bool,
    /// Say how the query was read.
    #[arg(long)]
    pub(crate) read_as: bool,
    /// Answer the queries of a file, one a line, each with a line of JSON.
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    pub(crate) queries: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) since: Since,
}

fn sort(text: &str) -> Result<Sort, String> {
    match text {
        "relevance" => Ok(Sort::Relevance),
        "date" => Ok(Sort::Oldest),
        "-date" => Ok(Sort::Newest),
        _ => Err("an order is relevance, date or -date".to_owned()),
    }
}

/// Which articles count as arrivals.
#[derive(Debug, Clone, Args)]
pub(crate) struct Since {
    /// Only articles that came into the index since: on this day (2026-01-31, in UTC), at this time (2026-01-31T06:00:00Z),
    /// or after this generation (a number). Each hit says what was there before of it.
    #[arg(long, value_name = "DATE|GENERATION")]
    pub(crate) arrived_since: Option<String>,
    /// Only articles that came since the review that this receipt is of, wherever the index was made.
    #[arg(long, value_name = "FILE", conflicts_with = "arrived_since")]
    pub(crate) since_receipt: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(override_usage = "nutgraf review [OPTIONS] PROTOCOL --out DIR\n       nutgraf review --new FILE")]
pub(crate) struct Review {
    /// The protocol, a file in TOML.
    #[arg(value_name = "PROTOCOL", required_unless_present = "new")]
    pub(crate) protocol: Option<PathBuf>,
    /// The folder for the files of the review; it is made if there is none.
    #[arg(long, value_name = "DIR", required_unless_present = "new")]
    pub(crate) out: Option<PathBuf>,
    /// Write a protocol to start from, with a comment on each of its keys, into a file that is not there yet.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["protocol", "out", "decisions", "arrived_since", "since_receipt"])]
    pub(crate) new: Option<PathBuf>,
    /// A file of decisions: records.csv filled in, or what ASReview or Rayyan exported; with its stage where the protocol has
    /// several and the file does not say.
    #[arg(long, value_name = "[STAGE=]FILE")]
    pub(crate) decisions: Vec<String>,
    #[command(flatten)]
    pub(crate) since: Since,
}

#[derive(Debug, Args)]
pub(crate) struct Kwic {
    #[command(flatten)]
    pub(crate) query: Query,
    /// How many lines to show.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// How many of the first lines to leave out.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: usize,
    /// The order: hits (best paragraph first), or by the words to the left or right of the match.
    #[arg(long, value_name = "ORDER", value_parser = order, default_value = "hits")]
    pub(crate) sort: Order,
    /// How many words to show on either side.
    #[arg(long, short = 'C', value_name = "N", default_value_t = 12)]
    pub(crate) context: usize,
    /// Take every paragraph, not one of each group of copies.
    #[arg(long)]
    pub(crate) all_copies: bool,
}

fn order(text: &str) -> Result<Order, String> {
    match text {
        "hits" => Ok(Order::Hits),
        "left" => Ok(Order::Left),
        "right" => Ok(Order::Right),
        _ => Err("an order is hits, left or right".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Why {
    /// A paragraph such as k3v9q2mt7x0a#4, or an article.
    #[arg(value_name = "REF")]
    pub(crate) reference: String,
    #[command(flatten)]
    pub(crate) query: Query,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A paragraph such as k3v9q2mt7x0a#4, or an article; the beginning of an id is enough where it is the only one.
    #[arg(value_name = "REF")]
    pub(crate) reference: String,
    /// Show so many paragraphs before and after the one asked for.
    #[arg(long, short = 'C', value_name = "N", default_value_t = 2)]
    pub(crate) context: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Facets {
    #[command(flatten)]
    pub(crate) query: Query,
    /// What to count by: actor, topic, date, source, lang, given.
    #[arg(long, value_name = "FACET,…", value_delimiter = ',', required = true)]
    pub(crate) by: Vec<String>,
    /// Count by this facet at the same time: a table; with the same facet twice, the pairs in one paragraph.
    #[arg(long, value_name = "FACET", conflicts_with = "copies_of")]
    pub(crate) and: Option<String>,
    /// With --and: how many rows and columns, or pairs, to show. By default 20 rows, 8 columns, 20 pairs; as JSON, CSV or
    /// TSV all.
    #[arg(long, value_name = "N", requires = "and")]
    pub(crate) top: Option<usize>,
    /// With --by source: which other outlets have copies of what this one published, and how late they printed them.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) copies_of: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Timeline {
    #[command(flatten)]
    pub(crate) query: Query,
    /// How long a period is. Weeks are those of ISO 8601.
    #[arg(long, value_name = "PERIOD", required = true, value_parser = unit())]
    pub(crate) by: Unit,
    /// Tell the most frequent values of this facet apart.
    #[arg(long, value_name = "FACET", value_parser = ["actor", "topic", "source", "lang", "given"])]
    pub(crate) split: Option<String>,
    /// How many values to tell apart, up to 8; the others are one.
    #[arg(long, value_name = "N", requires = "split", default_value_t = 5, value_parser = values)]
    pub(crate) top: usize,
    /// Also tell how many paragraphs the index holds of each period, and what share of them matches.
    #[arg(long)]
    pub(crate) share: bool,
    /// Also draw the bars as a figure into this file, which is replaced.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
}

fn unit() -> impl TypedValueParser<Value = Unit> {
    let unit = |name: String| Unit::ALL.into_iter().find(|unit| unit.name() == name).ok_or("no such period");
    PossibleValuesParser::new(Unit::ALL.map(Unit::name)).try_map(unit)
}

fn values(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=MOST_VALUES).contains(number));
    number.ok_or_else(|| format!("1 to {MOST_VALUES} values can be told apart"))
}

#[derive(Debug, Args)]
pub(crate) struct Copies {
    #[command(flatten)]
    pub(crate) query: Query,
    /// How many copies of the paragraph to show, the earliest first.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20, conflicts_with = "top")]
    pub(crate) limit: usize,
    /// The N groups of copies of which most paragraphs match the query.
    #[arg(long, value_name = "N")]
    pub(crate) top: Option<usize>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Codebook {
    /// The codes of a paragraph, each with the words that it rests on.
    Explain {
        /// A paragraph such as k3v9q2mt7x0a#4.
        #[arg(value_name = "REF")]
        reference: String,
    },
    /// Whether a codebook file holds together, what overlaps in it, and what it would find in the index.
    Check {
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Look at the file alone, not at the index.
        #[arg(long)]
        alone: bool,
    },
    /// Turn a dictionary of another project into a codebook, printed on standard output, to be read and corrected.
    Import {
        /// Whose notation it is in.
        #[arg(value_name = "NOTATION", value_enum)]
        notation: Notation,
        /// The files; those of newsmap with the language that their names count in, such as ru=russian.yml.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<String>,
        /// What to call it.
        #[arg(long, value_name = "NAME", default_value = "imported")]
        name: String,
    },
}

/// The notation of a dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Notation {
    /// That of TABARI and PETRARCH: CAMEO actors.
    Phoenix,
    /// newsmap's geographical dictionaries in YAML.
    Newsmap,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// The arguments with `search` put in where no command is named.
pub(crate) fn with_command(given: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = given.collect();
    let command = Cli::command();
    let takes_value = |argument: &str| {
        let search = command.find_subcommand("search").into_iter().flat_map(clap::Command::get_arguments);
        command.get_arguments().chain(search).any(|known| {
            let long = known.get_long().is_some_and(|long| argument == format!("--{long}"));
            let short = known.get_short().is_some_and(|short| argument == format!("-{short}"));
            (long || short) && known.get_action().takes_values()
        })
    };
    let mut value_next = false;
    let first = arguments.iter().skip(1).find(|argument| {
        let text = argument.to_string_lossy();
        let is_value = std::mem::replace(&mut value_next, takes_value(&text));
        !is_value && (text == "-" || text == "--" || !text.starts_with('-'))
    });
    let named = first.is_some_and(|first| {
        first == "help" || command.get_subcommands().any(|known| first.to_str() == Some(known.get_name()))
    });
    let asks_for_help =
        arguments.iter().any(|argument| ["-h", "--help", "-V", "--version"].iter().any(|help| argument == help));
    if !named && !(first.is_none() && (asks_for_help || arguments.len() == 1)) {
        arguments.insert(1, "search".into());
    }
    arguments
}
