//! A count that many units add to side by side.

use crate::door::{Atomic, AtomicInteger, Platform};
use std::sync::atomic::Ordering::Relaxed;

/// How many stripes.
const STRIPES: usize = 8;

/// A count in stripes. Units whose numbers are small each have one to themselves, and need no locked instruction to add to it; all others
/// share what is beside.
pub(super) struct Stripes<P: Platform> {
    stripes: [Stripe<P>; STRIPES],
}

/// One cache line.
#[repr(align(64))]
struct Stripe<P: Platform> {
    /// Written by the unit alone whose number is that of the stripe.
    own: P::AtomicU64,
    /// Written by all others whose numbers end in that.
    shared: P::AtomicU64,
}

/// Where a unit adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Own(usize),
    Shared(usize),
}

impl Place {
    /// That of the unit with this number.
    #[inline]
    const fn of(number: u64) -> Self {
        let stripe = number as usize % STRIPES;
        if number < STRIPES as u64 { Self::Own(stripe) } else { Self::Shared(stripe) }
    }
}

impl<P: Platform> Stripes<P> {
    pub(super) fn new(platform: &P) -> Self {
        let zero = || platform.atomic_u64(0);
        Self { stripes: std::array::from_fn(|_| Stripe { own: zero(), shared: zero() }) }
    }

    /// Adds one.
    #[inline]
    pub(super) fn add(&self, platform: &P) {
        match Place::of(platform.number().get()) {
            Place::Own(stripe) => {
                let own = &self.stripes[stripe].own;
                own.store(own.load(Relaxed).wrapping_add(1), Relaxed);
            }
            Place::Shared(stripe) => {
                self.stripes[stripe].shared.fetch_add(1, Relaxed);
            }
        }
    }

    /// What has been added, exact whenever nobody does.
    pub(super) fn sum(&self) -> u64 {
        let stripes = self.stripes.iter();
        stripes
            .map(|stripe| stripe.own.load(Relaxed).wrapping_add(stripe.shared.load(Relaxed)))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::System;
    use std::thread;

    #[test]
    fn units_with_the_smallest_numbers_have_a_place_to_themselves_and_all_others_share_one() {
        for number in 0..STRIPES as u64 {
            assert_eq!(Place::of(number), Place::Own(number as usize));
        }
        for number in (STRIPES as u64..1000).chain([u64::MAX]) {
            assert_eq!(Place::of(number), Place::Shared(number as usize % STRIPES));
        }
    }

    #[test]
    fn nothing_is_lost_between_units_that_have_a_stripe_and_units_that_share_one() {
        const EACH: u64 = 1_000;
        let count = Stripes::new(&System);
        let units = 3 * STRIPES as u64;
        thread::scope(|scope| {
            for _ in 0..units {
                scope.spawn(|| (0..EACH).for_each(|_| count.add(&System)));
            }
        });
        assert_eq!(count.sum(), units * EACH);
        let shared: u64 = count.stripes.iter().map(|stripe| stripe.shared.load(Relaxed)).sum();
        assert!(shared >= (units - STRIPES as u64) * EACH, "{shared}");
    }
}
