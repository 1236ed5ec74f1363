//! circuitbreaker-rs 0.1: the open interval is over, the service is slow, and everybody calls at once.
//!
//! Its documentation says that `probe_interval` is the number of probes to allow in half-open state. It allows one more: the call that
//! finds the interval over is let through without being counted.

use super::adapter::Maker;
use super::situation;
use retrip_sim::engine::EngineName;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about =
        "the open interval of a breaker of circuitbreaker-rs is over, and everybody calls at once";
    Scenario::new("circuitbreaker_rs_everyone_calls_while_half_open", about, |s| {
        let trials = s.draw("trials", 1..=3);
        situation::everyone_calls(s, Maker::CircuitbreakerRs, trials);
    })
    .on(EngineName::Nodes)
    .in_full()
    .must_break("bounded_trials")
}
