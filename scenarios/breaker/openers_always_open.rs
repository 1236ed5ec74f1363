//! The tempting promise about the orders of openers and callers: that the breaker opens in every one of them.
//!
//! About a quarter of the orders break it (126 of 495). A sweep in which it never breaks has looked at too few orders, so
//! it is kept as a canary.

use super::openers_and_callers_in_any_order::arrivals;
use retrip_core::breaker::{EventKind, State};
use retrip_sim::check::eventually;
use retrip_sim::log::What;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "the breaker opens in every order of the calls, which is not true";
    Scenario::new("openers_always_open", about, |s| {
        arrivals(s);
        let opens = |what: &What| {
            let opening =
                |kind: &EventKind| matches!(kind, EventKind::Transition { to: State::Open, .. });
            matches!(what, What::Breaker(own) if opening(&own.kind))
        };
        let statement = "the breaker opens at least once";
        s.check(eventually("opens_at_least_once", statement, "opens", move |event| {
            opens(&event.what)
        }));
    })
    // It opens in the first order, and does not in the others.
    .pinned(&[0x0, 0x8, 0xe])
    .in_full()
    .must_break("opens_at_least_once")
}
