//! How many interleavings does a search get through in a second, beside loom's?

use crate::by_loom;
use crate::load::{Load, Work, grouped};
use crate::programs::Program;
use retrip_figures::ratio::Ratio;
use retrip_figures::spread::Hundredths;
use retrip_figures::table;
use retrip_sim::explore::{Extent, Tally};
use std::time::Duration;

/// Paired rounds of each row.
const ROUNDS: usize = 5;

/// Each program, and the searches that make a round.
const LOADS: [(Load, u32); 7] = [
    (Load::of(Work::Atomics, 2, 2), 30),
    (Load::of(Work::Atomics, 2, 4), 5),
    (Load::of(Work::Atomics, 2, 6), 1),
    (Load::of(Work::Atomics, 3, 2), 1),
    (Load::of(Work::Locks, 2, 2), 20),
    (Load::of(Work::Locks, 2, 3), 5),
    (Load::of(Work::Locks, 3, 1), 5),
];

/// Prints the table.
pub fn print() {
    table::title(&format!(
        "Every interleaving, ours through `explore` and loom 0.7's through `loom::model`: how many each runs, how many a second, \
         ours / theirs per interleaving, and theirs / ours of the time for all of them; medians of {ROUNDS} paired rounds. Runs of \
         ours that were cut short are in the time and not in the count."
    ));
    let head = ["program", "retrip", "cut short", "loom", "retrip a second", "loom a second"];
    let ratios = ["ratio a second", "ratio of the whole"];
    table::head(head.into_iter().chain(ratios).map(str::to_owned));
    for (load, searches) in LOADS {
        let program = Program::of_one(load);
        let tally = program.every_order();
        assert_eq!(tally.extent, Extent::Complete, "nothing bounds it");
        let loom = by_loom::every_order(load);
        let ours = |_| (0..searches).for_each(|_| same(&tally, &program.every_order()));
        let theirs = |_| (0..searches).for_each(|_| assert_eq!(by_loom::every_order(load), loom));
        let ratio = Ratio::of(ROUNDS, ours, theirs);
        let our_rate = per_second(tally.interleavings, ratio.our_median() / searches);
        let their_rate = per_second(loom, ratio.their_median() / searches);
        let whole = ratio.median();
        let each = whole * u128::from(tally.interleavings) / u128::from(loom);
        let counts = [tally.interleavings, tally.cut(), loom, our_rate, their_rate].map(grouped);
        let ratios = [each, whole].map(|ratio| Hundredths(ratio).to_string());
        let name = [load.to_string()];
        table::row(name.into_iter().chain(counts).chain(ratios));
    }
}

fn same(first: &Tally, again: &Tally) {
    assert_eq!(first, again, "a search is a function of its program");
}

fn per_second(count: u64, spent: Duration) -> u64 {
    let rate = u128::from(count) * Duration::from_secs(1).as_nanos() / spent.as_nanos().max(1);
    u64::try_from(rate).expect("nothing is that fast")
}
