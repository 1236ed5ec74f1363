//! Code of the caller's, or of a sink, that the logger runs: its panics end here.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a line holds in place of a value that has panicked.
pub(super) const PANICKED: &str = "<panicked>";

/// What `body` returns; nothing where it panics.
#[inline]
pub(super) fn run<R>(body: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(result) => Some(result),
        Err(payload) => {
            // To drop it is code of the caller's again, and may panic again.
            std::mem::forget(payload);
            None
        }
    }
}
