//! What all hosts of one run share.

use super::alarms::{Alarms, Quiet, Rest};
use super::hold::Hold;
use super::mail::Mail;
use super::polls::{self, Polls};
use super::stood::Stood;
use super::timers::Timers;
use super::{Ended, Runtime, Setup, SimulatorClock, Time, Work};
use crate::clock::NodeClock;
use crate::disk::SimDisk;
use crate::engine::choices::Choices;
use crate::engine::{Failure, Flow, Observer, Unwatched, Wait, WaitsFor};
use crate::log::{Cause, Event, EventLog, Folded, Name, What};
use parking_lot::{Mutex, RwLock};
use retrip_core::door::{Carried, Plant};
use std::collections::BTreeMap;
use std::panic::{Location, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::task::Waker;
use std::time::Duration;

/// The payload that ends a poll in which a unit goes on and on after its run has ended.
pub(super) struct Teardown;

/// Uses of the platform that one poll may make after the end of its run.
const MOST_LATE_STEPS: u64 = 100_000;

/// One run.
pub(in crate::engine) struct World {
    /// None once the run is over: what is left of the simulator is not kept alive by its own units.
    runtime: RwLock<Option<Box<dyn Runtime>>>,
    pub(super) time: Time,
    /// The latest moment that somebody has waited for; where the simulator moves the time, its time during the latest poll,
    /// once somebody has asked for it.
    pub(super) moment: AtomicU64,
    /// Everybody has been woken who waited for this moment or an earlier one.
    pub(super) rung: AtomicU64,
    /// How often a clock was changed.
    pub(super) clock_changes: AtomicU64,
    pub(super) stood: Stood,
    /// Whether a fault has ever held a unit.
    pub(super) holds: AtomicBool,
    pub(super) polls: Polls,
    inner: Mutex<Inner>,
}

/// A host, as the run keeps it.
pub(super) struct Node {
    pub(super) name: Name,
    pub(super) clock: NodeClock,
    pub(super) is: HostIs,
    pub(super) disk: SimDisk,
}

/// Whether a host is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HostIs {
    Up,
    /// It was there, is stopped, and begins anew.
    Restarting,
    Down,
}

/// A unit, as the run keeps it.
pub(super) struct Record {
    pub(super) name: Name,
    /// What the code under test put into its slot.
    pub(super) carried: Carried,
    /// The host that it is on; none for the root.
    pub(super) host: Option<u32>,
    /// What in the plan brings about what it does.
    pub(super) cause: Option<Cause>,
    /// Until when, in engine nanoseconds, a fault holds it, and which one of the plan.
    pub(super) held: Option<Hold>,
    /// Whether it has ended, or is gone with its host.
    pub(super) is_over: bool,
}

pub(super) struct Inner {
    pub(super) nodes: Vec<Node>,
    pub(super) units: Vec<Record>,
    /// The simulator's time. None once the run is over, as of the simulator itself.
    clock: Option<SimulatorClock>,
    pub(super) alarms: Alarms,
    /// None where the simulator looks by itself whose moment has come, and once the run is over.
    pub(super) timers: Option<Timers>,
    pub(super) quiet: Quiet,
    /// How many units have asked for each name.
    namesakes: BTreeMap<Name, u64>,
    pub(super) choices: Choices,
    log: EventLog,
    observer: Box<dyn Observer>,
    plants: Vec<Plant>,
    reached: Vec<Plant>,
    pub(super) mail: Mail,
    pub(super) steps: u64,
    bound: u64,
    /// Every poll: which unit.
    schedule: Folded,
    failure: Option<Failure>,
    /// Set when the run ends, also before its root does: nobody is polled any more, and nothing is recorded.
    stopped_at: Option<u64>,
    /// Set when the simulator is gone: whoever is dropped then may take as many steps as it likes.
    is_over: bool,
    /// Wakes the root, so that it sees that the run was stopped.
    root: Option<Waker>,
    /// The simulator's time when the run was over.
    pub(super) ended_at: u64,
}

impl World {
    /// A run before its root, on a simulator that takes so long to come to rest.
    pub(in crate::engine) fn new(setup: Setup, runtime: Box<dyn Runtime>, rest: Rest) -> Arc<Self> {
        let Setup {
            streams,
            choices,
            hosts,
            time,
            transit,
            bound,
            recording,
            observer,
            plants,
            ..
        } = setup;
        let node = |(name, clock)| Node { name, clock, is: HostIs::Up, disk: SimDisk::default() };
        let inner = Inner {
            nodes: hosts.into_iter().map(node).collect(),
            units: Vec::new(),
            clock: Some(runtime.clock()),
            alarms: Alarms::default(),
            timers: None,
            quiet: Quiet::new(rest),
            namesakes: BTreeMap::new(),
            choices: Choices::new(streams, &choices, recording),
            log: EventLog::default(),
            observer,
            plants,
            reached: Vec::new(),
            mail: Mail::new(transit),
            steps: 0,
            bound,
            schedule: Folded::default(),
            failure: None,
            stopped_at: None,
            is_over: false,
            root: None,
            ended_at: 0,
        };
        let (runtime, inner) = (RwLock::new(Some(runtime)), Mutex::new(inner));
        let [moment, rung, clock_changes] = [const { AtomicU64::new(0) }; 3];
        let (stood, holds, polls) = (Stood::default(), AtomicBool::new(false), Polls::default());
        Arc::new(Self { runtime, time, moment, rung, clock_changes, stood, holds, polls, inner })
    }

    /// Calls `body` with the simulator. Once the run is over there is none any more.
    pub(super) fn through<R>(&self, body: impl FnOnce(&dyn Runtime) -> R) -> Option<R> {
        self.runtime.read().as_ref().map(|runtime| body(&**runtime))
    }

    /// Starts `work` on `host`. Once the run is over nothing starts any more.
    pub(super) fn spawn(&self, host: u32, work: Work) {
        self.through(|runtime| runtime.spawn(host, work));
    }

    /// Calls `body` with what is shared. Nothing in it may use the platform.
    #[inline]
    pub(super) fn with<R>(&self, body: impl FnOnce(&mut Inner) -> R) -> R {
        let mut inner = self.inner.lock();
        self.polls.take().for_each(|unit| inner.count_poll(unit));
        let result = body(&mut inner);
        self.polls.has_room(inner.room_for_polls());
        result
    }

    /// Like [`with`](World::with), for whoever changes nothing: polls that are noted stay so, as a watch from outside needs it.
    pub(super) fn glance<R>(&self, body: impl FnOnce(&Inner) -> R) -> R {
        body(&self.inner.lock())
    }

    /// How many hosts there are.
    pub(in crate::engine) fn hosts(&self) -> usize {
        self.with(|inner| inner.nodes.len())
    }

    /// One use of the platform. A unit that uses it on and on within one poll is stopped here: its simulator looks at nothing
    /// before the poll has ended.
    pub(super) fn step(&self) {
        self.step_with(|_| ());
    }

    /// One use of the platform, which is `body`.
    #[inline]
    pub(super) fn step_with<R>(&self, body: impl FnOnce(&mut Inner) -> R) -> R {
        let (result, goes_too_far) = self.with(|inner| {
            inner.count_step();
            let late = inner.stopped_at.map_or(0, |at| inner.steps - at);
            (body(inner), late > MOST_LATE_STEPS && !inner.is_over)
        });
        if goes_too_far && !std::thread::panicking() {
            resume_unwind(Box::new(Teardown));
        }
        result
    }

    /// Ends the run as one in which everybody waits for ever.
    pub(in crate::engine) fn is_stuck(&self) {
        self.with(|inner| {
            let waits =
                |unit: &Record| Wait { thread: unit.name.clone(), on: WaitsFor::Waker, at: None };
            let waits = inner.units.iter().filter(|unit| !unit.is_over).map(waits).collect();
            inner.fail(Failure::Deadlock { waits });
        });
    }

    /// The number of steps so far: whoever watches from outside sees whether it grows.
    pub(in crate::engine) fn steps(&self) -> u64 {
        self.glance(|inner| inner.steps + self.polls.noted())
    }

    /// Ends the run with `failure`; the first one counts.
    pub(in crate::engine) fn fail(&self, failure: Failure) {
        self.with(|inner| inner.fail(failure));
    }

    /// Whether the run has ended, also where its root has not.
    #[cfg_attr(
        not(all(tokio_unstable, feature = "turmoil")),
        expect(dead_code, reason = "for the network engine")
    )]
    pub(in crate::engine) fn has_stopped(&self) -> bool {
        self.with(|inner| inner.stopped_at.is_some())
    }

    /// The names of the units that have not ended.
    pub(in crate::engine) fn running(&self) -> Vec<Name> {
        self.with(|inner| inner.running())
    }

    /// From now on nothing is recorded: what is still to be dropped belongs to no moment of the run. Returns how long that was.
    pub(in crate::engine) fn close(&self) -> Duration {
        let now = self.elapsed();
        let held = self.with(|inner| {
            (inner.is_over, inner.ended_at) = (true, now);
            inner.stopped_at.get_or_insert(inner.steps);
            (inner.alarms.take(), inner.root.take(), inner.clock.take(), inner.timers.take())
        });
        // Each may be the last that holds a unit, whose destructors may use the platform: outside of the run's locks.
        let runtime = self.runtime.write().take();
        drop((held, runtime));
        Duration::from_nanos(now)
    }

    /// What the run leaves behind, which took this much of the simulator's time.
    pub(in crate::engine) fn ended(&self, elapsed: Duration) -> Ended {
        self.with(|inner| Ended {
            failure: inner.failure.take(),
            log: std::mem::take(&mut inner.log),
            observer: std::mem::replace(&mut inner.observer, Box::new(Unwatched)),
            steps: inner.steps,
            units: inner.units.len(),
            elapsed,
            schedule: inner.schedule.digest().clone(),
            streams: inner.choices.digests(),
            choices: inner.choices.take_recorded(),
            stale: inner.choices.stale(),
            reached: std::mem::take(&mut inner.reached),
            effects: std::mem::take(&mut inner.mail.effects),
        })
    }
}

impl Inner {
    /// That of its end once the run is over.
    pub(super) fn simulator_time(&self) -> u64 {
        self.clock.as_ref().map_or(self.ended_at, |clock| clock())
    }

    fn count_step(&mut self) {
        self.steps += 1;
        if self.steps >= self.bound && self.stopped_at.is_none() {
            let (steps, running) = (self.steps, self.running());
            self.fail(Failure::Livelock { steps, running });
        }
    }

    /// One poll of `unit`. Says whether there still are any.
    pub(super) fn begin_poll(&mut self, unit: u64) -> bool {
        self.count_step();
        self.schedule.fold(unit);
        self.stopped_at.is_none()
    }

    /// One poll of `unit` that was noted, and so is not the last of the run.
    #[inline]
    fn count_poll(&mut self, unit: u64) {
        self.steps += 1;
        self.schedule.fold(unit);
    }

    /// How many polls may be noted before one could be the last of the run.
    #[inline]
    fn room_for_polls(&self) -> usize {
        let ends = self.steps >= self.bound.saturating_sub(polls::ROOM as u64);
        if ends || self.stopped_at.is_some() { 0 } else { polls::ROOM }
    }

    pub(super) fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
        self.stop();
    }

    fn stop(&mut self) {
        self.stopped_at.get_or_insert(self.steps);
        if let Some(root) = self.root.take() {
            root.wake();
        }
    }

    fn running(&self) -> Vec<Name> {
        let running = self.units.iter().filter(|unit| !unit.is_over);
        running.map(|unit| unit.name.clone()).collect()
    }

    /// Whether the run was stopped; where not, `waker` is woken when it is.
    pub(super) fn sees_stop(&mut self, waker: &Waker) -> bool {
        if self.stopped_at.is_none() {
            self.root = Some(waker.clone());
        }
        self.stopped_at.is_some()
    }

    /// Adds a unit, called `name`, or `name-2`, `name-3` ... where it is taken.
    pub(super) fn add_unit(
        &mut self,
        name: &str,
        host: Option<u32>,
        cause: Option<Cause>,
    ) -> usize {
        let name = Name::from(name);
        let nth = self.namesakes.entry(Name::clone(&name)).or_default();
        *nth += 1;
        let name = if *nth == 1 { name } else { format!("{name}-{nth}").into() };
        self.units.push(Record { name, carried: None, host, cause, held: None, is_over: false });
        self.units.len() - 1
    }

    pub(super) fn planted(&mut self, plant: Plant) -> bool {
        let planted = self.plants.contains(&plant);
        if planted && !self.reached.contains(&plant) {
            self.reached.push(plant);
        }
        planted
    }

    /// Writes down what `unit` did on `host`.
    pub(super) fn record(
        &mut self,
        (now, host, unit): (u64, u32, usize),
        who: &Name,
        what: What,
        source: &'static Location<'static>,
    ) {
        if self.stopped_at.is_some() {
            return;
        }
        let (at, by) = (&self.nodes[host as usize], &self.units[unit]);
        let event = Event {
            engine: now,
            mono: at.clock.mono(now),
            wall: at.clock.wall(now),
            node: at.name.clone(),
            thread: by.name.clone(),
            who: who.clone(),
            what,
            cause: by.cause.clone(),
            source,
            steps: self.steps,
            checkpoint: self.schedule.checkpoint(),
        };
        if self.observer.observe(&event) == Flow::Stop {
            self.stop();
        }
        self.log.push(event);
    }
}
