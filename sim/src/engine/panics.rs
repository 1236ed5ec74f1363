//! The process's panic hook: panics of simulated units are noted, all others print as before.

use super::{hosts, threads};
use crate::log::Name;
use retrip_core::door::JoinError;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

thread_local! {
    /// Whether an engine that panics by itself, to say how a run ends, has this operating system thread.
    static WITHIN_ENGINE: Cell<bool> = const { Cell::new(false) };
    /// The first panic within it that began in no unit.
    static BESIDE: RefCell<Option<Beside>> = const { RefCell::new(None) };
    /// Says whose code is running, where no unit is polled.
    static WHOSE: Cell<fn() -> Option<Name>> = const { Cell::new(|| None) };
}

/// A panic that is no unit's: whose it is where that is known, what it said, and file and line.
pub(super) type Beside = (Option<Name>, String, String);

/// Installs the hook once in the process, in front of the one that is there.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let noted = threads::note_panic(|| place(info)) || hosts::note_panic(|| place(info));
            if noted {
                return;
            }
            if WITHIN_ENGINE.get() {
                note_beside(info);
            } else {
                previous(info);
            }
        }));
    });
}

/// Keeps a panic that is no unit's, unless there was one before: what follows from it is not the cause.
fn note_beside(info: &PanicHookInfo<'_>) {
    let whose = WHOSE.get();
    BESIDE.with_borrow_mut(|beside| {
        beside.get_or_insert_with(|| {
            (
                whose(),
                info.payload_as_str().unwrap_or("its payload is no text").to_owned(),
                place(info),
            )
        });
    });
}

/// From now on `whose` says, on this operating system thread, whose code a panic is in that is no unit's.
#[cfg_attr(
    not(all(tokio_unstable, feature = "turmoil")),
    expect(dead_code, reason = "for the network engine")
)]
pub(super) fn tell_whose(whose: fn() -> Option<Name>) {
    WHOSE.set(whose);
}

/// The first panic on this operating system thread, since it was last asked for, that is no unit's.
#[cfg_attr(
    not(any(all(madsim, feature = "madsim"), all(tokio_unstable, feature = "turmoil"))),
    expect(dead_code, reason = "for the engines with hosts")
)]
pub(super) fn take_beside() -> Option<Beside> {
    BESIDE.take()
}

fn place(info: &PanicHookInfo<'_>) -> String {
    info.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()))
}

/// Runs `body`, whose panics somebody will catch and read: none of them is printed.
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
