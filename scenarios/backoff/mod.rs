//! How long to wait before the next try: twice as long each time, up to a longest wait, and part of it drawn.

pub(crate) mod promise;

use retrip_core::door::{Plant, Random, Rules, Stream};
use retrip_sim::engine::hosts::Host;
use retrip_sim::log::{Event, Name, Value, What};
use std::num::NonZeroU64;
use std::time::Duration;

/// Every wait is as long as the first one.
pub(crate) const BACKOFF_NEVER_GROWS: Plant = Plant::named("backoff_never_grows");
/// The wait is shifted by the number of the try in 32 bits, where the 33rd is the first one again.
pub(crate) const BACKOFF_SHIFT_WRAPS: Plant = Plant::named("backoff_shift_wraps");

/// What is drawn of each wait.
const JITTER: Stream = Stream::named("backoff.jitter");

/// Waits that double.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    /// The longest wait after the first failed try.
    pub(crate) first: Duration,
    /// The longest one after any.
    pub(crate) longest: Duration,
}

impl Backoff {
    /// The longest wait after so many failed tries, at least one.
    pub(crate) fn full(self, failed: u32) -> Duration {
        let doubled = 2_u32.checked_pow(failed - 1).and_then(|by| self.first.checked_mul(by));
        doubled.map_or(self.longest, |wait| wait.min(self.longest))
    }

    /// The wait after so many failed tries, which the log is told: at least half of the longest. What is drawn keeps those apart who
    /// failed together.
    #[track_caller]
    pub(crate) fn begins(self, host: &Host, failed: u32) -> Duration {
        let full = if host.broken_by(BACKOFF_NEVER_GROWS) {
            self.first
        } else if host.broken_by(BACKOFF_SHIFT_WRAPS) {
            self.longest.min(self.first * 1_u32.wrapping_shl(failed - 1))
        } else {
            self.full(failed)
        };
        let half = full / 2;
        let rest = u64::try_from((full - half).as_nanos()).expect("a wait is a few days at most");
        let drawn = host.draw(JITTER, NonZeroU64::MIN.saturating_add(rest));
        let wait = half + Duration::from_nanos(drawn);
        let fields = [("for", Value::Duration(wait)), ("after try", Value::Int(failed.into()))];
        let fields = fields.map(|(name, value)| (Name::from(name), value)).to_vec();
        host.record(&host.name(), What::Note { verb: Name::from("backs off"), fields });
        wait
    }
}

/// After how many failed tries somebody waits, and for how long, where `event` tells that.
fn told(event: &Event) -> Option<(u32, Duration)> {
    let What::Note { verb, fields } = &event.what else { return None };
    match (&**verb, &fields[..]) {
        ("backs off", [(_, Value::Duration(wait)), (_, Value::Int(failed))]) => {
            Some((u32::try_from(*failed).expect("it was written down as a u32"), *wait))
        }
        _ => None,
    }
}
