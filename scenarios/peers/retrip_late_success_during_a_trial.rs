//! Our breaker, where failsafe, recloser and circuitbreaker-rs fail: slow calls, admitted long before it opened, succeed while the
//! trials run. They count for the generation that admitted them, and the first trial that fails opens it again.

use super::adapter::Maker;
use super::situation;
use retrip_core::breaker::plants;
use retrip_sim::engine::EngineName;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about =
        "calls from before a breaker of ours opened succeed while its trials run, which fail";
    Scenario::new("retrip_late_success_during_a_trial", about, |s| {
        let trials = s.draw("trials", 1..=2);
        situation::late_success(s, Maker::Retrip, trials);
    })
    .on(EngineName::Nodes)
    .in_full()
    .finds(plants::UNFENCED_LATE_RESULT, "late_results_do_not_close")
}
