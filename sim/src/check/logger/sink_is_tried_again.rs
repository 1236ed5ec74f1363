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
    /// When the disk has failed last.
    failed_at: Option<Instant>,
}

/// What the logger `who` is given `after` the disk has failed last, or later, is written. For one file on a disk.
#[must_use]
pub fn sink_is_tried_again(who: impl Into<Name>, after: Duration) -> SinkIsTriedAgain {
    SinkIsTriedAgain { who: who.into(), after, failed_at: None }
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
            self.failed_at = Some(event.mono);
            return Judgement::NotConcerned;
        }
        let Some(failed_at) = self.failed_at else { return Judgement::NotConcerned };
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        // Whoever logs may stand still for long before it tells of it.
        let began = fields.moment(field::BEGAN).unwrap_or(failed_at);
        let since = began.saturating_duration_since(failed_at);
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
