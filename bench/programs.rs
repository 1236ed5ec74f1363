//! Our side: the programs on the simulated platform.

use retrip_core::door::{AtomicInteger, JoinHandle, Mutex, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::Sim;
use retrip_sim::engine::{Ended, Setup, run};
use retrip_sim::seed::Seed;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

/// `threads` threads that each add one `times` times to one atomic.
#[must_use]
pub fn atomics(seed: u64, threads: usize, times: u64) -> Ended {
    run(Setup::of(Seed::new(seed)), move |sim| {
        let counter = Arc::new(sim.atomic_u64(0));
        together(sim, threads, move || {
            for _ in 0..times {
                counter.fetch_add(1, SeqCst);
            }
        });
    })
}

/// `threads` threads that each take one lock `times` times.
#[must_use]
pub fn locks(seed: u64, threads: usize, times: u64) -> Ended {
    run(Setup::of(Seed::new(seed)), move |sim| {
        let counter = Arc::new(sim.mutex(0_u64));
        together(sim, threads, move || {
            for _ in 0..times {
                *counter.lock() += 1;
            }
        });
    })
}

/// `threads` threads that do nothing but park, all alive at once; returns what `look` says while they are.
pub fn parked<T: Send + 'static>(threads: usize, look: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = std::sync::mpsc::channel();
    let ended = run(Setup::of(Seed::new(0)), move |sim| {
        let handles: Vec<_> = (0..threads)
            .map(|_| {
                sim.spawn("parked", move || {
                    let me = sim.current();
                    sim.park();
                    me
                })
                .expect("a run has room for them")
            })
            .collect();
        sim.sleep(std::time::Duration::from_secs(1));
        let _ = sender.send(look());
        drop(handles);
    });
    assert!(ended.failure.is_some(), "parked threads are leaked on purpose");
    receiver.recv().expect("the root looked")
}

fn together(sim: Sim, threads: usize, body: impl Fn() + Clone + Send + 'static) {
    let handles: Vec<_> = (0..threads)
        .map(|_| sim.spawn("worker", body.clone()).expect("a run has room for them"))
        .collect();
    for handle in handles {
        handle.join().expect("a worker ends");
    }
}
