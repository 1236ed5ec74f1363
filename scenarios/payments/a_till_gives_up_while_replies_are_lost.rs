//! What the ledger sends is lost for a while, and what the tills send arrives.
//!
//! This is the outage in which everything is done and nobody hears of it. A till that gives up knows nothing, and must not say that the
//! payment was refused; one that does not give up is answered once replies arrive, though the ledger has answered it before.

use super::ledger::{DUPLICATE_UNANSWERED, NO_DEDUPLICATION};
use super::shop::{LEDGER, Shop};
use super::till::{GIVEN_UP_AS_REFUSED, NEW_NUMBER_PER_TRY, Terms};
use super::{promise, sometimes};
use crate::backoff::Backoff;
use crate::time::{millis, secs};
use retrip_sim::engine::EngineName;
use retrip_sim::plan::{FaultKind, Way};
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "what the ledger sends is lost for a while, and what tills send arrives";
    Scenario::new("a_till_gives_up_while_replies_are_lost", about, |s| {
        let lost_for = s.draw_duration("lost_for", millis(100)..=secs(8));
        let backoff = Backoff { first: millis(500), longest: secs(4) };
        let terms = Terms { patience: secs(1), backoff };
        let shop = s.host_part(Shop { terms, disk: millis(5) });

        for (till, clerk, tries) in [("till-1", "clerk-1", 2), ("till-2", "clerk-2", 12)] {
            s.host(till);
            s.actor(clerk)
                .on(till)
                .does_at(secs(1), shop.pays(7, tries))
                .does_at(secs(25), shop.pays(8, 12))
                .ends();
            let until = Some(secs(1) + lost_for);
            s.fault_between([LEDGER, till], millis(500), until, FaultKind::Partitions(Way::There));
        }

        s.check(promise::each_payment_is_booked_once());
        s.check(promise::what_is_refused_is_not_booked());
        s.check(promise::a_retry_is_the_same_payment());
        s.check(promise::a_try_after_the_last_fault_is_answered());
        s.sometimes(sometimes::the_ledger_is_asked_again());
        s.sometimes(sometimes::a_payment_in_doubt_is_booked());
    })
    .on(EngineName::Nodes)
    // Both tills are answered in time; one gives up, twice, and the other one does not.
    .pinned(&[0x0, 0x2, 0x3])
    .in_full()
    .finds(NO_DEDUPLICATION, "each_payment_is_booked_once")
    .finds(GIVEN_UP_AS_REFUSED, "what_is_refused_is_not_booked")
    .finds(NEW_NUMBER_PER_TRY, "a_retry_is_the_same_payment")
    .finds(DUPLICATE_UNANSWERED, "a_try_after_the_last_fault_is_answered")
}
