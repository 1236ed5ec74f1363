//! Which configurations are refused, and by which name.

use super::*;

fn usual() -> BreakerConfig {
    BreakerConfig::default()
}

fn with_window(window: Window) -> BreakerConfig {
    BreakerConfig { window: Some(window), ..usual() }
}

fn of_calls() -> Window {
    Window::over(Span::Calls(10))
}

fn of_time() -> Window {
    Window::over(Span::Time { bucket: Duration::from_secs(1), buckets: 10 })
}

#[test]
fn an_impossible_configuration_is_refused_with_the_name_of_its_field() {
    let exponential = |multiplier, max| Backoff::Exponential { multiplier, max };
    let slow = |rate| Some(SlowCalls { slower_than: Duration::from_nanos(1), rate });
    let at_once = SlowCalls { slower_than: Duration::ZERO, rate: Share::percent(50) };
    let span = |span| Window { span, ..of_time() };
    let time = |bucket, buckets| span(Span::Time { bucket, buckets });
    let second = Duration::from_secs(1);
    for (config, field) in [
        (BreakerConfig { failure_threshold: Some(0), ..usual() }, "failure_threshold"),
        (BreakerConfig { failure_threshold: None, ..usual() }, "failure_threshold"),
        (with_window(span(Span::Calls(0))), "window.span"),
        (with_window(span(Span::Calls(Span::MOST_CALLS + 1))), "window.span"),
        (with_window(time(Duration::ZERO, 1)), "window.span"),
        (with_window(time(second, 0)), "window.span"),
        (with_window(time(second, Span::MOST_BUCKETS + 1)), "window.span"),
        (with_window(Window { minimum_calls: 0, ..of_time() }), "window.minimum_calls"),
        (with_window(Window { minimum_calls: 11, ..of_calls() }), "window.minimum_calls"),
        (with_window(Window { failure_rate: None, ..of_calls() }), "window.failure_rate"),
        (
            with_window(Window { failure_rate: Some(Share::NONE), ..of_calls() }),
            "window.failure_rate",
        ),
        (with_window(Window { slow_calls: slow(Share::NONE), ..of_calls() }), "window.slow_calls"),
        (with_window(Window { slow_calls: Some(at_once), ..of_calls() }), "window.slow_calls"),
        (BreakerConfig { open_for: Duration::ZERO, ..usual() }, "open_for"),
        (BreakerConfig { backoff: exponential(1, Duration::MAX), ..usual() }, "backoff.multiplier"),
        (BreakerConfig { backoff: exponential(2, second), ..usual() }, "backoff.max"),
        (BreakerConfig { success_threshold: 0, ..usual() }, "success_threshold"),
        (BreakerConfig { half_open_permits: 0, ..usual() }, "half_open_permits"),
        (BreakerConfig { half_open_permits: 1, ..usual() }, "half_open_permits"),
        (BreakerConfig { half_open_for: Some(Duration::ZERO), ..usual() }, "half_open_for"),
        (BreakerConfig { trial_lease: Some(Duration::ZERO), ..usual() }, "trial_lease"),
    ] {
        let error = config.validate().expect_err("the value is out of range");
        assert_eq!(error.field(), field);
        assert!(error.to_string().starts_with(field), "{error}");
    }
}

#[test]
fn the_smallest_and_the_largest_values_are_accepted() {
    let nanosecond = Duration::from_nanos(1);
    let smallest = BreakerConfig {
        failure_threshold: Some(1),
        window: Some(Window {
            span: Span::Calls(1),
            minimum_calls: 1,
            failure_rate: Some(Share::per_million(1)),
            slow_calls: Some(SlowCalls { slower_than: nanosecond, rate: Share::per_million(1) }),
        }),
        open_for: nanosecond,
        backoff: Backoff::Exponential { multiplier: 2, max: nanosecond },
        jitter: Share::NONE,
        retry_after_max: Duration::ZERO,
        success_threshold: 1,
        tolerated_failures: 0,
        half_open_permits: 1,
        half_open_for: Some(nanosecond),
        trial_lease: Some(nanosecond),
        ..usual()
    };
    assert_eq!(smallest.validate(), Ok(()));
    let largest = BreakerConfig {
        failure_threshold: None,
        window: Some(Window {
            minimum_calls: u32::MAX,
            ..Window::over(Span::Time { bucket: Duration::MAX, buckets: Span::MOST_BUCKETS })
        }),
        open_for: Duration::MAX,
        backoff: Backoff::Exponential { multiplier: u32::MAX, max: Duration::MAX },
        jitter: Share::ALL,
        ..usual()
    };
    assert_eq!(largest.validate(), Ok(()));
}

#[test]
fn a_difference_is_named_by_its_first_field() {
    assert_eq!(usual().first_difference(&usual()), None);
    let second = Duration::from_secs(1);
    for (other, field) in [
        (BreakerConfig { failure_threshold: None, ..usual() }, "failure_threshold"),
        (with_window(of_calls()), "window"),
        (BreakerConfig { open_for: second, jitter: Share::ALL, ..usual() }, "open_for"),
        (
            BreakerConfig {
                backoff: Backoff::Exponential { multiplier: 2, max: second },
                ..usual()
            },
            "backoff",
        ),
        (BreakerConfig { jitter: Share::ALL, ..usual() }, "jitter"),
        (BreakerConfig { retry_after_max: second, ..usual() }, "retry_after_max"),
        (BreakerConfig { success_threshold: 1, ..usual() }, "success_threshold"),
        (BreakerConfig { tolerated_failures: 1, ..usual() }, "tolerated_failures"),
        (BreakerConfig { half_open_permits: 3, ..usual() }, "half_open_permits"),
        (BreakerConfig { half_open_for: Some(second), ..usual() }, "half_open_for"),
        (BreakerConfig { trial_lease: None, ..usual() }, "trial_lease"),
        (BreakerConfig { cancelled: CancelPolicy::Failure, ..usual() }, "cancelled"),
        (BreakerConfig { panicked: PanicPolicy::Ignored, ..usual() }, "panicked"),
        (BreakerConfig { timing: Timing::Calls, ..usual() }, "timing"),
        (BreakerConfig { counting: Counting::Rejections, ..usual() }, "counting"),
        (BreakerConfig { nested: Nested::Once, ..usual() }, "nested"),
    ] {
        assert_eq!(usual().first_difference(&other), Some(field));
    }
}
