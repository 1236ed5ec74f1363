//! Callers ask for breakers by name at the same time, and nobody has made them yet.
//!
//! Of two who find no breaker both may make one. If each gets its own, each sees half of the failures, and neither opens.

use super::directory::Directory;
use super::promise;
use retrip_core::breaker::plants;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "callers ask at once for breakers that nobody has made yet";
    Scenario::new("callers_race_for_a_name", about, |s| {
        let callers = s.draw("callers", 2..=5);
        let registry = s.part(Directory);
        let mut script = s.generator("script");
        for caller in 1..=callers {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(1..=4) {
                actor = actor.does(registry.gives(NAMES[script.index(NAMES.len())], 5));
            }
            actor.ends();
        }
        s.check(promise::a_name_has_one_breaker());
        s.check(promise::names_are_separate());
        s.sometimes(promise::two_ask_at_once());
    })
    // Names that are alike, and callers of whom several ask for one of them.
    .pinned(&[0x14, 0x11, 0x1])
    .in_full()
    .proves(&[Row::end_to_end(11)], "a_name_has_one_breaker", plants::SLOWER_ONE_REPLACES)
    .proves(&[Row::end_to_end(12)], "names_are_separate", plants::NAMES_WITHOUT_CASE)
}

/// Names that are alike, and are not the same.
const NAMES: [&str; 3] = ["llm", "LLM", "llm-2"];
