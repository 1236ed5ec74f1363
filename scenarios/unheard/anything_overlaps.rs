//! Several callers do anything that can be done to a breaker, at the same time, and no listener makes it take its lock for each
//! call.
//!
//! A breaker that lets calls pass without a lock has to notice a change that somebody else makes between its look and its
//! deed. What it answers has to be what it would have answered to one caller after the other.

use super::breaker::Unheard;
use super::ending;
use super::operation::{Command, UnheardOperation};
use super::promise;
use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{BreakerConfig, Outcome, plants};
use retrip_sim::part::{Operation, waits};
use retrip_sim::scenario::{Row, Scenario};
use retrip_sim::stream::Generator;
use retrip_sim::swarm::Swarm;
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "callers do anything at once to a breaker that nobody listens to";
    Scenario::new("anything_overlaps", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=3);
        let success_threshold = s.draw("success_threshold", 1..=2);
        let spare_permits = s.draw("spare_permits", 0..=1);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(20));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            success_threshold,
            half_open_permits: success_threshold + spare_permits,
            open_for,
            trial_lease: None,
            ..BreakerConfig::default()
        };
        s.part(Unheard { config: config.clone() });

        let mut script = s.generator("script");
        let swarm = Swarm::new(KINDS, &mut script);
        for (caller, own) in (1..=script.within(2..=4)).zip(OWN) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(1..=8) {
                if script.chance(1, 4) {
                    actor = actor.does(waits(some_time(open_for, &mut script)));
                }
                let kind = swarm.pick(&mut script);
                for operation in operations(kind, own, open_for, &mut script) {
                    actor = actor.does(Operation::new(operation));
                }
            }
            actor.ends();
        }
        ending::ends(s, OWN.into_iter().chain(SHARED), &config);
        s.sometimes(promise::somebody_ends_late());
        s.sometimes(promise::somebody_tries());
        s.sometimes(promise::somebody_is_rejected_for_a_time());
        s.sometimes(promise::somebody_lifts());
    })
    // What is isolated and disabled at once; callers who share calls; a straggler, and a trial that nobody ends until the end.
    .pinned(&[0x0, 0x1, 0x2])
    .in_full()
    .proves(&OVERLAPPING, "one_by_one", plants::GATE_STAYS_OPEN)
    .proves(&OVERLAPPING, "one_by_one", plants::GATE_FAILURE_STORED)
    .proves(&OVERLAPPING, "every_call_is_counted", plants::DROPPED_PERMIT_UNCOUNTED)
    .finds(plants::GATE_KNOWS_NO_GENERATION, "one_by_one")
    .finds(plants::GATE_ROW_FORGOTTEN, "one_by_one")
    .finds(plants::GATE_THRESHOLD_OFF_BY_ONE, "one_by_one")
}

/// Threads are safe, and under load they still are.
const OVERLAPPING: [Row; 2] = [Row::end_to_end(13), Row::properties(9)];

/// The call that each caller makes.
const OWN: [&str; 4] = ["a", "b", "c", "d"];
/// Calls that are begun by one caller and ended by whoever comes.
const SHARED: [&str; 2] = ["x", "y"];

/// Kinds of what callers do, as [`operations`] numbers them.
const KINDS: usize = 13;

fn operations(
    kind: usize,
    own: &str,
    open_for: Duration,
    script: &mut Generator,
) -> Vec<UnheardOperation> {
    let shared = *script.pick(&SHARED);
    let time = some_time(open_for, script);
    let (ask, end) = (
        |label: &str| UnheardOperation::Ask(label.into()),
        |label: &str, outcome| UnheardOperation::End(label.into(), outcome),
    );
    let by_hand = |command| vec![UnheardOperation::ByHand(command)];
    match kind {
        0 | 1 => vec![ask(own), end(own, Some(Outcome::Success))],
        2..=4 => vec![ask(own), end(own, Some(Outcome::Failure))],
        5 => vec![ask(own), end(own, script.chance(1, 2).then_some(Outcome::Ignored))],
        6 => vec![ask(shared)],
        7 => {
            let outcome = *script.pick(&[Outcome::Success, Outcome::Failure]);
            vec![end(shared, Some(outcome))]
        }
        8 => by_hand(Command::Lift),
        9 => by_hand(Command::Reset),
        10 => by_hand(*script.pick(&[Command::Isolate(time), Command::ForceOpen])),
        11 => by_hand(*script.pick(&[Command::Disable, Command::OnlyMeasure, Command::Refresh])),
        // A straggler: its failure belongs to a row that is over, and the next one begins a new row.
        _ => {
            let reset = UnheardOperation::ByHand(Command::Reset);
            let failed = || end(own, Some(Outcome::Failure));
            vec![ask(own), reset, failed(), ask(own), failed()]
        }
    }
}

/// Often exactly an open interval or a nanosecond less, else nothing or anything up to two of them.
fn some_time(open_for: Duration, script: &mut Generator) -> Duration {
    match script.index(5) {
        0 => NANOSECOND,
        1 => script.duration_within(NANOSECOND..=open_for * 2),
        2 => open_for - NANOSECOND,
        _ => open_for,
    }
}
