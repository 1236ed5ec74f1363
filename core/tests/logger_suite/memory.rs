//! How much memory a logger takes while its sink stands still, and whether that grows from time to time.

use allocation_counter::measure;
use retrip_core::logger::{EventType, Level, Logger, Queue, RateLimit, Sink, StreamSink, WhenFull};
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// A sink that takes everything while its gate is open, and waits for that while it is not.
struct Gated {
    gate: Arc<Gate>,
    waits: Sender<()>,
}

#[derive(Default)]
struct Gate {
    is_open: Mutex<bool>,
    changed: Condvar,
}

impl Gate {
    fn open(&self) {
        *self.is_open.lock().expect("no panic under this lock") = true;
        self.changed.notify_all();
    }

    fn close(&self) {
        *self.is_open.lock().expect("no panic under this lock") = false;
    }
}

impl Sink for Gated {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut is_open = self.gate.is_open.lock().expect("no panic under this lock");
        if !*is_open {
            self.waits.send(()).expect("the test listens");
        }
        while !*is_open {
            is_open = self.gate.changed.wait(is_open).expect("no panic under this lock");
        }
        Ok(bytes.len())
    }
}

const BOUND: usize = 1 << 16;

/// What ten thousand events take that meet a sink which stands still, a queue of [`BOUND`] bytes before it: at most, and for good.
fn filled(logger: &Logger, gate: &Gate, waits: &Receiver<()>) -> (u64, i64) {
    gate.close();
    logger.info("the sink has this one in its hand");
    waits.recv().expect("the sink is there");
    let taken = measure(|| (0..10_000).for_each(|_| logger.info("there is not room for all")));
    assert!(logger.stats().dropped_in_all() > 9_000, "{:?}", logger.stats());
    gate.open();
    logger.flush().expect("the gate is open");
    assert_eq!(logger.stats().buffered, 0);
    (taken.bytes_max, taken.bytes_current)
}

#[test]
fn a_sink_that_stands_still_costs_what_the_queue_may_have_and_only_once() {
    for when_full in [WhenFull::DropNew, WhenFull::DropOld] {
        let (gate, (waits, waiting)) = (Arc::new(Gate::default()), channel());
        let sink = Gated { gate: gate.clone(), waits };
        let queue = Queue::of_bytes(BOUND).when_full(when_full);
        let queue = queue.patience(Duration::from_secs(3600));
        let logger = Logger::named("llm").to_queue(sink, queue).expect("a thread");
        let (most, kept) = filled(&logger, &gate, &waiting);
        // What grows is doubled, and there are the old and the new one while it is.
        assert!(most <= 3 * BOUND as u64, "{most} bytes");
        assert!(kept >= BOUND as i64 / 2, "the first time it is seen: {kept} bytes");
        for round in 2..=20 {
            let (most, kept) = filled(&logger, &gate, &waiting);
            // The causes of what is lost, until it is announced.
            assert!(most <= 1024 && kept <= 512, "round {round}: {most} bytes, {kept} kept");
        }
    }
}

#[test]
fn an_event_that_a_rate_limit_lets_pass_takes_no_memory_once_there_is_room_for_one() {
    let limit = RateLimit::of(1_000_000, Duration::from_secs(3600));
    let logger = Logger::named("llm").rate_limit(limit).to(StreamSink::new(io::sink()));
    let log = || logger.info("there is nothing to tell of");
    log();
    let taken = measure(|| (0..1000).for_each(|_| log()));
    assert_eq!(taken.count_total, 0);
    assert_eq!(logger.stats().written, 1001);
}

#[test]
fn an_event_that_is_filtered_late_takes_no_memory_once_there_is_room_for_one() {
    let logger = Logger::named("llm").threshold(Level::Warning).to(StreamSink::new(io::sink()));
    // Its level is known when it has a field already: it is said last, or is that of its kind.
    let said_last = || {
        logger.event(EventType::ErrorOccurred).field("attempt", 3).level(Level::Info).log();
    };
    let of_its_kind = || logger.event(EventType::Custom).field("attempt", 3).log();
    said_last();
    for log in [&said_last as &dyn Fn(), &of_its_kind] {
        assert_eq!(measure(|| (0..1000).for_each(|_| log())).count_total, 0);
    }
    assert_eq!((logger.stats().filtered, logger.stats().written), (2001, 0));
}
