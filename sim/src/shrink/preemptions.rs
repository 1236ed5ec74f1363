//! One preemption in place of several: most races need no more.

use super::Search;
use crate::plan::{Deviation, Plan, Schedule, Turn};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Only small cases are tried: so many threads at most, with so many scheduling points each.
const MOST_THREADS: usize = 4;
const MOST_POINTS: u64 = 24;

/// Tries every schedule with a single preemption, where the case is small enough.
///
/// Leaving out deviations one by one stops at a chain in which each needs the one before; a single preemption elsewhere
/// may do the same. Musuvathi and Qadeer ("Iterative Context Bounding", 2007) found that few preemptions suffice.
pub(super) fn shrink(search: &mut Search<'_>) {
    if preemptions(search.best()) < 2 {
        return;
    }
    let script = search.best().script.as_deref().unwrap_or_default();
    let mut threads: BTreeSet<Arc<str>> =
        script.iter().filter_map(|step| step.actor.clone()).collect();
    threads.insert("main".into());
    if threads.len() > MOST_THREADS {
        return;
    }
    for point in 1..=MOST_POINTS {
        for thread in &threads {
            for other in threads.iter().filter(|other| *other != thread) {
                let turn = Turn::To(Arc::clone(other));
                let deviation = Deviation { thread: Arc::clone(thread), point, turn };
                let schedule = Schedule::Written(vec![deviation]);
                if search.accept(Plan { schedule, ..search.best().clone() }) {
                    return;
                }
            }
        }
    }
}

fn preemptions(plan: &Plan) -> usize {
    match &plan.schedule {
        Schedule::Written(deviations) => deviations.len(),
        Schedule::Drawn => 0,
    }
}
