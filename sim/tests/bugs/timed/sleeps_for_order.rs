//! Somebody sleeps for as long as the others surely need, and does not look whether they have ended.

use super::sync::Arc;
use super::sync::atomic::{AtomicU64, Ordering::SeqCst};
use super::time::Duration;
use super::{Program, Version, thread};

pub(crate) const PROGRAM: Program = Program {
    name: "sleep for order",
    about: "a sleep stands where a join should",
    symptom: "not done yet",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

/// What the worker does before it has done its work.
const STEPS: u64 = 10;

fn play(version: Version) {
    let done = Arc::new(AtomicU64::new(0));
    let theirs = Arc::clone(&done);
    let worker = thread::spawn(move || {
        for _ in 0..STEPS {
            theirs.fetch_add(1, SeqCst);
        }
    });
    let look = || assert_eq!(done.load(SeqCst), STEPS, "not done yet");
    match version {
        Version::Faulty => {
            thread::sleep(Duration::from_millis(100));
            look();
            worker.join().expect("the worker ends");
        }
        Version::Mended => {
            worker.join().expect("the worker ends");
            look();
        }
    }
}
