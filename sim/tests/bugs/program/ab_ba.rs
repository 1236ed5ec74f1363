//! Two threads take the same two locks in opposite orders, and each waits for the one that the other has.

use super::sync::{Arc, Mutex};
use super::{DEADLOCK, Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "AB-BA deadlock",
    about: "two locks are taken in opposite orders",
    symptom: DEADLOCK,
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

fn play(version: Version) {
    let accounts = Arc::new([Mutex::new(10_u64), Mutex::new(10_u64)]);
    together(2, move |nth| {
        let order = match version {
            Version::Faulty => [nth, 1 - nth],
            Version::Mended => [0, 1],
        };
        let [mut one, mut other] = order.map(|nth| accounts[nth].lock().expect("nobody panics"));
        *one -= 1;
        *other += 1;
    });
}
