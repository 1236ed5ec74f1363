//! What the log says of a guarded backend, wherever it is.

use crate::log::{Name, Value, What};
use retrip_core::breaker::{State, Stats};
use retrip_core::door::Instant;
use std::time::Duration;

/// What a backend does with a call.
pub(super) fn serves() -> Name {
    "serves".into()
}

/// The state in words, and what the time of its last change is the time of. Once the interval of an open breaker is over it
/// is half-open for whoever calls, and is still the breaker that opened then.
fn state(stats: &Stats) -> (Value, &'static str) {
    let now = &stats.state;
    let (words, since) = match (stats.entered, stats.state) {
        (State::Open, State::HalfOpen) => (format!("{now} to the next call"), "open since"),
        _ => (now.to_string(), "since"),
    };
    (Value::Text(words.into()), since)
}

/// The statistics as an event, every value by name.
pub(super) fn reading(stats: &Stats) -> What {
    let int = |value: u64| Value::Int(i64::try_from(value).expect("a run makes few calls"));
    let at = |value: Option<Instant>| value.map_or(Value::Text("never".into()), Value::Instant);
    let latencies = &stats.latencies;
    let sum = u64::try_from(latencies.sum_nanos()).unwrap_or(u64::MAX);
    let (state, since) = state(stats);
    let fields = [
        ("", state),
        (since, Value::Instant(stats.since)),
        ("success", int(stats.success)),
        ("failure", int(stats.failure)),
        ("ignored", int(stats.ignored)),
        ("rejected", int(stats.rejected)),
        ("late", int(stats.stale)),
        ("in flight", int(stats.in_flight)),
        ("successes in a row", int(stats.consecutive_successes)),
        ("failures in a row", int(stats.consecutive_failures)),
        ("transitions", int(stats.transitions)),
        ("last success", at(stats.last_success)),
        ("last failure", at(stats.last_failure)),
        ("latencies", int(latencies.len() as u64)),
        ("together", Value::Duration(Duration::from_nanos(sum))),
    ];
    let fields = fields.map(|(name, value)| (Name::from(name), value)).to_vec();
    What::Note { verb: "is read".into(), fields }
}
