//! Givers and takers meet at a small queue, each with a limit of its own for how long it waits.
//!
//! Who is woken has to look again: somebody else may have been quicker, or nothing has woken it at all. And the time that
//! it has waited counts. A queue that forgets the first holds more than it has room for; one that forgets the second refuses
//! too late, under load only.

use super::bounded::{
    IF_FOR_WHILE, LAST_IN_FIRST_OUT, LIMIT_COUNTED_ANEW, REFUSED_WHEN_WOKEN, WRONG_SIDE_IS_TOLD,
};
use super::counter::Counter;
use super::promise;
use crate::time::{NANOSECOND, millis};
use retrip_sim::engine::threads::LOST_NOTIFICATION;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "givers and takers wait at a small queue, each within a limit of its own";
    Scenario::new("a_full_queue_refuses_in_time", about, |s| {
        let room = s.draw("room", 1..=2);
        let counter = s.part(Counter { room });

        let mut script = s.generator("script");
        // Whole milliseconds, or a nanosecond beside: what comes and what is over often meet.
        let givers = script.within(2..=3);
        for (role, count) in [("giver", givers), ("taker", script.within(1..=2))] {
            for number in 1..=count {
                let mut actor = s.actor(format!("{role}-{number}"));
                let mut moment = millis(0);
                for nth in 1..=script.within(1..=3) {
                    moment += millis(script.within(0..=3));
                    let limit = millis(script.within(1..=6));
                    let limit =
                        *script.pick(&[limit - NANOSECOND, limit, limit, limit + NANOSECOND]);
                    let operation = if role == "giver" {
                        let item = 10 * number + nth;
                        counter.gives(u32::try_from(item).expect("items are few"), limit)
                    } else {
                        counter.takes(limit)
                    };
                    actor = actor.does_at(moment, operation);
                }
                actor.ends();
            }
        }
        s.finally(counter.takes_the_rest());

        s.check(promise::room_is_kept(room));
        s.check(promise::items_arrive_once_and_in_order());
        s.check(promise::nobody_is_refused_early());
        s.check(promise::nobody_waits_past_its_limit());
        s.check(promise::who_waits_alone_is_woken());
        s.sometimes(promise::somebody_is_refused_exactly_at_its_limit());
        s.sometimes(promise::somebody_is_served_exactly_at_its_limit());
        s.sometimes(promise::somebody_waits_again());
    })
    .bound(5_000)
    // Woken for no reason, refused at the limit all the same; woken for room that another giver was quicker to take; items
    // that come in the nanosecond in which their taker's limit is over.
    .pinned(&[0x1, 0x5, 0x7])
    .in_full()
    .finds(IF_FOR_WHILE, "room_is_kept")
    .finds(LAST_IN_FIRST_OUT, "items_arrive_once_and_in_order")
    .finds(REFUSED_WHEN_WOKEN, "nobody_is_refused_early")
    .finds(LIMIT_COUNTED_ANEW, "nobody_waits_past_its_limit")
    .finds(WRONG_SIDE_IS_TOLD, "who_waits_alone_is_woken")
    .finds(LOST_NOTIFICATION, "who_waits_alone_is_woken")
}
