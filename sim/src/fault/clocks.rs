//! Faults of the clocks of one node, several at once where they overlap.

#[cfg(test)]
mod tests;

use super::Beginning;
use crate::clock::NodeClock;
use crate::engine::hosts::Host;
use crate::engine::threads::Sim;
use crate::log::{ClockEvent, ClockKind, Name, What};
use crate::plan::FaultKind;
use crate::span::Offset;
use std::time::Duration;

/// Moves the wall clock of `sim`'s node by `by`, now, and writes it down.
pub(crate) fn jump(sim: &Sim, by: Offset) {
    let event = sim.change_clock(|clock, now| jumped(clock, now, by));
    sim.record(&Name::from("clock"), What::Clock(event));
}

/// As [`jump`], of a host.
pub(crate) fn jump_host(host: &Host, by: Offset) {
    let event = host.change_clock(|clock, now| jumped(clock, now, by));
    host.record(&Name::from("clock"), What::Clock(event));
}

fn jumped(clock: &mut NodeClock, now: u64, by: Offset) -> ClockEvent {
    let was = clock.wall(now);
    clock.step_wall(now, by).expect(IN_ORDER);
    ClockEvent::Jumps { by, was }
}

/// What is written down, and the place in the plan of the fault that brought it about.
pub(super) struct Said {
    pub(super) fault: u32,
    pub(super) event: ClockEvent,
}

/// The faults that hold on to the clocks of one node, which is all that decides how they go.
#[derive(Default)]
pub(super) struct UnderWay {
    /// In the order in which they began.
    holds: Vec<Hold>,
    /// The clocks that were said to stand.
    standing: Vec<ClockKind>,
}

/// A fault that has begun and is not over.
#[derive(Clone, Copy)]
struct Hold {
    fault: u32,
    clock: ClockKind,
    bend: Bend,
    /// By engine time; `None` for the rest of the run.
    until: Option<u64>,
}

/// What a fault that takes time does to its clock.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bend {
    /// It gains so many parts per million.
    Drift(i32),
    /// It stands still.
    Freeze,
}

impl UnderWay {
    /// Comes to the moment `now`, not before an earlier one: first ends what is over, then begins what `begins`.
    pub(super) fn pass(
        &mut self,
        clock: &mut NodeClock,
        now: u64,
        begins: Option<Beginning>,
    ) -> Vec<Said> {
        let mut said = self.end(clock, now);
        if let Some(beginning) = begins {
            let events = self.begin(clock, now, beginning).into_iter();
            said.extend(events.map(|event| Said { fault: beginning.fault, event }));
        }
        said
    }

    /// Takes what is over by `now` off the clock, in the order of the ends, and says what changed by it: a drift takes
    /// away its own share only, and a clock goes on once no freeze holds it any more.
    fn end(&mut self, clock: &mut NodeClock, now: u64) -> Vec<Said> {
        let mut said = Vec::new();
        while let Some(hold) = self.take_over(now) {
            let fault = hold.fault;
            if let Bend::Drift(_) = hold.bend {
                said.push(Said { fault, event: self.drift(clock, now, hold.clock) });
            }
            // Its end was known to the clock when it began.
            for goes_on in [ClockKind::Monotonic, ClockKind::Wall] {
                let said_to_stand = self.standing.iter().position(|&stands| stands == goes_on);
                if let Some(place) = said_to_stand
                    && self.freezes_of(goes_on).next().is_none()
                {
                    self.standing.remove(place);
                    said.push(Said { fault, event: ClockEvent::Resumes { clock: goes_on } });
                }
            }
        }
        said
    }

    /// The one among those that are over which was over first; of several, the one listed first.
    fn take_over(&mut self, now: u64) -> Option<Hold> {
        let over = self.holds.iter().enumerate();
        let over = over.filter_map(|(place, hold)| Some((hold.until?, hold.fault, place)));
        let (until, _, place) = over.min()?;
        (until <= now).then(|| self.holds.remove(place))
    }

    /// Begins a fault, and says what it does to the clock beside those that have begun before. A run may come late to a
    /// fault; what would be over by now does not begin.
    fn begin(
        &mut self,
        clock: &mut NodeClock,
        now: u64,
        Beginning { fault, kind, until }: Beginning,
    ) -> Vec<ClockEvent> {
        let until = until.map(nanos);
        if until.is_some_and(|until| until <= now) {
            return Vec::new();
        }
        let hold = |clock, bend| Hold { fault, clock, bend, until };
        let hold = match kind {
            FaultKind::WallJumps(by) => return vec![jumped(clock, now, by)],
            FaultKind::MonotonicSuspends(by) => {
                clock.suspend(now, by).expect(IN_ORDER);
                return vec![ClockEvent::Suspends { by }];
            }
            FaultKind::WallDrifts(ppm) => hold(ClockKind::Wall, Bend::Drift(ppm)),
            FaultKind::MonotonicDrifts(ppm) => hold(ClockKind::Monotonic, Bend::Drift(ppm)),
            FaultKind::WallFreezes => hold(ClockKind::Wall, Bend::Freeze),
            FaultKind::MonotonicFreezes => hold(ClockKind::Monotonic, Bend::Freeze),
            // Nothing else happens to a clock.
            _ => return Vec::new(),
        };
        match hold.bend {
            Bend::Drift(_) => {
                self.holds.push(hold);
                vec![self.drift(clock, now, hold.clock)]
            }
            Bend::Freeze => self.freeze(clock, now, hold),
        }
    }

    /// Sets the rate of a clock to what its drifts come to.
    fn drift(&self, clock: &mut NodeClock, now: u64, of: ClockKind) -> ClockEvent {
        let gained = self.holds.iter().map(|hold| match hold.bend {
            Bend::Drift(ppm) if hold.clock == of => i64::from(ppm),
            _ => 0,
        });
        let least = match of {
            ClockKind::Monotonic => SLOWEST,
            ClockKind::Wall => i32::MIN,
        };
        let ppm = gained.sum::<i64>().clamp(least.into(), i32::MAX.into());
        let ppm = i32::try_from(ppm).expect("a sum between two rates is one");
        match of {
            ClockKind::Monotonic => clock.set_drift(now, ppm),
            ClockKind::Wall => clock.set_wall_drift(now, ppm),
        }
        .expect(IN_ORDER);
        ClockEvent::Drifts { clock: of, ppm }
    }

    /// Stops a clock, which may stand already, and says for how long; of the wall clock also where it was said to stand
    /// and now does so for longer, with the monotonic one.
    fn freeze(&mut self, clock: &mut NodeClock, now: u64, hold: Hold) -> Vec<ClockEvent> {
        match (hold.clock, hold.until) {
            (ClockKind::Wall, until) => clock.freeze_wall(now, until),
            (ClockKind::Monotonic, Some(until)) => clock.freeze(now, until),
            (ClockKind::Monotonic, None) => {
                unreachable!("a plan whose monotonic clock stands for ever is refused")
            }
        }
        .expect(IN_ORDER);
        let wall_stands = self.standing.contains(&ClockKind::Wall);
        let wall_stood_until = self.stands_until(ClockKind::Wall);
        self.holds.push(hold);
        if !self.standing.contains(&hold.clock) {
            self.standing.push(hold.clock);
        }
        let mut said = vec![self.stands(hold.clock, now)];
        if hold.clock == ClockKind::Monotonic
            && wall_stands
            && self.stands_until(ClockKind::Wall) != wall_stood_until
        {
            said.push(self.stands(ClockKind::Wall, now));
        }
        said
    }

    /// That a clock stands from now on, and for how long.
    fn stands(&self, clock: ClockKind, now: u64) -> ClockEvent {
        let left = self.stands_until(clock).map(|until| Duration::from_nanos(until - now));
        ClockEvent::Freezes { clock, for_: left }
    }

    /// The last end of the freezes that hold a clock; `None` where it stands for good.
    fn stands_until(&self, clock: ClockKind) -> Option<u64> {
        let ends = self.freezes_of(clock).map(|hold| hold.until);
        // A freeze without an end outlasts all others.
        ends.max_by_key(|until| until.unwrap_or(u64::MAX)).flatten()
    }

    /// The freezes that hold a clock: the wall clock stands with the monotonic one.
    fn freezes_of(&self, clock: ClockKind) -> impl Iterator<Item = &Hold> {
        self.holds.iter().filter(move |hold| {
            hold.bend == Bend::Freeze && (hold.clock == clock || hold.clock == ClockKind::Monotonic)
        })
    }
}

/// The drift of a monotonic clock that only just goes on.
const SLOWEST: i32 = -999_999;

const IN_ORDER: &str =
    "a change is made at the present moment, with an end later than that and at a rate above zero";

pub(super) fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
