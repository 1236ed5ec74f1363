//! What is written is read as the same.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use retrip_core::breaker::{
    Backoff, BreakerConfig, CancelPolicy, Counting, Nested, PanicPolicy, Share, SlowCalls, Span,
    Timing, Window,
};
use std::time::Duration;

/// Any there is, above zero; often the longest and the shortest.
fn durations() -> impl Strategy<Value = Duration> {
    prop_oneof![
        1 => Just(Duration::MAX),
        1 => Just(Duration::from_nanos(1)),
        4 => (any::<u64>(), 1_u32..1_000_000_000).prop_map(|(s, nanos)| Duration::new(s, nanos)),
        4 => (1_u64..100_000_000).prop_map(Duration::from_millis),
    ]
}

fn shares() -> impl Strategy<Value = Share> {
    (1_u32..=1_000_000).prop_map(Share::per_million)
}

fn spans() -> impl Strategy<Value = Span> {
    prop_oneof![
        (1_u32..=Span::MOST_CALLS).prop_map(Span::Calls),
        (durations(), 1_u32..=Span::MOST_BUCKETS)
            .prop_map(|(bucket, buckets)| Span::Time { bucket, buckets }),
    ]
}

fn windows() -> impl Strategy<Value = Window> {
    let slow = (durations(), shares());
    let slow = slow.prop_map(|(slower_than, rate)| SlowCalls { slower_than, rate });
    let (failures, slow) = (proptest::option::of(shares()), proptest::option::of(slow));
    (spans(), any::<u32>(), failures, slow)
        .prop_map(|(span, minimum, failure_rate, slow_calls)| {
            let most = if let Span::Calls(calls) = span { calls } else { u32::MAX };
            Window { span, minimum_calls: minimum.clamp(1, most), failure_rate, slow_calls }
        })
        .prop_filter("a rate", |window| {
            window.failure_rate.is_some() || window.slow_calls.is_some()
        })
}

fn backoffs() -> impl Strategy<Value = Backoff> {
    prop_oneof![
        Just(Backoff::Constant),
        (2_u32.., durations())
            .prop_map(|(multiplier, max)| Backoff::Exponential { multiplier, max }),
    ]
}

fn configs() -> impl Strategy<Value = BreakerConfig> {
    let opens = (proptest::option::of(1_u32..), proptest::option::of(windows()));
    let interval = (durations(), backoffs(), shares(), durations());
    let trials = (1_u32.., any::<u32>(), any::<u32>());
    let limits = (proptest::option::of(durations()), proptest::option::of(durations()));
    let policies = (
        prop_oneof![Just(CancelPolicy::Ignored), Just(CancelPolicy::Failure)],
        prop_oneof![Just(PanicPolicy::Ignored), Just(PanicPolicy::Failure)],
        prop_oneof![Just(Timing::Decisions), Just(Timing::Calls)],
        prop_oneof![Just(Counting::Calls), Just(Counting::Rejections)],
        prop_oneof![Just(Nested::Twice), Just(Nested::Once)],
    );
    (opens, interval, trials, limits, policies)
        .prop_map(|(opens, interval, trials, limits, policies)| BreakerConfig {
            failure_threshold: opens.0,
            window: opens.1,
            open_for: interval.0,
            backoff: interval.1,
            jitter: interval.2,
            retry_after_max: interval.3,
            success_threshold: trials.0,
            tolerated_failures: trials.1,
            half_open_permits: trials.2.max(trials.0),
            half_open_for: limits.0,
            trial_lease: limits.1,
            cancelled: policies.0,
            panicked: policies.1,
            timing: policies.2,
            counting: policies.3,
            nested: policies.4,
        })
        .prop_filter("valid", |config| config.validate().is_ok())
}

#[test]
fn what_is_written_is_read_as_the_same() {
    let settings = Config { cases: 500, failure_persistence: None, ..Config::default() };
    let draws = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(settings, draws)
        .run(&configs(), |config| {
            let text = toml::to_string(&config).expect("all of it has a form");
            prop_assert_eq!(&toml::from_str::<BreakerConfig>(&text).expect(&text), &config);
            let text = serde_json::to_string(&config).expect("all of it has a form");
            prop_assert_eq!(&serde_json::from_str::<BreakerConfig>(&text).expect(&text), &config);
            Ok(())
        })
        .unwrap_or_else(|difference| panic!("{difference}"));
}
