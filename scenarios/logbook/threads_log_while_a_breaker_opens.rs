//! Threads call through a breaker and log at once, the breaker's listeners log, and the log's file asks the breaker before each line.
//!
//! Two locks that are taken in both orders stop a program for ever, at some moment of some busy day. Neither calls the other while it holds
//! its own: no order of the threads may block, and what the log says of the breaker is what its journal says.

use super::promise::{Written, log_is_the_journal};
use super::station::BREAKER;
use super::traffic;
use retrip_core::breaker::plants as of_breakers;
use retrip_core::logger::plants;
use retrip_sim::check::breaker::legal_edges;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "threads call and log at once, listeners log, and the log's file asks the breaker";
    Scenario::new("threads_log_while_a_breaker_opens", about, |s| {
        let station = traffic::station(s);
        let mut script = s.generator("script");
        for thread in 1..=s.draw("threads", 2..=4) {
            let mut actor = s.actor(format!("thread-{thread}"));
            for number in 1..=5 {
                let operation = traffic::anything(&mut script, format!("r-{thread}.{number}"));
                actor = actor.does(station.does(&operation));
            }
            actor.ends();
        }
        s.finally(station.does(&traffic::last_words()));

        s.check(log_is_the_journal(Written::InTime));
        s.check(legal_edges(BREAKER));
    })
    .proves(&[Row::concurrency(9)], "log_is_the_journal", plants::LATER_TYPE_IS_WRITTEN_AS_CUSTOM)
    .proves(&[Row::concurrency(9)], "no_deadlock", of_breakers::LISTENERS_UNDER_THE_LOCK)
}
