//! Does a waiter that timed out leave its place, so that a notification reaches one who still waits?

use retrip_core::door::{Clock, Condvar, JoinHandle, Mutex, Spawn, SyncPrimitives};
use retrip_sim::engine::{Setup, run};
use retrip_sim::seed::Seed;
use std::sync::Arc;
use std::time::Duration;

#[test]
fn a_notification_is_not_spent_on_a_waiter_that_timed_out() {
    for seed in 0..100 {
        let ended = run(Setup::of(Seed::new(seed)), |sim| {
            let slot = Arc::new((sim.mutex(false), sim.condvar()));
            let impatient = Arc::clone(&slot);
            let impatient = sim.spawn("impatient", move || {
                let deadline = sim.now().saturating_add(Duration::from_secs(1));
                drop(impatient.1.wait_until(impatient.0.lock(), deadline));
            });
            let patient = Arc::clone(&slot);
            let patient = sim.spawn("patient", move || {
                let mut guard = patient.0.lock();
                while !*guard {
                    guard = patient.1.wait(guard);
                }
            });
            impatient.expect("room").join().expect("it ends");
            *slot.0.lock() = true;
            slot.1.notify_one();
            patient.expect("room").join().expect("it ends");
        });
        assert_eq!(ended.failure, None, "seed {seed}");
    }
}
