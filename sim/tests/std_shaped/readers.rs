//! A lock for readers and writers: who may hold it together, who is woken, and who is told of a writer's panic?

use super::{simulate, simulate_in_order};
use retrip_sim::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use retrip_sim::sync::{Arc, Barrier, Mutex, RwLock, RwLockWriteGuard};
use retrip_sim::thread;
use retrip_sim::time::Duration;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Who holds a lock now, as its holders count themselves.
#[derive(Default)]
struct Inside {
    readers: AtomicUsize,
    writers: AtomicUsize,
}

#[test]
fn many_read_or_one_writes_and_never_both() {
    let most = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    for seed in 0..200 {
        let most = Arc::clone(&most);
        let ended = simulate(seed, move || {
            let shared = Arc::new((RwLock::new(0), Inside::default()));
            let reads = || {
                let (shared, most) = (Arc::clone(&shared), Arc::clone(&most));
                thread::spawn(move || {
                    for _ in 0..3 {
                        let _reads = shared.0.read().unwrap();
                        most.fetch_max(shared.1.readers.fetch_add(1, SeqCst) + 1, SeqCst);
                        assert_eq!(shared.1.writers.load(SeqCst), 0);
                        shared.1.readers.fetch_sub(1, SeqCst);
                    }
                })
            };
            let writes = || {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    for nth in 0..3 {
                        let mut value = shared.0.write().unwrap();
                        assert_eq!(shared.1.writers.fetch_add(1, SeqCst), 0);
                        assert_eq!(shared.1.readers.load(SeqCst), 0);
                        *value += 1;
                        shared.1.writers.fetch_sub(1, SeqCst);
                        if nth == 1 {
                            let reads = RwLockWriteGuard::downgrade(value);
                            shared.1.readers.fetch_add(1, SeqCst);
                            assert!(*reads > 0 && shared.1.writers.load(SeqCst) == 0);
                            shared.1.readers.fetch_sub(1, SeqCst);
                        }
                    }
                })
            };
            let threads = [reads(), writes(), reads(), writes(), reads()];
            threads.into_iter().for_each(|thread| thread.join().unwrap());
            assert_eq!(*shared.0.read().unwrap(), 6);
        });
        assert_eq!(ended.leaked, 0);
    }
    assert_eq!(most.load(SeqCst), 4, "three that read and one that has written");
}

#[test]
fn readers_that_wait_for_each_other_inside_all_come_in() {
    for seed in 0..100 {
        simulate(seed, || {
            let shared = Arc::new((RwLock::new(()), Barrier::new(3)));
            let held = shared.0.write().unwrap();
            let threads = [1, 2, 3].map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let _reads = shared.0.read().unwrap();
                    shared.1.wait();
                })
            });
            thread::yield_now();
            drop(held);
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        });
    }
}

#[test]
fn readers_that_were_woken_come_in_although_a_writer_waits_and_all_do_once_none_does() {
    simulate_in_order(|| {
        let shared = Arc::new((RwLock::new(0), Barrier::new(2)));
        let held = shared.0.write().unwrap();
        let reads = || {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let value = shared.0.read().unwrap();
                // Nobody goes on before both have come in.
                shared.1.wait();
                *value
            })
        };
        let first = reads();
        let writer = Arc::clone(&shared);
        let writer = thread::spawn(move || *writer.0.write().unwrap() += 1);
        let second = reads();
        thread::sleep(Duration::from_secs(1));
        drop(held);
        assert_eq!((first.join().unwrap(), second.join().unwrap()), (0, 0));
        writer.join().unwrap();
        let (first, second) = (reads(), reads());
        assert_eq!((first.join().unwrap(), second.join().unwrap()), (1, 1));
    });
}

#[test]
fn whoever_waits_may_be_next() {
    let orders: Arc<std::sync::Mutex<BTreeSet<String>>> = Arc::default();
    for seed in 0..400 {
        let orders = Arc::clone(&orders);
        simulate(seed, move || {
            let lock = Arc::new(RwLock::new(()));
            let order = Arc::new(Mutex::new(String::new()));
            let held = lock.write().unwrap();
            let threads = ["r", "w", "R", "W"].map(|name| {
                let (lock, order) = (Arc::clone(&lock), Arc::clone(&order));
                thread::spawn(move || {
                    if name.eq_ignore_ascii_case("r") {
                        let _reads = lock.read();
                        order.lock().unwrap().push_str(name);
                    } else {
                        let _writes = lock.write();
                        order.lock().unwrap().push_str(name);
                    }
                })
            });
            thread::yield_now();
            drop(held);
            threads.into_iter().for_each(|thread| thread.join().unwrap());
            let order = order.lock().unwrap().clone();
            // std's own lock, held for no step of the schedule.
            orders.lock().unwrap().insert(order);
        });
    }
    let orders = orders.lock().unwrap();
    assert_eq!(orders.len(), 24, "each of the 24: {orders:?}");
}

#[test]
fn nobody_gets_what_a_writer_left_half_done_without_being_told() {
    for seed in 0..100 {
        simulate(seed, || {
            let lock = Arc::new(RwLock::new(0));
            let theirs = Arc::clone(&lock);
            let other = thread::spawn(move || match theirs.read() {
                Ok(value) => *value,
                Err(poisoned) => **poisoned.get_ref() + 100,
            });
            let half_done = || {
                let mut value = lock.write().unwrap();
                *value = 1;
                thread::yield_now();
                panic!("half done");
            };
            assert!(catch_unwind(AssertUnwindSafe(half_done)).is_err());
            assert!([0, 101].contains(&other.join().unwrap()));
        });
    }
}
