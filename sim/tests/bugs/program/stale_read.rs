//! A value is read under its lock and written under it, but the lock was free in between and what was read has grown old.

use super::sync::{Arc, Mutex};
use super::{Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "stale read",
    about: "what was read under a lock is written back after the lock was free",
    symptom: "a deposit is lost",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

/// A value, and how often it was written.
type Balance = Mutex<(u64, u64)>;

fn play(version: Version) {
    let balance = Arc::new(Balance::new((0, 0)));
    let theirs = Arc::clone(&balance);
    together(3, move |_| while !deposit(&theirs, version) {});
    assert_eq!(balance.lock().expect("nobody panics").0, 3, "a deposit is lost");
}

/// Adds one, or leaves it where somebody else was faster.
fn deposit(balance: &Balance, version: Version) -> bool {
    let (seen, written) = *balance.lock().expect("nobody panics");
    let mut now = balance.lock().expect("nobody panics");
    let fresh = version == Version::Faulty || now.1 == written;
    if fresh {
        *now = (seen + 1, written + 1);
    }
    fresh
}
