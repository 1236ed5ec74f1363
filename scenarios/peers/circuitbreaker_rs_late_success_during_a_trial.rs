//! circuitbreaker-rs 0.1: a slow call, admitted long before the breaker opened, succeeds while the trial runs. Then the trial fails.
//!
//! Its documentation says that a limited number of test calls shows whether the service has recovered. Here a call that was no test
//! closes the breaker, and the failed test is the first of the failures in a row that it takes to open.

use super::adapter::Maker;
use super::situation;
use retrip_sim::engine::EngineName;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a call from before a breaker of circuitbreaker-rs opened succeeds while its trial runs, which fails";
    Scenario::new("circuitbreaker_rs_late_success_during_a_trial", about, |s| {
        situation::late_success(s, Maker::CircuitbreakerRs, 1);
    })
    .on(EngineName::Nodes)
    .in_full()
    .must_break("late_results_do_not_close")
}
