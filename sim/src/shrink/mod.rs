//! From a failing run to the fewest steps that fail in the same way.
//!
//! A candidate is kept when it is smaller (`size.rs`) and the same promise is broken. First whole parts go (actors,
//! operations, faults, deviations of the schedule, recorded choices) by delta debugging, after Zeller and Hildebrandt,
//! "Simplifying and Isolating Failure-Inducing Input" (2002); then turns are tried one by one, times, durations and
//! parameters come down to their boundary, by bisection, and operations become simpler ones. What still stands is left out
//! together with another change (`ways.rs`). Parameters that change nothing any more are left out at last.

mod actors;
mod lists;
mod operations;
mod parameters;
mod search;
mod size;
mod times;
mod turns;
mod values;
mod ways;

pub(crate) use operations::has_form;

use crate::engine::threads::Recording;
use crate::plan::{Plan, Schedule};
use crate::run::{Request, Run, run};
use crate::scenario::{DraftError, Scenario};
use retrip_core::door::Plant;
use search::{Aim, Search};
use std::sync::atomic::AtomicBool;

/// The smallest failing run that was found.
#[derive(Debug)]
pub struct Shrunk {
    /// It as a run.
    pub run: Run,
    /// Its plan, which leaves nothing to the seed that matters.
    pub plan: Plan,
    /// Runs that were made to find it.
    pub runs: u64,
    /// Operations of the run that was shrunk.
    pub operations_before: usize,
    /// Why nothing smaller was looked for.
    pub ending: Ending,
}

/// How the search for a smaller run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself: nothing helped any more, or it had made all the runs that it may.
    Itself,
    /// It was stopped. What it has is smaller than what it began with.
    Stopped,
    /// It was stopped before it found anything smaller: the plan is the one that it was given.
    StoppedAtOnce,
}

/// How far a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Until nothing helps any more, within a second or two.
    Full,
    /// Only far enough to tell most causes apart.
    Quick,
}

impl Effort {
    /// Runs after which the best so far is taken.
    const fn most_runs(self) -> u64 {
        match self {
            Self::Full => 20_000,
            Self::Quick => 120,
        }
    }
}

/// Scheduling steps after which the best so far is taken.
const MOST_STEPS: u64 = 20_000_000;
/// Times that the sizes of faults and all other numbers are made smaller in turn.
const MOST_ROUNDS: usize = 4;

/// Shrinks the failing run of `plan`. `None` where it does not fail.
///
/// # Errors
/// The plan cannot be run.
pub fn shrink(
    scenario: &Scenario,
    plan: &Plan,
    plants: &[Plant],
    without: &[String],
) -> Result<Option<Shrunk>, DraftError> {
    let request = Request { plants, without, ..Request::of(plan) };
    shrink_until(scenario, &request, &AtomicBool::new(false))
}

/// As [`shrink`], of the run that `request` names, and until `stop` is set from outside: then the best so far is taken, within
/// a few runs.
///
/// # Errors
/// The plan cannot be run.
pub fn shrink_until(
    scenario: &Scenario,
    request: &Request<'_>,
    stop: &AtomicBool,
) -> Result<Option<Shrunk>, DraftError> {
    shrink_with(scenario, request, stop, Effort::Full, &|_, _| false)
}

/// As [`shrink_until`], with a given effort, and only until a failing run of a plan `is_known`: that is asked where only what
/// needs many runs is left to be tried.
///
/// # Errors
/// The plan cannot be run.
pub(crate) fn shrink_with(
    scenario: &Scenario,
    request: &Request<'_>,
    stop: &AtomicBool,
    effort: Effort,
    is_known: &dyn Fn(&Plan, &Run) -> bool,
) -> Result<Option<Shrunk>, DraftError> {
    let recorded = run(scenario, &Request { recording: Recording::On, ..request.clone() })?;
    let Some(breach) = &recorded.breach else { return Ok(None) };
    let mut start = recorded.written_plan();
    if !recorded.seeded || recorded.threads == 1 {
        // With one thread there is nothing to schedule, and a plan without a schedule reads better.
        start.schedule = Schedule::Drawn;
    }
    let operations_before = start.script.as_ref().map_or(0, Vec::len);
    // What was recorded must fail as it stands, or a smaller plan proves nothing.
    let again =
        run(scenario, &Request { plan: &start, recording: Recording::Off, ..request.clone() })?;
    if again.breach.is_none_or(|again| again.promise != breach.promise) {
        start = request.plan.clone();
    }
    let aim = Aim {
        scenario,
        request,
        promise: breach.promise,
        most_runs: effort.most_runs(),
        most_steps: MOST_STEPS,
        stop,
    };
    let mut search = Search::new(aim, start, breach)?;
    let whole = search.size().clone();
    converge(&mut search, is_known);
    for _ in 0..MOST_ROUNDS {
        let size = search.size().clone();
        values::shrink_sizes(&mut search);
        if *search.size() == size {
            break;
        }
        converge(&mut search, is_known);
    }
    let ending = match (search.is_stopped(), *search.size() < whole) {
        (false, _) => Ending::Itself,
        (true, true) => Ending::Stopped,
        (true, false) => {
            let (plan, runs) = (request.plan.clone(), search.runs());
            let ending = Ending::StoppedAtOnce;
            return Ok(Some(Shrunk { run: recorded, plan, runs, operations_before, ending }));
        }
    };
    if ending == Ending::Itself {
        parameters::forget(&mut search);
    }
    let (plan, runs) = (search.best().clone(), search.runs() + 1);
    let run =
        run(scenario, &Request { plan: &plan, recording: Recording::Off, ..request.clone() })?;
    Ok(Some(Shrunk { run, plan, runs, operations_before, ending }))
}

/// Makes the best so far smaller until nothing more helps, or it is known.
fn converge(search: &mut Search<'_>, is_known: &dyn Fn(&Plan, &Run) -> bool) {
    while !search.is_spent() {
        let before = search.size().clone();
        lists::shrink(search);
        turns::shrink(search);
        actors::shrink(search);
        times::shrink_gaps(search);
        values::shrink(search);
        operations::shrink(search);
        parameters::shrink(search);
        if *search.size() == before {
            lists::shrink_rescheduled(search);
        }
        if *search.size() == before {
            times::shrink(search);
            operations::shrink_otherwise(search);
        }
        if *search.size() == before {
            if search.run_of_best().is_some_and(|run| is_known(search.best(), &run)) {
                return;
            }
            ways::shrink(search);
        }
        if *search.size() == before {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Judgement, always};
    use crate::log::What;

    #[test]
    fn a_search_ends_with_its_effort_and_the_best_so_far_is_taken() {
        let scenario = Scenario::new("shrinking", "it needs many steps", move |s| {
            let mut jumps = 0;
            s.check(always("sound", "few clocks are set", move |event| {
                jumps += u32::from(matches!(event.what, What::Clock(_)));
                if jumps < 80 { Judgement::Holds } else { Judgement::broken("few", "many") }
            }));
        });
        let jump = |nth| format!("{}.000000789s wall clock jumps -999999999ns", nth + 1);
        let many: Vec<String> = (0..90).map(jump).collect();
        let plan: Plan = format!("shrinking 0 {}", many.join("; ")).parse().expect("it is a plan");
        let shrunk = |effort| {
            let (request, stop) = (Request::of(&plan), AtomicBool::new(false));
            let shrunk = shrink_with(&scenario, &request, &stop, effort, &|_, _| false);
            shrunk.expect("it can be run").expect("it fails")
        };
        let (quick, full) = (shrunk(Effort::Quick), shrunk(Effort::Full));
        // Where it ends, a candidate may need a run or two more, and what it is left with is run once again.
        assert!((120..=123).contains(&quick.runs), "{} runs", quick.runs);
        let steps = |shrunk: &Shrunk| shrunk.plan.script.as_ref().map_or(0, Vec::len);
        assert!(steps(&quick) < 90, "{}", steps(&quick));
        assert_eq!(
            (steps(&full), full.run.breach.map(|breach| breach.promise)),
            (80, Some("sound"))
        );
        assert!(full.runs > 200, "{} runs", full.runs);
    }
}
