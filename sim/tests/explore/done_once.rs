//! A search and what is shared, done once or met at: locks for readers, their poison, `Once`, `OnceLock`, `LazyLock`, barriers.

use crate::families::{Family, Trial, says, shared, slips};
use retrip_sim::sync::atomic::{AtomicU64, Ordering::SeqCst};
use retrip_sim::sync::{
    Arc, Barrier, LazyLock, Mutex, Once, OnceLock, RwLock, RwLockWriteGuard, TryLockError,
    TryLockResult,
};

/// What came of an attempt at a lock: 0 where it is held, 100 and more where it is poisoned.
fn attempt<G>(result: TryLockResult<G>, value: impl Fn(&G) -> u64) -> u64 {
    match result {
        Ok(guard) => 10 + value(&guard),
        Err(TryLockError::WouldBlock) => 0,
        Err(TryLockError::Poisoned(poisoned)) => 100 + value(poisoned.get_ref()),
    }
}

#[derive(Clone, Copy, Debug)]
enum Reading {
    Read,
    /// Adds to a cell while it reads.
    ReadAndAdd,
    TryRead,
    Write,
    TryWrite,
    Downgrade,
    /// Writes and panics, which is caught.
    Slip,
    Look,
}

type Readers = Arc<(RwLock<u64>, AtomicU64)>;

const READERS: Family<Readers, Reading> = Family {
    hands: |threads| shared(threads, (RwLock::new(0), AtomicU64::new(0))),
    deeds: |_| {
        &[
            Reading::Read,
            Reading::ReadAndAdd,
            Reading::TryRead,
            Reading::Write,
            Reading::TryWrite,
            Reading::Downgrade,
            Reading::Slip,
            Reading::Look,
        ]
    },
    does: |hand, deed| {
        let (lock, cell) = &**hand;
        let written = || lock.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        match deed {
            Reading::Read => lock.read().map_or(99, |value| *value),
            Reading::ReadAndAdd => {
                let guard = lock.read();
                cell.fetch_add(1, SeqCst) + 10 * guard.map_or(9, |value| *value)
            }
            Reading::TryRead => attempt(lock.try_read(), |value| **value),
            Reading::Write => {
                let mut value = written();
                *value += 1;
                *value
            }
            Reading::TryWrite => attempt(lock.try_write(), |value| **value),
            Reading::Downgrade => {
                let mut value = written();
                *value += 5;
                let value = RwLockWriteGuard::downgrade(value);
                *value + 100 * cell.fetch_add(1, SeqCst)
            }
            Reading::Slip => u64::from(slips(|| {
                let mut value = written();
                *value += 20;
                panic!("a slip");
            })),
            Reading::Look => cell.load(SeqCst),
        }
    },
};

#[test]
fn locks_for_readers_have_the_same_outcomes_in_fewer_orders() {
    READERS.every_outcome_is_found(&Trial { time_moves: 0, programs: 60, telling: 25 });
}

#[derive(Clone, Copy, Debug)]
enum Poisoning {
    Slip,
    Lock,
    TryLock,
    IsPoisoned,
    Clear,
    Add,
}

type Poisoned = Arc<(Mutex<u64>, AtomicU64)>;

const POISON: Family<Poisoned, Poisoning> = Family {
    hands: |threads| {
        let lock = Mutex::new(0);
        // It is poisoned from the beginning, so that one step more can clear it.
        let _ = slips(|| {
            let _guard = lock.lock();
            panic!("a slip");
        });
        shared(threads, (lock, AtomicU64::new(0)))
    },
    deeds: |_| {
        &[
            Poisoning::Slip,
            Poisoning::Lock,
            Poisoning::TryLock,
            Poisoning::IsPoisoned,
            Poisoning::Clear,
            Poisoning::Add,
        ]
    },
    does: |hand, deed| {
        let (lock, cell) = &**hand;
        match deed {
            Poisoning::Slip => u64::from(slips(|| {
                let _guard = lock.lock();
                panic!("a slip");
            })),
            Poisoning::Lock => u64::from(lock.lock().is_err()),
            Poisoning::TryLock => attempt(lock.try_lock(), |value| **value),
            Poisoning::IsPoisoned => u64::from(lock.is_poisoned()),
            Poisoning::Clear => {
                lock.clear_poison();
                0
            }
            Poisoning::Add => cell.fetch_add(1, SeqCst),
        }
    },
};

#[test]
fn poison_has_the_same_outcomes_in_fewer_orders() {
    POISON.every_outcome_is_found(&Trial { time_moves: 0, programs: 70, telling: 20 });
}

#[test]
fn who_clears_the_poison_may_come_before_or_after_who_looks() {
    for looks in [Poisoning::IsPoisoned, Poisoning::Lock] {
        let seen = POISON.seen(&[vec![Poisoning::Add, Poisoning::Clear], vec![looks]]);
        assert_eq!(seen.len(), 2, "{looks:?}: {seen:?}");
        // Between what a thread does and its look at the poison there is room for both of the other.
        let seen =
            POISON.seen(&[vec![Poisoning::Add, Poisoning::Clear], vec![Poisoning::Add, looks]]);
        assert!(seen.contains(&vec![vec![1, 0], vec![0, 0]]), "{looks:?}: {seen:?}");
    }
}

#[derive(Clone, Copy, Debug)]
enum Doing {
    Call,
    /// Panics in the middle of it, which is caught.
    Slip,
    Force,
    IsCompleted,
    WaitForce,
    Look,
    Says,
}

type OnceAndCell = Arc<(Once, AtomicU64)>;

const ONCE: Family<OnceAndCell, Doing> = Family {
    hands: |threads| shared(threads, (Once::new(), AtomicU64::new(0))),
    deeds: |_| {
        &[
            Doing::Call,
            Doing::Slip,
            Doing::Force,
            Doing::IsCompleted,
            Doing::WaitForce,
            Doing::Look,
            Doing::Says,
        ]
    },
    does: |hand, deed| {
        let (once, cell) = &**hand;
        match deed {
            Doing::Call => u64::from(slips(|| {
                once.call_once(|| _ = cell.fetch_add(1, SeqCst));
            })),
            Doing::Slip => u64::from(slips(|| {
                once.call_once(|| {
                    cell.fetch_add(10, SeqCst);
                    panic!("a slip");
                });
            })),
            Doing::Force => {
                let mut before = 7;
                once.call_once_force(|state| {
                    before = u64::from(state.is_poisoned());
                    cell.fetch_add(100, SeqCst);
                });
                before
            }
            Doing::IsCompleted => u64::from(once.is_completed()),
            Doing::WaitForce => {
                once.wait_force();
                1
            }
            Doing::Look => cell.load(SeqCst),
            Doing::Says => {
                says("somebody");
                0
            }
        }
    },
};

#[test]
fn what_is_done_once_has_the_same_outcomes_in_fewer_orders() {
    ONCE.every_outcome_is_found(&Trial { time_moves: 0, programs: 60, telling: 25 });
}

#[derive(Clone, Copy, Debug)]
enum Making {
    Get,
    Set,
    Make,
    Slip,
    Wait,
    Force,
    Look,
}

type Made = Arc<(OnceLock<u64>, LazyLock<u64>, AtomicU64)>;

const MADE: Family<(u64, Made), Making> = Family {
    hands: |threads| {
        let lazy: LazyLock<u64> = LazyLock::new(|| 5);
        let made = (OnceLock::new(), lazy, AtomicU64::new(0));
        (1..).zip(shared(threads, made)).collect()
    },
    deeds: |_| {
        &[
            Making::Get,
            Making::Set,
            Making::Make,
            Making::Slip,
            Making::Wait,
            Making::Force,
            Making::Look,
        ]
    },
    does: |(me, hand), deed| {
        let (value, lazy, cell) = &**hand;
        match deed {
            Making::Get => value.get().copied().unwrap_or(0),
            Making::Set => value.set(*me).err().unwrap_or(0),
            Making::Make => *value.get_or_init(|| *me * 10 + cell.fetch_add(1, SeqCst)),
            Making::Slip => u64::from(slips(|| {
                value.get_or_init(|| {
                    cell.fetch_add(1, SeqCst);
                    panic!("a slip")
                });
            })),
            Making::Wait => *value.wait(),
            Making::Force => **lazy + cell.fetch_add(1, SeqCst),
            Making::Look => cell.load(SeqCst),
        }
    },
};

#[test]
fn values_that_are_made_once_have_the_same_outcomes_in_fewer_orders() {
    MADE.every_outcome_is_found(&Trial { time_moves: 0, programs: 60, telling: 20 });
}

#[derive(Clone, Copy, Debug)]
enum Meeting {
    Meet,
    MeetAlone,
    AddAndMeet,
    Look,
    Says,
}

type Met = Arc<(Barrier, Barrier, AtomicU64)>;

const MEETING: Family<Met, Meeting> = Family {
    hands: |threads| shared(threads, (Barrier::new(2), Barrier::new(1), AtomicU64::new(0))),
    deeds: |_| {
        &[
            Meeting::Meet,
            Meeting::Meet,
            Meeting::MeetAlone,
            Meeting::AddAndMeet,
            Meeting::Look,
            Meeting::Says,
        ]
    },
    does: |hand, deed| {
        let (two, one, cell) = &**hand;
        match deed {
            Meeting::Meet => u64::from(two.wait().is_leader()),
            Meeting::MeetAlone => u64::from(one.wait().is_leader()),
            Meeting::AddAndMeet => {
                cell.fetch_add(1, SeqCst);
                let leads = two.wait().is_leader();
                says("somebody");
                cell.fetch_add(10, SeqCst) * 2 + u64::from(leads)
            }
            Meeting::Look => cell.load(SeqCst),
            Meeting::Says => {
                says("somebody");
                0
            }
        }
    },
};

#[test]
fn barriers_have_the_same_outcomes_in_fewer_orders() {
    MEETING.every_outcome_is_found(&Trial { time_moves: 0, programs: 70, telling: 25 });
}
