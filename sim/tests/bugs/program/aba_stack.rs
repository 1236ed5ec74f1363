//! A stack of indices by compare-exchange: between the read of its top and the exchange the same top has gone and come back,
//! with another one below it.

use super::sync::Arc;
use super::sync::atomic::{AtomicU64, Ordering::SeqCst};
use super::{Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "ABA on a stack",
    about: "a compare-exchange cannot tell a top that came back from one that stayed",
    symptom: "taken twice",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

const ITEMS: usize = 3;
/// Tops carry the number of changes above this bit, where they carry it.
const TAG: u64 = 1 << 32;

/// Items are numbered from 1, so that 0 is none.
struct Stack {
    version: Version,
    top: AtomicU64,
    below: [AtomicU64; ITEMS + 1],
    owners: [AtomicU64; ITEMS + 1],
}

impl Stack {
    fn full(version: Version) -> Self {
        Self {
            version,
            top: AtomicU64::new(1),
            below: [0, 2, 3, 0].map(AtomicU64::new),
            owners: std::array::from_fn(|_| AtomicU64::new(0)),
        }
    }

    fn change(&self, top: u64, item: u64) -> bool {
        let tag = match self.version {
            Version::Faulty => 0,
            Version::Mended => top / TAG + 1,
        };
        self.top.compare_exchange(top, tag * TAG + item, SeqCst, SeqCst).is_ok()
    }

    fn pop(&self) -> Option<usize> {
        loop {
            let top = self.top.load(SeqCst);
            let item = place(top);
            if item == 0 {
                return None;
            }
            if self.change(top, self.below[item].load(SeqCst)) {
                assert_eq!(self.owners[item].fetch_add(1, SeqCst), 0, "taken twice");
                return Some(item);
            }
        }
    }

    fn push(&self, item: usize) {
        self.owners[item].fetch_sub(1, SeqCst);
        loop {
            let top = self.top.load(SeqCst);
            self.below[item].store(top % TAG, SeqCst);
            if self.change(top, item as u64) {
                return;
            }
        }
    }
}

fn place(top: u64) -> usize {
    usize::try_from(top % TAG).expect("an item is a small number")
}

fn play(version: Version) {
    let stack = Arc::new(Stack::full(version));
    together(2, move |_| {
        let held = [stack.pop(), stack.pop()];
        held.into_iter().flatten().for_each(|item| stack.push(item));
    });
}
