//! Does the check name what makes a run depend on more than its seed?

use crate::command::{RETRIP, Said, example, say};

/// Runs one planted leak; the check runs without being asked for.
fn leak(scenario: &str, seeds: &str) -> Said {
    let said = say(example("leaky"), &["run", scenario, "--seeds", seeds]);
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    let title = if scenario == "static_left_over" {
        "DEPENDS ON EARLIER RUNS"
    } else {
        "NOT DETERMINISTIC"
    };
    // The one in the middle, after others have run.
    let middle = seeds.parse::<u64>().expect("a count") / 2;
    let head = format!("{title}  {scenario}  seed {middle:#x}");
    assert!(said.out.contains(&head), "{}", said.out);
    said
}

fn names(scenario: &str, usual: &str) {
    let said = leak(scenario, "20");
    let line = format!("  usually  {usual}");
    assert!(said.out.contains(&line), "{}", said.out);
    // Where it happened: virtual time, node, thread, line of code, and both values.
    assert!(said.out.contains("  differs  event "), "{}", said.out);
    assert!(said.out.contains(" on local, thread main\n  source   examples/leaky.rs:"));
    assert!(said.out.contains("  first    probe  reads  "), "{}", said.out);
    assert!(said.out.contains("  second   probe  reads  "), "{}", said.out);
}

#[test]
fn the_order_of_a_map_is_named() {
    names("map_order", "map order");
}

#[test]
fn a_real_clock_is_named() {
    names("real_clock", "a real clock");
}

#[test]
fn a_static_left_over_is_named() {
    names("static_left_over", "a leftover of an earlier run");
    // With one seed there is no earlier run but the one that it is compared with.
    let said = leak("static_left_over", "1");
    assert!(said.out.contains("usually  a leftover of an earlier run"), "{}", said.out);
}

#[test]
fn what_only_the_sweep_saw_is_named_too_also_where_it_broke_a_promise() {
    for (scenario, head, check) in [
        ("in_one_run", "DEPENDS ON EARLIER RUNS  in_one_run  seed 0xa\n", "--check=1"),
        ("fails_in_one_run", "DEPENDS ON EARLIER RUNS\n\n  promise  nothing", "--check=0"),
    ] {
        let run = ["run", scenario, "--seeds", "20", "--jobs", "1", check];
        let said = say(example("leaky"), &run);
        assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
        for line in [
            head,
            "  between  two runs in one process\n  differs  event 1, ",
            "  first    probe  reads  1\n  second   probe  reads  0\n  usually  a leftover",
        ] {
            assert!(said.out.contains(line), "{line}: {}", said.out);
        }
    }
}

#[test]
fn randomness_of_the_operating_system_is_named() {
    names("os_randomness", "randomness of the operating system");
}

#[test]
fn a_replayed_plan_is_compared_as_well() {
    let said = say(example("leaky"), &["replay", "os_randomness 0x0"]);
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    assert!(said.out.contains("NOT DETERMINISTIC  os_randomness"), "{}", said.out);
}

#[test]
fn a_failure_that_comes_and_goes_is_called_not_reproducible() {
    // No sampled check here: a failure is always compared.
    let said = say(example("leaky"), &["run", "fails_at_random", "--seeds", "40", "--check=0"]);
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    let heads: Vec<_> = said.out.lines().filter(|line| line.starts_with("FAILED")).collect();
    assert!(!heads.is_empty(), "{}", said.out);
    assert!(heads.iter().all(|head| head.ends_with("  NOT REPRODUCIBLE")), "{}", said.out);
}

#[test]
fn each_failing_seed_is_run_again_in_a_fresh_process() {
    // Seed 0 counts nothing, and is the same everywhere; some of the others, which fail for the same cause, are not.
    let said = say(example("leaky"), &["run", "fails_and_counts", "--seeds", "20", "--check=0"]);
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    let heads: Vec<_> = said.out.lines().filter(|line| line.starts_with("FAILED")).collect();
    assert!(heads[0].contains("  seed 0x0") && heads[0].ends_with("  REPRODUCIBLE"), "{heads:?}");
    assert_eq!(heads.len(), 2, "{heads:?}");
    assert!(heads[1].ends_with("  DEPENDS ON EARLIER RUNS"), "{heads:?}");
    assert!(said.out.contains("  differs  event 1, at 0.001s on local"), "{}", said.out);
    assert!(said.out.contains("  usually  a leftover of an earlier run: "), "{}", said.out);
}

#[test]
fn a_timeline_that_two_engines_tell_differently_is_named() {
    let said = say(example("leaky"), &["run", "tells_engines_apart", "--seeds", "1"]);
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    let block = "ENGINES DISAGREE  tells_engines_apart  seed 0x0\n\n  event    1 of the log\n  threads  1s  probe reads  \
                 (step 1)\n  nodes    1s  probe guesses  (step 1)\n\n  run again\n    cargo run --example leaky -- replay \
                 'tells_engines_apart 0x0 on threads'\n    cargo run --example leaky -- replay 'tells_engines_apart 0x0 on nodes'\n";
    assert!(said.out.contains(block), "{}", said.out);
    assert!(
        said.out.contains("\n0 told alike by threads, nodes, network; 1 differently\n"),
        "{}",
        said.out
    );
}

#[test]
fn the_catalogue_is_what_its_seeds_say() {
    // `.ci/run` compares more seeds, where it is optimised.
    let said = say(RETRIP, &["run", "--seeds", "3"]);
    assert!(matches!(said.code, Some(0 | 2)), "{}{}", said.out, said.err);
    let compared = said.out.lines().find(|line| line.contains("run again, here and in a fresh"));
    assert!(compared.is_some_and(|line| line.ends_with(": the same")), "{}", said.out);
}

#[test]
fn no_check_is_made_where_nobody_wants_one() {
    let said = say(example("leaky"), &["run", "map_order", "--seeds", "5", "--check=0"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
}
