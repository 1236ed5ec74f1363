//! When does who waits for room in a logger's queue go on?

use retrip_core::door::{Clock, JoinHandle, Spawn};
use retrip_core::logger::{
    DropCause, DropReason, EventType, FileSink, Logger, LoggerBuilder, Queue, WhenFull,
};
use retrip_sim::disk::Trouble;
use retrip_sim::engine::threads::Sim;
use retrip_sim::engine::{Disturbances, Setup, run};
use retrip_sim::seed::Seed;
use std::path::Path;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn who_waits_for_room_is_told_at_once_that_the_logger_is_shut_down() {
    for seed in 0..100 {
        let body = |sim: Sim| {
            let path = Path::new("logs/app.jsonl");
            let sink = FileSink::append(&sim, path).expect("nothing is wrong with the disk");
            sim.change_disk(|disk| disk.begin(0, Trouble::Full(0)));
            let queue = Queue::of_bytes(480).when_full(WhenFull::BlockFor(HOUR)).patience(HOUR);
            let logger = LoggerBuilder::new(sim, "app").to_queue(sink, queue);
            let logger = logger.expect("a thread can be started");
            let log =
                |logger: &Logger<Sim>| logger.event(EventType::Custom).message("waits").try_log();
            assert_eq!(log(&logger), Ok(1));
            let began = sim.now();
            let waiters: Vec<_> = (0..3)
                .map(|_| {
                    let logger = logger.clone();
                    let wait = move || (log(&logger), sim.now().saturating_duration_since(began));
                    sim.spawn("waits", wait).expect("a thread can be started")
                })
                .collect();
            sim.sleep(SECOND);
            let closing = logger.clone();
            let closer = sim.spawn("closes", move || closing.shutdown());
            let closed = Err(DropReason::Dropped(DropCause::Closed));
            for waiter in waiters {
                assert_eq!(waiter.join().expect("it does not panic"), (closed, SECOND));
            }
            let closer = closer.expect("a thread can be started");
            closer.join().expect("it does not panic").expect_err("the disk is full to the end");
        };
        // Time moves only where nobody can go on: what takes none is over at once.
        let setup = Setup { disturbances: Disturbances::Never, ..Setup::of(Seed::new(seed)) };
        assert_eq!(run(setup, body).failure, None, "seed {seed}");
    }
}

#[test]
fn a_shutdown_does_not_wait_for_the_next_try_of_a_sink_that_fails() {
    for seed in 0..20 {
        let body = |sim: Sim| {
            let sink = FileSink::append(&sim, Path::new("logs/app.jsonl"));
            let sink = sink.expect("nothing is wrong with the disk");
            sim.change_disk(|disk| disk.begin(0, Trouble::Full(0)));
            let queue = Queue::of_bytes(480).patience(4 * SECOND);
            let logger = LoggerBuilder::new(sim, "app").to_queue(sink, queue);
            let logger = logger.expect("a thread can be started");
            logger.info("waits");
            // By then it is left alone for five seconds each time.
            sim.sleep(HOUR);
            sim.sleep(SECOND / 10);
            let began = sim.now();
            logger.shutdown().expect_err("the disk is full to the end");
            assert_eq!(sim.now().saturating_duration_since(began), 3 * SECOND);
            assert_eq!(logger.stats().dropped_in_all(), 1);
        };
        let setup = Setup { disturbances: Disturbances::Never, ..Setup::of(Seed::new(seed)) };
        assert_eq!(run(setup, body).failure, None, "seed {seed}");
    }
}
