//! What an event gathers before it is a line, and whether there is any use in that.

#[cfg(feature = "tracing")]
use super::LogContext;
use super::encode::{self, Outcome};
use super::field::Key;
use super::origin::Origin;
use super::planted;
use super::unit::{self, Scratch};
use super::value::Value;
use super::{VALUE_CAP, plants};
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
        origin: Origin<'_, P>,
        key: Key<'_>,
        value: Value<'_>,
    ) -> Self {
        if P::PLANTS {
            let Some((key, value)) = planted::field(origin.logger.platform(), key, value) else {
                return self;
            };
            return self
                .and(origin, &value, |scratch, value| scratch.fields.push_borrowed(key, value));
        }
        self.and(origin, &value, |scratch, value| scratch.fields.push_borrowed(key, value))
    }

    /// This, and the message.
    pub(super) fn and_message<P: Platform>(self, origin: Origin<'_, P>, text: Value<'_>) -> Self {
        let is_raw = origin.logger.platform().broken_by(plants::LINE_BREAK_IS_LEFT_RAW);
        self.and(origin, &text, |scratch, text| {
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
    pub(super) fn and_outer<P: Platform>(self, origin: Origin<'_, P>, outer: LogContext) -> Self {
        let mut begun = if matches!(self, Self::Nothing) { self.begun(origin, 0) } else { self };
        if let Self::Some(scratch) = &mut begun {
            scratch.outer = outer;
        }
        begun
    }

    /// Encodes a value into the scratch buffer, unless the event is known to go nowhere.
    #[inline]
    fn and<P: Platform>(
        mut self,
        origin: Origin<'_, P>,
        value: &Value<'_>,
        encode: impl FnOnce(&mut Scratch, &Value<'_>) -> Outcome,
    ) -> Self {
        if !self.is_told() {
            return self;
        }
        let foreign = value.runs_foreign_code();
        if foreign || matches!(self, Self::Nothing) {
            self = self.begun(origin, u32::from(foreign));
        }
        if let Self::Some(scratch) = &mut self {
            let (platform, outlet) = (origin.logger.platform(), origin.logger.outlet());
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
    fn begun<P: Platform>(self, origin: Origin<'_, P>, levels: u32) -> Self {
        let platform = origin.logger.platform();
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
        if !is_first || !begun.is_told() || origin.is_admitted() {
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
