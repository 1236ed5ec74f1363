//! Does a seed name exactly one run: twice, after a thousand others, whatever the strategy?
//!
//! Fresh processes, jobs, and debug against release are asked of the command line, in `determinism.rs` and `.ci/run`.

use retrip_core::logger::plants;
use retrip_sim::engine::threads::Recording;
use retrip_sim::engine::{Shape, Strategy};
use retrip_sim::plan::Plan;
use retrip_sim::run::{Chooser, Request, Run, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;

fn run_of(scenario: &Scenario, seed: u64, strategy: Option<Strategy>) -> Run {
    let plan = Plan::drawn(scenario.name(), Seed::new(seed)).expect("a scenario's name is a name");
    let strategy = strategy.map_or(Chooser::Drawn, Chooser::Given);
    let request = Request { recording: Recording::On, strategy, ..Request::of(&plan) };
    run(scenario, &request).expect("a drawn plan can be run")
}

/// Everything that could differ, as one text.
fn everything(run: &Run) -> String {
    format!(
        "{}\n{}\n{}\n{:?}\n{:?}\n{}",
        run.plan.lines(),
        run.log.json(),
        run.schedule,
        run.streams,
        run.deviations,
        run.steps
    )
}

#[test]
fn a_seed_names_exactly_one_run() {
    for scenario in retrip::catalogue().scenarios() {
        let first: Vec<String> =
            (0..5).map(|seed| everything(&run_of(scenario, seed, None))).collect();
        // What another seed leaves behind must not show.
        for seed in 1_000..1_050 {
            run_of(scenario, seed, None);
        }
        for (seed, first) in (0..5).zip(&first) {
            let again = everything(&run_of(scenario, seed, None));
            assert_eq!(&again, first, "{} {seed}", scenario.name());
        }
    }
}

#[test]
fn what_a_run_writes_is_part_of_it_to_the_last_byte() {
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find("a_disk_fails_in_every_way").expect("it is listed");
    let plan = Plan::drawn(scenario.name(), Seed::new(0)).expect("a scenario's name is a name");
    let plants = [plants::ANNOUNCEMENTS_ARE_COUNTED_BY_THE_PROCESS];
    let with_the_bug = || {
        let request = Request { plants: &plants, ..Request::of(&plan) };
        run(scenario, &request).expect("a drawn plan can be run").log.json().to_string()
    };
    let (first, second) = (with_the_bug(), with_the_bug());
    // Nothing that the events tell differs but the digests of the bytes; and the digest of the whole, which is no event.
    let events = |log: &str| {
        let lines = log.lines().filter(|line| !line.starts_with("{\"events\":"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let (first, second) = (events(&first), events(&second));
    assert_eq!(first.len(), second.len());
    let differs: Vec<_> = first.iter().zip(&second).filter(|(a, b)| a != b).collect();
    assert!(!differs.is_empty());
    for (event, _) in differs {
        assert!(event.contains("is read") && event.contains("digest"), "{event}");
    }
}

#[test]
fn a_thousand_seeds_between_two_runs_of_one_change_nothing() {
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find("wall_clock_back_while_open").expect("it is listed");
    let first = everything(&run_of(scenario, 7, None));
    for seed in 1_000..2_000 {
        run_of(scenario, seed, None);
    }
    assert_eq!(everything(&run_of(scenario, 7, None)), first);
}

#[test]
fn every_strategy_is_a_function_of_the_seed() {
    let strategies = Strategy::each(&Shape { steps: 100, ..Shape::default() });
    for scenario in retrip::catalogue().scenarios() {
        for strategy in &strategies {
            let once = everything(&run_of(scenario, 3, Some(strategy.clone())));
            let twice = everything(&run_of(scenario, 3, Some(strategy.clone())));
            assert_eq!(once, twice, "{} {strategy:?}", scenario.name());
        }
    }
}

#[test]
fn a_recorded_run_repeats_from_its_written_plan() {
    for scenario in retrip::catalogue().scenarios() {
        for seed in 0..20 {
            let recorded = run_of(scenario, seed, None);
            let text = recorded.written_plan().to_string();
            let plan: Plan = text.parse().expect("what prints parses");
            let replayed = run(scenario, &Request::of(&plan)).expect("a written plan can be run");
            let name = scenario.name();
            assert_eq!(
                replayed.log.json().to_string(),
                recorded.log.json().to_string(),
                "{name} {seed}"
            );
            assert_eq!(replayed.schedule, recorded.schedule, "{name} {seed}");
            assert_eq!((replayed.skipped, replayed.stale), (0, 0), "{name} {seed}");
        }
    }
}
