//! What can be wrong with what was asked for.

use super::extent::ExtentError;
use super::witness::WitnessError;
use crate::engine::{EngineName, NamedStrategy, Unavailable};
use crate::plan::PlanError;
use crate::scenario::{CatalogueError, DraftError};
use crate::seed::SeedError;
use std::io;
use std::path::PathBuf;

/// Why a command did not run. It names what was given and says what would be right.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Draft(#[from] DraftError),
    #[error(transparent)]
    Extent(#[from] ExtentError),
    #[error(transparent)]
    Seed(#[from] SeedError),
    #[error("there is no planted bug `{name}`{}", suggestion(nearest.as_deref(), known))]
    Plant { name: String, nearest: Option<String>, known: Vec<String> },
    #[error("there is no promise `{name}`{}", suggestion(nearest.as_deref(), known))]
    Promise { name: String, nearest: Option<String>, known: Vec<String> },
    #[error("the plan `{plan}` names its seed: leave out --seed")]
    SeedOfPlan { plan: String },
    #[error(
        "the plan `{plan}` writes its schedule down, which leaves nothing to a strategy: leave out --strategy"
    )]
    StrategyOfPlan { plan: String },
    #[error(
        "there is no scenario `{number}`; for that many seeds to check, write `--check={number}`"
    )]
    CheckApart { number: String },
    #[error(
        "there is nothing to kill: no planted bug is declared by {}; name a scenario for which `list` shows `finds`",
        scenarios.join(", ")
    )]
    NothingToKill { scenarios: Vec<&'static str> },
    #[error(
        "the {engine} engine draws who goes first from the seed, and takes no strategy: leave out --strategy {strategy}"
    )]
    StrategyOfHosts { strategy: NamedStrategy, engine: EngineName },
    #[error("none of these scenarios can run on the {engine} engine: leave out --engine")]
    NothingToRun { engine: EngineName },
    #[error("the plan `{plan}` names its engine: leave out --engine {engine}")]
    EngineOfPlan { plan: String, engine: EngineName },
    #[error(
        "{scenario} runs on the {engine} engine, and only the orders of simulated threads can be explored: {hint}"
    )]
    ExploreThreads { scenario: &'static str, engine: EngineName, hint: &'static str },
    #[error("there is no variable `{name}`{}", suggestion(nearest.as_deref(), known))]
    Variable { name: String, nearest: Option<String>, known: Vec<String> },
    #[error("in the variable {name}, {reason}")]
    Value { name: &'static str, reason: ExtentError },
    #[error("the variable {name} is not UTF-8: set it to plain text, or unset it")]
    NotText { name: String },
    #[error("RETRIP_SEED and RETRIP_SEEDS are both set: unset one")]
    SeedAndSeeds,
    #[error("cannot read the plan in `{}`: {reason}; write @ and the path of a file", path.display())]
    Read { path: PathBuf, reason: io::Error },
    #[error("cannot read the log `{}`: {reason}; name a file, or - for the standard input", path.display())]
    ReadLog { path: PathBuf, reason: io::Error },
    #[error(
        "time moves in `{scenario}` only while nobody could go on, which its promises count on: leave out --time-moves"
    )]
    TimeStands { scenario: &'static str },
    #[error("the standard input is named twice, and can be read once: leave out one `-`")]
    InputTwice,
    #[error("the standard input ends where it ends: leave out --follow, or name a file last")]
    FollowInput,
    #[error("cannot write `{}`: {reason}; name a file in a folder that exists", path.display())]
    Write { path: PathBuf, reason: io::Error },
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    #[error(transparent)]
    Witness(#[from] WitnessError),
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    #[error("cannot listen for Ctrl-C: {0}")]
    Interrupt(#[from] ctrlc::Error),
}

fn suggestion(nearest: Option<&str>, known: &[String]) -> String {
    match nearest {
        Some(nearest) => format!("; did you mean `{nearest}`?"),
        None if known.is_empty() => "; there is none here".to_owned(),
        None => format!("; there are {}", known.join(", ")),
    }
}
