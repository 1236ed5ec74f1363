//! The last lines of a sweep: how much was run, where, and what was not.

use super::account::Done;
use super::error::CliError;
use super::selection::Off;
use super::table::{Count, Long, counted};
use crate::engine::{EngineName, Unavailable};
use std::io::Write;

/// How much was run, and what came of it.
pub(super) fn print(out: &mut dyn Write, done: &[Done<'_>]) -> Result<(), CliError> {
    let runs: u64 = done.iter().map(|done| done.sweep.runs).sum();
    let steps: u64 = done.iter().map(|done| done.sweep.steps).sum();
    let time = done.iter().map(|done| done.sweep.elapsed).sum();
    let failed: usize = done.iter().map(|done| done.sweep.unwanted(done.scenario).count()).sum();
    let compared: u64 = done.iter().map(|done| done.compared.seeds).sum();
    let odd = done.iter().filter(|done| done.compared.differs.is_some()).count();
    writeln!(
        out,
        "\n{}, {} of virtual time, {}; {} failed",
        counted(runs, "run"),
        Long(time),
        counted(steps, "scheduling step"),
        Count(failed as u64)
    )?;
    say_where(out, done)?;
    match (compared, odd) {
        (0, _) => {}
        (_, 0) => {
            writeln!(out, "{} run again, here and in a fresh process: the same", Count(compared))?
        }
        _ => writeln!(
            out,
            "{} run again, here and in a fresh process: {odd} differ",
            Count(compared)
        )?,
    }
    told_alike(out, done)
}

/// How many runs each engine made.
fn say_where(out: &mut dyn Write, done: &[Done<'_>]) -> Result<(), CliError> {
    let runs_on = |engine: EngineName| {
        let its = done.iter().filter(|done| done.scenario.engine() == engine);
        (engine, its.map(|done| done.sweep.runs).sum::<u64>())
    };
    let ran = EngineName::ALL.map(runs_on).into_iter().filter(|(_, runs)| *runs > 0);
    let ran: Vec<String> =
        ran.map(|(engine, runs)| format!("{} on {engine}", counted(runs, "run"))).collect();
    writeln!(out, "ran: {}", if ran.is_empty() { "nothing".to_owned() } else { ran.join(", ") })?;
    Ok(())
}

/// How many timelines were told alike by all engines.
fn told_alike(out: &mut dyn Write, done: &[Done<'_>]) -> Result<(), CliError> {
    let alike: u64 = done.iter().map(|done| done.compared.alike).sum();
    let disagree = done.iter().filter(|done| done.compared.disagrees.is_some()).count();
    if alike > 0 || disagree > 0 {
        let available = |engine: &EngineName| engine.available().is_ok();
        let engines: Vec<&str> =
            EngineName::ALL.iter().filter(|one| available(one)).map(|one| one.as_str()).collect();
        let (alike, engines) = (Count(alike), engines.join(", "));
        let others = if disagree > 0 { format!("; {disagree} differently") } else { String::new() };
        writeln!(out, "{alike} told alike by {engines}{others}")?;
    }
    Ok(())
}

/// Why some were not run, each reason once.
pub(super) fn print_off(out: &mut dyn Write, off: &[Off<'_>]) -> Result<(), CliError> {
    let mut reasons: Vec<Unavailable> = Vec::new();
    for off in off {
        if !reasons.contains(&off.why) {
            reasons.push(off.why);
        }
    }
    for why in reasons {
        let count = off.iter().filter(|off| off.why == why).count();
        writeln!(out, "{} off: {why}", counted(count as u64, "scenario"))?;
    }
    Ok(())
}
