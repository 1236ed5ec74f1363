//! Workers share a store under leases while anything goes wrong between and on the hosts, in any mix.
//!
//! A clock may stand still here, or leap, so that no worker can know whether its lease is over: what it believes is worth nothing, and
//! the store alone keeps an old write out. And when all is well again the work has to go on, whoever held what.

use super::desk::DESK_ON_THE_WALL_CLOCK;
use super::office::{DESK, Office, STORE};
use super::promise;
use super::store::NO_FENCING;
use super::worker::{BEATS_BESIDE_THE_WORK, Rule};
use crate::time::{millis, secs};
use crate::weather::Weather;
use retrip_sim::engine::EngineName;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "workers share a store under leases while anything goes wrong between them";
    Scenario::new("leases_swarm", about, |s| {
        let lease = s.draw_duration("lease", secs(1)..=secs(3));
        let keeps = s.draw_duration("keeps", secs(1)..=secs(6));
        let every = s.draw_duration("every", millis(100)..=secs(1));
        let office = s.host_part(Office { rule: Rule { lease, keeps, every } });

        let mut script = s.generator("script");
        let workers: Vec<String> =
            (1..=script.within(2..=3)).map(|worker| format!("worker-{worker}")).collect();
        let hands: Vec<String> =
            (1..=workers.len()).map(|number| format!("hand-{number}")).collect();
        for (worker, hand) in workers.iter().zip(&hands) {
            s.host(&**worker);
            let begins = script.duration_within(secs(0)..=secs(5));
            let works = office.works(script.duration_within(secs(20)..=secs(40)));
            s.actor(&**hand).on(worker).does_at(begins, works).ends();
        }
        let servers = &[DESK, STORE];
        Weather { servers, hosts: &workers, actors: &hands, until: secs(18) }.brews(s);

        s.check(promise::the_store_takes_no_older_token());
        s.check(promise::somebody_writes_after_the_last_fault(lease));
        s.check(promise::whoever_stands_still_loses_the_lease(lease));
        s.sometimes(promise::a_write_comes_too_late());
        s.sometimes(promise::a_lease_is_renewed());
        s.sometimes(promise::the_desk_finds_its_tokens());
        s.sometimes(promise::the_lease_changes_hands());
    })
    .on(EngineName::Nodes)
    // Little goes wrong, much, and very much.
    .pinned(&[0x4, 0x5, 0x9])
    .finds(NO_FENCING, "the_store_takes_no_older_token")
    .finds(BEATS_BESIDE_THE_WORK, "whoever_stands_still_loses_the_lease")
    .finds(DESK_ON_THE_WALL_CLOCK, "somebody_writes_after_the_last_fault")
}
