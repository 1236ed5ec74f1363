//! Faults as they happen to the clocks of a run.

use crate::clock::{ClockError, NodeClock};
use crate::engine::threads::Sim;
use crate::log::{Cause, ClockEvent, ClockKind, Name, What};
use crate::plan::{Fault, FaultKind};
use std::time::Duration;

/// Which end of a fault happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    /// It begins, and will end at an engine time, if at all.
    Begins { until: Option<Duration> },
    /// It ends.
    Ends,
}

/// One edge of a fault, and when by engine time it happens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Happening {
    at: Duration,
    kind: FaultKind,
    edge: Edge,
    /// The place of the fault in the plan.
    fault: u32,
}

/// All edges of `faults` by engine time; those of one instant as listed.
pub(crate) fn happenings(faults: &[Fault]) -> Vec<Happening> {
    let mut happenings = Vec::with_capacity(faults.len() * 2);
    for (fault, place) in faults.iter().zip(0..) {
        let happens = |at, edge| Happening { at, kind: fault.kind, edge, fault: place };
        happenings.push(happens(fault.from, Edge::Begins { until: fault.until }));
        if let Some(until) = fault.until {
            happenings.push(happens(until, Edge::Ends));
        }
    }
    happenings.sort_by_key(|happening| happening.at);
    happenings
}

/// Lets them happen, each at its time. Once the run has turned fair none begins any more; those under way still end.
pub(crate) fn bend_clocks(sim: &Sim, happenings: Vec<Happening>) {
    for Happening { at, kind, edge, fault } in happenings {
        sim.sleep_until_engine(at);
        if edge == Edge::Ends || !sim.is_fair() {
            sim.because(Some(Cause::Fault(fault)));
            happen(sim, kind, edge);
        }
    }
}

/// Bends the clock of `sim`'s node as one edge of a fault says, now, and writes it down.
pub(crate) fn happen(sim: &Sim, kind: FaultKind, edge: Edge) {
    let event = sim.change_clock(|clock, now| {
        let event = event(clock, now, kind, edge);
        bend(clock, now, kind, edge).expect("a fault was checked when its plan was read");
        event
    });
    sim.record(&Name::from("clock"), What::Clock(event));
}

fn event(clock: &NodeClock, now: u64, kind: FaultKind, edge: Edge) -> ClockEvent {
    use ClockKind::{Monotonic, Wall};
    match (kind, edge) {
        (FaultKind::WallJumps(by), _) => ClockEvent::Jumps { by, was: clock.wall(now) },
        (FaultKind::MonotonicSuspends(by), _) => ClockEvent::Suspends { by },
        (FaultKind::WallDrifts(ppm), Edge::Begins { .. }) => {
            ClockEvent::Drifts { clock: Wall, ppm }
        }
        (FaultKind::MonotonicDrifts(ppm), Edge::Begins { .. }) => {
            ClockEvent::Drifts { clock: Monotonic, ppm }
        }
        (FaultKind::WallDrifts(_), Edge::Ends) => ClockEvent::Drifts { clock: Wall, ppm: 0 },
        (FaultKind::MonotonicDrifts(_), Edge::Ends) => {
            ClockEvent::Drifts { clock: Monotonic, ppm: 0 }
        }
        (FaultKind::WallFreezes, Edge::Begins { until }) => {
            ClockEvent::Freezes { clock: Wall, until }
        }
        (FaultKind::MonotonicFreezes, Edge::Begins { until }) => {
            ClockEvent::Freezes { clock: Monotonic, until }
        }
        (FaultKind::WallFreezes, Edge::Ends) => ClockEvent::Resumes { clock: Wall },
        (FaultKind::MonotonicFreezes, Edge::Ends) => ClockEvent::Resumes { clock: Monotonic },
    }
}

fn bend(clock: &mut NodeClock, now: u64, kind: FaultKind, edge: Edge) -> Result<(), ClockError> {
    let nanos = |until: Duration| u64::try_from(until.as_nanos()).unwrap_or(u64::MAX);
    match (kind, edge) {
        (FaultKind::WallJumps(by), _) => clock.step_wall(now, by),
        (FaultKind::MonotonicSuspends(by), _) => clock.suspend(now, by),
        (FaultKind::WallDrifts(ppm), Edge::Begins { .. }) => clock.set_wall_drift(now, ppm),
        (FaultKind::MonotonicDrifts(ppm), Edge::Begins { .. }) => clock.set_drift(now, ppm),
        (FaultKind::WallDrifts(_), Edge::Ends) => clock.set_wall_drift(now, 0),
        (FaultKind::MonotonicDrifts(_), Edge::Ends) => clock.set_drift(now, 0),
        // A run may come late to a fault; what would have ended by then does not begin.
        (FaultKind::WallFreezes, Edge::Begins { until }) => match until.map(nanos) {
            Some(until) if until <= now => Ok(()),
            until => clock.freeze_wall(now, until),
        },
        (FaultKind::MonotonicFreezes, Edge::Begins { until }) => match until.map(nanos) {
            Some(until) if until > now => clock.freeze(now, until),
            _ => Ok(()),
        },
        // Its end was known when it began.
        (FaultKind::WallFreezes | FaultKind::MonotonicFreezes, Edge::Ends) => Ok(()),
    }
}
