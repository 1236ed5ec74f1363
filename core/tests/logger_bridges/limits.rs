//! The rate limit goes by the type that an event or a record has in the end.

use crate::desk::Desk;
use retrip_core::logger::{EventType, RateLimit, Record};
use std::time::Duration;

/// One of each type, and no other ever: the clock stands still.
fn one_of_each() -> Desk {
    Desk::of(|builder| builder.rate_limit(RateLimit::of(1, Duration::from_secs(1))))
}

/// One event of each of two types is written, and four are held back.
fn one_of_two_types_is_there(desk: &Desk) {
    let stats = desk.logger.stats();
    assert_eq!((stats.accepted - stats.notices, stats.rate_limited), (2, 4));
    let log = desk.log();
    let types = log.records.iter().filter_map(Record::event_type);
    let types: Vec<_> = types.filter(|one| *one != EventType::LogDropped).collect();
    assert_eq!(types, [EventType::Custom, EventType::ErrorRecovered]);
}

#[test]
fn an_event_takes_its_token_from_the_type_that_a_field_names() {
    let desk = one_of_each();
    desk.during(|| {
        for _ in 0..3 {
            tracing::warn!("m");
        }
        for n in 0..3 {
            tracing::warn!(n, event_type = "error.recovered", "m");
        }
    });
    one_of_two_types_is_there(&desk);
}

#[test]
fn a_record_takes_its_token_from_the_type_that_a_key_value_names() {
    let desk = one_of_each();
    let backend = desk.backend();
    for _ in 0..3 {
        log::warn!(logger: backend, "m");
    }
    for n in 0..3 {
        log::warn!(logger: backend, n, event_type = "error.recovered"; "m");
    }
    one_of_two_types_is_there(&desk);
}

#[test]
fn what_is_held_back_is_not_printed() {
    let desk = one_of_each();
    let panics = std::fmt::from_fn(|_| panic!("nobody prints it"));
    desk.during(|| {
        tracing::warn!("m");
        tracing::warn!(value = %panics, "m");
    });
    log::warn!(logger: desk.backend(), "{panics}");
    let stats = desk.logger.stats();
    assert_eq!((stats.rate_limited, stats.panicked_values), (2, 0));
}
