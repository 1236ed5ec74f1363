//! What an event gathers before it is a line, and whether there is any use in that.

#[cfg(feature = "tracing")]
use super::LogContext;
use super::encode::{self, Outcome};
use super::field::Key;
use super::kind::Kind;
use super::planted;
use super::unit::{self, Scratch};
use super::value::Value;
use super::{DropCause, DropReason, Logger, VALUE_CAP, plants};
use crate::door::{Platform, Rules};

/// What an event has so far.
pub(super) enum Gathered {
    Nothing,
    Some(Box<Scratch>),
    /// The event comes from code that the logger is running; it is told no further.
    Reentrant,
    /// Its level is below the threshold; it is told no further.
    Filtered,
    /// There are too many of its kind; it is told no further.
    HeldBack,
}

impl Gathered {
    /// Whether what is told of the event may come into a line.
    #[inline]
    pub(super) const fn is_told(&self) -> bool {
        matches!(self, Self::Nothing | Self::Some(_))
    }

    /// This, and a field.
    pub(super) fn and_field<P: Platform>(
        self,
        logger: &Logger<P>,
        kind: Kind,
        key: Key<'_>,
        value: Value<'_>,
    ) -> Self {
        if P::PLANTS {
            let Some((key, value)) = planted::field(logger.platform(), key, value) else {
                return self;
            };
            return self.and(logger, kind, &value, |scratch, value| {
                scratch.fields.push_borrowed(key, value)
            });
        }
        self.and(logger, kind, &value, |scratch, value| scratch.fields.push_borrowed(key, value))
    }

    /// This, and the message.
    pub(super) fn and_message<P: Platform>(
        self,
        logger: &Logger<P>,
        kind: Kind,
        text: Value<'_>,
    ) -> Self {
        let is_raw = logger.platform().broken_by(plants::LINE_BREAK_IS_LEFT_RAW);
        self.and(logger, kind, &text, |scratch, text| {
            scratch.message.clear();
            let outcome = encode::value(&mut scratch.message, text, VALUE_CAP);
            scratch.message_cut = outcome.cut;
            if is_raw {
                let message = String::from_utf8_lossy(&scratch.message).replace("\\n", "\n");
                scratch.message = message.into_bytes();
            }
            outcome
        })
    }

    /// This, and fields that give way to the context of the unit.
    #[cfg(feature = "tracing")]
    pub(super) fn and_outer<P: Platform>(
        self,
        logger: &Logger<P>,
        kind: Kind,
        outer: LogContext,
    ) -> Self {
        let mut begun =
            if matches!(self, Self::Nothing) { self.begun(logger, kind, 0) } else { self };
        if let Self::Some(scratch) = &mut begun {
            scratch.outer = outer;
        }
        begun
    }

    /// Offers it to the outlet, and returns its sequence number.
    pub(super) fn offered<P: Platform>(
        self,
        logger: &Logger<P>,
        kind: Kind,
    ) -> Result<u64, DropReason> {
        let (platform, outlet) = (logger.platform(), logger.outlet());
        if !kind.is_enabled(logger) {
            self.given_back(platform);
            return Err(outlet.filter(platform));
        }
        match self {
            Self::Filtered => Err(outlet.filter(platform)),
            Self::Reentrant if platform.broken_by(plants::REENTRANT_IS_NOT_COUNTED) => {
                Err(DropReason::Dropped(DropCause::Reentrant))
            }
            Self::Reentrant => Err(outlet.refuse_reentrant()),
            Self::HeldBack => Err(outlet.hold_back(platform)),
            told if !kind.is_admitted(logger) => {
                told.given_back(platform);
                Err(outlet.hold_back(platform))
            }
            Self::Nothing => kind.deliver_and_tell(logger, None),
            Self::Some(scratch) => kind.deliver_and_tell(logger, Some(scratch)),
        }
    }

    /// Nothing comes of it: its buffers are for the next event.
    #[inline]
    pub(super) fn given_back(self, platform: &impl Platform) {
        if let Self::Some(scratch) = self {
            unit::with(platform, |unit| unit.give_back(scratch));
        }
    }

    /// Encodes a value into the scratch buffer, unless the event is known to go nowhere.
    #[inline]
    fn and<P: Platform>(
        mut self,
        logger: &Logger<P>,
        kind: Kind,
        value: &Value<'_>,
        encode: impl FnOnce(&mut Scratch, &Value<'_>) -> Outcome,
    ) -> Self {
        if !self.is_told() {
            return self;
        }
        let foreign = value.runs_foreign_code();
        if foreign || matches!(self, Self::Nothing) {
            self = self.begun(logger, kind, u32::from(foreign));
        }
        if let Self::Some(scratch) = &mut self {
            let (platform, outlet) = (logger.platform(), logger.outlet());
            let locked = foreign && platform.broken_by(plants::VALUE_IS_ENCODED_UNDER_THE_LOCK);
            let held = locked.then(|| outlet.hold());
            let outcome = encode(scratch, value);
            drop(held);
            outlet.count_panics(outcome.panics);
            let stays =
                outcome.panics > 0 && platform.broken_by(plants::PANIC_LEAVES_THE_UNIT_BUSY);
            if foreign && !stays {
                unit::with(platform, |unit| unit.busy = unit.busy.saturating_sub(1));
            }
        }
        self
    }

    /// Fetches a scratch buffer where there is none, and marks the unit as so many levels deeper in foreign code.
    fn begun<P: Platform>(self, logger: &Logger<P>, kind: Kind, levels: u32) -> Self {
        let platform = logger.platform();
        let is_first = matches!(self, Self::Nothing);
        let begun = unit::with(platform, |unit| {
            if unit.busy > 0 {
                return Self::Reentrant;
            }
            unit.busy += levels;
            match self {
                Self::Nothing => Self::Some(unit.scratch()),
                other => other,
            }
        });
        if !is_first || !begun.is_told() || !kind.is_hopeless(logger) {
            return begun;
        }
        unit::with(platform, |unit| {
            unit.busy = unit.busy.saturating_sub(levels);
            if let Self::Some(scratch) = begun {
                unit.give_back(scratch);
            }
        });
        Self::HeldBack
    }
}
