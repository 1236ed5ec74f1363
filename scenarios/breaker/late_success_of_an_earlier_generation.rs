//! A call that was admitted before the breaker opened succeeds long after, when everything has changed.
//!
//! It would close the breaker for a service that nobody has tried since it failed. It was admitted in
//! another generation, and changes statistics only.

use super::straggler;
use retrip_core::breaker::plants;
use retrip_sim::part::guarded::End;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a call of an earlier generation succeeds late";
    Scenario::new("late_success_of_an_earlier_generation", about, |s| {
        straggler::ends_late(s, End::Ok);
    })
    // Late when the breaker has closed again, while it is half-open, and while it is open.
    .pinned(&[0, 2, 5])
    .finds(plants::UNFENCED_LATE_RESULT, "fenced_results")
    .finds(plants::CLOSES_WITHOUT_TRIALS, "legal_edges")
}
