//! Threads log beside a breaker that opens, is open, and rejects them.
//!
//! An outage is when a log is needed most. A logger that is left in a state by what the breaker has said through it stays silent from then on.

use super::promise::{logging_goes_on, said_while_open};
use super::traffic;
use crate::time::secs;
use retrip_core::logger::plants;
use retrip_sim::part::waits;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "threads log beside a breaker that opens and rejects them";
    Scenario::new("logging_goes_on_while_a_breaker_is_open", about, |s| {
        let station = traffic::station(s);
        let mut script = s.generator("script");
        for thread in 1..=s.draw("threads", 2..=4) {
            let mut actor = s.actor(format!("thread-{thread}"));
            for number in 1..=6 {
                let pause = script.duration_within(secs(0)..=secs(1));
                let operation = traffic::anything(&mut script, format!("r-{thread}.{number}"));
                actor = actor.does(waits(pause)).does(station.does(&operation));
            }
            actor.ends();
        }

        s.check(logging_goes_on());
        s.sometimes(said_while_open());
    })
    .proves(&[Row::recovery(11)], "logging_goes_on", plants::REJECTION_LEAVES_THE_UNIT_BUSY)
}
