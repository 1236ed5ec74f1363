//! Does Ctrl-C keep what was done?

use crate::command::{RETRIP, command};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

/// What Ctrl-C does to a process.
fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
}

#[test]
fn an_interrupted_run_prints_what_it_has_and_exits_75() {
    let scenario = "wall_clock_back_while_open";
    let mut child = command(RETRIP, &["run", scenario, "--seeds", "0..=0xffffffffffffffff"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut head = String::new();
    // Once the head is there, it listens.
    out.read_line(&mut head).expect("it says what it does");
    interrupt(&child);
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("it ends");
    assert_eq!(child.wait().expect("it ends").code(), Some(75), "{head}{rest}");
    let row = rest.lines().find(|line| line.starts_with(scenario)).expect("its row is kept");
    assert!(row.ends_with("; interrupted"), "{row}");
    assert!(rest.ends_with("interrupted: this is what was done\n"), "{rest}");
}

#[test]
fn a_second_interrupt_ends_at_once_and_says_what_was_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("plan");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    let mut child = command(RETRIP, &["replay", &format!("@{}", pipe.display())])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // Both ends are open now, so that it listens; it reads a plan that never comes.
    let plan = File::options().write(true).open(&pipe).expect("it is read");
    let mut said = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut line = String::new();
    interrupt(&child);
    said.read_line(&mut line).expect("it says that it was heard");
    assert_eq!(line, "interrupted: ending with what was done; Ctrl-C again ends at once\n");
    interrupt(&child);
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("it ends");
    assert_eq!(child.wait().expect("it ends").code(), Some(75), "{rest}");
    assert_eq!(rest, "interrupted again: nothing was run\n");
    drop(plan);
}
