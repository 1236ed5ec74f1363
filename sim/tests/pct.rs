//! Does PCT find a bug of depth d as often as its paper promises?
//!
//! Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs" (ASPLOS
//! 2010): a bug that d ordering constraints are enough to show is found in a run of n threads and k steps with probability at
//! least 1 / (n k^(d-1)).
//!
//! What the promise means here. The root counts among the n threads. Ours draws a thread's priority when it arrives and not
//! before the run; since nothing else depends on the draw, that is the same. k is the most steps of any run; ours asks its
//! strategy only where somebody else could go on, so that fewer points than k can be hit, each with probability 1/k all the
//! same. Nothing moves the clock or stalls threads besides: the paper has neither.
//!
//! What falls behind at a change point has a priority that was drawn with the point, as in the paper: whoever falls first need not
//! stay above whoever falls later. The bug of depth 3 below is found by nothing else.

use retrip_sim::engine::threads::Sim;
use retrip_sim::engine::{Disturbances, Setup, Strategy, run};
use retrip_sim::seed::Seed;
use retrip_sim::sync::atomic::{AtomicU64, Ordering::SeqCst};
use retrip_sim::sync::{Arc, Mutex};
use retrip_sim::thread;
use std::sync::atomic::AtomicBool;

/// Set by a program that comes to its bug.
type Found = Arc<AtomicBool>;

/// A program with one bug.
struct Buggy {
    program: fn(&Found),
    /// The constraints that it takes.
    depth: u32,
}

fn finds(found: &Found) {
    found.store(true, SeqCst);
}

/// Depth 1, as the paper's first example: a thread uses what its parent makes after starting it.
const USED_BEFORE_IT_IS_MADE: Buggy = Buggy {
    program: |found| {
        let made = Arc::new(AtomicU64::new(0));
        let (found, theirs) = (Arc::clone(found), Arc::clone(&made));
        let user = thread::spawn(move || {
            if theirs.load(SeqCst) == 0 {
                finds(&found);
            }
        });
        made.store(1, SeqCst);
        drop(user);
    },
    depth: 1,
};

/// Depth 2, its second example: what was checked is taken away before it is used.
const TAKEN_AFTER_THE_CHECK: Buggy = Buggy {
    program: |found| {
        let there = Arc::new(AtomicU64::new(1));
        let (found, theirs) = (Arc::clone(found), Arc::clone(&there));
        let user = thread::spawn(move || {
            if theirs.load(SeqCst) == 1 && theirs.load(SeqCst) == 0 {
                finds(&found);
            }
        });
        there.store(0, SeqCst);
        drop(user);
    },
    depth: 2,
};

/// Depth 2, its third example: two locks in two orders. The run ends in a deadlock.
const TWO_LOCKS: Buggy = Buggy {
    program: |_| {
        let locks = Arc::new([Mutex::new(()), Mutex::new(())]);
        let theirs = Arc::clone(&locks);
        let other = thread::spawn(move || {
            let _a = theirs[0].lock();
            let _b = theirs[1].lock();
        });
        let _b = locks[1].lock();
        let _a = locks[0].lock();
        drop(other);
    },
    depth: 2,
};

/// Depth 3: the root must look after `first` has begun and before it has ended, and `second` go on after that. Each of the two
/// has to be held back in one place, and then the one that was held back later goes on first: `first` begins only when
/// `second` has come to its place.
const HELD_BACK_IN_TWO_PLACES: Buggy = Buggy {
    program: |found| {
        const BEGUN: u64 = 1;
        const ENDED: u64 = 2;
        const LOOKED: u64 = 4;
        let state = Arc::new(AtomicU64::new(0));
        let theirs = Arc::clone(&state);
        let first = thread::spawn(move || {
            thread::park();
            theirs.fetch_or(BEGUN, SeqCst);
            theirs.fetch_or(ENDED, SeqCst);
        });
        let (found, theirs) = (Arc::clone(found), Arc::clone(&state));
        let second = thread::spawn(move || {
            first.thread().unpark();
            if theirs.load(SeqCst) == BEGUN + ENDED + LOOKED {
                finds(&found);
            }
        });
        if state.load(SeqCst) == BEGUN {
            state.fetch_or(LOOKED, SeqCst);
        }
        drop(second);
    },
    depth: 3,
};

/// One run.
struct Run {
    found: bool,
    threads: u64,
    steps: u64,
}

fn run_once(buggy: &Buggy, strategy: Strategy, seed: u64) -> Run {
    let found = Found::default();
    let (program, told) = (buggy.program, Arc::clone(&found));
    let disturbances = Disturbances::Never;
    let setup = Setup { strategy, disturbances, ..Setup::of(Seed::new(seed)) };
    let ended = run(setup, move |_: Sim| program(&told));
    let deadlock = ended.failure.as_ref().is_some_and(|failure| failure.promise() == "no_deadlock");
    Run { found: found.load(SeqCst) || deadlock, threads: ended.threads as u64, steps: ended.steps }
}

/// What a number of runs came to.
#[derive(Debug)]
struct Count {
    found: u64,
    /// How many finds the promise amounts to for a bug of the program's depth.
    promised: u64,
}

/// Runs with PCT of `depth` until about so many finds are promised.
fn count(buggy: &Buggy, depth: u32, promised: u64) -> Count {
    let pilots = (0..200).map(|seed| run_once(buggy, Strategy::Random, seed));
    let (n, k) = pilots.fold((0, 0), |(n, k), run| (run.threads.max(n), run.steps.max(k)));
    let one_in = n * k.pow(buggy.depth - 1);
    let strategy = Strategy::Pct { depth, steps: k };
    let (mut runs, mut found) = (0, 0);
    for seed in 0..promised * one_in {
        let run = run_once(buggy, strategy.clone(), seed);
        assert!(run.threads <= n && run.steps <= k, "{} steps, not {k} at most", run.steps);
        runs += 1;
        found += u64::from(run.found);
    }
    Count { found, promised: runs / one_in }
}

const ALL: [Buggy; 4] =
    [USED_BEFORE_IT_IS_MADE, TAKEN_AFTER_THE_CHECK, TWO_LOCKS, HELD_BACK_IN_TWO_PLACES];

#[test]
fn a_bug_of_depth_d_is_found_as_often_as_the_paper_promises() {
    for buggy in ALL {
        let promised = if buggy.depth < 3 { 400 } else { 64 };
        let count = count(&buggy, buggy.depth, promised);
        // The finds of independent runs are binomial, so that their variance is below their mean: four standard deviations below
        // the mean come once in thirty thousand times, and these seeds are always the same.
        let chance = 4 * count.promised.isqrt();
        assert!(count.found + chance >= count.promised, "depth {}: {count:?}", buggy.depth);
    }
}

#[test]
fn a_bug_is_never_found_with_one_change_point_too_few() {
    for buggy in ALL.iter().filter(|buggy| buggy.depth > 1) {
        let count = count(buggy, buggy.depth - 1, 25);
        assert_eq!(count.found, 0, "depth {}: {count:?}", buggy.depth);
        assert!(count.promised > 16, "these are enough runs to miss it: {count:?}");
    }
}
