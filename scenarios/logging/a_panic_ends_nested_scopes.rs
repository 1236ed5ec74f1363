//! One task enters scopes within scopes, leaves some of them, and falls out of others by a panic that it catches.
//!
//! A worker that goes on after a panic serves the next request under the name of the last one, where a scope does not end when a panic
//! passes by. After each step, in and after the fall, the task must have what a list of open scopes says.

use crate::time::secs;
use retrip_core::logger::{LogField, plants};
use retrip_sim::check::context::own_context_only;
use retrip_sim::part::Tasks;
use retrip_sim::scenario::{Row, Scenario};

const KEYS: [LogField; 4] =
    [LogField::RequestId, LogField::UserId, LogField::Component, LogField::Function];
const DEEPEST: u64 = 4;

pub(crate) fn scenario() -> Scenario {
    let about = "scopes nest, and end in order or by a panic that is caught";
    Scenario::new("a_panic_ends_nested_scopes", about, |s| {
        let tasks = s.part(Tasks::named("app"));
        let mut generator = s.generator("scopes");
        let mut depth = 0;
        for second in 0..10 {
            let value = format!("v-{second}");
            let field = (*generator.pick(&KEYS), value.as_str());
            match generator.weighted(&[4, 3, 3]) {
                0 if depth < DEEPEST => {
                    depth += 1;
                    let user = format!("u-{second}");
                    let both = [field, (LogField::SessionId, user.as_str())];
                    let fields = if generator.chance(1, 3) { &both[..] } else { &both[..1] };
                    s.at(secs(second), tasks.enters(fields));
                }
                1 if depth > 0 => {
                    depth -= 1;
                    s.at(secs(second), tasks.leaves());
                }
                _ => s.at(secs(second), tasks.falls_within(&[field])),
            }
            s.at(secs(second), tasks.looks());
            s.at(secs(second), tasks.logs("goes on"));
        }
        for _ in 0..depth {
            s.at(secs(10), tasks.leaves());
        }
        s.at(secs(10), tasks.logs("is done"));

        s.check(own_context_only());
    })
    .proves(
        &[Row::end_to_end(17), Row::end_to_end(19)],
        "own_context_only",
        plants::CONTEXT_LEAKS_AFTER_SCOPE,
    )
    .proves(
        &[Row::end_to_end(18), Row::end_to_end(19)],
        "own_context_only",
        plants::SCOPE_HIDES_THE_OUTER_ONES,
    )
    .proves(&[Row::end_to_end(19)], "own_context_only", plants::OUTER_SCOPE_WINS)
    .proves(
        &[Row::end_to_end(19), Row::recovery(7)],
        "own_context_only",
        plants::PANIC_KEEPS_THE_SCOPE,
    )
    .proves(&[Row::recovery(7)], "own_context_only", plants::SCOPE_ENDS_ALL_SCOPES)
}
