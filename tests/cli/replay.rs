//! Does the line that a report prints fail again in the same way, executed as printed?

use crate::command::{RETRIP, Said, command, example, paste, say};
use std::path::Path;

/// The first report of `said`, without the lines behind its replay line.
fn promise(said: &Said) -> String {
    let line = said.out.lines().find(|line| line.starts_with("  promise  "));
    line.unwrap_or_else(|| panic!("no promise in {}{}", said.out, said.err)).to_owned()
}

/// The replay lines of `said`, as printed.
fn lines(said: &Said) -> Vec<String> {
    let lines = said.out.lines().map(str::trim).filter(|line| line.starts_with("cargo run "));
    lines.map(str::to_owned).collect()
}

/// Executes `line` in a shell, with `program` in place of its build by cargo.
fn execute(program: &Path, line: &str) -> Said {
    let program = format!("'{}' replay ", program.to_str().expect("it is text"));
    let (_cargo, arguments) = line.split_once(" replay ").expect("it is a replay line");
    let line = format!("{program}{arguments}");
    command("sh", &["-c", &line]).output().expect("a shell runs").into()
}

#[test]
fn a_timeline_fails_again_as_printed() {
    let run = ["run", "wall_clock_back_while_open", "--seeds", "20"];
    let failed = say(RETRIP, &[&run[..], &["--plant", "wall_clock_interval"]].concat());
    assert_eq!(failed.code, Some(1), "{}", failed.out);
    assert!(failed.out.contains("REPRODUCIBLE") && !failed.out.contains("NOT"), "{}", failed.out);
    let lines = lines(&failed);
    assert_eq!(lines.len(), 1, "one bug is one cause: {}", failed.out);
    let again = execute(Path::new(RETRIP), &lines[0]);
    assert_eq!(again.code, Some(1), "{}{}", again.out, again.err);
    assert_eq!(promise(&again), promise(&failed));
    // What it shows is what it was given, and what it prints is its own line once more.
    assert!(again.out.contains("  open_for = 1s\n"), "{}", again.out);
    assert!(!again.out.contains("jump = "), "{}", again.out);
    assert_eq!(self::lines(&again), lines);
}

#[test]
fn a_race_fails_again_as_printed() {
    let counter = example("counter");
    let failed = say(&counter, &["run", "counter", "--seeds", "40", "--plant", "lost_update"]);
    assert_eq!(failed.code, Some(1), "{}", failed.out);
    // Two threads that each add once are all that a lost update needs.
    assert!(failed.out.contains("  minimal  2 of "), "{}", failed.out);
    assert!(failed.out.contains(" steps, 1 preemption, "), "{}", failed.out);
    let lines = lines(&failed);
    assert!(!lines.is_empty(), "{}", failed.out);
    for line in lines {
        let again = execute(&counter, &line);
        assert_eq!(again.code, Some(1), "{line}: {}{}", again.out, again.err);
        assert_eq!(promise(&again), promise(&failed));
        assert!(!again.out.contains("NOT REPRODUCIBLE"), "{}", again.out);
    }
}

#[test]
fn a_line_of_an_example_starts_that_example_as_printed() {
    let failed =
        say(example("counter"), &["run", "counter", "--seeds", "40", "--plant", "lost_update"]);
    let line = lines(&failed).swap_remove(0);
    assert!(line.starts_with("cargo run --example counter -- replay 'counter 0x"), "{line}");
    let again = paste(&line);
    assert_eq!(again.code, Some(1), "{line}: {}{}", again.out, again.err);
    assert_eq!(promise(&again), promise(&failed));
    assert_eq!(lines(&again)[0], line);
    // So does the line behind a run that was not what its seed says.
    let leaky = say(example("leaky"), &["run", "map_order", "--seeds", "1"]);
    let line = lines(&leaky).swap_remove(0);
    assert_eq!(line, "cargo run --example leaky -- replay 'map_order 0x0'");
    let again = paste(&line);
    assert_eq!(again.code, Some(3), "{line}: {}{}", again.out, again.err);
}

#[test]
fn a_line_of_the_catalogue_starts_what_its_catalogue_says() {
    let run = ["run", "wall_clock_back_while_open", "--seeds", "1", "--plant"];
    let failed = say(RETRIP, &[&run[..], &["wall_clock_interval"]].concat());
    let line = lines(&failed).swap_remove(0);
    assert!(line.starts_with("cargo run -- replay 'wall_clock_back_while_open 0x0 "), "{line}");
}

#[test]
fn without_the_bug_or_without_the_promise_the_same_plan_holds() {
    let counter = example("counter");
    let failed = say(&counter, &["run", "counter", "--seeds", "40", "--plant", "lost_update"]);
    let line = lines(&failed).swap_remove(0);
    let sound = execute(&counter, &line.replace(" --plant lost_update", ""));
    assert_eq!(sound.code, Some(0), "{}{}", sound.out, sound.err);
    assert!(sound.out.starts_with("held  counter"), "{}", sound.out);
    let unwatched = execute(&counter, &format!("{line} --without sums_up"));
    assert_eq!(unwatched.code, Some(0), "{}{}", unwatched.out, unwatched.err);
}

#[test]
fn a_plan_in_a_file_is_the_plan() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plan");
    std::fs::write(&path, "# two additions\ncounter 4\n0s add 1\n0s add 2\n").expect("it is new");
    let said = say(example("counter"), &["replay", &format!("@{}", path.display())]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("2 events"), "{}", said.out);
}

#[test]
fn a_plan_says_what_of_it_does_not_apply_and_why() {
    let replay = |plan: &str| say(example("counter"), &["replay", plan]);
    let why = "do not apply: the plan was edited, or the code has changed since";
    let reasons = "  adder-1@90 -> adder-2: the last point of adder-1 is 5\n  adder-2@91 -> adder-1: the last point of adder-2 is 5\n";
    let steps = "counter 0x4 adder-1: add 1; adder-2: add 1";
    let old =
        "schedule written; adder-1@90 -> adder-2; adder-2@91 -> adder-1; choice elsewhere 1/2";
    let said = replay(&format!("{steps}; {old}"));
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.starts_with("held  counter  seed 0x4: 2 events in "), "{}", said.out);
    assert!(said.out.contains(&format!("\n2 preemptions and 1 choice {why}\n")), "{}", said.out);
    assert!(said.out.contains(reasons), "{}", said.out);
    let said = replay("counter 0x4 0s add 1");
    assert!(said.out.starts_with("held  counter  seed 0x4: 1 event in "), "{}", said.out);
    // What applies is nothing to speak of.
    let said = replay(&format!("{steps}; schedule written; adder-1@1 -> adder-2"));
    assert!(said.out.starts_with("held  ") && !said.out.contains("not apply"), "{}", said.out);
    // A plan that fails says it beside what does not apply.
    let broken = "counter 0x4 adder-1: add 1; adder-2: add 1; adder-1@2 -> adder-2; ada@5 -> time";
    let said = say(example("counter"), &["replay", broken, "--plant", "lost_update"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    let head = "  given    2 steps, 2 preemptions, 1 of which does not apply\n";
    assert!(said.out.contains(head), "{}", said.out);
    let beside = "  ada@5 -> time  (does not apply: no thread is called ada; there are main, adder-1, adder-2)\n";
    assert!(said.out.contains(beside), "{}", said.out);
    assert_eq!(said.out.matches("(does not apply: ").count(), 1, "{}", said.out);
}
