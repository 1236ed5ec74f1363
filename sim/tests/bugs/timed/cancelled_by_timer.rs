//! Three transfers between two accounts, each with a time limit in place of somebody who cancels it.

use super::bell::{Bell, unless};
use super::cancelled_transfer::{Accounts, ring_in_turn};
use super::sync::Arc;
use super::time::Duration;
use super::{Program, Version, block_on, timer};

pub(crate) const PROGRAM: Program = Program {
    name: "timed-out transfer",
    about: "a time limit drops a future between two awaits with half of its work done",
    symptom: "money is gone",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

fn play(version: Version) {
    let accounts = Arc::new(Accounts::new());
    for _ in 0..3 {
        let bells: [Bell; 2] = Default::default();
        let ringer = ring_in_turn(&bells);
        let limit = timer(Duration::from_secs(30));
        block_on(unless(limit, accounts.transfer(bells, version)));
        ringer.join().expect("no ringer panics");
    }
    accounts.check();
}
