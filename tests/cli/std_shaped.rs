//! Is the bug of a program that was written for std found, told and shown again, and its mended twin let pass?

use crate::command::{example, say};

#[test]
fn a_queue_that_wakes_the_wrong_one_is_found_and_shown_again() {
    let run = say(example("queue"), &["run", "queue", "--seeds", "0..100"]);
    let said = format!("{}{}", run.out, run.err);
    assert_eq!(run.code, Some(1), "{said}");
    assert!(said.contains("promise  no_deadlock"), "{said}");
    // Each waiting thread has a line of its own, with the place in the code.
    let waiting = said.lines().filter(|line| line.starts_with("           thread-"));
    let waiting: Vec<&str> = waiting.filter(|line| line.contains("(examples/queue.rs:")).collect();
    assert_eq!(waiting.len(), 3, "{said}");
    assert!(waiting.iter().all(|line| line.contains("waits for a notification")), "{said}");
    assert!(!said.contains("last events"), "nothing was logged: {said}");
    // Fewer threads, or fewer items, are not stuck.
    assert!(said.contains("              pairs = 2\n              each = 2\n"), "{said}");
    let line = said.lines().find_map(|line| line.trim().split("queue -- replay '").nth(1));
    let plan = line.and_then(|rest| rest.split('\'').next()).expect("a line to paste");
    let again = say(example("queue"), &["replay", plan]);
    assert_eq!(again.code, Some(1), "{plan}: {}", again.err);
    for smaller in ["pairs = 1; each = 2", "pairs = 2; each = 1"] {
        let plan = plan.replace("pairs = 2; each = 2", smaller);
        assert_eq!(say(example("queue"), &["replay", &plan]).code, Some(0), "{plan}");
    }
}

#[test]
fn a_queue_that_wakes_everybody_holds() {
    let run = say(example("queue"), &["run", "queue_that_wakes_all", "--seeds", "0..1000"]);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert!(run.out.contains("held"), "{}", run.out);
}
