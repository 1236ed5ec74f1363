//! Does a strategy that is asked for choose every run, and does whatever is printed about such a run show it again?

use crate::command::{RETRIP, Said, command, example, say};

const SWARM: &str = "breaker_swarm";

/// How many runs each strategy chose, of those that chose any.
fn chosen(said: &Said) -> Vec<(String, String)> {
    let mut lines = said.out.lines().skip_while(|line| !line.contains("  schedules  "));
    let (head, row) = (lines.next().expect("a second table"), lines.next().expect("its row"));
    let begins = |name: &str| head.find(name).expect("each has a column");
    let names = ["random", "urw", "pos", "pct", "sticky", "round-robin"];
    let runs = names.map(|name| {
        let cell = row.get(begins(name)..).unwrap_or_default();
        let cell = cell.split("  ").next().unwrap_or_default().trim();
        (name.to_owned(), cell.to_owned())
    });
    runs.into_iter().filter(|(_, runs)| !runs.is_empty()).collect()
}

fn only(name: &str, runs: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), runs.to_owned())]
}

#[test]
fn every_seed_is_run_with_the_strategy_that_was_asked_for() {
    for (strategy, name) in [("pct:3", "pct"), ("urw", "urw"), ("round-robin:1", "round-robin")] {
        let run = ["run", SWARM, "--seeds", "50", "--strategy", strategy];
        let said = say(RETRIP, &run);
        assert_eq!(chosen(&said), only(name, "50"), "{}{}", said.out, said.err);
        let head = said.out.lines().next().expect("there is a head line");
        assert!(head.ends_with(&format!(", strategy {strategy}")), "{head}");
        // What a fresh process runs is the same.
        assert!(said.out.contains("1 run again, here and in a fresh process: the same"));
    }
}

#[test]
fn a_variable_stands_in_for_the_strategy_and_the_flag_overrides_it() {
    let with = |arguments: &[&str]| -> Said {
        let mut command = command(RETRIP, arguments);
        command.env("RETRIP_STRATEGY", "pos").output().expect("it starts").into()
    };
    assert_eq!(chosen(&with(&["run", SWARM, "--seeds", "30"])), only("pos", "30"));
    let said = with(&["run", SWARM, "--seeds", "30", "--strategy", "sticky"]);
    assert_eq!(chosen(&said), only("sticky", "30"));
    // A plan that leaves nothing to it is none the worse.
    let plan = format!("{SWARM} 0 a: call llm; schedule written");
    let said = with(&["replay", &plan]);
    assert!(said.out.starts_with("held"), "{}{}", said.out, said.err);
}

#[test]
fn a_log_a_difference_and_the_mutants_take_it_too() {
    let log = |strategy: &[&str]| {
        let said = say(RETRIP, &[&["log", SWARM, "--seed", "7"], strategy].concat());
        assert_eq!(said.code, Some(0), "{}", said.err);
        said.out
    };
    let strategies: [&[&str]; 2] =
        [&["--strategy", "round-robin:1"], &["--strategy", "sticky:60000"]];
    let [fair, sticky] = strategies.map(log);
    assert_ne!(fair, sticky, "they choose otherwise");
    let plan = format!("{SWARM} 0x7");
    let of_plan = say(RETRIP, &["log", &plan, "--strategy", "round-robin:1"]);
    assert_eq!(of_plan.out, fair);
    let diff =
        |strategy: &[&str]| say(RETRIP, &[&["diff", SWARM, "7", "8"], strategy].concat()).out;
    assert_ne!(diff(&["--strategy", "round-robin:1"]), diff(&["--strategy", "sticky:60000"]));
    let killed = say(example("counter"), &["mutants", "counter", "--strategy", "random"]);
    assert_eq!(killed.code, Some(0), "{}{}", killed.out, killed.err);
}

#[test]
fn the_line_to_paste_names_the_strategy_where_the_schedule_is_left_to_it() {
    let run = ["run", "real_clock", "--seeds", "2", "--strategy", "sticky:2"];
    let said = say(example("leaky"), &run);
    let line = said.out.lines().find(|line| line.contains(" replay '")).expect("a line to paste");
    assert!(line.ends_with("leaky -- replay 'real_clock 0x1' --strategy sticky:2"), "{line}");
    let run = ["run", "two_locks_in_two_orders", "--seeds", "0..60", "--strategy", "pct:2"];
    let said = say(example("faulty"), &run);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.contains("  REPRODUCIBLE\n"), "{}", said.out);
    let line = said.out.lines().find(|line| line.contains(" replay '")).expect("a line to paste");
    assert!(line.contains(" schedule written; ") && !line.contains("--strategy"), "{line}");
    let plan = line.split('\'').nth(1).expect("a plan is quoted");
    assert_eq!(say(example("faulty"), &["replay", plan]).code, Some(1), "{line}");
}

#[test]
fn a_wrong_strategy_is_named_with_what_would_be_right() {
    for (strategy, words) in [
        ("stiky:3", "there is no strategy `stiky`; did you mean `sticky`?"),
        (
            "best",
            "there is no strategy `best`; there are random, urw, pos, pct, sticky, round-robin",
        ),
        ("urw:3", "the strategy urw has no parameter: write it without `:3`"),
        ("pct:none", "`none` is no parameter of the strategy pct: write a whole number from 1"),
    ] {
        let said = say(RETRIP, &["run", SWARM, "--strategy", strategy]);
        assert_eq!((said.code, &*said.out), (Some(2), ""), "{}", said.err);
        assert!(said.err.contains(words), "{}", said.err);
    }
    let plan = format!("{SWARM} 0 a: call llm; schedule written");
    for command in ["replay", "log"] {
        let said = say(RETRIP, &[command, &plan, "--strategy", "pct"]);
        assert_eq!((said.code, &*said.out), (Some(2), ""), "{}", said.err);
        assert!(said.err.contains("leaves nothing to a strategy: leave out --strategy"));
    }
}

#[test]
fn hosts_take_no_strategy() {
    let said = say(RETRIP, &["run", "payments_swarm", "--strategy", "pct:3", "--seeds", "1"]);
    assert_eq!(said.code, Some(2), "{}", said.out);
    let wanted = "error: the nodes engine draws who goes first from the seed, and takes no strategy: leave out --strategy pct:3\n";
    assert_eq!(said.err, wanted);
}

#[test]
fn what_reads_the_clocks_of_std_is_refused_where_they_are_the_machines() {
    let name = "failsafe_late_success_during_a_trial";
    let said = say(RETRIP, &["run", name, "--engine", "network", "--seeds", "1"]);
    assert_eq!(said.code, Some(2), "{}", said.out);
    assert!(
        said.err.contains(" reads std's clocks, which on the network engine are the machine's")
    );
}

#[test]
fn an_engine_that_cannot_do_what_is_asked_is_refused_by_name() {
    for (args, words) in [
        (
            &["explore", "payments_swarm"][..],
            "only the orders of simulated threads can be explored",
        ),
        (&["explore", SWARM, "--engine", "nodes"], "leave out --engine"),
        (&["replay", "breaker_swarm 0 on nodes", "--engine", "network"], "names its engine"),
        (
            &["run", "transfers_between_accounts", "--engine", "nodes"],
            "cannot be done on the nodes engine",
        ),
        (
            &["run", SWARM, "--engine", "nods"],
            "there is no engine `nods`: there are `threads`, `nodes` and `network`",
        ),
    ] {
        let said = say(RETRIP, args);
        assert_eq!((said.code, &*said.out), (Some(2), ""), "{args:?}: {}", said.err);
        assert!(said.err.contains(words), "{args:?}: {}", said.err);
    }
}

#[test]
fn the_engine_that_is_asked_for_stands_in_the_plan() {
    let said = say(RETRIP, &["log", SWARM, "--seed", "1", "--engine", "nodes", "--form", "plan"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.starts_with("breaker_swarm 0x1\non nodes\n"), "{}", said.out);
}
