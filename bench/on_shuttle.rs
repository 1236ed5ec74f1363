//! The same programs on shuttle 0.9, hunted with its own strategies.

pub(crate) use shuttle::{sync, thread};

#[expect(dead_code, reason = "what a program is about and its mended form are read in our copy")]
#[path = "../sim/tests/bugs/program/mod.rs"]
pub(crate) mod program;

use program::Program;
use shuttle::future::block_on;
use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler, UrwRandomScheduler};
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Its strategies, in the order of [`schedules`].
pub(crate) const STRATEGIES: [&str; 3] = ["random", "urw", "pct"];
/// The same as in the middling strategy of ours.
const PCT_DEPTH: usize = 3;

/// How many schedules each of its strategies takes to the first that fails; none where `most` were too few.
pub(crate) fn schedules(program: &Program, seed: u64, most: u64) -> [Option<u64>; 3] {
    let count = usize::try_from(most).expect("few schedules are asked for");
    [
        hunted(program, RandomScheduler::new_from_seed(seed, count)),
        hunted(program, UrwRandomScheduler::new_from_seed(seed, count)),
        hunted(program, PctScheduler::new_from_seed(seed, PCT_DEPTH, count)),
    ]
}

/// Makes it say nothing about failing schedules but that there is one: here they are what is looked for.
pub(crate) fn hush() {
    // Its hook is installed by its first run, in front of whatever is there.
    Runner::new(RandomScheduler::new_from_seed(0, 1), config()).run(|| {});
    panic::set_hook(Box::new(|_| {}));
}

fn hunted(program: &Program, scheduler: impl Scheduler + 'static) -> Option<u64> {
    let begun = Arc::new(AtomicU64::new(0));
    let (theirs, body) = (Arc::clone(&begun), program.faulty);
    let runner = Runner::new(scheduler, config());
    let hunt = move || {
        runner.run(move || {
            theirs.fetch_add(1, Relaxed);
            body();
        })
    };
    let payload = panic::catch_unwind(AssertUnwindSafe(hunt)).err()?;
    let said = retrip_core::door::JoinError::panicked(&*payload).to_string();
    assert!(said.contains(program.symptom), "{}: {said}", program.name);
    Some(begun.load(Relaxed))
}

fn config() -> Config {
    let mut config = Config::new();
    config.max_steps = MaxSteps::None;
    config.failure_persistence = FailurePersistence::None;
    config.silence_warnings = true;
    config
}
