//! The breaker on real threads: whatever the system's scheduler does, nothing is lost and nothing is counted twice.

use retrip_core::breaker::{
    Bounds, BreakerConfig, CallError, CircuitBreaker, Counting, Event, EventKind, Interest,
    KeyedBreakers, Listener, OwnedPermit, Permit, Share, Span, State, Stats, Sum, Window,
};
use retrip_core::door::System;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

const THREADS: u64 = 8;
const CALLS: u64 = 2000;

/// Checks the order of what it hears, and counts it.
struct Auditor {
    backlog: NonZeroUsize,
    /// The place of the next event.
    next: AtomicU64,
    missed: AtomicU64,
    out_of_order: AtomicU64,
    completed: AtomicU64,
    rejected: AtomicU64,
    transitions: AtomicU64,
}

impl Auditor {
    fn new(backlog: NonZeroUsize) -> Arc<Self> {
        let zero = || AtomicU64::new(0);
        let (next, missed, out_of_order) = (zero(), zero(), zero());
        let (completed, rejected, transitions) = (zero(), zero(), zero());
        Arc::new(Self { backlog, next, missed, out_of_order, completed, rejected, transitions })
    }
}

impl Listener for Auditor {
    fn interest(&self) -> Interest {
        Interest::Everything
    }

    fn backlog(&self) -> NonZeroUsize {
        self.backlog
    }

    fn on_event(&self, _breaker: &str, event: &Event) {
        let missed = match event.kind {
            EventKind::Missed { count } => count,
            _ => 0,
        };
        self.missed.fetch_add(missed, Relaxed);
        if self.next.fetch_add(missed.max(1), Relaxed) != event.order {
            self.out_of_order.fetch_add(1, Relaxed);
        }
        match event.kind {
            EventKind::Completed { .. } => self.completed.fetch_add(1, Relaxed),
            EventKind::Rejected { .. } => self.rejected.fetch_add(1, Relaxed),
            EventKind::Transition { .. } => self.transitions.fetch_add(1, Relaxed),
            _ => 0,
        };
    }
}

/// One call in one of the ways to make it; `turn` says which. True if it was admitted.
fn one_call(breaker: &Arc<CircuitBreaker>, turn: u64) -> bool {
    let result = if turn.is_multiple_of(3) { Err("down") } else { Ok(()) };
    match turn % 7 {
        0 => breaker.acquire().map(Permit::success).is_ok(),
        1 => breaker.acquire().map(drop).is_ok(),
        2 => breaker.acquire_owned().map(OwnedPermit::failure).is_ok(),
        3 => {
            let panics = || -> Result<(), &str> { resume_unwind(Box::new("planned")) };
            // Only an admitted call gets so far as to panic.
            catch_unwind(AssertUnwindSafe(|| breaker.call(panics))).is_err()
        }
        4 => breaker.acquire().map(Permit::ignore).is_ok(),
        _ => !matches!(breaker.call(|| result), Err(CallError::Rejected(_))),
    }
}

#[test]
fn eight_threads_lose_no_call_and_no_event() {
    // The system may stop whoever delivers for as long as others need to bring about thousands of events.
    let auditor = Auditor::new(NonZeroUsize::MAX);
    let stats = eight_threads(|breaker| breaker.listen(auditor.clone()));
    // Whoever ends last delivers what is left, so after the join everything has been heard.
    assert_eq!((auditor.out_of_order.load(Relaxed), auditor.missed.load(Relaxed)), (0, 0));
    assert_eq!(auditor.completed.load(Relaxed), stats.completed());
    assert_eq!(auditor.rejected.load(Relaxed), stats.rejected);
    assert_eq!(auditor.transitions.load(Relaxed), stats.transitions);
}

#[test]
fn eight_threads_are_told_of_each_event_or_that_it_was_missed() {
    let auditor = Auditor::new(NonZeroUsize::MIN);
    let stats = eight_threads(|breaker| breaker.listen(auditor.clone()));
    assert_eq!(auditor.out_of_order.load(Relaxed), 0);
    let heard = auditor.completed.load(Relaxed) + auditor.rejected.load(Relaxed);
    let missed = auditor.missed.load(Relaxed);
    // Each call is an event, and what is missed may have been a transition or the beginning of a trial.
    let calls = stats.completed() + stats.rejected;
    assert!(
        (calls.saturating_sub(missed)..=calls).contains(&heard),
        "{heard} of {calls}, {missed}"
    );
    assert!(auditor.next.load(Relaxed) >= calls + stats.transitions);
}

#[test]
fn eight_threads_lose_no_call_that_takes_no_lock() {
    eight_threads(|breaker| breaker);
}

#[test]
fn eight_threads_lose_no_call_that_a_window_counts() {
    let bucket = Duration::from_micros(20);
    for span in [Span::Calls(20), Span::Time { bucket, buckets: 10 }] {
        let window = Some(Window { failure_rate: Some(Share::percent(40)), ..Window::over(span) });
        let stats = eight_threads_with(
            BreakerConfig { failure_threshold: None, window, ..config() },
            |breaker| breaker,
        );
        let window = stats.window.expect("there is one");
        assert!(window.failures <= window.calls && window.calls <= stats.completed());
    }
}

#[test]
fn eight_threads_trip_and_count_rejections_where_no_call_is_counted() {
    let config = BreakerConfig { counting: Counting::Rejections, ..config() };
    let breaker = CircuitBreaker::new("shared", config).expect("valid");
    let rejected = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (breaker, rejected) = (&breaker, &rejected);
            scope.spawn(move || {
                for call in 0..CALLS {
                    let fails = (call + thread) % 3 > 0;
                    let answer = breaker.call(|| if fails { Err(()) } else { Ok(()) });
                    let is_rejected = matches!(answer, Err(CallError::Rejected(_)));
                    rejected.fetch_add(u64::from(is_rejected), Relaxed);
                    assert_eq!(breaker.stats().in_flight, 0);
                }
            });
        }
    });
    let stats = breaker.stats();
    assert_eq!((stats.completed(), stats.attempts()), (0, stats.rejected));
    assert_eq!(stats.rejected, rejected.into_inner());
    assert!(stats.transitions > 0 && stats.rejected > 0, "not interesting: {stats:?}");
}

fn config() -> BreakerConfig {
    BreakerConfig {
        failure_threshold: Some(2),
        open_for: Duration::from_micros(50),
        ..BreakerConfig::default()
    }
}

fn eight_threads(prepared: impl FnOnce(CircuitBreaker) -> CircuitBreaker) -> Stats {
    eight_threads_with(config(), prepared)
}

/// Calls of all kinds on eight threads, and what was counted.
fn eight_threads_with(
    config: BreakerConfig,
    prepared: impl FnOnce(CircuitBreaker) -> CircuitBreaker,
) -> Stats {
    let breaker = Arc::new(prepared(CircuitBreaker::new("shared", config).expect("valid")));
    let admitted = AtomicU64::new(0);

    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (breaker, admitted) = (&breaker, &admitted);
            scope.spawn(move || {
                for turn in 0..CALLS {
                    if one_call(breaker, turn * (thread + 1) + thread) {
                        admitted.fetch_add(1, Relaxed);
                    }
                    let stats = breaker.stats();
                    // Conservation holds in every reading: no more calls than threads are open at any time.
                    assert!(stats.in_flight <= THREADS && stats.attempts() <= THREADS * CALLS);
                }
            });
        }
    });

    let stats: Stats = breaker.stats();
    let admitted = admitted.into_inner();
    assert_eq!(stats.in_flight, 0);
    assert_eq!(stats.attempts(), THREADS * CALLS);
    assert_eq!(stats.completed(), admitted);
    assert_eq!(stats.rejected, THREADS * CALLS - admitted);
    assert!(stats.transitions > 0 && stats.rejected > 0, "the run was not interesting: {stats:?}");
    stats
}

#[test]
fn the_sums_of_rejections_are_all_that_were_rejected() {
    #[derive(Default)]
    struct Sums {
        so_far: AtomicU64,
        in_all: AtomicU64,
        events: AtomicU64,
    }
    impl Listener for Sums {
        fn interest(&self) -> Interest {
            Interest::Notable
        }
        fn on_event(&self, _breaker: &str, event: &Event) {
            self.events.fetch_add(1, Relaxed);
            match event.kind {
                EventKind::Rejections { count, sum: Sum::InAll, .. } => {
                    // No more than this was told before it.
                    assert!(self.so_far.swap(0, Relaxed) <= count);
                    self.in_all.fetch_add(count, Relaxed);
                }
                EventKind::Rejections { count, .. } => {
                    assert!(self.so_far.swap(count, Relaxed) < count);
                }
                _ => {}
            }
        }
    }
    let config = BreakerConfig {
        failure_threshold: Some(3),
        open_for: Duration::from_micros(300),
        ..BreakerConfig::default()
    };
    let sums = Arc::new(Sums::default());
    let breaker = CircuitBreaker::new("shared", config).expect("valid").listen(sums.clone());
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let breaker = &breaker;
            scope.spawn(move || {
                for call in 0..50_000 {
                    let fails = (call + thread) % 3 > 0;
                    let _ = breaker.call(|| if fails { Err(()) } else { Ok(()) });
                }
            });
        }
    });
    // Ends the generation, whichever it is, and one more for what came while that ended.
    breaker.force_open();
    breaker.reset();
    let (stats, in_all) = (breaker.stats(), sums.in_all.load(Relaxed));
    assert_eq!(in_all, stats.rejected);
    assert!(stats.rejected > 10_000 && stats.transitions > 10, "not interesting: {stats:?}");
    // At most two changes, a first rejection and a sum for each generation, and one of a thousand.
    let most = 4 * (stats.generation.as_u64() + 1) + stats.rejected / 1000;
    assert!(sums.events.load(Relaxed) <= most);
}

#[test]
fn half_open_never_runs_more_trials_than_permits() {
    let config = BreakerConfig {
        failure_threshold: Some(1),
        open_for: Duration::from_nanos(1),
        success_threshold: 3,
        half_open_permits: 3,
        ..BreakerConfig::default()
    };
    let breaker = CircuitBreaker::new("shared", config).expect("valid");
    breaker.acquire().expect("closed").failure();
    while breaker.refresh() != State::HalfOpen {
        std::hint::spin_loop();
    }
    // Every thread keeps its permit until all have asked.
    let barrier = std::sync::Barrier::new(8);
    let trials = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let permit = breaker.acquire();
                trials.fetch_add(u64::from(permit.is_ok()), Relaxed);
                barrier.wait();
                if let Ok(permit) = permit {
                    permit.success();
                }
            });
        }
    });
    assert_eq!(trials.into_inner(), 3);
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn a_key_never_has_two_breakers_that_somebody_holds() {
    // Fewer places than keys, and more than threads, so that there is always one that may go.
    let config = BreakerConfig { failure_threshold: Some(u32::MAX), ..BreakerConfig::default() };
    let keyed: KeyedBreakers<u64> = KeyedBreakers::new(config, Bounds::of(8)).expect("valid");
    let made = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for thread in 0..4_u64 {
            let (keyed, made) = (&keyed, &made);
            scope.spawn(move || {
                for round in 0..20_000 {
                    let key = (round * 7 + thread * round) % 12;
                    let held = keyed.get(&key).expect("one of them may go");
                    made.fetch_add(u64::from(held.stats().attempts() == 0), Relaxed);
                    assert!(held.call(|| Ok::<_, String>(())).is_ok());
                    assert!(Arc::ptr_eq(&held, &keyed.find(&key).expect("it is held")));
                    assert!(keyed.len() <= 8);
                }
            });
        }
    });
    assert!(made.into_inner() > 12, "nothing was evicted");
}

#[test]
fn permits_and_calls_travel_between_threads() {
    fn travels<T: Send>(value: T) -> T {
        value
    }
    fn outlives<T: Send + 'static>(value: T) -> T {
        value
    }
    let breaker = Arc::new(CircuitBreaker::new("a", BreakerConfig::default()).expect("valid"));
    travels(breaker.acquire().expect("closed")).success();
    outlives(breaker.acquire_owned().expect("closed")).success();
    drop(travels(breaker.call_async(|| async { Ok::<_, String>(()) })));
    assert_eq!(breaker.stats().success, 2);
    // A future that was never polled never asked for a permit.
    assert_eq!(breaker.stats().attempts(), 2);
    let _: &CircuitBreaker<System> = &breaker;
}
