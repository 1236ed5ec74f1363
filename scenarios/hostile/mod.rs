//! Situations of a monotonic clock that breaks its word: it jumps, stands still and comes to the end of its time.

mod breaker;
mod clock;
mod operation;
mod promise;
pub(crate) mod the_clock_shows_anything;
mod told;
