//! A writer changes two halves under a lock; a reader who takes no lock sees one half of before and one of after.

use super::sync::atomic::{AtomicU64, Ordering::SeqCst};
use super::sync::{Arc, Mutex};
use super::{Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "half read",
    about: "two halves are written under a lock and read without it",
    symptom: "half of it is new",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

struct Pair {
    writing: Mutex<()>,
    halves: [AtomicU64; 2],
}

impl Pair {
    fn write(&self, value: u64) {
        let _one = self.writing.lock().expect("nobody panics");
        self.halves.iter().for_each(|half| half.store(value, SeqCst));
    }

    fn read(&self, version: Version) -> [u64; 2] {
        let _one =
            (version == Version::Mended).then(|| self.writing.lock().expect("nobody panics"));
        self.halves.each_ref().map(|half| half.load(SeqCst))
    }
}

fn play(version: Version) {
    let pair = Pair { writing: Mutex::new(()), halves: [AtomicU64::new(0), AtomicU64::new(0)] };
    let pair = Arc::new(pair);
    together(2, move |nth| match nth {
        0 => (1..=2).for_each(|value| pair.write(value)),
        _ => {
            let [low, high] = pair.read(version);
            assert_eq!(low, high, "half of it is new");
        }
    });
}
