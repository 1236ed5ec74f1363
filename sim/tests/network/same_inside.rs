//! What the simulator itself draws comes from the seed: latencies, losses, and who comes first.

use crate::{held, note, perform, told};
use retrip_core::door::Clock;
use retrip_sim::engine::hosts::{Setup, Transit};
use retrip_sim::log::Name;
use retrip_sim::seed::Seed;
use std::collections::BTreeSet;
use std::time::Duration;

#[test]
fn who_wakes_first_of_those_who_are_due_is_drawn() {
    let order = |seed| {
        let ended = held(seed, |cluster| async move {
            for nth in 0..6 {
                let host = cluster.host(1);
                drop(cluster.host(1).start("sleeps", async move {
                    host.sleep(Duration::from_secs(1)).await;
                    host.record(&Name::from("sleeps"), note(&nth.to_string(), 1));
                }));
            }
            cluster.host(0).sleep(Duration::from_secs(2)).await;
        });
        told(&ended).concat()
    };
    let orders: BTreeSet<_> = (0..20).map(order).collect();
    assert!(orders.len() > 15, "{} orders", orders.len());
    assert_eq!(order(1), order(1));
}

#[test]
fn which_host_comes_first_in_a_step_is_drawn() {
    let order = |seed| {
        let ended = held(seed, |cluster| async move {
            for place in 0..2 {
                let host = cluster.host(place);
                drop(cluster.host(place).start("sleeps", async move {
                    host.sleep(Duration::from_secs(1)).await;
                    host.record(&host.name(), note("wakes", 1));
                }));
            }
            cluster.host(0).sleep(Duration::from_secs(2)).await;
        });
        told(&ended).concat()
    };
    let orders: BTreeSet<_> = (0..20).map(order).collect();
    assert_eq!(orders.len(), 2);
}

#[test]
fn nobody_acts_after_the_root_has_ended_also_in_the_same_step() {
    for seed in 0..30 {
        let ended = held(seed, |cluster| async move {
            for place in 0..2 {
                let host = cluster.host(place);
                drop(cluster.host(place).start("ticks", async move {
                    loop {
                        host.sleep(Duration::from_millis(1)).await;
                        host.record(&host.name(), note("ticks", 1));
                    }
                }));
            }
            cluster.host(0).sleep(Duration::from_millis(100)).await;
            cluster.host(0).record(&Name::from("main"), note("ends", 1));
        });
        assert_eq!(told(&ended).last().map(String::as_str), Some("client ends"), "seed {seed}");
        assert_eq!(ended.elapsed, Duration::from_millis(100));
    }
}

#[test]
fn time_in_the_log_never_goes_back_whichever_host_comes_first() {
    for (seed, step) in (0..20).zip([1, 10, 250].into_iter().cycle()) {
        let step = Duration::from_millis(step);
        let setup = Setup { step, ..Setup::of(Seed::new(seed), &["one", "two", "three"]) };
        let ended = perform(setup, |cluster| async move {
            for (place, millis) in [(0, 3), (1, 7), (2, 11)] {
                let host = cluster.host(place);
                drop(cluster.host(place).start("ticks", async move {
                    loop {
                        // The simulator's own, which ends within a step.
                        tokio::time::sleep(Duration::from_millis(millis)).await;
                        host.record(&host.name(), note("ticks", 1));
                    }
                }));
            }
            cluster.host(0).sleep(Duration::from_secs(3)).await;
        });
        assert_eq!(ended.failure, None);
        let times: Vec<u64> = ended.log.events().iter().map(|event| event.engine).collect();
        assert!(times.len() > 1000, "{}", times.len());
        assert!(times.is_sorted(), "seed {seed}");
        let step = u64::try_from(step.as_nanos()).expect("it is short");
        assert!(times.iter().all(|time| time.is_multiple_of(step)), "whole steps");
    }
}

#[test]
fn the_simulators_wall_clock_begins_where_the_first_hosts_does() {
    held(1, |cluster| async move {
        let host = cluster.host(0);
        let reads = cluster.host(0).start("reads", async move {
            let since_epoch = turmoil::since_epoch().expect("it is within a run").as_nanos();
            assert_eq!(i128::try_from(since_epoch), Ok(host.wall().as_unix_nanos()));
        });
        reads.await.expect("it does not panic");
    });
}

#[test]
fn losses_come_from_the_seed() {
    let heard = |seed| {
        let transit = Transit { loss_ppm: 500_000, ..Transit::default() };
        let setup = Setup { transit, ..Setup::of(Seed::new(seed), &["client", "server"]) };
        let ended = perform(setup, |cluster| async move {
            cluster.boots(1, "listens", |host| async move {
                let socket = host.socket(7).await.expect("the port is free");
                while let Ok(message) = socket.receive().await {
                    host.record(&host.name(), note(&format!("{:?}", message.bytes), 1));
                }
            });
            let (client, server) = (cluster.host(0), cluster.host(1));
            let at = client.clone();
            drop(client.start("speaks", async move {
                let socket = at.socket(1).await.expect("the port is free");
                at.sleep(Duration::from_millis(10)).await;
                for number in 0..20 {
                    socket.send(&server, 7, &[number]).await.expect("it is open");
                    at.sleep(Duration::from_millis(20)).await;
                }
            }));
            client.sleep(Duration::from_secs(1)).await;
        });
        told(&ended)
    };
    assert_eq!(heard(1), heard(1));
    let distinct: BTreeSet<_> = (0..10).map(heard).collect();
    assert_eq!(distinct.len(), 10);
}
