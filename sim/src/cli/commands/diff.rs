//! `diff`: the logs of two seeds beside each other.

use super::super::Invocation;
use super::super::args::DiffArgs;
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::table::{green, red};
use super::log::{one, text};
use similar::{ChangeTag, TextDiff};
use std::io::Write;

/// Lines of context around a difference.
const CONTEXT: usize = 3;

/// Prints what differs, in the unified form.
pub(in crate::cli) fn diff(
    invocation: &Invocation<'_>,
    args: &DiffArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let form = args.form.or(invocation.environment.form).unwrap_or_default();
    let bent = invocation.environment.bent(&args.bent);
    let log =
        |seed| one(invocation, &args.scenario, seed, bent.clone()).map(|run| text(&run, form));
    let (first, second) = (log(args.first)?, log(args.second)?);
    if first == second {
        writeln!(out, "the logs of seed {} and seed {} are equal", args.first, args.second)?;
        return Ok(Exit::Passed);
    }
    writeln!(out, "--- {} {}\n+++ {} {}", args.scenario, args.first, args.scenario, args.second)?;
    let diff = TextDiff::from_lines(&first, &second);
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        writeln!(out, "{}", hunk.header())?;
        for change in hunk.iter_changes() {
            let line = change.value().trim_end_matches('\n');
            match change.tag() {
                ChangeTag::Equal => writeln!(out, " {line}")?,
                ChangeTag::Delete => writeln!(out, "{}", red(&format!("-{line}")))?,
                ChangeTag::Insert => writeln!(out, "{}", green(&format!("+{line}")))?,
            }
        }
    }
    Ok(Exit::Passed)
}
