//! A hundred tasks serve a hundred requests on a hundred threads, and take turns at every step.
//!
//! A logger that keeps its context in one place, or on the thread of the operating system that all of them share here,
//! writes one request's lines under another's name. Each task must find its own context in what it reads and in what
//! it logs, wherever the others interrupt it.

use retrip_core::logger::{LogField, plants};
use retrip_sim::check::context::own_context_only;
use retrip_sim::part::Tasks;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "a hundred tasks log within scopes of their own and take turns at every step";
    Scenario::new("contexts_of_100_threads_interleaved", about, |s| {
        let tasks = s.part(Tasks::named("app"));
        let mut generator = s.generator("requests");
        for number in 1..=100 {
            let request = format!("r-{number}");
            let user = format!("u-{}", generator.within(1..=9));
            let retries = generator.chance(1, 4);

            let mut task = s
                .actor(format!("task-{number}"))
                .does(tasks.enters(&[(LogField::RequestId, &request)]))
                .does(tasks.logs("begins"))
                .does(tasks.enters(&[(LogField::UserId, &user), (LogField::Component, "search")]))
                .does(tasks.looks())
                .does(tasks.logs("searches"));
            if retries {
                task = task
                    .does(tasks.enters(&[(LogField::RequestId, &format!("{request}.again"))]))
                    .does(tasks.logs("tries again"))
                    .does(tasks.leaves());
            }
            task.does(tasks.leaves())
                .does(tasks.logs("answers"))
                .does(tasks.leaves())
                .does(tasks.logs("rests"))
                .ends();
        }

        s.check(own_context_only());
    })
    .proves(
        &[Row::end_to_end(33), Row::properties(5)],
        "own_context_only",
        plants::CONTEXT_SHARED_BETWEEN_UNITS,
    )
    .enough(20)
}
