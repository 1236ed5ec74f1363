//! Actors that stand still in some runs of a swarm, as threads do that are given no time. They come from a stream of their own, so that
//! whatever else a seed draws is the same without them.

use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Draft;
use std::time::Duration;

/// In every other run one of `actors` stands still once or twice, or two of them do, each for no longer than `longest`, and not after
/// `until`.
pub(crate) fn hold_some(s: &mut Draft<'_>, actors: &[String], until: Duration, longest: Duration) {
    let mut stalls = s.generator("stalls");
    if stalls.chance(1, 2) {
        return;
    }
    for _ in 0..stalls.within(1..=2) {
        let length = stalls.duration_within(Duration::from_nanos(1)..=longest);
        let from = stalls.duration_within(Duration::ZERO..=until - length);
        let actor: &String = stalls.pick(actors);
        s.fault_of(actor, from, Some(from + length), FaultKind::Stalls);
    }
}
