//! Is what the shrinker leaves small, and does it fail in the same way?

use retrip_core::breaker::plants;
use retrip_core::door::Plant;
use retrip_sim::plan::{Plan, Schedule};
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;
use retrip_sim::shrink::{Shrunk, shrink};
use std::time::Duration;

fn first_failure(scenario: &Scenario, plants: &[Plant]) -> (Plan, &'static str) {
    for seed in 0..1_000 {
        let plan = Plan::drawn(scenario.name(), Seed::new(seed)).expect("a name");
        let found = run(scenario, &Request { plants, ..Request::of(&plan) }).expect("it runs");
        if let Some(breach) = found.breach {
            return (plan, breach.promise);
        }
    }
    panic!("{} does not fail with {plants:?}", scenario.name());
}

fn shrunk(name: &str, plants: &[Plant]) -> (Shrunk, &'static str) {
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find(name).expect("it is listed");
    let (plan, promise) = first_failure(scenario, plants);
    let shrunk = shrink(scenario, &plan, plants, &[]).expect("it runs").expect("it fails");
    // What prints parses, and the parsed plan fails in the same way.
    let again: Plan = shrunk.plan.to_string().parse().expect("what prints parses");
    assert_eq!(again, shrunk.plan);
    let replayed = run(scenario, &Request { plants, ..Request::of(&again) }).expect("it runs");
    assert_eq!(replayed.breach.map(|breach| breach.promise), Some(promise));
    (shrunk, promise)
}

/// The plan without its head.
fn statements(plan: &Plan) -> Vec<String> {
    plan.lines().to_string().lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn a_jump_shrinks_to_one_nanosecond_and_its_boundary() {
    let (shrunk, promise) = shrunk("wall_clock_back_while_open", &[plants::WALL_CLOCK_INTERVAL]);
    assert_eq!(promise, "open_ends");
    // The interval is the shortest that is drawn, and the last call still comes exactly at its end. The drawn size and
    // moment of the jump, which the script says by itself, are gone.
    let wanted = [
        "failure_threshold = 1",
        "open_for = 1s",
        "0s call llm and fail",
        "0s wall clock jumps -1ns",
        "1s call llm",
    ];
    assert_eq!(statements(&shrunk.plan), wanted);
    assert!(shrunk.runs < 2_500, "{}", shrunk.runs);
}

#[test]
fn a_fault_shrinks_to_the_least_that_matters() {
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find("breaker_swarm").expect("it is listed");
    let plants = [plants::WALL_CLOCK_INTERVAL];
    let shrunk = |plan: &str| {
        let plan: Plan = plan.parse().expect("it is a plan");
        let shrunk = shrink(scenario, &plan, &plants, &[]).expect("it runs").expect("it fails");
        shrunk.plan.faults.expect("it is written").into_iter().map(|fault| fault.to_string())
    };
    let drawn = "breaker_swarm 0 failure_threshold = 2; open_for = 7s; a: call llm and fail; a: call llm and fail; \
                 a: wait 7s; a: call llm";
    let jump = format!("{drawn}; fault 3s wall clock jumps -22s; schedule written");
    assert_eq!(shrunk(&jump).collect::<Vec<_>>(), ["fault 1ns wall clock jumps -1ns"]);
    // What lasts is done by what happens at once, so that both are one cause.
    let freeze = format!("{drawn}; fault 3s..9s wall clock freezes; schedule written");
    assert_eq!(shrunk(&freeze).collect::<Vec<_>>(), ["fault 1ns wall clock jumps -1ns"]);
}

#[test]
fn a_parameter_is_left_out_only_where_it_changes_nothing() {
    // A call that is begun and a reset are all it takes, whatever the breaker is set to.
    let (fenced, _) = shrunk("breaker_swarm", &[plants::UNFENCED_LATE_RESULT]);
    assert!(fenced.plan.parameters.is_empty(), "{}", fenced.plan);
    let (late, _) = shrunk("breaker_swarm", &[plants::LATE_BY_ONE_NANOSECOND]);
    let parameters: Vec<String> = late.plan.parameters.iter().map(ToString::to_string).collect();
    assert_eq!(parameters, ["failure_threshold = 1", "open_for = 1s"]);
    // This seed draws the threshold that the case needs: without it the case fails as well, but only here.
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find("breaker_swarm").expect("it is listed");
    let drawn = Plan::drawn(scenario.name(), Seed::new(0x24)).expect("a name");
    let run = run(scenario, &Request::of(&drawn)).expect("it runs");
    assert_eq!(run.plan.parameter("failure_threshold"), Some("1"), "{}", run.plan);
    let late = shrink(scenario, &drawn, &[plants::LATE_BY_ONE_NANOSECOND], &[]);
    let late = late.expect("it runs").expect("it fails").plan;
    assert_eq!(late.parameter("failure_threshold"), Some("1"), "{late}");
}

#[test]
fn an_operation_keeps_only_the_words_that_matter() {
    let leak = [retrip_core::logger::plants::CONTEXT_LEAKS_AFTER_SCOPE];
    let (leaks, _) = shrunk("contexts_of_100_threads_interleaved", &leak);
    let operations: Vec<String> =
        leaks.plan.script.into_iter().flatten().map(|step| step.operation).collect();
    assert_eq!(operations, ["enter component=search", "leave", "look"]);
}

#[test]
fn what_is_minimal_stays_so_when_it_is_made_smaller_again() {
    let catalogue = retrip::catalogue();
    for (name, plant) in [
        ("wall_clock_back_while_open", plants::WALL_CLOCK_INTERVAL),
        ("breaker_swarm", plants::THRESHOLD_OFF_BY_ONE),
        ("breaker_swarm", plants::SUCCESS_THRESHOLD_OFF_BY_ONE),
        ("breaker_swarm", plants::REJECTED_CALL_RUNS),
        ("breaker_swarm", plants::UNFENCED_LATE_RESULT),
    ] {
        let scenario = catalogue.find(name).expect("it is listed");
        let (once, promise) = shrunk(name, &[plant]);
        let twice = shrink(scenario, &once.plan, &[plant], &[]).expect("it runs");
        let twice = twice.expect("it still fails");
        assert_eq!(twice.plan.to_string(), once.plan.to_string(), "{name} with {plant:?}");
        assert_eq!(twice.run.breach.map(|breach| breach.promise), Some(promise));
    }
}

#[test]
fn a_race_shrinks_to_the_preemptions_that_matter() {
    let (shrunk, promise) = shrunk("canary_lost_update", &[]);
    assert_eq!(promise, "no_update_lost");
    assert_eq!(shrunk.plan.script.map(|script| script.len()), Some(2));
    let Schedule::Written(deviations) = shrunk.plan.schedule else { panic!("it is a race") };
    assert_eq!(deviations.len(), 1, "{deviations:?}");
}

#[test]
fn a_race_shrinks_as_far_whichever_seed_found_it() {
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find("canary_lost_update").expect("it is listed");
    let mut shrunk_seeds = 0;
    for seed in 0..60 {
        let plan = Plan::drawn(scenario.name(), Seed::new(seed)).expect("a name");
        let Some(shrunk) = shrink(scenario, &plan, &[], &[]).expect("it runs") else { continue };
        shrunk_seeds += 1;
        let steps = shrunk.plan.script.map(|script| script.len());
        let Schedule::Written(deviations) = shrunk.plan.schedule else { panic!("it is a race") };
        assert_eq!((steps, deviations.len()), (Some(2), 1), "{seed}: {deviations:?}");
    }
    assert!(shrunk_seeds > 10, "{shrunk_seeds}");
}

#[test]
fn a_large_race_is_no_corner() {
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find("breaker_swarm").expect("it is listed");
    // Of 56 and 33 steps, with many turns.
    for seed in [0x21f, 0x261] {
        let plan = Plan::drawn(scenario.name(), Seed::new(seed)).expect("a name");
        let shrunk = shrink(scenario, &plan, &[plants::UNLIMITED_TRIALS], &[]);
        let shrunk = shrunk.expect("it runs").expect("it fails");
        let steps = statements(&shrunk.plan).len() - shrunk.plan.parameters.len();
        assert!(steps <= 8, "{}", shrunk.plan);
    }
}

#[test]
fn on_hosts_moments_that_answers_tie_together_come_earlier_together() {
    let (shrunk, promise) = shrunk("failsafe_late_success_during_a_trial", &[]);
    assert_eq!(promise, "late_results_do_not_close");
    let script = shrunk.plan.script.expect("it is written");
    // Drawn was an interval of up to a minute; two seconds are the least.
    assert_eq!(shrunk.plan.parameters[1].to_string(), "seconds_open = 2");
    let last = script.iter().filter_map(|step| step.at).max().expect("steps have times");
    assert!(last < Duration::from_millis(2_200), "{last:?}");
    // A boundary finer than what a message takes would be one of this plan only.
    assert!(script.iter().flat_map(|step| step.at).all(|at| at.subsec_nanos() % 1_000_000 == 0));
    assert!(shrunk.runs < 5_000, "{}", shrunk.runs);
}
