//! What takes no memory: a call, a rejection, to find a breaker by its key, and an event of a logger.

use allocation_counter::measure;
use retrip_core::breaker::{
    Bounds, BreakerConfig, CircuitBreaker, KeyedBreakers, Span, State, Timing, Window,
};
use retrip_core::door::{SyncPrimitives, System};
use retrip_core::logger::{EventType, Level, LogContext, LogField, Logger, Sink, Value};
use std::future::{Future, pending, ready};
use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// How often memory was asked for while `body` ran a thousand times.
fn allocations(mut body: impl FnMut()) -> u64 {
    body();
    measure(|| (0..1000).for_each(|_| body())).count_total
}

#[test]
fn what_allocates_is_seen() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(7)))), 1000);
}

#[test]
fn a_call_and_a_rejection_take_no_memory() {
    let breaker = CircuitBreaker::new("llm", BreakerConfig::default()).expect("valid");
    assert_eq!(allocations(|| breaker.call(|| Ok::<_, String>(())).expect("closed")), 0);
    breaker.force_open();
    assert_eq!(allocations(|| assert!(breaker.acquire().is_err())), 0);
    // Of a name that is shared, too.
    let name = "a name that is longer than is copied";
    let breaker = CircuitBreaker::new(name, BreakerConfig::default()).expect("valid");
    breaker.force_open();
    assert_eq!(allocations(|| assert!(breaker.acquire().is_err())), 0);
}

#[test]
fn a_call_that_a_window_counts_takes_no_memory() {
    let bucket = Duration::from_millis(1);
    for span in [Span::Calls(100), Span::Time { bucket, buckets: 10 }] {
        let (window, timing) = (Some(Window::over(span)), Timing::Calls);
        let config = BreakerConfig { window, timing, ..BreakerConfig::default() };
        let breaker = CircuitBreaker::new("llm", config).expect("valid");
        let call = || breaker.call(|| Ok::<_, String>(())).expect("closed");
        // Room for the times of the last hundred.
        (0..100).for_each(|_| call());
        assert_eq!(allocations(call), 0);
    }
}

/// What `future` ends with, which has nothing to wait for.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).as_mut().poll(&mut context) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("its backend answers at once"),
    }
}

#[test]
fn an_async_call_takes_no_memory() {
    let breaker = CircuitBreaker::new("llm", BreakerConfig::default()).expect("valid");
    let call = || at_once(breaker.call_async(|| ready(Ok::<_, String>(7))));
    assert_eq!(allocations(|| assert_eq!(call(), Ok(7))), 0);
    // One whose caller stops waiting.
    let given_up = || {
        let mut context = Context::from_waker(Waker::noop());
        let mut call = pin!(breaker.call_async(pending::<Result<(), String>>));
        assert!(call.as_mut().poll(&mut context).is_pending());
    };
    assert_eq!(allocations(given_up), 0);
    breaker.force_open();
    assert_eq!(allocations(|| assert!(call().is_err())), 0);
    let falls_back = || at_once(breaker.call_async_or(|_| ready(8), || ready(Err::<u32, ()>(()))));
    assert_eq!(allocations(|| assert_eq!(falls_back(), Ok(8))), 0);
}

#[test]
fn a_trial_takes_no_memory() {
    let config = BreakerConfig {
        half_open_permits: 10_000,
        success_threshold: 10_000,
        ..BreakerConfig::default()
    };
    let breaker = CircuitBreaker::new("llm", config).expect("valid");
    breaker.isolate_for(Duration::from_nanos(1));
    while breaker.state() != State::HalfOpen {}
    let call = || breaker.call(|| Ok::<_, String>(())).expect("a permit is free");
    // Room for the times of the last hundred: trials are always timed.
    (0..100).for_each(|_| call());
    assert_eq!(allocations(call), 0);
    let call = || at_once(breaker.call_async(|| ready(Ok::<_, String>(()))));
    assert_eq!(allocations(|| call().expect("a permit is free")), 0);
    assert_eq!(breaker.state(), State::HalfOpen);
}

/// Bytes of the counters of one breaker: a cache line for each of up to eight processors.
fn counters() -> u64 {
    64 << System.parallelism().get().min(8).ilog2()
}

#[test]
fn a_breaker_takes_a_quarter_of_a_kilobyte_and_its_counters() {
    assert!(size_of::<CircuitBreaker>() <= 256, "{}", size_of::<CircuitBreaker>());
    let mut kept = None;
    let keyed = KeyedBreakers::new(BreakerConfig::default(), Bounds::of(1000)).expect("valid");
    let made = measure(|| (0..1000_u32).for_each(|key| drop(keyed.get(&key).expect("room"))));
    // The configuration is there once for all. To be found by its key takes up to as much as a breaker.
    let each = u64::try_from(made.bytes_current).expect("they are kept") / 1000;
    assert!(each <= 256 + counters() + 256, "{each} bytes for each key");

    let one = measure(|| kept = Some(keyed.get(&7).expect("it is there")));
    assert_eq!(one.bytes_current, 0);
    let breaker = kept.expect("it is there");
    let life = measure(|| {
        for _ in 0..50 {
            breaker.isolate_for(Duration::from_nanos(1));
            while breaker.state() != State::HalfOpen {}
            let _ = breaker.call(|| Ok::<_, String>(()));
            let _ = breaker.call(|| Ok::<_, String>(()));
            assert_eq!(breaker.state(), State::Closed);
        }
    });
    // What was never needed before: the interval, trials, and how long the last hundred timed calls took.
    assert!(life.bytes_current <= 1536, "{life:?}");
}

#[test]
fn to_find_a_breaker_by_its_key_takes_no_memory() {
    let keyed: KeyedBreakers<String> =
        KeyedBreakers::new(BreakerConfig::default(), Bounds::of(1000)).expect("valid");
    let hosts: Vec<String> = (0..1000).map(|number| format!("{number}.example")).collect();
    hosts.iter().for_each(|host| drop(keyed.get(host.as_str()).expect("room")));
    let mut next = hosts.iter().cycle();
    let find = || {
        let host = next.next().expect("a cycle has no end");
        let breaker = keyed.get(host.as_str()).expect("it is there");
        assert_eq!(breaker.call(|| Ok::<_, String>(7)), Ok(7));
    };
    assert_eq!(allocations(find), 0);
}

#[test]
fn a_hundred_thousand_keys_take_no_more_memory_than_the_capacity() {
    let keyed: KeyedBreakers<u32> =
        KeyedBreakers::new(BreakerConfig::default(), Bounds::of(64)).expect("valid");
    let ask_for = |keys: std::ops::Range<u32>| {
        measure(|| keys.for_each(|key| drop(keyed.get(&key).expect("room"))))
    };
    let at_capacity = ask_for(0..64).bytes_current;
    let later = ask_for(64..100_000);
    // One more is there while the one goes that it takes the place of. Names and nodes of keys vary a little.
    assert!(later.bytes_max < u64::try_from(at_capacity).expect("they are kept") / 8, "{later:?}");
    assert!(later.bytes_current.unsigned_abs() < 4096, "{later:?}");
}

/// Takes everything and keeps nothing.
struct Nowhere;

impl Sink for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }
}

#[test]
fn an_event_of_eight_fields_in_a_context_of_two_allocates_nothing() {
    let logger = Logger::named("llm").threshold(Level::Info).to(Nowhere);
    let context = LogContext::new().with(LogField::RequestId, "r-1").with("attempt", 2);
    let _scope = logger.enter(&context);
    let log = |level: Level| {
        let event = logger.event(EventType::McpToolCompleted).level(level);
        let event = event.message("done").field(LogField::ToolName, "search").field("n", 7_u64);
        let event = event.field("ratio", 0.5).field("text", "with \"quotes\"").field("is", true);
        let event = event.field(LogField::DurationMs, Duration::from_micros(1_500));
        event.field("none", None::<u32>).field("printed", Value::Display(&1.5)).log();
    };
    // The buffers of the unit.
    log(Level::Info);
    for level in [Level::Info, Level::Critical, Level::Debug] {
        assert_eq!(allocations(|| log(level)), 0, "{level}");
    }
    assert_eq!(allocations(|| logger.info("a message alone")), 0);
}
