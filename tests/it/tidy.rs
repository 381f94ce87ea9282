//! Who may use whom, and what only some rooms may do, checked against the sources.
//!
//! The sources are read as text, without comments and tests; nothing is compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each room and the rooms that it uses, from the bottom up: a room uses only rooms above it in this table. The table is
/// exact: what is used stands here, and what stands here is used.
const ROOMS: [(&str, &[&str]); 15] = [
    ("error", &[]),
    ("article", &[]),
    ("text", &[]),
    ("read", &["error", "article", "text"]),
    ("interval", &[]),
    ("query", &["error", "article", "interval"]),
    ("meaning", &["error", "article", "text", "interval", "query"]),
    ("codebook", &["error", "article", "text", "interval", "query", "meaning"]),
    ("groups", &[]),
    ("index", &["error", "article", "read", "text", "codebook", "groups"]),
    ("highlight", &["text", "meaning"]),
    (
        "search",
        &["error", "article", "text", "interval", "query", "meaning", "codebook", "groups", "index", "highlight"],
    ),
    ("review", &["error", "article", "query", "meaning", "index", "search"]),
    ("print", &["article", "review", "search"]),
    ("bin", &["error", "article", "read", "query", "codebook", "groups", "index", "search", "review", "print"]),
];

/// Only these rooms touch the disk.
const DISK: [&str; 4] = ["read", "codebook", "index", "bin"];

/// The most lines of a file, tests not counted.
const LONGEST: usize = 500;

/// A source file.
struct Source {
    /// Its path below src.
    path: String,
    room: String,
    text: String,
    /// Whether it is compiled for tests alone.
    test: bool,
}

impl Source {
    /// Its lines without those of an inline test module.
    fn lines(&self) -> Vec<&str> {
        let mut lines = Vec::new();
        let mut rest = self.text.lines().peekable();
        while let Some(line) = rest.next() {
            let opens = |next: &&str| next.starts_with("mod ") && next.ends_with('{');
            if line == "#[cfg(test)]" && rest.peek().is_some_and(opens) {
                // rustfmt closes a module of the file at the beginning of a line.
                rest.by_ref().find(|line| *line == "}").expect("the test module ends");
            } else {
                lines.push(line);
            }
        }
        lines
    }

    /// Its code: lines without those of tests and comments.
    fn code(&self) -> String {
        without_comments(self.lines())
    }
}

fn without_comments<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let code = lines.into_iter().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

fn sources() -> Vec<Source> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    files_below(&src, &mut files);
    files.sort();
    let mut sources: Vec<Source> = files
        .iter()
        .map(|file| {
            let path = file.strip_prefix(&src).expect("a file of src").to_str().expect("a name in UTF-8");
            let room = path.split(['/', '.']).next().expect("a name").to_owned();
            let text = std::fs::read_to_string(file).expect("a source");
            Source { path: path.replace('\\', "/"), room, text, test: false }
        })
        .collect();
    let tests: BTreeSet<String> = sources
        .iter()
        .flat_map(|source| {
            let folder = source.path.strip_suffix("mod.rs").unwrap_or_default();
            let pairs = source.text.lines().zip(source.text.lines().skip(1));
            let modules = pairs.filter(|(line, _)| *line == "#[cfg(test)]");
            modules.filter_map(move |(_, line)| {
                let name = line.trim_start_matches("pub(crate) ").strip_prefix("mod ")?.strip_suffix(';')?;
                Some(format!("{folder}{name}"))
            })
        })
        .collect();
    for source in &mut sources {
        // A module of tests is a file, or a folder and all in it.
        let parts = source.path.match_indices(['.', '/']).map(|(at, _)| &source.path[..at]);
        source.test = parts.into_iter().any(|part| tests.contains(part));
    }
    assert!(sources.len() > 50, "{} files: is this the folder?", sources.len());
    sources
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of src") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_below(&path, files);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path);
        }
    }
}

/// What stands directly after `root` in the paths of some code: `a` and `b` in `root::{a::x, b}`.
fn first_parts(code: &str, root: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let name = |text: &str| text.chars().take_while(|c| is_name(*c)).collect::<String>();
    let mut parts = BTreeSet::new();
    for (at, found) in code.match_indices(root) {
        if code[..at].ends_with(is_name) {
            continue;
        }
        let rest = &code[at + found.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            parts.insert(name(rest));
            continue;
        };
        let mut depth = 0;
        let mut begins = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => begins = true,
                c if begins && is_name(c) => {
                    parts.insert(name(&group[at..]));
                    begins = false;
                }
                _ => {}
            }
        }
    }
    parts
}

/// The rooms that some code of a room uses.
fn used(room: &str, code: &str) -> BTreeSet<String> {
    let parts = first_parts(code, if room == "bin" { "nutgraf::" } else { "crate::" });
    // What the library shows at its top comes from this room.
    let rooms =
        parts.into_iter().map(|part| if part == "Result" || part == "Error" { "error".to_owned() } else { part });
    rooms.filter(|part| part != room).collect()
}

#[test]
fn paths_are_found() {
    let code = "use crate::a::{x, y};\nuse crate::{b, c::{d, e}, f};\nfn g(h: &crate::i::J) {} use mycrate::k;";
    let parts: Vec<String> = first_parts(code, "crate::").into_iter().collect();
    assert_eq!(parts, ["a", "b", "c", "f", "i"]);
}

#[test]
fn rooms_use_what_the_table_says() {
    let sources = sources();
    let mut uses: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.room != "lib") {
        let room = source.room.as_str();
        let (_, may) = ROOMS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("no room {room}"));
        // Tests of a room may use what the room may, and need not use anything.
        for used in used(room, &without_comments(source.text.lines())) {
            assert!(may.contains(&used.as_str()), "src/{}: {room} may not use {used}", source.path);
        }
        if !source.test {
            uses.entry(room).or_default().extend(used(room, &source.code()));
        }
        let root = !source.path.contains('/') || source.path == format!("{room}/mod.rs");
        assert!(
            !root || source.test || first_parts(&source.code(), "super::").is_empty(),
            "src/{}: write crate:: for another room, not super::",
            source.path
        );
    }
    for (place, (room, may)) in ROOMS.iter().enumerate() {
        let used = &uses[room];
        for other in *may {
            assert!(used.contains(*other), "{room} does not use {other}: take it out of the table");
            assert!(ROOMS[..place].iter().any(|(above, _)| above == other), "{room} is above {other}");
        }
    }
}

/// Fails if code outside the allowed rooms holds one of these.
fn only(allowed: &[&str], words: &[&str]) {
    for source in sources().iter().filter(|source| !source.test && !allowed.contains(&source.room.as_str())) {
        for (line, word) in
            source.code().lines().flat_map(|line| words.iter().map(move |word| (line.to_owned(), *word)))
        {
            assert!(!line.contains(word), "src/{}: {word} in {line}", source.path);
        }
    }
}

#[test]
fn only_the_programs_print_exit_and_read_the_clock() {
    only(&["bin"], &["print!(", "println!(", "eprint!(", "eprintln!(", "io::stdout", "io::stderr", "io::stdin"]);
    only(&["bin"], &["process::exit", "process::abort", "ExitCode", "env::args", "env::var"]);
    only(&["bin"], &["SystemTime::now", "Instant", ".elapsed()", "Timestamp::now", "Zoned::now"]);
}

#[test]
fn only_some_rooms_touch_the_disk() {
    only(&DISK, &["std::fs", " fs::", "(fs::", "File::", "OpenOptions", "MmapDirectory"]);
}

#[test]
fn nothing_is_left_undone() {
    only(&[], &["todo!", "unimplemented!", "dbg!", ".unwrap()", "#[allow("]);
}

#[test]
fn files_say_what_they_are() {
    for source in sources() {
        assert!(source.text.starts_with("//!"), "src/{} does not open with //!", source.path);
    }
}

#[test]
fn files_are_short() {
    for source in sources().iter().filter(|source| !source.test) {
        let lines = source.lines().len();
        assert!(lines <= LONGEST, "src/{} has {lines} lines", source.path);
    }
}
