//! Their side: the same programs on loom 0.7, in every order that it tells apart.

use loom::{sync, thread};

#[path = "work.rs"]
mod work;

use crate::load::Load;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Runs `load` in every order, and says in how many that was.
#[must_use]
pub fn every_order(load: Load) -> u64 {
    // std's own, which loom does not see.
    let runs = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&runs);
    loom::model(move || {
        counted.fetch_add(1, Relaxed);
        work::perform(load);
    });
    runs.load(Relaxed)
}

/// It has none: no case of a search asks for one.
fn sync_channel<T>(room: usize) -> (sync::mpsc::Sender<T>, sync::mpsc::Receiver<T>) {
    panic!("loom has no channel with room for {room}")
}
