//! Does a changed log become a pending snapshot that is listed and accepted from the root?
//!
//! It is tried in a throw-away copy of the project, with one reviewed snapshot changed by hand, by the tests that are built for
//! this run: they look for snapshots where the runner says that the crate is. Listing and accepting are done by cargo-insta; where
//! that is not installed this test says so, and asks only for the pending file.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SNAPSHOT: &str = "snapshots/wall_clock_back_while_open@0x0.snap";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A copy of what the build needs, `target` and version control left out.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a temporary folder can be made");
    for entry in std::fs::read_dir(from).expect("a folder of the project can be read") {
        let path = entry.expect("an entry can be read").path();
        let name = path.file_name().expect("an entry has a name");
        if path.is_dir() {
            if name != "target" && name != ".git" {
                copy(&path, &to.join(name));
            }
        } else {
            std::fs::copy(&path, to.join(name)).expect("a file can be copied");
        }
    }
}

/// The tests of snapshots, as they are built for this run.
fn snapshot_tests() -> PathBuf {
    let arguments = ["test", "--workspace", "--test", "snapshots", "--no-run"];
    let built = cargo(root(), &[&arguments[..], &["--message-format", "json"]].concat());
    assert!(built.status.success(), "{}", said(&built));
    let messages = String::from_utf8_lossy(&built.stdout).into_owned();
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = messages
        .filter(|message| message["target"]["name"] == "snapshots")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from));
    program.expect("cargo says where it puts what it builds")
}

fn cargo(within: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO")).args(arguments).current_dir(within).output().expect("cargo runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&*output.stdout, &*output.stderr].concat()).into_owned()
}

#[test]
fn a_changed_log_becomes_pending_and_can_be_accepted_from_the_root() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let copied = folder.path();
    copy(root(), copied);
    let snapshot = copied.join(SNAPSHOT);
    let reviewed = std::fs::read_to_string(&snapshot).expect("the snapshot is there");
    std::fs::write(&snapshot, reviewed.replace("half-opens", "half-closes"))
        .expect("the copy can be written");

    let failed = Command::new(snapshot_tests())
        .args(["--exact", "wall_clock_back_while_open"])
        // What cargo says of the folder that a test is of.
        .envs([("CARGO_MANIFEST_DIR", copied), ("INSTA_WORKSPACE_ROOT", copied)])
        .env("INSTA_UPDATE", "new")
        .env_remove("CI")
        .output()
        .expect("the tests run");
    assert!(!failed.status.success(), "{}", said(&failed));
    let pending = copied.join(format!("{SNAPSHOT}.new"));
    assert!(pending.exists(), "{}", said(&failed));

    let listed = cargo(copied, &["insta", "pending-snapshots"]);
    if !listed.status.success() && said(&listed).contains("no such command") {
        let skipped = "cargo-insta is not installed: listing and accepting were not tried";
        assert!(std::io::Write::write_all(&mut std::io::stderr(), skipped.as_bytes()).is_ok());
        return;
    }
    assert!(said(&listed).contains("wall_clock_back_while_open@0x0"), "{}", said(&listed));
    let accepted = cargo(copied, &["insta", "accept"]);
    assert!(accepted.status.success(), "{}", said(&accepted));
    assert!(!pending.exists());
    let text = |whole: &str| whole.splitn(3, "---\n").nth(2).map(str::to_owned);
    let now = std::fs::read_to_string(&snapshot).expect("the snapshot is there");
    assert_eq!(text(&now), text(&reviewed), "what the run gives is what was reviewed");
}
