//! Code that was written for sockets of tokio's runs on a host over those of turmoil.

use crate::{held, note, told};
use retrip_sim::engine::hosts::{Cluster, Ended, Host};
use retrip_sim::log::Name;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use turmoil::net::{TcpListener, TcpStream};

const SECOND: Duration = Duration::from_secs(1);

/// Answers each line of each connection with what it said, in a task of its own.
async fn serves(host: Host) {
    let listener = TcpListener::bind("0.0.0.0:80").await.expect("the port is free");
    loop {
        let (stream, from) = listener.accept().await.expect("nothing fails here");
        host.record(&host.name(), note(&format!("accepts {}", from.ip()), 1));
        let unit = host.clone();
        drop(host.start("connection", async move {
            let mut stream = BufReader::new(stream);
            let mut line = String::new();
            while stream.read_line(&mut line).await.is_ok_and(|length| length > 0) {
                unit.record(&unit.name(), note(&format!("reads {}", line.trim_end()), 1));
                let answer = format!("you said {line}");
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    break;
                }
                line.clear();
            }
            unit.record(&unit.name(), note("sees the end", 1));
        }));
    }
}

/// Asks twice over one connection, a second apart.
async fn asks(host: Host, server: SocketAddr) {
    let stream = TcpStream::connect(server).await.expect("somebody listens");
    let mut stream = BufReader::new(stream);
    for said in ["one", "two"] {
        stream.write_all(format!("{said}\n").as_bytes()).await.expect("it is open");
        let mut answer = String::new();
        let read = stream.read_line(&mut answer).await;
        let verb = match read {
            Ok(0) => "sees the end".to_owned(),
            Ok(_) => format!("is told {}", answer.trim_end()),
            Err(error) => format!("fails: {:?}", error.kind()),
        };
        host.record(&host.name(), note(&verb, 1));
        host.sleep(SECOND).await;
    }
}

/// A server and somebody who asks it, and what else `meanwhile` does.
fn asked<F>(seed: u64, meanwhile: impl FnOnce(Cluster) -> F + Send + 'static) -> Ended
where
    F: Future<Output = ()> + 'static,
{
    held(seed, |cluster| async move {
        cluster.boots(1, "serves", serves);
        let client = cluster.host(0);
        client.sleep(SECOND / 2).await;
        let server = SocketAddr::new(cluster.address(1), 80);
        let asks = client.start("asks", asks(client.clone(), server));
        meanwhile(cluster.clone()).await;
        client.sleep(SECOND * 3).await;
        drop(asks);
    })
}

#[test]
fn a_request_over_tcp_is_answered() {
    for seed in 0..10 {
        let ended = asked(seed, |_| async {});
        let wanted = [
            "server accepts 10.0.0.1",
            "server reads one",
            "client is told you said one",
            "server reads two",
            "client is told you said two",
            "server sees the end",
        ];
        assert_eq!(told(&ended), wanted, "seed {seed}");
        let at = |event: usize| ended.log.events()[event].engine;
        assert!(at(2) > at(1), "an answer takes its time");
    }
}

#[test]
fn who_is_connected_to_a_host_that_crashes_sees_the_end() {
    let ended = asked(1, |cluster| async move {
        cluster.host(0).sleep(SECOND / 2).await;
        cluster.crash(1);
    });
    let wanted = [
        "server accepts 10.0.0.1",
        "server reads one",
        "client is told you said one",
        "server crashes",
        "client sees the end",
    ];
    assert_eq!(told(&ended), wanted);
}

#[test]
fn what_is_sent_over_a_connection_waits_where_its_way_is_held() {
    let ended = asked(2, |cluster| async move {
        cluster.host(0).sleep(SECOND / 2).await;
        cluster.hold(0, 1);
        cluster.host(0).sleep(SECOND * 2).await;
        cluster.host(0).record(&Name::from("main"), note("has waited", 1));
        cluster.release(0, 1);
    });
    let wanted = [
        "server accepts 10.0.0.1",
        "server reads one",
        "client is told you said one",
        "client is held back from server",
        "client has waited",
        "client is let through to server",
        "server reads two",
        "client is told you said two",
        "server sees the end",
    ];
    assert_eq!(told(&ended), wanted);
}
