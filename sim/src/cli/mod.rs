//! The command line, for any crate with a catalogue of scenarios.
//!
//! ```no_run
//! use retrip_sim::cli;
//! use retrip_sim::scenario::{Catalogue, Scenario};
//! use std::process::ExitCode;
//!
//! fn main() -> ExitCode {
//!     let nothing_happens = Scenario::new("quiet", "nothing happens", |_| {});
//!     cli::main(Catalogue::new(vec![nothing_happens]).expect("one name is unique"))
//! }
//! ```

mod account;
mod args;
mod canary;
mod commands;
mod comparison;
mod coverage;
mod digests;
mod engines;
mod environment;
mod error;
mod exit;
mod extent;
mod interrupt;
mod kill;
mod launch;
mod outdated;
mod pipe;
pub mod plain_test;
mod progress;
mod selection;
mod seqs;
mod stopwatch;
mod sweeping;
mod table;
mod total;
mod unreached;
mod witness;

use crate::scenario::Catalogue;
use args::{Args, Command, RunArgs};
use clap::Parser;
use clap::error::{ContextKind, ContextValue};
use environment::Environment;
use error::CliError;
use exit::Exit;
use pipe::Pipe;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What every command has.
struct Invocation<'a> {
    catalogue: &'a Catalogue,
    environment: Environment,
    /// Set by Ctrl-C.
    stop: Arc<AtomicBool>,
}

/// Does what the arguments of this process say with the scenarios of `catalogue`, and returns how it ended: 0 where all
/// passed, 1 where a promise was broken or a log file is damaged, 2 where the input was wrong or a sweep has gaps, 3 where a run was not what its
/// seed says, 75 where it was interrupted. Of several, 3 outweighs 1, 1 outweighs 2, and 2 outweighs 75. Output that nobody reads any
/// more changes none of them.
#[must_use]
pub fn main(catalogue: Catalogue) -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Nothing is left to be done where not even this can be written.
            let _ = match scenario_for_command(&error, &catalogue) {
                Some(name) => writeln!(
                    anstream::stderr(),
                    "error: `{name}` is a scenario and no command: write `run {name}`"
                ),
                None => error.print(),
            };
            return if error.use_stderr() { Exit::Usage } else { Exit::Passed }.into();
        }
    };
    let catalogue = catalogue.or_started_by(launch::of_this_program);
    let mut out = Pipe::of(anstream::stdout().lock());
    let ended = act(catalogue, args, &mut out);
    let ended = ended.and_then(|exit| out.flush().map(|()| exit).map_err(CliError::Output));
    match ended {
        Ok(exit) => exit.into(),
        Err(error) => {
            let _ = writeln!(anstream::stderr(), "error: {error}");
            Exit::Usage.into()
        }
    }
}

/// The scenario that stands where a command should, if that is what is wrong.
fn scenario_for_command<'a>(error: &clap::Error, catalogue: &'a Catalogue) -> Option<&'a str> {
    match error.get(ContextKind::InvalidSubcommand)? {
        ContextValue::String(word) => Some(catalogue.find(word).ok()?.name()),
        _ => None,
    }
}

fn act(catalogue: Catalogue, args: Args, out: &mut Pipe<impl Write>) -> Result<Exit, CliError> {
    let environment = Environment::read(std::env::vars_os())?;
    let catalogue = &catalogue.on(args.engine.or(environment.engine));
    let invocation = Invocation { catalogue, environment, stop: interrupt::flag()? };
    match args.command.unwrap_or_else(|| Command::Run(RunArgs::default())) {
        Command::Run(args) => commands::run(&invocation, &args, out),
        Command::Replay(args) => commands::replay(&invocation, &args, out),
        Command::Log(args) => commands::log(&invocation, &args, out),
        Command::Logs(args) => commands::logs(&invocation, &args, out),
        Command::Explore(args) => commands::explore(&invocation, &args, out),
        Command::Diff(args) => commands::diff(&invocation, &args, out),
        Command::Mutants(args) => commands::mutants(&invocation, &args, out),
        Command::List(args) => commands::list(&invocation, &args, out),
        Command::Doctor(args) => commands::doctor(&invocation, &args, out),
        Command::Specimen(args) => commands::specimen(&args, out),
        Command::Witness(args) => witness::testify(&invocation, &args, out),
    }
}
