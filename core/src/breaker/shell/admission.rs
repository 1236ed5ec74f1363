//! How the right to a call is asked for: a borrowed permit, or one that shares the breaker.

use super::CircuitBreaker;
use crate::breaker::{Machine, OwnedPermit, Permit, Refusal, Rejected, Ticket};
use crate::door::Platform;
use std::sync::Arc;

impl<P: Platform> CircuitBreaker<P> {
    /// Asks for the right to make one call.
    ///
    /// # Errors
    /// The breaker is open, or half-open and out of permits. Nothing changes but the count of rejections.
    #[inline]
    pub fn acquire(&self) -> Result<Permit<'_, P>, Rejected> {
        match self.pass() {
            Some(permit) => Ok(permit),
            None => self.acquire_elsewhere(),
        }
    }

    /// As [`acquire`](Self::acquire), for a call that has not been let [pass](Self::pass).
    #[inline(never)]
    pub(in crate::breaker) fn acquire_elsewhere(&self) -> Result<Permit<'_, P>, Rejected> {
        match self.admit() {
            Ok(ticket) => Ok(Permit::new(self, ticket)),
            Err(refusal) => Err(self.rejected(refusal)),
        }
    }

    /// A permit of a closed breaker, where its result needs no lock. All else is [`admit`](Self::admit)'s.
    #[inline]
    pub(in crate::breaker) fn pass(&self) -> Option<Permit<'_, P>> {
        self.lockless.pass(&self.platform).map(|ticket| Permit::new(self, ticket))
    }

    /// What a call is answered that has not been let [pass](Self::pass).
    #[inline]
    pub(in crate::breaker) fn admit(&self) -> Result<Ticket, Refusal> {
        match self.lockless.meet(&self.platform) {
            Some(Ok(ticket)) => Ok(ticket),
            Some(Err(rejection)) => Err(self.refusal(rejection)),
            None => self.admit_by_decision(),
        }
    }

    #[cold]
    fn admit_by_decision(&self) -> Result<Ticket, Refusal> {
        let (decision, delivery) = self.decide(Machine::admit);
        // The permit is made before listeners run, so that it comes back even if one of them panics.
        let decision = decision.map(|ticket| Permit::new(self, ticket));
        self.deliver(delivery);
        decision.map(Permit::into_ticket)
    }

    /// Asks for the right to make one call, for work that outlives the caller. The permit is one more holder of the [`Arc`], which
    /// a rejection does not take: two more additions to one counter for all threads. Where the breaker can be borrowed,
    /// [`acquire`](Self::acquire) does without.
    ///
    /// # Errors
    /// As [`CircuitBreaker::acquire`].
    #[inline]
    pub fn acquire_owned(self: &Arc<Self>) -> Result<OwnedPermit<P>, Rejected> {
        match self.pass_owned() {
            Some(permit) => Ok(permit),
            None => self.acquire_owned_elsewhere(),
        }
    }

    /// As [`pass`](Self::pass), for work that outlives the caller.
    #[inline]
    pub(in crate::breaker) fn pass_owned(self: &Arc<Self>) -> Option<OwnedPermit<P>> {
        let ticket = self.lockless.pass(&self.platform)?;
        Some(OwnedPermit::new(self.clone(), ticket))
    }

    /// As [`acquire_owned`](Self::acquire_owned), for a call that has not been let [pass](Self::pass_owned).
    #[inline(never)]
    pub(in crate::breaker) fn acquire_owned_elsewhere(
        self: &Arc<Self>,
    ) -> Result<OwnedPermit<P>, Rejected> {
        match self.admit() {
            Ok(ticket) => Ok(OwnedPermit::new(self.clone(), ticket)),
            Err(refusal) => Err(self.rejected(refusal)),
        }
    }
}
