//! A future that ends at a moment of its host's clock, wherever that clock goes meanwhile.

use super::Host;
use super::alarms::Ticket;
use super::world::Inner;
use retrip_core::door::Instant;
use std::borrow::Borrow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Completes at its deadline on its host's monotonic clock, never earlier; later by as much as the simulator's sleep is.
pub struct HostTimer(Pause<Host>);

/// Ends at a moment.
pub(super) struct Pause<H: Borrow<Host>> {
    host: H,
    wait: Wait,
}

struct Wait {
    until: Until,
    /// Under which it waits, while it does.
    ticket: Option<Ticket>,
    /// How often a clock had been changed as it began to.
    changes: u64,
}

/// When it is over.
#[derive(Clone, Copy, Debug)]
pub(super) enum Until {
    /// So long after it began, by the monotonic clock of the host.
    After(Duration),
    /// By the monotonic clock of the host.
    Mono(Instant),
    /// By engine time, in nanoseconds, which no fault can touch.
    Engine(u64),
    /// As that, once everything that moment brings about is over.
    EndOf(u64),
}

impl Host {
    pub(super) fn timer_until(&self, deadline: Instant) -> HostTimer {
        let wait = Wait { until: Until::Mono(deadline), ticket: None, changes: 0 };
        HostTimer(Pause { host: self.clone(), wait })
    }

    pub(super) fn pause(&self, until: Until) -> Pause<&Self> {
        Pause { host: self, wait: Wait { until, ticket: None, changes: 0 } }
    }
}

/// What comes of a look at the clock.
struct Look {
    is_over: bool,
    /// When the simulator has to come back for it, where it would not by itself.
    comes_at: Option<u64>,
    /// A waker that nobody needs any more. It is foreign, and may be the last that holds something: it is dropped outside of the
    /// run's lock.
    _left: Option<Waker>,
}

impl Wait {
    /// On the host at `place`, where it is `now` by engine time.
    fn look(&mut self, inner: &mut Inner, (place, now): (u32, u64), waker: &Waker) -> Look {
        let clock = &inner.nodes[place as usize].clock;
        let reads = clock.mono(now);
        if let Until::After(duration) = self.until {
            self.until = Until::Mono(reads.saturating_add(duration));
        }
        let (at, of) = match self.until {
            Until::Engine(at) | Until::EndOf(at) => (at, None),
            Until::Mono(deadline) if reads < deadline => {
                (clock.engine_at_least(deadline, now), Some(place))
            }
            Until::Mono(_) | Until::After(_) => (now, None),
        };
        let is_last = matches!(self.until, Until::EndOf(_));
        let is_over = match self.ticket {
            Some(ticket) if is_last => !inner.alarms.waits(ticket),
            None if is_last => at < now,
            _ => at <= now,
        };
        if !is_over && self.ticket.is_some_and(|it| inner.alarms.has(it, at, waker)) {
            return Look { is_over: false, comes_at: None, _left: None };
        }
        let left = self.ticket.take().and_then(|ticket| inner.alarms.remove(ticket));
        if is_over {
            return Look { is_over: true, comes_at: None, _left: left };
        }
        let (ticket, comes_at) = inner.wait((at, of), waker.clone());
        self.ticket = Some(ticket);
        Look { is_over: false, comes_at, _left: left }
    }
}

impl<H: Borrow<Host> + Unpin> Future for Pause<H> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Self { host, wait } = &mut *self;
        let Host { world, host: place } = (*host).borrow();
        let is_last = matches!(wait.until, Until::EndOf(_));
        if !is_last && wait.ticket.is_some_and(|(at, _)| world.has_rung(at, wait.changes)) {
            wait.ticket = None;
            return Poll::Ready(());
        }
        wait.changes = world.clock_changes();
        let begins = matches!(wait.until, Until::After(_));
        let look = |inner: &mut Inner| {
            let now = world.elapsed_in(inner);
            wait.look(inner, (*place, now), context.waker())
        };
        let Look { is_over, comes_at, .. } =
            if begins { world.step_with(look) } else { world.with(look) };
        if let Some(at) = comes_at {
            world.through(|runtime| runtime.alarm_at(at));
        }
        if is_over { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl<H: Borrow<Host>> Drop for Pause<H> {
    fn drop(&mut self) {
        let Some(ticket) = self.wait.ticket else { return };
        // It is dropped outside of the run's lock.
        let waker = self.host.borrow().world.with(|inner| inner.alarms.remove(ticket));
        drop(waker);
    }
}

impl Future for HostTimer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl fmt::Debug for HostTimer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostTimer").field("until", &self.0.wait.until).finish_non_exhaustive()
    }
}
