//! A closed breaker opens at exactly the result that makes one of its rules true, and at no other event.

use super::of;
use super::standing::{Control, Standing};
use crate::check::{End, Judgement, Promise};
use crate::log::Event;
use crate::span::Seconds;
use retrip_core::breaker::{
    BreakerConfig, Cause, Event as Own, EventKind, Outcome, Share, Span, State, Window,
};
use retrip_core::door::Instant;
use std::time::Duration;

/// See [`trips_by_its_rules`].
#[derive(Clone, Debug)]
pub struct TripsByItsRules {
    who: &'static str,
    threshold: Option<u32>,
    window: Option<Window>,
    standing: Standing,
    /// Every result of the current generation that says anything.
    results: Vec<Told>,
    /// When the breaker must open, with its next event, and which rules say so.
    due: Option<(Instant, Vec<Cause>)>,
}

/// A result: when it came, whether it was a failure, and how long the call took.
#[derive(Clone, Copy, Debug)]
struct Told {
    at: Instant,
    failed: bool,
    took: Duration,
}

/// The breaker `who`, which has this configuration, opens by itself at exactly the result with which its failures in a row reach the
/// threshold, or with which a share of the failures or of the slow calls in its window does, at the time of that result and for one of
/// the reasons that are so. Results of calls that were admitted in an earlier generation are in no window, ignored ones neither.
#[must_use]
pub fn trips_by_its_rules(who: &'static str, config: &BreakerConfig) -> TripsByItsRules {
    let BreakerConfig { failure_threshold: threshold, window, .. } = *config;
    let standing = Standing::default();
    TripsByItsRules { who, threshold, window, standing, results: Vec::new(), due: None }
}

/// Whether `part` of `whole` is at least `share` of it.
fn reaches(part: usize, whole: usize, share: Share) -> bool {
    part as u128 * 1_000_000 >= whole as u128 * u128::from(share.as_per_million())
}

impl TripsByItsRules {
    /// The results that are in the window at `now`.
    fn in_window(&self, window: &Window, now: Instant) -> Vec<Told> {
        match window.span {
            Span::Calls(calls) => {
                let most = usize::try_from(calls).unwrap_or(usize::MAX);
                self.results[self.results.len().saturating_sub(most)..].to_vec()
            }
            Span::Time { bucket, buckets } => {
                let number = |at: Instant| u128::from(at.as_nanos()) / bucket.as_nanos();
                let is_in = |told: &&Told| number(told.at) + u128::from(buckets) > number(now);
                self.results.iter().filter(is_in).copied().collect()
            }
        }
    }

    /// The rules that are true at `now`.
    fn rules(&self, now: Instant) -> Vec<Cause> {
        let mut rules = Vec::new();
        let in_a_row = self.results.iter().rev().take_while(|told| told.failed).count();
        if self.threshold.is_some_and(|threshold| in_a_row as u64 >= u64::from(threshold)) {
            rules.push(Cause::Threshold);
        }
        let Some(window) = &self.window else { return rules };
        let results = self.in_window(window, now);
        if (results.len() as u64) < u64::from(window.minimum_calls) {
            return rules;
        }
        let failures = results.iter().filter(|told| told.failed).count();
        if window.failure_rate.is_some_and(|rate| reaches(failures, results.len(), rate)) {
            rules.push(Cause::FailureRate);
        }
        if let Some(slow) = window.slow_calls {
            let slow_ones = results.iter().filter(|told| told.took > slow.slower_than).count();
            if reaches(slow_ones, results.len(), slow.rate) {
                rules.push(Cause::SlowRate);
            }
        }
        rules
    }

    /// Judges whether the breaker opens now if it has to, and only then.
    fn judge(&mut self, own: &Own, verb: &str) -> Judgement {
        let trips = match own.kind {
            EventKind::Transition { cause, .. }
                if matches!(cause, Cause::Threshold | Cause::FailureRate | Cause::SlowRate) =>
            {
                Some(cause)
            }
            _ => None,
        };
        match (self.due.take(), trips) {
            // Whether it may, somebody else says.
            (None, Some(_)) if self.standing.control == Control::MetricsOnly => {
                Judgement::NotConcerned
            }
            (None, Some(cause)) => {
                let found =
                    format!("opens by {} after {} results", cause.as_str(), self.results.len());
                Judgement::broken("opens when a rule is true", found)
            }
            (Some((at, _)), Some(_)) if at != own.at => {
                let wanted = format!("opens at {}", Seconds(at));
                Judgement::broken(wanted, format!("opens at {}", Seconds(own.at)))
            }
            (Some((_, rules)), Some(cause)) if !rules.contains(&cause) => {
                Judgement::broken(in_words(&rules), format!("opens by {}", cause.as_str()))
            }
            (Some(_), Some(_)) => Judgement::Holds,
            (Some((_, rules)), None) => Judgement::broken(in_words(&rules), format!("it {verb}")),
            (None, None) => Judgement::NotConcerned,
        }
    }

    /// Takes note of the end of a call of the current generation.
    fn ends(&mut self, at: Instant, admitted_at: Option<Instant>, outcome: Outcome) {
        if outcome == Outcome::Ignored {
            return;
        }
        let took = admitted_at.map_or(Duration::ZERO, |began| at.saturating_duration_since(began));
        self.results.push(Told { at, failed: outcome == Outcome::Failure, took });
        let rules = self.rules(at);
        if self.standing.control == Control::Automatic && !rules.is_empty() {
            self.due = Some((at, rules));
        }
    }
}

/// Which rules are true.
fn in_words(rules: &[Cause]) -> String {
    let rules: Vec<&str> = rules.iter().map(|rule| rule.as_str()).collect();
    format!("opens by {}", rules.join(" or "))
}

impl Promise for TripsByItsRules {
    fn name(&self) -> &'static str {
        "trips_by_its_rules"
    }

    fn statement(&self) -> String {
        "a closed breaker opens at the result that makes one of its rules true, and not before"
            .to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let judgement = self.judge(own, &event.what.verb());
        if self.standing.sees(own) {
            self.results.clear();
        }
        if let EventKind::Completed { admitted_in, admitted_at, outcome, .. } = own.kind
            && self.standing.state == State::Closed
            && self.standing.generation == admitted_in.as_u64()
        {
            self.ends(own.at, admitted_at, outcome);
            if judgement == Judgement::NotConcerned {
                return Judgement::Holds;
            }
        }
        judgement
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        match &self.due {
            Some((_, rules)) => Judgement::broken(in_words(rules), "it stays closed"),
            None => Judgement::NotConcerned,
        }
    }
}
