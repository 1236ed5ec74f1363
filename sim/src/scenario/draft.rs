//! The plan of one run as its scenario writes it down: draws, script, faults, parts, checks.

use super::DraftError;
use super::performer::performer;
use super::stage::{Stage, Stagehand};
use crate::check::{Promise, Sometimes};
use crate::engine::EngineName;
use crate::engine::hosts::Transit;
use crate::log::Name;
use crate::part::{HostPart, Operation, Part, Player};
use crate::plan::{Fault, FaultKind, Parameter, Plan, PlanError, Step};
use crate::span::Span;
use crate::stream::{Generator, Streams};
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// What a scenario's body fills in. Where the plan already says something, the plan wins: that is how a shrunk or edited
/// plan is run.
pub struct Draft<'a> {
    given: &'a Plan,
    streams: Streams,
    parameters: Vec<Parameter>,
    /// For each parameter, the least value that it can have, in units or nanoseconds.
    least: Vec<u64>,
    steps: Vec<Step>,
    faults: Vec<Fault>,
    parts: Vec<Player>,
    stage: Stagehand,
    promises: Vec<Box<dyn Promise>>,
    sometimes: Vec<Sometimes>,
    drew: bool,
    error: Option<DraftError>,
}

/// A draft that is complete and consistent.
pub(crate) struct Drafted {
    pub(crate) plan: Plan,
    /// For each parameter of the plan, the least value that it can have, in units or nanoseconds.
    pub(crate) least: Vec<u64>,
    /// For each step of the plan's script, in its order, the part that performs it.
    pub(crate) performers: Vec<usize>,
    pub(crate) parts: Vec<Player>,
    /// Where it is run.
    pub(crate) stage: Stage,
    pub(crate) promises: Vec<Box<dyn Promise>>,
    pub(crate) sometimes: Vec<Sometimes>,
    /// Whether the seed can change anything.
    pub(crate) seeded: bool,
}

/// The script of one named actor, which runs on a simulated thread of its own.
pub struct Actor<'d, 'a> {
    draft: &'d mut Draft<'a>,
    name: Arc<str>,
}

impl<'a> Draft<'a> {
    /// A draft of what `given` leaves open, for the engine that it names, or else for `engine`.
    pub(crate) fn of(given: &'a Plan, engine: EngineName) -> Self {
        // Room for what most scenarios have besides.
        let mut parts = Vec::with_capacity(4);
        parts.extend(crate::part::everywhere());
        Self {
            given,
            streams: Streams::of(given.seed),
            parameters: Vec::new(),
            least: Vec::new(),
            steps: Vec::with_capacity(16),
            faults: Vec::new(),
            parts,
            stage: Stagehand::new(given.engine.unwrap_or(engine)),
            promises: Vec::new(),
            sometimes: Vec::new(),
            drew: false,
            error: None,
        }
    }

    /// The parameter `name`, drawn from `range`, both ends included.
    ///
    /// # Panics
    /// The range is empty.
    pub fn draw(&mut self, name: &'static str, range: RangeInclusive<u32>) -> u32 {
        self.least.push(u64::from(*range.start()));
        let wide = u64::from(*range.start())..=u64::from(*range.end());
        let drawn = self.parameter_generator(name).within(wide);
        let drawn = u32::try_from(drawn).expect("a number between two u32 is one");
        let parsed = self.parameter(name, drawn, || {
            format!("a whole number from {} to {}", range.start(), range.end())
        });
        if range.contains(&parsed) {
            return parsed;
        }
        self.refuse_range(name, &parsed, range.start(), range.end());
        drawn
    }

    /// The parameter `name`, drawn from `range` to the nanosecond, both ends included.
    ///
    /// # Panics
    /// The range is empty.
    pub fn draw_duration(
        &mut self,
        name: &'static str,
        range: RangeInclusive<Duration>,
    ) -> Duration {
        // A time that does not fit is none that a plan could bring down to.
        self.least.push(u64::try_from(range.start().as_nanos()).unwrap_or(u64::MAX));
        let drawn = self.parameter_generator(name).duration_within(range.clone());
        let parsed = self.parameter(name, Span(drawn), || {
            let (first, last) = (Span(*range.start()), Span(*range.end()));
            format!("a duration such as 30s, from {first} to {last}")
        });
        if range.contains(&parsed.0) {
            return parsed.0;
        }
        self.refuse_range(name, &parsed, &Span(*range.start()), &Span(*range.end()));
        drawn
    }

    /// A stream of the plan for `purpose`, for what is drawn while the script is written.
    pub fn generator(&mut self, purpose: &str) -> Generator {
        self.drew = true;
        self.streams.generator_of(&["plan/", purpose])
    }

    fn parameter_generator(&mut self, name: &str) -> Generator {
        self.drew = true;
        self.streams.generator_of(&["plan/parameter=", name])
    }

    /// Writes the parameter down: as the plan gives it, or as drawn.
    fn parameter<T: fmt::Display + FromStr + Copy>(
        &mut self,
        name: &'static str,
        drawn: T,
        wanted: impl Fn() -> String,
    ) -> T {
        let value = match self.given.parameter(name) {
            None => drawn,
            Some(text) => text.parse().unwrap_or_else(|_| {
                let value = text.to_owned();
                self.refuse(DraftError::Parameter { name, value, wanted: wanted() });
                drawn
            }),
        };
        match Parameter::new(name, value.to_string()) {
            Ok(parameter) => self.parameters.push(parameter),
            Err(error) => self.refuse(error.into()),
        }
        value
    }

    fn refuse_range(
        &mut self,
        name: &'static str,
        value: &impl fmt::Display,
        first: &impl fmt::Display,
        last: &impl fmt::Display,
    ) {
        let wanted = format!("from {first} to {last}");
        self.refuse(DraftError::Parameter { name, value: value.to_string(), wanted });
    }

    /// Adds a part, whose operations scripts can then use on simulated threads.
    pub fn part<P: Part + Clone + 'static>(&mut self, part: P) -> P {
        self.parts.push(Player::Threads(Arc::new(part.clone())));
        part
    }

    /// Adds a part whose operations scripts can then use on hosts.
    pub fn host_part<P: HostPart + Clone + 'static>(&mut self, part: P) -> P {
        self.parts.push(Player::Hosts(Arc::new(part.clone())));
        part
    }

    /// Adds a part whose operations scripts can then use on simulated threads and on hosts.
    pub fn part_anywhere<P: Part + HostPart + Clone + 'static>(&mut self, part: P) -> P {
        self.parts.push(Player::Both(Arc::new(part.clone()), Arc::new(part.clone())));
        part
    }

    /// The engine that this run is for.
    #[must_use]
    pub fn engine(&self) -> EngineName {
        self.stage.engine()
    }

    /// Adds a host called `name`, one word, for actors. The driver is on the first one; where there is none it is on one called
    /// `local`. Simulated threads share one node, whatever hosts there are.
    pub fn host(&mut self, name: impl Into<Name>) {
        let name = name.into();
        match Fault::check_node(&name) {
            Ok(()) => self.stage.host(name),
            Err(error) => self.refuse(error.into()),
        }
    }

    /// The tick of an engine that has one, which is `network`: a millisecond where nothing is said, and for a driver alone a part of
    /// the plan's length. What waits for long is gone through faster in longer ticks.
    ///
    /// # Panics
    /// It is no whole number of milliseconds, or zero.
    pub fn tick(&mut self, tick: Duration) {
        let whole = tick.subsec_nanos().is_multiple_of(1_000_000) && !tick.is_zero();
        assert!(whole, "a tick of {tick:?}: the network engine moves hosts by whole milliseconds");
        self.stage.step(tick);
    }

    /// Messages between hosts travel like this. Where nothing is said they take no time beyond that of the engine, for a script of
    /// the driver alone, and from one millisecond to ten in other runs.
    pub fn transit(&mut self, transit: Transit) {
        self.stage.transit(transit);
    }

    /// The driver does `operation` at the virtual time `at`, or as soon after as it has done what comes before.
    pub fn at(&mut self, at: Duration, operation: Operation) {
        self.step(Step::at(at, operation.into_text()));
    }

    /// The driver does `operation` once everybody has ended, and after what was said so before.
    pub fn finally(&mut self, operation: Operation) {
        self.step(Step::finally(operation.into_text()));
    }

    /// The script of the actor `name`.
    pub fn actor(&mut self, name: impl Into<Arc<str>>) -> Actor<'_, 'a> {
        let name = name.into();
        if let Err(error) = Step::check_actor(&name) {
            self.refuse(error.into());
        }
        self.stage.appears(&name);
        Actor { name, draft: self }
    }

    /// A fault from `from` until `until`, or at one moment.
    pub fn fault(&mut self, from: Duration, until: Option<Duration>, kind: FaultKind) {
        self.add_fault(Fault::new(from, until, None, kind));
    }

    /// As [`fault`](Draft::fault), of the node called `node`.
    pub fn fault_of(
        &mut self,
        node: &str,
        from: Duration,
        until: Option<Duration>,
        kind: FaultKind,
    ) {
        self.add_fault(Fault::new(from, until, Some(node.into()), kind));
    }

    /// As [`fault`](Draft::fault), between two nodes.
    pub fn fault_between(
        &mut self,
        nodes: [&str; 2],
        from: Duration,
        until: Option<Duration>,
        kind: FaultKind,
    ) {
        self.add_fault(Fault::between(nodes.map(Arc::from), from, until, kind));
    }

    fn add_fault(&mut self, fault: Result<Fault, PlanError>) {
        match fault {
            Ok(fault) => self.faults.push(fault),
            Err(error) => self.refuse(error.into()),
        }
    }

    /// Adds a promise about every run.
    pub fn check(&mut self, promise: impl Promise + 'static) {
        self.promises.push(Box::new(promise));
    }

    /// Adds something that must be seen in some run of a sweep.
    pub fn sometimes(&mut self, sometimes: Sometimes) {
        self.sometimes.push(sometimes);
    }

    fn step(&mut self, step: Result<Step, PlanError>) {
        match step {
            Ok(step) => self.steps.push(step),
            Err(error) => self.refuse(error.into()),
        }
    }

    fn refuse(&mut self, error: DraftError) {
        self.error.get_or_insert(error);
    }

    /// Completes the given plan with what the scenario wrote, and checks that everything in it can be done.
    pub(crate) fn finish(self) -> Result<Drafted, DraftError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let unknown =
            |given: &&Parameter| !self.parameters.iter().any(|known| known.name == given.name);
        if let Some(unknown) = self.given.parameters.iter().find(unknown) {
            let known = self.parameters.iter().map(|known| known.name.clone()).collect();
            return Err(DraftError::UnknownParameter { name: unknown.name.clone(), known });
        }
        let mut plan = self.given.clone();
        plan.parameters = self.parameters;
        let mut steps = plan.script.take().unwrap_or(self.steps);
        // A time without a predecessor in the plan counts from the start; ties keep the order of the plan.
        steps.sort_by_key(|step| if step.actor.is_none() { step.at } else { None });
        let concurrent = steps.iter().any(|step| step.actor.is_some());
        let stage = self.stage.set(&plan, &self.parts, concurrent)?;
        if stage.engine != EngineName::Threads {
            plan.engine = Some(stage.engine);
        }
        let mut performers = Vec::with_capacity(steps.len());
        for step in &steps {
            performers.push(performer(&self.parts, &step.operation)?);
        }
        plan.script = Some(steps);
        plan.faults.get_or_insert(self.faults);
        stage.check(&plan)?;
        Ok(Drafted {
            plan,
            least: self.least,
            performers,
            parts: self.parts,
            promises: self.promises,
            sometimes: self.sometimes,
            // What hosts send each other takes as long as the seed says.
            seeded: self.drew || concurrent || stage.engine != EngineName::Threads,
            stage,
        })
    }
}

impl Drafted {
    /// The forms of all operations that somebody in the scenario can do.
    pub(crate) fn forms(&self) -> Vec<String> {
        self.parts.iter().flat_map(|part| part.forms()).collect()
    }
}

impl Actor<'_, '_> {
    /// The actor is on the host called `host`, which the scenario has.
    #[must_use = "an actor's script goes on with what `on` returns"]
    pub fn on(self, host: &str) -> Self {
        self.draft.stage.places(&self.name, host);
        self
    }

    /// The actor does `operation` after what came before.
    #[must_use = "an actor's script goes on with what `does` returns"]
    pub fn does(self, operation: Operation) -> Self {
        self.draft.step(Step::next_of(Arc::clone(&self.name), operation.into_text()));
        self
    }

    /// The actor does `operation` at the virtual time `at`, or as soon after as it has done what came before.
    #[must_use = "an actor's script goes on with what `does_at` returns"]
    pub fn does_at(self, at: Duration, operation: Operation) -> Self {
        let step = Step::next_of(Arc::clone(&self.name), operation.into_text());
        self.draft.step(step.map(|step| Step { at: Some(at), ..step }));
        self
    }

    /// The script is complete.
    pub fn ends(self) {}
}
