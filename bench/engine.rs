//! How fast is a scheduling step, beside shuttle's, how many seeds does a sweep get through, and how many orders a search?
//!
//! The figures with a goal come first, each from paired rounds of the processor's time; where one misses its goal the
//! program ends with exit code 1. Then come tables which decide nothing, each in a file of its own, and criterion's own
//! measurements of the programs with goals. With the names of tables as arguments it prints these and nothing else.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use criterion::{BatchSize, Criterion};
use retrip_bench::by_shuttle::Chooser;
use retrip_bench::case::{CASES, Case};
use retrip_bench::{curve, exhaustive, hosts, primitives, programs, strategies, swarm};
use retrip_figures::goal::{Goal, Goals};
use retrip_figures::ratio::Ratio;
use retrip_sim::engine::Strategy;
use std::process::ExitCode;
use std::time::Duration;

/// Paired rounds of each comparison.
const ROUNDS: usize = 15;
/// Seeds of the swarm in a round.
const SEEDS: u64 = 4_000;

/// What this program measures, and by which word it can be asked to measure that alone: `cargo bench-engine -- curve`.
const PARTS: [(&str, fn()); 5] = [
    ("hosts", hosts::print),
    ("strategies", strategies::print),
    ("curve", curve::print),
    ("primitives", primitives::print),
    ("exhaustive", exhaustive::print),
];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let is_asked = |part: &&(&str, fn())| asked.iter().any(|word| word == part.0);
    println!(
        "\nprocessor time in paired rounds, against shuttle 0.9 and loom 0.7; digest and event log on"
    );
    if PARTS.iter().any(|part| is_asked(&part)) {
        PARTS.iter().filter(is_asked).for_each(|(_, print)| print());
        return ExitCode::SUCCESS;
    }
    let goals = goals();
    PARTS.iter().for_each(|(_, print)| print());
    println!();
    // Nothing of criterion's may stand between a goal that was missed and the exit code.
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    compare(&mut criterion);
    criterion.final_summary();
    if goals.are_met() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Measures and prints what decides the exit code.
fn goals() -> Goals {
    println!("\nGoals, of the strategy random; theirs / ours is the median of {ROUNDS} rounds.\n");
    let mut goals = Goals::default();
    // The sweeps first: shuttle, once used, has a word to say about every panic of the process, also those of our runs.
    sweeps(&mut goals);
    goals.add(memory());
    for case in &CASES {
        goals.add(measured(case));
    }
    hosts::goals(&mut goals);
    goals
}

/// Theirs / ours, per step where both take the same steps of the program.
fn measured(case: &Case) -> Goal {
    let program = case.program();
    let mut steps = 0;
    let ours = |round| steps += case.ours(&program, &Strategy::Random, round, case.schedules);
    let theirs = |round| case.theirs(Chooser::Random, round, case.schedules);
    let ratio = Ratio::of(ROUNDS, ours, theirs);
    // One round more was run than counts.
    let per_step = ratio.our_median().as_nanos() * (ROUNDS as u128 + 1) / u128::from(steps);
    Goal::at_least(case.load.to_string(), ratio.median(), case.goal * 100)
        .with(format!("{ratio}, {per_step} ns a step"))
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
    let one = |round: u64| swarm::swept("breaker_swarm", 1, round * SEEDS, SEEDS);
    let two = |round: u64| swarm::swept("breaker_swarm", 2, round * SEEDS, SEEDS);
    let ratio = Ratio::of_timed(ROUNDS, one, two);
    let second = Duration::from_secs(1).as_nanos();
    let seeds = second * u128::from(SEEDS) / ratio.our_median().as_nanos();
    goals.add(Goal::at_least("seeds of breaker_swarm per second", seeds * 100, 1_000_000));
    let goal = Goal::at_most("processor time at two jobs / at one", ratio.median(), 110);
    goals.add(goal.with(format!("{ratio}")));
}

fn compare(criterion: &mut Criterion) {
    for case in &CASES {
        let program = case.program();
        let mut group = criterion.benchmark_group(case.load.to_string());
        group.sample_size(10);
        let mut round = 0;
        let mut next = || {
            round += 1;
            round
        };
        group.bench_function("retrip", |b| {
            let run = |round| case.ours(&program, &Strategy::Random, round, 1);
            b.iter_batched(&mut next, run, BatchSize::PerIteration);
        });
        group.bench_function("shuttle", |b| {
            let run = |round| case.theirs(Chooser::Random, round, 1);
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
