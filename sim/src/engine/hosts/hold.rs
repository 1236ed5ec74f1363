//! Units that a fault holds: they stand still, while their host and everybody else on it go on.

use super::world::World;
use crate::log::{Cause, Name, ThreadEvent, What};
use std::panic::Location;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Waker;
use std::time::Duration;

/// What holds a unit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Hold {
    /// Until when, in engine nanoseconds.
    until: u64,
    /// The fault of the plan.
    fault: u32,
    /// Whether the unit has come to it, and waits for the end.
    waits: bool,
}

impl World {
    /// `unit` stands still from its next poll on.
    pub(super) fn hold(&self, unit: usize, (until, fault): (Duration, u32)) {
        let until = u64::try_from(until.as_nanos()).unwrap_or(u64::MAX);
        self.with(|inner| {
            let Some(unit) = inner.units.get_mut(unit).filter(|unit| !unit.is_over) else { return };
            // Of two that overlap the later end counts, and of two ends that are one the later fault.
            if unit.held.is_none_or(|before| (before.until, before.fault) < (until, fault)) {
                unit.held = Some(Hold { until, fault, waits: false });
            }
            self.holds.store(true, Relaxed);
        });
    }

    /// Whether `unit`, which is polled, stands still; then `waker` is woken when that is over.
    pub(super) fn is_held(&self, unit: usize, waker: &Waker) -> bool {
        if !self.holds.load(Relaxed) {
            return false;
        }
        let now = self.elapsed();
        let comes_at = self.with(|inner| {
            let Hold { until, fault, waits } = inner.units[unit].held?;
            if until <= now {
                inner.units[unit].held = None;
                return None;
            }
            if waits {
                return Some(None);
            }
            inner.units[unit].held = Some(Hold { until, fault, waits: true });
            let before = inner.units[unit].cause.replace(Cause::Fault(fault));
            let host = inner.units[unit].host.unwrap_or_default();
            let stalls = ThreadEvent::Stalls { for_: Duration::from_nanos(until - now) };
            let (who, what) = (Name::from("thread"), What::Thread(stalls));
            inner.record((now, host, unit), &who, what, Location::caller());
            inner.units[unit].cause = before;
            let (_, comes_at) = inner.wait((until, None), waker.clone());
            Some(comes_at)
        });
        let Some(comes_at) = comes_at else { return false };
        if let Some(at) = comes_at {
            self.through(|runtime| runtime.alarm_at(at));
        }
        true
    }
}
