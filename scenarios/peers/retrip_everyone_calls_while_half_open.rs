//! Our breaker, where failsafe and circuitbreaker-rs fail: the open interval is over, the service is slow, and everybody calls at
//! once. As many are let through as it has permits.

use super::adapter::Maker;
use super::situation;
use retrip_core::breaker::plants;
use retrip_sim::engine::EngineName;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "the open interval of a breaker of ours is over, and everybody calls at once";
    Scenario::new("retrip_everyone_calls_while_half_open", about, |s| {
        let trials = s.draw("trials", 1..=3);
        situation::everyone_calls(s, Maker::Retrip, trials);
    })
    .on(EngineName::Nodes)
    .in_full()
    .finds(plants::UNLIMITED_TRIALS, "bounded_trials")
}
