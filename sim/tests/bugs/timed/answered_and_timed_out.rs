//! A call looks whether its timer has fired and then says that it is done; the timer fires between the two statements.

use super::sync::Arc;
use super::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use super::time::Duration;
use super::{Program, Version, thread};

pub(crate) const PROGRAM: Program = Program {
    name: "timer between",
    about: "a timer fires between two statements of the call that it guards",
    symptom: "answered and timed out",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

/// Both the answer and the timer want to be the end of a call.
struct Call {
    over: AtomicBool,
    ends: AtomicU64,
}

impl Call {
    fn end(&self, version: Version) {
        let was_over = match version {
            Version::Faulty => {
                let over = self.over.load(SeqCst);
                self.over.store(true, SeqCst);
                over
            }
            Version::Mended => self.over.swap(true, SeqCst),
        };
        if !was_over {
            assert_eq!(self.ends.fetch_add(1, SeqCst), 0, "answered and timed out");
        }
    }
}

fn play(version: Version) {
    let call = Arc::new(Call { over: AtomicBool::new(false), ends: AtomicU64::new(0) });
    let theirs = Arc::clone(&call);
    let timer = thread::spawn(move || {
        thread::sleep(Duration::from_secs(1));
        theirs.end(version);
    });
    call.end(version);
    timer.join().expect("the timer ends");
}
