//! Threads that borrow from whoever starts them. One of the few files with unsafe code.
//!
//! # Why it is sound
//!
//! A scoped thread's body, and what it returns, may hold references to what lives at least as long as `'scope`: to values in
//! frames of the stack that [`scoped`] was called on, below that call, or of stacks which that one in turn was lent to. The body
//! is given to the engine as if it lived for ever. So nothing of a body may run or be dropped after such a frame has ended.
//!
//! 1. A frame below `scoped` ends after `scoped` has returned or unwound; or, without running again, if its stack were given
//!    to somebody else. The second never happens: a stack is reused once its body has returned, and a coroutine that is dropped
//!    earlier stays where it is for ever ([`Coroutine`](super::coroutine::Coroutine)).
//! 2. `scoped` returns or unwinds only when each thread that was started in its scope is *over*: [`Scope::wait_for_all`] has
//!    no other way out, whatever the body of the scope did. Where it cannot wait any longer, because the run is torn down, it
//!    leaves its own stack as it is for ever.
//! 3. A thread is over when it has finished, or is gone. It finishes after its body has been used up and its share in what the
//!    body returned has been dropped ([`leaving`]); whoever holds the other share is bound to `'scope` by its type.
//! 4. It is gone when it was torn down with its run: either its stack was unwound, or its unborn body dropped, to the end; or it is
//!    left for ever, and runs no more. A run is torn down from the youngest thread to the oldest, and what a destructor
//!    starts meanwhile goes before any thread that is older than the one whose destructor that was (`unwind` in `mod.rs`).
//!    So when a frame is unwound, everything that was started in a scope on it, or by such a thread, is gone.
//! 5. Whatever else the engine keeps of a thread (names, slots, wakers, payloads of panics) is `'static` by its type.
//!
//! All of this happens on one operating system thread, or on several that run in turn: a scope used in another one, or in another run, is refused. No thread
//! is started in one where no coroutine runs, because there nothing could be left as it is.
#![expect(unsafe_code, reason = "a thread that borrows is started as if it borrowed nothing")]

use super::access::Touched;
use super::coroutine;
use super::kernel::Operation;
use super::platform::Sim;
use super::primitive::SimJoinHandle;
use super::spawn::leaving;
use super::tether::{self, Teardown};
use super::thread::{Role, ThreadId, Waiting};
use crate::engine::panics;
use crate::log::Name;
use parking_lot::Mutex;
use retrip_core::door::SpawnError;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};

/// As [`std::thread::Scope`]: where threads are started that end before it does.
#[derive(Debug)]
pub struct Scope<'scope, 'env: 'scope> {
    run: u64,
    /// All that were started, in that order; never held while somebody else can run.
    threads: Mutex<Vec<ThreadId>>,
    /// Invariant, as with std: a scope can neither be shortened, so that what borrows from within could be started, nor made
    /// longer.
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

/// Calls `body` with a scope, and waits, in the line `at`, until every thread has ended that was started in it.
pub(crate) fn scoped<'env, F, T>(sim: Sim, at: &'static Location<'static>, body: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let threads = Mutex::new(Vec::new());
    let scope = Scope { run: sim.run, threads, scope: PhantomData, env: PhantomData };
    let result = catch_unwind(AssertUnwindSafe(|| body(&scope)));
    let said = match &result {
        Err(payload) if !payload.is::<Teardown>() => Some(panics::message(&**payload)),
        _ => None,
    };
    scope.wait_for_all(at, said);
    result.unwrap_or_else(|payload| {
        tether::with(sim.run, |kernel| kernel.me().unwinding = !payload.is::<Teardown>());
        resume_unwind(payload)
    })
}

impl<'scope> Scope<'scope, '_> {
    /// Starts a thread that may borrow whatever outlives the scope.
    pub(crate) fn start<T, F>(
        &'scope self,
        name: Name,
        body: F,
    ) -> Result<SimJoinHandle<T>, SpawnError>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        assert!(coroutine::on_coroutine(), "only a simulated thread can start a thread in a scope");
        let run = self.run;
        tether::point(run, Operation::Spawn, 0);
        let node = tether::with(run, |kernel| kernel.me().node);
        let (packet, body) = leaving(run, body);
        let body: Box<dyn FnOnce() + Send + 'scope> = Box::new(body);
        // SAFETY: only the lifetime changes. The body is run or dropped, to its end, before anything that it borrows: `launch`
        // drops it where it fails; otherwise the thread is among those of the scope before anybody else can run, and `scoped`
        // neither returns nor unwinds before it is over. The rest is at the head of this file.
        let body: Box<dyn FnOnce() + Send + 'static> = unsafe { std::mem::transmute(body) };
        let thread = Sim { run, node }.launch(name, Role::Actor, body)?;
        self.threads.lock().push(thread);
        Ok(SimJoinHandle { run, thread, packet })
    }

    /// Waits until all threads of the scope are over; does not come back, by any way, before they are.
    fn wait_for_all(&self, at: &'static Location<'static>, said: Option<String>) {
        let waits = catch_unwind(AssertUnwindSafe(|| {
            tether::with(self.run, |kernel| {
                // A panic of the body was caught.
                kernel.still_unwinding();
                kernel.me().held_back = said;
            });
            self.join_all(at);
            tether::with(self.run, |kernel| kernel.me().held_back = None);
        }));
        let Err(teardown) = waits else { return };
        while self.next_alive(0).is_some() {
            // Nobody will resume it to run on.
            let _ = coroutine::suspend(None);
        }
        resume_unwind(teardown)
    }

    fn join_all(&self, at: &'static Location<'static>) {
        let mut over = 0;
        while let Some((index, thread)) = self.next_alive(over) {
            over = index;
            tether::with(self.run, |kernel| {
                let me = kernel.current;
                kernel.threads[thread.index()].joiners.push(me);
            });
            tether::block(self.run, Waiting::Join(thread), None, Some(at));
        }
    }

    /// The first thread that is not over, of those from the `from`-th on.
    fn next_alive(&self, from: usize) -> Option<(usize, ThreadId)> {
        let threads = self.threads.lock();
        tether::with(self.run, |kernel| {
            let mut is_over = |thread: ThreadId| {
                // No scheduling point says that this step looks at it.
                kernel.touches(Touched::Thread(u64::from(thread.0)));
                let thread = &kernel.threads[thread.index()];
                thread.is_finished() || thread.gone
            };
            let all = threads.iter().copied().enumerate();
            all.skip(from).find(|&(_, thread)| !is_over(thread))
        })
    }
}
