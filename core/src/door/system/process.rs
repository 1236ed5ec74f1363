//! What a process has one of, once somebody has said what it is.

use std::any::Any;
use std::sync::OnceLock;

static PLACE: OnceLock<Box<dyn Any + Send + Sync>> = OnceLock::new();

/// Keeps `value` until the process ends, where nothing is kept yet; otherwise it comes back.
pub(crate) fn keep_for_process<T: Any + Send + Sync>(value: T) -> Result<&'static T, T> {
    let mut value = Some(value);
    let place = PLACE.get_or_init(|| Box::new(value.take().expect("nobody has taken it")));
    match value {
        None => Ok(place.downcast_ref().expect("it has just been put there")),
        Some(value) => Err(value),
    }
}

/// What is kept, if it is a `T`.
pub(crate) fn kept_of_process<T: Any + Send + Sync>() -> Option<&'static T> {
    PLACE.get()?.downcast_ref()
}
