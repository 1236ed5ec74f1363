//! Whoever closes a connection first gives it back to its pool: two who both come first give it back twice.

use super::sync::Arc;
use super::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use super::{Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "double release",
    about: "two who close one thing both find it open and both give it back",
    symptom: "released twice",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

#[derive(Debug)]
struct Connection {
    closed: AtomicBool,
    given_back: AtomicU64,
}

impl Connection {
    fn close(&self, version: Version) {
        let was_closed = match version {
            Version::Faulty => {
                let closed = self.closed.load(SeqCst);
                self.closed.store(true, SeqCst);
                closed
            }
            Version::Mended => self.closed.swap(true, SeqCst),
        };
        if !was_closed {
            assert_eq!(self.given_back.fetch_add(1, SeqCst), 0, "released twice");
        }
    }
}

fn play(version: Version) {
    let (closed, given_back) = (AtomicBool::new(false), AtomicU64::new(0));
    let connection = Arc::new(Connection { closed, given_back });
    together(3, move |_| connection.close(version));
}
