//! How many schedules until a classic bug shows: each strategy, the portfolio, and shuttle's strategies on the same programs.
//!
//! The numbers are the same on every machine: nothing here is timed. With `mended N` as arguments it runs N schedules of
//! each mended program in place of that, and ends with exit code 1 if one of them fails.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(clippy::duplicate_mod, reason = "one program is compiled against us and against shuttle")]

#[path = "../sim/tests/bugs/hunt.rs"]
mod hunt;
mod on_shuttle;
#[path = "../sim/tests/bugs/simulated.rs"]
mod simulated;

use hunt::{Catch, Chooser, Ground, median};
use retrip_sim::engine::Strategy;
use simulated::program::Program;
use std::process::ExitCode;

/// Hunts of each program with each strategy.
const STARTS: std::ops::Range<u64> = 0..20;
/// Schedules after which a hunt ends with nothing.
const MOST: u64 = 5_000;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip_while(|argument| argument != "mended").skip(1);
    match arguments.next().map(|schedules| schedules.parse()) {
        None => table(),
        Some(Ok(schedules)) => return mended(schedules),
        Some(Err(error)) => {
            println!("`mended` wants a number of schedules, such as 1000000: {error}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Runs this many schedules of each mended program: none may fail.
fn mended(schedules: u64) -> ExitCode {
    let mut failed = ExitCode::SUCCESS;
    for program in simulated::programs() {
        let Some(mended) = program.mended else { continue };
        let name = program.name;
        match Ground::of(mended).hunt(&Chooser::Portfolio, 0, schedules) {
            None => println!("{name}: {schedules} schedules, none failed"),
            Some(Catch { seed, failure, .. }) => {
                println!("{name}: {seed}: {failure}");
                failed = ExitCode::FAILURE;
            }
        }
    }
    failed
}

fn table() {
    let programs = simulated::programs();
    // Ours first: once used, shuttle has a word to say about every panic of the process.
    let ours: Vec<Vec<String>> = programs.iter().map(ours).collect();
    on_shuttle::hush();
    println!(
        "Schedules until the bug shows: the median of {} hunts of at most {MOST}.\n",
        STARTS.end
    );
    let mut head = vec!["program".to_owned(), "portfolio".to_owned()];
    head.extend(Strategy::NAMES.map(str::to_owned));
    head.extend(on_shuttle::STRATEGIES.map(|name| format!("shuttle {name}")));
    println!("{}", row(&head));
    println!("|---|{}", "---:|".repeat(head.len() - 1));
    for (program, ours) in programs.iter().zip(ours) {
        let name = program.name.to_owned();
        println!("{}", row(&[vec![name], ours, theirs(program)].concat()));
    }
    println!();
    for program in programs {
        println!("- **{}**: {}", program.name, program.about);
    }
}

fn row(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}

fn ours(program: &Program) -> Vec<String> {
    let ground = Ground::of(program.faulty);
    let strategies = ground.strategies().map(Chooser::Only);
    let choosers = std::iter::once(Chooser::Portfolio).chain(strategies);
    let hunts = |chooser: Chooser| {
        let hunt = |start| {
            let Catch { schedules, failure, .. } = ground.hunt(&chooser, start, MOST)?;
            let said = format!("{}: {failure}", failure.promise());
            assert!(said.contains(program.symptom), "{}: {said}", program.name);
            Some(schedules)
        };
        shown(STARTS.map(hunt).collect())
    };
    choosers.map(hunts).collect()
}

/// A dash for each strategy of theirs that cannot run the program: they have no clock.
fn theirs(program: &Program) -> Vec<String> {
    let same = |other: &&on_shuttle::program::Program| other.name == program.name;
    let Some(program) = on_shuttle::program::PROGRAMS.iter().find(same) else {
        return vec!["-".to_owned(); on_shuttle::STRATEGIES.len()];
    };
    let hunts: Vec<_> = STARTS.map(|start| on_shuttle::schedules(program, start, MOST)).collect();
    let column = |nth: usize| shown(hunts.iter().map(|hunt| hunt[nth]).collect());
    (0..on_shuttle::STRATEGIES.len()).map(column).collect()
}

fn shown(counts: Vec<Option<u64>>) -> String {
    median(counts).map_or_else(|| format!(">{MOST}"), |count| count.to_string())
}
