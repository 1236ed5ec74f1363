//! The code under test: a sum that is kept twice, behind a lock for many readers or one writer, written for std.

use retrip_core::door::{Plant, Rules};
// In production these three lines say `std`.
use retrip_sim::sync::atomic::{AtomicU32, Ordering::Relaxed};
use retrip_sim::sync::{Condvar, Mutex};
use retrip_sim::thread;
use std::time::Duration;

/// Readers do not look whether a writer waits that they have passed by often enough.
pub(crate) const READERS_PASS_BY: Plant = Plant::named("readers_pass_by");
/// Readers do not look whether somebody writes.
pub(crate) const READS_WHILE_WRITTEN: Plant = Plant::named("reads_while_written");
/// A reader who becomes a writer does not look again at what it has read.
pub(crate) const UPGRADES_WITHOUT_LOOKING: Plant = Plant::named("upgrades_without_looking");
/// The last reader goes and tells nobody.
pub(crate) const LEAVES_UNHEARD: Plant = Plant::named("leaves_unheard");

/// What the shelf tells of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Somebody comes to read, or to write: from now on it is known to those who come later.
    ComesToRead,
    ComesToWrite,
    /// It is let in.
    BeginsToRead,
    BeginsToWrite,
    /// It has read both copies of the sum.
    Reads {
        one: u32,
        other: u32,
    },
    /// It has added so much, which makes a new sum.
    Adds {
        amount: u32,
        makes: u32,
    },
}

/// Who is inside, and which writers wait: for each, how many readers have passed it by.
#[derive(Default)]
struct Door {
    readers: usize,
    is_written: bool,
    passed: Vec<(usize, u32)>,
    tickets: usize,
}

/// A sum in two copies, which are equal except while somebody writes.
pub(crate) struct Shelf<R, F> {
    door: Mutex<Door>,
    changed: Condvar,
    copies: [AtomicU32; 2],
    /// So many readers may pass by a writer that waits.
    patience: u32,
    rules: R,
    tell: F,
}

impl<R: Rules, F: Fn(Told)> Shelf<R, F> {
    /// The sum 0, whose writers let `patience` readers pass; it tells `tell` what becomes of it.
    pub(crate) fn new(patience: u32, rules: R, tell: F) -> Self {
        let (door, changed, copies) = Default::default();
        Self { door, changed, copies, patience, rules, tell }
    }

    /// Reads both copies, which takes so long in between; returns the first.
    pub(crate) fn read(&self, takes: Duration) -> u32 {
        self.enter_to_read();
        let one = self.copies[0].load(Relaxed);
        thread::sleep(takes);
        let other = self.copies[1].load(Relaxed);
        (self.tell)(Told::Reads { one, other });
        let mut door = self.door.lock().expect("nobody panics");
        door.readers -= 1;
        if door.readers == 0 && !self.rules.broken_by(LEAVES_UNHEARD) {
            self.changed.notify_all();
        }
        one
    }

    /// Reads the sum and comes back to write what it is with `amount` more, which takes so long between the two copies.
    pub(crate) fn add(&self, amount: u32, takes: Duration) {
        let read = self.read(Duration::ZERO);
        self.enter_to_write();
        // Somebody else may have written in between.
        let looked = self.copies[0].load(Relaxed);
        let old = if self.rules.broken_by(UPGRADES_WITHOUT_LOOKING) { read } else { looked };
        self.copies[0].store(old + amount, Relaxed);
        thread::sleep(takes);
        self.copies[1].store(old + amount, Relaxed);
        (self.tell)(Told::Adds { amount, makes: old + amount });
        self.door.lock().expect("nobody panics").is_written = false;
        self.changed.notify_all();
    }

    fn enter_to_read(&self) {
        let mut door = self.door.lock().expect("nobody panics");
        (self.tell)(Told::ComesToRead);
        while self.is_shut_to_readers(&door) {
            door = self.changed.wait(door).expect("nobody panics");
        }
        door.readers += 1;
        for (_, readers) in &mut door.passed {
            *readers += 1;
        }
        (self.tell)(Told::BeginsToRead);
    }

    fn is_shut_to_readers(&self, door: &Door) -> bool {
        let is_passed_enough = door.passed.iter().any(|(_, readers)| *readers >= self.patience);
        door.is_written && !self.rules.broken_by(READS_WHILE_WRITTEN)
            || is_passed_enough && !self.rules.broken_by(READERS_PASS_BY)
    }

    fn enter_to_write(&self) {
        let mut door = self.door.lock().expect("nobody panics");
        (self.tell)(Told::ComesToWrite);
        door.tickets += 1;
        let ticket = door.tickets;
        door.passed.push((ticket, 0));
        while door.is_written || door.readers > 0 {
            door = self.changed.wait(door).expect("nobody panics");
        }
        door.passed.retain(|(other, _)| *other != ticket);
        door.is_written = true;
        (self.tell)(Told::BeginsToWrite);
    }
}
