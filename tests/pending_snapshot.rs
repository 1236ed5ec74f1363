//! Does a changed log become a pending snapshot that is listed and accepted from the root?
//!
//! It is tried in a throw-away copy of the project, with one reviewed snapshot changed by hand. Listing and accepting are
//! done by cargo-insta; where that is not installed this test says so, and asks only for the pending file.

use std::path::Path;
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

/// Cargo in the copy, with a build folder of its own: a shared one would put the copy's tests in the place of ours.
fn cargo(copy: &Path, arguments: &[&str], update: &str) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("pending"))
        .env("INSTA_UPDATE", update)
        .env_remove("CI")
        .output()
        .expect("cargo runs")
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

    let tests = ["test", "--offline", "--package", "retrip", "--test", "snapshots"];
    let failed = cargo(copied, &[&tests[..], &["wall_clock_back"]].concat(), "new");
    assert!(!failed.status.success(), "{}", said(&failed));
    let pending = copied.join(format!("{SNAPSHOT}.new"));
    assert!(pending.exists(), "{}", said(&failed));

    let listed = cargo(copied, &["insta", "pending-snapshots"], "no");
    if !listed.status.success() && said(&listed).contains("no such command") {
        let skipped = "cargo-insta is not installed: listing and accepting were not tried";
        assert!(std::io::Write::write_all(&mut std::io::stderr(), skipped.as_bytes()).is_ok());
        return;
    }
    assert!(said(&listed).contains("wall_clock_back_while_open@0x0"), "{}", said(&listed));
    let accepted = cargo(copied, &["insta", "accept"], "no");
    assert!(accepted.status.success(), "{}", said(&accepted));
    assert!(!pending.exists());
    let text = |whole: &str| whole.splitn(3, "---\n").nth(2).map(str::to_owned);
    let now = std::fs::read_to_string(&snapshot).expect("the snapshot is there");
    assert_eq!(text(&now), text(&reviewed), "what the run gives is what was reviewed");
}
