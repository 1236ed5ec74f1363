//! Does Ctrl-C keep what was done?

use crate::command::{RETRIP, command, example, say};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

/// What Ctrl-C does to a process.
fn interrupt(child: &Child) {
    send("-INT", child);
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
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

/// A sweep of runs that are so long that to examine the failing ones takes seconds, and what it has said when it comes to that.
fn examining() -> (Child, BufReader<ChildStdout>) {
    let run = ["run", "flag_that_nobody_sets", "--seeds", "0..100", "--check=0"];
    let mut child = command(example("faulty"), &run)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    // The row is there before anything is examined.
    while !line.starts_with("flag_that_nobody_sets") {
        line.clear();
        assert_ne!(out.read_line(&mut line).expect("it says what it does"), 0);
    }
    assert!(line.ends_with("BROKEN: no_livelock (100 seeds)\n"), "{line}");
    (child, out)
}

#[test]
fn failing_seeds_are_examined_until_a_signal_and_the_others_are_listed() {
    let (mut child, mut out) = examining();
    send("-TERM", &child);
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("it ends");
    // A broken promise outweighs that it was interrupted.
    assert_eq!(child.wait().expect("it ends").code(), Some(1), "{rest}");
    let last = rest.lines().last().expect("it says something");
    let unexamined = last.strip_prefix("interrupted: this is what was done; not examined: ");
    let unexamined = unexamined.and_then(|rest| rest.strip_suffix(" failing seeds"));
    let unexamined: u64 = unexamined.and_then(|count| count.parse().ok()).expect(&rest);
    assert!((1..=100).contains(&unexamined), "{rest}");
    let (_, report) = rest.split_once("  NOT RUN AGAIN\n").expect(&rest);
    assert!(report.contains("  promise  no_livelock: "), "{rest}");
    assert!(rest.contains("  minimal  none: stopped before a smaller case was found\n"), "{rest}");
    for line in rest.lines().filter(|line| line.contains(" -- replay '")) {
        let plan = line.split('\'').nth(1).expect("a plan is quoted");
        let again = say(example("faulty"), &["replay", plan]);
        assert_eq!(again.code, Some(1), "{line}: {}{}", again.out, again.err);
        assert!(again.out.contains("  promise  no_livelock: "), "{line}: {}", again.out);
    }
}
