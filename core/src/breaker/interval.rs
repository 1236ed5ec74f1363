//! The time that an open breaker stays open.

use super::{Moment, Share, plants};
use crate::door::{Instant, Rules, Timestamp};
use std::time::Duration;

/// The open interval: when it began, and how long it lasts.
#[derive(Clone, Debug)]
pub(super) struct OpenInterval {
    began: Instant,
    /// When it began on the wall clock, in nanoseconds: for a planted bug.
    wall: i64,
    length: Duration,
}

impl OpenInterval {
    /// None yet.
    pub(super) const NONE: Self = Self { began: Instant::ORIGIN, wall: 0, length: Duration::ZERO };

    pub(super) fn new(began: Moment, length: Duration) -> Self {
        Self { began: began.mono, wall: nanos(began.wall), length }
    }

    pub(super) const fn length(&self) -> Duration {
        self.length
    }

    /// Makes the interval `length` long, from where it began: a planted bug.
    pub(super) const fn lasts(&mut self, length: Duration) {
        self.length = length;
    }

    /// An interval of `length` that is shorter by a random part, up to `jitter` of it: with `seed` always the same one.
    ///
    /// The bits are those of SplitMix64 (Steele, Lea and Flood, 2014).
    pub(super) fn shortened(length: Duration, jitter: Share, seed: u64) -> Duration {
        if jitter == Share::NONE {
            return length;
        }
        let nanos = u64::try_from(length.as_nanos()).unwrap_or(u64::MAX);
        let mut bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        let most = u128::from(jitter.of(nanos)) + 1;
        let less = u64::try_from((u128::from(bits) * most) >> 64).expect("it is below `most`");
        Duration::from_nanos((nanos - less).max(1))
    }

    pub(super) const fn began(&self) -> Instant {
        self.began
    }

    /// Takes note of a clock that went back: an interval that has not begun at `now` begins then.
    pub(super) fn observe(&mut self, now: Moment, rules: &impl Rules) {
        let wraps = || rules.broken_by(plants::READINGS_WRAP);
        if now.mono < self.began && (wraps() || rules.broken_by(plants::BACKWARD_READING_IGNORED)) {
            return;
        }
        self.began = self.began.min(now.mono);
    }

    /// Whether the interval is over: from exactly its end on.
    pub(super) fn is_over(&self, now: Moment, rules: &impl Rules) -> bool {
        let passed = self.passed(now, rules);
        if rules.broken_by(plants::LATE_BY_ONE_NANOSECOND) {
            return passed > self.length;
        }
        if rules.broken_by(plants::EARLY_BY_ONE_NANOSECOND) {
            return passed.saturating_add(Duration::from_nanos(1)) >= self.length;
        }
        passed >= self.length
    }

    /// How much of the interval is left; zero when it is over.
    pub(super) fn left(&self, now: Moment, rules: &impl Rules) -> Duration {
        self.length.saturating_sub(self.passed(now, rules))
    }

    fn passed(&self, now: Moment, rules: &impl Rules) -> Duration {
        if rules.broken_by(plants::WALL_CLOCK_INTERVAL) {
            let passed = nanos(now.wall).saturating_sub(self.wall);
            return Duration::from_nanos(u64::try_from(passed).unwrap_or(0));
        }
        if rules.broken_by(plants::READINGS_WRAP) {
            return Duration::from_nanos(now.mono.as_nanos().wrapping_sub(self.began.as_nanos()));
        }
        if now.mono.as_nanos() == u64::MAX && rules.broken_by(plants::END_OF_TIME_ENDS_INTERVALS) {
            return Duration::MAX;
        }
        // Never computed as a deadline: at the end of time that would saturate and come too early.
        now.mono.saturating_duration_since(self.began)
    }
}

/// Nanoseconds since 1970, within 292 years of it.
fn nanos(wall: Timestamp) -> i64 {
    let nanos = wall.as_unix_nanos().clamp(i64::MIN.into(), i64::MAX.into());
    i64::try_from(nanos).expect("it is clamped")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::Sound;

    fn at(nanos: u64) -> Moment {
        Moment::at(Instant::from_nanos(nanos))
    }

    #[test]
    fn an_interval_is_over_at_exactly_its_end() {
        let interval = OpenInterval::new(at(5), Duration::from_nanos(10));
        assert!(!interval.is_over(at(14), &Sound));
        assert_eq!(interval.left(at(14), &Sound), Duration::from_nanos(1));
        assert!(interval.is_over(at(15), &Sound));
        assert_eq!(interval.left(at(16), &Sound), Duration::ZERO);
    }

    #[test]
    fn a_clock_that_went_back_begins_the_interval_again() {
        let mut interval = OpenInterval::new(at(u64::MAX), Duration::from_nanos(10));
        interval.observe(at(3), &Sound);
        assert!(!interval.is_over(at(12), &Sound));
        assert!(interval.is_over(at(13), &Sound));
    }

    #[test]
    fn jitter_shortens_by_at_most_its_share() {
        let length = Duration::from_nanos(1000);
        let shortened = |seed| OpenInterval::shortened(length, Share::percent(20), seed).as_nanos();
        let lengths: Vec<u128> = (0..10_000).map(shortened).collect();
        assert_eq!(lengths.iter().min(), Some(&800));
        assert_eq!(lengths.iter().max(), Some(&1000));
        let mean = lengths.iter().sum::<u128>() / 10_000;
        assert!((895..=905).contains(&mean), "{mean}");
        assert_eq!(OpenInterval::shortened(length, Share::NONE, 7), length);
        let nanosecond = Duration::from_nanos(1);
        assert_eq!(OpenInterval::shortened(nanosecond, Share::ALL, 7), nanosecond);
    }

    #[test]
    fn jitter_is_the_first_number_of_splitmix64() {
        let longest = Duration::from_nanos(u64::MAX);
        for (seed, first) in [(0, 0xe220_a839_7b1d_cdaf), (1, 0x910a_2dec_8902_5cc1)] {
            let shortened = OpenInterval::shortened(longest, Share::ALL, seed);
            assert_eq!(shortened, Duration::from_nanos(u64::MAX - first));
        }
    }

    #[test]
    fn the_end_of_time_is_not_the_end_of_an_interval() {
        let interval = OpenInterval::new(at(u64::MAX - 5), Duration::from_nanos(10));
        assert!(!interval.is_over(at(u64::MAX), &Sound));
        let endless = OpenInterval::new(at(0), Duration::MAX);
        assert!(!endless.is_over(at(u64::MAX), &Sound));
    }
}
