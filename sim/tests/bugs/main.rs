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
    // Where nobody decides who goes first once time has moved, three are.
    assert!(late.len() <= 2, "late: {late:?}");
}

#[test]
fn what_taking_turns_misses_the_portfolio_finds() {
    let programs = programs();
    let ring = programs.iter().find(|program| program.name == "five philosophers");
    let ground = Ground::of(ring.expect("it is among the programs").faulty);
    let [.., round_robin] = ground.strategies();
    assert_eq!(round_robin.name(), "round-robin");
    let alone = ground.hunt(&Chooser::Only(round_robin), STARTS[0], 300);
    assert!(alone.is_none(), "{alone:?}");
    let found = ground.hunt(&Chooser::Portfolio, STARTS[0], 300);
    assert!(found.is_some(), "the portfolio misses it as well");
}

#[test]
fn the_table_tells_of_every_program() {
    let table = include_str!("../../../docs/bugs.md");
    for Program { name, about, .. } in programs() {
        assert!(table.contains(&format!("\n| {name} | ")), "{name} has no row: print it anew");
        assert!(table.contains(&format!("- **{name}**: {about}\n")), "{name}: print it anew");
    }
}

#[test]
fn no_schedule_of_a_mended_program_fails() {
    // For more of them in release: `cargo bench-bugs -- mended 1000000`.
    let schedules = 2_000;
    for program in programs() {
        let Some(mended) = program.mended else { continue };
        let found = Ground::of(mended).hunt(&Chooser::Portfolio, 7, schedules);
        assert!(found.is_none(), "{}: {found:?}", program.name);
    }
}
