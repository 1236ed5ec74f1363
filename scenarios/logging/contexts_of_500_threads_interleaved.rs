//! Five hundred tasks serve five hundred requests on as many threads, and take turns at every step.
//!
//! More of them than any pool has, so that what is kept by a small number, or for as many units as there usually are, is mixed up.

use super::requests;
use retrip_core::logger::plants;
use retrip_sim::check::context::own_context_only;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "five hundred tasks log within scopes of their own and take turns at every step";
    Scenario::new("contexts_of_500_threads_interleaved", about, |s| {
        requests::serve(s, 500);

        s.check(own_context_only());
    })
    .proves(&[Row::concurrency(6)], "own_context_only", plants::CONTEXT_SHARED_BETWEEN_UNITS)
    .enough(5)
}
