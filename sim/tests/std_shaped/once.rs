//! What is done once: by whom, and who sees it before it is done? And who leads at a barrier?

use super::{simulate, simulate_in_order};
use retrip_sim::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use retrip_sim::sync::{Arc, Barrier, LazyLock, Once, OnceLock};
use retrip_sim::thread;
use retrip_sim::time::Duration;
use std::collections::BTreeSet;

#[test]
fn each_may_be_the_one_who_makes_the_value_and_only_one_does() {
    let makers: Arc<std::sync::Mutex<BTreeSet<usize>>> = Arc::default();
    for seed in 0..100 {
        let makers = Arc::clone(&makers);
        simulate(seed, move || {
            let shared = Arc::new((OnceLock::new(), AtomicUsize::new(0)));
            let threads = [1, 2, 3].map(|me| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let before = shared.0.get().copied();
                    let value = *shared.0.get_or_init(|| {
                        assert_eq!(shared.1.fetch_add(1, SeqCst), 0);
                        thread::yield_now();
                        me
                    });
                    assert!(before.is_none_or(|before| before == value));
                    assert_eq!(shared.0.set(9), Err(9));
                    value
                })
            });
            let made = threads.map(|thread| thread.join().unwrap());
            assert!(made.iter().all(|&value| value == made[0]));
            makers.lock().unwrap().insert(made[0]);
        });
    }
    assert_eq!(*makers.lock().unwrap(), BTreeSet::from([1, 2, 3]));
}

#[test]
fn it_is_done_when_a_call_returns_and_not_before() {
    let early = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    for seed in 0..100 {
        let early = Arc::clone(&early);
        simulate(seed, move || {
            let shared = Arc::new((Once::new(), AtomicUsize::new(0)));
            let threads = [(); 3].map(|()| {
                let (shared, early) = (Arc::clone(&shared), Arc::clone(&early));
                thread::spawn(move || {
                    if shared.0.is_completed() {
                        assert_eq!(shared.1.load(SeqCst), 2);
                    } else if shared.1.load(SeqCst) == 1 {
                        // std's own, no step of the schedule.
                        early.fetch_add(1, SeqCst);
                    }
                    shared.0.call_once(|| {
                        shared.1.fetch_add(1, SeqCst);
                        shared.1.fetch_add(1, SeqCst);
                    });
                    assert_eq!(shared.1.load(SeqCst), 2);
                })
            });
            shared.0.wait();
            assert_eq!(shared.1.load(SeqCst), 2);
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        });
    }
    assert!(early.load(SeqCst) > 0, "some look in the middle of it");
}

#[test]
fn who_waits_for_one_that_panics_does_it_in_its_place() {
    for seed in 0..50 {
        simulate(seed, || {
            let lock = Arc::new((OnceLock::new(), LazyLock::new(|| 7)));
            let theirs = Arc::clone(&lock);
            let other = thread::spawn(move || (*theirs.0.get_or_init(|| 1), *theirs.1));
            let slips = std::panic::AssertUnwindSafe(|| {
                lock.0.get_or_init(|| {
                    thread::yield_now();
                    panic!("a slip")
                });
            });
            if std::panic::catch_unwind(slips).is_ok() {
                assert_eq!(lock.0.get(), Some(&1), "the other was first");
            }
            assert_eq!(other.join().unwrap(), (1, *lock.1));
        });
    }
}

#[test]
fn who_waits_while_it_is_done_after_a_panic_waits_for_that() {
    simulate_in_order(|| {
        let once = Arc::new(Once::new());
        let slips = std::panic::AssertUnwindSafe(|| once.call_once(|| panic!("a slip")));
        assert!(std::panic::catch_unwind(slips).is_err());
        let theirs = Arc::clone(&once);
        let again = thread::spawn(move || {
            theirs.call_once_force(|_| thread::sleep(Duration::from_secs(2)));
        });
        thread::sleep(Duration::from_secs(1));
        assert!(!once.is_completed());
        once.wait();
        assert!(once.is_completed());
        again.join().unwrap();
    });
}

#[test]
fn nobody_passes_a_barrier_before_all_have_come_and_each_may_lead() {
    let leaders: Arc<std::sync::Mutex<BTreeSet<usize>>> = Arc::default();
    for seed in 0..100 {
        let leaders = Arc::clone(&leaders);
        simulate(seed, move || {
            let shared = Arc::new((Barrier::new(3), AtomicUsize::new(0)));
            let threads = [0, 1, 2].map(|me| {
                let (shared, leaders) = (Arc::clone(&shared), Arc::clone(&leaders));
                thread::spawn(move || {
                    for round in 1..=3 {
                        shared.1.fetch_add(1, SeqCst);
                        if shared.0.wait().is_leader() {
                            leaders.lock().unwrap().insert(me);
                        }
                        let come = shared.1.load(SeqCst);
                        assert!((3 * round..=3 * round + 2).contains(&come), "{come} in {round}");
                    }
                })
            });
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        });
    }
    assert_eq!(leaders.lock().unwrap().len(), 3);
}
