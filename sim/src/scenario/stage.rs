//! Where a scenario is run: the engine, its hosts, and who is on which.

use super::DraftError;
use crate::engine::EngineName;
use crate::engine::hosts::{Time, Transit};
use crate::fault::can_happen;
use crate::log::Name;
use crate::part::Player;
use crate::plan::{DRIVER, Fault, FaultKind, Plan, Schedule};
use crate::run::ONLY_NODE;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// The shortest tick that there is.
const LEAST_STEP: Duration = Duration::from_millis(1);
/// About how many ticks a plan of a driver alone is gone through in.
const STEPS: u128 = 4_000;

/// Everything that is said about the stage while a scenario is written down.
pub(super) struct Stagehand {
    engine: EngineName,
    hosts: Vec<Name>,
    /// The host of each actor that was given one.
    places: BTreeMap<Arc<str>, Name>,
    /// Everybody whom the scenario has given a script: who is placed nowhere is on the first host.
    actors: BTreeSet<Arc<str>>,
    transit: Option<Transit>,
    step: Option<Duration>,
}

/// Where a run happens.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) engine: EngineName,
    /// The driver is on the first one.
    pub(crate) hosts: Vec<Name>,
    /// Hosts of the scenario that this engine has not: threads are all on one node.
    absent: Vec<Name>,
    /// The host of each actor that is not on the first one.
    pub(crate) places: BTreeMap<Arc<str>, usize>,
    pub(crate) transit: Transit,
    /// What moves time.
    pub(crate) time: Time,
    /// The tick of an engine that has one, where the scenario says it.
    step: Option<Duration>,
}

impl Stagehand {
    pub(super) fn new(engine: EngineName) -> Self {
        Self {
            engine,
            hosts: Vec::new(),
            places: BTreeMap::new(),
            actors: BTreeSet::new(),
            transit: None,
            step: None,
        }
    }

    pub(super) fn engine(&self) -> EngineName {
        self.engine
    }

    pub(super) fn host(&mut self, name: Name) {
        if !self.hosts.contains(&name) {
            self.hosts.push(name);
        }
    }

    pub(super) fn transit(&mut self, transit: Transit) {
        self.transit = Some(transit);
    }

    pub(super) fn step(&mut self, step: Duration) {
        self.step = Some(step);
    }

    pub(super) fn appears(&mut self, actor: &Arc<str>) {
        self.actors.insert(Arc::clone(actor));
    }

    pub(super) fn places(&mut self, actor: &Arc<str>, host: &str) {
        self.places.insert(Arc::clone(actor), host.into());
    }

    /// The stage of a run of `plan`, once it is known that the engine has all that it needs.
    pub(super) fn set(
        self,
        plan: &Plan,
        parts: &[Player],
        concurrent: bool,
    ) -> Result<Stage, DraftError> {
        let Self { engine, mut hosts, places, actors, transit, step } = self;
        engine.available()?;
        for part in parts {
            let can = match engine {
                EngineName::Threads => part.on_threads().is_some(),
                _ => part.on_hosts().is_some(),
            };
            if !can {
                let operation = part.forms().into_iter().next().unwrap_or_default();
                return Err(DraftError::Elsewhere { engine, operation });
            }
            let reads_std = part.on_hosts().is_some_and(|part| part.reads_std());
            if engine != EngineName::Threads && reads_std && !engine.simulates_std() {
                let operation = part.forms().into_iter().next().unwrap_or_default();
                return Err(DraftError::RealStd { engine, operation });
            }
        }
        if engine != EngineName::Threads && matches!(plan.schedule, Schedule::Written(_)) {
            return Err(DraftError::Schedule { engine });
        }
        let needed = parts.iter().filter_map(Player::on_hosts).flat_map(|part| part.hosts());
        let (mut needed, mut absent) = (needed.collect::<Vec<_>>(), Vec::new());
        if engine == EngineName::Threads {
            absent.append(&mut hosts);
            absent.append(&mut needed);
            absent.retain(|host| **host != *ONLY_NODE);
        }
        if hosts.is_empty() {
            hosts.push(ONLY_NODE.into());
        }
        for host in needed {
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        let stage = Stage {
            engine,
            places: BTreeMap::new(),
            transit: transit.unwrap_or_else(|| usual_transit(concurrent)),
            // What a driver alone does happens at the same moments on every engine.
            time: if concurrent { Time::Simulator } else { Time::Waits },
            step,
            hosts,
            absent,
        };
        if engine == EngineName::Threads {
            return Ok(stage);
        }
        let place = |(actor, host): (Arc<str>, Name)| Ok((actor, stage.place(&host)?));
        let mut places =
            places.into_iter().map(place).collect::<Result<BTreeMap<_, _>, DraftError>>()?;
        if !places.is_empty() {
            actors.into_iter().for_each(|actor| {
                places.entry(actor).or_insert(0);
            });
        }
        Ok(Stage { places, ..stage })
    }
}

impl Stage {
    /// The tick of an engine that has one: as the scenario says, or a millisecond. A driver alone is not told of the ticks, so that
    /// his may be so long that a plan of days is gone through in a few thousand.
    pub(crate) fn step(&self, plan: &Plan) -> Duration {
        let usual = match self.time {
            Time::Simulator => LEAST_STEP,
            Time::Waits => {
                let steps = plan.script.iter().flatten().filter_map(|step| step.at);
                let faults = plan.faults.iter().flatten();
                let faults = faults.flat_map(|fault| [fault.until.unwrap_or(fault.from)]);
                let millis = steps.chain(faults).max().unwrap_or_default().as_millis() / STEPS;
                Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)).max(LEAST_STEP)
            }
        };
        self.step.unwrap_or(usual)
    }

    /// Whether each fault of `plan` can happen here.
    pub(crate) fn check(&self, plan: &Plan) -> Result<(), DraftError> {
        self.check_places(plan)?;
        let driver = || plan.script.iter().flatten().any(|step| step.actor.is_none());
        for fault in plan.faults.iter().flatten() {
            let is_absent = self.is_of_an_absent_host(fault);
            if is_absent || !can_happen(self.engine, fault.kind) {
                let can = |engine: &EngineName| {
                    can_happen(*engine, fault.kind) && !(is_absent && *engine == self.engine)
                };
                let engines = EngineName::ALL.into_iter().filter(can).collect();
                let (engine, fault) = (self.engine, fault.to_string());
                return Err(DraftError::Fault { engine, fault, engines });
            }
            if fault.kind.is_of_an_actor() {
                check_actor(plan, fault.node.as_deref().unwrap_or_default())?;
                continue;
            }
            let places = fault.node.iter().chain(&fault.other).map(|node| self.place(node));
            let places = places.collect::<Result<Vec<_>, _>>()?;
            let stops = matches!(fault.kind, FaultKind::Crashes | FaultKind::Restarts);
            if stops && places.first() == Some(&0) && driver() {
                return Err(DraftError::Driver { fault: fault.to_string() });
            }
        }
        Ok(())
    }

    /// Whether `fault` happens to a host that the scenario has and this engine has not.
    fn is_of_an_absent_host(&self, fault: &Fault) -> bool {
        let mut befallen = fault.node.iter().chain(&fault.other);
        !fault.kind.is_of_an_actor()
            && befallen.any(|node| self.absent.iter().any(|host| **host == **node))
    }

    /// Whether everybody in the plan's script has a host, where the scenario says which has whom. The driver is on the first.
    fn check_places(&self, plan: &Plan) -> Result<(), DraftError> {
        let homeless = |actor: &&str| {
            !self.places.is_empty() && *actor != DRIVER && !self.places.contains_key(*actor)
        };
        match plan.actors().into_iter().find(homeless) {
            None => Ok(()),
            Some(actor) => {
                let known = self.places.keys().map(|known| known.to_string()).collect();
                Err(DraftError::Homeless { actor: actor.to_owned(), known })
            }
        }
    }

    /// The place of the host called `name` in the list.
    pub(crate) fn place(&self, name: &str) -> Result<usize, DraftError> {
        self.hosts.iter().position(|host| **host == *name).ok_or_else(|| DraftError::Node {
            node: name.to_owned(),
            known: self.hosts.iter().map(|host| host.to_string()).collect(),
        })
    }
}

/// Whether somebody in the plan's script is called `name`.
fn check_actor(plan: &Plan, name: &str) -> Result<(), DraftError> {
    let known = plan.actors();
    if known.contains(name) {
        return Ok(());
    }
    let known = known.into_iter().map(str::to_owned).collect();
    Err(DraftError::Actor { actor: name.to_owned(), known })
}

fn usual_transit(concurrent: bool) -> Transit {
    match concurrent {
        true => Transit::default(),
        false => Transit { latency: Duration::ZERO..=Duration::ZERO, loss_ppm: 0 },
    }
}
