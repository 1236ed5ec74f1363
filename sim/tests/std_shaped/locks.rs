//! Is a lock poisoned by a panic as with std, and does each belong to its run?

use super::{simulate, simulate_in_order};
use retrip_sim::sync::{Arc, Condvar, Mutex, TryLockError};
use retrip_sim::thread;
use retrip_sim::time::{Duration, Instant};
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn a_panic_with_the_guard_poisons_and_one_before_it_does_not() {
    struct LocksInDrop(Arc<Mutex<u8>>);
    impl Drop for LocksInDrop {
        fn drop(&mut self) {
            *self.0.lock().unwrap() += 1;
        }
    }
    simulate(0, || {
        let mutex = Arc::new(Mutex::new(1));
        let held = || {
            let _guard = mutex.lock();
            panic!("with the guard");
        };
        assert!(catch_unwind(AssertUnwindSafe(held)).is_err());
        assert!(mutex.is_poisoned());
        assert_eq!(*mutex.lock().expect_err("it is poisoned").into_inner(), 1);
        assert!(matches!(mutex.try_lock(), Err(TryLockError::Poisoned(_))));
        mutex.clear_poison();

        // The guard is made and dropped within the panic: as with std that poisons nothing.
        let locks = LocksInDrop(Arc::clone(&mutex));
        let dropped = move || {
            let _locks = locks;
            panic!("without it");
        };
        assert!(catch_unwind(AssertUnwindSafe(dropped)).is_err());
        assert_eq!(*mutex.lock().expect("it is not poisoned"), 2);
    });
}

#[test]
fn nobody_gets_a_poisoned_lock_without_being_told() {
    for seed in 0..100 {
        simulate(seed, || {
            let mutex = Arc::new(Mutex::new(0));
            let theirs = Arc::clone(&mutex);
            let other = thread::spawn(move || match theirs.lock() {
                Ok(guard) => *guard,
                Err(poisoned) => **poisoned.get_ref() + 100,
            });
            let half_done = || {
                let mut guard = mutex.lock().unwrap();
                *guard = 1;
                thread::yield_now();
                panic!("half done");
            };
            assert!(catch_unwind(AssertUnwindSafe(half_done)).is_err());
            // Before it the value was whole; after it the poison says so.
            assert!([0, 101].contains(&other.join().unwrap()));
        });
    }
}

#[test]
fn a_lock_is_tried_taken_apart_and_may_hold_what_has_no_size() {
    simulate(0, || {
        let mut mutex = Mutex::from(vec![1]);
        let guard = mutex.lock().unwrap();
        assert!(matches!(mutex.try_lock(), Err(TryLockError::WouldBlock)));
        assert_eq!(format!("{guard:?}"), "[1]");
        drop(guard);
        mutex.get_mut().unwrap().push(2);
        mutex.try_lock().unwrap().push(3);
        assert_eq!(mutex.into_inner().unwrap(), [1, 2, 3]);

        let unsized_: Arc<Mutex<dyn Fn() -> u8 + Send>> = Arc::new(Mutex::new(|| 7));
        assert_eq!((unsized_.lock().unwrap())(), 7);
        assert_eq!(*Mutex::<u8>::default().lock().unwrap(), 0);
        // A value that borrows, as std allows.
        let word = String::from("borrowed");
        assert_eq!(*Mutex::new(&*word).lock().unwrap(), "borrowed");
    });
}

#[test]
fn a_wait_ends_by_notification_or_at_its_limit() {
    simulate(0, || {
        let shared = Arc::new((Mutex::new(0), Condvar::default()));
        let limit = Duration::from_millis(5);
        let start = Instant::now();
        let (guard, result) = shared.1.wait_timeout(shared.0.lock().unwrap(), limit).unwrap();
        assert!(result.timed_out());
        assert_eq!((*guard, start.elapsed()), (0, limit));
        drop(guard);

        let theirs = Arc::clone(&shared);
        let waiter = thread::spawn(move || {
            let guard = theirs.0.lock().unwrap();
            let limit = Duration::from_secs(9);
            let waits = theirs.1.wait_timeout_while(guard, limit, |value| *value < 2).unwrap();
            (*waits.0, waits.1.timed_out(), Instant::now())
        });
        for step in 1..=2 {
            thread::sleep(Duration::from_secs(1));
            *shared.0.lock().unwrap() = step;
            shared.1.notify_all();
        }
        let (value, timed_out, at) = waiter.join().unwrap();
        assert_eq!((value, timed_out), (2, false));
        assert_eq!(at.duration_since(start), limit + Duration::from_secs(2));
    });
}

#[test]
fn a_notification_in_between_begins_no_new_limit() {
    simulate_in_order(|| {
        let shared = Arc::new((Mutex::new(0), Condvar::new()));
        let theirs = Arc::clone(&shared);
        let limit = Duration::from_secs(4);
        let notifier = thread::spawn(move || {
            thread::sleep(limit / 2);
            theirs.1.notify_all();
        });
        let start = Instant::now();
        let waits = shared.1.wait_timeout_while(shared.0.lock().unwrap(), limit, |_| true).unwrap();
        assert!(waits.1.timed_out());
        assert_eq!(start.elapsed(), limit);
        drop(waits);
        notifier.join().unwrap();
    });
}

#[test]
#[should_panic(expected = "only a simulated thread has a simulated platform")]
fn outside_of_a_run_there_is_no_lock() {
    let _ = Mutex::new(0);
}

#[test]
fn a_lock_that_survives_its_run_is_refused_by_the_next() {
    static LEFT: std::sync::Mutex<Option<Arc<Mutex<u8>>>> = std::sync::Mutex::new(None);
    simulate(0, || *LEFT.lock().unwrap() = Some(Arc::new(Mutex::new(3))));
    let ended = retrip_sim::engine::run(
        retrip_sim::engine::Setup::of(retrip_sim::seed::Seed::new(0)),
        |_| {
            let left = LEFT.lock().unwrap().take().expect("the first run left it");
            let _ = left.lock();
        },
    );
    let failure = ended.failure.expect("it panics").to_string();
    assert!(failure.contains("a run that it does not belong to"), "{failure}");
}
