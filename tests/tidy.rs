//! Is the house tidy: every file says what it is for, every snapshot is used, nothing is silenced?

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `folder` that end with `ending`, build output left out.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project can be read") {
            let path = entry.expect("an entry can be read").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The files of ours in which some line is as `wrong` says, with the line.
fn lines_where(wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(root(), ".rs") {
        let text = fs::read_to_string(&path).expect("a source file is text");
        let lines = text.lines().enumerate().filter(|(_, line)| wrong(line));
        found.extend(lines.map(|(at, line)| format!("{}:{}: {line}", shown(&path), at + 1)));
    }
    found
}

#[test]
fn every_source_file_opens_by_saying_what_it_is_for() {
    for path in files(root(), ".rs") {
        let text = fs::read_to_string(&path).expect("a source file is text");
        let opens = text.strip_prefix("//! ").and_then(|rest| rest.lines().next());
        let said =
            opens.is_some_and(|line| line.len() > 10 && line.chars().any(char::is_whitespace));
        assert!(said, "{} does not open with a `//!` line", shown(&path));
    }
}

#[test]
fn no_file_is_called_after_a_drawer() {
    for path in files(root(), ".rs") {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let drawers = ["util", "utils", "helper", "helpers", "common", "misc"];
        assert!(!drawers.contains(&stem), "{} is a drawer, not a noun", shown(&path));
    }
}

#[test]
fn no_manifest_points_to_a_place_that_does_not_exist() {
    for path in files(root(), "Cargo.toml") {
        let text = fs::read_to_string(&path).expect("a manifest is text");
        let made_up = [".invalid", "example.com", "example.org"];
        let found = text.lines().find(|line| made_up.iter().any(|host| line.contains(host)));
        assert_eq!(found, None, "{}: leave it out until there is one", shown(&path));
    }
}

#[test]
fn no_test_is_silenced_and_nothing_is_left_to_do() {
    let ignore = concat!("#[", "ignore");
    let rest = [concat!("todo", "!("), concat!("unimplemented", "!(")];
    let found = lines_where(|line| {
        line.trim_start().starts_with(ignore) || rest.iter().any(|word| line.contains(word))
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_snapshot_belongs_to_a_pinned_seed_and_every_pinned_seed_has_one() {
    let mut wanted = BTreeSet::new();
    for scenario in retrip::catalogue().scenarios() {
        for seed in scenario.pinned_seeds() {
            wanted.insert(format!("{}@{seed}.snap", scenario.name()));
        }
    }
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let found: BTreeSet<String> =
        files(&root().join("snapshots"), ".snap").iter().filter_map(name).collect();
    let unused: Vec<_> = found.difference(&wanted).collect();
    let missing: Vec<_> = wanted.difference(&found).collect();
    assert!(unused.is_empty(), "remove what nobody refers to: {unused:?}");
    assert!(missing.is_empty(), "review and accept: {missing:?}");
}

#[test]
fn every_file_of_a_scenario_is_listed() {
    let catalogue = retrip::catalogue();
    for path in files(&root().join("scenarios"), ".rs") {
        let text = fs::read_to_string(&path).expect("a source file is text");
        let names = text.split("Scenario::new(").skip(1);
        for name in names.filter_map(|rest| rest.split('"').nth(1)) {
            assert!(catalogue.find(name).is_ok(), "{}: `{name}` is not listed", shown(&path));
        }
    }
}

#[test]
fn every_scenario_lies_in_a_file_of_its_own_name() {
    let stems: BTreeSet<String> = files(&root().join("scenarios"), ".rs")
        .iter()
        .filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
        .collect();
    for scenario in retrip::catalogue().scenarios() {
        assert!(stems.contains(scenario.name()), "no file scenarios/**/{}.rs", scenario.name());
    }
}
