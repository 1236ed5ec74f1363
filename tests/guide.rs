//! Does somebody who follows the guide from an empty folder get what it shows? And do plain tests in a crate of one's own
//! say what is wrong with them, in the file of that crate?
//!
//! Everything is done in a throw-away folder outside of this workspace, as the guide says it, by cargo and a shell. It is
//! built where the tests are built, but without the flag that this project gives the compiler: a reader has none.

use std::path::{Path, PathBuf};
use std::process::Command;

const GUIDE: &str = include_str!("../docs/guide.md");

/// Nothing is fetched: what it depends on is a part of what this project does. Nothing is typed that is slow, so nothing is
/// optimised.
const SETTINGS: &str = r#"
[net]
offline = true
[profile.dev]
debug = "line-tables-only"
incremental = false
[profile.dev.package."*"]
debug = false
"#;

/// One block of the guide, with what the line above it says of it.
#[derive(Debug)]
enum Block<'a> {
    /// The whole of a file.
    File { path: &'a str, text: &'a str },
    /// A function that takes the place of the one with the same first line.
    Function { path: &'a str, text: &'a str },
    /// What a person types.
    Typed(&'a str),
    /// What is printed then, or a part of it.
    Printed(&'a str),
}

fn blocks() -> Vec<Block<'static>> {
    let mut found = Vec::new();
    let mut rest = GUIDE;
    while let Some((above, behind)) = rest.split_once("```") {
        let (kind, behind) = behind.split_once('\n').expect("a block begins with its kind");
        let (text, behind) = behind.split_once("```").expect("a block ends");
        let above = above.trim_end().lines().last().unwrap_or_default();
        let mut named = above.split('`').skip(1).step_by(2);
        let named_above = "a file is named above its text";
        found.push(match kind {
            "rust" if above.ends_with("becomes:") => {
                Block::Function { path: named.next().expect(named_above), text }
            }
            "rust" => Block::File { path: named.last().expect(named_above), text },
            "sh" => Block::Typed(text),
            "text" => Block::Printed(text),
            other => panic!("the guide has a block of kind `{other}`, with which nothing is done"),
        });
        rest = behind;
    }
    found
}

/// The folder in which somebody works, with this project beside the crate that is made.
struct Desk {
    folder: tempfile::TempDir,
}

/// What was printed, and whether it ended well.
struct Said {
    text: String,
    well: bool,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let settings = folder.path().join(".cargo");
        std::fs::create_dir(&settings).expect("the folder is empty");
        std::fs::write(settings.join("config.toml"), SETTINGS).expect("it can be written");
        Self { folder }
    }

    fn krate(&self) -> PathBuf {
        self.folder.path().join("hand-over")
    }

    /// A person types `text` in the folder of the crate, or in the one around it before there is one.
    fn types(&self, text: &str) -> Said {
        let root = env!("CARGO_MANIFEST_DIR");
        let script = text.replace("../retrip", root);
        let within = if self.krate().exists() { self.krate() } else { self.folder.path().into() };
        let mut shell = Command::new("sh");
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            // What cargo says to this test would be taken for the crate's own.
            if name.starts_with("RETRIP_") || name.starts_with("CARGO_PKG_") || name == "CARGO" {
                shell.env_remove(&*name);
            }
        }
        shell.args(["-ec", &script]).current_dir(within).env("RUST_BACKTRACE", "0");
        let profile = Path::new(env!("CARGO_BIN_EXE_retrip")).parent();
        let target = profile.and_then(Path::parent).expect("programs are two folders deep");
        shell.env("CARGO_TARGET_DIR", target);
        let output = shell.output().expect("a shell runs");
        let text = [output.stdout, output.stderr].concat();
        Said { text: String::from_utf8_lossy(&text).into_owned(), well: output.status.success() }
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.krate().join(path), text).expect("the crate can be written");
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.krate().join(path)).expect("the crate has that file")
    }

    /// Puts `function` in the place of the one that begins with the same line.
    fn mend(&self, path: &str, function: &str) {
        let file = self.read(path);
        let first = function.lines().next().expect("a function has a first line");
        let (before, old) = file.split_once(first).expect("the function is in the file");
        let end = "\n    }\n";
        let (_, after) = old.split_once(end).expect("a function of an impl ends");
        self.write(path, &format!("{before}{function}{after}"));
    }
}

#[test]
fn somebody_who_follows_the_guide_gets_what_it_shows() {
    let desk = Desk::new();
    let (mut said, mut all) = (String::new(), String::new());
    let blocks = blocks();
    for (index, block) in blocks.iter().enumerate() {
        match *block {
            Block::File { path, text } => {
                let path_in = desk.krate().join(path);
                let folder = path_in.parent().expect("a file is in a folder");
                std::fs::create_dir_all(folder).expect("the crate can be written");
                desk.write(path, text);
            }
            Block::Function { path, text } => desk.mend(path, text),
            Block::Typed(text) => {
                if let Some((_, replayed)) = text.split_once(" replay ") {
                    assert!(all.contains(replayed.trim()), "no report says to type {text}");
                }
                let typed = desk.types(text);
                let fails = matches!(blocks.get(index + 1), Some(Block::Printed(printed)) if printed.contains("FAILED"));
                assert_eq!(typed.well, !fails, "{text}\n{}", typed.text);
                // The versions that this project is built with are there, whatever else there is by now.
                if text.contains("cargo new") {
                    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
                    std::fs::copy(lock, desk.krate().join("Cargo.lock")).expect("it is there");
                }
                said = typed.text;
                all.push_str(&said);
            }
            Block::Printed(text) => {
                assert!(said.contains(text), "shown:\n{text}\nprinted:\n{said}")
            }
        }
    }
    assert!(blocks.len() > 12, "the guide has {} blocks only", blocks.len());
    plain_tests_say_what_is_wrong(&desk);
}

/// The crate holds by now; what is done to it here is undone again.
fn plain_tests_say_what_is_wrong(desk: &Desk) {
    let typed = |text: &str, well| {
        let said = desk.types(text);
        assert_eq!(said.well, well, "{text}\n{}", said.text);
        said.text
    };
    let unknown = typed("RETRIP_SEDS=1 cargo test --test scenarios", false);
    assert!(unknown.contains("did you mean `RETRIP_SEEDS`?"), "{unknown}");
    // How many seeds were run is seen where a bug is: in the crate as it was.
    let queue = desk.read("src/queue.rs");
    let first = blocks().into_iter().find_map(|block| match block {
        Block::File { path: "src/queue.rs", text } => Some(text),
        _ => None,
    });
    desk.write("src/queue.rs", first.expect("the guide begins with the queue"));
    let failed = typed("cargo test --test scenarios", false);
    // The place of a failure is the reader's own file, and not one of ours.
    assert!(failed.contains("panicked at tests/scenarios.rs:3:1:"), "{failed}");
    assert!(!failed.contains("panicked at /"), "{failed}");
    assert!(failed.contains("REPRODUCIBLE") && !failed.contains("NOT REPRODUCIBLE"), "{failed}");
    let line = failed.lines().find(|line| line.contains(" replay '")).expect("a line to paste");
    assert!(line.trim().starts_with("cargo run --package hand-over -- replay '"), "{line}");
    assert!(typed(line.trim(), false).contains("FAILED  handed_over"), "{line}");
    let failing = failed.split("FAILED  handed_over  seed ").nth(1).expect("a seed is named");
    let failing = failing.split_whitespace().next().expect("a seed is a word");
    let alone = typed(&format!("RETRIP_SEED={failing} cargo test --test scenarios"), false);
    assert!(alone.contains("1 run, "), "{alone}");
    assert!(!failed.contains("1 run, ") && failed.contains("20 runs, "), "{failed}");
    let chosen = typed("RETRIP_STRATEGY=random cargo test --test scenarios", false);
    let row = chosen.lines().skip_while(|line| !line.contains("  schedules  ")).nth(1);
    let row: Vec<&str> = row.expect("a second table").split_whitespace().collect();
    assert_eq!(row[..5], ["handed_over", "20", "of", "20", "20"], "one strategy for all: {chosen}");
    assert!(chosen.contains("1 run again, here and in a fresh process: the same"), "{chosen}");
    // One test in a process of its own says the same.
    if desk.types("cargo nextest --version").well {
        let nextest = typed("cargo nextest run --test scenarios handed_over", false);
        assert!(nextest.contains("panicked at tests/scenarios.rs:3:1:"), "{nextest}");
        assert!(nextest.contains("  REPRODUCIBLE\n") && nextest.contains(line), "{nextest}");
    }
    desk.write("src/queue.rs", &queue);

    // A test without a scenario, and a scenario without a test.
    let tests = desk.read("tests/scenarios.rs");
    desk.write("tests/scenarios.rs", &tests.replace("handed_over }", "handed_ovr }"));
    let differ = typed("cargo test --test scenarios every_scenario_has_a_test", false);
    assert!(differ.contains("`handed_over` has no test: add it"), "{differ}");
    assert!(differ.contains("no scenario `handed_ovr`; did you mean `handed_over`?"), "{differ}");
    assert!(differ.contains("panicked at tests/scenarios.rs:3:1:"), "{differ}");
    desk.write("tests/scenarios.rs", &tests);

    // Seeds beyond those that are run by default, and nextest where it is installed.
    let more =
        typed("RETRIP_SEEDS=0..200 RETRIP_JOBS=2 RETRIP_CHECK=3 cargo test --test scenarios", true);
    assert!(more.contains("test handed_over ... ok"), "{more}");
    if desk.types("cargo nextest --version").well {
        let nextest = typed("cargo nextest run --test scenarios", true);
        assert!(nextest.contains("2 passed"), "{nextest}");
    }
}
