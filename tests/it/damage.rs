//! A damaged index: what is asked of it is answered as if it were whole, or refused with the name of the file; and the
//! check finds the damage.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;

use nutgraf::article::PubDate;
use nutgraf::codebook::Codebook;
use nutgraf::index::{Build, Check, Index, Mode, Report, build, check, snapshot};
use nutgraf::query::{Join, Question};
use nutgraf::search::answer::Unit;
use nutgraf::search::{Order, Request, concordance, history, most_copied, page, search, timeline};

use crate::world::{Chance, World, run};

/// A story in several outlets, near and equal copies, two languages, codes of the source, dates known more and less well.
const WIRE: &str = r#"{"id":"w","title":"Bank freezes assets","source":"Sample Wire","author":"Ann Example","url":"https://wire.example.org/1","date":"2022-03-10","lang":"en","topics":["finance"],"text":"The bank has frozen the assets of Russia.\n\nThe central bank of the state froze all assets on Monday and said that the measure would stay in force until the war ends.\n\nNothing else is known about it."}
{"id":"g","title":"Reserves blocked","source":"Example Gazette","date":"2022-03-13","lang":"en","text":"MOSCOW, March 11 (Sample Wire) - The bank has “frozen” the assets of Russia.\n\nThe central bank of the state froze all assets on Friday and said that the measure would stay in force until the war ends.\n\nA paragraph that stands alone."}
{"id":"d","title":"Bank sperrt Gelder","source":"Beispielblatt","date":"2022-04","lang":"de","topics":["finance"],"text":"Die Bank hat die Gelder Russlands gesperrt.\n\nMehr ist über den Krieg nicht bekannt."}
{"id":"u","title":"Undated","lang":"en","text":"The bank has frozen the assets of Russia. It freezes more assets every week."}
"#;

fn world() -> World {
    World::indexed(&[("wire.jsonl", WIRE)])
}

/// The built-in codebook is long, and reading it would take most of the time of a thousand questions.
const CODEBOOK: &str = r#"
name = "small"
version = "1"

[[actor]]
id = "russia"
label = "Russia"
names.any = ["Russia"]
names.de = ["Russland", "Russlands"]
"#;

/// The same articles with a short codebook.
fn small_world() -> World {
    let world = World::of(&[("wire.jsonl", WIRE)]);
    build_small(&world, Mode::Sync).expect("a build");
    world
}

/// Runs the indexer with the short codebook.
fn build_small(world: &World, mode: Mode) -> nutgraf::Result<Report> {
    let codebook = world.home().join("small.toml");
    std::fs::write(&codebook, CODEBOOK).expect("a file");
    let codebook = Codebook::open(&codebook).expect("a codebook");
    let today = PubDate::of_day(2025, 1, 1).expect("a day");
    let work = Build {
        mode,
        threads: 2,
        ..Build::new(vec![world.corpus()], codebook, std::time::SystemTime::UNIX_EPOCH, today)
    };
    build(&world.home().join("index"), &work, &|_| {})
}

/// The paragraph whose copies are asked for.
fn copied(index: &Path) -> String {
    let index = Index::open(index).expect("an index");
    let question = Question::read("Russia source:wire", Join::All).expect("a question");
    search(&index, &Request::new(question)).expect("an answer").hits[0].reference.to_string()
}

type Answers = Vec<Result<String, String>>;

/// What is answered to questions of all kinds, as it is or as the message that the program ends with.
fn answers(path: &Path, copied: &str) -> Answers {
    let index = match Index::open(path) {
        Ok(index) => index,
        Err(error) => return vec![Err(error.to_string())],
    };
    let of = |question: &str| Request {
        facets: ["actor", "topic", "date", "source", "lang", "given"].map(str::to_owned).to_vec(),
        context: 1,
        evidence: true,
        ..Request::new(Question::read(question, Join::All).expect("a question"))
    };
    fn told<T: std::fmt::Debug>(answer: nutgraf::Result<T>) -> Result<String, String> {
        answer.map(|answer| format!("{answer:?}")).map_err(|error| error.to_string())
    }
    let searched = [
        "bank assets",
        "\"frozen the assets\"",
        "freez*",
        "=Assets",
        "bank W/S russia",
        "actor:russia given:finance NOT lang:de",
        "author:ann OR url:wire",
        "words:>8 title:bank",
    ];
    let mut answers: Answers = searched.iter().map(|question| told(search(&index, &of(question)))).collect();
    answers.extend([
        told(concordance(&index, &of("bank"), Order::Right, 3)),
        told(timeline(&index, &of("bank"), Unit::Month, Some(("actor", 3)), true)),
        told(history(&index, copied, 10)),
        told(most_copied(&index, &Request::default())),
        told(page(&index, copied, 1)),
    ]);
    answers
}

/// Works on a thread of its own, within a time; a panic is told as such.
fn within<T: Send + 'static>(what: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (send, receive) = channel();
    std::thread::spawn(move || send.send(work()));
    receive.recv_timeout(Duration::from_secs(20)).unwrap_or_else(|error| panic!("{what}: it panics or hangs: {error}"))
}

/// Each file of an index below its directory, in order, without tantivy's locks, which are always empty.
fn files(index: &Path) -> Vec<PathBuf> {
    let mut files = vec![PathBuf::from("current"), PathBuf::from("lock")];
    let names =
        std::fs::read_dir(index.join("g1")).expect("a generation").map(|entry| entry.expect("a file").file_name());
    let mut names: Vec<_> = names.filter(|name| !name.to_string_lossy().ends_with(".lock")).collect();
    names.sort();
    files.extend(names.into_iter().map(|name| Path::new("g1").join(name)));
    files
}

/// The ways in which a file is damaged: what it then holds, or nothing for a file that is gone.
fn damages(chance: &mut Chance, whole: &[u8]) -> Vec<(String, Option<Vec<u8>>)> {
    let mut damages = vec![("gone".to_owned(), None), ("longer".to_owned(), Some([whole, b"\0"].concat()))];
    for length in [0, whole.len() / 2, whole.len().saturating_sub(1)] {
        damages.push((format!("cut to {length} bytes"), Some(whole[..length].to_vec())));
    }
    let somewhere = std::iter::repeat_with(|| chance.below(whole.len().max(1))).take(8);
    let flips: Vec<usize> = [0, whole.len().saturating_sub(1)].into_iter().chain(somewhere).collect();
    for place in flips {
        let mut bytes = whole.to_vec();
        if let Some(byte) = bytes.get_mut(place) {
            *byte ^= 1 << chance.below(8);
        }
        damages.push((format!("flipped at {place}"), Some(bytes)));
    }
    damages.retain(|(_, bytes)| bytes.as_deref() != Some(whole));
    damages
}

/// Puts bytes in place of a file's, or removes it.
fn put(file: &Path, bytes: Option<&[u8]>) {
    match bytes {
        Some(bytes) => std::fs::write(file, bytes).expect("a writable folder"),
        None => std::fs::remove_file(file).expect("a file"),
    }
}

#[test]
fn a_damaged_file_is_named_or_not_needed() {
    let world = small_world();
    let index = world.home().join("index");
    let copied = copied(&index);
    let whole = answers(&index, &copied);
    assert!(whole.iter().all(|answer| answer.is_ok()), "{whole:?}");
    let lazy = Check { full: false, threads: 1 };
    assert!(check(&index, lazy).expect("an index").is_sound());

    let mut chance = Chance(816);
    let mut refused = 0;
    for file in files(&index) {
        let path = index.join(&file);
        let bytes = std::fs::read(&path).expect("a file");
        for (damage, damaged) in damages(&mut chance, &bytes) {
            let what = format!("{} {damage}", file.display());
            put(&path, damaged.as_deref());
            let (asked, reference) = (index.clone(), copied.clone());
            let (answers, checked) =
                within(&what, move || (answers(&asked, &reference), check(&asked, Check { full: false, threads: 1 })));
            put(&path, Some(&bytes));
            let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
            for (place, answer) in answers.iter().enumerate() {
                match answer {
                    Ok(_) => assert!(*answer == whole[place], "{what}: question {place} has another answer"),
                    Err(message) => {
                        refused += 1;
                        // Without `current` there is no index, and one of another format may be sound.
                        let named = message.contains(&format!("{name}: ")) || name == "current";
                        assert!(named && message.contains("nutgraf-index"), "{what}: {message}");
                    }
                }
            }
            if name == "lock" {
                assert!(checked.expect("an index").is_sound(), "{what}: a lock holds nothing");
                continue;
            }
            match checked {
                Ok(checkup) => {
                    let faults: Vec<&str> =
                        checkup.parts.iter().flat_map(|part| &part.faults).map(String::as_str).collect();
                    assert!(faults.iter().any(|fault| fault.contains(name)), "{what}: {faults:?}");
                }
                Err(error) => assert!(name == "current", "{what}: {error}"),
            }
        }
    }
    assert_eq!(answers(&index, &copied), whole, "all is put back");
    assert!(refused > 100, "{refused}");
}

#[test]
fn an_update_neither_hides_damage_nor_spreads_it() {
    let lazy = Check { full: false, threads: 1 };
    // An article more, for which segments stay as they are, and another one in place of one, for which they are written anew.
    let more = format!("{WIRE}{{\"id\":\"m\",\"text\":\"One more article about the bank.\"}}\n");
    let other = WIRE.replace("has frozen the assets", "has released the assets");
    let mut stopped = 0;
    let count = files(&small_world().home().join("index")).len();
    for place in 0..count {
        // In turn: either way is as likely to meet a file.
        let articles = [&more, &other][place % 2];
        let world = small_world();
        let index = world.home().join("index");
        // Two threads make one segment or two, as it comes.
        let Some(file) = files(&index).into_iter().nth(place) else { continue };
        let mut bytes = std::fs::read(index.join(&file)).expect("a file");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x04;
        std::fs::write(index.join(&file), bytes).expect("a writable folder");
        world.write("wire.jsonl", articles.as_bytes());
        match build_small(&world, Mode::Sync) {
            Ok(_) => {
                let checkup = check(&index, lazy).expect("an index");
                if !checkup.is_sound() {
                    continue;
                }
                let copied = copied(&index);
                let fresh = World::of(&[("wire.jsonl", articles)]);
                build_small(&fresh, Mode::Sync).expect("a build");
                let [updated, fresh] = [&world, &fresh].map(|world| {
                    let answers = answers(&world.home().join("index"), &copied);
                    answers.into_iter().map(|answer| answer.expect("a sound index")).collect::<Vec<_>>()
                });
                // Which generation it is, the answers tell.
                let without = |answers: Vec<String>| answers.join("\n").replace("generation: 2", "generation: 1");
                assert_eq!(without(updated), without(fresh), "{}", file.display());
            }
            Err(error) => {
                stopped += 1;
                let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
                assert!(error.to_string().contains(name), "{}: {error}", file.display());
            }
        }
        if !file.ends_with("current") && !file.ends_with("lock") {
            build_small(&world, Mode::Rebuild).expect("a build");
            assert!(check(&index, lazy).expect("an index").is_sound(), "{}", file.display());
        }
    }
    assert!(stopped > 0);
}

#[test]
fn a_damaged_snapshot_is_named() {
    let world = small_world();
    let index = world.home().join("index");
    snapshot(&index, "first").expect("a snapshot");
    world.write("wire.jsonl", WIRE.replace("frozen", "blocked").as_bytes());
    build_small(&world, Mode::Rebuild).expect("a build");
    let lazy = Check { full: false, threads: 1 };
    let checkup = check(&index, lazy).expect("an index");
    assert!(checkup.is_sound(), "{checkup:?}");
    assert_eq!(checkup.parts.last().map(|part| (part.what, part.all)), Some(("snapshots", 1)));
    let manifest = index.join("snapshots/first/manifest.json");
    let bytes = std::fs::read(&manifest).expect("a file");
    std::fs::write(&manifest, &bytes[1..]).expect("a writable folder");
    let checkup = check(&index, lazy).expect("an index");
    let faults = checkup.parts.last().map(|part| part.faults.clone()).unwrap_or_default();
    assert!(faults.iter().any(|fault| fault.contains("snapshots/first/manifest.json: ")), "{faults:?}");
    let error = Index::open_snapshot(&index, "first").expect_err("it is damaged");
    assert!(error.to_string().contains("snapshots/first/manifest.json: the file is damaged"), "{error}");
    assert!(Index::open(&index).is_ok());
}

#[test]
fn the_programs_say_which_file_is_damaged() {
    let world = world();
    let index = world.home().join("index");
    let copied = copied(&index);
    let questions: [&[&str]; 7] = [
        &["bank", "assets"],
        &["\"frozen the assets\""],
        &["freez*"],
        &["facets", "--by", "actor", "bank"],
        &["timeline", "--by", "month", "bank"],
        &["copies", &copied],
        &["info"],
    ];
    let whole = questions.map(|question| world.ask(question));
    for file in files(&index) {
        let path = index.join(&file);
        let bytes = std::fs::read(&path).expect("a file");
        let mut flipped = bytes.clone();
        flipped[bytes.len() / 2] ^= 0x10;
        put(&path, Some(&flipped));
        for (question, whole) in questions.iter().zip(&whole).step_by(2) {
            let done = world.ask(question);
            assert!(!done.err.contains("panicked"), "{}: {question:?}: {}", file.display(), done.err);
            if done.code == 2 {
                assert!(
                    done.out.is_empty() && done.err.starts_with("nutgraf: index"),
                    "{}: {}",
                    file.display(),
                    done.err
                );
            } else {
                assert_eq!((done.code, &done.out), (whole.code, &whole.out), "{}: {question:?}", file.display());
            }
        }
        let done = run(world.indexer().arg("check"));
        let code = if file.ends_with("lock") { 0 } else { 1 };
        assert_eq!(done.code, code, "{}: {}{}", file.display(), done.text(), done.err);
        assert_eq!(done.text().contains(&format!("index/{}: ", file.display())), code == 1, "{}", done.text());
        put(&path, Some(&bytes));
    }
    let done = world.index_paths(&[], &["check", "--full"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let lines: Vec<&str> = done.text().lines().collect();
    assert_eq!(lines.len(), 6, "{}", done.text());
    assert!(lines.iter().all(|line| line.ends_with(", ok")), "{}", done.text());
    assert_eq!(lines[4..], ["fingerprints: 13, ok", "codes: 13, ok"]);
}

#[test]
fn a_foreign_file_is_named_and_harms_nothing() {
    let world = world();
    let before = world.ask(&["bank"]).out;
    std::fs::write(world.home().join("index/g1/notes.txt"), "not nutgraf's").expect("a writable folder");
    assert_eq!(world.ask(&["bank"]).out, before);
    let done = run(world.indexer().arg("check"));
    assert_eq!(done.code, 1, "{}", done.text());
    assert!(done.text().contains("index/g1/notes.txt: this is no file of the index"), "{}", done.text());
}

#[test]
fn what_to_do_is_said() {
    let world = world();
    let index = world.home().join("index");
    let current = std::fs::read(index.join("current")).expect("a file");
    let message = |path: &str, bytes: Option<&[u8]>| {
        let path = index.join(path);
        let before = std::fs::read(&path).expect("a file");
        put(&path, bytes);
        let done = world.ask(&["bank"]);
        let checked = run(world.indexer().arg("check"));
        put(&path, Some(&before));
        assert_eq!(done.code, 2, "{}{}", done.text(), done.err);
        assert!(checked.code > 0, "{}", checked.text());
        done.err.strip_prefix("nutgraf: ").expect("a message of the program").to_owned()
    };
    let cure = "; run nutgraf-index check to see what else is, or build the index again with nutgraf-index --rebuild\n";
    let manifest = std::fs::read(index.join("g1/manifest.json")).expect("a file");
    let mut flipped = manifest.clone();
    flipped[100] ^= 1;
    let length = manifest.len();
    assert_eq!(message("g1/manifest.json", None), format!("index/g1/manifest.json: the file is missing{cure}"));
    assert_eq!(
        message("g1/manifest.json", Some(&flipped)),
        format!("index/g1/manifest.json: the file is damaged somewhere in its bytes 0 to {}{cure}", length - 1)
    );
    assert_eq!(
        message("g1/manifest.json", Some(&manifest[..9])),
        format!("index/g1/manifest.json: the file is damaged: it has 9 bytes, not {length}{cure}")
    );
    assert_eq!(message("g1/sums", Some(b"nutsums")), format!("index/g1/sums: the file is damaged{cure}"));
    let format = |number: u32| format!("{{\"format\":{number},\"generation\":1}}");
    assert_eq!(
        message("current", Some(format(1).as_bytes())),
        "index: the index has the older format 1, this program reads format 7: build it again with nutgraf-index\n"
    );
    assert_eq!(
        message("current", Some(format(99).as_bytes())),
        "index: the index has the newer format 99, this program reads format 7: ask it with the nutgraf that belongs to \
         it, or build it again with nutgraf-index\n"
    );
    assert_eq!(
        message("current", Some(format(7).replace("on\":1", "on\":7").as_bytes())),
        "index/current: the file names generation 7, which is not there; build the index again with nutgraf-index\n"
    );
    assert_eq!(
        message("current", Some(b"")),
        "index/current: the file is damaged, or not one of nutgraf's; remove it and build the index again with \
         nutgraf-index\n"
    );
    assert_eq!(std::fs::read(index.join("current")).expect("a file"), current);
}

/// The last line of the indexer's message, when it is run by a shell that has said something before.
fn refused(world: &World, before: &str, arguments: &str) -> String {
    let shell = format!("{before}; exec \"$0\" {arguments}");
    let indexer = world.indexer();
    let mut command = Command::new("sh");
    command.args(["-c", &shell]).arg(indexer.get_program()).current_dir(world.home()).env_remove("NUTGRAF_INDEX");
    let done = run(&mut command);
    assert_eq!(done.code, 2, "{shell}: {}{}", done.text(), done.err);
    assert!(!done.err.contains("panicked"), "{shell}: {}", done.err);
    done.err.lines().last().unwrap_or_default().to_owned()
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_index_as_it_is() {
    let world = world();
    let before = world.ask(&["bank", "--format", "json"]).out;
    for number in 0..60 {
        world.write(
            &format!("{number}.txt"),
            format!("A text about the bank, number {number}.\n\n").repeat(4).as_bytes(),
        );
    }
    // In blocks of 512 bytes or of 1024, as the shell has it: from nothing at all to all but the codebook.
    for (blocks, more) in [(1, ""), (20, "--near off"), (300, "")] {
        let message = refused(&world, &format!("trap '' XFSZ; ulimit -f {blocks}"), more);
        assert!(message.contains("make room there, or choose another place"), "{blocks}: {message}");
        assert_eq!(world.ask(&["bank", "--format", "json"]).out, before, "{blocks}");
    }
    let done = run(world.indexer().arg("check"));
    assert_eq!(done.code, 0, "{}{}", done.text(), done.err);
    assert_eq!(world.index(&[]).code, 0);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_asked_and_checked() {
    use std::os::unix::fs::PermissionsExt;
    let world = world();
    let index = world.home().join("index");
    let before = world.ask(&["bank"]).out;
    let set = |mode: u32| {
        for folder in [index.join("g1"), index.clone()].iter().filter(|folder| folder.exists()) {
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).expect("the folder is ours");
        }
    };
    let names = || std::fs::read_dir(index.join("g1")).expect("a generation").count();
    let files = names();
    set(0o555);
    let (asked, checked) = (world.ask(&["bank"]), run(world.indexer().arg("check")));
    // Whoever may write everywhere is not kept out.
    let kept_out = std::fs::write(index.join("g1/probe"), "").is_err();
    let built = world.index(&[]);
    set(0o755);
    assert_eq!((asked.code, asked.out), (0, before));
    assert_eq!(checked.code, 0, "{}", checked.text());
    if kept_out {
        assert_eq!(names(), files, "asking leaves nothing behind");
        assert_eq!(built.code, 2, "{}", built.err);
        assert!(built.err.ends_with("; change its permissions, or choose another place\n"), "{}", built.err);
    }
}

#[test]
fn check_is_a_command_and_a_folder() {
    let world = world();
    let code = |arguments: &[&str]| world.index(arguments).code;
    assert_eq!(code(&["check"]), 0);
    assert_eq!(code(&["--index", "index", "check"]), 0);
    assert_eq!(code(&["check", "--full", "--threads", "2", "--index", "index"]), 0);
    assert_eq!(code(&["check", "--index", "nowhere"]), 2);
    assert_eq!(code(&["--hidden", "check"]), 2);
    assert_eq!(code(&["check", "corpus"]), 2);
    std::fs::create_dir(world.home().join("check")).expect("a folder");
    std::fs::write(world.home().join("check/a.txt"), "A text about frozen reserves.").expect("a file");
    assert_eq!(code(&["./check", "--index", "one"]), 0);
    assert_eq!(code(&["corpus", "check", "--index", "both"]), 0);
    assert_eq!(world.json(&["reserves", "--index", "one"])["index"]["articles"], 1);
    assert_eq!(world.json(&["reserves", "--index", "both"])["index"]["articles"], 5);
}
