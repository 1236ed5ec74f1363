//! `log`: the event log of one seed or of one plan.

use super::super::Invocation;
use super::super::args::LogArgs;
use super::super::environment::Environment;
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::extent::Form;
use super::super::outdated::Outdated;
use super::super::pipe::Pipe;
use super::super::selection::Selection;
use super::super::unreached::say_unreached;
use super::plan::{check_strategy, on_engine, read_plan};
use crate::plan::Plan;
use crate::run::{Run, run};
use crate::seed::Seed;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Prints the log. A seed that nobody asked for, a broken promise, or a planted bug that the run did not come to, is said on
/// the standard error, so that the log stays what it is.
pub(in crate::cli) fn log(
    invocation: &Invocation<'_>,
    args: &LogArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let environment = &invocation.environment;
    let (plan, origin) = plan(args, environment)?;
    let plan = on_engine(invocation, &args.scenario, plan)?;
    let form = args.form.or(environment.form).unwrap_or_default();
    check_strategy(&args.scenario, &plan, &args.strategy)?;
    let bent = environment.bent(&args.bent);
    let selection = Selection::new(invocation.catalogue, [&plan.scenario], bent)?
        .chosen_by(environment.strategy(&args.strategy));
    selection.check_strategy()?;
    let run = run(selection.scenarios[0], &selection.request(&plan))?;
    let text = text(&run, form);
    match &args.out {
        None => out.write_all(text.as_bytes())?,
        Some(path) => write(path, &text)?,
    }
    out.flush()?;
    let mut aside = Pipe::of(anstream::stderr());
    if origin == Origin::Unasked {
        writeln!(aside, "seed {}: none was asked for; --seed SEED shows another one", plan.seed)?;
    }
    if let Some(outdated) = Outdated::of(&run) {
        writeln!(aside, "{outdated}")?;
    }
    if let Some(breach) = &run.breach {
        let name = breach.promise;
        writeln!(aside, "the run ended here: it broke {name}: {}", breach.statement)?;
        return Ok(Exit::Broken);
    }
    let reached = run.reached.iter().copied().collect();
    say_unreached(&mut aside, invocation.catalogue, &selection, &reached)
}

/// Where the seed of a run comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// From the plan, a flag or a variable.
    Asked,
    /// From nowhere: it is 0.
    Unasked,
}

/// The plan that is written, or the one that leaves everything to the seed. No scenario has a name of two words, and every
/// plan has two words or lies in a file.
fn plan(args: &LogArgs, environment: &Environment) -> Result<(Plan, Origin), CliError> {
    let what = &args.scenario;
    if !what.starts_with('@') && !what.trim().contains(char::is_whitespace) {
        let (seed, origin) = match args.seed.or(environment.seed) {
            Some(seed) => (seed, Origin::Asked),
            None => (Seed::new(0), Origin::Unasked),
        };
        return Ok((Plan::drawn(what.as_str(), seed)?, origin));
    }
    match args.seed {
        None => Ok((read_plan(what)?, Origin::Asked)),
        Some(_) => Err(CliError::SeedOfPlan { plan: what.clone() }),
    }
}

/// The run of `seed` of the one scenario that is selected.
pub(super) fn one(selection: &Selection<'_>, seed: Seed) -> Result<Run, CliError> {
    let scenario = selection.scenarios[0];
    let plan = scenario.plan(seed)?;
    Ok(run(scenario, &selection.request(&plan))?)
}

/// The log of `run` in this form, or its plan.
pub(super) fn text(run: &Run, form: Form) -> String {
    match form {
        Form::Full => run.log.text().to_string(),
        Form::Decision => run.log.decisions().to_string(),
        Form::Json => run.log.json().to_string(),
        Form::Plan => run.plan.lines().to_string(),
    }
}

/// Writes the whole file or none of it: a neighbour first, which then takes its place.
fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = |reason| CliError::Write { path: path.to_owned(), reason };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    std::fs::write(&beside, text).map_err(failed)?;
    std::fs::rename(&beside, path).map_err(|reason| {
        // What cannot be removed either is named by the error all the same.
        let _ = std::fs::remove_file(&beside);
        failed(reason)
    })
}
