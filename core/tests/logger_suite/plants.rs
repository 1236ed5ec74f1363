//! Each planted bug can be seen from outside, and is not there without its plant.

use crate::lab::Lab;
use retrip_core::door::{JoinHandle, Plant, Spawn};
use retrip_core::logger::{LogContext, Logger, MemorySink, Sink, plants, read_json_log};
use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};

/// Whether a line of another thread carries the context of this one.
fn context_is_seen_elsewhere(plants: &'static [Plant]) -> bool {
    let lab = Lab::with_plants(plants);
    let sink = MemorySink::on(&lab);
    let logger = Logger::on(lab.clone(), "llm", sink.clone());
    let _scope = logger.enter(&LogContext::new().with("request_id", "r-1"));
    let other = logger.clone();
    JoinHandle::join(lab.spawn("other", move || other.info("m")).expect("a thread starts"))
        .expect("it does not panic");
    sink.lines()[0].contains("r-1")
}

#[test]
fn a_shared_context_is_seen_by_other_units() {
    assert!(context_is_seen_elsewhere(&[plants::CONTEXT_SHARED_BETWEEN_UNITS]));
    assert!(!context_is_seen_elsewhere(&[]));
}

#[test]
fn a_shared_context_still_ends_with_its_scope() {
    let lab = Lab::with_plants(&[plants::CONTEXT_SHARED_BETWEEN_UNITS]);
    let sink = MemorySink::on(&lab);
    let logger = Logger::on(lab, "llm", sink.clone());
    drop(logger.enter(&LogContext::new().with("request_id", "r-1")));
    logger.info("m");
    assert!(!sink.lines()[0].contains("r-1"));
}

#[test]
fn a_leaking_context_outlives_its_scope() {
    for (plants, left) in
        [(&[plants::CONTEXT_LEAKS_AFTER_SCOPE][..], r#"{"request_id":"r-1"}"#), (&[], "{}")]
    {
        let lab = Lab::with_plants(plants);
        drop(LogContext::new().with("request_id", "r-1").enter(&lab));
        assert_eq!(LogContext::clear(&lab).to_string(), left);
    }
}

/// Keeps bytes without a lock of the platform, so that only the logger's own locks run the hook.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Sink for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no test panics here").extend_from_slice(bytes);
        Ok(bytes.len())
    }
}

/// The numbers in the order of the file, where a slow thread is overtaken before its second lock, if it takes one.
fn numbers(plants: &'static [Plant]) -> Vec<u64> {
    let (arrived, at_second_lock) = mpsc::channel();
    let (overtaken, go_on) = mpsc::channel();
    let (locks, go_on) = (AtomicU32::new(0), Mutex::new(go_on));
    let lab = Lab::with_plants(plants).before_each_lock(move || {
        if std::thread::current().name() == Some("slow") && locks.fetch_add(1, SeqCst) == 1 {
            arrived.send(()).expect("the test waits for this");
            go_on.lock().expect("one waiter").recv().expect("the fast event follows");
        }
    });
    let kept = Kept::default();
    let logger = Logger::on(lab.clone(), "llm", kept.clone());
    let slow = logger.clone();
    let slow = lab.spawn("slow", move || slow.info("slow")).expect("a thread starts");
    // Sound code never comes to a second lock: then the thread simply ends first.
    while !slow.is_finished() && at_second_lock.try_recv().is_err() {
        std::thread::yield_now();
    }
    logger.info("fast");
    overtaken.send(()).expect("the hook lives as long as the logger");
    JoinHandle::join(slow).expect("it does not panic");
    let log = read_json_log(&kept.0.lock().expect("no test panics here"));
    log.records.iter().filter_map(|record| record.seq()).collect()
}

#[test]
fn a_number_taken_outside_the_lock_is_overtaken() {
    assert_eq!(numbers(&[plants::SEQ_OUTSIDE_LOCK]), [2, 1]);
    assert_eq!(numbers(&[]), [1, 2]);
}

#[test]
fn every_plant_has_a_name_of_its_own() {
    let names: BTreeSet<_> = plants::ALL.iter().map(|plant| plant.name()).collect();
    assert_eq!(names.len(), plants::ALL.len());
}
