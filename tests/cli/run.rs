//! Does a sweep say what it found, and does its exit code?

use crate::command::{RETRIP, Said, command, example, say};

/// What is printed below the head line, which names the jobs.
fn body(said: &Said) -> &str {
    said.out.split_once('\n').expect("there is a head line").1
}

/// The row of `scenario`.
fn row<'a>(said: &'a Said, scenario: &str) -> &'a str {
    let found = said.out.lines().find(|line| line.starts_with(scenario));
    found.unwrap_or_else(|| panic!("no row of {scenario} in {}{}", said.out, said.err))
}

#[test]
fn the_result_does_not_depend_on_the_jobs() {
    // A timeline, threads and hosts, one of which fails. `.ci/run` asks it of the whole catalogue, where it is optimised.
    let run = |jobs| {
        let scenarios = ["wall_clock_back_while_open", "breaker_swarm", "payments_swarm"];
        let bent = ["--check=0", "--plant", "wall_clock_interval"];
        say(RETRIP, &[&["run", "--seeds", "24", "--jobs", jobs], &scenarios[..], &bent].concat())
    };
    let (one, two) = (run("1"), run("2"));
    assert_eq!(one.code, Some(1), "{}{}", one.out, one.err);
    assert_eq!(body(&one), body(&two));
    assert!(one.out.contains("seeds 0..24, 1 job,"), "{}", one.out);
}

#[test]
fn without_arguments_the_whole_catalogue_runs() {
    let run = |arguments: &[&str]| -> Said {
        let mut command = command(RETRIP, arguments);
        command
            .env("RETRIP_SEEDS", "4")
            .env("RETRIP_CHECK", "0")
            .output()
            .expect("it starts")
            .into()
    };
    let (bare, run) = (run(&[]), run(&["run"]));
    assert_eq!(bare.code, Some(0), "{}{}", bare.out, bare.err);
    assert_eq!(bare.out, run.out);
    for scenario in retrip::catalogue().scenarios() {
        row(&bare, scenario.name());
    }
}

/// The digests that `run` prints with `seeds` of a scenario on threads, of one on hosts and of a timeline.
fn digests(seeds: &[&str]) -> Vec<String> {
    let scenarios = ["breaker_swarm", "payments_swarm", "wall_clock_back_while_open"];
    let said = say(RETRIP, &[&["run", "--digest"], seeds, &scenarios].concat());
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let (_, table) = said.out.split_once("  digest\n").expect("there is a table of digests");
    let rows = scenarios.map(|scenario| {
        let row = table.lines().find(|line| line.starts_with(scenario));
        let digest = row.and_then(|row| row.split_whitespace().last()).expect("there is a row");
        assert!(digest.len() == 32 && u128::from_str_radix(digest, 16).is_ok(), "{digest}");
        digest.to_owned()
    });
    rows.into()
}

#[test]
fn the_logs_of_all_seeds_are_one_number_in_every_process() {
    let once = digests(&["--seeds", "0..20", "--jobs", "1"]);
    assert_eq!(once, digests(&["--seeds", "0..20", "--jobs", "2", "--check=0"]));
    for (other, once) in digests(&["--seeds", "1..21"]).iter().zip(&once) {
        assert_ne!(other, once);
    }
    let said = say(RETRIP, &["run", "wall_clock_back_while_open", "--seeds", "5"]);
    assert!(!said.out.contains("  digest\n"), "nobody asked for it: {}", said.out);
}

#[test]
fn the_seeds_are_said_although_nobody_asked_for_any() {
    let said = say(example("counter"), &["run", "quiet"]);
    assert!(said.out.starts_with("1 scenario, seeds 0..1000, "), "{}", said.out);
}

#[test]
fn every_failing_seed_is_listed() {
    let run =
        ["run", "wall_clock_back_while_open", "--seeds", "30", "--plant", "wall_clock_interval"];
    let said = say(RETRIP, &run);
    assert!(row(&said, "wall_clock_back_while_open").ends_with("BROKEN: open_ends (30 seeds)"));
    assert!(said.out.contains("FAILED  wall_clock_back_while_open  seed 0x0"), "{}", said.out);
    assert!(said.out.contains("also     seeds 0x1..=0x1d\n"), "{}", said.out);
}

#[test]
fn a_listed_range_of_failing_seeds_can_be_given_back() {
    let run = ["run", "wall_clock_back_while_open", "--plant", "wall_clock_interval", "--seeds"];
    let said = say(RETRIP, &[&run[..], &["30"]].concat());
    let (_, listed) = said.out.split_once("also     seeds ").expect("there are others");
    let listed = listed.lines().next().expect("they are on this line");
    let again = say(RETRIP, &[&run[..], &[listed]].concat());
    assert!(row(&again, "wall_clock_back_while_open").ends_with("(29 seeds)"), "{}", again.out);
}

#[test]
fn one_bug_that_many_seeds_meet_in_many_ways_is_one_cause() {
    for plant in [
        "threshold_off_by_one",
        "late_by_one_nanosecond",
        "rejected_call_runs",
        "unfenced_late_result",
        "unlimited_trials",
    ] {
        let said = say(RETRIP, &["run", "breaker_swarm", "--seeds", "0..100", "--plant", plant]);
        assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
        assert_eq!(said.out.matches("FAILED  ").count(), 1, "{plant}: {}", said.out);
        assert!(said.out.contains("  also     seed"), "{plant}: {}", said.out);
    }
}

#[test]
fn two_bugs_behind_one_promise_are_two_causes() {
    let run = ["run", "breaker_swarm", "--seeds", "0..60", "--plant", "rejections_uncounted"];
    let said = say(RETRIP, &[&run[..], &["--plant", "totals_lost_by_closing"]].concat());
    assert_eq!(said.out.matches("FAILED  ").count(), 2, "{}", said.out);
    assert_eq!(said.out.matches("promise  counts_add_up").count(), 2, "{}", said.out);
    for found in ["found    rejected 0", "found    success 0"] {
        assert_eq!(said.out.matches(found).count(), 1, "{}", said.out);
    }
}

#[test]
fn a_shard_is_its_part_of_the_seeds() {
    let run = ["run", "wall_clock_back_while_open", "--seeds", "10..30", "--shard", "2/4"];
    let said = say(RETRIP, &run);
    assert!(said.out.contains("seeds 15..20"), "{}", said.out);
}

#[test]
fn a_time_in_place_of_seeds_runs_some() {
    let said = say(RETRIP, &["run", "wall_clock_back_while_open", "--seeds", "10ms"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("seeds from 0 on for 10ms"), "{}", said.out);
}

#[test]
fn a_variable_stands_in_for_its_flag() {
    let run = |arguments: &[&str]| -> Said {
        let mut command = command(RETRIP, arguments);
        command.env("RETRIP_SEEDS", "3..5").env("RETRIP_PLANT", "wall_clock_interval");
        command.output().expect("it starts").into()
    };
    let said = run(&["run", "wall_clock_back_while_open"]);
    assert!(said.out.contains("seeds 3..5") && said.code == Some(1), "{}{}", said.out, said.err);
    let said = run(&["run", "wall_clock_back_while_open", "--seed", "9"]);
    assert!(said.out.contains("seeds 9..10"), "{}", said.out);
}

#[test]
fn a_canary_must_fail() {
    let counter = example("counter");
    let alive = say(&counter, &["run", "canary", "--seeds", "100"]);
    assert_eq!(alive.code, Some(0), "{}{}", alive.out, alive.err);
    assert!(row(&alive, "canary").contains("canary failed, as it must"), "{}", alive.out);
    let blind = say(&counter, &["run", "canary", "--seeds", "100", "--without", "never_adds"]);
    assert_eq!(blind.code, Some(1), "{}{}", blind.out, blind.err);
    assert!(row(&blind, "canary").contains("CANARY SURVIVED"), "{}", blind.out);
}

#[test]
fn a_canary_is_swept_beside_what_is_asked_for() {
    let counter = example("counter");
    let beside = "canary, beside it: failed, as it must (seed 0x0)\n";
    let quiet = say(&counter, &["run", "quiet"]);
    assert_eq!(quiet.code, Some(0), "{}{}", quiet.out, quiet.err);
    assert!(quiet.out.ends_with(beside), "{}", quiet.out);
    // It is counted nowhere.
    assert!(quiet.out.contains("\n1 run, ") && !quiet.out.contains("\ncanary  "), "{}", quiet.out);
    let ours = say(RETRIP, &["run", "scopes_nest_and_end", "--seeds", "5"]);
    let wanted = "\ncanary_lost_update, beside it: failed, as it must (seed 0x";
    assert!(ours.code == Some(0) && ours.out.contains(wanted), "{}{}", ours.out, ours.err);
    // Not beside itself, nor where what is asked for is bent.
    let itself = ["run", "quiet", "canary"];
    let planted = ["run", "counter", "--seeds", "40", "--plant", "lost_update"];
    let without = ["run", "quiet", "--without", "sums_up"];
    for arguments in [&itself[..], &planted, &without] {
        let said = say(&counter, arguments);
        assert!(!said.out.contains("beside it"), "{}{}", said.out, said.err);
    }
    let none = say(example("leaky"), &["run", "map_order", "--seeds", "1", "--check=0"]);
    let wanted =
        "no canary in this catalogue: whether a broken promise would be found is not judged\n";
    assert_eq!(none.code, Some(0), "{}{}", none.out, none.err);
    assert!(none.out.ends_with(wanted), "{}", none.out);
}

#[test]
fn a_canary_that_is_asked_for_alone_shows_how_it_fails() {
    let peer = "failsafe_late_success_during_a_trial";
    let alone = say(RETRIP, &["run", peer, "--seeds", "5"]);
    assert_eq!(alone.code, Some(0), "{}{}", alone.out, alone.err);
    assert_eq!(alone.out.matches("FAILED  ").count(), 1, "{}", alone.out);
    let line = alone.out.lines().find(|line| line.contains("cargo run -- replay"));
    let plan = line.and_then(|line| line.split('\'').nth(1)).expect("there is a line to paste");
    let replayed = say(RETRIP, &["replay", plan]);
    assert_eq!(replayed.code, Some(1), "{}{}", replayed.out, replayed.err);
    assert!(
        replayed.out.contains("admitted, after the late success of late-1"),
        "{}",
        replayed.out
    );
    let beside = say(RETRIP, &["run", peer, "canary_lost_update", "--seeds", "100"]);
    assert_eq!(beside.code, Some(0), "{}{}", beside.out, beside.err);
    assert_eq!(beside.out.matches("FAILED  ").count(), 0, "{}", beside.out);
}

#[test]
fn what_was_not_seen_is_a_gap_once_there_were_enough_seeds() {
    let counter = example("counter");
    let few = say(&counter, &["run", "blind", "--seeds", "50"]);
    assert_eq!(few.code, Some(0), "{}{}", few.out, few.err);
    assert!(row(&few, "blind").contains("not judged: 50 of 200 seeds"), "{}", few.out);
    let enough = say(&counter, &["run", "blind", "--seeds", "200"]);
    assert_eq!(enough.code, Some(2), "{}{}", enough.out, enough.err);
    assert!(row(&enough, "blind").contains("NOT SEEN: a_sum_of_a_thousand"), "{}", enough.out);
}

#[test]
fn a_scenario_whose_seed_changes_nothing_runs_once_and_says_so() {
    let said = say(example("counter"), &["run", "quiet"]);
    let row = row(&said, "quiet");
    assert!(row.contains("1 of 1") && row.contains("the seed changes nothing"), "{row}");
    assert!(said.out.contains("\n1 run, "), "{}", said.out);
}

#[test]
fn a_bug_that_no_selected_scenario_asks_for_is_an_error_that_names_those_that_do() {
    let named = ["run", "scopes_nest_and_end", "--seeds", "5", "--plant", "wall_clock_interval"];
    let said = say(RETRIP, &named);
    assert_eq!(said.code, Some(2), "{}{}", said.out, said.err);
    let wanted = "error: `--plant wall_clock_interval` is not asked for by scopes_nest_and_end; scenarios that ask for \
                  it: wall_clock_back_while_open, wall_clock_forward_while_open\n";
    assert_eq!(said.err, wanted);
    let plan = ["replay", "scopes_nest_and_end 0x0", "--plant", "wall_clock_interval"];
    let said = say(RETRIP, &plan);
    assert_eq!((said.code, &*said.err), (Some(2), wanted), "{}", said.out);
    // One scenario that asks for it is enough for all.
    let both = ["run", "scopes_nest_and_end", "wall_clock_back_while_open", "--seeds", "5"];
    let said = say(RETRIP, &[&both[..], &["--plant", "wall_clock_interval"]].concat());
    assert_eq!((said.code, &*said.err), (Some(1), ""), "{}", said.out);
}

#[test]
fn a_bug_that_is_reached_although_nobody_asked_for_it_is_none_of_the_wrong_scenarios() {
    let quiet = ["run", "quiet", "--plant", "lost_update"];
    let said = say(example("counter"), &quiet);
    assert_eq!((said.code, &*said.err), (Some(0), ""), "{}", said.out);
}

#[test]
fn a_bug_that_was_asked_for_and_never_reached_is_a_gap() {
    let gap = "the planted bug was never reached: no run of blind came to `no_bug_at_all`\n";
    for command in [&["run", "blind", "--seeds", "5"][..], &["replay", "blind 0x3"]] {
        let said = say(example("counter"), &[command, &["--plant", "no_bug_at_all"]].concat());
        assert_eq!(said.code, Some(2), "{}{}", said.out, said.err);
        assert!(said.out.ends_with(gap), "{}", said.out);
    }
}

#[test]
fn the_largest_seed_can_be_run_and_swept_to() {
    let top = "18446744073709551615";
    let one =
        ["run", "wall_clock_back_while_open", "--seed", top, "--plant", "wall_clock_interval"];
    let said = say(RETRIP, &one);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.contains("  seed 0xffffffffffffffff  "), "{}", said.out);
    let seeds = format!("18446744073709551614..={top}");
    let range =
        ["run", "wall_clock_back_while_open", "--jobs", "2", "--check=2", "--seeds", &seeds];
    let said = say(RETRIP, &range);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.starts_with(&format!("1 scenario, seeds {seeds}, 2 jobs")), "{}", said.out);
    assert!(row(&said, "wall_clock_back_while_open").contains("2 of 2"), "{}", said.out);
}
