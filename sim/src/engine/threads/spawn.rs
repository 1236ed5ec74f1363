//! How a simulated thread begins, and how its body ends: with a value, by a panic, or with its run.

use super::coroutine::Coroutine;
use super::kernel::{Kernel, Operation};
use super::platform::Sim;
use super::primitive::{Packet, SimJoinHandle, packet};
use super::thread::{Role, Thread, ThreadId};
use super::{locals, tether};
use crate::engine::{Failure, panics};
use crate::log::{Cause, Name};
use retrip_core::door::{JoinError, SpawnError};
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

impl Sim {
    /// Like [`Spawn::spawn`], with a name that is shared rather than copied.
    ///
    /// # Errors
    /// As [`Spawn::spawn`].
    pub(crate) fn spawn_named<T, F>(
        &self,
        name: Name,
        body: F,
    ) -> Result<SimJoinHandle<T>, SpawnError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        tether::point(self.run, Operation::Spawn, 0);
        self.start(name, Role::Actor, body)
    }

    /// Adds a thread that is ready; no scheduling point.
    pub(super) fn start<T, F>(
        &self,
        name: Name,
        role: Role,
        body: F,
    ) -> Result<SimJoinHandle<T>, SpawnError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (packet, body) = leaving(self.run, body);
        let thread = self.launch(name, role, body)?;
        Ok(SimJoinHandle { run: self.run, thread, packet })
    }

    /// Adds a thread that is ready and does what `body` does, which catches its own panics.
    pub(super) fn launch(
        &self,
        name: Name,
        role: Role,
        body: impl FnOnce() + Send + 'static,
    ) -> Result<ThreadId, SpawnError> {
        let run = self.run;
        let body = move || {
            body();
            leaves(run);
        };
        let born = self.born(name)?;
        let coroutine = Coroutine::new(Name::clone(&born.name), body)?;
        Ok(self.added(born, role, coroutine))
    }

    /// Whom a thread called `name` would be.
    fn born(&self, name: Name) -> Result<Born, SpawnError> {
        tether::with(self.run, |kernel| {
            let bound = kernel.most_threads;
            if kernel.threads.len() >= bound {
                return Err(SpawnError::Bound { bound });
            }
            // Whoever is started acts upon the same as who started it; the root upon nothing.
            let cause = kernel.threads.get(kernel.current.index()).and_then(|me| me.cause.clone());
            Ok(Born { name: kernel.unique_name(name), cause })
        })
    }

    fn added(&self, Born { name, cause }: Born, role: Role, coroutine: Coroutine) -> ThreadId {
        let thread = Thread::new(name, self.node, role, cause);
        tether::with(self.run, |kernel| kernel.add_thread(thread, coroutine))
    }
}

/// What is known of a thread before it is there.
struct Born {
    name: Name,
    cause: Option<Cause>,
}

/// What each thread does last.
fn leaves(run: u64) {
    if tether::with(run, Kernel::has_locals) {
        let _ = outcome(run, || locals::drop_all(run));
    }
    tether::with(run, Kernel::finish);
}

/// A body that leaves what `body` returns in a packet. When it ends, nothing is left of `body`, nor of what it returned unless
/// somebody still holds the packet.
pub(super) fn leaving<T, F>(run: u64, body: F) -> (Packet<T>, impl FnOnce() + use<T, F>)
where
    F: FnOnce() -> T,
{
    let packet = packet();
    let result = Arc::clone(&packet);
    let body = move || {
        *result.lock() = outcome(run, body);
        // Nobody may be left who wants it: then it is dropped here, and may panic.
        let _ = outcome(run, move || drop(result));
    };
    (packet, body)
}

/// Runs a thread's body; a panic that nobody caught fails the run.
fn outcome<T>(run: u64, body: impl FnOnce() -> T) -> Option<Result<T, JoinError>> {
    match std::panic::catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => Some(Ok(value)),
        Err(payload) if payload.is::<tether::Teardown>() => None,
        Err(payload) => Some(Err(panicked(run, &*payload))),
    }
}

/// What whoever joins is told, once the run has failed with the panic.
fn panicked(run: u64, payload: &(dyn Any + Send)) -> JoinError {
    let message = panics::message(payload);
    tether::with(run, |kernel| {
        let me = kernel.me();
        me.unwinding = false;
        let failure = Failure::Panic {
            thread: me.name.clone(),
            message: message.clone(),
            at: std::mem::take(&mut me.panicked_at),
        };
        kernel.fail(failure);
    });
    JoinError::Panicked { message }
}
