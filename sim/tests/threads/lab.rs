//! Runs of the thread engine alone, without a scenario: many seeds, what the root returned, and a race to run.

use retrip_core::door::{Atomic, JoinHandle, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::Sim;
use retrip_sim::engine::{Ended, Setup, run};
use retrip_sim::seed::Seed;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, mpsc};

/// The first `count` seeds.
pub(crate) fn seeds(count: u64) -> impl Iterator<Item = Seed> {
    (0..count).map(Seed::new)
}

/// Runs `root` and returns how the run ended and what the root returned, if it did.
pub(crate) fn simulate<T: Send + 'static>(
    setup: Setup,
    root: impl FnOnce(Sim) -> T + Send + 'static,
) -> (Ended, Option<T>) {
    let (sender, receiver) = mpsc::channel();
    let ended = run(setup, move |sim| {
        let _ = sender.send(root(sim));
    });
    (ended, receiver.try_recv().ok())
}

/// Two threads that each read, then write one more.
pub(crate) fn lost_update(sim: Sim) -> u64 {
    let counter = Arc::new(sim.atomic_u64(0));
    let threads: Vec<_> = ["a", "b"]
        .into_iter()
        .map(|name| {
            let counter = Arc::clone(&counter);
            let add = move || counter.store(counter.load(SeqCst) + 1, SeqCst);
            sim.spawn(name, add).expect("room")
        })
        .collect();
    for thread in threads {
        thread.join().expect("it ends");
    }
    counter.load(SeqCst)
}
