//! Each host has two clocks of its own, which faults bend; whoever sleeps on one is never early.

use crate::{perform, resolution};
use retrip_core::door::{Clock, Instant, Spawn};
use retrip_sim::clock::NodeClock;
use retrip_sim::engine::hosts::{Cluster, Host, Setup};
use retrip_sim::log::Name;
use retrip_sim::seed::Seed;
use std::future::Future;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
/// An engine that goes step by step has many steps to go.
const STEP: Duration = Duration::from_secs(1);
/// By so much a sleep may be late.
const RESOLUTION: Duration = resolution(STEP);

/// Runs `root` on two hosts, for hours.
fn held<F>(seed: u64, root: impl FnOnce(Cluster) -> F + Send + 'static)
where
    F: Future<Output = ()> + 'static,
{
    let setup = Setup { step: STEP, ..Setup::of(Seed::new(seed), &["client", "server"]) };
    assert_eq!(perform(setup, root).failure, None, "seed {seed}");
}

fn since(before: Instant, host: &Host) -> Duration {
    host.now().saturating_duration_since(before)
}

#[test]
fn an_hour_of_one_host_is_another_time_on_the_next() {
    let mut fast = NodeClock::default();
    fast.set_drift(0, 100_000).expect("it is a rate");
    let mut setup = Setup { step: STEP, ..Setup::of(Seed::new(1), &[]) };
    setup.hosts = vec![(Name::from("true"), NodeClock::default()), (Name::from("fast"), fast)];
    let ended = perform(setup, |cluster| async move {
        let (plain, fast) = (cluster.host(0), cluster.host(1));
        let (of_plain, of_fast) = (plain.now(), fast.now());
        fast.sleep(Duration::from_secs(3300)).await;
        let (plain, fast) = (since(of_plain, &plain), since(of_fast, &fast));
        assert!(fast >= Duration::from_secs(3300), "never early: {fast:?}");
        let wanted = Duration::from_secs(3000);
        assert!(plain >= wanted && plain < wanted + RESOLUTION, "a tenth faster: {plain:?}");
    });
    assert_eq!(ended.failure, None);
}

#[test]
fn a_sleep_ends_at_the_moment_of_the_clock_wherever_the_clock_goes_meanwhile() {
    for seed in 0..20 {
        held(seed, |cluster| async move {
            let (client, server) = (cluster.host(0), cluster.host(1));
            let sleeper = server.clone();
            let slept = server.start("sleeper", async move {
                let before = sleeper.now();
                sleeper.sleep(HOUR).await;
                since(before, &sleeper)
            });
            let begun = client.now();
            client.sleep(HOUR / 2).await;
            // The server's machine is suspended and comes back after twenty minutes of its clock.
            server.change_clock(|clock, now| clock.suspend(now, HOUR / 3)).expect("in order");
            let slept = slept.await.expect("it does not panic");
            assert!(slept >= HOUR && slept < HOUR + 2 * RESOLUTION, "{slept:?}");
            let took = since(begun, &client);
            let wanted = HOUR - HOUR / 3;
            assert!(took >= wanted && took < wanted + 4 * RESOLUTION, "{took:?}");
        });
    }
}

#[test]
fn a_frozen_clock_holds_its_sleepers_and_nobody_elses() {
    held(3, |cluster| async move {
        let (client, server) = (cluster.host(0), cluster.host(1));
        let begun = client.now();
        let freeze = |clock: &mut NodeClock, now| clock.freeze(now, now + 60_000_000_000);
        server.change_clock(freeze).expect("in order");
        let timer = server.timer(server.now().saturating_add(Duration::from_secs(5)));
        client.sleep(Duration::from_secs(5)).await;
        assert!(since(begun, &client) < Duration::from_secs(6));
        timer.await;
        assert!(since(begun, &client) >= Duration::from_secs(65), "60 s frozen and 5 s asleep");
    });
}

#[test]
fn a_step_of_one_wall_clock_moves_no_other_and_no_monotonic_one() {
    held(4, |cluster| async move {
        let (client, server) = (cluster.host(0), cluster.host(1));
        let before = (client.wall(), server.wall(), server.now());
        assert_eq!(before.0, before.1, "they begin together");
        let back = "-3600s".parse().expect("it is an offset");
        server.change_clock(|clock, now| clock.step_wall(now, back)).expect("in order");
        assert_eq!(client.wall(), before.0);
        assert_eq!(server.now(), before.2);
        assert_eq!(server.wall().as_unix_nanos(), before.1.as_unix_nanos() - 3_600_000_000_000);
    });
}
