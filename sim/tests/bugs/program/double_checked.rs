//! A value is made by the first who needs it; it is announced before it is there, and whoever comes by without the lock sees
//! nothing.

use super::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use super::sync::{Arc, Mutex};
use super::{Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "double-checked init",
    about: "a value is announced one step before it is written",
    symptom: "used before it is there",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

const VALUE: u64 = 42;

struct Lazy {
    ready: AtomicBool,
    value: AtomicU64,
    making: Mutex<()>,
}

impl Lazy {
    fn get(&self, version: Version) -> u64 {
        if !self.ready.load(SeqCst) {
            let _one = self.making.lock().expect("nobody panics");
            if !self.ready.load(SeqCst) {
                match version {
                    Version::Faulty => {
                        self.ready.store(true, SeqCst);
                        self.value.store(VALUE, SeqCst);
                    }
                    Version::Mended => {
                        self.value.store(VALUE, SeqCst);
                        self.ready.store(true, SeqCst);
                    }
                }
            }
        }
        self.value.load(SeqCst)
    }
}

fn play(version: Version) {
    let (ready, value) = (AtomicBool::new(false), AtomicU64::new(0));
    let lazy = Arc::new(Lazy { ready, value, making: Mutex::new(()) });
    together(3, move |_| assert_eq!(lazy.get(version), VALUE, "used before it is there"));
}
