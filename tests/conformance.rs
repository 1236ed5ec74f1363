//! Do all engines tell the same of what one driver does?

use retrip_sim::conformance::compare;
use retrip_sim::engine::EngineName;
use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;

/// Seeds of each scenario.
const SEEDS: u64 = 50;
/// Seeds that are also run on the engine that goes through virtual time tick by tick.
const SEEDS_OF_TICKS: u64 = 8;

/// What is not asked of all engines, and why: at most three.
const EXCEPTIONS: [(&str, &str); 0] = [];

/// The engines of this build.
fn engines() -> Vec<EngineName> {
    EngineName::ALL.into_iter().filter(|engine| engine.available().is_ok()).collect()
}

/// The plan of `seed` on threads, with everything that was drawn.
fn drawn(scenario: &Scenario, seed: u64) -> Plan {
    let plan = scenario.plan(Seed::new(seed)).expect("a scenario's name is a name");
    let plan = Plan { engine: Some(EngineName::Threads), ..plan };
    Plan { engine: None, ..run(scenario, &Request::of(&plan)).expect("it runs").plan }
}

fn is_timeline(scenario: &Scenario) -> bool {
    EngineName::ALL.into_iter().all(|engine| scenario.can_run_on(engine).is_ok())
        && drawn(scenario, 0).script.iter().flatten().all(|step| step.actor.is_none())
}

#[test]
fn every_engine_tells_the_same_of_a_timeline() {
    let (catalogue, engines) = (retrip::catalogue(), engines());
    assert_eq!(engines, EngineName::ALL, "this build has all of them");
    let excepted =
        |scenario: &&Scenario| EXCEPTIONS.iter().any(|(name, _)| *name == scenario.name());
    let mut compared = 0;
    let mut differ = Vec::new();
    for scenario in catalogue.scenarios().iter().filter(|one| is_timeline(one) && !excepted(one)) {
        for seed in 0..SEEDS {
            let plan = drawn(scenario, seed);
            compared += 1;
            let is_asked =
                |engine: &EngineName| seed < SEEDS_OF_TICKS || *engine != EngineName::Network;
            let engines: Vec<EngineName> = engines.iter().copied().filter(is_asked).collect();
            if let Some(how) = compare(scenario, &Request::of(&plan), &engines).expect("it runs") {
                differ.push(format!("{plan}\n{how}"));
                break;
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    // All but those with actors: a catalogue that lost its timelines would compare nothing.
    assert!(compared >= 16 * SEEDS, "{compared}");
}
