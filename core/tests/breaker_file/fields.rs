//! Each field in its form.

use retrip_core::breaker::{
    Backoff, BreakerConfig, CancelPolicy, Counting, Nested, PanicPolicy, Share, SlowCalls, Span,
    Timing, Window,
};
use std::collections::BTreeMap;
use std::time::Duration;

fn usual() -> BreakerConfig {
    BreakerConfig::default()
}

fn read(text: &str) -> BreakerConfig {
    toml::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn what_is_left_out_has_its_default() {
    assert_eq!(read(""), usual());
    assert_eq!(serde_json::from_str::<BreakerConfig>("{}").ok(), Some(usual()));
    let window = Window::over(Span::Calls(10));
    assert_eq!(read("window.span.calls = 10"), BreakerConfig { window: Some(window), ..usual() });
}

#[test]
fn each_field_is_read_and_no_other_is_changed() {
    let secs = Duration::from_secs;
    let exponential = Backoff::Exponential { multiplier: 3, max: secs(7200) };
    for (text, config) in [
        ("failure_threshold = 7", BreakerConfig { failure_threshold: Some(7), ..usual() }),
        ("open_for = '1m 30s'", BreakerConfig { open_for: secs(90), ..usual() }),
        ("backoff = 'constant'", usual()),
        ("backoff = {multiplier=3, max='2h'}", BreakerConfig { backoff: exponential, ..usual() }),
        ("jitter = '12.5%'", BreakerConfig { jitter: Share::per_million(125_000), ..usual() }),
        ("retry_after_max = '0s'", BreakerConfig { retry_after_max: secs(0), ..usual() }),
        ("success_threshold = 1", BreakerConfig { success_threshold: 1, ..usual() }),
        ("tolerated_failures = 9", BreakerConfig { tolerated_failures: 9, ..usual() }),
        ("half_open_permits = 9", BreakerConfig { half_open_permits: 9, ..usual() }),
        ("half_open_for = '9s'", BreakerConfig { half_open_for: Some(secs(9)), ..usual() }),
        ("half_open_for = 'none'", usual()),
        ("trial_lease = '1day'", BreakerConfig { trial_lease: Some(secs(86_400)), ..usual() }),
        ("trial_lease = 'none'", BreakerConfig { trial_lease: None, ..usual() }),
        ("cancelled = 'failure'", BreakerConfig { cancelled: CancelPolicy::Failure, ..usual() }),
        ("cancelled = 'ignored'", usual()),
        ("panicked = 'ignored'", BreakerConfig { panicked: PanicPolicy::Ignored, ..usual() }),
        ("panicked = 'failure'", usual()),
        ("timing = 'calls'", BreakerConfig { timing: Timing::Calls, ..usual() }),
        ("timing = 'decisions'", usual()),
        ("counting = 'rejections'", BreakerConfig { counting: Counting::Rejections, ..usual() }),
        ("counting = 'calls'", usual()),
        ("nested = 'once'", BreakerConfig { nested: Nested::Once, ..usual() }),
        ("nested = 'twice'", usual()),
        ("window = 'none'", usual()),
    ] {
        assert_eq!(read(text), config, "{text}");
    }
}

#[test]
fn each_field_of_a_window_is_read_and_no_other_is_changed() {
    let (second, calls) = (Duration::from_secs(1), Window::over(Span::Calls(20)));
    let time = Window::over(Span::Time { bucket: second, buckets: 60 });
    let slow = SlowCalls { slower_than: Duration::from_millis(250), rate: Share::percent(80) };
    for (text, window) in [
        ("span = {bucket='1s', buckets=60}", time),
        ("span.calls = 20\nminimum_calls = 1", Window { minimum_calls: 1, ..calls }),
        (
            "span.calls = 20\nfailure_rate = '1%'",
            Window { failure_rate: Some(Share::percent(1)), ..calls },
        ),
        (
            "span.calls = 20\nslow_calls = {slower_than='250ms', rate='80%'}",
            Window { slow_calls: Some(slow), ..calls },
        ),
        (
            "span.calls = 20\nfailure_rate = 'none'\nslow_calls = {slower_than='250ms', rate='80%'}",
            { Window { failure_rate: None, slow_calls: Some(slow), ..calls } },
        ),
    ] {
        let window = BreakerConfig { window: Some(window), ..usual() };
        assert_eq!(read(&format!("[window]\n{text}")), window, "{text}");
    }
}

#[test]
fn a_file_can_have_many_by_name() {
    let text = "[llm]\nopen_for = '9s'\n[db]\n[db.window]\nspan.calls = 20\n";
    let breakers: BTreeMap<String, BreakerConfig> = toml::from_str(text).expect("two");
    let window = Some(Window::over(Span::Calls(20)));
    assert_eq!(breakers["llm"], BreakerConfig { open_for: Duration::from_secs(9), ..usual() });
    assert_eq!(breakers["db"], BreakerConfig { window, ..usual() });
}

#[test]
fn null_is_none() {
    let text = r#"{"failure_threshold": null, "window": {"span": {"calls": 10}}, "trial_lease": null,
        "half_open_for": null}"#;
    let config = BreakerConfig {
        failure_threshold: None,
        window: Some(Window::over(Span::Calls(10))),
        trial_lease: None,
        half_open_for: None,
        ..usual()
    };
    assert_eq!(serde_json::from_str::<BreakerConfig>(text).ok(), Some(config));
}

#[test]
fn the_whole_configuration_is_written() {
    let written = toml::to_string(&usual()).expect("all of it has a form");
    assert_eq!(
        written,
        r#"failure_threshold = 5
window = "none"
open_for = "1m"
backoff = "constant"
jitter = "0%"
retry_after_max = "5m"
success_threshold = 2
tolerated_failures = 0
half_open_permits = 2
half_open_for = "none"
trial_lease = "1m"
cancelled = "ignored"
panicked = "failure"
timing = "decisions"
counting = "calls"
nested = "twice"
"#
    );
    let config = BreakerConfig {
        window: Some(Window {
            slow_calls: Some(SlowCalls {
                slower_than: Duration::from_millis(1500),
                rate: Share::percent(80),
            }),
            ..Window::over(Span::Time { bucket: Duration::from_secs(1), buckets: 10 })
        }),
        backoff: Backoff::Exponential { multiplier: 2, max: Duration::from_secs(3600) },
        ..usual()
    };
    let written = serde_json::to_value(&config).expect("all of it has a form");
    assert_eq!(
        written["window"].to_string(),
        r#"{"failure_rate":"50%","minimum_calls":10,"slow_calls":{"rate":"80%","slower_than":"1s 500ms"},"span":{"bucket":"1s","buckets":10}}"#
    );
    assert_eq!(written["backoff"].to_string(), r#"{"max":"1h","multiplier":2}"#);
}
