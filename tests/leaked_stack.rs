//! Does a run that left a stack behind in the middle of a panic show in the runs that follow on its thread?

use retrip_core::door::Spawn;
use retrip_sim::engine::threads::Sim;
use retrip_sim::part::{Live, Operation, Part, Reading};
use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, Run, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;
use std::sync::Arc;

/// Panics, and then waits for ever in a destructor.
#[derive(Clone, Copy, Debug)]
struct Stuck;

struct WaitsForEver(Sim);

impl Drop for WaitsForEver {
    fn drop(&mut self) {
        self.0.park();
    }
}

impl Part for Stuck {
    fn reads(&self, operation: &str) -> Reading {
        if operation == "get stuck" { Reading::Understood } else { Reading::NotMine }
    }

    fn forms(&self) -> Vec<String> {
        vec!["get stuck".to_owned()]
    }

    fn enter(&self, _sim: &Sim) -> Arc<dyn Live> {
        Arc::new(*self)
    }
}

impl Live for Stuck {
    fn perform(&self, sim: &Sim, _operation: &str) {
        let _waits = WaitsForEver(*sim);
        panic!("before it waits");
    }
}

fn one(scenario: &Scenario, seed: u64) -> Run {
    let plan = Plan::drawn(scenario.name(), Seed::new(seed)).expect("a name");
    run(scenario, &Request::of(&plan)).expect("it runs")
}

/// The swarm's runs, which panic, catch and cancel a lot.
fn swarm() -> Vec<String> {
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find("breaker_swarm").expect("it is listed");
    let show = |run: Run| format!("{} {} {}", run.log.digest(), run.schedule, run.steps);
    (0..200).map(|seed| show(one(scenario, seed))).collect()
}

#[test]
fn a_stack_that_is_left_behind_changes_no_later_run() {
    // On threads of their own: the harness of this test should not be the one that is marked.
    let on_a_fresh_thread =
        || std::thread::scope(|scope| scope.spawn(swarm).join().expect("no run panics"));
    let after_a_leak = || {
        let stuck = Scenario::new("gets_stuck", "a thread gets stuck while it panics", |s| {
            s.part(Stuck);
            s.actor("stuck").does(Operation::new("get stuck")).ends();
        });
        let run = one(&stuck, 1);
        assert_eq!(run.leaked, 1);
        assert_eq!(run.breach.map(|breach| breach.promise), Some("no_panic"));
        // An operating system thread of its own takes its panic with it.
        let counted = !cfg!(retrip_os_threads);
        assert_eq!(std::thread::panicking(), counted, "of the stack that was left");
        swarm()
    };
    let marked = std::thread::scope(|scope| scope.spawn(after_a_leak).join());
    let (marked, fresh) = (marked.expect("no run panics"), on_a_fresh_thread());
    let different = marked.iter().zip(&fresh).filter(|(marked, fresh)| marked != fresh).count();
    assert_eq!(different, 0, "of {} runs", fresh.len());
}
