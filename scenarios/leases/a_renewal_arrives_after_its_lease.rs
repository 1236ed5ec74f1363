//! A worker asks for more time before its lease is over, and the desk hears it when another worker has the next one.
//!
//! To the worker it is the same request as any other, and the answer would be a lease. The desk alone knows that it is too late, and has
//! to say no to who did nothing wrong.

use super::desk::RENEWED_AFTER_ITS_END;
use super::office::{DESK, Office};
use super::promise;
use super::worker::Rule;
use crate::time::{millis, secs};
use retrip_sim::engine::EngineName;
use retrip_sim::plan::{FaultKind, Way};
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a worker asks for more time, and is heard when another one has the lease";
    Scenario::new("a_renewal_arrives_after_its_lease", about, |s| {
        let moment = s.draw_duration("moment", millis(500)..=secs(1));
        let lost_for = s.draw_duration("lost_for", millis(700)..=secs(1));
        let lease = secs(1);
        let rule = Rule { lease, keeps: secs(4), every: millis(150) };
        let office = s.host_part(Office { rule });

        for (worker, hand, begins) in
            [("worker-1", "hand-1", millis(0)), ("worker-2", "hand-2", millis(200))]
        {
            s.host(worker);
            s.actor(hand).on(worker).does_at(begins, office.works(millis(2_500))).ends();
        }
        let until = Some(moment + lost_for);
        s.fault_between(["worker-1", DESK], moment, until, FaultKind::Partitions(Way::There));
        s.fault(moment, Some(secs(4)), FaultKind::MessagesShuffled(lease / 2));

        s.check(promise::nobody_writes_on_an_old_lease());
        s.check(promise::the_store_takes_no_older_token());
        s.sometimes(promise::a_lease_is_renewed());
        s.sometimes(promise::the_lease_changes_hands());
    })
    .on(EngineName::Nodes)
    // In each the lease changes hands once.
    .pinned(&[0x2, 0x5, 0xa])
    .in_full()
    .finds(RENEWED_AFTER_ITS_END, "nobody_writes_on_an_old_lease")
}
