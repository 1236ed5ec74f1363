//! Does `latency_is_exact` add up what the last hundred calls took by the script?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_sim::check::breaker::latency_is_exact;
use retrip_sim::log::{BackendEvent, Value};
use std::time::Duration;

fn takes(nanos: u64) -> Entry {
    backend(BackendEvent::Takes(Duration::from_nanos(nanos)))
}

fn latencies(kept: i64, together: u64) -> Entry {
    let together = Value::Duration(Duration::from_nanos(together));
    read(&[("latencies", count(kept)), ("together", together)])
}

#[test]
fn what_the_calls_so_far_took_keeps_it() {
    let log = [
        (0, latencies(0, 0), '+'),
        (0, serves(), '.'),
        (0, latencies(1, 0), '+'),
        (S, takes(2 * S), '.'),
        (S, latencies(1, 0), '+'),
        (S, serves(), '.'),
        (3 * S, takes(1), '.'),
        (3 * S, serves(), '.'),
        (4 * S, serves(), '.'),
        (5 * S, latencies(4, 2 * S + 2), '+'),
    ];
    keeps(latency_is_exact("llm"), log, '.');
}

#[test]
fn one_nanosecond_or_one_latency_more_or_less_breaks_it() {
    let log = [(S, takes(2 * S), '.'), (S, serves(), '.'), (3 * S, serves(), '.')];
    let wanted = "2 latencies, 4.000s together";
    let cases = [
        (latencies(2, 4 * S + 1), "2 latencies, 4.000000001s together"),
        (latencies(2, 4 * S - 1), "2 latencies, 3.999999999s together"),
        (latencies(1, 4 * S), "1 latencies, 4.000s together"),
        (latencies(3, 4 * S), "3 latencies, 4.000s together"),
        (latencies(2, 4 * S).lacks("latencies"), " latencies, 4.000s together"),
        (latencies(2, 4 * S).lacks("together"), "2 latencies,  together"),
    ];
    for (reading, found) in cases {
        breaks(latency_is_exact("llm"), log.clone(), (6 * S, reading), wanted, found);
    }
}

#[test]
fn the_last_hundred_are_kept() {
    let first = [(S, takes(7 * S), '.'), (S, serves(), '.'), (9 * S, takes(1), '.')];
    let calls =
        |more: usize| first.clone().into_iter().chain((0..more).map(|_| (9 * S, serves(), '.')));
    let kept = |more, together| calls(more).chain([(10 * S, latencies(100, together), '+')]);
    keeps(latency_is_exact("llm"), kept(99, 7 * S + 99), '.');
    keeps(latency_is_exact("llm"), kept(100, 100), '.');
    let wanted = "100 latencies, 0.000000100s together";
    let found = "101 latencies, 7.000000100s together";
    let all = (10 * S, latencies(101, 7 * S + 100));
    breaks(latency_is_exact("llm"), calls(100), all, wanted, found);
}

#[test]
fn another_breaker_and_other_notes_are_not_its_business() {
    let log = [
        (S, takes(2 * S), '.'),
        (S, takes(9 * S).about("db"), '.'),
        (S, serves().about("db"), '.'),
        (S, does("waits", &[]), '.'),
        (S, backend(BackendEvent::Fails), '.'),
        (S, latencies(5, 5).about("db"), '.'),
        (S, does("is seen", &[]), '.'),
        (S, serves(), '.'),
        (3 * S, latencies(1, 2 * S), '+'),
    ];
    keeps(latency_is_exact("llm"), log, '.');
}
