//! The configurations that the swarms draw.

use crate::time::secs;
use retrip_core::breaker::{
    Backoff, BreakerConfig, CancelPolicy, PanicPolicy, Share, SlowCalls, Span, Window,
};
use retrip_sim::scenario::Draft;

/// A call that takes longer is slow.
pub(super) const SLOWER_THAN: std::time::Duration = secs(1);

/// A window of calls or of time, with a rate of failures, of slow calls, or both.
pub(super) fn window(s: &mut Draft<'_>) -> Window {
    let span = match s.draw("span", 0..=1) {
        0 => Span::Calls(s.draw("calls", 2..=5)),
        _ => Span::Time { bucket: secs(1), buckets: s.draw("buckets", 1..=4) },
    };
    let most = if let Span::Calls(calls) = span { calls } else { 3 };
    let minimum_calls = s.draw("minimum_calls", 1..=3).min(most);
    let percent = *[25, 50, 60, 100].get(s.draw("rate", 0..=3) as usize).expect("there are four");
    let rate = Share::percent(percent);
    let slow_calls = SlowCalls { slower_than: SLOWER_THAN, rate };
    let (failure_rate, slow_calls) = match s.draw("rates", 0..=2) {
        0 => (Some(rate), None),
        1 => (None, Some(slow_calls)),
        _ => (Some(rate), Some(slow_calls)),
    };
    Window { span, minimum_calls, failure_rate, slow_calls }
}

/// Every rule that a breaker can be told, and what calls without a result count as.
pub(super) fn everything(s: &mut Draft<'_>) -> BreakerConfig {
    let failure_threshold = s.draw("failure_threshold", 1..=3);
    let (failure_threshold, window) = match s.draw("rules", 0..=2) {
        0 => (Some(failure_threshold), None),
        1 => (None, Some(window(s))),
        _ => (Some(failure_threshold), Some(window(s))),
    };
    let open_for = s.draw_duration("open_for", secs(1)..=secs(5));
    let backoff = match s.draw("backoff", 0..=1) {
        0 => Backoff::Constant,
        _ => Backoff::Exponential { multiplier: 2, max: open_for * 5 },
    };
    let jitter = if s.draw("jitter", 0..=2) == 2 { Share::percent(20) } else { Share::NONE };
    let success_threshold = s.draw("success_threshold", 1..=2);
    let tolerated_failures = s.draw("tolerated_failures", 0..=1);
    let half_open_permits = success_threshold + s.draw("spare_permits", 0..=2);
    let half_open_for = match s.draw("half_open_for", 0..=6) {
        0 | 1 => None,
        seconds => Some(secs(seconds.into())),
    };
    let trial_lease = match s.draw("trial_lease", 0..=5) {
        0 | 1 => None,
        seconds => Some(secs(seconds.into())),
    };
    let cancelled = match s.draw("cancelled", 0..=1) {
        0 => CancelPolicy::Ignored,
        _ => CancelPolicy::Failure,
    };
    let panicked = match s.draw("panicked", 0..=1) {
        0 => PanicPolicy::Failure,
        _ => PanicPolicy::Ignored,
    };
    BreakerConfig {
        failure_threshold,
        window,
        open_for,
        backoff,
        jitter,
        retry_after_max: secs(8),
        success_threshold,
        tolerated_failures,
        half_open_permits,
        half_open_for,
        trial_lease,
        cancelled,
        panicked,
        ..BreakerConfig::default()
    }
}
