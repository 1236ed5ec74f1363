//! Two or three callers make a few calls as an open interval ends: few enough to be tried in every order, with its end between any two steps
//! of those who come before it.
//!
//! `explore an_interval_ends_among_a_few_calls --seed 7` tries all of one seed's; a test tries those of many.

use super::breaker::Unheard;
use super::operation::{Command, UnheardOperation};
use super::{ending, readings};
use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{BreakerConfig, Outcome, plants};
use retrip_sim::part::Operation;
use retrip_sim::scenario::Scenario;
use retrip_sim::stream::Generator;

pub(crate) fn scenario() -> Scenario {
    let about = "two or three callers make a few calls as an open interval ends, to be tried in every order";
    Scenario::new("an_interval_ends_among_a_few_calls", about, |s| {
        let open_for = secs(1);
        let config = BreakerConfig {
            failure_threshold: Some(1),
            success_threshold: 1,
            half_open_permits: 1,
            open_for,
            trial_lease: None,
            ..BreakerConfig::default()
        };

        let mut script = s.generator("script");
        // Each has a permit already, of before it opened. The first rejection takes the lock, and those after it need not.
        let ask = |label: &str| UnheardOperation::Ask(label.into());
        let opens = match script.index(3) {
            0 => UnheardOperation::ByHand(Command::Isolate(open_for)),
            _ => UnheardOperation::End(LABELS[2].into(), Some(Outcome::Failure)),
        };
        let before = LABELS.map(ask).into_iter().chain([opens, ask(LABELS[2])]).collect();
        s.part(Unheard { config: config.clone(), before });

        // One or two come just before the end, another with it: two of whom one may have two things to do, or three.
        let does = *script.pick(&[&[1, 1][..], &[1, 2], &[2, 1], &[1, 1, 1]]);
        let early = if does.len() == 3 { script.within(1..=2) } else { 1 };
        let comes = |caller| if caller <= early { open_for - NANOSECOND } else { open_for };
        for ((caller, label), count) in (1..).zip(LABELS).zip(does) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..*count {
                actor = actor.does_at(comes(caller), operation(label, &mut script));
            }
            actor.ends();
        }
        ending::ends(s, LABELS, &config);
        s.check(readings::readings_are_of_one_moment());
    })
    .pinned(&[0x0, 0x1, 0x2])
    .in_full()
    .finds(plants::LATE_BY_ONE_NANOSECOND, "one_by_one")
    .finds(plants::GATE_LATE_BY_ONE_NANOSECOND, "one_by_one")
}

/// Each caller has a call of its own.
const LABELS: [&str; 3] = ["a", "b", "c"];

fn operation(label: &str, script: &mut Generator) -> Operation {
    let ask = || UnheardOperation::Ask(label.into());
    let end = |outcome| UnheardOperation::End(label.into(), outcome);
    Operation::new(match script.index(14) {
        0..=4 => ask(),
        5 => end(Some(Outcome::Success)),
        6 => end(Some(Outcome::Failure)),
        7 => end(None),
        8 => UnheardOperation::Look,
        9 => UnheardOperation::ByHand(Command::Refresh),
        10 => UnheardOperation::ByHand(Command::ForceOpen),
        11 => UnheardOperation::ByHand(Command::Isolate(NANOSECOND)),
        12 => UnheardOperation::ByHand(Command::Reset),
        _ => UnheardOperation::ByHand(Command::Lift),
    })
}
