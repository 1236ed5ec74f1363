//! A cache is looked at under a read lock and filled under a write lock: between the two another writer slips in.

use super::sync::{Arc, Condvar, Mutex};
use super::{Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "writer slips in",
    about: "a reader who becomes a writer does not look again at what it has read",
    symptom: "filled twice",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

/// A lock for many readers or one writer, made of a mutex.
struct ReadWrite {
    /// Readers inside; a writer counts as [`WRITER`].
    inside: Mutex<u64>,
    left: Condvar,
    filled: Mutex<u64>,
}

const WRITER: u64 = 1_000;

impl ReadWrite {
    fn read<R>(&self, act: impl FnOnce(&mut u64) -> R) -> R {
        self.within(1, |inside| inside >= WRITER, act)
    }

    fn write<R>(&self, act: impl FnOnce(&mut u64) -> R) -> R {
        self.within(WRITER, |inside| inside > 0, act)
    }

    fn within<R>(
        &self,
        weight: u64,
        shut: impl Fn(u64) -> bool,
        act: impl FnOnce(&mut u64) -> R,
    ) -> R {
        let mut inside = self.inside.lock().expect("nobody panics");
        while shut(*inside) {
            inside = self.left.wait(inside).expect("nobody panics");
        }
        *inside += weight;
        drop(inside);
        let result = act(&mut self.filled.lock().expect("nobody panics"));
        *self.inside.lock().expect("nobody panics") -= weight;
        self.left.notify_all();
        result
    }
}

fn play(version: Version) {
    let (inside, filled) = (Mutex::new(0), Mutex::new(0));
    let cache = Arc::new(ReadWrite { inside, left: Condvar::new(), filled });
    let theirs = Arc::clone(&cache);
    together(2, move |_| {
        if theirs.read(|filled| *filled == 0) {
            theirs.write(|filled| {
                if version == Version::Faulty || *filled == 0 {
                    *filled += 1;
                }
            });
        }
    });
    assert_eq!(cache.read(|filled| *filled), 1, "filled twice");
}
