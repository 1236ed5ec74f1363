//! Whatever the schedule, in the end nothing was lost and nothing was counted twice.

use super::counts_match::{CountsMatch, judge};
use super::{counts_match, of, reading};
use crate::check::{End, Judgement, Promise};
use crate::log::{Event, Name, Value};
use std::time::Duration;

/// See [`counts_add_up`].
#[derive(Clone, Debug)]
pub struct CountsAddUp {
    who: &'static str,
    model: CountsMatch,
    /// The fields of the last reading, where nothing has happened to the breaker since.
    last: Option<Vec<(Name, Value)>>,
}

/// The last reading of the statistics of the breaker `who`, where nothing happens to it after that, is what all events add
/// up to: results by kind, rejections and transitions. Which results are too late to count, and what makes a row, other
/// promises say. For any number of callers; what a script reads [finally](crate::scenario::Draft::finally) is always
/// judged.
#[must_use]
pub fn counts_add_up(who: &'static str) -> CountsAddUp {
    CountsAddUp { who, model: counts_match(who, Duration::ZERO), last: None }
}

impl Promise for CountsAddUp {
    fn name(&self) -> &'static str {
        "counts_add_up"
    }

    fn statement(&self) -> String {
        "in the end the statistics are what all events add up to".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        if *event.who != *self.who {
            return Judgement::NotConcerned;
        }
        self.last = reading(event, self.who).map(<[_]>::to_vec);
        if let Some(own) = of(event, self.who) {
            self.model.count(own);
        }
        Judgement::NotConcerned
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        match &self.last {
            Some(fields) => judge(fields, self.model.totals()),
            None => Judgement::NotConcerned,
        }
    }
}
