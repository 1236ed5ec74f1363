//! Ctrl-C: the first one asks for an end that keeps what was done, the second one ends at once.

use super::exit::Exit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// The flag that Ctrl-C sets. The same one at every call.
pub(super) fn flag() -> Result<Arc<AtomicBool>, ctrlc::Error> {
    /// A signal belongs to the whole process.
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    if let Some(flag) = FLAG.get() {
        return Ok(Arc::clone(flag));
    }
    let flag = Arc::clone(FLAG.get_or_init(Arc::default));
    let set = Arc::clone(&flag);
    ctrlc::set_handler(move || {
        if set.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::INTERRUPTED));
        }
    })?;
    Ok(flag)
}
