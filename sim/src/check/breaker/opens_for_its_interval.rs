//! Each time that a breaker opens by itself it does so for as long as its configuration says: longer with each opening, a random part
//! shorter, or as long as the failure asks for.

use super::of;
use crate::check::{Judgement, Promise};
use crate::log::Event;
use crate::span::Seconds;
use retrip_core::breaker::{Backoff, BreakerConfig, Cause, EventKind, State};
use std::time::Duration;

/// See [`opens_for_its_interval`].
#[derive(Clone, Debug)]
pub struct OpensForItsInterval {
    who: &'static str,
    config: BreakerConfig,
    /// How often it has opened by itself since it was closed.
    openings: u32,
    /// What the call has asked for that has just ended, and may open the breaker.
    asked: Option<Duration>,
}

/// The breaker `who`, which has this configuration, says an interval as it opens by itself that is the configured one, grown with each
/// opening since it was closed up to its most, and shorter by no more than its jitter. Where the failure that opens it asks for a time,
/// that is it, within the configured most. Opened by hand it is open for what was said then, and that counts as no opening.
#[must_use]
pub fn opens_for_its_interval(who: &'static str, config: &BreakerConfig) -> OpensForItsInterval {
    OpensForItsInterval { who, config: config.clone(), openings: 0, asked: None }
}

impl OpensForItsInterval {
    /// The shortest and the longest that an opening may be, where the failure has asked for so long.
    fn interval(&self, asked: Option<Duration>) -> (Duration, Duration) {
        let asked = asked.unwrap_or_default().min(self.config.retry_after_max);
        if !asked.is_zero() {
            return (asked, asked);
        }
        let longest = match self.config.backoff {
            Backoff::Constant => self.config.open_for,
            Backoff::Exponential { multiplier, max } => {
                let grows = |length: Duration, _| length.saturating_mul(multiplier).min(max);
                (0..self.openings).fold(self.config.open_for, grows)
            }
        };
        let jitter = u128::from(self.config.jitter.as_per_million());
        // What no clock can tell the end of may be shorter than it is: it never ends.
        let nanos = u64::try_from(longest.as_nanos()).unwrap_or(u64::MAX);
        let shorter = u64::try_from(u128::from(nanos) * jitter / 1_000_000);
        let shortest = nanos - shorter.expect("a share is at most the whole");
        (Duration::from_nanos(shortest.max(1)), longest)
    }
}

impl Promise for OpensForItsInterval {
    fn name(&self) -> &'static str {
        "opens_for_its_interval"
    }

    fn statement(&self) -> String {
        "a breaker opens for as long as its configuration says, or the failure asks for".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let asked = self.asked.take();
        match own.kind {
            EventKind::Transition { to: State::Closed, .. } => self.openings = 0,
            EventKind::Transition { to: State::Open, cause, open_for, .. } => {
                let by_hand = matches!(cause, Cause::Forced | Cause::Isolated);
                if by_hand {
                    return Judgement::NotConcerned;
                }
                // A result too late to count comes after what time has changed, and opens nothing.
                let asked = asked.filter(|_| cause != Cause::NotClosedInTime);
                let (shortest, longest) = self.interval(asked);
                self.openings += 1;
                let found = open_for.map_or("opens for ever".to_owned(), |found| {
                    format!("opens for {}", Seconds(found))
                });
                if open_for.is_some_and(|found| (shortest..=longest).contains(&found)) {
                    return Judgement::Holds;
                }
                let wanted = format!("opens for {} to {}", Seconds(shortest), Seconds(longest));
                return Judgement::broken(wanted, found);
            }
            EventKind::Completed { asked, .. } => self.asked = asked,
            _ => {}
        }
        Judgement::NotConcerned
    }
}
