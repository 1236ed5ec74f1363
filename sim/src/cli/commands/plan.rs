//! A plan as it was pasted, or in a file.

use super::super::error::CliError;
use crate::plan::Plan;
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
