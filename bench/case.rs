//! The four programs that have goals, and how a round of one is run by us and by shuttle.

use crate::by_shuttle::{self, Chooser};
use crate::load::{Load, Work};
use crate::programs::Program;
use retrip_sim::engine::Strategy;
use std::hint::black_box;

/// A program, how many schedules of it make a round, and how many times as fast as shuttle we should be.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The program.
    pub load: Load,
    /// Schedules in a round.
    pub schedules: usize,
    /// The ratio theirs / ours that decides the exit code: of the strategy random.
    pub goal: u128,
    /// The ratio that is wanted next, of every strategy. It is printed and decides nothing.
    pub wanted: u128,
}

/// All that have goals.
pub const CASES: [Case; 4] = [
    Case { load: Load::of(Work::Atomics, 20, 100), schedules: 100, goal: 6, wanted: 8 },
    Case { load: Load::of(Work::Atomics, 1_000, 100), schedules: 2, goal: 10, wanted: 12 },
    Case { load: Load::of(Work::Locks, 2, 10), schedules: 4_000, goal: 5, wanted: 6 },
    Case { load: Load::of(Work::Locks, 100, 20), schedules: 20, goal: 15, wanted: 20 },
];

impl Case {
    /// The program on our side.
    #[must_use]
    pub fn program(&self) -> Program {
        Program::of_actors(self.load)
    }

    /// Runs it `schedules` times, with other seeds in each round, and says how many scheduling steps that took.
    pub fn ours(
        &self,
        program: &Program,
        strategy: &Strategy,
        round: u64,
        schedules: usize,
    ) -> u64 {
        let run = |schedule| {
            let run = program.run(round << 32 | schedule, strategy);
            black_box(run.schedule.value());
            run.steps
        };
        (0..schedules as u64).map(run).sum()
    }

    /// Runs it as often on shuttle.
    pub fn theirs(&self, chooser: Chooser, round: u64, schedules: usize) {
        by_shuttle::run(self.load, chooser, round, schedules);
    }
}
