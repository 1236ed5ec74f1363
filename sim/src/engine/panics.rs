//! The process's panic hook: panics of simulated units are noted, all others print as before.

use super::{hosts, threads};
use retrip_core::door::JoinError;
use std::any::Any;
use std::cell::Cell;
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

thread_local! {
    /// Whether an engine that panics by itself, to say how a run ends, has this operating system thread.
    static WITHIN_ENGINE: Cell<bool> = const { Cell::new(false) };
}

/// Installs the hook once in the process, in front of the one that is there.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let noted = threads::note_panic(|| place(info)) || hosts::note_panic(|| place(info));
            if !noted && !WITHIN_ENGINE.get() {
                previous(info);
            }
        }));
    });
}

fn place(info: &PanicHookInfo<'_>) -> String {
    info.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()))
}

/// Runs `body`, whose panics somebody will catch and read: none of them is printed.
#[cfg_attr(
    not(all(madsim, feature = "madsim")),
    expect(dead_code, reason = "for the nodes engine")
)]
pub(super) fn within_engine<R>(body: impl FnOnce() -> R) -> R {
    let before = WITHIN_ENGINE.replace(true);
    let result = body();
    WITHIN_ENGINE.set(before);
    result
}

/// What there is to say about a panic's payload.
pub(super) fn message(payload: &(dyn Any + Send)) -> String {
    match JoinError::panicked(payload) {
        JoinError::Panicked { message } => message,
        other => other.to_string(),
    }
}
