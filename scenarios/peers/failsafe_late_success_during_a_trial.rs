//! failsafe 1.3: a slow call, admitted long before the breaker opened, succeeds while the trial runs. Then the trial fails.
//!
//! Its documentation says that a failure of the next call opens a half-open breaker again. Here it does not: the success of the slow
//! call, which says nothing about the service as it is now, has closed the breaker by then. The failed trial is the first of the
//! failures in a row that it takes to open, and calls go on to a service that is down.

use super::adapter::Maker;
use super::situation;
use retrip_sim::engine::EngineName;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a call from before a breaker of failsafe opened succeeds while its trial runs, which fails";
    Scenario::new("failsafe_late_success_during_a_trial", about, |s| {
        situation::late_success(s, Maker::Failsafe, 1);
    })
    .on(EngineName::Nodes)
    .in_full()
    .must_break("late_results_do_not_close")
}
