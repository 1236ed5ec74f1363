//! A window of time in buckets.

use super::{Remembered, WindowCounts};
use crate::breaker::plants;
use crate::door::{Instant, Rules};
use std::ops::Range;
use std::time::Duration;

/// The buckets of the last time, each with what was counted in it.
#[derive(Clone, Debug)]
pub(super) struct Buckets {
    /// How long a bucket is, in nanoseconds.
    length: u64,
    /// Bucket number n is at n modulo their number.
    ring: Box<[Bucket]>,
    /// The number of the newest bucket.
    newest: u64,
    /// Where in the ring it is, and its time in nanoseconds: results of one bucket need no division.
    place: usize,
    time: Range<u64>,
    /// All of the ring together.
    counts: WindowCounts,
}

/// What a bucket has counted. More than 2^32 results in one are not told apart from so many.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    calls: u32,
    failures: u32,
    slow: u32,
}

impl Bucket {
    const fn counts(self) -> WindowCounts {
        WindowCounts {
            calls: self.calls as u64,
            failures: self.failures as u64,
            slow: self.slow as u64,
        }
    }
}

impl Buckets {
    pub(super) fn new(length: Duration, buckets: u32) -> Self {
        let length = u64::try_from(length.as_nanos()).unwrap_or(u64::MAX);
        let buckets = usize::try_from(buckets).expect("a window has its limit");
        let ring = vec![Bucket::default(); buckets].into_boxed_slice();
        let counts = WindowCounts::default();
        Self { length, ring, newest: 0, place: 0, time: 0..length, counts }
    }

    pub(super) fn clear(&mut self) {
        self.ring.fill(Bucket::default());
        self.counts = WindowCounts::default();
    }

    pub(super) fn add(&mut self, call: Remembered, now: Instant, rules: &impl Rules) {
        if !self.time.contains(&now.as_nanos()) {
            self.slide(now, rules);
        }
        let bucket = &mut self.ring[self.place];
        if bucket.calls < u32::MAX {
            bucket.calls += 1;
            bucket.failures += u32::from(call.failed);
            bucket.slow += u32::from(call.slow);
            self.counts.add(call);
        }
    }

    /// What is in the window at `now`.
    pub(super) fn counts(&self, now: Instant) -> WindowCounts {
        let mut counts = self.counts;
        if self.time.contains(&now.as_nanos()) {
            return counts;
        }
        for number in self.ended(now) {
            counts.remove(self.ring[self.place(number)].counts());
        }
        counts
    }

    /// What is in the window as of the last call that was added.
    pub(super) const fn recorded(&self) -> WindowCounts {
        self.counts
    }

    /// Empties the buckets that are too old at `now`.
    fn slide(&mut self, now: Instant, rules: &impl Rules) {
        if !rules.broken_by(plants::IDLE_GAP_KEEPS_THE_WINDOW)
            || self.newest + 1 == self.number(now)
        {
            for number in self.ended(now) {
                let place = self.place(number);
                self.counts.remove(std::mem::take(&mut self.ring[place]).counts());
            }
        }
        let number = self.number(now);
        if number < self.newest {
            self.turn(number);
        }
        self.newest = number;
        self.place = self.place(number);
        let begins = number * self.length;
        // At the end of time a bucket seems to be over before its last nanosecond, and slides to itself.
        self.time = begins..begins.saturating_add(self.length);
    }

    /// The clock went back: what there is keeps its order, and ends as if it were from now.
    fn turn(&mut self, number: u64) {
        let (from, to) = (self.place(self.newest), self.place(number));
        let buckets = self.ring.len();
        self.ring.rotate_right((to + buckets - from) % buckets);
    }

    /// The numbers of the buckets that are no longer in the window at `now`.
    fn ended(&self, now: Instant) -> Range<u64> {
        let buckets = self.ring.len() as u64;
        let passed = self.number(now).saturating_sub(self.newest).min(buckets);
        // Their places are those of as many new ones. A number is a time divided, and one more is a number still.
        let first = self.newest.saturating_add(1);
        first..first.saturating_add(passed)
    }

    const fn number(&self, now: Instant) -> u64 {
        now.as_nanos() / self.length
    }

    fn place(&self, number: u64) -> usize {
        usize::try_from(number % self.ring.len() as u64).expect("the ring has been made")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::Sound;

    const FAILED: Remembered = Remembered { failed: true, slow: false };

    fn at(nanos: u64) -> Instant {
        Instant::from_nanos(nanos)
    }

    fn calls(buckets: &Buckets, now: u64) -> u64 {
        buckets.counts(at(now)).calls
    }

    #[test]
    fn a_call_leaves_with_its_bucket() {
        let mut buckets = Buckets::new(Duration::from_nanos(10), 3);
        for nanos in [5, 15, 25] {
            buckets.add(FAILED, at(nanos), &Sound);
        }
        assert_eq!([29, 30, 39, 40, 50].map(|now| calls(&buckets, now)), [3, 2, 2, 1, 0]);
        buckets.add(FAILED, at(35), &Sound);
        assert_eq!(buckets.recorded(), WindowCounts { calls: 3, failures: 3, slow: 0 });
        // A gap that is longer than the window leaves nothing of it.
        buckets.add(FAILED, at(1000), &Sound);
        assert_eq!(buckets.recorded().calls, 1);
    }

    #[test]
    fn a_clock_that_goes_back_keeps_what_there_is_and_lets_it_end() {
        let mut buckets = Buckets::new(Duration::from_nanos(10), 3);
        for nanos in [u64::MAX - 10, u64::MAX] {
            buckets.add(FAILED, at(nanos), &Sound);
        }
        assert_eq!(calls(&buckets, 5), 2);
        buckets.add(FAILED, at(5), &Sound);
        assert_eq!([5, 19, 20, 30].map(|now| calls(&buckets, now)), [3, 3, 2, 0]);
    }

    #[test]
    fn the_end_of_time_is_a_time_like_another() {
        let mut buckets = Buckets::new(Duration::MAX, 2);
        buckets.add(FAILED, at(0), &Sound);
        buckets.add(FAILED, at(u64::MAX), &Sound);
        assert_eq!(calls(&buckets, u64::MAX), 2);
        let mut buckets = Buckets::new(Duration::from_nanos(1), 1);
        buckets.add(FAILED, at(0), &Sound);
        buckets.add(FAILED, at(u64::MAX), &Sound);
        assert_eq!(calls(&buckets, u64::MAX), 1);
    }
}
