//! Callers tell their results while somebody changes the breaker by hand, again and again.
//!
//! What a breaker looked at before the change is no longer so after it. A result that is written down by what was looked at
//! undoes the change; one that looks again does not.

use super::breaker::Unheard;
use super::operation::{Command, UnheardOperation};
use super::{ending, promise, readings};
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, Outcome, plants};
use retrip_sim::part::Operation;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "callers tell their results while somebody changes the breaker by hand";
    Scenario::new("results_meet_changes", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 2..=3);
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            success_threshold: 1,
            half_open_permits: 1,
            open_for: secs(1),
            trial_lease: None,
            ..BreakerConfig::default()
        };
        s.part(Unheard::of(&config));

        let mut script = s.generator("script");
        let mut operator = s.actor("operator");
        for _ in 0..script.within(8..=14) {
            // Long after it has been reset, an isolation would still last.
            let opens = *script.pick(&[Command::ForceOpen, Command::Isolate(secs(20))]);
            for command in [opens, Command::Reset] {
                operator = operator.does(Operation::new(UnheardOperation::ByHand(command)));
            }
            if script.chance(1, 4) {
                operator = operator.does(Operation::new(UnheardOperation::Look));
            }
        }
        operator.ends();
        for (caller, label) in (1..=3).zip(LABELS) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(8..=14) {
                let outcome = if script.chance(2, 5) { Outcome::Success } else { Outcome::Failure };
                let end = UnheardOperation::End(label.into(), Some(outcome));
                actor = actor.does(Operation::new(UnheardOperation::Ask(label.into())));
                actor = actor.does(Operation::new(end));
            }
            actor.ends();
        }
        ending::ends(s, LABELS, &config);
        s.check(readings::readings_are_of_one_moment());
        s.sometimes(promise::somebody_ends_late());
        s.sometimes(promise::somebody_is_rejected_for_a_time());
    })
    // Results told while the breaker is isolated and reset again and again; failures that open it between two resets.
    .pinned(&[0x0, 0x1, 0x2])
    .in_full()
    .finds(plants::GATE_SUCCESS_STORED, "one_by_one")
    .finds(plants::GATE_OPENS_BEFORE_ITS_INTERVAL, "one_by_one")
    .finds(plants::GATE_FAILURE_STORED, "one_by_one")
    .finds(plants::COUNTERS_ARE_READ_ONCE, "readings_are_of_one_moment")
    .finds(plants::BEGINNINGS_ARE_READ_FIRST, "readings_are_of_one_moment")
}

/// Each caller has a call of its own.
const LABELS: [&str; 3] = ["a", "b", "c"];
