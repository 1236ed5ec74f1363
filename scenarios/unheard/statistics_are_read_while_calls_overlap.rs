//! The statistics are read again and again while calls begin and end, and nobody waits for the reader.
//!
//! What is counted in several places is read one place after the other. Whoever reads the beginnings first may find more calls
//! ended than begun, and whoever does not look again may find a caller in two calls.

use super::breaker::Unheard;
use super::operation::{Command, UnheardOperation};
use super::{promise, readings};
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, Outcome, plants};
use retrip_sim::part::{Operation, waits};
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "the statistics are read while calls begin and end";
    Scenario::new("statistics_are_read_while_calls_overlap", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=3);
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
        let mut reader = s.actor("reader");
        for _ in 0..script.within(4..=12) {
            reader = reader.does(Operation::new(UnheardOperation::Look));
            if script.chance(1, 6) {
                reader = reader.does(waits(secs(1)));
            }
        }
        reader.ends();
        for (caller, label) in (1..=3).zip(LABELS) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(3..=16) {
                let outcomes = [Outcome::Success, Outcome::Success, Outcome::Failure];
                let outcome =
                    if script.chance(1, 8) { None } else { Some(*script.pick(&outcomes)) };
                let end = UnheardOperation::End(label.into(), outcome);
                actor = actor.does(Operation::new(UnheardOperation::Ask(label.into())));
                actor = actor.does(Operation::new(end));
                if script.chance(1, 8) {
                    let reset = UnheardOperation::ByHand(Command::Reset);
                    actor = actor.does(waits(secs(1))).does(Operation::new(reset));
                }
            }
            actor.ends();
        }
        for label in LABELS {
            s.finally(Operation::new(UnheardOperation::End(label.into(), None)));
        }
        s.finally(Operation::new(UnheardOperation::Look));

        s.check(readings::readings_are_of_one_moment());
        s.check(promise::one_by_one(&config));
        s.sometimes(readings::somebody_reads_meanwhile());
    })
    // Two with rejections, and one with none.
    .pinned(&[0x3c, 0x29, 0x1d])
    .in_full()
    .proves(&ROWS, "readings_are_of_one_moment", plants::BEGINNINGS_ARE_READ_FIRST)
    .proves(&ROWS, "readings_are_of_one_moment", plants::DROPPED_PERMIT_UNCOUNTED)
    .finds(plants::COUNTERS_ARE_READ_ONCE, "readings_are_of_one_moment")
}

const ROWS: [Row; 1] = [Row::properties(4)];

/// Each caller has a call of its own.
const LABELS: [&str; 3] = ["a", "b", "c"];
