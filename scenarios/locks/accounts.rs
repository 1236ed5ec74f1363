//! The code under test: accounts that money is moved between, each behind a lock of its own.

use retrip_core::door::{Mutex, Plant, Platform, Rules};

/// A transfer takes its locks in the order in which it names the accounts, so that two transfers can wait for each other.
pub(crate) const LOCKS_IN_CALL_ORDER: Plant = Plant::named("locks_in_call_order");
/// A transfer lets go of the accounts between its look at the balances and its change of them.
pub(crate) const LOOKS_BEFORE_IT_LOCKS: Plant = Plant::named("looks_before_it_locks");
/// A transfer from an account that is short of money tries again until there is enough.
pub(crate) const TRIES_FOR_EVER: Plant = Plant::named("tries_for_ever");
/// A transfer takes money that is not there.
pub(crate) const OVERDRAWS: Plant = Plant::named("overdraws");
/// A transfer from an account that is short of money leaves somebody behind who waits for a payment that nobody tells of.
pub(crate) const WAITER_LEFT_BEHIND: Plant = Plant::named("waiter_left_behind");

/// The account has less than was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Short;

/// Balances that together never change.
pub(crate) struct Accounts<P: Platform> {
    platform: P,
    balances: Vec<P::Mutex<u64>>,
}

impl<P: Platform> Accounts<P> {
    /// `count` accounts with `each` in them.
    pub(crate) fn on(platform: P, count: usize, each: u64) -> Self {
        let balances = (0..count).map(|_| platform.mutex(each)).collect();
        Self { platform, balances }
    }

    /// Moves `amount` from one account to another one.
    pub(crate) fn transfer(&self, amount: u64, from: usize, to: usize) -> Result<(), Short> {
        if self.platform.broken_by(LOOKS_BEFORE_IT_LOCKS) {
            return self.transfer_carelessly(amount, from, to);
        }
        loop {
            let moved = self.try_transfer(amount, from, to);
            match moved {
                Err(Short) if self.platform.broken_by(TRIES_FOR_EVER) => {}
                Err(Short) if self.platform.broken_by(WAITER_LEFT_BEHIND) => {
                    let platform = self.platform.clone();
                    let waiter = self.platform.spawn("waiter", move || platform.park());
                    drop(waiter.expect("a run has room for one more"));
                    return moved;
                }
                _ => return moved,
            }
        }
    }

    /// What all accounts hold together, at one moment.
    pub(crate) fn total(&self) -> u64 {
        let balances: Vec<_> = self.balances.iter().map(P::Mutex::lock).collect();
        balances.iter().map(|balance| **balance).sum()
    }

    fn try_transfer(&self, amount: u64, from: usize, to: usize) -> Result<(), Short> {
        // Whoever needs two locks takes the one of the lower number first: then nobody waits in a circle.
        let in_order = from < to || self.platform.broken_by(LOCKS_IN_CALL_ORDER);
        let (first, second) = if in_order { (from, to) } else { (to, from) };
        let first = self.balances[first].lock();
        let second = self.balances[second].lock();
        let (mut payer, mut payee) = if in_order { (first, second) } else { (second, first) };
        let rest = payer.checked_sub(amount);
        if self.platform.broken_by(OVERDRAWS) {
            *payer = rest.expect("there is always enough");
        } else {
            *payer = rest.ok_or(Short)?;
        }
        *payee += amount;
        Ok(())
    }

    /// The planted way: what others do between the look and the change is undone.
    fn transfer_carelessly(&self, amount: u64, from: usize, to: usize) -> Result<(), Short> {
        // One lock at a time: two in one expression would be held together to its end.
        let payer = *self.balances[from].lock();
        let payee = *self.balances[to].lock();
        let rest = payer.checked_sub(amount).ok_or(Short)?;
        *self.balances[from].lock() = rest;
        *self.balances[to].lock() = payee + amount;
        Ok(())
    }
}
