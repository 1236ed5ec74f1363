//! `replay`: one plan, as a report prints it.

use super::super::args::ReplayArgs;
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::interrupt::unless_stopped;
use super::super::outdated::Outdated;
use super::super::selection::Selection;
use super::super::table::{Long, counted, green, yellow};
use super::super::unreached::say_unreached;
use super::super::{Invocation, witness};
use super::plan::{check_strategy, on_engine, read_plan};
use crate::determinism::{self, Finding};
use crate::report::{Case, DivergentRun, LastEvents, Report, Reproduction};
use crate::run::run;
use std::io::Write;

/// Runs the plan and prints a report where a promise breaks.
pub(in crate::cli) fn replay(
    invocation: &Invocation<'_>,
    args: &ReplayArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let plan = on_engine(invocation, &args.plan, read_plan(&args.plan)?)?;
    check_strategy(&args.plan, &plan, &args.strategy)?;
    let environment = &invocation.environment;
    let bent = environment.bent(&args.bent);
    let selection = Selection::new(invocation.catalogue, [&plan.scenario], bent)?
        .chosen_by(environment.strategy(&args.strategy));
    selection.check_strategy()?;
    let scenario = selection.scenarios[0];
    let request = selection.request(&plan);
    // What was pasted is compared with itself, whether it fails or not.
    let check = || determinism::check(scenario, &request, witness::elsewhere);
    let finding = unless_stopped(&invocation.stop, check)?;
    let run = run(scenario, &request)?;
    let replay = selection.replay(scenario, plan.clone());
    let Some(breach) = &run.breach else {
        if let Some(Finding::Differs(how)) = finding {
            write!(out, "{}", DivergentRun { divergence: *how, replay })?;
            return Ok(Exit::NotDeterministic);
        }
        let events = counted(run.log.events().len() as u64, "event");
        let (held, name, time) = (green("held"), scenario.name(), Long(run.elapsed));
        writeln!(out, "{held}  {name}  seed {}: {events} in {time}", plan.seed)?;
        if let Some(outdated) = Outdated::of(&run) {
            writeln!(out, "{}", yellow(&outdated.to_string()))?;
        }
        if finding.is_none() {
            writeln!(out, "interrupted: it was not compared with itself")?;
            return Ok(Exit::Interrupted);
        }
        let reached = run.reached.iter().copied().collect();
        return say_unreached(out, invocation.catalogue, &selection, &reached);
    };
    let (reproduction, exit) = match finding {
        None => (Reproduction::NotRunAgain, Exit::Broken),
        Some(Finding::Same) => (Reproduction::Reproducible, Exit::Broken),
        Some(Finding::Differs(how)) => {
            (Reproduction::NotReproducible(Some(how)), Exit::NotDeterministic)
        }
    };
    let mut given = run.plan.clone();
    if plan.script.is_some() {
        // What is drawn beside a written script is nothing that was given.
        given.parameters.clone_from(&plan.parameters);
    }
    let report = Report {
        scenario: scenario.name().to_owned(),
        seed: plan.seed,
        reproduction,
        breach: breach.clone(),
        case: Case::Given { plan: given, unmet: run.unmet.clone(), stale: run.stale },
        last: LastEvents::of(&run),
        replay,
        also: Vec::new(),
    };
    write!(out, "{report}")?;
    Ok(exit)
}
