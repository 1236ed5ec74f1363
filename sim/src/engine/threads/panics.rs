//! The process's panic hook: panics of simulated threads are noted, all others print as before.

use super::{coroutine, tether};
use retrip_core::door::JoinError;
use std::any::Any;
use std::panic;
use std::sync::Once;

/// Installs the hook once in the process, in front of the one that is there.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let noted = coroutine::on_coroutine()
                && tether::try_with_any(|kernel| {
                    let at = info
                        .location()
                        .map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
                    let thread = kernel.me();
                    thread.unwinding = true;
                    thread.panicked_at = at;
                })
                .is_some();
            if !noted {
                previous(info);
            }
        }));
    });
}

/// What there is to say about a panic's payload.
pub(super) fn message(payload: &(dyn Any + Send)) -> String {
    match JoinError::panicked(payload) {
        JoinError::Panicked { message } => message,
        other => other.to_string(),
    }
}
