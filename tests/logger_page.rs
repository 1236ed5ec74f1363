//! Are the programs of docs/logger.md the ones in core/examples, and do they print what the page says?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

const PAGE: &str = include_str!("../docs/logger.md");

/// Where the examples of the logger's crate are.
const EXAMPLES: &str = "core/examples/";

/// A program of the page: the file that is named above it, its text, and what the page says that it prints.
struct Program {
    file: &'static str,
    text: &'static str,
    prints: &'static str,
}

/// The block of kind `kind` with which `rest` goes on, and what is behind it.
fn block(rest: &'static str, kind: &str) -> Option<(&'static str, &'static str)> {
    rest.split_once(&format!("```{kind}\n"))?.1.split_once("```")
}

fn programs() -> Vec<Program> {
    let named = PAGE.split("`core/examples/").skip(1);
    let program = |rest: &'static str| {
        let file = rest.split('`').next()?;
        let (text, behind) = block(rest, "rust")?;
        let (prints, _) = block(behind, "text")?;
        Some(Program { file, text, prints })
    };
    named
        .map(|rest| program(rest).expect("a program is named, shown, and what it prints"))
        .collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the examples, built from what is there now.
fn built() -> PathBuf {
    let profile = Path::new(env!("CARGO_BIN_EXE_retrip")).parent().expect("it is in a folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "retrip-core", "--features", "tracing"]);
    cargo.args(["--examples", "--target-dir"]);
    cargo.arg(profile.parent().expect("a profile is a folder of the target folder"));
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    assert!(cargo.current_dir(root()).status().expect("cargo runs").success(), "they build");
    profile.join("examples")
}

#[test]
fn each_program_is_its_file_and_prints_what_the_page_says() {
    let folder = built();
    for Program { file, text, prints } in programs() {
        let there = std::fs::read_to_string(root().join(EXAMPLES).join(file));
        assert_eq!(there.expect("it is there"), text, "left is {file}, right what the page shows");
        let output = Command::new(folder.join(file.trim_end_matches(".rs"))).output();
        let output = output.expect("it was built");
        let said = String::from_utf8_lossy(&output.stdout);
        let failed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{file}: {failed}");
        assert_eq!(said, prints, "left is what {file} prints, right what the page says");
    }
}

#[test]
fn each_example_of_the_logger_is_on_the_page() {
    let files = std::fs::read_dir(root().join(EXAMPLES)).expect("the folder is there");
    let files = files.map(|file| file.expect("it can be read").file_name());
    let files: BTreeSet<_> = files.map(|name| name.to_string_lossy().into_owned()).collect();
    let shown: BTreeSet<_> = programs().iter().map(|program| program.file.to_owned()).collect();
    assert_eq!(files, shown);
    assert_eq!(files.len(), 4);
}
