//! What befalls nodes and no other hosts: they are paused, and what code of madsim's own sends is lost where its way is cut.

use crate::{held, note, told};
use madsim::net::UdpSocket;
use retrip_sim::engine::hosts::{Effect, Host};
use retrip_sim::log::Name;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_paused_node_stands_still_until_it_is_resumed() {
    let ended = held(3, |cluster| async move {
        let (client, server) = (cluster.host(0), cluster.host(1));
        let worker = server.clone();
        let works = server.start("works", async move {
            worker.sleep(SECOND).await;
            worker.record(&Name::from("worker"), note("works", 1));
        });
        cluster.pause(1);
        client.sleep(SECOND * 5).await;
        cluster.resume(1);
        works.await.expect("it does not panic");
    });
    assert_eq!(told(&ended), ["server is paused", "server is resumed", "server works"]);
    let worked = ended.log.events().last().expect("it worked").mono;
    assert!(worked.as_nanos() >= 5_000_000_000, "{worked:?}");
}

#[test]
fn whose_clock_stood_while_it_was_paused_sleeps_on_when_it_is_resumed() {
    let ended = held(5, |cluster| async move {
        let (client, server) = (cluster.host(0), cluster.host(1));
        let sleeper = server.clone();
        let sleeps = server.start("sleeps", async move {
            sleeper.sleep(SECOND * 10).await;
            sleeper.record(&Name::from("sleeper"), note("wakes", 1));
        });
        client.sleep(SECOND).await;
        cluster.pause(1);
        server
            .change_clock(|clock, now| clock.freeze(now, now + 20_000_000_000))
            .expect("it is a freeze");
        // Its moment by the clock as it was has come, and it has not been polled since.
        client.sleep(SECOND * 14).await;
        cluster.resume(1);
        sleeps.await.expect("it does not panic");
    });
    assert_eq!(told(&ended), ["server is paused", "server is resumed", "server wakes"]);
    let woke = ended.log.events().last().expect("it woke");
    assert!(woke.mono.as_nanos() >= 10_000_000_000, "{woke:?}");
    assert!(woke.engine >= 30_000_000_000, "{woke:?}");
}

#[test]
fn a_node_that_stands_still_again_at_once_had_nothing_to_do_where_it_begins_anew() {
    let ended = held(2, |cluster| async move {
        cluster.boots(1, "waits", |host| async move { host.sleep(SECOND * 60).await });
        let client = cluster.host(0);
        client.sleep(SECOND).await;
        cluster.pause(1);
        client.sleep(SECOND).await;
        cluster.resume(1);
        cluster.pause(1);
        cluster.restart(1);
        client.sleep(SECOND).await;
    });
    let did: Vec<_> = ended.effects.into_iter().collect();
    assert_eq!(did, [(Effect::Booted, 1)]);
}

/// Starts a unit on its host as it is dropped.
struct Starts(Host);

impl Drop for Starts {
    fn drop(&mut self) {
        let host = self.0.clone();
        drop(self.0.start("starts", async move {
            host.record(&host.name(), note("says goodbye", 1));
        }));
    }
}

#[test]
fn what_is_dropped_with_a_paused_node_may_start_something_elsewhere() {
    let ended = held(1, |cluster| async move {
        let (client, server) = (cluster.host(0), cluster.host(1));
        let starts = Starts(cluster.host(0));
        drop(cluster.host(1).start("beats", async move {
            let _starts = starts;
            loop {
                server.sleep(SECOND).await;
            }
        }));
        client.sleep(SECOND / 2).await;
        cluster.pause(1);
        client.sleep(SECOND * 2).await;
        cluster.crash(1);
        client.sleep(SECOND).await;
    });
    assert_eq!(told(&ended), ["server is paused", "server crashes", "client says goodbye"]);
}

#[test]
fn what_is_sent_over_a_link_that_is_cut_is_lost_one_way_only() {
    for seed in 0..10 {
        let ended = held(seed, |cluster| async move {
            let server = cluster.host(1);
            let to_server = (cluster.address(1), 700);
            let listens = server.clone();
            let echoes = server.start("echoes", async move {
                let socket = UdpSocket::bind("0.0.0.0:700").await.expect("the port is free");
                let mut bytes = [0; 8];
                loop {
                    let (length, from) = socket.recv_from(&mut bytes).await.expect("it is open");
                    let got = String::from_utf8_lossy(&bytes[..length]).into_owned();
                    listens.record(&Name::from("echo"), note(&format!("hears {got}"), 1));
                    socket.send_to(from, &bytes[..length]).await.expect("it is open");
                }
            });
            let client = cluster.host(0);
            let speaker = client.clone();
            let speaks = client.start("speaks", async move {
                let socket = UdpSocket::bind("0.0.0.0:0").await.expect("a port is free");
                let mut bytes = [0; 8];
                for said in ["one", "two", "three"] {
                    socket.send_to(to_server, said.as_bytes()).await.expect("it is open");
                    let answer = madsim::time::timeout(SECOND * 3, socket.recv_from(&mut bytes));
                    let verb = if answer.await.is_ok() { "is answered" } else { "waits in vain" };
                    speaker.record(&Name::from("client"), note(verb, 1));
                    speaker.sleep(SECOND * 2).await;
                }
            });
            client.sleep(SECOND).await;
            cluster.partition(1, 0);
            client.sleep(SECOND * 4).await;
            cluster.heal(1, 0);
            speaks.await.expect("it does not panic");
            drop(echoes);
        });
        let wanted = [
            "server hears one",
            "client is answered",
            "server is cut off from client",
            "server hears two",
            "server reaches client again",
            "client waits in vain",
            "server hears three",
            "client is answered",
        ];
        assert_eq!(told(&ended), wanted, "seed {seed}");
    }
}
