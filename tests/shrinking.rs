//! Is what the shrinker leaves small, and does it fail in the same way?

use retrip_core::breaker::plants;
use retrip_core::door::Plant;
use retrip_sim::plan::{Plan, Schedule};
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;
use retrip_sim::shrink::{Shrunk, shrink};

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

#[test]
fn a_jump_shrinks_to_one_nanosecond_and_its_boundary() {
    let (shrunk, promise) = shrunk("wall_clock_back_while_open", &[plants::WALL_CLOCK_INTERVAL]);
    assert_eq!(promise, "open_ends");
    let script = shrunk.plan.script.expect("a shrunk plan is written");
    let lines: Vec<String> = script.iter().map(ToString::to_string).collect();
    let threshold: usize = lines.iter().filter(|line| *line == "0s call llm").count();
    let drawn =
        shrunk.plan.parameters.iter().find(|parameter| parameter.name == "failure_threshold");
    assert_eq!(Some(threshold.to_string()), drawn.map(|parameter| parameter.value.clone()));
    assert_eq!(lines.len(), threshold + 3, "{lines:#?}");
    assert_eq!(lines[0], "0s llm fails");
    assert!(lines.contains(&"0s wall clock jumps -1ns".to_owned()), "{lines:#?}");
    assert!(shrunk.runs < 700, "{}", shrunk.runs);
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
