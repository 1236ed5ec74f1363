//! What is said of a mistake: where it is, and what would be right.

use retrip_core::breaker::BreakerConfig;

/// What is said of a text of JSON, without the place that JSON adds.
fn said(text: &str) -> String {
    let error = serde_json::from_str::<BreakerConfig>(text).expect_err(text).to_string();
    let place = error.rfind(" at line ").unwrap_or(error.len());
    error[..place].to_owned()
}

#[test]
fn a_value_that_a_field_cannot_have() {
    let duration = r#"to be a duration such as "1m 30s" or "250ms""#;
    let share = r#"to be a share such as "50%" or "0.5%", with up to four decimals"#;
    let count = "to be a whole number from 0 to 4294967295";
    for (text, found, wanted) in [
        (
            r#"{"failure_threshold": "five"}"#,
            r#"value: string "five""#,
            format!("`failure_threshold` {count}, or \"none\""),
        ),
        (
            r#"{"failure_threshold": -1}"#,
            "value: integer `-1`",
            format!("`failure_threshold` {count}, or \"none\""),
        ),
        (
            r#"{"success_threshold": 4294967296}"#,
            "value: integer `4294967296`",
            format!("`success_threshold` {count}"),
        ),
        (
            r#"{"success_threshold": "none"}"#,
            r#"value: string "none""#,
            format!("`success_threshold` {count}"),
        ),
        (
            r#"{"half_open_permits": 2.5}"#,
            "type: floating point `2.5`",
            format!("`half_open_permits` {count}"),
        ),
        (r#"{"half_open_permits": null}"#, "value: null", format!("`half_open_permits` {count}")),
        (r#"{"open_for": "30"}"#, r#"value: string "30""#, format!("`open_for` {duration}")),
        (
            r#"{"open_for": "30 apples"}"#,
            r#"value: string "30 apples""#,
            format!("`open_for` {duration}"),
        ),
        (r#"{"open_for": true}"#, "type: boolean `true`", format!("`open_for` {duration}")),
        (
            r#"{"trial_lease": 60}"#,
            "value: integer `60`",
            format!("`trial_lease` {duration}, or \"none\""),
        ),
        (r#"{"jitter": "half"}"#, r#"value: string "half""#, format!("`jitter` {share}")),
        (r#"{"jitter": 0.5}"#, "type: floating point `0.5`", format!("`jitter` {share}")),
        (r#"{"jitter": {}}"#, "type: map", format!("`jitter` {share}")),
        (r#"{"cancelled": "ignore"}"#, r#"value: string "ignore""#, {
            r#"`cancelled` to be "ignored" or "failure""#.to_owned()
        }),
        (r#"{"panicked": []}"#, "type: sequence", {
            r#"`panicked` to be "failure" or "ignored""#.to_owned()
        }),
        (r#"{"timing": "all"}"#, r#"value: string "all""#, {
            r#"`timing` to be "decisions" or "calls""#.to_owned()
        }),
        (r#"{"counting": "none"}"#, r#"value: string "none""#, {
            r#"`counting` to be "calls" or "rejections""#.to_owned()
        }),
        (r#"{"nested": true}"#, "type: boolean `true`", {
            r#"`nested` to be "twice" or "once""#.to_owned()
        }),
        (r#"{"backoff": "exponential"}"#, r#"value: string "exponential""#, {
            r#"`backoff` to be "constant", or a table of `multiplier` and `max`"#.to_owned()
        }),
        (
            r#"{"backoff": {"multiplier": 2, "max": 60}}"#,
            "value: integer `60`",
            format!("`backoff.max` {duration}"),
        ),
        (r#"{"window": 100}"#, "value: integer `100`", {
            "`window` to be a table of `span`, `minimum_calls`, `failure_rate` and `slow_calls`, or \"none\""
                .to_owned()
        }),
        (
            r#"{"window": {"minimum_calls": "ten"}}"#,
            r#"value: string "ten""#,
            format!("`window.minimum_calls` {count}"),
        ),
        (
            r#"{"window": {"failure_rate": "200%"}}"#,
            r#"value: string "200%""#,
            format!("`window.failure_rate` {share}, or \"none\""),
        ),
        (
            r#"{"window": {"span": {"calls": "all"}}}"#,
            r#"value: string "all""#,
            format!("`window.span.calls` {count}"),
        ),
        (r#"{"window": {"span": {"calls": 9, "buckets": 9}}}"#, "value: map", {
            "`window.span` to be a table of `calls`, or of `bucket` and `buckets`".to_owned()
        }),
        (r#"{"window": {"span": {}}}"#, "value: map", {
            "`window.span` to be a table of `calls`, or of `bucket` and `buckets`".to_owned()
        }),
        (
            r#"{"window": {"slow_calls": {"rate": 1}}}"#,
            "value: integer `1`",
            format!("`window.slow_calls.rate` {share}"),
        ),
    ] {
        assert_eq!(said(text), format!("invalid {found}, expected {wanted}"));
    }
}

#[test]
fn a_field_that_is_missing_unknown_or_there_twice() {
    let duration = r#"to be a duration such as "1m 30s" or "250ms""#;
    for (text, wanted) in [
        (r#"{"window": {}}"#, {
            "missing field, expected `window.span` to be a table of `calls`, or of `bucket` and `buckets`".to_owned()
        }),
        (r#"{"window": {"span": {"bucket": "1s"}}}"#, {
            "missing field, expected `window.span.buckets` to be a whole number from 0 to 4294967295".to_owned()
        }),
        (
            r#"{"window": {"span": {"buckets": 1}}}"#,
            format!("missing field, expected `window.span.bucket` {duration}"),
        ),
        (
            r#"{"window": {"slow_calls": {"rate": "80%"}}}"#,
            format!("missing field, expected `window.slow_calls.slower_than` {duration}"),
        ),
        (r#"{"window": {"slow_calls": {"slower_than": "1s"}}}"#, {
            "missing field, expected `window.slow_calls.rate` to be a share such as \"50%\" or \"0.5%\", with up to four decimals".to_owned()
        }),
        (
            r#"{"backoff": {"multiplier": 2}}"#,
            format!("missing field, expected `backoff.max` {duration}"),
        ),
        (r#"{"backoff": {"max": "1h"}}"#, {
            "missing field, expected `backoff.multiplier` to be a whole number from 0 to 4294967295"
                .to_owned()
        }),
        (r#"{"open_fur": "1s"}"#, {
            "unknown field `open_fur`, expected one of `failure_threshold`, `window`, `open_for`, `backoff`, `jitter`, \
             `retry_after_max`, `success_threshold`, `tolerated_failures`, `half_open_permits`, `half_open_for`, \
             `trial_lease`, `cancelled`, `panicked`, `timing`, `counting`, `nested`".to_owned()
        }),
        (r#"{"window": {"minimum": 1}}"#, {
            "unknown field `window.minimum`, expected one of `span`, `minimum_calls`, `failure_rate`, `slow_calls`".to_owned()
        }),
        (r#"{"backoff": {"base": 2}}"#, {
            "unknown field `backoff.base`, expected `multiplier` or `max`".to_owned()
        }),
        (r#"{"window": {"minimum_calls": 1, "minimum_calls": 2}}"#, {
            "duplicate field `window.minimum_calls`".to_owned()
        }),
        ("5", "invalid type: integer `5`, expected the configuration of a breaker".to_owned()),
    ] {
        assert_eq!(said(text), wanted);
    }
}

#[test]
fn a_configuration_that_cannot_work() {
    for (text, wanted) in [
        (r#"{"failure_threshold": 0}"#, "failure_threshold is 0; it must be at least 1"),
        (r#"{"failure_threshold": "none"}"#, {
            "failure_threshold is none and so is window; one of them must open the breaker"
        }),
        (r#"{"open_for": "0s"}"#, "open_for is zero; it must be at least one nanosecond"),
        (r#"{"half_open_permits": 1}"#, {
            "half_open_permits is 1; it must be at least success_threshold, 2, or the breaker could never close again"
        }),
        (r#"{"window": {"span": {"calls": 5}}}"#, {
            "window.minimum_calls is 10; it must be at most the calls of window.span, 5"
        }),
        (r#"{"window": {"span": {"calls": 10}, "failure_rate": "none"}}"#, {
            "window.failure_rate is none and so is window.slow_calls; one of them must be set"
        }),
        (r#"{"backoff": {"multiplier": 2, "max": "30s"}}"#, {
            "backoff.max is 30s; it must be at least open_for, 60s"
        }),
    ] {
        assert_eq!(said(text), wanted);
    }
}

#[test]
fn a_file_of_toml_shows_the_place() {
    let said = |text| toml::from_str::<BreakerConfig>(text).expect_err(text).to_string();
    assert_eq!(
        said("open_for = '1s'\n[window]\nspan.calls = 20\nminimum_calls = 'all'\n"),
        r#"TOML parse error at line 4, column 17
  |
4 | minimum_calls = 'all'
  |                 ^^^^^
invalid value: string "all", expected `window.minimum_calls` to be a whole number from 0 to 4294967295
"#
    );
    assert_eq!(
        said("open_for = '1s'\nwindow.span.calls = 20\nwindow.minimum = 5\n"),
        r#"TOML parse error at line 3, column 8
  |
3 | window.minimum = 5
  |        ^^^^^^^
unknown field `window.minimum`, expected one of `span`, `minimum_calls`, `failure_rate`, `slow_calls`
"#
    );
    assert_eq!(
        said("open_for = '1s'\n[window]\nspan.calls = 5\n"),
        "TOML parse error at line 2, column 1
  |
2 | [window]
  | ^^^^^^^^
window.minimum_calls is 10; it must be at most the calls of window.span, 5
"
    );
}
