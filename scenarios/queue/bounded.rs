//! The code under test: a bounded queue with time limits, written for std.

use retrip_core::door::{Plant, Rules};
// In production these two lines say `std`.
use retrip_sim::sync::{Condvar, Mutex, MutexGuard};
use retrip_sim::time::Instant;
use std::collections::VecDeque;
use std::time::Duration;

/// Who was woken takes it that there is room now, without a look.
pub(crate) const IF_FOR_WHILE: Plant = Plant::named("if_for_while");
/// The item that was given last is taken first.
pub(crate) const LAST_IN_FIRST_OUT: Plant = Plant::named("last_in_first_out");
/// Who was woken and has to wait again takes it that the limit is over.
pub(crate) const REFUSED_WHEN_WOKEN: Plant = Plant::named("refused_when_woken");
/// Who was woken and has to wait again waits for its whole limit again.
pub(crate) const LIMIT_COUNTED_ANEW: Plant = Plant::named("limit_counted_anew");
/// Who takes an item tells those who wait for an item, and nobody who waits for room.
pub(crate) const WRONG_SIDE_IS_TOLD: Plant = Plant::named("wrong_side_is_told");

/// What the queue tells of itself, each time within its lock or before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Somebody asks for this within a limit, which begins now.
    Asks {
        for_: Wish,
        within: Duration,
    },
    /// It has to wait, and will for so long at most.
    Waits {
        for_: Wish,
        left: Duration,
    },
    /// It gave or took this item; so many are in the queue then.
    Gives {
        item: u32,
        wait: Wait,
        holds: usize,
    },
    Takes {
        item: u32,
        wait: Wait,
        holds: usize,
    },
    /// It has waited for long enough; so many are in the queue.
    IsRefused {
        holds: usize,
    },
}

/// What somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wish {
    /// To give an item.
    Room,
    /// To take one.
    Item,
}

/// How the last wait of somebody ended who had to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// There was none, or somebody or nobody woke it before its time.
    Over,
    /// Nothing woke it until its time was over, and then it found what it waited for.
    AtLast,
}

/// A queue with room for a few items.
pub(crate) struct Bounded<R, F> {
    items: Mutex<VecDeque<u32>>,
    given: Condvar,
    taken: Condvar,
    room: usize,
    rules: R,
    tell: F,
}

/// What somebody waits for who asked.
struct Asked {
    for_: Wish,
    limit: Duration,
    until: Instant,
    wait: Wait,
}

impl<R: Rules, F: Fn(Told)> Bounded<R, F> {
    /// An empty queue, which tells `tell` what becomes of it.
    pub(crate) fn new(room: usize, rules: R, tell: F) -> Self {
        let (given, taken) = (Condvar::new(), Condvar::new());
        Self { items: Mutex::default(), given, taken, room, rules, tell }
    }

    /// Waits for room, for `limit` at most: exactly at its end is late enough to be refused.
    pub(crate) fn give(&self, item: u32, limit: Duration) {
        let mut asked = self.asked(Wish::Room, limit);
        let mut items = self.items.lock().expect("nobody panics");
        while items.len() >= self.room {
            let Some(again) = self.wait(items, &mut asked) else { return };
            items = again;
            if self.rules.broken_by(IF_FOR_WHILE) {
                break;
            }
            if items.len() >= self.room && self.rules.broken_by(REFUSED_WHEN_WOKEN) {
                return (self.tell)(Told::IsRefused { holds: items.len() });
            }
        }
        items.push_back(item);
        self.given.notify_one();
        // Told after it is done: what is told to come before a limit has woken somebody before it.
        (self.tell)(Told::Gives { item, wait: asked.wait, holds: items.len() });
    }

    /// Waits for an item, for `limit` at most: exactly at its end is late enough to be refused.
    pub(crate) fn take(&self, limit: Duration) {
        let mut asked = self.asked(Wish::Item, limit);
        let mut items = self.items.lock().expect("nobody panics");
        loop {
            if let Some(item) = self.next(&mut items) {
                self.tell_of_room();
                return (self.tell)(Told::Takes { item, wait: asked.wait, holds: items.len() });
            }
            let Some(again) = self.wait(items, &mut asked) else { return };
            items = again;
        }
    }

    /// Takes whatever is there.
    pub(crate) fn take_the_rest(&self) {
        let mut items = self.items.lock().expect("nobody panics");
        while let Some(item) = self.next(&mut items) {
            (self.tell)(Told::Takes { item, wait: Wait::Over, holds: items.len() });
        }
    }

    fn asked(&self, for_: Wish, limit: Duration) -> Asked {
        let until = Instant::now() + limit;
        (self.tell)(Told::Asks { for_, within: limit });
        Asked { for_, limit, until, wait: Wait::Over }
    }

    /// Waits for what is left of the limit; none where nothing is.
    fn wait<'a>(
        &self,
        items: MutexGuard<'a, VecDeque<u32>>,
        asked: &mut Asked,
    ) -> Option<MutexGuard<'a, VecDeque<u32>>> {
        let left = asked.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            (self.tell)(Told::IsRefused { holds: items.len() });
            return None;
        }
        (self.tell)(Told::Waits { for_: asked.for_, left });
        let change = match asked.for_ {
            Wish::Room => &self.taken,
            Wish::Item => &self.given,
        };
        let (items, waited) = change.wait_timeout(items, left).expect("nobody panics");
        asked.wait = if waited.timed_out() { Wait::AtLast } else { Wait::Over };
        if self.rules.broken_by(LIMIT_COUNTED_ANEW) && asked.wait == Wait::Over {
            asked.until = Instant::now() + asked.limit;
        }
        Some(items)
    }

    fn next(&self, items: &mut VecDeque<u32>) -> Option<u32> {
        if self.rules.broken_by(LAST_IN_FIRST_OUT) { items.pop_back() } else { items.pop_front() }
    }

    fn tell_of_room(&self) {
        if self.rules.broken_by(WRONG_SIDE_IS_TOLD) {
            self.given.notify_one();
        } else {
            self.taken.notify_one();
        }
    }
}
