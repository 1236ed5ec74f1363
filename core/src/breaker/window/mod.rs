//! The last results of a closed breaker, and whether their rates open it.

mod buckets;
mod last_calls;

use super::{Cause, Span, Window, plants};
use crate::door::{Instant, Rules};
use buckets::Buckets;
use last_calls::LastCalls;
use std::time::Duration;

/// What a [`Window`] holds, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct WindowCounts {
    /// Calls that succeeded or failed.
    pub calls: u64,
    /// Those that failed.
    pub failures: u64,
    /// Those that were slow.
    pub slow: u64,
}

/// What is remembered of one call.
#[derive(Clone, Copy, Debug)]
struct Remembered {
    failed: bool,
    slow: bool,
}

impl WindowCounts {
    const fn add(&mut self, call: Remembered) {
        self.calls += 1;
        self.failures += call.failed as u64;
        self.slow += call.slow as u64;
    }

    const fn remove(&mut self, other: Self) {
        self.calls -= other.calls;
        self.failures -= other.failures;
        self.slow -= other.slow;
    }
}

/// The results that are in a window.
#[derive(Clone, Debug)]
pub(super) struct Results {
    rule: Window,
    kept: Kept,
}

#[derive(Clone, Debug)]
enum Kept {
    Calls(LastCalls),
    Time(Buckets),
}

impl Results {
    pub(super) fn new(rule: Window) -> Self {
        let kept = match rule.span {
            Span::Calls(calls) => Kept::Calls(LastCalls::new(calls)),
            Span::Time { bucket, buckets } => Kept::Time(Buckets::new(bucket, buckets)),
        };
        Self { rule, kept }
    }

    /// A new period begins, with nothing in the window.
    pub(super) fn clear(&mut self) {
        match &mut self.kept {
            Kept::Calls(calls) => calls.clear(),
            Kept::Time(buckets) => buckets.clear(),
        }
    }

    /// A call ended at `now`, after `took`.
    pub(super) fn record(
        &mut self,
        failed: bool,
        took: Duration,
        now: Instant,
        rules: &impl Rules,
    ) {
        let call = Remembered { failed, slow: self.is_slow(took, rules) };
        match &mut self.kept {
            Kept::Calls(calls) => calls.push(call, rules),
            Kept::Time(buckets) => buckets.add(call, now, rules),
        }
    }

    /// Whether a call that took so long was slow.
    pub(super) fn is_slow(&self, took: Duration, rules: &impl Rules) -> bool {
        self.rule.slow_calls.is_some_and(|slow| {
            took > slow.slower_than
                || rules.broken_by(plants::SLOW_AT_THE_LIMIT) && took == slow.slower_than
        })
    }

    /// What is in the window at `now`.
    pub(super) fn counts(&self, now: Instant) -> WindowCounts {
        match &self.kept {
            Kept::Calls(calls) => calls.counts(),
            Kept::Time(buckets) => buckets.counts(now),
        }
    }

    /// Why the breaker has to open, if it has to, after what was recorded last.
    pub(super) fn trips(&self, rules: &impl Rules) -> Option<Cause> {
        let counts = match &self.kept {
            Kept::Calls(calls) => calls.counts(),
            Kept::Time(buckets) => buckets.recorded(),
        };
        let off_by_one = rules.broken_by(plants::MINIMUM_CALLS_OFF_BY_ONE);
        if counts.calls < u64::from(self.rule.minimum_calls) + u64::from(off_by_one) {
            return None;
        }
        // Rates are above nothing: without a part, none is reached.
        if counts.failures == 0 && counts.slow == 0 {
            return None;
        }
        let reached = |part: u64, rate: super::Share| {
            let exactly = rate.is_reached_by(part, counts.calls);
            if rules.broken_by(plants::RATE_MUST_BE_EXCEEDED) {
                return exactly && (part == 0 || rate.is_reached_by(part - 1, counts.calls));
            }
            exactly
        };
        if self.rule.failure_rate.is_some_and(|rate| reached(counts.failures, rate)) {
            return Some(Cause::FailureRate);
        }
        let slow = self.rule.slow_calls.is_some_and(|slow| reached(counts.slow, slow.rate));
        slow.then_some(Cause::SlowRate)
    }
}
