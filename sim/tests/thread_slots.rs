//! Are a thread's slots dropped as part of it: before anybody sees its end, also where its run ends early?

use retrip_sim::engine::threads::Failure;
use retrip_sim::engine::{Setup, run};
use retrip_sim::seed::Seed;
use retrip_sim::sync::{Arc, Mutex};
use retrip_sim::thread;
use retrip_sim::time::Duration;
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

retrip_sim::thread_local! {
    static OWN: RefCell<Option<Counts>> = const { RefCell::new(None) };
    static NUMBER: Cell<u32> = const { Cell::new(1) };
}

/// Counts itself under a lock when it is dropped.
struct Counts(Arc<Mutex<u32>>);

impl Drop for Counts {
    fn drop(&mut self) {
        thread::sleep(Duration::from_nanos(1));
        if let Ok(mut count) = self.0.lock() {
            *count += NUMBER.get();
        }
    }
}

#[test]
fn whoever_joins_a_thread_waits_for_its_slots() {
    for seed in 0..50 {
        let ended = run(Setup::of(Seed::new(seed)), |_| {
            let count = Arc::new(Mutex::new(0));
            let threads = [1, 2, 3].map(|number| {
                let count = Arc::clone(&count);
                thread::spawn(move || {
                    NUMBER.set(number);
                    OWN.set(Some(Counts(count)));
                })
            });
            threads.into_iter().for_each(|thread| thread.join().unwrap());
            assert_eq!(*count.lock().unwrap(), 6);
        });
        assert_eq!(ended.failure, None);
    }
}

#[test]
fn a_run_that_ends_early_drops_the_slots_of_everybody() {
    for seed in 0..50 {
        let count = Arc::new(AtomicU32::new(0));
        let theirs = Arc::clone(&count);
        let ended = run(Setup::of(Seed::new(seed)), move |_| {
            let begun = Arc::new(Mutex::new(0));
            let threads = [(); 3].map(|()| {
                let (begun, theirs) = (Arc::clone(&begun), Arc::clone(&theirs));
                thread::spawn(move || {
                    SAID.set(Some(Says(theirs, Mutex::new(()))));
                    *begun.lock().unwrap() += 1;
                    thread::park();
                })
            });
            while *begun.lock().unwrap() < 3 {
                thread::yield_now();
            }
            drop(threads);
            panic!("the one failure");
        });
        assert!(matches!(ended.failure, Some(Failure::Panic { .. })));
        assert_eq!((ended.leaked, count.load(SeqCst)), (0, 3));
    }
}

retrip_sim::thread_local! {
    static SAID: RefCell<Option<Says>> = const { RefCell::new(None) };
}

/// Passes scheduling points when it is dropped, and counts itself after them.
struct Says(Arc<AtomicU32>, Mutex<()>);

impl Drop for Says {
    fn drop(&mut self) {
        drop(self.1.lock());
        thread::yield_now();
        self.0.fetch_add(1, SeqCst);
    }
}

#[test]
fn a_panic_of_what_is_in_a_slot_fails_the_run() {
    struct Panics;
    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("in a slot");
        }
    }
    retrip_sim::thread_local!(static BAD: Panics = const { Panics });
    let ended = run(Setup::of(Seed::new(0)), |_| BAD.with(|_| ()));
    let Some(Failure::Panic { message, .. }) = ended.failure else { panic!("it fails") };
    assert_eq!(message, "in a slot");
}

#[test]
fn the_next_run_of_the_same_thread_finds_nothing_of_this_one() {
    for _ in 0..2 {
        let ended = run(Setup::of(Seed::new(0)), |_| assert_eq!(NUMBER.replace(9), 1));
        assert_eq!(ended.failure, None);
    }
}
