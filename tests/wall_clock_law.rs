//! Does a step of the wall clock change anything but what the wall clock shows?
//!
//! The metamorphic law: the same plan with and without the steps of the wall clock gives the same event log, once the
//! clock's own events and the wall column are taken away.

use retrip_core::breaker::plants;
use retrip_core::door::Plant;
use retrip_sim::log::{EventLog, What};
use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;

/// The log without what a wall clock may change.
fn without_wall(log: &EventLog) -> Vec<String> {
    let kept = log.events().iter().filter(|event| !matches!(event.what, What::Clock(_)));
    kept.map(|event| format!("{} {:?} {} {:?}", event.engine, event.mono, event.who, event.what))
        .map(|event| without_moments(&event))
        .collect()
}

/// The text without the moments in the lines of a log.
fn without_moments(text: &str) -> String {
    const KEY: &str = r#"{\"timestamp\":\""#;
    let mut parts = text.split(KEY);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, rest| {
        let end = rest.find('\\').unwrap_or(rest.len());
        text + KEY + &rest[end..]
    })
}

/// Whether the run of `seed` is the same without the steps of its wall clock; none where it has none.
fn law_holds(scenario: &Scenario, seed: u64, plants: &[Plant]) -> Option<bool> {
    let drawn = Plan::drawn(scenario.name(), Seed::new(seed)).expect("a name");
    // With no promise to stop it, a run with a planted bug goes to its end.
    let promises: Vec<String> = run(scenario, &Request::of(&drawn))
        .expect("it runs")
        .verdicts
        .iter()
        .map(|verdict| verdict.promise.to_owned())
        .collect();
    let request = |plan| Request { plants, without: &promises, ..Request::of(plan) };
    let stepped = run(scenario, &request(&drawn)).expect("it runs");
    let mut calm = stepped.plan.clone();
    let script = calm.script.as_mut().expect("a plan that has run is complete");
    let before = script.len();
    script.retain(|step| !step.operation.starts_with("wall clock"));
    if script.len() == before {
        return None;
    }
    let calm = run(scenario, &request(&calm)).expect("it runs");
    Some(without_wall(&stepped.log) == without_wall(&calm.log))
}

#[test]
fn steps_of_the_wall_clock_change_only_what_it_shows() {
    let mut judged = 0;
    for scenario in retrip::catalogue().scenarios() {
        for seed in 0..100 {
            // A scenario whose first script has no such step has none.
            let Some(holds) = law_holds(scenario, seed, &[]) else { break };
            assert!(holds, "{} {seed}", scenario.name());
            judged += 1;
        }
    }
    assert!(judged >= 200, "both directions are there: {judged}");
}

#[test]
fn a_breaker_on_the_wall_clock_breaks_the_law() {
    let catalogue = retrip::catalogue();
    for name in ["wall_clock_back_while_open", "wall_clock_forward_while_open"] {
        let scenario = catalogue.find(name).expect("it is listed");
        let planted = [plants::WALL_CLOCK_INTERVAL];
        let broken = (0..20).filter(|&seed| law_holds(scenario, seed, &planted) == Some(false));
        assert!(broken.count() >= 15, "{name}");
    }
}
