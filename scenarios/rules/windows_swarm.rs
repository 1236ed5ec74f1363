//! A closed breaker with a window, under callers that succeed, fail and are slow in any mix, with gaps of any length.

use super::config::{SLOWER_THAN, window};
use super::moments::around;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::part::{Guarded, Operation, waits};
use retrip_sim::scenario::Scenario;
use retrip_sim::stream::Generator;
use retrip_sim::swarm::Swarm;

pub(crate) fn scenario() -> Scenario {
    let about = "a breaker opens by the rate of failures and of slow calls in its window";
    Scenario::new("windows_swarm", about, |s| {
        let open_for = secs(2);
        let window = window(s);
        let failure_threshold = match s.draw("failure_threshold", 2..=4) {
            4 => None,
            threshold => Some(threshold),
        };
        let config = BreakerConfig {
            failure_threshold,
            window: Some(window),
            open_for,
            success_threshold: 1,
            half_open_permits: 1,
            ..BreakerConfig::default()
        };
        let llm = s.guarded("llm", config.clone());

        let mut script = s.generator("script");
        let swarm = Swarm::new(KINDS, &mut script);
        // One caller tells most: what it does comes in the order in which it is written.
        for caller in 1..=*script.pick(&[1_u64, 1, 1, 2, 3]) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(6..=40) {
                if script.chance(1, 5) {
                    let gap = around(&[secs(1), secs(2), secs(4)], &mut script);
                    actor = actor.does(waits(gap));
                }
                actor = actor.does(operation(&llm, swarm.pick(&mut script), &mut script));
            }
            actor.ends();
        }
        s.finally(llm.read());

        s.check(promise::trips_by_its_rules("llm", &config));
        s.check(promise::manual_wins("llm"));
        s.check(promise::open_rejects("llm", open_for));
        s.check(promise::open_ends("llm", open_for));
        s.check(promise::retry_after_is_right("llm", open_for));
        s.check(promise::bounded_trials("llm", 1));
        s.check(promise::permits_are_given("llm", 1));
        s.check(promise::rejection_runs_nothing("llm"));
        s.check(promise::fenced_results("llm"));
        s.check(promise::legal_edges("llm"));
        s.check(promise::counts_add_up("llm"));
    })
    // It opens by the rate of failures twice, closes by hand and by a trial, and measures only for a while.
    // It opens by a row of failures, and again by a trial; it opens by the rate of slow calls.
    .pinned(&[0x2, 0xf, 0x1b])
    .finds(plants::SLOW_AT_THE_LIMIT, "trips_by_its_rules")
    .finds(plants::MINIMUM_CALLS_OFF_BY_ONE, "trips_by_its_rules")
    .finds(plants::RATE_MUST_BE_EXCEEDED, "trips_by_its_rules")
    .finds(plants::EVICTED_FAILURE_STILL_COUNTS, "trips_by_its_rules")
    .finds(plants::IDLE_GAP_KEEPS_THE_WINDOW, "trips_by_its_rules")
    .finds(plants::CURRENT_RESULT_NOT_IN_WINDOW, "trips_by_its_rules")
    .finds(plants::WINDOW_SURVIVES_CLOSING, "trips_by_its_rules")
    .finds(plants::IGNORED_IN_THE_WINDOW, "trips_by_its_rules")
    .finds(plants::SLOW_FAILURE_IS_FAST, "trips_by_its_rules")
    .finds(plants::RETRY_AFTER_ALL_OF_IT, "retry_after_is_right")
    .finds(plants::METRICS_ONLY_OPENS, "manual_wins")
}

/// Kinds of operation, as [`operation`] numbers them.
const KINDS: usize = 9;

fn operation(llm: &Guarded, kind: usize, script: &mut Generator) -> Operation {
    match kind {
        0 | 1 => llm.call(),
        2 | 3 => llm.call_and_fail(),
        4 => llm.takes(around(&[SLOWER_THAN], script)),
        5 => llm.fails(),
        6 => llm.recovers(),
        7 if script.chance(1, 2) => llm.call_and_cancel(),
        7 => llm.call(),
        // By hand, and back.
        _ => match script.index(4) {
            0 => llm.only_measure(),
            1 => llm.reset(),
            _ => llm.lift(),
        },
    }
}
