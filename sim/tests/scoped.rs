//! Is what a scoped thread borrows there as long as anything of that thread is, however the run ends?

use retrip_core::door::Context;
use retrip_sim::engine::threads::{Failure, Sim};
use retrip_sim::engine::{Setup, run};
use retrip_sim::seed::Seed;
use retrip_sim::sync::{Arc, Mutex, MutexGuard};
use retrip_sim::thread::{self, Scope};
use retrip_sim::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};

/// What happened to the borrowed and the borrowers, counted outside of the run. std's atomics: no step of any schedule.
#[derive(Default)]
struct Seen {
    /// Values that are there.
    there: AtomicU32,
    borrowers: AtomicU32,
    dropped: AtomicU32,
    /// Borrowers dropped after what they borrow.
    late: AtomicU32,
}

/// Something to borrow, on the stack of whoever opens a scope.
struct Value {
    seen: Arc<Seen>,
    is_there: Arc<AtomicBool>,
}

impl Value {
    fn new(seen: &Arc<Seen>) -> Self {
        seen.there.fetch_add(1, SeqCst);
        Self { seen: Arc::clone(seen), is_there: Arc::new(AtomicBool::new(true)) }
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        self.is_there.store(false, SeqCst);
        self.seen.there.fetch_sub(1, SeqCst);
    }
}

/// Borrows a value and looks, when it is dropped, whether that is still there: without touching it.
struct Borrower<'a> {
    _value: &'a Value,
    seen: Arc<Seen>,
    is_there: Arc<AtomicBool>,
}

impl<'a> Borrower<'a> {
    fn new(value: &'a Value) -> Self {
        let (seen, is_there) = (Arc::clone(&value.seen), Arc::clone(&value.is_there));
        seen.borrowers.fetch_add(1, SeqCst);
        Self { _value: value, seen, is_there }
    }
}

impl Drop for Borrower<'_> {
    fn drop(&mut self) {
        // It looks also where the run ends while it lets others run.
        let _looks = Looks(&self.seen, &self.is_there);
        thread::yield_now();
    }
}

struct Looks<'a>(&'a Seen, &'a AtomicBool);

impl Drop for Looks<'_> {
    fn drop(&mut self) {
        let Self(seen, is_there) = self;
        seen.late.fetch_add(u32::from(!is_there.load(SeqCst)), SeqCst);
        seen.dropped.fetch_add(1, SeqCst);
    }
}

struct End {
    failure: Option<Failure>,
    leaked: u64,
    seen: Arc<Seen>,
}

/// Runs `root` on an operating system thread of its own: a stack that is left in the middle of a panic marks it.
#[expect(clippy::disallowed_methods, reason = "an operating system thread for each run")]
fn simulated(seed: u64, bound: u64, root: impl FnOnce(Arc<Seen>) + Send + 'static) -> End {
    let seen: Arc<Seen> = Arc::default();
    let theirs = Arc::clone(&seen);
    let runs = move || {
        let setup = Setup { bound, ..Setup::of(Seed::new(seed)) };
        let ended = run(setup, |_| root(theirs));
        (ended.failure, ended.leaked)
    };
    let (failure, leaked) = std::thread::spawn(runs).join().expect("the process lives");
    assert_eq!(seen.late.load(SeqCst), 0, "seed {seed}");
    End { failure, leaked, seen }
}

/// Scopes in scopes, whose threads work on and on.
fn works_in_scopes(value: &Value, lock: &Mutex<u32>, depth: u32) {
    let own = Value::new(&value.seen);
    thread::scope(|scope| {
        for nth in 0..3 {
            let (borrower, other) = (Borrower::new(value), Borrower::new(&own));
            let own = &own;
            scope.spawn(move || {
                let _kept = (borrower, other);
                if nth == 0 && depth > 0 {
                    works_in_scopes(own, lock, depth - 1);
                }
                for _ in 0..5 {
                    let mut count: MutexGuard<'_, u32> =
                        lock.lock().expect("nobody panics with it");
                    *count += 1;
                    drop(count);
                    thread::sleep(Duration::from_nanos(3));
                }
            });
        }
        let _ends = Borrower::new(&own);
        thread::yield_now();
    });
}

#[test]
fn every_borrower_goes_before_what_it_borrows_when_the_run_ends_early() {
    let (mut early, mut whole) = (0, 0);
    for seed in 0..150 {
        let end = simulated(seed, 2_000, move |seen| {
            let fails = thread::spawn(move || {
                thread::sleep(Duration::from_nanos(seed % 50));
                assert!(seed % 4 == 0, "the one failure");
            });
            let value = Value::new(&seen);
            works_in_scopes(&value, &Mutex::new(0), 2);
            let _ = fails.join();
        });
        assert_eq!(end.leaked, 0);
        early += u32::from(matches!(end.failure, Some(Failure::Panic { .. })));
        whole += u32::from(end.failure.is_none());
        assert_eq!(end.seen.dropped.load(SeqCst), end.seen.borrowers.load(SeqCst), "seed {seed}");
        assert_eq!(end.seen.there.load(SeqCst), 0);
    }
    assert!(early > 90 && whole > 20, "{early} ended early, {whole} did not");
}

#[test]
fn a_borrower_that_can_never_be_dropped_is_left_with_its_stack_and_touches_nothing() {
    struct WaitsForEver(Arc<Mutex<()>>);
    impl Drop for WaitsForEver {
        fn drop(&mut self) {
            let _guard = self.0.lock();
            thread::park();
        }
    }
    for seed in 0..30 {
        let end = simulated(seed, 2_000, |seen| {
            let value = Value::new(&seen);
            let (waits, lock) =
                (|lock: &Arc<Mutex<()>>| WaitsForEver(Arc::clone(lock)), Arc::default());
            thread::scope(|scope| {
                scope.spawn(|| {
                    let _borrower = Borrower::new(&value);
                    let _waits = waits(&lock);
                    panic!("a slip");
                });
                scope.spawn(|| {
                    let _borrower = Borrower::new(&value);
                    thread::park();
                });
            });
        });
        assert!(matches!(end.failure, Some(Failure::Panic { .. })), "{:?}", end.failure);
        // The one that waits in the middle of its panic keeps its borrower; whoever lent is unwound all the same.
        assert_eq!((end.leaked, end.seen.there.load(SeqCst)), (1, 0), "seed {seed}");
        assert_eq!((end.seen.borrowers.load(SeqCst), end.seen.dropped.load(SeqCst)), (2, 1));
    }
}

/// Starts one more thread that borrows, when it is dropped.
struct StartsLate<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    value: &'scope Value,
}

impl Drop for StartsLate<'_, '_> {
    fn drop(&mut self) {
        let borrower = Borrower::new(self.value);
        self.scope.spawn(move || drop(borrower));
    }
}

#[test]
fn what_is_started_while_the_run_is_torn_down_goes_before_what_it_borrows() {
    for seed in 0..40 {
        let end = simulated(seed, 2_000, |seen| {
            let outer = Value::new(&seen);
            thread::scope(|scope| {
                let outer = &outer;
                // One who borrows from its parent lends on what it was lent.
                scope.spawn(move || {
                    let inner = Value::new(&outer.seen);
                    thread::scope(|scope| {
                        let _own = StartsLate { scope, value: &inner };
                        let _lent = StartsLate { scope, value: outer };
                        thread::park();
                    });
                });
            });
        });
        assert!(matches!(end.failure, Some(Failure::Deadlock { .. })), "{:?}", end.failure);
        // Whoever opened the inner scope is left as it is, with its value; nobody else is.
        assert_eq!((end.leaked, end.seen.there.load(SeqCst)), (1, 1), "seed {seed}");
        assert_eq!((end.seen.borrowers.load(SeqCst), end.seen.dropped.load(SeqCst)), (2, 2));
    }
}

#[test]
fn a_thread_that_was_never_begun_drops_what_it_borrows_first() {
    let mut unborn = 0;
    for seed in 0..60 {
        let end = simulated(seed, 2_000, |seen| {
            let value = Value::new(&seen);
            let begun = Arc::clone(&seen);
            thread::scope(|scope| {
                let borrower = Borrower::new(&value);
                scope.spawn(move || {
                    let _borrower = borrower;
                    begun.there.fetch_add(100, SeqCst);
                    thread::park();
                });
                panic!("the one failure");
            });
        });
        unborn += u32::from(end.seen.there.load(SeqCst) == 0);
        assert_eq!((end.leaked, end.seen.dropped.load(SeqCst)), (0, 1), "seed {seed}");
        let Some(Failure::Panic { thread, message, at }) = end.failure else {
            panic!("{:?}", end.failure)
        };
        // The thread parks for ever, and the scope with it: the panic is why.
        assert_eq!(&*thread, "main");
        assert!(message.starts_with("the one failure"), "{message}");
        assert!(at.contains("scoped.rs:"), "{at}");
    }
    assert_eq!(unborn, 0, "the scope waits although its body panics, so everybody begins");
}

#[test]
fn who_waits_for_its_scope_says_for_whom_and_where() {
    let end = simulated(0, 2_000, |_| {
        thread::scope(|scope| {
            let named = thread::Builder::new().name("stuck".to_owned());
            drop(named.spawn_scoped(scope, thread::park));
        });
    });
    let Some(Failure::Deadlock { waits }) = end.failure else { panic!("{:?}", end.failure) };
    let line = line!() - 6;
    let said = format!("main waits for the end of stuck ({}:{line})", file!());
    assert_eq!(waits[0].to_string(), said);
}

#[test]
fn no_scope_is_opened_where_no_simulated_thread_runs() {
    struct OpensLate(Arc<Seen>);
    impl Drop for OpensLate {
        fn drop(&mut self) {
            let value = Value::new(&self.0);
            let opens = || thread::scope(|scope| drop(scope.spawn(|| Borrower::new(&value))));
            let refused = catch_unwind(AssertUnwindSafe(opens)).is_err();
            self.0.borrowers.fetch_add(u32::from(refused), SeqCst);
        }
    }
    // What a thread carries when the run ends is dropped once no thread runs any more.
    let end = simulated(0, 2_000, |seen| {
        drop(Sim::here().swap(Some(Box::new(OpensLate(seen)))));
    });
    assert_eq!((end.failure, end.seen.borrowers.load(SeqCst)), (None, 1));
}

#[test]
fn the_same_seed_gives_the_same_order_of_borrowers() {
    let digest = |seed| {
        let seen: Arc<Seen> = Arc::default();
        let ended = run(Setup::of(Seed::new(seed)), move |_| {
            let value = Value::new(&seen);
            works_in_scopes(&value, &Mutex::new(0), 1);
        });
        assert_eq!(ended.failure, None);
        ended.schedule.value()
    };
    let orders: std::collections::BTreeSet<_> = (0..20)
        .map(|seed| {
            assert_eq!(digest(seed), digest(seed));
            digest(seed)
        })
        .collect();
    assert_eq!(orders.len(), 20);
}
