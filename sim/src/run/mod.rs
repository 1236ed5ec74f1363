//! The one file that knows every stage: scenario -> plan -> engine -> event log -> checks.
//!
//! Sweep, replay, shrink, the determinism check and the tests all call [`run`]; there is no second loop.

mod hosts;

use crate::check::{Breach, End, Sighting, Verdict, Watch};
use crate::clock::NodeClock;
use crate::engine::hosts::Effect;
use crate::engine::threads::{Failure, Recording, StreamDigest, Unmet};
use crate::engine::{
    self, CountOrders, Disturbances, Ended, EngineName, Limits, NamedStrategy, Observer,
    OverflowReport, Search, Setup, Shape, Sight, Spurious, Strategy,
};
use crate::fault::happenings;
use crate::log::{Digest, EventLog, Name};
use crate::plan::{Choice, Deviation, Plan, Schedule, Step};
use crate::play::Play;
use crate::portfolio::{self, Portfolio};
use crate::replay;
use crate::scenario::{DraftError, Scenario};
use crate::stream::Streams;
use retrip_core::door::Plant;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The name of the node of scenarios that have only one.
pub const ONLY_NODE: &str = "local";
thread_local! {
    /// [`ONLY_NODE`], made once.
    static ONLY_NODE_NAME: Name = Name::from(ONLY_NODE);
}
/// The most threads of one run.
const MOST_THREADS: usize = 32_000;

/// What to run, and how.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Which run: a seed, or everything that a plan says in its place.
    pub plan: &'a Plan,
    /// Bugs that are switched on.
    pub plants: &'a [Plant],
    /// Promises that are switched off.
    pub without: &'a [String],
    /// Whether the schedule and the choices are kept.
    pub recording: Recording,
    /// Where the strategy of a drawn schedule comes from.
    pub strategy: Chooser,
    /// Whether the canonical order of the run's steps is told.
    pub orders: CountOrders,
}

impl<'a> Request<'a> {
    /// The run of `plan` as it is.
    #[must_use]
    pub fn of(plan: &'a Plan) -> Self {
        Self {
            plan,
            plants: &[],
            without: &[],
            recording: Recording::Off,
            strategy: Chooser::Drawn,
            orders: CountOrders::No,
        }
    }
}

impl Request<'_> {
    /// Whether the promise `name` is switched on.
    fn keeps(&self, name: &str) -> bool {
        !self.without.iter().any(|without| without == name)
    }
}

/// Where the strategy of a run comes from, whose plan leaves the schedule to the seed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Chooser {
    /// From the seed.
    #[default]
    Drawn,
    /// It is this one, as if the seed had drawn it: for a run as long as the pilots were, and with the sight that the seed draws.
    Named(NamedStrategy),
    /// It is exactly this one, asked at every point, and no pilot is run.
    Given(Strategy),
}

impl Chooser {
    /// The name that was asked for, where one was.
    #[must_use]
    pub const fn named(&self) -> Option<NamedStrategy> {
        match self {
            Self::Named(named) => Some(*named),
            Self::Drawn | Self::Given(_) => None,
        }
    }
}

/// The strategy that was asked for, where one was, and otherwise what the seed draws.
impl From<Option<NamedStrategy>> for Chooser {
    fn from(named: Option<NamedStrategy>) -> Self {
        named.map_or(Self::Drawn, Self::Named)
    }
}

/// A run that is over.
#[derive(Debug)]
pub struct Run {
    /// What was run, completed with everything that was drawn before it began.
    pub plan: Plan,
    /// What ran it.
    pub engine: EngineName,
    /// What happened.
    pub log: EventLog,
    /// The first broken promise, where one was broken.
    pub breach: Option<Breach>,
    /// What the engine found wrong, where it did; then it is also the breach.
    pub failure: Option<Failure>,
    /// What this run says about each promise.
    pub verdicts: Vec<Verdict>,
    /// What this run has seen of what a sweep must see.
    pub sightings: Vec<Sighting>,
    /// What chose the threads, where the plan did not and there were several.
    pub strategy: Option<Strategy>,
    /// What the run looked like, where that was asked for.
    pub shape: Option<Shape>,
    /// The canonical order of its steps, where that was asked for.
    pub order: Option<u64>,
    /// Of every scheduling step.
    pub schedule: Digest,
    /// Of every stream drawn from while running.
    pub streams: Vec<StreamDigest>,
    /// Where recorded: how the schedule deviated from the default rule.
    pub deviations: Vec<Deviation>,
    /// Where recorded: numbers drawn while running.
    pub choices: Vec<Choice>,
    /// How many planned deviations did not apply.
    pub skipped: u64,
    /// Those, as the plan lists them, and why.
    pub unmet: Vec<Unmet>,
    /// Planned choices that did not apply.
    pub stale: u64,
    /// Scheduling steps.
    pub steps: u64,
    /// Simulated threads, the driver included.
    pub threads: usize,
    /// Virtual time that passed.
    pub elapsed: Duration,
    /// Whether the seed can change anything in this scenario.
    pub seeded: bool,
    /// Bugs that were switched on and that the code under test asked for: the others changed nothing.
    pub reached: Vec<Plant>,
    /// What faults of hosts and messages did, and how often.
    pub effects: BTreeMap<Effect, u64>,
    /// Stacks that could not be unwound: their memory is gone for as long as the process lives.
    pub leaked: u64,
}

impl Run {
    /// The plan that repeats this run without drawing anything, where it was recorded. Who goes first on hosts is left to the seed.
    #[must_use]
    pub fn written_plan(&self) -> Plan {
        let mut plan = self.plan.clone();
        if self.engine == EngineName::Threads {
            plan.schedule = Schedule::Written(self.deviations.clone());
        }
        plan.choices.clone_from(&self.choices);
        plan
    }
}

/// Runs `scenario` as `request` says, from the plan to the verdicts.
///
/// # Errors
/// The plan asks for something that the scenario does not have.
///
/// # Panics
/// On a simulated thread: a run cannot start within a run.
pub fn run(scenario: &Scenario, request: &Request<'_>) -> Result<Run, DraftError> {
    run_in_place(scenario, request, &mut None)
}

/// As [`run`], in the order that `search` decides.
///
/// # Errors
/// As [`run`].
///
/// # Panics
/// As [`run`].
pub(crate) fn run_searched(
    scenario: &Scenario,
    request: &Request<'_>,
    search: &mut Box<Search>,
) -> Result<Run, DraftError> {
    let mut given = Some(std::mem::replace(search, Search::new(Limits::NONE)));
    let run = run_in_place(scenario, request, &mut given);
    if let Some(given_back) = given {
        *search = given_back;
    }
    run
}

/// On this operating system thread, or on a fresh one.
fn run_in_place(
    scenario: &Scenario,
    request: &Request<'_>,
    search: &mut Option<Box<Search>>,
) -> Result<Run, DraftError> {
    if !engine::threads::is_marked() {
        return run_here(scenario, request, search);
    }
    // Nothing of an earlier run may be seen by this one.
    let fresh = std::thread::scope(|scope| {
        let run = || run_here(scenario, request, search);
        scope.spawn(run).join()
    });
    fresh.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn run_here(
    scenario: &Scenario,
    request: &Request<'_>,
    search: &mut Option<Box<Search>>,
) -> Result<Run, DraftError> {
    let drafted = scenario.drafted(request.plan)?;
    if drafted.stage.engine != EngineName::Threads {
        return hosts::run(scenario, request, drafted);
    }
    let streams = Streams::of(drafted.plan.seed);
    let plan_is_drawn = drafted.plan.schedule == Schedule::Drawn && is_concurrent(&drafted.plan);
    let mut disturbances = Disturbances::USUAL;
    let (strategy, sight) = match (&drafted.plan.schedule, &request.strategy) {
        (_, Chooser::Given(strategy)) => (strategy.clone(), Sight::Everything),
        (Schedule::Drawn, chooser) if search.is_none() && is_concurrent(&drafted.plan) => {
            let shape = portfolio::shape(scenario);
            disturbances = Disturbances::Over(shape.steps);
            let portfolio = Portfolio::of(shape);
            match chooser.named() {
                Some(named) => portfolio.draw_named(named, &streams),
                None => portfolio.draw(&streams),
            }
        }
        _ => (Strategy::Random, Sight::Everything),
    };
    if !scenario.is_disturbed() {
        disturbances = Disturbances::Never;
    }
    let drawn = plan_is_drawn.then(|| strategy.clone());
    let keeps = |name: &str| request.keeps(name);
    let promises = drafted.promises.into_iter().filter(|promise| keeps(promise.name())).collect();
    let overflow = Overflow { scenario, request };
    let setup = Setup {
        streams,
        schedule: schedule(&drafted.plan),
        choices: drafted.plan.choices.clone(),
        strategy,
        sight,
        orders: request.orders,
        spurious: Spurious::Drawn,
        disturbances,
        nodes: vec![(ONLY_NODE_NAME.with(Name::clone), NodeClock::default())],
        bound: scenario.step_bound(),
        most_threads: MOST_THREADS,
        recording: request.recording,
        observer: Box::new(Watch::new(promises, drafted.sometimes)),
        plants: request.plants.to_vec(),
        search: search.take(),
        overflow: &overflow,
    };
    let plan = Arc::new(drafted.plan);
    let faults = plan.faults.as_deref().unwrap_or_default();
    let faults = happenings(faults, |node| drafted.stage.place(node))?;
    let play = Play {
        parts: drafted.parts,
        plan: Arc::clone(&plan),
        performers: drafted.performers,
        faults,
        places: drafted.stage.places,
    };
    let mut ended = engine::run(setup, move |sim| play.perform(&sim));
    *search = ended.search.take();
    // Only a stack that could not be unwound still shares it.
    let plan = Arc::unwrap_or_clone(plan);
    Ok(judged(plan, ended, drawn, drafted.seeded, keeps))
}

/// Where the interleaving comes from. A timeline has one driver and nothing to interleave: its steps happen exactly when
/// they are written, and nothing stalls between them.
fn schedule(plan: &Plan) -> Schedule {
    match &plan.schedule {
        Schedule::Drawn if !is_concurrent(plan) => Schedule::Written(Vec::new()),
        schedule => schedule.clone(),
    }
}

fn is_concurrent(plan: &Plan) -> bool {
    plan.script.iter().flatten().any(|step: &Step| step.actor.is_some())
}

/// What a run says about promises.
struct Judgement {
    breach: Option<Breach>,
    failure: Option<Failure>,
    verdicts: Vec<Verdict>,
    sightings: Vec<Sighting>,
}

impl Judgement {
    /// What `observer`, the watch that was given, and the engine say of a run that took `elapsed` and left `events`.
    fn of(
        observer: Box<dyn Observer>,
        failure: Option<Failure>,
        end: &End,
        keeps: impl Fn(&str) -> bool,
    ) -> Self {
        let watch = observer.into_any().downcast::<Watch>();
        let mut watch = *watch.expect("the observer is the watch that was given");
        let failure = failure.filter(|failure| keeps(failure.promise()));
        if failure.is_none() {
            watch.finish(end);
        }
        let (verdicts, sightings) = (watch.verdicts(), watch.sightings());
        let breach = watch.into_breach().or_else(|| failure.as_ref().map(Breach::of_failure));
        Self { breach, failure, verdicts, sightings }
    }
}

fn judged(
    plan: Plan,
    ended: Ended,
    strategy: Option<Strategy>,
    seeded: bool,
    keeps: impl Fn(&str) -> bool,
) -> Run {
    let end = End { elapsed: ended.elapsed, events: ended.log.events().len() };
    let Judgement { breach, failure, verdicts, sightings } =
        Judgement::of(ended.observer, ended.failure, &end, keeps);
    Run {
        plan,
        engine: EngineName::Threads,
        log: ended.log,
        breach,
        failure,
        verdicts,
        sightings,
        strategy,
        shape: ended.shape,
        order: ended.order,
        schedule: ended.schedule,
        streams: ended.streams,
        deviations: ended.deviations,
        choices: ended.choices,
        skipped: ended.skipped,
        unmet: ended.unmet,
        stale: ended.stale,
        steps: ended.steps,
        threads: ended.threads,
        elapsed: ended.elapsed,
        seeded,
        reached: ended.reached,
        effects: BTreeMap::new(),
        leaked: ended.leaked,
    }
}

/// Said when a simulated stack overflows: nothing more can be found out then.
struct Overflow<'a> {
    scenario: &'a Scenario,
    request: &'a Request<'a>,
}

impl OverflowReport for Overflow<'_> {
    fn write(&self, thread: &str, out: &mut dyn fmt::Write) -> fmt::Result {
        let Request { plan, plants, without, strategy, .. } = self.request;
        write!(
            out,
            "FAILED  {}  seed {}\n\n  promise  no_stack_overflow: every simulated thread stays within its stack\n  \
             wanted   at most 256 KiB of stack\n  found    the stack of thread `{thread}` overflowed\n\n  \
             reproduce\n    ",
            plan.scenario, plan.seed
        )?;
        let started_by = self.scenario.started_by();
        replay::write_line(out, started_by, plan, plants, without, strategy.named())?;
        out.write_str("\n")
    }
}
