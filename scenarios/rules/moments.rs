//! Times around the boundaries of a configuration.

use crate::time::NANOSECOND;
use retrip_sim::stream::Generator;
use std::time::Duration;

/// Often exactly a boundary, or a nanosecond less or more, else anything up to twice the longest of them.
pub(super) fn around(boundaries: &[Duration], script: &mut Generator) -> Duration {
    let boundary = *script.pick(boundaries);
    match script.index(6) {
        0 => Duration::ZERO,
        1 => boundary.saturating_sub(NANOSECOND),
        2 => boundary + NANOSECOND,
        3 => {
            let longest = boundaries.iter().max().copied().unwrap_or_default();
            script.duration_within(Duration::ZERO..=longest * 2)
        }
        _ => boundary,
    }
}
