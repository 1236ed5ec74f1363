//! Waiting for the end of a simulated thread. It blocks: a join that spins would stop virtual time.

use crate::engine::threads::kernel::Operation;
use crate::engine::threads::platform::SimUnit;
use crate::engine::threads::tether;
use crate::engine::threads::thread::{ThreadId, Waiting};
use parking_lot::Mutex;
use retrip_core::door::{JoinError, JoinHandle};
use std::panic::Location;
use std::sync::Arc;

/// Where a thread leaves its result.
pub(in crate::engine::threads) type Packet<T> = Arc<Mutex<Option<Result<T, JoinError>>>>;

/// An empty packet.
pub(in crate::engine::threads) fn packet<T>() -> Packet<T> {
    Arc::new(Mutex::new(None))
}

/// Waits for the end of a simulated thread. Dropping it detaches the thread.
#[derive(Debug)]
pub struct SimJoinHandle<T> {
    pub(in crate::engine::threads) run: u64,
    pub(in crate::engine::threads) thread: ThreadId,
    pub(in crate::engine::threads) packet: Packet<T>,
}

impl<T> SimJoinHandle<T> {
    /// The thread, to be unparked.
    pub(crate) fn unit(&self) -> SimUnit {
        SimUnit { run: self.run, thread: self.thread }
    }

    /// Whether the thread has ended.
    pub(crate) fn is_finished(&self) -> bool {
        tether::point(self.run, Operation::Join, u64::from(self.thread.0));
        tether::with(self.run, |kernel| kernel.threads[self.thread.index()].is_finished())
    }
}

impl<T> JoinHandle<T> for SimJoinHandle<T> {
    #[track_caller]
    fn join(self) -> Result<T, JoinError> {
        let at = Location::caller();
        self.join_at(Some(at))
    }
}

impl<T> SimJoinHandle<T> {
    /// Waits in the line of code `at`, or in one of the harness.
    pub(crate) fn join_at(self, at: Option<&'static Location<'static>>) -> Result<T, JoinError> {
        tether::point(self.run, Operation::Join, u64::from(self.thread.0));
        loop {
            let finished = tether::with(self.run, |kernel| {
                let me = kernel.current;
                let target = &mut kernel.threads[self.thread.index()];
                let finished = target.is_finished();
                if !finished {
                    target.joiners.push(me);
                }
                finished
            });
            if finished {
                break;
            }
            tether::block(self.run, Waiting::Join(self.thread), None, at);
        }
        self.packet.lock().take().expect("a finished thread has left its result")
    }
}
