//! What is drawn: configurations, and what happens to a breaker. Plain data, so that a failing case can be read.
//!
//! Times are single nanoseconds, so that both sides of each boundary come up often.

use proptest::option;
use proptest::prelude::*;
use retrip_core::breaker::{
    Backoff, BreakerConfig, CancelPolicy, Counting, PanicPolicy, Share, SlowCalls, Span, Window,
};
use std::time::Duration;

/// One step of a test.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Advance(u64),
    WallJumps(i64),
    Admit,
    /// The call in flight at this place (modulo their number) ends.
    End(usize, Ending),
    Refresh,
    ForceOpen,
    Isolate(u64),
    Disable,
    Measure,
    Lift,
    Reset,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    Success,
    /// A success that asks for so much time.
    SuccessFor(u64),
    Failure,
    /// A failure that asks for so much time.
    FailureFor(u64),
    Ignored,
    Cancelled,
    Panicked,
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let ending = prop_oneof![
        7 => Just(Ending::Success),
        1 => (0_u64..30).prop_map(Ending::SuccessFor),
        9 => Just(Ending::Failure),
        2 => (0_u64..30).prop_map(Ending::FailureFor),
        2 => Just(Ending::Ignored),
        2 => Just(Ending::Cancelled),
        2 => Just(Ending::Panicked),
    ];
    let by_hand = prop_oneof![
        Just(Step::ForceOpen),
        (0_u64..12).prop_map(Step::Isolate),
        Just(Step::Disable),
        Just(Step::Measure),
    ];
    let step = prop_oneof![
        8 => (0_u64..8).prop_map(Step::Advance),
        1 => (8_u64..100).prop_map(Step::Advance),
        1 => (-20_i64..20).prop_map(Step::WallJumps),
        16 => Just(Step::Admit),
        16 => (any::<usize>(), ending).prop_map(|(place, ending)| Step::End(place, ending)),
        2 => Just(Step::Refresh),
        1 => by_hand,
        1 => Just(Step::Lift),
        1 => Just(Step::Reset),
    ];
    proptest::collection::vec(step, 1..120)
}

fn nanos(range: std::ops::Range<u64>) -> impl Strategy<Value = Duration> {
    range.prop_map(Duration::from_nanos)
}

fn share() -> impl Strategy<Value = Share> {
    prop_oneof![
        (1_u32..=100).prop_map(Share::percent),
        Just(Share::percent(50)),
        Just(Share::ALL),
        Just(Share::per_million(333_333)),
        Just(Share::per_million(1)),
    ]
}

fn window() -> impl Strategy<Value = Window> {
    let span = prop_oneof![
        (1_u32..8).prop_map(Span::Calls),
        (nanos(1..6), 1_u32..6).prop_map(|(bucket, buckets)| Span::Time { bucket, buckets }),
    ];
    let slow =
        (nanos(1..6), share()).prop_map(|(slower_than, rate)| SlowCalls { slower_than, rate });
    (span, 1_u32..6, option::of(share()), option::of(slow)).prop_map(
        |(span, minimum_calls, failure_rate, slow_calls)| {
            let most = if let Span::Calls(calls) = span { calls } else { minimum_calls };
            let minimum_calls = minimum_calls.min(most);
            let one = slow_calls.is_none().then(|| Share::percent(50));
            let failure_rate = failure_rate.or(one);
            Window { span, minimum_calls, failure_rate, slow_calls }
        },
    )
}

fn backoff() -> impl Strategy<Value = Backoff> {
    let exponential = (2_u32..4, nanos(10..40));
    prop_oneof![
        Just(Backoff::Constant),
        exponential.prop_map(|(multiplier, max)| Backoff::Exponential { multiplier, max }),
    ]
}

/// Jitter comes without a limit on half-open periods: how long an opening lasts that nobody has noticed yet, only the
/// machine knows.
fn opening() -> impl Strategy<Value = (Duration, Backoff, Share, Duration, Option<Duration>)> {
    let end = prop_oneof![
        2 => Just((Share::NONE, None)),
        2 => nanos(1..30).prop_map(|longest| (Share::NONE, Some(longest))),
        1 => share().prop_map(|jitter| (jitter, None)),
    ];
    let asked = prop_oneof![Just(Duration::ZERO), nanos(1..20)];
    (nanos(1..10), backoff(), asked, end).prop_map(
        |(open_for, backoff, asked, (jitter, longest))| (open_for, backoff, jitter, asked, longest),
    )
}

pub(crate) fn config() -> impl Strategy<Value = BreakerConfig> {
    let cancelled = prop_oneof![Just(CancelPolicy::Ignored), Just(CancelPolicy::Failure)];
    let panicked = prop_oneof![Just(PanicPolicy::Failure), Just(PanicPolicy::Ignored)];
    let trips = (option::weighted(0.7, 1_u32..4), option::of(window()));
    let trials = (1_u32..4, 0_u32..3, 0_u32..3, option::of(nanos(1..30)));
    let counting = prop_oneof![7 => Just(Counting::Calls), 1 => Just(Counting::Rejections)];
    let kinds = (cancelled, panicked, counting);
    (trips, opening(), trials, kinds).prop_map(
        |(
            (failures, window),
            opening,
            (successes, tolerated, spare, lease),
            (cancelled, panicked, counting),
        )| {
            let (open_for, backoff, jitter, retry_after_max, half_open_for) = opening;
            BreakerConfig {
                failure_threshold: failures.or(window.is_none().then_some(1)),
                window,
                open_for,
                backoff,
                jitter,
                retry_after_max,
                success_threshold: successes,
                tolerated_failures: tolerated,
                half_open_permits: successes + spare,
                half_open_for,
                trial_lease: lease,
                cancelled,
                panicked,
                counting,
                ..BreakerConfig::default()
            }
        },
    )
}
