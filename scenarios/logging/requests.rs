//! Tasks that serve requests, each in scopes of its own, and take turns at every step.

use retrip_core::logger::LogField;
use retrip_sim::part::Tasks;
use retrip_sim::scenario::Draft;

/// So many tasks serve a request each.
pub(crate) fn serve(s: &mut Draft<'_>, count: u32) {
    let tasks = s.part(Tasks::named("app"));
    let mut generator = s.generator("requests");
    for number in 1..=count {
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
}
