//! Do the commands that show something show it, the same each time?

use crate::command::{RETRIP, Said, command, example, say};
use retrip_sim::engine::EngineName;
use retrip_sim::plan::Plan;

const SCENARIO: &str = "wall_clock_back_while_open";

#[test]
fn a_log_is_the_same_bytes_each_time() {
    for form in ["full", "decision", "json"] {
        let log = || say(RETRIP, &["log", SCENARIO, "--seed", "7", "--form", form]);
        let (one, two) = (log(), log());
        assert_eq!(one.code, Some(0), "{}", one.err);
        assert!(!one.out.is_empty());
        assert_eq!(one.out, two.out);
    }
}

#[test]
fn a_seed_that_nobody_asked_for_is_said_beside_the_log() {
    let beside = "seed 0x0: none was asked for; --seed SEED shows another one\n";
    for form in ["full", "decision", "json", "plan"] {
        let asked = say(RETRIP, &["log", SCENARIO, "--seed", "0", "--form", form]);
        assert_eq!((asked.code, &*asked.err), (Some(0), ""), "{}", asked.out);
        let unasked = say(RETRIP, &["log", SCENARIO, "--form", form]);
        assert_eq!((unasked.code, &*unasked.err), (Some(0), beside), "{}", unasked.out);
        assert_eq!(unasked.out, asked.out);
    }
    let variable = command(RETRIP, &["log", SCENARIO]).env("RETRIP_SEED", "7").output();
    let variable = Said::from(variable.expect("it starts"));
    assert_eq!((variable.code, &*variable.err), (Some(0), ""), "{}", variable.out);
    assert_eq!(variable.out, say(RETRIP, &["log", SCENARIO, "--seed", "7"]).out);
    let plan = say(RETRIP, &["log", &format!("{SCENARIO} 0")]);
    assert_eq!((plan.code, &*plan.err), (Some(0), ""), "{}", plan.out);
}

#[test]
fn a_log_goes_whole_to_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.txt");
    let shown = say(RETRIP, &["log", SCENARIO, "--seed", "7"]);
    let said =
        say(RETRIP, &["log", SCENARIO, "--seed", "7", "--out", path.to_str().expect("it is text")]);
    assert_eq!((said.code, &*said.out), (Some(0), ""), "{}", said.err);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), shown.out);
}

#[test]
fn the_plan_of_a_seed_is_text_that_is_run_as_that_seed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plan");
    let file = format!("@{}", path.display());
    for scenario in [SCENARIO, "breaker_swarm", "transfers_between_accounts"] {
        let log = |what: &str, more: &[&str]| say(RETRIP, &[&["log", what][..], more].concat());
        let plan = log(scenario, &["--seed", "7", "--form", "plan"]);
        assert_eq!((plan.code, &*plan.err), (Some(0), ""), "{}", plan.out);
        assert!(plan.out.starts_with(&format!("{scenario} 0x7\n")), "{}", plan.out);
        let read: Plan = plan.out.parse().expect("it parses back");
        assert!(read.script.is_some_and(|steps| !steps.is_empty()), "{}", plan.out);
        std::fs::write(&path, &plan.out).expect("the folder is there");
        assert_eq!(log(&file, &["--form", "plan"]).out, plan.out);
        assert_eq!(log(&file, &[]).out, log(scenario, &["--seed", "7"]).out);
        let held = say(RETRIP, &["replay", &file]);
        assert!(held.out.starts_with("held  "), "{}{}", held.out, held.err);
    }
}

#[test]
fn the_log_of_a_plan_is_what_its_replay_shows() {
    let plan = "wall_clock_back_while_open 0x0 failure_threshold = 1; open_for = 1s; 0s call llm and fail; 1s call llm";
    let log = say(RETRIP, &["log", plan]);
    assert_eq!((log.code, &*log.err), (Some(0), ""), "{}", log.out);
    assert!(log.out.contains("half-opens"), "{}", log.out);
    let broken = plan.replace("; 1s", "; 0s wall clock jumps -1ns; 1s");
    let log = say(RETRIP, &["log", &broken, "--plant", "wall_clock_interval"]);
    assert_eq!(log.code, Some(1), "{}{}", log.out, log.err);
    assert!(log.err.contains("open_ends"), "{}", log.err);
    let old = say(RETRIP, &["log", &format!("{plan}; schedule written; nobody@3 -> time")]);
    assert_eq!(old.code, Some(0), "{}", old.out);
    let why = "  nobody@3 -> time: no thread is called nobody; there are main\n";
    assert!(old.err.starts_with("1 preemption does not apply: "), "{}", old.err);
    assert!(old.err.ends_with(&format!("\n{why}")), "{}", old.err);
}

#[test]
fn a_log_that_ends_with_a_broken_promise_says_so_apart() {
    let said = say(RETRIP, &["log", SCENARIO, "--seed", "7", "--plant", "wall_clock_interval"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("open_ends"), "{}", said.err);
    assert!(!said.out.contains("open_ends"), "{}", said.out);
}

#[test]
fn a_diff_shows_what_differs() {
    let same = say(RETRIP, &["diff", SCENARIO, "7", "7"]);
    assert_eq!(same.out, "the logs of seed 0x7 and seed 0x7 are equal\n");
    let other = say(RETRIP, &["diff", SCENARIO, "7", "8"]);
    assert!(other.out.starts_with(&format!("--- {SCENARIO} 0x7\n+++ {SCENARIO} 0x8\n@@ ")));
    let marked = |mark| other.out.lines().skip(3).any(|line| line.starts_with(mark));
    assert!(marked('+') && marked('-') && marked(' '), "{}", other.out);
}

#[test]
fn columns_of_other_widths_are_no_difference() {
    let head = |seed| {
        let log = say(RETRIP, &["log", "breaker_swarm", "--seed", seed]).out;
        log.lines().next().map(str::to_owned).expect("a head line")
    };
    assert_ne!(head("0"), head("1"), "the logs have names of other lengths");
    let differs = say(RETRIP, &["diff", "breaker_swarm", "0", "1"]).out;
    let mut changed = differs.lines().skip(3).filter(|line| line.starts_with(['+', '-']));
    assert!(!changed.any(|line| line.contains("  wall  ")), "{differs}");
}

#[test]
fn a_bug_that_was_not_reached_is_said_beside_a_log_and_a_difference() {
    let counter = example("counter");
    let gap = "the planted bug was never reached: no run of blind came to `no_bug_at_all`\n";
    for command in [&["log", "blind", "--seed", "3"][..], &["diff", "blind", "3", "4"]] {
        let sound = say(&counter, command);
        assert_eq!((sound.code, &*sound.err), (Some(0), ""), "{}", sound.out);
        let planted = say(&counter, &[command, &["--plant", "no_bug_at_all"]].concat());
        assert_eq!((planted.code, &*planted.err), (Some(2), gap), "{}", planted.out);
        assert_eq!(planted.out, sound.out, "it changes nothing");
    }
    // One seed that comes to it is enough for both.
    let said = say(&counter, &["diff", "counter", "0", "1", "--plant", "lost_update"]);
    assert_eq!((said.code, &*said.err), (Some(0), ""), "{}", said.out);
    let wrong = ["log", "scopes_nest_and_end", "--seed", "3", "--plant", "wall_clock_interval"];
    let said = say(RETRIP, &wrong);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.starts_with("error: `--plant wall_clock_interval` is not asked for by"));
}

#[test]
fn the_kill_matrix_names_a_survivor() {
    let counter = example("counter");
    let killed = say(&counter, &["mutants", "counter"]);
    assert_eq!(killed.code, Some(0), "{}{}", killed.out, killed.err);
    let end = "\n1 of 1 planted bugs killed by the promise named for them, the median within 1 seed, the last within 1 seed\n";
    assert!(killed.out.ends_with(end), "{}", killed.out);
    let by_promise = "\npromise  planted bugs  scenarios  median  most\nsums_up  1             1          1 seed  1 seed\n";
    assert!(killed.out.contains(by_promise), "{}", killed.out);
    let survived = say(&counter, &["mutants"]);
    assert_eq!(survived.code, Some(1), "{}{}", survived.out, survived.err);
    assert!(
        survived
            .out
            .contains("no_bug_at_all  looks_away  SURVIVED 1,000 seeds: it was never reached"),
        "{}",
        survived.out
    );
}

#[test]
fn the_kill_matrix_is_also_one_object_per_line() {
    let said = say(example("counter"), &["mutants", "--json", "--seeds", "100"]);
    let objects: Vec<serde_json::Value> = said
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is an object"))
        .collect();
    assert_eq!(objects.len(), 2);
    assert_eq!(objects[0]["killed_by"], "sums_up");
    assert!(objects[0]["seeds_to_kill"].as_u64().is_some_and(|seeds| seeds <= 100));
    assert!(objects[1]["killed_by"].is_null());
}

#[test]
fn every_scenario_and_every_row_is_listed() {
    let said = say(RETRIP, &["list"]);
    for scenario in retrip::catalogue().scenarios() {
        assert!(said.out.contains(scenario.name()) && said.out.contains(scenario.about()));
    }
    // With the engine of each that has one of its own, and all of one engine alone.
    assert!(said.out.contains("\npayments_swarm\n") && said.out.contains("\n    on nodes\n"));
    let nodes = say(RETRIP, &["list", "--engine", "nodes"]);
    let scenarios = retrip::catalogue();
    let on_nodes = |name: &str| {
        let scenario = scenarios.find(name).expect("it is one");
        scenario.can_run_on(EngineName::Nodes).is_ok()
    };
    let names: Vec<&str> = nodes.out.lines().filter(|line| !line.starts_with(' ')).collect();
    let (count, names) = names.split_last().expect("there is a last line");
    let names: Vec<&&str> = names.iter().filter(|name| !name.is_empty()).collect();
    assert!(!names.is_empty() && names.iter().all(|name| on_nodes(name)), "{names:?}");
    assert_eq!(*count, format!("{} scenarios", names.len()));
    let rows = say(RETRIP, &["list", "--seed-rows", "--seeds", "100"]);
    assert_eq!(rows.code, Some(0), "{}{}", rows.out, rows.err);
    assert_eq!(rows.out.lines().last(), Some("69 of 73 rows proven"), "{}", rows.out);
    // Exactly those that are left are planned.
    let planned = |line: &&str| line.contains("planned: ");
    let planned = rows.out.lines().filter(planned);
    let planned: Vec<&str> = planned.filter_map(|line| line.split("  ").next()).collect();
    assert_eq!(planned, [25, 26, 27, 28].map(|row| format!("end-to-end {row}")), "{}", rows.out);
    assert!(!rows.out.contains("NOT "), "{}", rows.out);
}
