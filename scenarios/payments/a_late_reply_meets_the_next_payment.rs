//! Messages arrive twice and overtake each other, while a till makes one payment after the other.
//!
//! The second reply for one payment comes when the till waits for that of the next one. Nothing but the number in it says so: a till
//! that takes whatever comes believes that the next payment is booked, which may never have arrived.

use super::ledger::HANDLED_SIDE_BY_SIDE;
use super::shop::Shop;
use super::till::{ANY_REPLY_TAKEN, Terms};
use super::{promise, sometimes};
use crate::backoff::Backoff;
use crate::time::{millis, secs};
use retrip_sim::engine::EngineName;
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a reply that comes late or twice finds its till at the next payment";
    Scenario::new("a_late_reply_meets_the_next_payment", about, |s| {
        let disk = s.draw_duration("disk", millis(1)..=millis(40));
        let shuffled = s.draw_duration("shuffled", millis(1)..=secs(2));
        let backoff = Backoff { first: millis(100), longest: secs(1) };
        let terms = Terms { patience: millis(500), backoff };
        let shop = s.host_part(Shop { terms, disk });

        s.host("till");
        let mut clerk = s.actor("clerk").on("till");
        for amount in 1..=3 {
            clerk = clerk.does(shop.pays(amount, 12));
        }
        clerk.ends();
        s.fault(secs(0), Some(secs(6)), FaultKind::MessagesDoubled(500_000));
        s.fault(secs(0), Some(secs(6)), FaultKind::MessagesShuffled(shuffled));

        s.check(promise::each_payment_is_booked_once());
        s.check(promise::a_reply_is_taken_for_its_own_payment());
        s.check(promise::what_is_said_to_be_booked_is_booked());
        s.sometimes(sometimes::a_reply_comes_too_late());
    })
    .on(EngineName::Nodes)
    // Replies that overtake each other by far, by little, and hardly.
    .pinned(&[0x1, 0x2, 0x9])
    .in_full()
    .finds(ANY_REPLY_TAKEN, "a_reply_is_taken_for_its_own_payment")
    .finds(HANDLED_SIDE_BY_SIDE, "each_payment_is_booked_once")
}
