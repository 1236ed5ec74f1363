//! `replay`: one plan, as a report prints it.

use super::super::args::ReplayArgs;
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::selection::Selection;
use super::super::table::{Long, green};
use super::super::{Session, witness};
use super::plan::read_plan;
use crate::determinism::{self, Finding};
use crate::report::{Case, LastEvents, ReplayLine, Report, Reproduction};
use crate::run::run;
use std::io::Write;

/// Runs the plan and prints a report where a promise breaks.
pub(in crate::cli) fn replay(
    session: &Session<'_>,
    args: &ReplayArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let plan = read_plan(&args.plan)?;
    let bent = session.environment.bent(&args.bent);
    let selection = Selection::new(session.catalogue, [&plan.scenario], bent)?;
    let scenario = selection.scenarios[0];
    let request = selection.request(&plan);
    let run = run(scenario, &request)?;
    let Some(breach) = &run.breach else {
        let (events, time) = (run.log.events().len(), Long(run.elapsed));
        let held = green("held");
        writeln!(
            out,
            "{held}  {}  seed {}: {events} events in {time}",
            scenario.name(),
            plan.seed
        )?;
        return Ok(Exit::Passed);
    };
    let reproduction = match determinism::check(scenario, &request, witness::elsewhere)? {
        Finding::Same => Reproduction::Reproducible,
        Finding::Differs(how) => Reproduction::NotReproducible(Some(how)),
    };
    let exit = match reproduction {
        Reproduction::Reproducible => Exit::Broken,
        Reproduction::NotReproducible(_) => Exit::NotDeterministic,
    };
    let report = Report {
        scenario: scenario.name().to_owned(),
        seed: plan.seed,
        reproduction,
        breach: breach.clone(),
        case: Case::Given { plan: run.plan.clone(), skipped: run.skipped, stale: run.stale },
        last: LastEvents::of(&run),
        replay: ReplayLine {
            plan: plan.clone(),
            plants: selection.plants.clone(),
            without: selection.without.clone(),
        },
        also: Vec::new(),
    };
    write!(out, "{report}")?;
    Ok(exit)
}
