//! A semaphore made of one atomic looks whether there is a permit, and then takes one: two can take the last.

use super::sync::Arc;
use super::sync::atomic::{AtomicU64, Ordering::SeqCst};
use super::{Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "one too many",
    about: "a semaphore looks for a permit and takes it in two steps",
    symptom: "one too many is inside",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

const ROOM: u64 = 2;

struct Semaphore {
    permits: AtomicU64,
    inside: AtomicU64,
}

impl Semaphore {
    fn try_acquire(&self, version: Version) -> bool {
        let mut permits = self.permits.load(SeqCst);
        while permits > 0 {
            match version {
                Version::Faulty => {
                    self.permits.fetch_sub(1, SeqCst);
                    return true;
                }
                Version::Mended => {
                    let taken = self.permits.compare_exchange(permits, permits - 1, SeqCst, SeqCst);
                    match taken {
                        Ok(_) => return true,
                        Err(now) => permits = now,
                    }
                }
            }
        }
        false
    }
}

fn play(version: Version) {
    let (permits, inside) = (AtomicU64::new(ROOM), AtomicU64::new(0));
    let semaphore = Arc::new(Semaphore { permits, inside });
    together(3, move |_| {
        if semaphore.try_acquire(version) {
            let others = semaphore.inside.fetch_add(1, SeqCst);
            assert!(others < ROOM, "one too many is inside");
            semaphore.inside.fetch_sub(1, SeqCst);
            semaphore.permits.fetch_add(1, SeqCst);
        }
    });
}
