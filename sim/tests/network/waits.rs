//! Whoever waits for ever is found although turmoil ticks on, and whoever waits for long is not taken for that.

use crate::{note, perform, told};
use retrip_sim::engine::hosts::{Ended, HostFault, LinkFault, Setup, Transit};
use retrip_sim::engine::{EngineName, Failure, network};
use retrip_sim::log::Name;
use retrip_sim::seed::Seed;
use std::future::pending;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn setup(idle: Duration) -> Setup {
    Setup { idle, ..Setup::of(Seed::new(1), &["client", "server"]) }
}

fn is_stuck(ended: &Ended) -> bool {
    matches!(ended.failure, Some(Failure::Deadlock { .. }))
}

#[test]
fn a_wait_is_for_ever_once_nobody_was_polled_for_the_setups_time() {
    let ended = perform(setup(SECOND * 10), |cluster| async move {
        cluster.host(0).sleep(SECOND).await;
        pending::<()>().await;
    });
    let said = ended.failure.expect("nobody can go on").to_string();
    assert_eq!(said, "main waits for somebody to wake it");
    assert!((SECOND * 11..SECOND * 12).contains(&ended.elapsed), "{:?}", ended.elapsed);
}

#[test]
fn who_sleeps_on_the_clock_of_a_host_is_waited_for() {
    let ended = perform(setup(SECOND), |cluster| async move {
        cluster.host(0).sleep(SECOND * 20).await;
        cluster.host(0).record(&Name::from("main"), note("wakes", 1));
    });
    assert_eq!(ended.failure, None);
    assert_eq!(told(&ended), ["client wakes"]);
}

#[test]
fn who_sleeps_for_longer_than_any_run_sleeps_for_ever() {
    let ended = perform(setup(SECOND), |cluster| async move {
        cluster.host(0).sleep(Duration::from_secs(u64::MAX)).await;
    });
    assert!(is_stuck(&ended), "{:?}", ended.failure);
}

#[test]
fn a_sleep_of_the_simulators_is_waited_for_as_long_as_the_setup_says_and_no_longer() {
    let naps = |idle, nap: u64| {
        perform(setup(idle), move |cluster| async move {
            let naps = cluster.host(0).start("naps", async move {
                tokio::time::sleep(Duration::from_secs(nap)).await;
            });
            naps.await.expect("it does not panic");
        })
    };
    assert_eq!(naps(SECOND * 5, 4).failure, None);
    assert!(is_stuck(&naps(SECOND * 5, 7)));
}

#[test]
fn a_message_that_takes_long_is_waited_for() {
    let far = SECOND * 20;
    let transit = Transit { latency: far..=far, loss_ppm: 0 };
    let ended = perform(Setup { transit, ..setup(SECOND) }, |cluster| async move {
        cluster.boots(1, "listens", |host| async move {
            let socket = host.socket(7).await.expect("the port is free");
            let message = socket.receive().await.expect("it is open");
            host.record(&host.name(), note("hears", 1));
            socket.send(&message.from, message.port, b"").await.expect("it is open");
        });
        let (client, server) = (cluster.host(0), cluster.host(1));
        let at = client.clone();
        let speaks = client.start("speaks", async move {
            let socket = at.socket(1).await.expect("the port is free");
            at.sleep(Duration::from_millis(10)).await;
            socket.send(&server, 7, b"").await.expect("it is open");
            let _ = socket.receive().await.expect("it is open");
        });
        speaks.await.expect("it does not panic");
    });
    assert_eq!(ended.failure, None);
    assert_eq!(told(&ended), ["server hears"]);
}

#[test]
fn a_run_that_only_goes_on_for_long_is_not_given_up() {
    // Of real time it takes several times the patience.
    let patience = Duration::from_millis(400);
    let ended = perform(Setup { patience, ..setup(SECOND) }, |cluster| async move {
        cluster.host(0).sleep(SECOND * 150).await;
    });
    assert_eq!(ended.failure, None);
}

#[test]
#[should_panic(expected = "turmoil moves hosts by whole milliseconds")]
fn a_step_that_turmoil_cannot_take_is_refused() {
    let _ =
        network::run(Setup { step: Duration::from_micros(1_500), ..setup(SECOND) }, |_| async {});
}

#[test]
fn the_engine_is_there_by_name_with_what_it_can_do() {
    let network = "network".parse::<EngineName>().expect("it is one");
    assert_eq!((network, network.available()), (EngineName::Network, Ok(())));
    let hosts = [HostFault::Crashes, HostFault::Restarts, HostFault::Pauses, HostFault::Resumes];
    assert_eq!(hosts.map(|fault| network.can_befall(fault)), [true, true, false, false]);
    let ways = [LinkFault::Partitions, LinkFault::Heals, LinkFault::Holds, LinkFault::Releases];
    assert!(ways.into_iter().all(|fault| network.can_befall_link(fault)));
}
