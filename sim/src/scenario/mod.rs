//! A situation under test: what is drawn, who does what, what is promised.

mod catalogue;
mod draft;
mod error;
mod performer;
mod row;
mod stage;

pub use catalogue::{Catalogue, CatalogueError};
pub(crate) use draft::Drafted;
pub use draft::{Actor, Draft};
pub use error::DraftError;
pub use row::{Group, Row, RowError, SEED_ROWS, SeedRow};
pub(crate) use stage::Stage;

use crate::engine::{EngineName, Shape};
use crate::plan::{Plan, PlanError};
use crate::seed::Seed;
use retrip_core::door::Plant;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// One situation, as a function from a seed's draws to a plan and its checks.
///
/// The body is called once for each run, and writes down what it draws, what is done, and what is promised; it runs
/// nothing itself.
pub struct Scenario {
    name: &'static str,
    about: &'static str,
    body: Box<dyn Fn(&mut Draft<'_>) + Send + Sync>,
    pinned: Vec<Seed>,
    snapshot_form: SnapshotForm,
    enough: u64,
    bound: u64,
    disturbances: Disturbed,
    engine: EngineName,
    claims: Vec<Claim>,
    bugs: Vec<Bug>,
    expectation: Expectation,
    started_by: Arc<str>,
    /// What a run looks like under the default schedule: what strategies know in advance. A pure function of the scenario.
    pub(crate) pilot: OnceLock<Shape>,
}

/// Whether time may pass, and threads stand still, although they could go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Disturbed {
    Yes,
    No,
}

/// A row of the seed's catalogue that a scenario proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The row.
    pub row: Row,
    /// The promise that says what the row asks for.
    pub promise: &'static str,
    /// The bug that this promise finds in this scenario.
    pub plant: Plant,
}

/// A planted bug that a scenario must find, and the promise that it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bug {
    /// The bug.
    pub plant: Plant,
    /// The one promise that it breaks.
    pub promise: &'static str,
}

/// How much of a log its snapshot shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SnapshotForm {
    /// The full text where one thread did everything, else the decision log.
    ByThreads,
    /// The full text.
    Full,
}

/// Whether a sweep of a scenario should find a broken promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Every run keeps every promise.
    Holds,
    /// At least one run breaks this promise, and none another: a canary, which shows that the harness can still find
    /// something.
    MustBreak(&'static str),
}

impl Scenario {
    /// The situation called `name`, about `about` in one sentence, with the body that draws it.
    pub fn new(
        name: &'static str,
        about: &'static str,
        body: impl Fn(&mut Draft<'_>) + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            about,
            body: Box::new(body),
            pinned: vec![Seed::new(0), Seed::new(1), Seed::new(2)],
            snapshot_form: SnapshotForm::ByThreads,
            enough: 100,
            bound: 1_000_000,
            disturbances: Disturbed::Yes,
            engine: EngineName::Threads,
            claims: Vec::new(),
            bugs: Vec::new(),
            expectation: Expectation::Holds,
            started_by: Arc::from("cargo run --"),
            pilot: OnceLock::new(),
        }
    }

    /// Says that `promise` proves `rows`, and that it alone finds `plant`.
    #[must_use]
    pub fn proves(mut self, rows: &[Row], promise: &'static str, plant: Plant) -> Self {
        self.claims.extend(rows.iter().map(|&row| Claim { row, promise, plant }));
        self.finds(plant, promise)
    }

    /// Says that `promise`, and it alone, finds `plant`.
    #[must_use]
    pub fn finds(mut self, plant: Plant, promise: &'static str) -> Self {
        let bug = Bug { plant, promise };
        if !self.bugs.contains(&bug) {
            self.bugs.push(bug);
        }
        self
    }

    /// The seeds whose logs are reviewed snapshots; 0, 1 and 2 where nothing else is said.
    #[must_use]
    pub fn pinned(mut self, seeds: &[u64]) -> Self {
        self.pinned = seeds.iter().map(|&seed| Seed::new(seed)).collect();
        self
    }

    /// Makes its snapshots show every event, also where several threads act: for situations of a few events, in which
    /// it matters who comes first. A decision log would only count them.
    #[must_use]
    pub fn in_full(mut self) -> Self {
        self.snapshot_form = SnapshotForm::Full;
        self
    }

    /// How many seeds a sweep needs before what it did not see counts; 100 where nothing else is said.
    #[must_use]
    pub fn enough(mut self, seeds: u64) -> Self {
        self.enough = seeds;
        self
    }

    /// Scheduling steps after which a run turns fair, and ten times more is a livelock; 1,000,000 where nothing else is said.
    #[must_use]
    pub fn bound(mut self, steps: u64) -> Self {
        self.bound = steps;
        self
    }

    /// Time passes only while nobody could go on, and no thread stands still, unless a fault says so: for promises of how long something
    /// takes. In other scenarios both happen at any moment, as they do in production. For the engine of threads.
    #[must_use]
    pub fn undisturbed(mut self) -> Self {
        self.disturbances = Disturbed::No;
        self
    }

    /// Whether time may pass, and threads stand still, although they could go on.
    pub(crate) fn is_disturbed(&self) -> bool {
        self.disturbances == Disturbed::Yes
    }

    /// It runs on this engine where its plan names none.
    #[must_use]
    pub fn on(mut self, engine: EngineName) -> Self {
        self.engine = engine;
        self
    }

    /// The engine that it runs on where its plan names none.
    #[must_use]
    pub fn engine(&self) -> EngineName {
        self.engine
    }

    /// The plan that leaves everything to `seed`, on the engine that it runs on.
    ///
    /// # Errors
    /// Its name is none.
    pub fn plan(&self, seed: Seed) -> Result<Plan, PlanError> {
        let engine = Some(self.engine).filter(|&engine| engine != EngineName::Threads);
        Ok(Plan { engine, ..Plan::drawn(self.name, seed)? })
    }

    /// Whether it can be run on `engine`.
    ///
    /// # Errors
    /// This build has no such engine, or something that the scenario is made of cannot be done on it.
    pub fn can_run_on(&self, engine: EngineName) -> Result<(), DraftError> {
        let plan = Plan { engine: Some(engine), ..self.plan(Seed::new(0))? };
        self.drafted(&plan).map(drop)
    }

    pub(crate) fn set_engine(&mut self, engine: EngineName) {
        self.engine = engine;
    }

    /// Makes it a canary: a sweep in which it never breaks `promise` is itself a failure, and so is one in which it breaks
    /// another, such as by a panic.
    #[must_use]
    pub fn must_break(mut self, promise: &'static str) -> Self {
        self.expectation = Expectation::MustBreak(promise);
        self
    }

    /// Its name, after the situation.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The situation in one sentence.
    #[must_use]
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// The seeds with reviewed snapshots.
    #[must_use]
    pub fn pinned_seeds(&self) -> &[Seed] {
        &self.pinned
    }

    pub(crate) fn snapshot_form(&self) -> SnapshotForm {
        self.snapshot_form
    }

    /// How many seeds make a sweep's verdicts count.
    #[must_use]
    pub fn enough_seeds(&self) -> u64 {
        self.enough
    }

    /// The rows of the seed's catalogue that it proves.
    #[must_use]
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The planted bugs that it finds.
    #[must_use]
    pub fn bugs(&self) -> &[Bug] {
        &self.bugs
    }

    /// Whether it should fail.
    #[must_use]
    pub fn expectation(&self) -> Expectation {
        self.expectation
    }

    pub(crate) fn is_canary(&self) -> bool {
        matches!(self.expectation, Expectation::MustBreak(_))
    }

    /// What starts the program that it is in, up to the arguments: as its catalogue says, and `cargo run --` without one.
    #[must_use]
    pub fn started_by(&self) -> &str {
        &self.started_by
    }

    fn set_started_by(&mut self, command: Arc<str>) {
        self.started_by = command;
    }

    pub(crate) fn step_bound(&self) -> u64 {
        self.bound
    }

    /// What `plan` is once everything that it does not say has been drawn.
    pub(crate) fn drafted(&self, plan: &Plan) -> Result<Drafted, DraftError> {
        let mut draft = Draft::of(plan, self.engine);
        (self.body)(&mut draft);
        draft.finish()
    }
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scenario").field("name", &self.name).finish_non_exhaustive()
    }
}
