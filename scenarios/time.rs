//! Durations as scenarios say them.

use std::time::Duration;

/// One nanosecond: the distance to the other side of a boundary.
pub(crate) const NANOSECOND: Duration = Duration::from_nanos(1);

/// So many milliseconds.
pub(crate) const fn millis(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// So many seconds.
pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// So many hours.
pub(crate) const fn hours(hours: u64) -> Duration {
    Duration::from_secs(3600 * hours)
}

/// So many days.
pub(crate) const fn days(days: u64) -> Duration {
    hours(24 * days)
}
