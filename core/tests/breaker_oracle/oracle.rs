//! The naive model: lists of what happened and when, looked at as a whole each time.

use retrip_core::breaker::{
    Backoff, BreakerConfig, Control, Outcome, Share, Span, State, WindowCounts,
};
use std::time::Duration;

/// What the oracle believes the breaker to be doing since it last changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mode {
    Closed,
    Open { from: u64, length: u64 },
    Trying { since: u64 },
    Forced,
    Isolated { from: u64, length: u64 },
    Disabled,
    Measuring,
}

/// A call that ended.
#[derive(Clone, Copy, Debug)]
struct Told {
    at: u64,
    took: u64,
    outcome: Outcome,
}

/// A call that was admitted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) period: u64,
    began: u64,
    trial: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Trial {
    InFlight { began: u64 },
    Silent,
    Ended(Outcome),
}

pub(crate) struct Oracle {
    config: BreakerConfig,
    pub(crate) mode: Mode,
    pub(crate) period: u64,
    /// Of the present half-open period.
    trials: Vec<Trial>,
    /// What ended and counted since the breaker was closed last, in whatever way.
    results: Vec<Told>,
    /// What ended and counted since somebody last made the breaker forget it.
    row: Vec<Outcome>,
    pub(crate) openings: u32,
    pub(crate) totals: Totals,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Totals {
    pub(crate) success: u64,
    pub(crate) failure: u64,
    pub(crate) ignored: u64,
    pub(crate) rejected: u64,
    pub(crate) stale: u64,
    pub(crate) reclaimed: u64,
    pub(crate) in_flight: u64,
    pub(crate) transitions: u64,
}

pub(crate) fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).expect("a few nanoseconds")
}

/// Whether `part` of `whole` is at least `share`.
fn reaches(part: usize, whole: usize, share: Share) -> bool {
    part as u128 * 1_000_000 >= u128::from(share.as_per_million()) * whole as u128
}

impl Oracle {
    pub(crate) fn new(config: BreakerConfig) -> Self {
        let (trials, results, row) = (Vec::new(), Vec::new(), Vec::new());
        let totals = Totals::default();
        Self { config, mode: Mode::Closed, period: 0, trials, results, row, openings: 0, totals }
    }

    pub(crate) fn state(&self, now: u64) -> State {
        match self.mode {
            Mode::Closed | Mode::Disabled | Mode::Measuring => State::Closed,
            Mode::Open { from, length } | Mode::Isolated { from, length } => {
                if now >= from + length { State::HalfOpen } else { State::Open }
            }
            Mode::Trying { .. } => match self.retry_after(now) {
                Some(0) => State::HalfOpen,
                _ => State::Open,
            },
            Mode::Forced => State::Open,
        }
    }

    pub(crate) const fn control(&self) -> Control {
        match self.mode {
            Mode::Closed | Mode::Open { .. } | Mode::Trying { .. } => Control::Automatic,
            Mode::Forced => Control::ForcedOpen,
            Mode::Isolated { .. } => Control::Isolated,
            Mode::Disabled => Control::Disabled,
            Mode::Measuring => Control::MetricsOnly,
        }
    }

    /// How long until a call may pass, where time alone decides that.
    pub(crate) fn retry_after(&self, now: u64) -> Option<u64> {
        match self.mode {
            Mode::Open { from, length } | Mode::Isolated { from, length } => {
                Some((from + length).saturating_sub(now))
            }
            Mode::Trying { .. } => Some(
                self.overdue_since(now)
                    .map_or(0, |end| (end + self.interval(None)).saturating_sub(now)),
            ),
            Mode::Closed | Mode::Forced | Mode::Disabled | Mode::Measuring => None,
        }
    }

    /// When the half-open period was over, if it is.
    fn overdue_since(&self, now: u64) -> Option<u64> {
        let Mode::Trying { since } = self.mode else { return None };
        let end = since + nanos(self.config.half_open_for?);
        (now >= end).then_some(end)
    }

    /// The longest that the next opening can last.
    fn interval(&self, asked: Option<u64>) -> u64 {
        let asked = asked.unwrap_or(0).min(nanos(self.config.retry_after_max));
        if asked > 0 {
            return asked;
        }
        let first = nanos(self.config.open_for);
        match self.config.backoff {
            Backoff::Constant => first,
            Backoff::Exponential { multiplier, max } => {
                let grown = u64::from(multiplier).saturating_pow(self.openings);
                first.saturating_mul(grown).min(nanos(max))
            }
        }
    }

    /// What `length` may have become by jitter.
    pub(crate) fn shortest(&self, length: u64) -> u64 {
        let jitter = u64::from(self.config.jitter.as_per_million());
        (length - length * jitter / 1_000_000).max(1)
    }

    pub(crate) fn change(&mut self, mode: Mode) {
        let kind = |mode| match mode {
            Mode::Closed | Mode::Disabled | Mode::Measuring => State::Closed,
            Mode::Open { .. } | Mode::Isolated { .. } | Mode::Forced => State::Open,
            Mode::Trying { .. } => State::HalfOpen,
        };
        self.totals.transitions += u64::from(kind(mode) != kind(self.mode));
        if kind(mode) == State::Closed {
            self.results.clear();
            self.openings = 0;
        }
        self.mode = mode;
        self.period += 1;
        self.trials.clear();
    }

    pub(crate) fn forget(&mut self) {
        self.row.clear();
    }

    fn open(&mut self, from: u64, asked: Option<u64>) {
        let length = self.interval(asked);
        self.change(Mode::Open { from, length });
        self.openings += 1;
    }

    /// A half-open period that took too long, and trials that were silent for too long.
    fn expire(&mut self, now: u64) {
        if let Some(end) = self.overdue_since(now) {
            self.open(end, None);
        }
        let Some(lease) = self.config.trial_lease.map(nanos) else { return };
        for trial in &mut self.trials {
            if matches!(*trial, Trial::InFlight { began } if now - began >= lease) {
                *trial = Trial::Silent;
                self.totals.reclaimed += 1;
            }
        }
    }

    pub(crate) fn refresh(&mut self, now: u64) {
        self.expire(now);
        if let Mode::Open { from, length } | Mode::Isolated { from, length } = self.mode
            && now >= from + length
        {
            self.change(Mode::Trying { since: now });
        }
    }

    pub(crate) fn lift(&mut self, now: u64) {
        self.refresh(now);
        match self.mode {
            Mode::Closed | Mode::Open { .. } | Mode::Trying { .. } => {}
            Mode::Forced | Mode::Isolated { .. } => self.change(Mode::Trying { since: now }),
            Mode::Disabled | Mode::Measuring => {
                self.forget();
                self.change(Mode::Closed);
            }
        }
    }

    /// The call, or when to retry.
    pub(crate) fn admit(&mut self, now: u64) -> Result<Call, Option<u64>> {
        self.refresh(now);
        let holds = |trial: &&Trial| {
            matches!(trial, Trial::InFlight { .. } | Trial::Ended(Outcome::Success))
        };
        let held = self.trials.iter().filter(holds).count();
        let permits = usize::try_from(self.config.half_open_permits).expect("a few permits");
        let trial = match self.mode {
            Mode::Closed | Mode::Disabled | Mode::Measuring => None,
            Mode::Trying { .. } if held < permits => {
                self.trials.push(Trial::InFlight { began: now });
                Some(self.trials.len() - 1)
            }
            Mode::Trying { .. } | Mode::Open { .. } | Mode::Forced | Mode::Isolated { .. } => {
                self.totals.rejected += 1;
                return Err(self.retry_after(now));
            }
        };
        self.totals.in_flight += 1;
        Ok(Call { period: self.period, began: now, trial })
    }

    /// How many of the last results that say anything are `outcome`, without a break.
    pub(crate) fn in_a_row(&self, outcome: Outcome) -> u64 {
        let run = self.row.iter().rev().take_while(|found| **found == outcome);
        run.count() as u64
    }

    fn trials_ended(&self, outcome: Outcome) -> u32 {
        let ended = self.trials.iter().filter(|trial| **trial == Trial::Ended(outcome));
        u32::try_from(ended.count()).expect("a short list")
    }

    /// How long the oldest trial that is not silent has been in flight.
    pub(crate) fn oldest_trial_age(&self, now: u64) -> Option<u64> {
        let ages = self.trials.iter().filter_map(|trial| match trial {
            Trial::InFlight { began } => Some(now - began),
            Trial::Silent | Trial::Ended(_) => None,
        });
        let lease = self.config.trial_lease.map_or(u64::MAX, nanos);
        ages.filter(|age| *age < lease).max()
    }

    /// The results that are in the window at `now`.
    fn in_window(&self, now: u64) -> Vec<Told> {
        let Some(window) = self.config.window else { return Vec::new() };
        match window.span {
            Span::Calls(calls) => {
                let calls = usize::try_from(calls).expect("a short window");
                self.results.iter().rev().take(calls).copied().collect()
            }
            Span::Time { bucket, buckets } => {
                let number = |at: u64| at / nanos(bucket);
                let is_in = |told: &&Told| number(told.at) + u64::from(buckets) > number(now);
                self.results.iter().filter(is_in).copied().collect()
            }
        }
    }

    fn is_slow(&self, took: u64) -> bool {
        let slow_calls = self.config.window.and_then(|window| window.slow_calls);
        slow_calls.is_some_and(|slow| took > nanos(slow.slower_than))
    }

    fn failures_and_slow(&self, results: &[Told]) -> (usize, usize) {
        let is_slow = |told: &&Told| self.is_slow(told.took);
        let failures = results.iter().filter(|told| told.outcome == Outcome::Failure).count();
        (failures, results.iter().filter(is_slow).count())
    }

    pub(crate) fn window(&self, now: u64) -> Option<WindowCounts> {
        self.config.window?;
        let results = self.in_window(now);
        let (failures, slow) = self.failures_and_slow(&results);
        let (calls, failures, slow) = (results.len() as u64, failures as u64, slow as u64);
        Some(WindowCounts { calls, failures, slow })
    }

    /// Whether what has ended since the breaker closed opens it.
    fn trips(&self, now: u64) -> bool {
        let failed = |told: &&Told| told.outcome == Outcome::Failure;
        let run = self.results.iter().rev().take_while(failed).count();
        let threshold = self.config.failure_threshold;
        if threshold.is_some_and(|threshold| run as u64 == u64::from(threshold)) {
            return true;
        }
        let Some(window) = self.config.window else { return false };
        let results = self.in_window(now);
        if (results.len() as u64) < u64::from(window.minimum_calls) {
            return false;
        }
        let (failures, slow) = self.failures_and_slow(&results);
        window.failure_rate.is_some_and(|rate| reaches(failures, results.len(), rate))
            || window.slow_calls.is_some_and(|calls| reaches(slow, results.len(), calls.rate))
    }

    pub(crate) fn end(&mut self, call: Call, outcome: Outcome, asked: Option<u64>, now: u64) {
        self.expire(now);
        self.totals.in_flight -= 1;
        match outcome {
            Outcome::Success => self.totals.success += 1,
            Outcome::Failure => self.totals.failure += 1,
            Outcome::Ignored => self.totals.ignored += 1,
        }
        let is_silent = |trial: usize| self.trials[trial] == Trial::Silent;
        if call.period != self.period || call.trial.is_some_and(is_silent) {
            self.totals.stale += 1;
            return;
        }
        if let Some(trial) = call.trial {
            // A slow service has not recovered.
            let is_slow = outcome == Outcome::Success && self.is_slow(now - call.began);
            self.trials[trial] = Trial::Ended(if is_slow { Outcome::Failure } else { outcome });
        }
        if outcome == Outcome::Ignored || self.mode == Mode::Disabled {
            return;
        }
        self.row.push(outcome);
        match self.mode {
            Mode::Closed | Mode::Measuring => {
                self.results.push(Told { at: now, took: now - call.began, outcome });
                if self.mode == Mode::Closed && self.trips(now) {
                    self.open(now, asked);
                }
            }
            Mode::Trying { .. } => {
                if self.trials_ended(Outcome::Failure) > self.config.tolerated_failures {
                    self.open(now, asked);
                } else if self.trials_ended(Outcome::Success) == self.config.success_threshold {
                    self.change(Mode::Closed);
                }
            }
            Mode::Open { .. } | Mode::Forced | Mode::Isolated { .. } | Mode::Disabled => {
                unreachable!("nothing is admitted in {:?}", self.mode)
            }
        }
    }
}
