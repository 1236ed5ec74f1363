//! A future that ends at a moment of its host's clock, wherever that clock goes meanwhile.

use super::{Host, Work};
use retrip_core::door::Instant;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Completes at its deadline on its host's monotonic clock, never earlier; later by as much as the simulator's sleep is.
pub struct HostTimer {
    host: Host,
    deadline: Instant,
    /// The simulator's time that the deadline is at as the clock goes now, and the sleep until then.
    sleep: Option<(u64, Work)>,
    /// Under which a change of the clock finds it.
    ticket: Option<u64>,
}

impl Host {
    pub(super) fn pause_until(&self, deadline: Instant) -> HostTimer {
        HostTimer { host: self.clone(), deadline, sleep: None, ticket: None }
    }
}

impl HostTimer {
    /// When the simulator has to wake it: nobody where its clock says that it is time.
    fn due(&mut self, waker: &Waker) -> Option<u64> {
        let now = self.host.engine();
        let Self { host, deadline, ticket, .. } = self;
        host.world.with(|inner| {
            let ticket = *ticket.get_or_insert_with(|| inner.ticket());
            let node = &mut inner.nodes[host.host as usize];
            if node.clock.mono(now) >= *deadline {
                node.waiting.remove(&ticket);
                return None;
            }
            node.waiting.insert(ticket, waker.clone());
            Some(node.clock.engine_at_least(*deadline, now))
        })
    }
}

impl Future for HostTimer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        while let Some(due) = self.due(context.waker()) {
            let (at, mut sleep) = match self.sleep.take() {
                Some((at, sleep)) if at == due => (at, sleep),
                _ => (due, self.host.world.sleep_until(due)),
            };
            if sleep.as_mut().poll(context).is_pending() {
                self.sleep = Some((at, sleep));
                return Poll::Pending;
            }
        }
        Poll::Ready(())
    }
}

impl Drop for HostTimer {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket else { return };
        let host = self.host.host as usize;
        // The waker is foreign and may own anything: it is dropped outside of the run's lock.
        let waker = self.host.world.with(|inner| inner.nodes[host].waiting.remove(&ticket));
        drop(waker);
    }
}

impl fmt::Debug for HostTimer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostTimer").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
