//! Is a strategy that somebody asks for what it would be if the seed had drawn it?

use retrip_sim::engine::threads::Sim;
use retrip_sim::engine::{NamedStrategy, Strategy};
use retrip_sim::part::{Live, Operation, Part, Reading, waits};
use retrip_sim::plan::Plan;
use retrip_sim::run::{Chooser, Request, Run, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;
use retrip_sim::sync::Mutex;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// A number behind a lock.
#[derive(Clone, Copy)]
struct Number;

impl Part for Number {
    fn reads(&self, operation: &str) -> Reading {
        if operation == "add" { Reading::Understood } else { Reading::NotMine }
    }

    fn forms(&self) -> Vec<String> {
        vec!["add".to_owned()]
    }

    fn enter(&self, _sim: &Sim) -> Arc<dyn Live> {
        Arc::new(Locked(Mutex::new(0)))
    }
}

struct Locked(Mutex<u64>);

impl Live for Locked {
    fn perform(&self, _sim: &Sim, _operation: &str) {
        (0..100).for_each(|_| *self.0.lock().expect("nobody panics") += 1);
    }
}

fn sums() -> Scenario {
    Scenario::new("sums", "three add to a number", |s| {
        s.part(Number);
        for actor in ["a", "b", "c"] {
            s.actor(actor).does(Operation::new("add")).does(waits(Duration::from_millis(1))).ends();
        }
    })
}

fn run_of(scenario: &Scenario, seed: u64, strategy: Chooser) -> Run {
    let plan = Plan::drawn(scenario.name(), Seed::new(seed)).expect("a name");
    run(scenario, &Request { strategy, ..Request::of(&plan) }).expect("it runs")
}

/// All that a strategy and what goes with it decides.
fn decided(run: &Run) -> String {
    format!("{:?} {} {:?} {:?}", run.strategy, run.schedule, run.streams, run.elapsed)
}

#[test]
fn a_run_whose_seed_draws_the_named_strategy_anyway_is_what_it_was() {
    let scenario = sums();
    let mut seen = BTreeSet::new();
    for seed in 0..80 {
        let drawn = run_of(&scenario, seed, Chooser::Drawn);
        let name = drawn.strategy.as_ref().map(Strategy::name).expect("there are several threads");
        seen.insert(name);
        for named in NamedStrategy::ALL {
            let run = run_of(&scenario, seed, Chooser::Named(named));
            assert_eq!(run.strategy.as_ref().map(Strategy::name), Some(named.name()));
            if named.name() == name {
                assert_eq!(decided(&run), decided(&drawn), "seed {seed}");
            }
        }
    }
    assert_eq!(seen.len(), NamedStrategy::ALL.len());
}

#[test]
fn a_given_parameter_is_taken_and_what_a_pilot_must_tell_is_told() {
    let scenario = sums();
    for text in ["pct:7", "sticky:10", "round-robin:1"] {
        let named: NamedStrategy = text.parse().expect("it is a strategy");
        for seed in 0..20 {
            let run = run_of(&scenario, seed, Chooser::Named(named));
            let strategy = run.strategy.expect("there are several threads");
            assert_eq!(strategy.to_string(), text.replace(':', " "), "seed {seed}");
            if let Strategy::Pct { steps, .. } = strategy {
                assert!(steps > 300, "three times a hundred times a lock: {steps}");
            }
        }
    }
    let urw = run_of(&scenario, 0, Chooser::Named(NamedStrategy::Urw)).strategy;
    let Some(Strategy::Urw { lengths }) = urw else { panic!("{urw:?}") };
    assert!(["a", "b", "c"].iter().all(|name| lengths.iter().any(|one| &*one.name == *name)));
}

#[test]
fn a_schedule_that_is_written_down_needs_no_strategy() {
    let scenario = sums();
    let plan: Plan = "sums 0 a: add; b: add; schedule written; a@3 -> b".parse().expect("a plan");
    let run_by = |strategy| {
        let request = Request { strategy, ..Request::of(&plan) };
        run(&scenario, &request).expect("it runs")
    };
    let (plain, named) =
        (run_by(Chooser::Drawn), run_by(Chooser::Named(NamedStrategy::RoundRobin(None))));
    assert_eq!(decided(&plain), decided(&named));
    assert_eq!(named.strategy, None);
}
