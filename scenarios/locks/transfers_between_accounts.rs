//! Tellers move money between accounts, two locks at a time, while others audit all of them.
//!
//! Whatever the order, every audit finds what was there at first, and everybody comes to an end: nobody waits for ever,
//! spins for ever, panics, or leaves somebody behind.

use super::accounts::{
    LOCKS_IN_CALL_ORDER, LOOKS_BEFORE_IT_LOCKS, OVERDRAWS, TRIES_FOR_EVER, WAITER_LEFT_BEHIND,
};
use super::bank::{self, Bank};
use retrip_sim::check::{Judgement, Sometimes, always};
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "tellers move money between accounts, two locks at a time";
    Scenario::new("transfers_between_accounts", about, |s| {
        let accounts = s.draw("accounts", 2..=3);
        let each = s.draw("each", 1..=10);
        let bank = s.part(Bank { accounts, each });

        let mut script = s.generator("script");
        let account = |n: usize| u32::try_from(n).expect("there are few accounts") + 1;
        for teller in 1..=script.within(2..=3) {
            let mut actor = s.actor(format!("teller-{teller}"));
            for _ in 0..script.within(1..=4) {
                let from = script.index(accounts as usize);
                let to = (from + 1 + script.index(accounts as usize - 1)) % accounts as usize;
                // Now and then more than there is.
                let amount = script.within(1..=u64::from(each) + 2);
                let amount = u32::try_from(amount).expect("an amount is small");
                actor = actor.does(bank.moves(amount, account(from), account(to)));
            }
            actor.does(bank.audits()).ends();
        }

        let total = i64::from(accounts * each);
        let conserved = format!("whoever counts finds {total} in all accounts together");
        s.check(always("money_is_conserved", conserved, move |event| match bank::found(event) {
            Some(found) => Judgement::equal(total, found),
            None => Judgement::NotConcerned,
        }));
        s.sometimes(Sometimes::new("an_account_is_short", bank::is_short));
    })
    .bound(5_000)
    // Tellers between each other's transfers, with accounts that are short.
    .pinned(&[0, 0xf, 0x19])
    .in_full()
    .finds(LOOKS_BEFORE_IT_LOCKS, "money_is_conserved")
    .finds(LOCKS_IN_CALL_ORDER, "no_deadlock")
    .finds(TRIES_FOR_EVER, "no_livelock")
    .finds(WAITER_LEFT_BEHIND, "no_leaked_thread")
    .finds(OVERDRAWS, "no_panic")
}
