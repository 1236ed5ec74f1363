//! The ready list, and who is woken by a release or a notification.

use super::kernel::{Kernel, Mode};
use super::object::Slot;
use super::source::Source;
use super::strategy::Strategy;
use super::thread::{ThreadId, Waiting, Wake};
use super::unmet::WhyUnmet;
use crate::plan::Turn;

impl Kernel {
    #[inline]
    pub(super) fn make_ready(&mut self, thread: ThreadId) {
        self.grow_younger(thread);
        let place = u32::try_from(self.ready.len()).expect("a run has fewer than 2^32 threads");
        let record = &mut self.threads[thread.index()];
        record.waiting = Waiting::Nothing;
        record.place = place;
        self.ready.push(thread);
        if let Source::Drawn(drawn) = &mut self.source {
            drawn.strategy.readied(thread);
        }
    }

    #[inline]
    pub(super) fn unready(&mut self, thread: ThreadId) {
        let place = self.threads[thread.index()].place as usize;
        self.ready.swap_remove(place);
        if let Some(&moved) = self.ready.get(place) {
            self.threads[moved.index()].place =
                u32::try_from(place).expect("a run has fewer than 2^32 threads");
        }
        if let Source::Drawn(drawn) = &mut self.source {
            drawn.strategy.blocked(thread);
        }
    }

    /// Ends the wait of `thread`, if it waits.
    #[inline]
    pub(super) fn wake(&mut self, thread: ThreadId, wake: Wake) {
        let record = &mut self.threads[thread.index()];
        if matches!(record.waiting, Waiting::Nothing | Waiting::Finished) {
            return;
        }
        record.wake = wake;
        record.deadline = None;
        record.timer += 1;
        self.make_ready(thread);
    }

    /// Gives the lock at `slot` to the running thread, if it is free.
    #[inline]
    pub(super) fn take_lock(&mut self, slot: Slot) -> bool {
        let me = self.current;
        let object = self.objects.get(slot);
        let free = object.owner.is_none();
        if free {
            object.owner = Some(me);
        }
        free
    }

    /// Frees the lock at `slot` and wakes one of those who wait for it.
    #[inline]
    pub(super) fn release_lock(&mut self, slot: Slot) {
        self.objects.get(slot).owner = None;
        self.wake_one(slot);
    }

    /// Wakes one of those who wait at `slot`; which one is a choice.
    #[inline]
    pub(super) fn wake_one(&mut self, slot: Slot) {
        if let Some(thread) = self.take_waiter(slot) {
            self.wake(thread, Wake::Notified);
        }
    }

    /// Wakes all who wait at `slot`.
    pub(super) fn wake_all(&mut self, slot: Slot) {
        for waiter in std::mem::take(&mut self.objects.get(slot).waiters) {
            self.wake(waiter, Wake::Notified);
        }
    }

    /// Takes one of those who wait at `slot` off its list, to be woken; which one is a choice.
    #[inline]
    pub(super) fn take_waiter(&mut self, slot: Slot) -> Option<ThreadId> {
        let count = self.objects.get(slot).waiters.len();
        if count == 0 {
            return None;
        }
        let me = self.current;
        let point = self.me().points;
        let quiet = !matches!(self.mode, Mode::Running);
        let index = match &mut self.source {
            _ if quiet || count == 1 => 0,
            Source::Drawn(drawn) => drawn.strategy.waiter(count),
            Source::Searched(search) => search.waiter(count),
            Source::Written(_) => self.written_waiter(me, point, count),
        };
        if index > 0 {
            let age = u32::try_from(index).expect("fewer than 2^32 waiters");
            self.record(me, point, |_| Turn::Wakes(age));
        }
        let waiters = &mut self.objects.get(slot).waiters;
        // Removing the last one moves nothing.
        let last = if index + 1 == count { waiters.pop() } else { None };
        Some(last.unwrap_or_else(|| waiters.remove(index)))
    }

    fn written_waiter(&mut self, me: ThreadId, point: u64, count: usize) -> usize {
        let Source::Written(written) = &mut self.source else { return 0 };
        match written.wakes(me, point) {
            Some((_, index)) if (index as usize) < count => index as usize,
            Some((place, _)) => {
                written.skip(place, WhyUnmet::NoWaiter);
                0
            }
            None => 0,
        }
    }
}
