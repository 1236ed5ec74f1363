//! What does a step cost the more threads there are? No strategy may ask each of them at each step.

use crate::by_shuttle::{self, Chooser};
use crate::lineup::lineup;
use crate::load::{Load, Work, grouped};
use crate::programs::Program;
use retrip_figures::spent::timed;
use retrip_figures::spread::Hundredths;
use retrip_figures::table;
use retrip_sim::engine::{Shape, Strategy};
use std::hint::black_box;
use std::time::Duration;

/// A number of threads, and the schedules that make a round.
#[derive(Clone, Copy)]
struct Size {
    threads: usize,
    schedules: u64,
}

const SIZES: [Size; 4] = [
    Size { threads: 10, schedules: 100 },
    Size { threads: 100, schedules: 10 },
    Size { threads: 1_000, schedules: 1 },
    Size { threads: 10_000, schedules: 1 },
];
/// Steps of each thread in two programs. What the longer one costs more is what its steps cost: starting a thread and ending
/// it is in both.
const TIMES: [u64; 2] = [20, 120];
/// Rounds of each cell of ours.
const ROUNDS: u64 = 5;
/// Rounds of each cell of theirs, which take longer.
const THEIR_ROUNDS: u64 = 3;
/// With ten times as many they take a minute a round.
const THEIR_MOST: usize = 1_000;

impl Size {
    /// Threads that are all ready for as long as they have steps.
    fn loads(self) -> [Load; 2] {
        TIMES.map(|times| Load::of(Work::AtomicsTogether, self.threads, times))
    }

    /// The picoseconds that a step takes in programs that take so long.
    fn step(self, [shorter, longer]: [Duration; 2]) -> u128 {
        let steps = self.threads as u128 * u128::from(self.schedules * (TIMES[1] - TIMES[0]));
        longer.saturating_sub(shorter).as_nanos() * 1_000 / steps
    }
}

/// The two programs of one size, and their pilots.
struct Programs {
    size: Size,
    both: [(Program, Shape); 2],
}

impl Programs {
    fn of(size: Size) -> Self {
        let with_pilot = |load| {
            let program = Program::of_one(load);
            let shape = program.shape();
            (program, shape)
        };
        Self { size, both: size.loads().map(with_pilot) }
    }

    /// A step of the strategy at this place of the line-up.
    fn step(&self, place: usize, round: u64) -> u128 {
        let spent = self.both.each_ref().map(|(program, shape)| {
            let strategy = &lineup(shape)[place].ours;
            timed(|| {
                (0..self.size.schedules).for_each(|nth| run(program, strategy, round << 32 | nth))
            })
        });
        self.size.step(spent)
    }
}

fn run(program: &Program, strategy: &Strategy, seed: u64) {
    black_box(program.run(seed, strategy).schedule.value());
}

/// A step of theirs.
fn their_step(size: Size, chooser: Chooser, round: u64) -> u128 {
    let schedules = usize::try_from(size.schedules).expect("a few");
    let spent = |load| timed(|| by_shuttle::run(load, chooser, round, schedules));
    size.step(size.loads().map(spent))
}

/// Prints the table.
pub fn print() {
    table::title(&format!(
        "What a step costs while so many threads are ready, all at one atomic, in ns: the median of {ROUNDS} rounds (shuttle: \
         {THEIR_ROUNDS}). Growth is the last number / the first: up to 10,000 threads a logarithm grows by 4 and what asks each \
         thread by 1,000, up to 1,000 by 3 and 100."
    ));
    let sizes = SIZES.map(|size| grouped(size.threads as u64));
    let head = ["strategy".to_owned()].into_iter().chain(sizes).chain(["growth".to_owned()]);
    table::head(head);
    let programs = SIZES.map(Programs::of);
    for (place, pairing) in lineup(&Shape::default()).iter().enumerate() {
        let round = |round| programs.iter().map(|programs| programs.step(place, round)).collect();
        row(&pairing.ours.to_string(), ROUNDS, round);
    }
    for chooser in [Chooser::Random, Chooser::Urw, Chooser::Pct { depth: 3 }] {
        let sizes = || SIZES.iter().filter(|size| size.threads <= THEIR_MOST);
        let round = |round| sizes().map(|&size| their_step(size, chooser, round)).collect();
        row(&format!("shuttle {chooser}"), THEIR_ROUNDS, round);
    }
}

/// A row, of what `round` measures at each size; the first round does not count.
fn row(name: &str, rounds: u64, round: impl FnMut(u64) -> Vec<u128>) {
    let rounds: Vec<Vec<u128>> = (0..=rounds).map(round).skip(1).collect();
    let measured = rounds[0].len();
    let steps: Vec<u128> =
        (0..measured).map(|nth| middle(rounds.iter().map(|round| round[nth]))).collect();
    let growth = middle(rounds.iter().map(|round| round[measured - 1] * 100 / round[0].max(1)));
    let mut cells = vec![name.to_owned()];
    cells.extend(steps.iter().map(|step| (step / 1_000).to_string()));
    cells.resize(1 + SIZES.len(), "-".to_owned());
    cells.push(Hundredths(growth).to_string());
    table::row(cells);
}

fn middle(numbers: impl Iterator<Item = u128>) -> u128 {
    let mut numbers: Vec<u128> = numbers.collect();
    numbers.sort_unstable();
    numbers[numbers.len() / 2]
}
