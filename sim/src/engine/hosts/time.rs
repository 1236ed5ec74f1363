//! The time of a run: what it is, and whose moment has come.

use super::unit;
use super::world::World;
use super::{Time, Work};
use std::sync::atomic::Ordering::Relaxed;
use std::task::Waker;

impl World {
    /// Engine time, in nanoseconds since the run began; that of its end once it is over.
    pub(in crate::engine) fn elapsed(&self) -> u64 {
        match self.time {
            Time::Waits => self.moment.load(Relaxed),
            // It takes no time to be polled.
            Time::Simulator if unit::is_polled(self) => self.moment.load(Relaxed),
            Time::Simulator => {
                let elapsed = self.through(|runtime| runtime.elapsed());
                elapsed.unwrap_or_else(|| self.with(|inner| inner.ended_at))
            }
        }
    }

    /// A poll begins.
    pub(super) fn sees_time(&self) {
        if self.time == Time::Simulator
            && let Some(now) = self.through(|runtime| runtime.elapsed())
        {
            self.moment.store(now, Relaxed);
        }
    }

    /// The simulator's time, which no tick of the setup's rounds: whoever watches from outside sees whether it moves.
    pub(in crate::engine) fn exactly(&self) -> u64 {
        self.through(|runtime| runtime.elapsed()).unwrap_or_default()
    }

    /// Ends when so many nanoseconds of the simulator's own time are over, which moves no clock by itself.
    pub(super) fn pass(&self, nanos: u64) -> Work {
        let sleep = self.through(|runtime| runtime.pass(nanos));
        sleep.unwrap_or_else(|| Box::pin(std::future::pending()))
    }

    /// Moves those to `due` whose moment has come; it is `now`, by the simulator's time. Says when to come again, where anybody still
    /// waits.
    ///
    /// Where the moments are what moves the time of the run these are all of one moment, and only when the run has come to rest: what
    /// the moment before has brought about happens before it.
    #[cfg_attr(
        not(any(all(madsim, feature = "madsim"), all(tokio_unstable, feature = "turmoil"))),
        expect(dead_code, reason = "for the engines with hosts")
    )]
    pub(in crate::engine) fn due(&self, now: u64, due: &mut Vec<Waker>) -> Option<u64> {
        self.with(|inner| {
            let next = inner.alarms.next()?;
            if next > now {
                return Some(inner.quiet.look_at(next));
            }
            match self.time {
                Time::Simulator => inner.alarms.due(now, due),
                Time::Waits => {
                    if let Some(again) = inner.quiet.not_before(next, now, inner.steps) {
                        return Some(again);
                    }
                    self.moment.fetch_max(next, Relaxed);
                    inner.quiet.wakes(now);
                    inner.alarms.due(next, due);
                }
            }
            inner.alarms.next().map(|next| inner.quiet.look_at(next))
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
