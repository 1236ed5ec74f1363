//! A barrier without generations is used twice: who is through first comes back and shuts it before the others have left.

use super::sync::{Arc, Condvar, Mutex};
use super::{DEADLOCK, Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "barrier reuse",
    about: "a barrier that counts but has no generations is used twice",
    symptom: DEADLOCK,
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

const SIZE: usize = 3;

/// How many have arrived, and how often all had.
#[derive(Default)]
struct Count {
    arrived: usize,
    generation: u64,
}

struct Barrier {
    count: Mutex<Count>,
    all: Condvar,
}

impl Barrier {
    fn wait(&self, version: Version) {
        let mut count = self.count.lock().expect("nobody panics");
        let mine = count.generation;
        count.arrived += 1;
        if count.arrived == SIZE {
            count.arrived = 0;
            count.generation += 1;
            self.all.notify_all();
            return;
        }
        let shut = |count: &Count| match version {
            Version::Faulty => count.arrived != 0,
            Version::Mended => count.generation == mine,
        };
        while shut(&count) {
            count = self.all.wait(count).expect("nobody panics");
        }
    }
}

fn play(version: Version) {
    let barrier = Arc::new(Barrier { count: Mutex::default(), all: Condvar::new() });
    together(SIZE, move |_| (0..2).for_each(|_| barrier.wait(version)));
}
