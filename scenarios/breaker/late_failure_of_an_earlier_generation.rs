//! A call that was admitted before the breaker opened fails long after, when everything has changed.
//!
//! It would open the breaker again for a service that has recovered since. It was admitted in
//! another generation, and changes statistics only.

use super::straggler;
use retrip_core::breaker::plants;
use retrip_sim::part::guarded::End;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a call of an earlier generation fails late";
    Scenario::new("late_failure_of_an_earlier_generation", about, |s| {
        straggler::ends_late(s, End::Failed);
    })
    // Late when the breaker has closed again, while it is half-open, and while it is open.
    .pinned(&[0, 2, 5])
    .finds(plants::UNFENCED_LATE_RESULT, "fenced_results")
    .finds(plants::CLOSES_WITHOUT_TRIALS, "legal_edges")
}
