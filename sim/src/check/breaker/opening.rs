//! The period for which a breaker is open, as its events tell: when it began, and whether it ends by itself.

use crate::span::Seconds;
use retrip_core::breaker::{Cause, Event, EventKind, State};
use retrip_core::door::Instant;
use std::time::Duration;

/// How long a breaker is open each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenFor {
    /// Always so long, but isolated for as long as was said then, and for as long as a failure asks where one does.
    Always(Duration),
    /// As long as it says itself as it opens. That this is right is for [`opens_for_its_interval`](super::opens_for_its_interval) to
    /// say.
    AsTold {
        /// The longest that it may be half-open: what opens it again began when that was over, and not when somebody noticed.
        half_open_for: Option<Duration>,
    },
}

impl From<Duration> for OpenFor {
    fn from(open_for: Duration) -> Self {
        Self::Always(open_for)
    }
}

impl OpenFor {
    /// In words, after a preposition: `30.000s`.
    pub(super) fn in_words(self) -> String {
        match self {
            Self::Always(open_for) => Seconds(open_for).to_string(),
            Self::AsTold { .. } => "the interval that it names".to_owned(),
        }
    }
}

/// One opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opening {
    pub(super) began: Instant,
    /// How long it is; `None` where it does not end by itself.
    length: Option<Duration>,
    /// The cause of the opening: forced open, it does not end by itself.
    pub(super) cause: Cause,
    pub(super) generation: u64,
}

/// What the call asked for that ended just before: an opening of its own making lasts for so long.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked(Option<Duration>);

impl Opening {
    /// The opening after `event`, where the one before was `before`, of a breaker that is open for so long, but for what it was
    /// `asked` for.
    pub(super) fn after(
        before: Option<Self>,
        event: &Event,
        open_for: OpenFor,
        asked: &mut Asked,
    ) -> Option<Self> {
        let generation = event.generation.as_u64();
        let now = match event.kind {
            EventKind::Completed { asked, .. } => Asked(asked),
            _ => Asked(None),
        };
        let Asked(asked) = std::mem::replace(asked, now);
        let length = |told: Option<Duration>, cause| match open_for {
            _ if cause == Cause::Forced => None,
            OpenFor::Always(length) if cause != Cause::Isolated && asked.is_none() => Some(length),
            OpenFor::Always(_) | OpenFor::AsTold { .. } => told,
        };
        match event.kind {
            EventKind::Transition { to: State::Open, cause, open_for: told, after, .. } => {
                let began = match open_for {
                    OpenFor::AsTold { half_open_for: Some(longest) }
                        if cause == Cause::NotClosedInTime =>
                    {
                        let late = after.saturating_sub(longest);
                        let late = u64::try_from(late.as_nanos()).unwrap_or(u64::MAX);
                        Instant::from_nanos(event.at.as_nanos().saturating_sub(late))
                    }
                    _ => event.at,
                };
                Some(Self { began, length: length(told, cause), cause, generation })
            }
            EventKind::Transition { .. } => None,
            EventKind::Renewed { state: State::Open, cause, open_for: told } => {
                let began = match before {
                    Some(before) if cause == Cause::Forced => before.began,
                    _ => event.at,
                };
                Some(Self { began, length: length(told, cause), cause, generation })
            }
            _ => before,
        }
    }

    /// The first moment at which a call may pass; none where it ends by hand only, or after the last moment that a clock
    /// can tell.
    pub(super) fn ends(&self) -> Option<Instant> {
        // An end that saturated would be the last moment itself, at which the interval is not over.
        let nanos = u64::try_from(self.length?.as_nanos()).ok()?;
        self.began.as_nanos().checked_add(nanos).map(Instant::from_nanos)
    }

    /// How long it is at `now` until a call may pass; none where it ends by hand only.
    pub(super) fn left(&self, now: Instant) -> Option<Duration> {
        Some(self.length?.saturating_sub(now.saturating_duration_since(self.began)))
    }

    /// When calls may pass again, in words.
    pub(super) fn end_in_words(&self) -> String {
        match self.ends() {
            Some(end) => format!("rejected until {}", Seconds(end)),
            None if self.cause != Cause::Forced => "rejected until the end of time".to_owned(),
            None => "rejected until it is reset".to_owned(),
        }
    }
}
