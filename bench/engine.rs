//! How fast is a scheduling step, beside shuttle's, and how many seeds does a sweep get through?
//!
//! The figures with a goal come first, each from paired rounds of the processor's time; where one misses its goal the
//! program ends with exit code 1. Criterion's own measurements of the same programs follow.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use criterion::{BatchSize, Criterion};
use retrip_bench::goal::{Goal, Goals};
use retrip_bench::programs::{self, Program, Work};
use retrip_bench::ratio::Ratio;
use retrip_bench::{peers, swarm};
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

/// A program by its shape: what each of the threads does how often, schedules in a round, and the ratio to reach.
struct Shape {
    name: &'static str,
    work: Work,
    threads: usize,
    times: u64,
    schedules: usize,
    goal: u128,
}

const SHAPES: [Shape; 4] = [
    Shape {
        name: "20 threads x 100 atomics",
        work: Work::Atomics,
        threads: 20,
        times: 100,
        schedules: 100,
        goal: 6,
    },
    Shape {
        name: "1,000 threads x 100 atomics",
        work: Work::Atomics,
        threads: 1_000,
        times: 100,
        schedules: 2,
        goal: 10,
    },
    Shape {
        name: "2 threads x 10 locks",
        work: Work::Locks,
        threads: 2,
        times: 10,
        schedules: 4_000,
        goal: 5,
    },
    Shape {
        name: "100 threads x 20 contended locks",
        work: Work::Locks,
        threads: 100,
        times: 20,
        schedules: 20,
        goal: 15,
    },
];

/// Paired rounds of each comparison.
const ROUNDS: usize = 15;
/// Seeds of the swarm in a round.
const SEEDS: u64 = 4_000;

impl Shape {
    fn ours(&self, program: &Program, round: u64, schedules: usize) {
        for schedule in 0..schedules as u64 {
            let run = program.run(round << 32 | schedule);
            black_box(run.schedule.value());
        }
    }

    fn theirs(&self, round: u64, schedules: usize) {
        match self.work {
            Work::Atomics => peers::atomics(round, schedules, self.threads, self.times),
            Work::Locks => peers::locks(round, schedules, self.threads, self.times),
        }
    }

    fn program(&self) -> Program {
        Program::of(self.work, self.threads, self.times)
    }

    /// Theirs / ours, per step where both take the same steps of the program.
    fn measure(&self) -> Goal {
        let program = self.program();
        let ours = |round| self.ours(&program, round, self.schedules);
        let ratio = Ratio::of(ROUNDS, ours, |round| self.theirs(round, self.schedules));
        let steps = u128::from(program.run(1).steps) * self.schedules as u128;
        let per_step = ratio.our_median().as_nanos() / steps;
        Goal::at_least(self.name, ratio.median(), self.goal * 100)
            .with(format!("{ratio}, {per_step} ns a step"))
    }
}

fn main() -> ExitCode {
    println!(
        "\nprocessor time; theirs / ours is the median of {ROUNDS} paired rounds; shuttle 0.9; random strategy, digest on"
    );
    let mut goals = Goals::default();
    // The sweeps first: shuttle, once used, has a word to say about every panic of the process, also those of our runs.
    sweeps(&mut goals);
    goals.add(memory());
    for shape in &SHAPES {
        goals.add(shape.measure());
    }
    println!();
    // Nothing of criterion's may stand between a goal that was missed and the exit code.
    let mut criterion = Criterion::default().configure_from_args();
    compare(&mut criterion);
    criterion.final_summary();
    if goals.are_met() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What a thread that does nothing holds in memory.
fn memory() -> Goal {
    let before = resident_kib();
    let threads = 10_000;
    let during = programs::parked(threads, resident_kib);
    let each = (during.saturating_sub(before)) as u128 * 100 / threads as u128;
    Goal::at_most("KiB resident per parked thread", each, 800)
}

/// Seeds of the swarm per second of the processor, and what a second job costs.
fn sweeps(goals: &mut Goals) {
    let one = |round: u64| swarm::sweep_swarm(1, round * SEEDS, SEEDS);
    let two = |round: u64| swarm::sweep_swarm(2, round * SEEDS, SEEDS);
    let ratio = Ratio::of_timed(ROUNDS, one, two);
    let second = Duration::from_secs(1).as_nanos();
    let seeds = second * u128::from(SEEDS) / ratio.our_median().as_nanos();
    goals.add(Goal::at_least("seeds of breaker_swarm per second", seeds * 100, 1_000_000));
    let goal = Goal::at_most("processor time at two jobs / at one", ratio.median(), 110);
    goals.add(goal.with(format!("{ratio}")));
}

fn compare(criterion: &mut Criterion) {
    for shape in &SHAPES {
        let program = shape.program();
        let mut group = criterion.benchmark_group(shape.name);
        group.sample_size(10);
        let mut round = 0;
        let mut next = || {
            round += 1;
            round
        };
        group.bench_function("retrip", |b| {
            let run = |round| shape.ours(&program, round, 1);
            b.iter_batched(&mut next, run, BatchSize::PerIteration);
        });
        group.bench_function("shuttle", |b| {
            let run = |round| shape.theirs(round, 1);
            b.iter_batched(&mut next, run, BatchSize::PerIteration);
        });
        group.finish();
    }
}

/// What of this process is in memory now.
fn resident_kib() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("this machine is a Linux");
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok());
    pages.expect("the second field of statm is a number of pages") * 4
}
