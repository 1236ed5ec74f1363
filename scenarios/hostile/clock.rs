//! A monotonic clock that shows what it is told to, and a platform that is the simulated one in everything else.

use retrip_core::door::{Clock, Instant, Timestamp, WithClock};
use retrip_sim::engine::threads::Sim;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The simulated platform with such a clock.
pub(super) type Hostile = WithClock<Sim, HostileClock>;

/// The clock. Each reading of it is written down.
#[derive(Clone)]
pub(super) struct HostileClock {
    sim: Sim,
    hand: Arc<Mutex<Hand>>,
    reads: fn(&Sim, Instant),
}

/// Where the hand of the clock is.
#[derive(Clone, Copy, Debug)]
enum Hand {
    /// So many nanoseconds ahead of the simulated clock.
    Ahead(i128),
    StandsAt(Instant),
}

/// The last moment that a clock can show.
const END: Instant = Instant::from_nanos(u64::MAX);

impl Hand {
    fn shows(self, real: Instant) -> Instant {
        match self {
            Self::Ahead(nanos) => {
                let shown = i128::from(real.as_nanos()).saturating_add(nanos);
                Instant::from_nanos(u64::try_from(shown.max(0)).unwrap_or(u64::MAX))
            }
            Self::StandsAt(moment) => moment,
        }
    }
}

impl HostileClock {
    /// A clock that goes with the simulated one until it is told otherwise. Each reading is told to `reads`.
    pub(super) fn new(sim: Sim, reads: fn(&Sim, Instant)) -> Self {
        Self { sim, hand: Arc::new(Mutex::new(Hand::Ahead(0))), reads }
    }

    /// From now on it goes on from `moment`.
    pub(super) fn goes_on_from(&self, moment: Instant) {
        let ahead = i128::from(moment.as_nanos()) - i128::from(self.sim.now().as_nanos());
        self.put(Hand::Ahead(ahead));
    }

    /// It jumps by so much, back or forward, and goes on from there.
    pub(super) fn jumps(&self, time: Duration, back: bool) {
        let shown = self.shows(self.sim.now());
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let there = if back {
            shown.as_nanos().saturating_sub(nanos)
        } else {
            shown.as_nanos().saturating_add(nanos)
        };
        self.goes_on_from(Instant::from_nanos(there));
    }

    /// It stands still where it is, or at its end.
    pub(super) fn stands(&self, at_its_end: bool) {
        let shown = self.shows(self.sim.now());
        self.put(Hand::StandsAt(if at_its_end { END } else { shown }));
    }

    fn shows(&self, real: Instant) -> Instant {
        self.hand.lock().expect("nobody panics within it").shows(real)
    }

    fn put(&self, hand: Hand) {
        *self.hand.lock().expect("nobody panics within it") = hand;
    }
}

impl Clock for HostileClock {
    fn now(&self) -> Instant {
        let shown = self.shows(self.sim.now());
        (self.reads)(&self.sim, shown);
        shown
    }

    fn wall(&self) -> Timestamp {
        self.sim.wall()
    }
}
