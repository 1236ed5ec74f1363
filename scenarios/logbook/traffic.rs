//! What callers do at a station: they call, say something, and now and then somebody opens or closes the breaker by hand.

use super::operation::{Depth, Ending, StationOperation};
use super::station::Station;
use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, Nested};
use retrip_sim::scenario::Draft;
use retrip_sim::stream::Generator;
use std::time::Duration;

/// A station whose breaker opens soon, and takes a call within a call for one.
pub(super) fn station(s: &mut Draft<'_>) -> Station {
    let failure_threshold = Some(s.draw("failure_threshold", 1..=3));
    let open_for = s.draw_duration("open_for", secs(1)..=secs(5));
    let nested = Nested::Once;
    s.part(Station {
        config: BreakerConfig { failure_threshold, open_for, nested, ..closes_after(2) },
    })
}

/// A call, most of which fail.
pub(super) fn call(script: &mut Generator, request: String) -> StationOperation {
    let ending = *script.pick(&[Ending::Ok, Ending::Failed, Ending::Failed]);
    let depth = *script.pick(&[Depth::Alone, Depth::Alone, Depth::WithinACall]);
    let takes = Duration::from_micros(script.within(0..=900_000));
    StationOperation::Calls { ending, depth, takes, request }
}

/// A call, words for the log, or something by hand.
pub(super) fn anything(script: &mut Generator, request: String) -> StationOperation {
    match script.index(10) {
        0 => StationOperation::OpensByHand,
        1 => StationOperation::Resets,
        2..=4 => StationOperation::Says(format!("word-of-{request}")),
        _ => call(script, request),
    }
}

/// What is said when nobody does anything any more.
pub(super) fn last_words() -> StationOperation {
    StationOperation::Says("over".to_owned())
}
