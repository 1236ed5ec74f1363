//! Is every use of what threads share a step of the schedule, at which somebody else may go first?

use super::simulate;
use retrip_sim::sync::atomic::{AtomicU32, Ordering::SeqCst, fence};
use retrip_sim::sync::{Condvar, Mutex};
use retrip_sim::thread;
use retrip_sim::time::{Duration, Instant, SystemTime};

struct Shared {
    atomic: AtomicU32,
    mutex: Mutex<u8>,
    condvar: Condvar,
}

/// The steps of a run in which one thread uses what is shared so often.
fn steps(times: u64, uses: fn(&Shared)) -> u64 {
    let all = move || {
        let (atomic, mutex, condvar) = (AtomicU32::new(0), Mutex::new(0), Condvar::new());
        let shared = Shared { atomic, mutex, condvar };
        (0..times).for_each(|_| uses(&shared));
    };
    simulate(0, all).steps
}

#[track_caller]
fn assert_steps(expected: u64, uses: fn(&Shared)) {
    assert_eq!(steps(7, uses) - steps(0, uses), 7 * expected);
}

#[test]
fn of_an_atomic_each_operation_is_one() {
    assert_steps(1, |shared| assert_eq!(shared.atomic.load(SeqCst), 0));
    assert_steps(1, |shared| shared.atomic.store(1, SeqCst));
    assert_steps(1, |shared| assert!(shared.atomic.swap(1, SeqCst) < 2));
    assert_steps(1, |shared| {
        assert!(shared.atomic.compare_exchange(1, 2, SeqCst, SeqCst).is_err())
    });
    assert_steps(1, |shared| assert!(shared.atomic.fetch_xor(1, SeqCst) < 2));
    assert_steps(1, |_| fence(SeqCst));
}

#[test]
fn of_a_lock_to_take_and_to_free_it_are_one_each() {
    assert_steps(2, |shared| drop(shared.mutex.lock()));
    assert_steps(2, |shared| drop(shared.mutex.try_lock()));
    assert_steps(1, |shared| shared.condvar.notify_one());
    assert_steps(1, |shared| shared.condvar.notify_all());
}

#[test]
fn of_a_clock_each_reading_is_one() {
    assert_steps(2, |_| assert!(SystemTime::now().elapsed().is_ok()));
    assert_steps(1, |_| assert!(Instant::now().checked_sub(Duration::MAX).is_none()));
    assert_steps(1, |_| thread::yield_now());
    assert_steps(3, |_| thread::park_timeout(Duration::from_secs(1)));
}
