//! `log`: the event log of one seed.

use super::super::Invocation;
use super::super::args::{BentArgs, LogArgs};
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::extent::Form;
use super::super::selection::Selection;
use crate::plan::Plan;
use crate::run::{Run, run};
use crate::seed::Seed;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Prints the log. A broken promise is said on the standard error, so that the log stays what it is.
pub(in crate::cli) fn log(
    invocation: &Invocation<'_>,
    args: &LogArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let environment = &invocation.environment;
    let seed = args.seed.or(environment.seed).unwrap_or(Seed::new(0));
    let form = args.form.or(environment.form).unwrap_or_default();
    let run = one(invocation, &args.scenario, seed, environment.bent(&args.bent))?;
    let text = text(&run, form);
    match &args.out {
        None => out.write_all(text.as_bytes())?,
        Some(path) => write(path, &text)?,
    }
    match &run.breach {
        None => Ok(Exit::Passed),
        Some(breach) => {
            out.flush()?;
            let name = breach.promise;
            writeln!(
                anstream::stderr(),
                "the run ended here: it broke {name}: {}",
                breach.statement
            )?;
            Ok(Exit::Broken)
        }
    }
}

/// The run of `seed` of the scenario called `name`.
pub(super) fn one(
    invocation: &Invocation<'_>,
    name: &String,
    seed: Seed,
    bent: BentArgs,
) -> Result<Run, CliError> {
    let selection = Selection::new(invocation.catalogue, [name], bent)?;
    let plan = Plan::drawn(name.as_str(), seed)?;
    Ok(run(selection.scenarios[0], &selection.request(&plan))?)
}

/// The log of `run` in this form.
pub(super) fn text(run: &Run, form: Form) -> String {
    match form {
        Form::Full => run.log.text().to_string(),
        Form::Decision => run.log.decisions().to_string(),
        Form::Json => run.log.json().to_string(),
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
