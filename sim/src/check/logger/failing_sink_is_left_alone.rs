//! A disk that fails is not asked with every event.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name, What};
use crate::part::log_file::words::{FLUSHES, LOSES};
use crate::span::Span;
use retrip_core::door::Instant;
use std::time::Duration;

/// See [`failing_sink_is_left_alone`].
#[derive(Debug)]
pub struct FailingSinkIsLeftAlone {
    who: Name,
    at_least: Duration,
    /// When the disk has failed last.
    failed_at: Option<Instant>,
    /// The thread on which it failed again too early, and how early: a flush may do that.
    suspect: Option<(Name, Duration)>,
}

/// After the disk has failed a write of the logger `who`, nobody tries it for `at_least`, but for a flush. For one file on a disk.
#[must_use]
pub fn failing_sink_is_left_alone(
    who: impl Into<Name>,
    at_least: Duration,
) -> FailingSinkIsLeftAlone {
    FailingSinkIsLeftAlone { who: who.into(), at_least, failed_at: None, suspect: None }
}

impl Promise for FailingSinkIsLeftAlone {
    fn name(&self) -> &'static str {
        "failing_sink_is_left_alone"
    }

    fn statement(&self) -> String {
        format!("a disk that has failed is not tried for {}", Span(self.at_least))
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        if let What::Note { verb, .. } = &event.what
            && &*event.who == "disk"
            && &**verb == "write fails"
        {
            let since = self.failed_at.map(|at| event.mono.saturating_duration_since(at));
            self.failed_at = Some(event.mono);
            if let Some(since) = since.filter(|&since| since < self.at_least) {
                self.suspect = Some((event.thread.clone(), since));
            }
            return Judgement::Holds;
        }
        match told(event, &self.who) {
            Some((FLUSHES, _)) => self.suspect = None,
            Some((LOSES, _)) => {
                let early = self.suspect.take_if(|(thread, _)| *thread == event.thread);
                if let Some((_, since)) = early {
                    let wanted = format!("left alone for {}", Span(self.at_least));
                    let found = format!("tried again after {}", Span(since));
                    return Judgement::broken(wanted, found);
                }
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
