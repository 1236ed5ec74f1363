//! One logger with several sinks: the same lines under the same numbers, and each loses, announces and recovers by itself.

use crate::lab::Lab;
use retrip_core::logger::{
    DropCause, EventType, FlushError, Level, Logger, LoggerBuilder, MemorySink, Queue, Record,
    Sink, SinkStats, SinkTroubles, Value, WhenFull, read_json_log,
};
use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const FULL: DropCause = DropCause::SinkError(ErrorKind::StorageFull);

/// Fails while it is told to.
#[derive(Clone, Default)]
struct Moody {
    kept: MemorySink,
    fails: Arc<AtomicBool>,
}

impl Moody {
    fn fails(&self, fails: bool) {
        self.fails.store(fails, SeqCst);
    }
}

impl Sink for Moody {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.fails.load(SeqCst) {
            Err(ErrorKind::StorageFull.into())
        } else {
            self.kept.write(bytes)
        }
    }
}

fn records(sink: &MemorySink) -> Vec<Record> {
    read_json_log(&sink.bytes()).records
}

/// The message of each line with its number; of an announcement, how many it tells of.
fn told(sink: &MemorySink) -> Vec<(u64, String)> {
    let told = |record: &Record| {
        let text = match record.event_type() {
            Some(EventType::LogDropped) => {
                format!("lost {}", record.get("count").and_then(|count| count.as_u64())?)
            }
            _ => record.message()?.to_owned(),
        };
        Some((record.seq()?, text))
    };
    records(sink).iter().filter_map(told).collect()
}

fn line(seq: u64, text: &str) -> (u64, String) {
    (seq, text.to_owned())
}

fn accounted(stats: &SinkStats) -> u64 {
    stats.filtered + stats.written + stats.dropped.values().sum::<u64>()
}

#[test]
fn each_has_its_own_losses_and_announces_them() {
    let lab = Lab::new();
    let (main, second, third) = (Moody::default(), Moody::default(), Moody::default());
    let logger = LoggerBuilder::new(lab.clone(), "app")
        .also_to(second.clone())
        .also_to_at(Level::Critical, third.clone())
        .to(main.clone());
    logger.info("1");
    main.fails(true);
    logger.info("2");
    logger.critical("3");
    main.fails(false);
    second.fails(true);
    lab.advance(1_000_000_000);
    logger.info("4");
    second.fails(false);
    lab.advance(1_000_000_000);
    logger.info("5");
    logger.flush().expect("all of them work");

    assert_eq!(told(&main.kept), [line(1, "1"), line(3, "lost 2"), line(4, "4"), line(5, "5")]);
    let all = [line(1, "1"), line(2, "2"), line(3, "3"), line(4, "lost 1"), line(5, "5")];
    assert_eq!(told(&second.kept), all);
    assert_eq!(told(&third.kept), [line(3, "3")]);
    // Byte for byte, not only what they say.
    assert_eq!(main.kept.lines()[0], second.kept.lines()[0]);
    assert_eq!(third.kept.lines()[0], second.kept.lines()[2]);

    let stats = logger.stats();
    assert!(stats.balances(), "{stats:?}");
    assert_eq!((stats.written, stats.dropped_in_all(), stats.announced), (3, 2, 1));
    let [second, third] = &stats.further[..] else { panic!("two more sinks") };
    assert_eq!((second.written, second.filtered, second.announced), (4, 0, 1));
    assert_eq!(second.dropped, BTreeMap::from([(FULL, 1)]));
    assert_eq!((third.written, third.filtered, third.announced), (1, 4, 0));
    assert!(stats.further.iter().all(|sink| accounted(sink) == stats.accepted));
}

#[test]
fn one_that_fails_is_left_alone_while_the_others_are_not() {
    struct Counts(Moody, Arc<Mutex<u32>>);
    impl Sink for Counts {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            *self.1.lock().expect("no panic under this lock") += 1;
            self.0.write(bytes)
        }
    }
    let (main, second) = (Moody::default(), Moody::default());
    let calls = Arc::<Mutex<u32>>::default();
    let logger = LoggerBuilder::new(Lab::new(), "app")
        .also_to(Counts(second.clone(), calls.clone()))
        .to(main.clone());
    second.fails(true);
    (0..5).for_each(|_| logger.info("m"));
    assert_eq!(
        *calls.lock().expect("no panic under this lock"),
        1,
        "it is tried once, and no time passes"
    );
    assert_eq!(main.kept.lines().len(), 5);
    let FlushError::Sink(error) = logger.flush().expect_err("the second one fails") else {
        panic!("the sink's error")
    };
    assert_eq!(error.kind(), ErrorKind::StorageFull);
    second.fails(false);
    logger.flush().expect("it works again");
    assert_eq!(told(&second.kept), [line(5, "lost 5")]);
}

#[test]
fn what_is_lost_on_its_way_is_announced_in_each() {
    struct Talks<'l>(&'l Logger<Lab>);
    impl std::fmt::Display for Talks<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.info("from within");
            f.write_str("talks")
        }
    }
    let (main, second) = (MemorySink::new(), MemorySink::new());
    let logger = LoggerBuilder::new(Lab::new(), "app").also_to(second.clone()).to(main.clone());
    logger.event(EventType::Custom).message("m").field("v", Value::Display(&Talks(&logger))).log();
    assert_eq!(told(&main), [line(1, "lost 1"), line(2, "m")]);
    assert_eq!(second.bytes(), main.bytes());
    let stats = logger.stats();
    assert_eq!(stats.further[0].dropped, BTreeMap::from([(DropCause::Reentrant, 1)]));
    assert!(stats.further.iter().all(|sink| accounted(sink) == stats.accepted));
}

#[test]
fn one_that_panics_takes_nothing_from_the_others() {
    struct Panics;
    impl Sink for Panics {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            panic!("planted")
        }
    }
    let main = MemorySink::new();
    let logger = Logger::named("app").also_to(Panics).to(main.clone());
    logger.info("m");
    assert_eq!(main.lines().len(), 1);
    let stats = logger.stats();
    assert_eq!(
        stats.further[0].dropped,
        BTreeMap::from([(DropCause::SinkError(ErrorKind::Other), 1)])
    );
}

/// Takes everything, and has had these troubles.
struct Troubled(SinkTroubles);

impl Troubled {
    fn by(failed_rotations: u64, failed_syncs: u64) -> Self {
        Self(SinkTroubles { failed_rotations, failed_syncs })
    }
}

impl Sink for Troubled {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn troubles(&self) -> SinkTroubles {
        self.0
    }
}

#[test]
fn their_troubles_are_counted_together() {
    let logger = LoggerBuilder::new(Lab::new(), "app")
        .also_to(Troubled::by(30, 5))
        .also_to_at(Level::Error, Troubled::by(200, 0))
        .to(Troubled::by(1, 40));
    let stats = logger.stats();
    assert_eq!((stats.failed_rotations, stats.failed_syncs), (231, 45));
}

/// Takes nothing until it may.
struct Held {
    called: Sender<()>,
    may: Receiver<()>,
    kept: MemorySink,
}

impl Sink for Held {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Whoever does not listen any more lets everything pass.
        let _ = self.called.send(());
        let _ = self.may.recv();
        self.kept.write(bytes)
    }
}

#[test]
fn in_a_queue_the_others_have_the_line_for_which_the_main_one_fails() {
    let (main, second) = (Moody::default(), MemorySink::new());
    main.fails(true);
    let queue = Queue::of_bytes(1 << 20).patience(Duration::from_secs(3600));
    let logger = Logger::named("app")
        .also_to(second.clone())
        .to_queue(main.clone(), queue)
        .expect("there is room for a thread");
    logger.info("1");
    assert!(matches!(logger.flush(), Err(FlushError::Sink(_))), "the main one fails");
    assert_eq!(told(&second), [line(1, "1")]);
    assert_eq!(logger.stats().buffered, 1, "it waits for the main one");
    main.fails(false);
    logger.flush().expect("it works again");
    logger.shutdown().expect("it works");
    assert_eq!(main.kept.bytes(), second.bytes(), "and nothing came twice");
    assert_eq!(logger.stats().further[0].written, 1);
}

#[test]
fn what_a_queue_drops_is_announced_in_each_and_nothing_of_it_twice() {
    for when_full in [WhenFull::DropNew, WhenFull::DropOld] {
        let ((called, calls), (let_pass, may)) = (channel(), channel());
        let (kept, second) = (MemorySink::new(), MemorySink::new());
        let queue = Queue::of_bytes(1000).when_full(when_full).patience(Duration::from_secs(3600));
        let held = Held { called, may, kept: kept.clone() };
        let logger = Logger::named("app")
            .also_to(second.clone())
            .to_queue(held, queue)
            .expect("there is room for a thread");
        logger.info("first");
        calls.recv().expect("the sink is there");
        (0..20).for_each(|_| logger.info("m"));
        drop((let_pass, calls));
        logger.shutdown().expect("it passes now");
        assert_eq!(kept.bytes(), second.bytes(), "{when_full:?}");
        let stats = logger.stats();
        let lost = stats.dropped[&DropCause::QueueFull];
        assert!(lost > 10 && stats.balances(), "{stats:?}");
        assert_eq!(stats.further[0].dropped, BTreeMap::from([(DropCause::QueueFull, lost)]));
        assert!(stats.further.iter().all(|sink| accounted(sink) == stats.accepted));
    }
}

#[test]
fn what_is_given_up_is_lost_where_it_is_missing() {
    let (main, second) = (Moody::default(), MemorySink::new());
    main.fails(true);
    let queue = Queue::of_bytes(1 << 20).patience(Duration::from_millis(40));
    let logger = Logger::named("app")
        .also_to(second.clone())
        .to_queue(main.clone(), queue)
        .expect("there is room for a thread");
    logger.info("1");
    assert!(logger.flush().is_err());
    logger.info("2");
    assert!(logger.shutdown().is_err(), "the main one fails to the end");
    // Whoever shuts down does not wait longer than its patience for the last announcement.
    while logger.stats().further[0].announced == 0 {
        std::thread::yield_now();
    }
    let stats = logger.stats();
    assert_eq!(stats.dropped, BTreeMap::from([(DropCause::Shutdown, 2)]));
    let [further] = &stats.further[..] else { panic!("one more sink") };
    // The second line was never taken up: it waited behind the first.
    assert_eq!(further.dropped, BTreeMap::from([(DropCause::Shutdown, 1)]));
    assert_eq!(told(&second), [line(1, "1"), line(2, "lost 1")]);
}
