//! Our breaker, where circuitbreaker-rs fails: everybody who tries stops waiting for the slow service. Their permits come back, and an
//! hour later a call is let through.

use super::adapter::Maker;
use super::situation;
use retrip_sim::engine::EngineName;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "whoever tries a breaker of ours stops waiting, as behind a timeout";
    Scenario::new("retrip_trials_are_given_up", about, |s| {
        let trials = s.draw("trials", 1..=3);
        situation::trials_given_up(s, Maker::Retrip, trials);
    })
    .on(EngineName::Nodes)
    .in_full()
}
