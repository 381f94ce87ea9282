//! The README's examples are run: what stands below a `$ ` line is what the program prints.

use std::path::Path;
use std::process::Command;

/// Each example of the README: the command, and the output as it stands there.
fn examples(readme: &str) -> Vec<(String, String)> {
    let mut examples = Vec::new();
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        let (command, output) = block.split_once('\n').expect("an example has a command and an output");
        examples.push((command.strip_prefix("$ ").expect("an example begins with $").to_owned(), output.to_owned()));
    }
    examples
}

#[test]
fn the_examples_of_the_readme_are_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("README.md");
    let home = tempfile::tempdir().expect("a temporary folder");
    let programs = Path::new(env!("CARGO_BIN_EXE_nutgraf")).parent().expect("the programs lie in a folder");
    let path = std::env::join_paths(
        [programs.to_path_buf()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let run = |command: &str, index: &str| {
        let output = Command::new("sh")
            .args(["-c", &format!("{command} 2>&1")])
            .current_dir(root)
            .env("PATH", path.as_ref().expect("the path of programs"))
            .env("NUTGRAF_INDEX", home.path().join(index))
            .output()
            .expect("a shell runs");
        String::from_utf8(output.stdout).expect("nutgraf prints UTF-8")
    };
    run("nutgraf-index corpus", "index");
    let examples = examples(&readme);
    assert!(examples.len() >= 8, "{} examples", examples.len());
    for (command, expected) in examples {
        if command.starts_with("nutgraf-index check") {
            // How many files there are depends on the threads that built them.
            let after = |text: &str| text.split_once('\n').map(|(_, lines)| lines.to_owned());
            assert_eq!(after(&run(&command, "index")), after(&expected), "$ {command}");
            continue;
        }
        if command.starts_with("nutgraf-index") {
            // Into an index of its own: another generation would show in the answers.
            let printed = run(&command, "another");
            // All but the time that it took.
            let counts = |line: &str| line.rsplit_once("; ").map(|(counts, _)| counts.to_owned());
            assert_eq!(counts(&printed), counts(&expected), "$ {command}");
            continue;
        }
        let printed = run(&command, "index");
        match expected.strip_suffix("…\n") {
            Some(beginning) => assert!(printed.starts_with(beginning), "$ {command}\n{printed}"),
            None => assert_eq!(printed, expected, "$ {command}"),
        }
    }
}
