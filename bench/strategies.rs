//! How fast is a step under each strategy, beside shuttle's?

use crate::case::{CASES, Case};
use crate::lineup::{Pairing, lineup};
use retrip_figures::ratio::Ratio;
use retrip_figures::table;
use retrip_sim::engine::Shape;

/// Paired rounds of each cell.
const ROUNDS: usize = 5;

/// Prints the table of all strategies and all programs with goals.
pub fn print() {
    table::title(&format!(
        "Every strategy, theirs / ours: the median of {ROUNDS} paired rounds (and their range), and ns per step of ours. The row \
         `wanted` decides nothing: the exit code is that of the goals above, which are those of random."
    ));
    let names = CASES.iter().map(|case| case.load.to_string());
    table::head(["strategy", "shuttle's"].map(str::to_owned).into_iter().chain(names));
    let wanted = CASES.iter().map(|case| case.wanted.to_string());
    table::row(["wanted", ""].map(str::to_owned).into_iter().chain(wanted));
    let columns = CASES.map(|case| (case, case.program().shape()));
    for nth in 0..lineup(&Shape::default()).len() {
        let pairings = columns.each_ref().map(|(case, shape)| (case, lineup(shape)[nth].clone()));
        let Pairing { ours, theirs } = &pairings[0].1;
        let names = [ours.to_string(), theirs.to_string()];
        let cells = pairings.iter().map(|(case, pairing)| cell(case, pairing));
        table::row(names.into_iter().chain(cells));
    }
}

fn cell(case: &Case, pairing: &Pairing) -> String {
    let program = case.program();
    let mut steps = 0;
    let ours = |round| steps += case.ours(&program, &pairing.ours, round, case.schedules);
    let theirs = |round| case.theirs(pairing.theirs, round, case.schedules);
    let ratio = Ratio::of(ROUNDS, ours, theirs);
    // One round more was run than counts.
    let steps_of_a_round = u128::from(steps) / (ROUNDS as u128 + 1);
    let per_step = ratio.our_median().as_nanos() / steps_of_a_round;
    format!("{}, {per_step} ns", ratio.cell())
}
