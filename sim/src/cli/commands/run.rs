//! `run`: many seeds of each scenario, one row for each, and a report for each cause of a failure.

use super::super::args::RunArgs;
use super::super::comparison::{Compared, compare};
use super::super::coverage::Coverage;
use super::super::engines::Engines;
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::extent::{Sample, Seeds};
use super::super::progress::Progress;
use super::super::selection::{Off, Selection};
use super::super::sweeping::Sweeping;
use super::super::table::{self, Count, Long, Same, counted};
use super::super::unreached::say_unreached;
use super::super::witness::{self, Elsewhere};
use super::super::{Invocation, canary, digests};
use super::default_seeds;
use crate::determinism::Testimony;
use crate::engine::{EngineName, Unavailable};
use crate::report::{
    self, Case, Causes, DisagreeingRun, DivergentRun, ExamineRequest, Reproduction, SeedList,
};
use crate::scenario::{CatalogueError, Expectation, Scenario};
use crate::seed::Seed;
use crate::sweep::{Failed, Sweep, SweepVerdict};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs, compares, prints.
pub(in crate::cli) fn run(
    invocation: &Invocation<'_>,
    args: &RunArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let environment = &invocation.environment;
    let seeds = environment.seeds(&args.extent, Seeds::Range(default_seeds()))?;
    let jobs = environment.jobs(&args.extent).0;
    let sample = args.check.or(environment.check).unwrap_or(Sample(1));
    let bent = environment.bent(&args.bent);
    let selection = Selection::new(invocation.catalogue, &args.scenarios, bent)
        .map_err(|error| check_apart(args, error))?
        .chosen_by(environment.strategy(&args.strategy));
    selection.check_strategy()?;
    head(out, &selection, seeds, jobs.get())?;

    let total = match seeds {
        Seeds::Range(range) => {
            let runs = range.len().saturating_mul(selection.scenarios.len() as u128);
            Some(u64::try_from(runs).unwrap_or(u64::MAX))
        }
        Seeds::For(_) => None,
    };
    let progress = Progress::start(total);
    let sweeping = Sweeping {
        selection: &selection,
        seeds,
        jobs,
        sample,
        stop: &invocation.stop,
        progress: &progress,
    };
    let mut done = Vec::new();
    for &scenario in &selection.scenarios {
        let swept = sweeping.of(scenario)?;
        let stop = &invocation.stop;
        let compared = compare(scenario, &selection, &swept, sample, stop, &witness::elsewhere)?;
        done.push(Done { scenario, sweep: swept.sweep, kept: swept.kept, compared });
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    progress.ends();
    let exit = print(out, &selection, &done, &invocation.stop, &witness::elsewhere)?;
    // What was cut short says nothing about what it did not come to.
    if invocation.stop.load(Ordering::Relaxed) {
        return Ok(exit.max(Exit::Interrupted));
    }
    if args.digest {
        write!(out, "\n{}", digests::text(&done))?;
    }
    let exit = exit.max(canary::sing(invocation, &selection, jobs, out)?);
    let reached = done.iter().flat_map(|done| done.sweep.reached.iter().copied()).collect();
    Ok(exit.max(say_unreached(out, invocation.catalogue, &selection, &reached)?))
}

/// A number beside `--check` is taken for a scenario, because `--check` alone is one way to write it.
fn check_apart(args: &RunArgs, error: CliError) -> CliError {
    match error {
        CliError::Catalogue(CatalogueError::Unknown { name, .. })
            if args.check.is_some() && name.parse::<u64>().is_ok() =>
        {
            CliError::CheckApart { number: name }
        }
        other => other,
    }
}

/// One scenario that has been run.
pub(in crate::cli) struct Done<'a> {
    pub(in crate::cli) scenario: &'a Scenario,
    pub(in crate::cli) sweep: Sweep,
    /// What some seeds left behind in it.
    pub(in crate::cli) kept: BTreeMap<Seed, Testimony>,
    pub(in crate::cli) compared: Compared,
}

fn head(
    out: &mut dyn Write,
    selection: &Selection<'_>,
    seeds: Seeds,
    jobs: usize,
) -> Result<(), CliError> {
    let scenarios = selection.scenarios.len();
    let (scenarios, jobs) = (counted(scenarios as u64, "scenario"), counted(jobs as u64, "job"));
    write!(out, "{scenarios}, {seeds}, {jobs}")?;
    for plant in &selection.plants {
        write!(out, ", with {}", plant.name())?;
    }
    for promise in &selection.without {
        write!(out, ", without {promise}")?;
    }
    if let Some(strategy) = selection.strategy {
        write!(out, ", strategy {strategy}")?;
    }
    write!(out, "\nengines: {Engines}")?;
    if Engines::off().next().is_some() {
        write!(out, "; `doctor` says why")?;
    }
    writeln!(out, "\n")?;
    Ok(())
}

/// The table, the reports, what was covered, the total.
pub(in crate::cli) fn print(
    out: &mut dyn Write,
    selection: &Selection<'_>,
    done: &[Done<'_>],
    stop: &AtomicBool,
    elsewhere: Elsewhere<'_>,
) -> Result<Exit, CliError> {
    let mut table =
        table::table(["scenario", "seeds", "distinct logs", "orders", "virtual time", "verdict"]);
    for done in done {
        let same = if done.compared.differs.is_some() { Same::No } else { Same::Yes };
        table.add_row(table::row(done.scenario, &done.sweep, same));
    }
    for off in &selection.off {
        let [nothing, time] = ["-", ""];
        let verdict = table::yellow(&off.to_string());
        table.add_row([off.scenario.name(), nothing, nothing, nothing, time, &verdict]);
    }
    write!(out, "{}", table::text(&table))?;
    out.flush()?;
    let (mut exit, mut unexamined) = (Exit::Passed, 0);
    for done in done {
        exit = exit.max(verdict(&done.sweep.verdict(done.scenario)));
        if let Some((seed, how)) = &done.compared.differs {
            exit = exit.max(Exit::NotDeterministic);
            let plan = done.scenario.plan(*seed)?;
            let replay = selection.replay(done.scenario, plan);
            let run = DivergentRun { divergence: how.clone(), replay };
            write!(out, "\n{run}")?;
        }
        if let Some((seed, how)) = &done.compared.disagrees {
            exit = exit.max(Exit::NotDeterministic);
            let replay = selection.replay(done.scenario, done.scenario.plan(*seed)?);
            write!(out, "\n{}", DisagreeingRun { disagreement: how.clone(), replay })?;
        }
        match done.scenario.expectation() {
            Expectation::Holds => {
                let causes = causes(done, &done.sweep.failed, selection, stop, elsewhere)?;
                exit = exit.max(reports(out, &causes)?);
                unexamined += count_unexamined(&causes);
            }
            // It is no news that it fails: how it does is shown to whoever asks for it, by its first failing seed. How it fails
            // that should not is shown to everybody.
            Expectation::MustBreak(_) => {
                let unwanted: Vec<Failed> = done.sweep.unwanted(done.scenario).cloned().collect();
                let alone = selection.scenarios.len() == 1;
                let first = done.sweep.failed.get(..usize::from(alone)).unwrap_or_default();
                let shown = if unwanted.is_empty() { first } else { &unwanted[..] };
                if !shown.is_empty() {
                    let causes = causes(done, shown, selection, stop, elsewhere)?;
                    exit = exit.max(reports(out, &causes)?);
                }
            }
        }
    }
    let mut coverage = Coverage::new();
    done.iter().for_each(|done| coverage.add(done.scenario, &done.sweep));
    let coverage = coverage.text();
    if !coverage.is_empty() {
        write!(out, "\n{coverage}")?;
    }
    total(out, done)?;
    say_off(out, &selection.off)?;
    // Nothing was broken, and nothing was tried.
    if done.is_empty() {
        exit = exit.max(Exit::Usage);
    }
    if !stop.load(Ordering::Relaxed) {
        return Ok(exit);
    }
    write!(out, "interrupted: this is what was done")?;
    let left = (selection.scenarios.len() - done.len()) as u64;
    for (what, count, noun) in
        [("begun", left, "scenario"), ("examined", unexamined, "failing seed")]
    {
        if count > 0 {
            write!(out, "; not {what}: {}", counted(count, noun))?;
        }
    }
    writeln!(out)?;
    Ok(exit.max(Exit::Interrupted))
}

/// Why some were not run, each reason once.
fn say_off(out: &mut dyn Write, off: &[Off<'_>]) -> Result<(), CliError> {
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

fn verdict(verdict: &SweepVerdict) -> Exit {
    match verdict {
        SweepVerdict::Passed | SweepVerdict::NotJudged { .. } | SweepVerdict::FailedAsItMust => {
            Exit::Passed
        }
        SweepVerdict::Unseen { .. } | SweepVerdict::TooFewLogs { .. } => Exit::Usage,
        SweepVerdict::Broken | SweepVerdict::CanarySurvived => Exit::Broken,
    }
}

/// Why these seeds of one scenario fail, as far as it was found out before `stop` was set.
fn causes(
    done: &Done<'_>,
    failed: &[Failed],
    selection: &Selection<'_>,
    stop: &AtomicBool,
    elsewhere: Elsewhere<'_>,
) -> Result<Causes, CliError> {
    let request = ExamineRequest {
        failed,
        plants: &selection.plants,
        without: &selection.without,
        kept: &done.kept,
        strategy: selection.strategy,
        stop,
    };
    report::examine(done.scenario, &request, elsewhere)
}

/// Prints a report for each cause, and lists the failing seeds whose cause was not looked for.
fn reports(out: &mut dyn Write, causes: &Causes) -> Result<Exit, CliError> {
    let mut exit = Exit::Passed;
    for report in &causes.reports {
        write!(out, "\n{report}")?;
        if matches!(report.reproduction, Reproduction::NotReproducible(_)) {
            exit = Exit::NotDeterministic;
        }
    }
    for rest in &causes.unexamined {
        writeln!(out, "\n  {}: also broken, not made smaller", rest.promise)?;
        writeln!(out, "           {}", SeedList(&rest.seeds))?;
    }
    if causes.not_run_again > 0 {
        let more = counted(causes.not_run_again, "more failing seed");
        writeln!(out, "\n  not run again in a fresh process: {more}")?;
    }
    Ok(exit)
}

/// Failing seeds that nobody came to before it was stopped.
fn count_unexamined(causes: &Causes) -> u64 {
    let unexamined = causes.reports.iter().filter(|report| report.case == Case::Unexamined);
    unexamined.map(|report| 1 + report.also.len() as u64).sum()
}

fn total(out: &mut dyn Write, done: &[Done<'_>]) -> Result<(), CliError> {
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

#[cfg(test)]
mod tests {
    use super::super::super::args::BentArgs;
    use super::*;
    use crate::scenario::Catalogue;

    #[test]
    fn where_nothing_could_be_run_nothing_has_passed() {
        let catalogue = Catalogue::new(Vec::new()).expect("no name is there twice");
        let selection = Selection::new(&catalogue, [], BentArgs::default()).expect("nobody asked");
        let (stop, mut out) = (AtomicBool::new(false), Vec::new());
        let exit = print(&mut out, &selection, &[], &stop, &witness::elsewhere).expect("it prints");
        let said = String::from_utf8(out).expect("it is text");
        assert_eq!(exit, Exit::Usage, "{said}");
        assert!(said.contains("\nran: nothing\n"), "{said}");
    }
}
