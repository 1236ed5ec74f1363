//! Does the overflow of a simulated stack say which run and thread it was, and how to see it again?

// Miri starts no processes.
#![cfg(not(miri))]

use retrip_core::door::{Clock, Instant, Spawn};
use retrip_sim::engine::{OverflowReport, Setup, run};
use retrip_sim::seed::Seed;
use std::env;
use std::fmt;
use std::hint::black_box;
use std::process::{Command, ExitStatus};

/// Set in the process that overflows.
const CHILD: &str = "OVERFLOW_CHILD";

/// Runs this test in a process of its own; how that ended, and what it said.
fn in_a_child(test: &str) -> (ExitStatus, String) {
    let exe = env::current_exe().expect("a test knows its own file");
    let output = Command::new(exe)
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "1")
        .output()
        .expect("the test runs itself");
    (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn an_overflow_names_the_run_the_thread_and_the_replay_line() {
    if env::var_os(CHILD).is_some() {
        overflow();
        unreachable!("the stack has overflowed");
    }
    let (status, said) = in_a_child("an_overflow_names_the_run_the_thread_and_the_replay_line");
    if cfg!(retrip_os_threads) {
        // The stack is std's, and so is what is said: it names the thread, and neither the run nor the line.
        assert!(said.contains("thread 'deep'") && !said.contains("before "), "{said}");
        assert!(said.contains("has overflowed its stack"), "{said}");
        assert_eq!(status.code(), None, "a signal ended it: {said}");
        return;
    }
    assert!(said.contains("before ") && said.contains("   <deep> after"), "{said}");
    assert_eq!(status.code(), Some(1), "{said}");
}

#[test]
fn an_overflow_outside_of_a_run_ends_the_process_as_it_always_has() {
    if env::var_os(CHILD).is_some() {
        // A run has been here, so its handler is the first to be asked.
        run(Setup { overflow: &Report, ..Setup::of(Seed::new(1)) }, |_| ());
        black_box(descend(u64::MAX, &|| ()));
        unreachable!("the stack has overflowed");
    }
    let (status, said) =
        in_a_child("an_overflow_outside_of_a_run_ends_the_process_as_it_always_has");
    assert!(said.contains("has overflowed its stack") && !said.contains("before "), "{said}");
    assert_eq!(status.code(), None, "a signal ended it: {said}");
}

/// Longer than what is written at once, so that nothing may be lost in between.
struct Report;

impl OverflowReport for Report {
    fn write(&self, thread: &str, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "before {:>1000}", '<')?;
        write!(out, "{thread}> after")
    }
}

fn overflow() {
    run(Setup { overflow: &Report, ..Setup::of(Seed::new(1)) }, |sim| {
        let deep = sim.spawn("deep", move || {
            descend(u64::MAX, &|| assert!(black_box(sim.now()) < Instant::MAX))
        });
        let _ = deep.map(retrip_core::door::JoinHandle::join);
    });
}

#[expect(unconditional_recursion, reason = "it is the point")]
fn descend(depth: u64, visit: &dyn Fn()) -> u64 {
    let frame = black_box([depth; 64]);
    if depth.is_multiple_of(1000) {
        visit();
    }
    descend(depth - 1, visit) + frame[usize::from(depth == 7)]
}
