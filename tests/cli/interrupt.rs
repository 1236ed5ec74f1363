//! Does Ctrl-C keep what was done?

use crate::command::{RETRIP, command};
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

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
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupted.expect("kill runs").success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("it ends");
    assert_eq!(child.wait().expect("it ends").code(), Some(75), "{head}{rest}");
    let row = rest.lines().find(|line| line.starts_with(scenario)).expect("its row is kept");
    assert!(row.ends_with("; interrupted"), "{row}");
    assert!(rest.contains("interrupted: this is what was done"), "{rest}");
}
