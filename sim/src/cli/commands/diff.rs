//! `diff`: the logs of two seeds beside each other.

use super::super::Invocation;
use super::super::args::DiffArgs;
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::extent::Form;
use super::super::pipe::Pipe;
use super::super::selection::Selection;
use super::super::table::{green, red};
use super::super::unreached::say_unreached;
use super::log::{one, text};
use crate::run::Run;
use similar::{ChangeTag, TextDiff};
use std::io::Write;

/// Lines of context around a difference.
const CONTEXT: usize = 3;

/// Prints what differs, in the unified form. A planted bug that neither run came to is said on the standard error.
pub(in crate::cli) fn diff(
    invocation: &Invocation<'_>,
    args: &DiffArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let environment = &invocation.environment;
    let form = args.form.or(environment.form).unwrap_or_default();
    let bent = environment.bent(&args.bent);
    let selection = Selection::new(invocation.catalogue, [&args.scenario], bent)?
        .chosen_by(environment.strategy(&args.strategy));
    selection.check_strategy()?;
    let (one_run, other) = (one(&selection, args.first)?, one(&selection, args.second)?);
    let (first, second) =
        (text_beside(&one_run, &other, form), text_beside(&other, &one_run, form));
    if first == second {
        writeln!(out, "the logs of seed {} and seed {} are equal", args.first, args.second)?;
    } else {
        hunks(args, &first, &second, out)?;
    }
    out.flush()?;
    let reached = one_run.reached.iter().chain(&other.reached).copied().collect();
    // Beside the difference, not in it.
    let mut aside = Pipe::of(anstream::stderr());
    say_unreached(&mut aside, invocation.catalogue, &selection, &reached)
}

/// The log of `run` in this form, in the columns of both runs: spaces are no difference.
fn text_beside(run: &Run, other: &Run, form: Form) -> String {
    match form {
        Form::Full => run.log.text().beside(&other.log.text()).to_string(),
        Form::Decision => run.log.decisions().beside(&other.log.decisions()).to_string(),
        Form::Json | Form::Plan => text(run, form),
    }
}

/// What differs between the logs `first` and `second`, with some lines around it.
fn hunks(args: &DiffArgs, first: &str, second: &str, out: &mut dyn Write) -> Result<(), CliError> {
    writeln!(out, "--- {} {}\n+++ {} {}", args.scenario, args.first, args.scenario, args.second)?;
    let diff = TextDiff::from_lines(first, second);
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
    Ok(())
}
