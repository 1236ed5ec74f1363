//! Does the exit code say what was found where nobody reads the output to its end?

use crate::command::{RETRIP, command};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// How it ends when its output is closed behind the first line, and when nobody reads its errors.
fn read_one_line(arguments: &[&str]) -> Option<i32> {
    let mut child = command(RETRIP, arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stderr.take());
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    out.read_line(&mut line).expect("it says something");
    assert!(line.ends_with('\n'), "{line}");
    drop(out);
    child.wait().expect("it ends").code()
}

#[test]
fn a_sweep_that_nobody_reads_to_its_end_keeps_its_verdict() {
    let run = ["run", "wall_clock_back_while_open", "--seeds", "100"];
    assert_eq!(read_one_line(&run), Some(0));
    let planted = [&run[..], &["--plant", "wall_clock_interval"]].concat();
    assert_eq!(read_one_line(&planted), Some(1));
    let wrong = ["run", "scopes_nest_and_end", "--seeds", "100", "--plant", "wall_clock_interval"];
    assert_eq!(read_one_line(&wrong), Some(2));
}

#[test]
fn a_log_that_nobody_reads_to_its_end_keeps_its_verdict() {
    // Longer than what a pipe holds.
    let log = ["log", "contexts_of_100_threads_interleaved", "--form", "json"];
    assert_eq!(read_one_line(&log), Some(0));
    let broken = ["log", "wall_clock_back_while_open", "--plant", "wall_clock_interval"];
    assert_eq!(read_one_line(&broken), Some(1));
}
