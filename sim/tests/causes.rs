//! Does every event say what in the plan brought it about, and do faults stop once a run has turned fair?

use retrip_core::door::{Atomic, SyncPrimitives};
use retrip_sim::check::{End, Judgement, Promise, eventually};
use retrip_sim::engine::threads::{Sim, SimAtomicBool};
use retrip_sim::log::{Cause, ClockEvent, Event, What};
use retrip_sim::part::{Live, Operation, Part, Reading, clock, waits};
use retrip_sim::plan::FaultKind;
use retrip_sim::run::{Request, Run, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::span::Offset;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn run_of(scenario: &Scenario) -> Run {
    let plan = format!("{} 0", scenario.name()).parse().expect("a plan");
    run(scenario, &Request::of(&plan)).expect("the scenario fits its own plan")
}

/// Waits for a flag that nobody sets.
#[derive(Clone, Copy)]
struct Spinner;

struct Flag(SimAtomicBool);

impl Part for Spinner {
    fn reads(&self, operation: &str) -> Reading {
        if operation == "spin" { Reading::Understood } else { Reading::NotMine }
    }

    fn forms(&self) -> Vec<String> {
        vec!["spin".to_owned()]
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        Arc::new(Flag(sim.atomic_bool(false)))
    }
}

impl Live for Flag {
    fn perform(&self, _sim: &Sim, _operation: &str) {
        while !self.0.load(SeqCst) {}
    }
}

#[test]
fn no_fault_begins_once_a_run_has_turned_fair() {
    // Nobody sleeps but the faults: before the bound the clock has no reason to move, after it the fair phase moves it.
    let scenario = Scenario::new("spins", "a thread spins while faults are due", |s| {
        s.part(Spinner);
        s.at(Duration::ZERO, Operation::new("spin"));
        for second in 1..=5 {
            s.fault(secs(second), None, FaultKind::WallJumps(Offset::from_nanos(1)));
        }
        // What has not begun does not end either.
        s.fault(secs(1), Some(secs(2)), FaultKind::WallDrifts(7));
        s.fault(secs(1), Some(secs(3)), FaultKind::WallFreezes);
        s.fault(secs(2), Some(secs(4)), FaultKind::MonotonicDrifts(7));
    })
    .bound(500);
    let run = run_of(&scenario);
    assert_eq!(run.breach.expect("it spins for ever").promise, "no_livelock");
    assert!(run.elapsed >= secs(5), "time moves in the fair phase: {:?}", run.elapsed);
    assert_eq!(run.log.events(), [], "a fault began in the fair phase");
}

#[test]
fn an_event_says_which_fault_or_step_brought_it_about() {
    let scenario = Scenario::new("causes", "clocks are bent by faults and by hand", |s| {
        s.at(secs(1), waits(secs(1)));
        s.at(secs(3), clock().jumps_back(secs(1)));
        s.fault(secs(9), None, FaultKind::WallJumps(Offset::from_nanos(2)));
        s.fault(secs(2), Some(secs(4)), FaultKind::WallDrifts(7));
        s.at(secs(10), waits(secs(1)));
    });
    let run = run_of(&scenario);
    let causes: Vec<_> = run.log.events().iter().map(|event| event.cause.clone()).collect();
    let wanted = [Cause::Fault(1), Cause::Step(1), Cause::Fault(1), Cause::Fault(0)];
    assert_eq!(causes, wanted.map(Some));
}

#[test]
fn eventually_counts_from_the_moment_faults_stop() {
    let jumps = |nanos| FaultKind::WallJumps(Offset::from_nanos(nanos));
    let scenario = Scenario::new("events", "two faults", move |s| {
        s.fault(secs(1), None, jumps(1));
        s.fault(secs(2), None, jumps(2));
        s.at(secs(3), clock().jumps_back(secs(1)));
        s.at(secs(4), waits(secs(1)));
    });
    let events = run_of(&scenario).log.events().to_vec();
    let judged = |events: &[Event], by: i64| {
        let jumped = move |event: &Event| matches!(&event.what, What::Clock(ClockEvent::Jumps { by: found, .. }) if found.as_nanos() == by);
        let mut promise = eventually("jumps", "it jumps", "a jump", jumped);
        for event in events {
            let _ = promise.observe(event);
        }
        promise.finish(&End { elapsed: secs(5), events: events.len() })
    };
    assert_eq!(judged(&events, -1_000_000_000), Judgement::Holds, "with the last fault");
    assert!(matches!(judged(&events, 1), Judgement::Broken(_)), "before the last fault");
    assert_eq!(judged(&events[..1], 1), Judgement::Holds);
}
