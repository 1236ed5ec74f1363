//! A breaker opens, half-opens and closes up to two thousand times within an hour, and now and then a call of hundreds of
//! cycles ago ends at last.
//!
//! What is counted in too few bits comes round again: a result of long ago then looks like one of now.

use crate::config::closes_after;
use crate::time::{millis, secs};
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::part::guarded::End;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "a breaker opens and closes up to two thousand times";
    Scenario::new("thousands_of_cycles", about, |s| {
        let hundreds = s.draw("hundreds", 0..=20);
        let ahead = s.draw("ahead", 0..=40);
        let open_for = secs(1);
        let config = BreakerConfig { failure_threshold: Some(1), open_for, ..closes_after(1) };
        let llm = s.guarded("llm", config);

        let mut script = s.generator("script");
        let mut now = secs(0);
        let mut caller = s.actor("caller");
        for cycle in 0..hundreds * 100 + 5 {
            // A late call is under way for 256 cycles, which are three generations each, or for one more.
            let age = cycle.checked_sub(ahead).map(|since| since % 300);
            if age == Some(0) {
                caller = caller.does_at(now, llm.begin("late"));
                caller = caller.does_at(now, llm.begin("later"));
            }
            if let Some(label) = age.and_then(ends) {
                caller = caller.does_at(now, llm.end(label, *script.pick(&[End::Ok, End::Failed])));
            }
            caller = caller.does_at(now, llm.call_and_fail());
            now += open_for;
            caller = caller.does_at(now, llm.call());
            now += millis(script.within(0..=500));
        }
        caller.ends();
        s.finally(llm.read());

        s.check(promise::fenced_results("llm"));
        s.check(promise::legal_edges("llm"));
        s.check(promise::closes_at_kth_success("llm", 1));
        s.check(promise::counts_add_up("llm"));
    })
    // The shortest: five cycles each.
    .pinned(&[0xc, 0x1a, 0x1d])
    .enough(20)
    .proves(&[Row::concurrency(3)], "fenced_results", plants::GENERATION_IN_EIGHT_BITS)
    .proves(&[Row::concurrency(3)], "legal_edges", plants::CLOSES_WITHOUT_TRIALS)
    .proves(&[Row::concurrency(3)], "counts_add_up", plants::TOTALS_LOST_BY_CLOSING)
}

/// The call that ends when it is so many cycles old.
const fn ends(age: u32) -> Option<&'static str> {
    match age {
        256 => Some("late"),
        257 => Some("later"),
        _ => None,
    }
}
