//! `list`: the scenarios of the catalogue, or those of one engine.

use super::super::Invocation;
use super::super::args::ListArgs;
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::selection::Off;
use super::super::table::counted;
use super::seed_rows::seed_rows;
use crate::engine::EngineName;
use crate::scenario::{Expectation, Row, Scenario};
use std::collections::BTreeSet;
use std::io::Write;

/// Prints each scenario with what it is about and what it finds.
pub(in crate::cli) fn list(
    invocation: &Invocation<'_>,
    args: &ListArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    if args.seed_rows {
        return seed_rows(invocation, &args.extent, out);
    }
    let catalogue = invocation.catalogue;
    let asked = |one: &&Scenario| catalogue.asked().is_none_or(|engine| one.engine() == engine);
    let scenarios: Vec<&Scenario> = catalogue.scenarios().iter().filter(asked).collect();
    for scenario in &scenarios {
        writeln!(out, "{}", scenario.name())?;
        writeln!(out, "    {}", scenario.about())?;
        if scenario.engine() != EngineName::Threads {
            let off = Off::of(scenario).map_or_else(String::new, |off| format!(", {off}"));
            writeln!(out, "    on {}{off}", scenario.engine())?;
        }
        if let Expectation::MustBreak(promise) = scenario.expectation() {
            writeln!(out, "    canary: it must break {promise}")?;
        }
        let rows: BTreeSet<Row> = scenario.claims().iter().map(|claim| claim.row).collect();
        let rows: Vec<String> = rows.iter().map(Row::to_string).collect();
        if !rows.is_empty() {
            writeln!(out, "    proves {}", rows.join(", "))?;
        }
        for bug in scenario.bugs() {
            writeln!(out, "    finds {} by {}", bug.plant.name(), bug.promise)?;
        }
    }
    writeln!(out, "\n{}", counted(scenarios.len() as u64, "scenario"))?;
    Ok(Exit::Passed)
}
