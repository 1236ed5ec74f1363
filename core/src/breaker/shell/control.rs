//! What is done to a breaker by hand.

use super::CircuitBreaker;
use crate::breaker::Machine;
use crate::door::Platform;
use std::time::Duration;

impl<P: Platform> CircuitBreaker<P> {
    /// Closes the breaker, also one that is forced open, and forgets the results in a row. Totals stay, and calls in
    /// flight become stale.
    pub fn reset(&self) {
        self.operate(Machine::reset);
    }

    /// Opens the breaker until somebody [lifts](Self::lift) that. No timer and no result of a call changes it.
    pub fn force_open(&self) {
        self.operate(Machine::force_open);
    }

    /// Opens the breaker for `time`, at least a nanosecond; then it admits trials. No result of a call changes that.
    pub fn isolate_for(&self, time: Duration) {
        self.operate(|machine, now, rules, journal| machine.isolate_for(time, now, rules, journal));
    }

    /// Lets every call pass until somebody [lifts](Self::lift) that: results are counted in the totals, and nowhere else.
    pub fn disable(&self) {
        self.operate(Machine::disable);
    }

    /// Lets every call pass until somebody [lifts](Self::lift) that, and keeps looking at the results: failures in a row and
    /// what is in the window can be read, and open nothing.
    pub fn only_measure(&self) {
        self.operate(Machine::only_measure);
    }

    /// Ends what was done by hand: a breaker that was open by hand admits trials, one that was closed by hand is closed and
    /// has seen nothing yet. Where nothing was done by hand, nothing happens.
    pub fn lift(&self) {
        self.operate(Machine::lift);
    }
}
