//! Since when nothing goes wrong, as far as the log tells: what is promised for the time after faults is counted from then.

use retrip_sim::log::{Cause, ClockEvent, Event, Name, ThreadEvent, What};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The faults of a run as they come and go.
///
/// Where two of one kind overlap, the log need not tell of both ends: the one that it does not tell of goes on for ever, and nothing is
/// promised any more.
#[derive(Debug, Default)]
pub(crate) struct Calm {
    faults: BTreeMap<u32, Course>,
    /// Hosts that stand still, whichever fault says so: one that ends begins a host anew into the pause of another.
    paused: BTreeSet<Name>,
    since: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    UnderWay { since: Duration },
    Over,
}

impl Calm {
    /// Takes note of `event`, where a fault brought it about.
    pub(crate) fn see(&mut self, event: &Event) {
        let Some(Cause::Fault(fault)) = event.cause else { return };
        let now = Duration::from_nanos(event.engine);
        self.see_pause(event);
        // Nobody says that a stall is over.
        let stalls_for = match event.what {
            What::Thread(ThreadEvent::Stalls { for_ }) => for_,
            _ => Duration::ZERO,
        };
        self.since = self.since.max(now + stalls_for);
        let begins = if is_of_one_moment(&event.what) {
            Course::Over
        } else {
            Course::UnderWay { since: now }
        };
        let course = self.faults.entry(fault).or_insert(begins);
        // It may say several things as it begins.
        if matches!(*course, Course::UnderWay { since } if since < now) {
            *course = Course::Over;
        }
    }

    fn see_pause(&mut self, event: &Event) {
        let What::Note { verb, .. } = &event.what else { return };
        match &**verb {
            "is paused" => {
                self.paused.insert(Name::clone(&event.node));
            }
            "is resumed" | "crashes" | "restarts" => {
                self.paused.remove(&event.node);
            }
            _ => {}
        }
    }

    /// Since when nothing has gone wrong, by engine time; nothing where something does. It is still to come where somebody stalls.
    pub(crate) fn since(&self) -> Option<Duration> {
        let is_calm = self.faults.values().all(|course| *course == Course::Over);
        (is_calm && self.paused.is_empty()).then_some(self.since)
    }
}

fn is_of_one_moment(what: &What) -> bool {
    match what {
        What::Clock(event) => {
            matches!(event, ClockEvent::Jumps { .. } | ClockEvent::Suspends { .. })
        }
        What::Note { verb, .. } => &**verb == "restarts",
        What::Thread(ThreadEvent::Stalls { .. }) => true,
        _ => false,
    }
}
