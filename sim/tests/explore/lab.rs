//! Small programs, and all their orders.

use retrip_core::door::{Atomic, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::{Failure, Sim, SimAtomicU64};
use retrip_sim::engine::{Ended, Flow, Setup, run};
use retrip_sim::explore::{Limits, Orders, Tally, each_order};
use retrip_sim::seed::Seed;
use std::cell::RefCell;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};

/// More runs than any case here may need.
pub(crate) const PLENTY: u64 = 2_000_000;

/// All orders that can be told from others.
pub(crate) const DISTINCT: Limits = Limits::NONE;
/// All orders.
pub(crate) const ALL: Limits = Limits { orders: Orders::All, ..Limits::NONE };

/// Runs `root` in every order within `limits` and shows `see` each that was run to its end.
pub(crate) fn every_order<R>(limits: Limits, root: impl Fn() -> R, see: impl FnMut(&Ended)) -> Tally
where
    R: FnOnce(Sim) + Send + 'static,
{
    at_most(PLENTY, limits, root, see)
}

/// As [`every_order`], in at most so many runs.
pub(crate) fn at_most<R>(
    most_runs: u64,
    limits: Limits,
    root: impl Fn() -> R,
    mut see: impl FnMut(&Ended),
) -> Tally
where
    R: FnOnce(Sim) + Send + 'static,
{
    each_order(limits, most_runs, |search| {
        let setup = Setup { search: Some(search), bound: 10_000, ..Setup::of(Seed::new(0)) };
        let mut ended = run(setup, root());
        let search = ended.search.take().expect("it was given");
        if !search.is_cut() {
            see(&ended);
        }
        (search, Flow::Continue)
    })
}

/// One thing that a thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deed {
    Load(usize),
    Store(usize),
}

impl Deed {
    /// Whether the order of the two can matter.
    pub(crate) fn races_with(self, other: Self) -> bool {
        match (self, other) {
            (Self::Load(_), Self::Load(_)) => false,
            (Self::Load(a) | Self::Store(a), Self::Load(b) | Self::Store(b)) => a == b,
        }
    }
}

/// What each thread did, in the order in which it was done: the thread and which of its deeds.
pub(crate) type Order = Vec<(usize, usize)>;

/// A root that starts one thread for each list of deeds and ends.
pub(crate) fn threads_that_do(
    programs: &[Vec<Deed>],
    done: &Arc<Mutex<Order>>,
) -> impl FnOnce(Sim) + Send + 'static {
    let (programs, done) = (programs.to_vec(), Arc::clone(done));
    move |sim| {
        let cells: Arc<[SimAtomicU64]> = (0..8).map(|_| sim.atomic_u64(0)).collect();
        for (thread, deeds) in programs.into_iter().enumerate() {
            let (cells, done) = (Arc::clone(&cells), Arc::clone(&done));
            let body = move || {
                for (nth, deed) in deeds.into_iter().enumerate() {
                    match deed {
                        Deed::Load(cell) => drop(cells[cell].load(SeqCst)),
                        Deed::Store(cell) => cells[cell].store(1, SeqCst),
                    }
                    done.lock().expect("nobody panics").push((thread, nth));
                }
            };
            sim.spawn("worker", body).expect("there is room");
        }
    }
}

/// Every order of what `programs` do, within `limits`.
pub(crate) fn orders(limits: Limits, programs: &[Vec<Deed>]) -> (Tally, Vec<Order>) {
    let done = Arc::new(Mutex::new(Order::new()));
    let orders = RefCell::new(Vec::new());
    let root = || {
        done.lock().expect("nobody panics").clear();
        threads_that_do(programs, &done)
    };
    let tally = every_order(limits, root, |ended| {
        assert_eq!(ended.failure, None);
        orders.borrow_mut().push(done.lock().expect("nobody panics").clone());
    });
    (tally, orders.into_inner())
}

/// The kind of a failure, without its places.
pub(crate) fn promise(failure: Option<&Failure>) -> Option<&'static str> {
    failure.map(Failure::promise)
}
