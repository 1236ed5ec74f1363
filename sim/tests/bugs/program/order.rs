//! Two of twenty threads hand a stage back and forth, each at a step of its own among twenty; the other accesses are private.
//!
//! The depth is how many such steps must lie between steps of the other thread, in this order, for the bug to show.

use super::sync::Arc;
use super::sync::atomic::{AtomicU64, Ordering::SeqCst};
use super::{Program, together};

const THREADS: usize = 20;
const STEPS: u64 = 20;

pub(crate) const DEPTH_2: Program = Program {
    name: "order of depth 2",
    about: "2 orders among the steps of 2 of 20 threads, whose other accesses are private",
    symptom: "in the one bad order",
    faulty: || play(&[(0, 4), (1, 14), (0, 8)]),
    mended: None,
};

pub(crate) const DEPTH_3: Program = Program {
    name: "order of depth 3",
    about: "3 orders among the steps of 2 of 20 threads, whose other accesses are private",
    symptom: "in the one bad order",
    faulty: || play(&[(0, 4), (1, 14), (0, 8), (1, 16)]),
    mended: None,
};

pub(crate) const DEPTH_4: Program = Program {
    name: "order of depth 4",
    about: "4 orders among the steps of 2 of 20 threads, whose other accesses are private",
    symptom: "in the one bad order",
    faulty: || play(&[(0, 4), (1, 14), (0, 8), (1, 16), (0, 10)]),
    mended: None,
};

/// `order` lists who takes the stage from its place in the list to the next one, and at which of its steps.
fn play(order: &'static [(usize, u64)]) {
    let stage = Arc::new(AtomicU64::new(0));
    let theirs = Arc::clone(&stage);
    together(THREADS, move |nth| {
        let own = AtomicU64::new(0);
        for step in 0..STEPS {
            match order.iter().position(|&at| at == (nth, step)) {
                Some(place) => {
                    let place = place as u64;
                    let _ = theirs.compare_exchange(place, place + 1, SeqCst, SeqCst);
                }
                None => {
                    own.fetch_add(1, SeqCst);
                }
            }
        }
    });
    assert!(stage.load(SeqCst) < order.len() as u64, "in the one bad order");
}
