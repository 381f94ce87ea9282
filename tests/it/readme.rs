//! The examples of the README and of docs/REVIEW.md are run: what stands below a `$ ` line is what the program prints.

use std::path::Path;
use std::process::Command;

/// Each example of a page: the command, and the output as it stands there.
fn examples(page: &str) -> Vec<(String, String)> {
    let mut examples = Vec::new();
    for block in page.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        let (command, output) = block.split_once('\n').expect("an example has a command and an output");
        examples.push((command.strip_prefix("$ ").expect("an example begins with $").to_owned(), output.to_owned()));
    }
    examples
}

/// Runs the examples of a page in a folder that has what the project's root has; tells how many there are.
fn run_examples(page: &str) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join(page)).expect(page);
    let home = tempfile::tempdir().expect("a temporary folder");
    // What an example writes must not lie in the project.
    for folder in ["corpus", "docs"] {
        copy(&root.join(folder), &home.path().join(folder));
    }
    let programs = Path::new(env!("CARGO_BIN_EXE_nutgraf")).parent().expect("the programs lie in a folder");
    let path = std::env::join_paths(
        [programs.to_path_buf()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let run = |command: &str, index: &str| {
        let output = Command::new("sh")
            .args(["-c", &format!("{command} 2>&1")])
            .current_dir(home.path())
            .env("PATH", path.as_ref().expect("the path of programs"))
            .env("NUTGRAF_INDEX", home.path().join(index))
            .output()
            .expect("a shell runs");
        String::from_utf8(output.stdout).expect("nutgraf prints UTF-8")
    };
    run("nutgraf-index corpus", "index");
    let examples = examples(&page);
    for (command, expected) in &examples {
        if command.starts_with("nutgraf-index check") {
            // How many files there are depends on the threads that built them.
            let after = |text: &str| text.split_once('\n').map(|(_, lines)| lines.to_owned());
            assert_eq!(after(&run(command, "index")), after(expected), "$ {command}");
            continue;
        }
        if command.starts_with("nutgraf-index") {
            // Into an index of its own: another generation would show in the answers.
            let printed = run(command, "another");
            // All but the time that it took.
            let counts = |line: &str| line.rsplit_once("; ").map(|(counts, _)| counts.to_owned());
            assert_eq!(counts(&printed), counts(expected), "$ {command}");
            continue;
        }
        let printed = run(command, "index");
        match expected.strip_suffix("…\n") {
            Some(beginning) => assert!(printed.starts_with(beginning), "$ {command}\n{printed}"),
            None => assert_eq!(&printed, expected, "$ {command}"),
        }
    }
    examples.len()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let copied = to.join(path.file_name().expect("a name"));
        if path.is_dir() { copy(&path, &copied) } else { std::fs::copy(&path, copied).map(|_| ()).expect("a file") }
    }
}

#[test]
fn the_examples_of_the_readme_are_true() {
    assert!(run_examples("README.md") >= 8);
}

#[test]
fn the_worked_review_is_true() {
    assert!(run_examples("docs/REVIEW.md") >= 4);
}
