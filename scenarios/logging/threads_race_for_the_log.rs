//! Several threads log at the same time, and the one that was first to get a number need not be first to write.
//!
//! Readers take a gap in the numbers as a proof of loss. That holds only if a line gets its number under the lock under
//! which it is written, so that the order of the file is the order of the numbers.

use retrip_core::logger::plants;
use retrip_sim::check::seq_is_file_order;
use retrip_sim::part::Tasks;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "several threads log at once, and their lines must not overtake each other";
    Scenario::new("threads_race_for_the_log", about, |s| {
        let tasks = s.part(Tasks::numbered("app"));
        let threads = s.draw("threads", 2..=6);
        let lines = s.draw("lines", 1..=4);
        for thread in 1..=threads {
            let mut task = s.actor(format!("task-{thread}"));
            for line in 1..=lines {
                task = task.does(tasks.logs(&format!("line {line} of task {thread}")));
            }
            task.ends();
        }

        s.check(seq_is_file_order("app"));
    })
    // Each has lines of one task between two of another.
    .pinned(&[0x2, 0x8, 0x22])
    .in_full()
    .finds(plants::SEQ_OUTSIDE_LOCK, "seq_is_file_order")
}
