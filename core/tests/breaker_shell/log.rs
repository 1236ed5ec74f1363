//! What a breaker leaves in a log: exactly these lines.

use crate::lockless::HearsEverything;
use crate::manual::Manual;
use retrip_core::breaker::{
    BreakerConfig, BreakerLog, CircuitBreaker, Event, EventKind, Listener, Machine, Moment, plants,
};
use retrip_core::door::{Instant, Plant, UnitNumber};
use retrip_core::logger::{Logger, MemorySink, Sink};
use std::io;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;

/// Opens at the first failure, for 30 s, and closes after one trial.
fn config() -> BreakerConfig {
    BreakerConfig {
        failure_threshold: Some(1),
        open_for: Duration::from_secs(30),
        success_threshold: 1,
        half_open_permits: 1,
        ..BreakerConfig::default()
    }
}

/// A breaker whose lines go to the sink, one for so many rejections.
fn logged(clock: &Manual, config: BreakerConfig, every: u64) -> (Breaker, MemorySink<Manual>) {
    let sink = MemorySink::on(clock);
    let logger = Logger::on(clock.clone(), "service", sink.clone());
    let every = NonZeroU64::new(every).expect("above zero");
    let log = BreakerLog::new(logger).every(every);
    let breaker = CircuitBreaker::on(clock.clone(), "llm", config).expect("valid");
    (breaker.listen(Arc::new(log)), sink)
}

type Breaker = CircuitBreaker<Manual>;

fn rejections(breaker: &Breaker, count: u64) {
    (0..count).for_each(|_| drop(breaker.acquire().expect_err("it refuses")));
}

/// The lines without what is the same in all of them, numbers and the wall clock included.
fn lines(sink: &MemorySink<Manual>) -> Vec<String> {
    let short = |line: &String| {
        let line = line.replace(r#""breaker":"llm","#, "");
        let level = line.split(r#""level":""#).nth(1).expect("a level").split('"').next();
        let rest = line.split(r#""event_type":""#).nth(1).expect("a type");
        let (event_type, rest) = rest.split_once('"').expect("its end");
        let rest = rest.trim_start_matches(',').trim_end_matches('}').replace('"', "");
        format!("{} {event_type} {rest}", level.expect("its end"))
    };
    sink.lines().iter().map(short).collect()
}

#[test]
fn a_whole_line_is_a_line_of_the_schema() {
    let clock = Manual::default();
    let (breaker, sink) = logged(&clock, config(), 1000);
    clock.set_seconds(3);
    breaker.acquire().expect("closed").failure();
    assert_eq!(
        sink.lines(),
        [
            r#"{"timestamp":"1970-01-01T00:00:03.000000000Z","schema_version":"1.0.0","level":"WARNING","logger":"service","seq":               1,"event_type":"circuit_breaker.opened","message":"breaker opened","breaker":"llm","state":"open","generation":1,"cause":"threshold","from":"closed","after_ms":3000,"open_for_ms":30000}"#
        ]
    );
}

#[test]
fn a_story_is_told_by_its_changes_and_sums() {
    let clock = Manual::default();
    let (breaker, sink) = logged(&clock, config(), 1000);
    clock.set_seconds(1);
    breaker.acquire().expect("closed").failure();
    clock.set_seconds(2);
    rejections(&breaker, 3);
    clock.set_seconds(31);
    let silent = breaker.acquire().expect("on time");
    rejections(&breaker, 1);
    clock.set_seconds(91);
    breaker.acquire().expect("the other one was silent for too long").success();
    silent.failure();
    breaker.reset();
    breaker.force_open();
    rejections(&breaker, 2);
    breaker.isolate_for(Duration::from_secs(5));
    breaker.lift();
    breaker.disable();
    breaker.only_measure();
    assert_eq!(
        lines(&sink),
        [
            "WARNING circuit_breaker.opened message:breaker opened,state:open,generation:1,cause:threshold,from:closed,after_ms:1000,open_for_ms:30000",
            "WARNING circuit_breaker.rejected message:breaker rejects calls,state:open,generation:1,sum:so_far,rejected:1,retry_after_ms:29000",
            "WARNING circuit_breaker.rejected message:breaker has rejected calls,state:open,generation:1,sum:in_all,rejected:3",
            "INFO circuit_breaker.half_opened message:breaker half-opened,state:half-open,generation:2,cause:interval_over,from:open,after_ms:30000",
            "WARNING circuit_breaker.rejected message:breaker rejects calls,state:half-open,generation:2,sum:so_far,rejected:1,retry_after_ms:0",
            "WARNING custom message:breaker took a silent trial back,state:half-open,generation:2,silent_for_ms:60000",
            "WARNING circuit_breaker.rejected message:breaker has rejected calls,state:half-open,generation:2,sum:in_all,rejected:1",
            "INFO circuit_breaker.closed message:breaker closed,state:closed,generation:3,cause:trials_succeeded,from:half-open,after_ms:60000",
            "INFO custom message:breaker controlled by hand,state:closed,generation:4,cause:reset",
            "WARNING circuit_breaker.opened message:breaker opened,state:open,generation:5,cause:forced,from:closed,after_ms:0",
            "WARNING circuit_breaker.rejected message:breaker rejects calls,state:open,generation:5,sum:so_far,rejected:1,retry_after_ms:null",
            "WARNING circuit_breaker.rejected message:breaker has rejected calls,state:open,generation:5,sum:in_all,rejected:2",
            "INFO custom message:breaker controlled by hand,state:open,generation:6,cause:isolated,open_for_ms:5000",
            "INFO circuit_breaker.half_opened message:breaker half-opened,state:half-open,generation:7,cause:lifted,from:open,after_ms:0",
            "INFO circuit_breaker.closed message:breaker closed,state:closed,generation:8,cause:disabled,from:half-open,after_ms:0",
            "INFO custom message:breaker controlled by hand,state:closed,generation:9,cause:metrics_only",
        ]
    );
}

#[test]
fn who_begins_to_listen_hears_of_no_rejection_before() {
    let clock = Manual::default();
    let sink = MemorySink::on(&clock);
    let log = || Arc::new(BreakerLog::new(Logger::on(clock.clone(), "service", sink.clone())));
    let breaker = || CircuitBreaker::on(clock.clone(), "llm", config()).expect("valid");
    // Refused in a generation that is over, and in one that goes on.
    let opened = breaker();
    opened.force_open();
    rejections(&opened, 5);
    let closed = breaker();
    closed.force_open();
    rejections(&closed, 5);
    closed.reset();
    for breaker in [opened, closed] {
        let breaker = breaker.listen(log());
        breaker.force_open();
        rejections(&breaker, 2);
        breaker.reset();
        assert_eq!(breaker.stats().rejected, 7);
    }
    let sums =
        lines(&sink).into_iter().filter_map(|line| Some(line.split_once("sum:")?.1.to_owned()));
    let sums: Vec<_> = sums.collect();
    let of_two = ["so_far,rejected:1,retry_after_ms:null", "in_all,rejected:2"];
    assert_eq!(sums, [of_two, of_two].concat());
}

#[test]
fn what_was_missed_is_a_line_of_its_own() {
    let clock = Manual::default();
    let sink = MemorySink::on(&clock);
    let log = BreakerLog::new(Logger::on(clock, "service", sink.clone()));
    let (at, by) = (Instant::from_nanos(7), UnitNumber::new(1));
    let machine = Machine::new(config(), Moment::at(at)).expect("valid");
    let generation = machine.generation();
    let kind = EventKind::Missed { count: 3 };
    log.on_event("llm", &Event { order: 5, at, by, generation, kind });
    assert_eq!(
        lines(&sink),
        ["WARNING custom message:breaker events were missed,generation:0,missed:3"]
    );
}

/// Who counts rejections.
#[derive(Clone, Copy)]
enum Counter {
    Gate,
    /// Under the lock, as where somebody hears of each.
    Machine,
}

/// How many rejections each line about them tells of, in an opening with so many.
fn sums(clock: &Manual, counter: Counter, every: u64, count: u64) -> Vec<u64> {
    let (mut breaker, sink) = logged(clock, config(), every);
    if let Counter::Machine = counter {
        breaker = breaker.listen(Arc::new(HearsEverything));
    }
    breaker.acquire().expect("closed").failure();
    rejections(&breaker, count);
    breaker.reset();
    let lines = lines(&sink);
    let count = |line: &String| {
        let number = line.split("rejected:").nth(1)?;
        number.split(',').next()?.parse().ok()
    };
    lines.iter().filter_map(count).collect()
}

#[test]
fn the_first_rejection_one_of_so_many_and_their_sum_have_a_line() {
    let clock = Manual::default();
    assert_eq!(sums(&clock, Counter::Machine, 1000, 2500), [1, 1000, 2000, 2500]);
    assert_eq!(sums(&clock, Counter::Machine, 3, 7), [1, 3, 6, 7]);
    // Without a lock one of 64 looks how many there are: the first was counted elsewhere.
    assert_eq!(sums(&clock, Counter::Gate, 1000, 2500), [1, 1025, 2049, 2500]);
    assert_eq!(sums(&clock, Counter::Gate, 1000, 0), [0_u64; 0]);
}

#[test]
fn the_planted_bugs_of_sums_are_seen() {
    for counter in [Counter::Gate, Counter::Machine] {
        let planted = |plant: Plant| sums(&Manual::planted_with(plant), counter, 1000, 5);
        assert_eq!(sums(&Manual::default(), counter, 1000, 5), [1, 5]);
        assert_eq!(planted(plants::SUMMARY_FORGOTTEN), [1]);
        assert_eq!(planted(plants::EVERY_REJECTION_TOLD), [1, 2, 3, 4, 5, 5]);
    }
    assert_eq!(plants::OF_SUMS.len(), 2);
}

#[test]
fn a_rejection_that_nobody_tells_of_takes_no_lock() {
    let clock = Manual::default();
    // The logger has locks of another platform, which are not counted.
    let log = BreakerLog::new(Logger::named("service").to(MemorySink::new()));
    let breaker = CircuitBreaker::on(clock.clone(), "llm", config()).expect("valid");
    let breaker = breaker.listen(Arc::new(log));
    breaker.acquire().expect("closed").failure();
    rejections(&breaker, 1);
    let (locks, readings) = (clock.locks(), clock.readings().0);
    rejections(&breaker, 6400);
    // One of 64 looks, and six are told of.
    assert_eq!(clock.locks() - locks, 100 + 6);
    assert_eq!(clock.readings().0 - readings, 6400 + 100);
}

#[test]
fn where_nobody_hears_of_rejections_none_takes_a_lock() {
    let clock = Manual::default();
    let breaker = CircuitBreaker::on(clock.clone(), "llm", config()).expect("valid");
    breaker.acquire().expect("closed").failure();
    let locks = clock.locks();
    rejections(&breaker, 6400);
    assert_eq!(clock.locks(), locks);
}

#[test]
fn of_two_logs_the_one_that_wants_more_lines_decides_for_both() {
    let clock = Manual::default();
    for (first, second) in [(3, 1000), (1000, 3)] {
        let (breaker, sink) = logged(&clock, config(), first);
        let other = MemorySink::on(&clock);
        let log = BreakerLog::new(Logger::on(clock.clone(), "other", other.clone()));
        let every = NonZeroU64::new(second).expect("above zero");
        let breaker = breaker.listen(Arc::new(log.every(every))).listen(Arc::new(HearsEverything));
        breaker.acquire().expect("closed").failure();
        rejections(&breaker, 7);
        assert_eq!((lines(&sink).len(), lines(&other).len()), (4, 4));
    }
}

#[test]
fn a_listener_to_everything_that_comes_later_changes_no_sum() {
    let (breaker, sink) = logged(&Manual::default(), config(), 1000);
    breaker.acquire().expect("closed").failure();
    rejections(&breaker, 5);
    let breaker = breaker.listen(Arc::new(HearsEverything));
    rejections(&breaker, 2);
    breaker.reset();
    let lines = lines(&sink);
    assert!(lines[2].ends_with("sum:in_all,rejected:7"), "{lines:#?}");
    assert_eq!((lines.len(), breaker.stats().rejected), (4, 7));
}

/// A sink whose every write is a call through the breaker that it serves.
struct Guarded {
    breaker: Arc<parking_lot::Mutex<Option<Arc<Breaker>>>>,
    kept: MemorySink<Manual>,
}

impl Sink for Guarded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let breaker = self.breaker.lock().clone();
        if let Some(breaker) = breaker {
            let _ = breaker.call(|| Err::<(), _>("the disk is full"));
        }
        self.kept.write(bytes)
    }
}

#[test]
fn a_sink_may_call_through_the_breaker_that_it_logs() {
    let clock = Manual::default();
    let (breaker_of_sink, kept) = (Arc::default(), MemorySink::on(&clock));
    let sink = Guarded { breaker: Arc::clone(&breaker_of_sink), kept: kept.clone() };
    let logger = Logger::on(clock.clone(), "service", sink);
    let breaker = CircuitBreaker::on(clock.clone(), "llm", config()).expect("valid");
    let breaker = breaker.listen(Arc::new(BreakerLog::new(logger.clone())));
    let breaker = Arc::new(breaker);
    *breaker_of_sink.lock() = Some(breaker.clone());

    // The line of this opens the breaker, from within the sink; the lines of that are rejected calls.
    logger.info("something");
    assert_eq!(breaker.stats().failure, 1);
    breaker.reset();
    *breaker_of_sink.lock() = None;
    let (stats, lines) = (logger.stats(), lines(&kept));
    assert_eq!(stats.offered, stats.written + stats.dropped.values().sum::<u64>());
    // What the sink itself caused was refused, and that is announced; what came after it has its line.
    assert!(lines.iter().any(|line| line.contains("log.dropped")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("circuit_breaker.closed")), "{lines:#?}");
    assert!(lines.len() < 10, "{lines:#?}");
}
