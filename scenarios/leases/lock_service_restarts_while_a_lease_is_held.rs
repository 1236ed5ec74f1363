//! The desk restarts while a worker holds the lease, and cannot remember who has it.
//!
//! What it must know again is the last token, or the store refuses everybody from then on; what it need not know is the holder, if it
//! waits for as long as a lease is. A desk that is eager to be of use after a restart gives the same lease out twice.

use super::desk::{GRANTED_AT_ONCE_AFTER_A_RESTART, TOKENS_BEGIN_ANEW};
use super::office::{DESK, Office};
use super::promise;
use super::worker::Rule;
use crate::time::{millis, secs};
use retrip_sim::engine::EngineName;
use retrip_sim::plan::{FaultKind, Way};
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "the desk that gives out leases restarts while one is held";
    Scenario::new("lock_service_restarts_while_a_lease_is_held", about, |s| {
        let lease = s.draw_duration("lease", millis(500)..=secs(1));
        let restarts = s.draw_duration("restarts", secs(1)..=secs(4));
        let rule = Rule { lease, keeps: lease * 3 / 2, every: millis(150) };
        let office = s.host_part(Office { rule });

        for (worker, hand, begins) in
            [("worker-1", "hand-1", millis(0)), ("worker-2", "hand-2", millis(300))]
        {
            s.host(worker);
            s.actor(hand).on(worker).does_at(begins, office.works(secs(6))).ends();
        }
        s.fault_of(DESK, restarts, None, FaultKind::Restarts);
        // Whoever holds the lease does not find out.
        for worker in ["worker-1", "worker-2"] {
            let lost = FaultKind::Partitions(Way::There);
            let until = restarts + s.generator(worker).duration_within(millis(1)..=lease);
            s.fault_between([worker, DESK], restarts, Some(until), lost);
        }

        s.check(promise::nobody_writes_on_an_old_lease());
        s.check(promise::the_store_takes_no_older_token());
        s.check(promise::whoever_got_the_lease_last_can_write());
        s.sometimes(promise::the_desk_finds_its_tokens());
        s.sometimes(promise::the_lease_changes_hands());
    })
    .on(EngineName::Nodes)
    // When the desk restarts the lease has just been let go; the second worker holds it; the first does.
    .pinned(&[0x0, 0x1, 0x2])
    .finds(GRANTED_AT_ONCE_AFTER_A_RESTART, "nobody_writes_on_an_old_lease")
    .finds(TOKENS_BEGIN_ANEW, "whoever_got_the_lease_last_can_write")
}
