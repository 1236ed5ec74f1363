//! What those are told who are refused, and what is counted of it.

use super::CircuitBreaker;
use super::lockless::Rejection;
use crate::breaker::{Machine, Refusal, Rejected, plants};
use crate::door::{Mutex, Platform, Rules};

impl<P: Platform> CircuitBreaker<P> {
    /// Counts a rejected call that got a fallback's value.
    pub(in crate::breaker) fn fell_back(&self) {
        if self.platform.broken_by(plants::FALLBACKS_UNCOUNTED) {
            return;
        }
        if !self.lockless.fall_back(&self.platform) {
            self.inner.lock().machine.fell_back();
        }
    }

    /// What a caller is told whom the gate rejects.
    #[inline]
    pub(super) fn refusal(&self, Rejection { refusal, is_looked_at }: Rejection) -> Refusal {
        if is_looked_at {
            self.sum_up();
        }
        refusal
    }

    #[cold]
    fn sum_up(&self) {
        self.operate(Machine::sum_up);
    }

    #[inline]
    pub(in crate::breaker) fn rejected(&self, Refusal { state, retry_after }: Refusal) -> Rejected {
        if let Some(left) = retry_after
            && self.platform.broken_by(plants::REJECTED_CALLER_IS_HELD)
        {
            self.platform.sleep_until(self.platform.now().saturating_add(left));
        }
        Rejected { breaker: self.name.clone(), state, retry_after }
    }
}
