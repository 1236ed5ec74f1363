//! Does a thread that waits for ever say in which line of the user's code, and not in one of ours?

use retrip_core::door::{Condvar, Instant, JoinHandle, Mutex, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::{Failure, Sim, Wait};
use retrip_sim::engine::{Setup, run};
use retrip_sim::seed::Seed;
use std::future::pending;

/// What the last thread waits for when `stuck` is stuck on a thread of its own, and where in this file.
fn waits(stuck: impl FnOnce(Sim) + Send + 'static) -> (String, u32) {
    let ended = run(Setup::of(Seed::new(0)), |sim| {
        sim.spawn("stuck", move || stuck(sim)).map(drop).expect("there is room");
    });
    let Some(Failure::LeakedThreads { waits }) = ended.failure else { panic!("it is not stuck") };
    let Some(Wait { on, at: Some(at), .. }) = waits.last() else { panic!("{waits:?}") };
    assert_eq!(at.file(), file!());
    (on.to_string(), at.line())
}

#[test]
fn through_the_door() {
    let lock = waits(|sim| {
        let mutex = sim.mutex(0);
        let _held = mutex.lock();
        let _again = mutex.lock();
    });
    assert_eq!(lock, ("a lock that stuck holds".to_owned(), line!() - 2));
    let condvar = waits(|sim| {
        let (mutex, condvar) = (sim.mutex(0), sim.condvar());
        drop(condvar.wait(mutex.lock()));
    });
    assert_eq!(condvar, ("a notification".to_owned(), line!() - 2));
    assert_eq!(waits(|sim| sim.park()), ("an unpark".to_owned(), line!()));
    let join = waits(|sim| {
        let other = sim.spawn("other", move || sim.park());
        let _ = other.expect("there is room").join();
    });
    // The last one is the thread that is waited for.
    assert_eq!(join, ("an unpark".to_owned(), line!() - 4));
    assert_eq!(waits(|sim| sim.block_on(pending())), ("an unpark".to_owned(), line!()));
    // Two waits one after the other: it is the second that never ends.
    let second = waits(|sim| {
        sim.park_until(Instant::from_nanos(5));
        sim.park();
    });
    assert_eq!(second.1, line!() - 2);
}

#[test]
fn through_the_shapes_of_std() {
    use retrip_sim::{sync, thread};
    let lock = waits(|_| {
        let mutex = sync::Mutex::new(0);
        let _held = mutex.lock();
        let _again = mutex.lock();
    });
    assert_eq!(lock.1, line!() - 2);
    let wait = waits(|_| {
        let (mutex, condvar) = (sync::Mutex::new(0), sync::Condvar::new());
        drop(condvar.wait(mutex.lock().expect("nobody panics")));
    });
    assert_eq!(wait.1, line!() - 2);
    let wait_while = waits(|_| {
        let (mutex, condvar) = (sync::Mutex::new(0), sync::Condvar::new());
        drop(condvar.wait_while(mutex.lock().expect("nobody panics"), |_| true));
    });
    assert_eq!(wait_while.1, line!() - 2);
    assert_eq!(waits(|_| thread::park()).1, line!());
    // The last one is the thread that joins.
    let join = waits(|_| {
        let parked = thread::spawn(thread::park);
        let _joins = thread::spawn(|| drop(parked.join()));
    });
    assert_eq!(join.1, line!() - 2);
}
