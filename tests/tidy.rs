//! Is the house tidy: every file says what it is for and is short, every snapshot is used, nothing is silenced?

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

/// Where reading ends and scrolling begins: a file that needs more is two nouns.
const MOST_LINES: usize = 400;

#[test]
fn no_source_file_is_too_long_to_be_read() {
    for path in files(root(), ".rs") {
        let lines = fs::read_to_string(&path).expect("a source file is text").lines().count();
        assert!(lines <= MOST_LINES, "{} has {lines} lines: split it by noun", shown(&path));
    }
}

#[test]
fn no_file_or_folder_is_called_after_a_drawer() {
    let drawers = ["util", "utils", "helper", "helpers", "common", "misc"];
    for path in files(root(), ".rs") {
        let shown = shown(&path);
        let mut nouns = shown.trim_end_matches(".rs").split('/');
        assert!(!nouns.any(|noun| drawers.contains(&noun)), "{shown} is a drawer, not a noun");
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
    // In two halves, so that this file is not found.
    let silenced = [concat!("#[", "ignore"), concat!(", ign", "ore)]"), concat!("```ign", "ore")];
    let unfinished = [concat!("to", "do!("), concat!("unimpl", "emented!(")];
    let promised = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let wrong = [&silenced[..], &unfinished, &promised].concat();
    let found = lines_where(|line| wrong.iter().any(|word| line.contains(word)));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_snapshot_belongs_to_a_pinned_seed_and_every_pinned_seed_has_one() {
    let mut wanted = BTreeSet::new();
    for scenario in retrip::catalogue().scenarios() {
        let (name, seeds) = (scenario.name(), scenario.pinned_seeds());
        assert!((3..=5).contains(&seeds.len()), "{name} pins {} seeds, not 3 to 5", seeds.len());
        wanted.extend(seeds.iter().map(|seed| format!("snapshots/{name}@{seed}.snap")));
    }
    // What is pending lies there until it is reviewed; everything else belongs to somebody.
    let found: BTreeSet<String> = files(&root().join("snapshots"), "")
        .iter()
        .map(|path| shown(path))
        .filter(|name| !name.ends_with(".snap.new"))
        .collect();
    let unused: Vec<_> = found.difference(&wanted).collect();
    let missing: Vec<_> = wanted.difference(&found).collect();
    assert!(unused.is_empty(), "remove what nobody refers to: {unused:?}");
    assert!(missing.is_empty(), "review and accept: {missing:?}");
}

#[test]
fn the_head_of_every_snapshot_says_what_was_drawn() {
    for scenario in retrip::catalogue().scenarios() {
        for &seed in scenario.pinned_seeds() {
            // What insta compares is the log; the head above it grows old in silence.
            let drawn = retrip_sim::snapshot::snapshot(scenario, seed).description;
            let path = format!("snapshots/{}@{seed}.snap", scenario.name());
            let text =
                fs::read_to_string(root().join(&path)).expect("a pinned seed has a snapshot");
            let head = text.lines().find_map(|line| line.strip_prefix("description: "));
            assert_eq!(head, Some(&*drawn), "{path}: accept it anew");
        }
    }
}

#[test]
fn every_scenario_is_listed_and_lies_in_a_file_of_its_own_name() {
    let catalogue = retrip::catalogue();
    let mut unseen: BTreeSet<&str> =
        catalogue.scenarios().iter().map(|scenario| scenario.name()).collect();
    for path in files(&root().join("scenarios"), ".rs") {
        let text = fs::read_to_string(&path).expect("a source file is text");
        for rest in text.split("Scenario::new(").skip(1) {
            let name = rest.split('"').nth(1).unwrap_or_default();
            let file = shown(&path);
            assert!(file.ends_with(&format!("/{name}.rs")), "{file} holds `{name}`");
            assert!(catalogue.find(name).is_ok(), "{file}: `{name}` is not listed");
            unseen.remove(name);
        }
    }
    assert!(unseen.is_empty(), "no file scenarios/**/NAME.rs for {unseen:?}");
}

#[test]
fn what_the_documents_point_at_is_there() {
    for document in ["README.md", "ARCHITECTURE.md"] {
        let text = fs::read_to_string(root().join(document)).expect("a document is text");
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let rooms = text.lines().filter(|line| line.starts_with("| `")).flat_map(rooms);
        let targets: Vec<PathBuf> = links.map(PathBuf::from).chain(rooms).collect();
        assert!(targets.len() > 3, "{document} points at {} places only", targets.len());
        for target in targets {
            let shown = target.display();
            assert!(root().join(&target).exists(), "{document}: {shown} is not there");
        }
    }
}

/// The paths in the first column of a row of a table: one whole, and the names of what lies beside it.
fn rooms(row: &str) -> Vec<PathBuf> {
    let column = row.split('|').nth(1).unwrap_or_default();
    let mut names = column.split('`').skip(1).step_by(2).map(Path::new);
    let Some(first) = names.next() else { return Vec::new() };
    let beside = first.parent().unwrap_or(Path::new(""));
    [first.to_path_buf()].into_iter().chain(names.map(|name| beside.join(name))).collect()
}
