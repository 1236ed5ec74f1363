//! Callers who do anything that can be done to a breaker, at the same time, in a mix that each run draws anew.

use super::operation::{Command, UnheardOperation};
use crate::time::NANOSECOND;
use retrip_core::breaker::Outcome;
use retrip_sim::part::{Operation, waits};
use retrip_sim::scenario::Draft;
use retrip_sim::stream::Generator;
use retrip_sim::swarm::Swarm;
use std::time::Duration;

/// Each call that somebody makes: one of each caller's own, and two that are begun by one caller and ended by whoever comes.
pub(crate) const LABELS: [&str; 6] = ["a", "b", "c", "d", "x", "y"];
const OWN: usize = 4;

/// How long a call takes that a caller makes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Calls {
    TakeNoTime,
    TakeTime,
}

/// Two to four callers, with so many things to do at most. Returns their names.
pub(crate) fn do_anything(
    s: &mut Draft<'_>,
    open_for: Duration,
    most: u64,
    calls: Calls,
) -> Vec<String> {
    let mut script = s.generator("script");
    let swarm = Swarm::new(KINDS, &mut script);
    let mut names = Vec::new();
    for (caller, own) in (1..=script.within(2..=4)).zip(&LABELS[..OWN]) {
        let name = format!("caller-{caller}");
        let mut actor = s.actor(name.clone());
        for _ in 0..script.within(1..=most) {
            if script.chance(1, 4) {
                actor = actor.does(waits(some_time(open_for, &mut script)));
            }
            let kind = swarm.pick(&mut script);
            for operation in operations(kind, own, open_for, &mut script) {
                let ends = matches!(operation, UnheardOperation::End(..));
                if calls == Calls::TakeTime && ends && script.chance(1, 3) {
                    actor = actor.does(waits(some_time(open_for, &mut script)));
                }
                actor = actor.does(Operation::new(operation));
            }
        }
        actor.ends();
        names.push(name);
    }
    names
}

/// Kinds of what callers do, as [`operations`] numbers them.
const KINDS: usize = 14;

fn operations(
    kind: usize,
    own: &str,
    open_for: Duration,
    script: &mut Generator,
) -> Vec<UnheardOperation> {
    let shared = *script.pick(&LABELS[OWN..]);
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
        12 => vec![UnheardOperation::Look],
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
