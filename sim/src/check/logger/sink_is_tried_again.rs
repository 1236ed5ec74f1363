//! A sink that has failed is not given up.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name, What};
use crate::part::log_file::words::{LOSES, WRITES, field};
use crate::span::Span;
use retrip_core::door::Instant;
use std::time::Duration;

/// See [`sink_is_tried_again`].
#[derive(Debug)]
pub struct SinkIsTriedAgain {
    who: Name,
    after: Duration,
    /// On which thread the disk has failed last, until the logger has noticed: the thread may stand still in between.
    failing: Option<Name>,
    /// By when the logger has noticed that the disk has failed last.
    noticed: Option<Instant>,
}

/// What the logger `who` is given `after` it has noticed that the disk has failed, or later, is written. For one file on a disk.
#[must_use]
pub fn sink_is_tried_again(who: impl Into<Name>, after: Duration) -> SinkIsTriedAgain {
    SinkIsTriedAgain { who: who.into(), after, failing: None, noticed: None }
}

impl Promise for SinkIsTriedAgain {
    fn name(&self) -> &'static str {
        "sink_is_tried_again"
    }

    fn statement(&self) -> String {
        format!("a disk that has failed is tried again within {}", Span(self.after))
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        if let What::Note { verb, .. } = &event.what
            && &*event.who == "disk"
            && &**verb == "write fails"
        {
            self.failing = Some(event.thread.clone());
            return Judgement::NotConcerned;
        }
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        if self.failing.take_if(|thread| *thread == event.thread).is_some() {
            self.noticed = Some(event.mono);
        }
        let (None, Some(noticed)) = (&self.failing, self.noticed) else {
            return Judgement::NotConcerned;
        };
        // Whoever logs may stand still for long before it tells of it.
        let began = fields.moment(field::BEGAN).unwrap_or(noticed);
        let since = began.saturating_duration_since(noticed);
        match verb {
            WRITES => Judgement::Holds,
            LOSES if since >= self.after => Judgement::broken(
                format!("written {} after the disk has failed", Span(since)),
                "it is lost",
            ),
            _ => Judgement::NotConcerned,
        }
    }
}
