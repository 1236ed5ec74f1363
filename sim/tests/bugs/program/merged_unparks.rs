//! A thread parks once for each of two others: when both unpark it first, the two count as one and the second park never ends.

use super::sync::Arc;
use super::sync::atomic::{AtomicU64, Ordering::SeqCst};
use super::{DEADLOCK, Program, Version, thread, together};

pub(crate) const PROGRAM: Program = Program {
    name: "merged unparks",
    about: "a thread parks once for each unpark, and two unparks before a park count once",
    symptom: DEADLOCK,
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

const WORKERS: usize = 2;

fn play(version: Version) {
    let done = Arc::new(AtomicU64::new(0));
    let (theirs, waiter) = (Arc::clone(&done), thread::current());
    let workers = thread::spawn(move || {
        together(WORKERS, move |_| {
            theirs.fetch_add(1, SeqCst);
            waiter.unpark();
        });
    });
    match version {
        Version::Faulty => (0..WORKERS).for_each(|_| thread::park()),
        Version::Mended => {
            while done.load(SeqCst) < WORKERS as u64 {
                thread::park();
            }
        }
    }
    workers.join().expect("no worker panics");
}
