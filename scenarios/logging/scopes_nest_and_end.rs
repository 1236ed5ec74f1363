//! One task enters scopes within scopes, which override each other's fields, and leaves them again.
//!
//! A scope whose fields outlive it puts the last request's name on everything that follows; one that restores too much
//! takes a name away. After each step the task must have what a list of open scopes says.

use crate::time::secs;
use retrip_core::logger::{LogField, plants};
use retrip_sim::check::context::context_ends_with_its_scope;
use retrip_sim::part::Tasks;
use retrip_sim::scenario::Scenario;

const KEYS: [LogField; 4] =
    [LogField::RequestId, LogField::UserId, LogField::Component, LogField::Function];
const DEEPEST: u64 = 4;

pub(crate) fn scenario() -> Scenario {
    let about = "scopes nest, override each other's fields, and end";
    Scenario::new("scopes_nest_and_end", about, |s| {
        let tasks = s.part(Tasks::named("app"));
        let mut generator = s.generator("scopes");
        let mut depth = 0;
        for second in 0..12 {
            let enters = depth == 0 || (depth < DEEPEST && generator.chance(1, 2));
            if enters {
                depth += 1;
                let value = format!("v-{second}");
                s.at(secs(second), tasks.enters(&[(*generator.pick(&KEYS), &value)]));
            } else {
                depth -= 1;
                s.at(secs(second), tasks.leaves());
            }
            s.at(secs(second), tasks.looks());
            s.at(secs(second), tasks.logs("goes on"));
        }
        for _ in 0..depth {
            s.at(secs(12), tasks.leaves());
        }
        s.at(secs(12), tasks.logs("is done"));

        s.check(context_ends_with_its_scope());
    })
    .finds(plants::CONTEXT_LEAKS_AFTER_SCOPE, "context_ends_with_its_scope")
}
