//! Threads that a fault holds: each stands still at its next point, while the clocks and all others go on.

use super::kernel::{Kernel, Switch};
use super::{Sim, tether};
use crate::log::{Cause, Name, ThreadEvent, What};
use std::panic::Location;
use std::time::Duration;

impl Sim {
    /// The thread of this name, or the root, stands still from its next step on until the run is so old, because of this
    /// fault of the plan. Nothing where there is no such thread, or not any more.
    pub(crate) fn hold(&self, name: Option<&str>, until: Duration, fault: u32) {
        let until = u64::try_from(until.as_nanos()).unwrap_or(u64::MAX);
        tether::with(self.run, |kernel| {
            let thread = match name {
                None => kernel.threads.first_mut(),
                Some(name) => kernel.threads.iter_mut().find(|thread| *thread.name == *name),
            };
            if let Some(thread) = thread.filter(|thread| !thread.is_finished()) {
                // Of two that overlap the later end counts.
                let before = if thread.held { thread.hold } else { (0, fault) };
                thread.hold = before.max((until, fault));
                thread.held = true;
            }
        });
    }
}

impl Kernel {
    /// Lets the running thread stand still where a fault holds it, and says so; nothing where that is over.
    pub(super) fn held(&mut self) -> Option<Switch> {
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
