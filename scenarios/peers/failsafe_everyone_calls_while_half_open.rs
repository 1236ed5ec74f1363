//! failsafe 1.3: the open interval is over, the service is slow, and everybody calls at once.
//!
//! Its documentation says that a half-open breaker allows calls to see whether the service is back, that a failure of *the next call*
//! opens it again and anything else closes it, and points to Martin Fowler's article, where that is one trial call. It names no
//! bound, and has none: whoever comes before the first answer is let through, and a service that is only just back gets the full load
//! at once.

use super::adapter::Maker;
use super::situation;
use retrip_sim::engine::EngineName;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "the open interval of a breaker of failsafe is over, and everybody calls at once";
    Scenario::new("failsafe_everyone_calls_while_half_open", about, |s| {
        situation::everyone_calls(s, Maker::Failsafe, 1);
    })
    .on(EngineName::Nodes)
    .in_full()
    .must_break("bounded_trials")
}
