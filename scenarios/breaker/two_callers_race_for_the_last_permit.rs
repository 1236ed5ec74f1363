//! Two callers come at the same moment, when a half-open breaker has one permit left.
//!
//! One of them makes the trial, and the other one is rejected: never both, whoever was first.

use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, EventKind, plants};
use retrip_sim::check::{Sometimes, breaker as promise};
use retrip_sim::log::{Event, What};
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "two callers race for the last permit of a half-open breaker";
    Scenario::new("two_callers_race_for_the_last_permit", about, |s| {
        let open_for = s.draw_duration("open_for", secs(1)..=secs(60));
        let takes = s.draw_duration("takes", secs(1)..=secs(10));
        let config = BreakerConfig { failure_threshold: Some(1), open_for, ..closes_after(1) };
        let llm = s.guarded("llm", config);

        s.at(secs(0), llm.call_and_fail());
        s.at(secs(0), llm.takes(takes));
        s.actor("first").does_at(open_for, llm.call()).ends();
        s.actor("second").does_at(open_for, llm.call()).ends();

        s.finally(llm.read());

        s.check(promise::bounded_trials("llm", 1));
        s.check(promise::rejection_runs_nothing("llm"));
        s.sometimes(Sometimes::new("the_first_gets_the_permit", |event| tries(event, "first")));
        s.sometimes(Sometimes::new("the_second_gets_the_permit", |event| tries(event, "second")));
    })
    // The first gets the permit, then the second, twice.
    .pinned(&[4, 1, 8])
    .in_full()
    .finds(plants::UNLIMITED_TRIALS, "bounded_trials")
    .finds(plants::REJECTION_IS_IN_FLIGHT, "rejection_runs_nothing")
}

fn tries(event: &Event, caller: &str) -> bool {
    let trial = |what: &What| matches!(what, What::Breaker(own) if matches!(own.kind, EventKind::TrialBegins { .. }));
    *event.thread == *caller && trial(&event.what)
}
