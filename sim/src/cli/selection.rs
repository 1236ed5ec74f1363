//! The scenarios, planted bugs and promises that were named.

use super::args::BentArgs;
use super::error::CliError;
use crate::engine::{EngineName, NamedStrategy, Unavailable};
use crate::plan::Plan;
use crate::replay::ReplayLine;
use crate::run::{Request, run};
use crate::scenario::{Catalogue, DraftError, Scenario};
use crate::seed::Seed;
use retrip_core::door::Plant;
use std::collections::BTreeSet;
use std::fmt;

/// Promises that the engine itself makes for every scenario.
pub(super) const OF_THE_ENGINE: [&str; 4] =
    ["no_deadlock", "no_livelock", "no_leaked_thread", "no_panic"];

/// What a command is about.
pub(super) struct Selection<'a> {
    pub(super) scenarios: Vec<&'a Scenario>,
    /// Those that nobody named and whose engine this build does not have.
    pub(super) off: Vec<Off<'a>>,
    pub(super) plants: Vec<Plant>,
    pub(super) without: Vec<String>,
    /// The strategy of every run, where it is not each seed's own.
    pub(super) strategy: Option<NamedStrategy>,
}

/// A scenario that cannot be run, because this build does not have its engine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Off<'a> {
    pub(super) scenario: &'a Scenario,
    /// What is missing.
    pub(super) why: Unavailable,
}

impl<'a> Off<'a> {
    /// What keeps `scenario` from being run; `None` where nothing does.
    pub(super) fn of(scenario: &'a Scenario) -> Option<Self> {
        scenario.engine().available().err().map(|why| Self { scenario, why })
    }
}

impl fmt::Display for Off<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "off: this build has no {} engine", self.scenario.engine())
    }
}

impl<'a> Selection<'a> {
    /// The scenarios called `names`, bent as `bent` says. Where there is no name, all of them that this build has an engine for; one
    /// that is named is run, or refused, whatever its engine.
    pub(super) fn new<'n>(
        catalogue: &'a Catalogue,
        names: impl IntoIterator<Item = &'n String>,
        bent: BentArgs,
    ) -> Result<Self, CliError> {
        let mut scenarios: Vec<&Scenario> = Vec::new();
        for name in names {
            let scenario = catalogue.find(name)?;
            if let Some(engine) = catalogue.asked() {
                scenario.can_run_on(engine)?;
            }
            if !scenarios.iter().any(|listed| listed.name() == scenario.name()) {
                scenarios.push(scenario);
            }
        }
        let mut off = Vec::new();
        if scenarios.is_empty() {
            let asked = |scenario: &&Scenario| {
                catalogue.asked().is_none_or(|engine| scenario.engine() == engine)
            };
            let all = catalogue.scenarios().iter().filter(asked);
            (scenarios, off) = by_engine(all, EngineName::available);
        }
        if let (Some(engine), []) = (catalogue.asked(), &scenarios[..]) {
            engine.available().map_err(DraftError::from)?;
            return Err(CliError::NothingToRun { engine });
        }
        let plants = bent.plant.iter().map(|name| plant(catalogue, name));
        let plants = plants.collect::<Result<_, _>>()?;
        if !bent.without.is_empty() {
            let known = promises(&scenarios)?;
            bent.without.iter().try_for_each(|name| check_promise(&known, name))?;
        }
        Ok(Self { scenarios, off, plants, without: bent.without, strategy: None })
    }

    /// It with this strategy, where one was asked for.
    pub(super) fn chosen_by(self, strategy: Option<NamedStrategy>) -> Self {
        Self { strategy, ..self }
    }

    /// Refuses a strategy where nothing that is selected has threads to choose.
    pub(super) fn check_strategy(&self) -> Result<(), CliError> {
        let mut on_hosts = self.scenarios.iter().filter(|one| one.engine() != EngineName::Threads);
        match (self.strategy, on_hosts.clone().count() == self.scenarios.len(), on_hosts.next()) {
            (Some(strategy), true, Some(scenario)) => {
                Err(CliError::StrategyOfHosts { strategy, engine: scenario.engine() })
            }
            _ => Ok(()),
        }
    }

    /// The run of `plan` with everything that was asked for.
    pub(super) fn request<'r>(&'r self, plan: &'r Plan) -> Request<'r> {
        let (plants, without, strategy) = (&self.plants, &self.without, self.strategy.into());
        Request { plants, without, strategy, ..Request::of(plan) }
    }

    /// The line that runs `plan`, a plan of `scenario`, with everything that was asked for.
    pub(super) fn replay(&self, scenario: &Scenario, plan: Plan) -> ReplayLine {
        ReplayLine::of(scenario, plan, &self.plants, &self.without).chosen_by(self.strategy)
    }
}

/// Those of `scenarios` whose engine is `available`, and the others, as listed.
fn by_engine<'a>(
    scenarios: impl Iterator<Item = &'a Scenario>,
    available: impl Fn(EngineName) -> Result<(), Unavailable>,
) -> (Vec<&'a Scenario>, Vec<Off<'a>>) {
    let (mut on, mut off) = (Vec::new(), Vec::new());
    for scenario in scenarios {
        match available(scenario.engine()) {
            Ok(()) => on.push(scenario),
            Err(why) => off.push(Off { scenario, why }),
        }
    }
    (on, off)
}

/// The bug called `name`, which some scenario of the catalogue declares.
fn plant(catalogue: &Catalogue, name: &str) -> Result<Plant, CliError> {
    let bugs = || catalogue.scenarios().iter().flat_map(Scenario::bugs);
    if let Some(bug) = bugs().find(|bug| bug.plant.name() == name) {
        return Ok(bug.plant);
    }
    let known: BTreeSet<&str> = bugs().map(|bug| bug.plant.name()).collect();
    Err(CliError::Plant {
        name: name.to_owned(),
        nearest: crate::nearest::nearest(name, known.iter().copied()).map(str::to_owned),
        known: known.into_iter().map(str::to_owned).collect(),
    })
}

/// Every promise of `scenarios`: what they declare, what a run of them judges, and what the engine promises.
fn promises(scenarios: &[&Scenario]) -> Result<BTreeSet<&'static str>, CliError> {
    let mut known = BTreeSet::from(OF_THE_ENGINE);
    for scenario in scenarios {
        known.extend(scenario.bugs().iter().map(|bug| bug.promise));
        let plan = scenario.plan(Seed::new(0))?;
        let verdicts = run(scenario, &Request::of(&plan))?.verdicts;
        known.extend(verdicts.iter().map(|verdict| verdict.promise));
    }
    Ok(known)
}

fn check_promise(known: &BTreeSet<&'static str>, name: &str) -> Result<(), CliError> {
    if known.contains(name) {
        return Ok(());
    }
    Err(CliError::Promise {
        name: name.to_owned(),
        nearest: crate::nearest::nearest(name, known.iter().copied()).map(str::to_owned),
        known: known.iter().map(|&promise| promise.to_owned()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::nodes;

    #[test]
    fn a_scenario_whose_engine_is_not_there_is_off_and_the_others_are_not() {
        let quiet = |name| Scenario::new(name, "nothing happens", |_| {});
        let scenarios = [quiet("first"), quiet("far").on(EngineName::Nodes), quiet("last")];
        let missing = Unavailable::Nodes(nodes::Unavailable::Cfg);
        let (on, off) = by_engine(scenarios.iter(), |engine| match engine {
            EngineName::Threads | EngineName::Network => Ok(()),
            EngineName::Nodes => Err(missing),
        });
        let on: Vec<&str> = on.iter().map(|scenario| scenario.name()).collect();
        assert_eq!(on, ["first", "last"]);
        let off: Vec<_> = off.iter().map(|off| (off.scenario.name(), off.why)).collect();
        assert_eq!(off, [("far", missing)]);
    }
}
