//! A search and what threads have for themselves: their ends, scopes, tokens and slots.

use crate::families::{Family, Trial, says, shared};
use retrip_sim::sync::Arc;
use retrip_sim::sync::atomic::{AtomicU64, Ordering::SeqCst};
use retrip_sim::thread::{self, Thread};
use retrip_sim::time::Duration;
use std::cell::Cell;

#[derive(Clone, Copy, Debug)]
enum Scoping {
    /// One thread in a scope, which nobody joins; the end of the scope is told in the log.
    Unjoined,
    /// As that; whoever opened the scope does something meanwhile.
    Beside,
    /// It joins.
    Joined,
    /// It asks whether it has ended.
    Asked,
    /// As beside, once the thread has let it; the thread has one step more to its end.
    Released,
    Look,
    LookAndSay,
    Add,
}

const SCOPES: Family<Arc<AtomicU64>, Scoping> = Family {
    hands: |threads| shared(threads, AtomicU64::new(0)),
    deeds: |thread| {
        if thread == 0 {
            &[
                Scoping::Unjoined,
                Scoping::Beside,
                Scoping::Joined,
                Scoping::Asked,
                Scoping::Released,
            ]
        } else {
            &[Scoping::Look, Scoping::LookAndSay, Scoping::Add]
        }
    },
    does: |cell, deed| match deed {
        Scoping::Unjoined => {
            thread::scope(|scope| drop(scope.spawn(|| cell.fetch_add(1, SeqCst))));
            says("whoever scopes");
            0
        }
        Scoping::Beside => {
            thread::scope(|scope| {
                scope.spawn(|| ());
                cell.fetch_add(10, SeqCst);
            });
            says("whoever scopes");
            0
        }
        Scoping::Joined => {
            let before = thread::scope(|scope| {
                let thread = scope.spawn(|| cell.fetch_add(1, SeqCst));
                cell.fetch_add(10, SeqCst);
                thread.join().expect("nobody panics")
            });
            says("whoever scopes");
            before
        }
        Scoping::Asked => thread::scope(|scope| {
            let thread = scope.spawn(|| ());
            cell.fetch_add(10, SeqCst) * 2 + u64::from(thread.is_finished())
        }),
        Scoping::Released => {
            let (opener, last) = (thread::current(), AtomicU64::new(0));
            thread::scope(|scope| {
                scope.spawn(|| {
                    opener.unpark();
                    last.store(1, SeqCst);
                });
                thread::park();
                cell.fetch_add(10, SeqCst);
            });
            says("whoever scopes");
            0
        }
        Scoping::Look => cell.load(SeqCst),
        Scoping::LookAndSay => {
            let value = cell.load(SeqCst);
            says("whoever looks");
            value
        }
        Scoping::Add => cell.fetch_add(1, SeqCst),
    },
};

#[test]
fn scopes_have_the_same_outcomes_in_fewer_orders() {
    SCOPES.every_outcome_is_found(&Trial { time_moves: 0, programs: 50, telling: 12 });
}

#[test]
fn whoever_opened_a_scope_may_find_its_threads_ended_or_have_to_wait() {
    // One of the outcomes: somebody sees what it did last, and says so, while it waits for the end of its thread.
    SCOPES.seen(&[vec![Scoping::Released], vec![Scoping::LookAndSay]]);
}

#[derive(Clone, Copy, Debug)]
enum Parking {
    Park,
    ParkFor(u64),
    ParkAndSay,
    Unpark,
    UnparkTwice,
    Look,
    Add,
}

/// The first thread, once it is known, and a cell.
struct Known {
    first: Arc<std::sync::Mutex<Option<Thread>>>,
    cell: Arc<AtomicU64>,
}

const PARKING: Family<Known, Parking> = Family {
    hands: |threads| {
        let first = Arc::new(std::sync::Mutex::new(None));
        let cell = Arc::new(AtomicU64::new(0));
        let known = || Known { first: Arc::clone(&first), cell: Arc::clone(&cell) };
        // The last one is the root and runs this.
        *first.lock().expect("nobody panics") = Some(thread::current());
        (0..threads).map(|_| known()).collect()
    },
    deeds: |thread| match thread {
        0 => &[Parking::Unpark, Parking::UnparkTwice, Parking::Add, Parking::Look],
        _ => &[
            Parking::Park,
            Parking::ParkFor(1),
            Parking::ParkFor(2),
            Parking::ParkAndSay,
            Parking::Unpark,
            Parking::Look,
            Parking::Add,
        ],
    },
    does: |hand, deed| {
        let root = hand.first.lock().expect("nobody panics").clone().expect("the root began");
        match deed {
            Parking::Park => {
                thread::park();
                hand.cell.load(SeqCst)
            }
            Parking::ParkFor(millis) => {
                thread::park_timeout(Duration::from_millis(millis));
                hand.cell.load(SeqCst)
            }
            Parking::ParkAndSay => {
                thread::park();
                says("whoever parked");
                0
            }
            Parking::Unpark => {
                root.unpark();
                says("whoever unparks");
                0
            }
            Parking::UnparkTwice => {
                root.unpark();
                hand.cell.fetch_add(10, SeqCst);
                root.unpark();
                0
            }
            Parking::Look => hand.cell.load(SeqCst),
            Parking::Add => hand.cell.fetch_add(1, SeqCst),
        }
    },
};

#[test]
fn tokens_have_the_same_outcomes_in_fewer_orders() {
    PARKING.every_outcome_is_found(&Trial { time_moves: 0, programs: 80, telling: 25 });
}

#[test]
fn tokens_have_the_same_outcomes_also_where_a_limit_ends_early() {
    PARKING.every_outcome_is_found(&Trial { time_moves: 1, programs: 60, telling: 15 });
}

/// What a thread leaves in its slot adds to a cell when the thread ends.
struct Leaves(Cell<Option<Arc<AtomicU64>>>);

impl Drop for Leaves {
    fn drop(&mut self) {
        if let Some(cell) = self.0.take() {
            cell.fetch_add(100, SeqCst);
        }
    }
}

retrip_sim::thread_local! {
    static LEAVES: Leaves = const { Leaves(Cell::new(None)) };
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

#[derive(Clone, Copy, Debug)]
enum Slots {
    /// Adds to what the thread counts for itself.
    Count,
    /// Adds to a cell when the thread ends.
    Leave,
    /// Starts a thread that leaves something, and waits for its end.
    JoinOneThatLeaves,
    /// Starts one, and does not wait.
    StartOneThatLeaves,
    Look,
    Add,
}

fn leaves(cell: &Arc<AtomicU64>) {
    LEAVES.with(|slot| slot.0.set(Some(Arc::clone(cell))));
}

const SLOTS: Family<Arc<AtomicU64>, Slots> = Family {
    hands: |threads| shared(threads, AtomicU64::new(0)),
    deeds: |_| {
        &[
            Slots::Count,
            Slots::Leave,
            Slots::JoinOneThatLeaves,
            Slots::StartOneThatLeaves,
            Slots::Look,
            Slots::Add,
        ]
    },
    does: |cell, deed| match deed {
        Slots::Count => {
            COUNT.set(COUNT.get() + 1);
            COUNT.get() * 1_000 + cell.fetch_add(1, SeqCst)
        }
        Slots::Leave => {
            leaves(cell);
            0
        }
        Slots::JoinOneThatLeaves => {
            let theirs = Arc::clone(cell);
            thread::spawn(move || leaves(&theirs)).join().expect("nobody panics");
            cell.load(SeqCst)
        }
        Slots::StartOneThatLeaves => {
            let theirs = Arc::clone(cell);
            let thread = thread::spawn(move || leaves(&theirs));
            u64::from(thread.is_finished())
        }
        Slots::Look => cell.load(SeqCst),
        Slots::Add => cell.fetch_add(1, SeqCst),
    },
};

#[test]
fn slots_have_the_same_outcomes_in_fewer_orders() {
    SLOTS.every_outcome_is_found(&Trial { time_moves: 0, programs: 50, telling: 20 });
}
