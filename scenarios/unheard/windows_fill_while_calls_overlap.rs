//! Callers fill the window of a breaker at the same time, and do all else that can be done to it, and nobody listens.
//!
//! Such a breaker lets calls pass without its lock and takes it for each result, for no longer than it takes to count it. What it has
//! counted there may have to open it, and what a caller began in an earlier generation must not count.

use super::breaker::Unheard;
use super::callers::Calls;
use super::{callers, ending, promise};
use crate::stalls::hold_some;
use crate::time::{millis, secs};
use retrip_core::breaker::{
    BreakerConfig, Counting, Share, SlowCalls, Span, Timing, Window, plants,
};
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::{Draft, Scenario};
use retrip_sim::stream::Generator;
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "callers fill a window at once, and nobody listens to the breaker";
    Scenario::new("windows_fill_while_calls_overlap", about, |s| {
        let success_threshold = s.draw("success_threshold", 1..=2);
        let spare_permits = s.draw("spare_permits", 0..=1);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(10));
        let mut rules = s.generator("rules");
        let config = BreakerConfig {
            failure_threshold: *rules.pick(&[None, None, Some(2), Some(3), Some(4)]),
            window: Some(window(open_for, &mut rules)),
            timing: *rules.pick(&[Timing::Decisions, Timing::Calls]),
            counting: *rules.pick(&[Counting::Calls, Counting::Calls, Counting::Rejections]),
            success_threshold,
            half_open_permits: success_threshold + spare_permits,
            open_for,
            trial_lease: None,
            ..BreakerConfig::default()
        };
        s.part(Unheard::of(&config));

        let names = callers::do_anything(s, open_for, 12, Calls::TakeTime);
        hold_some(s, &names, open_for * 4, open_for * 2);
        bend_the_clock(s, open_for);
        ending::ends(s, callers::LABELS, &config);
        s.sometimes(promise::somebody_ends_late());
        s.sometimes(promise::somebody_tries());
        s.sometimes(promise::somebody_is_rejected_for_a_time());
    })
    // Slow calls and trials; a clock that jumps; a caller that stalls; rejections alone are counted.
    .pinned(&[0xc, 0xd, 0x17, 0xa])
    .in_full()
    .finds(plants::WINDOW_KNOWS_NO_GENERATION, "one_by_one")
    .finds(plants::WINDOW_OPENS_AFTER_ITS_LOCK, "one_by_one")
    .finds(plants::WINDOW_FORGETS_THE_ROW, "one_by_one")
    .finds(plants::WINDOW_TAKES_CALLS_FOR_FAST, "one_by_one")
    .finds(plants::GATE_STAYS_OPEN, "one_by_one")
    .finds(plants::SLOW_TRIAL_SUCCEEDS, "one_by_one")
    .finds(plants::UNCOUNTED_CALLS_STAY_IN_FLIGHT, "every_call_is_counted")
    .finds(plants::DROPPED_PERMIT_UNCOUNTED, "every_call_is_counted")
}

/// A window that a few calls fill.
fn window(open_for: Duration, rules: &mut Generator) -> Window {
    let (calls, buckets) = (*rules.pick(&[2, 3, 4, 5]), *rules.pick(&[1, 2, 3]));
    let bucket = rules.duration_within(millis(200)..=open_for);
    let slow_calls = SlowCalls {
        slower_than: rules.duration_within(millis(1)..=open_for),
        rate: Share::percent(*rules.pick(&[40, 60, 100])),
    };
    let by_slow = rules.chance(1, 3);
    Window {
        minimum_calls: calls.min(*rules.pick(&[1, 2, 3, 4, 5])),
        failure_rate: Some(Share::percent(*rules.pick(&[34, 50, 75, 100]))),
        slow_calls: by_slow.then_some(slow_calls),
        ..Window::over(match rules.chance(1, 2) {
            true => Span::Calls(calls),
            false => Span::Time { bucket, buckets },
        })
    }
}

/// In every third run the clock stands, drifts, or is ahead at once.
fn bend_the_clock(s: &mut Draft<'_>, open_for: Duration) {
    let mut clock = s.generator("clock");
    if clock.chance(2, 3) {
        return;
    }
    let from = clock.duration_within(Duration::ZERO..=open_for * 2);
    let until = Some(from + clock.duration_within(millis(1)..=open_for * 2));
    match clock.index(3) {
        0 => s.fault(from, until, FaultKind::MonotonicFreezes),
        1 => s.fault(from, until, FaultKind::MonotonicDrifts(50_000)),
        _ => s.fault(from, None, FaultKind::MonotonicSuspends(open_for)),
    }
}
