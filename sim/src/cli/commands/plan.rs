//! A plan as it was pasted, or in a file.

use super::super::Invocation;
use super::super::args::StrategyArgs;
use super::super::error::CliError;
use crate::plan::{Plan, Schedule};
use std::path::PathBuf;

/// The plan that `text` is, or that the file behind its `@` holds.
pub(in crate::cli) fn read_plan(text: &str) -> Result<Plan, CliError> {
    match text.strip_prefix('@') {
        None => Ok(text.parse()?),
        Some(path) => {
            let path = PathBuf::from(path);
            let text =
                std::fs::read_to_string(&path).map_err(|reason| CliError::Read { path, reason })?;
            Ok(text.parse()?)
        }
    }
}

/// `plan`, which `text` is, on the engine that was asked for.
pub(super) fn on_engine(
    invocation: &Invocation<'_>,
    text: &str,
    plan: Plan,
) -> Result<Plan, CliError> {
    let asked = invocation.catalogue.asked();
    match (plan.engine, asked) {
        (Some(named), Some(engine)) if named != engine => {
            Err(CliError::EngineOfPlan { plan: text.to_owned(), engine })
        }
        (None, asked) => Ok(Plan { engine: asked, ..plan }),
        (Some(_), _) => Ok(plan),
    }
}

/// Refuses a strategy beside `plan`, which `text` is, where that leaves nothing to it. A variable is left alone: it may be there for
/// another command.
pub(super) fn check_strategy(text: &str, plan: &Plan, args: &StrategyArgs) -> Result<(), CliError> {
    match (&plan.schedule, args.strategy) {
        (Schedule::Written(_), Some(_)) => Err(CliError::StrategyOfPlan { plan: text.to_owned() }),
        _ => Ok(()),
    }
}
