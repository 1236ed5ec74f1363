//! One-shot channels and semaphores: is everybody served in turn, by threads and by futures, and is nothing lost with a
//! future that is dropped while it waits?

use super::{simulate, simulate_in_order};
use retrip_core::door::{Clock, Spawn};
use retrip_sim::engine::threads::Sim;
use retrip_sim::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use retrip_sim::sync::oneshot::{self, error};
use retrip_sim::sync::{AcquireError, Arc, Mutex, Semaphore, TryAcquireError};
use retrip_sim::thread;
use retrip_sim::time::{Duration, Instant};
use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

const SECOND: Duration = Duration::from_secs(1);

/// What `future` gives within `limit`; then it is dropped.
async fn within<F: Future>(sim: Sim, limit: Duration, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut timer = pin!(sim.timer(sim.now().saturating_add(limit)));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| None),
    })
    .await
}

#[test]
fn a_value_arrives_or_its_sender_is_seen_to_go() {
    let seen: Arc<std::sync::Mutex<BTreeSet<String>>> = Arc::default();
    for seed in 0..200 {
        let seen = Arc::clone(&seen);
        simulate(seed, move || {
            let (sender, mut receiver) = oneshot::channel();
            let sends = thread::spawn(move || sender.send(7));
            let first = receiver.try_recv();
            let got = match first {
                Ok(value) => Ok(value),
                Err(error::TryRecvError::Empty) if seed % 2 == 0 => receiver.blocking_recv(),
                Err(error::TryRecvError::Empty) => Sim::here().block_on(receiver),
                Err(error::TryRecvError::Closed) => panic!("it is sent"),
            };
            assert_eq!((got, sends.join().unwrap()), (Ok(7), Ok(())));

            let (sender, receiver) = oneshot::channel::<u8>();
            let goes = thread::spawn(move || drop(sender));
            assert!(receiver.blocking_recv().is_err());
            goes.join().unwrap();
            // std's own lock, held for no step of the schedule.
            seen.lock().unwrap().insert(format!("{first:?}"));
        });
    }
    assert_eq!(seen.lock().unwrap().len(), 2, "before and after");
}

#[test]
fn a_sender_sees_that_nobody_wants_its_value_and_gets_it_back() {
    for seed in 0..100 {
        simulate(seed, move || {
            let (mut sender, mut receiver) = oneshot::channel();
            let other = thread::spawn(move || {
                if seed % 2 == 0 {
                    receiver.close();
                    assert_eq!(receiver.try_recv(), Err(error::TryRecvError::Closed));
                }
                drop(receiver);
            });
            Sim::here().block_on(sender.closed());
            assert!(sender.is_closed());
            assert_eq!(sender.send("back"), Err("back"));
            other.join().unwrap();

            // What was sent before it was closed can still be received.
            let (sender, mut receiver) = oneshot::channel();
            assert!(!sender.is_closed());
            sender.send(1).unwrap();
            receiver.close();
            assert_eq!(receiver.try_recv(), Ok(1));
        });
    }
}

#[test]
fn no_more_hold_permits_than_there_are() {
    let most = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    for seed in 0..100 {
        let most = Arc::clone(&most);
        simulate(seed, move || {
            let shared = Arc::new((Semaphore::new(3), AtomicUsize::new(0)));
            let threads = [1, 2, 1, 3].map(|wanted| {
                let (shared, most) = (Arc::clone(&shared), Arc::clone(&most));
                thread::spawn(move || {
                    for _ in 0..3 {
                        let permit = if wanted == 1 {
                            shared.0.blocking_acquire()
                        } else {
                            shared.0.blocking_acquire_many(wanted)
                        };
                        let held = permit.as_ref().unwrap().num_permits();
                        most.fetch_max(shared.1.fetch_add(held, SeqCst) + held, SeqCst);
                        shared.1.fetch_sub(held, SeqCst);
                    }
                })
            });
            threads.into_iter().for_each(|thread| thread.join().unwrap());
            assert_eq!(shared.0.available_permits(), 3);
        });
    }
    assert_eq!(most.load(SeqCst), 3);
}

#[test]
fn who_asks_first_is_served_first_however_much_it_wants() {
    simulate_in_order(|| {
        let shared = Arc::new((Semaphore::new(2), Mutex::new(Vec::new())));
        let held = shared.0.try_acquire_many(2).unwrap();
        let threads = [2, 1, 2].map(|wanted| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let permit = shared.0.blocking_acquire_many(wanted).unwrap();
                shared.1.lock().unwrap().push(wanted);
                thread::sleep(SECOND);
                drop(permit);
            })
        });
        thread::sleep(SECOND);
        assert_eq!(shared.0.try_acquire().map(drop), Err(TryAcquireError::NoPermits));
        let start = Instant::now();
        drop(held);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(*shared.1.lock().unwrap(), [2, 1, 2]);
        assert_eq!(start.elapsed(), 3 * SECOND, "each waits for the one before it");
    });
}

#[test]
fn an_acquire_that_is_dropped_while_it_waits_loses_no_permit() {
    let ends: Arc<std::sync::Mutex<BTreeSet<(bool, bool)>>> = Arc::default();
    for seed in 0..300 {
        let ends = Arc::clone(&ends);
        simulate(seed, move || {
            let semaphore = Arc::new(Semaphore::new(2));
            let held = Arc::clone(&semaphore).try_acquire_many_owned(2).unwrap();
            // It is given one permit, then the other, and may be dropped before, between and after.
            let gives = thread::spawn(move || {
                let mut held = held;
                thread::sleep(SECOND);
                drop(held.split(1));
                drop(held);
            });
            let tries = |wanted| {
                let semaphore = Arc::clone(&semaphore);
                thread::spawn(move || {
                    let sim = Sim::here();
                    let acquire = semaphore.acquire_many(wanted);
                    let permit = sim.block_on(within(sim, SECOND, acquire));
                    permit.is_some_and(|permit| permit.is_ok())
                })
            };
            let (many, one) = (tries(2), tries(1));
            gives.join().unwrap();
            let end = (many.join().unwrap(), one.join().unwrap());
            assert_eq!(semaphore.available_permits(), 2);
            drop(semaphore.blocking_acquire_many(2).unwrap());
            ends.lock().unwrap().insert(end);
        });
    }
    assert_eq!(ends.lock().unwrap().len(), 4, "each may or may not get its permits in time");
}

#[test]
fn closing_ends_every_wait_and_takes_no_permit_from_its_holder() {
    for seed in 0..100 {
        simulate(seed, || {
            let semaphore = Arc::new(Semaphore::new(1));
            let held = Arc::clone(&semaphore).try_acquire_owned().unwrap();
            let waits = [1, 2].map(|wanted| {
                let semaphore = Arc::clone(&semaphore);
                thread::spawn(move || {
                    Sim::here().block_on(semaphore.acquire_many_owned(wanted)).map(drop)
                })
            });
            thread::yield_now();
            semaphore.close();
            let ended = waits.map(|wait| wait.join().unwrap());
            assert!(ended.iter().all(Result::is_err), "{ended:?}");
            let closed: Result<(), AcquireError> = semaphore.blocking_acquire().map(drop);
            assert!(closed.is_err() && semaphore.is_closed());
            assert_eq!(semaphore.try_acquire().map(drop), Err(TryAcquireError::Closed));
            drop(held);
            assert_eq!(semaphore.available_permits(), 1);
        });
    }
}

#[test]
fn permits_are_forgotten_added_merged_and_split() {
    simulate(0, || {
        let semaphore = Semaphore::new(3);
        semaphore.try_acquire().unwrap().forget();
        assert_eq!((semaphore.forget_permits(9), semaphore.available_permits()), (2, 0));
        semaphore.add_permits(4);
        let mut permit = semaphore.try_acquire_many(3).unwrap();
        let split = permit.split(2).unwrap();
        assert_eq!((permit.num_permits(), split.num_permits()), (1, 2));
        assert!(permit.split(2).is_none());
        permit.merge(split);
        assert_eq!(
            format!("{permit:?} {semaphore:?}"),
            "SemaphorePermit { permits: 3, .. } Semaphore { permits: 1, .. }"
        );
        drop(permit);
        assert_eq!(semaphore.available_permits(), 4);
        let other = Semaphore::new(1);
        let merges = std::panic::AssertUnwindSafe(|| {
            semaphore.try_acquire().unwrap().merge(other.try_acquire().unwrap());
        });
        assert!(std::panic::catch_unwind(merges).is_err());
        assert_eq!((semaphore.available_permits(), other.available_permits()), (4, 1));
    });
}
