//! Locks and condition variables as the scheduler keeps them: who owns, who waits.

use super::thread::ThreadId;

/// The identity of an object: its creating thread and which of that thread's objects it is. It does not depend on the
/// schedule of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key(pub(super) u64);

impl Key {
    pub(super) fn new(creator: ThreadId, nth: u32) -> Self {
        Self(u64::from(creator.0) << 32 | u64::from(nth))
    }
}

/// Where the scheduler keeps an object's waiters. Slots are used again; keys are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot(u32);

/// One lock or condition variable.
#[derive(Debug, Default)]
pub(super) struct Object {
    pub(super) owner: Option<ThreadId>,
    /// In the order in which they began to wait.
    pub(super) waiters: Vec<ThreadId>,
}

/// All that live now.
#[derive(Debug, Default)]
pub(super) struct Objects {
    slots: Vec<Object>,
    free: Vec<Slot>,
}

impl Objects {
    pub(super) fn insert(&mut self) -> Slot {
        if let Some(slot) = self.free.pop() {
            return slot;
        }
        let slot = Slot(u32::try_from(self.slots.len()).expect("a run has fewer than 2^32 locks"));
        self.slots.push(Object::default());
        slot
    }

    pub(super) fn remove(&mut self, slot: Slot) {
        let object = self.get(slot);
        object.owner = None;
        object.waiters.clear();
        self.free.push(slot);
    }

    #[inline]
    pub(super) fn get(&mut self, slot: Slot) -> &mut Object {
        &mut self.slots[slot.0 as usize]
    }

    #[inline]
    pub(super) fn owner(&self, slot: Slot) -> Option<ThreadId> {
        self.slots[slot.0 as usize].owner
    }
}
