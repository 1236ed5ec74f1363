//! The ledger crashes around the moment at which it writes a payment, and begins anew.
//!
//! Before the write the payment is not booked and nobody may hear that it is; after it, the till asks again, and the ledger must know
//! from its book alone that this is the same payment. A ledger that remembers in memory passes every test that lets it live.

use super::ledger::{FORGOTTEN_IN_A_RESTART, REPLIES_BEFORE_WRITING};
use super::shop::{LEDGER, Shop};
use super::till::Terms;
use super::{promise, sometimes};
use crate::backoff::Backoff;
use crate::time::{millis, secs};
use retrip_sim::engine::EngineName;
use retrip_sim::plan::{FaultKind, Way};
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "the ledger crashes around the moment at which it writes a payment";
    Scenario::new("ledger_crashes_before_it_has_replied", about, |s| {
        let disk = s.draw_duration("disk", millis(1)..=millis(40));
        let down = s.draw_duration("down", millis(1)..=secs(3));
        let moment = s.draw_duration("moment", millis(0)..=millis(70));
        let backoff = Backoff { first: millis(500), longest: secs(4) };
        let shop = s.host_part(Shop { terms: Terms { patience: secs(1), backoff }, disk });

        s.host("till");
        s.actor("clerk")
            .on("till")
            .does_at(secs(1), shop.pays(7, 8))
            .does_at(secs(20), shop.pays(8, 8))
            .ends();
        let crashes = secs(1) + moment;
        s.fault_of(LEDGER, crashes, Some(crashes + down), FaultKind::Crashes);
        // Its last words do not arrive.
        let lost = FaultKind::Partitions(Way::There);
        s.fault_between([LEDGER, "till"], crashes - millis(20), Some(crashes), lost);

        s.check(promise::each_payment_is_booked_once());
        s.check(promise::what_is_said_to_be_booked_is_booked());
        s.check(promise::a_try_after_the_last_fault_is_answered());
        s.sometimes(sometimes::the_ledger_stops_between_book_and_reply());
        s.sometimes(sometimes::the_ledger_is_asked_again());
    })
    .on(EngineName::Nodes)
    // It crashes when the till has its reply, between book and reply, and before the book.
    .pinned(&[0x0, 0x1, 0x5])
    .in_full()
    .finds(FORGOTTEN_IN_A_RESTART, "each_payment_is_booked_once")
    .finds(REPLIES_BEFORE_WRITING, "what_is_said_to_be_booked_is_booked")
}
