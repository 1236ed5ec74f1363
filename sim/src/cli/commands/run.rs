//! `run`: many seeds of each scenario, one row for each, and a report for each cause of a failure.

use super::super::account::{self, Done};
use super::super::args::RunArgs;
use super::super::comparison::compare;
use super::super::engines::Engines;
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::extent::{Sample, Seeds};
use super::super::progress::Progress;
use super::super::selection::Selection;
use super::super::sweeping::Sweeping;
use super::super::table::counted;
use super::super::unreached::say_unreached;
use super::super::{Invocation, canary, digests, witness};
use super::default_seeds;
use crate::scenario::CatalogueError;
use std::io::Write;
use std::sync::atomic::Ordering;

/// Runs, compares, prints.
pub(in crate::cli) fn run(
    invocation: &Invocation<'_>,
    args: &RunArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let environment = &invocation.environment;
    let seeds = environment.seeds(&args.extent, Seeds::Range(default_seeds()))?;
    let jobs = environment.jobs(&args.extent).0;
    let sample = args.check.or(environment.check).unwrap_or(Sample(1));
    let bent = environment.bent(&args.bent);
    let selection = Selection::new(invocation.catalogue, &args.scenarios, bent)
        .map_err(|error| check_apart(args, error))?
        .chosen_by(environment.strategy(&args.strategy));
    selection.check_strategy()?;
    head(out, &selection, seeds, jobs.get())?;

    let total = match seeds {
        Seeds::Range(range) => {
            let runs = range.len().saturating_mul(selection.scenarios.len() as u128);
            Some(u64::try_from(runs).unwrap_or(u64::MAX))
        }
        Seeds::For(_) => None,
    };
    let progress = Progress::start(total);
    let sweeping = Sweeping {
        selection: &selection,
        seeds,
        jobs,
        sample,
        stop: &invocation.stop,
        progress: &progress,
    };
    let mut done = Vec::new();
    for &scenario in &selection.scenarios {
        let swept = sweeping.of(scenario)?;
        let stop = &invocation.stop;
        let compared = compare(scenario, &selection, &swept, sample, stop, &witness::elsewhere)?;
        done.push(Done { scenario, sweep: swept.sweep, kept: swept.kept, compared });
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    progress.ends();
    let exit = account::print(out, &selection, &done, &invocation.stop, &witness::elsewhere)?;
    // What was cut short says nothing about what it did not come to.
    if invocation.stop.load(Ordering::Relaxed) {
        return Ok(exit.max(Exit::Interrupted));
    }
    if args.digest {
        write!(out, "\n{}", digests::text(&done))?;
    }
    let exit = exit.max(canary::sing(invocation, &selection, jobs, out)?);
    let reached = done.iter().flat_map(|done| done.sweep.reached.iter().copied()).collect();
    Ok(exit.max(say_unreached(out, invocation.catalogue, &selection, &reached)?))
}

/// A number beside `--check` is taken for a scenario, because `--check` alone is one way to write it.
fn check_apart(args: &RunArgs, error: CliError) -> CliError {
    match error {
        CliError::Catalogue(CatalogueError::Unknown { name, .. })
            if args.check.is_some() && name.parse::<u64>().is_ok() =>
        {
            CliError::CheckApart { number: name }
        }
        other => other,
    }
}

fn head(
    out: &mut dyn Write,
    selection: &Selection<'_>,
    seeds: Seeds,
    jobs: usize,
) -> Result<(), CliError> {
    let scenarios = selection.scenarios.len();
    let (scenarios, jobs) = (counted(scenarios as u64, "scenario"), counted(jobs as u64, "job"));
    write!(out, "{scenarios}, {seeds}, {jobs}")?;
    for plant in &selection.plants {
        write!(out, ", with {}", plant.name())?;
    }
    for promise in &selection.without {
        write!(out, ", without {promise}")?;
    }
    if let Some(strategy) = selection.strategy {
        write!(out, ", strategy {strategy}")?;
    }
    write!(out, "\nengines: {Engines}")?;
    if Engines::off().next().is_some() {
        write!(out, "; `doctor` says why")?;
    }
    writeln!(out, "\n")?;
    Ok(())
}
