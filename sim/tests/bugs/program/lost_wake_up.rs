//! A waiter looks whether it must wait before it takes the lock: what is notified in between is never heard.

use super::sync::atomic::{AtomicBool, Ordering::SeqCst};
use super::sync::{Arc, Condvar, Mutex};
use super::{DEADLOCK, Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "lost wake-up",
    about: "a waiter looks at its condition before it takes the lock",
    symptom: DEADLOCK,
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

struct Gate {
    open: AtomicBool,
    lock: Mutex<()>,
    opened: Condvar,
}

impl Gate {
    fn open(&self) {
        self.open.store(true, SeqCst);
        let _one = self.lock.lock().expect("nobody panics");
        self.opened.notify_all();
    }

    fn pass(&self, version: Version) {
        match version {
            Version::Faulty => {
                if !self.open.load(SeqCst) {
                    let guard = self.lock.lock().expect("nobody panics");
                    drop(self.opened.wait(guard).expect("nobody panics"));
                }
            }
            Version::Mended => {
                let mut guard = self.lock.lock().expect("nobody panics");
                while !self.open.load(SeqCst) {
                    guard = self.opened.wait(guard).expect("nobody panics");
                }
            }
        }
    }
}

fn play(version: Version) {
    let (open, lock) = (AtomicBool::new(false), Mutex::new(()));
    let gate = Arc::new(Gate { open, lock, opened: Condvar::new() });
    together(2, move |nth| if nth == 0 { gate.open() } else { gate.pass(version) });
}
