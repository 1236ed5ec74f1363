//! Threads that a fault holds: each stands still as soon as it would go on, while the clocks and all others do.

use super::kernel::{Kernel, Mode, Switch};
use super::thread::ThreadId;
use super::{Sim, SimUnit, tether};
use crate::log::{Cause, Name, ThreadEvent, What};
use std::panic::Location;
use std::time::Duration;

impl Sim {
    /// The thread stands still in place of its next step until the run is so old, because of this fault of the plan. Nothing where
    /// it has ended. The calling thread does so at once.
    pub(crate) fn hold(&self, unit: SimUnit, (until, fault): (Duration, u32)) {
        let until = u64::try_from(until.as_nanos()).unwrap_or(u64::MAX);
        let switch = tether::with(self.run, |kernel| {
            let thread = &mut kernel.threads[unit.thread.index()];
            if thread.is_finished() {
                return Switch::Stay;
            }
            // Of two that overlap the later end counts.
            let before = if thread.held { thread.hold } else { (0, fault) };
            thread.hold = before.max((until, fault));
            thread.held = true;
            let holds_itself = unit.thread == kernel.current && kernel.mode == Mode::Running;
            if holds_itself { kernel.held().unwrap_or(Switch::Stay) } else { Switch::Stay }
        });
        tether::obey(switch);
    }
}

impl Kernel {
    /// In place of going on the running thread stands still, where a fault holds it; `from` is left.
    ///
    /// Nobody is held while it runs: what holds it is another thread. So this is the one place to look, whatever the thread was
    /// waiting for, and before it does anything more.
    #[cold]
    pub(super) fn held_up(&mut self, from: ThreadId) -> Switch {
        let next = self.current;
        let switch = match self.mode {
            Mode::Running => self.held(),
            Mode::Fair | Mode::Stopping | Mode::Unwinding => None,
        };
        match switch {
            None => self.goes_on(next),
            Some(Switch::Stay | Switch::Leave(Some(_))) if self.current == from => Switch::Stay,
            Some(Switch::Stay) => self.goes_on(self.current),
            Some(switch) => switch,
        }
    }

    /// Lets the running thread stand still where a fault holds it, and says so; nothing where that is over.
    fn held(&mut self) -> Option<Switch> {
        let now = self.now;
        let thread = self.me();
        let (until, fault) = thread.hold;
        if !std::mem::take(&mut thread.held) || until <= now {
            return None;
        }
        let duration = Duration::from_nanos(until - now);
        let node = thread.node;
        let before = thread.cause.replace(Cause::Fault(fault));
        let stalls = What::Thread(ThreadEvent::Stalls { for_: duration });
        let me = self.current.index();
        self.record_event(node, me, &Name::from("thread"), stalls, Location::caller());
        self.me().cause = before;
        Some(self.stall(duration))
    }
}
