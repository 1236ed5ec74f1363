//! Does the portfolio find the classic bugs of concurrency within few schedules, and let the mended programs pass?
//!
//! How many schedules each strategy takes, beside a peer's, is measured by `cargo bench-bugs`.

mod hunt;
mod simulated;

use hunt::{Chooser, Ground, median};
use simulated::program::{DEADLOCK, Program};
use simulated::programs;

/// Where the hunts begin.
const STARTS: [u64; 3] = [1, 2, 3];

fn shows(program: &Program, failure: &retrip_sim::engine::threads::Failure) -> bool {
    if program.symptom == DEADLOCK {
        failure.promise() == "no_deadlock"
    } else {
        failure.to_string().contains(program.symptom)
    }
}

#[test]
fn every_bug_is_found_from_every_start_and_most_of_them_soon() {
    let mut late = Vec::new();
    for program in programs() {
        let ground = Ground::of(program.faulty);
        let counts = STARTS.map(|start| {
            let found = ground.hunt(&Chooser::Portfolio, start, 5_000);
            let found = found.unwrap_or_else(|| panic!("{} from {start}: nothing", program.name));
            let at = (program.name, found.seed);
            assert!(shows(&program, &found.failure), "{at:?}: {}", found.failure);
            Some(found.schedules)
        });
        let median = median(counts.to_vec()).expect("every hunt came home with something");
        if median > 100 {
            late.push((program.name, median));
        }
    }
    let all = programs().len();
    assert!(late.len() * 5 <= all, "more than a fifth of {all} is late: {late:?}");
}

#[test]
fn no_schedule_of_a_mended_program_fails() {
    // For more: `RUSTFLAGS` unchanged, `cargo test --release -p retrip-sim --test bugs -- mended`.
    let schedules = 2_000;
    for program in programs() {
        let Some(mended) = program.mended else { continue };
        let found = Ground::of(mended).hunt(&Chooser::Portfolio, 7, schedules);
        assert!(found.is_none(), "{}: {found:?}", program.name);
    }
}
