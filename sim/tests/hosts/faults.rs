//! What a plan says goes wrong with hosts and messages happens, for as long as it says, and is the cause of what is told of it.

use crate::ENGINE;
use retrip_core::breaker::BreakerConfig;
use retrip_sim::engine::Failure;
use retrip_sim::engine::hosts::{HostFault, LinkFault, Transit};
use retrip_sim::log::Cause;
use retrip_sim::part::Guarded;
use retrip_sim::run::{Request, Run, run};
use retrip_sim::scenario::{DraftError, Scenario};
use std::time::Duration;

/// A caller who gives up after two seconds, and a backend.
fn calls() -> Scenario {
    Scenario::new("calls", "what the plan says", |s| {
        let config = BreakerConfig { failure_threshold: Some(1000), ..BreakerConfig::default() };
        s.part_anywhere(Guarded::new("llm", config).with_patience(Duration::from_secs(2)));
    })
    .on(ENGINE)
}

pub(crate) fn tried(statements: &str) -> Result<Run, DraftError> {
    let plan = format!("calls 1 {statements}").parse().expect("it is a plan");
    run(&calls(), &Request::of(&plan))
}

/// What is told of a run that must hold, each line with its second.
pub(crate) fn told(statements: &str) -> Vec<String> {
    let run = tried(statements).expect("it can be run");
    assert_eq!(run.breach, None);
    assert_eq!(run.plan.to_string(), format!("calls 0x1 on {ENGINE}; {statements}"));
    let line = |event: &retrip_sim::log::Event| {
        let (who, what, detail) = (&event.who, event.what.verb(), event.detail());
        let by_fault = matches!(event.cause, Some(Cause::Fault(_)));
        let cause = if by_fault { " (fault)" } else { "" };
        let text = format!("{}s {who} {what} {detail}", event.engine / 1_000_000_000);
        format!("{}{cause}", text.trim_end())
    };
    run.log.events().iter().map(line).collect()
}

#[test]
fn a_partition_loses_what_is_sent_either_way_until_it_is_over() {
    assert_eq!(
        told("1s call llm; 11s call llm; 21s call llm; fault 10s..20s partition local from llm"),
        [
            "1s llm serves",
            "1s llm call ok",
            "10s local is cut off from llm (fault)",
            "10s llm is cut off from local (fault)",
            "13s llm call timed out after 2.000s",
            "13s llm call failed took 2.000s",
            "20s local reaches llm again (fault)",
            "20s llm reaches local again (fault)",
            "21s llm serves",
            "21s llm call ok",
        ]
    );
}

#[test]
fn a_partition_of_one_way_loses_the_reply_only() {
    assert_eq!(
        told("11s call llm; fault 10s..20s partition llm to local"),
        [
            "10s llm is cut off from local (fault)",
            "11s llm serves",
            "13s llm call timed out after 2.000s",
            "13s llm call failed took 2.000s",
        ]
    );
}

#[test]
fn partitions_that_overlap_end_with_the_last_of_them() {
    let told = told(
        "11s call llm; 21s call llm; fault 5s..15s partition local to llm; fault 10s..20s partition local from llm",
    );
    assert_eq!(
        told,
        [
            "5s local is cut off from llm (fault)",
            "10s llm is cut off from local (fault)",
            "13s llm call timed out after 2.000s",
            "13s llm call failed took 2.000s",
            "20s local reaches llm again (fault)",
            "20s llm reaches local again (fault)",
            "21s llm serves",
            "21s llm call ok",
        ]
    );
}

#[test]
fn a_crashed_backend_answers_nobody_and_begins_anew() {
    assert_eq!(
        told(
            "1s llm takes 5s; 9s call llm; 19s llm takes 0s; 21s call llm; fault 10s..20s llm crashes"
        ),
        [
            "1s llm takes 5.000s",
            "9s llm serves",
            "10s llm crashes (fault)",
            "11s llm call timed out after 2.000s",
            "11s llm call failed took 2.000s",
            "19s llm takes 0.000s",
            "20s llm restarts (fault)",
            "21s llm serves",
            "21s llm call ok",
        ]
    );
}

#[test]
fn a_restart_forgets_the_call_that_was_served() {
    let told = told("1s llm takes 1s; 9s call llm; fault 9.5s llm restarts");
    assert_eq!(
        told[1..],
        [
            "9s llm serves",
            "9s llm restarts (fault)",
            "11s llm call timed out after 2.000s",
            "11s llm call failed took 2.000s"
        ]
    );
}

#[test]
fn a_paused_backend_answers_when_it_goes_on() {
    if !ENGINE.can_befall(HostFault::Pauses) {
        let error = tried("10s call llm; fault 9s..11s llm pauses").expect_err("it cannot");
        let said = format!(
            "`fault 9s..11s llm pauses` cannot happen on the {ENGINE} engine: it can `on nodes`"
        );
        assert_eq!(error.to_string(), said);
        return;
    }
    assert_eq!(
        told("10s call llm; fault 9s..11s llm pauses"),
        [
            "9s llm is paused (fault)",
            "11s llm is resumed (fault)",
            "11s llm serves",
            "11s llm call ok took 1.000s",
        ]
    );
}

#[test]
fn a_paused_backend_that_begins_anew_stands_still_until_its_pause_is_over() {
    if !ENGINE.can_befall(HostFault::Pauses) {
        return;
    }
    let anew = told("5s call llm; fault 1s..6s llm pauses; fault 2s llm restarts");
    assert_eq!(
        anew[..3],
        ["1s llm is paused (fault)", "2s llm restarts (fault)", "2s llm is paused (fault)"]
    );
    assert!(!anew.contains(&"5s llm serves".to_owned()), "{anew:?}");
    assert!(anew.contains(&"6s llm is resumed (fault)".to_owned()), "{anew:?}");
    let down =
        told("7s call llm; 15s call llm; fault 1s..5s llm crashes; fault 2s..10s llm pauses");
    assert_eq!(
        down,
        [
            "1s llm crashes (fault)",
            "5s llm restarts (fault)",
            "5s llm is paused (fault)",
            "9s llm call timed out after 2.000s",
            "9s llm call failed took 2.000s",
            "10s llm is resumed (fault)",
            "15s llm serves",
            "15s llm call ok",
        ]
    );
}

#[test]
fn a_hold_goes_on_when_a_cut_of_the_same_way_is_over() {
    if !ENGINE.can_befall_link(LinkFault::Holds) {
        return;
    }
    assert_eq!(
        told(
            "10s call llm; fault 8s..11s hold local to llm; fault 8.5s..9.5s partition local to llm"
        ),
        [
            "8s local is held back from llm (fault)",
            "8s local is cut off from llm (fault)",
            "9s local reaches llm again (fault)",
            "9s local is held back from llm (fault)",
            "11s local is let through to llm (fault)",
            "11s llm serves",
            "11s llm call ok took 1.000s",
        ]
    );
}

#[test]
fn messages_that_take_too_long_are_given_up_and_then_travel_as_before() {
    let told = told("11s call llm; 21s call llm; fault 10s..20s messages take 3s..4s");
    assert_eq!(
        told,
        [
            "10s messages take 3s..4s (fault)",
            "13s llm call timed out after 2.000s",
            "13s llm call failed took 2.000s",
            "13s llm serves",
            "20s messages take 0s..0s (fault)",
            "21s llm serves",
            "21s llm call ok",
        ]
    );
}

#[test]
fn lost_messages_add_up_and_are_lost() {
    let told = told(
        "11s call llm; fault 10s..20s messages lost 700000ppm; fault 10.5s..20s messages lost 700000ppm",
    );
    assert_eq!(
        told[..4],
        [
            "10s messages lost 700000ppm (fault)",
            "10s messages lost 1000000ppm (fault)",
            "13s llm call timed out after 2.000s",
            "13s llm call failed took 2.000s",
        ]
    );
}

#[test]
fn a_doubled_message_is_served_twice() {
    let told = told("11s call llm; 21s call llm; fault 10s..20s messages doubled 1000000ppm");
    let served = told.iter().filter(|line| *line == "11s llm serves").count();
    assert_eq!(served, 2, "{told:?}");
    assert_eq!(told.iter().filter(|line| *line == "21s llm serves").count(), 1);
    assert_eq!(told.iter().filter(|line| line.ends_with("call ok")).count(), 2);
}

/// The order in which the calls of two actors are served who call at once.
fn first_served(seed: u64, statements: &str) -> String {
    let scenario = Scenario::new("two", "what the plan says", |s| {
        let at_once = Duration::ZERO..=Duration::ZERO;
        s.transit(Transit { latency: at_once, loss_ppm: 0 });
        for name in ["a", "b"] {
            s.host(name);
        }
        s.guarded("llm", BreakerConfig::default());
        let llm = Guarded::new("llm", BreakerConfig::default());
        for (name, at) in [("a", 1_000), ("b", 1_005)] {
            s.actor(name).on(name).does_at(Duration::from_millis(at), llm.call()).ends();
        }
    });
    let plan = format!("two {seed} on {ENGINE}; {statements}").parse().expect("it is a plan");
    let run = run(&scenario, &Request::of(&plan)).expect("it can be run");
    assert_eq!(run.breach, None);
    let mut ok = run.log.events().iter().filter(|event| event.what.verb() == "call ok");
    ok.next().expect("somebody is served").node.to_string()
}

#[test]
fn shuffled_messages_overtake_each_other() {
    let first =
        |statements: &str| (0..40).filter(|&seed| first_served(seed, statements) == "b").count();
    assert_eq!(first("no faults"), 0, "nothing overtakes by itself");
    let overtaken = first("fault 0.5s messages shuffled 100ms");
    assert!((5..35).contains(&overtaken), "{overtaken} of 40");
}

#[test]
fn whoever_waits_for_ever_for_a_lost_reply_is_named() {
    let scenario = Scenario::new("calls", "nobody gives up", |s| {
        s.guarded("llm", BreakerConfig::default());
    });
    let plan = format!("calls 1 on {ENGINE}; 1s call llm; fault 0.5s partition local from llm");
    let plan = plan.parse().expect("a plan");
    let run = run(&scenario, &Request::of(&plan)).expect("it can be run");
    let Some(Failure::Deadlock { waits }) = run.failure else { panic!("{:?}", run.failure) };
    let mut waits: Vec<&str> = waits.iter().map(|wait| &*wait.thread).collect();
    waits.sort_unstable();
    assert_eq!(waits, ["driver", "llm", "main"]);
}

#[test]
fn what_is_held_arrives_when_it_is_let_through() {
    if !ENGINE.can_befall_link(LinkFault::Holds) {
        let error = tried("1s call llm; fault 5s..9s hold local from llm").expect_err("it cannot");
        let said = format!(
            "`fault 5s..9s hold local from llm` cannot happen on the {ENGINE} engine: it can `on network`"
        );
        assert_eq!(error.to_string(), said);
        return;
    }
    assert_eq!(
        told("10s call llm; fault 9s..11s hold local from llm"),
        [
            "9s local is held back from llm (fault)",
            "9s llm is held back from local (fault)",
            "11s local is let through to llm (fault)",
            "11s llm is let through to local (fault)",
            "11s llm serves",
            "11s llm call ok took 1.000s",
        ]
    );
}

#[test]
fn what_cannot_happen_is_refused_by_name_before_the_run() {
    let said = |statements: &str| tried(statements).expect_err("it cannot be run").to_string();
    assert_eq!(
        said("1s call llm; fault 5s llm2 crashes"),
        "the scenario has no node `llm2`; it has `local`, `llm`"
    );
    assert_eq!(
        said("1s call llm; fault 5s local crashes"),
        "`fault 5s local crashes` would stop the driver, which is on that host: leave it out, or let actors on other hosts do the steps"
    );
    let plan =
        "calls 1 on threads; 1s call llm; fault 5s llm crashes".parse().expect("it is a plan");
    let error = run(&calls(), &Request::of(&plan)).expect_err("it cannot be run").to_string();
    assert_eq!(
        error,
        "`fault 5s llm crashes` cannot happen on the threads engine: it can `on nodes` and `on network`"
    );
    // Threads are all on one node: which host it is of does not matter to a fault that happens to none of theirs.
    let clock = "calls 1 on threads; 1s call llm; fault 5s wall clock of llm jumps 1s";
    let error = run(&calls(), &Request::of(&clock.parse().expect("it is a plan")));
    assert_eq!(
        error.expect_err("it cannot be run").to_string(),
        "`fault 5s wall clock of llm jumps 1s` cannot happen on the threads engine: it can `on nodes` and `on network`"
    );
    let written = said("1s call llm; schedule written");
    assert!(
        written.starts_with(&format!("the {ENGINE} engine draws who goes first from the seed"))
    );
}
