//! Polls of units that have begun since the run's lock was last taken.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// So many polls are noted at most before somebody has to take the lock.
pub(super) const ROOM: usize = 16;

/// Notes polls without the run's lock, which would cost more than the rest of what a poll begins with. Whoever takes the lock next
/// counts them before anything else, so that nobody sees the difference.
///
/// Only the run's own thread notes and takes.
#[derive(Default)]
pub(super) struct Polls {
    /// The unit of each.
    units: [AtomicU64; ROOM],
    noted: AtomicUsize,
    /// How many may be noted: none where a poll may be the last one, or one too many.
    room: AtomicUsize,
}

impl Polls {
    /// Notes a poll of `unit`. Says whether there was room.
    pub(super) fn note(&self, unit: usize) -> bool {
        let noted = self.noted.load(Relaxed);
        if noted >= self.room.load(Relaxed) {
            return false;
        }
        self.units[noted % ROOM].store(unit as u64, Relaxed);
        self.noted.store(noted + 1, Relaxed);
        true
    }

    /// The unit of each poll that was noted, in order. From now on there are none.
    #[inline]
    pub(super) fn take(&self) -> impl Iterator<Item = u64> {
        let noted = self.noted.load(Relaxed);
        self.noted.store(0, Relaxed);
        self.units[..noted.min(ROOM)].iter().map(|unit| unit.load(Relaxed))
    }

    /// How many are noted.
    pub(super) fn noted(&self) -> u64 {
        self.noted.load(Relaxed) as u64
    }

    /// From now on so many may be noted.
    pub(super) fn has_room(&self, room: usize) {
        self.room.store(room, Relaxed);
    }
}
