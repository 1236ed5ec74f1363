//! Does the search that leaves orders out come to every outcome that all orders together have?

use crate::lab::{ALL, DISTINCT, PLENTY, at_most, promise};
use retrip_core::door::{
    Atomic, AtomicInteger, Clock, Condvar, Mutex, Spawn, SyncPrimitives, WaitOutcome,
};
use retrip_sim::engine::Ended;
use retrip_sim::engine::threads::{Sim, SimAtomicU64, SimCondvar, SimMutex, SimUnit};
use retrip_sim::explore::{Bound, Extent, Limits, Tally};
use retrip_sim::log::{Name, What};
use retrip_sim::seed::Seed;
use retrip_sim::stream::{Generator, Streams};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex as StdMutex};
use std::time::Duration;

/// What a thread of a random program does.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Reads a cell and writes it back one larger, in two steps.
    Increment(usize),
    Add(usize),
    /// Adds under a lock.
    AddLocked(usize),
    /// Adds under one lock within another.
    AddNested(usize),
    TryLock(usize),
    /// Waits until a flag is set, or so many milliseconds at most.
    WaitUntil(u64),
    /// Waits for one notification, if need be for ever.
    Wait,
    SetAndNotifyAll,
    NotifyOne,
    Sleep(u64),
    Yield,
    Says,
    /// Starts a thread that adds to a cell.
    Starts(usize),
    ParkFor(u64),
    /// Unparks the first worker.
    Unpark,
    Time,
    Panics,
}

/// Everything that the threads share.
struct Stage {
    cells: [SimAtomicU64; 2],
    locks: [SimMutex<u64>; 2],
    flag: SimMutex<bool>,
    changed: SimCondvar,
    /// The first worker, where somebody may unpark it.
    first: SimMutex<Option<SimUnit>>,
    /// What is in the cells now, for after the run.
    values: StdMutex<[u64; 2]>,
    /// What each thread has seen, by its number.
    seen: StdMutex<Vec<Vec<u64>>>,
}

impl Stage {
    fn of(sim: &Sim) -> Self {
        Self {
            cells: [sim.atomic_u64(0), sim.atomic_u64(0)],
            locks: [sim.mutex(0), sim.mutex(0)],
            flag: sim.mutex(false),
            changed: sim.condvar(),
            first: sim.mutex(None),
            values: StdMutex::default(),
            seen: StdMutex::default(),
        }
    }

    fn sees(&self, thread: usize, value: u64) {
        self.seen.lock().expect("nobody panics here")[thread].push(value);
    }

    /// Adds to a cell in one step.
    fn adds(&self, cell: usize, number: u64) -> u64 {
        let before = self.cells[cell].fetch_add(number, SeqCst);
        self.values.lock().expect("nobody panics here")[cell] = before + number;
        before
    }

    fn does(self: &Arc<Self>, sim: Sim, thread: usize, deed: Deed) {
        let seen = match deed {
            Deed::Increment(cell) => {
                let before = self.cells[cell].load(SeqCst);
                self.cells[cell].store(before + 1, SeqCst);
                self.values.lock().expect("nobody panics here")[cell] = before + 1;
                before
            }
            Deed::Add(cell) => self.adds(cell, 1),
            Deed::AddLocked(lock) => {
                let mut value = self.locks[lock].lock();
                *value += 1;
                *value
            }
            Deed::AddNested(lock) => {
                let mut outer = self.locks[lock].lock();
                let mut inner = self.locks[1 - lock].lock();
                *outer += 10;
                *inner += 1;
                *outer + *inner
            }
            Deed::TryLock(lock) => self.locks[lock].try_lock().map_or(99, |value| *value),
            Deed::WaitUntil(millis) => {
                let until = sim.now().saturating_add(Duration::from_millis(millis));
                let guard = self.flag.lock();
                if *guard {
                    5
                } else {
                    let (guard, outcome) = self.changed.wait_until(guard, until);
                    u64::from(*guard) * 2 + u64::from(outcome == WaitOutcome::TimedOut)
                }
            }
            Deed::Wait => {
                let guard = self.flag.lock();
                if *guard { 7 } else { u64::from(*self.changed.wait(guard)) }
            }
            Deed::SetAndNotifyAll => {
                *self.flag.lock() = true;
                self.changed.notify_all();
                0
            }
            Deed::NotifyOne => {
                self.changed.notify_one();
                0
            }
            Deed::Sleep(millis) => {
                sim.sleep(Duration::from_millis(millis));
                0
            }
            Deed::Yield => {
                sim.yield_now();
                0
            }
            Deed::Says => {
                let what = What::Note { verb: Name::from("speaks"), fields: Vec::new() };
                sim.record(&Name::from(format!("worker {thread}")), what);
                0
            }
            Deed::Starts(cell) => {
                let stage = Arc::clone(self);
                let body = move || _ = stage.adds(cell, 100);
                let started = sim.spawn("started", body).expect("there is room");
                drop(started);
                0
            }
            Deed::ParkFor(millis) => {
                sim.park_until(sim.now().saturating_add(Duration::from_millis(millis)));
                0
            }
            Deed::Unpark => {
                let first = *self.first.lock();
                first.iter().for_each(|first| sim.unpark(first));
                u64::from(first.is_some())
            }
            Deed::Time => sim.now().as_nanos(),
            Deed::Panics => {
                assert!(self.cells[0].load(SeqCst) == 0, "the cell has changed");
                0
            }
        };
        self.sees(thread, seen);
    }
}

fn deed(generator: &mut Generator) -> Deed {
    let one = usize::from(generator.chance(1, 2));
    let millis = generator.within(1..=2);
    match generator.within(0..=19) {
        0 | 1 => Deed::Increment(one),
        2 => Deed::Add(one),
        3 | 4 => Deed::AddLocked(one),
        5 => Deed::AddNested(one),
        6 => Deed::TryLock(one),
        7 | 8 => Deed::WaitUntil(millis),
        9 => Deed::Wait,
        10 | 11 => Deed::SetAndNotifyAll,
        12 => Deed::NotifyOne,
        13 => Deed::Sleep(millis),
        14 => Deed::Yield,
        15 => Deed::Says,
        16 => Deed::Starts(one),
        17 => Deed::ParkFor(millis),
        18 if one == 0 => Deed::Panics,
        18 => Deed::Time,
        _ => Deed::Unpark,
    }
}

/// Two threads of up to two deeds, or three of one.
fn program(seed: u64) -> Vec<Vec<Deed>> {
    let mut generator = Streams::of(Seed::new(seed)).generator("program");
    let threads = generator.within(2..=3);
    let most = if threads == 2 { 2 } else { 1 };
    (0..threads)
        .map(|_| (0..generator.within(1..=most)).map(|_| deed(&mut generator)).collect())
        .collect()
}

/// All that a run comes to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Outcome {
    cells: [u64; 2],
    seen: Vec<Vec<u64>>,
    promise: Option<&'static str>,
    elapsed: Duration,
    log: String,
}

fn outcomes(limits: Limits, most: u64, program: &[Vec<Deed>]) -> (Tally, BTreeSet<Outcome>) {
    let stage: Arc<StdMutex<Option<Arc<Stage>>>> = Arc::default();
    let root = || {
        let (program, left) = (program.to_vec(), Arc::clone(&stage));
        move |sim: Sim| {
            let stage = Arc::new(Stage::of(&sim));
            let is_unparked = program.iter().flatten().any(|deed| matches!(deed, Deed::Unpark));
            *stage.seen.lock().expect("nobody panics here") = vec![Vec::new(); program.len()];
            *left.lock().expect("nobody panics here") = Some(Arc::clone(&stage));
            // The root is the last worker: each thread more has many orders more.
            let mut bodies: Vec<_> = program
                .into_iter()
                .enumerate()
                .map(|(thread, deeds)| {
                    let stage = Arc::clone(&stage);
                    move || {
                        if thread == 0 && is_unparked {
                            *stage.first.lock() = Some(sim.current());
                        }
                        deeds.into_iter().for_each(|deed| stage.does(sim, thread, deed));
                    }
                })
                .collect();
            let last = bodies.pop().expect("a program has workers");
            for body in bodies {
                sim.spawn("worker", body).expect("there is room");
            }
            last();
        }
    };
    let mut outcomes = BTreeSet::new();
    let tally = at_most(most, limits, root, |ended: &Ended| {
        let stage = stage.lock().expect("nobody panics here").take().expect("the root ran");
        outcomes.insert(Outcome {
            cells: *stage.values.lock().expect("nobody panics here"),
            seen: stage.seen.lock().expect("nobody panics here").clone(),
            promise: promise(ended.failure.as_ref()),
            elapsed: ended.elapsed,
            log: ended.log.text().to_string(),
        });
    });
    (tally, outcomes)
}

/// Programs with so many orders are too large for this test.
const MOST: u64 = 1_500;

/// Whether all orders of a program were few enough.
fn is_whole(tally: &Tally) -> bool {
    match &tally.extent {
        Extent::Complete => true,
        Extent::Bounded(bounds) => !bounds.contains(&Bound::Runs(MOST)),
    }
}

fn every_outcome_is_found(time_moves: u32, seeds: std::ops::Range<u64>, least: usize) {
    let (mut programs, mut failing, mut runs) = (0, 0, (0, 0));
    for seed in seeds {
        let program = program(seed);
        let (all, wanted) = outcomes(Limits { time_moves, ..ALL }, MOST, &program);
        if !is_whole(&all) {
            continue;
        }
        let (distinct, found) = outcomes(Limits { time_moves, ..DISTINCT }, PLENTY, &program);
        assert_eq!(found, wanted, "seed {seed}: {program:?}");
        assert!(distinct.interleavings <= all.interleavings, "seed {seed}: {program:?}");
        programs += usize::from(wanted.len() > 1);
        failing += usize::from(wanted.iter().any(|outcome| outcome.promise.is_some()));
        runs = (runs.0 + all.runs, runs.1 + distinct.runs);
    }
    assert!(programs >= least, "only {programs} programs have several outcomes");
    assert!(failing >= least / 4, "only {failing} programs can fail");
    assert!(runs.1 * 3 < runs.0, "{} of {} runs", runs.1, runs.0);
}

#[test]
fn every_outcome_is_found_where_time_only_jumps() {
    every_outcome_is_found(0, 0..100, 18);
}

#[test]
fn every_outcome_is_found_where_time_may_also_move_early() {
    every_outcome_is_found(1, 1_000..1_100, 18);
}

#[test]
fn the_order_of_events_can_be_told_although_no_scheduling_point_announces_them() {
    let root = || {
        |sim: Sim| {
            for name in ["a", "b"] {
                let what = What::Note { verb: Name::from("speaks"), fields: Vec::new() };
                let body = move || sim.record(&Name::from(name), what);
                sim.spawn(name, body).expect("there is room");
            }
        }
    };
    let mut logs = BTreeSet::new();
    let tally = at_most(PLENTY, DISTINCT, root, |ended| {
        logs.insert(ended.log.text().to_string());
    });
    assert_eq!((tally.interleavings, logs.len()), (2, 2), "{logs:?}");
}

#[test]
fn a_lock_that_is_released_within_a_wait_is_seen_by_whoever_tries_it() {
    let found = Arc::new(StdMutex::new(BTreeSet::new()));
    let root = || {
        let found = Arc::clone(&found);
        move |sim: Sim| {
            let shared = Arc::new((sim.mutex(0), sim.condvar()));
            let waits = Arc::clone(&shared);
            let body = move || {
                let mut guard = waits.0.lock();
                *guard = 1;
                sim.sleep(Duration::from_secs(1));
                let until = sim.now().saturating_add(Duration::from_secs(1));
                drop(waits.1.wait_until(guard, until));
            };
            sim.spawn("waiter", body).expect("there is room");
            // Awake in the same moment, and first: the wait comes after the attempt was tried.
            sim.sleep(Duration::from_secs(1));
            let value = shared.0.try_lock().map(|value| *value);
            found.lock().expect("nobody panics here").insert(value);
        }
    };
    at_most(PLENTY, DISTINCT, root, |_| ());
    // While the waiter holds the lock, and while it waits: time stands still meanwhile.
    let found = found.lock().expect("nobody panics here").clone();
    assert_eq!(found, BTreeSet::from([None, Some(1)]));
}
