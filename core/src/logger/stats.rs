//! The accounting: where every event went.

use std::collections::BTreeMap;
use std::fmt;
use std::io;

/// Where all events of a logger and its [children](super::Logger::child) went, exact whenever none is under way.
///
/// `offered = filtered + rate_limited + accepted` and `accepted = written + dropped + buffered`. Lines that the logger
/// writes of its own accord ([`EventType::LogDropped`](super::EventType::LogDropped)) are `announced` and counted nowhere
/// else; each has the last sequence number of what it tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Events that ended in a call of `log` or `try_log`, and [`notices`](Stats::notices).
    pub offered: u64,
    /// Below the threshold.
    pub filtered: u64,
    /// Held back by the [rate limit](super::RateLimit); zero in a logger without one.
    pub rate_limited: u64,
    /// Took a sequence number.
    pub accepted: u64,
    /// Are with the sink, as a whole line.
    pub written: u64,
    /// Took a sequence number and are lost, by cause.
    pub dropped: BTreeMap<DropCause, u64>,
    /// How many the fallback has taken as a whole line: of the dropped ones, and of those that waited for a sink which failed and may be
    /// written since.
    pub rescued: u64,
    /// Wait in memory, or are with the sink; zero where it is written to at once.
    pub buffered: u64,
    /// The most bytes that have waited in memory at a time, what is kept of each line beside its text included.
    pub most_buffered_bytes: u64,
    /// Announcements of lost events that were written.
    pub announced: u64,
    /// Events of the logger's own that tell how many the rate limit has held back. Each is offered and accepted as any event is.
    pub notices: u64,
    /// How often a file could not be put aside, opened anew, or removed once there were too many: nothing is lost by that.
    pub failed_rotations: u64,
    /// How often what was written could not be made durable.
    pub failed_syncs: u64,
    /// Values whose `Display` panicked.
    pub panicked_values: u64,
    /// What became of the lines in the sinks of [`also_to`](super::LoggerBuilder::also_to), in the order in which they were named. All other
    /// counts are of the main one.
    pub further: Vec<SinkStats>,
}

/// Where the accepted events went in one more sink of a logger.
///
/// Once nothing waits each of them is filtered, written or dropped here, but for those that came when the logger was
/// [closed](DropCause::Closed), which only the logger counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SinkStats {
    /// Below the level of the sink.
    pub filtered: u64,
    /// Are with the sink, as a whole line.
    pub written: u64,
    /// Are lost here, by cause: also what was lost before it could come to any sink.
    pub dropped: BTreeMap<DropCause, u64>,
    /// Announcements of that which were written here.
    pub announced: u64,
}

impl Stats {
    /// All lost events, whatever the cause.
    #[must_use]
    pub fn dropped_in_all(&self) -> u64 {
        self.dropped.values().sum()
    }

    /// Whether every event is accounted for once.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.offered == self.filtered + self.rate_limited + self.accepted
            && self.accepted == self.written + self.dropped_in_all() + self.buffered
    }
}

/// Why an accepted event is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DropCause {
    /// It came from a `Display` or a sink that the logger itself was running.
    Reentrant,
    /// There was no room for it in the queue.
    QueueFull,
    /// It is larger than the queue.
    Oversize,
    /// It still waited when the logger had to come to its end.
    Shutdown,
    /// It came after that: no announcement tells of it.
    Closed,
    /// The sink failed.
    SinkError(io::ErrorKind),
}

impl fmt::Display for DropCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reentrant => f.write_str("reentrant"),
            Self::QueueFull => f.write_str("queue_full"),
            Self::Oversize => f.write_str("oversize"),
            Self::Shutdown => f.write_str("shutdown"),
            Self::Closed => f.write_str("closed"),
            Self::SinkError(kind) => write!(f, "sink_error({kind:?})"),
        }
    }
}

/// Why an event has no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DropReason {
    /// Its level is below the threshold.
    #[error("the event is below the logger's threshold")]
    Filtered,
    /// There were too many of its kind.
    #[error("the event was held back by the logger's rate limit")]
    RateLimited,
    /// It was accepted and is lost.
    #[error("the event was dropped: {0}")]
    Dropped(DropCause),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_is_missing_or_counted_twice_anywhere_is_seen() {
        let dropped = [(DropCause::Reentrant, 16), (DropCause::Closed, 32)].into();
        let right = Stats {
            offered: 175,
            filtered: 1,
            rate_limited: 2,
            accepted: 172,
            written: 60,
            dropped,
            buffered: 64,
            ..Stats::default()
        };
        assert!(right.balances());
        assert_eq!(right.dropped_in_all(), 48);
        let changes: [fn(&mut Stats); 7] = [
            |stats| stats.offered += 1,
            |stats| stats.filtered += 1,
            |stats| stats.rate_limited += 1,
            |stats| stats.accepted += 1,
            |stats| stats.written += 1,
            |stats| stats.buffered += 1,
            |stats| stats.dropped.clear(),
        ];
        for change in changes {
            let mut stats = right.clone();
            change(&mut stats);
            assert!(!stats.balances(), "{stats:?}");
        }
    }
}
