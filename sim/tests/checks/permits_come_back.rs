//! Does `permits_come_back` judge what is under way at a last reading, and nothing else?

use crate::entry::*;
use crate::verdict::{breaks_at_end, keeps};
use retrip_sim::check::breaker::permits_come_back;
use retrip_sim::log::BackendEvent;

fn in_flight(calls: i64) -> Entry {
    read(&[("in flight", count(calls)), ("success", count(7)), ("late", count(3))])
}

#[test]
fn none_under_way_keeps_it_and_any_other_number_breaks_it() {
    keeps(permits_come_back("llm"), [(S, ok(), '.'), (2 * S, in_flight(0), '.')], '+');
    for (calls, found) in [(1, "in flight 1"), (-1, "in flight -1")] {
        let log = [(S, ok(), '.'), (2 * S, in_flight(calls), '.')];
        breaks_at_end(permits_come_back("llm"), log, "in flight 0", found);
    }
}

#[test]
fn the_last_reading_counts() {
    let log = [(S, in_flight(1), '.'), (2 * S, in_flight(0), '.')];
    keeps(permits_come_back("llm"), log, '+');
    let log = [(S, in_flight(0), '.'), (2 * S, in_flight(1), '.')];
    breaks_at_end(permits_come_back("llm"), log, "in flight 0", "in flight 1");
}

#[test]
fn a_reading_after_which_something_happens_to_it_is_no_last_one() {
    for after in
        [tried(), serves(), backend(BackendEvent::Recovers), in_flight(1).lacks("in flight")]
    {
        keeps(permits_come_back("llm"), [(S, in_flight(1), '.'), (2 * S, after, '.')], '.');
    }
    keeps(permits_come_back("llm"), [(S, ok(), '.')], '.');
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = [
        (S, in_flight(1).about("db"), '.'),
        (2 * S, in_flight(0), '.'),
        (3 * S, tried().about("db"), '.'),
        (4 * S, in_flight(1).about("db"), '.'),
        (5 * S, does("is seen", &[("in flight", count(1))]).about("db"), '.'),
    ];
    keeps(permits_come_back("llm"), log, '+');
    keeps(permits_come_back("llm"), [(S, in_flight(1).about("db"), '.')], '.');
    let no_reading = does("is seen", &[("in flight", count(1))]);
    keeps(permits_come_back("llm"), [(S, no_reading, '.')], '.');
}
