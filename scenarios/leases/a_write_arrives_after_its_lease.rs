//! A worker writes while it holds the lease, and the write arrives when another one does.
//!
//! The worker did nothing wrong, its message was late. No clock and no lease can help against that: the store has to see it by the
//! token, also when it has been restarted in between.

use super::office::{Office, STORE};
use super::promise;
use super::store::{FENCE_FORGOTTEN_IN_A_RESTART, NO_FENCING};
use super::worker::Rule;
use crate::time::{millis, secs};
use retrip_sim::engine::EngineName;
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a write is sent under one lease and arrives under the next";
    Scenario::new("a_write_arrives_after_its_lease", about, |s| {
        let moment = s.draw_duration("moment", millis(300)..=secs(1));
        let late = s.draw_duration("late", secs(1)..=secs(3));
        let lease = secs(1);
        let rule = Rule { lease, keeps: secs(2), every: millis(200) };
        let office = s.host_part(Office { rule });

        for (worker, hand, begins) in
            [("worker-1", "hand-1", millis(0)), ("worker-2", "hand-2", millis(200))]
        {
            s.host(worker);
            s.actor(hand).on(worker).does_at(begins, office.works(secs(4))).ends();
        }
        s.fault(moment, Some(moment + millis(500)), FaultKind::MessagesShuffled(late));
        for nth in 0..6 {
            let restarts = moment + millis(1_200) + millis(250) * nth;
            s.fault_of(STORE, restarts, None, FaultKind::Restarts);
        }

        s.check(promise::the_store_takes_no_older_token());
        s.check(promise::nobody_writes_on_an_old_lease());
        s.sometimes(promise::a_write_comes_too_late());
        s.sometimes(promise::the_lease_changes_hands());
    })
    .on(EngineName::Nodes)
    // In each a write is refused, in the last one two.
    .pinned(&[0x1, 0x6, 0x11])
    .in_full()
    .finds(NO_FENCING, "the_store_takes_no_older_token")
    .finds(FENCE_FORGOTTEN_IN_A_RESTART, "the_store_takes_no_older_token")
}
