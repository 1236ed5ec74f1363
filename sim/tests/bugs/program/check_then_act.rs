//! Two withdrawals look whether there is enough, both find enough, and both take it.

use super::sync::{Arc, Mutex};
use super::{Program, Version, together};

pub(crate) const PROGRAM: Program = Program {
    name: "check then act",
    about: "an account is looked at under one lock and taken from under the next",
    symptom: "overdrawn",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

const AMOUNT: i64 = 60;

fn play(version: Version) {
    let account = Arc::new(Mutex::new(100_i64));
    let theirs = Arc::clone(&account);
    together(2, move |_| match version {
        Version::Faulty => {
            let enough = *theirs.lock().expect("nobody panics") >= AMOUNT;
            if enough {
                *theirs.lock().expect("nobody panics") -= AMOUNT;
            }
        }
        Version::Mended => {
            let mut balance = theirs.lock().expect("nobody panics");
            if *balance >= AMOUNT {
                *balance -= AMOUNT;
            }
        }
    });
    assert!(*account.lock().expect("nobody panics") >= 0, "overdrawn");
}
