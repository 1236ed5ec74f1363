//! What planted bugs make of an event and its fields; without one, what it is.

use super::field::Key;
use super::value::Value;
use super::{EventType, Level, plants};
use crate::door::Rules;
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What a line says of an event's kind and level.
pub(super) fn told_as(
    rules: &impl Rules,
    event_type: EventType,
    level: Option<Level>,
) -> (EventType, Level) {
    let own = event_type.default_level();
    let level = level.unwrap_or(own);
    let is_later = matches!(
        event_type,
        EventType::CircuitBreakerHalfOpened | EventType::CircuitBreakerRejected
    );
    if rules.broken_by(plants::LEVEL_OF_THE_TYPE_WINS) {
        (event_type, own)
    } else if is_later && rules.broken_by(plants::LATER_TYPE_IS_WRITTEN_AS_CUSTOM) {
        (EventType::Custom, level)
    } else if event_type == EventType::McpToolFailed
        && rules.broken_by(plants::FAILED_TOOL_IS_LOGGED_AS_INFO)
    {
        (event_type, Level::Info)
    } else {
        (event_type, level)
    }
}

/// How many announcements the process has made with a planted bug.
static ANNOUNCEMENTS: AtomicU64 = AtomicU64::new(0);

/// The message of an announcement, as JSON.
pub(super) fn announcement(rules: &impl Rules) -> Cow<'static, [u8]> {
    const MESSAGE: &[u8] = b"\"events were lost\"";
    if rules.broken_by(plants::ANNOUNCEMENTS_ARE_COUNTED_BY_THE_PROCESS) {
        let nth = ANNOUNCEMENTS.fetch_add(1, Relaxed);
        return format!("\"events were lost, for the {nth}th time\"").into_bytes().into();
    }
    MESSAGE.into()
}

/// A field as a planted bug has it; nothing where it loses the field.
pub(super) fn field<'k, 'v>(
    rules: &impl Rules,
    key: Key<'k>,
    value: Value<'v>,
) -> Option<(Key<'k>, Value<'v>)> {
    if key.is_taken() && rules.broken_by(plants::FIELD_LIKE_A_KEY_OF_THE_LINE_IS_LOST) {
        return None;
    }
    let value = match value {
        Value::Float(number)
            if !number.is_finite() && rules.broken_by(plants::NAN_IS_WRITTEN_AS_NULL) =>
        {
            Value::Null
        }
        value => value,
    };
    let key = if rules.broken_by(plants::SECRET_IS_SHOWN) { key.shown() } else { key };
    Some((key, value))
}
