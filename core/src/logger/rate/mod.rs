//! The rate limit: how many events of a kind are logged in a time, and what becomes of the others.

mod limiter;

pub(super) use limiter::Limiter;

use super::value::{ToValue, Value};
use super::{Event, EventType, Level, Logger};
use crate::door::Platform;
use std::time::Duration;

/// How often events of one [kind](super::EventType) are let through, for
/// [`LoggerBuilder::rate_limit`](super::LoggerBuilder::rate_limit). Kinds do not take from each other.
///
/// Each kind has a bucket of so many tokens that fills up evenly; an event takes one, or is held back. It is a token bucket in the form of
/// the generic cell rate algorithm (ITU-T I.371), on the monotonic clock.
///
/// ```
/// use retrip_core::logger::{Level, Logger, MemorySink, RateLimit};
/// use std::time::Duration;
///
/// let sink = MemorySink::new();
/// let limit = RateLimit::of(2, Duration::from_secs(3600)).sparing(Level::Error);
/// let logger = Logger::named("llm").rate_limit(limit).to(sink.clone());
/// for _ in 0..5 {
///     logger.info("again and again");
/// }
/// logger.critical("this one matters");
/// assert_eq!(logger.stats().rate_limited, 3);
/// let lines = sink.lines();
/// assert!(lines[2].contains("this one matters"));
/// assert!(lines[3].contains(r#""count":3"#), "{}", lines[3]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RateLimit {
    events: u32,
    per: Duration,
    spared: Option<Level>,
}

impl RateLimit {
    /// At most `events` at once, and as many more as time goes on in each `per`, of which 292 years are the longest. With
    /// zero events all are held back, with a time of zero, or of less than a nanosecond for each of them, none.
    pub const fn of(events: u32, per: Duration) -> Self {
        Self { events, per, spared: None }
    }

    /// Events of `level` and above are let through in any case, and take no token.
    pub const fn sparing(self, level: Level) -> Self {
        Self { spared: Some(level), ..self }
    }

    /// The nanoseconds in which one token comes back; nothing where there is none.
    fn interval(self) -> Option<u64> {
        let longest = u64::MAX / 2;
        let per = u64::try_from(self.per.as_nanos()).map_or(longest, |nanos| nanos.min(longest));
        per.checked_div(self.events.into())
    }
}

/// Logs how many events were held back, where nobody has told of them yet. Where that is lost, it is told with the next try.
pub(super) fn tell_of_held_back<P: Platform>(logger: &Logger<P>) {
    let Some(limiter) = &logger.outlet().limiter else { return };
    if !limiter.owes() {
        return;
    }
    let Some(event) = Event::of_the_logger(logger, EventType::LogDropped) else { return };
    let Some(untold) = limiter.take_untold(logger.platform()) else { return };
    let by_cause = [("rate_limited", untold.count.to_value())];
    let told = event
        .message("events were held back by the rate limit")
        .field("count", untold.count)
        .field("by_cause", Value::Map(&by_cause))
        .field("first_time", Value::Display(&untold.times.0))
        .field("last_time", Value::Display(&untold.times.1))
        .try_log_past_limits();
    if told.is_err() {
        limiter.put_back(untold);
    }
}
