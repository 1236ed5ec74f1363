//! What would be lost with a machine that is thrown away.

use super::{Machine, Phase};
use crate::breaker::{Moment, State};
use crate::door::Rules;

/// Against what a breaker protects its service, and so what a new one in its place would not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::breaker) enum Protection {
    /// It is closed: what it has counted would be lost, and no more.
    Counts,
    /// Its open interval is over: the next calls would be calls, and not trials.
    Trials,
    /// It is open, or somebody has said by hand what it does.
    Calls,
}

impl Machine {
    /// What would be lost at `now`. A clock that went back does not keep it for ever.
    pub(in crate::breaker) fn protection(&mut self, now: Moment, rules: &impl Rules) -> Protection {
        self.observe(now, rules);
        match (self.phase, self.state(now, rules)) {
            (Phase::ForcedOpen | Phase::Disabled | Phase::MetricsOnly, _) | (_, State::Open) => {
                Protection::Calls
            }
            (_, State::Closed) => Protection::Counts,
            (_, State::HalfOpen) => Protection::Trials,
        }
    }
}
