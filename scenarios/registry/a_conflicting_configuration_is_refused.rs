//! Callers ask for the breaker of one name with different configurations: the first one says what it is, and whoever wants
//! another one is told so.

use super::directory::Directory;
use super::promise;
use retrip_core::breaker::plants;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "callers ask for the breaker of one name with different configurations";
    Scenario::new("a_conflicting_configuration_is_refused", about, |s| {
        let callers = s.draw("callers", 2..=4);
        let registry = s.part(Directory);
        let mut script = s.generator("script");
        for caller in 1..=callers {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(1..=3) {
                let threshold = *script.pick(&[3, 5]);
                actor = actor.does(registry.gives(["db", "llm"][script.index(2)], threshold));
            }
            actor.ends();
        }
        s.check(promise::conflicts_are_errors());
        s.sometimes(promise::somebody_is_refused());
    })
    // Refused by who came first, and by oneself.
    .pinned(&[0x10, 0x2c, 0x1])
    .in_full()
    .proves(&[Row::end_to_end(11)], "conflicts_are_errors", plants::CONFLICT_IGNORED)
}
