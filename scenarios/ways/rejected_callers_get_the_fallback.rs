//! Callers have a fallback that looks at the breaker: whoever is rejected gets its value, and the function does not run.

use super::desk::Desk;
use super::operation::{Command, Ending};
use super::promise;
use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::part::waits;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "callers have a fallback that looks at the breaker";
    Scenario::new("rejected_callers_get_the_fallback", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=2);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(10));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            trial_lease: None,
            ..closes_after(1)
        };
        let desk = s.part(Desk { config });

        let mut script = s.generator("script");
        for caller in 1..=script.within(1..=3) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(2..=8) {
                if script.chance(1, 3) {
                    actor = actor.does(waits(*script.pick(&[open_for / 2, open_for])));
                }
                actor = actor.does(match script.index(16) {
                    0 => desk.by_hand(Command::ForceOpen),
                    1 => desk.by_hand(Command::Reset),
                    2..=7 => desk.calls_or_falls_back(Ending::Ok),
                    _ => desk.calls_or_falls_back(Ending::Failed),
                });
            }
            actor.ends();
        }
        s.finally(desk.reads_counts());

        s.check(promise::fallback_answers());
    })
    // A trial that succeeds, one that fails and one that succeeds, one that fails and is the last.
    .pinned(&[0x3c, 0x15, 0x2d])
    .bound(10_000)
    .in_full()
    .proves(&[Row::recovery(17)], "fallback_answers", plants::REJECTED_CALL_RUNS)
    .proves(&[Row::recovery(17)], "fallback_answers", plants::FALLBACKS_UNCOUNTED)
    .proves(&[Row::recovery(17)], "no_deadlock", plants::FALLBACK_UNDER_THE_LOCK)
}
