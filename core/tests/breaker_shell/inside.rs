//! Calls inside calls of one breaker, where they count once: what is inside, and what is not.

use crate::manual::Manual;
use retrip_core::breaker::{
    BreakerConfig, BreakerConfigBuilder, CallError, CircuitBreaker, Event, Interest, Listener,
    Nested, Outcome, Span, State, Stats, Timing, Window, plants,
};
use retrip_core::logger::LogContext;
use std::future::{Future, poll_fn, ready};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

const DOWN: Result<u8, &str> = Err("down");

fn made(platform: &Manual, config: BreakerConfigBuilder) -> CircuitBreaker<Manual> {
    let config = config.nested(Nested::Once).build().expect("valid");
    CircuitBreaker::on(platform.clone(), "llm", config).expect("valid")
}

fn breaker() -> CircuitBreaker<Manual> {
    made(&Manual::default(), BreakerConfig::builder())
}

fn counts(stats: &Stats) -> (u64, u64, u64, u64) {
    (stats.success, stats.failure, stats.ignored, stats.rejected)
}

fn context() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut context()) {
        Poll::Ready(answer) => answer,
        Poll::Pending => unreachable!("nothing waits"),
    }
}

/// A future that gives `value` at its second poll.
async fn once_more<T: Copy>(value: T) -> T {
    let mut is_first = true;
    poll_fn(|_| if std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(value) })
        .await
}

/// Makes a call by each way that there is, with what `f` gives.
fn by_each_way(breaker: &CircuitBreaker<Manual>, f: &dyn Fn() -> Result<u8, &'static str>) {
    let ways: [&dyn Fn() -> Result<u8, CallError<&'static str>>; 8] = [
        &|| breaker.call(f),
        &|| breaker.call_classified(Outcome::of, f),
        &|| breaker.call_through(|| f().map_err(CallError::Inner)),
        &|| breaker.call_or(|_| 7, f).map_err(CallError::Inner),
        &|| breaker.protected(|()| f())(()),
        &|| now(breaker.call_async(|| ready(f()))),
        &|| now(breaker.call_async(|| async { f() })),
        &|| now(breaker.call_async_through(|| async { f().map_err(CallError::Inner) })),
    ];
    for way in ways {
        assert_eq!(way(), f().map_err(CallError::Inner));
    }
}

/// With all that changes how a call is admitted and counted.
fn breakers() -> [CircuitBreaker<Manual>; 4] {
    struct Hears;
    impl Listener for Hears {
        fn interest(&self) -> Interest {
            Interest::Everything
        }

        fn on_event(&self, _breaker: &str, _event: &Event) {}
    }
    let usual = || BreakerConfig::builder().failure_threshold(1_000);
    let clock = Manual::default();
    [
        made(&clock, usual()),
        made(&clock, usual().window(Window::over(Span::Calls(100)))),
        made(&clock, usual().timing(Timing::Calls)),
        made(&clock, usual()).listen(Arc::new(Hears)),
    ]
}

#[test]
fn whatever_is_inside_whatever_counts_once() {
    for breaker in breakers() {
        // Each of eight ways, and in its function each of them.
        by_each_way(&breaker, &|| {
            by_each_way(&breaker, &|| Ok(1));
            Ok(1)
        });
        // What is expected of a way is asked by hand, which is not inside.
        assert_eq!(counts(&breaker.stats()), (8 + 8 * 8, 0, 0, 0));
        assert_eq!(breaker.stats().in_flight, 0);
    }
}

#[test]
fn to_look_takes_no_lock_and_no_reading_of_a_clock() {
    let clock = Manual::default();
    let breaker = made(&clock, BreakerConfig::builder());
    let call = || breaker.call_through(|| breaker.call(|| Ok::<_, ()>(1)));
    assert_eq!(call(), Ok(1));
    let before = (clock.locks(), clock.readings());
    assert_eq!(call(), Ok(1));
    assert_eq!((clock.locks(), clock.readings()), before);
}

#[test]
fn a_failure_inside_is_one_failure_and_by_default_two() {
    let ask = |breaker: &CircuitBreaker<Manual>| {
        let answer = breaker.call_through(|| breaker.call(|| DOWN));
        assert_eq!(answer, Err(CallError::Inner("down")));
        (breaker.stats().failure, breaker.state())
    };
    let two = BreakerConfig::builder().failure_threshold(2);
    assert_eq!(ask(&made(&Manual::default(), two.clone())), (1, State::Closed));
    let config = two.build().expect("valid");
    let usual = CircuitBreaker::on(Manual::default(), "llm", config).expect("valid");
    assert_eq!(ask(&usual), (2, State::Open));
}

#[test]
fn a_trial_needs_one_permit_whatever_is_inside() {
    let clock = Manual::default();
    let one = BreakerConfig::builder().failure_threshold(1).half_open_permits(1);
    let breaker = made(&clock, one.success_threshold(1));
    assert!(breaker.call(|| DOWN).is_err());
    clock.set_seconds(60);
    assert_eq!(breaker.state(), State::HalfOpen);
    let answer = breaker.call_through(|| breaker.call_through(|| breaker.call(|| Ok::<_, ()>(1))));
    assert_eq!((answer, breaker.state()), (Ok(1), State::Closed));
    assert_eq!(counts(&breaker.stats()), (1, 1, 0, 0));
}

#[test]
fn what_has_begun_goes_on_inside_of_a_breaker_that_is_opened_meanwhile() {
    let breaker = breaker();
    let answer = breaker.call_through(|| {
        breaker.force_open();
        breaker.call(|| Ok::<_, ()>(1))
    });
    assert_eq!((answer, counts(&breaker.stats())), (Ok(1), (1, 0, 0, 0)));
    assert!(matches!(breaker.call(|| Ok::<_, ()>(1)), Err(CallError::Rejected(_))));
}

#[test]
fn who_is_rejected_is_inside_of_nothing() {
    let breaker = breaker();
    breaker.force_open();
    let fallback = |_: &_| {
        assert!(matches!(breaker.call(|| DOWN), Err(CallError::Rejected(_))));
        9
    };
    assert_eq!(breaker.call_or(fallback, || DOWN), Ok(9));
    assert_eq!(counts(&breaker.stats()), (0, 0, 0, 2));
}

#[test]
fn neither_a_classifier_nor_a_listener_is_inside() {
    struct Calls(CircuitBreaker<Manual>);
    impl Listener for Calls {
        fn interest(&self) -> Interest {
            Interest::Everything
        }

        fn on_event(&self, _breaker: &str, _event: &Event) {
            assert_eq!(self.0.call(|| Ok::<_, ()>(1)), Ok(1));
        }
    }
    let breaker = breaker();
    let classify = |answer: &Result<_, _>| {
        assert_eq!(breaker.call(|| Ok::<_, ()>(1)), Ok(1));
        Outcome::of(answer)
    };
    assert_eq!(breaker.call_classified(classify, || Ok::<_, ()>(1)), Ok(1));
    assert_eq!(counts(&breaker.stats()), (2, 0, 0, 0));

    let calls = Arc::new(Calls(breaker));
    let one = BreakerConfig::builder().failure_threshold(1);
    let told = made(&Manual::default(), one).listen(calls.clone());
    assert!(told.call(|| DOWN).is_err());
    assert!(calls.0.stats().success > 2, "it was told of a call that had ended");
}

#[test]
fn permits_by_hand_are_calls_like_every_other() {
    let breaker = breaker();
    let answer = breaker.call(|| {
        breaker.acquire().expect("closed").success();
        Ok::<_, ()>(1)
    });
    assert_eq!((answer, breaker.stats().success), (Ok(1), 2));
    let permit = breaker.acquire().expect("closed");
    assert_eq!(breaker.call(|| Ok::<_, ()>(1)), Ok(1));
    permit.success();
    assert_eq!(breaker.stats().success, 4);
}

/// The inner of two calls panics: `false` where somebody catches that inside the outer one.
fn panics_inside(breaker: &CircuitBreaker<Manual>, is_caught_outside: bool) {
    let panics = || -> Result<u8, ()> { resume_unwind(Box::new("planned")) };
    let inner = || breaker.call(panics);
    if is_caught_outside {
        assert!(catch_unwind(AssertUnwindSafe(|| breaker.call_through(inner))).is_err());
    } else {
        let caught = || {
            assert!(catch_unwind(AssertUnwindSafe(inner)).is_err());
            Ok::<_, ()>(1)
        };
        assert_eq!(breaker.call(caught), Ok(1));
    }
}

/// What is counted of calls that have a panic inside, and of one after each.
fn counted_around_panics(platform: &Manual) -> (u64, u64, u64, u64) {
    let breaker = made(platform, BreakerConfig::builder());
    for is_caught_outside in [true, false] {
        panics_inside(&breaker, is_caught_outside);
        assert_eq!(breaker.call(|| Ok::<_, ()>(1)), Ok(1));
    }
    counts(&breaker.stats())
}

#[test]
fn a_panic_inside_ends_what_it_unwinds_and_no_more() {
    assert_eq!(counted_around_panics(&Manual::default()), (3, 1, 0, 0));
}

/// What is counted of two tasks of one thread, each polled in the middle of the other's call, and each with a call inside.
fn counted_of_tasks(platform: &Manual) -> (u64, u64, u64, u64) {
    let breaker = made(platform, BreakerConfig::builder());
    let task = || {
        breaker.call_async_through(|| async {
            once_more(()).await;
            let answer = breaker.call_async(async || Ok::<_, ()>(once_more(1).await)).await;
            assert_eq!(breaker.call(|| Ok::<_, ()>(1)), Ok(1));
            answer
        })
    };
    let (mut one, mut other) = (pin!(task()), pin!(task()));
    assert!(one.as_mut().poll(&mut context()).is_pending());
    for _ in 0..2 {
        assert!(other.as_mut().poll(&mut context()).is_pending());
    }
    assert_eq!(breaker.call(|| Ok::<_, ()>(1)), Ok(1));
    assert!(one.as_mut().poll(&mut context()).is_pending());
    for task in [one, other] {
        assert_eq!(now(task), Ok(1));
    }
    counts(&breaker.stats())
}

#[test]
fn tasks_of_one_thread_are_not_inside_of_each_other() {
    assert_eq!(counted_of_tasks(&Manual::default()), (3, 0, 0, 0));
}

#[test]
fn a_future_that_is_dropped_half_way_leaves_nobody_inside() {
    let breaker = breaker();
    {
        let mut call = pin!(breaker.call_async(async || Ok::<_, ()>(once_more(1).await)));
        assert!(call.as_mut().poll(&mut context()).is_pending());
        assert_eq!(breaker.stats().in_flight, 1);
    }
    assert_eq!(breaker.call(|| Ok::<_, ()>(1)), Ok(1));
    assert_eq!(counts(&breaker.stats()), (1, 0, 1, 0));
}

#[test]
fn another_thread_is_not_inside() {
    let breaker = breaker();
    let answer = breaker.call(|| {
        std::thread::scope(|scope| {
            let call = || breaker.call(|| Ok::<_, ()>(breaker.call(|| Ok::<_, ()>(1))));
            scope.spawn(call).join().expect("it does not panic")
        })
    });
    assert_eq!(answer, Ok(Ok(1)));
    assert_eq!(counts(&breaker.stats()), (2, 0, 0, 0));
}

/// What is counted by a breaker inside of another one of the same name, in which the first one is called again.
fn counted_of_namesakes(platform: &Manual) -> [(u64, u64, u64, u64); 2] {
    let [one, other] = [(); 2].map(|()| made(platform, BreakerConfig::builder()));
    let innermost = || one.call(|| Ok::<_, ()>(1));
    assert_eq!(one.call_through(|| other.call_through(innermost)), Ok(1));
    [&one, &other].map(|breaker| counts(&breaker.stats()))
}

#[test]
fn breakers_of_one_name_are_two() {
    assert_eq!(counted_of_namesakes(&Manual::default()), [(1, 0, 0, 0); 2]);
}

#[test]
fn each_planted_bug_is_seen_by_what_is_counted() {
    let planted = |plant| {
        let platform = Manual::planted_with(plant);
        // A call that goes on where it should not is one of this thread.
        let seen = move || {
            let [one, other] = counted_of_namesakes(&platform);
            let seen = (one.0 + other.0, counted_of_tasks(&platform).0);
            (seen.0, seen.1, counted_around_panics(&platform).0)
        };
        std::thread::scope(|scope| scope.spawn(seen).join().expect("it does not panic"))
    };
    assert_eq!(plants::OF_NESTING.len(), 3);
    assert_eq!(planted(plants::NESTED_BY_NAME), (1, 3, 3));
    let (two, tasks, _) = planted(plants::INSIDE_BETWEEN_POLLS);
    assert_eq!((two, tasks), (2, 1));
    let (two, tasks, panics) = planted(plants::INSIDE_AFTER_A_PANIC);
    assert_eq!((two, tasks), (2, 3));
    assert_eq!(panics, 0);
}

#[test]
fn the_log_context_and_calls_keep_out_of_each_others_way() {
    let (breaker, platform) = (breaker(), Manual::default());
    let current = || LogContext::current(&platform).to_string();
    let answer = breaker.call_through(|| {
        let _scope = LogContext::new().with("request", 7).enter(&platform);
        let inner = breaker.call(|| Ok::<_, ()>(current()));
        let during = LogContext::new().with("step", 1).during(
            &platform,
            breaker.call_async(async || {
                once_more(()).await;
                Ok::<_, ()>(current())
            }),
        );
        let mut during = pin!(during);
        assert!(during.as_mut().poll(&mut context()).is_pending());
        assert_eq!(now(during), Ok(r#"{"request":7,"step":1}"#.to_owned()));
        inner
    });
    assert_eq!(answer.as_deref(), Ok(r#"{"request":7}"#));
    assert_eq!((current().as_str(), breaker.stats().success), ("{}", 1));
}
