//! How fast are channels and locks for readers and writers, beside shuttle's? Both sides run one source, on std's shapes.

use crate::by_shuttle::{self, Chooser};
use crate::load::{Load, Work};
use crate::programs::Program;
use retrip_figures::ratio::Ratio;
use retrip_figures::table;
use retrip_sim::engine::Strategy;
use std::hint::black_box;

/// Paired rounds of each row.
const ROUNDS: usize = 9;

/// Each program, and the schedules that make a round.
const LOADS: [(Load, usize); 7] = [
    (Load::of(Work::Messages, 1, 1_000), 100),
    (Load::of(Work::Messages, 20, 100), 50),
    (Load::of(Work::MessagesWithRoomFor(1), 20, 100), 50),
    (Load::of(Work::MessagesWithRoomFor(16), 20, 100), 50),
    (Load::of(Work::ReadsAndWrites, 2, 10), 2_000),
    (Load::of(Work::ReadsAndWrites, 20, 100), 30),
    (Load::of(Work::ReadsAndWrites, 100, 20), 20),
];

/// Prints the table.
pub fn print() {
    table::title(&format!(
        "Channels and RwLock, random against random: ns per operation (a message sent and received; a lock got and released), and \
         theirs / ours, the median of {ROUNDS} paired rounds (and their range)."
    ));
    table::head(["program", "retrip", "shuttle", "theirs / ours"].map(str::to_owned));
    for (load, schedules) in LOADS {
        let program = Program::of_one(load);
        let ours = |round: u64| {
            for schedule in 0..schedules as u64 {
                let run = program.run(round << 32 | schedule, &Strategy::Random);
                black_box(run.schedule.value());
            }
        };
        let theirs = |round| by_shuttle::run(load, Chooser::Random, round, schedules);
        let ratio = Ratio::of(ROUNDS, ours, theirs);
        let operations = u128::from(load.operations()) * schedules as u128;
        let each = [ratio.our_median(), ratio.their_median()]
            .map(|median| (median.as_nanos() / operations).to_string());
        let [ours, theirs] = each;
        table::row([load.to_string(), ours, theirs, ratio.cell()]);
    }
}
