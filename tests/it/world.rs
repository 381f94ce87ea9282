//! A folder of articles, the index made of it, and the two programs: what most of these tests live in.
//!
//! Texts of articles enter; exit codes, output and answers leave. Nothing outlives the [`World`] that made it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A temporary folder that holds articles in `corpus` and their index in `index`.
pub(crate) struct World {
    home: TempDir,
}

/// What a program did.
pub(crate) struct Done {
    /// The exit code; -1 if a signal ended it.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: Vec<u8>,
    /// Standard error.
    pub(crate) err: String,
}

impl World {
    /// A folder with these files, not indexed yet.
    pub(crate) fn of(files: &[(&str, &str)]) -> World {
        let world = World { home: tempfile::tempdir().expect("a temporary folder") };
        std::fs::create_dir(world.corpus()).expect("a folder");
        for (path, text) in files {
            world.write(path, text.as_bytes());
        }
        world
    }

    /// A folder with these files, indexed without anything skipped.
    pub(crate) fn indexed(files: &[(&str, &str)]) -> World {
        let world = World::of(files);
        let done = world.index(&[]);
        assert_eq!(done.code, 0, "{}", done.err);
        world
    }

    /// The sample corpus that comes with the project, indexed.
    pub(crate) fn sample() -> World {
        let world = World::of(&[]);
        let done = world.index_paths(&[&sample_corpus()], &[]);
        assert_eq!(done.code, 0, "{}", done.err);
        world
    }

    /// The temporary folder.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Where the articles are.
    pub(crate) fn corpus(&self) -> PathBuf {
        self.home.path().join("corpus")
    }

    /// Writes an article's file.
    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let file = self.corpus().join(path);
        std::fs::create_dir_all(file.parent().expect("a file has a folder")).expect("a folder");
        std::fs::write(file, bytes).expect("a file");
    }

    /// A program that runs in the folder, so that `./corpus` and `./index` are what it reads; the environment says nothing.
    pub(crate) fn program(&self, path: &str) -> Command {
        let mut command = Command::new(path);
        command.current_dir(self.home.path()).stdin(Stdio::null());
        for name in ["NUTGRAF_INDEX", "NO_COLOR", "TERM", "COLUMNS", "RUST_BACKTRACE"] {
            command.env_remove(name);
        }
        command
    }

    /// The indexer.
    pub(crate) fn indexer(&self) -> Command {
        self.program(env!("CARGO_BIN_EXE_nutgraf-index"))
    }

    /// The query program.
    pub(crate) fn nutgraf(&self) -> Command {
        self.program(env!("CARGO_BIN_EXE_nutgraf"))
    }

    /// Runs the indexer over the articles.
    pub(crate) fn index(&self, arguments: &[&str]) -> Done {
        run(self.indexer().args(arguments))
    }

    /// Runs the indexer over these files and folders, in this order.
    pub(crate) fn index_paths(&self, paths: &[&Path], arguments: &[&str]) -> Done {
        run(self.indexer().args(arguments).args(paths))
    }

    /// Asks.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Done {
        run(self.nutgraf().args(arguments))
    }

    /// Asks in JSON; an answer with hits or without.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let done = self.ask(&[arguments, &["--format", "json"]].concat());
        assert!(done.code == 0 || done.code == 1, "{arguments:?}: {}", done.err);
        serde_json::from_slice(&done.out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", done.text()))
    }

    /// Asks one query a line through standard input.
    pub(crate) fn batch(&self, arguments: &[&str], queries: &[u8]) -> Done {
        let questions = self.home.path().join("questions");
        std::fs::write(&questions, queries).expect("a file");
        let stdin = std::fs::File::open(questions).expect("the file just written");
        run(self.nutgraf().args(arguments).arg("-").stdin(stdin))
    }
}

impl Done {
    /// Standard output, which is always UTF-8.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.out).expect("nutgraf prints UTF-8")
    }
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Done {
    let Output { status, stdout, stderr } = command.output().expect("the program runs");
    let err = String::from_utf8(stderr).expect("messages are UTF-8");
    Done { code: status.code().unwrap_or(-1), out: stdout, err }
}

/// The sample corpus that comes with the project.
pub(crate) fn sample_corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The refs of an answer's hits, in order.
pub(crate) fn refs(answer: &Value) -> Vec<&str> {
    hits(answer).iter().map(|hit| hit["ref"].as_str().expect("a hit has a ref")).collect()
}

/// An answer's hits.
pub(crate) fn hits(answer: &Value) -> &[Value] {
    answer["hits"].as_array().expect("an answer has hits")
}

/// The marked words of a hit.
pub(crate) fn marked(hit: &Value) -> Vec<String> {
    let text: Vec<char> = hit["text"].as_str().expect("a hit has a text").chars().collect();
    let ranges = hit["highlights"].as_array().expect("a hit has highlights");
    let place = |value: &Value| value.as_u64().expect("a place") as usize;
    ranges.iter().map(|range| text[place(&range[0])..place(&range[1])].iter().collect()).collect()
}

/// Numbers that look like chance and are the same in every run: splitmix64 (Steele, Lea and Flood 2014).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// One of these.
    pub(crate) fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
