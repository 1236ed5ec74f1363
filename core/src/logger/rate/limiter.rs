//! Holds events back that come too often, and remembers them until somebody tells.

use super::super::{EventType, Level, plants};
use super::RateLimit;
use crate::door::{Atomic, Mutex, Platform, Rules, Timestamp};
use std::sync::atomic::Ordering::Relaxed;

/// A bucket for each kind of event, and what was held back.
pub(in super::super) struct Limiter<P: Platform> {
    limit: RateLimit,
    /// For each kind, when its bucket is full again, in nanoseconds of the monotonic clock: the theoretical arrival time.
    full_at: Box<[P::AtomicU64]>,
    counts: P::Mutex<Counts>,
    /// Whether nobody has told yet of something that was held back.
    owes: P::AtomicBool,
}

#[derive(Debug, Default)]
struct Counts {
    rate_limited: u64,
    notices: u64,
    untold: Option<HeldBack>,
}

/// Events that were held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct HeldBack {
    pub(in super::super) count: u64,
    /// When the first one came, and the last one.
    pub(in super::super) times: (Timestamp, Timestamp),
}

impl HeldBack {
    /// These, and those which came later.
    fn and(self, later: Self) -> Self {
        Self { count: self.count + later.count, times: (self.times.0, later.times.1) }
    }
}

impl<P: Platform> Limiter<P> {
    pub(in super::super) fn new(platform: &P, limit: RateLimit) -> Self {
        Self {
            limit,
            full_at: EventType::ALL.iter().map(|_| platform.atomic_u64(0)).collect(),
            counts: platform.mutex(Counts::default()),
            owes: platform.atomic_bool(false),
        }
    }

    /// Whether it depends on its level whether an event is let through.
    pub(in super::super) fn goes_by_level(&self) -> bool {
        self.limit.spared.is_some()
    }

    /// Whether there is a token for an event, or it needs none.
    pub(in super::super) fn would_admit(
        &self,
        platform: &P,
        event_type: EventType,
        level: Level,
    ) -> bool {
        if self.spares(level) {
            return true;
        }
        let full_at = self.full_at[event_type as usize].load(Relaxed);
        self.limit.interval().is_some_and(|interval| {
            full_at.saturating_sub(platform.now().as_nanos()) <= self.ahead(interval)
        })
    }

    /// Takes a token for an event, if there is one.
    pub(in super::super) fn admits(
        &self,
        platform: &P,
        event_type: EventType,
        level: Level,
    ) -> bool {
        if self.spares(level) {
            return true;
        }
        let Some(interval) = self.limit.interval() else { return false };
        let full_at = &self.full_at[event_type as usize];
        let ahead = self.ahead(interval);
        let mut seen = full_at.load(Relaxed);
        loop {
            let now = platform.now().as_nanos();
            if seen.saturating_sub(now) > ahead {
                return false;
            }
            let early = platform.broken_by(plants::TOKENS_COME_BACK_EARLY);
            let next = seen.max(now).saturating_add(if early { interval / 2 } else { interval });
            match full_at.compare_exchange(seen, next, Relaxed, Relaxed) {
                Ok(_) => return true,
                Err(other) => seen = other,
            }
        }
    }

    fn spares(&self, level: Level) -> bool {
        self.limit.spared.is_some_and(|spared| level >= spared)
    }

    /// How far ahead of the present a bucket may be full again at most, so that it still has a token.
    fn ahead(&self, interval: u64) -> u64 {
        interval.saturating_mul(u64::from(self.limit.events.saturating_sub(1)))
    }

    /// An event was held back.
    pub(in super::super) fn hold_back(&self, platform: &P) {
        let at = platform.wall();
        let mut counts = self.counts.lock();
        if !platform.broken_by(plants::HELD_BACK_IS_NOT_COUNTED) {
            counts.rate_limited += 1;
        }
        self.owe(&mut counts, HeldBack { count: 1, times: (at, at) });
    }

    /// Whether nobody has told yet of something.
    pub(in super::super) fn owes(&self) -> bool {
        self.owes.load(Relaxed)
    }

    /// What was held back and not told of. Whoever asks tells, with an event of the logger's own.
    pub(in super::super) fn take_untold(&self, rules: &impl Rules) -> Option<HeldBack> {
        let mut counts = self.counts.lock();
        self.owes.store(false, Relaxed);
        let untold = counts.untold.take()?;
        if rules.broken_by(plants::NOBODY_TELLS_OF_THE_RATE_LIMIT) {
            return None;
        }
        counts.notices += 1;
        Some(untold)
    }

    /// The telling has failed: somebody else has to.
    pub(in super::super) fn put_back(&self, untold: HeldBack) {
        let mut counts = self.counts.lock();
        let later = counts.untold.take();
        let all = later.map_or(untold, |later| untold.and(later));
        self.owe(&mut counts, all);
    }

    /// How many events were held back, and how many the logger has logged to tell of them.
    pub(in super::super) fn counts(&self) -> (u64, u64) {
        let counts = self.counts.lock();
        (counts.rate_limited, counts.notices)
    }

    fn owe(&self, counts: &mut Counts, more: HeldBack) {
        counts.untold = Some(counts.untold.map_or(more, |untold| untold.and(more)));
        self.owes.store(true, Relaxed);
    }
}
