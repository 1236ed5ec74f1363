//! What a circuit breaker promises, one promise per file. Each is judged from the breaker's events alone, by a model of
//! its own that shares no code with the breaker.

mod open_ends;
mod open_rejects;
mod opening;

pub use open_ends::{OpenEnds, open_ends};
pub use open_rejects::{OpenRejects, open_rejects};

use crate::log::{Event, What};
use retrip_core::breaker;

/// The breaker's own event in `event`, where it is one of the breaker called `who`.
fn of<'e>(event: &'e Event, who: &str) -> Option<&'e breaker::Event> {
    match &event.what {
        What::Breaker(own) if *event.who == *who => Some(own),
        _ => None,
    }
}
