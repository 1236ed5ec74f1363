//! What a machine knows from the first time on that it is anything but closed, and most machines never are.

use super::refusals::Refusals;
use crate::breaker::interval::OpenInterval;
use crate::breaker::stats::Kept;
use crate::breaker::trials::Trials;

/// Kept apart from the machine, and only once there is something to keep.
#[derive(Clone, Debug)]
pub(super) struct Past {
    /// The current open interval, or the last one.
    pub(super) interval: OpenInterval,
    /// Openings in a row, without closing in between: what the interval grows with.
    pub(super) openings: u32,
    /// What the jitter of each interval is made of.
    pub(super) seed: u64,
    pub(super) trials: Trials,
    pub(super) refusals: Refusals,
    pub(super) totals: Totals,
}

/// What has been counted besides calls that passed.
#[derive(Clone, Debug)]
pub(super) struct Totals {
    pub(super) rejected: u64,
    pub(super) fallback: u64,
    pub(super) stale: u64,
    pub(super) reclaimed: u64,
    pub(super) transitions: u64,
    pub(super) last_change: Kept,
}

impl Totals {
    pub(super) const NONE: Self = Self {
        rejected: 0,
        fallback: 0,
        stale: 0,
        reclaimed: 0,
        transitions: 0,
        last_change: Kept::NONE,
    };
}

impl Past {
    const NONE: Self = Self {
        interval: OpenInterval::NONE,
        openings: 0,
        seed: 0,
        trials: Trials::NONE,
        refusals: Refusals::NONE,
        totals: Totals::NONE,
    };
}

impl super::Machine {
    /// What there is to know; nothing of each where nothing is kept.
    pub(super) fn past(&self) -> &Past {
        const NOTHING: &Past = &Past::NONE;
        self.past.as_deref().unwrap_or(NOTHING)
    }

    /// What is kept, from now on.
    pub(super) fn past_mut(&mut self) -> &mut Past {
        self.past.get_or_insert_with(|| Box::new(Past::NONE))
    }
}
