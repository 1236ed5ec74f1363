//! The operating system's two clocks.
#![expect(clippy::disallowed_methods, reason = "System is the one place that reads real clocks")]

use super::System;
use crate::door::{Clock, Instant, Timestamp};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

/// The origin of every [`Instant`] of this process: the first reading.
static ORIGIN: OnceLock<std::time::Instant> = OnceLock::new();

fn origin() -> std::time::Instant {
    *ORIGIN.get_or_init(std::time::Instant::now)
}

/// What the operating system's clock shows when ours shows `instant`; the far future stands for what cannot be told.
pub(super) fn to_std(instant: Instant) -> std::time::Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 86_400);
    let origin = origin();
    origin
        .checked_add(Duration::from_nanos(instant.as_nanos()))
        .unwrap_or_else(|| origin.checked_add(CENTURY).unwrap_or(origin))
}

impl Clock for System {
    #[inline]
    fn now(&self) -> Instant {
        // The origin is read first: on the first call of the process it must not be later than the reading.
        let origin = origin();
        let elapsed = std::time::Instant::now().saturating_duration_since(origin);
        Instant::ORIGIN.saturating_add(elapsed)
    }

    #[inline]
    fn wall(&self) -> Timestamp {
        let nanos = |duration: Duration| i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX);
        Timestamp::from_unix_nanos(match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => nanos(after),
            Err(before) => -nanos(before.duration()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_monotonic_clock_does_not_go_back() {
        let readings: Vec<Instant> = (0..1000).map(|_| System.now()).collect();
        assert!(readings.is_sorted());
        assert!(to_std(readings[0]) <= std::time::Instant::now());
        assert!(to_std(Instant::MAX) > std::time::Instant::now());
    }

    #[test]
    fn the_wall_clock_agrees_with_the_operating_system() {
        let seconds = |at: Timestamp| at.as_unix_nanos() / 1_000_000_000;
        let ours = System.wall();
        let theirs = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
        assert!((seconds(ours) - i128::from(theirs.as_secs())).abs() < 3600);
    }
}
