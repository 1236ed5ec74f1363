//! The thread engine: simulated threads on coroutines, every operation a scheduling point, time that jumps.
//!
//! One run owns the operating system thread that it is called on while it lasts. All that it needs is in its `Kernel`; nothing of it
//! survives the run but reused stack memory.

mod access;
mod blocking;
mod coroutine;
mod disk;
mod hold;
mod kernel;
mod ledger;
mod locals;
mod object;
mod orders;
mod platform;
mod point;
mod primitive;
mod scoped;
mod search;
mod seniority;
mod sight;
mod source;
mod spare;
mod spawn;
mod strategy;
mod tether;
mod thread;
mod time;
mod timers;
mod unmet;
mod waking;
mod weather;

pub use super::choices::{Recording, StreamDigest};
pub use super::failure::{Failure, Wait, WaitsFor};
pub use disk::SimFile;
pub use platform::{Sim, SimUnit};
pub use primitive::{
    LOST_NOTIFICATION, SimAtomicBool, SimAtomicU64, SimCondvar, SimGuard, SimJoinHandle, SimMutex,
    SimReadGuard, SimRwLock, SimTimer, SimWriteGuard,
};
pub use scoped::Scope;
pub use search::{Limits, Orders, Search, Withheld};
pub use unmet::{Unmet, WhyUnmet};

pub(crate) use kernel::Operation;
pub(crate) use locals::Local;
pub(crate) use primitive::{Gate, Shared, refuse};
pub(crate) use scoped::scoped;
pub(crate) use thread::Reason;

use super::{Ended, Setup, panics};
use crate::log::Name;
use coroutine::{Coroutine, Progress, Signal};
use kernel::{Kernel, Mode};
use object::Slot;
use source::Source;
use spare::{Room, Spare};
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use thread::{Role, Thread, ThreadId, Waiting};

thread_local! {
    /// Whether a stack was left behind on this operating system thread in the middle of a panic.
    static MARKED: Cell<bool> = const { Cell::new(false) };
    /// The name of every root, made once.
    static ROOT_NAME: Name = Name::from("main");
}

/// Whether an earlier run has left a mark on this operating system thread that a later one could see: a stack that could
/// not be unwound keeps std's count of panics above zero for ever. What runs next needs a thread of its own.
pub(crate) fn is_marked() -> bool {
    MARKED.get()
}

/// Runs `root` as the first simulated thread, and everything that it starts, to the end.
///
/// # Panics
/// Within another run on the same operating system thread.
pub(super) fn run(setup: Setup<'_>, root: impl FnOnce(Sim) + Send + 'static) -> Ended {
    let mut root = Some(root);
    run_from(setup, &mut |sim| {
        let root = root.take().expect("a run begins once");
        sim.start(ROOT_NAME.with(Name::clone), Role::Actor, move || root(sim))
            .expect("a run has room for its root");
    })
}

/// As [`run`], with what starts the root; compiled once, whatever the types of roots are.
fn run_from(setup: Setup<'_>, start: &mut dyn FnMut(Sim)) -> Ended {
    /// The number of the next run. Objects carry it; no decision and no log ever shows it.
    static RUNS: AtomicU64 = AtomicU64::new(1);
    assert!(!tether::is_attached(), "a simulated run cannot start within another one");
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    panics::install();
    let report = setup.overflow;
    let Spare { room, mut stacks } = Spare::take();
    tether::attach(Box::new(Kernel::new(run, setup, room)));
    let sim = Sim { run, node: 0 };
    coroutine::with_report(report, || {
        start(sim);
        drive(run, &mut stacks);
        tether::with(run, judge);
        let leaked = unwind(run, &mut stacks);
        ended(tether::detach(), stacks, leaked)
    })
}

/// Notes that a panic begins at `at`, where a simulated thread runs on this operating system thread.
pub(super) fn note_panic(at: impl FnOnce() -> String) -> bool {
    coroutine::on_coroutine()
        && tether::try_with_any(|kernel| {
            let thread = kernel.me();
            thread.unwinding = true;
            thread.panicked_at = at();
        })
        .is_some()
}

/// The stacks of the threads that have begun and not ended, by thread.
type Stacks = Vec<Option<Coroutine>>;

/// Resumes the root, and then whoever is next until nobody is.
fn drive(run: u64, stacks: &mut Stacks) {
    let mut next = Some(ThreadId::ROOT);
    while let Some(thread) = next {
        let coroutine = match stacks.get_mut(thread.index()) {
            Some(Some(coroutine)) => coroutine,
            _ => begun(run, thread, stacks),
        };
        next = match coroutine.resume(Signal::Run) {
            Progress::Suspended(next) => next,
            Progress::Done => {
                if let Some(coroutine) = stacks[thread.index()].take() {
                    coroutine.recycle();
                }
                tether::with(run, |kernel| kernel.next.take())
            }
        };
    }
}

/// Takes the stack of a thread that runs for the first time.
#[cold]
fn begun(run: u64, thread: ThreadId, stacks: &mut Stacks) -> &mut Coroutine {
    let (coroutine, room) =
        tether::with(run, |kernel| (kernel.unborn[thread.index()].take(), kernel.threads.len()));
    if stacks.len() <= thread.index() {
        stacks.resize_with(room, || None);
    }
    stacks[thread.index()].insert(coroutine.expect("a thread begins once"))
}

/// Finds what is wrong with a run in which nobody can go on.
fn judge(kernel: &mut Kernel) {
    if kernel.mode == Mode::Stopping || kernel.actors == 0 {
        return;
    }
    let panicked =
        kernel.threads.iter().find(|thread| thread.unwinding || thread.held_back.is_some());
    if let Some(thread) = panicked {
        // It blocked while it unwound: the panic is the cause, the deadlock its consequence.
        let message = match &thread.held_back {
            Some(said) => {
                format!("{said}; and then it waited for ever for the threads of its scope")
            }
            None => "it panicked and then waited for ever in a destructor".to_owned(),
        };
        let (thread, at) = (thread.name.clone(), thread.panicked_at.clone());
        kernel.failure = Some(Failure::Panic { thread, message, at });
        return;
    }
    let waits = kernel
        .threads
        .iter()
        .filter(|thread| thread.role == Role::Actor && !thread.is_finished())
        .map(|thread| Wait {
            thread: thread.name.clone(),
            on: waits_for(kernel, thread),
            at: thread.waits_at.copied(),
        })
        .collect();
    let root_ended = kernel.threads[ThreadId::ROOT.index()].is_finished();
    kernel.failure = Some(if root_ended {
        Failure::LeakedThreads { waits }
    } else {
        Failure::Deadlock { waits }
    });
}

fn waits_for(kernel: &Kernel, thread: &Thread) -> WaitsFor {
    let name = |thread: ThreadId| kernel.threads[thread.index()].name.clone();
    match thread.waiting {
        Waiting::Mutex(slot) => {
            WaitsFor::Lock { held_by: kernel.objects.look(slot).owner.map(name) }
        }
        Waiting::At(slot, reason) => waits_at(kernel, slot, reason),
        Waiting::Condvar(_) => WaitsFor::Notification,
        Waiting::Join(thread) => WaitsFor::End { of: name(thread) },
        _ => match thread.pends {
            Some(Reason::Permits(wanted)) => WaitsFor::Permits { wanted },
            Some(Reason::Value) => WaitsFor::Message,
            _ => WaitsFor::Unpark,
        },
    }
}

fn waits_at(kernel: &Kernel, slot: Slot, reason: Reason) -> WaitsFor {
    let name = |thread: ThreadId| kernel.threads[thread.index()].name.clone();
    let object = kernel.objects.look(slot);
    let owner = object.owner.map(name);
    match reason {
        Reason::Read | Reason::Write => {
            let sharing = object.sharing.as_deref().filter(|sharing| !sharing.is_empty());
            let Some(sharing) = sharing else { return WaitsFor::Lock { held_by: owner } };
            let writes = |thread: &&ThreadId| {
                kernel.threads[thread.index()].waiting == Waiting::At(slot, Reason::Write)
            };
            let writer = || object.waiters.iter().find(writes).copied().map(name);
            let behind = if reason == Reason::Read { writer() } else { None };
            WaitsFor::SharedLock { held_by: sharing.holders().map(name).collect(), behind }
        }
        Reason::Barrier(of) => WaitsFor::Barrier { arrived: object.waiters.len(), of },
        Reason::Initialisation => WaitsFor::Initialisation { by: owner },
        Reason::Permits(wanted) => WaitsFor::Permits { wanted },
        Reason::Message | Reason::Value => WaitsFor::Message,
        Reason::Room => WaitsFor::Room,
    }
}

/// Unwinds what is left, children before parents, and returns how many stacks could not be.
fn unwind(run: u64, stacks: &mut Stacks) -> u64 {
    let (threads, all_ended) = tether::with(run, |kernel| {
        kernel.mode = Mode::Unwinding;
        kernel.current = ThreadId::ROOT;
        (kernel.threads.len(), kernel.threads.iter().all(Thread::is_finished))
    });
    let (mut leaked, mut known) = (0, threads);
    // As a rule everybody has ended, and there is nothing to unwind.
    let first = if all_ended { threads } else { 0 };
    for index in (first..threads).rev() {
        leaked += unwind_one(run, index, stacks);
        // What destructors have started meanwhile goes before the threads that are older than theirs.
        while known < tether::with(run, |kernel| kernel.threads.len()) {
            leaked += unwind_one(run, known, stacks);
            known += 1;
        }
    }
    if leaked > 0 {
        MARKED.set(true);
    }
    // What is dropped with the slots may still use the platform, so it goes while the run is attached.
    let belongings: Vec<_> = tether::with(run, |kernel| {
        let has_some = |thread: &&mut Thread| thread.carried.is_some() || !thread.locals.is_empty();
        let take =
            |thread: &mut Thread| (thread.carried.take(), std::mem::take(&mut thread.locals));
        kernel.threads.iter_mut().filter(has_some).map(take).collect()
    });
    drop(belongings);
    leaked
}

/// Unwinds one thread, if it has begun and not ended, or drops what it was to begin with. Returns 1 where it could not be.
fn unwind_one(run: u64, index: usize, stacks: &mut Stacks) -> u64 {
    let (unborn, in_destructor) = tether::with(run, |kernel| {
        kernel.current = ThreadId(u32::try_from(index).expect("fewer than 2^32 threads"));
        (kernel.torn_down, kernel.late_points) = (0, 0);
        let unborn = kernel.unborn[index].take();
        kernel.only_drops = unborn.is_some();
        (unborn, kernel.me().unwinding)
    });
    let begun = stacks.get_mut(index).and_then(Option::take);
    let mut leaked = 0;
    if let Some(mut coroutine) = begun.or(unborn) {
        // A second panic out of a destructor would abort the process.
        if !in_destructor && coroutine.resume(Signal::Unwind) == Progress::Done {
            coroutine.recycle();
        } else {
            leaked = 1;
        }
    }
    tether::with(run, |kernel| kernel.threads[index].gone = true);
    leaked
}

fn ended(mut kernel: Box<Kernel>, stacks: Stacks, leaked: u64) -> Ended {
    let (steps, threads) = (kernel.steps, kernel.threads.len());
    let (events, is_fair) = (kernel.log.events().len(), steps >= kernel.bound);
    if let Source::Searched(search) = &mut kernel.source {
        search.ends(events, is_fair);
    }
    let elapsed = std::time::Duration::from_nanos(kernel.now);
    let schedule = kernel.schedule.digest().clone();
    let (streams, stale) = (kernel.choices.digests(), kernel.choices.stale());
    let choices = kernel.choices.take_recorded();
    let (shape, order) =
        kernel.onlookers.take().map_or((None, None), |onlookers| onlookers.seen(steps));
    // What is left of the kernel is dropped where it lies.
    let Kernel {
        failure,
        observer,
        recorder,
        reached,
        log,
        threads: all,
        ready,
        unborn,
        objects,
        source,
        ..
    } = *kernel;
    let (unmet, search) = match source {
        Source::Written(written) => (written.unmet(&all), None),
        Source::Searched(search) => (Vec::new(), Some(search)),
        Source::Drawn(_) => (Vec::new(), None),
    };
    Spare { room: Room { threads: all, ready, unborn, objects }, stacks }.leave();
    Ended {
        failure,
        observer,
        steps,
        threads,
        elapsed,
        schedule,
        streams,
        deviations: recorder.unwrap_or_default(),
        stale,
        choices,
        shape,
        order,
        skipped: unmet.len() as u64,
        unmet,
        leaked,
        reached,
        search,
        log,
    }
}
