//! The time of a run: what it is, and whose moment has come.

use super::alarms::{Due, Ticket};
use super::timers::{SetTimer, Timers};
use super::unit;
use super::world::{Inner, World};
use super::{Time, Work};
use crate::clock::NodeClock;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Wake, Waker};

/// In place of a poll's time, where the simulator's was not asked for yet.
const NOT_ASKED: u64 = u64::MAX;

impl World {
    /// Engine time, in nanoseconds since the run began; that of its end once it is over.
    pub(in crate::engine) fn elapsed(&self) -> u64 {
        self.told().unwrap_or_else(|| self.with(|inner| self.tell(inner)))
    }

    /// As [`elapsed`](World::elapsed), for whoever has the run's lock.
    pub(super) fn elapsed_in(&self, inner: &Inner) -> u64 {
        self.told().unwrap_or_else(|| self.tell(inner))
    }

    /// Engine time, where that needs no look at the simulator's.
    fn told(&self) -> Option<u64> {
        let moment = self.moment.load(Relaxed);
        match self.time {
            Time::Waits => Some(moment),
            // It takes no time to be polled.
            Time::Simulator => (moment != NOT_ASKED && unit::is_polled(self)).then_some(moment),
        }
    }

    /// The simulator's time, which is that of the poll that asks for it, where there is one.
    fn tell(&self, inner: &Inner) -> u64 {
        let now = inner.simulator_time();
        if unit::is_polled(self) {
            self.moment.store(now, Relaxed);
        }
        now
    }

    /// The simulator's time; that of its end once the run is over.
    pub(in crate::engine) fn exactly(&self) -> u64 {
        self.glance(|inner| inner.simulator_time())
    }

    /// A poll of `unit` begins, where there still are any: not after the run was stopped.
    pub(super) fn begin_poll(&self, unit: usize) -> bool {
        self.begin_acting();
        self.polls.note(unit) || self.with(|inner| inner.begin_poll(unit as u64))
    }

    /// A unit is polled, or dropped: what it does has one time, that of its first look.
    pub(super) fn begin_acting(&self) {
        if self.time == Time::Simulator {
            self.moment.store(NOT_ASKED, Relaxed);
        }
    }

    /// From now on it is woken when a moment has come that a timer was set for; `set` makes what sets timers.
    #[cfg_attr(
        not(all(madsim, feature = "madsim")),
        expect(dead_code, reason = "for the nodes engine")
    )]
    pub(in crate::engine) fn sets_timers(self: &Arc<Self>, set: impl FnOnce(Waker) -> SetTimer) {
        let timers = Timers::new(set(Waker::from(Arc::clone(self))));
        self.with(|inner| inner.timers = Some(timers));
    }

    /// The simulator was to come back at `at`, and has.
    #[cfg_attr(
        not(all(madsim, feature = "madsim")),
        expect(dead_code, reason = "for the nodes engine")
    )]
    pub(in crate::engine) fn comes_back(&self, at: u64) {
        let mut due = Due::default();
        let again = self.with(|inner| match inner.simulator_time() {
            now if at > now => inner.set_timer(at),
            now => self.look(inner, now, &mut |waker| due.push(waker)),
        });
        self.wake_up(due, again);
    }

    /// Wakes those whose moment has come. A timer cannot be set now: madsim is in the middle of that.
    fn wake_up(&self, due: Due, again: Option<u64>) {
        due.wake();
        if let Some(at) = again {
            self.through(|runtime| runtime.alarm_at(at));
        }
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
        not(all(tokio_unstable, feature = "turmoil")),
        expect(dead_code, reason = "for the network engine")
    )]
    pub(in crate::engine) fn due(&self, now: u64, due: &mut Vec<Waker>) -> Option<u64> {
        self.with(|inner| self.look(inner, now, &mut |waker| due.push(waker)))
    }

    /// As [`due`](World::due), for whoever has the run's lock.
    fn look(&self, inner: &mut Inner, now: u64, due: &mut impl FnMut(Waker)) -> Option<u64> {
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

/// A timer goes off, the first of those that are set.
impl Wake for World {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut due = Due::default();
        let again = self.with(|inner| {
            let at = inner.timers.as_mut()?.go_off();
            // madsim's own time may still be that of before.
            let now = at.max(inner.simulator_time());
            self.look(inner, now, &mut |waker| due.push(waker))
        });
        self.wake_up(due, again);
    }
}

impl Inner {
    /// From now on `waker` waits for `at`, of the clock of `host` or of engine time. Says when the simulator is to
    /// come back for it, where a timer cannot be set.
    pub(super) fn wait(
        &mut self,
        (at, host): (u64, Option<u32>),
        waker: Waker,
    ) -> (Ticket, Option<u64>) {
        let moment = (at, self.quiet.look_at(at), self.quiet.rest.together);
        let (ticket, comes_at) = self.alarms.add(moment, host, waker);
        (ticket, comes_at.and_then(|at| self.set_timer(at)))
    }

    /// Sets a timer for `at`, or returns that.
    fn set_timer(&mut self, at: u64) -> Option<u64> {
        let set = self.timers.as_mut().map(|timers| timers.set(at));
        set.is_none_or(|set| set.is_ready()).then_some(at)
    }
}
