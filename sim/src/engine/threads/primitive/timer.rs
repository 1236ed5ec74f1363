//! A future that completes at a virtual deadline. One daemon thread per node wakes them, as a runtime's driver would.

use crate::engine::threads::kernel::Operation;
use crate::engine::threads::platform::Sim;
use crate::engine::threads::tether;
use crate::engine::threads::thread::{Deadline, Role, ThreadId, Waiting, Wake};
use crate::log::Name;
use retrip_core::door::Instant;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Completes at its deadline on its node's monotonic clock, never earlier.
#[derive(Debug)]
pub struct SimTimer {
    sim: Sim,
    deadline: Instant,
    ticket: Option<u64>,
}

impl SimTimer {
    pub(in crate::engine::threads) fn new(sim: Sim, deadline: Instant) -> Self {
        Self { sim, deadline, ticket: None }
    }
}

/// The futures of one node that wait, by deadline, then by the order in which they were first polled.
#[derive(Debug, Default)]
pub(in crate::engine::threads) struct Alarm {
    thread: Option<ThreadId>,
    waiting: BTreeMap<(Instant, u64), Waker>,
    tickets: u64,
}

impl Alarm {
    fn set(&mut self, deadline: Instant, ticket: Option<u64>, waker: Waker) -> u64 {
        let ticket = ticket.unwrap_or_else(|| {
            self.tickets += 1;
            self.tickets
        });
        self.waiting.insert((deadline, ticket), waker);
        ticket
    }

    /// When the first of those that wait on `node` is due.
    fn earliest(&self, node: u32) -> Option<Deadline> {
        self.waiting.first_key_value().map(|(&(at, _), _)| Deadline::Local { node, at })
    }

    fn take_due(&mut self, now: Instant) -> Option<Waker> {
        let (&(deadline, _), _) = self.waiting.first_key_value()?;
        if deadline > now {
            return None;
        }
        self.waiting.pop_first().map(|(_, waker)| waker)
    }
}

impl Future for SimTimer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Sim { run, node } = self.sim;
        tether::point(run, Operation::Sleep, 0);
        let (deadline, ticket) = (self.deadline, self.ticket);
        let registered = tether::with(run, |kernel| {
            kernel.touches_everything();
            if kernel.mono(node) >= deadline {
                return None;
            }
            let alarm = &mut kernel.nodes[node as usize].alarm;
            let ticket = alarm.set(deadline, ticket, context.waker().clone());
            let thread = alarm.thread;
            if let Some(thread) = thread
                && kernel.threads[thread.index()].waiting == Waiting::Park
            {
                kernel.wake(thread, Wake::Notified);
            }
            Some((ticket, thread))
        });
        let Some((ticket, thread)) = registered else { return Poll::Ready(()) };
        self.ticket = Some(ticket);
        if thread.is_none() {
            let sim = self.sim;
            let handle = sim
                .start(Name::from("timers"), Role::Daemon, move || ring(sim))
                .expect("a run has room for the thread that wakes its futures");
            tether::with(run, |kernel| {
                kernel.nodes[node as usize].alarm.thread = Some(handle.thread);
            });
        }
        Poll::Pending
    }
}

impl Drop for SimTimer {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket else { return };
        let Sim { run, node } = self.sim;
        let deadline = self.deadline;
        // The waker is foreign and may own anything: it is dropped outside of the kernel.
        let waker = tether::try_with(run, |kernel| {
            kernel.touches_everything();
            let alarm = &mut kernel.nodes[node as usize].alarm;
            let waker = alarm.waiting.remove(&(deadline, ticket));
            // Nobody's clock moves for what nobody waits for any more.
            let (thread, next) = (alarm.thread, alarm.earliest(node));
            if let Some(thread) = thread
                && kernel.threads[thread.index()].waiting == Waiting::Park
            {
                kernel.wait_until(thread, next);
            }
            waker
        });
        drop(waker);
    }
}

/// Wakes futures as they come due, for as long as the run lasts.
fn ring(sim: Sim) {
    let Sim { run, node } = sim;
    loop {
        let due = tether::with(run, |kernel| {
            kernel.touches_everything();
            let now = kernel.mono(node);
            kernel.nodes[node as usize].alarm.take_due(now)
        });
        if let Some(waker) = due {
            waker.wake();
            continue;
        }
        let switch = tether::with(run, |kernel| {
            let earliest = kernel.nodes[node as usize].alarm.earliest(node);
            kernel.block(Waiting::Park, earliest)
        });
        tether::obey(switch);
    }
}
