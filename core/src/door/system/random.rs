//! Random numbers from the operating system's seed.
#![expect(
    clippy::disallowed_types,
    reason = "System is the one place that takes seeds from the operating system"
)]

use super::System;
use crate::door::{Random, Stream};
use std::cell::Cell;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::num::NonZeroU64;

thread_local! {
    /// The state of this thread's generator; seeded by std's keys, which come from the operating system.
    static STATE: Cell<u64> = Cell::new(RandomState::new().build_hasher().finish());
}

/// SplitMix64 by Sebastiano Vigna (public domain reference): good enough to spread retries, not for secrets.
fn next() -> u64 {
    let advance = |state: &Cell<u64>| {
        let next = state.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        state.set(next);
        next
    };
    // A thread that is being torn down has no state any more; a fresh one serves.
    let mut z =
        STATE.try_with(advance).unwrap_or_else(|_| RandomState::new().build_hasher().finish());
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Random for System {
    /// For jitter, not for secrets. The bias is below `bound / 2^64`. Streams share one generator per thread: without a
    /// seed there is nothing to keep apart.
    fn draw(&self, _stream: Stream, bound: NonZeroU64) -> u64 {
        let scaled = (u128::from(next()) * u128::from(bound.get())) >> 64;
        u64::try_from(scaled).expect("the high half of a product of two u64 fits a u64")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_below_the_bound_and_reach_all_of_it() {
        let bound = NonZeroU64::new(6).expect("six is not zero");
        let mut seen = [0_u32; 6];
        for _ in 0..6000 {
            let face = System.draw(Stream::named("die"), bound);
            seen[usize::try_from(face).expect("a face fits")] += 1;
        }
        assert!(seen.iter().all(|&count| count > 600), "{seen:?}");
    }
}
