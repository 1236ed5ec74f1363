//! The results that are in a window, kept one by one.

use super::answer::Took;
use retrip_core::breaker::{SlowCalls, Span, Window};
use retrip_core::door::Instant;
use std::time::Duration;

/// The results of a closed breaker, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Results(Vec<Counted>);

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Counted {
    /// The number of the bucket, where the window is one of time.
    bucket: u64,
    failed: bool,
    slow: bool,
}

/// Which results are in the window, and when they open the breaker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule(Window);

impl Results {
    /// Nothing has been called.
    pub(crate) const NONE: Self = Self(Vec::new());
}

impl Rule {
    pub(crate) const fn of(window: Window) -> Self {
        Self(window)
    }

    /// What may be in the window after a result that came between two moments, and whether it opens the breaker.
    pub(crate) fn after(
        self,
        results: &Results,
        (from, until): (Instant, Instant),
        failed: bool,
        took: Took,
    ) -> Vec<(Results, bool)> {
        let bucket = |at: Instant| match self.0.span {
            Span::Calls(_) => 0,
            Span::Time { bucket, .. } => at.as_nanos() / nanos(bucket),
        };
        let mut all = Vec::new();
        // Results come in the order of their buckets.
        let newest = results.0.last().map_or(0, |newest| newest.bucket);
        for bucket in bucket(from).max(newest)..=bucket(until) {
            for slow in self.may_be_slow(took) {
                let mut results = results.clone();
                results.0.push(Counted { bucket, failed, slow });
                self.forget(&mut results.0, bucket);
                let trips = self.trips(&results.0);
                all.push((results, trips));
            }
        }
        all
    }

    /// Whether a call that took between so and so long was slow: both where that is not certain.
    pub(crate) fn may_be_slow(self, Took { least, most }: Took) -> Vec<bool> {
        let Some(SlowCalls { slower_than, .. }) = self.0.slow_calls else { return vec![false] };
        match (least > slower_than, most > slower_than) {
            (true, _) => vec![true],
            (false, false) => vec![false],
            (false, true) => vec![false, true],
        }
    }

    /// Leaves out what is not in the window any more.
    fn forget(self, results: &mut Vec<Counted>, bucket: u64) {
        match self.0.span {
            Span::Calls(most) => {
                let most = usize::try_from(most).expect("a window has its limit");
                results.drain(..results.len().saturating_sub(most));
            }
            Span::Time { buckets, .. } => {
                results.retain(|result| result.bucket + u64::from(buckets) > bucket);
            }
        }
    }

    fn trips(self, results: &[Counted]) -> bool {
        let all = results.len() as u64;
        let reaches =
            |part: usize, share: u32| part > 0 && part as u64 * 1_000_000 >= u64::from(share) * all;
        let failed = results.iter().filter(|result| result.failed).count();
        let slow = results.iter().filter(|result| result.slow).count();
        all >= u64::from(self.0.minimum_calls)
            && (self.0.failure_rate.is_some_and(|rate| reaches(failed, rate.as_per_million()))
                || self
                    .0
                    .slow_calls
                    .is_some_and(|slow_calls| reaches(slow, slow_calls.rate.as_per_million())))
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).expect("a bucket is shorter than a century")
}
