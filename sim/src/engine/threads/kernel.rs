//! One simulated run: its threads, time, timers and locks, and the decisions between them.

use super::choices::Choices;
use super::failure::Failure;
use super::object::{Key, Objects, Slot};
use super::primitive::Alarm;
use super::source::{Decision, Drawn, Source};
use super::thread::{Deadline, Role, Thread, ThreadId, Waiting, Wake};
use super::timers::Timers;
use crate::clock::NodeClock;
use crate::engine::Observer;
use crate::log::{Digest, EventLog, Name};
use crate::plan::{Deviation, Turn};
use retrip_core::door::{Instant, Plant};
use std::collections::BTreeMap;
use std::time::Duration;

/// What a scheduling point is for; folded into the digest of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Operation {
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
    /// Hand over to whoever is next.
    Leave,
    /// Wait for ever: the run is being torn down.
    Never,
}

/// In the fair phase the clock moves to the next timer after this many steps for each ready thread.
const FAIR_TURNS: u64 = 64;
/// The fair phase lasts this many times the bound.
const FAIR_BOUND: u64 = 10;

/// A machine with clocks of its own.
pub(super) struct Node {
    pub(super) name: Name,
    pub(super) clock: NodeClock,
    /// Futures that wait for a moment of this clock.
    pub(super) alarm: Alarm,
}

/// Who has a name.
struct Named {
    thread: ThreadId,
    /// How many threads have asked for it.
    namesakes: u64,
}

pub(super) struct Kernel {
    /// Distinguishes this run from every other of the process.
    pub(super) run: u64,
    pub(super) threads: Vec<Thread>,
    names: BTreeMap<Name, Named>,
    pub(super) ready: Vec<ThreadId>,
    pub(super) current: ThreadId,
    pub(super) next: Option<ThreadId>,
    /// Engine time in nanoseconds since the run began.
    pub(super) now: u64,
    pub(super) timers: Timers,
    pub(super) objects: Objects,
    pub(super) nodes: Vec<Node>,
    pub(super) source: Source,
    /// Deviations from the default rule, where the run is recorded.
    pub(super) recorder: Option<Vec<Deviation>>,
    pub(super) choices: Choices,
    pub(super) steps: u64,
    pub(super) bound: u64,
    /// How often somebody became ready; orders the ready threads by age.
    sequence: u64,
    /// Every scheduling step: thread, object, operation.
    pub(super) schedule: Digest,
    pub(super) mode: Mode,
    pub(super) failure: Option<Failure>,
    pub(super) log: EventLog,
    pub(super) observer: Box<dyn Observer>,
    pub(super) plants: Vec<Plant>,
    pub(super) most_threads: usize,
    pub(super) disk: super::disk::Files,
}

/// What a [`Kernel`] starts from.
pub(super) struct Start {
    pub(super) run: u64,
    pub(super) nodes: Vec<Node>,
    pub(super) source: Source,
    pub(super) recorder: Option<Vec<Deviation>>,
    pub(super) choices: Choices,
    pub(super) bound: u64,
    pub(super) observer: Box<dyn Observer>,
    pub(super) plants: Vec<Plant>,
    pub(super) most_threads: usize,
}

impl Kernel {
    pub(super) fn new(start: Start) -> Self {
        Self {
            run: start.run,
            threads: Vec::new(),
            names: BTreeMap::new(),
            ready: Vec::new(),
            current: ThreadId::ROOT,
            next: None,
            now: 0,
            timers: Timers::default(),
            objects: Objects::default(),
            nodes: start.nodes,
            source: start.source,
            recorder: start.recorder,
            choices: start.choices,
            steps: 0,
            bound: start.bound,
            sequence: 0,
            schedule: Digest::default(),
            mode: Mode::Running,
            failure: None,
            log: EventLog::default(),
            observer: start.observer,
            plants: start.plants,
            most_threads: start.most_threads,
            disk: super::disk::Files::default(),
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

    /// The running thread's clock, read now.
    #[inline]
    pub(super) fn mono(&self, node: u32) -> Instant {
        self.nodes[node as usize].clock.mono(self.now)
    }

    // ---- scheduling points ------------------------------------------------------------------------------------

    /// The running thread is about to do `operation` on `object`: somebody else may run first.
    #[inline]
    pub(super) fn point(&mut self, operation: Operation, object: u64) -> Switch {
        match self.mode {
            Mode::Running => {}
            Mode::Fair => return self.fair_point(operation, object),
            Mode::Stopping => return self.leave_for_good(),
            Mode::Unwinding => return Switch::Stay,
        }
        let me = self.current;
        if self.threads[me.index()].unwinding && self.still_unwinding() {
            return Switch::Stay;
        }
        let point = self.step(operation, object);
        if self.steps >= self.bound {
            self.mode = Mode::Fair;
            return Switch::Stay;
        }
        let decision = match &mut self.source {
            Source::Drawn(drawn) => drawn.at_point(me, &self.ready),
            Source::Written(_) => self.written_point(me, point),
        };
        match decision {
            Decision::Stay => Switch::Stay,
            Decision::To(next) => {
                if self.recorder.is_some() {
                    self.record(me, point, |kernel| Turn::To(kernel.name(next)));
                }
                self.next = Some(next);
                Switch::Leave
            }
            Decision::Time => {
                if self.move_to_next_timer() {
                    self.record(me, point, |_| Turn::Time);
                }
                Switch::Stay
            }
            Decision::Stall(duration) => {
                self.record(me, point, |_| Turn::Stall(duration));
                self.stall(duration)
            }
        }
    }

    fn name(&self, thread: ThreadId) -> Name {
        self.threads[thread.index()].name.clone()
    }

    /// Counts and folds one step of the running thread and returns its number among that thread's points.
    #[inline]
    fn step(&mut self, operation: Operation, object: u64) -> u64 {
        self.steps += 1;
        let me = self.current;
        let thread = &mut self.threads[me.index()];
        thread.points += 1;
        let point = thread.points;
        self.schedule.fold(u64::from(me.0) << 8 | operation as u64);
        self.schedule.fold(object);
        point
    }

    #[cold]
    fn record(&mut self, me: ThreadId, point: u64, turn: impl FnOnce(&Self) -> Turn) {
        if self.recorder.is_none() {
            return;
        }
        let deviation = Deviation { thread: self.name(me), point, turn: turn(self) };
        if let Some(recorder) = &mut self.recorder {
            recorder.push(deviation);
        }
    }

    /// The default rule is to stay; the plan may deviate from it.
    fn written_point(&mut self, me: ThreadId, point: u64) -> Decision {
        let Source::Written(written) = &mut self.source else { return Decision::Stay };
        match written.turn(me, point) {
            None => Decision::Stay,
            Some(Turn::To(name)) => match self.ready_by_name(&name) {
                Some(next) if next != me => Decision::To(next),
                _ => {
                    self.skip();
                    Decision::Stay
                }
            },
            Some(Turn::Time) => Decision::Time,
            Some(Turn::Stall(duration)) => Decision::Stall(duration),
            Some(Turn::Wakes(_)) => {
                self.skip();
                Decision::Stay
            }
        }
    }

    fn skip(&mut self) {
        if let Source::Written(written) = &mut self.source {
            written.skip();
        }
    }

    fn ready_by_name(&self, name: &str) -> Option<ThreadId> {
        let thread = self.names.get(name)?.thread;
        (self.threads[thread.index()].waiting == Waiting::Nothing).then_some(thread)
    }

    /// Everybody in turn, and time moves now and then: under this schedule every loop that waits for somebody ends.
    #[cold]
    fn fair_point(&mut self, operation: Operation, object: u64) -> Switch {
        if self.me().unwinding && self.still_unwinding() {
            return Switch::Stay;
        }
        self.step(operation, object);
        if self.steps >= self.bound.saturating_mul(1 + FAIR_BOUND) {
            let running = |thread: &&ThreadId| !self.threads[thread.index()].is_finished();
            let mut ids: Vec<ThreadId> = self.ready.iter().filter(running).copied().collect();
            ids.sort_unstable();
            let name = |thread: ThreadId| self.threads[thread.index()].name.clone();
            let running = ids.into_iter().map(name).collect();
            self.fail(Failure::Livelock { steps: self.steps, running });
            return self.leave_for_good();
        }
        if self.steps.is_multiple_of(FAIR_TURNS * self.ready.len() as u64) {
            self.move_to_next_timer();
        }
        self.grow_younger(self.current);
        self.switch_to(self.longest_waiting())
    }

    /// Ends the run at the first scheduling point after it was stopped.
    #[cold]
    fn leave_for_good(&mut self) -> Switch {
        if self.me().unwinding && self.still_unwinding() {
            return Switch::Stay;
        }
        self.next = None;
        Switch::Leave
    }

    fn switch_to(&mut self, next: ThreadId) -> Switch {
        if next == self.current {
            return Switch::Stay;
        }
        self.next = Some(next);
        Switch::Leave
    }

    /// Whether the running thread, which began to panic, still unwinds; corrects the note where it was caught.
    pub(super) fn still_unwinding(&mut self) -> bool {
        let unwinding = std::thread::panicking();
        self.me().unwinding = unwinding;
        unwinding
    }

    // ---- blocking ---------------------------------------------------------------------------------------------

    /// The running thread cannot go on before somebody wakes it or `deadline` comes.
    pub(super) fn block(&mut self, waiting: Waiting, deadline: Option<Deadline>) -> Switch {
        match self.mode {
            Mode::Unwinding => return Switch::Never,
            Mode::Stopping => {
                self.next = None;
                return Switch::Leave;
            }
            Mode::Running | Mode::Fair => {}
        }
        let me = self.current;
        let point = self.step(Operation::Block, u64::from(me.0));
        self.unready(me);
        let thread = self.me();
        thread.waiting = waiting;
        thread.wake = Wake::Notified;
        thread.timer += 1;
        thread.deadline = deadline;
        if deadline.is_some() {
            self.set_timer(me);
        }
        self.give_way(me, point)
    }

    pub(super) fn stall(&mut self, duration: Duration) -> Switch {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        let deadline = Deadline::Engine(self.now.saturating_add(nanos));
        self.block(Waiting::Stall, Some(deadline))
    }

    /// The running thread asks that others run first.
    pub(super) fn yield_now(&mut self) -> Switch {
        if !matches!(self.mode, Mode::Running) {
            return self.point(Operation::Yield, 0);
        }
        let me = self.current;
        if self.me().unwinding && self.still_unwinding() {
            return Switch::Stay;
        }
        let point = self.step(Operation::Yield, 0);
        if self.steps >= self.bound {
            self.mode = Mode::Fair;
            return Switch::Stay;
        }
        if self.ready.len() == 1 {
            // Nobody else can run: what the thread waits for can only come with time.
            self.move_to_next_timer();
        }
        if let Source::Drawn(Drawn { strategy, .. }) = &mut self.source {
            strategy.yielded(me);
        }
        self.grow_younger(me);
        self.give_way(me, point)
    }

    /// The running thread has ended.
    pub(super) fn finish(&mut self) {
        let me = self.current;
        if !matches!(self.mode, Mode::Running | Mode::Fair) {
            self.me().waiting = Waiting::Finished;
            self.next = None;
            return;
        }
        let point = self.step(Operation::End, 0);
        self.unready(me);
        self.me().waiting = Waiting::Finished;
        for joiner in std::mem::take(&mut self.me().joiners) {
            self.wake(joiner, Wake::Notified);
        }
        let _ = self.give_way(me, point);
    }

    /// Decides who runs after `me`, which does not insist.
    fn give_way(&mut self, me: ThreadId, point: u64) -> Switch {
        while self.ready.is_empty() {
            if !self.move_to_next_timer() {
                self.next = None;
                return Switch::Leave;
            }
        }
        let default = (self.mode == Mode::Fair
            || self.recorder.is_some()
            || matches!(self.source, Source::Written(_)))
        .then(|| self.longest_waiting());
        let next = match (&mut self.source, default) {
            (_, Some(default)) if self.mode == Mode::Fair => default,
            (Source::Drawn(drawn), _) if self.ready.len() > 1 => {
                drawn.strategy.next(&self.ready, None)
            }
            (Source::Drawn(_), _) => self.ready[0],
            (Source::Written(_), default) => {
                self.written_successor(me, point).or(default).unwrap_or(self.ready[0])
            }
        };
        if self.mode == Mode::Running && default.is_some_and(|default| default != next) {
            self.record(me, point, |kernel| Turn::To(kernel.name(next)));
        }
        self.switch_to_or_stay(me, next)
    }

    fn switch_to_or_stay(&mut self, me: ThreadId, next: ThreadId) -> Switch {
        if next == me && !self.threads[me.index()].is_finished() {
            return Switch::Stay;
        }
        self.next = Some(next);
        Switch::Leave
    }

    fn written_successor(&mut self, me: ThreadId, point: u64) -> Option<ThreadId> {
        let Source::Written(written) = &mut self.source else { return None };
        let turn = written.turn(me, point)?;
        let next = match turn {
            Turn::To(name) => self.ready_by_name(&name),
            Turn::Time | Turn::Stall(_) | Turn::Wakes(_) => None,
        };
        if next.is_none() {
            self.skip();
        }
        next
    }

    fn longest_waiting(&self) -> ThreadId {
        let age = |thread: &ThreadId| self.threads[thread.index()].ready_since;
        *self.ready.iter().min_by_key(|thread| age(thread)).expect("somebody is ready")
    }

    fn grow_younger(&mut self, thread: ThreadId) {
        self.sequence += 1;
        self.threads[thread.index()].ready_since = self.sequence;
    }

    // ---- the ready list ---------------------------------------------------------------------------------------

    pub(super) fn make_ready(&mut self, thread: ThreadId) {
        self.grow_younger(thread);
        let place = u32::try_from(self.ready.len()).expect("a run has fewer than 2^32 threads");
        let record = &mut self.threads[thread.index()];
        record.waiting = Waiting::Nothing;
        record.place = place;
        self.ready.push(thread);
        if let Source::Drawn(drawn) = &mut self.source {
            drawn.strategy.readied(thread);
        }
    }

    fn unready(&mut self, thread: ThreadId) {
        let place = self.threads[thread.index()].place as usize;
        self.ready.swap_remove(place);
        if let Some(&moved) = self.ready.get(place) {
            self.threads[moved.index()].place =
                u32::try_from(place).expect("a run has fewer than 2^32 threads");
        }
        if let Source::Drawn(drawn) = &mut self.source {
            drawn.strategy.blocked(thread);
        }
    }

    /// Ends the wait of `thread`, if it waits.
    pub(super) fn wake(&mut self, thread: ThreadId, wake: Wake) {
        let record = &mut self.threads[thread.index()];
        if matches!(record.waiting, Waiting::Nothing | Waiting::Finished) {
            return;
        }
        record.wake = wake;
        record.deadline = None;
        record.timer += 1;
        self.make_ready(thread);
    }

    /// Gives the lock at `slot` to the running thread, if it is free.
    #[inline]
    pub(super) fn take_lock(&mut self, slot: Slot) -> bool {
        let me = self.current;
        let object = self.objects.get(slot);
        let free = object.owner.is_none();
        if free {
            object.owner = Some(me);
        }
        free
    }

    /// Frees the lock at `slot` and wakes one of those who wait for it.
    #[inline]
    pub(super) fn release_lock(&mut self, slot: Slot) {
        self.objects.get(slot).owner = None;
        self.wake_one(slot);
    }

    /// Wakes one of those who wait at `slot`; which one is a choice.
    pub(super) fn wake_one(&mut self, slot: Slot) {
        let count = self.objects.get(slot).waiters.len();
        if count == 0 {
            return;
        }
        let me = self.current;
        let point = self.me().points;
        let quiet = !matches!(self.mode, Mode::Running);
        let index = match &mut self.source {
            _ if quiet || count == 1 => 0,
            Source::Drawn(drawn) => drawn.strategy.waiter(count),
            Source::Written(_) => self.written_waiter(me, point, count),
        };
        if index > 0 {
            let age = u32::try_from(index).expect("fewer than 2^32 waiters");
            self.record(me, point, |_| Turn::Wakes(age));
        }
        let thread = self.objects.get(slot).waiters.remove(index);
        self.wake(thread, Wake::Notified);
    }

    fn written_waiter(&mut self, me: ThreadId, point: u64, count: usize) -> usize {
        let Source::Written(written) = &mut self.source else { return 0 };
        match written.wakes(me, point) {
            Some(index) if (index as usize) < count => index as usize,
            Some(_) => {
                self.skip();
                0
            }
            None => 0,
        }
    }

    // ---- time -------------------------------------------------------------------------------------------------

    /// Sets the timer of `thread`'s current wait from its deadline on its own clock.
    fn set_timer(&mut self, thread: ThreadId) {
        let record = &self.threads[thread.index()];
        if let Some(deadline) = record.deadline {
            let at = match deadline {
                Deadline::Engine(at) => at,
                Deadline::Local(at) => {
                    self.nodes[record.node as usize].clock.engine_at_least(at, self.now)
                }
            };
            self.timers.set(at, (thread, record.timer));
        }
    }

    /// Sets the timers of `node`'s threads anew after its monotonic clock changed.
    pub(super) fn rekey_timers(&mut self, node: u32) {
        for index in 0..self.threads.len() {
            let record = &mut self.threads[index];
            if record.node == node && record.deadline.is_some() {
                record.timer += 1;
                let id = u32::try_from(index).expect("a run has fewer than 2^32 threads");
                self.set_timer(ThreadId(id));
            }
        }
    }

    /// Moves the clock to the next moment that somebody waits for. False where nobody does.
    fn move_to_next_timer(&mut self) -> bool {
        let threads = &self.threads;
        let counts = |(thread, timer): (ThreadId, u32)| {
            let record = &threads[thread.index()];
            record.timer == timer && record.deadline.is_some()
        };
        let Some(at) = self.timers.earliest(counts) else { return false };
        self.now = self.now.max(at);
        while let Some((thread, timer)) = self.timers.pop_due(self.now) {
            self.time_out(thread, timer);
        }
        true
    }

    fn time_out(&mut self, thread: ThreadId, timer: u32) {
        let record = &self.threads[thread.index()];
        if record.timer != timer || record.deadline.is_none() {
            return;
        }
        if let Waiting::Condvar(slot) = record.waiting {
            self.objects.get(slot).waiters.retain(|&waiter| waiter != thread);
        }
        self.wake(thread, Wake::TimedOut);
    }

    // ---- ends -------------------------------------------------------------------------------------------------

    /// Stops the run with `failure`; the first one counts.
    pub(super) fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
        self.stop();
    }

    /// Stops the run at the next scheduling point.
    pub(super) fn stop(&mut self) {
        if matches!(self.mode, Mode::Running | Mode::Fair) {
            self.mode = Mode::Stopping;
        }
    }

    /// Adds a thread that is ready.
    pub(super) fn add_thread(&mut self, thread: Thread) -> ThreadId {
        let id = ThreadId(u32::try_from(self.threads.len()).expect("fewer than 2^32 threads"));
        if let Source::Written(written) = &mut self.source {
            written.arrives(id, &thread.name);
        }
        self.names.insert(thread.name.clone(), Named { thread: id, namesakes: 1 });
        self.threads.push(thread);
        self.make_ready(id);
        id
    }

    /// `name`, or `name-2`, `name-3` ... where it is taken.
    pub(super) fn unique_name(&mut self, name: &str) -> Name {
        // A pool of a thousand workers of one name asks a thousand times: the search goes on where it ended.
        let Some(mut nth) = self.names.get(name).map(|named| named.namesakes) else {
            return Name::from(name);
        };
        let candidate = loop {
            nth += 1;
            let candidate = format!("{name}-{nth}");
            if !self.names.contains_key(&*candidate) {
                break Name::from(candidate);
            }
        };
        if let Some(named) = self.names.get_mut(name) {
            named.namesakes = nth;
        }
        candidate
    }

    /// Whether every thread that the run waits for has ended.
    pub(super) fn actors_are_done(&self) -> bool {
        self.threads.iter().all(|thread| thread.is_finished() || thread.role == Role::Daemon)
    }
}
