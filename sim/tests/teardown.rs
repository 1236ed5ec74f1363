//! Does a run end whatever the code under test does while it is torn down: blocks in a destructor, forwards a panic, catches
//! its own end?

use retrip_sim::engine::threads::Failure;
use retrip_sim::engine::{Setup, run};
use retrip_sim::seed::Seed;
use retrip_sim::sync::{Arc, Mutex};
use retrip_sim::thread::{self, JoinHandle};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Calls `body` on an operating system thread of its own: a stack that is left in the middle of a panic marks it.
#[expect(clippy::disallowed_methods, reason = "an operating system thread for each run")]
fn alone<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::spawn(body).join().expect("the run ends and the process lives")
}

fn simulated(seed: u64, root: impl FnOnce() + Send + 'static) -> (Option<Failure>, u64) {
    alone(move || {
        let ended = run(Setup::of(Seed::new(seed)), |_| root());
        (ended.failure, ended.leaked)
    })
}

/// Gives itself back when it is dropped, for which it needs the lock.
struct Connection(Arc<Mutex<u32>>);

impl Drop for Connection {
    fn drop(&mut self) {
        if let Ok(mut free) = self.0.lock() {
            *free += 1;
        }
    }
}

#[test]
fn what_a_thread_never_began_with_may_block_when_it_is_dropped() {
    let mut panics = 0;
    for seed in 0..60 {
        let (failure, leaked) = simulated(seed, || {
            let bad = thread::spawn(|| panic!("the one failure"));
            let pool = Arc::new(Mutex::new(0));
            let held = pool.lock();
            let connection = Connection(Arc::clone(&pool));
            let user = thread::spawn(move || drop(connection));
            drop(held);
            let _ = user.join();
            let _ = bad.join();
        });
        assert!(matches!(failure, Some(Failure::Panic { .. })), "{:?}", failure);
        panics += u32::from(leaked == 0);
    }
    assert!(panics > 0, "as a rule nothing is left behind");
}

/// Waits for a thread's end when it is dropped.
struct Joins(Option<JoinHandle<()>>);

impl Drop for Joins {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            let _ = handle.join();
        }
    }
}

#[test]
fn a_forwarded_panic_that_waits_in_a_destructor_is_left_behind() {
    for seed in 0..20 {
        let (failure, leaked) = simulated(seed, || {
            let _joins = Joins(Some(thread::spawn(thread::park)));
            resume_unwind(Box::new("forwarded"));
        });
        assert!(matches!(failure, Some(Failure::Panic { .. })), "{:?}", failure);
        assert_eq!(leaked, 1);
    }
}

#[test]
fn a_forwarded_panic_poisons_and_is_seen_by_its_thread_only() {
    for seed in 0..50 {
        let (failure, _) = simulated(seed, || {
            let mutex = Arc::new(Mutex::new(0));
            let theirs = Arc::clone(&mutex);
            let other = thread::spawn(move || {
                // Whenever this runs, nobody here panics.
                assert!(!thread::panicking());
                drop(theirs.lock());
                assert!(!thread::panicking());
            });
            let forwards = || {
                let _held = mutex.lock();
                resume_unwind(Box::new("forwarded"));
            };
            assert!(catch_unwind(AssertUnwindSafe(forwards)).is_err());
            assert!(mutex.is_poisoned());
            other.join().expect("it does not panic");
        });
        assert_eq!(failure, None);
    }
}

#[test]
fn a_worker_that_survives_every_panic_ends_with_its_run() {
    let (failure, leaked) = simulated(0, || {
        drop(thread::spawn(|| {
            loop {
                let _ = catch_unwind(thread::park);
            }
        }));
    });
    assert!(matches!(failure, Some(Failure::LeakedThreads { .. })), "{:?}", failure);
    assert_eq!(leaked, 1);

    // Also one that never waits, once something else has ended the run.
    let (failure, _) = simulated(0, || {
        let flag = Arc::new(Mutex::new(false));
        let theirs = Arc::clone(&flag);
        drop(thread::spawn(move || {
            loop {
                let _ = catch_unwind(AssertUnwindSafe(|| *theirs.lock().unwrap()));
            }
        }));
        thread::yield_now();
        panic!("the one failure");
    });
    assert!(matches!(failure, Some(Failure::Panic { .. })), "{:?}", failure);
}

#[test]
fn a_stack_left_in_a_panic_does_not_make_the_next_run_of_its_thread_unwind() {
    let innocent = || {
        let ended = run(Setup::of(Seed::new(3)), |_| {
            let shared = Arc::new(Mutex::new(0));
            let theirs = Arc::clone(&shared);
            let other = thread::spawn(move || *theirs.lock().unwrap() += 1);
            *shared.lock().unwrap() += 1;
            other.join().expect("it ends");
        });
        assert_eq!(ended.failure, None);
        (ended.steps, ended.schedule)
    };
    let fresh = alone(innocent);
    let after_a_leak = alone(move || {
        let ended = run(Setup::of(Seed::new(0)), |_| {
            let _joins = Joins(Some(thread::spawn(thread::park)));
            panic!("before it waits");
        });
        assert_eq!(ended.leaked, 1);
        innocent()
    });
    assert_eq!(after_a_leak, fresh);
}
