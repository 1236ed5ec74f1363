//! Whether the sink is worth a try: what comes while it fails does not wait for it, and somebody tries it now and then.

use super::plants;
use crate::door::{Instant, Rules};
use std::io;
use std::time::Duration;

/// How long after a failure the sink is tried again first.
pub(super) const FIRST_PROBE: Duration = Duration::from_millis(10);
/// The longest that it is left alone, after as many failures as there may be.
pub(super) const LAST_PROBE: Duration = Duration::from_secs(5);

/// What the last try of the sink came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Health {
    /// It took what it was given, or was not tried yet.
    #[default]
    Healthy,
    /// It failed. It is left alone until a moment, and then tried once.
    Failing {
        /// How.
        kind: io::ErrorKind,
        probe_at: Instant,
        /// How long it is left alone after the next failure.
        next: Duration,
    },
}

impl Health {
    /// With what the sink fails where it is to be left alone at `now`, which is read only where that matters.
    pub(super) fn refuses(
        self,
        now: impl FnOnce() -> Instant,
        rules: &impl Rules,
    ) -> Option<io::ErrorKind> {
        let Self::Failing { kind, probe_at, .. } = self else { return None };
        if rules.broken_by(plants::FAILING_SINK_IS_GIVEN_UP) {
            return Some(kind);
        }
        let is_early = now() < probe_at && !rules.broken_by(plants::FAILING_SINK_IS_TRIED_AT_ONCE);
        is_early.then_some(kind)
    }

    /// Until when the sink is left alone, where that is not over at `now`.
    pub(super) fn until(self, now: impl FnOnce() -> Instant) -> Option<Instant> {
        match self {
            Self::Healthy => None,
            Self::Failing { probe_at, .. } => Some(probe_at).filter(|&at| now() < at),
        }
    }

    /// The sink has failed at `now`: it is left alone for twice as long as the last time.
    pub(super) fn fails(&mut self, kind: io::ErrorKind, now: Instant) {
        let wait = match *self {
            Self::Healthy => FIRST_PROBE,
            Self::Failing { next, .. } => next,
        };
        let next = wait.saturating_mul(2).min(LAST_PROBE);
        *self = Self::Failing { kind, probe_at: now.saturating_add(wait), next };
    }

    /// The sink has taken something whole.
    pub(super) fn recovers(&mut self) {
        *self = Self::Healthy;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::Sound;

    const FULL: io::ErrorKind = io::ErrorKind::StorageFull;

    fn ms(millis: u64) -> Instant {
        Instant::from_nanos(millis * 1_000_000)
    }

    #[test]
    fn a_sink_that_fails_is_left_alone_twice_as_long_each_time_and_at_most_five_seconds() {
        let mut health = Health::default();
        let mut now = 0;
        for wait in [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5000, 5000, 5000] {
            health.fails(FULL, ms(now));
            assert_eq!(health.refuses(|| ms(now + wait - 1), &Sound), Some(FULL), "{wait}");
            assert_eq!(health.refuses(|| ms(now + wait), &Sound), None, "{wait}");
            assert_eq!(health.until(|| ms(now + wait - 1)), Some(ms(now + wait)), "{wait}");
            assert_eq!(health.until(|| ms(now + wait)), None, "{wait}");
            now += wait;
        }
        health.recovers();
        assert_eq!(
            health.refuses(|| unreachable!("no clock is read of a healthy one"), &Sound),
            None
        );
        health.fails(io::ErrorKind::BrokenPipe, ms(now));
        assert_eq!(health.refuses(|| ms(now + 9), &Sound), Some(io::ErrorKind::BrokenPipe));
        assert_eq!(
            health.refuses(|| ms(now + 10), &Sound),
            None,
            "after a recovery it begins anew"
        );
    }

    #[test]
    fn a_clock_that_ends_leaves_it_alone_to_its_end() {
        let mut health = Health::default();
        let end = Instant::from_nanos(u64::MAX);
        health.fails(FULL, end);
        assert_eq!(health.refuses(|| end, &Sound), None, "no moment is later, so it is tried");
    }
}
