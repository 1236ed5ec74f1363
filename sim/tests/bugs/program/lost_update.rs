//! Threads add to a counter by reading it and writing it back: one that reads between another's two steps takes its update away.

use super::sync::Arc;
use super::sync::atomic::{AtomicU64, Ordering::SeqCst};
use super::{Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "lost update",
    about: "a counter is read and written back in two steps",
    symptom: "an update is lost",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

fn play(version: Version) {
    let counter = Arc::new(AtomicU64::new(0));
    let theirs = Arc::clone(&counter);
    together(2, move |_| match version {
        Version::Faulty => theirs.store(theirs.load(SeqCst) + 1, SeqCst),
        Version::Mended => {
            theirs.fetch_add(1, SeqCst);
        }
    });
    assert_eq!(counter.load(SeqCst), 2, "an update is lost");
}
