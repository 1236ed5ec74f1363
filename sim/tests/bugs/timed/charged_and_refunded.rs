//! A client waits for work that takes no time, and yet its timer may fire first: the answer that comes after is not expected.

use super::sync::{Arc, Condvar, Mutex};
use super::time::Duration;
use super::{Program, Version, thread};

pub(crate) const PROGRAM: Program = Program {
    name: "missed timeout",
    about: "a timer beats work that was never thought to be late",
    symptom: "charged and refunded",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

#[derive(Default)]
struct Order {
    charged: bool,
    refunded: bool,
}

fn play(version: Version) {
    let shared = Arc::new((Mutex::new(Order::default()), Condvar::new()));
    let theirs = Arc::clone(&shared);
    let worker = thread::spawn(move || {
        let (order, changed) = &*theirs;
        let mut order = order.lock().expect("nobody panics");
        if version == Version::Faulty || !order.refunded {
            order.charged = true;
            changed.notify_one();
        }
    });
    let (order, changed) = &*shared;
    let limit = Duration::from_millis(10);
    let order = order.lock().expect("nobody panics");
    let waits = |order: &mut Order| !order.charged;
    let (mut order, _) = changed.wait_timeout_while(order, limit, waits).expect("nobody panics");
    order.refunded = !order.charged;
    drop(order);
    worker.join().expect("the worker ends");
    let order = shared.0.lock().expect("nobody panics");
    assert!(!(order.charged && order.refunded), "charged and refunded");
}
