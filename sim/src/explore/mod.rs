//! Every interleaving of a small case, or every one within a bound.
//!
//! A sweep draws some orders of the steps of many seeds; this tries all orders of one. What it finds is as certain as the
//! case is small: two threads of ten steps have 184,756 orders, three of six have 17 million, and of those that differ only
//! in steps that do not matter to each other one is run.

mod tally;

pub use crate::engine::{Limits, Orders, Search};
pub use tally::{Bound, Extent, Tally};

use crate::engine::Flow;
use crate::engine::threads::Recording;
use crate::run::{Request, Run, run_searched};
use crate::scenario::{DraftError, Scenario};
use retrip_core::door::Plant;
use std::collections::BTreeSet;

/// What a search through the orders of one case has found.
#[derive(Debug)]
pub struct Explored {
    /// How much was run.
    pub tally: Tally,
    /// The first run that broke a promise, recorded; its [`written_plan`](Run::written_plan) replays it. The search ends
    /// there.
    pub failure: Option<Run>,
    /// Bugs that were switched on and that some run came to.
    pub reached: BTreeSet<Plant>,
}

/// Runs what `request` names in every order of its steps within `limits`, but at most `most_runs` times, and not after a run
/// in which a promise breaks. The schedule of its plan means nothing; everything else of the plan stays as it is, so that a
/// seed decides parameters, operations and faults.
///
/// ```
/// use retrip_sim::engine::threads::Sim;
/// use retrip_sim::explore::{Extent, Limits, explore};
/// use retrip_sim::part::waits;
/// use retrip_sim::plan::Plan;
/// use retrip_sim::run::Request;
/// use retrip_sim::scenario::Scenario;
/// use retrip_sim::seed::Seed;
/// use std::time::Duration;
///
/// let two = Scenario::new("two_wait", "two who have nothing to do with each other", |s| {
///     s.actor("a").does(waits(Duration::from_secs(1)));
///     s.actor("b").does(waits(Duration::from_secs(2)));
/// });
/// let plan = Plan::drawn("two_wait", Seed::new(0))?;
/// // Time may also move while one of them has something left to do.
/// let limits = Limits { time_moves: 2, ..Limits::NONE };
/// let explored = explore(&two, &Request::of(&plan), limits, 1_000)?;
/// assert_eq!(explored.tally.extent, Extent::Complete);
/// assert!(explored.failure.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The plan asks for something that the scenario does not have.
///
/// # Panics
/// On a simulated thread.
pub fn explore(
    scenario: &Scenario,
    request: &Request<'_>,
    limits: Limits,
    most_runs: u64,
) -> Result<Explored, DraftError> {
    explore_while(scenario, request, limits, most_runs, || Flow::Continue)
}

/// As [`explore`], for as long as `goes_on`, which is asked after each run, says so.
///
/// # Errors
/// As [`explore`].
///
/// # Panics
/// As [`explore`].
pub fn explore_while(
    scenario: &Scenario,
    request: &Request<'_>,
    limits: Limits,
    most_runs: u64,
    mut goes_on: impl FnMut() -> Flow,
) -> Result<Explored, DraftError> {
    let (mut failure, mut error, mut reached) = (None, None, BTreeSet::new());
    let tally = each_order(limits, most_runs, |search| {
        let mut given_back = search;
        match run_searched(scenario, request, &mut given_back) {
            Err(wrong) => {
                error = Some(wrong);
                return (given_back, Flow::Stop);
            }
            Ok(run) => {
                reached.extend(run.reached.iter().copied());
                if run.breach.is_none() || given_back.is_cut() {
                    return (given_back, goes_on());
                }
            }
        }
        given_back.again();
        let recorded = Request { recording: Recording::On, ..request.clone() };
        match run_searched(scenario, &recorded, &mut given_back) {
            Ok(run) => failure = Some(run),
            Err(wrong) => error = Some(wrong),
        }
        (given_back, Flow::Stop)
    });
    match error {
        Some(error) => Err(error),
        None => Ok(Explored { tally, failure, reached }),
    }
}

/// Calls `run` with a search that decides the next order, for each order within `limits`, but at most `most_runs` times and
/// not after it has said to stop. It gives the search back as the run has left it.
///
/// ```
/// use retrip_core::door::{Atomic, JoinHandle, Spawn, SyncPrimitives};
/// use retrip_sim::engine::{Flow, Setup, run};
/// use retrip_sim::explore::{Limits, each_order};
/// use retrip_sim::seed::Seed;
/// use std::sync::atomic::Ordering::SeqCst;
/// use std::sync::Arc;
///
/// let tally = each_order(Limits::NONE, 1_000, |search| {
///     let ended = run(Setup { search: Some(search), ..Setup::of(Seed::new(0)) }, |sim| {
///         let number = Arc::new(sim.atomic_u64(0));
///         let other = Arc::clone(&number);
///         let thread = sim.spawn("other", move || other.store(1, SeqCst)).expect("room");
///         number.store(2, SeqCst);
///         thread.join().expect("it ends");
///     });
///     (ended.search.expect("it was given"), Flow::Continue)
/// });
/// // The other one stores first; or second, and then the join finds that it has ended or waits until it has.
/// assert_eq!(tally.to_string(), "complete: 3 interleavings");
/// ```
pub fn each_order(
    limits: Limits,
    most_runs: u64,
    mut run: impl FnMut(Box<Search>) -> (Box<Search>, Flow),
) -> Tally {
    let mut tally = Tally::default();
    let mut search = Search::new(limits);
    let mut bounds = BTreeSet::new();
    loop {
        if tally.runs == most_runs {
            bounds.insert(Bound::Runs(most_runs));
            break;
        }
        let (given_back, flow) = run(search);
        search = given_back;
        tally.runs += 1;
        if search.has_strayed() {
            bounds.insert(Bound::Strayed);
            break;
        }
        tally.interleavings += u64::from(!search.is_cut());
        if flow == Flow::Stop {
            bounds.insert(Bound::Stopped);
            break;
        }
        if !search.advance() {
            break;
        }
    }
    let withheld = search.withheld();
    if let Some(most) = limits.preemptions.filter(|_| withheld.preemption) {
        bounds.insert(Bound::Preemptions(most));
    }
    if withheld.time_move {
        bounds.insert(Bound::TimeMoves(limits.time_moves));
    }
    if withheld.steps {
        bounds.insert(Bound::Steps);
    }
    tally.extent = if bounds.is_empty() { Extent::Complete } else { Extent::Bounded(bounds) };
    tally
}
