//! `list --seed-rows`: each test of the project that this one replaces, and what proves it.
//!
//! A row is proven when, in this run, for each claim on it, its scenario ran and held, the promise named for it was judged,
//! and that promise found the bug planted against it. What no scenario can prove yet is planned, and says so.

use super::super::Invocation;
use super::super::args::{BentArgs, ExtentArgs};
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::extent::{Sample, Seeds};
use super::super::kill::{Fate, Hunt};
use super::super::progress::Progress;
use super::super::selection::{OF_THE_ENGINE, Selection};
use super::super::sweeping::Sweeping;
use super::super::table::{self, counted, green, red};
use super::{as_range, default_seeds};
use crate::scenario::{Bug, Claim, SEED_ROWS, Scenario};
use crate::sweep::{Sweep, SweepVerdict};
use retrip_core::door::Plant;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::Ordering;

/// What this run says about a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    Proven { after: u64 },
    ScenarioFailed,
    NotJudged,
    TooFewSeeds { runs: u64 },
    BugSurvived,
}

/// Prints every row and what proves it; a row that somebody claims and this run does not prove is a gap.
pub(super) fn seed_rows(
    invocation: &Invocation<'_>,
    extent: &ExtentArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let selection = Selection::new(invocation.catalogue, [], BentArgs::default())?;
    let proofs = prove(invocation, extent, &selection)?;
    let mut exit = Exit::Passed;
    let mut proven = 0;
    let mut table = table::table(["row", "test", "scenario", "proven by"]);
    for row_of in SEED_ROWS {
        let claims: Vec<_> =
            proofs.iter().filter(|(_, claim, _)| claim.row == row_of.row).collect();
        let holds = |(.., proof): &&(_, _, Proof)| matches!(proof, Proof::Proven { .. });
        let all = claims.iter().copied().all(|claim| holds(&claim));
        if !all {
            exit = exit.max(Exit::Usage);
        }
        proven += usize::from(all && !claims.is_empty());
        let mut name = [row_of.row.to_string(), row_of.test.to_owned()];
        if claims.is_empty() {
            let [row, test] = name;
            let plan = row_of.row.plan().map(|plan| format!("planned: {plan}"));
            table.add_row([row, test, String::new(), plan.unwrap_or_default()]);
            continue;
        }
        // The row is named once; every claim on it has a line.
        for (scenario, claim, proof) in claims {
            let [row, test] = std::mem::take(&mut name);
            table.add_row([row, test, (*scenario).to_owned(), words(claim, *proof)]);
        }
    }
    write!(out, "{}", table::text(&table))?;
    writeln!(out)?;
    if invocation.stop.load(Ordering::Relaxed) {
        exit = Exit::Interrupted;
        writeln!(out, "interrupted: rows that were not reached count as not proven")?;
    }
    writeln!(out, "{proven} of {} rows proven", SEED_ROWS.len())?;
    Ok(exit)
}

fn words(claim: &Claim, proof: Proof) -> String {
    let (promise, plant) = (claim.promise, claim.plant.name());
    match proof {
        Proof::Proven { after } => {
            green(&format!("{promise}, which finds {plant} in {}", counted(after, "seed")))
        }
        Proof::ScenarioFailed => red("NOT PROVEN: the scenario did not hold"),
        Proof::NotJudged => red(&format!("NOT PROVEN: {promise} judged nothing")),
        Proof::TooFewSeeds { runs } => {
            let runs = counted(runs, "seed");
            red(&format!("NOT JUDGED: {promise} has not found {plant} within {runs}"))
        }
        Proof::BugSurvived => red(&format!("NOT PROVEN: {promise} does not find {plant}")),
    }
}

/// Runs every scenario that claims a row, and every bug planted against a claim.
fn prove(
    invocation: &Invocation<'_>,
    extent: &ExtentArgs,
    selection: &Selection<'_>,
) -> Result<Vec<(&'static str, Claim, Proof)>, CliError> {
    let environment = &invocation.environment;
    let seeds = environment.seeds(extent, Seeds::Range(default_seeds()))?;
    let jobs = environment.jobs(extent).0;
    let progress = Progress::start(None);
    let (sample, stop) = (Sample(0), &invocation.stop);
    let sweeping = Sweeping { selection, seeds, jobs, sample, stop, progress: &progress };
    let mut proofs = Vec::new();
    let mut fates: BTreeMap<(&str, Plant, &str), Fate> = BTreeMap::new();
    for scenario in selection.scenarios.iter().filter(|scenario| !scenario.claims().is_empty()) {
        let swept = sweeping.of(scenario)?;
        for claim in scenario.claims() {
            if invocation.stop.load(Ordering::Relaxed) {
                break;
            }
            let bug = Bug { plant: claim.plant, promise: claim.promise };
            let hunt = Hunt {
                seeds: as_range(seeds),
                strategy: None,
                jobs,
                stop: &invocation.stop,
                progress: &|run| progress.ran(scenario, run),
            };
            let key = (scenario.name(), claim.plant, claim.promise);
            let fate = match fates.get(&key) {
                Some(fate) => fate.clone(),
                None => hunt.of(scenario, bug)?.fate,
            };
            proofs.push((scenario.name(), *claim, proof(scenario, &swept.sweep, *claim, &fate)));
            fates.insert(key, fate);
        }
    }
    progress.ends();
    Ok(proofs)
}

fn proof(scenario: &Scenario, sweep: &Sweep, claim: Claim, fate: &Fate) -> Proof {
    if sweep.verdict(scenario) != SweepVerdict::Passed {
        return Proof::ScenarioFailed;
    }
    // What the engine promises is judged in every run, whatever happens there.
    let is_judged = OF_THE_ENGINE.contains(&claim.promise)
        || sweep.judged.get(claim.promise).is_some_and(|judged| *judged > 0);
    if !is_judged {
        return Proof::NotJudged;
    }
    match fate {
        Fate::Killed { after, .. } => Proof::Proven { after: *after },
        Fate::Survived { runs, .. } if *runs < scenario.enough_seeds() => {
            Proof::TooFewSeeds { runs: *runs }
        }
        Fate::KilledByAnother { .. } | Fate::Survived { .. } => Proof::BugSurvived,
    }
}
