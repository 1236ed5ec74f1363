//! The branches that `tokio::select!` takes, drawn from the seed of a run.
//!
//! tokio has a generator for each thread, and its seed counts how many there were in the process: on a thread of its own each run would
//! take other branches than the one before. The one way to give it another seed is a runtime of tokio's. This one has nothing in it: no
//! time, no sockets, and nobody who would run a task. Within it nobody can block on another runtime.

use super::world::World;
#[cfg(tokio_unstable)]
use {crate::engine::Failure, crate::log::Name};

/// What is wrong with a run in which a task was given to tokio where nobody runs it.
#[cfg(tokio_unstable)]
const STRAY: &str = "a task was given to `tokio::spawn` or `spawn_blocking`, where nobody runs it, or a thread that is not simulated: \
                     start a unit of the host";

/// What decides about branches where a simulator has nothing that does.
///
/// Nobody can give tokio a seed without `--cfg tokio_unstable`: then the branches differ from run to run.
pub(in crate::engine) struct Branches {
    #[cfg(tokio_unstable)]
    runtime: tokio::runtime::Runtime,
}

impl Branches {
    /// Those of this seed. It has to be made where the keys of std's maps do not matter any more: tokio asks for some.
    pub(in crate::engine) fn of(seed: u64) -> Self {
        #[cfg(tokio_unstable)]
        return {
            use tokio::runtime::{Builder, RngSeed};
            let seed = RngSeed::from_bytes(&seed.to_le_bytes());
            let runtime = Builder::new_current_thread().rng_seed(seed).build();
            Self { runtime: runtime.expect("what it would ask the system for is switched off") }
        };
        #[cfg(not(tokio_unstable))]
        {
            let _ = seed;
            Self {}
        }
    }

    /// Calls `run`, and decides about the branches that it comes to.
    pub(in crate::engine) fn decide<R>(&self, run: impl FnOnce() -> R) -> R {
        // By the handle: a runtime would keep whoever yields until this poll is over. To tokio it is one, in which nobody may use more
        // of its channels than a poll has a budget for.
        #[cfg(tokio_unstable)]
        return self.runtime.handle().block_on(tokio::task::coop::unconstrained(async { run() }));
        #[cfg(not(tokio_unstable))]
        run()
    }

    /// Fails the run where a task was given to tokio. Before it is looked whether somebody waits for ever: it may be for that.
    pub(in crate::engine) fn fails_where_one_strayed(&self, world: &World) {
        #[cfg(tokio_unstable)]
        if self.runtime.metrics().num_alive_tasks() + self.runtime.metrics().num_blocking_threads()
            > 0
        {
            let (thread, message) = (Name::from("tokio"), STRAY.to_owned());
            world.fail(Failure::Panic { thread, message, at: String::new() });
        }
        #[cfg(not(tokio_unstable))]
        let _ = world;
    }
}
