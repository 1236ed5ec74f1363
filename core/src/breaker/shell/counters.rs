//! What is counted of calls that take no lock.

use crate::breaker::plants;
use crate::breaker::stats::Counts;
use crate::breaker::ticket::StripeNumber;
use crate::door::{Atomic, AtomicInteger, Platform, Rules};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// Counters in stripes: threads that run side by side count in different ones.
pub(super) struct Counters<P: Platform> {
    stripes: Box<[Stripe<P>]>,
}

/// One cache line of counters.
#[repr(align(64))]
struct Stripe<P: Platform> {
    admitted: P::AtomicU64,
    success: P::AtomicU64,
    ignored: P::AtomicU64,
    rejected: P::AtomicU64,
    fallback: P::AtomicU64,
}

/// The most stripes.
const MOST: usize = 8;

impl<P: Platform> Counters<P> {
    /// As many stripes as the platform runs threads side by side, down to a power of two.
    pub(super) fn new(platform: &P) -> Self {
        let side_by_side = platform.parallelism().get().min(MOST);
        let count = 1 << side_by_side.ilog2();
        let zero = || platform.atomic_u64(0);
        let stripe = || Stripe {
            admitted: zero(),
            success: zero(),
            ignored: zero(),
            rejected: zero(),
            fallback: zero(),
        };
        Self { stripes: (0..count).map(|_| stripe()).collect() }
    }

    /// The stripe of whoever asks, by its number.
    #[inline]
    pub(super) fn own(&self, platform: &P) -> StripeNumber {
        // A power of two, so that the rest is a mask. Most is a small number.
        match self.stripes.len() - 1 {
            0 => StripeNumber(0),
            mask => StripeNumber((platform.number().get() & mask as u64) as u8),
        }
    }

    #[inline]
    fn stripe(&self, number: StripeNumber) -> &Stripe<P> {
        &self.stripes[usize::from(number.0) & (self.stripes.len() - 1)]
    }

    // What a thread has done is told in the order in which it was done: whoever sees the last of it sees all of it.
    #[inline]
    pub(super) fn admit(&self, own: StripeNumber) {
        self.stripe(own).admitted.fetch_add(1, Release);
    }

    #[inline]
    pub(super) fn succeed(&self, own: StripeNumber, rules: &P) {
        if rules.broken_by(plants::SUCCESSES_COUNTED_BY_A_STORE) {
            let success = &self.stripe(own).success;
            success.store(success.load(Relaxed) + 1, Relaxed);
            return;
        }
        self.stripe(own).success.fetch_add(1, Release);
    }

    pub(super) fn ignore(&self, own: StripeNumber) {
        self.stripe(own).ignored.fetch_add(1, Release);
    }

    /// Returns how many it has been in this stripe.
    #[inline]
    pub(super) fn reject(&self, own: StripeNumber) -> u64 {
        self.stripe(own).rejected.fetch_add(1, Release).wrapping_add(1)
    }

    pub(super) fn fall_back(&self, own: StripeNumber) {
        self.stripe(own).fallback.fetch_add(1, Release);
    }

    /// Rejections so far.
    pub(super) fn rejections(&self) -> u64 {
        self.sum(|stripe| &stripe.rejected)
    }

    /// Successes so far.
    pub(super) fn successes(&self) -> u64 {
        self.sum(|stripe| &stripe.success)
    }

    /// All of it as it was at one moment; nothing where it did not hold still.
    ///
    /// Counters only grow. So where each of them is read twice, and is the second time what it was the first, all of them were
    /// that between the two: the double collect of Afek et al., "Atomic Snapshots of Shared Memory" (J. ACM 40, 1993).
    pub(super) fn at_once(&self, rules: &P) -> Option<Counts> {
        if rules.broken_by(plants::BEGINNINGS_ARE_READ_FIRST) {
            let admitted = self.sum(|stripe| &stripe.admitted);
            return Some(Counts { admitted, ..self.read() });
        }
        let first = self.read();
        let is_still = rules.broken_by(plants::COUNTERS_ARE_READ_ONCE) || self.read() == first;
        is_still.then_some(first)
    }

    /// The same, where nobody goes on counting.
    pub(super) fn held_still(&self, rules: &P) -> Counts {
        loop {
            if let Some(counts) = self.at_once(rules) {
                return counts;
            }
        }
    }

    fn read(&self) -> Counts {
        Counts {
            success: self.successes(),
            ignored: self.sum(|stripe| &stripe.ignored),
            fallback: self.sum(|stripe| &stripe.fallback),
            rejected: self.rejections(),
            admitted: self.sum(|stripe| &stripe.admitted),
        }
    }

    fn sum(&self, counter: impl Fn(&Stripe<P>) -> &P::AtomicU64) -> u64 {
        self.stripes.iter().map(|stripe| counter(stripe).load(Acquire)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::System;

    #[test]
    fn each_number_counts_in_a_stripe_of_its_own() {
        let counters = Counters::new(&System);
        let numbers = 0..u8::try_from(counters.stripes.len()).expect("there are few");
        numbers.for_each(|number| counters.admit(StripeNumber(number)));
        for stripe in &counters.stripes {
            assert_eq!(stripe.admitted.load(Relaxed), 1);
        }
    }
}
