//! The performance guard measures the monotonic clock exactly, and tells how the operation ended.

use crate::lab::Lab;
use retrip_core::logger::{LogPerformance, Logger, MemorySink};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn ends_with(sink: &MemorySink<Lab>, level: &str, ending: &str) {
    let lines = sink.lines();
    let last = lines.last().expect("a line was written");
    assert!(last.contains(&format!(r#""level":"{level}""#)), "{last}");
    assert!(last.ends_with(ending), "{last}");
}

#[test]
fn a_duration_is_exactly_the_time_that_passed() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = Logger::on(lab.clone(), "llm", sink.clone());
    let measured = LogPerformance::start(&logger, "ask");
    lab.advance(12_000_345);
    drop(measured);
    ends_with(&sink, "INFO", r#""operation":"ask","duration_ms":12.000345,"status":"ok"}"#);
}

#[test]
fn a_failure_is_an_error_and_is_told() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = Logger::on(lab.clone(), "llm", sink.clone());
    let mut measured = LogPerformance::start(&logger, "ask");
    measured.fail(&std::fmt::Error);
    lab.advance(2_000_000);
    drop(measured);
    let ending =
        format!(r#""duration_ms":2,"status":"failed","error_message":"{}"}}"#, std::fmt::Error);
    ends_with(&sink, "ERROR", &ending);
}

#[test]
fn a_panic_is_an_error_and_goes_on() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = Logger::on(lab, "llm", sink.clone());
    let result = catch_unwind(AssertUnwindSafe(|| {
        let _measured = LogPerformance::start(&logger, "ask");
        panic!("planned");
    }));
    assert!(result.is_err());
    ends_with(&sink, "ERROR", r#""status":"panicked"}"#);
}

#[test]
fn a_measurement_that_begins_while_unwinding_may_end_well() {
    struct Cleanup<'l>(&'l Logger<Lab>);
    impl Drop for Cleanup<'_> {
        fn drop(&mut self) {
            let _measured = LogPerformance::start(self.0, "clean up");
        }
    }
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = Logger::on(lab, "llm", sink.clone());
    let result = catch_unwind(AssertUnwindSafe(|| {
        let _cleanup = Cleanup(&logger);
        panic!("planned");
    }));
    assert!(result.is_err());
    ends_with(&sink, "INFO", r#""status":"ok"}"#);
}
