//! Ways between hosts are cut and held, each on its own, and the log says so.

use crate::{held, note, perform, run, told};
use retrip_core::door::{Clock, JoinError};
use retrip_sim::engine::hosts::{Cluster, Ended, Host, LinkFault, Setup, Transit};
use retrip_sim::log::Name;
use retrip_sim::seed::Seed;
use std::collections::BTreeSet;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// Says what it hears on port 7.
async fn listens(host: Host) {
    let socket = host.socket(7).await.expect("the port is free");
    while let Ok(message) = socket.receive().await {
        let said = String::from_utf8_lossy(&message.bytes).into_owned();
        host.record(&host.name(), note(&format!("hears {said}"), 1));
    }
}

/// Sends a number on port 8, once each second, to port 7 of the host at `to`, five times.
fn speaks(cluster: &Cluster, at: usize, to: usize) {
    let (host, to) = (cluster.host(at), cluster.host(to));
    let unit = host.clone();
    drop(host.start("speaks", async move {
        let socket = unit.socket(8).await.expect("the port is free");
        for number in 1..=5 {
            unit.sleep(SECOND).await;
            socket.send(&to, 7, number.to_string().as_bytes()).await.expect("it is open");
        }
    }));
}

/// Both hosts speak to each other, and what befalls their ways happens half a second after the second that it stands beside.
fn between(seed: u64, faults: &'static [(u64, usize, usize, LinkFault)]) -> Ended {
    let transit =
        Transit { latency: Duration::from_millis(5)..=Duration::from_millis(5), loss_ppm: 0 };
    let setup = Setup { transit, ..Setup::of(Seed::new(seed), &["client", "server"]) };
    let ended = perform(setup, move |cluster| async move {
        for (at, to) in [(0, 1), (1, 0)] {
            cluster.boots(at, "listens", listens);
            speaks(&cluster, at, to);
        }
        let clock = cluster.host(0);
        clock.sleep(SECOND / 2).await;
        let mut second = 0;
        for (at, from, to, fault) in faults {
            clock.sleep(SECOND * u32::try_from(at - second).expect("it is later")).await;
            second = *at;
            cluster.befall_link(*from, *to, *fault);
        }
        clock.sleep(SECOND * 10).await;
    });
    assert_eq!(ended.failure, None, "seed {seed}");
    ended
}

/// What one host has heard, and in which whole second.
fn heard(ended: &Ended, host: &str) -> Vec<String> {
    let lines = told(ended).into_iter().zip(ended.log.events());
    let lines = lines.filter_map(|(line, event)| {
        let said = line.strip_prefix(host)?.strip_prefix(" hears ")?.to_owned();
        Some(format!("{said} at {}", event.engine / 1_000_000_000))
    });
    lines.collect()
}

const ALL: [&str; 5] = ["1 at 1", "2 at 2", "3 at 3", "4 at 4", "5 at 5"];

#[test]
fn a_way_that_is_cut_loses_what_is_sent_and_the_way_back_does_not() {
    let ended = between(1, &[(1, 0, 1, LinkFault::Partitions), (3, 0, 1, LinkFault::Heals)]);
    assert_eq!(heard(&ended, "server"), ["1 at 1", "4 at 4", "5 at 5"]);
    assert_eq!(heard(&ended, "client"), ALL);
    let says = told(&ended);
    for line in ["client is cut off from server", "client reaches server again"] {
        assert!(says.iter().any(|said| said == line), "{line} is not in {says:?}");
    }
}

#[test]
fn a_way_that_is_held_lets_everything_arrive_once_it_is_released_and_the_way_back_is_free() {
    let ended = between(2, &[(1, 0, 1, LinkFault::Holds), (3, 0, 1, LinkFault::Releases)]);
    assert_eq!(heard(&ended, "server"), ["1 at 1", "2 at 3", "3 at 3", "4 at 4", "5 at 5"]);
    assert_eq!(heard(&ended, "client"), ALL);
    let says = told(&ended);
    for line in ["client is held back from server", "client is let through to server"] {
        assert!(says.iter().any(|said| said == line), "{line} is not in {says:?}");
    }
}

#[test]
fn what_is_on_its_way_back_arrives_although_the_way_there_is_held() {
    let far = SECOND * 2;
    let transit = Transit { latency: far..=far, loss_ppm: 0 };
    let setup = Setup { transit, ..Setup::of(Seed::new(12), &["client", "server"]) };
    let ended = perform(setup, |cluster| async move {
        for (at, to) in [(0, 1), (1, 0)] {
            cluster.boots(at, "listens", listens);
            speaks(&cluster, at, to);
        }
        cluster.host(0).sleep(SECOND * 3 / 2).await;
        cluster.hold(0, 1);
        cluster.host(0).sleep(SECOND * 10).await;
    });
    assert_eq!(ended.failure, None);
    assert_eq!(heard(&ended, "server"), [""; 0]);
    // The first one early: turmoil has forgotten for how long it was to travel.
    assert_eq!(heard(&ended, "client"), ["1 at 1", "2 at 4", "3 at 5", "4 at 6", "5 at 7"]);
}

#[test]
fn of_two_ways_that_are_held_each_is_released_on_its_own() {
    let ended = between(
        3,
        &[
            (1, 0, 1, LinkFault::Holds),
            (1, 1, 0, LinkFault::Holds),
            (3, 0, 1, LinkFault::Releases),
            (4, 1, 0, LinkFault::Releases),
        ],
    );
    assert_eq!(heard(&ended, "server"), ["1 at 1", "2 at 3", "3 at 3", "4 at 4", "5 at 5"]);
    assert_eq!(heard(&ended, "client"), ["1 at 1", "2 at 4", "3 at 4", "4 at 4", "5 at 5"]);
}

#[test]
fn a_cut_and_a_hold_of_the_ways_there_and_back_leave_each_other_alone() {
    let ended = between(
        4,
        &[
            (1, 1, 0, LinkFault::Partitions),
            (1, 0, 1, LinkFault::Holds),
            (3, 0, 1, LinkFault::Releases),
            (4, 1, 0, LinkFault::Heals),
        ],
    );
    assert_eq!(heard(&ended, "server"), ["1 at 1", "2 at 3", "3 at 3", "4 at 4", "5 at 5"]);
    assert_eq!(heard(&ended, "client"), ["1 at 1", "5 at 5"]);
}

#[test]
fn a_way_back_that_is_cut_while_the_way_there_is_held_loses_what_is_sent_until_it_is_healed() {
    let ended = between(
        17,
        &[
            (1, 1, 0, LinkFault::Partitions),
            (1, 0, 1, LinkFault::Holds),
            (3, 1, 0, LinkFault::Heals),
            (4, 0, 1, LinkFault::Releases),
        ],
    );
    assert_eq!(heard(&ended, "server"), ["1 at 1", "2 at 4", "3 at 4", "4 at 4", "5 at 5"]);
    assert_eq!(heard(&ended, "client"), ["1 at 1", "4 at 4", "5 at 5"]);
}

#[test]
fn a_hold_is_not_ended_by_a_heal_nor_a_cut_by_a_release() {
    let held = between(
        18,
        &[(1, 0, 1, LinkFault::Holds), (2, 0, 1, LinkFault::Heals), (3, 0, 1, LinkFault::Releases)],
    );
    assert_eq!(heard(&held, "server"), ["1 at 1", "2 at 3", "3 at 3", "4 at 4", "5 at 5"]);
    let cut = between(
        19,
        &[
            (1, 0, 1, LinkFault::Partitions),
            (2, 0, 1, LinkFault::Releases),
            (3, 0, 1, LinkFault::Heals),
        ],
    );
    assert_eq!(heard(&cut, "server"), ["1 at 1", "4 at 4", "5 at 5"]);
}

#[test]
fn of_a_cut_and_a_hold_of_one_way_the_later_one_counts() {
    let ended = between(
        5,
        &[
            (1, 0, 1, LinkFault::Holds),
            (2, 0, 1, LinkFault::Partitions),
            // Nothing is held any more.
            (3, 0, 1, LinkFault::Releases),
            (4, 0, 1, LinkFault::Heals),
        ],
    );
    assert_eq!(heard(&ended, "server"), ["1 at 1", "5 at 5"]);
}

#[test]
fn what_is_sent_to_a_host_that_is_down_is_lost_also_where_it_comes_back() {
    let ended = held(11, |cluster| async move {
        cluster.boots(1, "listens", listens);
        speaks(&cluster, 0, 1);
        cluster.host(0).sleep(SECOND * 3 / 2).await;
        cluster.crash(1);
        cluster.host(0).sleep(SECOND * 2).await;
        cluster.restart(1);
        cluster.host(0).sleep(SECOND * 5).await;
    });
    assert_eq!(heard(&ended, "server"), ["1 at 1", "4 at 4", "5 at 5"]);
}

#[test]
fn messages_travel_as_the_cluster_says_from_then_on() {
    let ended = held(6, |cluster| async move {
        cluster.boots(1, "listens", listens);
        speaks(&cluster, 0, 1);
        cluster.host(0).sleep(SECOND * 5 / 2).await;
        let far = SECOND * 5;
        cluster.transit(&Transit { latency: far..=far, loss_ppm: 0 });
        cluster.host(0).sleep(SECOND * 10).await;
    });
    assert_eq!(heard(&ended, "server"), ["1 at 1", "2 at 2", "3 at 8", "4 at 9", "5 at 10"]);
}

#[test]
fn messages_that_the_cluster_lets_travel_for_different_times_do() {
    let ended = held(16, |cluster| async move {
        cluster.boots(1, "listens", listens);
        cluster.transit(&Transit { latency: Duration::ZERO..=SECOND, loss_ppm: 0 });
        speaks(&cluster, 0, 1);
        cluster.host(0).sleep(SECOND * 10).await;
    });
    let took = ended.log.events().iter().map(|event| event.engine % 1_000_000_000);
    let took: BTreeSet<u64> = took.collect();
    assert!(took.len() > 3 && took.iter().any(|nanos| *nanos > 100_000_000), "{took:?}");
}

#[test]
fn a_host_that_crashes_says_so_as_soon_as_the_next_step() {
    held(7, |cluster| async move {
        let waits = cluster.host(1).start("waits", std::future::pending::<()>());
        let clock = cluster.host(0);
        clock.sleep(SECOND).await;
        let before = clock.wall().as_unix_nanos();
        cluster.crash(1);
        assert_eq!(waits.await, Err(JoinError::Gone));
        assert_eq!(clock.wall().as_unix_nanos() - before, 1_000_000);
    });
}

#[test]
fn a_host_that_crashes_itself_does_nothing_after_its_next_await() {
    let ended = held(9, |cluster| async move {
        let (server, itself) = (cluster.host(1), cluster.clone());
        let ends = cluster.host(1).start("ends", async move {
            itself.crash(1);
            server.record(&Name::from("server"), note("is not yet gone", 1));
            server.sleep(Duration::ZERO).await;
            tokio::task::yield_now().await;
            server.record(&Name::from("server"), note("goes on", 1));
        });
        assert_eq!(ends.await, Err(JoinError::Gone));
    });
    assert_eq!(told(&ended), ["server crashes", "server is not yet gone"]);
}

#[test]
fn no_unit_of_a_host_acts_after_its_end_whichever_host_comes_first_in_a_step() {
    for seed in 0..30 {
        let ended = held(seed, |cluster| async move {
            let server = cluster.host(1);
            drop(cluster.host(1).start("works", async move {
                loop {
                    server.sleep(Duration::from_millis(1)).await;
                    server.record(&server.name(), note("works", 1));
                }
            }));
            cluster.host(0).sleep(SECOND / 10).await;
            cluster.crash(1);
            cluster.host(0).sleep(SECOND / 10).await;
        });
        assert_eq!(told(&ended).last().map(String::as_str), Some("server crashes"), "seed {seed}");
    }
}

#[test]
fn a_pause_is_refused_by_name() {
    let ended = run(10, |cluster| async move { cluster.pause(1) });
    let said = ended.failure.expect("it panicked").to_string();
    assert!(said.ends_with("the network engine pauses no host: `nodes` does"), "{said}");
}
