//! What does an event cost through the logger, beside loggers that other crates publish and one that is written by hand?
//!
//! The figures with a goal come first; where one misses its goal the program ends with exit code 1. Then come tables, each made by
//! a file of its own, and criterion's own measurements of the same events. With the names of tables as arguments it prints these and
//! nothing else, and with `document` all tables and nothing of criterion's.
//!
//! It links no simulator: madsim would put its own functions in the place of the system's for time and randomness.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

mod field;
mod floor;
mod goals;
mod happening;
mod memory;
mod ours;
mod paced;
mod peers;
mod reading;
mod side;
mod target;
mod twin;
mod work;

use criterion::Criterion;
use field::Field;
use reading::Reading;
use retrip_figures::spent::timed;
use side::{Cell, Crowd, Maker, work};
use std::process::ExitCode;
use std::time::Duration;

/// What this program measures, and by which word it can be asked to measure that alone: `cargo bench-logger -- events`.
const PARTS: [(&str, fn()); 3] = [
    ("events", || Field::measured().print()),
    ("memory", memory::print),
    ("reading", || Reading::measured().print()),
];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let [word, maker, ..] = &asked[..]
        && word == memory::ALONE
    {
        let Some(kib) = memory::alone(maker) else { return ExitCode::FAILURE };
        println!("{kib}");
        return ExitCode::SUCCESS;
    }
    twin::compare();
    let verdict = measured(&asked);
    target::remove_files();
    verdict
}

fn measured(asked: &[String]) -> ExitCode {
    let is_asked = |part: &&(&str, fn())| asked.iter().any(|word| word == part.0);
    if PARTS.iter().any(|part| is_asked(&part)) {
        PARTS.iter().filter(is_asked).for_each(|(_, print)| print());
        return ExitCode::SUCCESS;
    }
    let (field, reading) = (Field::measured(), Reading::measured());
    let goals = goals::printed(&field, &reading);
    field.print();
    memory::print();
    reading.print();
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

/// The same events of one thread, the processor's time of which goes through criterion's statistics.
fn compare(criterion: &mut Criterion) {
    for cell in Cell::all().filter(|cell| cell.crowd == Crowd::One) {
        let mut group = criterion.benchmark_group(cell.name());
        group.sample_size(10);
        for maker in Maker::ALL {
            let work = work(maker, cell.fate);
            group.bench_function(maker.name(), |b| {
                b.iter_custom(|events| {
                    let spent = timed(|| work(events));
                    target::empty_files();
                    spent
                });
            });
        }
        group.finish();
    }
}
