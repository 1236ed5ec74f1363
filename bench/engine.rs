//! How fast is a scheduling step, beside shuttle's, in one run?
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use retrip_bench::ratio::Ratio;
use retrip_bench::{peers, programs};
use std::hint::black_box;

/// A program by its shape: threads, operations of each, schedules in a round, and the ratio to reach.
struct Shape {
    name: &'static str,
    program: Program,
    threads: usize,
    times: u64,
    schedules: usize,
    goal: u32,
}

#[derive(Clone, Copy)]
enum Program {
    Atomics,
    Locks,
}

const SHAPES: [Shape; 4] = [
    Shape {
        name: "20 threads x 100 atomics",
        program: Program::Atomics,
        threads: 20,
        times: 100,
        schedules: 50,
        goal: 6,
    },
    Shape {
        name: "1,000 threads x 100 atomics",
        program: Program::Atomics,
        threads: 1_000,
        times: 100,
        schedules: 1,
        goal: 10,
    },
    Shape {
        name: "2 threads x 10 locks",
        program: Program::Locks,
        threads: 2,
        times: 10,
        schedules: 1_000,
        goal: 5,
    },
    Shape {
        name: "100 threads x 20 contended locks",
        program: Program::Locks,
        threads: 100,
        times: 20,
        schedules: 10,
        goal: 15,
    },
];

impl Shape {
    fn ours(&self, round: u64) {
        for schedule in 0..self.schedules as u64 {
            let seed = round << 32 | schedule;
            let ended = match self.program {
                Program::Atomics => programs::atomics(seed, self.threads, self.times),
                Program::Locks => programs::locks(seed, self.threads, self.times),
            };
            assert!(ended.failure.is_none(), "the program is correct");
            black_box(ended.schedule.value());
        }
    }

    fn theirs(&self, round: u64) {
        match self.program {
            Program::Atomics => peers::atomics(round, self.schedules, self.threads, self.times),
            Program::Locks => peers::locks(round, self.schedules, self.threads, self.times),
        }
    }
}

fn engine(criterion: &mut Criterion) {
    println!(
        "\ntheirs / ours, median of 15 paired rounds; shuttle 0.9, random strategy, digest on"
    );
    for shape in &SHAPES {
        let ratio = Ratio::of(15, |round| shape.ours(round), |round| shape.theirs(round));
        let seed = 1;
        let steps = match shape.program {
            Program::Atomics => programs::atomics(seed, shape.threads, shape.times).steps,
            Program::Locks => programs::locks(seed, shape.threads, shape.times).steps,
        };
        let per_step = ratio.our_median() / (u128::from(steps) * shape.schedules as u128);
        println!(
            "{:<34} {ratio}  goal {:>2}  ours {per_step} ns a step, {steps} steps",
            shape.name, shape.goal
        );
    }
    let before = resident_kib();
    let threads = 10_000;
    let during = programs::parked(threads, resident_kib);
    let each = (during.saturating_sub(before)) * 100 / threads;
    println!("resident memory per parked thread: {}.{:02} KiB  goal 8\n", each / 100, each % 100);

    for shape in &SHAPES {
        let mut group = criterion.benchmark_group(shape.name);
        group.sample_size(10);
        let one = Shape { schedules: 1, ..*shape };
        let mut round = 0;
        let mut next = || {
            round += 1;
            round
        };
        group.bench_function("retrip", |b| {
            b.iter_batched(&mut next, |round| one.ours(round), BatchSize::PerIteration);
        });
        group.bench_function("shuttle", |b| {
            b.iter_batched(&mut next, |round| one.theirs(round), BatchSize::PerIteration);
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

criterion_group!(benches, engine);
criterion_main!(benches);
