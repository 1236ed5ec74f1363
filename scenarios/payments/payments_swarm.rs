//! Tills have payments booked while anything goes wrong between them and the ledger, in any mix.
//!
//! A till that hears nothing cannot know whether its request was lost, or the reply, or whether either is still on its way. All that it
//! can do is ask again for the same payment, and all that the ledger can do is know it again: after a restart too, and before the
//! first request for it has been written down. Each of these is one line that can be left out without being missed on a good day.

use super::ledger::{
    DUPLICATE_UNANSWERED, FORGOTTEN_IN_A_RESTART, HANDLED_SIDE_BY_SIDE, KEYED_WITHOUT_THE_TILL,
    MOST, NO_DEDUPLICATION, REPLIES_BEFORE_WRITING,
};
use super::shop::{LEDGER, Shop};
use super::till::{
    ANY_REPLY_TAKEN, GIVEN_UP_AS_REFUSED, NEW_NUMBER_PER_TRY, STALLED_IS_GONE,
    TIMEOUT_ON_THE_WALL_CLOCK, Terms,
};
use super::{promise, sometimes};
use crate::backoff::{self, BACKOFF_NEVER_GROWS, Backoff};
use crate::time::{millis, secs};
use crate::weather::Weather;
use retrip_sim::engine::EngineName;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "tills have payments booked while anything goes wrong between them and the ledger";
    Scenario::new("payments_swarm", about, |s| {
        let patience = s.draw_duration("patience", millis(500)..=secs(2));
        let disk = s.draw_duration("disk", millis(1)..=millis(30));
        let backoff = Backoff { first: millis(400), longest: secs(4) };
        let shop = s.host_part(Shop { terms: Terms { patience, backoff }, disk });

        let mut script = s.generator("script");
        let tills: Vec<String> =
            (1..=script.within(1..=3)).map(|till| format!("till-{till}")).collect();
        let clerks: Vec<String> =
            (1..=tills.len()).map(|number| format!("clerk-{number}")).collect();
        for (till, clerk) in tills.iter().zip(&clerks) {
            s.host(&**till);
            let mut clerk = s.actor(&**clerk).on(till);
            let mut moment = secs(0);
            for _ in 0..script.within(2..=6) {
                moment += script.duration_within(secs(0)..=secs(8));
                let amount = *script.pick(&[1, 7, 20, MOST, MOST + 1]);
                let tries = *script.pick(&[1, 2, 8, 8, 8]);
                clerk = clerk.does_at(moment, shop.pays(amount, tries));
            }
            clerk.ends();
        }
        Weather { servers: &[LEDGER], hosts: &tills, actors: &clerks, until: secs(20) }.brews(s);

        s.check(promise::each_payment_is_booked_once());
        s.check(promise::what_is_said_to_be_booked_is_booked());
        s.check(promise::what_is_refused_is_not_booked());
        s.check(promise::a_retry_is_the_same_payment());
        s.check(promise::a_reply_is_taken_for_its_own_payment());
        s.check(promise::nobody_times_out_early(patience));
        s.check(backoff::promise::waits_double_up_to_the_longest(backoff));
        s.check(promise::a_payment_has_one_end());
        s.check(promise::a_try_after_the_last_fault_is_answered());
        s.sometimes(sometimes::the_ledger_is_asked_again());
        s.sometimes(sometimes::the_ledger_finds_its_book());
        s.sometimes(sometimes::a_reply_comes_too_late());
        s.sometimes(sometimes::a_payment_is_refused());
        s.sometimes(sometimes::a_payment_in_doubt_is_booked());
    })
    .on(EngineName::Nodes)
    // A link that is cut both ways while the ledger is down; a clerk who stalls until all is well; a till whose clock stands; a till
    // that gives up once.
    .pinned(&[0x2, 0x9, 0xe, 0x13])
    .in_full()
    .finds(NO_DEDUPLICATION, "each_payment_is_booked_once")
    .finds(FORGOTTEN_IN_A_RESTART, "each_payment_is_booked_once")
    .finds(HANDLED_SIDE_BY_SIDE, "each_payment_is_booked_once")
    .finds(REPLIES_BEFORE_WRITING, "what_is_said_to_be_booked_is_booked")
    .finds(KEYED_WITHOUT_THE_TILL, "what_is_said_to_be_booked_is_booked")
    .finds(GIVEN_UP_AS_REFUSED, "what_is_refused_is_not_booked")
    .finds(NEW_NUMBER_PER_TRY, "a_retry_is_the_same_payment")
    .finds(ANY_REPLY_TAKEN, "a_reply_is_taken_for_its_own_payment")
    .finds(STALLED_IS_GONE, "a_payment_has_one_end")
    .finds(TIMEOUT_ON_THE_WALL_CLOCK, "nobody_times_out_early")
    .finds(BACKOFF_NEVER_GROWS, "waits_double_up_to_the_longest")
    .finds(DUPLICATE_UNANSWERED, "a_try_after_the_last_fault_is_answered")
}
