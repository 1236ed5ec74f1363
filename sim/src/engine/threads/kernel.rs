//! One simulated run: its threads, time, timers and locks, and the decisions between them.

use super::coroutine::Coroutine;
use super::object::{Key, Objects};
use super::primitive::Alarm;
use super::seniority::Seniority;
use super::sight::Onlookers;
use super::source::Source;
use super::spare::Room;
use super::strategy::Strategy;
use super::thread::{Role, Thread, ThreadId};
use super::timers::Timers;
use crate::clock::NodeClock;
use crate::disk::SimDisk;
use crate::engine::choices::Choices;
use crate::engine::{Failure, Observer, Recording, Setup, Sight};
use crate::log::{EventLog, Folded, Name};
use crate::names::Names;
use crate::plan::{Deviation, as_word};
use retrip_core::door::{Instant, Plant};

/// What a scheduling point is for; folded into the digest of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Operation {
    Load = 1,
    Store,
    Swap,
    CompareExchange,
    FetchAdd,
    FetchSub,
    FetchMax,
    Lock,
    TryLock,
    Unlock,
    Wait,
    Notify,
    Spawn,
    Join,
    Park,
    Unpark,
    Yield,
    Sleep,
    Clock,
    Draw,
    Disk,
    Block,
    End,
    FetchMin,
    FetchAnd,
    FetchNand,
    FetchOr,
    FetchXor,
    Read,
    TryRead,
    EndRead,
    Downgrade,
    Arrive,
    Initialise,
    Send,
    Receive,
    Disconnect,
    Acquire,
    TryAcquire,
    Release,
    Close,
}

impl Operation {
    /// Whether it is done to an object that threads may share: a lock, a condition variable or an atomic.
    #[inline]
    pub(super) const fn is_on_an_object(self) -> bool {
        !matches!(
            self,
            Self::Spawn
                | Self::Join
                | Self::Park
                | Self::Unpark
                | Self::Yield
                | Self::Sleep
                | Self::Clock
                | Self::Draw
                | Self::Disk
                | Self::Block
                | Self::End
        )
    }
}

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Scheduling as the source decides.
    Running,
    /// The bound was reached: no faults, no stalls, everybody in turn.
    Fair,
    /// A failure or a broken promise was seen: the next scheduling point ends the run.
    Stopping,
    /// The remaining stacks are unwound; there are no scheduling points any more.
    Unwinding,
}

/// What the caller must do after a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(super) enum Switch {
    /// Go on.
    Stay,
    /// Hand over to this thread, which is already the current one, or end the run where it is nobody.
    Leave(Option<ThreadId>),
    /// Wait for ever: the run is being torn down.
    Never,
}

/// A machine with clocks of its own.
pub(super) struct Node {
    pub(super) name: Name,
    pub(super) clock: NodeClock,
    /// Futures that wait for a moment of this clock.
    pub(super) alarm: Alarm,
    pub(super) disk: SimDisk,
}

pub(super) struct Kernel {
    /// Distinguishes this run from every other of the process.
    pub(super) run: u64,
    pub(super) threads: Vec<Thread>,
    /// By thread: the stack of one that has not begun.
    pub(super) unborn: Vec<Option<Coroutine>>,
    /// How many threads the run still waits for.
    pub(super) actors: usize,
    pub(super) names: Names,
    pub(super) ready: Vec<ThreadId>,
    pub(super) current: ThreadId,
    /// Who runs after a thread that has ended.
    pub(super) next: Option<ThreadId>,
    /// Engine time in nanoseconds since the run began.
    pub(super) now: u64,
    pub(super) timers: Timers,
    pub(super) objects: Objects,
    pub(super) nodes: Vec<Node>,
    pub(super) source: Source,
    /// Who is told of each step, where anybody is.
    pub(super) onlookers: Option<Box<Onlookers>>,
    /// Deviations from the default rule, where the run is recorded.
    pub(super) recorder: Option<Vec<Deviation>>,
    pub(super) choices: Choices,
    pub(super) steps: u64,
    pub(super) bound: u64,
    /// How often somebody became ready; orders the ready threads by age.
    pub(super) sequence: u64,
    /// The ready threads by age, once somebody has asked for that.
    pub(super) seniority: Option<Seniority>,
    /// Every scheduling step: thread, object, operation.
    pub(super) schedule: Folded,
    pub(super) mode: Mode,
    /// While a run is torn down: how often the current thread has been, because it caught that.
    pub(super) torn_down: u32,
    /// While a run is torn down: scheduling points that the current thread has passed meanwhile.
    pub(super) late_points: u64,
    /// While a run is torn down: whether the current thread only drops what it was given, as one that never began, or what
    /// was its own.
    pub(super) only_drops: bool,
    /// Whether an earlier run has left std counting a panic on this operating system thread, so that it always says yes.
    pub(super) marked: bool,
    pub(super) failure: Option<Failure>,
    pub(super) log: EventLog,
    pub(super) observer: Box<dyn Observer>,
    pub(super) plants: Vec<Plant>,
    /// Those of them that the code under test has asked for, in the order in which it first did.
    pub(super) reached: Vec<Plant>,
    pub(super) most_threads: usize,
}

impl Kernel {
    /// The run numbered `run`, before its first thread. `room` is empty.
    pub(super) fn new(run: u64, setup: Setup<'_>, room: Room) -> Self {
        let Setup {
            streams,
            schedule,
            choices,
            strategy,
            spurious,
            disturbances,
            nodes,
            recording,
            search,
            ..
        } = setup;
        // A search must see every step.
        let sight = if search.is_some() { Sight::Everything } else { setup.sight };
        let drawn_or_written = || Source::new(schedule, strategy, spurious, &streams, disturbances);
        let source = search.map_or_else(drawn_or_written, Source::Searched);
        let node =
            |(name, clock)| Node { name, clock, alarm: Alarm::default(), disk: SimDisk::default() };
        Self {
            run,
            threads: room.threads,
            unborn: room.unborn,
            actors: 0,
            names: Names::default(),
            ready: room.ready,
            current: ThreadId::ROOT,
            next: None,
            now: 0,
            timers: Timers::default(),
            objects: room.objects,
            nodes: nodes.into_iter().map(node).collect(),
            source,
            onlookers: Onlookers::of(sight, recording, setup.orders),
            recorder: (recording == Recording::On).then(Vec::new),
            choices: Choices::new(streams, &choices, recording),
            steps: 0,
            bound: setup.bound,
            sequence: 0,
            seniority: None,
            schedule: Folded::default(),
            mode: Mode::Running,
            torn_down: 0,
            late_points: 0,
            only_drops: false,
            marked: std::thread::panicking(),
            failure: None,
            log: EventLog::default(),
            observer: setup.observer,
            plants: setup.plants,
            reached: Vec::new(),
            most_threads: setup.most_threads,
        }
    }

    /// The running thread.
    #[inline]
    pub(super) fn me(&mut self) -> &mut Thread {
        &mut self.threads[self.current.index()]
    }

    /// The identity of the next object that the running thread makes.
    pub(super) fn new_key(&mut self) -> Key {
        let current = self.current;
        let thread = self.me();
        thread.objects += 1;
        Key::new(current, thread.objects)
    }

    /// Whether `plant` is switched on; that somebody asked is kept.
    #[inline]
    pub(super) fn planted(&mut self, plant: Plant) -> bool {
        let planted = self.plants.contains(&plant);
        if planted && !self.reached.contains(&plant) {
            self.reached.push(plant);
        }
        planted
    }

    /// The running thread's clock, read now.
    #[inline]
    pub(super) fn mono(&self, node: u32) -> Instant {
        self.nodes[node as usize].clock.mono(self.now)
    }

    /// Stops the run with `failure`; the first one counts.
    pub(super) fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
        self.stop();
    }

    /// Stops the run at the next scheduling point.
    pub(super) fn stop(&mut self) {
        if matches!(self.mode, Mode::Running | Mode::Fair) {
            self.touches_everything();
            self.mode = Mode::Stopping;
        }
    }

    /// Makes `next` the running thread; the caller does nothing more than leave.
    #[inline]
    pub(super) fn hand_over(&mut self, next: ThreadId) -> Switch {
        let me = std::mem::replace(&mut self.current, next);
        if self.threads[next.index()].held {
            return self.held_up(me);
        }
        self.goes_on(next)
    }

    /// `next`, which is the running thread by now, goes on.
    #[inline]
    pub(super) fn goes_on(&mut self, next: ThreadId) -> Switch {
        if let Some(onlookers) = &mut self.onlookers {
            onlookers.takes(next, self.now);
        }
        Switch::Leave(Some(next))
    }

    /// Adds a thread that is ready, and will begin on the stack of `coroutine`.
    pub(super) fn add_thread(&mut self, thread: Thread, coroutine: Coroutine) -> ThreadId {
        let id = ThreadId(u32::try_from(self.threads.len()).expect("fewer than 2^32 threads"));
        match &mut self.source {
            Source::Written(written) => written.arrives(id, &thread.name),
            Source::Drawn(drawn) => drawn.strategy.arrives(id, &thread.name, self.current),
            Source::Searched(search) => search.arrives(thread.role),
        }
        if let Some(onlookers) = &mut self.onlookers {
            onlookers.arrives(&thread.name, self.current);
        }
        self.actors += usize::from(thread.role == Role::Actor);
        self.threads.push(thread);
        self.names.push(|place| &self.threads[place].name);
        self.unborn.push(Some(coroutine));
        self.make_ready(id);
        id
    }

    /// The thread called `name`.
    pub(super) fn named(&self, name: &str) -> Option<ThreadId> {
        let place = self.names.find(name, |place| &self.threads[place].name)?;
        u32::try_from(place).ok().map(ThreadId)
    }

    /// `name`, or `name-2`, `name-3` ... where it is taken. What a plan could not hold becomes `-`: a schedule names threads.
    pub(super) fn unique_name(&mut self, name: Name) -> Name {
        let name = as_word(&name).map_or(name, Name::from);
        // A pool of a thousand workers of one name asks a thousand times: the search goes on where it ended.
        let Some(named) = self.named(&name) else { return name };
        let mut nth = self.threads[named.index()].namesakes;
        let candidate = loop {
            nth += 1;
            let candidate = format!("{name}-{nth}");
            if self.named(&candidate).is_none() {
                break Name::from(candidate);
            }
        };
        self.threads[named.index()].namesakes = nth;
        candidate
    }
}
