//! Codebooks of one's own, and what codes rest on.

use serde_json::json;

use crate::world::{World, hits};

const BOOK: &str = r#"
name = "mine"
version = "1"

[[actor]]
id = "ruritania"
label = "Ruritania"
names = ["Ruritania", "Strelsau"]

[[topic]]
id = "economy/sanctions/frozen-assets"
label = "Frozen assets"
any = ['asset* W/5 (frozen OR freez*)']
not = ['"asset freezer"']
"#;

const ARTICLE: &str = "The bank froze nothing.\n\nStrelsau has “frozen” the state’s assets in Ruritania, 制裁.\n\nAn asset freezer was frozen.";

#[test]
fn a_codebook_of_ones_own_is_laid_over_the_built_in_one() {
    let world = World::of(&[("a.txt", ARTICLE)]);
    std::fs::write(world.home().join("mine.toml"), BOOK).expect("a file");
    assert_eq!(world.index(&["--codebook", "mine.toml"]).code, 0);
    let answer = world.json(&["topic:frozen-assets actor:ruritania", "--evidence"]);
    let [hit] = hits(&answer) else { panic!("one hit: {answer}") };
    let evidence = json!({
        "actors": [{"path": "/ruritania", "ranges": [[0, 8], [44, 53]]}],
        "topics": [{"path": "/economy/sanctions/frozen-assets", "ranges": [[14, 20], [34, 40]]}],
    });
    assert_eq!(hit["evidence"], evidence, "{hit}");
    assert_eq!(world.json(&["topic:frozen-assets"])["total"]["paragraphs"], 1);
    assert!(world.json(&["info"])["codebook"]["name"].as_str().is_some_and(|name| name == "conflict+mine"));
    let refused = world.ask(&["frozen", "--evidence"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("--format json"), "{}", refused.err);
}

#[test]
fn a_codebook_is_checked() {
    let world = World::indexed(&[("a.txt", ARTICLE)]);
    let overlapping = format!("{BOOK}\n[[actor]]\nid = \"zenda\"\nlabel = \"Zenda\"\nnames = [\"Strelsau\"]\n");
    std::fs::write(world.home().join("mine.toml"), overlapping).expect("a file");
    let checked = world.json(&["codebook", "check", "mine.toml"]);
    assert_eq!(checked["codebook"], json!({"name": "mine", "version": "1", "actors": 2, "topics": 1}));
    assert_eq!(checked["names_of_several"], json!({"Strelsau": ["/ruritania", "/zenda"]}));
    let found = checked["actors_found"]["/ruritania"].as_array().expect("what is found");
    assert_eq!(found[..2], [json!("1 paragraphs"), json!("by ruritania (1), strelsau (1)")]);
    assert!(checked["found_too_often"].get("/ruritania").is_some(), "one paragraph of three: {checked}");
    let alone = world.json(&["codebook", "check", "--alone", "mine.toml", "--index", "nowhere"]);
    assert!(alone.get("actors_found").is_none());
    let wrong = BOOK.replace("W/5", "W/");
    std::fs::write(world.home().join("mine.toml"), wrong).expect("a file");
    for done in [world.ask(&["codebook", "check", "mine.toml"]), world.index(&["--codebook", "mine.toml"])] {
        assert_eq!(done.code, 2);
        assert!(done.err.contains("mine.toml:13") && done.err.contains("column 8"), "{}", done.err);
    }
}

#[test]
fn dictionaries_become_codebooks() {
    let world = World::indexed(&[("a.txt", ARTICLE)]);
    std::fs::write(world.home().join("p.txt"), "RURITANIA_ [RUR]\n+STRELSAU_\n\nZENDA_ [what now]\n").expect("a file");
    std::fs::write(world.home().join("n.yml"), "EUROPE:\n  EAST:\n    'RU': [Ruritania, Strelsau*]\n").expect("a file");
    for (notation, file, code, path) in [("phoenix", "p.txt", 1, "/rur"), ("newsmap", "en=n.yml", 0, "/ru")] {
        let done = world.ask(&["codebook", "import", notation, file]);
        assert_eq!(done.code, code, "{}", done.err);
        assert_eq!(done.err.contains("left out: line 4"), code == 1, "{}", done.err);
        std::fs::write(world.home().join("mine.toml"), &done.out).expect("a file");
        let checked = world.json(&["codebook", "check", "mine.toml"]);
        assert_eq!(checked["actors_found"][path][0], "1 paragraphs", "{checked}");
    }
    assert_eq!(world.ask(&["codebook", "import", "newsmap", "xx-yy-zz=n.yml"]).code, 2);
}
