//! What does a call through the breaker cost, beside the breakers that other crates publish and the parts of which any is made?
//!
//! The figures with a goal come first; where one misses its goal the program ends with exit code 1. Then come tables, each made
//! by a file of its own, and criterion's own measurements of the same calls. With the names of tables as arguments it prints these
//! and nothing else, and with `document` all tables and nothing of criterion's.
//!
//! It links no simulator: madsim would put its own functions in the place of the system's for time and randomness.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

mod coarse;
mod crowd;
mod field;
mod floor;
mod goals;
mod memory;
mod ours;
mod paced;
mod peers;
mod poll;
mod readers;
mod service;
mod side;
mod situation;
mod work;

use criterion::Criterion;
use crowd::Crowds;
use field::Field;
use paced::Paced;
use retrip_figures::spent::timed;
use side::{Maker, Side};
use situation::Situation;
use std::process::ExitCode;
use std::time::Duration;

/// What this program measures, and by which word it can be asked to measure that alone: `cargo bench-breaker -- calls`.
const PARTS: [(&str, fn()); 4] = [
    ("calls", || Field::measured().print()),
    ("threads", || Crowds::measured().print()),
    ("readers", readers::print),
    ("memory", memory::print),
];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let is_asked = |part: &&(&str, fn())| asked.iter().any(|word| word == part.0);
    if PARTS.iter().any(|part| is_asked(&part)) {
        PARTS.iter().filter(is_asked).for_each(|(_, print)| print());
        return ExitCode::SUCCESS;
    }
    let (field, crowds) = (Field::measured(), Crowds::measured());
    let goals = goals::printed(&field, &crowds);
    field.print();
    crowds.print();
    readers::print();
    memory::print();
    println!();
    if !asked.iter().any(|word| word == "document") {
        // Nothing of criterion's may stand between a goal that was missed and the exit code.
        let mut criterion = Criterion::default()
            .warm_up_time(Duration::from_millis(100))
            .measurement_time(Duration::from_millis(500))
            .configure_from_args();
        compare(&mut criterion);
        criterion.final_summary();
    }
    if goals.are_met() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The same calls, the processor's time of which goes through criterion's statistics.
fn compare(criterion: &mut Criterion) {
    for situation in Situation::ALL {
        let mut group = criterion.benchmark_group(situation.name());
        group.sample_size(10);
        let breakers = Maker::ALL.map(|maker| Side::Breaker(maker, situation));
        let sides = [Side::Floor(situation.floor())].into_iter().chain(breakers);
        for Paced { side, work, .. } in sides.filter_map(Paced::of) {
            group.bench_function(side.name(), |b| b.iter_custom(|calls| timed(|| work(calls))));
        }
        group.finish();
    }
}
