//! A taker who was woken does not look again: somebody else has come by and taken what it was woken for.

use super::sync::{Arc, Condvar, Mutex};
use super::{Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "if for while",
    about: "a waiter who was woken does not look again",
    symptom: "there is nothing to take",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

struct Queue {
    items: Mutex<u64>,
    given: Condvar,
}

impl Queue {
    fn give(&self) {
        *self.items.lock().expect("nobody panics") += 1;
        self.given.notify_one();
    }

    fn take(&self, version: Version) {
        let mut items = self.items.lock().expect("nobody panics");
        if version == Version::Faulty {
            if *items == 0 {
                items = self.given.wait(items).expect("nobody panics");
            }
        } else {
            while *items == 0 {
                items = self.given.wait(items).expect("nobody panics");
            }
        }
        *items = items.checked_sub(1).expect("there is nothing to take");
    }
}

fn play(version: Version) {
    let queue = Arc::new(Queue { items: Mutex::new(0), given: Condvar::new() });
    together(4, move |nth| if nth % 2 == 0 { queue.take(version) } else { queue.give() });
}
