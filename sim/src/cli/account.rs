//! What a sweep has come to: a row for each scenario, a report for each cause of a failure, and the total.

use super::comparison::Compared;
use super::coverage::Coverage;
use super::error::CliError;
use super::exit::Exit;
use super::selection::Selection;
use super::table::{self, Same, counted};
use super::total;
use super::witness::Elsewhere;
use crate::determinism::Testimony;
use crate::report::{
    self, Case, Causes, DisagreeingRun, DivergentRun, ExamineRequest, Reproduction, SeedList,
};
use crate::scenario::{Expectation, Scenario};
use crate::seed::Seed;
use crate::sweep::{Failed, Sweep, SweepVerdict};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

/// One scenario that has been run.
pub(super) struct Done<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) sweep: Sweep,
    /// What some seeds left behind in it.
    pub(super) kept: BTreeMap<Seed, Testimony>,
    pub(super) compared: Compared,
}

/// The table, the reports, what was covered, the total.
pub(super) fn print(
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
    total::print(out, done)?;
    total::print_off(out, &selection.off)?;
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

#[cfg(test)]
mod tests {
    use super::super::args::BentArgs;
    use super::super::witness;
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
