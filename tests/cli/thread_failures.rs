//! Do a panic, an overflow, a deadlock, a livelock and a leak of a simulated thread say which scenario, seed and thread it
//! was, with a line that shows it again?

use crate::command::{RETRIP, Said, example, say};

fn faulty(arguments: &[&str]) -> Said {
    say(example("faulty"), arguments)
}

/// What is printed for `scenario`, and that the line it prints fails again in the same way.
fn report(scenario: &str, promise: &str) -> String {
    let run = faulty(&["run", scenario, "--seeds", "0..12"]);
    let said = format!("{}{}", run.out, run.err);
    assert_eq!(run.code, Some(1), "{said}");
    assert!(said.contains(&format!("FAILED  {scenario}  seed 0x")), "{said}");
    assert!(said.contains(&format!("promise  {promise}")), "{said}");
    let line = said
        .lines()
        .find_map(|line| line.trim().strip_prefix("cargo run --example faulty -- replay '"));
    let plan = line.and_then(|rest| rest.split('\'').next()).expect("a line to paste");
    let again = faulty(&["replay", plan]);
    let replayed = format!("{}{}", again.out, again.err);
    assert_eq!(again.code, Some(1), "{plan}: {replayed}");
    assert!(replayed.contains(&format!("promise  {promise}")), "{plan}: {replayed}");
    said
}

#[test]
fn a_panic_names_its_thread_its_message_and_its_line() {
    let said = report("careless_caller", "no_panic");
    assert!(said.contains("bob panicked at examples/faulty.rs:"), "{said}");
    assert!(said.contains("bob works backwards"), "{said}");
}

// Stacks that are std's end in std's words.
#[cfg(not(retrip_os_threads))]
#[test]
fn an_overflow_names_its_thread() {
    let said = report("deep_recursion", "no_stack_overflow");
    assert!(said.contains("the stack of thread `bob` overflowed"), "{said}");
}

#[test]
fn a_deadlock_says_who_waits_for_what() {
    let said = report("two_locks_in_two_orders", "no_deadlock");
    assert!(said.contains("ada waits for a lock that bob holds (examples/faulty.rs:"), "{said}");
    assert!(said.contains("bob waits for a lock that ada holds (examples/faulty.rs:"), "{said}");
}

#[test]
fn a_deadlock_of_tellers_shows_what_each_was_asked_to_do() {
    let plan = "transfers_between_accounts 0 accounts = 2; each = 9; ada: move 5 from 1 to 2; ada: move 1 from 1 to 2; \
                bob: move 7 from 2 to 1; schedule written; ada@6 -> bob";
    let replayed = say(RETRIP, &["replay", plan, "--plant", "locks_in_call_order"]);
    let said = format!("{}{}", replayed.out, replayed.err);
    assert_eq!(replayed.code, Some(1), "{said}");
    assert!(said.contains("promise  no_deadlock"), "{said}");
    let (_, last) = said.split_once("  last events\n").expect("there are last events");
    let of = |teller: &str| {
        let lines = last.lines().take_while(|line| !line.is_empty());
        lines.filter(|line| line.contains(teller)).last().map(str::to_owned).unwrap_or_default()
    };
    assert!(of(" ada ").ends_with("bank   is asked     to move 1 from 1 to 2"), "{said}");
    assert!(of(" bob ").ends_with("bank   is asked     to move 7 from 2 to 1"), "{said}");
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
    assert!(said.contains("forgotten waits for an unpark (examples/faulty.rs:"), "{said}");
}
