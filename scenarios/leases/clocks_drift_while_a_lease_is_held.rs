//! The clocks of two workers and of the desk gain or lose up to one second in twenty, while messages are late and days change.
//!
//! That is what the protocol is made for: a worker counts its lease from when it asked, by its monotonic clock, and leaves a tenth out.
//! Then it has let go, by true time, before the desk can give the lease to anybody else. Each of the three is easily left out.

use super::office::{DESK, Office};
use super::promise;
use super::worker::{LEASE_FROM_THE_REPLY, NO_DRIFT_MARGIN, Rule, WORKER_ON_THE_WALL_CLOCK};
use crate::time::{millis, secs};
use retrip_sim::engine::EngineName;
use retrip_sim::plan::{FaultKind, Way};
use retrip_sim::scenario::Scenario;
use retrip_sim::span::Offset;

/// The worker that has the lease first, as a rule, and the one that waits for it.
const HOLDS: &str = "worker-1";
const WAITS: &str = "worker-2";
/// By how much a clock is wrong at most: one second in twenty.
const WORST: i32 = 50_000;

pub(crate) fn scenario() -> Scenario {
    let about = "clocks of workers and desk drift within bounds while a lease is held";
    Scenario::new("clocks_drift_while_a_lease_is_held", about, |s| {
        let lease = s.draw_duration("lease", secs(1)..=secs(2));
        let every = s.draw_duration("every", millis(50)..=millis(150));
        let cut_off = s.draw_duration("cut_off", millis(500)..=secs(1));
        let rule = Rule { lease, keeps: secs(4), every };
        let office = s.host_part(Office { rule });

        s.host(HOLDS);
        s.host(WAITS);
        s.actor("hand-1").on(HOLDS).does(office.works(secs(4))).ends();
        s.actor("hand-2").on(WAITS).does_at(millis(300), office.works(secs(4))).ends();

        let mut faults = s.generator("faults");
        let drifts = [(-WORST, WORST), (-WORST, WORST), (WORST, -WORST), (0, 0)];
        let (workers, desk) = *faults.pick(&drifts);
        for (host, ppm) in [(HOLDS, workers), (WAITS, workers), (DESK, desk)] {
            if ppm != 0 {
                s.fault_of(host, secs(0), None, FaultKind::MonotonicDrifts(ppm));
            }
        }
        // Whoever holds the lease cannot renew it, and does not hear so.
        let until = Some(cut_off + lease * 3 / 2);
        s.fault_between([HOLDS, DESK], cut_off, until, FaultKind::Partitions(Way::There));
        if faults.chance(1, 2) {
            let latest = faults.duration_within(millis(10)..=lease);
            // The other one is answered at once, before the holder could know better.
            let last_renewal = Some(cut_off + every);
            s.fault(millis(0), last_renewal, FaultKind::MessagesTake(millis(1), latest));
        }
        if faults.chance(1, 4) {
            let back = FaultKind::WallJumps(Offset::from_nanos(-10_000_000_000));
            s.fault_of(HOLDS, cut_off, None, back);
        }

        s.check(promise::nobody_writes_on_an_old_lease());
        s.check(promise::the_store_takes_no_older_token());
        s.sometimes(promise::a_lease_is_renewed());
        s.sometimes(promise::the_lease_changes_hands());
    })
    .on(EngineName::Nodes)
    // Clocks that drift; and a wall clock that goes back, with messages that are late; and neither.
    .pinned(&[0x1, 0x2, 0x3])
    .finds(LEASE_FROM_THE_REPLY, "nobody_writes_on_an_old_lease")
    .finds(WORKER_ON_THE_WALL_CLOCK, "nobody_writes_on_an_old_lease")
    .finds(NO_DRIFT_MARGIN, "nobody_writes_on_an_old_lease")
}
