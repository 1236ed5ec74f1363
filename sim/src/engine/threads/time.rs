//! Virtual time: it moves to the next moment that somebody waits for.

use super::kernel::Kernel;
use super::thread::{Deadline, ThreadId, Waiting, Wake};

impl Kernel {
    /// Sets the timer of `thread`'s current wait from its deadline on its own clock.
    pub(super) fn set_timer(&mut self, thread: ThreadId) {
        let record = &self.threads[thread.index()];
        if let Some(deadline) = record.deadline {
            let at = match deadline {
                Deadline::Engine(at) => at,
                Deadline::Local { node, at } => {
                    self.nodes[node as usize].clock.engine_at_least(at, self.now)
                }
            };
            self.timers.set(at, (thread, record.timer));
        }
    }

    /// Sets the timers of all that wait by `node`'s monotonic clock anew after it changed.
    pub(super) fn rekey_timers(&mut self, node: u32) {
        for index in 0..self.threads.len() {
            let record = &mut self.threads[index];
            if matches!(record.deadline, Some(Deadline::Local { node: by, .. }) if by == node) {
                record.timer += 1;
                let id = u32::try_from(index).expect("a run has fewer than 2^32 threads");
                self.set_timer(ThreadId(id));
            }
        }
    }

    /// From now on the wait of `thread`, which waits, ends at `deadline`.
    pub(super) fn wait_until(&mut self, thread: ThreadId, deadline: Option<Deadline>) {
        let record = &mut self.threads[thread.index()];
        record.timer += 1;
        record.deadline = deadline;
        self.set_timer(thread);
    }

    /// Moves the clock to the next moment that somebody waits for. False where nobody does.
    pub(super) fn move_to_next_timer(&mut self) -> bool {
        let Some(at) = self.next_timer() else { return false };
        self.now = self.now.max(at);
        while let Some((thread, timer)) = self.timers.pop_due(self.now) {
            self.time_out(thread, timer);
        }
        true
    }

    /// The next moment that somebody waits for.
    pub(super) fn next_timer(&mut self) -> Option<u64> {
        let threads = &self.threads;
        let counts = |(thread, timer): (ThreadId, u32)| {
            let record = &threads[thread.index()];
            record.timer == timer && record.deadline.is_some()
        };
        self.timers.earliest(counts)
    }

    fn time_out(&mut self, thread: ThreadId, timer: u32) {
        let record = &self.threads[thread.index()];
        if record.timer != timer || record.deadline.is_none() {
            return;
        }
        if let Waiting::Condvar(slot) | Waiting::At(slot, _) = record.waiting {
            self.objects.get(slot).waiters.retain(|&waiter| waiter != thread);
        }
        self.wake(thread, Wake::TimedOut);
    }
}
