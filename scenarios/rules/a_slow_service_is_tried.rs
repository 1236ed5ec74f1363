//! A service answers, but so slowly that it opened the breaker. A trial that is slow as well does not close it, and one that is not does.
//!
//! A breaker that goes by the answers alone closes, lets everybody wait, and opens again.

use super::config::SLOWER_THAN;
use crate::config::closes_after;
use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{BreakerConfig, Share, SlowCalls, Span, Window, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::part::guarded::End;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a service that opened a breaker by being slow is tried while it is slow still";
    Scenario::new("a_slow_service_is_tried", about, |s| {
        let open_for = s.draw_duration("open_for", secs(2)..=secs(60));
        let slow_by = s.draw_duration("slow_by", NANOSECOND..=secs(5));
        let tolerated_failures = s.draw("tolerated_failures", 0..=1);
        let slow_calls = SlowCalls { slower_than: SLOWER_THAN, rate: Share::percent(100) };
        let window = Window {
            minimum_calls: 1,
            failure_rate: None,
            slow_calls: Some(slow_calls),
            ..Window::over(Span::Calls(1))
        };
        let config = BreakerConfig {
            failure_threshold: None,
            window: Some(window),
            open_for,
            tolerated_failures,
            ..closes_after(1)
        };
        let llm = s.guarded("llm", config.clone());
        let took = SLOWER_THAN + slow_by;

        s.at(secs(0), llm.begin("first"));
        s.at(took, llm.end("first", End::Ok)); // slow: open from here
        let mut now = took + open_for;
        s.at(now, llm.begin("slow"));
        now += took;
        s.at(now, llm.call()); // rejected: the one permit is taken
        s.at(now, llm.end("slow", End::Ok)); // open again, or half-open still where one is tolerated
        now += open_for;
        s.at(now, llm.begin("fast"));
        now += SLOWER_THAN;
        s.at(now, llm.end("fast", End::Ok)); // closed from here: it took as long as may be
        s.at(now, llm.call());

        let (who, slow) = ("llm", Some(slow_calls));
        s.check(promise::trips_by_its_rules(who, &config));
        s.check(promise::bounded_trials(who, 1).with_slow_calls(slow));
        s.check(promise::permits_are_given(who, 1).with_slow_calls(slow));
        s.check(promise::closes_at_kth_success(who, 1).with_slow_calls(slow));
        let reopens = promise::failed_trial_restarts_interval(who, open_for);
        s.check(reopens.tolerating(tolerated_failures).with_slow_calls(slow));
    })
    // One slow trial is tolerated; none is.
    .pinned(&[0x0, 0x1, 0x2])
    .finds(plants::SLOW_TRIAL_DECIDES_NOTHING, "failed_trial_restarts_interval")
}
