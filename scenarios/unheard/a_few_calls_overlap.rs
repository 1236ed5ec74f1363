//! Two or three callers make a few calls: few enough to be tried in every order.
//!
//! `explore a_few_calls_overlap --seed 7` tries all of one seed's; a test tries those of many.

use super::breaker::Unheard;
use super::operation::{Command, UnheardOperation};
use super::{ending, readings};
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, Outcome};
use retrip_sim::part::Operation;
use retrip_sim::scenario::Scenario;
use retrip_sim::stream::Generator;

pub(crate) fn scenario() -> Scenario {
    let about = "two or three callers make a few calls at once, to be tried in every order";
    Scenario::new("a_few_calls_overlap", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=3);
        let open_for = secs(1);
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            success_threshold: 1,
            half_open_permits: 1,
            open_for,
            trial_lease: None,
            ..BreakerConfig::default()
        };
        s.part(Unheard::of(&config));

        let mut script = s.generator("script");
        let callers = script.within(2..=3);
        // Each has a permit already.
        for label in LABELS {
            s.at(secs(0), Operation::new(UnheardOperation::Ask(label.into())));
        }
        // There may have been a failure, or so many that the open interval is over when the callers come.
        let failures = *script.pick(&[0, 1, 1, failure_threshold]);
        for _ in 0..failures {
            let failed = UnheardOperation::End(LABELS[2].into(), Some(Outcome::Failure));
            s.at(secs(1), Operation::new(failed));
            s.at(secs(1), Operation::new(UnheardOperation::Ask(LABELS[2].into())));
        }
        for (caller, label) in (1..=callers).zip(LABELS) {
            let mut actor = s.actor(format!("caller-{caller}"));
            let most = if callers == 2 { 2 } else { 1 };
            for _ in 0..script.within(1..=most) {
                actor = actor.does_at(secs(2), operation(label, &mut script));
            }
            actor.ends();
        }
        ending::ends(s, LABELS, &config);
        s.check(readings::readings_are_of_one_moment());
    })
    // It is forced open before the driver has come to begin a call; it is isolated while a call fails; somebody looks while it only measures.
    .pinned(&[0x0, 0x1, 0x2])
    .in_full()
}

/// Each caller has a call of its own.
const LABELS: [&str; 3] = ["a", "b", "c"];

fn operation(label: &str, script: &mut Generator) -> Operation {
    let end = |outcome| UnheardOperation::End(label.into(), outcome);
    let by_hand = UnheardOperation::ByHand;
    Operation::new(match script.index(17) {
        0 | 1 => end(Some(Outcome::Success)),
        2..=5 => end(Some(Outcome::Failure)),
        6 => end(None),
        7 | 8 => UnheardOperation::Ask(label.into()),
        9 => by_hand(Command::Refresh),
        10 => by_hand(Command::ForceOpen),
        11 => by_hand(Command::Isolate(secs(1))),
        12 => by_hand(Command::Disable),
        13 => by_hand(Command::OnlyMeasure),
        14 => by_hand(Command::Reset),
        15 => UnheardOperation::Look,
        _ => by_hand(Command::Lift),
    })
}
