//! What a run leaves behind in a fresh process.

use super::args::ReplayArgs;
use super::environment::PREFIX;
use super::error::CliError;
use super::exit::Exit;
use super::selection::Selection;
use super::{Invocation, commands};
use crate::determinism::{Testimony, TestimonyError};
use crate::doctor::Specimen;
use crate::run::{Request, run};
use std::io::{self, Write};
use std::process::{Command, Stdio};

/// Why a fresh process did not say what a run leaves behind.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WitnessError {
    /// It did not start.
    #[error(
        "cannot start this program again for the determinism check: {0}; --check=0 leaves it out"
    )]
    Start(io::Error),
    /// It failed.
    #[error("a fresh process could not run `{plan}`: {said}")]
    Failed {
        /// What it was to run.
        plan: String,
        /// What it wrote to its standard error.
        said: String,
    },
    /// It said something else.
    #[error("a fresh process ran `{plan}` and said something else: {reason}")]
    Testimony {
        /// What it ran.
        plan: String,
        /// What is wrong with what it said.
        reason: TestimonyError,
    },
}

/// The hidden command: runs a plan and prints what it leaves behind.
pub(super) fn testify(
    invocation: &Invocation<'_>,
    args: &ReplayArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let plan = commands::read_plan(&args.plan)?;
    let selection = Selection::new(invocation.catalogue, [&plan.scenario], args.bent.clone())?
        .chosen_by(args.strategy.strategy);
    let run = run(selection.scenarios[0], &selection.request(&plan))?;
    write!(out, "{}", Testimony::of(&run))?;
    Ok(Exit::Passed)
}

/// Runs a request in a fresh process.
pub(super) type Elsewhere<'a> = &'a dyn Fn(&Request<'_>) -> Result<Testimony, CliError>;

/// Runs `request` in a fresh process of a program whose `main` is the command line.
pub(super) fn elsewhere(request: &Request<'_>) -> Result<Testimony, CliError> {
    let mut command = this_program()?;
    command.arg("witness").arg(request.plan.to_string());
    for plant in request.plants {
        command.args(["--plant", plant.name()]);
    }
    for promise in request.without {
        command.args(["--without", promise]);
    }
    if let Some(strategy) = request.strategy.named() {
        command.args(["--strategy", &strategy.to_string()]);
    }
    heard(command, request, |said| said)
}

/// Runs what `doctor` examines in a fresh process.
pub(super) fn specimen(specimen: Specimen) -> Result<Testimony, CliError> {
    let Specimen { engine, seed, planted } = specimen;
    let mut command = this_program()?;
    command.args(["specimen", engine.as_str(), &seed.to_string()]);
    if let Some(leak) = planted {
        command.args(["--plant", leak.as_str()]);
    }
    let run = || format!("the run of doctor's on {engine}, seed {seed}");
    heard_of(command, run, |said| said)
}

/// This program, to be started once more. What is run is said to it, so no variable of ours may say otherwise.
pub(super) fn this_program() -> Result<Command, CliError> {
    let mut command = Command::new(std::env::current_exe().map_err(WitnessError::Start)?);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with(PREFIX) {
            command.env_remove(name);
        }
    }
    Ok(command)
}

/// What `command` says that `request` leaves behind, in that part of its output which `part` picks out.
pub(super) fn heard(
    command: Command,
    request: &Request<'_>,
    part: impl FnOnce(&str) -> &str,
) -> Result<Testimony, CliError> {
    heard_of(command, || request.plan.to_string(), part)
}

/// What `command` says that the run called `plan` leaves behind.
fn heard_of(
    mut command: Command,
    plan: impl Fn() -> String,
    part: impl FnOnce(&str) -> &str,
) -> Result<Testimony, CliError> {
    let output = command.stdin(Stdio::null()).output().map_err(WitnessError::Start)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(WitnessError::Failed { plan: plan(), said }.into());
    }
    part(&String::from_utf8_lossy(&output.stdout))
        .parse()
        .map_err(|reason| WitnessError::Testimony { plan: plan(), reason }.into())
}
