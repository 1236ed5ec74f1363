//! A transfer takes from one account, waits, and gives to the other; cancelled between its two awaits, it gives nothing.

use super::bell::{Bell, unless};
use super::sync::Arc;
use super::sync::atomic::{AtomicU64, Ordering::SeqCst};
use super::{Program, Version, block_on, thread};

pub(crate) const PROGRAM: Program = Program {
    name: "cancelled transfer",
    about: "a future is dropped between two awaits with half of its work done",
    symptom: "money is gone",
    faulty: || play(Version::Faulty),
    mended: Some(|| play(Version::Mended)),
};

/// Two accounts that hold 100 together.
pub(crate) struct Accounts([AtomicU64; 2]);

/// What was taken and not given yet goes back when it is dropped.
struct Taken<'a> {
    accounts: &'a Accounts,
    amount: u64,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.accounts.0[0].fetch_add(self.amount, SeqCst);
    }
}

impl Accounts {
    pub(crate) fn new() -> Self {
        Self([AtomicU64::new(100), AtomicU64::new(0)])
    }

    /// Takes when the first bell has rung, and gives when the second has.
    pub(crate) async fn transfer(&self, [may_take, may_give]: [Bell; 2], version: Version) {
        may_take.await;
        self.0[0].fetch_sub(10, SeqCst);
        match version {
            Version::Faulty => may_give.await,
            Version::Mended => {
                let taken = Taken { accounts: self, amount: 10 };
                may_give.await;
                std::mem::forget(taken);
            }
        }
        self.0[1].fetch_add(10, SeqCst);
    }

    pub(crate) fn check(&self) {
        let sum: u64 = self.0.iter().map(|account| account.load(SeqCst)).sum();
        assert_eq!(sum, 100, "money is gone");
    }
}

/// Rings both, one after the other.
pub(crate) fn ring_in_turn(bells: &[Bell; 2]) -> thread::JoinHandle<()> {
    let bells = bells.clone();
    thread::spawn(move || bells.iter().for_each(Bell::ring))
}

fn play(version: Version) {
    let accounts = Arc::new(Accounts::new());
    let bells: [Bell; 2] = Default::default();
    let cancelled = Bell::default();
    let ringer = ring_in_turn(&bells);
    let theirs = cancelled.clone();
    let canceller = thread::spawn(move || theirs.ring());
    block_on(unless(cancelled, accounts.transfer(bells, version)));
    ringer.join().expect("no ringer panics");
    canceller.join().expect("no canceller panics");
    accounts.check();
}
