//! Memory of an earlier run on this operating system thread, for the next one: room is kept, never what was in it.

use super::coroutine::Coroutine;
use super::object::Objects;
use super::thread::{Thread, ThreadId};
use std::cell::Cell;

/// Empty lists that need not grow again.
#[derive(Default)]
pub(super) struct Spare {
    /// The kernel's.
    pub(super) room: Room,
    pub(super) stacks: Vec<Option<Coroutine>>,
}

/// The lists of a kernel.
#[derive(Default)]
pub(super) struct Room {
    pub(super) threads: Vec<Thread>,
    pub(super) ready: Vec<ThreadId>,
    pub(super) unborn: Vec<Option<Coroutine>>,
    pub(super) objects: Objects,
}

thread_local! {
    static SPARE: Cell<Option<Spare>> = const { Cell::new(None) };
}

impl Spare {
    /// What an earlier run has left, or new lists.
    pub(super) fn take() -> Self {
        SPARE.take().unwrap_or_default()
    }

    /// Empties the lists and leaves them for the next run.
    pub(super) fn leave(mut self) {
        let Room { threads, ready, unborn, objects } = &mut self.room;
        threads.clear();
        ready.clear();
        unborn.clear();
        objects.clear();
        self.stacks.clear();
        SPARE.set(Some(self));
    }
}
