//! What listeners hear: every event once, in one order, outside every lock, and even when one of them panics.

use crate::manual::Manual;
use parking_lot::Mutex;
use retrip_core::breaker::{
    BreakerConfig, Cause, CircuitBreaker, Counted, Ended, Event, EventKind, Interest, Listener,
    Outcome, Registry, State,
};
use retrip_core::door::{Instant, Spawn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Writes down what it hears.
struct Scribe {
    interest: Interest,
    heard: Mutex<Vec<Event>>,
}

impl Scribe {
    fn with(interest: Interest) -> Arc<Self> {
        Arc::new(Self { interest, heard: Mutex::new(Vec::new()) })
    }

    fn orders(&self) -> Vec<u64> {
        self.heard.lock().iter().map(|event| event.order).collect()
    }

    fn kinds(&self) -> Vec<EventKind> {
        self.heard.lock().iter().map(|event| event.kind.clone()).collect()
    }
}

impl Listener for Scribe {
    fn interest(&self) -> Interest {
        self.interest
    }

    fn on_event(&self, breaker: &str, event: &Event) {
        assert_eq!(breaker, "llm");
        self.heard.lock().push(event.clone());
    }
}

/// Panics at the event of this order.
struct Bomb(u64);

impl Listener for Bomb {
    fn interest(&self) -> Interest {
        Interest::Everything
    }

    fn on_event(&self, _breaker: &str, event: &Event) {
        if event.order == self.0 {
            resume_unwind(Box::new("a listener's panic"));
        }
    }
}

/// Opens at the first failure, for 30 s.
fn config() -> BreakerConfig {
    BreakerConfig {
        failure_threshold: Some(1),
        open_for: Duration::from_secs(30),
        success_threshold: 1,
        ..BreakerConfig::default()
    }
}

fn breaker(clock: &Manual) -> CircuitBreaker<Manual> {
    CircuitBreaker::on(clock.clone(), "llm", config()).expect("valid")
}

#[test]
fn the_journal_of_a_trip_and_a_recovery_is_complete() {
    let clock = Manual::default();
    let scribe = Scribe::with(Interest::Everything);
    let breaker = breaker(&clock).listen(scribe.clone());
    breaker.acquire().expect("closed").failure();
    clock.set_seconds(10);
    assert!(breaker.acquire().is_err());
    clock.set_seconds(30);
    let trial = breaker.acquire().expect("on time");
    clock.set_seconds(31);
    trial.success();
    breaker.reset();
    breaker.force_open();

    let seconds = |seconds: u64| Instant::from_nanos(seconds * 1_000_000_000);
    let trial_end = scribe.heard.lock()[5].clone();
    let admitted_in = match trial_end.kind {
        EventKind::Completed { admitted_in, .. } => admitted_in,
        other => panic!("wanted the end of the trial, found {other:?}"),
    };
    assert_eq!(admitted_in.as_u64(), 2);
    let interval = Some(Duration::from_secs(30));
    let wanted = [
        EventKind::Transition {
            from: State::Closed,
            to: State::Open,
            after: Duration::ZERO,
            open_for: interval,
            cause: Cause::Threshold,
        },
        EventKind::Rejected { state: State::Open, retry_after: Some(Duration::from_secs(20)) },
        EventKind::Transition {
            from: State::Open,
            to: State::HalfOpen,
            after: Duration::from_secs(30),
            open_for: None,
            cause: Cause::IntervalOver,
        },
        EventKind::TrialBegins { trial: 1, permits: 2 },
        EventKind::Completed {
            admitted_in,
            admitted_at: Some(seconds(30)),
            outcome: Outcome::Success,
            asked: None,
            counted: Counted::Yes,
            ended: Ended::Returned,
        },
        EventKind::Transition {
            from: State::HalfOpen,
            to: State::Closed,
            after: Duration::from_secs(1),
            open_for: None,
            cause: Cause::TrialsSucceeded,
        },
        EventKind::Renewed { state: State::Closed, open_for: None, cause: Cause::Reset },
        EventKind::Transition {
            from: State::Closed,
            to: State::Open,
            after: Duration::ZERO,
            open_for: None,
            cause: Cause::Forced,
        },
    ];
    assert_eq!(scribe.kinds()[1..], wanted);
    assert_eq!(scribe.orders(), (0..9).collect::<Vec<_>>());
    let stamps: Vec<_> =
        scribe.heard.lock().iter().map(|event| (event.at, event.generation.as_u64())).collect();
    let wanted = [(0, 0), (0, 1), (10, 1), (30, 2), (30, 2), (31, 2), (31, 3), (31, 4), (31, 5)];
    assert_eq!(stamps, wanted.map(|(at, generation)| (seconds(at), generation)));
}

#[test]
fn who_wants_transitions_hears_only_those() {
    let clock = Manual::default();
    let (some, all) = (Scribe::with(Interest::Transitions), Scribe::with(Interest::Everything));
    let breaker = breaker(&clock).listen(some.clone()).listen(all.clone());
    breaker.acquire().expect("closed").success();
    breaker.acquire().expect("closed").failure();
    breaker.force_open();
    assert_eq!(some.orders(), [2, 3]);
    assert_eq!(all.orders(), [0, 1, 2, 3]);
}

#[test]
fn a_wrapped_function_and_a_call_leave_the_same_journal() {
    let breaker_and_scribe = || {
        let scribe = Scribe::with(Interest::Everything);
        (breaker(&Manual::default()).listen(scribe.clone()), scribe)
    };
    let (called, call_scribe) = breaker_and_scribe();
    let (wrapped, wrapper_scribe) = breaker_and_scribe();
    let mut wrapper = wrapped.protected(|result| result);
    for result in [Ok(1), Err(2), Ok(3)] {
        assert_eq!(wrapper(result).is_ok(), called.call(|| result).is_ok());
    }
    assert_eq!(call_scribe.kinds().len(), 4);
    assert_eq!(wrapper_scribe.kinds(), call_scribe.kinds());
}

#[test]
fn a_listener_may_use_the_breaker_and_what_follows_comes_after() {
    struct Medic {
        breaker: Mutex<Option<Arc<CircuitBreaker<Manual>>>>,
        heard: AtomicU64,
    }
    impl Listener for Medic {
        fn interest(&self) -> Interest {
            Interest::Everything
        }
        fn on_event(&self, _breaker: &str, event: &Event) {
            // Still the next one: the events of the resets below wait for their turn.
            assert_eq!(self.heard.fetch_add(1, Relaxed), event.order);
            let breaker = self.breaker.lock().clone().expect("set before the first event");
            if matches!(event.kind, EventKind::Transition { to: State::Open, .. }) {
                for _ in 0..3 {
                    breaker.reset();
                }
                assert_eq!(self.heard.load(Relaxed), event.order + 1);
            }
            let _ = breaker.stats();
        }
    }
    let medic = Arc::new(Medic { breaker: Mutex::new(None), heard: AtomicU64::new(0) });
    let breaker = Arc::new(breaker(&Manual::default()).listen(medic.clone()));
    *medic.breaker.lock() = Some(breaker.clone());
    breaker.acquire().expect("closed").failure();
    assert_eq!(breaker.state(), State::Closed);
    assert_eq!(medic.heard.load(Relaxed), 5);
    *medic.breaker.lock() = None;
}

#[test]
fn a_panicking_listener_silences_neither_the_others_nor_what_follows() {
    let clock = Manual::default();
    let (before, after) = (Scribe::with(Interest::Everything), Scribe::with(Interest::Everything));
    let breaker =
        breaker(&clock).listen(before.clone()).listen(Arc::new(Bomb(0))).listen(after.clone());
    let permit = breaker.acquire().expect("closed");
    assert!(catch_unwind(AssertUnwindSafe(|| permit.failure())).is_err());
    assert_eq!((before.orders(), after.orders()), (vec![0], vec![]));

    // Any next operation brings the rest, the transition of the failed call included.
    breaker.refresh();
    assert_eq!((before.orders(), after.orders()), (vec![0, 1], vec![0, 1]));
    breaker.force_open();
    assert_eq!((before.orders(), after.orders()), (vec![0, 1, 2], vec![0, 1, 2]));
}

#[test]
fn a_panic_of_the_last_listener_repeats_no_event() {
    let clock = Manual::default();
    let scribe = Scribe::with(Interest::Everything);
    let breaker = breaker(&clock).listen(scribe.clone()).listen(Arc::new(Bomb(0)));
    assert!(catch_unwind(AssertUnwindSafe(|| breaker.force_open())).is_err());
    breaker.reset();
    assert_eq!(scribe.orders(), [0, 1]);
}

#[test]
fn a_listener_that_panics_during_admission_leaks_no_permit() {
    let clock = Manual::default();
    let breaker = breaker(&clock).listen(Arc::new(Bomb(3)));
    breaker.acquire().expect("closed").failure();
    clock.set_seconds(30);
    // The transition to half-open is event 2, the beginning of the trial event 3.
    assert!(catch_unwind(AssertUnwindSafe(|| breaker.acquire().is_ok())).is_err());
    let stats = breaker.stats();
    assert_eq!((stats.in_flight, stats.attempts()), (0, 2));
    assert_eq!(stats.state, State::Open, "a trial that panicked is a failure");
}

#[test]
fn a_listener_that_panics_while_a_call_unwinds_does_not_abort() {
    let clock = Manual::default();
    let scribe = Scribe::with(Interest::Everything);
    let breaker = breaker(&clock).listen(Arc::new(Bomb(0))).listen(scribe.clone());
    let panics = || -> Result<(), String> { resume_unwind(Box::new("the call's panic")) };
    let payload = catch_unwind(AssertUnwindSafe(|| breaker.call(panics))).expect_err("it panics");
    assert_eq!(payload.downcast_ref(), Some(&"the call's panic"));
    breaker.refresh();
    assert_eq!(scribe.orders(), [0, 1]);
}

#[test]
fn an_event_names_who_brought_it_about_whoever_delivers_it() {
    let clock = Manual::default();
    let scribe = Scribe::with(Interest::Everything);
    let breaker = breaker(&clock).listen(Arc::new(Bomb(0))).listen(scribe.clone());
    // The panic leaves event 0 to whoever comes next: another thread.
    assert!(catch_unwind(AssertUnwindSafe(|| breaker.force_open())).is_err());
    let other = std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            breaker.reset();
            clock.number()
        });
        other.join().expect("nobody panics any more")
    });
    let by: Vec<_> = scribe.heard.lock().iter().map(|event| event.by).collect();
    assert_eq!(by, [clock.number(), other]);
    assert_ne!(clock.number(), other);
}

#[test]
fn a_registry_gives_its_listeners_to_its_breakers() {
    let scribe = Scribe::with(Interest::Transitions);
    let registry = Registry::on(Manual::default()).listen(scribe.clone());
    registry.get_or_create("llm", config()).expect("valid").force_open();
    registry.reset();
    assert_eq!(scribe.orders(), [0, 1]);
}

/// Panics at the first change.
struct FirstChange(AtomicU64);

impl Listener for FirstChange {
    fn interest(&self) -> Interest {
        Interest::Transitions
    }

    fn on_event(&self, _breaker: &str, _event: &Event) {
        if self.0.fetch_add(1, Relaxed) == 0 {
            resume_unwind(Box::new("a listener's panic"));
        }
    }
}

#[test]
fn a_failure_that_decides_nothing_brings_what_a_panic_has_left_behind() {
    let clock = Manual::default();
    let after = Scribe::with(Interest::Transitions);
    let breaker = CircuitBreaker::on(clock, "llm", BreakerConfig::default()).expect("valid");
    let breaker = breaker.listen(Arc::new(FirstChange(AtomicU64::new(0)))).listen(after.clone());
    assert!(catch_unwind(AssertUnwindSafe(|| breaker.reset())).is_err());
    assert_eq!(after.orders(), []);
    breaker.acquire().expect("closed").failure();
    assert_eq!((after.orders(), breaker.state()), (vec![0], State::Closed));
}

#[test]
fn who_begins_to_listen_hears_of_the_first_rejection_at_once() {
    let clock = Manual::default();
    let breaker = CircuitBreaker::on(clock, "llm", BreakerConfig::default()).expect("valid");
    breaker.force_open();
    // The second one takes no lock.
    (0..2).for_each(|_| drop(breaker.acquire().expect_err("it is open")));
    let scribe = Scribe::with(Interest::Notable);
    let breaker = breaker.listen(scribe.clone());
    assert!(breaker.acquire().is_err());
    assert!(matches!(scribe.kinds()[..], [EventKind::Rejections { count: 1, .. }]));
}
