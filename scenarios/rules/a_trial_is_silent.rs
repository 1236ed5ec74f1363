//! A trial hangs for as long as its lease lasts, to the nanosecond, and tells its result when another one has its permit.
//!
//! Without the lease the breaker would stay half-open for ever, and nobody would see why.

use crate::config::closes_after;
use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::part::guarded::End;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a trial is silent for longer than its lease, and tells its result too late";
    Scenario::new("a_trial_is_silent", about, |s| {
        let open_for = s.draw_duration("open_for", secs(1)..=secs(60));
        let lease = s.draw_duration("lease", secs(1)..=secs(60));
        let late = s.draw_duration("late", NANOSECOND..=lease - NANOSECOND);
        let end = if s.draw("succeeds", 0..=1) == 1 { End::Ok } else { End::Failed };
        let config = BreakerConfig {
            failure_threshold: Some(1),
            open_for,
            trial_lease: Some(lease),
            ..closes_after(1)
        };
        let llm = s.guarded("llm", config);
        let over = open_for + lease;

        s.at(secs(0), llm.call_and_fail());
        s.at(open_for, llm.begin("silent"));
        s.at(over - NANOSECOND, llm.call()); // rejected: the one permit is still taken
        s.at(over, llm.begin("next"));
        s.at(over + late, llm.end("silent", end));
        s.at(over + late, llm.call()); // rejected as well
        s.at(over + late, llm.end("next", End::Ok)); // closed from here
        s.at(over + late, llm.call());

        s.check(promise::silent_trials_end("llm", lease));
        s.check(promise::fenced_results("llm"));
        s.check(promise::bounded_trials("llm", 1));
        s.check(promise::permits_are_given("llm", 1));
    })
    // Late results that would close the breaker, and open it again; a second trial that closes it.
    .pinned(&[0x0, 0x1, 0x2])
    .finds(plants::LEASE_NEVER_ENDS, "silent_trials_end")
    .finds(plants::LEASE_EARLY_BY_ONE_NANOSECOND, "silent_trials_end")
    .finds(plants::RECLAIMED_TRIAL_COUNTS, "fenced_results")
    .finds(plants::RECLAIMED_PERMIT_COMES_LATE, "permits_are_given")
}
