//! The switch by operating system threads: each body has one of its own, and exactly one of a run runs at a time.
//!
//! Whoever resumes a coroutine hands over to its thread and waits to be handed back to, through two channels. So all that one
//! thread did happens before all that the next one does, and no tool has to be told what a simulated thread is. With each
//! turn goes the kernel, which objects reach through the thread they are used on.
//!
//! What is not as on the stacks of one thread:
//!
//! - std counts the panics of each simulated thread, not those of all together.
//! - std's `thread_local!` has a value for each simulated thread, not one for all.
//! - An overflow ends the process in std's words: nothing is said of the run.
//! - A step takes as long as the operating system takes to switch threads.
#![expect(unsafe_code, reason = "not all that goes with a turn is Send by its type")]

use super::{Next, Progress, STACK_BYTES, Signal};
use crate::engine::OverflowReport;
use crate::engine::threads::kernel::Kernel;
use crate::engine::threads::tether;
use crate::log::Name;
use std::cell::OnceCell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

thread_local! {
    /// The coroutine whose thread this is; empty on every other thread.
    static INSIDE: OnceCell<Inside> = const { OnceCell::new() };
}

/// A body with an operating system thread of its own.
///
/// Dropped before its body has returned, it stays where it is for ever, with its stack and all that is on it: its thread waits for
/// as long as the process lives. The safety of scoped threads rests on that.
pub(in crate::engine::threads) struct Coroutine {
    turns: Sender<(Signal, Carried)>,
    back: Receiver<(thread::Result<Progress>, Carried)>,
    /// Until the body has returned.
    thread: Option<JoinHandle<()>>,
}

/// The other ends, which the coroutine's own thread holds.
struct Inside {
    turns: Receiver<(Signal, Carried)>,
    back: Sender<(thread::Result<Progress>, Carried)>,
}

/// The kernel on its way to the thread that runs next; none where a coroutine is tested without a run.
struct Carried(Option<Box<Kernel>>);

// SAFETY: only the observer and what simulated threads have in their slots need not be Send. Both are reached through the
// kernel alone, which one thread has at a time, and a channel orders what the threads do that have it in turn. Whoever else
// shares them waits meanwhile: the caller of a run for its end, and a simulated thread for its turn. So nobody uses them at
// the same time as somebody else. What may be used on one thread only, whatever the order, is a lock of the operating system
// that its owner must release; std has none on the platforms of this project, where locks are numbers in memory.
unsafe impl Send for Carried {}

impl Carried {
    /// Takes the kernel from the calling thread, whose turn is over.
    fn take() -> Self {
        Self(tether::is_attached().then(tether::detach))
    }

    /// Gives the kernel to the calling thread, whose turn begins.
    fn give(self) {
        if let Self(Some(kernel)) = self {
            tether::attach(kernel);
        }
    }
}

impl Coroutine {
    /// A coroutine that has not started. `name` is that of its thread, in a debugger.
    pub(in crate::engine::threads) fn new(
        name: Name,
        body: impl FnOnce() + Send + 'static,
    ) -> io::Result<Self> {
        let (turns, its_turns) = channel();
        let (its_back, back) = channel();
        let begins = move || {
            let signal = INSIDE.with(|inside| {
                inside.get_or_init(|| Inside { turns: its_turns, back: its_back }).wait()
            });
            let ended = match signal {
                Signal::Run => catch_unwind(AssertUnwindSafe(body)),
                // What it was given is dropped here, where it may block: then the thread is left behind, and nothing else.
                Signal::Unwind => {
                    let _ = catch_unwind(AssertUnwindSafe(|| drop(body)));
                    Ok(())
                }
            };
            with_inside(|inside| inside.hand_back(ended.map(|()| Progress::Done)));
        };
        let thread =
            thread::Builder::new().name(name.to_string()).stack_size(STACK_BYTES).spawn(begins)?;
        Ok(Self { turns, back, thread: Some(thread) })
    }

    /// Runs the body until it suspends or returns.
    pub(in crate::engine::threads) fn resume(&mut self, signal: Signal) -> Progress {
        let sent = self.turns.send((signal, Carried::take()));
        assert!(sent.is_ok(), "a coroutine whose body has returned is not resumed");
        let (progress, carried) = self.back.recv().expect("a coroutine hands back before it ends");
        if !matches!(progress, Ok(Progress::Suspended(_)))
            && let Some(thread) = self.thread.take()
        {
            // Destructors of std's thread-locals run on it after the body: nobody runs beside them.
            let _ = thread.join();
        }
        carried.give();
        progress.unwrap_or_else(|payload| resume_unwind(payload))
    }

    /// Gives back what a coroutine that is done has used: its thread has ended already.
    pub(in crate::engine::threads) fn recycle(self) {}
}

impl Inside {
    /// Waits for a turn, which begins where this returns.
    fn wait(&self) -> Signal {
        let Ok((signal, carried)) = self.turns.recv() else { stay_for_ever() };
        carried.give();
        signal
    }

    /// Ends the turn.
    fn hand_back(&self, progress: thread::Result<Progress>) {
        let sent = self.back.send((progress, Carried::take()));
        assert!(sent.is_ok(), "whoever resumed this coroutine waits for it");
    }
}

/// What becomes of a thread whose coroutine was dropped.
fn stay_for_ever() -> ! {
    loop {
        thread::park();
    }
}

fn with_inside<R>(body: impl FnOnce(&Inside) -> R) -> R {
    INSIDE.with(|inside| body(inside.get().expect("only a simulated thread can be suspended")))
}

/// Suspends the running coroutine: [`Coroutine::resume`] returns with `next`, and the next one continues here with its signal.
///
/// # Panics
/// Outside of a coroutine.
pub(in crate::engine::threads) fn suspend(next: Next) -> Signal {
    with_inside(|inside| {
        inside.hand_back(Ok(Progress::Suspended(next)));
        inside.wait()
    })
}

/// Whether this code runs on a simulated thread.
pub(in crate::engine::threads) fn on_coroutine() -> bool {
    INSIDE.try_with(|inside| inside.get().is_some()).unwrap_or(false)
}

/// Calls `body`. There is no report of an overflow: the stacks are std's, and so is what is said when one ends.
pub(in crate::engine::threads) fn with_report<R>(
    _report: &dyn OverflowReport,
    body: impl FnOnce() -> R,
) -> R {
    body()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn what_stds_thread_locals_hold_is_dropped_before_a_coroutine_is_done() {
        /// Takes so long to drop that whoever does not wait for it comes too early.
        struct Slow(#[expect(dead_code, reason = "it is counted")] Arc<()>);
        impl Drop for Slow {
            fn drop(&mut self) {
                (0..10_000).for_each(|_| thread::yield_now());
            }
        }
        thread_local! {
            static HELD: OnceCell<Slow> = const { OnceCell::new() };
        }
        let held = Arc::new(());
        let inside = Slow(Arc::clone(&held));
        let body = move || drop(HELD.with(|own| own.set(inside)));
        let mut coroutine =
            Coroutine::new(Name::from("holds"), body).expect("there is room for a thread");
        assert_eq!(coroutine.resume(Signal::Run), Progress::Done);
        assert_eq!(Arc::strong_count(&held), 1);
        coroutine.recycle();
    }

    #[test]
    fn a_thread_has_the_name_of_its_coroutine() {
        let body = || assert_eq!(thread::current().name(), Some("named"));
        let mut coroutine =
            Coroutine::new(Name::from("named"), body).expect("there is room for a thread");
        assert_eq!(coroutine.resume(Signal::Run), Progress::Done);
        coroutine.recycle();
    }
}
