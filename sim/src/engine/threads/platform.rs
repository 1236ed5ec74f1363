//! The simulated platform: core's door, opened onto a run.

use super::access::Touched;
use super::kernel::{Kernel, Mode, Operation, Switch};
use super::primitive::{
    SimAtomicBool, SimAtomicU64, SimCondvar, SimJoinHandle, SimMutex, SimTimer,
};
use super::tether;
use super::thread::{Deadline, Reason, Role, ThreadId, Waiting};
use crate::log::{Cause, Event, Name, What};
use retrip_core::door::{
    Carried, Clock, Context, Instant, Plant, Plants, Random, Spawn, SpawnError, Stream,
    SyncPrimitives, Timestamp, UnitNumber,
};
use std::future::Future;
use std::num::{NonZeroU64, NonZeroUsize};
use std::panic::Location;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, Wake, Waker};
use std::time::Duration;

/// One node of a simulated run, as code under test sees the world.
///
/// It is a handle: copying it is free, and every use is a scheduling point of the run.
///
/// # Panics
/// Every method panics when its run has ended or does not execute on this operating system thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sim {
    pub(super) run: u64,
    pub(super) node: u32,
}

/// Names a simulated thread, so that it can be unparked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SimUnit {
    pub(super) run: u64,
    pub(super) thread: ThreadId,
}

/// On whose behalf a thread parks. A future is polled when it was woken: it may be polled for no reason elsewhere, which would
/// say nothing about the code that awaits it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sleeper {
    Thread,
    Future,
}

impl Sim {
    /// Writes an event into the log of the run, at this node's time.
    ///
    /// This is no scheduling point: what a thread does and what it says about it stay together.
    #[track_caller]
    pub fn record(&self, who: &Name, what: What) {
        let source = Location::caller();
        let node = self.node;
        tether::with(self.run, |kernel| {
            kernel.record_event(node, kernel.current.index(), who, what, source);
        });
    }

    /// Like [`record`](Sim::record), about what the thread numbered `by` did: somebody else may come to tell of it.
    ///
    /// # Panics
    /// The run has no such thread.
    #[track_caller]
    pub fn record_by(&self, by: UnitNumber, who: &Name, what: What) {
        let source = Location::caller();
        let node = self.node;
        tether::with(self.run, |kernel| {
            let thread = usize::try_from(by.get()).expect("a thread's number is an index");
            kernel.record_event(node, thread, who, what, source);
        });
    }

    /// Blocks the calling thread for `duration` of its node's monotonic time.
    pub fn sleep(&self, duration: Duration) {
        self.sleep_until(self.now().saturating_add(duration));
    }

    /// Blocks the calling thread until the run is `at` old, by the engine's time, which no fault can touch.
    pub(crate) fn sleep_until_engine(&self, at: Duration) {
        let at = u64::try_from(at.as_nanos()).unwrap_or(u64::MAX);
        tether::point(self.run, Operation::Sleep, 0);
        while tether::with(self.run, |kernel| kernel.now) < at {
            tether::block(self.run, Waiting::Sleep, Some(Deadline::Engine(at)), None);
        }
    }

    /// Runs `future` on the calling thread, which parks while the future waits. The futures of [`sync`](crate::sync) say what
    /// they wait for, should it be for ever.
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let waker = Waker::from(Arc::new(Unpark { sim: *self, unit: self.current() }));
        let mut context = std::task::Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            self.pends(None);
            match future.as_mut().poll(&mut context) {
                Poll::Ready(output) => return output,
                Poll::Pending => {
                    tether::point(self.run, Operation::Park, 0);
                    self.park_for(Sleeper::Future, None);
                }
            }
        }
    }

    /// What the future waits for that the calling thread blocks on.
    pub(crate) fn pends(&self, reason: Option<Reason>) {
        tether::with(self.run, |kernel| kernel.me().pends = reason);
    }

    /// The node that the calling thread runs on, for code that is not given one.
    ///
    /// # Panics
    /// Outside of a run.
    #[must_use]
    #[track_caller]
    pub fn here() -> Self {
        Self::try_here()
            .expect("only a simulated thread has a simulated platform: this is outside of a run")
    }

    /// As [`here`](Sim::here); none outside of a run.
    pub(crate) fn try_here() -> Option<Self> {
        tether::try_with_any(|kernel| Self { run: kernel.run, node: kernel.me().node })
    }

    /// The `index`-th node of the run.
    ///
    /// # Panics
    /// Where the run has no such node.
    #[must_use]
    pub fn at_node(&self, index: usize) -> Self {
        let nodes = tether::with(self.run, |kernel| kernel.nodes.len());
        assert!(index < nodes, "node {index} of a run that has {nodes}");
        Self { run: self.run, node: u32::try_from(index).expect("a run has few nodes") }
    }

    /// Starts a thread that the run does not wait for: it is ended with the run.
    ///
    /// # Errors
    /// As [`Spawn::spawn`].
    pub fn spawn_daemon<F>(&self, name: &str, body: F) -> Result<(), SpawnError>
    where
        F: FnOnce() + Send + 'static,
    {
        self.start(Name::from(name), Role::Daemon, body).map(drop)
    }

    /// Calls `change` with this node's clock and the engine's time, and sets the timers of its threads anew.
    pub(crate) fn change_clock<R>(
        &self,
        change: impl FnOnce(&mut crate::clock::NodeClock, u64) -> R,
    ) -> R {
        let node = self.node;
        tether::with(self.run, |kernel| {
            let now = kernel.now;
            kernel.touches(Touched::Time);
            let result = change(&mut kernel.nodes[node as usize].clock, now);
            kernel.rekey_timers(node);
            result
        })
    }

    /// What the calling thread and those that it starts do from now on is brought about by `cause`.
    pub(crate) fn because(&self, cause: Option<Cause>) {
        tether::with(self.run, |kernel| kernel.me().cause = cause);
    }

    /// Whether the run has turned fair: nothing bad happens to anybody any more, so that whoever can end does.
    pub(crate) fn is_fair(&self) -> bool {
        tether::with(self.run, |kernel| kernel.mode == Mode::Fair)
    }

    /// Stalls the calling thread: it stands still while the clocks go on, as in a long pause of its process.
    pub fn stall(&self, duration: Duration) {
        tether::point(self.run, Operation::Sleep, 0);
        tether::obey(tether::with(self.run, |kernel| kernel.stall(duration)));
    }

    fn by_its_clock(self, at: Instant) -> Deadline {
        Deadline::Local { node: self.node, at }
    }

    #[track_caller]
    fn park_for(self, sleeper: Sleeper, deadline: Option<Deadline>) {
        let at = Location::caller();
        let switch = tether::with(self.run, |kernel| {
            if std::mem::take(&mut kernel.me().token) {
                return Switch::Stay;
            }
            kernel.me().waits_at = Some(at);
            if sleeper == Sleeper::Thread && kernel.is_spurious() {
                return kernel.block_in_vain();
            }
            kernel.block(Waiting::Park, deadline)
        });
        tether::obey(switch);
    }
}

impl Kernel {
    pub(super) fn record_event(
        &mut self,
        node: u32,
        thread: usize,
        who: &Name,
        what: What,
        source: &'static Location<'static>,
    ) {
        if self.mode == Mode::Unwinding {
            // The run is over; what destructors say now belongs to no moment of it.
            return;
        }
        let at = &self.nodes[node as usize];
        let actor = &self.threads[thread];
        let event = Event {
            engine: self.now,
            mono: at.clock.mono(self.now),
            wall: at.clock.wall(self.now),
            node: at.name.clone(),
            thread: actor.name.clone(),
            who: who.clone(),
            what,
            cause: actor.cause.clone(),
            source,
            steps: self.steps,
            checkpoint: self.schedule.checkpoint(),
        };
        if self.observer.observe(&event) == crate::engine::Flow::Stop {
            self.stop();
        }
        self.log.push(event);
    }
}

/// Wakes a future by unparking the thread that blocks on it.
struct Unpark {
    sim: Sim,
    unit: SimUnit,
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.sim.unpark(&self.unit);
    }
}

impl Clock for Sim {
    #[inline]
    fn now(&self) -> Instant {
        tether::point(self.run, Operation::Clock, 0);
        tether::with(self.run, |kernel| kernel.mono(self.node))
    }

    #[inline]
    fn wall(&self) -> Timestamp {
        tether::point(self.run, Operation::Clock, 1);
        tether::with(self.run, |kernel| kernel.nodes[self.node as usize].clock.wall(kernel.now))
    }
}

impl Random for Sim {
    fn draw(&self, stream: Stream, bound: NonZeroU64) -> u64 {
        tether::point(self.run, Operation::Draw, 0);
        tether::with(self.run, |kernel| {
            let node = &kernel.nodes[self.node as usize];
            kernel.choices.draw((self.node, &node.name), stream.name(), bound)
        })
    }
}

impl SyncPrimitives for Sim {
    type Mutex<T: Send + 'static> = SimMutex<T>;
    type Condvar = SimCondvar;
    type AtomicU64 = SimAtomicU64;
    type AtomicBool = SimAtomicBool;

    fn mutex<T: Send + 'static>(&self, value: T) -> Self::Mutex<T> {
        SimMutex::of(*self, value)
    }

    fn condvar(&self) -> Self::Condvar {
        SimCondvar::new(*self)
    }

    fn atomic_u64(&self, value: u64) -> Self::AtomicU64 {
        SimAtomicU64::new(*self, value)
    }

    fn atomic_bool(&self, value: bool) -> Self::AtomicBool {
        SimAtomicBool::new(*self, value)
    }

    /// As many as a small machine has: what is kept apart for threads that run side by side is in two places.
    fn parallelism(&self) -> NonZeroUsize {
        NonZeroUsize::new(2).expect("it is not zero")
    }
}

impl Spawn for Sim {
    type JoinHandle<T: Send + 'static> = SimJoinHandle<T>;
    type Unit = SimUnit;
    type Timer = SimTimer;

    fn spawn<T, F>(&self, name: &str, body: F) -> Result<Self::JoinHandle<T>, SpawnError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        self.spawn_named(Name::from(name), body)
    }

    fn current(&self) -> Self::Unit {
        SimUnit { run: self.run, thread: tether::with(self.run, |kernel| kernel.current) }
    }

    #[track_caller]
    fn park(&self) {
        self.pends(None);
        tether::point(self.run, Operation::Park, 0);
        self.park_for(Sleeper::Thread, None);
    }

    #[track_caller]
    fn park_until(&self, deadline: Instant) {
        self.pends(None);
        tether::point(self.run, Operation::Park, 0);
        self.park_for(Sleeper::Thread, Some(self.by_its_clock(deadline)));
    }

    fn unpark(&self, unit: &Self::Unit) {
        assert_eq!(unit.run, self.run, "a thread of another run was unparked");
        tether::point(self.run, Operation::Unpark, u64::from(unit.thread.0));
        tether::with(self.run, |kernel| {
            let thread = &mut kernel.threads[unit.thread.index()];
            match thread.waiting {
                Waiting::Park => kernel.wake(unit.thread, super::thread::Wake::Notified),
                Waiting::Finished => {}
                _ => thread.token = true,
            }
        });
    }

    fn yield_now(&self) {
        tether::obey(tether::with(self.run, Kernel::yield_now));
    }

    fn sleep_until(&self, deadline: Instant) {
        tether::point(self.run, Operation::Sleep, 0);
        while tether::with(self.run, |kernel| kernel.mono(self.node)) < deadline {
            tether::block(self.run, Waiting::Sleep, Some(self.by_its_clock(deadline)), None);
        }
    }

    fn timer(&self, deadline: Instant) -> Self::Timer {
        SimTimer::new(*self, deadline)
    }

    #[inline]
    fn number(&self) -> UnitNumber {
        UnitNumber::new(tether::with(self.run, |kernel| u64::from(kernel.current.0)))
    }

    fn panicking(&self) -> bool {
        tether::with(self.run, |kernel| kernel.still_unwinding())
    }
}

impl Context for Sim {
    #[inline]
    fn swap(&self, carried: Carried) -> Carried {
        tether::try_with(self.run, |kernel| std::mem::replace(&mut kernel.me().carried, carried))
            .flatten()
    }
}

impl Plants for Sim {
    const PLANTS: bool = true;

    #[inline]
    fn planted(&self, plant: Plant) -> bool {
        tether::with(self.run, |kernel| kernel.planted(plant))
    }
}
