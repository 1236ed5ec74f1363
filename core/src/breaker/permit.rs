//! The right to one call through a breaker, which always comes back.

use super::{CircuitBreaker, Ended, Generation, Outcome, Ticket, Verdict};
use crate::door::{Platform, System};
use std::fmt;
use std::mem::ManuallyDrop;
use std::sync::Arc;

/// The right to one call, borrowed from a breaker.
///
/// Say how the call ended. A permit that is dropped instead counts by the breaker's
/// [`PanicPolicy`](super::PanicPolicy) if its unit is panicking, else by its [`CancelPolicy`](super::CancelPolicy); so a
/// permit inside a future makes the future safe to cancel.
///
/// ```
/// use retrip_core::breaker::{BreakerConfig, CircuitBreaker};
///
/// let breaker = CircuitBreaker::new("db", BreakerConfig::default())?;
/// let permit = breaker.acquire()?;
/// assert_eq!(breaker.stats().in_flight, 1);
/// permit.success();
///
/// drop(breaker.acquire()?);
/// let stats = breaker.stats();
/// assert_eq!((stats.success, stats.ignored, stats.in_flight), (1, 1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a permit that is dropped at once counts as a cancelled call"]
pub struct Permit<'a, P: Platform = System> {
    breaker: &'a CircuitBreaker<P>,
    ticket: Ticket,
}

impl<'a, P: Platform> Permit<'a, P> {
    #[inline]
    pub(super) const fn new(breaker: &'a CircuitBreaker<P>, ticket: Ticket) -> Self {
        Self { breaker, ticket }
    }

    /// The call ended with this [`Outcome`] or [`Verdict`].
    #[inline]
    pub fn complete(self, verdict: impl Into<Verdict>) {
        let breaker = self.breaker;
        // Forgotten, and not dropped: its call has ended.
        breaker.settle(self.into_ticket(), verdict.into(), Ended::Returned);
    }

    /// The ticket, whose call goes on.
    #[inline]
    pub(super) fn into_ticket(self) -> Ticket {
        ManuallyDrop::new(self).ticket.again()
    }

    const fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    const fn breaker(&self) -> &CircuitBreaker<P> {
        self.breaker
    }
}

impl<P: Platform> Drop for Permit<'_, P> {
    #[inline]
    fn drop(&mut self) {
        self.breaker.abandon(self.ticket.again());
    }
}

/// The right to one call that shares the breaker: for work that is spawned and outlives its caller.
///
/// It behaves as a [`Permit`] does.
#[must_use = "a permit that is dropped at once counts as a cancelled call"]
pub struct OwnedPermit<P: Platform = System> {
    /// Taken out when the call ends.
    breaker: Option<Arc<CircuitBreaker<P>>>,
    ticket: Ticket,
}

impl<P: Platform> OwnedPermit<P> {
    #[inline]
    pub(super) fn new(breaker: Arc<CircuitBreaker<P>>, ticket: Ticket) -> Self {
        Self { breaker: Some(breaker), ticket }
    }

    /// The call ended with this [`Outcome`] or [`Verdict`].
    #[inline]
    pub fn complete(mut self, verdict: impl Into<Verdict>) {
        self.end(verdict.into());
    }

    /// The call ended, and the permit is spent: from now on it is the right to nothing.
    #[inline]
    pub(super) fn end(&mut self, verdict: Verdict) {
        if let Some(breaker) = self.breaker.take() {
            breaker.settle(self.ticket.again(), verdict, Ended::Returned);
        }
    }

    /// The permit is dropped where it is, without a result.
    #[inline]
    pub(super) fn abandon(&mut self) {
        if let Some(breaker) = self.breaker.take() {
            breaker.abandon(self.ticket.again());
        }
    }

    /// Whether its call has ended.
    #[cfg(feature = "tower")]
    pub(super) const fn is_spent(&self) -> bool {
        self.breaker.is_none()
    }

    const fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    pub(super) fn breaker(&self) -> &CircuitBreaker<P> {
        self.breaker.as_ref().expect("only the end of the permit takes its breaker")
    }
}

impl<P: Platform> Drop for OwnedPermit<P> {
    #[inline]
    fn drop(&mut self) {
        self.abandon();
    }
}

/// What both kinds of permit can do.
macro_rules! permit {
    ($permit:ty) => {
        impl<P: Platform> $permit {
            /// The call succeeded.
            #[inline]
            pub fn success(self) {
                self.complete(Outcome::Success);
            }

            /// The call failed.
            pub fn failure(self) {
                self.complete(Outcome::Failure);
            }

            /// The call says nothing about the service.
            pub fn ignore(self) {
                self.complete(Outcome::Ignored);
            }

            /// The generation that admitted the call.
            #[must_use]
            pub fn generation(&self) -> Generation {
                self.ticket().generation()
            }

            /// Whether the call is a trial of a half-open breaker.
            #[must_use]
            pub fn is_trial(&self) -> bool {
                self.ticket().is_trial()
            }
        }

        impl<P: Platform> fmt::Debug for $permit {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($permit))
                    .field("breaker", &self.breaker().name())
                    .field("ticket", self.ticket())
                    .finish()
            }
        }
    };
}

permit!(Permit<'_, P>);
permit!(OwnedPermit<P>);
