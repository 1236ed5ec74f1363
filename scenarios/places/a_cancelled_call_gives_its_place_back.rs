//! Calls wait for one of a few places and work in it; each is dropped when its limit is over, wherever it is by then.
//!
//! A future that is dropped runs no line after its await, only destructors: whoever gives a place back by hand does not give
//! it back then, and whoever does so for the call gives it back twice where a destructor does as well. And a limit may be
//! over in the very nanosecond in which the place comes, or the work is done.

use super::hall::{CANCELLED_TOO_EARLY, GIVEN_BACK_TWICE, LEAKED_BY_CANCELLATION, NO_LAST_LOOK};
use super::promise;
use super::switchboard::Switchboard;
use crate::time::{NANOSECOND, millis};
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "calls wait for a place and work in it, and are dropped when their limit is over";
    Scenario::new("a_cancelled_call_gives_its_place_back", about, |s| {
        let places = s.draw("places", 1..=2);
        let switchboard = s.part(Switchboard { places });

        let mut script = s.generator("script");
        for caller in 1..=script.within(2..=4) {
            let mut actor = s.actor(format!("caller-{caller}"));
            let mut moment = millis(0);
            for _ in 0..script.within(1..=2) {
                moment += millis(script.within(0..=2));
                let takes = millis(script.within(1..=3));
                let limit = millis(script.within(1..=4));
                let limit = *script.pick(&[limit - NANOSECOND, limit, limit, limit + NANOSECOND]);
                actor = actor.does_at(moment, switchboard.calls(takes, limit));
            }
            actor.ends();
        }
        s.finally(switchboard.counts());

        s.check(promise::no_place_is_given_twice(places));
        s.check(promise::every_place_comes_back(places));
        s.check(promise::nobody_is_cancelled_early());
        s.check(promise::work_done_in_time_counts());
        s.sometimes(promise::somebody_is_cancelled_while_it_waits());
        s.sometimes(promise::somebody_is_cancelled_while_it_works());
        s.sometimes(promise::a_place_comes_exactly_at_the_limit());
        s.sometimes(promise::the_work_is_done_exactly_at_the_limit());
    })
    .bound(5_000)
    // Work that is done in the nanosecond of its limit, and a call that is cancelled as its place becomes free; a call that is
    // cancelled while it works, whose place goes to the next; a place that comes in the nanosecond of the limit.
    .pinned(&[0x0, 0x1, 0x3])
    .in_full()
    .finds(GIVEN_BACK_TWICE, "no_place_is_given_twice")
    .finds(LEAKED_BY_CANCELLATION, "every_place_comes_back")
    .finds(CANCELLED_TOO_EARLY, "nobody_is_cancelled_early")
    .finds(NO_LAST_LOOK, "work_done_in_time_counts")
}
