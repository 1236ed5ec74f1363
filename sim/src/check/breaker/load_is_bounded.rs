//! However many calls come, a service that fails is left alone but for a few of them.

use crate::check::{Judgement, Promise};
use crate::log::{Event, What};
use crate::span::Seconds;
use retrip_core::door::Instant;
use std::collections::VecDeque;
use std::time::Duration;

/// See [`load_is_bounded`].
#[derive(Clone, Debug)]
pub struct LoadIsBounded {
    who: &'static str,
    window: Duration,
    most: usize,
    /// When the calls of the last window were served.
    served: VecDeque<Instant>,
}

/// The backend behind the breaker `who` serves `most` calls at most within any `window`, its beginning excluded and its end
/// included.
#[must_use]
pub fn load_is_bounded(who: &'static str, window: Duration, most: u32) -> LoadIsBounded {
    let most = usize::try_from(most).expect("a load is smaller than memory");
    LoadIsBounded { who, window, most, served: VecDeque::new() }
}

impl LoadIsBounded {
    fn wanted(&self) -> String {
        format!("serves at most {} calls in {}", self.most, Seconds(self.window))
    }
}

impl Promise for LoadIsBounded {
    fn name(&self) -> &'static str {
        "load_is_bounded"
    }

    fn statement(&self) -> String {
        format!("the backend {}", self.wanted())
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let serves = matches!(&event.what, What::Note { verb, .. } if **verb == *"serves");
        if !serves || *event.who != *self.who {
            return Judgement::NotConcerned;
        }
        let is_over =
            |served: &Instant| event.mono.saturating_duration_since(*served) >= self.window;
        while self.served.front().is_some_and(is_over) {
            self.served.pop_front();
        }
        self.served.push_back(event.mono);
        if self.served.len() > self.most {
            return Judgement::broken(self.wanted(), format!("serves {}", self.served.len()));
        }
        Judgement::Holds
    }
}
