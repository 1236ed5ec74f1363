//! What a machine and whoever counts in its place tell each other.

use super::{Machine, Phase};
use crate::breaker::stats::Counts;
use crate::door::Instant;
use std::time::Duration;

/// What calls do until something is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::breaker) enum Standing {
    /// They pass, after so many failures in a row.
    Closed { failures: u64 },
    /// They are rejected for so long, counted from that instant.
    Open { began: Instant, length: Duration },
    /// They are rejected.
    OpenForGood,
    /// They pass, and their results are counted in the totals and nowhere else.
    Disabled,
    /// Each is a decision.
    Undecided,
}

impl Machine {
    /// What calls do until something is decided.
    pub(in crate::breaker) fn standing(&self) -> Standing {
        match self.phase {
            Phase::Closed => Standing::Closed { failures: self.consecutive_failures },
            Phase::Open | Phase::Isolated => {
                let interval = &self.past().interval;
                Standing::Open { began: interval.began(), length: interval.length() }
            }
            Phase::ForcedOpen => Standing::OpenForGood,
            Phase::Disabled => Standing::Disabled,
            Phase::HalfOpen | Phase::MetricsOnly => Standing::Undecided,
        }
    }

    /// Whether anything was asked of it.
    pub(in crate::breaker) const fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// Takes over what somebody else has counted.
    pub(in crate::breaker) fn add(&mut self, counts: Counts) {
        self.tally.add(counts);
        let totals = &mut self.past_mut().totals;
        totals.rejected += counts.rejected;
        totals.fallback += counts.fallback;
        self.refused_elsewhere(0);
    }

    /// Takes over how many calls have ever succeeded as somebody else has counted.
    pub(in crate::breaker) const fn succeeded_elsewhere(&mut self, total: u64) {
        let new = total.saturating_sub(self.succeeded_elsewhere);
        self.succeeded_elsewhere = total;
        // Those that come to light after a failure have overlapped with it, and so are taken for calls of before.
        if matches!(self.phase, Phase::Closed) && self.consecutive_failures == 0 {
            self.consecutive_successes += new;
        }
    }
}
