//! What comes in from other front ends: `tracing` and `log`.

#[cfg(feature = "log")]
mod backend;
#[cfg(feature = "tracing")]
mod layer;
#[cfg(feature = "tracing")]
mod span_fields;
#[cfg(feature = "tracing")]
mod visitor;

#[cfg(feature = "log")]
pub use backend::LogBackend;
#[cfg(feature = "tracing")]
pub use layer::TracingLayer;

use super::{Event, EventType};
use crate::door::Platform;

/// The key of a field that may say what kind of event it is.
const EVENT_TYPE: &str = "event_type";
/// The key of the field with the target of an event or a record.
const TARGET: &str = "target";

/// Takes `text` as the kind of `event`, or tells that it is none. A loss is told by the logger alone.
fn takes_type<P: Platform>(event: &mut Event<'_, P>, text: &str) -> bool {
    match text.parse() {
        Ok(EventType::LogDropped) | Err(_) => false,
        Ok(event_type) => {
            event.put_type(event_type);
            true
        }
    }
}
