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

/// One lock, condition variable or other place to wait at.
#[derive(Debug, Default)]
pub(super) struct Object {
    pub(super) owner: Option<ThreadId>,
    /// In the order in which they began to wait.
    pub(super) waiters: Vec<ThreadId>,
    /// Who holds it together with others. None where nobody ever has: most objects cannot be shared.
    pub(super) sharing: Option<Box<Sharing>>,
}

/// Those who hold one lock at the same time, and what keeps others from joining them.
#[derive(Debug, Default)]
pub(super) struct Sharing {
    /// By the place that each was given; nobody where it has left.
    holders: Vec<Option<ThreadId>>,
    free: Vec<u32>,
    /// How many wait to have it alone.
    pub(super) writers: u32,
}

impl Sharing {
    /// Whether nobody holds it.
    pub(super) fn is_empty(&self) -> bool {
        self.free.len() == self.holders.len()
    }

    /// The place of `thread` among the holders, until it leaves.
    pub(super) fn join(&mut self, thread: ThreadId) -> u32 {
        if let Some(place) = self.free.pop() {
            self.holders[place as usize] = Some(thread);
            return place;
        }
        self.holders.push(Some(thread));
        u32::try_from(self.holders.len() - 1).expect("fewer than 2^32 threads hold a lock")
    }

    /// Whoever was given `place` holds it no more.
    pub(super) fn leave(&mut self, place: u32) {
        self.holders[place as usize] = None;
        self.free.push(place);
    }

    /// Everyone who holds it, in the order of their places.
    pub(super) fn holders(&self) -> impl Iterator<Item = ThreadId> {
        self.holders.iter().copied().flatten()
    }
}

/// All that live now.
#[derive(Debug, Default)]
pub(super) struct Objects {
    slots: Vec<Object>,
    free: Vec<Slot>,
}

/// Lists of waiters that a run leaves to the next one on its operating system thread.
const MOST_KEPT: usize = 64;

impl Objects {
    /// Forgets all of them and keeps their room, or that of the first ones.
    pub(super) fn clear(&mut self) {
        self.slots.truncate(MOST_KEPT);
        self.free.clear();
        for nth in (0..self.slots.len()).rev() {
            self.remove(Slot(u32::try_from(nth).expect("few are kept")));
        }
    }

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
        object.sharing = None;
        self.free.push(slot);
    }

    #[inline]
    pub(super) fn get(&mut self, slot: Slot) -> &mut Object {
        &mut self.slots[slot.0 as usize]
    }

    #[inline]
    pub(super) fn look(&self, slot: Slot) -> &Object {
        &self.slots[slot.0 as usize]
    }
}
