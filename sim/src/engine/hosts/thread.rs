//! The operating system thread of one run, and the watch that gives the run up where it stands still.

use super::world::World;
use super::{Ended, Setup};
use crate::engine::{Failure, panics};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// For the stack of a run: code under test may be deep.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// What the thread of a run says to whoever waits for its end.
enum Said {
    Began(Arc<World>),
    Ended(Box<Ended>),
}

/// Where a run says that it has begun.
pub(in crate::engine) struct Beginning(Sender<Said>);

impl Beginning {
    /// From now on the watch knows what to look at.
    pub(in crate::engine) fn is_of(&self, world: &Arc<World>) {
        // Nobody listens any more where the run was given up.
        let _ = self.0.send(Said::Began(Arc::clone(world)));
    }
}

/// Calls `perform`, a whole run, on a fresh thread called `name`, on which nothing of an earlier run can be seen.
///
/// # Panics
/// `setup` has no hosts, or the system refuses a thread.
pub(in crate::engine) fn run(
    name: &str,
    setup: Setup,
    perform: impl FnOnce(Setup, &Beginning) -> Ended + Send + 'static,
) -> Ended {
    assert!(!setup.hosts.is_empty(), "a run has at least one host");
    panics::install();
    let (sender, receiver) = channel();
    let patience = setup.patience;
    let beginning = Beginning(sender);
    let body = move || {
        let ended = panics::within_engine(|| perform(setup, &beginning));
        let _ = beginning.0.send(Said::Ended(Box::new(ended)));
    };
    let thread = thread::Builder::new().name(name.to_owned()).stack_size(STACK_BYTES);
    let thread = thread.spawn(body).expect("the system has room for one more thread");
    let (ended, whose) = watched(&receiver, patience);
    if whose == Whose::Own {
        // Whatever it still drops is gone before the next run begins.
        let _ = thread.join();
    }
    ended
}

/// Whose doing the end of a run is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Own,
    /// It stood still, and was given up.
    Watch,
}

/// Waits for the end of a run, or gives it up when it stands still: neither a step was made nor did time pass.
fn watched(receiver: &Receiver<Said>, patience: Duration) -> (Ended, Whose) {
    let (mut world, mut before) = (None::<Arc<World>>, None);
    loop {
        match receiver.recv_timeout(patience) {
            Ok(Said::Began(began)) => world = Some(began),
            Ok(Said::Ended(ended)) => return (*ended, Whose::Own),
            Err(RecvTimeoutError::Disconnected) => unreachable!("a run says how it ends"),
            Err(RecvTimeoutError::Timeout) => {
                let Some(world) = &world else { continue };
                let steps = world.steps();
                let sign = (steps, world.exactly());
                if before.replace(sign) == Some(sign) {
                    world.fail(Failure::Livelock { steps, running: world.running() });
                    let elapsed = world.elapsed();
                    return (world.ended(Duration::from_nanos(elapsed)), Whose::Watch);
                }
            }
        }
    }
}
