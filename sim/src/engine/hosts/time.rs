//! The time of a run: what it is, and whose moment has come.

use super::unit;
use super::world::{Inner, World};
use super::{Time, Work};
use crate::clock::NodeClock;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Waker;

impl World {
    /// Engine time, in nanoseconds since the run began; that of its end once it is over.
    pub(in crate::engine) fn elapsed(&self) -> u64 {
        // It takes no time to be polled.
        if self.time == Time::Waits || unit::is_polled(self) {
            return self.moment.load(Relaxed);
        }
        self.exactly()
    }

    /// The simulator's time; that of its end once the run is over.
    pub(in crate::engine) fn exactly(&self) -> u64 {
        self.with(|inner| inner.simulator_time())
    }

    /// A poll of `unit` begins, where there still are any: not after the run was stopped.
    pub(super) fn begin_poll(&self, unit: usize) -> bool {
        self.with(|inner| {
            if self.time == Time::Simulator {
                self.moment.store(inner.simulator_time(), Relaxed);
            }
            inner.begin_poll(unit)
        })
    }

    /// Whether all who waited for `at` have been woken and no clock was changed since there were so many `changes`.
    pub(super) fn has_rung(&self, at: u64, changes: u64) -> bool {
        at <= self.rung.load(Relaxed) && changes == self.clock_changes.load(Relaxed)
    }

    /// How often a clock was changed.
    pub(super) fn clock_changes(&self) -> u64 {
        self.clock_changes.load(Relaxed)
    }

    /// Changes the clock of `host`; nobody waits any more for a moment of it as it was.
    pub(super) fn change_clock<R>(&self, host: u32, change: impl FnOnce(&mut NodeClock) -> R) -> R {
        let (result, waiting) = self.with(|inner| {
            self.clock_changes.fetch_add(1, Relaxed);
            let result = change(&mut inner.nodes[host as usize].clock);
            (result, inner.alarms.of(host))
        });
        // The wakers are foreign and may do anything: outside of the run's lock.
        waiting.into_iter().for_each(Waker::wake);
        result
    }

    /// Ends when so many nanoseconds of the simulator's own time are over, which moves no clock by itself.
    pub(super) fn pass(&self, nanos: u64) -> Work {
        let sleep = self.through(|runtime| runtime.pass(nanos));
        sleep.unwrap_or_else(|| Box::pin(std::future::pending()))
    }

    /// Moves those to `due` whose moment has come; it is `now`, by the simulator's time. Says when to come again, where
    /// somebody still waits and the simulator would not come back by itself.
    ///
    /// Where the moments are what moves the time of the run that is one at a time, and only when the run has come to rest: what the one
    /// before has brought about happens before it.
    #[cfg_attr(
        not(any(all(madsim, feature = "madsim"), all(tokio_unstable, feature = "turmoil"))),
        expect(dead_code, reason = "for the engines with hosts")
    )]
    pub(in crate::engine) fn due(&self, now: u64, due: &mut Vec<Waker>) -> Option<u64> {
        self.with(|inner| {
            let next = inner.alarms.next()?;
            let again = |inner: &Inner, at: u64| (!inner.alarms.comes_back(at)).then_some(at);
            if next > now {
                return again(inner, inner.quiet.look_at(next));
            }
            match self.time {
                Time::Simulator => {
                    self.rung.store(now, Relaxed);
                    inner.alarms.due(now, due);
                }
                Time::Waits => {
                    if let Some(again) = inner.quiet.not_before(next, now, inner.steps) {
                        return Some(again);
                    }
                    self.moment.fetch_max(next, Relaxed);
                    self.rung.fetch_max(next, Relaxed);
                    inner.quiet.wakes(now);
                    inner.alarms.next_due(due);
                }
            }
            let next = inner.alarms.next()?;
            again(inner, inner.quiet.look_at(next))
        })
    }

    /// The next moment that somebody waits for.
    #[cfg_attr(
        not(all(tokio_unstable, feature = "turmoil")),
        expect(dead_code, reason = "for the network engine")
    )]
    pub(in crate::engine) fn next_moment(&self) -> Option<u64> {
        self.with(|inner| inner.alarms.next())
    }
}
