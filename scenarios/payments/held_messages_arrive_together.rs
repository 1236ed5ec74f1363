//! Something between a till and the ledger keeps what is sent, and lets all of it through at once.
//!
//! Nothing is lost, so that whoever counts on losses alone is safe from nothing: the ledger hears all tries of a payment in one moment,
//! the second before the first is written down, and the till hears all replies when it is at another payment or has given up.

use super::ledger::HANDLED_SIDE_BY_SIDE;
use super::shop::{LEDGER, Shop};
use super::till::{ANY_REPLY_TAKEN, GIVEN_UP_AS_REFUSED, Terms};
use super::{promise, sometimes};
use crate::backoff::Backoff;
use crate::time::{millis, secs};
use retrip_sim::engine::EngineName;
use retrip_sim::plan::{FaultKind, Way};
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "what a till and the ledger send each other is held, and arrives all at once";
    Scenario::new("held_messages_arrive_together", about, |s| {
        let disk = s.draw_duration("disk", millis(5)..=millis(40));
        let asked = s.draw_duration("asked", millis(0)..=secs(1));
        let asked_for = s.draw_duration("asked_for", millis(600)..=secs(3));
        let told = s.draw_duration("told", secs(4)..=secs(5));
        let told_for = s.draw_duration("told_for", secs(1)..=secs(4));
        let backoff = Backoff { first: millis(100), longest: millis(400) };
        let terms = Terms { patience: millis(300), backoff };
        let shop = s.host_part(Shop { terms, disk });
        s.tick(millis(5));

        s.host("till");
        let mut clerk = s.actor("clerk").on("till");
        for amount in 1..=6 {
            clerk = clerk.does_at(secs(amount.into()), shop.pays(amount, 4));
        }
        clerk.ends();
        let [there, back] = [["till", LEDGER], [LEDGER, "till"]];
        s.fault_between(there, asked, Some(asked + asked_for), FaultKind::Holds(Way::There));
        s.fault_between(back, told, Some(told + told_for), FaultKind::Holds(Way::There));

        s.check(promise::each_payment_is_booked_once());
        s.check(promise::a_reply_is_taken_for_its_own_payment());
        s.check(promise::what_is_refused_is_not_booked());
        s.sometimes(sometimes::the_ledger_is_asked_again());
        s.sometimes(sometimes::a_reply_comes_too_late());
        s.sometimes(sometimes::a_payment_in_doubt_is_booked());
    })
    .on(EngineName::Network)
    // One payment stays in doubt, two, none.
    .pinned(&[0x0, 0x1, 0x8])
    .in_full()
    .finds(HANDLED_SIDE_BY_SIDE, "each_payment_is_booked_once")
    .finds(ANY_REPLY_TAKEN, "a_reply_is_taken_for_its_own_payment")
    .finds(GIVEN_UP_AS_REFUSED, "what_is_refused_is_not_booked")
}
