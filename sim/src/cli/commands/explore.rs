//! `explore`: every interleaving of one seed, or every one within a bound.

use super::super::args::ExploreArgs;
use super::super::error::CliError;
use super::super::exit::Exit;
use super::super::extent::{Most, Runs};
use super::super::interrupt::unless_stopped;
use super::super::selection::Selection;
use super::super::table::{Count, counted, green, red};
use super::super::unreached::say_unreached;
use super::super::{Invocation, witness};
use crate::determinism::{self, Finding};
use crate::engine::{EngineName, Flow};
use crate::explore::{Bound, Explored, Extent, Limits, Orders, Tally, explore_while};
use crate::report::{Case, LastEvents, Report, Reproduction};
use crate::run::Run;
use crate::scenario::Scenario;
use crate::seed::Seed;
use crate::shrink::{Ending, Shrunk, shrink_until};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs where nobody says how many: a minute or so.
const RUNS: u64 = 1_000_000;

/// Runs all orders, says how many there are, and reports the first that breaks a promise.
pub(in crate::cli) fn explore(
    invocation: &Invocation<'_>,
    args: &ExploreArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let seed = args.seed.or(invocation.environment.seed).unwrap_or(Seed::new(0));
    let bent = invocation.environment.bent(&args.bent);
    let selection = Selection::new(invocation.catalogue, [&args.scenario], bent)?;
    let scenario = selection.scenarios[0];
    if scenario.engine() != EngineName::Threads {
        let hint = match scenario.can_run_on(EngineName::Threads) {
            Ok(()) => "leave out --engine",
            Err(_) => "`run` draws one order for each seed",
        };
        let (scenario, engine) = (scenario.name(), scenario.engine());
        return Err(CliError::ExploreThreads { scenario, engine, hint });
    }
    let plan = scenario.plan(seed)?;
    let time_moves = args.time_moves.as_ref().map(|Most(most)| *most);
    if !scenario.is_disturbed() && time_moves.is_some_and(|most| most > 0) {
        return Err(CliError::TimeStands { scenario: scenario.name() });
    }
    let limits = Limits {
        preemptions: args.preemptions.map(|Most(most)| most),
        time_moves: time_moves.unwrap_or(u32::from(scenario.is_disturbed())),
        orders: if args.all_orders { Orders::All } else { Orders::Distinct },
    };
    let runs = args.runs.map_or(RUNS, |Runs(runs)| runs.get());
    let goes_on = || match invocation.stop.load(Ordering::Relaxed) {
        true => Flow::Stop,
        false => Flow::Continue,
    };
    let request = selection.request(&plan);
    let Explored { tally, failure, reached } =
        explore_while(scenario, &request, limits, runs, goes_on)?;
    if let Some(found) = failure {
        let exit = report(&selection, scenario, &found, &invocation.stop, out)?;
        writeln!(out)?;
        say(&tally, out)?;
        return Ok(exit);
    }
    let (name, held) = (scenario.name(), green("held"));
    if has_strayed(&tally) {
        writeln!(out, "{}  {name}  seed {seed}", red("NOT DETERMINISTIC"))?;
        say(&tally, out)?;
        return Ok(Exit::NotDeterministic);
    }
    writeln!(out, "{held}  {name}  seed {seed}")?;
    say(&tally, out)?;
    if invocation.stop.load(Ordering::Relaxed) {
        return Ok(Exit::Interrupted);
    }
    say_unreached(out, invocation.catalogue, &selection, &reached)
}

fn has_strayed(tally: &Tally) -> bool {
    matches!(&tally.extent, Extent::Bounded(bounds) if bounds.contains(&Bound::Strayed))
}

/// How much was run, and what that spared.
fn say(tally: &Tally, out: &mut dyn Write) -> Result<(), CliError> {
    writeln!(out, "{tally}")?;
    let runs = counted(tally.runs, "run");
    match tally.cut() {
        0 => writeln!(out, "{runs}")?,
        cut => writeln!(out, "{runs}, {} cut short where they began to repeat one", Count(cut))?,
    }
    Ok(())
}

/// Makes what was found smaller, runs it again, and prints it, as far as that goes before `stop` is set.
fn report(
    selection: &Selection<'_>,
    scenario: &Scenario,
    found: &Run,
    stop: &AtomicBool,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let written = found.written_plan();
    let shrunk = shrink_until(scenario, &selection.request(&written), stop)?;
    let (run, plan, case) = match &shrunk {
        Some(Shrunk { run, plan, runs, operations_before, ending }) => {
            let (smaller, of, runs) = (plan.clone(), *operations_before, *runs);
            let case = match ending {
                Ending::Itself => Case::Minimal { plan: smaller, of, runs },
                Ending::Stopped => Case::SoFar { plan: smaller, of, runs },
                Ending::StoppedAtOnce => Case::Unexamined,
            };
            (run, plan.clone(), case)
        }
        None => (found, written, Case::Vanished),
    };
    let request = selection.request(&plan);
    let check = || determinism::check(scenario, &request, witness::elsewhere);
    let (reproduction, exit) = match unless_stopped(stop, check)? {
        Some(Finding::Differs(how)) => {
            (Reproduction::NotReproducible(Some(how)), Exit::NotDeterministic)
        }
        _ if shrunk.is_none() => (Reproduction::NotReproducible(None), Exit::NotDeterministic),
        Some(Finding::Same) => (Reproduction::Reproducible, Exit::Broken),
        None => (Reproduction::NotRunAgain, Exit::Broken),
    };
    let breach = run.breach.as_ref().or(found.breach.as_ref());
    let report = Report {
        scenario: scenario.name().to_owned(),
        seed: plan.seed,
        reproduction,
        breach: breach.cloned().expect("what was found broke a promise"),
        case,
        last: LastEvents::of(run),
        replay: selection.replay(scenario, plan),
        also: Vec::new(),
    };
    write!(out, "{report}")?;
    Ok(exit)
}
