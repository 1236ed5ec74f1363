//! Functions that go through a breaker call functions that go through it too, where that counts as one call.
//!
//! Whether a call is inside another one is a matter of who makes it, and of when: another thread is not inside because this
//! one is, another task of the same thread is not because this one waits, and after a panic nobody is. A breaker that is
//! wrong there does not protect what it takes to be inside, and says nothing of it.

use super::client::Client;
use super::promise;
use crate::time::millis;
use retrip_core::breaker::plants;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "calls are made inside calls of one breaker, which count once";
    Scenario::new("calls_inside_calls", about, |s| {
        let client = s.part(Client);

        let mut script = s.generator("script");
        for number in 1..=script.within(2..=3) {
            let mut actor = s.actor(format!("caller-{number}"));
            let mut moment = millis(0);
            for _ in 0..script.within(2..=3) {
                moment += millis(script.within(0..=2));
                let takes = millis(script.within(0..=2));
                let deep = u32::try_from(script.within(1..=3)).expect("it is small");
                actor = actor.does_at(
                    moment,
                    match script.within(0..=3) {
                        0 => client.asks(deep, takes),
                        1 => client.asks_and_panics(deep, takes),
                        2 => client.asks_twins(takes),
                        _ => client.asks_together(takes),
                    },
                );
            }
            actor.ends();
        }
        s.finally(client.counts());

        s.check(promise::what_is_inside_counts_once());
        s.check(promise::twins_are_two());
        s.check(promise::tasks_are_not_inside_of_each_other());
        s.sometimes(promise::two_threads_are_inside_at_once());
        s.sometimes(promise::somebody_asks_after_a_panic());
    })
    .bound(5_000)
    // Chains of calls that panic, and others of the same threads after that; two threads that ask twins at once; chains that
    // overlap with each other and with two tasks of a third thread.
    .pinned(&[0x0, 0x1, 0x2])
    .in_full()
    .proves(&[Row::end_to_end(30)], "what_is_inside_counts_once", plants::INSIDE_AFTER_A_PANIC)
    .finds(plants::NESTED_BY_NAME, "twins_are_two")
    .finds(plants::INSIDE_BETWEEN_POLLS, "tasks_are_not_inside_of_each_other")
}
