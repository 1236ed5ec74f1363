//! circuitbreaker-rs 0.1: everybody who tries stops waiting for the slow service. An hour later it answers at once.
//!
//! Its documentation says that after a cooldown a limited number of test calls shows whether the service has recovered. A test call whose
//! future is dropped, as by a timeout around it, never gives its place back, and no time does. When all places are gone every call is
//! rejected for ever, with nothing on its way and a service that is well.

use super::adapter::Maker;
use super::situation;
use retrip_sim::engine::EngineName;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "whoever tries a breaker of circuitbreaker-rs stops waiting, as behind a timeout";
    Scenario::new("circuitbreaker_rs_trials_are_given_up", about, |s| {
        let trials = s.draw("trials", 1..=3);
        situation::trials_given_up(s, Maker::CircuitbreakerRs, trials);
    })
    .on(EngineName::Nodes)
    .in_full()
    .must_break("permits_come_back")
}
