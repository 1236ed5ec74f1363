//! The counts that need no lock, because they are taken before an event has one, or by a unit that may hold it already.

use super::stripes::Stripes;
use super::{DropCause, DropReason, Stats};
use crate::door::{Atomic, AtomicInteger, Platform};
use std::sync::atomic::Ordering::Relaxed;

/// What is counted of the events of an outlet on their way there.
pub(super) struct Books<P: Platform> {
    filtered: Stripes<P>,
    panicked_values: P::AtomicU64,
    /// Re-entrant events that have no number yet: the lock may be held by the very unit that logs them.
    reentrant: P::AtomicU64,
}

impl<P: Platform> Books<P> {
    pub(super) fn new(platform: &P) -> Self {
        Self {
            filtered: Stripes::new(platform),
            panicked_values: platform.atomic_u64(0),
            reentrant: platform.atomic_u64(0),
        }
    }

    #[inline]
    pub(super) fn filter(&self, platform: &P) {
        self.filtered.add(platform);
    }

    pub(super) fn refuse_reentrant(&self) -> DropReason {
        self.reentrant.fetch_add(1, Relaxed);
        DropReason::Dropped(DropCause::Reentrant)
    }

    pub(super) fn count_panics(&self, panics: u64) {
        if panics > 0 {
            self.panicked_values.fetch_add(panics, Relaxed);
        }
    }

    /// How many re-entrant events have come since this was asked last. Whoever asks gives them their numbers.
    pub(super) fn take_reentrant(&self) -> u64 {
        if self.reentrant.load(Relaxed) == 0 { 0 } else { self.reentrant.swap(0, Relaxed) }
    }

    /// These counts, and `stats` for the others.
    pub(super) fn with(&self, stats: Stats) -> Stats {
        Stats {
            filtered: self.filtered.sum(),
            panicked_values: self.panicked_values.load(Relaxed),
            ..stats
        }
    }
}
