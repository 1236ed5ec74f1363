//! Of what kind an event is: what decides whether there is a line of it, and what its line says first.

use super::entries::Entries;
use super::line::{Body, Head};
use super::outlet;
use super::planted;
use super::unit::{self, Scratch};
use super::{DropReason, EventType, Level, LogContext, Logger, plants, rate};
use crate::door::{Guard, Mutex, Platform, Rules, Timestamp};

/// Of what kind an event is. It is told apart from whose event it is: both together would go through memory wherever a function takes them.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) event_type: EventType,
    /// Where the caller has said it.
    pub(super) level: Option<Level>,
    /// Whether what is told of it may say that it is of another type.
    pub(super) type_is_open: bool,
}

impl Kind {
    #[inline]
    fn level(self) -> Level {
        self.level.unwrap_or(self.event_type.default_level())
    }

    /// Whether it passes the threshold.
    #[inline]
    pub(super) fn is_enabled(self, logger: &Logger<impl Platform>) -> bool {
        logger.is_enabled(self.level())
    }

    pub(super) const fn of(event_type: EventType) -> Self {
        Self { event_type, level: None, type_is_open: false }
    }

    /// Whether there are too many of it already, whatever else is told of it. It takes no token.
    #[inline]
    pub(super) fn is_hopeless(self, logger: &Logger<impl Platform>) -> bool {
        let limiter = logger.outlet().limiter.as_ref();
        limiter.is_some_and(|limiter| {
            let is_known = self.level.is_some() || !limiter.goes_by_level();
            is_known
                && !self.type_is_open
                && !limiter.would_admit(logger.platform(), self.event_type, self.level())
        })
    }

    /// Whether there are not too many of it: nothing that is told later counts.
    #[inline]
    pub(super) fn is_admitted(self, logger: &Logger<impl Platform>) -> bool {
        let limiter = logger.outlet().limiter.as_ref();
        limiter
            .is_none_or(|limiter| limiter.admits(logger.platform(), self.event_type, self.level()))
    }

    /// Tells what has been gathered to the outlet, and then how many events were held back.
    pub(super) fn deliver_and_tell(
        self,
        logger: &Logger<impl Platform>,
        scratch: Option<Box<Scratch>>,
    ) -> Result<u64, DropReason> {
        let result = self.deliver(logger, scratch);
        if result.is_ok() {
            rate::tell_of_held_back(logger);
        }
        result
    }

    /// Tells what has been gathered to the outlet.
    pub(super) fn deliver<P: Platform>(
        self,
        logger: &Logger<P>,
        scratch: Option<Box<Scratch>>,
    ) -> Result<u64, DropReason> {
        let Self { event_type, level, .. } = self;
        let (platform, outlet) = (logger.platform(), logger.outlet());
        let (event_type, level) = planted::told_as(platform, event_type, level);
        let shared = if P::PLANTS { outlet.shared_context.as_ref() } else { None };
        let shared = shared.map(|place| {
            let shared: Guard<'_, P, LogContext> = place.lock();
            shared.clone()
        });
        let at = if platform.broken_by(plants::TIMESTAMP_BY_THE_MONOTONIC_CLOCK) {
            Timestamp::from_unix_nanos(platform.now().as_nanos().into())
        } else {
            platform.wall()
        };
        let head = Head { at, level, logger: logger.name(), event_type };
        // The context is read where it is: to count another reference to it and to take that back would cost more than all of this.
        let composed = unit::with(platform, |unit| {
            let scratch = scratch.unwrap_or_else(|| unit.scratch());
            if unit.busy > 0 {
                unit.give_back(scratch);
                return None;
            }
            unit.busy += 1;
            let context = shared.as_ref().unwrap_or(&unit.own.context);
            Some(if scratch.outer.is_empty() {
                compose(scratch, head, context, platform)
            } else {
                let merged = scratch.outer.merged(context);
                compose(scratch, head, &merged, platform)
            })
        });
        let Some(mut scratch) = composed else { return Err(outlet.refuse_reentrant()) };
        let result = outlet.deliver(platform, &mut scratch.line, (level, at));
        if event_type == EventType::CircuitBreakerRejected
            && platform.broken_by(plants::REJECTION_LEAVES_THE_UNIT_BUSY)
        {
            return result;
        }
        outlet::leave(platform, scratch);
        result
    }
}

/// Encodes the line of what has been gathered.
fn compose(
    mut scratch: Box<Scratch>,
    head: Head<'_>,
    context: &LogContext,
    rules: &impl Rules,
) -> Box<Scratch> {
    let Scratch { message, message_cut, fields, line, .. } = &mut *scratch;
    let none = Entries::default();
    let (context, fields) = match context.entries() {
        context if rules.broken_by(plants::CONTEXT_WINS_OVER_THE_EVENT) => (&*fields, context),
        _ if head.event_type == EventType::PerformanceMeasured
            && rules.broken_by(plants::PERFORMANCE_LEAVES_ITS_CONTEXT_OUT) =>
        {
            (&none, &*fields)
        }
        context => (context, &*fields),
    };
    line.compose(
        head,
        Body {
            message: if message.is_empty() { b"\"\"" } else { message },
            message_cut: *message_cut,
            context,
            fields,
        },
    );
    scratch
}
