//! Do a panic, an overflow, a deadlock, a livelock and a leak of a simulated thread say which scenario, seed and thread it
//! was, with a line that shows it again?

use std::path::PathBuf;
use std::process::{Command, Output};

fn faulty(arguments: &[&str]) -> Output {
    let test = std::env::current_exe().expect("a test knows its own file");
    let built = test.parent().and_then(std::path::Path::parent).expect("it lies in deps");
    let example: PathBuf = built.join("examples/faulty");
    Command::new(example).args(arguments).output().expect("examples are built with the tests")
}

/// What is printed for `scenario`, and that the line it prints fails again in the same way.
fn report(scenario: &str, promise: &str) -> String {
    let output = faulty(&["run", scenario, "--seeds", "0..40"]);
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(&format!("FAILED  {scenario}  seed 0x")), "{said}");
    assert!(said.contains(&format!("promise  {promise}")), "{said}");
    let line = said.lines().find_map(|line| line.trim().strip_prefix("cargo run -- replay '"));
    let plan = line.and_then(|rest| rest.split('\'').next()).expect("a line to paste");
    let again = faulty(&["replay", plan]);
    let replayed = format!(
        "{}{}",
        String::from_utf8_lossy(&again.stdout),
        String::from_utf8_lossy(&again.stderr)
    );
    assert_eq!(again.status.code(), Some(1), "{plan}: {replayed}");
    assert!(replayed.contains(&format!("promise  {promise}")), "{plan}: {replayed}");
    said
}

#[test]
fn a_panic_names_its_thread_its_message_and_its_line() {
    let said = report("careless_caller", "no_panic");
    assert!(said.contains("bob panicked at examples/faulty.rs:"), "{said}");
    assert!(said.contains("bob works backwards"), "{said}");
}

#[test]
fn an_overflow_names_its_thread() {
    let said = report("deep_recursion", "no_stack_overflow");
    assert!(said.contains("the stack of thread `bob` overflowed"), "{said}");
}

#[test]
fn a_deadlock_says_who_waits_for_what() {
    let said = report("two_locks_in_two_orders", "no_deadlock");
    assert!(said.contains("ada waits for a lock that bob holds"), "{said}");
    assert!(said.contains("bob waits for a lock that ada holds"), "{said}");
}

#[test]
fn a_livelock_says_who_still_ran() {
    let said = report("flag_that_nobody_sets", "no_livelock");
    assert!(said.contains("still running: "), "{said}");
    assert!(said.contains("ada"), "{said}");
}

#[test]
fn a_leak_says_which_thread_was_forgotten() {
    let said = report("forgotten_thread", "no_leaked_thread");
    assert!(said.contains("forgotten waits for an unpark"), "{said}");
}
